"""Outcomes of casework: what care managers' hours go on, and who has somebody that knows the case."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.outcomes_terms import NEITHER, Week, outcome, ratio


@outcome("access", "hours a week", NEITHER)
def change_hours(x: Week) -> float:
    """Hours that care managers spent on changes of plans this week, and on noting those that they were told of."""
    return x.tally["change_hours"] + x.tally["told_hours"]


@outcome("access", "share", NEITHER)
def cases_kept(x: Week) -> float:
    """Council-funded people served whose case a care manager keeps; the others' cases are closed."""
    council = x.served[x.u.route[x.served] != su.SELF_FUNDER]
    return ratio(np.count_nonzero(x.u.care_manager[council] >= 0), council.size)
