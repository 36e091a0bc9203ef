"""What a worker does: one run, from a scenario to a file in the store."""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass

from homecare.engines import Overran
from homecare.engines_dask import ended_after
from homecare.market import Market
from homecare.outcomes_groups import ByGroup
from homecare.own_policies import OwnModule, load_modules
from homecare.scenario import Scenario
from homecare.store_many import Store


@dataclass(frozen=True)
class Task:
    """One run to be made.

    Attributes
    ----------
    key : str
        Under which its result is kept.
    scenario : bytes
        The scenario, pickled: it can be read once `modules` are loaded.
    modules : tuple of (str, str)
        Modules of the user's own that define policies, and their files.
    folder : str
        Of the store.
    settled : bool
        Whether the settled market is taken from, and put into, the cache.
    time_limit : float or None
        Seconds after which the run is given up at the end of a week.
    hard_limit : float or None
        Seconds after which a Dask worker that makes it is ended, for a run that hangs within a week.
    """

    key: str
    scenario: bytes
    modules: tuple[OwnModule, ...]
    folder: str
    settled: bool = True
    time_limit: float | None = None
    hard_limit: float | None = None


@dataclass(frozen=True)
class Receipt:
    """What a finished run took in processor seconds, writing not counted; of these for settling its market."""

    key: str
    seconds: float
    weeks: int
    settling_seconds: float


def carry_out(task: Task) -> Receipt:
    """Make one run and keep its weekly series.

    Raises
    ------
    Overran
        If it takes longer than its limit.
    CannotKeep
        If the store cannot be written to.
    Exception
        Whatever the run raises.
    """
    with ended_after(task.hard_limit):
        return _carried_out(task)


def _carried_out(task: Task) -> Receipt:
    load_modules(task.modules)
    scenario: Scenario = pickle.loads(task.scenario)
    began, clock, settling = time.process_time(), time.monotonic(), [0.0]

    groups = ByGroup(scenario.weeks)

    def on_week(week: int) -> None:
        if groups.counts(week - 1):
            groups.note(market)
        if week == 0:
            settling[0] = time.process_time() - began
        if task.time_limit is not None and time.monotonic() - clock > task.time_limit:
            raise Overran(f"given up after its time limit of {task.time_limit:g} seconds")

    market = Market(scenario, cached=task.settled, on_week=on_week)
    try:
        weekly = market.run()
    finally:
        market.close()
    seconds = time.process_time() - began
    Store(task.folder).keep(task.key, weekly, groups.rows())
    return Receipt(task.key, seconds, scenario.weeks, settling[0])
