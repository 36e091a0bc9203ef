"""How assessed need becomes planned visits, given the facts of a plan's style."""

from __future__ import annotations

import numpy as np

from homecare.packages import NOBODY, Packages


def visit_seconds(need: np.ndarray, slack: np.ndarray, minimum: np.ndarray, step: np.ndarray,
                  trim: np.ndarray, least: float, spare: float) -> np.ndarray:
    """Return int64[n, 4]: planned seconds of the visit at each part of the day, 0 where there is none.

    Parameters
    ----------
    need : float64[n, 4], seconds of care needed at each part of a day
    slack, minimum, step : int64[n], facts of the plan's style
    trim : float64[n], share cut below the need
    least, spare : seconds of need that need a visit, and for which no further step is begun

    Notes
    -----
    Need too small for a visit of its own is joined to the part before it (the last part's to none). What is
    left, less the trim and with the slack, is rounded up to the next step and is at least the minimum; a
    step is not begun for the last few minutes.
    """
    wished = need.copy()
    for part in range(3, 0, -1):
        small = wished[:, part] < least
        wished[:, part - 1] += np.where(small, wished[:, part], 0.0)
        wished[:, part] = np.where(small, 0.0, wished[:, part])
    wished = wished * (1.0 - trim[:, None])
    there = wished >= least
    steps = np.ceil((wished - spare + slack[:, None]) / step[:, None]).astype(np.int64)
    seconds = np.maximum(steps * step[:, None], minimum[:, None])
    return np.where(there, seconds, 0)


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
    days : int64[n], bit mask of days
    two_carers : bool[n]
    """
    n = blocks.size
    if n == 0:
        return
    shape = (packages.capacity, 7, 4)
    day_on = ((days[:, None] >> np.arange(7)[None, :]) & 1).astype(bool)
    on = day_on[:, :, None] & (seconds > 0)[:, None, :]
    carers = np.where(on, np.where(two_carers, 2, 1)[:, None, None], 0)
    starts = np.broadcast_to(wanted[:, None, :], (n, 7, 4))
    band = packages.band[blocks][:, None, None]
    packages.visit_carers.reshape(shape)[blocks] = carers
    packages.visit_seconds.reshape(shape)[blocks] = np.broadcast_to(seconds[:, None, :], (n, 7, 4))
    packages.visit_wanted.reshape(shape)[blocks] = starts
    packages.visit_start.reshape(shape)[blocks] = starts
    packages.visit_early.reshape(shape)[blocks] = np.maximum(starts - band, 0)
    packages.visit_late.reshape(shape)[blocks] = starts + band
    packages.planned[blocks] = (carers * seconds[:, None, :]).sum(axis=(1, 2))


def open_attendances(packages: Packages) -> np.ndarray:
    """Return int64[capacity]: seconds a week of each block's attendances that are in no lasting round."""
    shape = (packages.capacity, 28, 2)
    nobody = packages.base_worker.reshape(shape) == NOBODY
    carers = packages.visit_carers.reshape(packages.capacity, 28)
    needed = carers[:, :, None] > np.arange(2)[None, None, :]
    seconds = packages.visit_seconds.reshape(packages.capacity, 28)[:, :, None]
    return np.where(needed & nobody, seconds, 0).sum(axis=(1, 2)).astype(np.int64)
