"""The summary of a run: one row an outcome for the file, and one screen of headlines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from homecare.outcomes import OUTCOMES
from homecare.scenario import Scenario
from homecare.words import NOTE, decimals, number, said_change, scale_said, scaled, shown_unit, title, windows

QUARTER = 13
"""Weeks of a quarter."""

HEADLINES = (
    "scrqol",
    "need_met",
    "missed_visits",
    "strangers",
    "turnover",
    "vacancy_rate",
    "effective_wage",
    "zero_hours_share",
    "council_spend",
    "cost_per_hour",
    "hours_delivered",
    "travel_minutes",
    "people_waiting_start",
    "start_wait",
    "acceptance",
    "people_served",
)
"""Outcomes of the one-screen summary: four each of quality, retention, cost and access."""


@dataclass(frozen=True)
class Row:
    """One outcome of a run; NaN where no week had a value.

    Attributes
    ----------
    group, outcome, unit, better : str
    level, first, change : float
        Mean over the last and the first weeks (see `homecare.words.windows`) and their difference;
        of several seeds, the mean.
    low, high : float
        Lowest and highest level of a seed; NaN for a single run.
    step : float
        Usual step from one quarter to the next (see `usual_step`).
    """

    group: str
    outcome: str
    unit: str
    better: str
    level: float
    first: float
    change: float
    low: float
    high: float
    step: float


def mean(values: np.ndarray) -> float:
    """Return the mean of the weeks that have a value, the same on every processor; NaN of none."""
    known = [value for value in values.tolist() if math.isfinite(value)]
    return math.fsum(known) / len(known) if known else math.nan


def usual_step(values: np.ndarray) -> float:
    """Return how far the mean of a quarter usually is from that of the quarter before: the mean distance.

    NaN where fewer than three quarters follow one another: a short run cannot tell change from chance.
    """
    quarters = [mean(values[i : i + QUARTER]) for i in range(0, values.size - QUARTER + 1, QUARTER)]
    steps = np.array([abs(b - a) for a, b in pairwise(quarters)])
    return mean(steps) if np.count_nonzero(np.isfinite(steps)) >= 2 else math.nan


def summarise(series: Sequence[pd.DataFrame]) -> tuple[Row, ...]:
    """Return one row an outcome from the weekly series of each seed."""
    first_weeks, level_weeks = windows(len(series[0]))
    rows = []
    for name, one in OUTCOMES.items():
        levels = np.array([mean(weekly[name].to_numpy()[-level_weeks:]) for weekly in series])
        firsts = np.array([mean(weekly[name].to_numpy()[:first_weeks]) for weekly in series])
        known = [value for value in levels.tolist() if math.isfinite(value)] if len(series) > 1 else []
        low, high = (min(known), max(known)) if known else (math.nan, math.nan)
        level, first, change = mean(levels), mean(firsts), mean(levels - firsts)
        together = np.array(
            [mean(week) for week in np.array([weekly[name].to_numpy() for weekly in series]).T]
        )
        rows.append(
            Row(one.group, name, one.unit, one.better, level, first, change, low, high, usual_step(together))
        )
    return tuple(rows)


def summary_csv(rows: Sequence[Row]) -> str:
    """Return ``summary.csv``: a header and one line an outcome; a blank where there is no value."""
    names = [one.name for one in fields(Row)]
    lines = [",".join(names)]
    for row in rows:
        lines.append(",".join(_cell(getattr(row, name)) for name in names))
    return "\n".join(lines) + "\n"


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'"{value}"' if "," in value else value
    return f"{value:.8g}" if math.isfinite(value) else ""


NOT_AN_EFFECT = "This is not what the change or shock does; `homecare compare` sets it against the same world without it."


@dataclass(frozen=True)
class RunSummary:
    """What a run came to.

    Attributes
    ----------
    scenario : Scenario
    folder : Path
        Where the results are.
    rows : tuple of Row
        One an outcome.
    """

    scenario: Scenario
    folder: Path
    rows: tuple[Row, ...]

    @property
    def lines(self) -> list[str]:
        """One screen: sixteen headlines with level, change and unit, and where the results are."""
        s = self.scenario
        seeds = (
            f"seed {s.seed}" if s.replications == 1 else f"seeds {s.seed} to {s.seed + s.replications - 1}"
        )
        first, level = windows(s.weeks)
        spread = s.replications > 1
        head = ["", "level", "change", *(["lowest", "highest"] if spread else []), "unit"]
        table = [head]
        by_name = {row.outcome: row for row in self.rows}
        groups: dict[str, list[list[str]]] = {}
        for name in HEADLINES:
            row = by_name[name]
            groups.setdefault(row.group, []).append(_headline(row, spread))
        for of_group in groups.values():
            table += of_group
        widths = [max(len(line[i]) for line in table) for i in range(len(head))]
        lines = [
            f"{s.name}: {s.area}, {scale_said(s.scale)}, {s.weeks} weeks from April 2025, {seeds}",
            f"  {_aligned(head, widths)}",
        ]
        for group, of_group in groups.items():
            lines += [group.capitalize(), *(f"  {_aligned(line, widths)}" for line in of_group)]
        weeks = "week" if level == 1 else "weeks"
        beside = ", with the lowest and highest seed's beside it" if spread else ""
        lines += [
            f"Level: mean of the last {level} {weeks}{beside}; change: against the first {first}.",
            *([NOT_AN_EFFECT] if s.changes or s.shocks else []),
            f"{NOTE}.",
            f"{len(self.rows)} outcomes, weekly series and figures: {self.folder}",
        ]
        return lines

    def to_dict(self) -> dict[str, Any]:
        """The same for a program, with every outcome; None where there is no value."""
        s = self.scenario
        first, level = windows(s.weeks)
        return {
            "scenario": s.name,
            "area": s.area,
            "scale": s.scale,
            "weeks": s.weeks,
            "seeds": list(range(s.seed, s.seed + s.replications)),
            "level_weeks": level,
            "first_weeks": first,
            "folder": str(self.folder),
            "note": NOTE,
            "outcomes": [{key: _plain(value) for key, value in asdict(row).items()} for row in self.rows],
        }


def _plain(value: str | float) -> str | float | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _headline(row: Row, spread: bool) -> list[str]:
    places = decimals(row.level, row.unit)
    ends = [number(scaled(end, row.unit), places) for end in (row.low, row.high)] if spread else []
    return [
        title(row.outcome),
        number(scaled(row.level, row.unit), places),
        said_change(row.change, row.unit, places),
        *ends,
        shown_unit(row.unit),
    ]


def _aligned(line: list[str], widths: list[int]) -> str:
    last = len(line) - 1
    cells = [
        text.rjust(width) if 0 < i < last else text.ljust(width)
        for i, (text, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
