"""The command ``homecare``. Each command imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from homecare.cli_compare import compare
from homecare.cli_results import results
from homecare.cli_sensitivity import enough, sensitivity
from homecare.cli_shared import Commands, Policies, fail, one_message, print_json, take_policies
from homecare.cli_sweep import sweep
from homecare.cli_validate import validate

app = typer.Typer(
    name="homecare",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Simulate an English homecare market, week by week and visit by visit.\n\n"
    "Synthetic: for differences, not forecasts.\n\n"
    "Example: homecare run baseline --area Wiltshire --weeks 52",
)

Source = Annotated[str, typer.Argument(metavar="FILE|NAME", help="A scenario file, or the name of one.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Area = Annotated[str | None, typer.Option(help="Council: name, other name or code.")]
Scale = Annotated[float | None, typer.Option(help="Share of the council's people, above 0 and up to 1.")]
Weeks = Annotated[int | None, typer.Option(help="Length of the run.")]
Seed = Annotated[int | None, typer.Option(help="Whose luck.")]
Replications = Annotated[int | None, typer.Option(help="Runs on seeds that follow one another.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set one value, e.g. policy.contracting.zones=4."),
]


@app.command()
def run(
    source: Source = "baseline",
    area: Area = None,
    scale: Scale = None,
    weeks: Weeks = None,
    seed: Seed = None,
    replications: Replications = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results [results/NAME].")] = None,
    set_: Set = None,
    policies: Policies = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    json_: Json = False,
) -> None:
    """Run a scenario; write a summary, tables, figures.

    Example: homecare run baseline --scale 0.25 --weeks 52 --set policy.contracting.kind=block
    """
    with one_message(json_):
        from homecare.scenario import load_with_places

        take_policies(policies)
        loaded = load_with_places(
            source, set_ or (), area=area, scale=scale, weeks=weeks, seed=seed, replications=replications
        )
        folder = out or Path("results") / Path(source).stem
        from homecare.run import run_scenario

        with loaded.faults_in_place():
            summary = run_scenario(loaded.scenario, folder, progress=not quiet and not json_ and sys.stderr.isatty())
        if json_:
            print_json(summary.to_dict())
        else:
            typer.echo("\n".join(summary.lines))


@app.command()
def explain(
    source: Source,
    area: Area = None,
    scale: Scale = None,
    weeks: Weeks = None,
    seed: Seed = None,
    replications: Replications = None,
    set_: Set = None,
    policies: Policies = None,
    json_: Json = False,
) -> None:
    """Say what a scenario changes and where; run nothing.

    Example: homecare explain my.yaml --set policy.payment.kind=actual_minutes
    """
    with one_message(json_):
        from homecare.explain import explain as explain_loaded
        from homecare.scenario import load_with_places

        take_policies(policies)
        loaded = load_with_places(
            source, set_ or (), area=area, scale=scale, weeks=weeks, seed=seed, replications=replications
        )
        explanation = explain_loaded(loaded)
        if json_:
            print_json(explanation.to_dict())
        else:
            typer.echo(explanation.text())


@app.command()
def areas(
    name: Annotated[str | None, typer.Argument(help="A council: name, other name or code.")] = None,
    json_: Json = False,
) -> None:
    """List the English councils, or the facts of one.

    Example: homecare areas "Isle of Wight"
    """
    with one_message(json_):
        from dataclasses import asdict

        from homecare.area import council_names, find_council
        from homecare.data import attribution_statement, council_columns, councils

        if name is None:
            if json_:
                print_json([asdict(find_council(each)) for each in council_names()])
            else:
                typer.echo("\n".join(council_names()))
            return
        council = find_council(name)
        facts, columns = councils()[council.code], council_columns()
        if json_:
            print_json({**asdict(council), "facts": dict(facts), "attribution": attribution_statement()})
            return
        typer.echo(f"{council.name} ({council.code}), {council.type}, {council.region}")
        for column, value in facts.items():
            if isinstance(value, float):
                number = f"{value:,.0f}" if value.is_integer() else f"{value:,g}"
                typer.echo(f"  {number:>14}  {columns[column]['unit']:<18} {columns[column]['meaning']} ({column})")
        typer.echo(attribution_statement())


@app.command()
def parameters(
    word: Annotated[str | None, typer.Argument(help="Only those with this in path, kind, sentence or source.")] = None,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Only those that no evidence stands behind.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/parameters.md.")] = False,
    json_: Json = False,
) -> None:
    """List parameters: default, unit, range, source.

    Example: homecare parameters budget --assumptions
    """
    with one_message(json_):
        from homecare import explain_parameters as pages
        from homecare.data import did_you_mean, nearest_names
        from homecare.scenario_layers import all_parameters

        if markdown and (word is not None or assumptions or json_):
            fail("--markdown prints the whole page and goes with nothing else")
        if markdown:
            typer.echo(pages.parameters_page(), nl=False)
            return
        listed = pages.assumed(all_parameters()) if assumptions else all_parameters()
        if word is not None:
            near = nearest_names(word.lower(), dict.fromkeys(parameter.name for parameter in listed))
            listed = pages.holding(listed, word)
            if not listed:
                of = "assumption" if assumptions else "parameter"
                fail(f"no {of} has {word!r} in its path, kind, sentence or source{did_you_mean(near)}",
                     given=word, nearest=", ".join(near))
        if json_:
            print_json(pages.to_dicts(listed))
        else:
            typer.echo(pages.parameters_text(listed))


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors.

    Example: homecare schema > scenario.schema.json
    """
    from homecare.schema import schema as make_schema

    print_json(make_schema())


