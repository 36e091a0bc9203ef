"""Luck that belongs to (seed, purpose, week, who, k), whatever else happens in the model.

A draw is a hash, not the next number of a stream: adding a draw, or a person, moves nobody else's luck, and
two scenarios with the same seed differ only where a decision differs. ``who`` is a birth key, never a row.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from homecare.compiled import inlined, kernel
from homecare.numerics import exp, normal_quantile

BURN_IN_OFFSET = 4096
"""Added to a week before hashing, so that the weeks of burn-in (negative) have keys too."""


class Purpose(IntEnum):
    """What a draw is for. Numbers are for ever: a new purpose takes a new number."""

    ARRIVAL_COUNT = 1
    PERSON_TRAITS = 2
    PERSON_PLACE = 3
    NEED = 4
    HOSPITAL = 5
    WORKER_TRAITS = 6
    WORKER_PLACE = 7
    LABOUR_POOL = 8
    OUTSIDE_OFFER = 9
    LEAVING = 10
    MATCH = 11
    SICKNESS = 12
    ANNUAL_LEAVE = 13
    TRAVEL_NOISE = 14
    VISIT = 15
    CHOICE = 16
    AGENCY_TRAITS = 17
    AGENCY_PLACE = 18
    INSPECTION = 19
    ENTRY = 20
    ORDER = 21
    CANDIDATE_AGENCY = 22
    VOICE = 23
    AUDIT = 24
    TAKE_UP = 25
    SEPARATION = 26
    MANAGER = 27
    POLICY = 28
    PANDEMIC = 29
    FAMILY = 30
    COVER = 31
    ROUNDS = 32
    NO_SHOW = 33
    MONEY = 60
    ASSISTANT = 61
    WISH = 34
    CASE_HOLDER = 35
    CASE_CALL = 36
    REABLEMENT = 37
    MEASURING = 50


# Kernels read these as numbers of one type: Numba knows no enumerations, and compiles anew for every plain literal.
NEED = np.int64(Purpose.NEED)
HOSPITAL = np.int64(Purpose.HOSPITAL)
SICKNESS = np.int64(Purpose.SICKNESS)
ANNUAL_LEAVE = np.int64(Purpose.ANNUAL_LEAVE)
TRAVEL_NOISE = np.int64(Purpose.TRAVEL_NOISE)
VISIT = np.int64(Purpose.VISIT)
VOICE = np.int64(Purpose.VOICE)
WISH = np.int64(Purpose.WISH)
NO_SHOW = np.int64(Purpose.NO_SHOW)


@inlined
def mix(z: np.uint64) -> np.uint64:
    """Return ``z`` scrambled by the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    z = np.uint64(z)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@inlined
def stream(seed: int, purpose: int, week: int) -> np.uint64:
    """Return the key of all draws for one purpose in one week."""
    z = mix(np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15))
    z = mix(z ^ (np.uint64(purpose) * np.uint64(0xD1342543DE82EF95)))
    return mix(z + np.uint64(week + BURN_IN_OFFSET) * np.uint64(0x9E3779B97F4A7C15))


@inlined
def uniform(key: np.uint64, who: int, k: int) -> float:
    """Return a number strictly between 0 and 1 that belongs to ``who`` and ``k`` in the stream ``key``."""
    z = mix(np.uint64(key) ^ (np.uint64(who) * np.uint64(0x9E3779B97F4A7C15)))
    z = mix(z + np.uint64(k) * np.uint64(0xD1342543DE82EF95))
    return (np.float64(z >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@inlined
def normal(key: np.uint64, who: int, k: int) -> float:
    """Return a standard normal number by the inverse of its distribution: one draw, one number."""
    return normal_quantile(uniform(key, who, k))


@kernel
def _write_uniforms(seed: int, purpose: int, week: int, who: np.ndarray, k: int, out: np.ndarray) -> None:
    key = stream(seed, purpose, week)
    for i in range(who.size):
        out[i] = uniform(key, who[i], k)


@kernel
def _write_normals(seed: int, purpose: int, week: int, who: np.ndarray, k: int, out: np.ndarray) -> None:
    key = stream(seed, purpose, week)
    for i in range(who.size):
        out[i] = normal_quantile(uniform(key, who[i], k))


@kernel
def _several(seed: int, purpose: int, week: int, who: np.ndarray, first: int, n: int) -> np.ndarray:
    key = stream(seed, purpose, week)
    out = np.empty((n, who.size), np.float64)
    for j in range(n):
        for i in range(who.size):
            out[j, i] = uniform(key, who[i], first + j)
    return out


def uniforms(seed: int, purpose: Purpose, week: int, who: np.ndarray, k: int = 0) -> np.ndarray:
    """Return float64 of the size of ``who``: one number in (0, 1) for each birth key."""
    out = np.empty(who.size, np.float64)  # made here: an array that a kernel makes takes longer to hand over
    _write_uniforms(seed, int(purpose), week, np.ascontiguousarray(who, np.int64), k, out)
    return out


def normals(seed: int, purpose: Purpose, week: int, who: np.ndarray, k: int = 0) -> np.ndarray:
    """Return float64 of the size of ``who``: one standard normal number for each birth key."""
    out = np.empty(who.size, np.float64)
    _write_normals(seed, int(purpose), week, np.ascontiguousarray(who, np.int64), k, out)
    return out


def several(seed: int, purpose: Purpose, week: int, who: np.ndarray, ks: range) -> np.ndarray:
    """Return float64[len(ks), n]: the :func:`uniforms` of several ``k``, one after another, drawn at once."""
    return _several(seed, int(purpose), week, np.ascontiguousarray(who, dtype=np.int64), ks.start, len(ks))


@kernel
def bell(u: np.ndarray) -> np.ndarray:
    """Return float64[m, n]: the standard normal number of each of ``several`` uniform ones, as :func:`normals` would."""
    out = np.empty_like(u)
    for j in range(u.shape[0]):
        for i in range(u.shape[1]):
            out[j, i] = normal_quantile(u[j, i])
    return out


def order(seed: int, purpose: Purpose, week: int, who: np.ndarray) -> np.ndarray:
    """Return the activation order of ``who``: positions sorted by a draw each, ties by birth key."""
    who = np.asarray(who, dtype=np.int64)
    return np.lexsort((who, uniforms(seed, purpose, week, who)))


@kernel
def poisson(mean: float, u: float) -> int:
    """Return the Poisson quantile of ``u`` for ``mean`` below 600, by adding up probabilities."""
    probability = exp(-mean)
    reached = probability
    n = 0
    while reached < u and n < 5000:
        n += 1
        probability *= mean / n
        reached += probability
    return n
