"""Rounds whose later visits may be pushed: their layout, and the cheapest places for a visit.

The plain insertion of the week leaves planned visits where they are. Here a new visit may push the visits
after it, lateness has a price or is forbidden, and the two halves of a visit for two carers keep a gap
between their starts. Every start is the earliest that the order of the rounds allows.

Arrays of records keep what belongs to one stop together in memory, and keep the compilation short.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel_part

NONE = -1
CANDIDATES = 8
"""Places with the lowest bound that are looked at exactly, for each attendance."""
TIE = 1e-9
"""Starts nearer than this are the same: rounding must not push a visit."""
PATIENCE = 32
"""Pushes for each stop, on average, after which visits are taken to push each other in a circle."""

STOP = np.dtype([
    ("place", np.int64), ("partner", np.int64), ("n_able", np.int64), ("seconds", np.float64),
    ("early", np.float64), ("late", np.float64), ("late_weight", np.float64), ("lag", np.float64),
    ("unplaced_cost", np.float64)], align=True)
WORKER = np.dtype([("mode", np.int64), ("opens", np.float64), ("closes", np.float64)], align=True)
PLANNED = np.dtype([
    ("after", np.int64), ("before", np.int64), ("worker", np.int64), ("n_stops", np.int64),
    ("start", np.float64), ("leg", np.float64), ("leg_cost", np.float64)], align=True)
TENTATIVE = np.dtype([("mark", np.int64), ("waits", np.int64), ("time", np.float64)], align=True)
PUSHED = np.dtype([("stop", np.int64), ("time", np.float64)], align=True)
FOUND = np.dtype([
    ("before", np.int64), ("after", np.int64), ("worker", np.int64), ("start", np.float64),
    ("onward", np.float64), ("cost", np.float64), ("bound", np.float64)], align=True)


class Tours(NamedTuple):
    """What is to be planned: A attendances, W workers, P places, M modes of travel; any one unit of time.

    Stop ``a`` below A is an attendance; stop A + w is the door that worker w leaves and comes back to.

    Attributes
    ----------
    stops : STOP[A + W]. ``place``; ``seconds`` of the attendance, above 0 (0 at a door); ``early`` and
        ``late``, the window of the start; ``late_weight``, the price of a second after it, ``inf`` forbids;
        ``partner``, the other half of a visit for two carers, or -1; ``lag``: the partner's start minus the
        own is at least this (simultaneous: 0 on both halves); ``n_able``; ``unplaced_cost``, finite, if
        nobody does it
    workers : WORKER[W]. ``mode``, row of the tables of travel; ``opens`` and ``closes``, the hard ends of the
        shift
    able : int64[A, W], first the ``n_able`` workers able to do each attendance
    worker_cost : float64[A, W], 0 or more, cost of giving an attendance to a worker
    travel, travel_cost : float64[M, P, P], symmetric, the time and the cost of a journey
    worst_weight : price of the largest lateness
    """

    stops: np.ndarray
    workers: np.ndarray
    able: np.ndarray
    worker_cost: np.ndarray
    travel: np.ndarray
    travel_cost: np.ndarray
    worst_weight: float


class Plan(NamedTuple):
    """Rounds as linked stops.

    Attributes
    ----------
    stops : PLANNED[A + W]. ``after`` and ``before``, the neighbours in the round (a door is both its ends);
        ``worker``, -1 where unplaced; ``start``; ``leg`` and ``leg_cost`` of the journey to the next stop;
        ``n_stops``, at a door, the attendances of the round
    """

    stops: np.ndarray


class Scratch(NamedTuple):
    """Memory that the loops write over.

    Attributes
    ----------
    count : int64[4], stamp of the latest trial, stops that it touched, places found for each half of a visit
    stops : TENTATIVE[A + W], starts in the trial, where ``mark`` is its stamp
    touched : int64[A + W]
    stack : PUSHED, stops that wait to be pushed
    found : FOUND[2, CANDIDATES], the best places of each half of a visit, lowest bound first
    """

    count: np.ndarray
    stops: np.ndarray
    touched: np.ndarray
    stack: np.ndarray
    found: np.ndarray


def empty_plan(tours: Tours) -> Plan:
    """Return a plan in which every worker stays at home."""
    n = tours.able.shape[0]
    stops = np.zeros(tours.stops.size, PLANNED)
    for name in ("after", "before", "worker"):
        stops[name] = NONE
    doors = np.arange(n, stops.size, dtype=np.int64)
    stops["after"][n:] = doors
    stops["before"][n:] = doors
    stops["worker"][n:] = doors - n
    stops["start"][n:] = tours.workers["opens"]
    return Plan(stops)


def scratch_for(tours: Tours) -> Scratch:
    """Return working memory of the size that ``tours`` needs."""
    n = tours.stops.size
    return Scratch(np.zeros(4, np.int64), np.zeros(n, TENTATIVE), np.zeros(n, np.int64),
                   np.zeros(PATIENCE * n + n, PUSHED), np.zeros((2, CANDIDATES), FOUND))


@kernel_part
def link(a: int, before: int, worker: int, tours: Tours, plan: Plan) -> None:
    """Put attendance ``a`` behind the stop ``before`` of a worker's round; no start is set."""
    after = plan.stops[before].after
    mode = tours.workers[worker].mode
    here = tours.stops[a].place
    plan.stops[before].after = a
    plan.stops[a].before = before
    plan.stops[a].after = after
    plan.stops[after].before = a
    plan.stops[before].leg = tours.travel[mode, here, tours.stops[before].place]
    plan.stops[before].leg_cost = tours.travel_cost[mode, here, tours.stops[before].place]
    plan.stops[a].leg = tours.travel[mode, here, tours.stops[after].place]
    plan.stops[a].leg_cost = tours.travel_cost[mode, here, tours.stops[after].place]
    plan.stops[a].worker = worker
    plan.stops[tours.able.shape[0] + worker].n_stops += 1


