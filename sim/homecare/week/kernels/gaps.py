"""Gaps of a round: which are long enough, where in them a visit begins best, and what that costs."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel_part
from homecare.travel import Speeds, pace_between, seconds_between
from homecare.week.kernels.layout import STOPS, VISITS, Homes, Rounds, Staff, Visits, Weights

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
def dead_seconds(gap: int, weights: Weights) -> int:
    """Return what is wasted of a gap: all of a short one; a long one is of use."""
    return gap if gap < weights.long_gap else 0


@kernel_part
def best_start_between(lowest: int, highest: int, target: int, ready: int, gone: int,
                       weights: Weights) -> tuple[int, float]:
    """Return the start between two bounds that costs least, and its cost.

    The wanted time, as early as possible and as late as possible are tried. ``ready`` is when the worker
    could be there, ``gone`` the last start from which the next visit is reached in time.
    """
    best = 1e18
    best_start = lowest
    for choice in range(3):
        start = lowest if choice == 0 else highest
        if choice == 2:
            start = target if target > lowest else lowest
            if start > highest:
                start = highest
        off = start - target if start > target else target - start
        cost = weights.off_time * off + weights.dead_time * (
            dead_seconds(start - ready, weights) + dead_seconds(gone - start, weights))
        if cost < best:
            best = cost
            best_start = start
    return best_start, best


@kernel_part
def cheapest_gap(round_row: int, worker: int, block: int, seconds: int, early: int, late: int, target: int,
                 opens: int, closes: int, spare: int, visits: Visits, rounds: Rounds, homes: Homes,
                 staff: Staff, speed: Speeds, weights: Weights) -> tuple[float, int, int, int]:
    """Return (cost, position, start, extra seconds) of the cheapest feasible gap of one round.

    A gap is feasible where travel, the visit and travel onwards fit between the neighbours without moving
    them, the start lies within ``early`` and ``late``, and contact plus added travel is at most ``spare``.
    ``cost`` is :data:`NO_PLACE` where there is none.
    """
    n = rounds.n_stops[round_row]
    best = NO_PLACE
    best_position = -1
    best_start = 0
    best_extra = 0
    if n >= STOPS:
        return best, best_position, best_start, best_extra
    drives = staff.drives[worker]
    before_end = opens
    for position in range(n + 1):
        if before_end > late:
            break
        if position < n:
            after_start = rounds.starts[round_row, position]
            after_end = rounds.ends[round_row, position]
        else:
            after_start = closes
            after_end = closes
        lowest = before_end if before_end > early else early
        highest = after_start - seconds
        if highest > late:
            highest = late
        if lowest <= highest:
            before_block = (rounds.stops[round_row, position - 1] >> 1) // VISITS if position > 0 else -1
            after_block = (rounds.stops[round_row, position] >> 1) // VISITS if position < n else -1
            inward = leg(homes, before_block, block, drives, speed) if before_block >= 0 else 0
            outward = leg(homes, block, after_block, drives, speed) if after_block >= 0 else 0
            lowest = before_end + inward
            if lowest < early:
                lowest = early
            highest = after_start - seconds - outward
            if highest > late:
                highest = late
            if lowest <= highest:
                extra = inward + outward
                cost = 0.0
                if before_block >= 0 and after_block >= 0:
                    extra -= leg(homes, before_block, after_block, drives, speed)
                elif before_block >= 0:
                    cost = weights.home_leg * (home_leg(homes, staff, worker, block, speed)
                                               - home_leg(homes, staff, worker, before_block, speed))
                elif after_block >= 0:
                    cost = weights.home_leg * (home_leg(homes, staff, worker, block, speed)
                                               - home_leg(homes, staff, worker, after_block, speed))
                else:
                    cost = 2.0 * weights.home_leg * home_leg(homes, staff, worker, block, speed)
                if extra + seconds <= spare:
                    ready = before_end + inward if before_block >= 0 else lowest - weights.long_gap
                    gone = after_start - outward - seconds if after_block >= 0 else highest + weights.long_gap
                    start, fit = best_start_between(lowest, highest, target, ready, gone, weights)
                    cost += extra + fit
                    if cost < best:
                        best = cost
                        best_position = position
                        best_start = start
                        best_extra = extra
        before_end = after_end
    return best, best_position, best_start, best_extra
