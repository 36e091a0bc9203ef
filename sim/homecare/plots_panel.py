"""One small chart: an outcome over the weeks of a run, its level and its change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.markers import TICKDOWN

from homecare.words import decimals, is_share, number, said_change, scaled, shown_unit, title

MEAN_WEEKS = 13
"""Weeks of the moving mean."""

# Colours that people with any usual colour vision tell apart (Okabe and Ito); words say the same.
INK, GREY, PALE = "#222222", "#666666", "#a9c4d6"
LINE = "#0072b2"

NOUGHT, NO_VALUE = "Nought in every week", "No value in this run"
"""Why a series is named under a figure and not drawn."""

MINUS = "\N{MINUS SIGN}"
_MONTHS = ("Apr", "Jul", "Oct", "Jan")


@dataclass(frozen=True)
class Panel:
    """What one chart shows, in the unit of the file.

    Attributes
    ----------
    name, unit, better : str
    values : ndarray of float64, shape (seeds, weeks)
    level, first, change : float
        As in ``summary.csv``.
    """

    name: str
    unit: str
    better: str
    values: np.ndarray
    level: float
    first: float
    change: float

    @property
    def title(self) -> str:
        """What the outcome is called."""
        return title(self.name)

    @property
    def subtitle(self) -> str:
        """Unit and better direction."""
        direction = f"; {self.better} is better" if self.better in ("higher", "lower") else ""
        unit = shown_unit(self.unit).replace("thousand pounds", "£ thousand").replace("pounds", "£")
        return unit + direction

    @property
    def places(self) -> int:
        """Decimal places of its level."""
        return decimals(self.level, self.unit)

    @property
    def level_text(self) -> str:
        """The level as people read it."""
        return self.said(self.level)

    @property
    def change_text(self) -> str:
        """The change as people read it."""
        return said_change(self.change, self.unit, self.places)

    def said(self, value: float) -> str:
        """Return a value as people read it: 0.25 of a share is "25.0%"."""
        percent = "%" if is_share(self.unit) and math.isfinite(value) else ""
        return number(scaled(value, self.unit), self.places) + percent

    @property
    def undrawn(self) -> str:
        """Why there is nothing to draw, or an empty string."""
        known = self.values[np.isfinite(self.values)]
        if known.size == 0:
            return NO_VALUE
        return "" if known.any() else NOUGHT

    @property
    def sentence(self) -> str:
        """The panel in words, for those who do not see it."""
        if not math.isfinite(self.level):
            return f"{self.title} ({shown_unit(self.unit)}): no value in the last weeks."
        ends = f"{self.said(self.first)} in the first weeks, {self.level_text} in the last"
        return f"{self.title} ({self.subtitle}): {ends}, change {self.change_text}."


def moving_mean(values: np.ndarray, weeks: int = MEAN_WEEKS) -> np.ndarray:
    """Return the mean of each week and those before it that have a value; NaN where fewer than half have.

    Parameters
    ----------
    values : ndarray, shape (seeds, weeks)
    """
    known = np.isfinite(values)
    sums = np.cumsum(np.where(known, values, 0.0), axis=1)
    counts = np.cumsum(known, axis=1)
    sums[:, weeks:] = sums[:, weeks:] - sums[:, :-weeks].copy()
    counts[:, weeks:] = counts[:, weeks:] - counts[:, :-weeks].copy()
    enough = counts >= max(min(weeks, values.shape[1]) // 2, 1)
    return np.where(enough, sums / np.maximum(counts, 1), np.nan)


def year_ticks(weeks: int) -> list[tuple[int, str]]:
    """Return weeks and what stands at them: years from April 2025, in short runs quarters or weeks.

    Examples
    --------
    >>> year_ticks(104)
    [(0, 'Apr 2025'), (52, 'Apr 2026'), (104, 'Apr 2027')]
    """
    if weeks >= 104:
        every = max(1, -(-weeks // (52 * 5)))
        return [(52 * year, f"Apr {2025 + year}") for year in range(0, weeks // 52 + 1, every)]
    if weeks >= 26:
        every = 1 if weeks < 65 else 2
        return [(13 * q, f"{_MONTHS[q % 4]} {2025 + (q + 1) // 4}") for q in range(0, weeks // 13 + 1, every)]
    every = max(weeks // 4, 1)
    return [(week, "Apr 2025" if week == 0 else f"week {week}") for week in range(0, weeks + 1, every)]


def draw(
    axes: Axes, panel: Panel, weeks_below: bool, changes: Sequence[int], waves: Sequence[tuple[int, int]]
) -> None:
    """Draw a panel.

    Parameters
    ----------
    weeks_below : bool
        Whether week numbers stand under the years.
    changes : sequence of int
        Weeks of changes of policy, each a dashed line.
    waves : sequence of (int, int)
        First and last week of shocks, each a grey band.
    """
    values = scaled_array(panel)
    weeks = np.arange(values.shape[1])
    smooth = moving_mean(values)
    for first, last in waves:
        axes.axvspan(first, last, color="#e6e6e6", linewidth=0, zorder=0)
    for week in changes:
        axes.axvline(week, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    _draw_series(axes, weeks, values, smooth)
    _frame(axes, values, smooth)
    ticks = year_ticks(values.shape[1])
    below = ["" if not weeks_below or said.startswith("week") else f"\nweek {week}" for week, said in ticks]
    labels = [said + extra for (_, said), extra in zip(ticks, below, strict=True)]
    axes.set_xticks([week for week, _ in ticks], labels)
    if values.shape[1] >= 26:
        quarters = np.arange(0, values.shape[1] + 1, 13)  # one line of marks is drawn faster than minor ticks
        below = axes.get_xaxis_transform()
        axes.plot(
            quarters,
            0.0 * quarters,
            transform=below,
            linestyle="",
            marker=TICKDOWN,
            markersize=2,
            color="#999999",
            clip_on=False,
            zorder=1,
        )
    axes.set_xlim(0, max(values.shape[1], 1))
    level, change = (text.replace("-", MINUS) for text in (panel.level_text, panel.change_text))
    bold, small = {"fontsize": 10.5, "fontweight": "bold"}, {"fontsize": 8}
    size = 10.5 * min(1.0, 26 / len(panel.title))  # a long title must not run into the number beside it
    _say(axes, 0, 1.19, panel.title, color=INK, fontsize=size, fontweight="bold")
    _say(axes, 0, 1.06, panel.subtitle, color=GREY, **small)
    _say(axes, 1, 1.19, level, color=INK, ha="right", **bold)
    _say(axes, 1, 1.06, change, color=GREY, ha="right", **small)


def _say(axes: Axes, x: float, y: float, text: str, **style: object) -> None:
    axes.text(x, y, text, transform=axes.transAxes, **style)


def scaled_array(panel: Panel) -> np.ndarray:
    """Return the panel's values in the unit that is shown."""
    return scaled(1.0, panel.unit) * panel.values


