"""What the commands share: one message for what a user can mend, exit code 2, and JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from homecare.scenario_fault import Fault

Policies = Annotated[
    list[Path] | None,
    typer.Option("--policies", metavar="FILE", help="A Python file that adds policies of your own."),
]

_UsageError: type[Exception] = typer.BadParameter.__base__  # Click's, or that of the Click inside newer Typers
_AS_JSON = ContextVar("as_json", default=False)


@contextmanager
def one_message(as_json: bool = False) -> Iterator[None]:
    """Turn what a user can mend into one message and exit code 2; anything else is a fault of ours."""
    from homecare.area import UnknownArea
    from homecare.area_csv import OverrideError
    from homecare.scenario_fault import ScenarioError

    token = _AS_JSON.set(as_json)
    try:
        yield
    except ScenarioError as error:
        if as_json:
            _print_faults(error.faults)
            raise typer.Exit(2) from None
        n = len(error.faults)
        typer.echo(f"{error}\n\n{n} {'fault' if n == 1 else 'faults'}; nothing was run or written.", err=True)
        raise typer.Exit(2) from None
    except UnknownArea as error:
        fail(str(error), given=error.given, nearest=", ".join(error.nearest))
    except OverrideError as error:
        fail(str(error))
    except ValueError as error:
        build = sys.modules.get("homecare.build")  # imported only where something was to be built
        if build is None or not isinstance(error, build.NoMarket):
            raise
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        raise typer.Exit(130) from None
    finally:
        _AS_JSON.reset(token)


def fail(message: str, **more: str) -> None:
    """Say what is wrong with what the user gave, in JSON where that was asked for, and end with exit code 2."""
    if _AS_JSON.get():
        from homecare.scenario_fault import Fault, Place

        _print_faults([Fault(Place("command line"), "", message, **more)])
    else:
        typer.echo(message, err=True)
    raise typer.Exit(2) from None


class Commands(TyperGroup):
    """The commands; what is wrong with the line itself is said in JSON, too, where ``--json`` stands on it."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
        """Read the line up to the command."""
        ctx.meta["homecare.json"] = "--json" in args
        with _faults_of_the_line(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: typer.Context) -> Any:
        """Read the rest, and do it."""
        with _faults_of_the_line(ctx):
            return super().invoke(ctx)


@contextmanager
def _faults_of_the_line(ctx: typer.Context) -> Iterator[None]:
    token = _AS_JSON.set(ctx.meta["homecare.json"])
    try:
        yield
    except _UsageError as error:
        if not _AS_JSON.get():
            raise
        fail(error.format_message())
    finally:
        _AS_JSON.reset(token)


def _print_faults(faults: Iterable[Fault]) -> None:
    print_json({"faults": [fault.to_dict() for fault in faults]})


def print_json(value: Any) -> None:
    """Print JSON for a program to read."""
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def check_out(out: Path | None) -> None:
    """See that a comparison can be written there, before anything is run; raises as `homecare.store.checked_place`."""
    if out is not None:
        from homecare.store import COMPARISON, checked_place

        checked_place(out, COMPARISON)


def take_policies(files: list[Path] | None) -> None:
    """Load a user's own policies, so that scenarios may name them; raises as `homecare.own_policies.load_policies`."""
    if files:
        from homecare.own_policies import load_policies

        for file in files:
            load_policies(file)
