"""Pairs of people and agencies: how far apart, and the luck that belongs to both."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.draws import normal, stream, uniform


@kernel
def pair_luck(seed: int, purpose: int, week: int, users: np.ndarray, agencies: np.ndarray,
              bell: bool) -> np.ndarray:
    """Return float64[n, m]: a number for each pair of birth keys, normal where ``bell``, else uniform."""
    key = stream(seed, purpose, week)
    out = np.empty((users.size, agencies.size))
    for i in range(users.size):
        for j in range(agencies.size):
            if bell:
                out[i, j] = normal(key, users[i], agencies[j])
            else:
                out[i, j] = uniform(key, users[i], agencies[j])
    return out


def metres_between(x1: np.ndarray, y1: np.ndarray, x2: np.ndarray, y2: np.ndarray) -> np.ndarray:
    """Return float64[n, m]: straight distances."""
    dx = x1[:, None] - x2[None, :]
    dy = y1[:, None] - y2[None, :]
    return np.sqrt(dx * dx + dy * dy)
