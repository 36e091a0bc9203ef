"""Adding up what users lived, and who met whom, from the attendances of the week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.lived_columns import (
    AGREED,
    BANDED,
    DUE,
    HURRIED,
    LATE,
    LATE_SECONDS,
    LIVED,
    MADE,
    MADE_AGREED,
    MET,
    MET_PART,
    N_CANCELLED,
    N_CLIPPED,
    N_FULL,
    N_MISSED,
    N_MOVED,
    N_SHORT,
    NEED_PART,
    NEEDED,
    OFF_TIME,
    PRACTICE,
    SHORT_CALLS,
    STRANGERS,
    SUITED,
    TALK,
)
from homecare.tariff import BAND, GRACE, SHORT, banded
from homecare.week.kernels.attendance import Lived, People
from homecare.week.kernels.layout import (
    CANCELLED,
    CLIPPED,
    FULL,
    MISSED,
    NOBODY,
    PAIRS,
    PARTS,
    VISITS,
    Visits,
)


class Pairs(NamedTuple):
    """Who knows whom: int32[B, 24] worker, count of visits, last week."""

    worker: np.ndarray
    count: np.ndarray
    week: np.ndarray


@kernel_part
def meet(block: int, worker: int, week: int, pairs: Pairs) -> int:
    """Note a visit of a worker; return how often they had met before. The least recent pair is forgotten."""
    known = np.int32(-1)
    for j in range(PAIRS):  # nobody is there twice; without a place to stop, several are looked at in one go
        known += np.int32(j + 1) * np.int32(pairs.worker[block, j] == np.int32(worker))
    if known >= 0:
        before = pairs.count[block, known]
        pairs.count[block, known] = before + 1
        pairs.week[block, known] = week
        return before
    oldest = 0
    for j in range(PAIRS):
        if pairs.worker[block, j] == NOBODY:
            oldest = j
            break
        if pairs.week[block, j] < pairs.week[block, oldest]:
            oldest = j
    pairs.worker[block, oldest] = worker
    pairs.count[block, oldest] = 1
    pairs.week[block, oldest] = week
    return 0


@kernel
def add_up(week: int, due: np.ndarray, worker: np.ndarray, rows: np.ndarray, moved: np.ndarray,
           with_factor: float, practice_from: float, tariff: np.ndarray,
           visits: Visits, people: People, pairs: Pairs, lived: Lived) -> None:
    """Add up each user's week from its attendances, in the order in which they happened.

    Parameters
    ----------
    due : bool[B], blocks whose package runs this week and is added up here
    worker : int32[56 B], seat that had each attendance this week
    rows : int64[S], the worker of each seat
    moved : bool[28 B], visits moved out of their window
    with_factor : time that doing things *with* a person takes against doing them *for* the person
    practice_from : time against need from which there is room for that
    tariff : int64[B, COLUMNS], what each package is paid for
    lived : its users' sums must be nought already
    """
    for block in range(due.size):
        if not due[block]:
            continue
        users = lived.users[block]
        for visit in range(block * VISITS, block * VISITS + VISITS):
            for k in range(visits.carers[visit]):
                a = 2 * visit + k
                part = visit % PARTS
                agreed = visits.seconds[visit]
                need = lived.need[visit]
                users[DUE] += 1
                users[AGREED] += agreed
                users[NEEDED] += int(need)
                users[NEED_PART + part] += int(need)
                ending = lived.ending[a]
                if ending == CANCELLED:
                    users[N_CANCELLED] += 1
                    continue
                if ending == MISSED:
                    users[N_MISSED] += 1
                    continue
                users[N_FULL] += ending == FULL  # added without a question, which the processor would guess wrong
                users[N_CLIPPED] += ending == CLIPPED
                users[N_SHORT] += (ending != FULL) & (ending != CLIPPED)
                start = lived.start[a]
                stayed = lived.seconds[a]
                users[MADE] += 1
                users[N_MOVED] += moved[visit]
                users[MADE_AGREED] += agreed
                users[LIVED] += stayed
                users[BANDED] += banded(stayed, agreed, tariff[block, BAND], tariff[block, GRACE])
                users[SHORT_CALLS] += agreed < tariff[block, SHORT]
                late = start - visits.start[visit]
                users[LATE] += late > 1800
                users[LATE_SECONDS] += max(late, 0)
                users[HURRIED] += lived.hurried[a]
                known = meet(block, rows[worker[a]], week, pairs) if worker[a] >= 0 else 0
                users[STRANGERS] += known < 3
                off = abs(start - visits.wanted[visit])
                users[OFF_TIME] += off
                users[SUITED] += off <= 1800
                met = min(stayed, int(need))
                users[MET] += met
                users[MET_PART + part] += met
                room = stayed / need if need > 60.0 else 2.0
                share = min(max((room - practice_from) / (with_factor - practice_from), 0.0), 1.0)
                users[PRACTICE] += int(people.effort[block] * share * stayed)
                users[TALK] += stayed - int(need) if stayed > need else 0
