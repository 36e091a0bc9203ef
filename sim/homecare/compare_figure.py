"""What figures of a comparison have in common: question, note, colours, axes, and how they are written."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from homecare.compare_runs import Comparison
from homecare.compare_words import about
from homecare.plots_panel import GREY, INK
from homecare.words import NOTE

WIDTH, DPI = 9.5, 110
"""Inches, and dots an inch."""


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


def plain(axes: Axes) -> None:
    """Take away what says nothing: the frame but for its foot."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8, colors=GREY)
    axes.grid(axis="x", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)


def noted(comparison: Comparison) -> list[str]:
    """Return what was compared, without what could not be."""
    return [line for line in about(comparison) if not line.startswith("not compared")]
