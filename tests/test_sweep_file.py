"""Sweep files: what they amount to, point by point, and what is said when something is wrong."""

from __future__ import annotations

import itertools

import pytest

from homecare import policies
from homecare.scenario import ScenarioError, load
from homecare.shards import is_in, read_shard
from homecare.sweep_design import label_of, number_of_points, points_of
from homecare.sweep_estimate import estimate, note_speed, said_bytes, said_time, speed
from homecare.sweep_file import load_sweep
from homecare.sweep_make import sweep_text
from homecare.sweep_plan import BLOCK, Plan

BOTH = """\
name: Both
base: hamlet
weeks: 4
factors:
  policy.contracting.kind: [spot, block]
  policy.employment.travel_paid_floor: {low: 0, high: 1, steps: 3}
  uncertainty.travel.door_minutes:
"""


@pytest.fixture
def read(tmp_path):
    """Write a sweep file and load it."""

    def load_text(text: str):
        file = tmp_path / "sweep.yaml"
        file.write_text(text)
        return load_sweep(file)

    return load_text


@pytest.fixture
def faults(read):
    """Give the faults of a sweep file as (line, key, message, nearest)."""

    def of(text: str):
        with pytest.raises(ScenarioError) as raised:
            read(text)
        return [(f.place.line, f.key, f.message, f.nearest) for f in raised.value.faults]

    return of


def test_a_factorial_is_every_combination_in_order(read):
    sweep = read(BOTH)
    points = list(points_of(sweep))
    assert len(points) == number_of_points(sweep) == 2 * 3 * 3
    expected = itertools.product(["spot", "block"], [0.0, 0.5, 1.0], [0.5, 2.75, 5.0])
    assert [tuple(point.values()) for point in points] == list(expected)
    assert [factor.kind for factor in sweep.factors] == ["policy", "policy", "uncertainty"]
    assert sweep.factors[2].unit == "minutes"


def test_one_at_a_time_begins_with_the_base(read):
    sweep = read(BOTH + "design: one_at_a_time\n")
    points = list(points_of(sweep))
    assert len(points) == number_of_points(sweep) == 1 + 2 + 3 + 3
    assert points[0] == {} and all(len(point) == 1 for point in points[1:])
    assert label_of(sweep, points[0], 0) == "as the base"
    assert label_of(sweep, points[2], 2) == "contracting block"


def test_a_latin_hypercube_has_one_point_in_every_stripe(read):
    sweep = read(BOTH + "design: latin_hypercube\nn: 10\n")
    points = list(points_of(sweep))
    assert len(points) == number_of_points(sweep) == 10
    minutes = sorted((point["uncertainty.travel.door_minutes"] - 0.5) / 4.5 for point in points)
    assert [int(10 * share) for share in minutes] == list(range(10))
    assert sorted(point["policy.contracting.kind"] for point in points) == ["block"] * 5 + ["spot"] * 5
    assert points == list(points_of(sweep)), "the same file gives the same points"
    other = read(BOTH + "design: latin_hypercube\nn: 10\ndesign_seed: 2\n")
    assert points != list(points_of(other))


def test_sobol_has_as_many_points_in_each_half(read):
    sweep = read(BOTH + "design: sobol\nn: 16\n")
    floors = [point["policy.employment.travel_paid_floor"] for point in points_of(sweep)]
    assert sum(floor < 0.5 for floor in floors) == 8


def test_crossing_meets_every_policy_with_every_draw(read):
    sweep = read(BOTH + "design: latin_hypercube\nn: 5\ncross: true\n")
    points = list(points_of(sweep))
    assert len(points) == number_of_points(sweep) == 6 * 5
    draws = [point["uncertainty.travel.door_minutes"] for point in points]
    assert all(len(set(draws[i : i + 6])) == 1 for i in range(0, 30, 6)) and len(set(draws)) == 5
    assert label_of(sweep, points[7], 7) == "contracting spot, employment.travel_paid_floor 0.5, draw 2"


def test_a_list_is_as_written(read):
    sweep = read("base: hamlet\ndesign: list\npoints:\n  - {name: now}\n  - {policy.contracting.zones: 2, weeks: 3}\n")
    points = list(points_of(sweep))
    assert points == [{"name": "now"}, {"policy.contracting.zones": 2, "weeks": 3}]
    assert [label_of(sweep, point, i) for i, point in enumerate(points)] == ["now", "contracting.zones 2, weeks 3"]


def test_own_ranges_kinds_and_yes_or_no(read):
    sweep = read("base: hamlet\nfactors:\n  policy.contracting.kind:\n  policy.contracting.zones:\n  area: [Rutland]\n")
    kinds, zones, area = sweep.factors
    assert kinds.levels == tuple(policies.THEMES["contracting"])
    assert (zones.low, zones.high, zones.whole, zones.values) == (1, 35, True, (1, 18, 35))
    assert (area.kind, area.values) == ("run", ("Rutland",))
    shares = [i / 1000 for i in range(1000)]
    assert {zones.at(share) for share in shares} == set(range(1, 36))


