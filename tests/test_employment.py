"""Terms of employment: shifts, premiums, sick pay, the right to usual hours, and who pays for a clause."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from homecare.agents.agency import Agency
from homecare.agents.agency_numbers import AgencyBehaviour
from homecare.agents.care_worker import WorkerChoice, Workforce, willing_share
from homecare.ledger import Account, Kind
from homecare.market import Market
from homecare.policies.employment import AgencyChoice, GuaranteedHours, SalariedShifts
from homecare.policies.labour import NationalLaw
from homecare.scenario import Change, Scenario, load
from homecare.week.clauses import expected_cost, paid_part
from homecare.week.jobs import shift_bounds
from homecare.week.kernels.sickness import paid_days, stays_home_ratio
from homecare.week.sick_pay import dues

HOUR = 3600
BURN_IN = 13
SCENARIO = load("hamlet", scale=1.0, weeks=12)


def lived(scenario: Scenario, weeks: int = 12) -> Market:
    """Return the market after some weeks."""
    market = Market(scenario, cached=False, burn_in=BURN_IN)
    market.run(weeks)
    return market


def under(**terms) -> Scenario:
    """Return the scenario under other terms of employment."""
    return replace(SCENARIO, policy=SCENARIO.policy.replace(employment=AgencyChoice(**terms)))


# ---- by hand ------------------------------------------------------------------------------------------------


def test_shifts_are_as_long_as_the_hours_wanted_and_lie_early_and_late_by_turns() -> None:
    """Thirty hours over three days of 7:00 to 23:00 are three shifts of ten hours; on other days there is none."""
    start = np.array([[7, 0, 7, 0, 0, 7, 0]]) * HOUR
    end = np.array([[23, 0, 23, 0, 0, 23, 0]]) * HOUR
    begins, ends = shift_bounds(start, end, np.array([30 * HOUR]), np.array([1]))
    assert (begins / HOUR).tolist() == [[7, 0, 13, 0, 0, 7, 0]]
    assert (ends / HOUR).tolist() == [[17, 0, 23, 0, 0, 17, 0]]


def test_a_shift_is_never_longer_than_the_day_that_the_worker_can_work() -> None:
    start, end = np.full((1, 7), 7 * HOUR), np.full((1, 7), 11 * HOUR)
    begins, ends = shift_bounds(start, end, np.array([40 * HOUR]), np.array([0]))
    assert (begins == start).all() and (ends == end).all()


@pytest.mark.parametrize(("days", "before", "waiting", "paid"),
                         [(1, 0, 3, 0), (3, 0, 3, 0), (5, 0, 3, 2), (5, 28, 3, 5), (5, 2, 3, 4), (5, 0, 0, 5)])
def test_waiting_days_come_first_and_once_a_spell(days: int, before: int, waiting: int, paid: int) -> None:
    assert paid_days(days, before, waiting) == paid


def worker_of(pay_pounds: float, share: float = 0.0, from_day: int = 1) -> SimpleNamespace:
    """Return a market with one worker of five days a week."""
    ends = np.array([[HOUR] * 5 + [0] * 2], np.int32)
    return SimpleNamespace(care_workers=SimpleNamespace(
        day_start=np.zeros_like(ends), day_end=ends, pay_mean=np.array([100.0 * pay_pounds]),
        sick_share=np.array([share]), sick_from_day=np.array([from_day])))


@pytest.mark.parametrize(("law", "pay", "pence"), [
    (NationalLaw(), 300.0, 4750),                                  # two fifths of 118.75
    (NationalLaw(), 124.0, 0),                                     # below the earnings limit
    (NationalLaw(sick_pay_waiting_days=0), 300.0, 11875),
    (NationalLaw(sick_pay_waiting_days=0, sick_pay_earnings_limit=0, sick_pay_most_share=0.8), 100.0, 8000),
])
def test_statutory_sick_pay_of_a_week_by_hand(law: NationalLaw, pay: float, pence: int) -> None:
    """Five working days lost: what gov.uk's rules of 2025 and 2026 give."""
    one, days = np.array([0]), np.array([5])
    assert dues(worker_of(pay), law, one, days, np.array([0]))[0].tolist() == [pence]


def test_sick_pay_of_the_job_is_its_share_of_usual_pay_from_its_day_on() -> None:
    one, days, none = np.array([0]), np.array([5]), np.array([0])
    assert dues(worker_of(300.0, 0.5, 1), NationalLaw(), one, days, none)[1].tolist() == [15000]
    assert dues(worker_of(300.0, 1.0, 4), NationalLaw(), one, days, none)[1].tolist() == [12000]


def test_more_stay_at_home_the_less_pay_is_lost() -> None:
    """Where nothing is paid, as many as are seen today; where all is, the others too."""
    ratio = [stays_home_ratio(lost, 0.3) for lost in (1.0, 0.5, 0.0)]
    assert ratio[0] == 1.0
    assert ratio[1:] == pytest.approx([0.85 / 0.7, 1.0 / 0.7])


