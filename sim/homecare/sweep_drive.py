"""Carrying out a plan: what is there already is left, what shares a settled market waits for it, failures are rows."""

from __future__ import annotations

import pickle
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from typing import Any

from homecare.own_policies import own_modules
from homecare.scenario import Scenario, dump
from homecare.store_many import CannotKeep, Store
from homecare.sweep_task import Receipt, Task, carry_out

MOST_WAITING = 2000
"""Runs that may wait for a market to settle before no further ones are looked at; keeps memory flat."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a plan.

    Attributes
    ----------
    key : str
        Its key in the store.
    label : str
        What tables and figures call its scenario.
    seed : int
    settles : str
        Key of the settled market from which it starts.
    scenario : Scenario or None
        On any seed; None where there is none, because `fault` says what is wrong with it.
    factors : tuple of (str, value)
        Path and value of each factor of a sweep.
    shares : bool
        Whether other runs of the plan may start from the same settled market.
    fault : str
        Why it cannot be run; empty where it can.
    """

    key: str
    label: str
    seed: int
    settles: str
    scenario: Scenario | None
    factors: tuple[tuple[str, Any], ...] = ()
    shares: bool = True
    fault: str = ""


@dataclass
class Tally:
    """How many runs ended how.

    Attributes
    ----------
    found : int
        Were there already, finished or failed.
    finished, failed : int
        Ended so now.
    seconds, settling_seconds : float
        Processor seconds of the runs that finished now, and of settling their markets.
    """

    found: int = 0
    finished: int = 0
    failed: int = 0
    seconds: float = 0.0
    settling_seconds: float = 0.0


class _Line:
    """The runs still to be made, in the order of the plan; those that wait for a settled market stand aside."""

    def __init__(self, runs: Iterable[Run]):
        self.runs = iter(runs)
        self.ready: deque[Run] = deque()
        self.aside: dict[str, deque[Run]] = {}
        self.n_aside = 0
        self.settled: set[str] = set()

    def next(self) -> Run | None:
        """Return a run that can start now; None where there is none, or none now."""
        while True:
            if self.ready:
                run = self.ready.popleft()
            elif self.n_aside >= MOST_WAITING:
                return None
            else:
                run = next(self.runs, None)
            if run is None:
                return None
            if not run.shares or run.settles in self.settled:
                return run
            if run.settles not in self.aside:
                self.aside[run.settles] = deque()
                return run
            self.aside[run.settles].append(run)
            self.n_aside += 1

    def ended(self, run: Run, well: bool) -> None:
        """Let go those that waited for this run to settle their market."""
        if run.shares and well:
            self.settled.add(run.settles)
        waited = self.aside.pop(run.settles, deque()) if run.shares else deque()
        self.n_aside -= len(waited)
        self.ready.extend(waited)


def drive(runs: Iterable[Run], engine: Executor, store: Store, *, ahead: int, again: bool = False,
          time_limit: float | None = None, hard_limit: float | None = None,
          heard: Callable[[Run, str], None] | None = None) -> Tally:
    """Make all runs that the store does not have.

    Parameters
    ----------
    runs : iterable of Run
        Taken one by one, so that a long plan needs no memory.
    engine : Executor
    store : Store
        Open.
    ahead : int
        Runs given to the engine at a time.
    again : bool
        Whether runs that failed before are tried again.
    time_limit : float, optional
        Seconds for one run, looked at after each week.
    hard_limit : float, optional
        Seconds after which a worker that cannot be ended from here ends itself; see `homecare.engines_dask.ended_after`.
    heard : callable, optional
        Called with each run and "found", "finished" or "failed" when that is known.

    Raises
    ------
    CannotKeep
        If the store cannot be written to; what was kept until then is whole.
    """
    tally, pending = Tally(), {}
    heard = heard or (lambda run, status: None)
    modules = own_modules()
    line = _Line(_missing(runs, store, again, tally, heard))
    while True:
        while len(pending) < ahead and (run := line.next()) is not None:
            task = Task(run.key, pickle.dumps(replace(run.scenario, seed=run.seed, replications=1), protocol=5),
                        modules, str(store.folder), run.shares, time_limit, hard_limit)
            pending[engine.submit(carry_out, task)] = run
        if not pending:
            return tally
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            run = pending.pop(future)
            line.ended(run, _end(run, future, store, tally, heard))


def _missing(runs: Iterable[Run], store: Store, again: bool, tally: Tally,
             heard: Callable[[Run, str], None]) -> Iterator[Run]:
    """Yield the runs that are to be made; settle the others: those that are there, and those that cannot be run."""
    finished, failed = store.finished(), store.failed()
    seen: set[str] = set()
    for run in runs:
        if run.key in seen:
            continue
        seen.add(run.key)
        if run.key in finished or (run.key in failed and not again):
            tally.found += 1
            heard(run, "found")
        elif run.fault:
            store.keep_failure(run.key, _described(run, "ScenarioError", run.fault, ""))
            tally.failed += 1
            heard(run, "failed")
        else:
            yield run


def _end(run: Run, future: Future, store: Store, tally: Tally, heard: Callable[[Run, str], None]) -> bool:
    """Note how a run ended; return whether it ended well."""
    error = future.exception()
    if isinstance(error, CannotKeep):
        raise error
    if error is not None:
        text = "".join(traceback.format_exception(error))
        store.keep_failure(run.key, _described(run, type(error).__name__, str(error), text))
        tally.failed += 1
        heard(run, "failed")
        return False
    receipt: Receipt = future.result()
    store.failure_path(run.key).unlink(missing_ok=True)
    tally.finished += 1
    tally.seconds += receipt.seconds
    tally.settling_seconds += receipt.settling_seconds
    heard(run, "finished")
    return True


def _described(run: Run, kind: str, message: str, text: str) -> dict[str, Any]:
    """What is kept of a run that failed."""
    scenario = "" if run.scenario is None else dump(replace(run.scenario, seed=run.seed, replications=1))
    return {
        "key": run.key,
        "label": run.label,
        "seed": run.seed,
        "factors": dict(run.factors),
        "error": kind,
        "message": message,
        "traceback": text,
        "scenario": scenario,
    }
