"""Sensitivity and enough runs: known functions through the same path as the market, and the commands."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from homecare.cli import app
from homecare.compare_pairs import seeds_needed
from homecare.enough import enough, enough_lines, mser
from homecare.scenario import ScenarioError
from homecare.sensitivity_export import experiments_and_outcomes
from homecare.sensitivity_methods import analyse, partial_rank_correlations, runs_of, sample
from homecare.sensitivity_study import ranked, sensitivity, study, sweep_of_names
from homecare.sensitivity_words import study_lines, write_study
from homecare.sweep import run_many
from homecare.sweep_terms import Factor

WAGE, CALLS = "policy.labour.wage_floor", "policy.contracting.calls_per_request"
FACTORS = [Factor(f"uncertainty.x{i}", "uncertainty", low=-math.pi, high=math.pi) for i in (1, 2, 3)]


def ishigami(points):
    """Ishigami and Homma's function with a = 7, b = 0.1, whose Sobol indices are known."""
    x = np.array([[point[factor.path] for factor in FACTORS] for point in points]).T
    return {"y": np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])}


def linear(points):
    """Four times the first, minus two times the second; the third does nothing."""
    x = np.array([list(point.values()) for point in points]).T
    return {"y": 4.0 * x[0] - 2.0 * x[1]}


# ---- known answers ----------------------------------------------------------------------------------------


def test_sobol_indices_of_ishigami():
    """Exact: variance a**2/8 + b*pi**4/5 + b**2*pi**8/18 + 1/2, split as Ishigami and Homma (1990) work it out."""
    a, b = 7.0, 0.1
    v1, v2 = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a * a / 8
    v13 = b * b * math.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    found = study(FACTORS, "sobol", 1024, ishigami).table
    assert found.value.to_numpy() == pytest.approx([v1 / total, v2 / total, 0.0], abs=0.03)
    assert found.total.to_numpy() == pytest.approx([(v1 + v13) / total, v2 / total, v13 / total], abs=0.03)
    exact = [v1 / total, v2 / total, 0.0]
    assert ((found.low <= exact) & (exact <= found.high)).all()


def test_morris_effects_of_a_straight_line_are_its_slopes_over_the_range():
    found = study(FACTORS, "morris", 6, linear).table
    # Factors are rounded to six digits, so slopes are not exact.
    assert found.value.to_numpy() == pytest.approx([8 * math.pi, 4 * math.pi, 0.0], rel=1e-4, abs=1e-9)
    assert found.spread.to_numpy() == pytest.approx([0.0, 0.0, 0.0], abs=1e-3)
    assert ranked(found, "y") == [factor.path for factor in FACTORS]


def test_partial_correlations_see_through_what_others_do():
    shares = sample("correlations", 3, 200, seed=3)
    r = partial_rank_correlations(shares, 5.0 * shares[:, 0] - 0.2 * shares[:, 1] + 0.01 * shares[:, 2])
    assert r[0] > 0.99 and r[1] < -0.5 and abs(r[2]) < 0.2
    # By hand: with one other factor, from the three correlations of ranks.
    few = sample("correlations", 2, 30, seed=4)
    y = few[:, 0] + np.sin(9.0 * few[:, 1])
    ranks = np.array([pd.Series(v).rank() for v in (few[:, 0], few[:, 1], y)])
    c = np.corrcoef(ranks)
    hand = (c[0, 2] - c[0, 1] * c[1, 2]) / math.sqrt((1 - c[0, 1] ** 2) * (1 - c[1, 2] ** 2))
    assert partial_rank_correlations(few, y)[0] == pytest.approx(hand, abs=1e-9)
    table = analyse("correlations", ["a", "b"], few, y)
    assert table.low[0] < hand < table.high[0]
    assert math.isnan(partial_rank_correlations(np.column_stack([few[:, 0], np.full(30, 0.5)]), y)[1])


def test_an_outcome_that_never_moves_has_no_factors():
    for method, n in (("morris", 4), ("sobol", 8), ("correlations", 16)):
        found = study(FACTORS, method, n, lambda points: {"y": np.full(len(points), 3.0)})
        assert (found.table.value == 0.0).all()
        assert len(found.points) == runs_of(method, 3, n)


