"""Outcomes of casework: what care managers' hours go on, and who has somebody that knows the case."""

from __future__ import annotations

import numpy as np

from homecare.outcomes_terms import HIGHER, LOWER, NEITHER, Week, outcome, ratio


@outcome("access", "hours a week", NEITHER)
def change_hours(x: Week) -> float:
    """Hours that care managers spent on changes of plans this week, and on noting those that they were told of."""
    return x.tally["change_hours"] + x.tally["told_hours"]


@outcome("access", "share", NEITHER)
def cases_kept(x: Week) -> float:
    """Council-funded people served whose case a care manager keeps; the others' cases are closed."""
    return ratio(np.count_nonzero(x.u.care_manager[x.council] >= 0), x.council.size)


@outcome("access", "people", NEITHER)
def reablement_people(x: Week) -> float:
    """People who receive reablement, or are in hospital from it, or wait for it to begin."""
    return float(np.count_nonzero(x.u.reabling[x.alive]))


@outcome("cost", "thousand pounds a week", NEITHER)
def reablement_spend(x: Week) -> float:
    """Fees that the council owes for this week's reablement, a part of its spending; nobody is charged."""
    return x.tally["reablement_pence"] / 100000.0


@outcome("independence", "share", HIGHER)
def reablement_without_care(x: Week) -> float:
    """People who leave reablement this week needing no lasting care, of those who finish it."""
    return ratio(x.tally["reabled_without_care"], x.tally["reabled"])


@outcome("independence", "hours a week", LOWER)
def hours_after_reablement(x: Week) -> float:
    """Planned contact hours of a person who goes on from reablement to lasting care this week."""
    return ratio(x.tally["reabled_seconds"], 3600 * x.tally["reabled_to_care"])
