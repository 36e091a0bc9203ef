"""What validation found, in words: the table of the command, and the generated parts of ``docs/validation.md``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from homecare.validate import Contest, Judged, Plan, Validation
from homecare.validate_nulls import DESCRIPTIONS
from homecare.validate_targets import COUNCILS, KIND_SENTENCES, KINDS, NATIONAL, SPREAD

BEGINS, ENDS = "<!-- {name}: written by homecare validate -->", "<!-- end of {name} -->"


def said(value: float) -> str:
    """Return a number for a table: three or four figures, or a dash for none."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    return f"{value:.0f}" if size >= 1000 else f"{value:.1f}" if size >= 20 else f"{value:.2f}"


def counted(judged: Sequence[Judged]) -> list[str]:
    """Return one line a kind: how many national targets are inside, and of the councils."""
    lines = []
    for words, national in (("National targets", True), ("Council targets", False)):
        ones = [one for one in judged if (one.target.area in (NATIONAL, SPREAD)) is national]
        if not ones:
            continue
        parts = [f"{kind} {sum(one.inside for one in of)} of {len(of)}" for kind in KINDS
                 if (of := [one for one in ones if one.target.kind == kind])]
        lines.append(f"{words}: {sum(one.inside for one in ones)} of {len(ones)} inside ({', '.join(parts)}).")
    return lines


def plan_said(plan: Plan) -> str:
    """Return what was run, in one sentence."""
    seeds = "seed 1" if plan.seeds == 1 else f"seeds 1 to {plan.seeds}"
    extra = f", with {', '.join(plan.overrides)}" if plan.overrides else ""
    said = (f"Scenario `{plan.scenario}`{extra}; {', '.join(plan.councils)}; scale {plan.scale:g}; {seeds}; "
            f"{plan.burn_in} weeks of settling and {plan.weeks} weeks, of which the last {plan.weeks - plan.weeks // 3} "
            "are measured.")
    if set(plan.councils) == set(COUNCILS):
        return said
    return said + f" National targets are meant for all of {', '.join(COUNCILS)} together: read those of few with care."


def table(judged: Iterable[Judged]) -> list[str]:
    """Return the targets as lines for a terminal."""
    head = ("target", "area", "kind", "measured", "low", "high", "model", "from", "to", "", "unit", "year", "source")
    rows = [head]
    for one in judged:
        t = one.target
        rows.append((t.id, t.area, t.kind, said(t.target), said(t.low), said(t.high), said(one.mean), said(one.ci_low),
                     said(one.ci_high), "inside" if one.inside else "outside", t.unit, t.year, t.source.split()[0]))
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    numbers = range(3, 9)
    return ["  ".join(cell.rjust(width) if i in numbers else cell.ljust(width)
                      for i, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]


def contest_table(contests: Iterable[Contest]) -> list[str]:
    """Return mechanisms against nulls as lines for a terminal."""
    rows = [("null", "target", "measured", "model", "null model", "nearer")]
    rows += [(one.null, one.target.id, said(one.target.target), said(one.mechanism), said(one.without), one.nearer)
             for one in contests]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    return ["  ".join(cell.rjust(width) if 2 <= i <= 4 else cell.ljust(width)
                      for i, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]


def text(found: Validation) -> str:
    """Return the whole for a terminal."""
    lines = [plan_said(found.plan), "", *table(found.judged), "", *counted(found.judged)]
    if found.contests:
        lines += ["", *contest_table(found.contests)]
    return "\n".join(lines)


def markdown_row(*cells: str) -> str:
    """Return one row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def targets_part(found: Validation) -> str:
    """Return the part of the page that holds the targets."""
    lines = [plan_said(found.plan), "", *counted(found.judged), ""]
    lines += [f"* *{kind}*: {sentence}." for kind, sentence in KIND_SENTENCES.items()]
    lines += ["", markdown_row("Target", "Kind", "Unit", "Measured", "Range", "How the range was set", "Year", "Model",
                               "95 % over seeds", ""), "|---|---|---|---:|---|---|---|---:|---|---|"]
    for one in found.judged:
        t = one.target
        name = f"`{t.id}`" if t.area in (NATIONAL, SPREAD) else f"`{t.id}` ({COUNCILS.get(t.area, t.area)})"
        interval = f"{said(one.ci_low)} to {said(one.ci_high)}" if math.isfinite(one.ci_low) else "-"
        lines.append(markdown_row(name, t.kind, t.unit, said(t.target), f"{said(t.low)} to {said(t.high)}",
                                  f"{t.tolerance} ({', '.join(t.source.split())})", t.year, said(one.mean), interval,
                                  "inside" if one.inside else "**outside**"))
    return "\n".join(lines)


def nulls_part(found: Validation) -> str:
    """Return the part of the page that holds the null models."""
    lines = [plan_said(found.plan), ""]
    lines += [f"* `{name}`: {words}." for name, words in DESCRIPTIONS.items()]
    won = sum(one.nearer == "mechanism" for one in found.contests)
    lines += ["", f"The mechanism is nearer to the measured figure on {won} of {len(found.contests)}.", "",
              markdown_row("Null", "Target", "Measured", "Model", "Null model", "Error", "Error of the null", "Nearer"),
              "|---|---|---:|---:|---:|---:|---:|---|"]
    for one in found.contests:
        lines.append(markdown_row(f"`{one.null}`", f"`{one.target.id}`", said(one.target.target), said(one.mechanism),
                                  said(one.without), said(one.error), said(one.null_error), one.nearer))
    return "\n".join(lines)


class PageFault(ValueError):
    """A page without the place that a part belongs to."""


def write_part(page: Path, name: str, part: str) -> None:
    """Write a generated part between its two marks, and leave the rest of the page as it is.

    Raises
    ------
    PageFault
        If the page has no such place.
    """
    old = page.read_text(encoding="utf-8")
    begins, ends = BEGINS.format(name=name), ENDS.format(name=name)
    pattern = re.compile(re.escape(begins) + ".*?" + re.escape(ends), re.DOTALL)
    if not pattern.search(old):
        raise PageFault(f"{page}: no place for {name!r} (a line {begins!r} and a line {ends!r})")
    new = pattern.sub(lambda _: f"{begins}\n\n{part}\n\n{ends}", old)
    page.write_text(new, encoding="utf-8")
