"""The benchmark of rounds: its checker against an instance by hand, its table, and the market's insertion on others."""

from __future__ import annotations

import gzip
import importlib
import json
import sys

import numpy as np
import pytest

# The office is at (0, 0). All but p3 lie on one line from it.
TINY = {
    "patients": [
        {"id": "p1", "location": [10.0, 0.0], "time_window": [0.0, 20.0],
         "required_caregivers": [{"service": "s1", "duration": 5.0}]},
        {"id": "p2", "location": [20.0, 0.0], "time_window": [30.0, 40.0],
         "required_caregivers": [{"service": "s1", "duration": 5.0}, {"service": "s2", "duration": 5.0}],
         "synchronization": {"type": "sequential", "distance": [10, 15]}},
        {"id": "p3", "location": [0.0, 30.0], "time_window": [0.0, 20.0],
         "required_caregivers": [{"service": "s2", "duration": 5.0}, {"service": "s1", "duration": 5.0}],
         "synchronization": {"type": "simultaneous"}},
    ],
    "services": [{"id": "s1", "default_duration": 5.0}, {"id": "s2", "default_duration": 5.0}],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s2"]},
                   {"id": "c3", "abilities": ["s1", "s2"]}],
    "central_offices": [{"id": "d", "location": [0.0, 0.0]}],
    "best_known_cost": 80.0,
}
# c1 walks 10, 20 and home, 40 in all. c2 is at p2 at 40, ten after c1, then walks 36.06 and starts at p3 at
# 81.06, where c3 has waited: both are 61.06 late.
GOOD = {"c1": [("p1", "s1", 10.0), ("p2", "s1", 30.0)], "c3": [("p3", "s1", 81.05551275463989)],
        "c2": [("p2", "s2", 40.0), ("p3", "s2", 81.05551275463989)]}


@pytest.fixture(scope="module")
def benchmark_modules(root):
    """The benchmark and its checker, which live outside the package."""
    folder = str(root / "benchmarks")
    sys.path.insert(0, folder)
    try:
        yield importlib.import_module("hhcrsp"), importlib.import_module("hhcrsp_checker")
    finally:
        sys.path.remove(folder)


def test_cost_by_hand(benchmark_modules):
    _, checker = benchmark_modules
    travelled = 40.0 + 60.0 + (20.0 + 36.05551275463989 + 30.0)
    late = 61.05551275463989
    assert checker.cost(TINY, GOOD) == pytest.approx((travelled + 2 * late + late) / 3.0)


@pytest.mark.parametrize(("change", "fault"), [
    ({"c1": [("p1", "s1", 10.0)]}, "s1 of p2 is not done"),
    ({"c1": [("p2", "s1", 29.0), ("p1", "s1", 44.0)]}, "before 30"),
    ({"c1": [("p1", "s1", 10.0), ("p2", "s1", 24.0)]}, "after the start"),
    ({"c1": [("p1", "s1", 10.0), ("p2", "s1", 31.0)]}, "start 9.0 apart"),
    ({"c3": [("p3", "s1", 82.0)]}, "apart, not 0.0 to 0.0"),
    ({"c1": [("p1", "s1", 10.0), ("p1", "s1", 15.0), ("p2", "s1", 30.0)]}, "done twice"),
    ({"c1": [("p1", "s1", 10.0), ("p2", "s1", 30.0), ("p3", "s2", 99.0)]}, "c1 is not able"),
    ({"c4": []}, "nobody is called c4"),
    ({"c3": [("p2", "s3", 30.0), ("p3", "s1", 81.05551275463989)]}, "does not need s3"),
    ({"c2": [("p2", "s2", 40.0)], "c3": [("p3", "s1", 81.1), ("p3", "s2", 86.1)]}, "does both services"),
    ({"c1": [("p1", "s1", float("nan")), ("p2", "s1", 30.0)]}, "starts at nan"),
])
def test_the_checker_finds_planted_faults(benchmark_modules, change, fault):
    _, checker = benchmark_modules
    with pytest.raises(checker.WrongSolution, match=fault):
        checker.cost(TINY, GOOD | change)


def test_the_engine_agrees_with_the_checker(benchmark_modules):
    benchmark, checker = benchmark_modules
    row = benchmark.solve(TINY, 0.01, seed=1)
    assert row["improve"] <= row["quick"] <= row["everyday"] + 1e-9
    assert row["improve"] <= checker.cost(TINY, GOOD)


def an_instance(seed, n_patients, n_carers):
    """An instance of our own: a third of the patients take two carers, and hours are short, so that some are late."""
    luck = np.random.default_rng(seed)
    sorts = ["s1", "s2", "s3"]
    carers = [{"id": f"c{i}", "abilities": [sorts[i % 3], *luck.permutation(sorts)[:1]]} for i in range(n_carers)]
    patients = []
    for i in range(n_patients):
        opens, (x, y) = float(luck.integers(0, 120)), luck.integers(0, 60, 2)
        kind = luck.integers(0, 6)
        wanted = luck.permutation(sorts)[: 2 if kind < 2 else 1]
        one = {"id": f"p{i}", "location": [float(x), float(y)], "time_window": [opens, opens + 40.0],
               "required_caregivers": [{"service": service, "duration": 12.0} for service in wanted]}
        if kind == 0:
            one["synchronization"] = {"type": "simultaneous"}
        elif kind == 1:
            one["synchronization"] = {"type": "sequential", "distance": [20, 45]}
        patients.append(one)
    return {"patients": patients, "caregivers": carers, "central_offices": [{"id": "d", "location": [30.0, 30.0]}],
            "services": [{"id": one, "default_duration": 12.0} for one in sorts]}


@pytest.mark.parametrize("seed", range(12))
def test_everyday_insertion_keeps_every_rule_of_an_instance(benchmark_modules, seed):
    """All that it plans passes the checker as planned, starts included; improvement goes on from there."""
    benchmark, _ = benchmark_modules
    row = benchmark.solve(an_instance(seed, 6 + 2 * seed, 6), 0.001, seed=1)
    assert row["improve"] <= row["quick"] <= row["everyday"] + 1e-9


def test_everyday_insertion_by_hand(benchmark_modules):
    """One carer for both lateness and road: the second of two visits in one window comes late, not never."""
    benchmark, _ = benchmark_modules
    line = TINY | {"patients": [
        {"id": name, "location": [x, 0.0], "time_window": [30.0, 32.0],
         "required_caregivers": [{"service": "s1", "duration": 5.0}]} for name, x in (("near", 10.0), ("far", 16.0))],
        "caregivers": [{"id": "c1", "abilities": ["s1"]}]}
    everyday = importlib.import_module("hhcrsp_everyday")
    (stops,) = everyday.everyday_rounds(everyday.everyday_of(benchmark.tours_of(line), benchmark.places_of(line)))
    assert [a for a, _ in stops] == [0, 1]
    assert [start for _, start in stops] == pytest.approx([30.0, 30.0 + 5.0 + 6.0], abs=0.1)


@pytest.mark.smoke
def test_the_table_prints(benchmark_modules, tmp_path, capsys):
    benchmark, _ = benchmark_modules
    path = tmp_path / "tiny.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"tiny_1": TINY, "tiny_2": TINY}).encode()))
    assert benchmark.main([str(path), "--smoke"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split("|")[0].split() == ["3/3", "1"]
    assert "every result passed the checker" in lines[-1]
