"""Compiling once: before workers start, so that no two compile the same, and when somebody asks for it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numba
import numpy as np

from homecare.compiled import cache_folder, kernel_digest
from homecare.engines import usable_processors
from homecare.market import Market
from homecare.scenario import load
from homecare.week import (
    accounts,
    assessment,
    assistants,
    delivery,
    employment,
    experience,
    need,
    oversight,
    planning,
    purchasing,
    rostering,
)

WARM_BURN_IN = 13
"""Weeks that `warm_kernels` settles hamlet for: enough for every phase to have had something to do."""


def plan_anew(market: Market) -> None:
    """Give everybody served new lengths and other times, which a first week does to nobody."""
    served = market.packages.in_order()
    planning.replan(market, market.packages.user[served].astype(np.int64))
    planning.renegotiate(market, served)


UNTIL_SERVED = (need.live, assessment.arrive, assessment.assess, purchasing.buy, employment.employ, assistants.live,
                plan_anew)
FROM_ROUNDS = (rostering.roster, delivery.deliver, experience.experience, accounts.settle, experience.work,
               oversight.oversee)


def warm_kernels() -> float:
    """Compile every kernel into the cache, by living some weeks of hamlet; return the seconds it took.

    Where there is a second core, another process compiles what the second half of a week needs. Lines on standard error
    say what the user waits for.

    Raises
    ------
    OSError
        If the cache cannot be written.
    """
    _mark().parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    if not kernels_are_warm():
        print("compiling, once on this machine: half a minute or so", file=sys.stderr, flush=True)
    if usable_processors() > 1 and not kernels_are_warm():
        command = [sys.executable, "-m", "homecare.engines_warm"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as other:
            try:
                live_once(UNTIL_SERVED)
            except BaseException:  # Ctrl-C reaches this process alone
                other.kill()
                raise
        if other.returncode:
            raise RuntimeError(f"the process that compiled the second half of a week ended with {other.returncode}")
    market = Market(load("hamlet"), cached=False, burn_in=WARM_BURN_IN)
    market.run()
    market.close()
    _mark().touch()
    seconds = time.perf_counter() - start
    print(f"compiled in {seconds:.1f} s", file=sys.stderr)
    return seconds


def warm_once() -> None:
    """Compile every kernel unless they are compiled; where the cache cannot be written, each process compiles its own."""
    with suppress(OSError):
        if not kernels_are_warm():
            warm_kernels()


def live_once(phases: Iterable) -> None:
    """Live some phases of the first week of a hamlet that never settled, in which plans reach agencies at once."""
    market = Market(load("hamlet", ("uncertainty.offers.brokerage_weeks=0",)), cached=False, burn_in=0)
    market.open_week()
    for phase in phases:
        phase(market)
    market.close()


def kernels_are_warm() -> bool:
    """Return whether `warm_kernels` ran here with the present code."""
    return _mark().is_file()


def _mark() -> Path:
    return cache_folder() / "kernels" / f"{kernel_digest()[:20]}-numba-{numba.__version__}.warm"


if __name__ == "__main__":
    live_once(FROM_ROUNDS)
