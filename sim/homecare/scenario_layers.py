"""One scenario file laid over another: differences add up, and every fault is found on the way.

A file is a short list of differences. The files of a chain of ``extends`` are laid one over the other, the
oldest first, and the overrides of a command line on top; then what lies there is checked as a whole.
"""

from __future__ import annotations

import math
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import ClassVar

from homecare import assumptions, policies
from homecare.params import Declared, Parameter, Policy, Value, param
from homecare.scenario_fault import BROKEN, Entry, Fault, Place, nearest, shown
from homecare.scenario_file import plain_scalar


class Settings(Declared):
    """What a run is: how much of the area, how long, on which luck."""

    group: ClassVar[str] = "run"

    scale: float = param(1.0, unit="share of the area", low=0.001, high=1, source="design")
    """Share of the council's people that a compact part of it holds; distances stay true."""
    weeks: int = param(156, unit="weeks", low=1, high=5200, source="design")
    """How long the run is, counted from the first week of April 2025."""
    seed: int = param(1, unit="number", low=0, high=2**53 - 1, source="design")
    """Whose luck: the same seed gives every scenario the same people, illnesses and accidents."""
    replications: int = param(1, unit="runs", low=1, high=10000, source="design")
    """How many runs, on seeds that follow one another."""

    @classmethod
    def path_of(cls, name: str) -> str:
        """A setting stands at the top of a scenario file."""
        return name


TEXTS = ("name", "description", "area", "override")
KEYS = ("extends", *TEXTS, *Settings.model_fields, "policy", "uncertainty", "initial", "changes", "shocks")
"""Every key that a scenario file may have at its top."""
MOST_NEAREST = 3
"""Themes that are named at most where another theme has an unknown key."""


@cache
def parameters_of(cls: type[Declared]) -> dict[str, Parameter]:
    """The parameters of a class by name."""
    return {parameter.name: parameter for parameter in cls.declared()}


def all_parameters() -> list[Parameter]:
    """Every parameter: settings, policies, uncertainties, initial conditions and shocks, in this order."""
    classes: list[type[Declared]] = [Settings]
    classes += [cls for kinds in policies.THEMES.values() for cls in kinds.values()]
    classes += assumptions.UNCERTAINTIES.values()
    classes += assumptions.INITIAL_CONDITIONS.values()
    classes += policies.SHOCKS.values()
    return [parameter for cls in classes for parameter in cls.declared()]


@dataclass(frozen=True)
class Layered:
    """A class and the values that files gave for it; what no file gave is at its default."""

    cls: type[Declared]
    place: Place
    values: dict[str, Entry] = field(default_factory=dict)


@dataclass
class Draft:
    """What the files laid so far say."""

    texts: dict[str, Entry] = field(default_factory=dict)
    settings: Layered = field(default_factory=lambda: Layered(Settings, Place("default")))
    policy: dict[str, Layered] = field(default_factory=dict)
    uncertainty: dict[str, Layered] = field(default_factory=dict)
    initial: dict[str, Layered] = field(default_factory=dict)
    changes: Entry | None = None
    shocks: Entry | None = None


def blank() -> Draft:
    """A draft in which everything is at its default."""
    default = Place("default")
    first_kinds = {theme: next(iter(kinds.values())) for theme, kinds in policies.THEMES.items()}
    return Draft(
        policy={theme: Layered(cls, default) for theme, cls in first_kinds.items()},
        uncertainty={theme: Layered(cls, default) for theme, cls in assumptions.UNCERTAINTIES.items()},
        initial={theme: Layered(cls, default) for theme, cls in assumptions.INITIAL_CONDITIONS.items()},
    )


