"""Gaps of a round: which are long enough, where in them a visit begins best, and what that costs."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel_part
from homecare.travel import Speeds, pace_between, seconds_between
from homecare.week.kernels.layout import ATTENDANCES, DAYS, STOPS, Homes, Rounds, Staff, Weights

NO_PLACE = 1e18
"""Cost of a place that does not exist."""
LAST_RESORT = 1e6
"""Added to the cost of a place that takes overtime or a day off."""
QUARTER = 900
FIRST_QUARTER = 24300
"""Rounds lie between 6:45 and 22:45: 64 quarters of an hour."""
ALL_FREE = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel_part
def leg(homes: Homes, a: int, b: int, drives: bool, speed: Speeds) -> int:
    """Return seconds from block ``a`` to block ``b``; none within one home."""
    if a == b:
        return 0
    pace = pace_between(drives, homes.rural[a], homes.rural[b], speed)
    return seconds_between(homes.x[a], homes.y[a], homes.x[b], homes.y[b], pace, speed.door)


@kernel_part
def home_leg(homes: Homes, staff: Staff, worker: int, block: int, speed: Speeds) -> int:
    """Return seconds between a worker's home and a block."""
    pace = pace_between(staff.drives[worker], staff.rural[worker], homes.rural[block], speed)
    return seconds_between(staff.x[worker], staff.y[worker], homes.x[block], homes.y[block], pace, speed.door)


@kernel_part
def quarters(first: int, end: int) -> np.uint64:
    """Return the bits of the quarters of an hour from number ``first`` up to ``end`` (0 is 6:45, 63 ends 22:45)."""
    first = max(first, 0)
    end = min(end, 64)
    if first >= end:
        return np.uint64(0)
    upper = ALL_FREE if end == 64 else (np.uint64(1) << np.uint64(end)) - np.uint64(1)
    return upper & ~((np.uint64(1) << np.uint64(first)) - np.uint64(1))


