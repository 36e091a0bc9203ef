"""Outcomes by route of funding: who pays, what charges leave, who stops, who comes to the council."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.outcomes_terms import HIGHER, LOWER, NEITHER, Week, exact_mean, outcome, ratio
from homecare.tables import NO_WEEK


def on_route(x: Week, route: int) -> float:
    """Return the share of people served who are on a route."""
    return ratio(np.count_nonzero(x.route == route), x.served.size)


@outcome("access", "people a week", LOWER)
def stopped_for_charges(x: Week) -> float:
    """People who declined or stopped care this week because it was worth less to them than its charge."""
    return float(x.tally["stopped_for_charges"])


@outcome("access", "share", NEITHER)
def self_funders(x: Week) -> float:
    """Share of people served who pay for all their care."""
    return on_route(x, su.SELF_FUNDER)


@outcome("access", "share", NEITHER)
def direct_payments(x: Week) -> float:
    """Share of people served who hold a direct payment."""
    return on_route(x, su.DIRECT_PAYMENT)


@outcome("access", "share", NEITHER)
def service_funds(x: Week) -> float:
    """Share of people served whose money an agency of their choice holds."""
    return on_route(x, su.SERVICE_FUND)


@outcome("equity", "share", HIGHER)
def income_left(x: Week) -> float:
    """Share of income that charges leave: mean over people served whom the council pays for."""
    return exact_mean(1.0 - x.u.charged[x.council] / np.maximum(x.u.income[x.council], 1))


@outcome("equity", "people a week", NEITHER)
def fallen_back(x: Week) -> float:
    """Self-funders whose savings fell below the capital limit and whom the council took on this week."""
    return float(x.tally["fallen_back"])


@outcome("access", "share of hours", NEITHER)
def assistant_hours(x: Week) -> float:
    """Share of planned hours of council-funded people that personal assistants do whom they employ."""
    council = x.p.active & (x.p.route != su.SELF_FUNDER) & ((x.p.agency >= 0) | x.p.assisted)
    return ratio(x.p.planned[council & x.p.assisted].sum(), x.p.planned[council].sum())


@outcome("access", "people", LOWER)
def seeking_assistant(x: Week) -> float:
    """People who wait with no care because they look for a personal assistant."""
    return float(np.count_nonzero(x.u.seeks_assistant[x.waiting_start] > NO_WEEK))
