"""A run writes a result that is whole, says what made it, has the same bytes again and can be run again."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from homecare import plots, run, store
from homecare.cli import app
from homecare.data import attribution_statement
from homecare.engines_warm import kernels_are_warm, warm_kernels, warm_once
from homecare.market import BURN_IN_WEEKS, Market
from homecare.outcomes import OUTCOMES
from homecare.run_summary import HEADLINES, Row, RunSummary, summarise, usual_step
from homecare.scenario import ScenarioError, load, named
from homecare.words import windows

GROUPS = ("quality", "retention", "cost", "access", "market", "equity", "independence")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The summary of a run of hamlet, whose folder is `ran.folder`."""
    return run.run_scenario(load("hamlet"), tmp_path_factory.mktemp("results") / "hamlet", progress=False)


def contents(folder):
    """Every file of a folder and its bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def undrawn(monkeypatch):
    """Leave out the figures, which take the most time of a short run."""
    monkeypatch.setattr(plots, "draw_figures", lambda folder: [])


# ---- what a result holds ----------------------------------------------------------------------------------


@pytest.mark.smoke
def test_a_result_is_whole(ran):
    figures = {f"{name}.{kind}" for name in ("overview", *GROUPS) for kind in ("png", "svg", "txt")}
    wanted = {"weekly.parquet", "summary.csv", "scenario.yaml", "provenance.json"} | figures
    assert set(contents(ran.folder)) == wanted
    assert all(contents(ran.folder).values())
    assert os.listdir(ran.folder.parent) == ["hamlet"], "something was left beside the result"


def test_every_column_says_what_it_is(ran):
    schema = pq.read_schema(ran.folder / "weekly.parquet")
    assert schema.names == ["week", *OUTCOMES]
    for name, one in OUTCOMES.items():
        said = {key.decode(): value.decode() for key, value in schema.field(name).metadata.items()}
        assert (said["unit"], said["better"], said["group"]) == (one.unit, one.better, one.group)
        assert said["sentence"].split() == one.sentence.split()
    weekly = store.read_weekly(ran.folder)
    assert weekly["week"].tolist() == list(range(8))
    assert (weekly["people_served"] > 0).all()


def test_the_summary_is_the_mean_of_its_weeks(ran):
    weekly = store.read_weekly(ran.folder)
    with (ran.folder / "summary.csv").open(newline="") as file:
        rows = {row["outcome"]: row for row in csv.DictReader(file)}
    assert list(rows) == list(OUTCOMES)
    served = weekly["people_served"]
    found = rows["people_served"]
    assert float(found["first"]) == pytest.approx(served[:4].mean(), rel=1e-7)
    assert float(found["level"]) == pytest.approx(served[4:].mean(), rel=1e-7)
    assert float(found["change"]) == pytest.approx(served[4:].mean() - served[:4].mean(), abs=1e-6)
    assert (found["group"], found["unit"], found["better"]) == ("access", "people", "higher")
    assert found["low"] == found["high"] == ""


def test_provenance_names_what_made_it_and_nothing_of_the_machine(ran):
    text = (ran.folder / "provenance.json").read_text()
    said = json.loads(text)
    assert said["seeds"] == [1] and said["area"] == "Rutland" and said["weeks"] == 8
    assert said["libraries"]["numpy"] == np.__version__
    assert said["attribution"] == attribution_statement()
    assert set(said["files"]) == set(contents(ran.folder)) - {"provenance.json"}
    assert all(re.fullmatch("[0-9a-f]{64}", said[key]) for key in ("key", "content_digest", "series_digest"))
    assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", text), "a date or time"
    assert str(ran.folder.parent) not in text


def test_the_key_knows_seed_and_replications_and_not_the_name():
    hamlet = load("hamlet")
    key = store.run_key(hamlet)
    assert store.run_key(replace(hamlet, name="Other", description="")) == key
    assert store.run_key(replace(hamlet, seed=2)) != key
    assert store.run_key(replace(hamlet, replications=2)) != key


# ---- the same again ---------------------------------------------------------------------------------------


def test_the_same_bytes_again_over_an_earlier_result(ran, tmp_path):
    out = tmp_path / "again"
    run.run_scenario(replace(load("hamlet"), seed=2), out, progress=False)
    other = contents(out)
    run.run_scenario(load("hamlet"), out, progress=False)
    assert contents(out) == contents(ran.folder)
    assert other["weekly.parquet"] != contents(out)["weekly.parquet"]
    assert os.listdir(tmp_path) == ["again"]


def test_the_same_bytes_in_another_process_with_another_hash_seed(ran, tmp_path, root):
    code = "import homecare as hc; print('\\n'.join(hc.run('hamlet', 'out').lines))"
    environment = {**os.environ, "PYTHONPATH": str(root / "sim"), "PYTHONHASHSEED": "77"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == contents(ran.folder)
    assert done.stdout.splitlines()[:-1] == ran.lines[:-1]
    assert "Settling" not in done.stderr, "a bar where there is no terminal"


def test_a_result_can_be_run_from_its_own_folder(ran, tmp_path):
    scenario = load(ran.folder / "scenario.yaml")
    assert scenario == load("hamlet")
    again = run.run(ran.folder / "scenario.yaml", tmp_path / "again", progress=False)
    assert contents(again.folder) == contents(ran.folder)


def test_the_users_own_facts_travel_with_the_result(tmp_path, undrawn):
    (tmp_path / "mine.csv").write_text("column,value\nhc_rate_index,1.1\n")
    scenario = load("hamlet", override=str(tmp_path / "mine.csv"))
    first = run.run_scenario(scenario, tmp_path / "a", progress=False)
    (tmp_path / "mine.csv").unlink()
    (tmp_path / "a").rename(tmp_path / "moved")
    assert str(tmp_path) not in (tmp_path / "moved" / "scenario.yaml").read_text()
    again = run.run(tmp_path / "moved" / "scenario.yaml", tmp_path / "b", progress=False)
    assert contents(again.folder) == contents(tmp_path / "moved")
    assert first.rows == again.rows


def test_the_digest_settles_anew_and_equals_that_of_the_result(ran):
    said = json.loads((ran.folder / "provenance.json").read_text())["series_digest"]
    assert run.digest_scenario(load("hamlet")) == said
    assert run.digest_scenario(load("hamlet", seed=2)) != said


def test_the_digest_sees_every_value_and_only_values():
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": [0.5, 2.0]})
    digest = store.series_digest({1: frame})
    other_nan = frame.copy()
    other_nan.loc[1, "a"] = np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\xff", "<f8")[0]
    assert store.series_digest({1: other_nan}) == digest
    assert store.series_digest({1: frame.rename(columns={"a": "c"})}) != digest
    assert store.series_digest({2: frame}) != digest
    nudged = frame.copy()
    nudged.loc[0, "b"] = np.nextafter(0.5, 1.0)
    assert store.series_digest({1: nudged}) != digest


# ---- several seeds ----------------------------------------------------------------------------------------


def test_replications_are_runs_on_seeds_that_follow(ran, tmp_path, undrawn):
    both = run.run("hamlet", tmp_path / "two", replications=2, progress=False)
    weekly = store.read_weekly(both.folder)
    assert weekly.columns[:2].tolist() == ["week", "seed"]
    assert weekly["seed"].tolist() == [1] * 8 + [2] * 8
    first = weekly[weekly["seed"] == 1].drop(columns="seed").reset_index(drop=True)
    pd.testing.assert_frame_equal(first, store.read_weekly(ran.folder))
    row = next(row for row in both.rows if row.outcome == "people_served")
    levels = [
        weekly[(weekly["seed"] == seed) & (weekly["week"] >= 4)]["people_served"].mean() for seed in (1, 2)
    ]
    assert (row.low, row.high) == pytest.approx((min(levels), max(levels)))
    assert row.level == pytest.approx(sum(levels) / 2)
    assert "lowest" in both.lines[1] and "seeds 1 to 2" in both.lines[0]
    assert max(len(line) for line in both.lines[:-1]) <= 110


# ---- whole or not at all ----------------------------------------------------------------------------------


@pytest.fixture
def no_market(monkeypatch):
    """Fail where a market is built: what is refused must be refused before anything runs."""

    def build(*_, **__):
        pytest.fail("a market was built")

    monkeypatch.setattr(run, "Market", build)


def test_a_folder_of_somebody_else_is_refused_before_anything_runs(tmp_path, no_market):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("ten years of work")
    with pytest.raises(ScenarioError, match="homecare did not write thesis.txt"):
        run.run_scenario(load("hamlet"), tmp_path / "mine", progress=False)
    assert contents(tmp_path / "mine") == {"thesis.txt": b"ten years of work"}
    result = CliRunner().invoke(app, ["run", "hamlet", "--out", str(tmp_path / "mine")])
    assert result.exit_code == 2
    assert "thesis.txt" in result.stderr


def test_a_note_added_to_a_result_is_not_thrown_away(ran, tmp_path, no_market):
    folder = tmp_path / "result"
    folder.mkdir()
    for name, held in contents(ran.folder).items():
        (folder / name).write_bytes(held)
    assert store.checked_place(folder) == folder.resolve()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ScenarioError, match="notes.txt"):
        run.run_scenario(load("hamlet"), folder, progress=False)


@pytest.mark.parametrize("held", ["{}", "not json", '{"homecare": "1"}', "[]"])
def test_another_programs_provenance_is_no_leave_to_replace(tmp_path, held):
    (tmp_path / "provenance.json").write_text(held)
    with pytest.raises(ScenarioError, match="provenance.json"):
        store.checked_place(tmp_path)


def test_a_file_and_a_place_below_a_file_are_refused(tmp_path, no_market):
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ScenarioError):
            run.run_scenario(load("hamlet"), out, progress=False)
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize(("out", "message"), [
    ("file", "file is a file"), ("x" * 300, "cannot be written to"), ("deep/er/" + "x" * 250, "cannot be written to")])
def test_the_command_says_where_it_cannot_write_before_anything_runs(tmp_path, no_market, out, message):
    (tmp_path / "file").write_text("x")
    words = ["run", "hamlet", "--out", str(tmp_path / out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2 and message in result.stderr and "Traceback" not in result.output
    told = CliRunner().invoke(app, [*words, "--json"])
    assert told.exit_code == 2 and message in json.loads(told.stdout)["faults"][0]["message"]
    assert contents(tmp_path) == {"file": b"x"} and not (tmp_path / "deep").exists()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="a folder in which nobody makes another")
def test_a_place_where_no_folder_can_be_made_is_told_before_anything_runs(no_market):
    with pytest.raises(ScenarioError, match="cannot be written to"):
        run.run_scenario(load("hamlet"), Path("/proc/nowhere/x"), progress=False)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError], ids=lambda stop: stop.__name__)
def test_an_interrupted_run_leaves_nothing_and_harms_nothing(ran, tmp_path, monkeypatch, stop):
    def draw(folder):
        assert (folder / "weekly.parquet").exists()
        raise stop

    (tmp_path / "old").mkdir()
    for name, held in contents(ran.folder).items():
        (tmp_path / "old" / name).write_bytes(held)
    monkeypatch.setattr(plots, "draw_figures", draw)
    for out in ("old", "new", "deep/new"):
        with pytest.raises(stop):
            run.run_scenario(load("hamlet"), tmp_path / out, progress=False)
    assert contents(tmp_path / "old") == contents(ran.folder)
    assert [path.name for path in tmp_path.rglob("*") if path.is_dir()] == ["old"]


KILLED = """
import os, signal, sys
from pathlib import Path
from homecare import store
for out in sys.argv[1:]:
    with store.new_result(out) as folder:
        (folder / "weekly.parquet").write_bytes(b"half")
        if out == sys.argv[-1]:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_is_swept_up_by_the_next_of_its_name(tmp_path, root):
    """Nothing of a living process, of another name or of somebody else goes; an earlier result is put back."""
    place = tmp_path / "mine"
    subprocess.run([sys.executable, "-c", KILLED, str(place)], cwd=root, check=False)
    (left,) = os.listdir(tmp_path)
    assert left.startswith(".mine.") and left.endswith(".part")
    dead = left.split(".")[-2]
    mine = f".mine.abcdefgh.{left.split('.')[-3]}"
    strangers = [f"{mine}.{os.getpid()}.part", ".mine.notes.part", left.replace(".mine.", ".mine.b.")]
    for name in strangers:
        (tmp_path / name).mkdir()
    aside = tmp_path / f"{mine}.{dead}.old" / "mine"
    aside.mkdir(parents=True)
    (aside / "provenance.json").write_text(json.dumps({"homecare": "0", "files": []}))
    with pytest.raises(KeyboardInterrupt), store.new_result(place):
        assert sorted(set(os.listdir(tmp_path)) - set(strangers))[-1] == "mine", "the earlier result is back"
        raise KeyboardInterrupt
    assert sorted(os.listdir(tmp_path)) == sorted([*strangers, "mine"])
    assert os.listdir(place) == ["provenance.json"]


