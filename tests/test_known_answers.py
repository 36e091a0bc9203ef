"""Questions with answers known from outside: a queue, renewal, a newsvendor, two rounds by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize, stats

from homecare.agents.agency import Agency
from homecare.agents.agency_numbers import AgencyBehaviour
from homecare.agents.care_manager import served_in_order, served_within
from homecare.lived_columns import SPAN, TRAVEL, USER_COLUMNS, WAITING, WORKER_COLUMNS
from homecare.market import Market
from homecare.scenario import load
from homecare.travel import Speeds
from homecare.week.kernels.attendance import Habits, Lived, Pay, People
from homecare.week.kernels.delivery import deliver
from homecare.week.kernels.layout import CANCELLED, CLIPPED, FULL, MISSED, STOPS, Homes, Rounds, Staff, Visits
from homecare.week.kernels.needs import DEATH, Lives, NeedNumbers, live_week

# ---- a queue ------------------------------------------------------------------------------------------------


def test_a_queue_is_served_first_come_first_served_within_its_hours() -> None:
    """Ten assessments of 9 hours in 40 hours a week: 4, 4 and 2, those from hospital before the others."""
    since = np.array([3, 1, 2, 1, 5, 4, 4, 0, 2, 3])
    key = np.array([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    urgent = np.array([1, 1, 1, 1, 0, 1, 1, 1, 0, 1])
    order = served_in_order(urgent, since, key)
    assert key[order].tolist() == [18, 14, 17, 11, 13, 12, 10, 19, 15, 16]
    served = []
    while order.size:
        n = served_within(np.full(order.size, 9.0), 40.0)
        served.append(key[order[:n]].tolist())
        order = order[n:]
    assert served == [[18, 14, 17, 11], [13, 12, 10, 19], [15, 16]]


def test_waits_of_a_fixed_rate_queue_are_lindleys() -> None:
    """Arrivals by week into a queue with room for 3 a week, against W = max(0, backlog) by Lindley's recursion."""
    arrivals = [5, 0, 4, 7, 1, 0, 0, 3]
    waiting: list[tuple[int, int]] = []
    backlog, waits = 0, []
    for week, n in enumerate([*arrivals, 0, 0, 0]):
        waiting += [(week, 100 * week + i) for i in range(n)]
        since, key = (np.array(column) for column in zip(*waiting, strict=True)) if waiting else (np.zeros(0),) * 2
        order = served_in_order(np.zeros(len(waiting)), since, key)
        n_served = served_within(np.full(order.size, 9.0), 27.0)
        waits += [week - waiting[i][0] for i in order[:n_served].tolist()]
        waiting = [waiting[i] for i in order[n_served:].tolist()]
        backlog = max(backlog + n - 3, 0)
        assert len(waiting) == backlog
    # By hand: 5 -> 3 now, 2 in a week; 4 -> 3 and 1; 7 behind 1 -> 2 now, 3, 2; 1 waits for none; 3 at once.
    assert waits == [0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 2, 2, 1, 0, 0, 0]


# ---- renewal ------------------------------------------------------------------------------------------------


def test_staff_who_leave_at_a_constant_hazard_are_a_renewal_process() -> None:
    """With one reason to leave, at a chance p a week, leavers are binomial and tenure is geometric: mean 1 / p."""
    a_year = 0.2
    market = Market(load("hamlet", (
        f"uncertainty.worker_choice.other_leaving={a_year}", "uncertainty.worker_choice.offers_outside=0.002",
        "uncertainty.worker_choice.vocation=4.0", "uncertainty.worker_choice.offers_inside=0.002",
        "uncertainty.worker_choice.moving_cost=3.0", "uncertainty.agency_behaviour.patience_weeks=104",
        "uncertainty.worker_choice.outside_spread=0.03", "initial.workforce.mean_age=38.0",
    ), area="Isle of Wight", scale=1.0, weeks=160), cached=False, burn_in=4)
    w = market.care_workers
    exposed = left = 0
    ends: list[int] = []
    for _ in range(160):
        team = [row for row in market.team.tolist() if w.alive[row] and w.age[row] <= 66.0]
        market.step()
        gone = [row for row in team if not w.alive[row]]
        closed = market.tally["closures"] > 0
        if not closed:
            exposed += len(team)
            left += len(gone)
            ends += [market.week - 1 - int(w.hired[row]) for row in gone]
    p = a_year / 52.0
    assert left > 150, "too few left to say anything"
    assert abs(left - exposed * p) < 4.0 * math.sqrt(exposed * p * (1.0 - p)), (left, exposed * p)


