"""The means test, paying from savings, coming to the council, going without: known answers and decisions."""

from __future__ import annotations

import numpy as np
import pytest

from homecare.agents import money
from homecare.agents import service_user as su
from homecare.market import Market
from homecare.scenario import Scenario, load
from homecare.tables import NO_WEEK
from homecare.week import means

HAMLET = load("hamlet", weeks=8)


def market_of(scenario: Scenario = HAMLET) -> Market:
    """Return a hamlet after a short burn-in."""
    return Market(scenario, cached=False, burn_in=6)


@pytest.fixture(scope="module")
def hamlet() -> Market:
    """A hamlet at week 0, whose people each test changes as it needs."""
    return market_of()


def some_row(market: Market, state: int = su.RECEIVING, route: int | None = None) -> np.ndarray:
    """Return one person in a state, as an array of one row."""
    u = market.service_users
    there = u.alive & (u.state == state) & ((u.route == route) if route is not None else True)
    return np.flatnonzero(there)[:1]


def test_a_charge_by_hand(hamlet: Market) -> None:
    """Income 300, savings 15,000: 3 pounds of tariff income; 300 + 3 - 232.60 - 11 = 59.40 at 80, more at 50."""
    u = hamlet.service_users
    row = some_row(hamlet)
    u.income[row], u.savings[row], u.age[row] = 30000, 1_500_000, 80.0
    assert means.charges_under(hamlet, hamlet.policy.funding, row).tolist() == [5940]
    u.age[row] = 50.0
    assert means.charges_under(hamlet, hamlet.policy.funding, row).tolist() == [10560]
    half = type(hamlet.policy.funding)(charged_share=0.5)
    assert means.charges_under(hamlet, half, row).tolist() == [5280]


def test_a_minimum_rises_each_april_in_whole_pence() -> None:
    assert means.after_uplifts(23260, 0.017, 0) == 23260
    assert means.after_uplifts(23260, 0.017, 1) == 23655
    assert means.after_uplifts(23260, 0.017, 2) == 24057


def test_what_a_week_takes_from_savings_by_hand() -> None:
    people = ((40000, 30000, 3_000_000), (5000, 30000, 3_000_000), (40000, 20000, 1000))
    assert [money.drawn_from_savings(*person, 23500) for person in people] == [33500, 0, 1000]


def test_people_go_without_what_is_worth_less_than_its_charge() -> None:
    charge, hours, worth = np.array([5000, 5000, 0]), np.array([4.0, 2.0, 0.0]), np.array([13.0, 13.0, 13.0])
    assert money.goes_without(charge, hours, worth).tolist() == [False, True, False]


def test_a_self_funder_whose_savings_run_down_asks_and_is_taken_on() -> None:
    market = market_of()
    u, p = market.service_users, market.packages
    row = some_row(market, route=su.SELF_FUNDER)
    key = int(u.birth_key[row[0]])
    u.savings[row] = 2_000_000
    u.asked_council[row] = market.week
    used = means.take_on(market, 100.0)
    assert used == market.uncertainty.casework.assessment_hours
    assert int(u.birth_key[row[0]]) == key and u.route[row[0]] != su.SELF_FUNDER
    assert market.tally["fallen_back"] == 1 and u.asked_council[row[0]] == NO_WEEK
    block = u.block[row[0]]
    if u.state[row[0]] == su.RECEIVING:
        fee = market.commissioners.agents[0].fee
        assert p.route[block] == u.route[row[0]] and p.fee[block] == fee
        assert p.tariff[block].tolist() == list(market.policy.payment.tariff(fee))
    else:
        assert u.displaced[row[0]]


def test_nobody_above_the_limit_is_taken_on(hamlet: Market) -> None:
    u = hamlet.service_users
    row = some_row(hamlet, route=su.SELF_FUNDER)
    u.savings[row] = 2_325_001
    u.asked_council[row] = hamlet.week
    means.take_on(hamlet, 100.0)
    assert u.route[row[0]] == su.SELF_FUNDER


def test_self_funders_pay_from_savings_week_by_week() -> None:
    market = market_of()
    u = market.service_users
    own = np.flatnonzero(u.alive & (u.state == su.RECEIVING) & (u.route == su.SELF_FUNDER))
    before = u.savings[own].copy()
    market.step()
    living = round(100 * market.uncertainty.user_money.living_costs)
    spare = np.maximum(u.income[own] - living, 0)
    here = (u.state[own] == su.RECEIVING) & (u.route[own] == su.SELF_FUNDER)
    assert here.any()
    assert (before - u.savings[own])[here].tolist() == np.maximum(u.cost[own] - spare, 0)[here].tolist()


def test_more_people_stop_where_charges_are_higher_and_nobody_where_there_are_none() -> None:
    market = market_of()
    u = market.service_users
    rows = np.flatnonzero(u.alive & (u.state == su.RECEIVING) & (u.route != su.SELF_FUNDER))
    hours = market.packages.planned[u.block[rows]] / 3600.0
    stops = [int(means.find_too_dear(market, rows, np.full(rows.size, pence), hours).sum())
             for pence in (0, 10000, 50000, 10_000_000)]
    assert stops[0] == 0 and stops == sorted(stops) and stops[-1] == rows.size


def test_a_lower_capital_limit_makes_people_pay_for_themselves() -> None:
    market = market_of()
    u = market.service_users
    funding = type(market.policy.funding)(capital_limit=10000.0)
    rich = np.flatnonzero(u.alive & (u.savings > 1_000_000) & (u.route != su.SELF_FUNDER))
    assert rich.size
    market.bring_into_force(funding, "all")
    assert np.all(u.route[rich] == su.SELF_FUNDER) and not u.charge[rich].any()
    blocks = u.block[rich[u.block[rich] >= 0]]
    served = blocks[market.packages.agency[blocks] >= 0]
    price = market.agencies.price[market.packages.agency[served]]
    assert market.packages.tariff[served, 0].tolist() == price.tolist()
