"""A sensitivity study: factors, a method, and something that gives outcomes at points; the market, or any function."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from homecare.compare_pairs import pair
from homecare.outcomes import OUTCOMES
from homecare.scenario_fault import Entry, Fault, Place, ScenarioError
from homecare.sensitivity_methods import METHODS, analyse, sample
from homecare.sweep_factor import factor_of
from homecare.sweep_file import load_sweep
from homecare.sweep_make import run_sweep
from homecare.sweep_results import Results
from homecare.sweep_terms import Factor, Sweep

HEADLINES = ("scrqol", "turnover", "council_spend", "people_waiting_start")
"""Outcomes of a study that names none: one each of quality, retention, cost and access."""

Point = dict[str, Any]

SERIES = "series"
"""Column of a study's table that names the outcome."""


@dataclass(frozen=True)
class Study:
    """What a study found.

    Attributes
    ----------
    method : str
    factors : tuple of Factor
    points : list of dict
        Path and value of each factor at each point.
    outcomes : DataFrame
        One row a point, one column an outcome: means over seeds.
    table : DataFrame
        One row an outcome and factor: ``series, factor, measure, value, low, high`` and more by method (see
        `homecare.sensitivity_methods.analyse`); of a tornado one row an outcome, factor and end.
    results : Results or None
        The runs, where there were any.
    """

    method: str
    factors: tuple[Factor, ...]
    points: list[Point]
    outcomes: pd.DataFrame
    table: pd.DataFrame
    results: Results | None = None


def study(
    factors: Sequence[Factor],
    method: str,
    n: int,
    evaluate: Callable[[list[Point]], Mapping[str, np.ndarray]],
    seed: int = 1,
) -> Study:
    """Make a study of anything that gives outcomes at points.

    Parameters
    ----------
    factors : sequence of Factor
    method : str
        ``"morris"``, ``"sobol"`` or ``"correlations"``.
    n : int
        As in `homecare.sensitivity_methods.sample`.
    evaluate : callable
        Takes points, each a value a path, and gives for each outcome an array of one value a point.
    seed : int
        Of the sample's and the resampling's own luck.

    Raises
    ------
    ValueError
        If there is no factor or no such method, or as `sample` and `analyse` raise.
    """
    if not factors:
        raise ValueError("a study varies at least one factor")
    if method not in METHODS[:3]:
        raise ValueError(f"there is no method {method!r}; there are {', '.join(METHODS)}")
    shares = sample(method, len(factors), n, seed)
    points = [{factor.path: factor.at(float(share)) for factor, share in zip(factors, row, strict=True)}
              for row in shares]
    outcomes = pd.DataFrame(dict(evaluate(points)))
    names = [factor.path for factor in factors]
    tables = []
    for name in outcomes:
        table = analyse(method, names, shares, outcomes[name].to_numpy(np.float64), seed)
        table.insert(0, SERIES, name)
        tables.append(table)
    return Study(method, tuple(factors), points, outcomes, pd.concat(tables, ignore_index=True))


