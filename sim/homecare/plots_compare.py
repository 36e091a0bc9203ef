"""Figures of a comparison: what differs, who gains and loses, and cost against quality. Each as PNG, SVG and words."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from homecare.compare_cost import acceptability, cost_and_quality, cost_lines
from homecare.compare_groups import by_group, group_lines
from homecare.compare_runs import Comparison
from homecare.compare_words import about, places, sentence, verdict
from homecare.outcomes import GROUPS, OUTCOMES
from homecare.outcomes_groups import GROUPS as PEOPLE
from homecare.outcomes_groups import MEASURES
from homecare.plots import STYLE
from homecare.plots_panel import GREY, INK
from homecare.plots_words import NOTE, is_share, number, scaled, shown_unit, title

WIDTH, DPI = 9.5, 110
SHOWN = ("scrqol", "control", "need_met", "missed_visits", "late_visits", "strangers", "turnover", "vacancy_rate",
         "zero_hours_share", "effective_wage", "council_spend", "cost_per_hour", "travel_minutes", "idle_pay",
         "people_waiting_start", "start_wait", "acceptance", "people_served", "agencies_open", "hand_backs",
         "rural_gap", "deprivation_gap", "funding_gap", "capability", "practice", "care_home_moves")
"""Outcomes of the figure of differences."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
"""Colours (Okabe and Ito) and marks of scenarios, in their order; a mark says the same as its colour."""

LIMIT = 4.0
"""Usual spreads beyond which an interval is cut with an arrow, so that one outcome does not hide the rest."""

VERDICTS = {"better": "#0072b2", "worse": "#b84a00", "higher": INK, "lower": INK, "not clear": "#999999",
            "no change": "#999999"}


def draw_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Draw every figure of a comparison into a folder; return the paths: NAME.png, NAME.svg, NAME.txt."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with matplotlib.rc_context():
        matplotlib.rcParams.update(matplotlib.rcParamsDefault)
        matplotlib.rcParams.update(STYLE)
        for i, label in enumerate(comparison.others):
            suffix = "" if len(comparison.others) == 1 else f"-{i + 1}"
            written += save(folder / f"differences{suffix}", differences_figure(comparison, label),
                            "\n".join(differences_words(comparison, label)))
            written += save(folder / f"groups{suffix}", groups_figure(comparison, label),
                            "\n".join([question_of_groups(comparison, label), *_noted(comparison),
                                       *group_lines(comparison, label)]))
        written += save(folder / "cost", cost_figure(comparison), "\n".join(cost_words(comparison)))
    return written


