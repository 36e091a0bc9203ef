"""Living the markets that validation needs, in several processes, and what is noted of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from homecare.engines import Local
from homecare.market import BURN_IN_WEEKS, Market
from homecare.scenario_fault import ScenarioError
from homecare.validate_nulls import null_model
from homecare.validate_watch import Sums, Watch


@dataclass(frozen=True)
class Job:
    """One market to live and watch.

    Attributes
    ----------
    area, scale, seed : which market; no area means that of the scenario
    weeks : weeks lived after the burn-in; the last two thirds are noted
    overrides : settings as `homecare.scenario.load` takes them
    null : name of a null model, or nothing
    rates : what was noted of the same market without the null
    scenario : name of the scenario
    cached : whether a settled market may be taken from the cache and put there
    burn_in : weeks of the burn-in
    """

    area: str
    scale: float
    seed: int
    weeks: int
    overrides: tuple[str, ...] = ()
    null: str = ""
    rates: Sums = field(default_factory=dict)
    scenario: str = "baseline"
    cached: bool = True
    burn_in: int = BURN_IN_WEEKS


@dataclass(frozen=True)
class Noted:
    """What came of a job: sums, or what was wrong with it."""

    sums: Sums
    fault: str = ""


def first_week_noted(weeks: int) -> int:
    """Return the first week that is noted: the first third of a run is left out."""
    return weeks // 3


def live(job: Job) -> Noted:
    """Live a job's market and return its sums; a market that cannot be built or lived is a fault and not a crash."""
    context = null_model(job.null, job.rates) if job.null else nullcontext()
    with context:
        try:
            return Noted(_sums(job))
        except (ScenarioError, ValueError, RuntimeError) as error:
            return Noted({}, f"{type(error).__name__}: {' '.join(str(error).split())}")


def _sums(job: Job) -> Sums:
    top = {"area": job.area, "scale": job.scale} if job.area else {}
    market = Market(job.scenario, overrides=job.overrides, cached=job.cached and not job.null, burn_in=job.burn_in,
                    weeks=job.weeks, seed=job.seed, **top)
    first = Watch(market)
    while market.week < first_week_noted(job.weeks):
        first.live()
    watch = Watch(market)
    for name in FIRST_YEAR_SUMS:
        watch.sums[name] = first.sums[name]
    while market.week < job.weeks:
        watch.live()
    market.close()
    return dict(watch.sums)


FIRST_YEAR_SUMS = ("first_year_fees", "first_year_hours", "december_wage", "december_workers")
"""Sums of prices of 2025-26: noted from week 0, whatever the window."""


def live_all(jobs: Iterable[Job], processes: int = 1, heard: Callable[[int], None] | None = None) -> list[Noted]:
    """Live jobs in the given number of processes; results in the order of the jobs.

    Parameters
    ----------
    heard : callable, optional
        Told how many jobs are done after each.
    """
    todo: Sequence[Job] = list(jobs)
    noted: list[Noted] = []
    if processes <= 1 or len(todo) <= 1:
        for job in todo:
            noted.append(live(job))
            if heard is not None:
                heard(len(noted))
        return noted
    with Local(processes) as pool:
        for one in pool.map(live, todo):
            noted.append(one)
            if heard is not None:
                heard(len(noted))
    return noted
