"""One run: a scenario in, a folder of results out."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from homecare import store
from homecare.build import NoMarket
from homecare.engines import Local, usable_processors
from homecare.engines_warm import kernels_are_warm, warm_once
from homecare.market import BURN_IN_WEEKS, Market
from homecare.own_policies import OwnModule, load_modules, own_modules
from homecare.run_summary import RunSummary, summarise, summary_csv
from homecare.scenario import Scenario, load
from homecare.scenario_fault import Fault, Place, ScenarioError


def run(
    scenario: str | Path | Scenario = "baseline",
    out: str | Path | None = None,
    *,
    overrides: Iterable[str] = (),
    progress: bool = True,
    **top_level: Any,
) -> RunSummary:
    """Run a scenario and write its results; ``hc.run`` is this.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a scenario, path of a scenario file, or a scenario.
    out : str or Path, optional
        Folder for the results; ``results/NAME`` if none is given.
    overrides, top_level
        As in `homecare.scenario.load`; only with a name or a file.

    Raises
    ------
    ScenarioError, ValueError
        As `run_scenario`, and where settings are given with a ready scenario.
    """
    overrides = tuple(overrides)
    if isinstance(scenario, Scenario):
        if overrides or top_level:
            raise ValueError("give overrides and settings with a name or a file, not with a ready scenario")
        ready, name = scenario, scenario.name
    else:
        ready, name = load(scenario, overrides, **top_level), Path(scenario).stem
    return run_scenario(ready, Path("results") / name if out is None else Path(out), progress)


def run_scenario(scenario: Scenario, out: Path, progress: bool = True) -> RunSummary:
    """Run a scenario, on one seed or on several that follow one another, and write a folder of results.

    Parameters
    ----------
    out : Path
        A folder that is new, empty, or an earlier result, which is then replaced. It is written beside its
        place and moved there at the end: an interrupted run leaves nothing.
    progress : bool
        Whether to show a bar, where standard error is a terminal.

    Raises
    ------
    ScenarioError
        If ``out`` may not be written, or the area at this scale holds no market.
    """
    from homecare import plots  # drawing is slow to import, and only a run that writes needs it

    store.checked_place(out)
    if scenario.replications > 1 and usable_processors() > 1:
        with _bar_of_runs(scenario.replications, progress) as on_run:
            series = live_by_processes(scenario, on_run=on_run)
    else:
        warm_once()
        with _bar(scenario, progress) as on_week:
            series = live(scenario, on_week=on_week)
    rows = summarise(list(series.values()))
    with store.new_result(out) as folder:
        store.write_result(folder, scenario, series, summary_csv(rows))
        with _said("Drawing figures", progress):
            plots.draw_figures(folder)
        store.write_provenance(folder, scenario, series)
    return RunSummary(scenario, Path(out), rows)


def live(
    scenario: Scenario, cached: bool = True, on_week: Callable[[int, int], None] | None = None
) -> dict[int, pd.DataFrame]:
    """Return the weekly series of a scenario by seed, one run after the other in this process.

    Parameters
    ----------
    cached : bool
        Whether a settled market may come from the cache.
    on_week : callable, optional
        Called with the number of the run, from 0, and its week after each week lived.

    Raises
    ------
    ScenarioError
        If the area at this scale holds no market.
    """
    series = {}
    for i in range(scenario.replications):
        hear = None if on_week is None else (lambda week, i=i: on_week(i, week))
        with _refused(scenario):
            series[scenario.seed + i] = _live_one(_on_seed(scenario, i), cached, hear)
    return series


def live_by_processes(scenario: Scenario, on_run: Callable[[], None] | None = None) -> dict[int, pd.DataFrame]:
    """Return what `live` returns, to the byte: a process for each usable processor lives the runs.

    Parameters
    ----------
    on_run : callable, optional
        Called after each run that ended.

    Raises
    ------
    ScenarioError
        As `live`.
    """
    seeds = range(scenario.seed, scenario.seed + scenario.replications)
    engine = Local(min(usable_processors(), scenario.replications))
    try:
        if not kernels_are_warm():
            engine.submit(warm_once).result()
        made = [engine.submit(_live_pickled, pickle.dumps(_on_seed(scenario, i), protocol=5), own_modules())
                for i in range(scenario.replications)]
        with _refused(scenario):
            for future in as_completed(made):
                future.result()
                if on_run is not None:
                    on_run()
        return dict(zip(seeds, (future.result() for future in made), strict=True))
    finally:
        engine.stop()


def _on_seed(scenario: Scenario, i: int) -> Scenario:
    return replace(scenario, seed=scenario.seed + i, replications=1)


def _live_pickled(scenario: bytes, modules: tuple[OwnModule, ...]) -> pd.DataFrame:
    """Live one run in another process; the scenario can be read once a user's own policies are loaded."""
    load_modules(modules)
    return _live_one(pickle.loads(scenario))


def _live_one(scenario: Scenario, cached: bool = True, on_week: Callable[[int], None] | None = None) -> pd.DataFrame:
    market = Market(scenario, cached=cached, on_week=on_week)
    try:
        return market.run()
    finally:
        market.close()


@contextmanager
def _refused(scenario: Scenario) -> Iterator[None]:
    """Turn an area that holds no market into a fault of the scenario."""
    try:
        yield
    except NoMarket as error:
        raise ScenarioError([Fault(Place(scenario.name), error.key, str(error), error.given or f"{scenario.scale:g}",
                                   error.allowed)]) from error


def digest_scenario(scenario: Scenario) -> str:
    """Return the digest of a scenario's weekly series, to compare machines.

    The market settles anew, without the cache: a settled market from another processor would hide what is
    compared.
    """
    return store.series_digest(live(scenario, cached=False))


@contextmanager
def _bar(scenario: Scenario, progress: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar of weeks on standard error, burn-in included where it is lived."""
    if not (progress and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Settling the market", total=_weeks_to_live(scenario, True))
        settling = {}

        def on_week(i: int, week: int) -> None:
            if i not in settling:
                settling[i] = week <= 0
            lived = sum(_weeks_to_live(scenario, settling[j]) for j in range(i))
            ahead = (scenario.replications - i) * _weeks_to_live(scenario, settling[i])
            said = "Settling the market" if week < 0 else f"Week {week} of {scenario.weeks}"
            if scenario.replications > 1:
                said += f", run {i + 1} of {scenario.replications}"
            lived_here = week + BURN_IN_WEEKS if settling[i] else week
            bar.update(task, description=said, completed=lived + lived_here, total=lived + ahead)

        yield on_week


@contextmanager
def _bar_of_runs(n: int, progress: bool) -> Iterator[Callable[[], None] | None]:
    """Show a bar of runs on standard error."""
    if not (progress and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{n} runs", total=n)
        yield lambda: bar.advance(task)


@contextmanager
def _said(text: str, progress: bool) -> Iterator[None]:
    """Say on standard error what goes on, where somebody looks at it."""
    if not (progress and sys.stderr.isatty()):
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _weeks_to_live(scenario: Scenario, settling: bool) -> int:
    return scenario.weeks + (BURN_IN_WEEKS if settling else 0)


class _CallableModule(ModuleType):
    """Lets ``hc.run(...)`` call `run`: importing this module gives the package an attribute of that name."""

    def __call__(self, *args: Any, **kwargs: Any) -> RunSummary:
        """Call `run`."""
        return run(*args, **kwargs)


sys.modules[__name__].__class__ = _CallableModule