def test_a_place_too_small_for_a_market_is_refused_with_a_reason(tmp_path):
    result = CliRunner().invoke(app, ["run", "hamlet", "--scale", "0.05", "--out", str(tmp_path / "no")])
    assert result.exit_code == 2, result.output
    assert "at least 3" in result.stderr
    assert os.listdir(tmp_path) == []
    small = tmp_path / "small.yaml"
    small.write_text("name: Small\narea: Rutland\nscale: 0.05\n")
    words = ["run", str(small), "--out", str(tmp_path / "no")]
    assert f"{small}:3:8  scale" in CliRunner().invoke(app, words).stderr
    (fault,) = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["faults"]
    assert (fault["file"], fault["line"], fault["column"], fault["given"]) == (str(small), 3, 8, "0.05")
    assert "at least 3 agencies" in fault["allowed"]
    small.write_text("name: Small\narea: Isles of Scilly\n")
    assert f"{small}:2:7  scale" in CliRunner().invoke(app, words).stderr
    assert os.listdir(tmp_path) == ["small.yaml"]


# ---- one screen -------------------------------------------------------------------------------------------


def test_the_summary_is_one_screen_in_plain_characters(ran):
    text = "\n".join(ran.lines)
    assert text.isascii() and "nan" not in text.lower().split()
    assert len(ran.lines) <= 26
    assert max(len(line) for line in ran.lines[:-1]) <= 110
    assert str(ran.folder) in ran.lines[-1]
    assert "for differences, not forecasts" in text
    assert [line for line in ran.lines if not line.startswith(" ")][1:5] == [
        "Quality",
        "Retention",
        "Cost",
        "Access",
    ]


