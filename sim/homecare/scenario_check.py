"""What the laid files amount to: whole policies, changes in order, shocks, and what cannot be together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from homecare import policies
from homecare.params import APPLIES_TO, Declared, Policy, Shock
from homecare.scenario_fault import BROKEN, Entry, Fault, Place, nearest, shown
from homecare.scenario_layers import (
    Draft,
    Layered,
    Settings,
    lay_policy,
    lay_values,
    mapping_of,
    parameters_of,
    unknown_key,
    value_of,
    wrong_value,
)
from homecare.scenario_together import NOTHING, clashes, overlapping, twice


class Choices(Mapping):
    """Groups of parameters by name: ``policy.contracting`` or ``policy["contracting"]``; read-only."""

    def __init__(self, items: Mapping[str, Declared]):
        self.__dict__.update(items, _items=dict(items))

    def __getitem__(self, name: str) -> Declared:
        return self._items[name]

    def __getattr__(self, name: str) -> Any:  # only for names that are not there
        raise AttributeError(f"there is no {name!r} among these groups of parameters")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a scenario is read-only; use replace() for one that differs")

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __reduce__(self):
        return type(self), (dict(self._items),)

    def __repr__(self) -> str:
        return f"Choices({', '.join(self._items)})"

    def replace(self, **items: Declared) -> Choices:
        """The same with other groups in the place of some."""
        return type(self)({**self._items, **items})


@dataclass(frozen=True)
class Change:
    """A change of policy in one week.

    Attributes
    ----------
    week : int
        Week at whose beginning it comes into force, from 0.
    policies : Choices
        Theme and the whole policy in force from then on, for each theme that the change names.
    applies_to : str or None
        What it reaches; None where each policy's own default holds.
    """

    week: int
    policies: Choices
    applies_to: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "policies", Choices(self.policies))

    def reaches(self, theme: str) -> str:
        """What the change reaches in one theme: ``all``, ``new``, ``at_review`` or ``at_renewal``."""
        return self.applies_to or type(self.policies[theme]).applies_to[0]


@dataclass
class Whole:
    """All that the files say, made and checked; `places` says where each given value was written."""

    settings: Settings | None = None
    policy: Choices = field(default_factory=lambda: Choices({}))
    uncertainty: Choices = field(default_factory=lambda: Choices({}))
    initial: Choices = field(default_factory=lambda: Choices({}))
    changes: tuple[Change, ...] = ()
    shocks: tuple[Shock, ...] = ()
    places: dict[str, Place] = field(default_factory=dict)


def whole(draft: Draft, faults: list[Fault]) -> Whole:
    """Make everything that the draft describes; what is wrong with the whole is added to `faults`."""
    made = Whole()
    made.settings = _make(draft.settings, "", faults)
    for key, entry in {**draft.texts, **draft.settings.values}.items():
        made.places[key] = entry.place
    for section in ("policy", "uncertainty", "initial"):
        groups = {}
        for theme, layered in getattr(draft, section).items():
            groups[theme] = _make(layered, f"{section}.{theme}", faults, made.places)
        if None not in groups.values():
            setattr(made, section, Choices(groups))
    _together(made.policy, draft.policy, {}, faults)
    weeks_known = not any(fault.key == "weeks" for fault in faults)
    weeks = made.settings.weeks if made.settings and weeks_known else None
    if draft.changes is not None:
        made.changes = tuple(_changes(draft, made, weeks, faults))
    if draft.shocks is not None:
        made.shocks = tuple(_shocks(draft.shocks, made, weeks, faults))
    return made


def _make(layered: Layered, where: str, faults: list[Fault], places: dict | None = None) -> Any:
    """Make one group, or note what is impossible about it and return None."""
    known = parameters_of(layered.cls)
    if places is not None:
        if layered.place.line or layered.place.file != "default":
            places[where] = layered.place
        places.update({f"{where}.{name}": entry.place for name, entry in layered.values.items()})
    try:
        return layered.cls(**{name: value_of(entry, known[name]) for name, entry in layered.values.items()})
    except ValidationError as problem:
        for error in problem.errors(include_url=False):
            location = str(error["loc"][0]) if error["loc"] else ""
            for name, message in error.get("ctx", {}).get("found") or [(location, error["msg"])]:
                faults.append(_impossible(layered, where, name, message))
        return None


def _impossible(layered: Layered, where: str, name: str, message: str) -> Fault:
    entry = layered.values.get(name)
    given = shown(entry) if entry else "the default" if name in parameters_of(layered.cls) else ""
    place = entry.place if entry else next((e.place for e in layered.values.values()), layered.place)
    key = f"{where}.{name}" if where and name else where or name
    return Fault(place, key, f"impossible combination: {message}", given)


def _together(policy: Mapping, drafts: dict[str, Layered], where: dict[str, str], faults: list[Fault],
              before: Mapping = NOTHING) -> None:
    """Note what does not go with other themes and did ``before``; ``where`` has the keys of what a change says."""
    for theme, name, message in clashes(policy, before):
        faults.append(_impossible(drafts[theme], f"{where.get(theme, 'policy')}.{theme}", name, message))


def _week(given: dict[str, Entry], item: Entry, where: str, weeks: int | None, faults: list[Fault]) -> int | None:
    """The week of a change or shock, or None with a fault."""
    last = (weeks or int(parameters_of(Settings)["weeks"].high)) - 1
    allowed = f"a whole number from 0 to {last}, the last week of the run"
    entry = given.get("week")
    if entry is None:
        faults.append(Fault(item.place, where, "the week is missing", allowed=allowed))
    elif entry.value is BROKEN:
        return None
    elif isinstance(entry.value, bool) or not isinstance(entry.value, int):
        faults.append(wrong_value(entry, f"{where}.week", "a whole number is wanted here", allowed))
    elif not 0 <= entry.value <= last:
        if entry.value > last:
            allowed += f"; or a longer run, of at least {entry.value + 1} weeks"
        faults.append(wrong_value(entry, f"{where}.week", "this week is not in the run", allowed))
    else:
        return entry.value
    return None


@dataclass(frozen=True)
class _Dated:
    """A change as written, with its week where that is known."""

    week: int | None
    where: str
    given: dict[str, Entry]
    themes: dict[str, Entry]


def _dated(changes: Entry, weeks: int | None, faults: list[Fault]) -> list[_Dated]:
    """The changes in the order of their weeks."""
    found = []
    keys = ("week", "applies_to", "policy")
    for i, item in enumerate(changes.value):
        where = f"changes[{i}]"
        given = mapping_of(item, where, faults)
        if given is None:
            continue
        for key, entry in given.items():
            if key not in keys:
                faults.append(unknown_key(entry, f"{where}.{shown(key)}", key, keys))
        week = _week(given, item, where, weeks, faults)
        themes = mapping_of(given["policy"], f"{where}.policy", faults) if "policy" in given else {}
        if themes == {}:
            allowed = "policy: {theme: {key: value}}"
            faults.append(Fault(item.place, where, "the change says nothing about policy", allowed=allowed))
        found.append(_Dated(week, where, given, themes or {}))
    return sorted(found, key=lambda change: -1 if change.week is None else change.week)


def _changes(draft: Draft, made: Whole, weeks: int | None, faults: list[Fault]) -> Iterator[Change]:
    """Whole policies for each change: its differences on what is in force just before."""
    in_force, policy, number = dict(draft.policy), made.policy, 0
    seen: dict[tuple[int, str], Place] = {}
    for change in _dated(draft.changes, weeks, faults):
        week, changed, n_faults = change.week, {}, len(faults)
        for theme, entry in change.themes.items():
            key = f"{change.where}.policy.{shown(theme)}"
            if theme not in in_force:
                faults.append(unknown_key(entry, key, theme, in_force))
                continue
            if week is not None and (week, theme) in seen:
                message = f"impossible combination: {twice(theme, week)}"
                faults.append(Fault(entry.key_place, key, message, f"first at {seen[week, theme]}", "once"))
            if week is not None:
                seen[week, theme] = entry.key_place
            in_force[theme] = lay_policy(theme, in_force[theme], entry, key, faults)
            changed[theme] = _make(in_force[theme], key, faults)
        reach = _applies_to(change, changed, faults)
        if n_faults < len(faults) or week is None or not changed or not policy:
            continue
        before, policy = policy, policy.replace(**changed)
        _together(policy, in_force, dict.fromkeys(changed, f"{change.where}.policy"), faults, before)
        for key, entry in change.given.items():
            made.places[f"changes[{number}].{key}"] = entry.place
        for theme, entry in change.themes.items():
            for name, inside in entry.value.items():
                made.places[f"changes[{number}].policy.{theme}.{name}"] = inside.place
        number += 1
        yield Change(week, Choices(changed), reach)


def _applies_to(change: _Dated, changed: dict[str, Policy], faults: list[Fault]) -> str | None:
    entry = change.given.get("applies_to")
    if entry is None or entry.value is BROKEN:
        return None
    key, words = f"{change.where}.applies_to", "one of " + ", ".join(APPLIES_TO)
    if not isinstance(entry.value, str) or entry.value not in APPLIES_TO:
        likely = nearest(entry.value, APPLIES_TO) if isinstance(entry.value, str) else ""
        faults.append(wrong_value(entry, key, "this does not say what a change reaches", words, likely))
        return None
    for theme, policy in changed.items():
        allowed = (entry.value,) if policy is None else type(policy).applies_to
        if entry.value not in allowed:
            message = f"impossible combination: a change of {theme} cannot reach this"
            faults.append(wrong_value(entry, key, message, "one of " + ", ".join(allowed)))
    return entry.value


def _shocks(entry: Entry, made: Whole, weeks: int | None, faults: list[Fault]) -> list[Shock]:
    """Shocks in the order of their weeks."""
    found: list[tuple[Shock, str, Entry]] = []
    for i, item in enumerate(entry.value):
        where = f"shocks[{i}]"
        given = dict(mapping_of(item, where, faults) or {})
        kind = given.pop("kind", None)
        allowed = "one of " + ", ".join(policies.SHOCKS)
        n_faults = len(faults)
        week = _week(given, item, where, weeks, faults) if isinstance(item.value, dict) else None
        if kind is None:
            if isinstance(item.value, dict):
                faults.append(Fault(item.place, where, "the kind of shock is missing", allowed=allowed))
            continue
        cls = policies.SHOCKS.get(kind.value) if isinstance(kind.value, str) else None
        if cls is None:
            if kind.value is not BROKEN:
                likely = nearest(kind.value, policies.SHOCKS) if isinstance(kind.value, str) else ""
                faults.append(wrong_value(kind, f"{where}.kind", "there is no such shock", allowed, likely))
            continue
        if week is None:
            given.pop("week", None)
        layered = lay_values(Layered(cls, kind.place), given, where, faults)
        shock = _make(layered, where, faults)
        if len(faults) == n_faults and week is not None and shock is not None:
            found.append((shock, where, item))
    found.sort(key=lambda row: (row[0].week, row[0].kind))
    for number, (shock, where, item) in enumerate(found):
        made.places[f"shocks[{number}]"] = item.place
        for name, inside in item.value.items():
            made.places[f"shocks[{number}].{name}"] = inside.place
        for message in overlapping(shock, (other for other, _, _ in found[:number])):
            faults.append(Fault(item.place, where, f"impossible combination: {message}", f"week {shock.week}"))
    return [shock for shock, _, _ in found]
