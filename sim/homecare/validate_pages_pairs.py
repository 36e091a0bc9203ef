"""What the pairs came to, and how a compact part of a council compares with the whole, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from homecare.outcomes import OUTCOMES
from homecare.validate_pages import markdown_row, said
from homecare.validate_pairs import Difference, Pair


def pair_table(differences: Sequence[Difference], pair: Pair) -> list[str]:
    """Return one pair as Markdown: every outcome."""
    lines = [markdown_row("Outcome", "Unit", pair.one, pair.other, "Difference", "95 %", "Under the other"),
             "|---|---|---:|---:|---:|---|---|"]
    for one in differences:
        if one.pair == pair.name:
            lines.append(markdown_row(f"`{one.outcome}`", OUTCOMES[one.outcome].unit, said(one.one), said(one.other),
                                      signed(one.mean), f"{signed(one.low)} to {signed(one.high)}", one.direction))
    return lines


def signed(value: float) -> str:
    """Return a difference with its sign; a dash for none."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    return f"{value:+.0f}" if size >= 1000 else f"{value:+.1f}" if size >= 20 else f"{value:+.2f}" if size >= 1 \
        else f"{value:+.3g}"


def pairs_page(differences: Sequence[Difference], pairs: Sequence[Pair], seeds: int,
               settings: Mapping[str, object]) -> str:
    """Return ``docs/pairs.md``."""
    lines = ["# The pairs", "", "Written by `homecare validate --pairs`; do not edit. Synthetic: for differences, not "
             "forecasts.", "",
             f"{settings['area']} at scale {settings['scale']:g}, {settings['weeks']} weeks, means of the last year, "
             f"seeds 1 to {seeds}; the two scenarios of a pair share their luck. The difference is the second less the "
             "first, with Student's 95 per cent interval over seeds; *not told* where that holds zero. One council, "
             "default assumptions: what nobody knows well is not varied here."]
    for pair in pairs:
        lines += ["", f"## {pair.name}", "", *pair_table(differences, pair)]
    return "\n".join(lines) + "\n"


TOTALS = frozenset({"council_spend", "hours_delivered", "people_waiting_start", "people_served"})
"""Headlines that grow with the number of people; all others are shares, means or prices."""


def scales_part(small: Sequence[Difference], whole: Sequence[Difference], seeds: tuple[int, int],
                scales: tuple[float, float], area: str, weeks: int) -> str:
    """Return the part of the page that sets a compact part of a council beside the whole."""
    lines = [f"{area}, {weeks} weeks, means of the last year; scale {scales[0]:g} on seeds 1 to {seeds[0]}, "
             f"scale {scales[1]:g} on seeds 1 to {seeds[1]}. Differences of the second of each pair from the first; "
             f"totals of the part (spending, hours, people) are raised to scale {scales[1]:g}.", "",
             markdown_row("Pair", "Outcome", "Unit", f"Scale {scales[0]:g}", "95 %", f"Scale {scales[1]:g}", "95 %",
                          "Intervals"),
             "|---|---|---|---:|---|---:|---|---|"]
    beside = {(one.pair, one.outcome): one for one in whole}
    for part in small:
        two = beside[part.pair, part.outcome]
        times = scales[1] / scales[0] if part.outcome in TOTALS else 1.0
        one = replace(part, mean=times * part.mean, low=times * part.low, high=times * part.high)
        meet = one.low <= two.high and two.low <= one.high
        lines.append(markdown_row(one.pair, f"`{one.outcome}`", OUTCOMES[one.outcome].unit, signed(one.mean),
                                  f"{signed(one.low)} to {signed(one.high)}", signed(two.mean),
                                  f"{signed(two.low)} to {signed(two.high)}", "overlap" if meet else "apart"))
    return "\n".join(lines)
