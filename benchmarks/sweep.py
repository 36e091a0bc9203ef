"""What the engine of sweeps costs: 1,000 runs of the smallest scenario, and a list of 100,000.

``python benchmarks/sweep.py`` prints the figures; ``--smoke`` says that it works and not how fast; ``--ready`` makes the
ready sweep instead, 360 runs, with settled markets of its own, and prints how long that took.
Times are processor times, so that what else the machine does counts little.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from homecare.compiled import cache_folder
from homecare.engines_warm import warm_kernels
from homecare.store_tables import RUNS_TABLE
from homecare.sweep_folder import rows_of
from homecare.sweep_make import run_sweep

SWEEP = """\
name: A thousand
base: hamlet
weeks: 1
factors:
  policy.contracting.kind: [spot, block]
  policy.employment.travel_paid_floor: [0, 0.25, 0.5, 0.75, 1]
seeds: {seeds}
"""
LISTED = 100_000
READY = Path(__file__).resolve().parent.parent / "scenarios" / "sweeps" / "spot_block_by_contract.yaml"


def measure(folder: Path, seeds: int, processes: int) -> dict[str, float]:
    """Return what ``10 * seeds`` runs cost: processor milliseconds a run, and megabytes of the parent.

    ``overhead`` is all processor time, of the parent and its workers, that no run itself accounts for.
    """
    file = folder / "sweep.yaml"
    file.write_text(SWEEP.format(seeds=seeds), encoding="utf-8")
    memory: list[float] = []

    def heard(run, status) -> None:
        memory.append(resident())

    before = processor_seconds()
    made = run_sweep(file, folder / "store", processes=processes, heard=heard)
    total = processor_seconds() - before
    n, tally = len(made.results.runs), made.results.tally
    return {
        "runs": n,
        "run_ms": 1e3 * tally.seconds / n,
        "overhead_ms": 1e3 * (total - tally.seconds) / n,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
        "growth_mb": memory[-1] - memory[len(memory) // 5],
    }


def ready(folder: Path, file: Path, processes: int) -> dict[str, float]:
    """Return what the ready sweep takes, with nothing of it there: seconds by the clock, of processors, megabytes.

    Machine code is taken from the cache, as after ``homecare warm``; settled markets are not.
    """
    warm_kernels()
    shutil.copytree(cache_folder() / "kernels", folder / "cache" / "kernels")
    environment = {**os.environ, "HOMECARE_CACHE": str(folder / "cache")}
    words = [sys.executable, "-m", "homecare", "sweep", str(file), "--out", str(folder / "store"), "--processes",
             str(processes), "--quiet"]
    begin, before = time.perf_counter(), processor_seconds()
    subprocess.run(words, check=True, env=environment)
    return {"seconds": time.perf_counter() - begin, "processor_seconds": processor_seconds() - before,
            "memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0,
            "runs": len(rows_of(folder / "store"))}


def listing(folder: Path, n: int) -> float:
    """Return the seconds in which a table of ``n`` runs is listed."""
    folder.mkdir()
    import pyarrow.parquet as pq

    text = [f"{i:040x}" for i in range(n)]
    columns = {"key": text, "label": ["contracting spot"] * n, "seed": list(range(n)), "status": ["finished"] * n,
               "error": pa.nulls(n, pa.string())}
    pq.write_table(pa.table(columns), folder / RUNS_TABLE)
    begin = time.perf_counter()
    assert len(rows_of(folder)) == n
    return time.perf_counter() - begin


def resident() -> float:
    """Return the megabytes that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_seconds() -> float:
    """Return the processor time of this process and of the children that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Print the figures beside what they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--ready", action="store_true")
    asked = parser.parse_args()
    if asked.ready:
        with tempfile.TemporaryDirectory() as place:
            found = ready(Path(place), READY, asked.processes)
        print(f"{found['runs']} runs of {READY.name} in {found['seconds'] / 60:.1f} minutes (at most 15) on "
              f"{asked.processes} processes, {found['processor_seconds']:.0f} s of processor; "
              f"the largest process held {found['memory_mb']:.0f} MB")
        return
    with tempfile.TemporaryDirectory() as place:
        found = measure(Path(place), 1 if asked.smoke else 100, asked.processes)
        seconds = listing(Path(place) / "listed", 1000 if asked.smoke else LISTED)
    print(f"{found['runs']} runs of hamlet, {found['run_ms']:.1f} ms each")
    print(f"overhead {found['overhead_ms']:.1f} ms a run (at most 15)")
    print(f"parent {found['memory_mb']:.0f} MB at most (below 400), {found['growth_mb']:+.1f} MB in the last four fifths")
    print(f"a table of {1000 if asked.smoke else LISTED} runs listed in {seconds:.2f} s (below 2)")


if __name__ == "__main__":
    main()
