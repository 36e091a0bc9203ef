"""Comparison over draws: a pair shares a draw, a value is the mean over its seeds."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from homecare.cli import app
from homecare.compare_draws import DrawsComparison, FactorComparison, kept_where
from homecare.compare_groups import by_group
from homecare.compare_words import about, page
from homecare.sweep_drive import Run, Tally
from homecare.sweep_folder import results_of
from homecare.sweep_make import run_sweep
from homecare.sweep_results import Results

KIND, WAGE = "policy.contracting.kind", "policy.labour.wage_floor"
TEXT = f"""name: Draws
base: hamlet
weeks: 4
factors:
  {KIND}: [spot, block]
  {WAGE}: [12.21, 13.0, 14.0]
seeds: 2
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Two ways of buying under three wage floors on two seeds."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "draws.yaml").write_text(TEXT)
    return run_sweep(folder / "draws.yaml", folder / "runs", processes=2).results


def test_a_pair_is_a_draw_and_its_value_the_mean_over_seeds(swept):
    found = DrawsComparison(swept, KIND)
    assert (found.reference, found.others, found.lost) == ("spot", ["block"], [])
    assert list(found.draws.values()) == [{WAGE: 12.21}, {WAGE: 13.0}, {WAGE: 14.0}]
    frame = swept.frame(outcomes=["agency_margin"])
    apart = []
    for floor in (12.21, 13.0, 14.0):
        rows = frame[frame[WAGE] == floor]
        means = [rows[rows[KIND] == kind].agency_margin.mean() for kind in ("spot", "block")]
        apart.append(means[1] - means[0])
    pair = found.pair("block", "agency_margin")
    assert pair.seeds == 3 and pair.difference == pytest.approx(np.mean(apart), abs=1e-12)
    assert pair.deviation == pytest.approx(np.std(apart, ddof=1), abs=1e-12)
    said = "\n".join([*about(found), *page(found, "block", every=True)])
    assert "on 3 draws" in said and "of 3 draws" in said and "seeds" not in said


def test_another_factor_and_another_reference(swept):
    found = DrawsComparison(swept, WAGE, reference=13.0)
    assert (found.reference, sorted(found.others)) == ("13.0", ["12.21", "14.0"])
    assert found.pair("14.0", "wage").seeds == 2 and found.pair("14.0", "wage").difference > 0.0


def test_groups_are_of_draws_too(swept):
    table = by_group(DrawsComparison(swept, KIND))
    row = table[(table.measure == "served") & (table.group == "everybody")].iloc[0]
    assert row.seeds == 3 and row.reference > 10.0


def test_a_factor_that_is_none_is_refused(swept):
    with pytest.raises(ValueError, match="no factor of every run; there are policy.contracting.kind, policy.labour"):
        DrawsComparison(swept, "policy.payment.kind")


def test_only_levers_vary_so_a_pair_is_a_seed_and_a_value_the_mean_over_the_other_lever(swept):
    found = FactorComparison(results_of(swept.store.folder), KIND)
    assert (found.reference, found.others, found.of, found.draws) == ("spot", ["block"], "seeds", {})
    frame = swept.frame(outcomes=["agency_margin"])
    means = frame.groupby([KIND, "seed"]).agency_margin.mean()
    pair = found.pair("block", "agency_margin")
    assert pair.seeds == 2
    assert pair.difference == pytest.approx((means["block"] - means["spot"]).mean(), abs=1e-12)


def test_where_something_unknown_varies_a_pair_is_a_draw_of_it(tmp_path):
    file = tmp_path / "unknown.yaml"
    file.write_text(f"""name: Unknown
base: hamlet
weeks: 2
factors:
  {KIND}: [spot, block]
  {WAGE}: [12.21, 14.0]
  uncertainty.delivery.free_gap: [20, 30]
""")
    run_sweep(file, tmp_path / "runs", processes=2)
    found = FactorComparison(results_of(tmp_path / "runs"), KIND)
    assert found.of == "draws" and len(found.draws) == 2 and found.pair("block", "wage").seeds == 2
    assert list(found.draws[1]) == ["uncertainty.delivery.free_gap"]


def test_the_command_compares_a_folder(swept, tmp_path):
    def call(*words: str):
        return CliRunner().invoke(app, ["results", "compare", str(swept.store.folder), *words])

    said = call("--factor", KIND, "--where", f"{WAGE}=13", "--json")
    assert said.exit_code == 0, said.output
    told = json.loads(said.output)
    by_hand = swept.frame(outcomes=["agency_margin"])
    by_hand = by_hand[by_hand[WAGE] == 13.0].groupby(KIND).agency_margin.mean()
    row = next(row for row in told["outcomes"] if row["outcome"] == "agency_margin")
    assert (told["reference"], row["seeds"]) == ("spot", 2)
    assert row["difference"] == pytest.approx(by_hand["block"] - by_hand["spot"], abs=1e-12)
    said = call("--factor", KIND, "--reference", "block", "--out", str(tmp_path / "out"))
    assert said.exit_code == 0, said.output
    assert "spot against block" in said.output and "hamlet, scale" not in said.output
    assert (tmp_path / "out" / "differences.png").is_file()


@pytest.mark.parametrize(("words", "answer"), [
    (("--factor", "policy.payment.kind"), "policy.payment.kind is no factor of every run; there are policy.contracting"),
    (("--factor", KIND, "--reference", "lead"), "there is no scenario 'lead'; there are spot, block"),
    (("--factor", KIND, "--where", f"{WAGE}=9"), f"no run has {WAGE}=9; {WAGE} is 12.21, 13.0, 14.0"),
    (("--factor", KIND, "--where", "scarce"), "a factor and a value are wanted here"),
    (("--factor", KIND, "--where", "policy.payment.kind=x"), "policy.payment.kind is no factor of these runs"),
    (("--factor", KIND, "--where", f"{KIND}=spot"), "a comparison needs two scenarios that differ"),
])
def test_what_cannot_be_compared_is_said_with_exit_code_2(swept, words, answer):
    said = CliRunner().invoke(app, ["results", "compare", str(swept.store.folder), *words])
    assert said.exit_code == 2 and answer in said.output and "Traceback" not in said.output


def test_a_mapping_is_called_by_its_kind():
    texts = ['{"kind": "zero_hours"}', '{"kind": "guaranteed_hours", "required_share": 0.8}']
    runs = [Run(f"k{i}", f"r{i}", 1, "", None, (("policy.employment", text),)) for i, text in enumerate(texts)]
    kept = kept_where(Results(None, runs, Tally()), ["policy.employment.required_share=0.8"])
    assert [run.key for run in kept.runs] == ["k1"]
    with pytest.raises(ValueError, match="policy.employment.kind is zero hours, guaranteed hours"):
        kept_where(Results(None, runs, Tally()), ["policy.employment.kind=shifts"])


def test_the_pages_python_runs(root, tmp_path, monkeypatch, capsys):
    page = (root / "docs" / "compare.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 2
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "compare.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert "of 3 seeds" in first and "of 3 draws" in second
