"""A comparison as a folder: tables, figures with their words, the same bytes twice; runs that failed are told."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

import homecare as hc
from homecare.cli import app
from homecare.compare_folder import write_comparison
from homecare.compare_groups import group_lines
from homecare.compare_runs import Comparison
from homecare.compare_setting import difference_lines, left_out, weeks_compared
from homecare.compare_words import MAIN, about, page
from homecare.data import attribution_statement
from homecare.outcomes import OUTCOMES
from homecare.plots_compare import SHOWN, cost_words, differences_figure, differences_words
from homecare.scenario import ScenarioError
from homecare.words import title

BLOCK = ("hamlet", ["name=Block", "policy.contracting.kind=block"])
STYLE = ("hamlet", ["name=Outcome plans", "policy.care_planning.kind=outcome"])


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Hamlet, with block contracts, with outcome plans, on two seeds."""
    return hc.compare("hamlet", BLOCK, STYLE, seeds=2, weeks=4, store=tmp_path_factory.mktemp("three"), processes=2)


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_a_folder_has_tables_figures_and_words_the_same_each_time(three, tmp_path):
    write_comparison(three, tmp_path / "a")
    write_comparison(Comparison(three.results), tmp_path / "b")
    found = digests(tmp_path / "a")
    assert found == digests(tmp_path / "b")
    figures = ["differences-1", "differences-2", "groups-1", "groups-2", "cost"]
    assert {f"{name}.{suffix}" for name in figures for suffix in ("png", "svg", "txt")} < set(found)
    for name in figures:
        words = (tmp_path / "a" / f"{name}.txt").read_text()
        assert words.splitlines()[0].endswith("?") and "Synthetic: for differences, not forecasts." in words
        assert "Synthetic: for differences, not forecasts." in (tmp_path / "a" / f"{name}.svg").read_text()
    assert (tmp_path / "a" / "comparison.txt").read_text().splitlines()[-1] == attribution_statement()
    drawn = (tmp_path / "a" / "differences-1.svg").read_text()
    assert "percentage points" in drawn and "thousand pounds a week" in drawn and "per cent<" not in drawn
    table = pd.read_csv(tmp_path / "a" / "comparison.csv")
    assert len(table) == 2 * len(OUTCOMES)
    row = table[(table.scenario == "Block") & (table.outcome == "scrqol")].iloc[0]
    assert row.difference == pytest.approx(three.pair("Block", "scrqol").difference, rel=1e-6)
    shares = pd.read_csv(tmp_path / "a" / "acceptability.csv")
    assert shares.drop(columns=shares.columns[0]).sum(axis=1).to_list() == pytest.approx([1.0] * len(shares))


def test_words_of_a_figure_tell_every_outcome_that_is_drawn(three):
    words = differences_words(three, "Block")
    drawn = [name for name in SHOWN if math.isfinite(three.pair("Block", name).in_spreads[0])]
    assert len(drawn) > 15
    assert sum(line.startswith("* ") for line in words) >= len(drawn)
    said = [text.get_text() for text in differences_figure(three, "Block").texts]
    assert words[1] in said and words[1].startswith(f"Of {sum(line.startswith('* ') for line in words)} main outcomes")
    assert any("for a SCRQoL point-year" in line for line in cost_words(three))
    assert set(SHOWN) <= set(OUTCOMES)


def test_an_outcome_without_a_spread_is_named_and_not_drawn(three):
    found = Comparison(three.results)
    found._pairs["Block", "need_met"] = replace(found.pair("Block", "need_met"), spread=0.0)
    figure = differences_figure(found, "Block")
    said = [text.get_text() for text in figure.texts]
    assert any(line.startswith("Not drawn, as Hamlet has one value on all seeds: Need met: ") for line in said)
    assert "Need met" not in [text.get_text() for text in figure.axes[0].texts]
    assert differences_words(found, "Block")[1] == differences_words(three, "Block")[1] in said


def test_a_run_that_is_not_there_is_told_and_left_out(three, tmp_path):
    store = shutil.copytree(three.results.store.folder, tmp_path / "store")
    results = hc.run_many({"Hamlet": ("hamlet", ["weeks=4"]), "Block": (*BLOCK[:1], [*BLOCK[1], "weeks=4"])}, 2,
                          store=store, processes=1)
    assert results.tally.found == 4
    gone = [run for run in results.runs if run.label == "Block" and run.seed == 2]
    results.store.forget(gone[0].key)
    found = Comparison(results)
    assert found.lost == ["Block, seed 2: missing"]
    assert found.pair("Block", "scrqol").seeds == 1