def sensitivity(
    sweep: Sweep | str | Path,
    method: str = "morris",
    n: int = 8,
    *,
    out: str | Path,
    seed: int = 1,
    **of_runs: Any,
) -> Study:
    """Make a study of the market over the factors of a sweep; its design is set aside.

    The same seeds are run at every point, so that differences between points are not of luck; outcomes are means over
    the seeds. Runs are kept in `out`, and the same call goes on where it stopped.

    Parameters
    ----------
    sweep : Sweep, str or Path
        A sweep or its file: base, factors, seeds, outcomes, window.
    method : str
        One of `homecare.sensitivity_methods.METHODS`.
    n : int
        Trajectories of Morris, base samples of Sobol, draws of correlations; nothing to a tornado.
    out : str or Path
        Folder of the runs.
    seed : int
        Of the sample's own luck.
    **of_runs
        As in `homecare.sweep_make.run_sweep`: ``engine``, ``processes``, ``time_limit``, ``again``, ``heard``.

    Raises
    ------
    ScenarioError
        If the file has faults.
    ValueError
        As `study`, or if a run failed, whose point then has no value.
    """
    sweep = sweep if isinstance(sweep, Sweep) else load_sweep(sweep)
    names = list(sweep.outcomes) or list(HEADLINES)
    held: list[Results] = []

    def run(points: list[Point]) -> pd.DataFrame:
        listed = tuple({"name": f"point {i + 1}", **point} for i, point in enumerate(points))
        asked = replace(sweep, design="list", points=listed, factors=(), n=0, cross=False)
        held.append(run_sweep(asked, out, **of_runs).results)
        frame = held[0].frame(sweep.window, names)
        failed = frame[frame.status != "finished"]
        if len(failed):
            raise ValueError(f"{len(failed)} of {len(frame)} runs did not finish, such as {failed.label.iloc[0]} on seed "
                             f"{failed.seed.iloc[0]}; homecare results ls {out} --status failed says why")
        return frame

    def evaluate(points: list[Point]) -> dict[str, np.ndarray]:
        means = run(points).groupby("label", sort=False)[names].mean()
        return {name: means.loc[[f"point {i + 1}" for i in range(len(points))], name].to_numpy() for name in names}

    if method == "tornado":
        return _tornado(sweep, names, run, held)
    return replace(study(sweep.factors, method, n, evaluate, seed), results=held[0])


def _tornado(sweep: Sweep, names: Sequence[str], run: Callable[[list[Point]], pd.DataFrame],
             held: list[Results]) -> Study:
    """Each factor at its low and its high end, the others as the base; differences paired by seed."""
    points: list[Point] = [{}]
    for factor in sweep.factors:
        points += [{factor.path: factor.at(0.0)}, {factor.path: factor.at(1.0)}]
    frame = run(points)
    of_point = {label: rows.set_index("seed") for label, rows in frame.groupby("label", sort=False)}
    base, rows = of_point["point 1"], []
    for name in names:
        for i, factor in enumerate(sweep.factors):
            for end, number in (("low", 2 * i + 2), ("high", 2 * i + 3)):
                there = of_point[f"point {number}"][name].reindex(base.index)
                found = pair(base[name].to_numpy(np.float64), there.to_numpy(np.float64), OUTCOMES[name].better)
                rows.append({SERIES: name, "factor": factor.path, "measure": f"{end} end",
                             "setting": str(points[number - 1][factor.path]), "value": found.difference,
                             "low": found.low, "high": found.high, "base": found.reference})
    means = pd.DataFrame([of_point[f"point {i + 1}"][list(names)].mean() for i in range(len(points))])
    return Study("tornado", sweep.factors, points, means.reset_index(drop=True), pd.DataFrame(rows), held[0])


def sweep_of_names(base: str, paths: Sequence[str], settings: Sequence[str] = (), seeds: Sequence[int] = (1,),
                   outcomes: Sequence[str] = ()) -> Sweep:
    """Return a sweep over parameters by name, each over its own range.

    Parameters
    ----------
    base : str
        Name or file of a scenario.
    paths : sequence of str
        As in an override: ``policy.labour.wage_floor``.
    settings : sequence of str
        Overrides of every point.

    Raises
    ------
    ScenarioError
        With every name that is none.
    """
    faults: list[Fault] = []
    place = Place("--factor")
    factors = [factor_of(path, Entry(None, place, place), base, faults) for path in paths]
    faults += [Fault(Place("--outcome"), name, "there is no such outcome", name, "a name that docs/outcomes.md lists")
               for name in outcomes if name not in OUTCOMES]
    if faults:
        raise ScenarioError(faults)
    return Sweep("sensitivity", base, settings=tuple(settings), factors=tuple(f for f in factors if f is not None),
                 seeds=tuple(seeds), outcomes=tuple(outcomes))


def ranked(table: pd.DataFrame, name: str) -> list[str]:
    """Return the factors of a study, those that matter most to an outcome first."""
    rows = table[table[SERIES] == name]
    column = "total" if "total" in rows else "value"
    size = {}
    for factor, value in zip(rows.factor, rows[column].abs(), strict=True):
        size[factor] = max(size.get(factor, 0.0), 0.0 if math.isnan(value) else value)
    return sorted(size, key=lambda factor: -size[factor])
