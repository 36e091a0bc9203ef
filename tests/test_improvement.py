"""The engine for better rounds: a plain twin, two rounds by hand, brute force, an agency's day."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homecare.draws import Purpose, stream
from homecare.travel import TravelUncertainty, pace_between, seconds_between, speeds
from homecare.week.kernels.day_rounds import DayStaff, DayVisits, improve_rounds
from homecare.week.kernels.improvement import (
    cost_of,
    improve,
    make_tours,
    plan_of,
    rounds_of,
)
from homecare.week.kernels.layout import Homes
from homecare.week.kernels.tours import CANDIDATES

KEY = np.uint64(stream(1, int(Purpose.ORDER), 0))


def tours_on_a_line(xs, early, late, *, partner=None, lag=None, able=None, workers=1, weight=1.0, worst=0.0,
                    seconds=10.0, opens=0.0, closes=math.inf, unplaced=1e5):
    """Visits at points of a line; every worker's door is at 0; a metre takes a second and costs one."""
    n = len(xs)
    points = np.array([*xs, 0.0])
    travel = np.abs(points[:, None] - points[None, :])[None]
    worker_cost = np.zeros((n, workers)) if able is None else np.where(np.array(able), 0.0, np.inf)
    return make_tours(
        place=np.arange(n), seconds=np.full(n, seconds),
        early=np.array(early, float), late=np.array(late, float), late_weight=np.full(n, weight),
        partner=np.full(n, -1) if partner is None else np.array(partner),
        lag=np.zeros(n) if lag is None else np.array(lag, float), worker_cost=worker_cost,
        unplaced_cost=np.full(n, unplaced), home=np.full(workers, n), mode=np.zeros(workers, np.int32),
        opens=np.full(workers, opens), closes=np.full(workers, closes), travel=travel, travel_cost=travel,
        worst_weight=worst)


def twin(tours, rounds):
    """Cost of rounds by raising every start until nothing changes: plain Python, no order of work."""
    n = tours.able.shape[0]
    stops = tours.stops
    start = {a: float(stops["early"][a]) for stops_of in rounds for a in stops_of}
    for _ in range(4 * n + 4):
        changed = False
        for w, stops_of in enumerate(rounds):
            before, free = n + w, float(tours.workers["opens"][w])
            for a in stops_of:
                earliest = free + tours.travel[0, stops["place"][before], stops["place"][a]]
                b = int(stops["partner"][a])
                if b >= 0 and b in start:
                    earliest = max(earliest, start[b] + float(stops["lag"][b]))
                if earliest > start[a] + 1e-9:
                    start[a], changed = float(earliest), True
                before, free = a, start[a] + float(stops["seconds"][a])
        if not changed:
            break
    else:
        return math.inf, start
    cost = sum(float(stops["unplaced_cost"][a]) for a in range(n) if a not in start)
    worst = 0.0
    for w, stops_of in enumerate(rounds):
        path = [n + w, *stops_of, n + w]
        for a, b in itertools.pairwise(path):
            cost += float(tours.travel_cost[0, stops["place"][a], stops["place"][b]])
        for a in stops_of:
            late = max(0.0, start[a] - float(stops["late"][a]))
            cost += float(stops["late_weight"][a]) * late if late > 0.0 else 0.0
            worst = max(worst, late)
        if stops_of:
            last = stops_of[-1]
            leg = tours.travel[0, stops["place"][last], stops["place"][n + w]]
            back = start[last] + stops["seconds"][last] + leg
            cost = math.inf if back > tours.workers["closes"][w] + 1e-9 else cost
    return cost + tours.worst_weight * worst, start


@st.composite
def instances(draw, most=7, workers=3, soft=True):
    """Random small tours with single, simultaneous and sequential visits."""
    partner, lag, xs, early = [], [], [], []
    for _ in range(draw(st.integers(1, most))):
        x, opens = draw(st.integers(-60, 60)), draw(st.integers(0, 200))
        sort = draw(st.sampled_from(["one", "one", "together", "apart"]))
        first = len(xs)
        for _ in range(1 if sort == "one" else 2):
            xs.append(x)
            early.append(opens)
        if sort == "one":
            partner, lag = [*partner, -1], [*lag, 0]
        else:
            low = draw(st.integers(1, 40)) if sort == "apart" else 0
            high = low + draw(st.integers(0, 40)) if sort == "apart" else 0
            partner, lag = [*partner, first + 1, first], [*lag, low, -high]
    width = draw(st.integers(10, 120))
    return tours_on_a_line(xs, early, [e + width for e in early], partner=partner, lag=lag, workers=workers,
                           weight=1.0 if soft else math.inf, worst=draw(st.sampled_from([0.0, 1.0])) * soft,
                           closes=math.inf if soft else 330.0)