@kernel_part
def unlink(a: int, tours: Tours, plan: Plan) -> None:
    """Take attendance ``a`` out of its round; starts are left as they were."""
    worker = plan.stops[a].worker
    before = plan.stops[a].before
    after = plan.stops[a].after
    mode = tours.workers[worker].mode
    plan.stops[before].after = after
    plan.stops[after].before = before
    plan.stops[before].leg = tours.travel[mode, tours.stops[before].place, tours.stops[after].place]
    plan.stops[before].leg_cost = tours.travel_cost[mode, tours.stops[before].place, tours.stops[after].place]
    plan.stops[a].worker = NONE
    plan.stops[tours.able.shape[0] + worker].n_stops -= 1


@kernel_part
def push(worst: float, room: float, depth: int, wall: int, other_wall: int, tours: Tours, plan: Plan,
         scratch: Scratch) -> tuple[float, float]:
    """Push the ``depth`` stops on the stack and return (price of the lateness, largest lateness).

    What follows is pushed, along rounds and across visits for two, into ``scratch`` only. The price is
    ``inf`` where it reaches ``room``, a shift ends too soon, visits push each other in a circle, or one of
    the walls is pushed (the stops before what is being put in: then two visits may wait for each other for ever;
    some that would not are turned down too).
    """
    n = tours.able.shape[0]
    stamp = scratch.count[0]
    added = 0.0
    patience = PATIENCE * tours.stops.size
    while depth > 0:
        depth -= 1
        a = scratch.stack[depth].stop
        t = scratch.stack[depth].time
        while True:
            if a >= n:
                if t > tours.workers[a - n].closes + TIE:
                    return np.inf, worst
                break
            fresh = scratch.stops[a].mark != stamp
            now = plan.stops[a].start if fresh else scratch.stops[a].time
            if t <= now + TIE:
                break
            patience -= 1
            if patience < 0 or a == wall or a == other_wall:
                return np.inf, worst
            late = tours.stops[a].late
            if t > late:
                added += tours.stops[a].late_weight * (t - max(now, late))
                if t - late > worst:
                    added += tours.worst_weight * (t - late - worst)
                    worst = t - late
                if added >= room:
                    return np.inf, worst
            if fresh:
                scratch.stops[a].mark = stamp
                scratch.touched[scratch.count[1]] = a
                scratch.count[1] += 1
            scratch.stops[a].time = t
            b = tours.stops[a].partner
            if b >= 0 and plan.stops[b].worker >= 0:
                scratch.stack[depth].stop = b
                scratch.stack[depth].time = t + tours.stops[a].lag
                depth += 1
            t += tours.stops[a].seconds + plan.stops[a].leg
            a = plan.stops[a].after
    return added, worst


