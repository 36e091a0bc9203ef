"""Personal assistants: the choice of holding money, the offer, the start, pay to the penny, and who stands in."""

from __future__ import annotations

import numpy as np
import pytest

from homecare import lived_columns as d
from homecare.agents import money
from homecare.agents import service_user as su
from homecare.agents.assistant import AssistantLabour, offer_of, worth_of_job
from homecare.agents.care_worker import WORKING
from homecare.ledger import Kind
from homecare.market import Market
from homecare.plan import NEITHER
from homecare.policies.care_planning import TimeAndTask
from homecare.policies.routes import PersonalBudgets
from homecare.scenario import load
from homecare.tables import NO_WEEK
from homecare.week.households import bounds, households

NUMBERS = money.UserMoney()


def test_less_paperwork_makes_more_people_hold_their_money() -> None:
    taste = np.linspace(-2.0, 2.0, 41)
    usual = money.worth_of_control(taste, NUMBERS.usual_paperwork, NUMBERS) > 0
    none = money.worth_of_control(taste, 0.0, NUMBERS) > 0
    assert usual.tolist() == (taste > 0).tolist()
    assert none.sum() > usual.sum() and np.all(none >= usual)


def test_a_fund_is_for_those_whom_paper_puts_off() -> None:
    taste = np.linspace(-2.0, 4.0, 61)
    payment = money.worth_of_control(taste, NUMBERS.usual_paperwork, NUMBERS)
    fund = money.worth_of_fund(taste, NUMBERS)
    chosen = np.where(np.maximum(payment, fund) <= 0, 0, np.where(fund > payment, 3, 1))
    assert set(chosen.tolist()) == {0, 1, 3}
    assert np.all(np.diff(np.array([0, 2, 0, 1])[chosen]) >= 0), "least taste: council; more: a fund; most: a payment"


def test_a_fund_settles_times_and_stays_within_minutes() -> None:
    rule, style = PersonalBudgets(), TimeAndTask().style()
    facts = rule.fund_style(style)
    assert (facts.time_approval, facts.budgeted, facts.follows_need, facts.bank_seconds) == (NEITHER, 1, 1, 5400)
    assert facts.approval == style.approval and facts.band_seconds == style.band_seconds


def test_funds_are_held_by_agencies_that_people_chose() -> None:
    scenario = load("hamlet", ("policy.routes.funds=true", "policy.care_management.review_weeks=26",
                               "uncertainty.user_money.control_spread=80"), weeks=30)
    market = Market(scenario, cached=False, burn_in=6)
    market.run()
    u, p = market.service_users, market.packages
    held = np.flatnonzero(u.alive & (u.route == su.SERVICE_FUND) & (u.block >= 0))
    assert held.size > 0 and market.series["service_funds"] > 0
    facts = market.policy.routes.fund_style(market.style)
    assert np.all(p.budgeted[u.block[held]] == facts.budgeted) and not np.any(p.differs_from(facts)[u.block[held]])
    assert np.all(p.contract[u.block[held]] == -1)


def test_support_makes_more_people_employ() -> None:
    taste = np.linspace(-2.0, 2.0, 401)
    alone, helped = (money.would_employ(taste, share, NUMBERS).sum() for share in (0.0, 1.0))
    assert 0 < alone < helped < taste.size


def test_an_offer_rises_each_four_weeks_up_to_what_the_budget_pays() -> None:
    labour = AssistantLabour()
    assert offer_of(0, 1221, 2000.0, labour) == offer_of(3, 1221, 2000.0, labour) == 1301
    assert offer_of(8, 1221, 2000.0, labour) == 1351
    assert offer_of(400, 1221, 2000.0, labour) == 2000
    assert offer_of(0, 1221, 1000.0, labour) == 1221, "nobody offers less than the floor"


def test_a_job_is_worth_its_wage_less_the_way() -> None:
    assert worth_of_job(1300, np.array([0.0, 5.0]), 0.12, 1.5).tolist() == [14.5, 13.9]


def test_a_stray_assistant_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no package"):
        bounds(np.array([0, 3]), np.array([2, 4]))


@pytest.fixture(scope="module")
def lived() -> Market:
    """A part of an island in which many people employ somebody, after half a year."""
    scenario = load("hamlet", ("policy.routes.assistants=true", "policy.routes.support_share=1.0",
                               "uncertainty.user_money.employing_share=0.6", "uncertainty.user_money.control_spread=60",
                               "uncertainty.assistants.candidates=0.02", "uncertainty.assistants.knows_share=0.6",
                               "policy.care_management.review_weeks=26"),
                    area="Isle of Wight", scale=0.25, weeks=40)
    market = Market(scenario, cached=False, burn_in=6)
    market.run()
    return market


def test_people_employ_assistants_who_come_to_them_alone(lived: Market) -> None:
    u, w, p = lived.service_users, lived.care_workers, lived.packages
    blocks, household, first = households(lived)
    assert blocks.size > 3 and lived.assistants.size > blocks.size
    assert np.all(u.route[p.user[blocks]] == su.DIRECT_PAYMENT)
    assert np.all(w.agency[lived.assistants] == -1) and np.all(w.state[lived.assistants] == WORKING)
    for i, block in enumerate(blocks.tolist()):
        own = lived.assistants[first[i] : first[i + 1]]
        assert np.all(w.employer[own] == p.user[block])
        done_by = p.base_worker.reshape(-1, 56)[block]
        assert set(done_by[done_by >= 0].tolist()) <= set(own.tolist())
    assert household[blocks].tolist() == list(range(blocks.size))


def test_direct_payments_are_spent_or_go_back(lived: Market) -> None:
    totals, tally = lived.ledger.totals, lived.tally
    assert totals[Kind.DIRECT_PAYMENTS] == tally["direct_payments_pence"] + tally["returned_pence"] > 0
    assert totals[Kind.RETURNED] == tally["returned_pence"]
    labour = lived.uncertainty.assistants
    seconds = lived.lived.workers[lived.team.size :, d.CONTACT_PLANNED]
    wages = (lived.care_workers.wage[lived.assistants] * seconds + 1800) // 3600
    assert totals[Kind.ASSISTANTS_PAY] == wages.sum() == lived.care_workers.pay[lived.assistants].sum()
    assert totals[Kind.ASSISTANTS_COSTS] >= wages.sum() * labour.on_costs


def test_the_week_counts_their_hours(lived: Market) -> None:
    assert 0.0 < lived.series["assistant_hours"] < 1.0
    assert lived.series["direct_payments"] > 0.0
    assert lived.series["council_spend"] * 100000 == pytest.approx(
        lived.tally["council_fees"] + lived.tally["direct_payments_pence"] - lived.tally["charges"])


def test_those_who_look_for_somebody_are_not_offered_to_agencies(lived: Market) -> None:
    u = lived.service_users
    looking = np.flatnonzero(u.alive & (u.seeks_assistant > NO_WEEK) & (u.state == su.WAITING_START))
    assert np.all(u.agency[looking] == -1)


def test_without_the_lever_nobody_is_employed() -> None:
    market = Market(load("hamlet", weeks=8), cached=False, burn_in=6)
    market.run()
    assert market.assistants.size == 0 and not np.any(market.service_users.seeks_assistant > NO_WEEK)
    assert market.ledger.totals[Kind.DIRECT_PAYMENTS] == 0
