"""One factor of a sweep file: which parameter its path names, and which values it takes."""

from __future__ import annotations

import re
from typing import Any

from homecare import assumptions, policies
from homecare.params import Parameter
from homecare.scenario import load
from homecare.scenario_fault import BROKEN, Entry, Fault, nearest, shown
from homecare.scenario_layers import Settings, mapping_of, parameters_of, unknown_key, wrong_value
from homecare.sweep_terms import Factor, of_parameter

OF_TOP = {"area": "run", "scale": "run", "weeks": "run", "changes": "policy", "shocks": "shock"}
RANGE_KEYS = ("low", "high", "steps")
MOST_STEPS = 100


def factor_of(path: str, entry: Entry, base: str | None, faults: list[Fault]) -> Factor | None:
    """Return a factor of a sweep file; None with a fault where there is none.

    Parameters
    ----------
    path : str
        As in an override.
    entry : Entry
        A list of values, ``{low: .., high: .., steps: ..}``, or nothing for the parameter's own range.
    base : str or None
        The scenario that points differ from, which says whose kind a path means; None where it cannot be loaded.
    """
    where = f"factors.{shown(path)}"
    kind, parameter = _named(path, entry, base, faults, where)
    if kind is None or entry.value is BROKEN:
        return None
    if isinstance(entry.value, list):
        levels = tuple(plain(item) for item in entry.value)
        texts = [repr(level) for level in levels]
        if not levels or len(set(texts)) < len(texts):
            faults.append(wrong_value(entry, where, "these are not different values", "different values in a list"))
            return None
        return Factor(path, kind, levels, unit=parameter.unit or "" if parameter else "", place=entry.key_place)
    if path.endswith(".kind") and entry.value is None and parameter is None:
        theme = path.split(".")[1]
        return Factor(path, kind, tuple(policies.THEMES[theme]), place=entry.key_place)
    if parameter is None:
        faults.append(wrong_value(entry, where, "a list of values is wanted here", "values, such as [a, b]"))
        return None
    given = _range(entry, parameter, where, faults)
    return None if given is None else of_parameter(path, kind, parameter, entry.key_place, **given)


def _named(path: str, entry: Entry, base: str | None, faults: list[Fault],
           where: str) -> tuple[str | None, Parameter | None]:
    """The kind of a factor, and the parameter that its path names where it names one."""
    steps = path.split(".")
    top = re.sub(r"\[[0-9]+\]", "", steps[0])
    tops = ("policy", "uncertainty", "initial", *OF_TOP)
    if top not in tops:
        faults.append(unknown_key(entry, where, top, tops))
        return None, None
    if top in OF_TOP:
        parameter = parameters_of(Settings).get(path)
        if top == "shocks" and base is not None:
            parameter = _of_shock(path, base)
        return OF_TOP[top], parameter
    groups = {"policy": policies.THEMES, "uncertainty": assumptions.UNCERTAINTIES,
              "initial": assumptions.INITIAL_CONDITIONS}[top]
    if len(steps) < 2 or steps[1] not in groups:
        faults.append(unknown_key(entry, where, steps[1] if len(steps) > 1 else top, groups))
        return None, None
    classes = [groups[steps[1]]] if top != "policy" else _kinds_of(steps[1], base)
    known = {parameter.name: parameter for cls in reversed(classes) for parameter in cls.declared()}
    if len(steps) == 2 or (steps[2] == "kind" and top == "policy"):
        return top, None
    if len(steps) > 3 or steps[2] not in known:
        names = ["kind", *known] if top == "policy" else list(known)
        faults.append(Fault(entry.key_place, where, "there is no such parameter", shown(path),
                            "one of " + ", ".join(names), nearest(steps[2], names)))
        return None, None
    return top, known[steps[2]]


def _kinds_of(theme: str, base: str | None) -> list[type]:
    """The classes of a theme, that of the base first."""
    classes = list(policies.THEMES[theme].values())
    own = classes[0] if base is None else type(load(base).policy[theme])
    return [own, *(cls for cls in classes if cls is not own)]


def _of_shock(path: str, base: str) -> Parameter | None:
    match = re.fullmatch(r"shocks\[([0-9]+)\]\.(\w+)", path)
    shocks = load(base).shocks
    if match is None or int(match[1]) >= len(shocks):
        return None
    return parameters_of(type(shocks[int(match[1])])).get(match[2])


def _range(entry: Entry, parameter: Parameter, where: str, faults: list[Fault]) -> dict[str, Any] | None:
    """The part of the parameter's range that is given; None with faults where it is none."""
    if entry.value is None:
        return {}
    given = mapping_of(entry, where, faults)
    if given is None:
        return None
    n_faults = len(faults)
    found: dict[str, Any] = {}
    for key, inside in given.items():
        if key not in RANGE_KEYS:
            faults.append(unknown_key(inside, f"{where}.{shown(key)}", key, RANGE_KEYS))
        elif parameter.low is None:
            faults.append(Fault(inside.key_place, f"{where}.{key}", "only a number has a range", shown(inside)))
        elif key == "steps":
            if not (isinstance(inside.value, int) and 2 <= inside.value <= MOST_STEPS) or inside.value is True:
                allowed = f"a whole number from 2 to {MOST_STEPS}"
                faults.append(wrong_value(inside, f"{where}.steps", "a whole number is wanted here", allowed))
        elif isinstance(inside.value, bool) or not isinstance(inside.value, int | float) or not (
                parameter.low <= inside.value <= parameter.high):
            faults.append(wrong_value(inside, f"{where}.{key}", "the number is out of range", parameter.allowed))
        found[key] = inside.value
    if len(faults) > n_faults:
        return None
    if parameter.low is not None and found.get("low", parameter.low) >= found.get("high", parameter.high):
        faults.append(wrong_value(entry, where, "low must be below high", "low below high"))
        return None
    return found


def plain(entry: Entry) -> Any:
    """Return what an entry holds as plain dictionaries, lists and scalars."""
    if isinstance(entry.value, dict):
        return {key: plain(inside) for key, inside in entry.value.items()}
    if isinstance(entry.value, list):
        return [plain(inside) for inside in entry.value]
    return entry.value
