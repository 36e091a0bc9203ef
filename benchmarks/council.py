"""How long a council takes: Wiltshire at full size, 260 weeks after settling and compiling, in one run.

    python benchmarks/council.py                                  all of it, some minutes
    python benchmarks/council.py --smoke                          that everything works, under a minute
    python benchmarks/council.py --json                           the figures for a program
    python benchmarks/council.py --markdown docs/performance.md   and write them into the page

Printed: seconds and planned visits a week; ns a planned visit by phase of the week; a fixed cost and a cost a
visit, fitted over compact parts of the council; peak memory; compile time cold and cached; and delivery
against a twin of plain Mesa objects (``twin_delivery.py``) that lives the same week to the same ends.

How the figures come about: everything is run in an empty cache folder of its own, so that nothing old counts.
Figures are medians over repeated blocks, by the clock on the wall, since agencies are lived on several cores at a time:
measure on a quiet machine. The time of all processors stands beside the main ones.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from council_page import markdown, parts_of, text, write_into


@dataclass(frozen=True)
class Size:
    """How much is run: weeks in blocks; scales, weeks and rounds of the fit; cold starts; burn-in."""

    scale: float
    weeks: int
    block: int
    scales: tuple[float, ...]
    fit_block: int
    rounds: int
    colds: int
    burn_in: int


FULL = Size(scale=1.0, weeks=260, block=52, scales=(0.1, 0.25, 0.5, 0.75, 1.0), fit_block=13, rounds=5,
            colds=3, burn_in=208)
SMOKE = Size(scale=0.1, weeks=8, block=4, scales=(0.1, 0.25), fit_block=2, rounds=2, colds=1, burn_in=13)

_COMPILE = """
import json, os, time
start = time.perf_counter()
from homecare.engines_warm import warm_kernels
imported, processor = time.perf_counter(), sum(os.times()[:4])
warm_kernels()
print(json.dumps([imported - start, time.perf_counter() - imported, sum(os.times()[:4]) - processor]))
"""


def compile_times(colds: int, kept: Path) -> dict[str, float]:
    """Return seconds of ``homecare warm`` in new processes: with nothing cached, and with everything cached.

    The last process that starts with nothing leaves its cache in ``kept``.
    """

    def child(folder: Path) -> list[float]:
        environment = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
        environment["HOMECARE_CACHE"] = str(folder)
        done = subprocess.run(
            [sys.executable, "-c", _COMPILE], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"homecare warm failed:\n{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])

    cold = []
    for i in range(colds):
        with tempfile.TemporaryDirectory() as scratch:
            cold.append(child(kept if i == colds - 1 else Path(scratch)))
    cached = [child(kept) for _ in range(colds)]
    return {
        "cold_seconds": median(wall for _, wall, _ in cold),
        "cold_processor_seconds": median(processor for _, _, processor in cold),
        "cached_seconds": median(wall for _, wall, _ in cached),
        "import_seconds": median(imported for imported, _, _ in cached),
        "colds": colds,
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="small and short: that everything works")
    parser.add_argument("--weeks", type=int, default=FULL.weeks, help="weeks, in blocks of 52 (default 260)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the figures into this page")
    given = parser.parse_args(arguments)
    if given.smoke and given.markdown:
        parser.error("figures of a smoke run do not belong on a page")
    if given.weeks < FULL.block or given.weeks % FULL.block:
        parser.error(f"--weeks must be a multiple of {FULL.block}: the year has weeks that cost more")
    if given.markdown:
        parts_of(given.markdown)  # a page without its marks is refused now and not in some minutes
    size = SMOKE if given.smoke else Size(**(vars(FULL) | {"weeks": given.weeks}))

    def say(what: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        say(f"compiling {size.colds} times from nothing")
        compiled = compile_times(size.colds, Path(folder))
        os.environ.pop("NUMBA_CACHE_DIR", None)
        os.environ["HOMECARE_CACHE"] = folder
        from council_measure import measure  # only now: the package looks for its cache when it is imported

        figures = {"is_smoke": given.smoke, "compile": compiled} | measure("baseline", size, say)
    if given.markdown:
        write_into(given.markdown, markdown(figures))
    print(json.dumps(figures, indent=2) if given.json else text(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
