"""The weekly overlay: who is away, and who takes their visits this week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.travel import Speeds
from homecare.week.kernels.counting import open_of
from homecare.week.kernels.gaps import ALL_FREE, leg
from homecare.week.kernels.insertion import place
from homecare.week.kernels.layout import (
    ATTENDANCES,
    DAY_SECONDS,
    DAYS,
    MANAGER,
    NOBODY,
    NOT_WIDER,
    PAIRS,
    PARTS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
    Weights,
)


class Remedies(NamedTuple):
    """How far each remedy reaches.

    Attributes
    ----------
    moved_seconds : how far beyond its window a visit may be moved
    manager_visit_seconds : seconds of a manager's week that a visit takes beyond its length
    """

    moved_seconds: int
    manager_visit_seconds: int


@kernel
def take_seats(first: int, last: int, rows: np.ndarray, absent: np.ndarray, lasting: Rounds, seated: Rounds,
               visits: Visits, homes: Homes, drives: np.ndarray, speed: Speeds) -> None:
    """Write the lasting rounds of some seats, but for the days on which somebody is absent: those visits are open.

    Parameters
    ----------
    first, last : the seats, from and up to
    rows, absent : int64[S], the worker of each seat, and the bit mask of the days away
    seated : what is written; beyond a round's stops its rows are left as they are. ``worker`` is that of the lasting
        rounds before; only what is open changes
    drives : bool[W], by worker as ``lasting``
    """
    for seat in range(first, last):
        worker = rows[seat]
        seated.week_seconds[seat] = lasting.week_seconds[worker]
        for day in range(DAYS):
            here = seat * DAYS + day
            there = worker * DAYS + day
            if (absent[seat] >> day) & 1:
                before = -1
                for j in range(lasting.n_stops[there]):
                    attendance = lasting.stops[there, j]
                    visit = attendance >> 1
                    block = visit // VISITS
                    seated.week_seconds[seat] -= visits.seconds[visit]
                    if before >= 0:
                        seated.week_seconds[seat] -= leg(homes, before, block, drives[worker], speed)
                    before = block
                    seated.worker[attendance] = NOBODY
                seated.n_stops[here] = 0
                seated.free[here] = ALL_FREE
                continue
            seated.free[here] = lasting.free[there]
            seated.n_stops[here] = lasting.n_stops[there]
            for j in range(lasting.n_stops[there]):
                seated.stops[here, j] = lasting.stops[there, j]
                seated.starts[here, j] = lasting.starts[there, j]
                seated.ends[here, j] = lasting.ends[there, j]


@kernel
def seats_of(workers: np.ndarray, seat: np.ndarray) -> np.ndarray:
    """Return int32[n]: the seat of each worker, ``NOBODY`` where there is no worker.

    Parameters
    ----------
    workers : int32[n], rows of workers; below nought for nobody
    seat : int32, the seat of every row, -1 of those who have none
    """
    out = np.empty(workers.size, np.int32)
    for i in range(workers.size):
        worker = workers[i]
        out[i] = seat[worker] if worker >= 0 else NOBODY
    return out


@kernel
def add_willing(any_day: np.ndarray, at_weekend: np.ndarray, weekend: int, overtime: float,
                staff: Staff) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return working days, hours and days off of a staff of whom some come on days off and work longer.

    On a day off they come for all the hours between their earliest start and their latest end.

    Parameters
    ----------
    any_day, at_weekend : bool[S], who comes on days off before the day ``weekend``, and from it on and for longer
    overtime : hours that these can be given, against their usual limit

    Returns
    -------
    int32[S, 7], int32[S, 7], int64[S], int64[S]
        ``day_start``, ``day_end``, ``limit`` and ``days_off`` of the staff.
    """
    day_start, day_end, limit = staff.day_start.copy(), staff.day_end.copy(), staff.limit.copy()
    days_off = np.zeros(limit.size, np.int64)
    for seat in range(limit.size):
        earliest, latest = np.int64(DAY_SECONDS), np.int64(0)
        for day in range(DAYS):
            if staff.day_start[seat, day] > 0:
                earliest = min(earliest, staff.day_start[seat, day])
            latest = max(latest, staff.day_end[seat, day])
        for day in range(DAYS):
            comes = at_weekend[seat] if day >= weekend else any_day[seat]
            if comes and staff.day_start[seat, day] == staff.day_end[seat, day]:
                day_start[seat, day], day_end[seat, day] = earliest, latest
                days_off[seat] |= 1 << day
        if at_weekend[seat]:
            limit[seat] = np.int64(staff.limit[seat] * overtime)
    return day_start, day_end, limit, days_off


@kernel_part
def who_is_there(first: int, last: int, team: np.ndarray, absent: np.ndarray, staff: Staff, widest: int,
                 present: np.ndarray, n_present: np.ndarray) -> None:
    """List those of a team who can be asked on each day: ``present[widest day : widest day + n_present[day]]``."""
    for day in range(DAYS):
        n = np.int64(0)
        for i in range(first, last):
            worker = team[i]
            present[day * widest + n] = worker
            n += (staff.day_start[worker, day] < staff.day_end[worker, day]) & ((absent[worker] >> day) & 1 == 0)
        n_present[day] = n


