"""Where a visit, or both halves of a visit for two carers, costs least in rounds that may be pushed."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel_part
from homecare.draws import uniform
from homecare.week.kernels.tours import CANDIDATES, NONE, TIE, Plan, Scratch, Tours, link, push, take_pushed


@kernel_part
def late_cost(a: int, start: float, before: float, tours: Tours) -> float:
    """Return the price of the lateness that a start after ``before`` adds."""
    before = max(before, tours.stops[a].late)
    return tours.stops[a].late_weight * (start - before) if start > before else 0.0


@kernel_part
def find_places(a: int, half: int, without: int, tours: Tours, plan: Plan, scratch: Scratch) -> None:
    """Write the places of attendance ``a`` with the lowest bounds on cost, cheapest first, to ``scratch``.

    The bound counts travel, the worker's cost, the own lateness and the lateness of the next stop. The worker
    ``without`` is left out.
    """
    n = tours.able.shape[0]
    stop = tours.stops[a]
    early = stop.early
    late = stop.late
    weight = stop.late_weight
    seconds = stop.seconds
    here = stop.place
    best = scratch.found[half]
    found = 0
    limit = np.inf
    for i in range(stop.n_able):
        worker = tours.able[a, i]
        if worker == without:
            continue
        mode = tours.workers[worker].mode
        row = tours.travel[mode, here]
        row_cost = tours.travel_cost[mode, here]
        fixed = tours.worker_cost[a, worker]
        before = n + worker
        inward = row[tours.stops[before].place]
        inward_cost = row_cost[tours.stops[before].place]
        while True:
            after = plan.stops[before].after
            if after < n and tours.stops[after].late_weight * (
                    early + seconds - max(plan.stops[after].start, tours.stops[after].late)) >= limit:
                before = after
                inward = row[tours.stops[before].place]
                inward_cost = row_cost[tours.stops[before].place]
                continue
            outward = row[tours.stops[after].place]
            outward_cost = row_cost[tours.stops[after].place]
            start = max(early, plan.stops[before].start + tours.stops[before].seconds + inward)
            cost = inward_cost + outward_cost - plan.stops[before].leg_cost + fixed
            bound = cost
            if start > late:
                bound += weight * (start - late)
                if weight * (start - late) >= limit:
                    break
            if bound < limit:
                onward = start + seconds + outward
                if after < n:
                    bound += late_cost(after, onward, plan.stops[after].start, tours)
                elif onward > tours.workers[worker].closes + TIE:
                    bound = np.inf
                if bound < limit:
                    k = min(found, CANDIDATES - 1)
                    while k > 0 and best[k - 1].bound > bound:
                        best[k] = best[k - 1]
                        k -= 1
                    best[k].before = before
                    best[k].after = after
                    best[k].worker = worker
                    best[k].start = start
                    best[k].onward = seconds + outward
                    best[k].cost = cost
                    best[k].bound = bound
                    if found < CANDIDATES:
                        found += 1
                    if found == CANDIDATES:
                        limit = best[CANDIDATES - 1].bound
            if after >= n:
                break
            before = after
            inward = outward
            inward_cost = outward_cost
    scratch.count[2 + half] = found


@kernel_part
def pair_starts(a: int, b: int, start: float, other: float, tours: Tours) -> tuple[float, float]:
    """Return the earliest starts of both halves of a visit that keep their gap."""
    return max(start, other + tours.stops[b].lag), max(other, start + tours.stops[a].lag)


@kernel_part
def price(a: int, b: int, k: int, j: int, worst: float, room: float, tours: Tours, plan: Plan,
          scratch: Scratch) -> tuple[float, float]:
    """Return (added cost, largest lateness) with ``a`` at place ``k`` and its partner ``b`` at place ``j``.

    There is no partner where ``b`` is negative. The cost is ``inf`` where it reaches ``room``.
    """
    scratch.count[0] += 1
    scratch.count[1] = 0
    start = scratch.found[0, k].start
    other = scratch.found[1, j].start
    wall = scratch.found[0, k].before
    other_wall = NONE
    cost = scratch.found[0, k].cost
    depth = 1
    if b >= 0:
        start, other = pair_starts(a, b, start, other, tours)
        other_wall = scratch.found[1, j].before
        cost += scratch.found[1, j].cost
        depth = 2
    for half in range(depth):
        stop = a if half == 0 else b
        begins = start if half == 0 else other
        over = begins - tours.stops[stop].late
        if over > 0.0:
            cost += tours.stops[stop].late_weight * over
            if over > worst:
                cost += tours.worst_weight * (over - worst)
                worst = over
        if cost >= room:
            return np.inf, worst
        found = scratch.found[half, k if half == 0 else j]
        scratch.stack[half].stop = found.after
        scratch.stack[half].time = begins + found.onward
    added, worst = push(worst, room - cost, depth, wall, other_wall, tours, plan, scratch)
    return cost + added, worst


@kernel_part
def only_one_worker(scratch: Scratch) -> bool:
    """Return whether all places of both halves are with one worker, who cannot be two carers."""
    for half in range(2):
        for k in range(scratch.count[2 + half]):
            if scratch.found[half, k].worker != scratch.found[0, 0].worker:
                return False
    return scratch.count[2] > 0 and scratch.count[3] > 0


@kernel_part
def put_in(a: int, worst: float, blink: float, key: np.uint64, step: int, k_draw: int, tours: Tours,
           plan: Plan, scratch: Scratch) -> tuple[float, float]:
    """Put an attendance, and its partner, into the cheapest places; return (added cost, largest lateness).

    Each place of ``a`` is overlooked with probability ``blink``. Where there is no feasible place, nothing
    happens and the cost is that of leaving the visit out.
    """
    b = tours.stops[a].partner
    unplaced = tours.stops[a].unplaced_cost
    halves = 1
    n_other = 1
    if b >= 0:
        halves = 2
        unplaced += tours.stops[b].unplaced_cost
    # The third search is for the other half where one worker alone was found for both. Plain -1 would be a
    # literal to Numba, which compiles a function anew for each literal.
    without = np.int64(NONE)
    for search in range(3):
        if search < halves or (search == 2 and b >= 0 and only_one_worker(scratch)):
            if search == 2:
                without = scratch.found[0, 0].worker
            find_places(a if search == 0 else b, min(search, 1), without, tours, plan, scratch)
    if b >= 0:
        n_other = scratch.count[3]
    best = unplaced
    best_k = np.int64(NONE)
    best_j = np.int64(NONE)
    for k in range(scratch.count[2]):
        if blink > 0.0 and uniform(key, step, k_draw + k) < blink:
            continue
        for j in range(n_other):
            bound = scratch.found[0, k].bound
            if b >= 0:
                bound += scratch.found[1, j].bound
            if bound >= best:
                break
            if b >= 0:
                if scratch.found[0, k].worker == scratch.found[1, j].worker:
                    continue
            cost, _ = price(a, b, k, j, worst, best, tours, plan, scratch)
            if cost < best:
                best = cost
                best_k = k
                best_j = j
    if best_k < 0:
        return unplaced, worst
    _, worst = price(a, b, best_k, best_j, worst, np.inf, tours, plan, scratch)
    take_pushed(plan, scratch)
    start = scratch.found[0, best_k].start
    other = scratch.found[1, best_j].start
    if b >= 0:
        start, other = pair_starts(a, b, start, other, tours)
    link(a, scratch.found[0, best_k].before, scratch.found[0, best_k].worker, tours, plan)
    plan.stops[a].start = start
    if b >= 0:
        link(b, scratch.found[1, best_j].before, scratch.found[1, best_j].worker, tours, plan)
        plan.stops[b].start = other
    return best, worst
