"""What many runs came to: one row a run, and the weekly series of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from homecare.outcomes import OUTCOMES
from homecare.outcomes_groups import MEASURES
from homecare.run_summary import mean
from homecare.store_many import Store
from homecare.sweep_drive import Run, Tally
from homecare.words import windows

Window = tuple[int, int]
"""First and last week of which a mean is taken, both counted in."""


class Results:
    """Results of many runs; nothing is read before it is asked for.

    Attributes
    ----------
    store : Store
        Where the runs are.
    runs : list of Run
        The plan, in the order in which it was made.
    tally : Tally
        How many were found, finished and failed in making it.
    """

    def __init__(self, store: Store, runs: Sequence[Run], tally: Tally):
        self.store = store
        self.runs = list({(run.label, run.seed, run.factors): run for run in runs}.values())
        self.tally = tally
        self._keys = {(run.label, run.seed): run.key for run in self.runs}

    @property
    def labels(self) -> list[str]:
        """Labels of the scenarios, in the order of the plan."""
        return list(dict.fromkeys(run.label for run in self.runs))

    @property
    def failures(self) -> list[dict[str, Any]]:
        """What is known of each run that failed: key, label, seed, error, message, traceback, scenario."""
        failed = self.store.failed() - self.store.finished()
        return [self.store.failure(run.key) for run in self.runs if run.key in failed]

    def seeds(self, label: str) -> list[int]:
        """Return the seeds on which a scenario was run and finished."""
        finished = self.store.finished()
        return [run.seed for run in self.runs if run.label == label and run.key in finished]

    def weekly(self, label: str, seed: int | None = None) -> pd.DataFrame:
        """Return the weekly series of one run: one row a week, one column an outcome.

        Parameters
        ----------
        label : str
            Label of a scenario; without a seed, the key of a run.

        Raises
        ------
        KeyError
            If there is no such run, or it did not finish.
        """
        return self.store.weekly(label if seed is None else self._keys[label, seed])

    def by_group(self) -> pd.DataFrame:
        """Return how groups of people fared in the last 13 weeks: one row a finished run and group.

        Columns are label, seed, kind, group and the measures of `homecare.outcomes_groups.MEASURES`.
        """
        finished = self.store.finished()
        rows = [{"label": run.label, "seed": run.seed, **row}
                for run in self.runs if run.key in finished for row in self.store.by_group(run.key)]
        found = pd.DataFrame(rows, columns=["label", "seed", "kind", "group", *MEASURES])
        return found.astype(dict.fromkeys(MEASURES, np.float64))

    def frame(self, window: Window | None = None, outcomes: Iterable[str] | None = None) -> pd.DataFrame:
        """Return one row a run: key, label, seed, factors, status, and the mean of each outcome over some weeks.

        Parameters
        ----------
        window : (int, int), optional
            First and last week; the last year of a run of 65 weeks or more if none is given (see
            `homecare.words.windows`).
        outcomes : iterable of str, optional
            Which outcomes; all if none are given.

        Raises
        ------
        ValueError
            If there is no such outcome.
        """
        names = list(OUTCOMES) if outcomes is None else list(outcomes)
        unknown = [name for name in names if name not in OUTCOMES]
        if unknown:
            raise ValueError(f"there is no outcome {unknown[0]!r}")
        finished, failed = self.store.finished(), self.store.failed()
        rows = []
        for run in self.runs:
            status = "finished" if run.key in finished else "failed" if run.key in failed else "missing"
            row = {"key": run.key, "label": run.label, "seed": run.seed, **dict(run.factors), "status": status}
            if status == "finished":
                row |= means_over(self.store.columns(run.key), names, window)
            rows.append(row)
        columns = list(dict.fromkeys([*(name for row in rows for name in row if name not in OUTCOMES), *names]))
        return pd.DataFrame(rows, columns=columns)


def means_over(weekly: Mapping[str, np.ndarray] | pd.DataFrame, outcomes: Sequence[str],
               window: Window | None = None) -> dict[str, float]:
    """Return the mean of each outcome over the weeks of a window that have a value; NaN of none."""
    series = {name: np.asarray(weekly[name], np.float64) for name in outcomes}
    n = max((values.size for values in series.values()), default=0)
    first, last = (n - windows(n)[1], n - 1) if window is None else window
    return {name: mean(values[first : last + 1]) for name, values in series.items()}