def test_headlines_are_four_of_each_of_four_groups():
    groups = [OUTCOMES[name].group for name in HEADLINES]
    assert groups == [group for group in GROUPS[:4] for _ in range(4)]


def test_what_has_no_value_is_a_dash_and_a_share_is_per_cent():
    weeks = 8
    frame = pd.DataFrame({name: np.full(weeks, np.nan) for name in OUTCOMES})
    frame["need_met"] = [0.5] * 4 + [0.625] * 4
    frame["strangers"] = [0.25] * 4 + [0.5] * 4
    summary = RunSummary(load("hamlet"), Path("results/x"), summarise([frame]))
    line = {line.split("  ")[1]: line.split() for line in summary.lines if line.startswith("  ")}
    assert line["Need met"] == ["Need", "met", "62.5", "+12.5", "per", "cent"]
    assert line["Visits by strangers"][3:5] == ["50.0", "+25.0"]
    assert line["Cost per hour"][3:5] == ["-", "-"]
    dictionary = json.loads(json.dumps(summary.to_dict(), allow_nan=False))
    found = {row["outcome"]: row for row in dictionary["outcomes"]}
    assert found["cost_per_hour"]["level"] is None and found["need_met"]["change"] == 0.125


@pytest.mark.parametrize(("weeks", "wanted"), [(1, (1, 1)), (8, (4, 4)), (52, (13, 39)), (260, (13, 52))])
def test_first_weeks_and_last_weeks_do_not_overlap(weeks, wanted):
    assert windows(weeks) == wanted
    assert weeks == 1 or sum(wanted) <= weeks


