"""Counting the seconds of blocks: what is planned, and what of it nobody has."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel, kernel_part
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
def planned_seconds(blocks: np.ndarray, visits: Visits) -> np.ndarray:
    """Return int64[n]: planned contact seconds a week of each block, all attendances together."""
    out = np.zeros(blocks.size, np.int64)
    for i in range(blocks.size):
        for visit in range(blocks[i] * VISITS, blocks[i] * VISITS + VISITS):
            out[i] += visits.seconds[visit] * visits.carers[visit]
    return out
