"""The manners of compiling: kernels, small functions inlined, and parts that only kernels reach."""

from __future__ import annotations

import numpy as np
import pytest
from numba.core.errors import NumbaError

from homecare.compiled import inlined, kernel, kernel_part


@kernel_part
def doubled(x: float) -> float:
    return 2.0 * x


@inlined
def tripled(x: float) -> float:
    return 3.0 * x


@kernel_part
def made(n: int) -> np.ndarray:
    return np.zeros(n)


@kernel
def added(values: np.ndarray) -> float:
    total = 0.0
    for i in range(values.size):
        total += doubled(values[i]) + tripled(values[i])
    return total


@kernel
def makes(n: int) -> float:
    return made(n)[0]


def test_a_kernel_calls_parts_and_inlined_functions() -> None:
    assert added(np.array([1.0, 10.0])) == 55.0


def test_an_inlined_function_can_be_called_from_python_and_a_part_says_that_it_cannot() -> None:
    assert tripled(2.0) == 6.0
    assert added(np.ones(1)) == 5.0  # the parts are compiled now: a call would run into nothing
    with pytest.raises(TypeError, match="doubled is a part of a kernel"):
        doubled(2.0)
    assert doubled.py_func(2.0) == 4.0


def test_a_part_that_makes_an_array_is_refused() -> None:
    with pytest.raises(NumbaError):
        makes(3)
