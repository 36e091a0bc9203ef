"""A review of rotas shortens roads and breaks no promise: windows, shifts, hours, who has a visit at all."""

from __future__ import annotations

import numpy as np
import pytest

from homecare.market import Market
from homecare.week.kernels.layout import DAYS, PARTS, VISITS
from homecare.week.placing import base_rounds, staff_of, visits_of
from homecare.week.rota_review import review_day, review_rotas


@pytest.fixture
def market() -> Market:
    """Hamlet after a few weeks in which nobody reviewed anything."""
    return Market("hamlet", seed=3, burn_in=16, cached=False)


def blocks_of(market: Market, agency: int) -> np.ndarray:
    """Packages of an agency, by birth key."""
    p = market.packages
    blocks = np.flatnonzero(p.active & (p.agency == agency))
    return blocks[np.argsort(p.key[blocks], kind="stable")]


def test_nobody_reviews_unless_asked_to(market: Market) -> None:
    before = market.packages.base_worker.copy()
    review_rotas(market)
    assert np.array_equal(market.packages.base_worker, before) and market.tally["reviewed_days"] == 0


def test_a_review_saves_road_and_keeps_what_was_agreed(market: Market) -> None:
    rounds, visits, staff = base_rounds(market), visits_of(market), staff_of(market)
    placed, start, used = rounds.worker >= 0, visits.start.copy(), rounds.week_seconds.copy()
    early, late = np.minimum(visits.early, start), np.maximum(visits.late, start)
    saved = 0
    for agency in market.agencies.rows().tolist():
        team = market.team[market.team_first[agency] : market.team_first[agency + 1]]
        for day in range(DAYS):
            road = int(rounds.week_seconds[team].sum())
            review_day(market, team, blocks_of(market, agency), day, 200)
            now = int(rounds.week_seconds[team].sum())
            saved += road - now
    assert market.tally["reviewed_moves"] > 0 and saved > 0, "contact is what it was, so the rest is road"
    assert np.array_equal(rounds.worker >= 0, placed), "nobody loses a visit and nobody finds one"
    there = placed.reshape(-1, 2).any(axis=1)
    assert np.all((visits.start >= early)[there]) and np.all((visits.start <= late)[there])
    assert np.array_equal(visits.start[~there], start[~there])
    assert np.all(rounds.week_seconds <= np.maximum(used, staff.limit[: used.size]))
    both = placed.reshape(-1, 2).all(axis=1)
    pairs = rounds.worker.reshape(-1, 2)
    assert np.all(pairs[both, 0] != pairs[both, 1])


def test_a_day_whose_rounds_would_take_too_many_hours_stays_as_it_was(market: Market) -> None:
    """Where everybody already has all the hours that they want, only a swap that lengthens nobody's week passes."""
    rounds, visits = base_rounds(market), visits_of(market)
    market.care_workers.hours_wanted[:] = rounds.week_seconds[: market.care_workers.hours_wanted.size]
    used = rounds.week_seconds.copy()
    for agency in market.agencies.rows().tolist():
        team = market.team[market.team_first[agency] : market.team_first[agency + 1]]
        for day in range(DAYS):
            before, starts = rounds.worker.copy(), visits.start.copy()
            rows = rounds.stops.copy()
            review_day(market, team, blocks_of(market, agency), day, 200)
            assert np.all(rounds.week_seconds <= used)
            if np.array_equal(rounds.worker, before):
                n = rounds.n_stops[:, None] > np.arange(rows.shape[1])[None, :]
                assert np.array_equal(np.sort(rounds.stops[n]), np.sort(rows[n]))
            others = (np.arange(visits.start.size) % VISITS) // PARTS != day
            assert np.array_equal(visits.start[others], starts[others]), "only that day is planned anew"