@kernel_part
def touched(start: int, end: int) -> np.uint64:
    """Return the quarters that a visit from ``start`` to ``end`` touches."""
    return quarters((start - FIRST_QUARTER) // QUARTER, (end - FIRST_QUARTER + QUARTER - 1) // QUARTER)


@kernel_part
def quarters_within(start: int, end: int) -> np.uint64:
    """Return the quarters that lie wholly between ``start`` and ``end``."""
    return quarters((start - FIRST_QUARTER + QUARTER - 1) // QUARTER, (end - FIRST_QUARTER) // QUARTER)


@kernel_part
def may_fit(free: np.uint64, seconds: int, inside: np.uint64) -> bool:
    """Return False where a round has no gap long enough within the quarters ``inside``; True promises none.

    A gap of n quarters of an hour holds at least n - 1 whole ones that no visit touches.
    """
    needed = seconds // QUARTER - 1
    if needed < 1:
        return True
    runs = free & inside
    for _ in range(needed - 1):
        runs &= runs >> np.uint64(1)
    return runs != np.uint64(0)


@kernel_part
def count_free(row: int, rounds: Rounds) -> None:
    """Work out anew which quarters of a round are free."""
    free = ALL_FREE
    for j in range(rounds.n_stops[row]):
        free &= ~touched(rounds.starts[row, j], rounds.ends[row, j])
    rounds.free[row] = free


@kernel_part
def cost_of_start(start: int, target: int, ready: int, gone: int, weights: Weights) -> float:
    """Return what a start costs: seconds off the wanted time, and gaps on either side that are too short to be of use."""
    off = start - target if start > target else target - start
    before = start - ready
    after = gone - start
    dead = (before if before < weights.long_gap else 0) + (after if after < weights.long_gap else 0)
    return weights.off_time * off + weights.dead_time * dead


@kernel_part
def best_start_between(lowest: int, highest: int, target: int, ready: int, gone: int,
                       weights: Weights) -> tuple[int, float]:
    """Return the start between two bounds that costs least, and its cost.

    As early as possible, as late as possible and the wanted time are tried. ``ready`` is when the worker
    could be there, ``gone`` the last start from which the next visit is reached in time.
    """
    best_start = lowest
    best = cost_of_start(lowest, target, ready, gone, weights)
    cost = cost_of_start(highest, target, ready, gone, weights)
    if cost < best:
        best, best_start = cost, highest
    if lowest < target < highest:
        cost = cost_of_start(target, target, ready, gone, weights)
        if cost < best:
            best, best_start = cost, target
    return best_start, best


@kernel_part
def block_of(stop: int) -> int:
    """Return the block of a stop, unsigned: such a place needs no look at whether it counts from the end."""
    return np.uint32(stop) // ATTENDANCES


@kernel_part
def leg_at(other: int, x: float, y: float, to_urban: float, to_rural: float, homes: Homes, speed: Speeds) -> int:
    """Return seconds from ``x`` and ``y`` to another block, where the paces from there are at hand."""
    pace = to_rural if homes.rural[other] else to_urban
    return seconds_between(homes.x[other], homes.y[other], x, y, pace, speed.door)


@kernel_part
def cheapest_gap(worker: int, day: int, block: int, seconds: int, early: int, late: int, target: int, spare: int,
                 rounds: Rounds, homes: Homes, staff: Staff, speed: Speeds,
                 weights: Weights) -> tuple[float, int, int, int]:
    """Return (cost, position, start, extra seconds) of the cheapest feasible gap of one round.

    A gap is feasible where travel, the visit and travel onwards fit between the neighbours without moving
    them, the start lies within ``early`` and ``late``, and contact plus added travel is at most ``spare``.
    ``cost`` is :data:`NO_PLACE` where there is none. ``worker``, ``day`` and ``block`` are unsigned.
    """
    row = worker * DAYS + day
    n = rounds.n_stops[row]
    best = NO_PLACE
    best_position = -1
    best_start = 0
    best_extra = 0
    if n >= STOPS:
        return best, best_position, best_start, best_extra
    drives = staff.drives[worker]
    x = homes.x[block]
    y = homes.y[block]
    to_urban = pace_between(drives, homes.rural[block], False, speed)
    to_rural = pace_between(drives, homes.rural[block], True, speed)
    position = np.uint32(0)
    while position < n and rounds.starts[row, position] - seconds < early:
        position = np.uint32(position + 1)
    before_end = rounds.ends[row, position - 1] if position > 0 else staff.day_start[worker, day]
    while before_end <= late:
        last = (rounds.starts[row, position] if position < n else staff.day_end[worker, day]) - seconds
        if before_end <= last:
            before = block_of(rounds.stops[row, position - 1]) if position > 0 else block
            after = block_of(rounds.stops[row, position]) if position < n else block
            inward = leg_at(before, x, y, to_urban, to_rural, homes, speed) if before != block else 0
            outward = leg_at(after, x, y, to_urban, to_rural, homes, speed) if after != block else 0
            ready = before_end + inward
            gone = last - outward
            lowest = max(ready, early)
            highest = min(gone, late)
            if lowest <= highest:
                extra = inward + outward
                cost = 0.0
                if 0 < position < n:
                    extra -= leg(homes, before, after, drives, speed)
                else:
                    home = home_leg(homes, staff, worker, block, speed)
                    if position > 0:
                        cost = weights.home_leg * (home - home_leg(homes, staff, worker, before, speed))
                        gone = highest + weights.long_gap
                    else:
                        ready = lowest - weights.long_gap
                        if n > 0:
                            cost = weights.home_leg * (home - home_leg(homes, staff, worker, after, speed))
                        else:
                            cost = 2.0 * weights.home_leg * home
                            gone = highest + weights.long_gap
                if extra + seconds <= spare:
                    start, fit = best_start_between(lowest, highest, target, ready, gone, weights)
                    cost += extra + fit
                    if cost < best:
                        best = cost
                        best_position = np.int64(position)
                        best_start = start
                        best_extra = extra
        if position == n:
            break
        before_end = rounds.ends[row, position]
        position = np.uint32(position + 1)
    return best, best_position, best_start, best_extra
