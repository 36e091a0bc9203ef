"""With whom a new agency opens."""

from __future__ import annotations

import numpy as np
import pytest

from homecare.market import Market
from homecare.population import draw_workers
from homecare.scenario_layers import parameters_of
from homecare.week.founding import FIRST_ENTRANT_KEY, FIRST_KNOWN_KEY, KEYS_A_FOUNDER
from homecare.week.oversight import OversightUncertainty

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
        first = FIRST_KNOWN_KEY + (agency - FIRST_ENTRANT_KEY) * KEYS_A_FOUNDER
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


def test_what_they_cost_is_taken_from_the_money_put_in(world) -> None:
    market, came = world
    g, behaviour = market.agencies, market.uncertainty.agency_behaviour
    assert g.cash.tolist() == market.ledger.agency_cash(g.n).tolist()
    put_in = round(100 * market.policy.market.entry_cost)
    cost = round(100 * behaviour.cost_per_hire * behaviour.hire_cash_share)
    fresh, met = Market("baseline", area="Torbay", seed=3, weeks=60, overrides=MANY, burn_in=0), 0
    while fresh.week < 60:
        known = fresh.agencies.n
        fresh.step()
        for row in range(known, fresh.agencies.n):
            brought = came[int(fresh.agencies.birth_key[row])]
            assert int(fresh.agencies.cash[row]) == put_in - cost * len(brought)
            met += 1
    assert met == len(came)


def test_nobody_is_known_to_two_founders() -> None:
    most = parameters_of(OversightUncertainty)["founder_circle"].high
    assert most <= KEYS_A_FOUNDER


def test_the_order_of_rows_moves_nothing() -> None:
    runs = [Market("baseline", area="Torbay", seed=3, weeks=60, overrides=MANY, burn_in=0, cached=False, shuffle=k).run()
            for k in (0, 1)]
    assert runs[0].equals(runs[1])
