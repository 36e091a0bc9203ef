"""How assessed need becomes planned visits, given the facts of a plan's style."""

from __future__ import annotations

import math

import numpy as np

from homecare.compiled import kernel
from homecare.packages import Packages


@kernel
def visit_seconds(users: np.ndarray, blocks: np.ndarray, need: np.ndarray, follows: np.ndarray, with_factor: float,
                  slack: np.ndarray, minimum: np.ndarray, step: np.ndarray, trim: np.ndarray, least: float,
                  spare: float) -> np.ndarray:
    """Return int64[n, 4]: planned seconds of the visit at each part of the day, 0 where there is none.

    Parameters
    ----------
    users, blocks : int64[n], whose visits, and their packages
    need : float64[N, 4], seconds of care needed at each part of a day, by user
    follows, slack, minimum, step : int64[B], facts of the plan's style, by package
    with_factor : times longer that doing things with a person takes, where the length follows that
    trim : float64[B], share cut below the need
    least, spare : seconds of need that need a visit, and for which no further step is begun

    Notes
    -----
    Need too small for a visit of its own is joined to the part before it (the last part's to none). What is
    left, less the trim and with the slack, is rounded up to the next step and is at least the minimum; a
    step is not begun for the last few minutes.
    """
    seconds = np.zeros((users.size, 4), np.int64)
    for i in range(users.size):
        block = blocks[i]
        longer = with_factor if follows[block] == 2 else 1.0
        joined = 0.0
        for part in range(3, -1, -1):
            wished = need[users[i], part] * longer + joined
            joined = 0.0
            if part > 0 and wished < least:
                joined = wished
                continue
            wished *= 1.0 - trim[block]
            if wished >= least:
                steps = int(math.ceil((wished - spare + slack[block]) / step[block]))
                seconds[i, part] = max(steps * step[block], minimum[block])
    return seconds


def within_budget(seconds: np.ndarray, visits_a_week: np.ndarray, budget: np.ndarray, step: np.ndarray,
                  minimum: np.ndarray) -> np.ndarray:
    """Return int64[n, 4]: lengths as agency and user settle them within the minutes a week that were approved.

    Parameters
    ----------
    seconds : int64[n, 4], lengths that need asks for
    visits_a_week : int64[n], days times care workers
    budget : int64[n], seconds a week
    step, minimum : int64[n], facts of the plan's style

    Notes
    -----
    A step at a time is taken off the longest visit; where the longest is at its minimum, the visit that was
    to be shortest is left out. The last visit stays.
    """
    fitted = seconds.copy()
    for i in np.flatnonzero(seconds.sum(axis=1) * visits_a_week > budget).tolist():
        while fitted[i].sum() * visits_a_week[i] > budget[i]:
            longest = int(fitted[i].argmax())
            if fitted[i, longest] - step[i] >= minimum[i]:
                fitted[i, longest] -= step[i]
            elif np.count_nonzero(fitted[i]) > 1:
                fitted[i, int(np.where(fitted[i] > 0, seconds[i], np.iinfo(np.int64).max).argmin())] = 0
            else:
                break
    return fitted


def write_visits(packages: Packages, blocks: np.ndarray, seconds: np.ndarray, wanted: np.ndarray,
                 days: np.ndarray, two_carers: np.ndarray) -> None:
    """Write the visits of packages that are in no round yet.

    Parameters
    ----------
    blocks : int64[n]
    seconds : int64[n, 4]
    wanted : int32[n, 4], wanted starts
    days : integer[n], bit mask of days
    two_carers : bool[n]
    """
    p = packages
    fill_visits(blocks, seconds, wanted, days, two_carers, p.band, p.visit_carers, p.visit_seconds, p.visit_wanted,
                p.visit_start, p.visit_early, p.visit_late, p.planned)


@kernel
def fill_visits(blocks: np.ndarray, seconds: np.ndarray, wanted: np.ndarray, days: np.ndarray,
                two_carers: np.ndarray, band: np.ndarray, visit_carers: np.ndarray, visit_seconds: np.ndarray,
                visit_wanted: np.ndarray, visit_start: np.ndarray, visit_early: np.ndarray, visit_late: np.ndarray,
                planned: np.ndarray) -> None:
    """Write a week of visits of each block: as long and at the time given, on its days; and what they come to."""
    for i in range(blocks.size):
        block = blocks[i]
        a_week = 0
        for day in range(7):
            for part in range(4):
                visit = 28 * block + 4 * day + part
                carers = 0
                if (days[i] >> day) & 1 and seconds[i, part] > 0:
                    carers = 2 if two_carers[i] else 1
                start = wanted[i, part]
                visit_carers[visit] = carers
                visit_seconds[visit] = seconds[i, part]
                visit_wanted[visit] = start
                visit_start[visit] = start
                visit_early[visit] = max(start - band[block], 0)
                visit_late[visit] = start + band[block]
                a_week += carers * seconds[i, part]
        planned[block] = a_week
