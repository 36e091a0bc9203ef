"""One agency's rounds of one day, handed over for deeper improvement and handed back.

Times are whole seconds and places metres, as in the week's own insertion. The journeys from and to a worker's
home cost ``home_leg`` of a second each second and take nothing from the shift.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.travel import Speeds
from homecare.week.kernels.improvement import cost_of, improve, make_tours, plan_of, rounds_of
from homecare.week.kernels.layout import NOBODY, Homes
from homecare.week.kernels.tours import Tours

UNPLACED = 1e7
"""Cost, in seconds of travel, of an attendance that nobody does: more than any travel of a day."""


class DayVisits(NamedTuple):
    """The V visits of a day.

    ``block`` int64[V] into the homes; ``seconds``, ``early``, ``late`` and ``wanted`` int64[V], the length,
    the hard window of the start and the time wanted; ``worker`` int64[V, 2], who is planned to go, -1 for
    nobody; ``start`` int64[V], planned.
    """

    block: np.ndarray
    seconds: np.ndarray
    early: np.ndarray
    late: np.ndarray
    wanted: np.ndarray
    worker: np.ndarray
    start: np.ndarray


class DayStaff(NamedTuple):
    """The W workers of the day.

    ``x``, ``y`` float64[W]; ``rural``, ``drives`` bool[W]; ``opens``, ``closes`` int64[W], ends of the shift;
    ``visit_cost`` float64[V, W], 0 or more, the seconds of travel that it is worth not to send a worker,
    ``inf`` where they cannot go.
    """

    x: np.ndarray
    y: np.ndarray
    rural: np.ndarray
    drives: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    visit_cost: np.ndarray


def improve_rounds(visits: DayVisits, staff: DayStaff, homes: Homes, speed: Speeds, home_leg: float,
                   key: np.uint64, steps: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return (worker int64[V, 2], start int64[V], seconds of cost saved) of rounds no worse than those given.

    Every start lies in its window, every round in its shift, both carers of a visit start together, and no
    more attendances are left out than were. A visit of which only one carer was planned is planned for one.
    Starts are as near to the wanted time as the order of the rounds allows, which costs nothing.

    Raises
    ------
    ValueError
        Where the rounds given cannot be kept: a worker who cannot go, a window or a shift that is too short.
    """
    tours, visit, half = _day_tours(visits, staff, homes, speed, home_leg)
    given: list[list[int]] = [[] for _ in range(staff.x.size)]
    for a in np.argsort(visits.start[visit], kind="stable").tolist():
        worker = int(visits.worker[visit[a], half[a]])
        if worker != NOBODY:
            if not np.isfinite(tours.worker_cost[a, worker]):
                raise ValueError(f"worker {worker} cannot go to visit {visit[a]}, as the rounds given say")
            given[worker].append(a)
    before = plan_of(tours, given)
    cost = cost_of(tours, before)
    if not np.isfinite(cost):
        raise ValueError("the rounds given cannot be kept: a window or a shift is too short for their order")
    after, better = improve(tours, before, key, steps)
    start = _towards_wanted(tours, rounds_of(tours, after), after.stops["start"], visits.wanted[visit])
    workers = visits.worker.copy()
    starts = visits.start.copy()
    workers[visit, half] = after.stops["worker"][: visit.size]
    placed = after.stops["worker"][: visit.size] >= 0
    starts[visit[placed]] = start[: visit.size][placed]
    return workers, starts, cost - better


def _day_tours(visits: DayVisits, staff: DayStaff, homes: Homes, speed: Speeds,
               home_leg: float) -> tuple[Tours, np.ndarray, np.ndarray]:
    """Return the layout of the day, and the visit and the half of each attendance."""
    planned = visits.worker >= 0
    both = planned.all(axis=1)
    visit = np.concatenate([np.arange(visits.block.size), np.flatnonzero(both)])
    half = np.where(~planned[:, 0] & planned[:, 1], 1, 0)
    half = np.concatenate([half, np.ones(int(both.sum()), np.int64)])
    partner = np.full(visit.size, NOBODY)
    second = np.arange(visits.block.size, visit.size)
    partner[visit[second]] = second
    partner[second] = visit[second]
    blocks, place = np.unique(visits.block, return_inverse=True)
    n = blocks.size
    x = np.concatenate([homes.x[blocks], staff.x])
    y = np.concatenate([homes.y[blocks], staff.y])
    rural = np.concatenate([homes.rural[blocks], staff.rural]).astype(bool)
    dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
    metres = np.sqrt(dx * dx + dy * dy)
    mixed = np.where(rural[:, None] | rural[None, :], 0.5 * (speed.rural + speed.urban), speed.urban)
    driving = np.where(rural[:, None] & rural[None, :], speed.rural, mixed)
    travel = np.stack([np.floor(metres * speed.other), np.floor(metres * driving)]) + speed.door
    travel[:, np.arange(x.size), np.arange(x.size)] = 0.0
    cost = travel.copy()
    cost[:, n:, :] *= home_leg
    cost[:, :n, n:] *= home_leg
    travel[:, n:, :] = 0.0
    travel[:, :, n:] = 0.0
    tours = make_tours(
        place=place[visit], seconds=visits.seconds[visit], early=visits.early[visit], late=visits.late[visit],
        late_weight=np.full(visit.size, np.inf), partner=partner, lag=np.zeros(visit.size),
        worker_cost=staff.visit_cost[visit], unplaced_cost=np.full(visit.size, UNPLACED),
        home=n + np.arange(staff.x.size), mode=staff.drives.astype(np.int64), opens=staff.opens,
        closes=staff.closes, travel=travel, travel_cost=cost, worst_weight=0.0)
    return tours, visit, half


def _towards_wanted(tours: Tours, rounds: list[list[int]], start: np.ndarray,
                    wanted: np.ndarray) -> np.ndarray:
    """Return int64 starts, each as late as the wanted time where the stops after it leave room for it."""
    start = start.astype(np.int64)
    stops = tours.stops
    worker_of = {a: w for w, stops_of in enumerate(rounds) for a in stops_of}
    following = {a: b for stops_of in rounds for a, b in zip(stops_of, stops_of[1:], strict=False)}
    done = np.zeros(start.size, bool)
    for a in sorted(worker_of, key=lambda stop: (-start[stop], stop)):
        if done[a]:
            continue
        b = int(stops["partner"][a])
        halves = [a] if b < 0 or b not in worker_of else [a, b]
        latest = min(int(wanted[a]), int(stops["late"][a]))
        for stop in halves:
            w = worker_of[stop]
            end = int(tours.workers["closes"][w])
            if stop in following:
                after = following[stop]
                leg = tours.travel[tours.workers["mode"][w], stops["place"][stop], stops["place"][after]]
                end = int(start[after]) - int(leg)
            latest = min(latest, end - int(stops["seconds"][stop]))
        for stop in halves:
            start[stop] = max(int(start[stop]), latest)
            done[stop] = True
    return start
