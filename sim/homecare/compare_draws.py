"""Comparing the values of one factor of a sweep: over draws of what nobody knows, or on the average of other levers.

Where a sweep crosses levers with draws, a pair of runs shares all of a draw - every factor but the one compared, and the
seeds - and a value is the mean over the draw's seeds and over other levers. Intervals then cover chance and the ranges of
the numbers drawn, and *better in 45 of 50 draws* says how far an answer hangs on them. Where only levers vary, a pair
shares a seed, and a value is the mean over the settings of the other levers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from homecare.compare_runs import Comparison
from homecare.outcomes import OUTCOMES
from homecare.outcomes_groups import MEASURES
from homecare.sweep_drive import Run
from homecare.sweep_results import Results, Window

LEVERS = ("policy.", "changes")
"""How the path of a factor begins that somebody holds; all others are of what nobody knows, of the start or of luck."""


class FactorComparison(Comparison):
    """The values of one factor of a sweep against one of them.

    Parameters
    ----------
    results : Results
        Of a sweep.
    path : str
        The factor that is compared, such as ``policy.contracting.kind``.
    reference : value, optional
        The value with which the others are compared; the first of the plan if none is given.
    window : (int, int), optional
        As in `homecare.compare_runs.Comparison`.

    Attributes
    ----------
    of : str
        What a pair shares: ``"draws"`` where anything but levers varies besides, else ``"seeds"``.
    draws : dict
        Number of each draw, and the values of its factors; empty where a pair shares a seed.

    Raises
    ------
    ValueError
        If the runs have no such factor, or there is nothing to compare.
    """

    def __init__(self, results: Results, path: str, reference: Any = None, window: Window | None = None):
        others = other_factors(results.runs, path)
        unknown = [name for name in others if not name.startswith(LEVERS)]
        self._compare(results, path, unknown, reference, window)

    def _compare(self, results: Results, path: str, of_a_draw: Sequence[str], reference: Any,
                 window: Window | None) -> None:
        """Give each run the number of its pair, and its value of the factor as its label."""
        self.of = "draws" if of_a_draw else "seeds"
        draws: dict[tuple[tuple[str, Any], ...], int] = {}
        runs = []
        for run in results.runs:
            factors = dict(run.factors)
            draw = tuple((name, factors[name]) for name in of_a_draw)
            number = draws.setdefault(draw, len(draws) + 1) if of_a_draw else run.seed
            rest = tuple(each for each in run.factors if each[0] != path)
            runs.append(replace(run, label=value_words(factors[path]), factors=(*rest, ("pair", number))))
        self.draws = {number: dict(draw) for draw, number in draws.items()}
        told = Results(results.store, runs, results.tally)
        super().__init__(told, None if reference is None else value_words(reference), window)

    def _read(self, window: Window | None) -> pd.DataFrame:
        """One row a value and pair: means over its runs, and lost where one of them was."""
        frame = self.results.frame(window)
        whole = frame.groupby(["label", "pair"], sort=False).status.agg(
            lambda status: "finished" if (status == "finished").all() else "incomplete")
        means = frame.groupby(["label", "pair"], sort=False)[list(OUTCOMES)].mean()
        means.insert(0, "status", whole)
        means.loc[means.status != "finished", list(OUTCOMES)] = float("nan")
        found = means.reset_index()
        return found.rename(columns={"pair": "seed"})

    def groups(self) -> pd.DataFrame:
        """Return how groups of people fared: one row a value, pair and group, means over its runs."""
        finished = self.results.store.finished()
        rows = [{"label": run.label, "seed": dict(run.factors)["pair"], **row}
                for run in self.results.runs if run.key in finished
                for row in self.results.store.by_group(run.key)]
        found = pd.DataFrame(rows, columns=["label", "seed", "kind", "group", *MEASURES])
        found = found.astype(dict.fromkeys(MEASURES, float))
        return found.groupby(["label", "seed", "kind", "group"], sort=False, as_index=False)[list(MEASURES)].mean()


class DrawsComparison(FactorComparison):
    """The values of one factor of a sweep against one of them, draw by draw: every other factor is part of a draw.

    Parameters and errors are those of `FactorComparison`.
    """

    def __init__(self, results: Results, path: str, reference: Any = None, window: Window | None = None):
        self._compare(results, path, other_factors(results.runs, path), reference, window)


def other_factors(runs: Sequence[Run], path: str) -> list[str]:
    """Return the paths of the factors beside one, in the order of the plan.

    Raises
    ------
    ValueError
        If not every run has this factor.
    """
    known = list(dict.fromkeys(name for run in runs for name, _ in run.factors))
    if not all(path in dict(run.factors) for run in runs):
        raise ValueError(f"{path} is no factor of every run; there are {', '.join(known) or 'none'}")
    return [name for name in known if name != path]


def kept_where(results: Results, settings: Sequence[str]) -> Results:
    """Return the runs whose factors have the values that are given.

    Parameters
    ----------
    settings : sequence of str
        ``"policy.care_planning.kind=outcome"`` and the like; a number may be written in any way, and a path may lead into
        a factor that is a mapping.

    Raises
    ------
    ValueError
        If one is no setting, or no run has it.
    """
    runs = results.runs
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals:
            raise ValueError(f"{setting}: a factor and a value are wanted here, such as policy.payment.kind=outcome")
        values = [_value_at(run, path) for run in runs]
        there = ", ".join(dict.fromkeys(value_words(value) for value in values if value is not None))
        runs = [run for run, value in zip(runs, values, strict=True) if value is not None and is_value(value, text)]
        if not runs:
            raise ValueError(f"no run has {setting}; {path} is {there or 'no factor of these runs'}")
    return Results(results.store, runs, results.tally)


def _value_at(run: Run, path: str) -> Any:
    """The value of a factor, or of a name within a factor that is a mapping; None where there is none."""
    for factor, value in run.factors:
        if factor == path:
            return value
        if path.startswith(f"{factor}.") and isinstance(value, str) and value.startswith("{"):
            return json.loads(value).get(path[len(factor) + 1 :])
    return None


def value_said(results: Results, path: str, text: str | None) -> Any:
    """Return the value of a factor that a text says, as the runs have it; the text itself where none has it."""
    if text is None:
        return None
    there = (dict(run.factors).get(path) for run in results.runs)
    return next((value for value in there if is_value(value, text)), text)


def is_value(value: Any, text: str) -> bool:
    """Return whether a text says the value of a factor.

    Examples
    --------
    >>> is_value(13.0, "13"), is_value("block", "block"), is_value(0.5, "half")
    (True, True, False)
    >>> is_value('{"kind": "zero_hours"}', "zero hours")
    True
    """
    if isinstance(value, float | int) and not isinstance(value, bool):
        try:
            return float(text) == float(value)
        except ValueError:
            return False
    return text in (str(value), value_words(value))


def value_words(value: Any) -> str:
    """Return what figures and tables call a value of a factor.

    Examples
    --------
    >>> value_words("lead_provider"), value_words(13.0), value_words('{"kind": "zero_hours", "required_share": 0.8}')
    ('lead provider', '13.0', 'zero hours, required share 0.8')
    """
    text = str(value)
    if not text.startswith("{"):
        return text.replace("_", " ")
    inside = json.loads(text)
    words = [str(inside.pop("kind"))] if "kind" in inside else []
    return ", ".join([*words, *(f"{name} {item}" for name, item in inside.items())]).replace("_", " ")
