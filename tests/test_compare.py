"""Comparison: differences by hand, who gains, cost against quality, and what the command says."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import homecare as hc
from homecare.cli import app
from homecare.compare_cost import WEEKS_A_YEAR, acceptability, cost_and_quality, cost_lines
from homecare.compare_figure_cost import cost_figure
from homecare.compare_groups import by_group, group_lines
from homecare.compare_pairs import interval, pair, seeds_needed, variance_ratio
from homecare.compare_runs import Comparison
from homecare.compare_words import MAIN, WIDEST_RATIO, ends, page, ratio_said, sentence
from homecare.outcomes import OUTCOMES
from homecare.outcomes_groups import GROUPS, MEASURES, ByGroup, codes

BLOCK = ("hamlet", ["name=Block", "policy.contracting.kind=block"])


@pytest.fixture(scope="module")
def hamlets(tmp_path_factory):
    """Hamlet and hamlet with block contracts on three seeds."""
    store = tmp_path_factory.mktemp("compared")
    return hc.compare("hamlet", BLOCK, seeds=3, store=store, processes=2)


# ---- by hand ----------------------------------------------------------------------------------------------


def test_paired_differences_by_hand():
    """Four seeds: differences 1, 2, 3, 6 have mean 3 and variance 14/3; t of 3 degrees of freedom is 3.1824."""
    found = pair(np.array([10.0, 20.0, 30.0, 40.0]), np.array([11.0, 22.0, 33.0, 46.0]), "higher")
    assert (found.seeds, found.reference, found.mean, found.difference) == (4, 25.0, 28.0, 3.0)
    assert found.deviation == pytest.approx(math.sqrt(14.0 / 3.0), abs=1e-12)
    half = 3.182446305284263 * math.sqrt(14.0 / 3.0) / 2.0
    assert (found.low, found.high) == (pytest.approx(3.0 - half), pytest.approx(3.0 + half))
    assert not found.clear
    # Variances: 500/3 of the one, 650/3 of the other (squares 289, 36, 25, 324 over 3 less 24/3).
    assert found.variance_ratio == pytest.approx((500.0 + np.var([11, 22, 33, 46]) * 4) / 14.0)
    assert found.better_share == found.higher_share == 1.0


@pytest.mark.parametrize("better,share", [("higher", 0.625), ("lower", 0.375), ("neither", math.nan)])
def test_share_of_seeds_better_counts_ties_half(better, share):
    found = pair(np.zeros(4), np.array([1.0, 2.0, -1.0, 0.0]), better)
    assert found.better_share == pytest.approx(share, nan_ok=True)
    word = "in 1 of 4 seeds, the same in 1" if better == "lower" else "in 2 of 4 seeds, the same in 1"
    assert word in sentence({"higher": "scrqol", "lower": "missed_visits", "neither": "rural_gap"}[better], found)


def test_a_seed_without_a_value_is_no_pair():
    found = pair(np.array([1.0, math.nan, 3.0]), np.array([2.0, 5.0, math.nan]))
    assert (found.seeds, found.difference) == (1, 1.0)
    assert math.isnan(found.low) and not found.clear
    assert "a single pair has no interval" in sentence("scrqol", found)
    assert "no value in both" in sentence("scrqol", pair(np.full(2, math.nan), np.zeros(2)))


def test_values_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one value of each scenario a seed"):
        pair(np.zeros(2), np.zeros(3))


def test_an_interval_holds_the_truth_as_often_as_it_says():
    values = np.random.default_rng(1).normal(0.0, 1.0, (4000, 6))
    ends = [interval(row)[1:3] for row in values]
    covered = np.mean([low <= 0.0 <= high for low, high in ends])
    assert 0.94 < covered < 0.96


def test_seeds_needed_is_the_least_that_is_enough():
    for deviation, half in ((1.0, 0.5), (0.2, 0.001), (3.0, 100.0)):
        n = seeds_needed(deviation, half)
        widths = [interval(np.array([0.0]))]  # one value has no interval
        assert math.isnan(widths[0][1])
        from homecare.compare_pairs import t_quantile

        assert t_quantile(n) * deviation / math.sqrt(n) <= half
        assert n == 2 or t_quantile(n - 1) * deviation / math.sqrt(n - 1) > half
    assert seeds_needed(math.nan, 1.0) is None and seeds_needed(1.0, 1e-9) is None
    with pytest.raises(ValueError, match="above zero"):
        seeds_needed(1.0, 0.0)


def test_variance_ratio_of_known_worlds():
    luck = np.random.default_rng(2)
    shared, own_a, own_b = luck.normal(0, 3, 5000), luck.normal(0, 1, 5000), luck.normal(0, 1, 5000)
    assert variance_ratio(own_a[:1000], own_b[:1000])[0] == pytest.approx(1.0, abs=0.15)
    ratio, low, high = variance_ratio((shared + own_a)[:400], (shared + own_b)[:400])
    assert low < 10.0 < high and low < ratio < high  # (9 + 1 + 9 + 1) / (1 + 1)
    assert variance_ratio(shared[:5], shared[:5] + 2.0)[0] == math.inf
    assert math.isnan(variance_ratio(np.ones(5), np.ones(5))[0])


# ---- of runs ----------------------------------------------------------------------------------------------


def test_the_first_named_is_the_reference_and_differences_are_of_means_over_the_window(hamlets):
    assert (hamlets.reference, hamlets.others, hamlets.lost) == ("Hamlet", ["Block"], [])
    a = [hamlets.results.weekly("Hamlet", seed)["scrqol"][4:8].mean() for seed in (1, 2, 3)]
    b = [hamlets.results.weekly("Block", seed)["scrqol"][4:8].mean() for seed in (1, 2, 3)]
    assert hamlets.pair("Block", "scrqol").difference == pytest.approx(np.mean(b) - np.mean(a), abs=1e-12)
    turned = Comparison(hamlets.results, "Block", window=(0, 0))
    first = [hamlets.results.weekly(label, 1)["scrqol"][0] for label in ("Block", "Hamlet")]
    assert turned.values("Block", "scrqol")[1] == first[0] and turned.others == ["Hamlet"]


def test_the_table_has_a_row_an_outcome_and_a_sentence_each(hamlets):
    table = hamlets.table({"scrqol": 0.05})
    assert list(table.outcome) == list(OUTCOMES) and set(table.scenario) == {"Block"}
    row = table[table.outcome == "scrqol"].iloc[0]
    assert row.half_width == 0.05
    assert row.seeds_needed == seeds_needed(row.deviation, 0.05)
    sentences = hamlets.sentences("Block")
    assert len(sentences) == len(OUTCOMES)
    assert all(said.endswith(".") and "nan" not in said.lower() for said in sentences)
    with pytest.raises(ValueError, match="there is no outcome 'scrqul'"):
        hamlets.table({"scrqul": 1.0})
    with pytest.raises(ValueError, match="above zero"):
        hamlets.table(0.0)


def test_a_scenario_against_itself_differs_in_nothing(tmp_path):
    same = hc.compare("hamlet", ("hamlet", ["name=Again"]), seeds=2, weeks=2, store=tmp_path, processes=1)
    found = [same.pair("Again", name) for name in OUTCOMES]
    assert sum(one.seeds == 2 for one in found) > 50
    assert all(one.difference == 0.0 == one.deviation for one in found if one.seeds == 2)
    assert "exactly the same on all 2 seeds" in same.sentences("Again", ["scrqol"])[0]
    told = [line for line in page(same, "Again")[1:-2] if line.startswith("  ")]
    assert len(told) == len(MAIN) and all("exactly the same" in line for line in told)  # nothing is clear
    groups = by_group(same)
    assert (groups[groups.seeds > 0].difference == 0.0).all()


@pytest.mark.parametrize("scenarios,settings,message", [
    (["hamlet"], {}, "at least two"),
    (["hamlet", "baseline"], {"weeks": 4}, "area Rutland of Hamlet"),
    (["hamlet", "hamlet"], {}, "two scenarios are called 'Hamlet'"),
    (["hamlet", BLOCK], {"window": (4, 8)}, "no part of a run of 8 weeks"),
])
def test_what_cannot_be_compared_is_refused_before_anything_runs(scenarios, settings, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        hc.compare(*scenarios, store=tmp_path / "none", **settings)
    assert not (tmp_path / "none").exists()


# ---- groups of people -------------------------------------------------------------------------------------


def test_groups_by_hand(hamlet):
    """Two weeks of hamlet, added up by plain loops."""
    groups = ByGroup(2)
    sums = {}
    for _ in range(2):
        hamlet.step()
        groups.note(hamlet)
        u = hamlet.service_users
        for row in np.flatnonzero(u.alive):
            for kind, code in codes(u, np.array([row])).items():
                here = sums.setdefault((kind, GROUPS[kind][int(code[0])]), {"served": 0, "scrqol": 0.0, "waiting": 0})
                here["served"] += int(u.state[row] == 2)
                here["scrqol"] += float(u.scrqol[row]) if u.state[row] == 2 else 0.0
                here["waiting"] += int(u.state[row] == 1)
    rows = {(row["kind"], row["group"]): row for row in groups.rows()}
    assert sum(here["served"] for here in sums.values()) > 0
    for place, here in sums.items():
        if here["served"]:
            assert rows[place]["scrqol"] == pytest.approx(here["scrqol"] / here["served"], abs=1e-8)
        assert rows[place]["served"] == here["served"] / 2
    whole = rows["everybody", "everybody"]
    for kind, names in GROUPS.items():
        assert sum(rows[kind, name]["served"] for name in names) == whole["served"]
    assert whole["need_met"] == pytest.approx(hamlet.weekly["need_met"].iloc[-1], abs=0.05)


def test_ages_and_tenths_fall_into_their_groups():
    class People:
        age = np.array([64.9, 65.0, 84.9, 85.0])
        rural = np.array([True, False, False, True])
        imd_decile = np.array([1, 3, 4, 8], np.int8)
        route = np.array([0, 1, 2, 0], np.int8)

    found = codes(People, np.arange(4))
    assert [GROUPS["age"][code] for code in found["age"]] == ["under 65", "65 to 74", "75 to 84", "85 and over"]
    assert found["deprivation"].tolist() == [0, 0, 1, 2]
    assert found["place"].tolist() == [1, 0, 0, 1] and found["who pays"].tolist() == [0, 1, 2, 0]


def test_only_the_last_quarter_counts():
    assert [week for week in range(-3, 20) if ByGroup(20).counts(week)] == list(range(7, 20))
    assert [week for week in range(-3, 8) if ByGroup(8).counts(week)] == list(range(8))


def test_who_gains_is_paired_by_seed(hamlets):
    table = by_group(hamlets)
    assert len(table) == len(MEASURES) * sum(len(names) for names in GROUPS.values())
    row = table[(table.measure == "scrqol") & (table.group == "everybody")].iloc[0]
    runs = {(label, seed): rows for label, seed, rows in (
        (run.label, run.seed, hamlets.results.store.by_group(run.key)) for run in hamlets.results.runs)}
    apart = [runs["Block", seed][0]["scrqol"] - runs["Hamlet", seed][0]["scrqol"] for seed in (1, 2, 3)]
    assert row.difference == pytest.approx(np.mean(apart), abs=1e-12)
    assert len(group_lines(hamlets, "Block")) == 1 + sum(len(names) for names in GROUPS.values())


# ---- cost against quality ---------------------------------------------------------------------------------


def test_acceptability_by_hand():
    """Two seeds: +1 point for 500 pounds, and +1 for 1,500: at 1,000 pounds a point half of the seeds favour it."""
    table = pd.DataFrame({
        "scenario": ["now", "now", "block", "block"], "seed": [1, 2, 1, 2],
        "cost": [10_000.0, 10_000.0, 10_500.0, 11_500.0], "scrqol": [17.0, 17.0, 18.0, 18.0],
    })
    found = acceptability(table, (0.0, 1000.0, 1500.0, 2000.0))
    assert found["block"].tolist() == [0.0, 0.5, 0.75, 1.0]  # at 1,500 the second seed is a tie
    assert (found.sum(axis=1) == 1.0).all()
    with pytest.raises(ValueError, match="no seed"):
        acceptability(table.iloc[:0])
    with pytest.raises(ValueError, match="zero or more"):
        acceptability(table, (-1.0,))


def test_cost_is_a_year_of_a_person_served(hamlets):
    table = cost_and_quality(hamlets)
    assert len(table) == 6
    spend, served = (hamlets.values("Block", name) for name in ("council_spend", "people_served"))
    row = table[(table.scenario == "Block") & (table.seed == 2)].iloc[0]
    assert row.cost == pytest.approx(1000.0 * spend[2] / served[2] * WEEKS_A_YEAR)
    assert (table[table.scenario == "Hamlet"].more_cost == 0.0).all()
    assert "not preference-weighted" in cost_lines(hamlets)[0]


def test_each_corner_of_the_plane_lies_where_its_words_say(hamlets):
    """The words of a corner stand on their side of no difference, also where all seeds lie on one side of it."""
    figure = cost_figure(hamlets)
    plane = figure.axes[0]
    figure.canvas.draw()
    zero = plane.transData.transform((0.0, 0.0))
    corners = [text for text in plane.texts if ", " in text.get_text()]
    assert len(corners) == 4
    for text in corners:
        box, words = text.get_window_extent(), text.get_text()
        assert box.x0 > zero[0] if "better" in words else box.x1 < zero[0], words
        assert box.y0 > zero[1] if "dearer" in words else box.y1 < zero[1], words


def test_an_interval_that_leaves_out_zero_does_not_seem_to_end_there():
    found = replace(pair(np.array([18.0, 19.0]), np.array([18.0, 19.1])), low=-0.1348, high=-0.0004)
    assert ends(found, "score 0-24") == "-0.1348 to -0.0004"
    assert ends(replace(found, high=0.0004), "score 0-24") == "-0.135 to 0.000"


def test_a_ratio_of_which_nothing_is_known_is_not_told():
    found = replace(pair(np.array([18.0, 19.0]), np.array([18.0, 19.1])), variance_ratio=50.0, ratio_low=1.0,
                    ratio_high=WIDEST_RATIO)
    assert ratio_said(found) == "50.0 (1.0 to 1,000)"
    assert ratio_said(replace(found, ratio_high=WIDEST_RATIO + 1.0)) == "too few to say"


# ---- the command ------------------------------------------------------------------------------------------


@pytest.fixture
def block_file(tmp_path):
    """A scenario file that is hamlet with block contracts."""
    file = tmp_path / "block.yaml"
    file.write_text("extends: hamlet\nname: Block\npolicy:\n  contracting: {kind: block}\n")
    return file


def test_the_command_says_what_differs(block_file, tmp_path):
    words = ["compare", "hamlet", str(block_file), "--seeds", "2", "--weeks", "4", "--store", str(tmp_path / "store"),
             "--processes", "1", "--all", "--quiet"]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert "Rutland, scale 0.4 (pounds, people and hours are of that part), 4 weeks on 2 seeds" in said.output
    assert "means of the last 2 weeks\n" in said.output
    assert "Synthetic: for differences, not forecasts." in said.output
    assert "Quality of life (SCRQoL):" in said.output and "most deprived three tenths" in said.output
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert [row["outcome"] for row in told["outcomes"]] == list(OUTCOMES)
    assert told["reference"] == "Hamlet" and told["lost"] == []


@pytest.mark.parametrize("words,message", [
    (["hamlet"], "at least two"),
    (["hamlet", "hamlet"], "two scenarios are called"),
    (["hamlet", "hamlet", "--window", "9"], "the first and the last week"),
    (["hamlet", "hamlet", "--precision", "scrqol"], "an outcome and a number"),
])
def test_a_wrong_question_ends_with_one_message(words, message):
    said = CliRunner().invoke(app, ["compare", *words])
    assert said.exit_code == 2 and message in said.output