def nobody_out(tours):
    """Return the plan in which every worker stays at home."""
    return plan_of(tours, [[] for _ in range(tours.workers.size)])


def kept_by(tours, rounds):
    """Check that no visit is done twice, and no visit for two by one worker."""
    done = [a for stops in rounds for a in stops]
    assert len(done) == len(set(done))
    for stops in rounds:
        assert not [a for a in stops if tours.stops["partner"][a] in stops]


@given(tours=instances(), data=st.data())
def test_the_cost_of_any_rounds_is_the_twins(tours, data):
    n, w = tours.worker_cost.shape
    rounds = [[] for _ in range(w)]
    for a in data.draw(st.permutations(range(n))):
        worker = data.draw(st.integers(-1, w - 1))
        if worker >= 0 and int(tours.stops["partner"][a]) not in rounds[worker]:
            rounds[worker].append(a)
    plan = plan_of(tours, rounds)
    expected, start = twin(tours, rounds)
    found = cost_of(tours, plan)
    if math.isinf(expected) or math.isinf(found):
        assert expected == found
    else:
        assert found == pytest.approx(expected, abs=1e-6)
        assert all(plan.stops["start"][a] == pytest.approx(start[a], abs=1e-6) for a in start)
    assert rounds_of(tours, plan) == rounds


@given(tours=instances(), soft=st.booleans(), data=st.data())
def test_insertion_and_improvement_keep_every_rule(tours, soft, data):
    if not soft:
        tours = data.draw(instances(soft=False))
    filled, full = improve(tours, nobody_out(tours), KEY, 0)
    plan, quick = improve(tours, filled, KEY, 20)
    better, improved = improve(tours, plan, KEY, 60, anew=data.draw(st.booleans()))
    assert improved <= quick <= full <= cost_of(tours, nobody_out(tours))
    for rounds, claimed in ((rounds_of(tours, filled), full), (rounds_of(tours, plan), quick),
                            (rounds_of(tours, better), improved)):
        kept_by(tours, rounds)
        expected, _ = twin(tours, rounds)
        assert math.isfinite(expected)
        assert claimed == pytest.approx(expected, abs=1e-6)


def delays_what_goes_before(way, new, begun, start):
    """Return whether the stop before one of the stops ``new`` of some rounds begins later than it did."""
    before = [one[i - 1] for one in way for i in range(1, len(one)) if one[i] in new and one[i - 1] not in new]
    return any(start[a] > begun[a] + 1e-9 for a in before if a in start)


@settings(max_examples=500)
@given(tours=instances(most=4, workers=2), soft=st.booleans(), data=st.data())
def test_a_visit_is_put_in_where_it_costs_least_of_all_places(tours, soft, data):
    """With no more places than the kernel looks at, against the whole cost of every one of them.

    Left out are ways that make the stop before a half of the visit begin later: the kernel looks at none of these.
    """
    if not soft:
        tours = data.draw(instances(most=4, workers=2, soft=False))
    n, w = tours.worker_cost.shape
    assume(n - 1 + w <= CANDIDATES)
    a = data.draw(st.integers(0, n - 1))
    new = [each for each in (a, int(tours.stops["partner"][a])) if each >= 0]
    rounds = [[] for _ in range(w)]
    for c in data.draw(st.permutations([c for c in range(n) if c not in new])):
        here = [k for k in range(w) if int(tours.stops["partner"][c]) not in rounds[k]]
        rounds[data.draw(st.sampled_from(here))].append(c)
    without, begun = twin(tours, rounds)
    assume(math.isfinite(without))
    ways = [rounds]
    for one in new:
        ways = [[*way[:k], [*way[k][:i], one, *way[k][i:]], *way[k + 1:]] for way in ways for k in range(w)
                if int(tours.stops["partner"][one]) not in way[k] for i in range(len(way[k]) + 1)]
    priced = [(way, *twin(tours, way)) for way in ways]
    least = min(without, *(cost for way, cost, start in priced if not delays_what_goes_before(way, new, begun, start)))
    assert improve(tours, plan_of(tours, rounds), KEY, 0)[1] == pytest.approx(least, abs=1e-6)


