"""The commands ``homecare results``: what a folder of runs holds, one run of it, failed ones again, old ones away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from homecare.cli_compare import Every, Out, Precision, WindowText, read_precision, read_window, refused, said_of, tell
from homecare.cli_shared import Policies, check_out, fail, one_message, print_json, take_policies

results = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                        help="Look at and after folders of runs.\n\nExample: homecare results ls results/contracts")

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that homecare sweep wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@results.command()
def ls(
    folder: Folder,
    status: Annotated[str | None, typer.Option(help="Only runs that are finished, failed or missing.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many lines; 0 for all.")] = 40,
    json_: Json = False,
) -> None:
    """List the runs of a folder.

    Example: homecare results ls results/contracts --status failed
    """
    with one_message(json_):
        rows = _rows(folder)
        kept = [row for row in rows if status is None or row["status"] == status]
        if json_:
            print_json(kept)
            return
        for row in kept[: limit or None]:
            error = f"  {row['error'].splitlines()[0]}" if row["error"] else ""
            typer.echo(f"{row['key'][:12]}  {row['status']:<8}  seed {row['seed']:<6} {row['label']}{error}")
        if limit and len(kept) > limit:
            typer.echo(f"... and {len(kept) - limit} more; --limit 0 lists all")
        count = {word: sum(row["status"] == word for row in rows) for word in ("finished", "failed", "missing")}
        typer.echo(f"{len(rows)} runs: " + ", ".join(f"{n} {word}" for word, n in count.items()))


@results.command()
def show(
    folder: Folder,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The beginning of a run's key.")],
    json_: Json = False,
) -> None:
    """Show one run: its scenario, and its outcomes or why it failed.

    Example: homecare results show results/contracts 4f0c12
    """
    with one_message(json_):
        row = _one(folder, key)
        from homecare.sweep_folder import described

        said = described(folder, row["key"])
        if json_:
            print_json(said)
            return
        for name, value in said.items():
            if name in ("outcomes", "scenario", "traceback"):
                continue
            typer.echo(f"{name + ':':<10} {value}")
        for name, value in (said.get("outcomes") or {}).items():
            typer.echo(f"    {name:<32} {'' if value is None else format(value, '.6g')}")
        for name in ("traceback", "scenario"):
            if said.get(name):
                typer.echo(f"\n{name}:\n{said[name]}")


@results.command()
def compare(
    folder: Folder,
    factor: Annotated[str, typer.Option(metavar="PATH", help="The factor whose values are compared.")],
    reference: Annotated[str | None, typer.Option(metavar="VALUE", help="Against which value [the first].")] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="PATH=VALUE", help="Only runs whose factor has this value.")
    ] = None,
    window: WindowText = None,
    precision: Precision = None,
    every: Every = False,
    out: Out = None,
    json_: Json = False,
) -> None:
    """Compare the values of one factor, over the seeds or over draws of what nobody knows.

    Example: homecare results compare results/contracts --factor policy.contracting.kind
    """
    with one_message(json_):
        wanted, part = read_precision(precision), read_window(window)
        check_out(out)
        from homecare.compare_draws import FactorComparison, kept_where, value_said
        from homecare.sweep_folder import results_of, sweep_of

        with refused():
            found = kept_where(results_of(folder), where or ())
            comparison = FactorComparison(found, factor, value_said(found, factor, reference),
                                          part or sweep_of(folder).window)
            said = said_of(comparison, wanted)
        tell(comparison, said, wanted, every, out, json_)
    if comparison.lost:
        raise typer.Exit(1)


@results.command()
def rerun(
    folder: Folder,
    engine: Annotated[str, typer.Option(help="local, dask, or the address of a Dask scheduler.")] = "local",
    processes: Annotated[int | None, typer.Option(min=1, help="Worker processes [all processors].")] = None,
    policies: Policies = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    json_: Json = False,
) -> None:
    """Make what is missing of a folder's sweep, and what failed once more.

    Example: homecare results rerun results/contracts
    """
    with one_message(json_):
        from homecare.cli_sweep import carry_out
        from homecare.sweep_folder import sweep_of

        take_policies(policies)
        carry_out(sweep_of(folder), folder, engine, processes, None, None, True, quiet, json_)


@results.command()
def prune(
    folder: Folder,
    really: Annotated[bool, typer.Option("--really", help="Remove; without it, only say what would go.")] = False,
    policies: Policies = None,
) -> None:
    """Remove runs that the folder's sweep no longer has, such as those of an older version.

    Example: homecare results prune results/contracts --really
    """
    with one_message():
        from homecare.sweep_folder import strangers

        take_policies(policies)
        store, keys = strangers(folder)
        if really:
            for key in keys:
                store.forget(key)
        typer.echo(f"{len(keys)} runs {'were removed' if really else 'would go; --really removes them'}")


def _rows(folder: Path) -> list[dict[str, Any]]:
    from homecare.sweep_folder import rows_of

    return rows_of(folder)


def _one(folder: Path, key: str) -> dict[str, Any]:
    """The one run whose key begins so."""
    found = {row["key"]: row for row in _rows(folder) if row["key"].startswith(key)}
    if len(found) != 1:
        fail(f"{f'{len(found)} runs' if found else 'no run'} of {folder} {'have' if found else 'has'} a key that begins "
             f"with {key}")
    return next(iter(found.values()))
