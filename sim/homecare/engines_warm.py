"""Compiling once: before workers start, so that no two compile the same, and when somebody asks for it."""

from __future__ import annotations

import time
from pathlib import Path

import numba

from homecare.compiled import cache_folder, kernel_digest
from homecare.market import Market
from homecare.scenario import load

WARM_BURN_IN = 13
"""Weeks that `warm` settles hamlet for: enough for every phase to have had something to do."""


def warm() -> float:
    """Compile every kernel, by living some weeks of hamlet; print and return the seconds it took."""
    start = time.perf_counter()
    market = Market(load("hamlet"), cached=False, burn_in=WARM_BURN_IN)
    market.run()
    market.close()
    seconds = time.perf_counter() - start
    print(f"compiled in {seconds:.1f} s")
    return seconds


def kernels_are_warm() -> bool:
    """Return whether `warm_kernels` ran here with the present code."""
    return _mark().is_file()


def warm_kernels() -> None:
    """Compile every kernel into the cache, so that no two workers compile the same."""
    warm()
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def _mark() -> Path:
    return cache_folder() / "kernels" / f"{kernel_digest()[:20]}-numba-{numba.__version__}.warm"