@kernel_part
def take_pushed(plan: Plan, scratch: Scratch) -> None:
    """Give the pushed stops their new starts."""
    for i in range(scratch.count[1]):
        a = scratch.touched[i]
        plan.stops[a].start = scratch.stops[a].time


@kernel_part
def settle(tours: Tours, plan: Plan, scratch: Scratch) -> tuple[float, float]:
    """Set every start to the earliest that the order of the rounds allows; return (cost, largest lateness).

    The cost leaves out what is unplaced. It is ``inf`` where visits wait for each other in a circle, or a
    hard window or a shift is not kept.
    """
    n = tours.able.shape[0]
    scratch.count[0] += 1
    done = scratch.count[0]
    cost = 0.0
    to_do = 0
    depth = 0
    for door in range(n, tours.stops.size):
        if plan.stops[door].n_stops > 0:
            to_do += plan.stops[door].n_stops
            cost += plan.stops[door].leg_cost
            scratch.stack[depth].stop = plan.stops[door].after
            depth += 1
    # A round is followed until a stop whose partner has to be reached first; the partner takes it up again.
    while depth > 0:
        depth -= 1
        a = scratch.stack[depth].stop
        while a < n:
            start = arrival(a, tours, plan)
            b = tours.stops[a].partner
            if b >= 0 and plan.stops[b].worker >= 0:
                if scratch.stops[b].mark == done:
                    start = max(start, plan.stops[b].start + tours.stops[b].lag)
                elif tours.stops[b].lag >= 0.0:
                    if tours.stops[a].lag < 0.0 or scratch.stops[b].waits != done:
                        scratch.stops[a].waits = done
                        break
                    start = max(start, arrival(b, tours, plan) + tours.stops[b].lag)
                if scratch.stops[b].waits == done and scratch.stops[b].mark != done:
                    scratch.stack[depth].stop = b
                    depth += 1
            plan.stops[a].start = start
            scratch.stops[a].mark = done
            to_do -= 1
            a = plan.stops[a].after
    if to_do > 0:
        return np.inf, np.inf
    nobody = np.int64(NONE)
    # A first half may have come too long before the second: it is pushed, and what follows it.
    for a in range(n):
        b = tours.stops[a].partner
        if b >= 0 and plan.stops[a].worker >= 0 and plan.stops[b].worker >= 0:
            earliest = plan.stops[b].start + tours.stops[b].lag
            if plan.stops[a].start < earliest - TIE:
                scratch.count[0] += 1
                scratch.count[1] = 0
                scratch.stack[0].stop = a
                scratch.stack[0].time = earliest
                pushed, _ = push(0.0, np.inf, np.int64(1), nobody, nobody, tours, plan, scratch)
                if pushed == np.inf:
                    return np.inf, np.inf
                take_pushed(plan, scratch)
    worst = 0.0
    for a in range(n):
        worker = plan.stops[a].worker
        if worker < 0:
            continue
        cost += plan.stops[a].leg_cost + tours.worker_cost[a, worker]
        over = plan.stops[a].start - tours.stops[a].late
        if over > 0.0:
            cost += tours.stops[a].late_weight * over
            worst = max(worst, over)
        if plan.stops[a].after >= n:
            back = plan.stops[a].start + tours.stops[a].seconds + plan.stops[a].leg
            if back > tours.workers[worker].closes + TIE:
                cost = np.inf
    return cost + tours.worst_weight * worst, worst


@kernel_part
def arrival(a: int, tours: Tours, plan: Plan) -> float:
    """Return the earliest start of ``a`` after the stop before it."""
    before = plan.stops[a].before
    there = plan.stops[before].start + tours.stops[before].seconds + plan.stops[before].leg
    return max(tours.stops[a].early, there)
