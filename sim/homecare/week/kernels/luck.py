"""Many draws at once: loops without branches, which the processor does several at a time.

Each number is the one that :func:`homecare.draws.uniform` or :func:`homecare.draws.normal` gives alone.
"""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel_part
from homecare.draws import uniform
from homecare.numerics import TAIL, exp, normal_quantile, normal_quantile_middle


@kernel_part
def draw_uniforms(key: np.uint64, who: np.ndarray, k: np.ndarray, besides: int, n: int, out: np.ndarray) -> None:
    """Write the first ``n`` of ``out``: the uniform number that belongs to each ``who`` and ``k + besides``."""
    for i in range(n):
        out[i] = uniform(key, who[i], k[i] + besides)


@kernel_part
def spread_out(luck: np.ndarray, spread: float, n: int, out: np.ndarray) -> None:
    """Write the first ``n`` of ``out``: e to the power of ``spread`` times the normal quantile of ``luck``."""
    for i in range(n):
        out[i] = normal_quantile_middle(luck[i])
    for i in range(n):
        if luck[i] < TAIL or luck[i] > 1.0 - TAIL:
            out[i] = normal_quantile(luck[i])
    for i in range(n):
        out[i] = exp(spread * out[i])
