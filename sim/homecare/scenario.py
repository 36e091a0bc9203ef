"""A scenario: which area, how long, on which luck, under which policies, changes and shocks.

``load`` reads a scenario file, which says only how it differs from another scenario or from the defaults;
``dump`` writes the whole of it, and what it writes loads back equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from homecare.area import UnknownArea, find_council
from homecare.area_csv import MARKET_COLUMNS, OverrideError, read_override
from homecare.data import councils
from homecare.params import Shock
from homecare.scenario_check import Change, Choices, Whole, whole
from homecare.scenario_fault import Entry, Fault, Place, ScenarioError, shown
from homecare.scenario_file import read_text
from homecare.scenario_find import named, read_chain
from homecare.scenario_layers import Draft, Settings, blank, lay
from homecare.scenario_overrides import overriding
from homecare.scenario_together import impossible
from homecare.scenario_write import content_hash, own_code, to_yaml

__all__ = ["Change", "Choices", "Loaded", "Scenario", "ScenarioError", "digest", "dump", "load", "load_text",
           "load_with_places", "named", "settle_digest"]


@dataclass(frozen=True)
class Scenario:
    """Everything that a run is told.

    Attributes
    ----------
    name, description : str
    area : str
        Name of the council.
    policy, uncertainty, initial : Choices
        Groups of parameters by theme: ``scenario.policy.payment``, ``scenario.policy["payment"]``.
    scale : float
        Share of the council's people in the compact part that is simulated, above 0 and up to 1.
    weeks : int
    seed : int
    replications : int
        Runs on seeds that follow one another.
    override : str or None
        Path of a CSV with the user's own facts about the council.
    changes : tuple of Change
        In the order of their weeks.
    shocks : tuple of Shock
        In the order of their weeks.

    Raises
    ------
    ValueError
        If scale, weeks, seed or replications is out of range, a change or shock is outside the run, or policies,
        changes or shocks cannot stand together.
    """

    name: str
    area: str
    policy: Choices
    uncertainty: Choices
    initial: Choices
    description: str = ""
    scale: float = 1.0
    weeks: int = 156
    seed: int = 1
    replications: int = 1
    override: str | None = None
    changes: tuple[Change, ...] = ()
    shocks: tuple[Shock, ...] = ()

    def __post_init__(self) -> None:
        settings = Settings(
            scale=self.scale, weeks=self.weeks, seed=self.seed, replications=self.replications
        )
        object.__setattr__(self, "scale", settings.scale)
        for what, dated in (("change", self.changes), ("shock", self.shocks)):
            outside = [each.week for each in dated if not 0 <= each.week < self.weeks]
            if outside:
                raise ValueError(f"a {what} in week {outside[0]} is outside a run of {self.weeks} weeks")
        object.__setattr__(self, "changes", tuple(sorted(self.changes, key=lambda change: change.week)))
        shocks = sorted(self.shocks, key=lambda shock: (shock.week, shock.kind))
        object.__setattr__(self, "shocks", tuple(shocks))
        found = list(impossible(self.policy, self.changes, self.shocks))
        if found:
            raise ValueError("impossible combination: " + "; ".join(found))

    def resolved(self) -> dict[str, Any]:
        """Every value, given or not, as plain dictionaries, lists, numbers and words in a fixed order."""
        top = ("name", "description", "area", "scale", "weeks", "seed", "replications", "override")
        out: dict[str, Any] = {key: getattr(self, key) for key in top}
        out["policy"] = _kinds(self.policy)
        out["uncertainty"] = {name: group.values() for name, group in self.uncertainty.items()}
        out["initial"] = {name: group.values() for name, group in self.initial.items()}
        out["changes"] = []
        for change in self.changes:
            reach = {} if change.applies_to is None else {"applies_to": change.applies_to}
            out["changes"].append({"week": change.week, **reach, "policy": _kinds(change.policies)})
        out["shocks"] = [{"kind": shock.kind, **shock.values()} for shock in self.shocks]
        return out


def _kinds(choices: Choices) -> dict[str, Any]:
    return {theme: {"kind": policy.kind, **policy.values()} for theme, policy in choices.items()}


@dataclass(frozen=True)
class Loaded:
    """A scenario and where each of its values was written.

    Attributes
    ----------
    scenario : Scenario
    places : dict of str to Place
        Key path (as in a scenario file) and place, for each value that a file or an override gave.
    files : tuple of str
        The files of the chain of ``extends``, the oldest first.
    """

    scenario: Scenario
    places: dict[str, Place] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @contextmanager
    def faults_in_place(self) -> Iterator[None]:
        """Give faults that show only once a market is made the place where their value was written, or the area was."""
        try:
            yield
        except ScenarioError as error:
            places = [self.places.get(each.key) or self.places.get("area") for each in error.faults]
            raise ScenarioError([replace(each, place=place) if place and each.key in MADE_LATE else each
                                 for each, place in zip(error.faults, places, strict=True)]) from error


MADE_LATE = ("scale", "policy.contracting.zones")
"""Keys that may not fit the area, which is known only when a market is made."""


def load(source: str | Path, overrides: Iterable[str] = (), **top_level: Any) -> Scenario:
    """Load a scenario by the name of a packaged one or the path of a file.

    Parameters
    ----------
    source : str or Path
        A name in `named()`, or a path.
    overrides : iterable of str
        Differences laid on top, such as ``"policy.contracting.kind=block"`` or ``"shocks[0].weeks=8"``.
    **top_level
        ``area``, ``scale``, ``weeks``, ``seed``, ``replications``, ``name`` or ``override``; None leaves a
        key as the file has it.

    Raises
    ------
    ScenarioError
        With every fault of the file and the files that it extends; if these are sound, with every fault of
        the overrides.

    Examples
    --------
    >>> load("baseline", weeks=52).weeks
    52
    """
    return load_with_places(source, overrides, **top_level).scenario


def load_with_places(source: str | Path, overrides: Iterable[str] = (), **top_level: Any) -> Loaded:
    """Load as `load` does, and keep where each value was written."""
    faults: list[Fault] = []
    return _build(read_chain(source, faults), faults, overrides, top_level)


def load_text(text: str, folder: str | Path = ".", name: str = "text") -> Scenario:
    """Load a scenario from YAML text; relative paths in it start from `folder`. See `load`."""
    faults: list[Fault] = []
    tree = read_text(text, name, faults)
    chain = [] if tree is None else read_chain("", faults, first=(tree, Path(folder), name))
    return _build(chain, faults, (), {}).scenario


def _build(
    chain: list[tuple[Entry, Path, str]], faults: list[Fault], overrides: Iterable[str], top_level: dict
) -> Loaded:
    draft, all_read, found = blank(), not faults, []
    for tree, folder, _ in chain:
        draft.texts.pop("name", None)  # a name belongs to its own file
        draft.texts.pop("description", None)
        lay(draft, tree, folder, found)
    made = whole(draft, found)
    faults += [fault for fault in found if all_read or not fault.hangs_on_kind]
    if "area" in draft.texts:
        _check_area(draft, "", faults)
    _stop_at(faults)
    files = tuple(name for _, _, name in chain)
    given = overriding(draft, overrides, top_level, faults, files[-1])
    if given is not None:
        lay(draft, given, Path(), faults)
        made = whole(draft, faults)
    area = _check_area(draft, files[-1], faults)
    _stop_at(faults)
    return Loaded(_scenario(draft, made, files[-1], area), made.places, files)


def _stop_at(faults: list[Fault]) -> None:
    if faults:
        raise ScenarioError(sorted(faults, key=lambda f: (f.place.file, f.place.line, f.place.column)))


def _check_area(draft: Draft, file: str, faults: list[Fault]) -> str:
    """Name of the council, once it is known and the user's own facts about it can be read."""
    entry = draft.texts.get("area")
    if entry is None:
        allowed = "the name of an English council, such as area: Wiltshire"
        faults.append(Fault(Place(file), "area", "the area is missing", allowed=allowed))
        return ""
    try:
        council = find_council(entry.value)
    except UnknownArea as unknown:
        message, allowed = "no English council is called so", "a name that `homecare areas` lists"
        near = ", ".join(unknown.nearest)
        faults.append(Fault(entry.place, "area", message, shown(entry), allowed, near))
        return ""
    override = draft.texts.get("override")
    if override is not None:
        try:
            read_override(override.value, councils()[council.code], MARKET_COLUMNS)
        except OverrideError as error:
            given = shown(override)
            faults.extend(Fault(override.place, "override", fault, given) for fault in error.faults)
    return council.name


