"""Calls of a kernel as a living market makes them: what went in, what came out, what was changed."""

from __future__ import annotations

import copy
import importlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np


class Call:
    """One call: ``before`` and ``after`` hold copies of every argument by name, ``result`` what was returned."""

    def __init__(self, before: dict, after: dict, result: object) -> None:
        self.before = SimpleNamespace(**before)
        self.after = SimpleNamespace(**after)
        self.result = result

    def arguments(self) -> dict:
        """Return a fresh copy of the arguments before the call, by name."""
        return copy.deepcopy(vars(self.before))


@contextmanager
def recorded(module: str, name: str, most: int = 40) -> Iterator[list[Call]]:
    """Record up to ``most`` calls of ``module.name`` for as long as the block runs."""
    kernel = getattr(importlib.import_module(module), name)
    signature = inspect.signature(getattr(kernel, "py_func", kernel))
    calls: list[Call] = []

    def listener(*args, **kwargs):
        if len(calls) >= most:
            return kernel(*args, **kwargs)
        given = signature.bind(*args, **kwargs).arguments
        before = copy.deepcopy(dict(given))
        result = kernel(*args, **kwargs)
        calls.append(Call(before, copy.deepcopy(dict(given)), copy.deepcopy(result)))
        return result

    with patch(f"{module}.{name}", listener):
        yield calls


def assert_same(found: object, expected: object, where: str = "") -> None:
    """Fail where two nests of arrays, tuples and numbers are not bit for bit the same."""
    if isinstance(expected, np.ndarray):
        apart = np.flatnonzero(np.asarray(found).ravel() != expected.ravel())
        assert not apart.size, f"{where}: {apart.size} values differ, the first at {apart[:5].tolist()}"
    elif isinstance(expected, tuple):
        names = getattr(expected, "_fields", range(len(expected)))
        for name, one, other in zip(names, found, expected, strict=True):
            assert_same(one, other, f"{where}.{name}")
    else:
        assert found == expected, where
