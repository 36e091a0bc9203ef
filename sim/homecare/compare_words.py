"""Comparisons said to people: one plain sentence an outcome, and a page of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from homecare.compare_pairs import Pair
from homecare.compare_setting import difference_lines, left_out
from homecare.outcomes import GROUPS, OUTCOMES
from homecare.words import NOTE, decimals, number, scale_said, scaled, shown_unit, title, windows

if TYPE_CHECKING:
    from homecare.compare_runs import Comparison


MAIN = ("scrqol", "need_met", "missed_visits", "strangers", "turnover", "effective_wage", "council_spend",
        "travel_minutes", "people_waiting_start", "people_served")
"""Outcomes that a comparison always tells, clear or not, with the seeds that they take."""

WIDEST_RATIO = 1000.0
"""How many times its lower end the upper end of a variance ratio's interval may be, for the ratio to be told."""
FEW_SEEDS = 5
"""Pairs below which a reader is told that an interval is rough."""


def places(found: Pair, unit: str) -> int:
    """Return the decimal places that show a difference and the level that it is a difference of.

    Two digits of the half-width of the interval are shown, at most four places, and never fewer than the level's; more
    where an interval that leaves out zero would seem to end at it.
    """
    level = decimals(found.reference, unit)
    half = scaled(abs(found.high - found.low) / 2.0, unit)
    if not (math.isfinite(half) and half > 0.0):
        return level
    shown = min(max(level, 1 - math.floor(math.log10(half))), 4)
    nearest = scaled(min(abs(found.low), abs(found.high)), unit)
    return max(shown, min(-math.floor(math.log10(nearest)), 6)) if found.clear and nearest > 0.0 else shown


def ends(found: Pair, unit: str) -> str:
    """Return the interval as people read it."""
    shown = places(found, unit)
    return f"{number(scaled(found.low, unit), shown)} to {number(scaled(found.high, unit), shown)}"


def verdict(found: Pair, better: str) -> str:
    """Return better, worse, higher or lower where the interval leaves out zero; else "not clear"."""
    if not found.clear:
        return "no change" if found.seeds and found.difference == 0.0 == found.deviation else "not clear"
    if better not in ("higher", "lower"):
        return "higher" if found.difference > 0 else "lower"
    return "better" if (found.difference > 0) == (better == "higher") else "worse"


def sentence(name: str, found: Pair, of: str = "seeds") -> str:
    """Return one outcome of a comparison in plain English; a pair is of two worlds on one of `of`.

    Examples
    --------
    >>> import numpy as np
    >>> from homecare.compare_pairs import pair
    >>> print(sentence("scrqol", pair(np.array([17.0, 18.0]), np.array([17.5, 18.7]), "higher")))
    Quality of life (SCRQoL): not clear, +0.60 on 17.50 score 0-24 (95 % interval -0.67 to 1.87; better in 2 of 2 seeds).
    """
    one = OUTCOMES[name]
    unit = shown_unit(one.unit)
    if not found.seeds:
        return f"{title(name)}: no value in both worlds on any of the {of}."
    shown = places(found, one.unit)
    moved = number(scaled(found.difference, one.unit), shown, sign=True)
    level = number(scaled(found.reference, one.unit), shown)
    by = f"{moved} on {level} {unit}"
    if found.seeds == 1:
        return f"{title(name)}: {by} on the one pair of runs; a single pair has no interval."
    if found.difference == 0.0 == found.deviation:
        return f"{title(name)}: exactly the same on all {found.seeds} {of} ({level} {unit})."
    word, share = ("higher", found.higher_share) if math.isnan(found.better_share) else ("better", found.better_share)
    seeds = f"{word} in {round(share * found.seeds - 0.5 * found.ties)} of {found.seeds} {of}"
    seeds += f", the same in {found.ties}" if found.ties else ""
    return f"{title(name)}: {verdict(found, one.better)}, {by} (95 % interval {ends(found, one.unit)}; {seeds})."


