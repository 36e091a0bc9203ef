"""A sensitivity study as words, tables and a figure: which factors matter most, and how sure that is."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from homecare.compare_figure import save, start
from homecare.outcomes import OUTCOMES
from homecare.plots import STYLE
from homecare.plots_panel import GREY, INK
from homecare.sensitivity_export import write_experiments
from homecare.sensitivity_methods import MEANING
from homecare.sensitivity_study import SERIES, Study, ranked
from homecare.sweep_design import shown_value
from homecare.sweep_terms import Factor
from homecare.words import NOTE, number, scaled, shown_unit, title

MOST_SHOWN = 12
"""Factors of a figure; those that matter least are left out."""

LOW, HIGH = "#0072b2", "#d55e00"

KEYS = {"sobol": "Blue circle: alone. Orange square: in total. ",
        "tornado": "Blue circle: at the low end. Orange cross: at the high end. "}
"""What marks of two kinds mean, by method."""


def study_lines(found: Study, most: int = MOST_SHOWN) -> list[str]:
    """Return a study in words: factors by outcome, those that matter most first."""
    lines = [f"{found.method.capitalize()} over {len(found.factors)} factors, {len(found.points)} points: "
             f"{MEANING[found.method]}"]
    for name in found.outcomes:
        lines += ["", _heading(found, name)]
        order = ranked(found.table, name)
        for factor in order[:most]:
            lines += [f"  {line}" for line in _factor_lines(found, name, factor)]
        if len(order) > most:
            lines.append(f"  and {len(order) - most} factors that matter less")
    return [*lines, f"{NOTE}."]


def _heading(found: Study, name: str) -> str:
    if name not in OUTCOMES:
        return name
    unit = {"sobol": "share of its variance", "correlations": "partial rank correlation"}.get(
        found.method, shown_unit(OUTCOMES[name].unit))
    return f"{title(name)} ({unit})"


def _factor_lines(found: Study, name: str, factor: str) -> list[str]:
    rows = found.table[(found.table[SERIES] == name) & (found.table.factor == factor)]
    said = []
    for row in rows.itertuples():
        end = f" at {row.setting}" if found.method == "tornado" else ""
        text = f"{factor}{end}: {_said(found, name, row.value)}"
        if math.isfinite(row.low):
            text += f" ({_said(found, name, row.low)} to {_said(found, name, row.high)})"
        if found.method == "sobol":
            text += (f", total {_said(found, name, row.total)} ({_said(found, name, row.total_low)} to "
                     f"{_said(found, name, row.total_high)})")
        elif found.method == "morris":
            text += f", spread {_said(found, name, row.spread)}"
        said.append(text)
    return said


def _said(found: Study, name: str, value: float) -> str:
    shown = _scaled(found, name, value)
    return number(shown, 3 if abs(shown) < 10 else 1, sign=found.method in ("tornado", "correlations"))


def _scaled(found: Study, name: str, value: float) -> float:
    if name in OUTCOMES and found.method in ("morris", "tornado"):
        return scaled(value, OUTCOMES[name].unit)
    return value


def write_study(found: Study, folder: Path, window: tuple[int, int] | None = None) -> None:
    """Write a study into a folder: ``sensitivity.csv``, experiments and outcomes, words, and a figure."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(found.table, folder / "sensitivity.csv")
    if found.results is not None:
        write_experiments(found.results, list(found.outcomes), folder, window)
    (folder / "sensitivity.txt").write_text("\n".join(study_lines(found)) + "\n", encoding="utf-8", newline="\n")
    with matplotlib.rc_context():
        matplotlib.rcParams.update(matplotlib.rcParamsDefault)
        matplotlib.rcParams.update(STYLE)
        save(folder / f"{found.method}-figure", study_figure(found), "\n".join([question(found), *study_lines(found)]))


def _write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.8g", lineterminator="\n", encoding="utf-8")


def question(found: Study) -> str:
    """Return the question that the figure answers."""
    if found.method == "tornado":
        return "How far does each factor alone move the outcome?"
    return "Which factors matter most?"