def test_every_fault_is_found_with_its_line(faults):
    found = faults(
        "name: Wrong\n"
        "base: hamlet\n"
        "desing: sobol\n"
        "weeks: 4\n"
        "factors:\n"
        "  policy.contracting.zoned: [1, 2]\n"
        "  policy.contractin.kind: [spot]\n"
        "  uncertainty.travel.door_minutes: {low: 0, high: 3}\n"
        "  policy.payment: [a, a]\n"
        "  weeks: [3, 4]\n"
        "seeds: 0\n"
        "outcomes: [scrqul]\n"
        "window: [5, 2]\n"
        "n: 8\n"
    )
    assert [(line, near) for line, _, _, near in found] == [
        (3, "design"), (6, "zones"), (7, "contracting"), (8, ""), (9, ""), (10, ""), (11, ""), (12, "scrqol"), (13, ""),
        (14, ""),
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("base: hamlet\n", "factors"),
        ("base: hamlet\ndesign: list\n", "points"),
        ("base: hamlet\ndesign: sobol\nfactors: {weeks: }\n", "n"),
        ("base: hamlet\ndesign: sobol\nn: 12\nfactors: {weeks: }\n", "n"),
        ("base: hamlet\ncross: true\nfactors: {weeks: }\n", "cross"),
        ("base: hamlet\npoints: [{weeks: 3}]\nfactors: {weeks: }\n", "points"),
        ("base: hamlet\nfactors: {area: }\n", "factors.area"),
        ("base: hamlet\nfactors: {policy.contracting: {low: 1}}\n", "factors.policy.contracting"),
        ("base: hamlt\nfactors: {weeks: }\n", "base"),
        ("- base\n", ""),
    ],
)
def test_what_does_not_go_together_is_one_fault(faults, text, key):
    ((_, where, _, _),) = faults(text)
    assert where == key


def test_a_plan_gives_every_run_once_and_the_same_each_time(read):
    plan = Plan(read(BOTH + "seeds: [3, 5]\n"))
    runs = list(plan)
    assert len(runs) == len(plan) == 36 == len({run.key for run in runs})
    assert [run.key for run in runs] == [run.key for run in plan]
    assert {run.seed for run in runs[:18]} == {3}, "within a block, seed by seed"
    assert len({run.settles for run in runs}) == 2 * 3, "policies share a settled market, uncertainties do not"
    assert all(run.shares for run in runs)


def test_a_plan_goes_by_blocks(read):
    sweep = read("base: hamlet\ndesign: sobol\nn: 128\nfactors: {uncertainty.travel.door_minutes: }\nseeds: 2\n")
    runs = list(Plan(sweep))
    assert [run.seed for run in runs] == ([1] * BLOCK + [2] * BLOCK) * 2
    assert not any(run.shares for run in runs)


def test_a_value_out_of_range_is_a_fault_of_its_runs_only(read):
    runs = list(Plan(read("base: hamlet\nfactors: {policy.employment.travel_paid_floor: [0, 0.5, 7]}\nseeds: 2\n")))
    assert [bool(run.fault) for run in runs] == [False, False, True] * 2
    assert "travel_paid_floor: the number is out of range, given 7" in runs[2].fault
    assert runs[2].scenario is None and runs[2].key != runs[5].key


def test_the_same_scenario_has_the_same_key_in_any_sweep(read):
    (now, _) = Plan(read("base: hamlet\nweeks: 4\nfactors: {policy.contracting.kind: [spot, block]}\n"))
    (other,) = Plan(read("base: hamlet\ndesign: list\npoints: [{weeks: 4}]\n"))
    assert now.key == other.key and now.label != other.label


def test_shards_are_disjoint_and_together_whole(read):
    sweep = read(BOTH + "seeds: 4\n")
    parts = [[run.key for run in Plan(sweep, (i, 3))] for i in (1, 2, 3)]
    assert sorted(sum(parts, [])) == sorted(run.key for run in Plan(sweep))
    settles = [{run.settles for run in Plan(sweep, (i, 3))} for i in (1, 2, 3)]
    assert not settles[0] & settles[1] and not settles[0] & settles[2] and not settles[1] & settles[2]
    assert [is_in("00000000000f", (i, 4)) for i in (1, 2, 3, 4)] == [False, False, False, True]


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(ScenarioError, match="no shard"):
        read_shard(text)


def test_a_written_sweep_loads_as_the_same_plan(read, tmp_path):
    from homecare.scenario import dump

    sweep = read(BOTH + "design: latin_hypercube\nn: 4\ncross: true\nseeds: 2\nwindow: [1, 3]\noutcomes: [scrqol]\n")
    (tmp_path / "base.yaml").write_text(dump(load("hamlet")))
    again = read(sweep_text(sweep))
    assert [run.key for run in Plan(again)] == [run.key for run in Plan(sweep)]
    assert (again.window, again.outcomes, sweep_text(again)) == (sweep.window, sweep.outcomes, sweep_text(sweep))


def test_estimate_counts_markets_and_grows_with_weeks(read):
    short = estimate(read(BOTH + "seeds: 4\n"))
    assert short.markets == 3 * 4
    long = estimate(read(BOTH.replace("weeks: 4", "weeks: 8") + "seeds: 4\n"))
    assert long.seconds > short.seconds and long.result_bytes > short.result_bytes
    assert long.settled_bytes == short.settled_bytes > 0


def test_speed_is_remembered(monkeypatch, tmp_path):
    monkeypatch.setenv("HOMECARE_CACHE", str(tmp_path))
    assert speed() is None
    note_speed(10.0, 25.0)
    assert speed() == 2.5
    note_speed(0.5, 25.0)
    assert speed() == 2.5


def test_times_and_sizes_in_words():
    assert [said_time(s) for s in (0.1, 89, 300, 5399, 7200)] == [
        "1 seconds", "89 seconds", "5 minutes", "90 minutes", "2.0 hours"]
    assert [said_bytes(n) for n in (400_000, 2_500_000, 25_000_000_000)] == ["400 kB", "2.5 MB", "25 GB"]
