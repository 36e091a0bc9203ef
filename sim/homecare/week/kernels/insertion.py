"""Putting visits into rounds: the cheapest feasible place, and the changes that follow from it."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.travel import Speeds
from homecare.week.kernels.counting import open_of
from homecare.week.kernels.gaps import (
    ALL_FREE,
    LAST_RESORT,
    NO_PLACE,
    cheapest_gap,
    count_free,
    leg,
    may_fit,
    quarters_within,
    touched,
)
from homecare.week.kernels.layout import (
    ATTENDANCES,
    DAYS,
    NOBODY,
    NOT_WIDER,
    PARTS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
    Weights,
)


@kernel_part
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


@kernel_part
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


@kernel_part
def best_worker(attendance: int, block: int, day: int, seconds: int, early: int, late: int, target: int,
                team: np.ndarray, first: int, last: int, absent: np.ndarray,
                familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
                speed: Speeds, weights: Weights) -> tuple[int, float, int, int, int]:
    """Return (worker, cost, position, start, extra) of the cheapest place in a team's rounds of a day.

    Parameters
    ----------
    team, first, last : workers ``team[first:last]`` are asked, by birth key
    absent : uint8[W], bit ``day`` set where a worker is away
    familiarity : float64[W], 0-1, how well each worker knows the person
    """
    day = np.uint32(day)  # as worker below: unsigned places need no look at whether they count from the end
    block = np.uint32(block)
    best = NO_PLACE
    found = NOBODY
    found_position = 0
    found_start = 0
    found_extra = 0
    reach2 = weights.reach_metres * weights.reach_metres
    partner = rounds.worker[attendance ^ 1]
    inside = quarters_within(early, late + seconds)
    x = homes.x[block]
    y = homes.y[block]
    # Who can is written down without a branch, whoever cannot is written over: the processor guesses wrong once a
    # list and not once a worker.
    candidates = rounds.candidates
    n = np.int64(0)
    for i in range(first, last):
        worker = np.uint32(team[i])
        dx = staff.x[worker] - x
        dy = staff.y[worker] - y
        candidates[n] = worker
        n += (staff.day_start[worker, day] <= late) & (early + seconds <= staff.day_end[worker, day]) \
            & ((absent[worker] >> day) & 1 == 0) & (worker != partner) \
            & (staff.limit[worker] - rounds.week_seconds[worker] >= seconds) & (dx * dx + dy * dy <= reach2) \
            & may_fit(rounds.free[worker * DAYS + day], seconds, inside)
    for i in range(n):
        worker = np.uint32(candidates[i])
        used = rounds.week_seconds[worker]
        last_resort = ((staff.days_off[worker] >> day) & 1 != 0) | (used + seconds > staff.usual[worker])
        if last_resort and best < 0.5 * LAST_RESORT:
            continue
        cost, position, start, extra = cheapest_gap(
            worker, day, block, seconds, early, late, target, staff.limit[worker] - used, rounds, homes, staff, speed,
            weights)
        if position < 0:
            continue
        cost -= weights.familiar * familiarity[worker]
        idle = staff.promised[worker] - used
        if idle > 0:
            cost -= weights.idle_promise * (seconds if seconds < idle else idle)
        if last_resort or used + seconds + extra > staff.usual[worker]:
            cost += LAST_RESORT
        if cost < best:
            best = cost
            found = np.int64(worker)
            found_position = position
            found_start = start
            found_extra = extra
    return found, best, found_position, found_start, found_extra


@kernel_part
def place(attendance: int, team: np.ndarray, first: int, last: int, widen: int,
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
        attendance, block, day, visits.seconds[visit], early, late, target, team, first, last,
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
        if open_of(block, visits, rounds.worker) == 0:
            continue
        first = team_first[agency]
        last = team_first[agency + 1]
        lowest = block * ATTENDANCES
        for a in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[a] >= 0:
                familiarity[rounds.worker[a]] = 1.0
        for a in range(lowest, lowest + ATTENDANCES):
            if (a & 1) < visits.carers[a >> 1] and rounds.worker[a] < 0:
                if place(a, team, first, last, NOT_WIDER, absent, familiarity, visits, rounds, homes, staff,
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
        place(a, team, team_first[agency], team_first[agency + 1], NOT_WIDER, absent, familiarity, visits,
              rounds, homes, staff, speed, weights)
        if rounds.worker[a] != old:
            moved += 1
        familiarity[old] = 0.0
        for b in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[b] >= 0:
                familiarity[rounds.worker[b]] = 0.0
    return moved