def test_a_round_by_hand():
    # Out 30, 10 there, 20 back to x=10 at 60: 20 late; home 10. Travel 60.
    tours = tours_on_a_line([30, 10], [0, 0], [100, 40], worst=0.5)
    assert cost_of(tours, plan_of(tours, [[0, 1]])) == 60 + 20 + 0.5 * 20
    assert cost_of(tours, plan_of(tours, [[1, 0]])) == 60
    assert improve(tours, nobody_out(tours), KEY, 20)[1] == 60


def test_insertion_puts_in_what_can_be_kept_and_leaves_out_the_rest():
    """Far visits go in first; a near one then takes the place before them, and one of two carers nobody's."""
    tours = tours_on_a_line([30, 10], [0, 5], [100, 12], weight=math.inf)
    plan, cost = improve(tours, nobody_out(tours), KEY, 0)
    assert rounds_of(tours, plan) == [[1, 0]] and cost == 60
    both = tours_on_a_line([30, 30], [0, 0], [100, 100], partner=[1, 0], workers=1)
    plan, cost = improve(both, nobody_out(both), KEY, 0)
    assert rounds_of(both, plan) == [[]] and cost == 2e5, "two carers are two people"


def test_two_carers_by_hand():
    # Both at x=50, the second 20 to 30 after the first; the second carer is held up at x=-40 until 100, does
    # 10 there, and travels 90: 200. So the first may not start before 170, 70 late.
    tours = tours_on_a_line([50, 50, -40], [100, 100, 100], [100, 300, 300], partner=[1, 0, -1],
                            lag=[20, -30, 0], workers=2)
    plan = plan_of(tours, [[0], [2, 1]])
    assert cost_of(tours, plan) == 100 + 180 + 70
    assert plan.stops["start"][:3].tolist() == [170, 200, 100]


def test_visits_that_wait_for_each_other_cannot_be_planned():
    tours = tours_on_a_line([1, 1, 2, 2], [0] * 4, [9] * 4, partner=[1, 0, 3, 2], workers=2)
    assert cost_of(tours, plan_of(tours, [[0, 2], [3, 1]])) == math.inf
    assert math.isfinite(cost_of(tours, plan_of(tours, [[0, 2], [1, 3]])))


def test_improvement_finds_the_best_of_all_rounds():
    tours = tours_on_a_line([20, -35, 50, 50, -10, 44], [0, 40, 80, 80, 20, 10], [30, 60, 90, 90, 60, 90],
                            partner=[-1, -1, 3, 2, -1, -1], workers=2, worst=1.0,
                            able=[[1, 1], [1, 1], [1, 0], [0, 1], [1, 1], [0, 1]])
    best = math.inf
    for workers in itertools.product((0, 1), repeat=3):
        mine = [[2], [3, 5]]
        for a, w in zip((0, 1, 4), workers, strict=True):
            mine[w].append(a)
        for rounds in itertools.product(itertools.permutations(mine[0]), itertools.permutations(mine[1])):
            best = min(best, twin(tours, [list(r) for r in rounds])[0])
    plan, _ = improve(tours, nobody_out(tours), KEY, 0)
    assert improve(tours, plan, KEY, 500)[1] == pytest.approx(best)
    assert improve(tours, plan, KEY, 500, anew=True)[1] == pytest.approx(best)


def test_the_same_luck_gives_the_same_rounds():
    tours = tours_on_a_line([(37 * i) % 101 - 50 for i in range(30)], [(53 * i) % 300 for i in range(30)],
                            [(53 * i) % 300 + 40 for i in range(30)], workers=4)
    nobody = plan_of(tours, [[], [], [], []])
    given = nobody.stops.copy()
    found = [improve(tours, nobody, KEY, 4)[0].stops.tobytes() for _ in range(2)]
    assert found[0] == found[1]
    assert nobody.stops.tobytes() == given.tobytes()
    keys = [np.uint64(stream(seed, int(Purpose.ORDER), 0)) for seed in (2, 3, 4)]
    others = [improve(tours, nobody, key, 4)[0] for key in keys]
    assert {plan.stops.tobytes() for plan in others} != {found[0]}


