"""Settled markets kept under a key of everything that made them."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from homecare.compiled import cache_folder, content_digest
from homecare.scenario import Scenario, settle_digest

A_DAY = 86_400.0
"""Seconds."""
KEPT_DAYS = 30
"""Days that a settled market, or a run in the cache, is kept after it was last used."""
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


def clear_away(folder: Path, pattern: str, least_free: int = 0) -> None:
    """Remove what killed writers had begun a day ago, what nobody used for a month, and more where the disk is full.

    Parameters
    ----------
    folder, pattern : which files of the cache
    least_free : bytes of the disk below which more is removed
    """
    missing = least_free - shutil.disk_usage(folder).free
    used = []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # its writer ended meanwhile
            used.append((path.stat().st_mtime, path.stat().st_size, path))
    for last, size, path in sorted(used):
        days = (time.time() - last) / A_DAY
        if days > 1 if path.suffix == ".part" else days > KEPT_DAYS or missing > 0:
            with suppress(OSError):  # another user's, or gone meanwhile: the others are looked at all the same
                path.unlink()
                missing -= size