def start(question: str, lines: Sequence[str], height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure with its question as heading, what it shows below that, and the note."""
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    edge = 0.2 / width
    wrapped = textwrap.wrap(question, round(width * 8.8))
    for i, line in enumerate(wrapped):
        figure.text(edge, 1 - (0.3 + 0.24 * i) / height, line, fontsize=13.5, fontweight="bold", color=INK)
    below = 0.3 + 0.24 * len(wrapped)
    for i, line in enumerate(lines):
        figure.text(edge, 1 - (below + 0.18 * i) / height, line, fontsize=8.5, color=GREY)
    figure.text(1 - edge, 0.1 / height, f"{NOTE}.", fontsize=9, fontweight="bold", color=INK, ha="right")
    return figure


def save(stem: Path, figure: Figure, words: str) -> list[Path]:
    """Write a figure as PNG, SVG and words; the same bytes from the same figure."""
    png, svg, text = (stem.with_name(stem.name + suffix) for suffix in (".png", ".svg", ".txt"))
    heading = words.partition("\n")[0]
    figure.savefig(png, dpi=DPI, metadata={"Software": None, "Title": heading, "Description": words})
    figure.savefig(svg, metadata={"Date": None, "Creator": None, "Title": heading, "Description": words})
    text.write_text(words.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    return [png, svg, text]


def _noted(comparison: Comparison) -> list[str]:
    return [line for line in about(comparison) if not line.startswith("not compared")]


# ---- what differs -----------------------------------------------------------------------------------------


def differences_words(comparison: Comparison, label: str) -> list[str]:
    """Return the figure of differences in words."""
    shown = [name for name in SHOWN if comparison.pair(label, name).seeds > 1]
    return [f"What changes under {label}, against {comparison.reference}?", *_noted(comparison), "",
            *(f"* {sentence(name, comparison.pair(label, name), comparison.of)}" for name in shown)]


def differences_figure(comparison: Comparison, label: str) -> Figure:
    """Draw the paired difference of each outcome with its interval, in units of its usual spread between seeds."""
    shown = [name for name in SHOWN if math.isfinite(comparison.pair(label, name).in_spreads[0])]
    order = [name for group in GROUPS for name in shown if OUTCOMES[name].group == group]
    height = 2.0 + 0.235 * len(order)
    figure = start(f"What changes under {label}, against {comparison.reference}?",
                   [_noted(comparison)[0], "Dot: mean paired difference. Line: 95 % interval. Unit: the usual spread "
                    f"of {comparison.of} of one world (standard deviation). A line at the edge goes on."], height)
    axes = figure.add_axes((0.26, 0.72 / height, 0.44, (height - 1.85) / height))
    ends = [abs(value) for name in order for value in comparison.pair(label, name).in_spreads]
    reach = min(max([1.0, *ends]), LIMIT) * 1.08
    for row, name in enumerate(order):
        _difference(axes, comparison, label, name, row, reach)
    axes.axvline(0.0, color=GREY, linewidth=0.9, zorder=1)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_yticks([])
    said = f"difference, in usual spreads between {comparison.of} (lower to the left, higher to the right)"
    axes.set_xlabel(said, fontsize=8.5)
    _plain(axes)
    return figure


def _difference(axes: Axes, comparison: Comparison, label: str, name: str, row: int, reach: float) -> None:
    found, one = comparison.pair(label, name), OUTCOMES[name]
    middle, low, high = found.in_spreads
    said = verdict(found, one.better)
    colour = VERDICTS[said]
    inside = [min(max(value, -reach), reach) for value in (low, high)]
    axes.plot(inside, [row, row], color=colour, linewidth=2.0, zorder=2, solid_capstyle="butt")
    if abs(middle) <= reach:
        axes.plot([middle], [row], marker="o", markersize=5, color=colour, zorder=3)
    else:
        axes.plot([math.copysign(reach * 0.985, middle)], [row], marker=">" if middle > 0 else "<", markersize=6,
                  color=colour, zorder=3, clip_on=False)
    moved = number(scaled(found.difference, one.unit), places(found, one.unit), sign=True)
    place = axes.get_yaxis_transform()
    axes.text(-0.02, row, title(name), transform=place, ha="right", va="center", fontsize=8.5, color=INK)
    words = said if said == "no change" else f"{said}: {moved} {unit_of_change(one.unit)}"
    axes.text(1.03, row, words, transform=place, va="center", fontsize=8,
              color=colour if said not in ("not clear", "no change") else GREY)


def unit_of_change(unit: str) -> str:
    """Return the unit of a difference: of a share, percentage points."""
    return "percentage points" if is_share(unit) else shown_unit(unit)


def _plain(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8, colors=GREY)
    axes.grid(axis="x", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)


# ---- who gains and who loses ------------------------------------------------------------------------------


def question_of_groups(comparison: Comparison, label: str) -> str:
    """Return the question that the figure of groups answers."""
    return f"Who gains and who loses under {label}, against {comparison.reference}?"


def groups_figure(comparison: Comparison, label: str, measures: Sequence[str] = ("scrqol", "waiting")) -> Figure:
    """Draw paired differences of groups of people, a column a measure."""
    table = by_group(comparison)
    table = table[table.scenario == label]
    groups = [(kind, group) for kind, names in PEOPLE.items() for group in names]
    height = 2.1 + 0.27 * len(groups)
    figure = start(question_of_groups(comparison, label),
                   [_noted(comparison)[0].partition(", means")[0] + ", last quarter of the runs",
                    "Mark: mean paired difference of people who are in the group then (triangle up: better, down: worse, "
                    "dot: not clear).", "Line: 95 % interval. Dashed: everybody."], height)
    for column, measure in enumerate(measures):
        width = 0.74 / len(measures)
        axes = figure.add_axes((0.23 + column * (width + 0.01), 0.72 / height, width - 0.02, (height - 2.05) / height))
        _groups(axes, table[table.measure == measure], groups, measure, column == 0)
    return figure


def _groups(axes: Axes, table: pd.DataFrame, groups: Sequence[tuple[str, str]], measure: str, named: bool) -> None:
    unit, better, _ = MEASURES[measure]
    rows = {(row.kind, row.group): row for row in table.itertuples()}
    factor, shown = (scaled(1.0, unit), unit_of_change(unit))
    for i, place in enumerate(groups):
        row = rows[place]
        if named:
            axes.text(-0.03, i, row.group, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=8.5,
                      color=INK, fontweight="bold" if i == 0 else "normal")
        if row.seeds < 2:
            axes.text(0.5, i, "too few", transform=axes.get_yaxis_transform(), ha="center", va="center", fontsize=7.5,
                      color=GREY)
            continue
        good = (row.difference > 0) == (better == "higher")
        neutral = not row.clear or better not in ("higher", "lower")
        colour = VERDICTS["not clear" if neutral else "better" if good else "worse"]
        mark = "o" if neutral else "^" if good else "v"
        axes.plot([factor * row.low, factor * row.high], [i, i], color=colour, linewidth=2.0, solid_capstyle="butt")
        axes.plot([factor * row.difference], [i], marker=mark, markersize=6, color=colour)
    axes.axvline(0.0, color=GREY, linewidth=0.9, zorder=1)
    whole = rows[groups[0]]
    if whole.seeds > 1:
        axes.axvline(factor * whole.difference, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_title(MEASURES[measure][2].partition(",")[0], fontsize=8.5, color=INK, loc="left")
    axes.set_xlabel(f"difference in {shown}; {better} is better", fontsize=8)
    axes.locator_params(axis="x", nbins=5)
    _plain(axes)


# ---- cost against quality ---------------------------------------------------------------------------------


def cost_words(comparison: Comparison) -> list[str]:
    """Return the figure of cost against quality in words."""
    lines = ["What does a change in quality cost?", *_noted(comparison), "", *cost_lines(comparison)]
    table = cost_and_quality(comparison)
    if len(table):
        found = acceptability(table)
        for pounds in found.index[:: max(len(found) // 5, 1)]:
            shares = ", ".join(f"{name} {share:.0%}" for name, share in found.loc[pounds].items())
            lines.append(f"* at £{pounds:,.0f} for a SCRQoL point-year the highest net benefit in: {shares} of "
                         f"{comparison.of}")
    return lines


def cost_figure(comparison: Comparison) -> Figure:
    """Draw the cost-effectiveness plane, a dot a seed, and the acceptability curve."""
    table = cost_and_quality(comparison)
    figure = start("What does a change in quality cost?",
                   [_noted(comparison)[0], "Illustrative: SCRQoL 0-24 is not preference-weighted, so no threshold of "
                    "willingness to pay applies.", "Both sides are per person served: waiting does not show."], 5.0)
    plane = figure.add_axes((0.09, 0.20, 0.37, 0.54))
    curve = figure.add_axes((0.57, 0.20, 0.41, 0.54))
    if len(table) == 0:
        plane.text(0.5, 0.5, "no seed on which all finished", ha="center", transform=plane.transAxes, color=GREY)
        return figure
    labels = [comparison.reference, *comparison.others]
    shares = acceptability(table)
    for i, label in enumerate(labels):
        colour, mark = COLOURS[i % len(COLOURS)], MARKS[i % len(MARKS)]
        rows = table[table.scenario == label]
        if i:
            plane.plot(rows.more_scrqol, rows.more_cost, linestyle="", marker=mark, markersize=4, color=colour,
                       alpha=0.45)
            plane.plot([rows.more_scrqol.mean()], [rows.more_cost.mean()], linestyle="", marker=mark, markersize=9,
                       color=colour, markeredgecolor="white", label=label)
        every = list(range(0, len(shares), 10))
        curve.plot(shares.index, 100.0 * shares[label], color=colour, linewidth=1.8, marker=mark, markevery=every,
                   markersize=5, label=label)
    for axes in (plane, curve):
        _plain(axes)
        axes.spines["left"].set_visible(True)
        axes.locator_params(axis="x", nbins=5)
        axes.legend(fontsize=8, frameon=False, loc="best")
    plane.axhline(0.0, color=GREY, linewidth=0.9, zorder=1)
    plane.axvline(0.0, color=GREY, linewidth=0.9, zorder=1)
    plane.set_title(f"Against {comparison.reference}: small, a {comparison.of[:-1]}; large, the mean", fontsize=9,
                    color=INK, loc="left")
    plane.set_xlabel("difference in SCRQoL (points of 24)", fontsize=8.5)
    plane.set_ylabel("difference in council spending\n(£ a year and person served)", fontsize=8.5)
    curve.set_title(f"In how many {comparison.of} is each the best buy?", fontsize=9, color=INK, loc="left")
    curve.set_xlabel("willingness to pay (£ for a SCRQoL point-year)", fontsize=8.5)
    curve.set_ylabel(f"% of {comparison.of} with the highest net benefit", fontsize=8.5)
    curve.set_ylim(-3, 103)
    return figure
