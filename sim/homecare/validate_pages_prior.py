"""What the assumptions allow, and which target could tell which parameter, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from homecare.validate_pages import markdown_row, said
from homecare.validate_prior import Bench, Effect, Reach

STRONGEST = 6
"""Parameters named for each target."""


def bench_said(bench: Bench) -> str:
    """Return where draws were tried, in one sentence."""
    return (f"{bench.area} at scale {bench.scale:g}, burn-in of {bench.burn_in} weeks, {bench.weeks} weeks of which the "
            f"last {bench.weeks - bench.weeks // 3} are measured.")


def reach_part(reached: Sequence[Reach], faults: Sequence[str], n: int, bench: Bench, parameters: int) -> str:
    """Return the part of the page about what draws reach."""
    never = [f"`{one.target.id}`" for one in reached if one.inside_share == 0.0]
    lines = [f"{n} draws (Latin hypercube) over the ranges of all {parameters} uncertainties and initial conditions that "
             f"are numbers. {bench_said(bench)} {len(faults)} draws could not run.", "",
             f"No draw comes to lie inside: {', '.join(never)}." if never else "Every target is met by some draw.", "",
             markdown_row("Target", "Kind", "Range", "5 %", "50 %", "95 %", "Draws inside"),
             "|---|---|---|---:|---:|---:|---:|"]
    for one in reached:
        t = one.target
        inside = f"{100 * one.inside_share:.0f} %" if math.isfinite(one.inside_share) else "-"
        lines.append(markdown_row(f"`{t.id}`", t.kind, f"{said(t.low)} to {said(t.high)}", said(one.low),
                                  said(one.middle), said(one.high), inside))
    for fault in sorted(set(faults)):
        lines += ["", f"Fault: {fault}"]
    return "\n".join(lines)


def screen_part(effects: Sequence[Effect], r: int, bench: Bench) -> str:
    """Return the part of the page about which target could tell which parameter."""
    parameters = list(dict.fromkeys(one.parameter for one in effects))
    told = {one.parameter for one in effects if one.told}
    silent = [name for name in parameters if name not in told]
    lines = [f"Morris's elementary effects, {r} paths over {len(parameters)} parameters. {bench_said(bench)} An effect "
             "is told where mu*, the mean absolute effect of the whole range, is more than twice the mean distance "
             "between two runs that differ in luck alone.", "",
             markdown_row("Target", "Luck alone", "Parameters that move it most (mu*)", "Parameters told"),
             "|---|---:|---|---:|"]
    for target in dict.fromkeys(one.target for one in effects):
        ones = sorted((one for one in effects if one.target == target and one.told), key=lambda one: -one.size)
        named = ", ".join(f"`{one.parameter}` {said(one.size)}" for one in ones[:STRONGEST]) or "none"
        luck = next(one.luck for one in effects if one.target == target)
        lines.append(markdown_row(f"`{target}`", said(luck), named, str(len(ones))))
    lines += ["", f"No target tells {len(silent)} of {len(parameters)} parameters at this size of market: "
              + (", ".join(f"`{name}`" for name in silent) or "none") + "."]
    return "\n".join(lines)
