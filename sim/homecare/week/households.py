"""Households that employ personal assistants, as the kernels of rostering see them: small teams with one person each."""

from __future__ import annotations

import numpy as np

from homecare.numerics import places
from homecare.packages import NOBODY
from homecare.week.kernels.insertion import place_blocks
from homecare.week.placing import base_rounds, homes_of, staff_of, visits_of


def households(market) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the packages done by personal assistants, each one's household, and where its assistants stand.

    Returns
    -------
    int64[h] : blocks by birth key of their users
    int32[B] : household of each block, -1 where it is none
    int64[h + 1] : household i has ``market.assistants[first[i]:first[i + 1]]``
    """
    p, w = market.packages, market.care_workers
    blocks = places(p.assisted & p.active)
    if blocks.size == 0 and market.assistants.size == 0:
        return blocks, np.zeros(0, np.int32), np.zeros(0, np.int64)
    blocks = blocks[p.key[blocks].argsort(kind="stable")]
    household = np.full(p.capacity, NOBODY, np.int32)
    household[blocks] = np.arange(blocks.size)
    keys = w.employer_key[market.assistants]
    first = np.searchsorted(keys, p.key[blocks], side="left")
    last = np.searchsorted(keys, p.key[blocks], side="right")
    return blocks, household, bounds(first, last)


def place_at_home(market) -> None:
    """Place what is open of these packages in the lasting rounds of the person's own assistants."""
    blocks, household, first = households(market)
    if blocks.size:
        place_blocks(blocks, household, market.assistants, first, market.nobody_absent, market.familiarity,
                     visits_of(market), base_rounds(market), homes_of(market), staff_of(market), market.speed,
                     market.weights)


def bounds(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return where each household begins and the last ends.

    Raises
    ------
    RuntimeError
        If somebody works for a household that has no package done by assistants.
    """
    if np.any(first[1:] != last[:-1]):
        raise RuntimeError("personal assistants work for somebody who has no package for them")
    return np.concatenate([first, last[-1:]]).astype(np.int64)
