"""The command ``homecare compare``: scenarios against the first named, on the same luck."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from homecare.cli_shared import Policies, check_out, fail, one_message, print_json, take_policies

Area = Annotated[str | None, typer.Option(help="Council: name, other name or code.")]
Scale = Annotated[float | None, typer.Option(help="Share of the council's people, above 0 and up to 1.")]
Weeks = Annotated[int | None, typer.Option(help="Length of the runs.")]
Processes = Annotated[int | None, typer.Option(min=1, help="Worker processes [all processors].")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set one value for all, e.g. policy.labour.wage_floor=13."),
]
WindowText = Annotated[
    str | None, typer.Option(metavar="FIRST:LAST", help="Weeks of which means are taken [the last year].")
]

Precision = Annotated[
    list[str] | None,
    typer.Option(metavar="OUTCOME=HALF", help="Half-width for which seeds are counted [1 % of the level]."),
]
Every = Annotated[bool, typer.Option("--all", help="Also outcomes whose difference is not clear.")]
Out = Annotated[Path | None, typer.Option(help="Folder for tables and figures.")]


def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="A B [C...]", help="Files or names; A is the reference.")],
    area: Area = None,
    scale: Scale = None,
    weeks: Weeks = None,
    seeds: Annotated[int, typer.Option(min=1, help="Each scenario runs on seeds 1 to N.")] = 10,
    window: WindowText = None,
    set_: Set = None,
    precision: Precision = None,
    every: Every = False,
    out: Out = None,
    store: Annotated[Path | None, typer.Option(help="Folder that keeps the runs [the cache, for a month].")] = None,
    processes: Processes = None,
    policies: Policies = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Compare scenarios with the first one, on the same luck.

    Example: homecare compare baseline block_contracts --area Wiltshire --scale 0.25 --weeks 104
    """
    with one_message(json_):
        take_policies(policies)
        wanted = read_precision(precision)
        part = read_window(window)
        check_out(out)
        from homecare.compare_runs import compare as compare_scenarios

        with refused(), progress(len(scenarios) * seeds, quiet or json_) as heard:
            comparison = compare_scenarios(*scenarios, area=area, scale=scale, weeks=weeks, seeds=seeds, window=part,
                                           overrides=set_ or (), store=store, processes=processes, heard=heard)
            said = said_of(comparison, wanted)
        tell(comparison, said, wanted, every, out, json_)
    if comparison.lost:
        raise typer.Exit(1)


def tell(comparison: Any, said: dict[str, Any], precision: Any, every: bool, out: Path | None, json_: bool) -> None:
    """Write a comparison into its folder, if there is one, and say it on the screen."""
    if out is not None:
        from homecare.compare_folder import write_comparison

        write_comparison(comparison, out, precision)
    if json_:
        print_json(said)
        return
    from homecare.compare_folder import comparison_lines

    typer.echo("\n".join(comparison_lines(comparison, every, precision)))
    if out is not None:
        typer.echo(f"tables and figures: {out}")


def read_window(text: str | None) -> tuple[int, int] | None:
    """Return the two weeks of ``52:103``; None of nothing. Anything else ends with exit code 2."""
    if text is None:
        return None
    first, colon, last = text.partition(":")
    if not (colon and first.isdigit() and last.isdigit() and int(first) <= int(last)):
        fail(f"--window {text}: the first and the last week are wanted here, such as 52:103")
    return int(first), int(last)


def named_numbers(given: list[str] | None, option: str) -> dict[str, float]:
    """Return ``outcome=number`` options as a mapping; anything else ends with exit code 2."""
    found: dict[str, float] = {}
    for text in given or ():
        name, _, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            fail(f"{option} {text}: an outcome and a number are wanted here, such as scrqol=0.1")
    return found


def read_precision(given: list[str] | None) -> Any:
    """Return the half-widths that ``--precision`` asks for; the usual one where none is given."""
    from homecare.compare_runs import PRECISION

    return named_numbers(given, "--precision") or PRECISION


@contextmanager
def refused() -> Iterator[None]:
    """End with one message and exit code 2 where what was asked for cannot be compared or run."""
    from homecare.scenario_fault import ScenarioError
    from homecare.store_many import CannotKeep

    try:
        yield
    except ScenarioError:
        raise
    except CannotKeep as error:
        typer.echo(f"the runs cannot be kept: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        fail(str(error))


@contextmanager
def progress(runs: int, quiet: bool) -> Iterator[Any]:
    """Show a bar of runs on standard error where somebody looks at it."""
    from homecare.cli_sweep import bar

    count = {"found": 0, "finished": 0, "failed": 0}
    with bar(runs, None, count, not quiet and sys.stderr.isatty()) as heard:
        yield heard


def said_of(comparison: Any, precision: Any) -> dict[str, Any]:
    """The comparison for a program."""
    from homecare.compare_cost import cost_and_quality
    from homecare.compare_groups import by_group
    from homecare.compare_runs import as_plain
    from homecare.compare_words import about, rows_of

    def plain(table: Any) -> list[dict[str, Any]]:
        return [{key: as_plain(value) for key, value in row.items()} for row in table.to_dict("records")]

    return {
        "reference": comparison.reference, "scenarios": comparison.others, "about": about(comparison),
        "lost": comparison.lost, "outcomes": rows_of(comparison, precision),
        "groups": plain(by_group(comparison)), "cost": plain(cost_and_quality(comparison)),
    }
