"""The command ``homecare sweep``: what it will take, progress, and a last line that says how it ended."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from homecare.cli_shared import Policies, fail, one_message, print_json, take_policies


def sweep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A sweep file.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the runs [results/NAME].")] = None,
    engine: Annotated[str, typer.Option(help="local, dask, or the address of a Dask scheduler.")] = "local",
    processes: Annotated[int | None, typer.Option(min=1, help="Worker processes [all processors].")] = None,
    shard: Annotated[str | None, typer.Option(metavar="I/N", help="Make only the I-th of N parts.")] = None,
    time_limit: Annotated[float | None, typer.Option(min=1, help="Seconds for one run; a longer one fails.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Try runs that failed once more.")] = False,
    policies: Policies = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Run many scenarios on many seeds; the same command goes on where it stopped.

    Example: homecare sweep scenarios/sweeps/spot_block_by_contract.yaml --out results/contracts
    """
    with one_message(json_):
        from homecare.shards import read_shard
        from homecare.sweep_file import load_sweep

        take_policies(policies)
        wanted = load_sweep(file)
        part = None if shard is None else read_shard(shard)
        folder = out or Path("results") / file.stem
        carry_out(wanted, folder, engine, processes, part, time_limit, again, quiet, json_)


def carry_out(wanted: Any, folder: Path, engine: str, processes: int | None, shard: tuple[int, int] | None,
              time_limit: float | None, again: bool, quiet: bool, json_: bool) -> None:
    """Make a sweep, say what it takes and how it ended; exit code 1 where a run failed or the disk is full."""
    from homecare.engines_dask import NoDask
    from homecare.store_many import CannotKeep
    from homecare.sweep_make import run_sweep

    n = _announce(wanted, folder, processes, quiet or json_)
    count = {"found": 0, "finished": 0, "failed": 0}
    try:
        with _ended_by_signal(), bar(n, shard, count, not (quiet or json_) and sys.stderr.isatty()) as heard:
            made = run_sweep(wanted, folder, engine=engine, processes=processes, shard=shard, time_limit=time_limit,
                             again=again, heard=heard)
    except KeyboardInterrupt:
        typer.echo(f"stopped after {count['finished']} runs; the same command goes on from there", err=True)
        raise typer.Exit(130) from None
    except CannotKeep as error:
        typer.echo(f"{folder} cannot be written to: {error.strerror}. What was kept is whole; the same command goes on "
                   "from there.", err=True)
        raise typer.Exit(1) from None
    except (NoDask, ValueError) as error:
        if isinstance(error, NoDask) or "engine" in str(error):
            fail(str(error))
        raise
    _conclude(made, folder, shard, json_)


def _announce(wanted: Any, folder: Path, processes: int | None, quiet: bool) -> int:
    """Say what the sweep will take; return its number of runs."""
    from homecare.engines import usable_processors
    from homecare.sweep_design import number_of_points
    from homecare.sweep_estimate import estimate, said_bytes, said_time, speed

    points, seeds = number_of_points(wanted), len(wanted.seeds)
    if not quiet:
        takes, slower = estimate(wanted), speed()
        hands = processes or usable_processors()
        guess = "judged by the last sweep here" if slower else "a rough guess; the next one will be better"
        disk = said_bytes(takes.result_bytes) + (
            f", and {said_bytes(takes.settled_bytes)} of cache" if takes.settled_bytes else "")
        typer.echo(f"{wanted.name}: {points} points on {seeds} seeds are {points * seeds} runs, from {takes.markets} "
                   "settled markets", err=True)
        typer.echo(f"about {said_time(takes.seconds * (slower or 1.0) / hands)} on {hands} processes ({guess}), "
                   f"{disk}; into {folder}", err=True)
    return points * seeds


def _conclude(made: Any, folder: Path, shard: tuple[int, int] | None, json_: bool) -> None:
    results = made.results
    failures = results.failures
    total, failed = len(results.runs), len(failures)
    if json_:
        print_json({"folder": str(folder), "runs": total, "found": results.tally.found,
                    "finished": results.tally.finished, "failed": failed, "damaged": made.damaged,
                    "failures": [{key: said[key] for key in ("key", "label", "seed", "error", "message")}
                                 for said in failures]})
    else:
        shown = {}
        for said in failures:
            shown.setdefault((said["label"], said["error"], said["message"]), []).append(said["key"])
        for (label, error, message), keys in shown.items():
            typer.echo(f"failed: {label} ({len(keys)} runs, such as {keys[0][:12]})\n    {error}: "
                       + message.strip().replace("\n", "\n    "), err=True)
        if made.damaged:
            typer.echo(f"{len(made.damaged)} damaged files were removed; the same command makes these runs again")
        whose = f"shard {shard[0]} of {shard[1]}: " if shard else ""
        typer.echo(f"{whose}{total - failed - len(made.damaged)} of {total} runs finished "
                   f"({results.tally.finished} now, {results.tally.found} were there), {failed} failed; in {folder}")
    if failed or made.damaged:
        raise typer.Exit(1)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Take a scheduler's request to end (SIGTERM) as Ctrl-C."""

    def end(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def bar(n: int, shard: tuple[int, int] | None, count: dict[str, int],
         shown: bool) -> Iterator[Callable[[Any, str], None]]:
    """Count runs, and show a bar of them with rate and time left on standard error."""
    if not shown:
        yield lambda run, status: count.__setitem__(status, count[status] + 1)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=600) as bar:
        total = n if shard is None else round(n / shard[1])
        task = bar.add_task("Settling the first markets", total=total)
        begin: list[float] = []

        def heard(run: Any, status: str) -> None:
            count[status] += 1
            here = count["found"]
            bar.update(task, completed=sum(count.values()))
            if status == "found":
                return
            if not begin:
                begin.append(bar.get_time())
            taken = bar.get_time() - begin[0]
            done = sum(count.values()) - here
            rate = f"{60.0 * (done - 1) / taken:.0f} runs a minute" if taken > 1 and done > 1 else "Running"
            bar.update(task, description=rate + (f", {count['failed']} failed" if count["failed"] else ""))

        yield heard
