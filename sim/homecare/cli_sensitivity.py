"""The commands ``homecare sensitivity`` and ``homecare enough``: which factors matter, and how many runs are enough."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from homecare.cli_compare import (
    Area,
    Json,
    Processes,
    Quiet,
    Scale,
    Set,
    Weeks,
    WindowText,
    named_numbers,
    progress,
    read_window,
    refused,
)
from homecare.cli_shared import Policies, fail, one_message, print_json, take_policies

N_OF = {"morris": 8, "sobol": 64, "correlations": 64, "tornado": 0}
"""Trajectories, base samples and draws if none are given."""


def sensitivity(
    source: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A sweep file; with --factor a scenario.")],
    method: Annotated[str, typer.Option(help="morris, sobol, correlations or tornado.")] = "morris",
    n: Annotated[int | None, typer.Option("--n", min=2, help="Trajectories, base samples or draws [8, 64, 64].")] = None,
    factor: Annotated[list[str] | None, typer.Option(help="A parameter to vary over its own range.")] = None,
    outcome: Annotated[list[str] | None, typer.Option(help="An outcome; with --factor.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds at every point; with --factor.")] = 1,
    set_: Set = None,
    out: Annotated[Path | None, typer.Option(help="Folder for runs, tables, figure [results/NAME-METHOD].")] = None,
    processes: Processes = None,
    policies: Policies = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Ask which factors matter most.

    Example: homecare sensitivity baseline --factor policy.labour.wage_floor --set scale=0.1 --method tornado
    """
    with one_message(json_):
        take_policies(policies)
        if method not in N_OF:
            fail(f"--method {method}: one of {', '.join(N_OF)} is wanted here")
        from homecare.sensitivity_methods import NoSampler, runs_of
        from homecare.sensitivity_study import sensitivity as make
        from homecare.sensitivity_study import sweep_of_names
        from homecare.sensitivity_words import study_lines, write_study
        from homecare.sweep_file import load_sweep

        if factor:
            sweep = sweep_of_names(source, factor, set_ or (), range(1, seeds + 1), outcome or ())
        elif outcome or set_ or seeds != 1:
            fail("--outcome, --seeds and --set go with --factor; a sweep file says them itself")
        else:
            sweep = load_sweep(source)
        size = N_OF[method] if n is None else n
        folder = out or Path("results") / f"{Path(source).stem}-{method}"
        runs = runs_of(method, len(sweep.factors), size) * len(sweep.seeds)
        if not quiet and not json_:
            typer.echo(f"{method}: {len(sweep.factors)} factors, {runs} runs; into {folder}", err=True)
        try:
            with refused(), progress(runs, quiet or json_) as heard:
                found = make(sweep, method, size, out=folder, processes=processes, heard=heard)
        except NoSampler as error:
            fail(str(error))
        write_study(found, folder, sweep.window)
        if json_:
            print_json({"method": method, "points": len(found.points), "folder": str(folder),
                        "table": _plain(found.table)})
        else:
            typer.echo("\n".join(study_lines(found)))
            typer.echo(f"tables and figure: {folder}")


def enough(
    scenarios: Annotated[list[str], typer.Argument(metavar="A [B]", help="One: its level. Two: B's difference from A.")],
    half_width: Annotated[
        list[str] | None, typer.Option("--half-width", metavar="OUTCOME=HALF", help="Half-width of its 95 % interval.")
    ] = None,
    area: Area = None,
    scale: Scale = None,
    weeks: Weeks = None,
    window: WindowText = None,
    set_: Set = None,
    first: Annotated[int, typer.Option(min=2, help="Seeds to begin with.")] = 5,
    most: Annotated[int, typer.Option(min=2, help="Seeds at most.")] = 200,
    store: Annotated[Path | None, typer.Option(help="Folder that keeps the runs [the cache, for a month].")] = None,
    processes: Processes = None,
    policies: Policies = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Run seeds until intervals are narrow enough; show the warm-up.

    Example: homecare enough baseline block_contracts --scale 0.1 --weeks 52 --half-width scrqol=0.1
    """
    with one_message(json_):
        take_policies(policies)
        wanted = named_numbers(half_width, "--half-width")
        part = read_window(window)
        from homecare.enough import enough as find
        from homecare.enough import enough_lines, warm_up

        with refused(), progress(first * len(scenarios), quiet or json_) as heard:
            found = find(*scenarios, half_width=wanted, area=area, scale=scale, weeks=weeks, overrides=set_ or (),
                         window=part, first=first, most=most, store=store, processes=processes, heard=heard)
        if json_:
            steps = [dict(seeds=step.seeds, outcome=step.outcome, mean=_number(step.mean), wanted=step.wanted,
                          half_width=_number(step.half_width), reached=step.reached) for step in found.steps]
            print_json({"scenarios": list(found.labels), "seeds": found.seeds, "reached": found.reached, "steps": steps,
                        "warm_up_weeks": warm_up(found.results, found.labels, list(wanted))})
        else:
            typer.echo("\n".join(enough_lines(found)))
    if not found.reached:
        raise typer.Exit(1)


def _plain(table: Any) -> list[dict[str, Any]]:
    return [{key: _number(value) for key, value in row.items()} for row in table.to_dict("records")]


def _number(value: Any) -> Any:
    from homecare.compare_runs import as_plain

    return as_plain(value)
