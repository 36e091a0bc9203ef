"""Parts of a market that do not meet in a week, lived at the same time on several cores.

Agencies share neither staff nor visits, so the rounds of some can be made and walked on one core while those of others
are on the next. Luck belongs to people and visits and sums are whole numbers, so that results do not depend on how
many cores there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import numba
import numpy as np

T = TypeVar("T")

MOST = 4
"""Most parts: what every further one saves is less than it costs to hand it out."""
LEAST = 200
"""Fewest members, packages or visits to be tried elsewhere, that are worth a part of their own."""


def borders(groups: np.ndarray) -> list[int]:
    """Cut a row of members, sorted by group, between groups into parts of about one size.

    Parameters
    ----------
    groups : int[n], the group of each member, rising

    Returns
    -------
    list of int
        0, where each further part begins, and n; as many parts as there are cores and members for, one at least.
        The number of cores is that of Numba's threads (``NUMBA_NUM_THREADS``), which workers of a sweep have set to 1.

    Examples
    --------
    >>> borders(np.array([3, 3, 3]))
    [0, 3]
    """
    n = min(numba.config.NUMBA_NUM_THREADS, MOST, max(groups.size // LEAST, 1))
    if n == 1:
        return [0, groups.size]
    cuts = [_nearest(groups, groups.size * k // n) for k in range(1, n)]
    return [0, *sorted(set(cuts) - {0, groups.size}), groups.size]


def _nearest(groups: np.ndarray, place: int) -> int:
    """The border between groups that is nearest to a place."""
    before, after = (int(np.searchsorted(groups, groups[place], side)) for side in ("left", "right"))
    return before if place - before <= after - place else after


def side_by_side(function: Callable[..., T], parts: Sequence[tuple[Any, ...]]) -> list[T]:
    """Call a kernel once for each part, all at the same time; return the results in the order of parts.

    The parts must not write what another part reads.
    """
    if len(parts) == 1:
        return [function(*parts[0])]
    others = [_threads().submit(function, *part) for part in parts[1:]]
    try:
        own = function(*parts[0])
    finally:
        for other in others:  # nobody goes on while arrays are still being written
            other.exception()
    return [own, *(other.result() for other in others)]


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST - 1, thread_name_prefix="homecare")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has its parent's pool and none of its threads