def needs(**changed: float) -> NeedNumbers:
    """Return needs in which nothing happens, but for what is changed."""
    nothing = dict.fromkeys(NeedNumbers._fields, 0.0)
    return NeedNumbers(**{**nothing, "stay_weeks": 2.0, **changed})


def people(n: int) -> Lives:
    """Return n people of 80 who are served and whose need is met."""
    return Lives(
        key=np.arange(1, n + 1), alive=np.ones(n, bool), state=np.full(n, 2, np.int8), age=np.full(n, 80.0),
        lives_alone=np.zeros(n, bool), frailty=np.full(n, 0.5), capability=np.full((n, 4), 0.5),
        need=np.zeros((n, 4)), family_share=np.zeros(n), family_strain=np.zeros(n), practice=np.zeros(n),
        met_share=np.ones(n), missed_share=np.zeros(n), hospital_until=np.full(n, -1),
    )


def test_death_as_the_only_exit_makes_lives_exponential() -> None:
    n, hazard = 4000, 0.02
    lives, length = people(n), np.zeros(n)
    for week in range(600):
        events = live_week(5, week, 1.0, needs(death=hazard), np.ones(4), np.ones((4, 4)), np.ones(4), lives, n)
        assert set(np.unique(events)) <= {0, DEATH}
        died = np.flatnonzero(events == DEATH)
        length[died] = week + 1
        lives.alive[died] = False
    assert not lives.alive.any()
    assert stats.kstest(length - 0.5, "expon", args=(0, -1.0 / math.log(1.0 - hazard))).pvalue > 0.01
    assert abs(length.mean() - 1.0 / hazard) < 4.0 / hazard / math.sqrt(n)


def test_the_stock_of_a_renewal_process_is_littles_law() -> None:
    """Arrivals a week times mean stay: 8 a week at a hazard of 0.05 keep 160."""
    rng_key, hazard, n = 7, 0.05, 8 * 400
    lives = people(n)
    lives.alive[:] = False
    stock = []
    for week in range(400):
        lives.alive[8 * week : 8 * week + 8] = True
        events = live_week(rng_key, week, 1.0, needs(death=hazard), np.ones(4), np.ones((4, 4)), np.ones(4), lives, n)
        stock.append(int(lives.alive.sum()))
        lives.alive[events == DEATH] = False
    assert abs(np.mean(stock[120:]) - 8 / hazard) < 8.0


# ---- a newsvendor -------------------------------------------------------------------------------------------


def agency(**state: float) -> SimpleNamespace:
    """Return what an agency's decision reads."""
    usual = {"wage": 1300, "staff_seconds": 500 * 3600, "hours_mean": 300.0 * 3600, "hours_change": 8.0 * 3600,
             "least_promise": 0.0}
    it = SimpleNamespace(**{**usual, **state})
    it.demand_spread = lambda: Agency.demand_spread(it)
    return it