def test_pounds_move_the_odds_of_being_willing() -> None:
    """Odds of 0.7/0.3 doubled by one spread of pounds: 1.4/1.7."""
    choice = WorkerChoice(overtime_taste=0.7, overtime_spread=4.0)
    assert willing_share(np.array([0.0, 4.0]), choice).tolist() == pytest.approx([0.7, 1.4 / 1.7])


def test_days_beyond_the_first_of_a_spell() -> None:
    """Of 0.5 + 0.9 + 0.91 + 1.96 days a spell, one day of each spell is the first."""
    assert paid_part(1, Workforce()) == 1.0
    assert paid_part(2, Workforce()) == pytest.approx(1.0 - 1.0 / 4.27)


def test_idle_hours_expected_of_a_promise() -> None:
    """With steady demand a promise is idle by what lies above it; with normal demand by sigma/sqrt(2 pi) at the mean."""
    steady = SimpleNamespace(hours_mean=100.0, hours_change=0.0)
    steady.demand_spread = lambda: Agency.demand_spread(steady)
    assert Agency.idle_expected(steady, 130.0) == pytest.approx(30.0)
    assert Agency.idle_expected(steady, 90.0) == 0.0
    swinging = SimpleNamespace(hours_mean=100.0, demand_spread=lambda: 10.0)
    assert Agency.idle_expected(swinging, 100.0) == pytest.approx(10.0 * 0.3989, rel=0.03)


@pytest.mark.parametrize(("surplus", "weekend", "weekday", "now", "wanted"), [
    (100, 0.02, 0.01, 0.1, 0.15), (100, 0.01, 0.02, 0.1, 0.1), (-1, 0.02, 0.01, 0.1, 0.05), (-1, 0.0, 0.0, 0.02, 0.0),
    (100, 0.02, 0.01, 0.5, 0.5),
])
def test_an_agency_pays_more_at_weekends_where_weekends_go_short_and_it_can(
        surplus: int, weekend: float, weekday: float, now: float, wanted: float) -> None:
    agency = SimpleNamespace(surplus=surplus, weekend_short=weekend, weekday_short=weekday, weekend_premium=now)
    assert Agency.premium_wanted(agency, AgencyBehaviour(premium_step=0.05)) == pytest.approx(wanted)


# ---- in a market --------------------------------------------------------------------------------------------


