"""A folder of a sweep, read again: its rows, its sweep, one of its runs, and runs that belong to it no longer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from homecare.outcomes import OUTCOMES
from homecare.scenario import dump, load
from homecare.scenario_fault import Fault, Place, ScenarioError
from homecare.store_many import MARK, Store
from homecare.store_tables import RUNS_TABLE
from homecare.sweep_design import shown_value
from homecare.sweep_drive import Run, Tally
from homecare.sweep_file import load_sweep
from homecare.sweep_make import SWEEP
from homecare.sweep_plan import Plan
from homecare.sweep_results import Results, means_over
from homecare.sweep_terms import Sweep

COLUMNS = ["key", "label", "seed", "status", "error"]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Return one row a run, from the table of the folder.

    Raises
    ------
    ScenarioError
        If the folder has no table of runs.
    """
    path = Path(folder) / RUNS_TABLE
    if not path.is_file():
        raise _refusal(folder, "there is no table of runs here", "a folder that homecare sweep wrote to its end")
    return pq.read_table(path, columns=COLUMNS, partitioning=None).to_pylist()


def sweep_of(folder: Path) -> Sweep:
    """Return the sweep that a folder was made by.

    Raises
    ------
    ScenarioError
        If the folder was not made by a sweep.
    """
    path = Path(folder) / SWEEP
    if not (Path(folder) / MARK).is_file() or not path.is_file():
        raise _refusal(folder, "no sweep was made into this folder", "a folder that homecare sweep wrote")
    return load_sweep(path)


def described(folder: Path, key: str) -> dict[str, Any]:
    """Return what is known of one run: key, label, seed, factors, status; its scenario; outcomes, or why it failed.

    Raises
    ------
    KeyError
        If the sweep of the folder has no such run.
    """
    store, sweep = Store(folder), sweep_of(folder)
    for run in Plan(sweep):
        if run.key == key:
            break
    else:
        raise KeyError(f"the sweep in {folder} has no run {key} with the present code")
    said = {"key": key, "label": run.label, "seed": run.seed, "factors": dict(run.factors)}
    if store.path(key).is_file():
        weekly = store.weekly(key)
        means = means_over(weekly, sweep.outcomes or list(weekly), sweep.window)
        said["status"] = "finished"
        said["outcomes"] = {name: value if math.isfinite(value) else None for name, value in means.items()}
    elif store.failure_path(key).is_file():
        said |= {"status": "failed", **store.failure(key)}
    else:
        said["status"] = "missing"
    if run.scenario is not None:
        said["scenario"] = dump(replace(run.scenario, seed=run.seed, replications=1))
    return said


def results_of(folder: Path) -> Results:
    """Return the results of a folder's sweep as its table of runs tells them, whatever code made them.

    Values of a factor stand in the order in which the sweep names them: the first is what others are compared with.

    Raises
    ------
    ScenarioError
        If the folder has no table of runs, or its runs have not the outcomes of the present code.
    """
    store, sweep = Store(folder), sweep_of(folder)
    rows_of(folder)
    rows = sorted(pq.read_table(Path(folder) / RUNS_TABLE, partitioning=None).to_pylist(), key=_order_of(sweep))
    paths = [name for name in (rows[0] if rows else ()) if name not in COLUMNS]
    alike = None if {"area", "scale", "weeks"} & set(paths) else load(sweep.base, sweep.settings)
    runs = [Run(row["key"], row["label"], row["seed"], "", alike,
                tuple((path, row[path]) for path in paths if row[path] is not None)) for row in rows]
    first = next((row["key"] for row in rows if row["status"] == "finished"), None)
    lacking = [] if first is None else [name for name in OUTCOMES if name not in store.columns(first)]
    if lacking:
        raise _refusal(folder, f"these runs are of other code and have no {lacking[0]}", "runs of the present code")
    return Results(store, runs, Tally(found=len(runs)))


def _order_of(sweep: Sweep) -> Callable[[dict[str, Any]], tuple[int, ...]]:
    """Return what puts rows in the order in which a sweep names the values of its factors, then its seeds."""
    named = {factor.path: [shown_value(value) for value in factor.levels] for factor in sweep.factors}
    for point in sweep.points:
        for path, value in point.items():
            named.setdefault(path, []).append(shown_value(value))
    place = {path: {value: i for i, value in reversed(list(enumerate(values)))} for path, values in named.items()}
    seeds = {seed: i for i, seed in enumerate(sweep.seeds)}

    def order(row: dict[str, Any]) -> tuple[int, ...]:
        return *(places.get(row.get(path), len(places)) for path, places in place.items()), seeds[row["seed"]]

    return order


def strangers(folder: Path) -> tuple[Store, list[str]]:
    """Return the store of a folder and the keys in it that its sweep does not have with the present code."""
    store = Store(folder)
    ours = {run.key for run in Plan(sweep_of(folder))}
    return store, sorted((store.finished() | store.failed()) - ours)


def _refusal(folder: Path, message: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault(Place(str(folder)), "", message, allowed=allowed)])
