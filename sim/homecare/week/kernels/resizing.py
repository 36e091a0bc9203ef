"""Changing the lengths of visits that already stand in rounds."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.travel import Speeds
from homecare.week.kernels.gaps import count_free, leg
from homecare.week.kernels.insertion import take_out
from homecare.week.kernels.layout import (
    DAYS,
    NOBODY,
    PARTS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
)
from homecare.week.kernels.windows import set_around


@kernel
def resize_blocks(blocks: np.ndarray, seconds: np.ndarray, days: np.ndarray, carers: np.ndarray,
                  visits: Visits, rounds: Rounds, homes: Homes, staff: Staff, speed: Speeds, band: np.ndarray,
                  planned: np.ndarray) -> int:
    """Give the visits of packages new lengths; return how many attendances lost their place by it.

    A visit that becomes longer keeps its place where it still fits before the next one; otherwise it is
    open, to be placed again. A visit of no length is taken out. Windows lie around the starts from now on, and the
    planned seconds of a week are counted again.

    Parameters
    ----------
    blocks : int64[n]
    seconds : int64[n, 4], new length by part of day, 0 for no visit
    days : int64[n], bit mask of days
    carers : int64[n], care workers at each visit
    band, planned : int64[B], seconds that windows are wide, and planned seconds a week, by block
    """
    lost = 0
    for i in range(blocks.size):
        block = blocks[i]
        for day in range(DAYS):
            for part in range(PARTS):
                visit = block * VISITS + day * PARTS + part
                new = seconds[i, part] if (days[i] >> day) & 1 else 0
                old = visits.seconds[visit] if visits.carers[visit] > 0 else 0
                if new == old:
                    continue
                if new == 0:
                    for k in range(2):
                        if rounds.worker[2 * visit + k] != NOBODY:
                            take_out(2 * visit + k, visits, rounds, homes, staff, speed)
                    visits.carers[visit] = 0
                    continue
                if old == 0:
                    visits.carers[visit] = carers[i]
                    visits.seconds[visit] = new
                    continue
                fits = True
                if new > old:
                    for k in range(visits.carers[visit]):
                        a = 2 * visit + k
                        worker = rounds.worker[a]
                        if worker < 0:
                            continue
                        row = worker * DAYS + day
                        end = visits.start[visit] + new
                        for j in range(rounds.n_stops[row]):
                            if rounds.stops[row, j] == a:
                                if j + 1 < rounds.n_stops[row]:
                                    after = rounds.stops[row, j + 1] >> 1
                                    road = leg(homes, block, after // VISITS, staff.drives[worker], speed)
                                    fits = fits and end + road <= visits.start[after]
                                else:
                                    fits = fits and end <= staff.day_end[worker, day]
                        fits = fits and rounds.week_seconds[worker] + new - old <= staff.limit[worker]
                if fits:
                    for k in range(visits.carers[visit]):
                        worker = rounds.worker[2 * visit + k]
                        if worker >= 0:
                            rounds.week_seconds[worker] += new - old
                            row = worker * DAYS + day
                            for j in range(rounds.n_stops[row]):
                                if rounds.stops[row, j] == 2 * visit + k:
                                    rounds.ends[row, j] = visits.start[visit] + new
                            count_free(row, rounds)
                else:
                    for k in range(visits.carers[visit]):
                        if rounds.worker[2 * visit + k] >= 0:
                            take_out(2 * visit + k, visits, rounds, homes, staff, speed)
                            lost += 1
                visits.seconds[visit] = new
        planned[block] = 0
        for visit in range(block * VISITS, block * VISITS + VISITS):
            planned[block] += visits.seconds[visit] * visits.carers[visit]
    set_around(blocks, band, visits)
    return lost