@pytest.mark.parametrize("leaving", [0.0, 0.004, 0.01])
@pytest.mark.parametrize("premium", [1.1, 1.25, 1.6])
def test_promised_hours_are_those_of_the_cheapest_newsvendor(premium: float, leaving: float) -> None:
    """The closed form against a search for the promise with the least expected cost of idle and short hours."""
    behaviour = AgencyBehaviour(overtime_cost=premium)
    it = agency()
    hour, staff = it.wage / 100.0, it.staff_seconds / 3600.0
    hiring = behaviour.cost_per_hire * leaving / max(staff / 25.0, 1.0) / 25.0
    short = (premium - 1.0) * hour + hiring
    mean, spread = it.hours_mean / 3600.0, math.sqrt(math.pi / 2.0) * it.hours_change / 3600.0 * math.sqrt(13.0)

    def expected_cost(promise: float) -> float:
        z = (promise - mean) / spread
        loss = spread * (stats.norm.pdf(z) - z * stats.norm.sf(z))
        return short * loss + hour * (promise - mean + loss)

    best = optimize.minimize_scalar(expected_cost, bounds=(mean - 6 * spread, mean + 6 * spread), method="bounded",
                                    options={"xatol": 1e-9}).x
    wanted = Agency.promise_wanted(it, behaviour, leaving)
    assert wanted == pytest.approx(best / staff, abs=2e-4)
    assert wanted == pytest.approx((mean + spread * stats.norm.ppf(short / (short + hour))) / staff, abs=2e-4)


def test_a_newsvendor_at_the_edges() -> None:
    behaviour = AgencyBehaviour()
    assert Agency.promise_wanted(agency(hours_mean=0.0), behaviour, 0.01) == 0.0
    assert Agency.promise_wanted(agency(hours_change=0.0), behaviour, 0.01) == pytest.approx(300.0 / 500.0)
    assert Agency.promise_wanted(agency(hours_mean=900.0 * 3600), behaviour, 0.01) == 1.0
    steady = Agency.promise_wanted(agency(hours_change=2.0 * 3600), behaviour, 0.004)
    assert steady > Agency.promise_wanted(agency(hours_change=20.0 * 3600), behaviour, 0.004)


# ---- two rounds by hand -------------------------------------------------------------------------------------

QUIET = Habits(journey_spread=0.0, need_spread=0.0, late_dislike=1.0, cut_dislike=1.0, pay_weight=0.0, own_time=0.0,
               company=0.0, goodwill_seconds=0, with_factor=1.25, cancelled_share=0.0, extra_seconds=0,
               no_show_share=0.0, incident_share=0.0, incident_seconds=0.0, give_up_seconds=9000,
               free_gap_seconds=3600, kept_by_company=0.6, late_seconds=300, cut_most=0.5, least_stay=0.25,
               practice_from=0.8)
SPEED = Speeds(urban=0.1, rural=0.1, other=0.5, door=60)
"""A tenth of a second a metre by car, half a second on foot, a minute at the door."""


def two_rounds(habits: Habits, second_seconds: int = 1800) -> tuple[Lived, int]:
    """Live a Monday: Ann drives to 0, 1 and 2; Bob walks to 3 and meets Ann at 2, which takes two.

    Homes lie on a line at 0, 1000, 3000 and 3600 metres; all visits take 30 minutes but for the second.
    """
    n = 4
    visits = Visits(*(np.zeros(28 * n, np.int32) for _ in range(5)), np.zeros(28 * n, np.int8))
    plan = {0: (28800, 1800, 1), 28: (30800, second_seconds, 1), 56: (33000, 1800, 2), 84: (28800, 1800, 1)}
    for visit, (start, seconds, carers) in plan.items():
        visits.start[visit] = visits.wanted[visit] = start
        visits.seconds[visit], visits.carers[visit] = seconds, carers
    rounds = Rounds(np.full(56 * n, -1, np.int32), np.full((14, STOPS), -1, np.int32),
                    np.zeros((14, STOPS), np.int32), np.zeros((14, STOPS), np.int32), np.zeros(14, np.uint64),
                    np.zeros(14, np.int32), np.zeros(2, np.int64), np.zeros(26, np.int64))
    for seat, stops in ((0, (0, 56, 112)), (1, (168, 113))):
        rounds.stops[7 * seat, : len(stops)] = stops
        rounds.n_stops[7 * seat] = len(stops)
        rounds.worker[list(stops)] = seat
    homes = Homes(np.array([0.0, 1000.0, 3000.0, 3600.0]), np.zeros(n), np.zeros(n, bool))
    both = np.zeros(2)
    staff = Staff(both, both.copy(), np.zeros(2, bool), np.array([True, False]), np.full((2, 7), 25200, np.int32),
                  np.full((2, 7), 79200, np.int32), np.full(2, 10**6), np.zeros(2, np.int64), np.array([1, 2]),
                  np.full(2, 10**6), np.zeros(2, np.int64))
    needed = np.zeros((n, 4))
    needed[:, 0] = [1800.0, float(second_seconds), 1800.0, 1800.0]
    whole = np.zeros(n, np.int64)
    who = People(np.arange(1, n + 1), needed, whole, whole.copy(), np.zeros(n), np.zeros(n), whole.copy())
    lived = Lived(np.full(56 * n, -1, np.int32), np.zeros(56 * n, np.int32), np.full(56 * n, -1, np.int8),
                  np.zeros(56 * n, bool), np.zeros(28 * n), np.zeros(28 * n, np.int64),
                      np.zeros((n, USER_COLUMNS), np.int64),
                  np.zeros((2, WORKER_COLUMNS), np.int64))
    stuck = deliver(1, 0, 0, 2, np.ones(n, bool), rounds.worker.copy(), visits, rounds, homes, staff, SPEED, who,
                    Pay(np.full(2, 20.0), np.zeros(2)), habits, lived)
    return lived, stuck


