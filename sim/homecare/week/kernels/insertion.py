"""Putting visits into rounds: the cheapest feasible place, and the changes that follow from it."""

from __future__ import annotations

import numpy as np

from homecare.compiled import inlined, kernel
from homecare.travel import Speeds, pace_between, seconds_between
from homecare.week.kernels.layout import (
    ATTENDANCES,
    DAYS,
    NOBODY,
    PARTS,
    STOPS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
    Weights,
)

NO_PLACE = 1e18
"""Cost of a place that does not exist."""
LAST_RESORT = 1e6
"""Added to the cost of a place that takes overtime or a day off."""
QUARTER = 900
FIRST_QUARTER = 24300
"""Rounds lie between 6:45 and 22:45: 64 quarters of an hour."""
ALL_FREE = np.uint64(0xFFFFFFFFFFFFFFFF)
LONG_GAP = 2700
"""Seconds between two visits that can take another visit or a break."""


@inlined
def leg(homes: Homes, a: int, b: int, drives: bool, speed: Speeds) -> int:
    """Return seconds from block ``a`` to block ``b``; none within one home."""
    if a == b:
        return 0
    pace = pace_between(drives, homes.rural[a], homes.rural[b], speed)
    return seconds_between(homes.x[a], homes.y[a], homes.x[b], homes.y[b], pace, speed.door)


@inlined
def home_leg(homes: Homes, staff: Staff, worker: int, block: int, speed: Speeds) -> int:
    """Return seconds between a worker's home and a block."""
    pace = pace_between(staff.drives[worker], staff.rural[worker], homes.rural[block], speed)
    return seconds_between(staff.x[worker], staff.y[worker], homes.x[block], homes.y[block], pace, speed.door)


@inlined
def quarters(first: int, end: int) -> np.uint64:
    """Return the bits of the quarters of an hour from number ``first`` up to ``end`` (0 is 6:45, 63 ends 22:45)."""
    first = max(first, 0)
    end = min(end, 64)
    if first >= end:
        return np.uint64(0)
    upper = ALL_FREE if end == 64 else (np.uint64(1) << np.uint64(end)) - np.uint64(1)
    return upper & ~((np.uint64(1) << np.uint64(first)) - np.uint64(1))


