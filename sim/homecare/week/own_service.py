"""The council's own service: founded where the council wants one, staffed as far as it decides."""

from __future__ import annotations

import numpy as np

from homecare.agents.agency import IN_HOUSE
from homecare.numerics import places
from homecare.week.tendering import council_seconds

FIRST_OWN_KEY = 1 << 41
"""Birth keys of branches that the council founds begin here."""


def run_own_service(market) -> None:
    """Write onto the council's own branches what their owner wants of them; found one if it has none."""
    g, rule = market.agencies, market.policy.contracting
    wanted = int(rule.own_seconds(int(council_seconds(market).sum()), market.week - market.contracting_since))
    own = places(g.alive & (g.ownership == IN_HOUSE))
    if own.size == 0 and wanted > 0:
        found_branch(market)
        own = places(g.alive & (g.ownership == IN_HOUSE))
    if own.size == 0:
        return
    g.wage_ratio[own], g.least_promise[own] = rule.own_terms()
    g.staff_aim[own] = wanted // own.size


def found_branch(market) -> None:
    """Open a branch of the council with the money that any founder must put in; it pays for travel."""
    g = market.agencies
    key = FIRST_OWN_KEY + int(np.count_nonzero(g.birth_key >= FIRST_OWN_KEY))
    row = g.n
    market.found(np.array([key], np.int64), round(100 * market.policy.market.entry_cost))
    g.ownership[row] = IN_HOUSE
    g.travel_paid[row] = 1.0
    wage_ratio, promise = market.policy.contracting.own_terms()
    g.wage[row] = max(int(g.wage[row]), round(wage_ratio * market.floor))
    g.promise_share[row] = promise