@pytest.mark.parametrize("method,n,message", [
    ("sobol", 12, "power of two"), ("morris", 1, "at least 2"), ("correlations", 4, "at least 7"),
    ("guess", 8, "no method"),
])
def test_a_wrong_size_or_method_is_refused(method, n, message):
    with pytest.raises(ValueError, match=message):
        study(FACTORS, method, n, ishigami)


def test_a_missing_value_is_refused_and_no_factor_too():
    with pytest.raises(ValueError, match="1 of 8 points have no value"):
        analyse("morris", ["a"], np.zeros((8, 1)), np.array([math.nan, *range(7)]))
    with pytest.raises(ValueError, match="one value a point"):
        analyse("morris", ["a"], np.zeros((8, 1)), np.zeros(7))
    with pytest.raises(ValueError, match="at least one factor"):
        study([], "morris", 4, ishigami)


# ---- of the market ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tornado(tmp_path_factory):
    """Hamlet with each of two levers at its ends, on two seeds."""
    sweep = sweep_of_names("hamlet", [WAGE, CALLS], seeds=(1, 2), outcomes=["scrqol", "effective_wage"])
    return sensitivity(sweep, "tornado", out=tmp_path_factory.mktemp("tornado") / "runs", processes=2)


def test_a_tornado_is_of_paired_differences_from_the_base(tornado, tmp_path):
    table = tornado.table
    assert len(table) == 2 * 2 * 2 and len(tornado.points) == 5
    runs = run_many({"now": "hamlet", "high": ("hamlet", [f"{WAGE}={tornado.factors[0].high}"])}, 2, store=tmp_path,
                    processes=1).frame(outcomes=["effective_wage"])
    apart = [float(rows[rows.label == "high"].effective_wage.iloc[0] - rows[rows.label == "now"].effective_wage.iloc[0])
             for _, rows in runs.groupby("seed")]
    row = table[(table.series == "effective_wage") & (table.factor == WAGE) & (table.measure == "high end")].iloc[0]
    assert row.value == pytest.approx(np.mean(apart), abs=1e-12) and row.low < row.value < row.high
    assert ranked(table, "effective_wage")[0] == WAGE


def test_a_study_is_written_as_tables_words_and_a_figure(tornado, tmp_path):
    write_study(tornado, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"sensitivity.csv", "experiments.csv", "outcomes.csv", "sensitivity.txt", "tornado-figure.png",
            "tornado-figure.svg", "tornado-figure.txt"} == names
    assert len(pd.read_csv(tmp_path / "experiments.csv")) == len(pd.read_csv(tmp_path / "outcomes.csv")) == 5
    words = (tmp_path / "tornado-figure.txt").read_text()
    assert "Synthetic: for differences, not forecasts." in words and words.splitlines()[0].endswith("?")
    assert any(WAGE in line for line in study_lines(tornado))


def test_names_that_are_none_are_all_told():
    with pytest.raises(ScenarioError) as caught:
        sweep_of_names("hamlet", ["policy.labour.wage_flor", WAGE], outcomes=["scrqul"])
    assert len(caught.value.faults) == 2 and "wage_floor" in str(caught.value)