def test_a_run_that_failed_is_told_with_its_reason(tmp_path):
    too_fine = ["policy.contracting.kind=block", "policy.contracting.zones=20", "weeks=1"]
    asked = {"Hamlet": ("hamlet", ["weeks=1"]), "Too fine": ("hamlet", too_fine)}
    found = Comparison(hc.run_many(asked, 1, store=tmp_path, processes=1))
    assert len(found.lost) == 1
    assert found.lost[0].startswith("Too fine, seed 1: failed: Rutland at scale 0.4 has 9 small areas, too few for 20")


def test_what_differs_and_which_weeks_are_left_out_is_told(tmp_path):
    dated = tmp_path / "dated.yaml"
    dated.write_text("extends: hamlet\nname: Dated\nweeks: 20\npolicy: {contracting: {kind: block}}\n"
                     "changes: [{week: 15, policy: {commissioner: {fee_ratio: 1.1}}}]\n"
                     "shocks: [{kind: pandemic, week: 2, weeks: 9}]\n")
    found = hc.compare("hamlet", str(dated), seeds=1, weeks=20, store=tmp_path / "store", processes=1)
    (line,) = difference_lines(found)
    assert line == ("Dated: policy.contracting block for spot; policy.commissioner.fee_ratio 1.1 for 1.0 from week 15; "
                    "pandemic in weeks 2 to 10.")
    assert weeks_compared(found) == (10, 19)
    assert left_out(found) == [
        "Mind: 5 of the 10 weeks compared lie before the change of commissioner in week 15; see --window 15:19.",
        "Mind: only 1 of the weeks compared lie in the pandemic of weeks 2 to 10; see --window 2:10.",
    ]
    assert set(left_out(found)) < set(about(found))
    assert left_out(Comparison(found.results, window=(15, 19)))[0].startswith("Mind: none of the weeks compared lie in")
    early = Comparison(found.results, window=(2, 10))
    assert left_out(early) == [
        "Mind: all weeks compared lie before the change of commissioner in week 15; see --window 15:19."]
    assert "not the window asked for" in group_lines(early, "Dated")[0]
    assert "not the window" not in group_lines(found, "Dated")[0]
    assert "not the window" not in group_lines(Comparison(found.results, window=(7, 19)), "Dated")[0]
    (back,) = difference_lines(Comparison(found.results, "Dated"))
    assert back.startswith("Hamlet: policy.contracting spot for block; without policy.commissioner.fee_ratio 1.1")


def test_the_main_outcomes_are_told_whether_clear_or_not(three):
    said = "\n".join(page(three, "Block"))
    assert all(f"  {title(name)}: " in said for name in MAIN)
    assert "2 seeds" in about(three)[0] and "pounds, people and hours are of that part" in about(three)[0]
    assert len(page(three, "Block", every=True)) > len(page(three, "Block"))


def test_a_comparison_and_a_run_do_not_replace_each_other(three, tmp_path):
    write_comparison(three, tmp_path / "both")
    before = digests(tmp_path / "both")
    write_comparison(three, tmp_path / "both")
    assert digests(tmp_path / "both") == before
    said = json.loads((tmp_path / "both" / "provenance.json").read_text())
    assert said["files"] == sorted(set(before) - {"provenance.json"})
    assert said["comparison"] == {"reference": "Hamlet", "others": ["Block", "Outcome plans"], "window": None}
    with pytest.raises(ScenarioError, match="a comparison is there, and this is a run"):
        hc.run("hamlet", weeks=1, out=tmp_path / "both")
    assert digests(tmp_path / "both") == before
    hc.run("hamlet", weeks=1, out=tmp_path / "run")
    before = digests(tmp_path / "run")
    with pytest.raises(ScenarioError, match="a run is there, and this is a comparison"):
        write_comparison(three, tmp_path / "run")
    said = CliRunner().invoke(app, ["compare", "hamlet", "baseline", "--out", str(tmp_path / "run")])
    assert said.exit_code == 2 and "a run is there" in said.output
    assert digests(tmp_path / "run") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["both", "run"]


def test_the_command_writes_a_folder(tmp_path):
    out = tmp_path / "out"
    words = ["compare", "hamlet", "hamlet", "--seeds", "1", "--weeks", "2", "--out", str(out), "--store",
             str(tmp_path / "store"), "--processes", "1"]
    other = tmp_path / "block.yaml"
    other.write_text("extends: hamlet\nname: Block\npolicy:\n  contracting: {kind: block}\n")
    words[2] = str(other)
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert "a single pair has no interval" in (out / "comparison.txt").read_text()
    assert (out / "differences.png").is_file() and f"tables and figures: {out}" in said.output
    (tmp_path / "file").write_text("")
    for bad, why in (("file", "file is a file"), ("x" * 300, "cannot be written to")):
        refused = CliRunner().invoke(app, [*words, "--out", str(tmp_path / bad), "--json"])
        assert refused.exit_code == 2 and why in json.loads(refused.stdout)["faults"][0]["message"]