def test_the_usual_step_is_the_mean_distance_between_quarters():
    quarters = np.repeat([1.0, 2.0, 4.0, 3.0], 13)
    assert usual_step(quarters) == pytest.approx(4 / 3)
    assert usual_step(np.append(quarters, 99.0)) == pytest.approx(4 / 3), "a quarter that is not over counts"
    assert np.isnan(usual_step(quarters[:26]))


def test_a_run_by_itself_judges_nothing():
    """A change in time is no effect of anything: whether it is good or bad is left to comparisons."""
    frame = pd.DataFrame({name: np.linspace(0.2, 0.4, 91) for name in OUTCOMES})
    lines = RunSummary(load("hamlet", weeks=91), Path("x"), summarise([frame])).lines
    assert not {"better", "worse"} & set(" ".join(lines).split())
    (turnover,) = [line.split() for line in lines if line.startswith("  Staff turnover")]
    assert turnover == ["Staff", "turnover", "34.3", "+13.0", "%", "of", "staff", "a", "year"]
    assert not any("compare" in line for line in lines)
    pandemic = load("hamlet", ['shocks=[{kind: pandemic, week: 2}]'], weeks=91)
    assert any("`homecare compare`" in line for line in RunSummary(pandemic, Path("x"), summarise([frame])).lines)


