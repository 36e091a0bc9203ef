"""Which factors matter: Morris, Sobol, partial rank correlation, one at a time. Nothing here knows the market.

A factor is sampled as a share of the way through its range, 0 to 1, so that effects of different factors compare.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

METHODS = ("morris", "sobol", "correlations", "tornado")
"""Screening by elementary effects; shares of variance; partial rank correlations; each factor by itself."""

MEANING = {
    "morris": "mean size of the change in the outcome as a factor crosses its range, all else anywhere",
    "sobol": "share of the outcome's variance that goes with a factor, alone and with all it takes part in (total)",
    "correlations": "partial rank correlation: -1 to 1, with the other factors held constant by rank regression",
    "tornado": "change in the outcome at the low and the high end of a factor, the others as the base",
}

LEVELS = 4
"""Levels of Morris's grid (Campolongo and others 2007 take 4 to 8)."""

Z = 1.959963984540054
"""97.5 per cent point of the normal distribution."""


class NoSampler(ImportError):
    """SALib is not installed."""


def runs_of(method: str, factors: int, n: int) -> int:
    """Return how many points a method takes; `n` is trajectories, base samples or draws, and nothing to a tornado.

    Examples
    --------
    >>> runs_of("morris", 5, 10), runs_of("sobol", 5, 64), runs_of("correlations", 5, 64), runs_of("tornado", 5, 0)
    (60, 448, 64, 11)
    """
    points = {"morris": n * (factors + 1), "sobol": n * (factors + 2), "correlations": n, "tornado": 1 + 2 * factors}
    return points[method]


def sample(method: str, factors: int, n: int, seed: int = 1) -> np.ndarray:
    """Return where to look: a row a point, a column a factor, each value a share of the way through a range.

    Parameters
    ----------
    method : str
        One of `METHODS` but the tornado, whose points are the base and the ends of each range.
    n : int
        Trajectories of Morris, base samples of Sobol (a power of two), draws of a Latin hypercube.
    seed : int
        Of the sample's own luck.

    Raises
    ------
    NoSampler
        If SALib is needed and not installed.
    ValueError
        If `n` is too small, or no power of two for Sobol.
    """
    if method == "correlations":
        if n < factors + 4:
            raise ValueError(f"partial correlations of {factors} factors need at least {factors + 4} draws, not {n}")
        return stats.qmc.LatinHypercube(factors, rng=seed).random(n)
    if n < 2:
        raise ValueError(f"{method} needs at least 2 samples, not {n}")
    if method == "sobol" and n & (n - 1):
        raise ValueError(f"Sobol's sequence is balanced only over a power of two, not {n}")
    if method == "morris":
        return _salib("sample.morris").sample(_problem(factors), n, num_levels=LEVELS, seed=seed)
    return _salib("sample.sobol").sample(_problem(factors), n, calc_second_order=False, seed=seed)


def analyse(method: str, names: Sequence[str], shares: np.ndarray, values: np.ndarray, seed: int = 1) -> pd.DataFrame:
    """Return how much each factor matters to one outcome.

    Parameters
    ----------
    method : str
        ``"morris"``, ``"sobol"`` or ``"correlations"``.
    names : sequence of str
        Factors, in the order of the columns.
    shares : ndarray, shape (points, factors)
        As `sample` gave them.
    values : ndarray, shape (points,)
        The outcome at each point.
    seed : int
        Of the resampling behind intervals of Morris and Sobol.

    Returns
    -------
    DataFrame
        One row a factor: ``factor, measure, value, low, high`` and, by method, ``spread`` (Morris: standard deviation
        of elementary effects, large where the effect hangs on other factors) or ``total, total_low, total_high``
        (Sobol). Intervals are of 95 per cent.

    Raises
    ------
    ValueError
        If a value is missing, or there is not one value a point.
    NoSampler
        If SALib is needed and not installed.
    """
    if values.shape != (len(shares),):
        raise ValueError(f"one value a point is wanted: {len(shares)} points, {values.size} values")
    missing = int(np.count_nonzero(~np.isfinite(values)))
    if missing:
        raise ValueError(f"{missing} of {values.size} points have no value; every point is needed")
    rows: list[dict[str, Any]]
    if not np.ptp(values) > 0.0:
        rows = [{"value": 0.0, "low": 0.0, "high": 0.0} for _ in names]
        if method == "sobol":
            rows = [row | {"total": 0.0, "total_low": 0.0, "total_high": 0.0} for row in rows]
        elif method == "morris":
            rows = [row | {"spread": 0.0} for row in rows]
    elif method == "morris":
        found = _salib("analyze.morris").analyze(_problem(len(names)), shares, values, num_levels=LEVELS, seed=seed)
        rows = [{"value": m, "low": max(m - c, 0.0), "high": m + c, "spread": s}
                for m, c, s in zip(found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True)]
    elif method == "sobol":
        found = _salib("analyze.sobol").analyze(_problem(len(names)), values, calc_second_order=False, seed=seed)
        rows = [{"value": a, "low": a - ca, "high": a + ca, "total": t, "total_low": t - ct, "total_high": t + ct}
                for a, ca, t, ct in zip(found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)]
    elif method == "correlations":
        rows = [_interval_of_correlation(r, values.size, len(names)) for r in partial_rank_correlations(shares, values)]
    else:
        raise ValueError(f"there is no method {method!r} to analyse; there are morris, sobol, correlations")
    table = pd.DataFrame([{"factor": name, **{key: float(x) for key, x in row.items()}}
                          for name, row in zip(names, rows, strict=True)])
    table.insert(1, "measure", {"morris": "mean effect", "sobol": "first order"}.get(method, "correlation"))
    return table


def partial_rank_correlations(shares: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the partial rank correlation of each column with the values; NaN of a column that does not vary.

    Notes
    -----
    Columns and values are ranked; both are regressed on the ranks of all other columns, and what is left of the two is
    correlated (Marino and others 2008, "A methodology for performing global uncertainty and sensitivity analysis").
    """
    ranks = np.column_stack([stats.rankdata(column) for column in shares.T])
    ranked = stats.rankdata(values)
    found = []
    for i in range(ranks.shape[1]):
        others = np.column_stack([np.ones(len(ranks)), np.delete(ranks, i, axis=1)])
        left = [y - others @ np.linalg.lstsq(others, y, rcond=None)[0] for y in (ranks[:, i], ranked)]
        size = math.sqrt(float(left[0] @ left[0]) * float(left[1] @ left[1]))
        found.append(float(left[0] @ left[1]) / size if size > 1e-9 * len(ranks) ** 2 else math.nan)
    return np.array(found)


def _interval_of_correlation(r: float, n: int, factors: int) -> dict[str, float]:
    """A correlation with its interval by Fisher's transformation, one degree of freedom less for each other factor."""
    if not abs(r) < 1.0:
        return {"value": r, "low": r, "high": r}
    half = Z / math.sqrt(n - factors - 2)
    return {"value": r, "low": math.tanh(math.atanh(r) - half), "high": math.tanh(math.atanh(r) + half)}


def _problem(factors: int) -> dict[str, Any]:
    return {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def _salib(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"SALib.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "SALib":
            raise
        raise NoSampler("Morris and Sobol need SALib: pip install 'homecare[analysis]'") from None
