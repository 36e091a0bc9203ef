"""The people who need care when a burn-in begins: the survivors of twenty-five years of arrivals.

Drawing people as they arrive and starting them all at once would give a market whose numbers drift for years,
because frail people leave sooner than others. So arrivals of twenty-five years live on their needs alone, with care as
good as usual, and those who are still there are the people of the area.
"""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.service_user import ServiceUser
from homecare.draws import Purpose
from homecare.population import draw_people
from homecare.tables import Table
from homecare.week.need_numbers import live_alone

HISTORY_WEEKS = 1300
"""Weeks of arrivals before the burn-in."""
USUAL_MET, USUAL_PRACTICE = 0.93, 0.12
"""Share of need met, and of care done with the person, in a settled market."""
USUAL_STAY = 2.0
"""Years; only sets how many arrivals are tried, for those left are thinned to the number wanted."""


def people_of_the_area(market, n: int, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray], float]:
    """Return birth keys, columns and arrivals a week of ``n`` people in demographic balance.

    Returns
    -------
    int64[n], dict of columns, float
        Arrivals a week that keep ``n`` people in care at home.
    """
    tried = max(round(1.5 * n * HISTORY_WEEKS / 52.0 / USUAL_STAY), 8)
    keys = np.arange(1, tried + 1, dtype=np.int64)
    columns = draw_people(seed, keys, market.area, market.initial.demand, market.uncertainty.places,
                          market.self_funder_share, market.direct_payment_share)
    table = Table(ServiceUser, tried)
    first = market.week - HISTORY_WEEKS
    arrived = first + keys * HISTORY_WEEKS // (tried + 1)
    rows = table.add(tried, state=su.RECEIVING, arrived=arrived, met_share=USUAL_MET, practice=USUAL_PRACTICE,
                     **columns)
    table.columns["alive"][rows] = False
    for week in range(first, market.week):
        table.columns["alive"][rows[arrived == week]] = True
        left = live_alone(market, table, week)
        table.columns["alive"][left] = False
    there = np.flatnonzero(table.alive)
    if there.size < n:
        raise RuntimeError(f"{there.size} of {tried} arrivals are still in care; {n} are needed")
    luck = draws.uniforms(seed, Purpose.PERSON_TRAITS, 0, table.birth_key[there], 41)
    chosen = np.sort(there[np.argsort(luck, kind="stable")[:n]], kind="stable")
    kept = {name: array[chosen].copy() for name, array in table.columns.items() if name != "alive"}
    return kept.pop("birth_key"), kept, tried / HISTORY_WEEKS * n / there.size