def _draw_series(axes: Axes, weeks: np.ndarray, values: np.ndarray, smooth: np.ndarray) -> None:
    if len(values) == 1:
        axes.plot(weeks, values[0], color=PALE, linewidth=0.7, zorder=2)
        axes.plot(weeks, smooth[0], color=LINE, linewidth=1.8, zorder=3, solid_capstyle="round")
        return
    known = np.isfinite(smooth)
    counts = np.maximum(known.sum(axis=0), 1)
    middle = np.where(known.any(axis=0), np.where(known, smooth, 0.0).sum(axis=0) / counts, np.nan)
    low = np.where(known, smooth, np.inf).min(axis=0)
    high = np.where(known, smooth, -np.inf).max(axis=0)
    axes.fill_between(weeks, low, high, where=known.any(axis=0), color=PALE, alpha=0.6, linewidth=0, zorder=2)
    axes.plot(weeks, middle, color=LINE, linewidth=1.8, zorder=3, solid_capstyle="round")


def limits(values: np.ndarray, smooth: np.ndarray) -> tuple[float, float]:
    """Return the ends of the value axis.

    The rarest weeks are left out. Zero is in where values come near it, and the axis never spans less than
    a tenth of the level, so that chance does not look like change.
    """
    found = values[np.isfinite(values)]
    if found.size == 0:
        return 0.0, 1.0
    low, high = (float(end) for end in np.quantile(found, (0.01, 0.99)))
    if np.isfinite(smooth).any():
        low, high = min(low, float(np.nanmin(smooth))), max(high, float(np.nanmax(smooth)))
    if 0 <= low < 0.5 * high:
        low = 0.0
    elif 0.5 * low < high <= 0:
        high = 0.0
    if low == 0 == high:
        return 0.0, 1.0
    least = max(0.1 * max(abs(low), abs(high)), 1e-9)
    if high - low < least:
        middle = 0.5 * (low + high)
        low, high = middle - 0.5 * least, middle + 0.5 * least
    room = 0.06 * (high - low)
    return (low if low == 0 else low - room), (high if high == 0 else high + room)


def _frame(axes: Axes, values: np.ndarray, smooth: np.ndarray) -> None:
    low, high = limits(values, smooth)
    axes.set_ylim(low, high)
    if low < 0 < high:
        axes.axhline(0, color=GREY, linewidth=0.7, zorder=1)
    axes.locator_params(axis="y", nbins=4)
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(axis="both", which="major", labelsize=7.5, colors=GREY, length=3, pad=2)
    axes.tick_params(axis="y", length=0)
    if high - low >= 1 and max(abs(low), abs(high)) >= 1000:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
