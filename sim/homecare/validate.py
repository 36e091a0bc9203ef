"""Validation: the baseline on eight contrasting councils, with the same parameters, against what was measured."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from homecare.market import BURN_IN_WEEKS
from homecare.validate_measures import MEASURES, SPREADS
from homecare.validate_nulls import DESCRIPTIONS, TESTED_ON
from homecare.validate_run import Job, Noted, live_all
from homecare.validate_targets import COUNCILS, NATIONAL, SPREAD, Target, targets
from homecare.validate_watch import Sums, pooled

Runs = Mapping[tuple[str, int], Sums]
"""Sums by council and seed."""


@dataclass(frozen=True)
class Judged:
    """A target and what the model made of it.

    Attributes
    ----------
    target : Target
    mean : float
        Mean over seeds, in the unit of the target; NaN where nothing was measured.
    ci_low, ci_high : float
        95 per cent interval of that mean (Student's t over seeds); NaN for a single seed.
    inside : bool
        Whether the mean lies between the target's low and high.
    """

    target: Target
    mean: float
    ci_low: float
    ci_high: float
    inside: bool

    def to_dict(self) -> dict[str, Any]:
        """Return it for a program; None where there is no value."""
        t = asdict(self.target)
        names = ("id", "kind", "area", "year", "source", "unit", "target", "low", "high", "tolerance")
        numbers = {"mean": self.mean, "ci_low": self.ci_low, "ci_high": self.ci_high}
        return {**{name: t[name] for name in names},
                **{name: value if math.isfinite(value) else None for name, value in numbers.items()},
                "inside": self.inside}


@dataclass(frozen=True)
class Contest:
    """A mechanism against its null on one target: distances from the target, in its unit."""

    null: str
    target: Target
    mechanism: float
    without: float

    @property
    def error(self) -> float:
        """Distance of the mechanism from the target."""
        return abs(self.mechanism - self.target.target)

    @property
    def null_error(self) -> float:
        """Distance of the null from the target."""
        return abs(self.without - self.target.target)

    @property
    def nearer(self) -> str:
        """Who is nearer: ``mechanism``, ``null`` or ``neither`` (no value, or equal distances)."""
        if not (math.isfinite(self.error) and math.isfinite(self.null_error)) or self.error == self.null_error:
            return "neither"
        return "mechanism" if self.error < self.null_error else "null"


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return mean and 95 per cent interval of the mean of a few seeds; NaN where it cannot be known.

    Examples
    --------
    >>> mean, low, high = interval([1.0, 2.0, 3.0])
    >>> round(mean, 3), round(low, 2), round(high, 2)
    (2.0, -0.48, 4.48)
    """
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return math.nan, math.nan, math.nan
    mean = math.fsum(known) / len(known)
    if len(known) < 2:
        return mean, math.nan, math.nan
    from scipy.stats import t as student  # slow to import, and `homecare --help` needs none of it

    half = float(student.ppf(0.975, len(known) - 1)) * statistics.stdev(known) / math.sqrt(len(known))
    return mean, mean - half, mean + half


def measured(target: Target, runs: Runs, seed: int, weights: Mapping[str, float]) -> float:
    """Return what the runs of one seed make of a target; NaN where its council was not run."""
    of_seed = {area: sums for (area, s), sums in runs.items() if s == seed}
    if target.area == SPREAD:
        return SPREADS[target.measure]([of_seed[area] for area in sorted(of_seed)])
    if target.area == NATIONAL:
        return MEASURES[target.measure](pooled([(weights[area], of_seed[area]) for area in sorted(of_seed)]))
    return MEASURES[target.measure](of_seed[target.area]) if target.area in of_seed else math.nan


def judge(runs: Runs, weights: Mapping[str, float]) -> list[Judged]:
    """Return every target that the runs can speak to, judged.

    Parameters
    ----------
    runs : sums by council and seed
    weights : by council, people in it against people simulated (1 / scale)
    """
    areas = {area for area, _ in runs}
    seeds = sorted({seed for _, seed in runs})
    judged = []
    for target in targets():
        if target.area not in (NATIONAL, SPREAD) and target.area not in areas:
            continue
        mean, low, high = interval([measured(target, runs, seed, weights) for seed in seeds])
        judged.append(Judged(target, mean, low, high, bool(target.low <= mean <= target.high)))
    return judged


def contests(own: Runs, nulls: Mapping[str, Runs], weights: Mapping[str, float]) -> list[Contest]:
    """Return each mechanism against its null on the targets that it is there for."""
    found = []
    for null, runs in nulls.items():
        seeds = sorted({seed for _, seed in runs})
        for target in targets():
            if target.id in TESTED_ON[null]:
                pair = [interval([measured(target, world, seed, weights) for seed in seeds])[0] for world in (own, runs)]
                found.append(Contest(null, target, *pair))
    return found


@dataclass(frozen=True)
class Plan:
    """What validation runs.

    Attributes
    ----------
    councils : names
    seeds : how many, from 1
    weeks, scale : of each run
    processes : worker processes
    scenario, overrides : what is validated
    burn_in : weeks of settling, those of every run if none are given
    """

    councils: tuple[str, ...] = tuple(COUNCILS)
    seeds: int = 3
    weeks: int = 156
    scale: float = 0.25
    processes: int = 1
    scenario: str = "baseline"
    overrides: tuple[str, ...] = ()
    burn_in: int = BURN_IN_WEEKS

    def jobs(self) -> list[Job]:
        """Return one job a council and seed."""
        return [Job(area, self.scale, seed, self.weeks, self.overrides, scenario=self.scenario, burn_in=self.burn_in)
                for area in self.councils for seed in range(1, self.seeds + 1)]

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each council: people in it against people simulated."""
        return dict.fromkeys(self.councils, 1.0 / self.scale)


class ValidationFailed(RuntimeError):
    """A run of the baseline that could not be made."""


def sums_of(jobs: Sequence[Job], noted: Sequence[Noted]) -> dict[tuple[str, int], Sums]:
    """Return sums by council and seed.

    Raises
    ------
    ValidationFailed
        If a job had a fault: the baseline must run everywhere.
    """
    for job, one in zip(jobs, noted, strict=True):
        if one.fault:
            raise ValidationFailed(f"{job.area}, seed {job.seed}: {one.fault}")
    return {(job.area, job.seed): one.sums for job, one in zip(jobs, noted, strict=True)}


@dataclass(frozen=True)
class Validation:
    """The whole of it: what was run, every target judged, and mechanisms against their nulls (empty if not asked for)."""

    plan: Plan
    judged: tuple[Judged, ...]
    contests: tuple[Contest, ...]


def validate(plan: Plan, nulls: bool = False, heard: Callable[[int, int], None] | None = None) -> Validation:
    """Run the baseline and judge it.

    Parameters
    ----------
    plan : Plan
    nulls : bool
        Whether to live the null models too: three times the runs.
    heard : callable, optional
        Told how many runs are done, and of how many.
    """
    jobs = plan.jobs()
    n = len(jobs) * (1 + (len(DESCRIPTIONS) if nulls else 0))
    tell = None if heard is None else (lambda done: heard(done, n))
    runs = sums_of(jobs, live_all(jobs, plan.processes, tell))
    found: dict[str, Runs] = {}
    if nulls:
        without = [replace(job, null=name, rates=runs[job.area, job.seed]) for name in DESCRIPTIONS for job in jobs]
        tell = None if heard is None else (lambda done: heard(len(jobs) + done, n))
        noted = live_all(without, plan.processes, tell)
        for i, name in enumerate(DESCRIPTIONS):
            part = slice(i * len(jobs), (i + 1) * len(jobs))
            found[name] = sums_of(without[part], noted[part])
    weights = plan.weights
    return Validation(plan, tuple(judge(runs, weights)), tuple(contests(runs, found, weights)))
