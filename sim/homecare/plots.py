"""Figures of a result, read from its folder: an overview and one a group, each as PNG, SVG and words."""

from __future__ import annotations

import csv
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import pyarrow.parquet as pq
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from homecare.plots_panel import GREY, INK, MEAN_WEEKS, NO_VALUE, NOUGHT, Panel, draw
from homecare.run_summary import HEADLINES
from homecare.words import NOTE, scale_said, windows

OVERVIEW = ("scrqol", "turnover", "council_spend", "people_waiting_start", "missed_visits", "strangers")
"""The six outcomes that are asked for most."""

COLUMNS, WIDTH, PANEL_HEIGHT, HEAD, FOOT, LINE, DPI = 3, 11.0, 1.95, 0.82, 0.24, 0.17, 110
LARGE_COLUMNS, LARGE_HEIGHT = 2, 2.5
"""Of the panels of a group's headline outcomes, which stand first in its figure."""
MOST_LETTERS = 190
"""Letters of a line under a figure."""

# The same bytes from the same result: no dates, no random identifiers; words in an SVG stay words.
STYLE = {
    "svg.hashsalt": "homecare",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "axes.unicode_minus": True,
    "path.simplify": True,
}


@dataclass(frozen=True)
class Result:
    """What figures need of a result.

    Attributes
    ----------
    name, description, subtitle : str
    panels : dict of str to Panel
        By name of the series.
    groups : dict of str to list of str
        Names of the series of each group.
    changes : list of (int, str)
        Week and themes of each change of policy.
    waves : list of (int, int, str)
        First week of each shock, the first after it, and its name.
    """

    name: str
    description: str
    subtitle: str
    panels: dict[str, Panel]
    groups: dict[str, list[str]]
    changes: list[tuple[int, str]]
    waves: list[tuple[int, int, str]]


def read_result(folder: Path) -> Result:
    """Read a result folder.

    Raises
    ------
    FileNotFoundError
        If the folder lacks ``weekly.parquet``, ``summary.csv`` or ``scenario.yaml``.
    """
    folder = Path(folder)
    table = pq.read_table(folder / "weekly.parquet")
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    scenario = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    n_seeds = len(set(table["seed"].to_pylist())) if "seed" in table.column_names else 1
    panels, groups = {}, {}
    for group, name, unit, better, *numbers in rows:
        values = table[name].to_numpy().reshape(n_seeds, -1)
        level, first, change, *_ = (float(said or math.nan) for said in numbers)
        panels[name] = Panel(name, unit, better, values, level, first, change)
        groups.setdefault(group, []).append(name)
    return Result(
        name=scenario["name"],
        description=" ".join(scenario["description"].split()),
        subtitle=_subtitle(scenario, n_seeds),
        panels=panels,
        groups=groups,
        changes=[
            (change["week"], " and ".join(change["policy"]).replace("_", " "))
            for change in scenario["changes"]
        ],
        waves=[
            (shock["week"], shock["week"] + shock["weeks"], shock["kind"].replace("_", " "))
            for shock in scenario["shocks"]
        ],
    )


def _subtitle(scenario: dict[str, Any], n_seeds: int) -> str:
    seed, weeks = scenario["seed"], scenario["weeks"]
    seeds = f"seed {seed}" if n_seeds == 1 else f"seeds {seed} to {seed + n_seeds - 1}"
    return f"{scenario['area']}, {scale_said(scenario['scale'])}, {weeks} weeks from April 2025, {seeds}"


def draw_figures(folder: Path) -> list[Path]:
    """Draw every figure of a result into its folder and return the paths: NAME.png, NAME.svg, NAME.txt.

    Raises
    ------
    FileNotFoundError
        As `read_result`.
    """
    folder = Path(folder)
    result = read_result(folder)
    figures = {"overview": ("Overview", [name for name in OVERVIEW if name in result.panels])}
    for group, names in result.groups.items():
        first = [name for name in HEADLINES if name in names]
        figures[group] = (group.capitalize(), [*first, *(name for name in names if name not in first)])
    written = []
    with matplotlib.rc_context():
        matplotlib.rcParams.update(matplotlib.rcParamsDefault)
        matplotlib.rcParams.update(STYLE)
        for stem, (heading, names) in figures.items():
            large = () if stem == "overview" else HEADLINES
            figure = draw_figure(result, heading, names, large)
            written += _save(folder / stem, figure, heading, alt_text(result, heading, names))
    return written


