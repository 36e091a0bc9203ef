"""How far the rounds are from the best known: the 70 instances of home health care routing and scheduling.

    python benchmarks/hhcrsp.py PATH [--smoke]

PATH is the file of instances (JSON, or JSON packed by gzip): one object keyed by instance name, each with
``best_known_cost``. Instances of Mankowska, Meisel and Bierwirth (2014), Health Care Management Science 17,
as published by the Intelligent Optimization Lab, University of Udine; they are not part of this project.

How to read the table: a gap is cost / best known cost - 1, so 0 % is the best rounds that anybody has
published and a negative gap is better. *Fill* is the first rounds alone, *quick* the quick rule, *improve*
goes on for about ``--seconds``, a number of steps that depends on the size only, so that the same seed gives
the same rounds on every machine. Every result has passed the independent checker, which also worked out its
cost. Times are processor time of one core, from the arrays to the rounds; compilation is left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from hhcrsp_checker import cost as checked_cost
from homecare.draws import Purpose, stream
from homecare.week.kernels.improvement import (
    fill_rounds,
    improve,
    make_tours,
    quick_rounds,
    rounds_of,
    steps_in,
)
from homecare.week.kernels.tours import NONE, Plan, Tours

UNPLACED = 1e5
WEIGHT = 1.0 / 3.0


def read_instances(path: Path) -> dict[str, dict]:
    """Return the instances of a file by name."""
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return json.loads(text)


def services_of(instance: dict) -> list[tuple[int, dict, dict]]:
    """Return (number of the patient, patient, what is required) of every attendance, in order."""
    return [(i, patient, need) for i, patient in enumerate(instance["patients"])
            for need in patient["required_caregivers"]]


def tours_of(instance: dict) -> Tours:
    """Return the layout of an instance: the office is the last place and every carer's door."""
    services = services_of(instance)
    n = len(services)
    partner, lag = np.full(n, NONE), np.zeros(n)
    for a in range(n - 1):
        if services[a][0] == services[a + 1][0]:
            partner[a], partner[a + 1] = a + 1, a
            rule = services[a][1]["synchronization"]
            if rule["type"] == "sequential":
                lag[a], lag[a + 1] = rule["distance"][0], -rule["distance"][1]
    places = [patient["location"] for patient in instance["patients"]]
    xy = np.array([*places, instance["central_offices"][0]["location"]], np.float64)
    dx, dy = xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1]
    travel = np.sqrt(dx * dx + dy * dy)[None]
    carers = instance["caregivers"]
    able = np.array(
        [[need["service"] in carer["abilities"] for carer in carers] for _, _, need in services])
    return make_tours(
        place=np.array([i for i, _, _ in services]),
        seconds=np.array([need["duration"] for _, _, need in services]),
        early=np.array([patient["time_window"][0] for _, patient, _ in services]),
        late=np.array([patient["time_window"][1] for _, patient, _ in services]),
        late_weight=np.full(n, WEIGHT), partner=partner, lag=lag, worker_cost=np.where(able, 0.0, np.inf),
        unplaced_cost=np.full(n, UNPLACED), home=np.full(len(carers), len(places)),
        mode=np.zeros(len(carers), np.int32), opens=np.zeros(len(carers)),
        closes=np.full(len(carers), np.inf), travel=travel, travel_cost=travel * WEIGHT, worst_weight=WEIGHT)


def solution_of(instance: dict, tours: Tours, plan: Plan) -> dict[str, list[tuple[str, str, float]]]:
    """Return a plan in the words of the checker."""
    services = services_of(instance)
    start = plan.stops["start"]
    return {
        carer["id"]: [(services[a][1]["id"], services[a][2]["service"], float(start[a])) for a in stops]
        for carer, stops in zip(instance["caregivers"], rounds_of(tours, plan), strict=True)
    }


def solve(instance: dict, seconds: float, seed: int) -> dict[str, float]:
    """Return checked costs and times of filling, of the quick rule and of improvement."""
    tours = tours_of(instance)
    marks = [time.process_time()]
    filled, _ = fill_rounds(tours)
    marks.append(time.process_time())
    quick, claimed_quick = quick_rounds(tours)
    marks.append(time.process_time())
    key = np.uint64(stream(seed, int(Purpose.ORDER), 0))
    improved, claimed = improve(tours, quick, key, steps_in(seconds, tours), anew=True)
    marks.append(time.process_time())
    row = {f"{name}_s": marks[i + 1] - marks[i] for i, name in enumerate(("fill", "quick", "improve"))}
    for name, plan in {"fill": filled, "quick": quick, "improve": improved}.items():
        row[name] = checked_cost(instance, solution_of(instance, tours, plan))
    for name, said in {"quick": claimed_quick, "improve": claimed}.items():
        if abs(row[name] - said) > 1e-6:
            raise AssertionError(f"the engine says {said} and the checker {row[name]}")
    return row


def size_of(instance: dict) -> tuple[int, int]:
    """Return the numbers of patients and carers."""
    return len(instance["patients"]), len(instance["caregivers"])


def main(arguments: list[str] | None = None) -> int:
    """Solve the instances, print the table by size; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="file of instances")
    parser.add_argument("--smoke", action="store_true", help="one instance a size, a tenth of the time")
    parser.add_argument("--seconds", type=float, default=1.0, help="of improvement, about (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    instances = read_instances(given.path)
    by_size: dict[tuple[int, int], list[str]] = {}
    for name in sorted(instances, key=lambda text: [int(x) for x in re.findall(r"\d+", text)]):
        by_size.setdefault(size_of(instances[name]), []).append(name)
    solve(instances[by_size[min(by_size)][0]], 0.001, given.seed)
    print("patients/carers   n |  fill gap     ms | quick gap: mean  min  max     ms |"
          " improved gap: mean   min   max      s")
    means = []
    for (patients, carers), names in sorted(by_size.items()):
        chosen = names[:1] if given.smoke else names
        seconds = given.seconds * (0.1 if given.smoke else 1.0)
        rows = [solve(instances[name], seconds, given.seed) for name in chosen]
        known = [instances[name]["best_known_cost"] for name in chosen]
        gaps = {kind: [100.0 * (row[kind] / best - 1.0) for row, best in zip(rows, known, strict=True)]
                for kind in ("fill", "quick", "improve")}
        took = {kind: statistics.mean(row[f"{kind}_s"] for row in rows) for kind in gaps}
        means.append([statistics.mean(gaps[kind]) for kind in gaps])
        print(f"{patients:>8}/{carers:<5} {len(rows):>4} | {means[-1][0]:7.1f} % {took['fill'] * 1e3:6.1f} |"
              f" {means[-1][1]:13.1f} {min(gaps['quick']):4.1f} {max(gaps['quick']):4.1f}"
              f" {took['quick'] * 1e3:6.1f} | {means[-1][2]:18.2f}"
              f" {min(gaps['improve']):5.1f} {max(gaps['improve']):5.1f}"
              f" {took['improve']:6.2f}", flush=True)
    fill, quick, improved = (statistics.mean(column) for column in zip(*means, strict=True))
    print(f"mean over sizes: fill {fill:.1f} %, quick {quick:.1f} %, improved {improved:.2f} %;"
          " every result passed the checker")
    return 0


if __name__ == "__main__":
    sys.exit(main())
