"""With whom a new agency opens."""

from __future__ import annotations

import numpy as np
import pytest

from homecare.market import Market
from homecare.population import draw_workers
from homecare.week.founding import FIRST_ENTRANT_KEY, FIRST_KNOWN_KEY, KEYS_A_WEEK

MANY = ("uncertainty.oversight.founders=0.5", "uncertainty.oversight.founder_spread=0.2")


def opened(*overrides: str) -> tuple[Market, dict[int, list[int]]]:
    """Return a market lived until some agencies have opened, and the keys of those who came to each in that week."""
    market = Market("baseline", area="Torbay", scale=1.0, seed=3, weeks=60, overrides=MANY + overrides, burn_in=0)
    came: dict[int, list[int]] = {}
    while market.week < 60:
        week, known = market.week, market.agencies.n
        market.step()
        g, w = market.agencies, market.care_workers
        for row in range(known, g.n):
            mine = w.alive & (w.agency == row) & (w.hired == week)
            came[int(g.birth_key[row])] = w.birth_key[mine].tolist()
    return market, came


@pytest.fixture(scope="module")
def world() -> tuple[Market, dict[int, list[int]]]:
    return opened()


def test_each_opens_with_those_of_the_circle_who_live_nearest(world) -> None:
    market, came = world
    assert len(came) >= 3
    numbers, g = market.uncertainty.oversight, market.agencies
    for agency, brought in came.items():
        first = FIRST_KNOWN_KEY + (agency - FIRST_ENTRANT_KEY) * KEYS_A_WEEK
        circle = first + np.arange(numbers.founder_circle)
        drawn = draw_workers(market.seed, circle, market.area, market.initial.workforce, market.uncertainty.worker_choice,
                             market.uncertainty.places, True, market.floor_pounds)
        row = int(np.flatnonzero(g.birth_key == agency)[0])
        far = (drawn["x"] - g.x[row]) ** 2 + (drawn["y"] - g.y[row]) ** 2
        assert sorted(brought) == sorted(circle[np.argsort(far)[: numbers.founder_staff]].tolist())


def test_nobody_comes_where_founders_bring_nobody(world) -> None:
    _, came = opened("uncertainty.oversight.founder_staff=0")
    assert set(came) & set(world[1])
    assert not any(came.values())


def test_the_same_people_come_whatever_the_policy(world) -> None:
    _, other = opened("policy.contracting.kind=block")
    both = set(other) & set(world[1])
    assert both
    assert all(other[key] == world[1][key] for key in both)


def test_a_small_circle_brings_no_more_than_it_has(world) -> None:
    _, came = opened("uncertainty.oversight.founder_circle=1", "uncertainty.oversight.founder_staff=5")
    assert set(map(len, came.values())) == {1}
