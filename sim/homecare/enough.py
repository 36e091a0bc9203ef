"""Enough runs: seeds until an interval is as narrow as asked for, and weeks until a series has settled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from homecare.compare_pairs import interval, seeds_needed, t_quantile
from homecare.compare_runs import labelled, load_alike
from homecare.outcomes import OUTCOMES
from homecare.sweep import Asked, run_many
from homecare.sweep_results import Results, Window
from homecare.words import decimals, number, scaled, shown_unit, title

FIRST_SEEDS = 5
"""Seeds with which the search begins: fewer say too little of a deviation (design)."""

BATCH = 5
"""Weeks of a batch of MSER-5 (White, Cobb and Spratt 2000)."""


@dataclass(frozen=True)
class Step:
    """What was known of an outcome after some seeds.

    Attributes
    ----------
    seeds : int
    outcome : str
    mean, half_width : float
        Of the level of one scenario, or of the paired difference of two; in the outcome's unit.
    wanted : float
        Half-width that is asked for.
    """

    seeds: int
    outcome: str
    mean: float
    half_width: float
    wanted: float

    @property
    def reached(self) -> bool:
        """Whether the interval is as narrow as asked for."""
        return self.half_width <= self.wanted


@dataclass(frozen=True)
class Enough:
    """How the search for enough seeds went.

    Attributes
    ----------
    steps : tuple of Step
        In the order in which seeds were added, one an outcome each time.
    results : Results
    labels : tuple of str
        One scenario, or the reference and the other.
    """

    steps: tuple[Step, ...]
    results: Results
    labels: tuple[str, ...]

    @property
    def seeds(self) -> int:
        """Seeds that were run in the end."""
        return self.steps[-1].seeds

    @property
    def reached(self) -> bool:
        """Whether every interval is as narrow as asked for."""
        return all(step.reached for step in self.steps if step.seeds == self.seeds)


def enough(
    *scenarios: Asked,
    half_width: Mapping[str, float],
    area: str | None = None,
    scale: float | None = None,
    weeks: int | None = None,
    overrides: Sequence[str] = (),
    window: Window | None = None,
    first: int = FIRST_SEEDS,
    most: int = 200,
    **of_runs: Any,
) -> Enough:
    """Run seeds until the 95 per cent interval of every named outcome is no wider than asked for.

    Each time as many seeds are added as the deviation known so far asks for, at most as many as there are. Stopping by
    what the data say makes intervals a little too narrow where few seeds were enough; five to begin with keep that small.

    Parameters
    ----------
    *scenarios
        One: its level is meant. Two: the paired difference of the second from the first.
    half_width : mapping
        Outcome, then the half-width in its unit.
    first, most : int
        Seeds to begin with, and at most.
    area, scale, weeks, overrides, window, **of_runs
        As in `homecare.compare`.

    Raises
    ------
    ValueError
        If there are not one or two scenarios, there is no such outcome, a half-width is not above zero, or `first` is
        below 2 or above `most`.
    """
    if len(scenarios) not in (1, 2):
        raise ValueError("enough runs of one scenario, or of the difference between two; not of more")
    if not half_width:
        raise ValueError("name an outcome and the half-width that is wanted of it")
    for name, wanted in half_width.items():
        if name not in OUTCOMES:
            raise ValueError(f"there is no outcome {name!r}")
        if not wanted > 0.0:
            raise ValueError(f"a half-width is above zero, not {wanted:g}")
    if not 2 <= first <= most:
        raise ValueError(f"seeds begin at 2 or more and end no lower, not {first} and {most}")
    runs = labelled(load_alike(scenarios, overrides, area=area, scale=scale, weeks=weeks))
    steps: list[Step] = []
    n = first
    while True:
        results = run_many(runs, n, **of_runs)
        found = [_step(results, tuple(runs), n, name, wanted, window) for name, wanted in half_width.items()]
        steps += [step for step, _ in found]
        needed = [seeds_needed(deviation, step.wanted) for step, deviation in found if not step.reached]
        if not needed or n >= most:
            return Enough(tuple(steps), results, tuple(runs))
        wanted_seeds = max((most if each is None else each) for each in needed)
        n = min(max(wanted_seeds, n + 1), 2 * n, most)


def _step(results: Results, labels: tuple[str, ...], n: int, name: str, wanted: float,
          window: Window | None) -> tuple[Step, float]:
    frame = results.frame(window, [name])
    values = [frame[frame.label == label].set_index("seed")[name] for label in labels]
    series = values[0] if len(values) == 1 else values[1] - values[0]
    known = series.to_numpy(np.float64)
    mean, low, high, deviation = interval(known[np.isfinite(known)])
    half = (high - low) / 2.0
    return Step(n, name, mean, half if math.isfinite(half) else math.inf, wanted), deviation


# ---- warm-up ----------------------------------------------------------------------------------------------


def mser(values: np.ndarray, batch: int = BATCH) -> int | None:
    """Return how many first weeks of a series to leave out, by MSER-5.

    Means of five weeks are taken; those are left out whose omission makes the standard error of the mean of the rest
    least. At most half may go: where the least lies beyond, the series is too short to say.

    Parameters
    ----------
    values : ndarray of float64, shape (weeks,)
        A weekly series without gaps.

    Returns
    -------
    int or None
        Weeks, a multiple of `batch`; None where the series is too short.

    Notes
    -----
    With z the n means, the criterion of leaving out d is ``sum((z[d:] - mean(z[d:]))**2) / (n - d)**2``. White, Cobb and
    Spratt (2000), "A comparison of five steady-state truncation heuristics for simulation", Winter Simulation
    Conference; Franklin and White (2008) found it to do best of those that need no judgement.

    Examples
    --------
    >>> mser(np.array([9.0] * 10 + [1.0, 2.0] * 20))
    10
    """
    n = values.size // batch
    if n < 4 or not np.isfinite(values).all():
        return None
    means = values[values.size - n * batch :].reshape(n, batch).mean(axis=1)  # an incomplete batch is left out in front
    criterion = [float(np.sum((means[d:] - means[d:].mean()) ** 2)) / (n - d) ** 2 for d in range(n - 1)]
    best = min(range(n - 1), key=criterion.__getitem__)
    if best > n // 2:
        return None
    return best * batch + (values.size - n * batch if best else 0)


def warm_up(results: Results, labels: Sequence[str], outcomes: Iterable[str]) -> dict[str, int | None]:
    """Return, by outcome, how many first weeks MSER-5 leaves out of the mean over seeds of a series.

    Parameters
    ----------
    labels : sequence of str
        One scenario: its own series. Two: the weekly difference of the second from the first, which says how long a
        policy takes to have its full effect.
    """
    found = {}
    for name in outcomes:
        series = []
        for seed in results.seeds(labels[-1]):
            weekly = [results.weekly(label, seed)[name].to_numpy(np.float64) for label in labels]
            series.append(weekly[0] if len(weekly) == 1 else weekly[1] - weekly[0])
        found[name] = mser(np.mean(series, axis=0)) if series else None
    return found


def deviation_of(step: Step) -> float:
    """Return the standard deviation of one seed's value, as a step's interval has it.

    Examples
    --------
    >>> round(deviation_of(Step(4, "scrqol", 19.0, 3.182446305284263, 1.0)), 12)
    2.0
    """
    return step.half_width * math.sqrt(step.seeds) / t_quantile(step.seeds)


def enough_lines(found: Enough) -> list[str]:
    """Return the search in words, a line a step, and the warm-up."""
    what = "level" if len(found.labels) == 1 else f"difference from {found.labels[0]}"
    lines = [f"Seeds until intervals at 95 % are as narrow as asked for: {what} of {found.labels[-1]}"]
    for step in found.steps:
        unit = OUTCOMES[step.outcome].unit
        shown = max(decimals(step.mean, unit), decimals(step.wanted, unit), 2)
        said = [number(scaled(value, unit), shown) for value in (step.mean, step.half_width, step.wanted)]
        needed = None if step.reached else seeds_needed(deviation_of(step), step.wanted)
        reached = "reached" if step.reached else "not yet" if needed is None else f"not yet, about {needed} seeds"
        lines.append(f"  {step.seeds:>4} seeds  {title(step.outcome)}: {said[0]} +/- {said[1]} {shown_unit(unit)}, "
                     f"wanted {said[2]}: {reached}")
    lines.append(f"{found.seeds} seeds are enough." if found.reached else f"Not reached with {found.seeds} seeds.")
    lines.append("Warm-up by MSER-5, weeks of the mean over seeds to leave out:")
    for name, weeks in warm_up(found.results, found.labels, dict.fromkeys(step.outcome for step in found.steps)).items():
        said = "cannot be said: too short, a gap, or still moving" if weeks is None else f"{weeks} weeks"
        lines.append(f"  {title(name)}: {said}")
    return lines
