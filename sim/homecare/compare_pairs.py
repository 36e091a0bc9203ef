"""Paired differences: what one scenario changes against another on the same luck, and how sure that is.

Two runs on one seed share people, illnesses, journeys and job offers, so most of what chance brings is the same in
both and drops out of their difference. Intervals are Student's t over the differences of seeds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

SURE = 0.95
"""Probability with which an interval holds the mean difference, if differences of seeds are about normal."""

FEWEST_FOR_RATIO = 5
"""Seeds from which the interval of a variance ratio is given."""

FEWEST_FOR_SPREAD = 5
"""Seeds from which differences that are all the same are taken to be the same on any seed."""

MOST_SEEDS = 1_000_000
"""Where the search for a number of seeds ends."""


@dataclass(frozen=True)
class Pair:
    """One outcome of two scenarios over the seeds on which both have a value; NaN where it cannot be said.

    Attributes
    ----------
    seeds : int
        How many pairs there are.
    reference, mean : float
        Mean of the reference and of the other scenario, in the unit of the outcome.
    difference, low, high : float
        Mean of the other less the reference, and its 95 per cent interval.
    deviation : float
        Standard deviation of the differences of seeds.
    spread : float
        Standard deviation of the reference over seeds: how far apart two seeds of one world usually are.
    ties : int
        Seeds on which the two are equal.
    higher_share : float
        Share of seeds in which the other is higher; a tie counts half.
    better_share : float
        Share of seeds in which the other is better; NaN of an outcome without a better direction.
    variance_ratio, ratio_low, ratio_high : float
        Variance of the difference with independent seeds over that with common luck, and its interval by the
        jackknife. Above 1, common luck saves runs: a ratio of 5 is a fifth of the seeds.
    """

    seeds: int
    reference: float
    mean: float
    difference: float
    low: float
    high: float
    deviation: float
    spread: float
    ties: int
    higher_share: float
    better_share: float
    variance_ratio: float
    ratio_low: float
    ratio_high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero.

        Where a few seeds all differ by the same, an interval of no width says nothing of seeds that were not run.
        """
        return (self.low > 0.0 or self.high < 0.0) and (self.deviation > 0.0 or self.seeds >= FEWEST_FOR_SPREAD)

    @property
    def in_spreads(self) -> tuple[float, float, float]:
        """Difference and interval in standard deviations of the reference over seeds."""
        if not self.spread > 0.0:
            return math.nan, math.nan, math.nan
        return self.difference / self.spread, self.low / self.spread, self.high / self.spread

    def seeds_for(self, half_width: float) -> int | None:
        """Return how many seeds an interval of plus or minus `half_width` takes; None where it cannot be said."""
        return seeds_needed(self.deviation, half_width)


def pair(reference: np.ndarray, other: np.ndarray, better: str = "neither") -> Pair:
    """Compare two scenarios seed by seed.

    Parameters
    ----------
    reference, other : ndarray of float64, shape (seeds,)
        One value a seed, in the same order of seeds; NaN where a run has none.
    better : str
        ``"higher"``, ``"lower"`` or ``"neither"``.

    Raises
    ------
    ValueError
        If the two differ in length.

    Examples
    --------
    >>> found = pair(np.array([10.0, 12.0, 14.0]), np.array([11.0, 14.0, 17.0]), "higher")
    >>> found.difference, found.deviation, found.better_share
    (2.0, 1.0, 1.0)
    """
    if reference.shape != other.shape:
        raise ValueError(f"pairs need one value of each scenario a seed, not {reference.size} and {other.size}")
    known = np.isfinite(reference) & np.isfinite(other)
    a, b = reference[known], other[known]
    apart = b - a
    difference, low, high, deviation = interval(apart)
    ties = int(np.count_nonzero(apart == 0))
    ahead = int(np.count_nonzero(apart > 0)) + 0.5 * ties
    higher = ahead / apart.size if apart.size else math.nan
    shares = {"higher": higher, "lower": 1.0 - higher}
    return Pair(
        seeds=int(apart.size), reference=average(a), mean=average(b), difference=difference, low=low, high=high,
        deviation=deviation, spread=_deviation(a), ties=ties, higher_share=higher,
        better_share=shares.get(better, math.nan),
        **dict(zip(("variance_ratio", "ratio_low", "ratio_high"), variance_ratio(a, b), strict=True)),
    )