def study_figure(found: Study) -> Figure:
    """Draw a study: a panel an outcome, a row a factor, those that matter most on top."""
    names = list(found.outcomes)
    shown = min(len(found.factors), MOST_SHOWN)
    panel = 0.75 + 0.31 * shown
    height = 1.5 + panel * len(names)
    said = f"{found.method.capitalize()}, {len(found.points)} points: {MEANING[found.method]}."
    figure = start(question(found), [*textwrap.wrap(said, 135), f"{KEYS.get(found.method, '')}Lines: 95 % intervals. "
                                     "Grey: from which value to which a factor goes."], height)
    for i, name in enumerate(names):
        bottom = height - 1.1 - panel * (i + 1) + 0.45
        axes = figure.add_axes((0.36, bottom / height, 0.60, (panel - 0.72) / height))
        _panel(axes, found, name)
    return figure


def _panel(axes: Axes, found: Study, name: str) -> None:
    order = ranked(found.table, name)[:MOST_SHOWN]
    rows = found.table[found.table[SERIES] == name]
    factors = {factor.path: factor for factor in found.factors}
    beside = {"transform": axes.get_yaxis_transform(), "ha": "right"}
    for i, factor in enumerate(order):
        axes.text(-0.02, i, called(factor), **beside, va="bottom", fontsize=8, color=INK)
        axes.text(-0.02, i + 0.06, span(factors[factor]), **beside, va="top", fontsize=6.5, color=GREY)
        for row in rows[rows.factor == factor].itertuples():
            if found.method == "tornado":
                _bar(axes, found, name, i, row)
            else:
                above = 0.14 if found.method == "sobol" else 0.0
                _dot(axes, found, name, i - above, row.value, row.low, row.high, LOW, "o")
            if found.method == "sobol":
                _dot(axes, found, name, i + 0.14, row.total, row.total_low, row.total_high, HIGH, "s")
    axes.axvline(0.0, color=GREY, linewidth=0.9, zorder=1)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8, colors=GREY)
    axes.grid(axis="x", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_title(_heading(found, name), fontsize=9, color=INK, loc="left")


def _dot(axes: Axes, found: Study, name: str, y: float, value: float, low: float, high: float, colour: str,
         mark: str) -> None:
    axes.plot([_scaled(found, name, low), _scaled(found, name, high)], [y, y], color=colour, linewidth=1.8)
    axes.plot([_scaled(found, name, value)], [y], marker=mark, markersize=4.5, color=colour, linestyle="")


def _bar(axes: Axes, found: Study, name: str, i: int, row: object) -> None:
    low_end = row.measure == "low end"
    colour, mark, y = (LOW, "o", i - 0.17) if low_end else (HIGH, "x", i + 0.17)
    axes.barh(y, _scaled(found, name, row.value), height=0.3, color=colour, alpha=0.55, linewidth=0)
    _dot(axes, found, name, y, row.value, row.low, row.high, colour, mark)


def called(path: str) -> str:
    """Return what a figure calls a factor.

    Examples
    --------
    >>> called("policy.labour.wage_floor"), called("scale")
    ('Labour: wage floor', 'Scale')
    """
    words = (path.partition(".")[2] or path).replace("_", " ").split(".")
    return ": ".join([words[0].capitalize(), *words[1:]])


def span(factor: Factor) -> str:
    """Return in words from which value to which a factor goes.

    Examples
    --------
    >>> span(Factor("policy.labour.wage_floor", "policy", low=6.0, high=25.0, unit="pounds an hour"))
    '6 to 25 pounds an hour'
    """
    if not factor.levels:
        return f"{factor.low:g} to {factor.high:g} {shown_unit(factor.unit)}".rstrip()
    said = f"{shown_value(factor.levels[0])} to {shown_value(factor.levels[-1])}"
    return (said if len(said) <= 60 else f"{len(factor.levels)} values").replace("_", " ")
