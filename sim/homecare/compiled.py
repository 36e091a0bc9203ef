"""How the few hot loops are compiled, and where their machine code is kept.

Numba's cache notices an edit of the function that it caches and not of the helpers which that function
calls. The folder of the cache is therefore named by a hash of every module that compiled code can reach: those
that compile something, and all that they import, directly or not. An edit of one of these starts an empty cache, so
that no stale machine code can run; an edit of a policy or a page compiles nothing again.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numba
from numba.core.registry import CPUDispatcher

PACKAGE_FOLDER = Path(__file__).parent
_CODE_SUFFIXES = (".py", ".csv", ".parquet", ".yaml", ".md")


@lru_cache(maxsize=1)
def content_digest() -> str:
    """Return the SHA-256 of the package's code and data, as 64 hexadecimal digits.

    Names (relative, with ``/``) and bytes of every module and table count; caches do not.
    """
    return _digest_of(path for path in PACKAGE_FOLDER.rglob("*") if path.suffix in _CODE_SUFFIXES and path.is_file())


@lru_cache(maxsize=1)
def kernel_digest() -> str:
    """Return the SHA-256 of all modules that compiled code can reach, as 64 hexadecimal digits."""
    return _digest_of(reached_by_kernels())


def reached_by_kernels() -> set[Path]:
    """Return the modules that compile something and everything of the package that they import."""
    imports: dict[Path, set[Path]] = {}
    waiting: list[Path] = []
    for path in PACKAGE_FOLDER.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names = _IMPORT.findall(text)
        names += [part.split()[0] for line in _IMPORT_FROM_TOP.findall(text) for part in line.strip("()").split(",")
                  if part.split()]
        imports[path] = {module for name in names for module in _modules_named(name)}
        if _COMPILES.search(text):
            waiting.append(path)
    reached: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(imports[path])
    return reached


_IMPORT = re.compile(r"^\s*(?:from|import)\s+homecare\.([\w.]+)", re.MULTILINE)
_IMPORT_FROM_TOP = re.compile(r"^\s*from\s+homecare\s+import\s+(\([^)]*\)|[^\n(]*)", re.MULTILINE)
_COMPILES = re.compile(r"^\s*@(?:kernel|inlined|kernel_part)\b", re.MULTILINE)


def _modules_named(name: str) -> list[Path]:
    """Return the files of a dotted name below ``homecare``: a module, or a package with all that stands in it."""
    place = PACKAGE_FOLDER.joinpath(*name.split("."))
    if place.is_dir():
        return sorted(place.rglob("*.py"))
    module = place.with_suffix(".py")
    return [module] if module.is_file() else []  # a name of __init__.py, which loads nothing by itself


def _digest_of(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of the names and bytes of files below the package."""
    total = hashlib.sha256()
    for path in sorted(paths):
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
    return cache_folder() / "kernels" / f"{kernel_digest()[:20]}-{cpu}"


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_kernel_folder())


def kernel(function: Callable) -> Callable:
    """Compile ``function`` with Numba on first use and keep the machine code.

    No fast mathematics and no parallel loops: the order of every sum is the order written.
    """
    return numba.njit(function, cache=True, no_cfunc_wrapper=True, **_MANNER)


def inlined(function: Callable) -> Callable:
    """Compile a small function of numbers into the body of every kernel that calls it.

    Notes
    -----
    Numba counts references to each array that a call hands over, with an atomic instruction an array; a round
    is several arrays, and a thousand calls a week made that half of all time. What is inlined makes no array,
    so nothing needs counting (``_nrt``), and LLVM puts its body in place of the call (``forceinline``).
    """
    return numba.njit(function, cache=True, no_cfunc_wrapper=True, _nrt=False, forceinline=True, **_MANNER)


def kernel_part(function: Callable) -> Callable:
    """Compile a part of a kernel into it, as :func:`inlined` does; it cannot be called from Python.

    That saves the code that turns Python's objects into arrays, which takes longer to compile than the part.
    """
    made = numba.njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, forceinline=True, **_MANNER)
    made.__class__ = KernelPart
    return made


class KernelPart(CPUDispatcher):
    """A compiled function without a door for Python: whoever knocks is told so."""

    def __call__(self, *given: Any, **named: Any) -> None:
        """Refuse.

        Raises
        ------
        TypeError
            Always: without this, a call from Python would run into nothing and end the process.
        """
        name = self.py_func.__qualname__
        raise TypeError(f"{name} is a part of a kernel and not called from Python; its plain form is {name}.py_func")


_MANNER: dict[str, Any] = {"fastmath": False, "parallel": False, "nogil": True, "error_model": "numpy"}
