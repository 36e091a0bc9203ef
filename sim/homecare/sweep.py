"""Many runs: the one Python door on which comparison, sensitivity, validation and sweep files stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from homecare.compiled import cache_folder, content_digest
from homecare.engines import Local
from homecare.engines_dask import dask_engine
from homecare.engines_warm import kernels_are_warm, warm_once
from homecare.leftovers import clear_away
from homecare.scenario import Scenario, load
from homecare.store_many import Keys, Store
from homecare.sweep_drive import Run, Tally, drive
from homecare.sweep_results import Results

Asked = Scenario | str | Path | tuple[str | Path, Iterable[str]] | tuple[str | Path, Iterable[str], int]
"""What one run may be asked by: a scenario, a name or file, with overrides, with a seed."""


Engine = str | Executor | Any
"""A name, an executor or a Dask client; see `run_many`."""


def run_many(
    runs: Mapping[str, Asked] | Iterable[Asked],
    seeds: int | Iterable[int] | None = None,
    *,
    store: str | Path | None = None,
    engine: Engine = "local",
    processes: int | None = None,
    time_limit: float | None = None,
    again: bool = False,
    heard: Callable[[Run, str], None] | None = None,
) -> Results:
    """Make many runs, or take them from where they are kept, and return their results.

    Runs that share area, scale, seed, uncertainties and initial conditions start from one settled market, which is
    made once. A run that fails is a row of the results and stops no other.

    Parameters
    ----------
    runs : mapping or iterable
        What to run: a `Scenario`, the name or path of one, ``(name, overrides)`` or ``(name, overrides, seed)``.
        The keys of a mapping are the labels of the results; without one, the scenario's name is its label.
    seeds : int or iterable of int, optional
        Each scenario is run on each of these seeds; a number n means seeds 1 to n. Without any, a scenario is run
        on its own seed and the replications that follow it.
    store : str or Path, optional
        Folder that keeps the runs; what is there is not run again. If none is given, the user's cache, which keeps a
        run for a month after it was last asked for.
    engine : str, Executor or distributed.Client
        ``"local"``, ``"dask"``, the address of a Dask scheduler, or an executor or Dask client of your own, which
        is then left open.
    processes : int, optional
        Worker processes of the local engine; as many as processors if none is given.
    time_limit : float, optional
        Seconds for one run; a longer one fails.
    again : bool
        Whether runs that failed before are tried again.
    heard : callable, optional
        Called with each `Run` and "found", "finished" or "failed", for progress.

    Returns
    -------
    Results
        ``results.frame()`` has one row a run, ``results.weekly(label, seed)`` the weekly series of one.

    Raises
    ------
    ScenarioError
        If a scenario cannot be loaded.
    ValueError
        If two different scenarios have the same label.
    CannotKeep
        If the store cannot be written to.

    Examples
    --------
    >>> results = run_many({"now": "hamlet", "block": ("hamlet", ["policy.contracting.kind=block"])}, seeds=2)
    >>> len(results.frame())
    4
    """
    planned = list(plan_of(runs, seeds))
    place = Store(cache_folder() / "runs" / content_digest()[:20] if store is None else store)
    place.open()
    if store is None:
        _clear_cache(place, planned)
    tally = carry_out_all(planned, place, engine, processes, time_limit=time_limit, again=again, heard=heard)
    return Results(place, planned, tally)


def _clear_cache(store: Store, planned: Iterable[Run]) -> None:
    """Note which runs of the user's cache are asked for; clear away what nobody asked for in a month."""
    for run in planned:
        for path in (store.path(run.key), store.failure_path(run.key)):
            with suppress(OSError):  # not there, or somebody else's
                os.utime(path)
    with suppress(OSError):
        clear_away(cache_folder() / "runs", "*/*/*/*")


def carry_out_all(
    planned: Iterable[Run],
    store: Store,
    engine: Engine = "local",
    processes: int | None = None,
    *,
    time_limit: float | None = None,
    again: bool = False,
    heard: Callable[[Run, str], None] | None = None,
) -> Tally:
    """Make the runs of a plan by an engine; see `run_many` and `homecare.sweep_drive.drive`.

    Raises
    ------
    ValueError
        If there is no engine of this name.
    """
    hard = None if time_limit is None else 2.0 * time_limit + 30.0  # for a run that hangs within a week
    with _started(engine, processes, hard) as (executor, ahead):
        if not kernels_are_warm():
            executor.submit(warm_once).result()
        own = hard if _is_dask(engine) else None
        return drive(planned, executor, store, ahead=ahead, again=again, time_limit=time_limit, hard_limit=own,
                     heard=heard)


def _is_dask(engine: Engine) -> bool:
    return hasattr(engine, "get_executor") or engine == "dask" or (isinstance(engine, str) and "://" in engine)


@contextmanager
def _started(engine: Engine, processes: int | None, hard_limit: float | None) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many runs it is given at a time; end it afterwards where it was started here."""
    if isinstance(engine, Executor):
        yield engine, 2 * (processes or getattr(engine, "processes", 8))
    elif _is_dask(engine):
        with dask_engine(engine, processes) as started:
            yield started
    elif engine == "local":
        own = Local(processes, time_limit=hard_limit)
        try:
            yield own, 2 * own.processes
        finally:
            own.stop()
    else:
        raise ValueError(f"there is no engine {engine!r}; there are local, dask, the address of a Dask scheduler, "
                         "and any executor")


def plan_of(runs: Mapping[str, Asked] | Iterable[Asked], seeds: int | Iterable[int] | None = None) -> Iterator[Run]:
    """Return the runs that `run_many` makes, those that share a settled market together; raises as `run_many`."""
    if isinstance(runs, str | Path | Scenario):
        runs = [runs]
    labelled = runs.items() if isinstance(runs, Mapping) else ((None, asked) for asked in runs)
    wanted = _seeds(seeds)
    found: list[tuple[str, Scenario, Keys, Sequence[int]]] = []
    labels: dict[str, str] = {}
    for label, asked in labelled:
        scenario, own_seeds = _scenario(asked)
        keys = Keys(scenario)
        label = scenario.name if label is None else label
        if labels.setdefault(label, keys.digest) != keys.digest:
            raise ValueError(f"two different scenarios are called {label!r}: give labels, as {{label: scenario}}")
        found.append((label, scenario, keys, own_seeds if wanted is None else wanted))
    for seed in sorted({seed for *_, own in found for seed in own}):
        for label, scenario, keys, own in found:
            if seed in own:
                yield Run(keys.of(seed), label, seed, keys.settling(seed), scenario)


def _seeds(seeds: int | Iterable[int] | None) -> Sequence[int] | None:
    if seeds is None:
        return None
    return range(1, seeds + 1) if isinstance(seeds, int) else [int(seed) for seed in seeds]


def _scenario(asked: Asked) -> tuple[Scenario, Sequence[int]]:
    """The scenario that is asked for, and the seeds that it names itself."""
    if isinstance(asked, Scenario):
        scenario = asked
    elif isinstance(asked, tuple):
        source, overrides, *seed = asked
        scenario = load(source, overrides, seed=seed[0] if seed else None)
    else:
        scenario = load(asked)
    own = range(scenario.seed, scenario.seed + scenario.replications)
    return replace(scenario, replications=1), own
