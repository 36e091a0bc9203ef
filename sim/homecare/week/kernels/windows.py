"""When visits may begin: windows around the start that they have, and as far as a wanted time."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.week.kernels.layout import VISITS, Visits


@kernel
def set_around(blocks: np.ndarray, band: np.ndarray, visits: Visits) -> None:
    """Let the visits of blocks begin within ``band`` seconds (int64[B], by block) of the start that they have."""
    for i in range(blocks.size):
        block = blocks[i]
        for visit in range(block * VISITS, block * VISITS + VISITS):
            start = visits.start[visit]
            visits.early[visit] = max(start - band[block], 0)
            visits.late[visit] = start + band[block]


@kernel
def widen(blocks: np.ndarray, wanted: np.ndarray, band: np.ndarray, suits: np.ndarray, visits: Visits) -> np.ndarray:
    """Let visits be wanted at other times and their windows reach there; return the attendances that lie elsewhere.

    Parameters
    ----------
    blocks : int64[n]
    wanted : int32[n, 4], second of the day by part of day, or int32[n, 28] by visit
    band : int64[B], seconds on either side of the wanted time, by block
    suits : int64[n], seconds from the wanted time within which a visit suits; -1: none does
    """
    elsewhere = np.empty(blocks.size * VISITS * 2, np.int64)
    n = 0
    for i in range(blocks.size):
        block = blocks[i]
        for slot in range(VISITS):
            visit = block * VISITS + slot
            time = wanted[i, slot % wanted.shape[1]]
            visits.wanted[visit] = time
            visits.early[visit] = min(visits.early[visit], max(time - band[block], 0))
            visits.late[visit] = max(visits.late[visit], time + band[block])
            if abs(visits.start[visit] - time) > suits[i]:
                elsewhere[n] = 2 * visit
                elsewhere[n + 1] = 2 * visit + 1
                n += 2
    return elsewhere[:n]
