"""Many runs: every one as if it had been made alone, kept once, and failures as rows."""

from __future__ import annotations

import importlib
import json
import math
import os
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import homecare as hc
from homecare.cli import app
from homecare.outcomes import OUTCOMES
from homecare.own_policies import load_modules, load_policies
from homecare.store_many import Keys, Store
from homecare.sweep import plan_of, run_many
from homecare.sweep_drive import Run, _Line
from homecare.sweep_results import means_over

BLOCK = ("hamlet", ["policy.contracting.kind=block"])
RAISES = '''
"""A way of buying that raises in the week."""

from typing import ClassVar

from homecare.policies import add
from homecare.policies.contracting import Spot


class Raises(Spot):
    """It raises. Held by: council."""

    kind: ClassVar[str] = "raises"

    def who_is_asked(self, view):
        """Raise."""
        raise ZeroDivisionError("asked the impossible")


add(Raises)
'''


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Hamlet on two seeds, spot and block."""
    folder = tmp_path_factory.mktemp("many") / "store"
    return run_many({"now": "hamlet", "block": BLOCK}, seeds=2, store=folder, processes=2)


@pytest.fixture
def raises(tmp_path, monkeypatch):
    """Add a policy that raises; take it away again."""
    from homecare.policies import THEMES

    file = tmp_path / "raising.py"
    file.write_text(RAISES)
    load_policies(file)
    yield
    del THEMES["contracting"]["raises"], sys.modules["raising"]


def test_a_run_of_many_is_the_run_made_alone(many):
    market = hc.Market("hamlet", overrides=("policy.contracting.kind=block",), seed=2)
    alone = market.run()
    market.close()
    pd.testing.assert_frame_equal(many.weekly("block", 2), alone, check_names=False, check_exact=True,
                                  check_index_type=False)


def test_frame_has_a_row_a_run_and_means_by_hand(many):
    frame = many.frame(window=(2, 4), outcomes=["scrqol", "turnover"])
    assert list(frame) == ["key", "label", "seed", "status", "scrqol", "turnover"]
    assert list(zip(frame.label, frame.seed, strict=True)) == [("now", 1), ("block", 1), ("now", 2), ("block", 2)]
    assert set(frame.status) == {"finished"}
    weekly = many.weekly("now", 1)["scrqol"].to_numpy()
    assert frame.scrqol[0] == math.fsum(weekly[2:5].tolist()) / 3
    assert many.tally.finished == 4 and many.failures == []
    with pytest.raises(ValueError, match="no outcome 'scrqul'"):
        many.frame(outcomes=["scrqul"])


def test_weeks_without_a_value_do_not_count():
    weekly = pd.DataFrame({"scrqol": [1.0, np.nan, 3.0, 8.0]})
    assert means_over(weekly, ["scrqol"], (0, 2)) == {"scrqol": 2.0}
    assert math.isnan(means_over(weekly, ["scrqol"], (1, 1))["scrqol"])


def test_what_is_kept_is_not_run_again(many):
    again = run_many({"now": "hamlet", "block": BLOCK}, seeds=2, store=many.store.folder, processes=1)
    assert (again.tally.found, again.tally.finished) == (4, 0)
    assert again.frame().equals(many.frame())


def test_keys_tell_runs_apart_and_nothing_else():
    now, block = Keys(hc.load("hamlet")), Keys(hc.load(*BLOCK))
    assert len({now.of(1), now.of(2), block.of(1), block.of(2)}) == 4
    assert now.settling(1) == block.settling(1) != block.settling(2)
    assert Keys(hc.load("hamlet", seed=9, replications=3, name="other")).of(1) == now.of(1)
    slower = Keys(hc.load("hamlet", ["uncertainty.travel.door_minutes=3"]))
    assert slower.settling(1) != now.settling(1)


def test_runs_that_share_a_market_stand_together():
    plan = list(plan_of({"now": "hamlet", "block": BLOCK}, seeds=3))
    assert [run.seed for run in plan] == [1, 1, 2, 2, 3, 3]
    assert [run.seed for run in plan_of([("hamlet", [], 7), hc.load("hamlet", seed=2, replications=2)])] == [2, 3, 7]


def test_two_scenarios_of_one_label_are_refused():
    with pytest.raises(ValueError, match="give labels"):
        list(plan_of(["hamlet", BLOCK]))


def test_one_run_settles_the_market_and_the_others_wait():
    def run(key: str, settles: str) -> Run:
        return Run(key, "x", 1, settles, None)

    line = _Line([run("a1", "a"), run("a2", "a"), run("b1", "b"), run("a3", "a")])
    first, second = line.next(), line.next()
    assert (first.key, second.key) == ("a1", "b1")
    assert line.next() is None
    line.ended(first, well=False)  # it failed, so that the next one of its market settles it
    assert line.next().key == "a2" and line.next() is None
    line.ended(run("a2", "a"), well=True)
    assert line.next().key == "a3" and line.next() is None


def test_a_policy_that_raises_is_a_row(raises, tmp_path):
    results = run_many({"well": "hamlet", "ill": ("hamlet", ["policy.contracting.kind=raises"])}, seeds=[1, 2],
                       store=tmp_path / "store", processes=1)
    frame = results.frame(outcomes=["scrqol"])
    assert frame.status.tolist() == ["finished", "failed", "finished", "failed"]
    assert frame.scrqol.isna().tolist() == [False, True, False, True]
    failure = results.failures[0]
    assert (failure["error"], failure["message"]) == ("ZeroDivisionError", "asked the impossible")
    assert "who_is_asked" in failure["traceback"] and "kind: raises" in failure["scenario"]
    again = run_many({"ill": ("hamlet", ["policy.contracting.kind=raises"])}, seeds=1, store=tmp_path / "store")
    assert (again.tally.found, again.tally.failed) == (1, 0)


def test_a_run_that_kills_workers_twice_is_a_row_and_the_others_go_on(tmp_path):
    killing = RAISES.replace("raises", "kills").replace("from typing", "import os\nfrom typing")
    killing = killing.replace('raise ZeroDivisionError("asked the impossible")', "os.kill(os.getpid(), 9)")
    (tmp_path / "killing.py").write_text(killing)
    (tmp_path / "ill.yaml").write_text("base: hamlet\nfactors: {policy.contracting.kind: [spot, kills, block]}\n")
    done = subprocess.run(
        [sys.executable, "-m", "homecare", "sweep", "ill.yaml", "--policies", "killing.py", "--json", "--processes", "1"],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert (said["runs"], said["finished"], said["failed"]) == (3, 2, 1)
    assert said["failures"][0]["error"] == "WorkerDied" and "signal 9" in said["failures"][0]["message"]


def test_a_run_over_its_time_is_a_row(tmp_path):
    results = run_many("hamlet", store=tmp_path / "store", processes=1, time_limit=0.001)
    (failure,) = results.failures
    assert (failure["error"], results.tally.failed) == ("Overran", 1)
    again = run_many("hamlet", store=tmp_path / "store", processes=1, again=True)
    assert (again.tally.finished, again.failures) == (1, [])


def test_the_cache_keeps_runs_for_a_month_after_they_were_asked_for(many, tmp_path, monkeypatch):
    monkeypatch.setattr("homecare.sweep.cache_folder", lambda: tmp_path)
    monkeypatch.setattr("homecare.sweep.content_digest", lambda: "this code")
    now, *others = many.runs
    here, earlier = (tmp_path / "runs" / code for code in ("this code", "earlier code"))
    for folder in (here, earlier):
        shutil.copytree(many.store.folder, folder)
    recent = Store(earlier).path(now.key)
    for path in (tmp_path / "runs").rglob("*.parquet"):
        os.utime(path, (0, 0) if path != recent else None)
    again = run_many("hamlet", seeds=[now.seed], processes=1)
    assert (again.tally.found, again.tally.finished) == (1, 0)
    assert set((tmp_path / "runs").glob("*/runs/*/*")) == {Store(here).path(now.key), recent}
    shutil.rmtree(here)
    run_many("hamlet", seeds=[now.seed], store=many.store.folder)
    assert many.store.finished() == {run.key for run in many.runs}, "a store of one's own keeps everything"


def test_a_store_is_not_made_of_somebody_elses_folder(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(hc.ScenarioError, match="did not write"):
        Store(tmp_path)
    with pytest.raises(hc.ScenarioError, match="this is a file"):
        Store(tmp_path / "letter.txt")


def test_opening_clears_what_a_killed_writer_began(many):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with many.store._whole(many.store.path("00ab")) as mine:
        mine.write_bytes(b"half")
        left = mine.with_name(mine.name.replace(f".{os.getpid()}.", f".{ended.pid}."))
        elsewhere = mine.with_name(f"00ab.parquet.another-machine.{ended.pid}.part")
        for part in (left, elsewhere):
            part.write_bytes(b"half")
        many.store.open()
        assert (mine.exists(), left.exists(), elsewhere.exists()) == (True, False, True)
        os.utime(elsewhere, (0, 0))
        many.store.open()
        assert not elsewhere.exists()
    many.store.forget("00ab")


def test_the_store_is_plain_files(many):
    mark = json.loads((many.store.folder / "homecare-runs.json").read_text())
    assert mark["layout"] == 1
    key = many.runs[0].key
    frame = pd.read_parquet(many.store.folder / "runs" / key[:2] / f"{key}.parquet")
    assert list(frame) == ["week", *OUTCOMES]


def test_the_engine_costs_little_memory_and_lists_quickly(root, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    benchmark = importlib.import_module("sweep")
    found = benchmark.measure(tmp_path, 6, 2)
    assert found["runs"] == 60
    assert found["memory_mb"] < 1500 and found["growth_mb"] < 40
    assert benchmark.listing(tmp_path / "listed", 100_000) < 20


def test_the_command_takes_policies_of_ones_own(tmp_path):
    (tmp_path / "raising.py").write_text(RAISES)
    (tmp_path / "ill.yaml").write_text("base: hamlet\nfactors: {policy.contracting.kind: [spot, raises]}\n")
    done = subprocess.run(
        [sys.executable, "-m", "homecare", "sweep", "ill.yaml", "--policies", "raising.py", "--json", "--processes", "1"],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert (said["runs"], said["finished"], said["failed"]) == (2, 1, 1)
    assert said["failures"][0]["message"] == "asked the impossible"


def test_a_folder_whose_name_is_too_long_is_one_message(tmp_path):
    (tmp_path / "one.yaml").write_text("base: hamlet\nweeks: 2\nfactors: {policy.contracting.kind: [spot]}\n")
    words = ["sweep", str(tmp_path / "one.yaml"), "--processes", "1", "--out", str(tmp_path / ("x" * 300))]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 1 and "cannot be written to" in said.stderr and "Traceback" not in said.output


def test_what_is_no_file_of_policies_is_refused(tmp_path):
    with pytest.raises(hc.ScenarioError, match="no such Python file"):
        load_policies(tmp_path / "none.py")
    (tmp_path / "json.py").write_text("")
    with pytest.raises(hc.ScenarioError, match="another module is called json"):
        load_policies(tmp_path / "json.py")
    with pytest.raises(hc.ScenarioError, match="main script"):
        load_modules((("__main__", "x.py"),))
