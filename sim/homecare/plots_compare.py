"""Figures of a comparison: what differs, who gains and loses, and cost against quality. Each as PNG, SVG and words."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from homecare.compare_figure import noted, plain, save, start
from homecare.compare_figure_cost import cost_figure, cost_words
from homecare.compare_groups import by_group, group_lines, last_weeks
from homecare.compare_runs import Comparison
from homecare.compare_setting import left_out
from homecare.compare_words import places, sentence, verdict
from homecare.outcomes import GROUPS, OUTCOMES
from homecare.outcomes_groups import GROUPS as PEOPLE
from homecare.outcomes_groups import MEASURES
from homecare.plots import STYLE
from homecare.plots_panel import GREY, INK
from homecare.words import NOTE, decimals, is_share, number, scaled, shown_unit, title

SHOWN = ("scrqol", "control", "need_met", "missed_visits", "late_visits", "strangers", "turnover", "vacancy_rate",
         "zero_hours_share", "effective_wage", "council_spend", "cost_per_hour", "travel_minutes", "idle_pay",
         "people_waiting_start", "start_wait", "acceptance", "people_served", "agencies_open", "hand_backs",
         "rural_gap", "deprivation_gap", "funding_gap", "capability", "practice", "care_home_moves")
"""Outcomes of the figure of differences."""

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
                            "\n".join([question_of_groups(comparison, label), groups_setting(comparison), f"{NOTE}.",
                                       *group_lines(comparison, label)]))
        written += save(folder / "cost", cost_figure(comparison), "\n".join(cost_words(comparison)))
    return written


# ---- what differs -----------------------------------------------------------------------------------------


def differences_words(comparison: Comparison, label: str) -> list[str]:
    """Return the figure of differences in words."""
    shown = _shown(comparison, label)
    return [f"What changes under {label}, against {comparison.reference}?", tally_words(comparison, label, shown),
            *noted(comparison), "",
            *(f"* {sentence(name, comparison.pair(label, name), comparison.of)}" for name in shown)]


def _shown(comparison: Comparison, label: str) -> list[str]:
    """Return the outcomes that can be compared, by group."""
    names = [name for name in SHOWN if comparison.pair(label, name).seeds > 1]
    return [name for group in GROUPS for name in names if OUTCOMES[name].group == group]


def tally_words(comparison: Comparison, label: str, names: Sequence[str]) -> str:
    """Return in one line how many outcomes are clearly better, clearly worse, and neither."""
    said = [verdict(comparison.pair(label, name), OUTCOMES[name].better) for name in names]
    count = {word: said.count(word) for word in VERDICTS}
    other = count["higher"] + count["lower"]
    parts = [f"{count['better']} clearly better", f"{count['worse']} clearly worse",
             *([f"{other} clearly higher or lower"] if other else []),
             f"{count['not clear'] + count['no change']} without a clear change"]
    return f"Of {len(names)} main outcomes: {', '.join(parts)}."


def differences_figure(comparison: Comparison, label: str) -> Figure:
    """Draw the paired difference of each outcome with its interval, in units of its usual spread between seeds."""
    shown = _shown(comparison, label)
    order = [name for name in shown if math.isfinite(comparison.pair(label, name).in_spreads[0])]
    words = "; ".join(f"{title(name)}: {_moved(comparison, label, name)}" for name in shown if name not in order)
    undrawn = textwrap.wrap(f"Not drawn, as {comparison.reference} has one value on all {comparison.of}: {words}.", 115)
    undrawn = [line for each in left_out(comparison) for line in textwrap.wrap(each, 115)] + (undrawn if words else [])
    foot = 1.95 + 0.18 * len(undrawn)
    height = foot + 0.15 + 0.235 * len(order)
    figure = start(f"What changes under {label}, against {comparison.reference}?",
                   [tally_words(comparison, label, shown), noted(comparison)[0],
                    "Dot: mean paired difference. Line: 95 % interval; one at the edge goes on. Arrow: mean beyond.",
                    *undrawn],
                   height)
    axes = figure.add_axes((0.25, 0.72 / height, 0.40, (height - foot) / height))
    ends = [abs(value) for name in order for value in comparison.pair(label, name).in_spreads]
    reach = min(max([1.0, *ends]), LIMIT) * 1.08
    for row, name in enumerate(order):
        _difference(axes, comparison, label, name, row, reach)
    axes.axvline(0.0, color=GREY, linewidth=0.9, zorder=1)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_yticks([])
    said = f"lower   \u25c0   in units of how far {comparison.of} of one world usually lie apart   \u25b6   higher"
    axes.set_xlabel(said, fontsize=8.5)
    plain(axes)
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
        edge = math.copysign(reach * 0.985, middle)
        axes.plot([0.0, edge], [row, row], color=colour, linewidth=1.0, linestyle=":", zorder=2)
        axes.plot([edge], [row], marker=">" if middle > 0 else "<", markersize=6, color=colour, zorder=3, clip_on=False)
    place = axes.get_yaxis_transform()
    axes.text(-0.02, row, title(name), transform=place, ha="right", va="center", fontsize=8.5, color=INK)
    words = _moved(comparison, label, name)
    axes.text(1.03, row, words, transform=place, va="center", fontsize=8,
              color=colour if said not in ("not clear", "no change") else GREY)


def _moved(comparison: Comparison, label: str, name: str) -> str:
    """Return a difference in a few words: "worse: +5.5 percentage points, from 10.2 %"."""
    found, one = comparison.pair(label, name), OUTCOMES[name]
    said = verdict(found, one.better)
    moved = number(scaled(found.difference, one.unit), places(found, one.unit), sign=True)
    level = number(scaled(found.reference, one.unit), decimals(found.reference, one.unit))
    words = said if said == "no change" else f"{said}: {moved} {unit_of_change(one.unit)}"
    return words + f", from {level}" + (" %" if is_share(one.unit) else "")


def unit_of_change(unit: str) -> str:
    """Return the unit of a difference: of a share, percentage points."""
    return "percentage points" if is_share(unit) else shown_unit(unit)


# ---- who gains and who loses ------------------------------------------------------------------------------


def question_of_groups(comparison: Comparison, label: str) -> str:
    """Return the question that the figure of groups answers."""
    return f"Who gains and who loses under {label}, against {comparison.reference}?"


def groups_setting(comparison: Comparison) -> str:
    """Return what was compared on how many seeds, and over which weeks groups are."""
    return f"{noted(comparison)[0].partition(', means')[0]}, {last_weeks(comparison)}"


def groups_figure(comparison: Comparison, label: str, measures: Sequence[str] = ("scrqol", "waiting")) -> Figure:
    """Draw paired differences of groups of people, a column a measure."""
    table = by_group(comparison)
    table = table[table.scenario == label]
    groups = [(kind, group) for kind, names in PEOPLE.items() for group in names]
    height = 2.1 + 0.27 * len(groups)
    figure = start(question_of_groups(comparison, label),
                   [groups_setting(comparison),
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
    plain(axes)
