"""The weekly overlay: who is away, and who takes their visits this week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel
from homecare.travel import Speeds
from homecare.week.kernels.gaps import ALL_FREE, leg
from homecare.week.kernels.insertion import place
from homecare.week.kernels.layout import (
    ATTENDANCES,
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
def strip_absent(absent: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
                 speed: Speeds) -> int:
    """Take the rounds of every absent worker-day out of the overlay; return how many visits lost a worker."""
    lost = 0
    for worker in range(absent.size):
        if absent[worker] == 0:
            continue
        drives = staff.drives[worker]
        for day in range(DAYS):
            if not (absent[worker] >> day) & 1:
                continue
            row = worker * DAYS + day
            before = -1
            for j in range(rounds.n_stops[row]):
                attendance = rounds.stops[row, j]
                visit = attendance >> 1
                block = visit // VISITS
                rounds.week_seconds[worker] -= visits.seconds[visit]
                if before >= 0:
                    rounds.week_seconds[worker] -= leg(homes, before, block, drives, speed)
                before = block
                rounds.worker[attendance] = NOBODY
                lost += 1
            rounds.n_stops[row] = 0
            rounds.free[row] = ALL_FREE
    return lost


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
    known_workers = np.empty(PAIRS, np.int64)
    n_known = np.int64(0)
    for i in range(blocks.size):
        block = blocks[i]
        if not due[block]:
            continue
        agency = block_agency[block]
        first = team_first[agency]
        last = team_first[agency + 1]
        lowest = block * ATTENDANCES
        known = False
        for a in range(lowest, lowest + ATTENDANCES):
            visit = a >> 1
            if (a & 1) >= visits.carers[visit] or rounds.worker[a] != NOBODY:
                continue
            if not known:
                known = True
                n_known = np.int64(0)
                for j in range(PAIRS):
                    worker = pair_worker[block, j]
                    if first <= worker < last:
                        familiarity[worker] = min(1.0, pair_count[block, j] / 6.0)
                        known_workers[n_known] = worker
                        n_known += 1
            done[0] += 1
            if place(a, known_workers, NOT_WIDER, n_known, NOT_WIDER, absent, familiarity, visits, rounds,
                     homes, staff, speed, weights):
                done[1] += 1
            elif place(a, team, first, last, NOT_WIDER, absent, familiarity, visits, rounds, homes, willing,
                       speed, far):
                worker = rounds.worker[a]
                day = (visit % VISITS) // PARTS
                extra = rounds.week_seconds[worker] > willing.usual[worker] or (willing.days_off[worker] >> day) & 1
                done[2 if extra else 1] += 1
            elif manager_seconds[agency] >= visits.seconds[visit] + remedies.manager_visit_seconds:
                manager_seconds[agency] -= visits.seconds[visit] + remedies.manager_visit_seconds
                rounds.worker[a] = MANAGER
                done[3] += 1
            elif rounds.worker[a ^ 1] == NOBODY and place(
                    a, team, first, last, remedies.moved_seconds, absent, familiarity,
                    visits, rounds, homes, willing, speed, far):
                moved[visit] = True
                done[4] += 1
        if known:
            for j in range(n_known):
                familiarity[known_workers[j]] = 0.0
    return done