def lay(draft: Draft, tree: Entry, folder: Path, faults: list[Fault]) -> None:
    """Lay one file over the draft.

    Parameters
    ----------
    draft : Draft
        Changed in place.
    tree : Entry
        The mapping at the top of the file.
    folder : Path
        What a relative path in the file starts from.
    faults : list of Fault
        What is wrong with the file by itself is added here.
    """
    for key, entry in tree.value.items():
        if key not in KEYS:
            faults.append(unknown_key(entry, shown(key), key, KEYS))
        elif entry.value is BROKEN or key == "extends":
            continue
        elif key in TEXTS:
            _lay_text(draft, key, entry, folder, faults)
        elif key in Settings.model_fields:
            _take(parameters_of(Settings)[key], entry, key, draft.settings.values, faults)
        elif key in ("changes", "shocks"):
            if list_of(entry, key, faults) is not None:
                setattr(draft, key, entry)
        else:
            _lay_group(getattr(draft, key), key, entry, faults)


def _lay_text(draft: Draft, key: str, entry: Entry, folder: Path, faults: list[Fault]) -> None:
    if key == "override" and entry.value is None:
        draft.texts.pop("override", None)
    elif not isinstance(entry.value, str):
        allowed = "a path to a CSV file" if key == "override" else "text; put quotes around it"
        faults.append(wrong_value(entry, key, "text is wanted here", allowed))
    elif (not entry.value.strip() and key != "description") or _unprintable(entry.value):
        faults.append(wrong_value(entry, key, "this is not readable text", "printable text, not empty"))
    elif key == "override":
        draft.texts[key] = replace(entry, value=os.path.abspath(folder / entry.value))
    else:
        draft.texts[key] = entry


