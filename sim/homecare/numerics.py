"""``exp``, ``log`` and the normal quantile from the four operations and the square root alone.

Library versions of these functions give different last bits on different processors. Everything that bears
on a result uses these instead, so that one seed gives the same numbers on any x86-64 machine.
"""

from __future__ import annotations

import math

import numpy as np

from homecare.compiled import inlined, kernel

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_LN2 = 0.6931471805599453
_POWERS_OF_TWO = np.ldexp(1.0, np.arange(-1030, 1024))
TAIL = 0.02425
"""Chance beyond which the normal quantile has another formula."""


@inlined
def exp(x: float) -> float:
    """Return e to the power ``x``; 0 below -700 and capped at ``exp(700)`` (relative error below 1e-15)."""
    bound = -700.0 if x < -700.0 else x  # no branches, so that the processor can do several at once in a loop
    bound = 700.0 if bound > 700.0 else bound
    k = math.floor(bound * _LOG2_E + 0.5)
    r = (bound - k * _LN2_HIGH) - k * _LN2_LOW
    # Taylor's series to the thirteenth power (|r| <= 0.3466), in pairs so that the processor can overlap them.
    s = r * r
    even = 1.0 + s * (5e-1 + s * (4.1666666666666664e-2 + s * (1.3888888888888889e-3 + s * (
        2.4801587301587302e-5 + s * (2.755731922398589e-7 + s * 2.08767569878681e-9)))))
    odd = 1.0 + s * (1.6666666666666666e-1 + s * (8.333333333333333e-3 + s * (1.984126984126984e-4 + s * (
        2.7557319223985893e-6 + s * (2.505210838544172e-8 + s * 1.6059043836821613e-10)))))
    answer = (even + r * odd) * _POWERS_OF_TWO[int(k) + 1030]
    return 0.0 if x < -700.0 else answer


@inlined
def log(x: float) -> float:
    """Return the natural logarithm of ``x`` > 0 (relative error below 1e-15); -1e308 at or below zero."""
    if x <= 0.0:
        return -1e308
    mantissa, power = math.frexp(x)
    if mantissa < 0.7071067811865476:
        mantissa *= 2.0
        power -= 1
    f = (mantissa - 1.0) / (mantissa + 1.0)
    s = f * f
    total = 0.0
    for i in range(23, 0, -2):
        total = total * s + 1.0 / i
    return 2.0 * f * total + power * _LN2


@inlined
def power(base: float, exponent: float) -> float:
    """Return ``base ** exponent`` for ``base`` >= 0."""
    if base <= 0.0:
        return 0.0
    return exp(exponent * log(base))


@inlined
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of ``p`` in (0, 1).

    Notes
    -----
    Rational approximation of P. J. Acklam (2003); relative error below 1.2e-9 everywhere.
    """
    if p < TAIL or p > 1.0 - TAIL:  # one copy of the tail in every kernel, for both sides
        tail = normal_quantile_low(p if p < 0.5 else 1.0 - p)
        return tail if p < 0.5 else -tail
    return normal_quantile_middle(p)


@inlined
def normal_quantile_middle(p: float) -> float:
    """Return the normal quantile for ``p`` from 0.02425 to 0.97575 (nineteen in twenty)."""
    q = p - 0.5
    r = q * q
    top = (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
             + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239e00) * q
    low = ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    return top / low


@inlined
def normal_quantile_low(p: float) -> float:
    """Return the normal quantile for ``p`` below 0.02425 (the lower tail of :func:`normal_quantile`)."""
    q = math.sqrt(-2.0 * log(p))
    top = ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00) * q
            - 2.549732539343734e00) * q + 4.374664141464968e00) * q + 2.938163982698783e00
    low = (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00) * q
           + 3.754408661907416e00) * q + 1.0
    return top / low


@kernel
def total(values: np.ndarray) -> float:
    """Return the sum of ``values`` added one after another from the left (0.0 for none)."""
    answer = 0.0
    for i in range(values.size):
        answer += values[i]
    return answer


def sum_by(index: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Return int64[n]: the sum of whole-number ``values`` for each ``index``; negative indices are left out."""
    answer = np.zeros(n, np.int64)  # made here: an array that a kernel makes takes longer to hand over
    _add_by(index, values, answer)
    return answer


@kernel
def _add_by(index: np.ndarray, values: np.ndarray, answer: np.ndarray) -> None:
    for i in range(index.size):
        if index[i] >= 0:
            answer[index[i]] += values[i]


@kernel
def count_by(index: np.ndarray, n: int) -> np.ndarray:
    """Return int64[n]: how often each index from 0 to n - 1 occurs; negative indices are left out."""
    answer = np.zeros(n, np.int64)
    for i in range(index.size):
        if index[i] >= 0:
            answer[index[i]] += 1
    return answer


def places(mask: np.ndarray) -> np.ndarray:
    """Return int64: where ``mask``, bool[n], is true, ascending; for short columns a fifth of ``np.flatnonzero``."""
    return mask.nonzero()[0]


def in_groups(index: np.ndarray, n: int) -> np.ndarray:
    """Return int64: the places of ``index``, whole numbers from 0 to n - 1, sorted by it; ties as they stand.

    Examples
    --------
    >>> in_groups(np.array([2, 0, 2, 1]), 3).tolist()
    [1, 3, 0, 2]
    """
    return np.argsort(index.astype(np.min_scalar_type(n)), kind="stable")  # small numbers are sorted by their digits


@kernel
def mean_by(index: np.ndarray, values: np.ndarray, n: int, where_empty: float) -> np.ndarray:
    """Return float64[n]: the mean of ``values`` for each ``index``, ``where_empty`` where there is none."""
    sums = np.zeros(n, np.float64)
    counts = np.zeros(n, np.int64)
    for i in range(index.size):
        if index[i] >= 0:
            sums[index[i]] += values[i]
            counts[index[i]] += 1
    for i in range(n):
        sums[i] = sums[i] / counts[i] if counts[i] > 0 else where_empty
    return sums
