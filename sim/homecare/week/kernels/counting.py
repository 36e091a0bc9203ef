"""Counting of blocks: seconds planned, what of them nobody has, and what a week was that is invoiced."""

from __future__ import annotations

import numpy as np

from homecare import tariff
from homecare.compiled import kernel, kernel_part
from homecare.lived_columns import BANDED, LIVED, MADE, MADE_AGREED, SHORT_CALLS
from homecare.week.kernels.layout import NOBODY, VISITS, Visits


@kernel
def open_seconds(blocks: np.ndarray, visits: Visits, worker: np.ndarray) -> np.ndarray:
    """Return int64[n]: seconds a week of each block's attendances that nobody has in a lasting round."""
    out = np.empty(blocks.size, np.int64)
    for i in range(blocks.size):
        out[i] = open_of(blocks[i], visits, worker)
    return out


@kernel_part
def open_of(block: int, visits: Visits, worker: np.ndarray) -> int:
    """Return the seconds a week of a block's attendances that nobody has.

    Places are unsigned: they need no look at whether they count from the end, and so several go at once.
    """
    lowest = np.uint64(block) * np.uint64(VISITS)
    seconds = np.int64(0)
    for slot in range(VISITS):
        visit = lowest + np.uint64(slot)
        first = visit + visit
        carers = visits.carers[visit]
        n_open = np.int64((carers > 0) & (worker[first] == NOBODY)) \
            + np.int64((carers > 1) & (worker[first + np.uint64(1)] == NOBODY))
        seconds += n_open * visits.seconds[visit]
    return seconds


@kernel
def count_quantities(blocks: np.ndarray, lived: np.ndarray, planned: np.ndarray, need: np.ndarray,
                     suspended: np.ndarray, rural: np.ndarray, facts: np.ndarray, out: np.ndarray) -> None:
    """Write int64[n, PRICES]: what happened in the week of each block, in the order of the tariff's prices.

    Parameters
    ----------
    lived : int64[B, columns], the users' week of :mod:`homecare.week.kernels.delivery`
    planned, need, suspended, rural, facts : columns of the packages; ``need`` as assessed, ``facts`` the tariff
    """
    for i in range(blocks.size):
        b = blocks[i]
        made = lived[b, MADE]
        out[i, tariff.PLANNED_HOUR] = lived[b, MADE_AGREED]
        out[i, tariff.ACTUAL_HOUR] = lived[b, LIVED]
        out[i, tariff.BANDED_HOUR] = lived[b, BANDED]
        out[i, tariff.PROMISED_HOUR] = planned[b]
        out[i, tariff.ASSESSED_HOUR] = 0 if suspended[b] else tariff.assessed(need[b], facts[b, tariff.ASSESSED_BAND])
        out[i, tariff.VISIT] = made
        out[i, tariff.SHORT_VISIT] = lived[b, SHORT_CALLS]
        out[i, tariff.RURAL_VISIT] = made if rural[b] else 0
        out[i, tariff.USER_WEEK] = made > 0
