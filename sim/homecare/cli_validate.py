"""The command ``homecare validate``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from homecare.cli_shared import fail, one_message, print_json

Councils = Annotated[
    list[str] | None, typer.Option("--council", metavar="NAME", help="A council; repeat for more [eight].")
]
Seeds = Annotated[int, typer.Option(min=1, help="Runs of each council, on seeds from 1.")]
Weeks = Annotated[int, typer.Option(min=3, help="Weeks of each run; the last two thirds are measured.")]
Scale = Annotated[float, typer.Option(help="Share of each council's people, above 0 and up to 1.")]
Processes = Annotated[int, typer.Option(min=1, help="Runs at the same time.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Set one value in every run.")]


def validate(
    council: Councils = None,
    seeds: Seeds = 3,
    weeks: Weeks = 156,
    scale: Scale = 0.25,
    processes: Processes = 1,
    set_: Settings = None,
    nulls: Annotated[bool, typer.Option("--nulls", help="Also against null models: four times the runs.")] = False,
    prior: Annotated[int, typer.Option(help="So many draws over all assumptions instead.")] = 0,
    morris: Annotated[int, typer.Option(help="So many of Morris's paths over all parameters instead.")] = 0,
    pairs: Annotated[bool, typer.Option("--pairs", help="The card's pairs of policies side by side instead.")] = False,
    scales: Annotated[bool, typer.Option("--scales", help="The pairs at --scale and at full size instead.")] = False,
    page: Annotated[Path | None, typer.Option(help="Write what was found into its places on this page.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Hold the baseline against what was measured.

    Example: homecare validate --council Wiltshire --seeds 1
    """
    with one_message(json_):
        from homecare import validate_pages as pages
        from homecare.validate import Plan, ValidationFailed
        from homecare.validate import validate as judge
        from homecare.validate_targets import COUNCILS

        if prior or morris:
            _try_assumptions(prior, morris, processes, page)
            return
        if pairs or scales:
            area = (council or ["Wiltshire"])[0]
            _compare_pairs(seeds, {"area": area, "scale": scale, "weeks": weeks}, processes, scales, page)
            return
        plan = Plan(tuple(council or COUNCILS), seeds, weeks, scale, processes, overrides=tuple(set_ or ()))
        try:
            found = judge(plan, nulls, _heard if sys.stderr.isatty() else None)
            if page is not None:
                part = pages.nulls_part(found) if nulls else pages.targets_part(found)
                pages.write_part(page, "nulls" if nulls else "targets", part)
        except (ValidationFailed, pages.PageFault, FileNotFoundError) as error:
            fail(str(error))
        if json_:
            said = {"plan": asdict(plan), "targets": [one.to_dict() for one in found.judged]}
            print_json(said)
        else:
            typer.echo(pages.text(found))


def _try_assumptions(n: int, paths: int, processes: int, page: Path | None) -> None:
    """Say what draws over all assumptions reach, and which target could tell which parameter."""
    from homecare import validate_pages_prior as pages
    from homecare import validate_prior as prior
    from homecare.validate_pages import PageFault, write_part

    bench = prior.Bench(processes=processes)
    parts = {}
    if n:
        reached, faults = prior.reach(n, bench)
        parts["reach"] = pages.reach_part(reached, faults, n, bench, len(prior.varied()))
    if paths:
        parts["screen"] = pages.screen_part(prior.screen(paths, bench), paths, bench)
    try:
        for name, part in parts.items():
            typer.echo(part)
            if page is not None:
                write_part(page, name, part)
    except (PageFault, FileNotFoundError) as error:
        fail(str(error))


def _compare_pairs(seeds: int, settings: dict[str, Any], processes: int, scales: bool, page: Path | None) -> None:
    """Say what the pairs come to; with `scales`, beside the same pairs at full size on half of the seeds."""
    from homecare import validate_pages_pairs as pages
    from homecare import validate_pairs as pairs
    from homecare.validate_pages import PageFault, write_part

    found = pairs.compared(seeds, settings, processes)
    if not scales:
        text = pages.pairs_page(found, pairs.pairs(), seeds, settings)
        typer.echo(text, nl=False)
        if page is not None:
            page.write_text(text, encoding="utf-8")
        return
    few = max(seeds // 2, 2)
    whole = pairs.compared(few, settings | {"scale": 1.0}, processes)
    part = pages.scales_part(pairs.headline(found), whole, (seeds, few), (settings["scale"], 1.0), settings["area"],
                             settings["weeks"])
    typer.echo(part)
    if page is not None:
        try:
            write_part(page, "scales", part)
        except (PageFault, FileNotFoundError) as error:
            fail(str(error))


def _heard(done: int, of: int) -> None:
    print(f"\r{done} of {of} runs", end="\n" if done == of else "", file=sys.stderr, flush=True)