def page(comparison: Comparison, label: str, every: bool = False) -> list[str]:
    """Return a comparison as lines: a heading, then groups of sentences; of those not clear only the main ones.

    Parameters
    ----------
    every : bool
        Whether all outcomes whose difference is not clear have their sentence too.
    """
    lines = [f"{label} against {comparison.reference}"]
    hidden = shown = 0
    for group in GROUPS:
        said = []
        for name in (name for name, one in OUTCOMES.items() if one.group == group):
            found = comparison.pair(label, name)
            shown += found.seeds > 0
            if every or found.clear or name in MAIN:
                said.append(f"  {sentence(name, found, comparison.of)}")
            else:
                hidden += 1
        lines += [group.capitalize(), *said] if said else []
    if hidden:
        lines.append(f"{hidden} more outcomes without a clear difference are left out; --all shows them.")
    by_chance = max(round(0.05 * shown), 1)
    return [*lines, f"Of {shown} intervals at 95 %, about {by_chance} would leave out zero by chance alone."]


def about(comparison: Comparison) -> list[str]:
    """Return what was compared with what, over which weeks and on how many seeds; the first line fits on a figure."""
    first = comparison.scenarios.get(comparison.reference)
    seeds = sorted(set(comparison.frame[comparison.frame.status == "finished"].seed))
    of = f" on {len(seeds)} {comparison.of}" if len(seeds) != 1 else f" on one of the {comparison.of}"
    where = "" if first is None else f"{first.area}, {scale_said(first.scale)}, {first.weeks} weeks"
    if comparison.window is not None:
        weeks = f"means of weeks {comparison.window[0]} to {comparison.window[1]}"
    else:
        weeks = "" if first is None else f"means of the last {windows(first.weeks)[1]} weeks"
    lines = [", ".join(part for part in (where + of, weeks) if part)]
    if 1 < len(seeds) < FEW_SEEDS:
        lines.append(f"Fewer than {FEW_SEEDS} {comparison.of}: rough intervals (see `homecare enough`).")
    lines += [*difference_lines(comparison), *left_out(comparison)]
    return [*lines, *(f"not compared: {each}" for each in comparison.lost), f"{NOTE}."]


def rows_of(comparison: Comparison, precision: Any) -> list[dict[str, Any]]:
    """Return the table of a comparison for a program, with a sentence in each row."""
    from homecare.compare_runs import as_plain

    rows = []
    for row in comparison.table(precision).itertuples(index=False):
        said = {key: as_plain(value) for key, value in row._asdict().items()}
        rows.append(said | {"sentence": sentence(row.outcome, comparison.pair(row.scenario, row.outcome), comparison.of)})
    return rows


def luck_lines(comparison: Comparison, label: str, precision: Any, ratios: bool = True) -> list[str]:
    """Return how many seeds a stated precision takes for the main outcomes and, with ratios, what common luck saves."""
    from homecare.compare_runs import half_width

    of = comparison.of
    lines = [f"Common luck: variance of the difference with independent {of} over that with paired {of}; and {of} for an "
             "interval" if ratios else f"How many {of} it takes to tell"]
    for name in MAIN:
        found, one = comparison.pair(label, name), OUTCOMES[name]
        wanted = half_width(found, name, precision)
        needed = found.seeds_for(wanted) if wanted > 0.0 else None
        seeds = "cannot be said" if needed is None else f"{needed} {of}"
        shown = max(decimals(found.reference, one.unit), 2)
        saved = f"{ratio_said(found):<26} " if ratios else ""
        lines.append(f"  {title(name):<26} {saved}{seeds} for +/- "
                     f"{number(scaled(wanted, one.unit), shown)} {shown_unit(one.unit)}")
    if not ratios:
        return lines
    median = comparison.variance_ratio(label)
    return [*lines, f"  median of all outcomes     {_ratio_number(median)}"]


def ratio_said(found: Pair) -> str:
    """Return a variance ratio with its interval; a word where it is no number."""
    if math.isinf(found.variance_ratio):
        return "all differences equal"
    if math.isnan(found.variance_ratio):
        return "-"
    if math.isnan(found.ratio_low):
        return _ratio_number(found.variance_ratio)
    if found.ratio_high > WIDEST_RATIO * found.ratio_low:
        return "too few to say"
    ratio, low, high = (_ratio_number(value) for value in (found.variance_ratio, found.ratio_low, found.ratio_high))
    return f"{ratio} ({low} to {high})"


def _ratio_number(value: float) -> str:
    return number(value, 0 if value >= 100 else 1)