def test_work_on_a_paid_shift_lies_within_it_and_the_shift_is_paid_whatever_falls_in_it() -> None:
    market = lived(replace(SCENARIO, policy=SCENARIO.policy.replace(employment=SalariedShifts(required_share=1.0))))
    w = market.care_workers
    by_shift = market.team[w.shift_end[market.team].any(axis=1)]
    assert by_shift.size > 10
    for row in by_shift.tolist():
        for day in range(7):
            line = 7 * row + day
            for stop in range(market.n_stops[line]):
                assert w.shift_start[row, day] <= market.starts[line, stop]
                assert market.ends[line, stop] <= w.shift_end[row, day]
    here = by_shift[w.absent[by_shift] == 0]
    seconds = (w.shift_end[here] - w.shift_start[here]).sum(axis=1).astype(np.int64)
    assert (w.promised[here] == seconds).all()
    assert (w.pay[here] >= w.wage[here] * seconds // 3600 - 1).all()


def test_a_premium_is_paid_for_weekends_only_and_to_the_worker() -> None:
    plain, premium = lived(SCENARIO, 1), lived(under(weekend_premium=1.0), 1)
    before, after = plain.tally["premium_pence"], premium.tally["premium_pence"]
    assert before == 0 < after
    total = premium.ledger.totals[Kind.WAGES]
    assert after < total / 3  # two days of seven, and no more


def test_who_would_not_come_without_the_premium_is_asked_only_at_weekends() -> None:
    """Days off given up for a premium are Saturdays and Sundays."""
    from homecare.week.overlay import ask_willing, seated, seats

    market = lived(SCENARIO, 1)
    rows = seats(market)
    _, staff = seated(market, rows, np.zeros(rows.size, np.int64), market.packages.base_worker)
    plain = ask_willing(market, rows, staff).days_off
    market.care_workers.weekend_premium[:] = 1.0
    more = ask_willing(market, rows, staff).days_off
    added = more & ~plain
    assert (plain & ~more == 0).all()
    assert added.any() and (added & 0b0011111 == 0).all()


def test_sick_pay_as_the_law_stood_is_paid_out_of_the_provision_and_more_by_agencies() -> None:
    def sick_entries(scenario: Scenario) -> tuple[int, int]:
        market = Market(scenario, cached=False, burn_in=BURN_IN)
        from_world = from_agencies = 0
        for _ in range(12):
            market.step()
            for kind, payer, payee, pence in market.ledger.week_entries().tolist():
                if kind == Kind.SICK_PAY:
                    assert payee == Account.WORKERS
                    from_world += pence if payer == Account.WORLD else 0
                    from_agencies += pence if payer >= Account.FIRST_AGENCY else 0
        return from_world, from_agencies

    law, clause = sick_entries(SCENARIO), sick_entries(under(sick_pay_share=1.0))
    assert law[0] > 0 and law[1] == 0
    assert clause[0] > 0 and clause[1] > 0


def test_with_full_sick_pay_nobody_works_through_a_short_illness() -> None:
    market = Market(replace(SCENARIO, weeks=30), cached=False, burn_in=BURN_IN)
    ill = sum(market.step() or market.tally["works_ill"] for _ in range(30))
    paid = Market(replace(under(sick_pay_share=1.0), weeks=30), cached=False, burn_in=BURN_IN)
    ill_paid = sum(paid.step() or paid.tally["works_ill"] for _ in range(30))
    assert ill > 3 * max(ill_paid, 1)


def test_the_right_to_usual_hours_reaches_those_long_enough_in_the_job_who_want_it() -> None:
    law = NationalLaw(offer_after_weeks=12)
    market = lived(replace(SCENARIO, policy=SCENARIO.policy.replace(labour=law)), 1)
    w, team = market.care_workers, market.team
    entitled = (market.week - w.starts[team] > 13) & (w.security_taste[team] > -0.2) & (w.pay_mean[team] > 5000)
    assert entitled.sum() > 10
    assert (w.promised[team[entitled]] > 0).all()


def test_the_fee_holds_the_funded_share_of_what_the_clause_costs_by_the_agencies_own_reckoning() -> None:
    unfunded, half = lived(under(travel_paid_floor=1.0), 1), lived(under(travel_paid_floor=1.0, funded_share=0.5), 1)
    added = half.commissioners.agents[0].fee - unfunded.commissioners.agents[0].fee
    cost = expected_cost(unfunded, unfunded.policy.employment)
    payers = unfunded.agencies.travel_paid == 1.0
    assert (cost[payers] == 0).all() and (cost[~payers] > 50).all()
    assert 0 < added <= 0.5 * cost.max() + 1
    assert added == half.commissioners.agents[0].clause_pence


def test_what_was_made_good_up_to_the_floor_is_no_cost_of_paying_the_road() -> None:
    market = lived(SCENARIO, 4)
    g, terms = market.agencies, AgencyChoice(travel_paid_floor=1.0)
    unpaid = g.alive & (g.travel_paid == 0.0)
    g.topped_hour[:] = 0.0
    whole = expected_cost(market, terms)
    g.topped_hour[:] = 50.0
    left = expected_cost(market, terms)
    on_costs = 1.0 + market.uncertainty.agency_costs.on_cost_share
    assert (whole - left)[unpaid] == pytest.approx(50.0 * on_costs * g.lived_share[unpaid])
    g.topped_hour[:] = 1e6
    assert (expected_cost(market, terms) == 0.0).all()


def test_agencies_that_may_choose_a_premium_do_so_where_weekends_go_short() -> None:
    market = lived(load("hamlet", ("uncertainty.agency_behaviour.premium_step=0.05",), scale=1.0, weeks=30), 1)
    g = market.agencies
    g.weekend_short[:] = 0.9
    g.weekday_short[:] = 0.0
    while market.week <= 13:
        g.surplus[:] = 10**7
        market.step()
    assert (g.weekend_premium[g.alive] > 0.0).all()
    assert (market.care_workers.weekend_premium[market.team] > 0.0).any()
    assert market.tally["premium_pence"] > 0


def test_a_clause_that_is_dropped_takes_its_part_of_the_fee_with_it() -> None:
    changes = (Change(4, {"employment": AgencyChoice()}, None),)
    market = lived(replace(under(travel_paid_floor=1.0, funded_share=1.0), changes=changes), 5)
    assert market.commissioners.agents[0].clause_pence == 0


def test_terms_for_new_jobs_leave_old_jobs_and_their_quarterly_promises_as_they_were() -> None:
    """An old fault: a change for new jobs stopped every later offer of promised hours to those in old ones."""
    terms = GuaranteedHours(required_share=1.0)
    scenario = replace(SCENARIO, weeks=16, changes=(Change(1, {"employment": terms}, "new"),))
    market = Market(scenario, cached=False, burn_in=BURN_IN)
    for _ in range(13):
        market.step()
    w = market.care_workers
    assert (w.hired[w.terms == 1] >= 1).all()
    before = w.promised.copy()
    market.agencies.promise_share[:] = 1.0
    market.step()  # week 13: the quarter's decision
    old = market.team[w.terms[market.team] == 0]
    assert old.size > 10
    assert len(market.job_terms) == 2
    assert (w.promised[old] != before[old]).any()


def test_terms_for_all_leave_one_set_of_terms() -> None:
    changes = (Change(1, {"employment": GuaranteedHours()}, "new"), Change(3, {"employment": AgencyChoice()}, "all"))
    market = lived(replace(SCENARIO, changes=changes), 5)
    assert len(market.job_terms) == 1
    assert (market.care_workers.terms == 0).all()
