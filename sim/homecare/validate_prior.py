"""What the assumptions allow: draws over all their ranges, and which parameter moves which target.

*Reach*: a Latin hypercube over every uncertainty and initial condition says which targets the model could meet at all,
and which no draw meets. *Screen*: Morris's elementary effects, one parameter at a time along random paths, say which
target could ever tell a parameter, and which parameters none tells. What luck alone does is measured beside it: an effect
is told only where it stands out from that.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from homecare.assumptions import INITIAL_CONDITIONS, UNCERTAINTIES
from homecare.params import Parameter
from homecare.validate_measures import MEASURES
from homecare.validate_run import Job, Noted, live_all
from homecare.validate_targets import NATIONAL, Target, targets

LEVELS = 4
"""Levels of each parameter in Morris's design."""
TOLD = 2.0
"""An effect is told where it is so many times what luck alone does."""
LUCK_SEEDS = 8
"""Runs that differ in luck alone."""


@dataclass(frozen=True)
class Bench:
    """Where draws are tried: a small market, a short run.

    Attributes
    ----------
    area, scale, weeks, burn_in, scenario : as in `homecare.validate_run.Job`
    processes : worker processes
    """

    area: str = "Torbay"
    scale: float = 0.25
    weeks: int = 52
    burn_in: int = 78
    processes: int = 1
    scenario: str = "baseline"

    def job(self, overrides: Sequence[str], seed: int) -> Job:
        """Return the job of one draw; no cache, since nobody settles there again."""
        return Job(self.area, self.scale, seed, self.weeks, tuple(overrides), scenario=self.scenario, cached=False,
                   burn_in=self.burn_in)


def varied() -> list[Parameter]:
    """Return every number among uncertainties and initial conditions that has a range."""
    found = []
    for cls in (*UNCERTAINTIES.values(), *INITIAL_CONDITIONS.values()):
        found += [one for one in cls.declared()
                  if one.type_name in NUMBERS and one.low is not None and one.high is not None]
    return found


NUMBERS = ("number", "whole number")
"""Names of the types of parameters that can be varied in a range."""


def overrides_of(parameters: Sequence[Parameter], shares: np.ndarray) -> list[str]:
    """Return settings for one draw; ``shares`` float64[k] are places in the ranges, 0 to 1.

    Examples
    --------
    >>> overrides_of(varied()[:1], np.array([0.0]))[0].startswith("uncertainty.")
    True
    """
    said = []
    for one, share in zip(parameters, shares.tolist(), strict=True):
        value = one.low + share * (one.high - one.low)
        said.append(f"{one.path}={round(value)}" if one.type_name == NUMBERS[1] else f"{one.path}={value:.6g}")
    return said


def national() -> list[Target]:
    """Return the targets that one market can be held against."""
    return [one for one in targets() if one.area == NATIONAL]


def measured(noted: Sequence[Noted]) -> dict[str, list[float]]:
    """Return by target what each run made of it; NaN where the run had a fault."""
    return {one.id: [MEASURES[one.measure](run.sums) if not run.fault else math.nan for run in noted]
            for one in national()}


@dataclass(frozen=True)
class Reach:
    """What draws make of a target: 5th, 50th and 95th percentile, and the share of draws inside its range."""

    target: Target
    low: float
    middle: float
    high: float
    inside_share: float


def reach(n: int, bench: Bench, heard: Callable[[int], None] | None = None) -> tuple[list[Reach], list[str]]:
    """Return what ``n`` draws of all assumptions make of each target, and the faults of draws that could not run."""
    from scipy.stats import qmc

    parameters = varied()
    places = qmc.LatinHypercube(len(parameters), seed=1).random(n)
    jobs = [bench.job(overrides_of(parameters, row), i + 1) for i, row in enumerate(places)]
    noted = live_all(jobs, bench.processes, heard)
    values = measured(noted)
    found = []
    for one in national():
        known = np.array([value for value in values[one.id] if math.isfinite(value)])
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95)).tolist() if known.size else (math.nan,) * 3
        inside = float(np.mean((known >= one.low) & (known <= one.high))) if known.size else math.nan
        found.append(Reach(one, low, middle, high, inside))
    return found, [one.fault for one in noted if one.fault]


@dataclass(frozen=True)
class Effect:
    """How much a parameter moves a target over its range (mu*, in the unit of the target), and what luck does."""

    parameter: str
    target: str
    size: float
    luck: float

    @property
    def told(self) -> bool:
        """Whether the target could tell the parameter."""
        return math.isfinite(self.size) and self.size > TOLD * self.luck


def luck_of(values: Sequence[float]) -> float:
    """Return the mean distance between two runs that differ in luck alone; infinity where it cannot be known."""
    known = [value for value in values if math.isfinite(value)]
    if len(known) < 2:
        return math.inf
    return statistics.fmean(abs(a - b) for i, a in enumerate(known) for b in known[:i])


def mean_effects(places: np.ndarray, values: np.ndarray, k: int) -> list[float]:
    """Return mu*, the mean absolute elementary effect, of each of ``k`` parameters; NaN where no step is known.

    Parameters
    ----------
    places : float64[r * (k + 1), k], Morris's paths one after another: each step moves one parameter
    values : float64[r * (k + 1)], what came out; NaN where nothing did
    """
    found: list[list[float]] = [[] for _ in range(k)]
    for start in range(0, places.shape[0], k + 1):
        steps = np.diff(places[start : start + k + 1], axis=0)
        for step, change in zip(steps, np.diff(values[start : start + k + 1]), strict=True):
            parameter = int(np.abs(step).argmax())
            if math.isfinite(change):
                found[parameter].append(abs(float(change) / float(step[parameter])))
    return [statistics.fmean(sizes) if sizes else math.nan for sizes in found]


def screen(r: int, bench: Bench, heard: Callable[[int], None] | None = None) -> list[Effect]:
    """Return Morris's mean absolute effect of every parameter on every target, from ``r`` paths.

    A step of a path with a run at either end that had a fault, or could not be measured, is left out for the target
    concerned; a parameter that only such steps vary has no effect that is known.

    Raises
    ------
    ModuleNotFoundError
        If SALib is not installed (``pip install homecare[analysis]``).
    """
    from SALib.sample import morris as sampling

    parameters = varied()
    k = len(parameters)
    problem = {"num_vars": k, "names": [one.path for one in parameters], "bounds": [[0.0, 1.0]] * k}
    places = sampling.sample(problem, r, num_levels=LEVELS, seed=1)
    jobs = [bench.job(overrides_of(parameters, row), 1) for row in places]
    jobs += [bench.job((), seed + 1) for seed in range(LUCK_SEEDS)]
    noted = live_all(jobs, bench.processes, heard)
    values = measured(noted)
    effects = []
    for one in national():
        luck = luck_of(values[one.id][places.shape[0] :])
        sizes = mean_effects(places, np.array(values[one.id][: places.shape[0]]), k)
        effects += [Effect(each.path, one.id, size, luck) for each, size in zip(parameters, sizes, strict=True)]
    return effects