def interval(values: np.ndarray) -> tuple[float, float, float, float]:
    """Return mean, 95 per cent interval and standard deviation of values of seeds; no interval of fewer than two."""
    mean, deviation = average(values), _deviation(values)
    half = t_quantile(values.size) * deviation / math.sqrt(values.size) if values.size > 1 else math.nan
    return mean, mean - half, mean + half, deviation


def t_quantile(n: int) -> float:
    """Return the 97.5 per cent point of Student's t for the mean of n values."""
    return float(stats.t.ppf(0.5 + 0.5 * SURE, n - 1))


def seeds_needed(deviation: float, half_width: float) -> int | None:
    """Return the least number of seeds whose interval is no wider than plus or minus `half_width`.

    Parameters
    ----------
    deviation : float
        Standard deviation of one seed's value, in the unit of `half_width`.

    Returns
    -------
    int or None
        At least 2; None where the deviation or the half-width is not known, or over a million seeds are needed.

    Raises
    ------
    ValueError
        If the half-width is not above zero.

    Examples
    --------
    >>> seeds_needed(1.0, 0.5), seeds_needed(0.0, 0.5)
    (18, 2)
    """
    if half_width <= 0.0:
        raise ValueError("a half-width is above zero")
    if not (math.isfinite(deviation) and math.isfinite(half_width)):
        return None
    low, high = 1, 2  # what `low` seeds give is too wide, or `low` is 1
    while t_quantile(high) * deviation / math.sqrt(high) > half_width:
        low, high = high, 2 * high
        if high > MOST_SEEDS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        wide = t_quantile(middle) * deviation / math.sqrt(middle) > half_width
        low, high = (middle, high) if wide else (low, middle)
    return high


def variance_ratio(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Return variance of a difference with independent seeds over that with common luck, and its interval.

    Parameters
    ----------
    a, b : ndarray of float64, shape (seeds,)
        Two scenarios on the same seeds.

    Returns
    -------
    ratio, low, high : float
        Infinite where the differences are all the same; NaN where nothing varies. The interval is that of the
        jackknife on the logarithm; NaN of fewer than five seeds, which say too little.
    """
    ratio = _ratio(a, b)
    n = a.size
    if n < FEWEST_FOR_RATIO or not (math.isfinite(ratio) and ratio > 0.0):
        return ratio, math.nan, math.nan
    without = [_ratio(np.delete(a, i), np.delete(b, i)) for i in range(n)]
    if not all(math.isfinite(value) and value > 0.0 for value in without):
        return ratio, math.nan, math.nan
    logs = np.log(without)
    error = math.sqrt((n - 1) / n * float(np.sum((logs - logs.mean()) ** 2)))
    half = t_quantile(n) * error
    if half > 700.0:
        return ratio, math.nan, math.nan
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def _ratio(a: np.ndarray, b: np.ndarray) -> float:
    if a.size < 2:
        return math.nan
    independent, paired = _deviation(a) ** 2 + _deviation(b) ** 2, _deviation(b - a) ** 2
    if paired == 0.0:
        return math.inf if independent > 0.0 else math.nan
    return independent / paired


def average(values: np.ndarray) -> float:
    """Return the mean; NaN of nothing."""
    return math.fsum(values.tolist()) / values.size if values.size else math.nan


def _deviation(values: np.ndarray) -> float:
    if values.size < 2:
        return math.nan
    mean = average(values)
    return math.sqrt(math.fsum(((values - mean) ** 2).tolist()) / (values.size - 1))
