"""Better rounds by ruin and recreate: for the reviews of rotas, and for the yardstick of ``docs/rounds.md``."""

from __future__ import annotations

import numpy as np

from homecare.numerics import power, total
from homecare.week.kernels.tours import NONE, STOP, WORKER, Plan, Tours, empty_plan, scratch_for
from homecare.week.kernels.tours_anneal import anneal

MEAN_REMOVED = 10.0
"""Mean number of attendances that a ruin takes out."""
LONGEST = 3.0
"""Longest string that it takes out of one round."""
BLINK = 0.03
"""Probability that the recreate overlooks a place."""
HOT, COLD = 1.75, 0.04
"""First and last temperature, in costs of a mean journey."""
FARTHEST_FIRST_SHARE = 0.6
"""Share of steps in which the visits far from the doors go in first; the others put them in at random."""
NEAR = 48
"""Neighbours of a visit among which a ruin spreads."""


def make_tours(
    place: np.ndarray,
    seconds: np.ndarray,
    early: np.ndarray,
    late: np.ndarray,
    late_weight: np.ndarray,
    partner: np.ndarray,
    lag: np.ndarray,
    worker_cost: np.ndarray,
    unplaced_cost: np.ndarray,
    home: np.ndarray,
    mode: np.ndarray,
    opens: np.ndarray,
    closes: np.ndarray,
    travel: np.ndarray,
    travel_cost: np.ndarray,
    worst_weight: float,
) -> Tours:
    """Return the layout of what is to be planned, checked.

    Parameters
    ----------
    place ... unplaced_cost : of each attendance, as in :class:`Tours`; ``worker_cost`` is ``inf`` where a
        worker is not able
    home, mode, opens, closes : of each worker; ``home`` is the place of the door
    travel, travel_cost : float64[M, P, P], symmetric
    worst_weight : price of the largest lateness, 0 or more

    Raises
    ------
    ValueError
        Where attendances take no time, partners are not each other's, a gap is empty, a cost is negative, a
        price of leaving out is not finite, or travel is not the same both ways.
    """
    n, w = worker_cost.shape
    mates = np.flatnonzero(partner >= 0)
    checks = {
        "an attendance takes no time": bool(np.all(seconds > 0.0)),
        "partners are not each other's": bool(np.all(partner[partner[mates]] == mates)),
        "the gap between two starts is empty": bool(np.all(lag[mates] + lag[partner[mates]] <= 0.0)),
        "a cost is negative": bool(np.all(worker_cost >= 0.0) and np.all(travel_cost >= 0.0)),
        "leaving out has no finite price": bool(np.all(np.isfinite(unplaced_cost))),
        "travel differs by direction": bool(
            np.array_equal(travel, travel.transpose(0, 2, 1))
            and np.array_equal(travel_cost, travel_cost.transpose(0, 2, 1))),
    }
    faults = [fault for fault, kept in checks.items() if not kept]
    if faults:
        raise ValueError("these tours cannot be planned: " + "; ".join(faults))
    able = np.isfinite(worker_cost)
    stops = np.zeros(n + w, STOP)
    stops["partner"] = NONE
    stops["place"][n:] = home
    stops["n_able"][:n] = able.sum(axis=1)
    for name, values in {
        "place": place, "seconds": seconds, "early": early, "late": late, "late_weight": late_weight,
        "partner": partner, "lag": lag, "unplaced_cost": unplaced_cost,
    }.items():
        stops[name][:n] = values
    workers = np.zeros(w, WORKER)
    workers["mode"], workers["opens"], workers["closes"] = mode, opens, closes
    able_first = np.argsort(~able, axis=1, kind="stable").astype(np.int64)
    return Tours(stops, workers, able_first, np.ascontiguousarray(worker_cost, np.float64),
                 np.ascontiguousarray(travel, np.float64), np.ascontiguousarray(travel_cost, np.float64),
                 float(worst_weight))


def plan_of(tours: Tours, rounds: list[list[int]]) -> Plan:
    """Return the plan in which worker w does the attendances ``rounds[w]``, in that order; starts not set."""
    n = tours.able.shape[0]
    plan = empty_plan(tours)
    for w, stops in enumerate(rounds):
        door = n + w
        path = np.array([door, *stops, door], np.int64)
        mode = tours.workers["mode"][w]
        here, there = tours.stops["place"][path[:-1]], tours.stops["place"][path[1:]]
        plan.stops["after"][path[:-1]] = path[1:]
        plan.stops["before"][path[1:]] = path[:-1]
        plan.stops["worker"][path] = w
        plan.stops["leg"][path[:-1]] = tours.travel[mode, here, there]
        plan.stops["leg_cost"][path[:-1]] = tours.travel_cost[mode, here, there]
        plan.stops["n_stops"][door] = len(stops)
    return plan


def rounds_of(tours: Tours, plan: Plan) -> list[list[int]]:
    """Return the attendances of each worker's round, in order."""
    n = tours.able.shape[0]
    after = plan.stops["after"]
    rounds = []
    for door in range(n, tours.stops.size):
        stops = []
        a = int(after[door])
        while a < n:
            stops.append(a)
            a = int(after[a])
        rounds.append(stops)
    return rounds


def _anneal(steps: int, heat: float, key: np.uint64, tours: Tours, plan: Plan) -> tuple[Plan, float]:
    n = tours.able.shape[0]
    best = empty_plan(tours)
    far = np.zeros(n)
    for w in range(tours.workers.size):
        home = tours.stops["place"][n + w]
        far -= tours.travel_cost[tours.workers["mode"][w], home][tours.stops["place"][:n]]
    hot = HOT * heat * mean_journey(tours)
    cooling = power(COLD / HOT, 1.0 / max(steps, 1))
    near = np.full((n, min(n, NEAR)), NONE, np.int64)
    cost = anneal(steps, hot, cooling, MEAN_REMOVED, LONGEST, BLINK, np.uint64(key), near, far[None],
                  np.array([FARTHEST_FIRST_SHARE]), tours, plan, empty_plan(tours), best, scratch_for(tours))
    return best, cost


def mean_journey(tours: Tours) -> float:
    """Return the mean cost of a journey between two places by the first mode."""
    return total(tours.travel_cost[0].ravel()) / tours.travel_cost[0].size


def cost_of(tours: Tours, plan: Plan) -> float:
    """Settle the starts of ``plan`` and return its whole cost; ``inf`` where its rounds cannot be kept."""
    return _anneal(-1, 0.0, np.uint64(0), tours, plan)[1]


def improve(tours: Tours, plan: Plan, key: np.uint64, steps: int, anew: bool = False) -> tuple[Plan, float]:
    """Return rounds no worse than those of ``plan``, and their cost.

    Parameters
    ----------
    key : a stream of :func:`homecare.draws.stream`; the same key and steps give the same rounds
    steps : how many ruins; with 0 what is unplaced is put in
    anew : start from empty rounds, and return ``plan`` where nothing better was found. From nothing, some
        thousand steps end lower; from ``plan``, less changes
    """
    given = cost_of(tours, plan)
    start = empty_plan(tours) if anew else Plan(plan.stops.copy())
    better, cost = _anneal(steps, 1.0, key, tours, start)
    return (better, cost) if cost < given else (plan, given)