def test_faults_of_the_layout_are_all_named():
    with pytest.raises(ValueError, match=r"takes no time.*gap between two starts is empty"):
        tours_on_a_line([1, 1], [0, 0], [9, 9], partner=[1, 0], lag=[30, -20], seconds=0.0, workers=2)


def a_day(seed=3, n_visits=24, n_workers=5):
    """An agency's day on a village: rounds that a simple rule planned, one visit after another."""
    luck = np.random.default_rng(seed)
    n_blocks = 12
    x, y = luck.uniform(0, 4000, (2, n_blocks))
    homes = Homes(x, y, luck.random(n_blocks) < 0.5)
    block = luck.integers(0, n_blocks, n_visits)
    wanted = luck.integers(8, 18, n_visits) * 3600
    carers = 1 + (luck.random(n_visits) < 0.3)
    staff = DayStaff(
        x=luck.uniform(0, 4000, n_workers), y=luck.uniform(0, 4000, n_workers),
        rural=np.zeros(n_workers, bool),
        drives=np.arange(n_workers) % 2 == 0, opens=np.full(n_workers, 7 * 3600),
        closes=np.full(n_workers, 21 * 3600), visit_cost=np.zeros((n_visits, n_workers)))
    worker, start = np.full((n_visits, 2), -1), np.zeros(n_visits, np.int64)
    free = np.full(n_workers, 7 * 3600)
    for v in np.argsort(wanted, kind="stable"):
        chosen = np.argsort(free, kind="stable")[: carers[v]]
        begins = max(int(wanted[v]) - 3600, int(free[chosen].max()) + 2400)
        if begins <= wanted[v] + 3600:
            worker[v, : carers[v]], start[v] = chosen, begins
            free[chosen] = begins + 1800
    visits = DayVisits(block, np.full(n_visits, 1800), wanted - 3600, wanted + 3600, wanted, worker, start)
    return visits, staff, homes


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_an_agencys_day_keeps_windows_shifts_and_roads(seed):
    visits, staff, homes = a_day(seed)
    speed = speeds(TravelUncertainty())
    worker, start, saved = improve_rounds(visits, staff, homes, speed, 0.5, KEY, 400)
    placed = (worker >= 0).any(axis=1)
    assert (worker >= 0).sum() >= (visits.worker >= 0).sum()
    assert saved > 0.0
    assert np.all(start[placed] >= visits.early[placed]) and np.all(start[placed] <= visits.late[placed])
    both = (visits.worker >= 0).all(axis=1)
    assert np.array_equal((worker >= 0).all(axis=1) & both, both)
    assert np.all(worker[both, 0] != worker[both, 1])
    for w in range(staff.x.size):
        mine = [v for v in np.argsort(start, kind="stable") if w in worker[v]]
        free, here = staff.opens[w], None
        for v in mine:
            there = visits.block[v]
            if here is not None and here != there:
                pace = pace_between(staff.drives[w], homes.rural[here], homes.rural[there], speed)
                free += seconds_between(homes.x[here], homes.y[here], homes.x[there], homes.y[there], pace,
                                        speed.door)
            assert start[v] >= free
            free, here = start[v] + visits.seconds[v], there
        assert free <= staff.closes[w]
    again = improve_rounds(visits, staff, homes, speed, 0.5, KEY, 400)
    assert np.array_equal(again[0], worker) and np.array_equal(again[1], start)


def test_a_day_that_cannot_be_kept_is_refused():
    visits, staff, homes = a_day()
    speed = speeds(TravelUncertainty())
    with pytest.raises(ValueError, match="too short"):
        improve_rounds(visits, staff._replace(closes=staff.opens + 60), homes, speed, 0.5, KEY, 1)
    with pytest.raises(ValueError, match="cannot go"):
        nobody_can = staff._replace(visit_cost=staff.visit_cost + np.inf)
        improve_rounds(visits, nobody_can, homes, speed, 0.5, KEY, 1)
