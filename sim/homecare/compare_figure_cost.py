"""The figure of cost against quality: the plane, and how often each world is the best buy."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from homecare.compare_cost import acceptability, cost_and_quality, cost_lines
from homecare.compare_figure import noted, plain, start
from homecare.compare_runs import Comparison
from homecare.plots_panel import GREY, INK

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
"""Colours (Okabe and Ito) and marks of scenarios, in their order; a mark says the same as its colour."""

CORNERS = ((0.01, 0.985, "dearer, worse"), (0.99, 0.985, "dearer, better"), (0.01, 0.015, "cheaper, worse"),
           (0.99, 0.015, "cheaper, better"))
"""Where on the plane each reading stands, as shares of its width and height."""


def cost_words(comparison: Comparison) -> list[str]:
    """Return the figure of cost against quality in words."""
    lines = ["What does a change in quality cost?", *noted(comparison), "", *cost_lines(comparison)]
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
    found = [line.strip() for line in cost_lines(comparison)[1:]][:4]
    height = 4.9 + 0.18 * len(found)
    figure = start("What does a change in quality cost?",
                   [noted(comparison)[0], *found, "A year and person served; waiting does not show. Illustrative: SCRQoL "
                    "0-24 is not preference-weighted, so no threshold of willingness to pay applies."], height)
    plane = figure.add_axes((0.09, 1.15 / height, 0.37, 2.65 / height))
    curve = figure.add_axes((0.57, 1.15 / height, 0.41, 2.65 / height))
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
        plain(axes)
        axes.spines["left"].set_visible(True)
        axes.locator_params(axis="x", nbins=5)
    marks, names = curve.get_legend_handles_labels()
    figure.legend(marks, names, fontsize=8, frameon=False, loc="lower left", ncol=4,
                  bbox_to_anchor=(0.08, 0.3 / height))
    _say_corners(plane)
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


def _say_corners(plane: Axes) -> None:
    """Say in each corner of the plane what it means to lie there; there is room on both sides of no difference."""
    plane.set_xlim(*_around_zero(*plane.get_xlim()))
    plane.set_ylim(*_around_zero(*plane.get_ylim()))
    for x, y, words in CORNERS:
        plane.text(x, y, words, transform=plane.transAxes, fontsize=7.5, color=GREY, style="italic",
                   ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom")


def _around_zero(low: float, high: float) -> tuple[float, float]:
    """Widen limits so that two fifths of the longer side lie beyond zero, and words in the corners clear of marks."""
    low, high = min(low, -0.4 * high), max(high, -0.4 * low)
    room = 0.08 * (high - low)
    return low - room, high + room