def _scenario(draft: Draft, made: Whole, file: str, area: str) -> Scenario:
    texts = {key: entry.value for key, entry in draft.texts.items()}
    return Scenario(
        name=texts.get("name", Path(file).stem),
        description=texts.get("description", ""),
        area=area,
        override=texts.get("override"),
        **made.settings.values(),
        policy=made.policy,
        uncertainty=made.uncertainty,
        initial=made.initial,
        changes=made.changes,
        shocks=made.shocks,
    )


HEAD = "# A whole scenario, written by homecare: every value is here, so nothing else is needed.\n"


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML with every value in it; `load` makes an equal one of it."""
    return HEAD + to_yaml(scenario.resolved())


def digest(scenario: Scenario) -> str:
    """SHA-256 of all that a scenario says to a run; its name, description and replications do not count.

    The content of the user's own facts counts and not the path of their file. Code and data have their own
    digest, and the files of a user's own policies count here.
    """
    resolved = _with_content(scenario)
    used = [*scenario.policy.values(), *scenario.shocks]
    used += [policy for change in scenario.changes for policy in change.policies.values()]
    resolved["own_code"] = own_code(type(each) for each in used)
    for key in ("name", "description", "replications"):
        del resolved[key]
    for said, change in zip(resolved["changes"], scenario.changes, strict=True):
        said["applies_to"] = {theme: change.reaches(theme) for theme in change.policies}
    return content_hash(resolved)


def settle_digest(scenario: Scenario) -> str:
    """SHA-256 of what the burn-in depends on, so that every policy starts from the same settled market.

    Area, scale, own facts, seed, uncertainties and initial conditions count; policies, changes, shocks and
    weeks never do.
    """
    resolved = _with_content(scenario)
    keys = ("area", "scale", "override", "seed", "uncertainty", "initial")
    return content_hash({key: resolved[key] for key in keys})


def _with_content(scenario: Scenario) -> dict[str, Any]:
    resolved = scenario.resolved()
    if scenario.override is not None:
        resolved["override"] = hashlib.sha256(Path(scenario.override).read_bytes()).hexdigest()
    return resolved
