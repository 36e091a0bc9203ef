"""Shapes made of small areas: spacing between centres, a compact part of a council, zones of equal people.

Plain geometry on centres in metres. Nothing is drawn at random and ties go to the lower index, so the same
council always gives the same spacing, part and zones.
"""

from __future__ import annotations

import numpy as np

LEAST_JITTER_METRES = 50.0
"""Least half-width of the square around a centre: centres of one tower block may coincide."""

LONE_JITTER_METRES = 1_000.0
"""Half-width where a council is a single small area (Isles of Scilly): within the main island."""


def jitter_metres(easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
    """Return half the distance from each centre to the nearest other centre.

    Parameters
    ----------
    easting, northing : numpy.ndarray of float64, shape (n,)
        Centres, metres.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        Metres; at least `LEAST_JITTER_METRES`, and `LONE_JITTER_METRES` for a single centre.
    """
    if len(easting) == 1:
        return np.array([LONE_JITTER_METRES])
    squared = _squared_distances(easting, northing)
    np.fill_diagonal(squared, np.inf)
    return np.maximum(np.sqrt(squared.min(axis=1)) / 2, LEAST_JITTER_METRES)


def compact_part(
    easting: np.ndarray, northing: np.ndarray, people: np.ndarray, scale: float, traits: list[np.ndarray]
) -> np.ndarray:
    """Choose a compact part of a council that holds about a given share of its people.

    Parameters
    ----------
    easting, northing : numpy.ndarray of float64, shape (n,)
        Centres, metres.
    people : numpy.ndarray of int64, shape (n,)
        People in each small area.
    scale : float
        Share of the people wanted, in (0, 1].
    traits : list of numpy.ndarray, each of shape (n,)
        What the part should have like the whole: each a quantity of about 0 to 1 in every small area.

    Returns
    -------
    numpy.ndarray of int64
        Indices of the small areas taken, ascending; at least one.

    Notes
    -----
    From every small area as a start the nearest centres are added until the share of people is as close to
    `scale` as whole small areas allow. Of these parts the one is kept that misses the whole least: the
    sum of |people share / scale - 1| and of |mean of the part - mean of the whole| over the traits, means
    weighted by people.
    """
    order = np.argsort(_squared_distances(easting, northing), axis=1, kind="stable")
    rows = np.arange(len(people))
    taken = np.cumsum(people[order], axis=1)
    wanted = scale * float(taken[0, -1])
    last = np.minimum((taken < wanted).sum(axis=1), len(people) - 1)
    before = np.maximum(last - 1, 0)
    closer_before = wanted - taken[rows, before] < taken[rows, last] - wanted
    last = np.where(closer_before & (taken[rows, before] > 0), before, last)
    held = taken[rows, last].astype(np.float64)
    miss = np.abs(held / wanted - 1.0)
    for trait in traits:
        amount = np.cumsum((people * trait)[order], axis=1)
        whole = amount[rows, -1] / taken[rows, -1]
        miss = miss + np.abs(amount[rows, last] / held - whole)
    start = int(np.argmin(miss))
    return np.sort(order[start, : last[start] + 1], kind="stable")


def equal_zones(easting: np.ndarray, northing: np.ndarray, people: np.ndarray, n: int) -> np.ndarray:
    """Split small areas into compact zones with about equal numbers of people.

    Parameters
    ----------
    easting, northing : numpy.ndarray of float64, shape (m,)
        Centres, metres.
    people : numpy.ndarray of int64, shape (m,)
        People in each small area.
    n : int
        Zones, from 1 to m.

    Returns
    -------
    numpy.ndarray of int32, shape (m,)
        Zone of each small area, 0 to n - 1; none is empty.

    Raises
    ------
    ValueError
        If `n` is not from 1 to the number of small areas.

    Notes
    -----
    The set is cut across its longer axis into two parts whose people stand as k to n - k, where k is half the
    zones rounded down; each part is cut again until it is one zone (recursive bisection).
    """
    if not 1 <= n <= len(people):
        raise ValueError(f"{n} zones cannot be made of {len(people)} small areas: allowed 1 to {len(people)}")
    zone = np.zeros(len(people), dtype=np.int32)
    waiting = [(np.arange(len(people)), 0, n)]
    while waiting:
        members, first, n_here = waiting.pop()
        if n_here == 1:
            zone[members] = first
            continue
        n_left = n_here // 2
        left, right = _cut(members, easting[members], northing[members], people[members], n_left, n_here)
        waiting += [(left, first, n_left), (right, first + n_left, n_here - n_left)]
    return zone


def _cut(members, easting, northing, people, n_left, n_here):
    """Cut `members` across the longer axis so that people stand as n_left to n_here - n_left."""
    if np.ptp(easting) >= np.ptp(northing):
        order = np.lexsort((northing, easting))
    else:
        order = np.lexsort((easting, northing))
    taken = np.cumsum(people[order])
    miss = np.abs(taken * n_here - taken[-1] * n_left)
    allowed = miss[n_left - 1 : len(members) - (n_here - n_left)]
    cut = n_left + int(np.argmin(allowed))
    return members[order[:cut]], members[order[cut:]]


def _squared_distances(easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
    east = easting[:, None] - easting[None, :]
    north = northing[:, None] - northing[None, :]
    return east * east + north * north
