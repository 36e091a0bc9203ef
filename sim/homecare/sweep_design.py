"""From factors to points: which combinations of values a sweep runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import product
from typing import Any

from scipy.stats import qmc

from homecare.sweep_terms import DRAWN, Factor, Sweep

Point = dict[str, Any]
"""Path and value of each factor that the point sets."""


def points_of(sweep: Sweep) -> Iterator[Point]:
    """Return the points of a sweep in their order, one by one."""
    if sweep.design == "list":
        return iter(sweep.points)
    if not sweep.cross:
        return _designed(sweep, sweep.factors)
    levers, rest = levers_and_rest(sweep)
    return ({**lever, **draw} for draw in _designed(sweep, rest) for lever in _factorial(levers))


def number_of_points(sweep: Sweep) -> int:
    """Return how many points a sweep has, without making them."""
    if sweep.design == "list":
        return len(sweep.points)
    if not sweep.cross:
        return _number(sweep, sweep.factors)
    levers, rest = levers_and_rest(sweep)
    return math.prod(len(factor.values) for factor in levers) * _number(sweep, rest)


def levers_and_rest(sweep: Sweep) -> tuple[tuple[Factor, ...], tuple[Factor, ...]]:
    """Return the factors that somebody holds, and those that nobody decides: uncertainties, initial conditions, shocks
    and settings of the run."""
    levers = tuple(factor for factor in sweep.factors if factor.kind == "policy")
    return levers, tuple(factor for factor in sweep.factors if factor.kind != "policy")


def _designed(sweep: Sweep, factors: tuple[Factor, ...]) -> Iterator[Point]:
    if sweep.design in DRAWN:
        return _drawn(sweep, factors)
    return _factorial(factors) if sweep.design == "factorial" else _one_at_a_time(factors)


def _number(sweep: Sweep, factors: tuple[Factor, ...]) -> int:
    if sweep.design in DRAWN:
        return sweep.n
    sizes = [len(factor.values) for factor in factors]
    return math.prod(sizes) if sweep.design == "factorial" else 1 + sum(sizes)


def _factorial(factors: tuple[Factor, ...]) -> Iterator[Point]:
    """Every combination; the last factor changes fastest."""
    for values in product(*(factor.values for factor in factors)):
        yield dict(zip((factor.path for factor in factors), values, strict=True))


def _one_at_a_time(factors: tuple[Factor, ...]) -> Iterator[Point]:
    """The base as it is, then each value of each factor by itself."""
    yield {}
    for factor in factors:
        for value in factor.values:
            yield {factor.path: value}


def _drawn(sweep: Sweep, factors: tuple[Factor, ...]) -> Iterator[Point]:
    """Points spread evenly over all factors at once, by SciPy's quasi-Monte Carlo."""
    if sweep.design == "sobol":
        shares = qmc.Sobol(len(factors), scramble=True, rng=sweep.design_seed).random(sweep.n)
    else:
        shares = qmc.LatinHypercube(len(factors), rng=sweep.design_seed).random(sweep.n)
    for row in shares.tolist():
        yield {factor.path: factor.at(share) for factor, share in zip(factors, row, strict=True)}


def override(path: str, value: Any) -> str:
    """Return the override that sets a path to a value: ``policy.contracting.kind="block"``."""
    return f"{path}={json.dumps(value, ensure_ascii=False, sort_keys=True)}"


def label_of(sweep: Sweep, point: Point, number: int) -> str:
    """Return what tables call a point: its name, its values, or the number of the draw that it was made with.

    Examples
    --------
    >>> label_of(Sweep("x", "baseline"), {"policy.contracting.kind": "a", "weeks": 8}, 0)
    'contracting a, weeks 8'
    """
    if "name" in point:
        return str(point["name"])
    if sweep.design not in DRAWN:
        return ", ".join(_said(path, value) for path, value in point.items()) or "as the base"
    if not sweep.cross:
        return f"draw {number + 1}"
    levers, _ = levers_and_rest(sweep)
    draw = number // math.prod(len(factor.values) for factor in levers) + 1
    return ", ".join([*(_said(factor.path, point[factor.path]) for factor in levers), f"draw {draw}"])


def _said(path: str, value: Any) -> str:
    short = path.removesuffix(".kind").split(".", 1)[-1]
    if not isinstance(value, dict):
        return f"{short} {shown_value(value)}"
    inside = [f"{name} {shown_value(item)}" for name, item in value.items() if name != "kind"]
    return " ".join(str(word) for word in (short, value.get("kind", ""), *inside) if word != "")


def shown_value(value: Any) -> Any:
    """Return a value as a cell of a table: a number, a word, or a mapping on one line."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value
