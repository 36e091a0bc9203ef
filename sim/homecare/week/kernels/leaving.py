"""Leaving by kind of job: how many workers there are of each kind, and how many of them leave."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel

KINDS = ("unpromised", "promised", "first_year", "second_third_year", "longer", "near_floor", "above_floor")
"""By promise of hours, by time in the job, and by wage, where those between the bands are in neither."""


@kernel
def count_kinds(week: int, floor: int, bands: tuple[int, int], rows: np.ndarray, goes: np.ndarray, promised: np.ndarray,
                hired: np.ndarray, wage: np.ndarray, counts: np.ndarray) -> None:
    """Count workers, and those who leave, by kind of job.

    Parameters
    ----------
    floor, bands : pence an hour: the wage floor; how far above it is near it at most, and well above it at least
    rows, goes : int64[n], bool[n]: workers, and who of them leaves
    promised, hired, wage : columns of the care workers
    counts : int64[2, 7], nought before: all, and who leaves, of each of :data:`KINDS`
    """
    for i in range(rows.size):
        worker = rows[i]
        weeks, above = week - hired[worker], wage[worker] - floor
        promise = 1 if promised[worker] > 0 else 0
        time = 2 if weeks < 52 else 3 if weeks < 156 else 4
        pay = 5 if above <= bands[0] else 6 if above >= bands[1] else -1
        for who in range(2 if goes[i] else 1):
            counts[who, promise] += 1
            counts[who, time] += 1
            if pay >= 0:
                counts[who, pay] += 1