@kernel_part
def who_knows(block: int, first: int, last: int, pair_worker: np.ndarray, pair_count: np.ndarray,
              familiarity: np.ndarray, known: np.ndarray) -> int:
    """List the workers of a team who know a person, note how well, and return how many they are."""
    n = np.int64(0)
    for j in range(PAIRS):
        worker = pair_worker[block, j]
        if first <= worker < last:
            familiarity[worker] = min(1.0, pair_count[block, j] / 6.0)
            known[n] = worker
            n += 1
    return n


@kernel
def cover(blocks: np.ndarray, due: np.ndarray, block_agency: np.ndarray, pair_worker: np.ndarray,
          pair_count: np.ndarray, team: np.ndarray, team_first: np.ndarray,
          absent: np.ndarray, manager_seconds: np.ndarray, familiarity: np.ndarray, moved: np.ndarray, remedies: Remedies,
          visits: Visits, rounds: Rounds, homes: Homes, staff: Staff, willing: Staff, speed: Speeds,
          weights: Weights, far: Weights) -> np.ndarray:
    """Find somebody for every open attendance of the week, in the order of remedies.

    Those who know the person are asked first. Then colleagues within their hours and, only where none of
    them can, colleagues willing to work more or on a day off; a manager; a moved time.
    Who is left is missed (``NOBODY``).

    Parameters
    ----------
    blocks : int64, blocks in the order in which they are served
    due : bool[B], whether the package runs this week
    pair_worker : int32[B, 24], seats of those who know the person, -1 where they are not on rounds
    manager_seconds : int64[m], what the agency's managers can still give this week; reduced here
    willing : the staff with the days and hours that willing workers add, marked as last resort
    far : what planners mind when they ask the willing, who go farther
    moved : bool[28 B], set where a visit was moved out of its window

    Returns
    -------
    int64[5] : attendances needing cover, covered by colleagues, by overtime, by managers, moved
    """
    done = np.zeros(5, np.int64)
    widest = np.int64(1)
    for agency in range(team_first.size - 1):
        widest = max(widest, team_first[agency + 1] - team_first[agency])
    present = np.empty(DAYS * widest, np.int64)
    n_present = np.zeros(DAYS, np.int64)
    known = np.empty(PAIRS, np.int64)
    known_here = np.empty(PAIRS, np.int64)
    n_here = np.int64(0)
    team_of = np.int64(NOBODY)
    for i in range(blocks.size):
        block = blocks[i]
        if not due[block] or open_of(block, visits, rounds.worker) == 0:
            continue
        agency = block_agency[block]
        if agency != team_of:
            team_of = agency
            who_is_there(team_first[agency], team_first[agency + 1], team, absent, willing, widest, present, n_present)
        n_known = np.int64(-1)
        day_known = -1
        lowest = block * ATTENDANCES
        for a in range(lowest, lowest + ATTENDANCES):
            visit = a >> 1
            if (a & 1) >= visits.carers[visit] or rounds.worker[a] != NOBODY:
                continue
            if n_known < 0:
                n_known = who_knows(block, team_first[agency], team_first[agency + 1], pair_worker, pair_count,
                                    familiarity, known)
            day = (visit % VISITS) // PARTS
            if day != day_known:
                day_known = day
                n_here = np.int64(0)
                for j in range(n_known):  # everybody is written down; whoever is not there, over again
                    worker = known[j]
                    known_here[n_here] = worker
                    n_here += (staff.day_start[worker, day] < staff.day_end[worker, day]) \
                        & ((absent[worker] >> day) & 1 == 0)
            first = day * widest
            last = first + n_present[day]
            done[0] += 1
            if place(a, known_here, NOT_WIDER, n_here, NOT_WIDER, absent, familiarity, visits, rounds, homes, staff,
                     speed, weights):
                done[1] += 1
            elif place(a, present, first, last, NOT_WIDER, absent, familiarity, visits, rounds, homes, willing, speed,
                       far):
                worker = rounds.worker[a]
                extra = rounds.week_seconds[worker] > willing.usual[worker] or (willing.days_off[worker] >> day) & 1
                done[2 if extra else 1] += 1
            elif manager_seconds[agency] >= visits.seconds[visit] + remedies.manager_visit_seconds:
                manager_seconds[agency] -= visits.seconds[visit] + remedies.manager_visit_seconds
                rounds.worker[a] = MANAGER
                done[3] += 1
            elif rounds.worker[a ^ 1] == NOBODY and place(
                    a, present, first, last, remedies.moved_seconds, absent, familiarity,
                    visits, rounds, homes, willing, speed, far):
                moved[visit] = True
                done[4] += 1
        for j in range(n_known):
            familiarity[known[j]] = 0.0
    return done
