"""Settled markets kept under a key of everything that made them."""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from homecare.compiled import cache_folder, content_digest
from homecare.leftovers import clear_away
from homecare.scenario import Scenario, settle_digest

LEAST_FREE = 2 << 30
"""Bytes of the disk that settled markets leave to others: where fewer are free, those go that nobody used for longest."""


def key(scenario: Scenario, burn_in: int) -> str:
    """Return the key of a settled market: area, scale, own data, initial conditions, uncertainties, seed,
    length of the burn-in, code, data and the version of NumPy."""
    parts = (settle_digest(scenario), str(burn_in), content_digest(), np.__version__)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def path_of(scenario: Scenario, burn_in: int) -> Path:
    """Return where the settled market of a scenario is kept."""
    return cache_folder() / "settled" / content_digest()[:20] / f"{key(scenario, burn_in)}.pickle"


def read(scenario: Scenario, burn_in: int) -> dict[str, Any] | None:
    """Return the settled market of a scenario, or None where there is none.

    A damaged one, whose bytes are not those that were written, is not used: a warning says so, and the market is
    settled anew.
    """
    path = path_of(scenario, burn_in)
    try:
        kept = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        warnings.warn(f"{path} cannot be read ({error.strerror}); the market is settled anew", RuntimeWarning,
                      stacklevel=2)
        return None
    n = hashlib.sha256().digest_size
    if hashlib.sha256(memoryview(kept)[n:]).digest() != kept[:n]:
        warnings.warn(f"{path} is damaged; the market is settled anew", RuntimeWarning, stacklevel=2)
        return None
    with suppress(OSError):  # somebody else's cache
        os.utime(path)
    return pickle.loads(memoryview(kept)[n:])


def write(scenario: Scenario, burn_in: int, state: dict[str, Any]) -> None:
    """Keep a settled market: written beside its place, then moved there in one step.

    A cache that cannot be written (no space, no right) is no fault of the run: a warning says so, and the run
    goes on.
    """
    path = path_of(scenario, burn_in)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_away(cache_folder() / "settled", "*/*", LEAST_FREE)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            packed = pickle.dumps(state, protocol=5)
            file.write(hashlib.sha256(packed).digest())
            file.write(packed)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        warnings.warn(f"the settled market is not kept for the next run: {error}", RuntimeWarning, stacklevel=2)