def test_weeks_without_a_value_do_not_count():
    frame = pd.DataFrame({name: np.zeros(8) for name in OUTCOMES})
    frame["start_wait"] = [np.nan, 2.0, np.nan, 4.0, 5.0, np.nan, np.nan, 7.0]
    row = next(row for row in summarise([frame]) if row.outcome == "start_wait")
    assert row == Row("access", "start_wait", "days", "lower", 6.0, 3.0, 3.0, row.low, row.high, row.step)


# ---- progress and warmth ----------------------------------------------------------------------------------


def test_every_week_is_heard_of_and_the_burn_in_only_where_it_is_lived():
    heard = []
    run.live(load("hamlet", weeks=3), cached=False, on_week=lambda i, week: heard.append((i, week)))
    assert heard == [(0, week) for week in range(1 - BURN_IN_WEEKS, 4)]
    run.live(load("hamlet"))
    heard.clear()
    run.live(load("hamlet", weeks=3), on_week=lambda i, week: heard.append((i, week)))
    assert heard == [(0, 1), (0, 2), (0, 3)]


def test_several_seeds_live_in_processes_and_leave_the_same_bytes(tmp_path, monkeypatch):
    scenario = load("hamlet", weeks=3, seed=4, replications=3)
    one_by_one = run.live(scenario)
    ended = []
    side_by_side = run.live_by_processes(scenario, on_run=lambda: ended.append(1))
    assert list(side_by_side) == list(one_by_one) == [4, 5, 6] and len(ended) == 3
    assert store.series_digest(side_by_side) == store.series_digest(one_by_one)
    asked = []
    monkeypatch.setattr(run, "usable_processors", lambda: 2)
    monkeypatch.setattr(run, "live_by_processes", lambda scenario, on_run: asked.append(scenario) or one_by_one)
    run.run_scenario(scenario, tmp_path / "several", progress=False)
    run.run_scenario(load("hamlet", weeks=1), tmp_path / "one", progress=False)
    assert asked == [scenario]


