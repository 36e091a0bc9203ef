"""Overrides of a command line: ``path=value`` pairs become one more layer over a scenario file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

from homecare.scenario_fault import Entry, Fault, Place, nearest, printable, shown
from homecare.scenario_file import read_value
from homecare.scenario_layers import KEYS, Draft

_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)((?:\[[0-9]{1,4}\])*)")
NOT_HERE = ("extends",)


def overriding(
    draft: Draft, overrides: Iterable[str], top_level: dict[str, Any], faults: list[Fault], file: str
) -> Entry | None:
    """Make one layer of all overrides.

    Parameters
    ----------
    draft : Draft
        What the files say; an index such as ``changes[0]`` counts in its lists.
    overrides : iterable of str
        ``path=value``, the value as in YAML.
    top_level : dict
        Values of keys at the top; None leaves a key out.
    faults : list of Fault
        What cannot be understood is added here.
    file : str
        What messages call the file of the draft: an override may hold for several scenarios.

    Returns
    -------
    Entry or None
        The layer; None where nothing is overridden.
    """
    if isinstance(overrides, str):
        raise TypeError("overrides are a list of texts, not one text")
    root: Entry | None = None
    seen: set[str] = set()
    for text in overrides:
        path, equals, value = text.partition("=")
        path, place = path.strip(), Place(f"override {printable(text)}")
        steps = _steps(path)
        if not equals or steps is None:
            allowed = "path=value, such as policy.contracting.kind=block"
            key = path if steps else ""
            faults.append(Fault(place, key, "this is not an override", shown(text), allowed))
            continue
        entry = read_value(value, place.file, path, faults)
        if entry is not None:
            root = _put(root, draft, steps, path, entry, seen, faults, file)
    for key, value in top_level.items():
        if value is not None:
            place = Place(f"override {key}={shown(value)}")
            root = _put(root, draft, [key], key, _entry(value, place), seen, faults, file)
    return root


def _entry(value: object, place: Place) -> Entry:
    """A value from Python as the reader of files would give it."""
    if isinstance(value, Mapping):
        value = {str(key): _entry(item, place) for key, item in value.items()}
    elif isinstance(value, list | tuple):
        value = [_entry(item, place) for item in value]
    elif isinstance(value, Integral) and not isinstance(value, bool):
        value = int(value)
    elif isinstance(value, Real) and not isinstance(value, bool):
        value = float(value)
    elif not isinstance(value, bool | None):
        value = str(value)
    return Entry(value, place, place)


def _steps(path: str) -> list[str | int] | None:
    steps: list[str | int] = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        if match is None:
            return None
        steps.append(match[1])
        steps += [int(index) for index in re.findall(r"[0-9]+", match[2])]
    return steps


def _put(
    root: Entry | None,
    draft: Draft,
    steps: list[str | int],
    path: str,
    entry: Entry,
    seen: set[str],
    faults: list[Fault],
    file: str,
) -> Entry | None:
    """`root` with one override in it; `root` as it was, with a fault, where that cannot be."""
    place, top = entry.place, steps[0]
    if top not in KEYS or top in NOT_HERE:
        names = [key for key in KEYS if key not in NOT_HERE]
        allowed = "one of " + ", ".join(names)
        likely = nearest(top, names)
        faults.append(Fault(place, path, "this cannot be overridden", shown(top), allowed, likely))
        return root
    if any(_within(path, other) or _within(other, path) for other in seen):
        faults.append(Fault(place, path, "this is overridden twice", shown(entry), "once"))
        return root
    seen.add(path)
    if root is None:
        root = Entry({}, place, place)
    if top in ("changes", "shocks") and top not in root.value and len(steps) > 1:
        present = getattr(draft, top) or Entry([], place, place)
        root = replace(root, value={**root.value, top: present})
    put = _inside(root, steps, path, entry, faults, file)
    return root if put is None else put


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith((other + ".", other + "["))


def _inside(root: Entry, steps: list, path: str, entry: Entry, faults: list[Fault], file: str) -> Entry | None:
    """`root` with `entry` at the end of `steps`; None with a fault where there is no way to it."""
    if not steps:
        return entry
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(root.value, list) or step >= len(root.value):
            allowed = "no number: there is no list here"
            if isinstance(root.value, list):
                allowed = f"0 to {len(root.value) - 1}" if root.value else "nothing: the list is empty"
                allowed += f" in {file}"
            faults.append(Fault(entry.place, path, "there is no item of this number", shown(step), allowed))
            return None
        inside = _inside(root.value[step], rest, path, entry, faults, file)
        if inside is None:
            return None
        return replace(root, value=[*root.value[:step], inside, *root.value[step + 1 :]])
    if not isinstance(root.value, dict):
        allowed = "an index, such as changes[0]" if isinstance(root.value, list) else "a value without keys"
        faults.append(Fault(entry.place, path, "there are no keys here", shown(step), allowed))
        return None
    before = root.value.get(step, Entry({}, entry.place, entry.key_place))
    inside = _inside(before, rest, path, entry, faults, file)
    return None if inside is None else replace(root, value={**root.value, step: inside})
