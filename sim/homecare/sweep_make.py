"""Making a sweep: its plan carried out into a folder, with tables at the end and while it goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from homecare.scenario import dump, load
from homecare.scenario_write import to_yaml
from homecare.shards import Shard, name_of
from homecare.store_many import Store
from homecare.store_tables import write_tables
from homecare.sweep import Engine, carry_out_all
from homecare.sweep_drive import Run, Tally
from homecare.sweep_estimate import estimate, note_speed
from homecare.sweep_file import load_sweep
from homecare.sweep_plan import Plan
from homecare.sweep_results import Results
from homecare.sweep_terms import Sweep

SWEEP, BASE = "sweep.yaml", "base.yaml"
HEAD = "# A sweep, written by homecare: base.yaml beside it is the scenario that its points differ from.\n"
TABLES_EVERY = 600.0
"""Seconds after which tables are written anew while a sweep goes on."""


@dataclass
class Made:
    """What came of a sweep.

    Attributes
    ----------
    results : Results
    damaged : list of str
        Keys of runs whose files were damaged and removed.
    """

    results: Results
    damaged: list[str] = field(default_factory=list)


def run_sweep(
    sweep: Sweep | str | Path,
    out: str | Path,
    *,
    engine: Engine = "local",
    processes: int | None = None,
    shard: Shard | None = None,
    time_limit: float | None = None,
    again: bool = False,
    heard: Callable[[Run, str], None] | None = None,
) -> Made:
    """Make a sweep, or what is missing of it, and write its tables.

    Parameters
    ----------
    sweep : Sweep, str or Path
        A sweep, or the path of its file.
    out : str or Path
        Folder of the store.
    shard : (int, int), optional
        Number of this shard and how many there are; it makes its runs and writes a manifest of them. The same sweep
        without a shard then finds them all and writes the tables.
    engine, processes, time_limit, again, heard
        As in `homecare.sweep.run_many`.

    Raises
    ------
    ScenarioError
        If the file has faults, or the folder belongs to something else.
    CannotKeep
        If the folder cannot be written to; what was kept until then is whole, and the same call goes on from there.
    KeyboardInterrupt
        After the tables of what was made are written.
    """
    if not isinstance(sweep, Sweep):
        sweep = load_sweep(sweep)
    store = Store(out)
    store.open()
    _describe(sweep, store)
    plan, rows, tally = Plan(sweep, shard), [], Tally()
    part = None if shard is None else name_of(shard)
    written = time.monotonic()

    def hear(run: Run, status: str) -> None:
        nonlocal written
        if heard is not None:
            heard(run, status)
        if time.monotonic() - written > TABLES_EVERY:
            write_tables(store, rows, sweep.outcomes, sweep.window, part)
            written = time.monotonic()

    try:
        tally = carry_out_all(_noted(plan, rows), store, engine, processes, time_limit=time_limit, again=again,
                              heard=hear)
    except KeyboardInterrupt:
        write_tables(store, rows, sweep.outcomes, sweep.window, part)
        raise
    if tally.finished == len(rows) and shard is None:
        takes = estimate(sweep)
        note_speed(takes.seconds - takes.settling_seconds, tally.seconds - tally.settling_seconds)
    damaged = write_tables(store, rows, sweep.outcomes, sweep.window, part)
    return Made(Results(store, rows, tally), damaged)


def _noted(plan: Plan, rows: list[Run]) -> Iterator[Run]:
    """Hand on the runs of a plan and note each without its scenario, which would fill the memory."""
    for run in plan:
        rows.append(replace(run, scenario=None))
        yield run


def _describe(sweep: Sweep, store: Store) -> None:
    """Put the sweep and its base into the folder, so that the folder says by itself what it holds."""
    base = dump(load(sweep.base))
    for name, text in ((BASE, base), (SWEEP, sweep_text(sweep))):
        path = store.folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            store.write_text(name, text)


def sweep_text(sweep: Sweep) -> str:
    """Return a sweep as a file that stands beside its ``base.yaml`` and loads as the same sweep."""
    said: dict[str, Any] = {"name": sweep.name, "description": sweep.description, "base": f"./{BASE}"}
    for setting in sweep.settings:
        path, _, value = setting.partition("=")
        said[path] = json.loads(value)
    said["design"] = sweep.design
    if sweep.points:
        said["points"] = [dict(point) for point in sweep.points]
    if sweep.factors:
        said["factors"] = {factor.path: _values(factor) for factor in sweep.factors}
    if sweep.n:
        said |= {"n": sweep.n, "design_seed": sweep.design_seed}
    if sweep.cross:
        said["cross"] = True
    said["seeds"] = list(sweep.seeds)
    if sweep.outcomes:
        said["outcomes"] = list(sweep.outcomes)
    if sweep.window is not None:
        said["window"] = list(sweep.window)
    return HEAD + to_yaml(said)


def _values(factor: Any) -> Any:
    if factor.levels:
        return list(factor.levels)
    return {"low": factor.low, "high": factor.high, "steps": factor.steps}