def test_the_command_of_sensitivity(tmp_path):
    said = CliRunner().invoke(app, ["sensitivity", "hamlet", "--factor", WAGE, "--factor", CALLS, "--n", "2", "--set",
                                    "weeks=2", "--outcome", "wage", "--out", str(tmp_path / "out"), "--processes", "1",
                                    "--json"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["points"] == 6 and [row["factor"] for row in told["table"]] == [WAGE, CALLS]
    assert (tmp_path / "out" / "morris-figure.png").is_file()


@pytest.mark.parametrize("words,message", [
    (["hamlet", "--method", "guess"], "one of morris"),
    (["hamlet", "--outcome", "scrqol"], "go with --factor"),
    (["hamlet", "--factor", WAGE, "--method", "sobol", "--n", "6"], "power of two"),
])
def test_a_wrong_question_ends_with_one_message(words, message, tmp_path):
    said = CliRunner().invoke(app, ["sensitivity", *words, "--out", str(tmp_path / "out")])
    assert said.exit_code == 2 and message in said.output


def test_the_pages_example_runs(root, tmp_path, monkeypatch):
    """Experiments, outcomes and PRIM, as docs/sensitivity.md has them."""
    page = (root / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(compile(code, "sensitivity.md", "exec"), names)
    x, outcomes = names["experiments"], names["outcomes"]
    assert len(x) == len(outcomes["effective_wage"]) == 32 and list(x.columns) == [CALLS, WAGE]
    box = names["box"].inspect(style="data")[0][0]
    assert 0.0 < box["coverage"] <= 1.0 and box["density"] >= names["well_paid"].mean()
    assert WAGE in names["limits"].index


def test_nothing_varied_cannot_be_exported(tmp_path):
    results = run_many(["hamlet"], 1, store=tmp_path, processes=1)
    with pytest.raises(ValueError, match="nothing was varied"):
        experiments_and_outcomes(results, ["scrqol"])


# ---- enough runs ------------------------------------------------------------------------------------------


def test_seeds_are_added_until_the_interval_is_narrow_enough(tmp_path):
    loose = enough("hamlet", half_width={"scrqol": 5.0}, weeks=2, first=2, most=4, store=tmp_path, processes=1)
    assert (loose.seeds, loose.reached, len(loose.steps)) == (2, True, 1)
    tight = enough("hamlet", half_width={"scrqol": 1e-6}, weeks=2, first=2, most=4, store=tmp_path, processes=1)
    assert (tight.seeds, tight.reached) == (4, False)
    assert [step.seeds for step in tight.steps] == [2, 4]
    values = [tight.results.weekly("Hamlet", seed)["scrqol"].iloc[1:].mean() for seed in (1, 2, 3, 4)]
    assert tight.steps[-1].mean == pytest.approx(np.mean(values), abs=1e-12)
    assert tight.steps[-1].half_width == pytest.approx(3.182446305 * np.std(values, ddof=1) / 2.0, rel=1e-6)
    assert "Not reached with 4 seeds." in enough_lines(tight)
    wider = replace(tight.steps[-1], wanted=tight.steps[-1].half_width / 2.0)
    (line,) = [line for line in enough_lines(replace(tight, steps=(wider,))) if "not yet" in line]
    assert line.endswith(f"not yet, about {seeds_needed(float(np.std(values, ddof=1)), wider.wanted)} seeds")


@pytest.mark.parametrize("settings,message", [
    ({"half_width": {}}, "name an outcome"),
    ({"half_width": {"scrqul": 1.0}}, "no outcome 'scrqul'"),
    ({"half_width": {"scrqol": 0.0}}, "above zero"),
    ({"half_width": {"scrqol": 1.0}, "first": 1}, "begin at 2"),
])
def test_what_cannot_be_enough_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        enough("hamlet", **settings)


def test_mser_leaves_out_what_has_not_settled():
    luck = np.random.default_rng(5).normal(0.0, 1.0, 400)
    assert mser(luck) <= 60
    warming = luck + np.where(np.arange(400) < 80, 20.0, 0.0)
    assert 80 <= mser(warming) <= 140
    assert mser(np.arange(100.0)) is None  # still moving
    assert mser(np.arange(15.0)) is None  # too short
    assert mser(np.array([*luck[:50], math.nan])) is None


def test_mser_by_hand():
    """Four batches of 9, 1, 2, 1: leaving out one gives (1/9 + 4/9 + 1/9) / 9, the least of those that leave two."""
    assert mser(np.repeat([9.0, 1.0, 2.0, 1.0, 2.0, 1.0], 5)) == 5


def test_the_command_of_enough(tmp_path):
    words = ["enough", "hamlet", "--half-width", "scrqol=5", "--weeks", "2", "--first", "2", "--processes", "1",
             "--store", str(tmp_path / "store")]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0 and "2 seeds are enough." in said.output and "MSER-5" in said.output
    assert json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["warm_up_weeks"] == {"scrqol": None}
    assert CliRunner().invoke(app, ["enough", "hamlet"]).exit_code == 2
    narrow = CliRunner().invoke(app, [*words, "--half-width", "scrqol=1e-9", "--most", "2"])
    assert narrow.exit_code == 1