def test_an_area_without_a_market_is_refused_by_the_processes_too():
    with pytest.raises(ScenarioError, match="scale"):
        run.live_by_processes(load("hamlet", scale=0.02, area="Rutland", weeks=1, replications=2))


def test_warm_says_how_long_it_took(capsys):
    seconds = warm_kernels()
    said = capsys.readouterr()
    assert said.err.endswith(f"compiled in {seconds:.1f} s\n") and not said.out


def test_a_cache_that_cannot_be_written_is_a_fault_of_warm_and_of_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOMECARE_CACHE", str(tmp_path / "file"))
    warm_once()
    assert not kernels_are_warm()
    refused = CliRunner().invoke(app, ["warm"])
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"{tmp_path / 'file' / 'kernels'} cannot be written: ")


# ---- every scenario file ----------------------------------------------------------------------------------

OF_THE_BASELINE = [name for name in named() if name not in ("baseline", "hamlet")]


def small(name, weeks=None):
    """A named scenario in Rutland, just long enough for what it changes to bite."""
    whole = load(name)
    dated = [change.week for change in whole.changes] + [shock.week for shock in whole.shocks]
    return load(name, area="Rutland", weeks=weeks or max([0, *dated]) + 13)


def test_there_are_scenarios_for_the_levers():
    wanted = {
        "hamlet",
        "block_contracts",
        "guaranteed_hours",
        "zero_hours",
        "outcome_plans",
        "actual_minutes",
    }
    assert wanted | {"pandemic", "step_by_step", "baseline"} <= set(named())
    assert all(load(name).description for name in named())


@pytest.mark.parametrize("name", OF_THE_BASELINE)
def test_every_scenario_runs_and_differs_from_the_baseline_once_it_begins(name):
    scenario = small(name)
    dated = [change.week for change in scenario.changes] + [shock.week for shock in scenario.shocks]
    market, baseline = Market(scenario), Market(small("baseline", scenario.weeks))
    ours, theirs = market.run(), baseline.run()
    market.close()
    baseline.close()
    alike = scenario.policy == load("baseline").policy  # otherwise they differ from week 0 on
    begins = min(dated) if dated and alike else 0
    pd.testing.assert_frame_equal(ours.iloc[:begins], theirs.iloc[:begins], check_exact=True)
    assert len(ours) == scenario.weeks
    assert not ours.equals(theirs), f"{name} changed nothing in {scenario.weeks} weeks"


def test_modules_that_kernels_reach_are_those_that_the_imports_say() -> None:
    """A plain reading of the syntax trees finds the same modules as the search that names the kernels' cache."""
    import ast

    from homecare import compiled

    def imported(path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "homecare":
                dotted = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                dotted = [alias.name for alias in node.names]
            else:
                continue
            for name in dotted:
                place = compiled.PACKAGE_FOLDER.joinpath(*name.split(".")[1:])
                if name.startswith("homecare.") and place.with_suffix(".py").is_file():
                    yield place.with_suffix(".py")
                elif name.startswith("homecare.") and place.is_dir():
                    yield from place.rglob("*.py")

    start = [path for path in compiled.PACKAGE_FOLDER.rglob("*.py")
             if any(isinstance(node, ast.FunctionDef)
                    and any(getattr(d, "id", "") in ("kernel", "inlined", "kernel_part")
                            for d in node.decorator_list)
                    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))]
    reached, waiting = set(), list(start)
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(imported(path))
    assert len(start) > 10
    assert reached == compiled.reached_by_kernels()
