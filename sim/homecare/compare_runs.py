"""Comparing scenarios: ``hc.compare("baseline", "block_contracts", seeds=10)``, the first of which is the reference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from homecare.compare_pairs import Pair, pair, seeds_needed
from homecare.compare_words import sentence
from homecare.outcomes import OUTCOMES
from homecare.scenario import Scenario, load
from homecare.sweep import Asked, run_many
from homecare.sweep_results import Results, Window

PRECISION = 0.01
"""Half-width that is asked for where none is stated, as a share of the reference's level."""


class Comparison:
    """Scenarios against a reference on common luck.

    Parameters
    ----------
    results : Results
        Of `homecare.run_many` or of a sweep.
    reference : str, optional
        Label of the scenario that the others are compared with; the first of the plan if none is given.
    window : (int, int), optional
        First and last week of which means are taken; as in `Results.frame`.

    Attributes
    ----------
    reference : str
    others : list of str
    frame : pandas.DataFrame
        One row a run, as `Results.frame`; over draws, one row a value and draw.
    of : str
        What a pair of runs shares: ``"seeds"``, or ``"draws"`` (see `homecare.compare_draws`).
    lost : list of str
        What could not be compared: runs that are missing, or failed and why.

    Raises
    ------
    ValueError
        If there is no such label, nothing to compare it with, or a label stands for several points of a sweep.
    """

    of = "seeds"

    def __init__(self, results: Results, reference: str | None = None, window: Window | None = None):
        self.results = results
        self.window = window
        labels = results.labels
        self.reference = labels[0] if reference is None else reference
        if self.reference not in labels:
            raise ValueError(f"there is no scenario {self.reference!r}; there are {', '.join(labels)}")
        self.others = [label for label in labels if label != self.reference]
        if not self.others:
            raise ValueError("a comparison needs two scenarios that differ; one was given")
        self.frame = self._read(window)
        twice = self.frame[self.frame.duplicated(["label", "seed"])]
        if len(twice):
            raise ValueError(f"two runs are called {twice.label.iloc[0]!r} on seed {twice.seed.iloc[0]}")
        lost = self.frame[self.frame.status != "finished"]
        why = {one["key"]: f": {one['message']}" for one in results.failures} if len(lost) else {}
        self.lost = [f"{row.label}, {self.of[:-1]} {row.seed}: {row.status}{why.get(row.key, '')}"
                     for row in lost.itertuples()]
        self._pairs: dict[tuple[str, str], Pair] = {}

    def _read(self, window: Window | None) -> pd.DataFrame:
        return self.results.frame(window)

    def values(self, label: str, outcome: str) -> pd.Series:
        """Return the mean of an outcome over the window, by seed."""
        rows = self.frame[self.frame.label == label]
        return pd.Series(rows[outcome].to_numpy(np.float64), index=rows.seed.to_numpy(np.int64))

    def pair(self, label: str, outcome: str) -> Pair:
        """Return the paired comparison of a scenario with the reference.

        Raises
        ------
        KeyError
            If there is no such outcome.
        """
        if (label, outcome) not in self._pairs:
            a, b = self.values(self.reference, outcome), self.values(label, outcome)
            seeds = [seed for seed in a.index if seed in b.index]
            self._pairs[label, outcome] = pair(a[seeds].to_numpy(), b[seeds].to_numpy(), OUTCOMES[outcome].better)
        return self._pairs[label, outcome]

    def table(self, precision: float | Mapping[str, float] = PRECISION) -> pd.DataFrame:
        """Return one row a scenario and outcome, with everything that is known of the difference.

        Parameters
        ----------
        precision : float or mapping
            Half-width of the interval for which ``seeds_needed`` is worked out: a share of the reference's level,
            or for each outcome named a number in its unit.

        Raises
        ------
        ValueError
            If a precision is not above zero, or there is no such outcome.
        """
        rows = []
        for label in self.others:
            for name, one in OUTCOMES.items():
                found = self.pair(label, name)
                wanted = half_width(found, name, precision)
                needed = seeds_needed(found.deviation, wanted) if wanted > 0.0 else None
                rows.append(dict(
                    scenario=label, group=one.group, outcome=name, unit=one.unit, better=one.better, **asdict(found),
                    in_spreads=found.in_spreads[0], clear=found.clear, half_width=wanted,
                    seeds_needed=math.nan if needed is None else float(needed),
                ))
        return pd.DataFrame(rows)

    def sentences(self, label: str, outcomes: Iterable[str] | None = None) -> list[str]:
        """Return one plain sentence an outcome, in the order of their groups."""
        names = OUTCOMES if outcomes is None else outcomes
        return [sentence(name, self.pair(label, name), self.of) for name in names]

    def variance_ratio(self, label: str, outcomes: Iterable[str] | None = None) -> float:
        """Return the median over outcomes of the gain from common luck; NaN where none can be said."""
        names = OUTCOMES if outcomes is None else outcomes
        ratios = [self.pair(label, name).variance_ratio for name in names]
        known = [ratio for ratio in ratios if not math.isnan(ratio)]
        return float(np.median(known)) if known else math.nan

    def groups(self) -> pd.DataFrame:
        """Return how groups of people fared: one row a scenario, seed and group; as `Results.by_group`."""
        return self.results.by_group()

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenario of each label, where the plan still holds it."""
        return {run.label: run.scenario for run in self.results.runs if run.scenario is not None}


def half_width(found: Pair, outcome: str, precision: float | Mapping[str, float]) -> float:
    """Return the half-width that is asked for of an outcome, in its unit; raises as `Comparison.table`."""
    if isinstance(precision, Mapping):
        unknown = [name for name in precision if name not in OUTCOMES]
        if unknown:
            raise ValueError(f"there is no outcome {unknown[0]!r}")
        if outcome in precision:
            return _positive(precision[outcome])
        precision = PRECISION
    return _positive(precision) * abs(found.reference)


def _positive(value: float) -> float:
    if not value > 0.0:
        raise ValueError(f"a precision is above zero, not {value:g}")
    return float(value)


def compare(
    *scenarios: Asked,
    area: str | None = None,
    scale: float | None = None,
    weeks: int | None = None,
    seeds: int | Iterable[int] = 10,
    window: Window | None = None,
    overrides: Sequence[str] = (),
    **of_runs: Any,
) -> Comparison:
    """Run scenarios on the same seeds and compare each with the first.

    Parameters
    ----------
    *scenarios : str, Path, Scenario or (str, overrides)
        Names or files of scenarios; the first is the reference.
    area, scale, weeks
        For all of them; as each says itself if none is given.
    seeds : int or iterable of int
        A number n means seeds 1 to n.
    window : (int, int), optional
        First and last week of which means are taken; the last year of a run of 65 weeks or more if none is given.
    overrides : sequence of str
        For all of them: ``["policy.labour.wage_floor=13"]``.
    **of_runs
        As in `homecare.run_many`: ``store``, ``engine``, ``processes``, ``time_limit``, ``again``, ``heard``.

    Raises
    ------
    ScenarioError
        If a scenario cannot be loaded.
    ValueError
        If fewer than two scenarios are given, two have the same name and differ, or areas, scales or lengths differ.

    Examples
    --------
    >>> found = compare("hamlet", ("hamlet", ["name=Block", "policy.contracting.kind=block"]), seeds=2)
    >>> found.reference, found.others
    ('Hamlet', ['Block'])
    """
    if len(scenarios) < 2:
        raise ValueError("a comparison needs at least two scenarios")
    loaded = load_alike(scenarios, overrides, area=area, scale=scale, weeks=weeks)
    first = loaded[0]
    if window is not None and not 0 <= window[0] <= window[1] < first.weeks:
        raise ValueError(f"weeks {window[0]} to {window[1]} are no part of a run of {first.weeks} weeks, 0 to "
                         f"{first.weeks - 1}")
    return Comparison(run_many(labelled(loaded), seeds, **of_runs), window=window)


def load_alike(scenarios: Sequence[Asked], overrides: Sequence[str] = (), **settings: Any) -> list[Scenario]:
    """Return scenarios with the same area, scale and length; a setting of None is as each scenario says itself.

    Raises
    ------
    ScenarioError
        If one cannot be loaded.
    ValueError
        If they differ in a setting.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    loaded = [_loaded(asked, overrides, given) for asked in scenarios]
    first = loaded[0]
    for other in loaded[1:]:
        for name in settings:
            if getattr(other, name) != getattr(first, name):
                said = f"{name} {getattr(first, name)} of {first.name}, {getattr(other, name)} of {other.name}"
                raise ValueError(f"only what differs by policy is compared, and these differ: {said}; "
                                 f"give one {name} (--{name} on the command line)")
    return loaded


def labelled(scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """Return scenarios by name; raises ValueError where two have one name."""
    found: dict[str, Scenario] = {}
    for scenario in scenarios:
        if scenario.name in found:
            raise ValueError(f"two scenarios are called {scenario.name!r}: give one of them a name of its own")
        found[scenario.name] = scenario
    return found


def _loaded(asked: Asked, overrides: Sequence[str], given: Mapping[str, Any]) -> Scenario:
    if isinstance(asked, Scenario):
        if overrides or given:
            raise ValueError("give overrides and settings with names or files, not with ready scenarios")
        return asked
    source, own = asked[:2] if isinstance(asked, tuple) else (asked, ())
    return load(source, [*own, *overrides], **given)


def as_plain(value: Any) -> Any:
    """Return a number as JSON has it: None for what is not known or infinite."""
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.bool_ | np.integer):
        return value.item()
    return value
