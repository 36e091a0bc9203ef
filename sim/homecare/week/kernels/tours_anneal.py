"""Ruin and recreate under simulated annealing: rounds are partly emptied, filled again, and kept if good.

The ruin takes short strings of neighbouring visits out of several rounds (Christiaens and Vanden Berghe
2020, Slack induction by string removals for vehicle routing problems, Transportation Science 54); the
recreate puts them back one after another at the cheapest place, now and then overlooking one.
"""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.draws import uniform
from homecare.numerics import log
from homecare.week.kernels.tours import TIE, Plan, Scratch, Tours, settle, unlink
from homecare.week.kernels.tours_insertion import CANDIDATES, put_in

TIME_APART = 0.5
"""How far apart two visits are, besides the journey: this share of the time between their windows."""


@kernel_part
def cost_of_unplaced(tours: Tours, plan: Plan) -> float:
    """Return the cost of the attendances that nobody does."""
    cost = 0.0
    for a in range(tours.able.shape[0]):
        if plan.stops[a].worker < 0:
            cost += tours.stops[a].unplaced_cost
    return cost


@kernel_part
def find_near(a: int, near: np.ndarray, apart: np.ndarray, tours: Tours) -> None:
    """Write the attendances nearest to ``a`` in place and time to its row of ``near``, itself first."""
    k = 0
    here = tours.stops[a].place
    for b in range(tours.able.shape[0]):
        gap = tours.stops[a].late - tours.stops[b].late
        far = tours.travel[0, here, tours.stops[b].place] + TIME_APART * (gap if gap > 0.0 else -gap)
        if b == a:
            far = -1.0
        if k == near.shape[1] and far >= apart[k - 1]:
            continue
        i = min(k, near.shape[1] - 1)
        k = i + 1
        while i > 0 and apart[i - 1] > far:
            apart[i] = apart[i - 1]
            near[a, i] = near[a, i - 1]
            i -= 1
        apart[i] = far
        near[a, i] = b


@kernel_part
def copy_plan(source: Plan, target: Plan) -> None:
    """Write one plan over another."""
    for i in range(source.stops.size):
        target.stops[i] = source.stops[i]


@kernel_part
def ruin(seed: int, mean_removed: float, longest: float, key: np.uint64, step: int, k_draw: int,
         near: np.ndarray, rank: np.ndarray,
         tours: Tours, plan: Plan, scratch: Scratch) -> int:
    """Take strings of visits near ``seed`` out of several rounds; return the number of the next draw.

    Both halves of a visit for two go.
    """
    n = tours.able.shape[0]
    used = 0
    placed = 0
    for door in range(n, tours.stops.size):
        placed += plan.stops[door].n_stops
        used += plan.stops[door].n_stops > 0
    if used == 0:
        return k_draw
    limit = min(longest, placed / used)
    strings = int(uniform(key, step, k_draw) * (4.0 * mean_removed / (1.0 + limit) - 1.0) + 1.0)
    k_draw += 1
    scratch.count[0] += 1
    stamp = scratch.count[0]
    if near[seed, 0] < 0:
        find_near(seed, near, rank, tours)
    for i in range(near.shape[1]):
        if strings <= 0:
            break
        a = near[seed, i]
        worker = plan.stops[a].worker
        if worker < 0 or scratch.stops[n + worker].mark == stamp:
            continue
        scratch.stops[n + worker].mark = stamp
        strings -= 1
        length = int(uniform(key, step, k_draw) * min(limit, plan.stops[n + worker].n_stops)) + 1
        back = int(uniform(key, step, k_draw + 1) * length)
        k_draw += 2
        while back > 0 and plan.stops[a].before < n:
            a = plan.stops[a].before
            back -= 1
        while length > 0 and a < n:
            after = plan.stops[a].after
            unlink(a, tours, plan)
            b = tours.stops[a].partner
            if b >= 0 and plan.stops[b].worker >= 0:
                unlink(b, tours, plan)
            a = after
            length -= 1
    return k_draw


@kernel
def anneal(steps: int, hot: float, cooling: float, mean_removed: float, longest: float, blink: float,
           key: np.uint64, near: np.ndarray, rules: np.ndarray, rule_share: np.ndarray,
           tours: Tours, plan: Plan, kept: Plan, best: Plan, scratch: Scratch) -> float:
    """Put in what is unplaced, then improve by ``steps`` of ruin and recreate; return the cost of ``best``.

    The first step ruins nothing: it fills ``plan`` by the first rule. With ``steps`` below 0 nothing is put
    in either: the starts are settled and the cost of ``plan`` is returned.

    Parameters
    ----------
    hot, cooling : first temperature (in units of cost) and the factor on it at each step
    mean_removed, longest : mean number of stops taken out, longest string
    blink : probability that a place is overlooked
    near : int64[A, K], the attendances nearest to each, itself first; rows of -1 are filled when needed
    rules : float64[R, A], lowest goes in first
    rule_share : float64[R], cumulative shares of the rules; random order takes what they leave
    """
    n = tours.able.shape[0]
    out = np.empty(n, np.int64)
    rank = np.empty(max(n, near.shape[1]), np.float64)
    cost_kept = np.inf
    cost_best = np.inf
    heat = hot
    for step in range(max(steps, 0) + 1):
        k_draw = 0
        rule = 0
        if step > 0:
            seed = int(uniform(key, step, 0) * n)
            k_draw = ruin(seed, mean_removed, longest, key, step, 1, near, rank, tours, plan, scratch)
            draw = uniform(key, step, k_draw)
            while rule < rule_share.size and draw >= rule_share[rule]:
                rule += 1
        cost, worst = settle(tours, plan, scratch)
        if steps < 0:
            return cost + cost_of_unplaced(tours, plan)
        unplaced = 0
        for a in range(n):
            b = tours.stops[a].partner
            if plan.stops[a].worker < 0 and (b < 0 or a < b):
                if rule < rule_share.size:
                    value = rules[rule, a]
                else:
                    k_draw += 1
                    value = uniform(key, step, k_draw)
                j = unplaced
                unplaced += 1
                while j > 0 and rank[j - 1] > value:
                    rank[j] = rank[j - 1]
                    out[j] = out[j - 1]
                    j -= 1
                rank[j] = value
                out[j] = a
        ceiling = np.inf
        if step > 0:
            k_draw += 1
            ceiling = cost_kept - heat * log(uniform(key, step, k_draw))
        for i in range(unplaced):
            added, worst = put_in(out[i], worst, blink if step > 0 else 0.0, key, step, k_draw + 1, tours,
                                  plan, scratch)
            k_draw += CANDIDATES
            cost += added
            if cost >= ceiling:
                break
        if cost < ceiling or step == 0:
            cost_kept = cost
            copy_plan(plan, kept)
            if cost < cost_best - TIE or step == 0:
                cost_best = cost
                copy_plan(plan, best)
        else:
            copy_plan(kept, plan)
        heat *= cooling
    return cost_best
