"""Comparing policies over draws of what nobody knows: the runs of a sweep that crosses levers with draws.

A pair of runs shares all of a draw - every factor but the one compared, and the seeds - and a value is the mean over the
draw's seeds. Intervals then cover chance and the ranges of the numbers drawn, and *better in 45 of 50 draws* says how far
an answer hangs on them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from homecare.compare_runs import Comparison
from homecare.outcomes import OUTCOMES
from homecare.outcomes_groups import MEASURES
from homecare.sweep_results import Results, Window


class DrawsComparison(Comparison):
    """The values of one factor of a sweep against one of them, draw by draw.

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

    Raises
    ------
    ValueError
        If the runs have no such factor, or there is nothing to compare.
    """

    of = "draws"

    def __init__(self, results: Results, path: str, reference: Any = None, window: Window | None = None):
        if not all(path in dict(run.factors) for run in results.runs):
            known = list(dict.fromkeys(name for run in results.runs for name, _ in run.factors))
            raise ValueError(f"{path} is no factor of every run; there are {', '.join(known) or 'none'}")
        draws: dict[tuple[tuple[str, Any], ...], int] = {}
        runs = []
        for run in results.runs:
            rest = tuple(each for each in run.factors if each[0] != path)
            draw = draws.setdefault(rest, len(draws) + 1)
            runs.append(replace(run, label=str(dict(run.factors)[path]), factors=(("draw", draw),)))
        self.draws = {number: dict(rest) for rest, number in draws.items()}
        told = Results(results.store, runs, results.tally)
        super().__init__(told, None if reference is None else str(reference), window)

    def _read(self, window: Window | None) -> pd.DataFrame:
        """One row a value and draw: means over seeds, and lost where a run of the draw was."""
        frame = self.results.frame(window)
        whole = frame.groupby(["label", "draw"], sort=False).status.agg(
            lambda status: "finished" if (status == "finished").all() else "incomplete")
        means = frame.groupby(["label", "draw"], sort=False)[list(OUTCOMES)].mean()
        means.insert(0, "status", whole)
        means.loc[means.status != "finished", list(OUTCOMES)] = float("nan")
        found = means.reset_index()
        return found.assign(seed=found.draw)

    def groups(self) -> pd.DataFrame:
        """Return how groups of people fared: one row a value, draw and group, means over seeds."""
        finished = self.results.store.finished()
        rows = [{"label": run.label, "seed": dict(run.factors)["draw"], **row}
                for run in self.results.runs if run.key in finished
                for row in self.results.store.by_group(run.key)]
        found = pd.DataFrame(rows, columns=["label", "seed", "kind", "group", *MEASURES])
        found = found.astype(dict.fromkeys(MEASURES, float))
        return found.groupby(["label", "seed", "kind", "group"], sort=False, as_index=False)[list(MEASURES)].mean()