@inlined
def touched(start: int, end: int) -> np.uint64:
    """Return the quarters that a visit from ``start`` to ``end`` touches."""
    return quarters((start - FIRST_QUARTER) // QUARTER, (end - FIRST_QUARTER + QUARTER - 1) // QUARTER)


@inlined
def may_fit(free: np.uint64, seconds: int, early: int, late: int) -> bool:
    """Return False where a round has no gap long enough within the window; True does not promise one.

    A gap of n quarters of an hour holds at least n - 1 whole ones that no visit touches.
    """
    needed = seconds // QUARTER - 1
    if needed < 1:
        return True
    inside = quarters((early - FIRST_QUARTER + QUARTER - 1) // QUARTER, (late + seconds - FIRST_QUARTER) // QUARTER)
    runs = free & inside
    for _ in range(needed - 1):
        runs &= runs >> np.uint64(1)
    return runs != np.uint64(0)


@inlined
def count_free(row: int, rounds: Rounds) -> None:
    """Work out anew which quarters of a round are free."""
    free = ALL_FREE
    for j in range(rounds.n_stops[row]):
        free &= ~touched(rounds.starts[row, j], rounds.ends[row, j])
    rounds.free[row] = free


@inlined
def dead_seconds(gap: int) -> int:
    """Return what is wasted of a gap: all of a short one; a long one is a break or takes another visit."""
    return gap if gap < LONG_GAP else 0


@inlined
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
        cost = weights.off_time * off + weights.dead_time * (dead_seconds(start - ready) + dead_seconds(gone - start))
        if cost < best:
            best = cost
            best_start = start
    return best_start, best


@inlined
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
                    ready = before_end + inward if before_block >= 0 else lowest - LONG_GAP
                    gone = after_start - outward - seconds if after_block >= 0 else highest + LONG_GAP
                    start, fit = best_start_between(lowest, highest, target, ready, gone, weights)
                    cost += extra + fit
                    if cost < best:
                        best = cost
                        best_position = position
                        best_start = start
                        best_extra = extra
        before_end = after_end
    return best, best_position, best_start, best_extra


@inlined
def put(attendance: int, worker: int, position: int, start: int, extra: int, day: int,
        visits: Visits, rounds: Rounds) -> None:
    """Give an attendance to a worker at a position of the day's round."""
    row = worker * DAYS + day
    n = rounds.n_stops[row]
    visit = attendance >> 1
    for i in range(n, position, -1):
        rounds.stops[row, i] = rounds.stops[row, i - 1]
        rounds.starts[row, i] = rounds.starts[row, i - 1]
        rounds.ends[row, i] = rounds.ends[row, i - 1]
    rounds.stops[row, position] = attendance
    rounds.starts[row, position] = start
    rounds.ends[row, position] = start + visits.seconds[visit]
    rounds.n_stops[row] = n + 1
    rounds.free[row] &= ~touched(start, start + visits.seconds[visit])
    rounds.worker[attendance] = worker
    visits.start[visit] = start
    rounds.week_seconds[worker] += extra + visits.seconds[visit]


@inlined
def take_out(attendance: int, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
             speed: Speeds) -> None:
    """Take an attendance out of its round; nothing happens where nobody had it."""
    worker = rounds.worker[attendance]
    if worker < 0:
        rounds.worker[attendance] = NOBODY
        return
    visit = attendance >> 1
    block = visit // VISITS
    day = (visit % VISITS) // PARTS
    row = worker * DAYS + day
    n = rounds.n_stops[row]
    position = 0
    while position < n and rounds.stops[row, position] != attendance:
        position += 1
    drives = staff.drives[worker]
    before = (rounds.stops[row, position - 1] >> 1) // VISITS if position > 0 else -1
    after = (rounds.stops[row, position + 1] >> 1) // VISITS if position < n - 1 else -1
    freed = 0
    if before >= 0:
        freed += leg(homes, before, block, drives, speed)
    if after >= 0:
        freed += leg(homes, block, after, drives, speed)
    if before >= 0 and after >= 0:
        freed -= leg(homes, before, after, drives, speed)
    for i in range(position, n - 1):
        rounds.stops[row, i] = rounds.stops[row, i + 1]
        rounds.starts[row, i] = rounds.starts[row, i + 1]
        rounds.ends[row, i] = rounds.ends[row, i + 1]
    rounds.n_stops[row] = n - 1
    count_free(row, rounds)
    rounds.worker[attendance] = NOBODY
    rounds.week_seconds[worker] -= freed + visits.seconds[visit]


@inlined
def best_worker(attendance: int, block: int, day: int, seconds: int, early: int, late: int, target: int,
                team: np.ndarray, first: int, last: int, stretch: float, absent: np.ndarray,
                familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
                speed: Speeds, weights: Weights) -> tuple[int, float, int, int, int]:
    """Return (worker, cost, position, start, extra) of the cheapest place in a team's rounds of a day.

    Parameters
    ----------
    team, first, last : workers ``team[first:last]`` are asked, by birth key
    stretch : how far beyond the weekly limit a worker may be given work (1.0: not at all)
    absent : uint8[W], bit ``day`` set where a worker is away
    familiarity : float64[W], 0-1, how well each worker knows the person
    """
    best = NO_PLACE
    found = NOBODY
    found_position = 0
    found_start = 0
    found_extra = 0
    reach2 = weights.reach_metres * weights.reach_metres
    partner = rounds.worker[attendance ^ 1]
    for i in range(first, last):
        worker = team[i]
        opens = staff.day_start[worker, day]
        closes = staff.day_end[worker, day]
        if late < opens or early + seconds > closes or (absent[worker] >> day) & 1 or worker == partner:
            continue
        last_resort = ((staff.days_off[worker] >> day) & 1) != 0 \
            or rounds.week_seconds[worker] + seconds > staff.usual[worker]
        if last_resort and best < 0.5 * LAST_RESORT:
            continue
        spare = int(staff.limit[worker] * stretch) - rounds.week_seconds[worker]
        if spare < seconds or not may_fit(rounds.free[worker * DAYS + day], seconds, early, late):
            continue
        dx = staff.x[worker] - homes.x[block]
        dy = staff.y[worker] - homes.y[block]
        if dx * dx + dy * dy > reach2:
            continue
        cost, position, start, extra = cheapest_gap(
            worker * DAYS + day, worker, block, seconds, early, late, target, opens, closes, spare,
            visits, rounds, homes, staff, speed, weights)
        if position < 0:
            continue
        cost -= weights.familiar * familiarity[worker]
        idle = staff.promised[worker] - rounds.week_seconds[worker]
        if idle > 0:
            cost -= weights.idle_promise * (seconds if seconds < idle else idle)
        if last_resort or rounds.week_seconds[worker] + seconds + extra > staff.usual[worker]:
            cost += LAST_RESORT
        if cost < best:
            best = cost
            found = worker
            found_position = position
            found_start = start
            found_extra = extra
    return found, best, found_position, found_start, found_extra


@inlined
def place(attendance: int, team: np.ndarray, first: int, last: int, stretch: float, widen: int,
          absent: np.ndarray, familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes,
          staff: Staff, speed: Speeds, weights: Weights) -> bool:
    """Put an attendance into the cheapest place of a team's rounds; return whether there was one.

    Where a colleague already has the other half of the visit its start is fixed. ``widen`` seconds are
    added to the window on both sides.
    """
    visit = attendance >> 1
    block = visit // VISITS
    day = (visit % VISITS) // PARTS
    if rounds.worker[attendance ^ 1] >= 0:
        early = visits.start[visit]
        late = early
        target = early
    else:
        early = visits.early[visit] - widen
        late = visits.late[visit] + widen
        target = visits.wanted[visit]
    worker, _, position, start, extra = best_worker(
        attendance, block, day, visits.seconds[visit], early, late, target, team, first, last, stretch,
        absent, familiarity, visits, rounds, homes, staff, speed, weights)
    if worker < 0:
        return False
    put(attendance, worker, position, start, extra, day, visits, rounds)
    return True


@kernel
def place_blocks(blocks: np.ndarray, block_agency: np.ndarray, team: np.ndarray, team_first: np.ndarray,
                 absent: np.ndarray, familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes,
                 staff: Staff, speed: Speeds, weights: Weights) -> int:
    """Place every open attendance of the given blocks in the rounds of their agencies; return how many.

    Workers who already have visits of the person count as familiar. ``familiarity`` is float64[W], all
    zero, used as scratch and left all zero.
    """
    placed = 0
    for i in range(blocks.size):
        block = blocks[i]
        agency = block_agency[block]
        if agency < 0:
            continue
        first = team_first[agency]
        last = team_first[agency + 1]
        lowest = block * ATTENDANCES
        for a in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[a] >= 0:
                familiarity[rounds.worker[a]] = 1.0
        for a in range(lowest, lowest + ATTENDANCES):
            if (a & 1) < visits.carers[a >> 1] and rounds.worker[a] < 0:
                if place(a, team, first, last, 1.0, 0, absent, familiarity, visits, rounds, homes, staff,
                         speed, weights):
                    placed += 1
                    familiarity[rounds.worker[a]] = 1.0
        for a in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[a] >= 0:
                familiarity[rounds.worker[a]] = 0.0
    return placed


@kernel
def take_out_blocks(blocks: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
                    speed: Speeds) -> None:
    """Take every attendance of the given blocks out of its round."""
    for i in range(blocks.size):
        lowest = blocks[i] * ATTENDANCES
        for a in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[a] != NOBODY:
                take_out(a, visits, rounds, homes, staff, speed)


@kernel
def empty_rounds(workers: np.ndarray, rounds: Rounds) -> None:
    """Take everything from the rounds of workers who leave; their attendances are open."""
    for i in range(workers.size):
        worker = workers[i]
        for day in range(DAYS):
            row = worker * DAYS + day
            for j in range(rounds.n_stops[row]):
                rounds.worker[rounds.stops[row, j]] = NOBODY
            rounds.n_stops[row] = 0
            rounds.free[row] = ALL_FREE
        rounds.week_seconds[worker] = 0


@kernel
def improve(attendances: np.ndarray, block_agency: np.ndarray, team: np.ndarray, team_first: np.ndarray,
            absent: np.ndarray, familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes,
            staff: Staff, speed: Speeds, weights: Weights) -> int:
    """Take each attendance out and put it back where it is cheapest; return how many changed worker.

    One pass of relocation, the move that a rota planner makes by hand. Visits for two keep their time.
    """
    moved = 0
    for i in range(attendances.size):
        a = attendances[i]
        old = rounds.worker[a]
        visit = a >> 1
        block = visit // VISITS
        agency = block_agency[block]
        if old < 0 or agency < 0:
            continue
        lowest = block * ATTENDANCES
        for b in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[b] >= 0:
                familiarity[rounds.worker[b]] = 1.0
        take_out(a, visits, rounds, homes, staff, speed)
        place(a, team, team_first[agency], team_first[agency + 1], 1.0, 0, absent, familiarity, visits,
              rounds, homes, staff, speed, weights)
        if rounds.worker[a] != old:
            moved += 1
        familiarity[old] = 0.0
        for b in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[b] >= 0:
                familiarity[rounds.worker[b]] = 0.0
    return moved


@kernel
def open_seconds(blocks: np.ndarray, visits: Visits, worker: np.ndarray) -> np.ndarray:
    """Return int64[n]: seconds a week of each block's attendances that nobody has in a lasting round."""
    out = np.zeros(blocks.size, np.int64)
    for i in range(blocks.size):
        for visit in range(blocks[i] * VISITS, blocks[i] * VISITS + VISITS):
            for k in range(visits.carers[visit]):
                if worker[2 * visit + k] == NOBODY:
                    out[i] += visits.seconds[visit]
    return out


@kernel
def planned_seconds(blocks: np.ndarray, visits: Visits) -> np.ndarray:
    """Return int64[n]: planned contact seconds a week of each block, all attendances together."""
    out = np.zeros(blocks.size, np.int64)
    for i in range(blocks.size):
        for visit in range(blocks[i] * VISITS, blocks[i] * VISITS + VISITS):
            out[i] += visits.seconds[visit] * visits.carers[visit]
    return out
