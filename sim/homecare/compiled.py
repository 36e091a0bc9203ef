"""How the few hot loops are compiled, and where their machine code is kept.

Numba's cache notices an edit of the function that it caches and not of the helpers which that function
calls. The folder of the cache is therefore named by a hash of the whole package: any edit starts an empty
cache, and no stale machine code can run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numba

PACKAGE_FOLDER = Path(__file__).parent
_CODE_SUFFIXES = (".py", ".csv", ".parquet", ".yaml", ".md")


@lru_cache(maxsize=1)
def content_digest() -> str:
    """Return the SHA-256 of the package's code and data, as 64 hexadecimal digits.

    Names (relative, with ``/``) and bytes of every module and table count; caches do not.
    """
    total = hashlib.sha256()
    for path in sorted(PACKAGE_FOLDER.rglob("*")):
        if path.suffix in _CODE_SUFFIXES and path.is_file():
            total.update(path.relative_to(PACKAGE_FOLDER).as_posix().encode())
            total.update(b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``$HOMECARE_CACHE`` or the user's cache folder."""
    given = os.environ.get("HOMECARE_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "homecare"


def _kernel_folder() -> Path:
    cpu = os.environ.get("NUMBA_CPU_NAME", "host")
    return cache_folder() / "kernels" / f"{content_digest()[:20]}-{cpu}"


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_kernel_folder())


def kernel(function: Callable) -> Callable:
    """Compile ``function`` with Numba on first use and keep the machine code.

    No fast mathematics and no parallel loops: the order of every sum is the order written.
    """
    return numba.njit(function, cache=True, fastmath=False, parallel=False, nogil=True, error_model="numpy")


def inlined(function: Callable) -> Callable:
    """Compile a small helper so that LLVM can inline it into the kernels that call it."""
    return numba.njit(function, cache=True, fastmath=False, nogil=True, error_model="numpy")
