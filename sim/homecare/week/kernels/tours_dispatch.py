"""First rounds by a plain dispatcher: visits in the order of their windows, each to whoever is nearest and in time."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.week.kernels.tours import NONE, TIE, Plan, Tours, link

CHOICES = 6
"""Workers with the lowest cost that are looked at for each half of a visit for two carers."""


@kernel_part
def late_price(a: int, start: float, dear: float, tours: Tours) -> float:
    """Return ``dear`` times the price of the lateness of a start."""
    over = start - tours.stops[a].late
    return dear * tours.stops[a].late_weight * over if over > 0.0 else 0.0


@kernel_part
def can_return(a: int, start: float, worker: int, tours: Tours) -> bool:
    """Return whether a worker who begins ``a`` at ``start`` is home within the shift."""
    door = tours.stops[tours.able.shape[0] + worker].place
    back = tours.travel[tours.workers[worker].mode, tours.stops[a].place, door]
    return start + tours.stops[a].seconds + back <= tours.workers[worker].closes + TIE


@kernel_part
def find_workers(a: int, dear: float, tours: Tours, plan: Plan, worker: np.ndarray, start: np.ndarray,
                 cost: np.ndarray) -> int:
    """Write the workers for whom ``a`` costs least as the next stop of their round; return how many there are."""
    n = tours.able.shape[0]
    found = 0
    for i in range(tours.stops[a].n_able):
        w = tours.able[a, i]
        last = plan.stops[n + w].before
        mode = tours.workers[w].mode
        here = tours.stops[last].place
        begins = max(tours.stops[a].early, plan.stops[last].start + tours.stops[last].seconds
                     + tours.travel[mode, here, tours.stops[a].place])
        price = (tours.travel_cost[mode, here, tours.stops[a].place] + tours.worker_cost[a, w]
                 + late_price(a, begins, dear, tours))
        if price == np.inf or not can_return(a, begins, w, tours):
            continue
        if found == worker.size and price >= cost[found - 1]:
            continue
        k = min(found, worker.size - 1)
        found = k + 1
        while k > 0 and cost[k - 1] > price:
            worker[k] = worker[k - 1]
            start[k] = start[k - 1]
            cost[k] = cost[k - 1]
            k -= 1
        worker[k] = w
        start[k] = begins
        cost[k] = price
    return found


@kernel
def dispatch(order: np.ndarray, dear: float, tours: Tours, plan: Plan) -> None:
    """Write rounds onto an empty ``plan``, one visit after the other at the end of somebody's round.

    What nobody can do in time stays unplaced.

    Parameters
    ----------
    order : int64[A], the attendances in the order in which they are given out; both halves of a visit for two go
        out with the first
    dear : factor on the price of lateness
    """
    workers = np.empty((2, CHOICES), np.int64)
    starts = np.empty((2, CHOICES), np.float64)
    costs = np.empty((2, CHOICES), np.float64)
    for i in range(order.size):
        a = order[i]
        b = tours.stops[a].partner
        if plan.stops[a].worker >= 0:
            continue
        n_first = find_workers(a, dear, tours, plan, workers[0], starts[0], costs[0])
        if b < 0:
            if n_first > 0:
                link(a, plan.stops[tours.able.shape[0] + workers[0, 0]].before, workers[0, 0], tours, plan)
                plan.stops[a].start = starts[0, 0]
            continue
        n_second = find_workers(b, dear, tours, plan, workers[1], starts[1], costs[1])
        best = np.inf
        best_k = np.int64(NONE)
        best_j = np.int64(NONE)
        for k in range(n_first):
            for j in range(n_second):
                start = max(starts[0, k], starts[1, j] + tours.stops[b].lag)
                other = max(starts[1, j], starts[0, k] + tours.stops[a].lag)
                cost = (costs[0, k] - late_price(a, starts[0, k], dear, tours) + late_price(a, start, dear, tours)
                        + costs[1, j] - late_price(b, starts[1, j], dear, tours) + late_price(b, other, dear, tours))
                if (workers[0, k] != workers[1, j] and cost < best
                        and can_return(a, start, workers[0, k], tours)
                        and can_return(b, other, workers[1, j], tours)):
                    best = cost
                    best_k = k
                    best_j = j
        if best_k < 0:
            continue
        start = max(starts[0, best_k], starts[1, best_j] + tours.stops[b].lag)
        other = max(starts[1, best_j], starts[0, best_k] + tours.stops[a].lag)
        link(a, plan.stops[tours.able.shape[0] + workers[0, best_k]].before, workers[0, best_k], tours, plan)
        link(b, plan.stops[tours.able.shape[0] + workers[1, best_j]].before, workers[1, best_j], tours, plan)
        plan.stops[a].start = start
        plan.stops[b].start = other
