"""New agencies: who thinks of founding one, who registers, and with whom it opens."""

from __future__ import annotations

import math

import numpy as np

from homecare import draws
from homecare.agents.care_worker import CLEARING
from homecare.draws import Purpose
from homecare.population import draw_workers
from homecare.week.jobs import reputations, take_job
from homecare.week.nearness import metres_between
from homecare.week.placing import refresh_teams

FIRST_ENTRANT_KEY = 1 << 40
FIRST_KNOWN_KEY = 1 << 36
"""Birth keys of entrants, and of the people whom founders know, begin here."""
KEYS_A_WEEK = 64
KEYS_A_FOUNDER = 64
"""Keys kept for the founders of a week, and for the people whom one founder knows."""


def enter(market) -> None:
    """Let founders whose hopes cover the cost of entry register, and open those whose time has come."""
    g = market.agencies
    numbers = market.uncertainty.oversight
    rules = market.policy.market
    mean = numbers.founders * market.agencies_at_start / 52.0
    zero = np.zeros(1, np.int64)
    n = int(draws.poisson(mean, float(draws.uniforms(market.seed, Purpose.ENTRY, market.week, zero)[0])))
    first = FIRST_ENTRANT_KEY + (market.week + draws.BURN_IN_OFFSET) * KEYS_A_WEEK
    keys = first + np.arange(min(n, KEYS_A_WEEK - 1), dtype=np.int64)
    if keys.size:
        income, cost = math.fsum(g.income_mean[g.alive].tolist()), math.fsum(g.cost_mean[g.alive].tolist())
        margin = 1.0 - cost / income if income > 0.0 else 0.0  # where nobody earns, there is nothing to hope for
        hopes = margin + numbers.founder_spread * draws.normals(market.seed, Purpose.CANDIDATE_AGENCY, 0, keys, 5)
        year = numbers.founder_hours * 52.0 * market.commissioners.agents[0].fee / 100.0
        needed = numbers.founder_return * rules.entry_cost / year
        for key in keys[hopes > needed].tolist():
            market.founding.append((market.week + rules.registration_weeks, key))
    opening = [key for week, key in market.founding if week <= market.week]
    market.founding = [(week, key) for week, key in market.founding if week > market.week]
    market.tally["entries"] = len(opening)
    if opening:
        rows = market.found(np.array(opening, np.int64), round(100 * rules.entry_cost))
        bring_staff(market, rows)


def bring_staff(market, agencies: np.ndarray) -> None:
    """Let new agencies open with the care workers whom their founders bring along.

    They come from outside the workforce, as applicants do, are on rounds from the next week on, and cost what hiring
    costs.

    Parameters
    ----------
    agencies : int64[n], rows of entrants
    """
    numbers, g, w = market.uncertainty.oversight, market.agencies, market.care_workers
    circle, staff = numbers.founder_circle, numbers.founder_staff
    if staff == 0:
        return
    said = reputations(market)
    for agency in agencies.tolist():
        first = FIRST_KNOWN_KEY + (int(g.birth_key[agency]) - FIRST_ENTRANT_KEY) * KEYS_A_FOUNDER
        known = draw_workers(market.seed, first + np.arange(circle, dtype=np.int64), market.area,
                             market.initial.workforce, market.uncertainty.worker_choice, market.uncertainty.places, True,
                             market.floor_pounds)
        metres = metres_between(known["x"], known["y"], g.x[agency:agency + 1], g.y[agency:agency + 1])[:, 0]
        near = np.argsort(metres, kind="stable")[:staff]
        rows = w.add(staff, state=CLEARING, mileage=round(100 * market.uncertainty.agency_costs.mileage),
                     **{name: value[near] for name, value in known.items()})
        w.enlist(market, rows)
        take_job(market, rows, np.full(staff, agency), said, 0)
    g.cash[:] = market.ledger.agency_cash(g.n)  # who took on staff has paid for it
    refresh_teams(market)