def _unprintable(text: str) -> bool:
    return any(c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp") for c in text)


def _lay_group(group: dict[str, Layered], key: str, entry: Entry, faults: list[Fault]) -> None:
    for theme, inside in (mapping_of(entry, key, faults) or {}).items():
        where = f"{key}.{shown(theme)}"
        if theme not in group:
            faults.append(unknown_key(inside, where, theme, group))
        elif key == "policy":
            group[theme] = lay_policy(theme, group[theme], inside, where, faults)
        else:
            given = mapping_of(inside, where, faults) or {}
            group[theme] = lay_values(group[theme], given, where, faults)


def lay_policy(theme: str, before: Layered, entry: Entry, where: str, faults: list[Fault]) -> Layered:
    """Lay the differences of one theme over the policy before: another kind starts from its own defaults."""
    given = mapping_of(entry, where, faults)
    if given is None:
        return before
    given = dict(given)
    kinds = policies.THEMES[theme]
    kind = given.pop("kind", None)
    if kind is None or kind.value is BROKEN:
        return lay_values(before, given, where, faults)
    key = f"{where}.kind"
    cls = kinds.get(kind.value) if isinstance(kind.value, str) else None
    if cls is None:
        likely = nearest(kind.value, kinds) if isinstance(kind.value, str) else ""
        message = f"there is no such kind of {theme}"
        faults.append(wrong_value(kind, key, message, "one of " + ", ".join(kinds), likely))
        if likely:
            lay_values(Layered(kinds[likely], kind.place), given, where, faults)
        return before
    if cls is not before.cls:
        before = Layered(cls, kind.place)
    return lay_values(before, given, where, faults)


def lay_values(before: Layered, given: dict[str, Entry], where: str, faults: list[Fault]) -> Layered:
    """Lay given values over those before; what is not allowed is left out, with a fault."""
    known = parameters_of(before.cls)
    values = dict(before.values)
    for name, entry in given.items():
        key = f"{where}.{shown(name)}"
        if name in known:
            _take(known[name], entry, key, values, faults)
        else:
            names = (*known, "kind") if issubclass(before.cls, Policy) else tuple(known)
            faults.append(unknown_key(entry, key, name, names, before.cls))
    return Layered(before.cls, before.place, values)


def _take(
    parameter: Parameter, entry: Entry, key: str, values: dict[str, Entry], faults: list[Fault]
) -> None:
    """Put a value that is allowed into `values`, and note a fault for one that is not."""
    if entry.value is BROKEN:
        return
    message = why_not(parameter, entry.value)
    if message is None:
        values[parameter.name] = entry
        return
    unit = f" ({parameter.unit})" if parameter.unit else ""
    likely = ""
    if isinstance(entry.value, str):
        words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
        is_flag = parameter.type_name == "yes or no"
        likely = words.get(entry.value.lower(), "") if is_flag else nearest(entry.value, parameter.choices)
    faults.append(wrong_value(entry, key, message, parameter.allowed + unit, likely))


def why_not(parameter: Parameter, value: object) -> str | None:
    """Say why a parameter cannot have this value; None where it can."""
    flag = isinstance(value, bool)
    if parameter.type_name == "yes or no":
        return None if flag else "true or false is wanted here"
    if parameter.type_name == "word":
        if not isinstance(value, str):
            return "a word is wanted here"
        return None if value in parameter.choices else "this word is not one of those allowed"
    if flag or not isinstance(value, int | float):
        return f"a {parameter.type_name} is wanted here"
    if not math.isfinite(value):
        return "the number must be finite"
    if parameter.type_name == "whole number" and not isinstance(value, int):
        return "a whole number is wanted here"
    return None if parameter.low <= value <= parameter.high else "the number is out of range"


def value_of(entry: Entry, parameter: Parameter) -> Value:
    """The value as its parameter keeps it: a whole number given for a number becomes one."""
    return float(entry.value) + 0.0 if parameter.type_name == "number" else entry.value


def mapping_of(entry: Entry, key: str, faults: list[Fault]) -> dict[str, Entry] | None:
    """The mapping that an entry holds, or None with a fault."""
    return _shape(entry, key, dict, "a mapping of keys is wanted here", faults)


def list_of(entry: Entry, key: str, faults: list[Fault]) -> list[Entry] | None:
    """The list that an entry holds, or None with a fault."""
    return _shape(entry, key, list, "a list is wanted here", faults)


def _shape(entry: Entry, key: str, wanted: type, message: str, faults: list[Fault]):
    if isinstance(entry.value, wanted):
        return entry.value
    if entry.value is not BROKEN:
        allowed = "keys with values, such as {kind: ...}" if wanted is dict else "items, each after a dash"
        faults.append(wrong_value(entry, key, message, allowed))
    return None


def wrong_value(entry: Entry, key: str, message: str, allowed: str, likely: str = "") -> Fault:
    """The fault of a value that is not allowed."""
    given = shown(entry)
    if isinstance(entry.value, str) and entry.value and not isinstance(plain_scalar(entry.value), str):
        given = f'"{given}"'  # a word only by its quotes
    return Fault(entry.place, key, message, given, allowed, likely)


def unknown_key(
    entry: Entry, key: str, name: str, names: Iterable[str], cls: type[Declared] | None = None
) -> Fault:
    """The fault of a key that is none of `names`, the parameters of `cls` where that is given."""
    names = tuple(names)
    elsewhere = [p for p in all_parameters() if cls is not None and p.name == name]
    likely = "; ".join(_with_kinds(elsewhere, cls)) or nearest(name, names)
    hangs = any((p.group, p.theme) == (cls.group, cls.theme) for p in elsewhere)
    allowed = "one of " + ", ".join(names) if names else "nothing"
    return Fault(entry.key_place, key, "there is no such key here", shown(name), allowed, likely, hangs)


def _with_kinds(elsewhere: list[Parameter], cls: type[Declared] | None) -> list[str]:
    """Paths of parameters of one name, and their kinds: those of the theme of `cls`, or else of three themes at most.

    Themes whose default kind has it come first.
    """
    kinds: dict[str, list[str]] = {}
    for p in elsewhere:
        kinds.setdefault(p.path, []).extend([p.kind] if p.kind else [])
    own = {p.path for p in elsewhere if (p.group, p.theme) == (cls.group, cls.theme)}
    usual = {p.path for p in elsewhere if not p.kind or p.kind == next(iter(policies.THEMES.get(p.theme, ())), None)}
    paths = own or sorted(kinds, key=lambda path: path not in usual)[:MOST_NEAREST]
    return [f"{path} beside kind: {' or '.join(kinds[path])}" if kinds[path] else path for path in paths]
