"""The pairs that the project was asked for, side by side on common luck: every outcome, whichever way it goes.

Which scenarios make a pair stands in ``data/pairs.csv``. Each is run on the same seeds; what is said is the mean over
seeds of the other less the one, with a 95 per cent interval of that paired difference. No outcome is left out, and none
is called good or bad.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from homecare.data import table_path
from homecare.outcomes import OUTCOMES
from homecare.run_summary import HEADLINES
from homecare.scenario import load
from homecare.sweep import run_many
from homecare.validate import interval


@dataclass(frozen=True)
class Pair:
    """A question and the two scenarios that answer it."""

    name: str
    one: str
    other: str


@dataclass(frozen=True)
class Difference:
    """What the other scenario of a pair has more of an outcome than the one; 95 per cent interval over seeds."""

    pair: str
    outcome: str
    one: float
    other: float
    mean: float
    low: float
    high: float
    n: int

    @property
    def direction(self) -> str:
        """``higher`` or ``lower`` under the other scenario where the interval leaves out zero, else ``not told``."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)) or self.low <= 0.0 <= self.high:
            return "not told"
        return "higher" if self.mean > 0 else "lower"


def pairs() -> tuple[Pair, ...]:
    """Return the pairs of ``pairs.csv``."""
    with table_path("pairs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Pair(row["pair"], row["one"], row["other"]) for row in csv.DictReader(file))


def paired(pair: Pair, one: pd.DataFrame, other: pd.DataFrame) -> list[Difference]:
    """Return the difference of every outcome.

    Parameters
    ----------
    one, other : DataFrame
        One row a seed (the index), one column an outcome. Seeds that only one of them has are left out.
    """
    seeds = sorted(set(one.index) & set(other.index))
    found = []
    for name in OUTCOMES:
        a, b = one.loc[seeds, name].to_numpy(float), other.loc[seeds, name].to_numpy(float)
        known = [(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True) if math.isfinite(x) and math.isfinite(y)]
        mean, low, high = interval([y - x for x, y in known])
        level = [interval([values[i] for values in known])[0] for i in (0, 1)]
        found.append(Difference(pair.name, name, *level, mean, low, high, len(known)))
    return found


def levels(scenarios: Sequence[str], seeds: int, settings: Mapping[str, Any], processes: int | None = None,
           heard: Callable[..., None] | None = None) -> dict[str, pd.DataFrame]:
    """Run scenarios on common seeds; return by scenario one row a seed, one column an outcome (mean of the last year).

    Parameters
    ----------
    settings : area, scale and weeks of every run
    """
    results = run_many({name: load(name, (), **settings) for name in dict.fromkeys(scenarios)}, seeds,
                       processes=processes, heard=heard)
    if results.failures:
        first = results.failures[0]
        raise RuntimeError(f"{first['label']}, seed {first['seed']}: {first['message']}")
    frame = results.frame()
    return {name: of.set_index("seed").sort_index()[list(OUTCOMES)] for name, of in frame.groupby("label")}


def compared(seeds: int, settings: Mapping[str, Any], processes: int | None = None,
             heard: Callable[..., None] | None = None) -> list[Difference]:
    """Run every pair and return the differences of every outcome."""
    wanted = [name for pair in pairs() for name in (pair.one, pair.other)]
    found = levels(wanted, seeds, settings, processes, heard)
    return [one for pair in pairs() for one in paired(pair, found[pair.one], found[pair.other])]


def headline(differences: Sequence[Difference]) -> list[Difference]:
    """Return those of the outcomes that summaries begin with."""
    return [one for one in differences if one.outcome in HEADLINES]
