"""Experiments and outcomes as EMA Workbench's analysis reads them: a table of factors and an array an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from homecare.sweep_results import Results, Window


def experiments_and_outcomes(
    results: Results, outcomes: Iterable[str], window: Window | None = None
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return what ``ema_workbench.analysis`` takes: ``x``, one row an experiment, and ``outcomes``.

    An experiment is a point of the design: outcomes are means over its seeds. Words become categories. A point of which
    a run failed is left out of both.

    Parameters
    ----------
    results : Results
        Of a sweep with factors.
    outcomes : iterable of str
    window : (int, int), optional
        As in `Results.frame`.

    Returns
    -------
    experiments : DataFrame, shape (points, factors)
    outcomes : dict of str to ndarray of float64, shape (points,)

    Raises
    ------
    ValueError
        If there is no such outcome, or nothing was varied.
    """
    names = list(outcomes)
    frame = results.frame(window, names)
    factors = [column for column in frame.columns if column not in {"key", "label", "seed", "status", *names}]
    if not factors:
        raise ValueError("nothing was varied in these runs: a sweep with factors is wanted")
    whole = frame.groupby("label", sort=False).status.transform(lambda status: bool((status == "finished").all()))
    points = frame[whole.astype(bool)].groupby("label", sort=False)
    experiments = points[factors].first().reset_index(drop=True)
    for factor in factors:
        if experiments[factor].dtype.kind not in "ifb":
            experiments[factor] = experiments[factor].astype("category")
    means = points[names].mean()
    return experiments, {name: means[name].to_numpy(np.float64) for name in names}


def write_experiments(results: Results, outcomes: Iterable[str], folder: Path, window: Window | None = None) -> None:
    """Write ``experiments.csv`` and ``outcomes.csv``, row by row of one another; raises as `experiments_and_outcomes`."""
    experiments, values = experiments_and_outcomes(results, outcomes, window)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (("experiments.csv", experiments), ("outcomes.csv", pd.DataFrame(values))):
        table.to_csv(folder / name, index=False, float_format="%.8g", lineterminator="\n", encoding="utf-8")
