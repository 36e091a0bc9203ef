"""When visits may begin: windows around the start that they have, as far as a wanted time, and who wants another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel
from homecare.draws import WISH, normal, stream, uniform
from homecare.tables import NO_WEEK
from homecare.week.kernels.layout import DAYS, PARTS, VISITS, Visits

EVEN_SECONDS = 300
"""People want times that can be divided by five minutes."""


class Wishes(NamedTuple):
    """Columns of the service users that say when they want their visits."""

    alive: np.ndarray
    birth_key: np.ndarray
    wanted: np.ndarray
    block: np.ndarray
    wish_since: np.ndarray


@kernel
def want_other_times(seed: int, week: int, chance: float, spread: float, suits: int, windows: np.ndarray,
                     agency: np.ndarray, start: np.ndarray, carers: np.ndarray, people: Wishes) -> None:
    """Let some people want another time at one part of the day; who is served and not suited begins to ask.

    Parameters
    ----------
    chance : that somebody comes to want another time this week
    spread : seconds by which it differs from the time wanted before (standard deviation)
    suits : a visit this near the wanted time, in seconds, suits
    windows : int64[4, 2], seconds of the day between which people want each part's visit
    agency, start, carers : int32[B] of packages, int32[28 B] and int8[28 B] of their visits
    people : written: ``wanted``, and ``wish_since`` of those who begin to ask
    """
    key = stream(seed, WISH, week)
    for user in range(people.alive.size):
        if not people.alive[user] or uniform(key, people.birth_key[user], 0) >= chance:
            continue
        part = int(PARTS * uniform(key, people.birth_key[user], 1))
        wished = people.wanted[user, part] + spread * normal(key, people.birth_key[user], 2)
        wished = min(max(wished, windows[part, 0]), windows[part, 1])
        time = int(wished) // EVEN_SECONDS * EVEN_SECONDS
        people.wanted[user, part] = time
        block = people.block[user]
        if block < 0 or agency[block] < 0 or people.wish_since[user] != NO_WEEK:
            continue
        for day in range(DAYS):
            visit = block * VISITS + day * PARTS + part
            if carers[visit] > 0 and abs(start[visit] - time) > suits:
                people.wish_since[user] = week


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