@app.command()
def digest(
    source: Source = "baseline",
    area: Area = None,
    scale: Scale = None,
    weeks: Weeks = None,
    seed: Seed = None,
    replications: Replications = None,
    set_: Set = None,
    policies: Policies = None,
    json_: Json = False,
) -> None:
    """Print the digest of a run, to compare machines.

    Example: homecare digest baseline --scale 0.1 --weeks 8
    """
    with one_message(json_):
        from homecare.scenario import load

        take_policies(policies)
        scenario = load(
            source, set_ or (), area=area, scale=scale, weeks=weeks, seed=seed, replications=replications
        )
        from homecare.run import digest_scenario

        found = digest_scenario(scenario)
        if json_:
            print_json({"scenario": scenario.name, "digest": found})
        else:
            typer.echo(found)


@app.command()
def warm() -> None:
    """Compile now, so that the next run starts at once.

    Example: homecare warm
    """
    with one_message():
        from homecare.engines_warm import warm_kernels

        try:
            warm_kernels()
        except OSError as error:
            fail(f"{error.filename} cannot be written: {error.strerror}; HOMECARE_CACHE names another folder")


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write, such as my.yaml.")],
) -> None:
    """Write a commented scenario file to begin with.

    Example: homecare new my.yaml
    """
    from homecare.cli_starter import STARTER

    if file.suffix not in (".yaml", ".yml"):
        fail(f"{file}: a scenario file ends in .yaml")
    text = STARTER.format(file=file, name=file.stem.replace("_", " ").replace("-", " ").strip() or "mine")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        fail(f"{file} exists already; nothing was written")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
    typer.echo(f"wrote {file}; next: homecare explain {file}")


app.command()(validate)


app.command()(sweep)
app.command()(compare)
app.command()(sensitivity)
app.command()(enough)
app.add_typer(results, name="results")


def main() -> None:
    """Run the command line; 2 is a fault of the user's input, 130 is Ctrl-C. A warning is one line."""
    warnings.formatwarning = lambda message, *_: f"warning: {message}\n"
    try:
        app()
    except KeyboardInterrupt:  # while the command line itself was read
        sys.exit(130)
