"""Comparison over draws: a pair shares a draw, a value is the mean over its seeds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from homecare.compare_draws import DrawsComparison
from homecare.compare_groups import by_group
from homecare.compare_words import about, page
from homecare.sweep_make import run_sweep

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


def test_the_pages_python_runs(root, tmp_path, monkeypatch, capsys):
    page = (root / "docs" / "compare.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 2
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "compare.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert "of 3 seeds" in first and "of 3 draws" in second
