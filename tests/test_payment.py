"""Payment: each tariff by hand, what it changes on rows, and what agencies and the council decide by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from homecare import tariff as t
from homecare.agents.agency import IN_HOUSE
from homecare.agents.agency_forecast import gain_expected, goal_chance, goal_chance_slope
from homecare.ledger import Account
from homecare.market import Market
from homecare.policies import THEMES
from homecare.scenario import Change, load
from homecare.tables import NO_WEEK
from homecare.tariff import Tariff, assessed, banded, payable_lines
from homecare.week import accounts, goals
from homecare.week.invoicing import quantities_of
from homecare.week.kernels.layout import Homes, Visits
from homecare.week.kernels.purchase import expect
from homecare.week.worth import chances, freed_hour, practice_of, week_expected

PAYMENT = THEMES["payment"]
BURN_IN = 8


def market_of(weeks: int = 1, **chosen) -> Market:
    """A small market under some policies, lived for some weeks."""
    scenario = load("hamlet")
    market = Market(replace(scenario, policy=scenario.policy.replace(**chosen)), burn_in=BURN_IN)
    market.run(weeks)
    return market


def council_blocks(market: Market) -> np.ndarray:
    p = market.packages
    return np.flatnonzero(p.active & (p.agency >= 0) & (p.route != market.SELF_FUNDER))


def line(tariff: Tariff, **done: int) -> int:
    """Pence of one line of quantities, named as the prices are."""
    quantities = [done.get(name, 0) for name in Tariff._fields[: t.PRICES]]
    return int(payable_lines(np.array([tariff]), np.zeros(1, int), np.array([quantities]))[0])


def test_each_rule_pays_a_week_by_hand() -> None:
    """Seven half hours and seven quarters planned, one half hour missed; lived 26 and 13 minutes; a fee of £24."""
    week = {"planned_hour": 6 * 1800 + 7 * 900, "actual_hour": 6 * 1560 + 7 * 780, "banded_hour": 6 * 1800 + 7 * 900,
            "promised_hour": 7 * 2700, "assessed_hour": assessed(7 * 2700, 3600), "visit": 13, "short_visit": 7,
            "rural_visit": 13, "user_week": 1}
    assert banded(1560, 1800, 900, 300) == 1800 and banded(780, 900, 900, 300) == 900
    assert banded(1190, 1800, 900, 300) == 900 and banded(300, 1800, 900, 300) == 0
    assert line(PAYMENT["planned_minutes"]().tariff(2400), **week) == 11400
    assert line(PAYMENT["actual_minutes"]().tariff(2400), **week) == 9880
    assert line(PAYMENT["banded_minutes"]().tariff(2400), **week) == 11400
    assert line(PAYMENT["block"]().tariff(2400), **week) == 12600
    # 5.25 hours lie in the band from 5 to 6, whose middle is 5.5.
    assert line(PAYMENT["capitation"](band_hours=1.0).tariff(2400), **week) == 13200
    paid = PAYMENT["planned_minutes"](visit_supplement=0.5, rural_supplement=2.0, short_call_supplement=1.0)
    assert line(paid.tariff(2400), **week) == 11400 + 13 * 250 + 7 * 100
    outcome = PAYMENT["outcome"](share_at_risk=0.25, expected_share=0.8).tariff(2400)
    assert line(outcome, **week) == 11400
    assert (t.held_back(11400, outcome.at_risk), outcome.payout) == (2850, 12500)


def test_what_an_agency_expects_of_a_package_by_hand() -> None:
    seconds, carers = np.zeros(28, np.int64), np.zeros(28, np.int64)
    seconds[[0, 4, 7]], carers[[0, 4, 7]] = (1800, 1800, 900), (2, 1, 1)
    visits = Visits(seconds, seconds, seconds, seconds, seconds, carers)
    homes, done = Homes(np.zeros(1), np.zeros(1), np.array([True])), np.zeros(t.PRICES, np.int64)
    facts = np.array(PAYMENT["banded_minutes"](short_call_minutes=20).tariff(2400), np.int64)
    expect.py_func(0, 0.5, 40000, facts, visits, homes, done)
    # Half of 30 minutes is one quarter; half of 15 is 7.5 minutes, 2.5 beyond the grace: a quarter begun.
    assert done.tolist() == [6300, 3150, 3 * 900 + 900, 6300, 40000, 4, 1, 4, 1]


@pytest.mark.parametrize("kind", ["planned_minutes", "block", "capitation"])
def test_agencies_expect_what_they_are_paid_where_nothing_hangs_on_the_day(kind: str) -> None:
    """The expectation of a package is its invoice, but for visits missed, cancelled or held by a hospital stay."""
    market = market_of(2, payment=PAYMENT[kind](rural_supplement=1.0, short_call_supplement=0.5))
    blocks = council_blocks(market)
    p = market.packages
    done, expected = quantities_of(market, blocks), week_expected(market, blocks)
    whole = ~p.suspended[blocks] & (done[:, t.VISIT] == expected[:, t.VISIT])
    assert whole.sum() > 5
    paid, hoped = payable_lines(p.tariff, blocks, done), payable_lines(p.tariff, blocks, expected)
    assert paid[whole].tolist() == hoped[whole].tolist()
    assert np.all(paid <= hoped) or kind == "block"
    market.close()


def test_capitation_follows_the_assessment_and_not_the_plan() -> None:
    market = market_of(1, payment=PAYMENT["capitation"]())
    p = market.packages
    block = council_blocks(market)[:1]
    before = quantities_of(market, block)[0, t.ASSESSED_HOUR]
    p.planned[block] //= 2
    assert quantities_of(market, block)[0, t.ASSESSED_HOUR] == before
    p.assessed[block] += 2 * 12600
    assert quantities_of(market, block)[0, t.ASSESSED_HOUR] == before + 2 * 12600
    p.suspended[block] = True
    assert quantities_of(market, block)[0, t.ASSESSED_HOUR] == 0
    market.close()


def test_another_fee_moves_prices_in_proportion_and_leaves_facts_alone() -> None:
    market = market_of(1, payment=PAYMENT["outcome"](rural_supplement=1.0, short_call_supplement=1.0))
    p, blocks, fee = market.packages, council_blocks(market), market.commissioners.agents[0].fee
    before = p.tariff[blocks].copy()
    market.change_fee(2 * int(fee))
    assert p.tariff[blocks, : t.PRICES].tolist() == (2 * before[:, : t.PRICES]).tolist()
    assert p.tariff[blocks, t.PRICES :].tolist() == before[:, t.PRICES :].tolist()
    market.close()


@pytest.mark.parametrize("kind", sorted(PAYMENT))
def test_a_rule_at_renewal_reaches_packages_whose_year_is_over(kind: str) -> None:
    scenario = load("hamlet")
    changes = (Change(1, {"payment": PAYMENT[kind](visit_supplement=1.25)}, "at_renewal"),)
    market = Market(replace(scenario, changes=changes), burn_in=BURN_IN)
    market.run(1)
    p, blocks = market.packages, council_blocks(market)
    p.renews[blocks] = 50
    p.renews[blocks[::2]] = 1
    kept = {int(p.key[block]): p.tariff[block].tolist() for block in blocks[1::2]}
    due = {int(p.key[block]) for block in blocks[::2]}
    market.step()
    for block in council_blocks(market).tolist():
        key = int(p.key[block])
        if key in due:
            assert p.tariff[block].tolist() == list(market.tariff)
        elif key in kept:
            assert p.tariff[block].tolist() == kept[key]
    market.close()


def test_a_goal_is_gain_beyond_what_frailty_explains() -> None:
    one = np.ones(1)
    assert goals.score(0.05 * one, 0.02 * one, 0.0 * one, 0.0 * one) == pytest.approx([0.03])
    assert goals.score(-0.05 * one, -0.06 * one, 2.4 * one, 0.5 * one) == pytest.approx([0.055])
    # One task each a tenth below what frailty allows; a fifth of the time with the person, thirteen weeks.
    gain = gain_expected(np.full((1, 4), 0.5), np.full((1, 4), 0.6), np.array([0.2, 0.0]), 0.05, 0.004)
    assert gain[0] == pytest.approx([13 * (0.2 * (0.005 + 0.002) - 0.002), -13 * 0.002])
    chance = goal_chance(np.array([-0.1, 0.0, 0.05]), np.zeros(3), 0.05)
    assert chance[1] == 0.5 and chance[0] < 0.5 < chance[2] < 1.0
    step = 1e-6
    slope = (goal_chance(np.array([0.02 + step]), np.zeros(1), 0.05) - goal_chance(np.array([0.02]), np.zeros(1), 0.05))
    assert slope / step == pytest.approx(goal_chance_slope(np.array([0.02]), np.zeros(1), 0.05), rel=1e-3)


def test_a_person_whom_practice_could_help_is_worth_more_under_outcome_payment_only() -> None:
    market = market_of(1)
    u = market.service_users
    users = np.flatnonzero(u.alive)[:2]
    u.frailty[users] = 0.4
    u.capability[users[0]], u.capability[users[1]] = 0.1, 0.55
    assert np.all(chances(market, users) == 1.0)
    market.tariff = PAYMENT["outcome"]().tariff(2400)
    market.agencies.effort[:] = 0.8
    u.practice[:] = 0.5
    assert np.all(practice_of(market)[market.agencies.alive] >= 0.5)
    found = chances(market, users)
    assert np.all(found[0] > found[1]) and np.all((found > 0.0) & (found < 1.0))
    market.close()


@pytest.mark.parametrize(("kind", "stays"), [("planned_minutes", False), ("actual_minutes", False),
                                             ("banded_minutes", False), ("block", False), ("capitation", True),
                                             ("outcome", True)])
def test_a_freed_hour_is_worth_something_where_pay_does_not_go_with_it(kind: str, stays: bool) -> None:
    market = market_of(1, payment=PAYMENT[kind](rural_supplement=2.0, short_call_supplement=1.0))
    pounds, works = freed_hour(market), market.works_for_council() & market.agencies.alive
    served = np.bincount(market.packages.agency[council_blocks(market)], minlength=market.agencies.n) > 0
    assert np.all(pounds[works & served] > 0.5) if stays else np.all(pounds == 0.0)
    behaviour = market.uncertainty.agency_behaviour
    row = int(np.flatnonzero(works & served)[0])
    agency = market.agencies.agents[row]
    before = float(market.agencies.effort[row])
    assert (agency.effort_wanted(float(pounds[row]), behaviour) > before) == stays
    market.close()


def test_who_is_not_measured_is_paid_for_in_full() -> None:
    market = market_of(3, payment=PAYMENT["outcome"](share_at_risk=0.5))
    p, g = market.packages, market.agencies
    blocks = council_blocks(market)
    assert np.all(p.withheld[blocks[p.goal_since[blocks] == 0]] > 0)
    held, owed = goals_held(market), market.receivables.total(g.n)
    market.bring_into_force(PAYMENT["planned_minutes"](), "all")
    assert market.receivables.total(g.n).tolist() == (owed + held).tolist() and held.sum() > 0
    assert not p.withheld.any() and np.all(p.goal_since == NO_WEEK)
    market.close()


def goals_held(market: Market) -> np.ndarray:
    """Pence held back, by agency."""
    p = market.packages
    held = np.zeros(market.agencies.n, np.int64)
    blocks = np.flatnonzero(p.withheld)
    np.add.at(held, p.agency[blocks], p.withheld[blocks])
    return held


def test_what_is_owed_keeps_an_agency_alive_only_as_far_as_lenders_advance_it() -> None:
    market = market_of(1)
    g, ledger = market.agencies, market.ledger
    share = market.uncertainty.lending.advance_share
    owed = market.receivables.total(g.n)
    row = int(np.flatnonzero(g.alive & (owed > 0) & (g.ownership != IN_HOUSE))[0])
    for pence, weeks in ((-int(owed[row] * share) + 100, 0), (-int(owed[row] * share) - 100, 1)):
        ledger.balance[int(Account.FIRST_AGENCY) + row] = pence
        g.weeks_in_red[row] = 0
        accounts.close_books(market)
        assert (g.cash[row], g.weeks_in_red[row]) == (pence, weeks)
    before = ledger.balance[int(Account.FIRST_AGENCY) + row]
    g.cash[:] = 0
    g.cash[row] = -520000
    g.hiring[:] = 0
    contact = np.zeros(g.n, np.int64)
    market.week_cost = contact.copy()
    accounts.running_costs(market, contact)
    interest = round(10000 * market.uncertainty.lending.overdraft_rate)
    overhead = round(100 * market.uncertainty.agency_costs.overhead_week)
    assert before - ledger.balance[int(Account.FIRST_AGENCY) + row] == interest + overhead
    market.close()


def test_a_council_that_pays_later_owes_more_and_agencies_hold_less() -> None:
    soon = market_of(8, commissioner=THEMES["commissioner"]["council"](payment_weeks=0))
    late = market_of(8, commissioner=THEMES["commissioner"]["council"](payment_weeks=8))
    assert soon.agencies.owed.sum() < late.agencies.owed.sum()
    assert soon.agencies.cash.sum() > late.agencies.cash.sum()
    soon.close()
    late.close()