def draw_figure(result: Result, heading: str, names: Sequence[str], large: Sequence[str] = ()) -> Figure:
    """Draw small charts of the named series under one heading; those with nothing to draw are only named.

    Those of ``large``, which must come first, are drawn larger.
    """
    said = [line for line in (_lines_said(result), _numbers_said(result), _events_said(result)) if line]
    said = [textwrap.shorten(line, MOST_LETTERS, placeholder="...") for line in said]
    for line in _undrawn_said(result, names):
        said += textwrap.wrap(line, MOST_LETTERS, break_on_hyphens=False)
    names = [name for name in names if not result.panels[name].undrawn]
    n_large = sum(name in large for name in names)
    rows = [(names[i : min(i + LARGE_COLUMNS, n_large)], LARGE_COLUMNS, LARGE_HEIGHT)
            for i in range(0, n_large, LARGE_COLUMNS)]
    rows += [(names[i : i + COLUMNS], COLUMNS, PANEL_HEIGHT) for i in range(n_large, len(names), COLUMNS)]
    height = HEAD + sum(tall for _, _, tall in rows) + FOOT + LINE * len(said)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    left_to_draw, top = len(names), height - HEAD
    for here, columns, tall in rows:
        top -= tall
        for column, name in enumerate(here):
            wide = (WIDTH - 0.3) / columns
            place = ((0.55 + column * wide) / WIDTH, (top + 0.42) / height, (wide - 0.65) / WIDTH, (tall - 0.95) / height)
            draw(
                figure.add_axes(place),
                result.panels[name],
                left_to_draw <= columns,
                [week for week, _ in result.changes],
                [(first, end) for first, end, _ in result.waves],
            )
            left_to_draw -= 1
    edge, x = 0.25 / WIDTH, 1 - 0.25 / WIDTH
    name = textwrap.shorten(result.name, 60, placeholder="...")
    about = textwrap.shorten(f"{result.subtitle}. {result.description}".strip(), 160, placeholder="...")
    figure.text(edge, 1 - 0.32 / height, f"{heading}: {name}", fontsize=15, fontweight="bold", color=INK)
    figure.text(edge, 1 - 0.55 / height, about, fontsize=9, color=GREY)
    figure.text(x, 1 - 0.32 / height, NOTE, fontsize=9.5, fontweight="bold", color=INK, ha="right")
    for i, line in enumerate(reversed(said)):
        figure.text(edge, (0.13 + LINE * i) / height, line, fontsize=8, color=GREY)
    return figure


def _lines_said(result: Result) -> str:
    several = len(next(iter(result.panels.values())).values) > 1
    thin = "band: lowest and highest of the seeds" if several else "thin line: each week"
    return (f"Thick line: mean of the {MEAN_WEEKS} weeks up to then; {thin}, rare peaks cut off. "
            "Axes need not start at zero.")


def _numbers_said(result: Result) -> str:
    first, level = windows(next(iter(result.panels.values())).values.shape[1])
    return f"Number: mean of the last {level} weeks, and its change in time (no comparison) from the first {first}."


def _events_said(result: Result) -> str:
    said = []
    if result.changes:
        changes = ", ".join(f"{what} in week {week}" for week, what in result.changes)
        said.append(f"Dashed lines: {changes}.")
    if result.waves:
        waves = ", ".join(f"{what} in weeks {first} to {end - 1}" for first, end, what in result.waves)
        said.append(f"Grey: {waves}.")
    return " ".join(said)


def _undrawn_said(result: Result, names: Sequence[str]) -> list[str]:
    said = []
    for why in (NOUGHT, NO_VALUE):
        titles = ", ".join(result.panels[name].title for name in names if result.panels[name].undrawn == why)
        said += [f"{why}, and not drawn: {titles}."] if titles else []
    return said


def alt_text(result: Result, heading: str, names: Sequence[str]) -> str:
    """Return a figure in words, for screen readers."""
    drawn = [name for name in names if not result.panels[name].undrawn]
    what = [
        f"{heading}: {result.name}. {result.subtitle}. {NOTE}.",
        result.description,
        f"{len(drawn)} small line charts over the weeks of the run. {_lines_said(result)}",
        _numbers_said(result),
        _events_said(result),
        *_undrawn_said(result, names),
    ]
    lines = [textwrap.fill(" ".join(part for part in what if part), 110), ""]
    lines += [
        textwrap.fill(result.panels[name].sentence, 110, initial_indent="* ", subsequent_indent="  ")
        for name in drawn
    ]
    return "\n".join(lines) + "\n"


def _save(stem: Path, figure: Figure, heading: str, words: str) -> list[Path]:
    png, svg, text = (stem.with_suffix(suffix) for suffix in (".png", ".svg", ".txt"))
    figure.savefig(png, dpi=DPI, metadata={"Software": None, "Title": heading, "Description": words})
    figure.savefig(svg, metadata={"Date": None, "Creator": None, "Title": heading, "Description": words})
    text.write_text(words, encoding="utf-8", newline="\n")
    return [png, svg, text]