def test_two_rounds_by_hand_with_nothing_late() -> None:
    lived, stuck = two_rounds(QUIET)
    # Ann: 8:00-8:30; 1000 m and the door are 160 s, there 8:32:40, waits to 8:33:20; done 9:03:20 (32600); 2000 m
    # are 260 s, there 32860, waits for 33000. Bob: 8:00-8:30 (30600); 600 m on foot are 360 s, there 30960.
    assert stuck == 0
    assert [lived.start[a] for a in (0, 56, 112, 113, 168)] == [28800, 30800, 33000, 33000, 28800]
    assert set(lived.ending[[0, 56, 112, 113, 168]].tolist()) == {FULL}
    assert lived.workers[0, [TRAVEL, WAITING, SPAN]].tolist() == [160 + 260, 40 + 140, 34800 - 28800]
    assert lived.workers[1, [TRAVEL, WAITING, SPAN]].tolist() == [360, 33000 - 30960, 34800 - 28800]


def test_two_rounds_by_hand_with_lateness_that_spreads_to_the_colleague() -> None:
    lived, stuck = two_rounds(QUIET, second_seconds=3000)
    # Ann leaves 1 at 33800 and is at 2 at 34060, 1060 s late. So Bob, there since 30960, begins late too. Each
    # cuts c where (L - c) = c: 530 s of 1800 (whole seconds), so both stay 1270 s, below nine tenths: clipped.
    assert stuck == 0
    assert [lived.start[a] for a in (112, 113)] == [34060, 34060]
    assert lived.seconds[[112, 113]].tolist() == [1270, 1270]
    assert lived.ending[[112, 113]].tolist() == [CLIPPED, CLIPPED] and lived.hurried[[112, 113]].all()
    assert lived.workers[1, [WAITING, SPAN]].tolist() == [34060 - 30960, 34060 + 1270 - 28800]


def test_two_rounds_by_hand_given_up_cancelled_and_not_turned_up() -> None:
    lived, stuck = two_rounds(QUIET._replace(give_up_seconds=1000), second_seconds=3000)
    assert stuck == 0 and lived.ending[112] == MISSED
    assert (lived.ending[113], lived.start[113]) == (FULL, 33000), "the colleague does not wait for who never comes"
    lived, _ = two_rounds(QUIET._replace(cancelled_share=1.0))
    assert set(lived.ending[[0, 56, 112, 113, 168]].tolist()) == {CANCELLED} and not lived.workers.any()
    lived, _ = two_rounds(QUIET._replace(no_show_share=1.0))
    assert set(lived.ending[[0, 56, 112, 113, 168]].tolist()) == {MISSED} and not lived.workers.any()
