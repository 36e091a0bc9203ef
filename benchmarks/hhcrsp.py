"""How far the rounds are from the best known: the 70 instances of home health care routing and scheduling.

    python benchmarks/hhcrsp.py PATH [--smoke]

PATH is the file of instances or its folder (JSON, or JSON packed by gzip): one object keyed by instance name, each with
``best_known_cost``. Instances of Mankowska, Meisel and Bierwirth (2014), Health Care Management Science 17,
as published by the Intelligent Optimization Lab, University of Udine; they are not part of this project.

How to read the table: a gap is cost / best known cost - 1, so 0 % is the best rounds that anybody has
published and a negative gap is better. *Everyday* is the market's everyday insertion alone, with the weights of its
planners; *quick* adds some milliseconds of the improvement that agencies use in reviews of rotas; *improve* is the same
from empty rounds, for about ``--seconds``. Both take a number of steps that depends on the size only, so that the same
seed gives the same rounds on every machine. Every result has passed the independent checker, which also worked out its
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
from hhcrsp_everyday import everyday_of, everyday_rounds
from homecare.draws import Purpose, stream
from homecare.week.kernels.improvement import improve, make_tours, plan_of, rounds_of
from homecare.week.kernels.tours import NONE, Plan, Tours

UNPLACED = 1e5
WEIGHT = 1.0 / 3.0
QUICK_SECONDS = 0.011
"""Time that the steps of the quick rule take, about."""
KINDS = ("everyday", "quick", "improve")


def read_instances(path: Path) -> dict[str, dict]:
    """Return the instances of a file, or of the one such file in a folder, by name.

    Raises
    ------
    SystemExit
        With one line, if there is no such file or it holds none.
    """
    if path.is_dir():
        found = sorted({*path.glob("*.json"), *path.glob("*.json.gz")})
        if len(found) != 1:
            sys.exit(f"{path}: {len(found)} files of JSON are in this folder; name one")
        path = found[0]
    try:
        packed = path.read_bytes()
        instances = json.loads(gzip.decompress(packed) if path.suffix == ".gz" else packed)
        best = [one["best_known_cost"] for one in instances.values()]
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        sys.exit(f"{path}: no instances can be read here ({error})")
    if not best:
        sys.exit(f"{path}: no instance is in it")
    return instances


def services_of(instance: dict) -> list[tuple[int, dict, dict]]:
    """Return (number of the patient, patient, what is required) of every attendance, in order."""
    return [(i, patient, need) for i, patient in enumerate(instance["patients"])
            for need in patient["required_caregivers"]]


def places_of(instance: dict) -> np.ndarray:
    """Return float64[P, 2], where the patients are and, last, the office."""
    places = [patient["location"] for patient in instance["patients"]]
    return np.array([*places, instance["central_offices"][0]["location"]], np.float64)


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
    xy = places_of(instance)
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
        unplaced_cost=np.full(n, UNPLACED), home=np.full(len(carers), len(xy) - 1),
        mode=np.zeros(len(carers), np.int32), opens=np.zeros(len(carers)),
        closes=np.full(len(carers), np.inf), travel=travel, travel_cost=travel * WEIGHT, worst_weight=WEIGHT)


def solution_of(instance: dict, rounds: list[list[tuple[int, float]]]) -> dict[str, list[tuple[str, str, float]]]:
    """Return rounds of (service, start) in the words of the checker."""
    services = services_of(instance)
    return {
        carer["id"]: [(services[a][1]["id"], services[a][2]["service"], start) for a, start in stops]
        for carer, stops in zip(instance["caregivers"], rounds, strict=True)
    }


def timed_rounds(tours: Tours, plan: Plan) -> list[list[tuple[int, float]]]:
    """Return (attendance, start) of each worker's round."""
    return [[(a, float(plan.stops["start"][a])) for a in stops] for stops in rounds_of(tours, plan)]


def steps_in(seconds: float, tours: Tours) -> int:
    """Return the steps of improvement that take about ``seconds`` on one core: a count, so repeatable."""
    return int(seconds * 1e6 / (6.0 + 0.2 * tours.able.shape[0]))


def solve(instance: dict, seconds: float, seed: int) -> dict[str, float]:
    """Return checked costs and times of everyday insertion, of the quick rule (with it) and of improvement."""
    tours = tours_of(instance)
    asked = everyday_of(tours, places_of(instance))
    key = np.uint64(stream(seed, int(Purpose.ORDER), 0))
    marks = [time.process_time()]
    everyday = everyday_rounds(asked)
    marks.append(time.process_time())
    given = plan_of(tours, [[a for a, _ in stops] for stops in everyday])
    quick, claimed_quick = improve(tours, given, key, steps_in(QUICK_SECONDS, tours))
    marks.append(time.process_time())
    improved, claimed = improve(tours, quick, key, steps_in(seconds, tours), anew=True)
    marks.append(time.process_time())
    row = {f"{kind}_s": marks[i + 1] - marks[i] for i, kind in enumerate(KINDS)}
    row["quick_s"] += row["everyday_s"]
    found = (everyday, timed_rounds(tours, quick), timed_rounds(tours, improved))
    for kind, rounds in zip(KINDS, found, strict=True):
        row[kind] = checked_cost(instance, solution_of(instance, rounds))
    for kind, said in {"quick": claimed_quick, "improve": claimed}.items():
        if abs(row[kind] - said) > 1e-6:
            raise AssertionError(f"the engine says {said} and the checker {row[kind]}")
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
    print("patients/carers   n | everyday gap: mean  min  max     ms | quick gap: mean  min  max     ms |"
          " improved gap: mean   min   max      s")
    means = []
    for (patients, carers), names in sorted(by_size.items()):
        chosen = names[:1] if given.smoke else names
        seconds = given.seconds * (0.1 if given.smoke else 1.0)
        rows = [solve(instances[name], seconds, given.seed) for name in chosen]
        known = [instances[name]["best_known_cost"] for name in chosen]
        gaps = {kind: [100.0 * (row[kind] / best - 1.0) for row, best in zip(rows, known, strict=True)]
                for kind in KINDS}
        took = {kind: statistics.mean(row[f"{kind}_s"] for row in rows) for kind in KINDS}
        mean = {kind: statistics.mean(gaps[kind]) for kind in KINDS}
        means.append(mean)
        text = [f"{mean[kind]:{wide}.1f} {min(gaps[kind]):4.1f} {max(gaps[kind]):5.1f} {took[kind] * 1e3:6.1f}"
                for kind, wide in (("everyday", 18), ("quick", 15))]
        print(f"{patients:>8}/{carers:<5} {len(rows):>4} |{text[0]} |{text[1]} | {mean['improve']:18.2f}"
              f" {min(gaps['improve']):5.1f} {max(gaps['improve']):5.1f} {took['improve']:6.2f}", flush=True)
    over = {kind: statistics.mean(mean[kind] for mean in means) for kind in KINDS}
    print(f"mean over sizes: everyday {over['everyday']:.1f} %, quick {over['quick']:.1f} %, improved"
          f" {over['improve']:.2f} %; every result passed the checker")
    return 0


if __name__ == "__main__":
    sys.exit(main())
