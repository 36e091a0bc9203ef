"""What a scenario says, before anything runs: its differences from the defaults, with meaning and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from homecare.area_csv import read_override
from homecare.area_names import find_council
from homecare.data import council_columns, councils
from homecare.params import Declared, Parameter, Value, plain
from homecare.policies import THEMES
from homecare.scenario import Loaded, Scenario
from homecare.scenario_fault import Place
from homecare.scenario_find import named, scenario_folder

WARNING = "Synthetic: for differences, not forecasts."


@dataclass(frozen=True)
class Difference:
    """One value that differs from its default, or that a file gives although it is the default.

    Attributes
    ----------
    key : str
        Path, as a scenario file names it.
    value, before : float, int, bool or str
        What holds now; and the default, or what was in force before a change.
    unit, allowed, source, held_by, sentence : str
        As declared; `sentence` is the one of the whole policy where the kind differs.
    place : str
        File, line and column, or the override; empty where another value brought it along.
    """

    key: str
    value: Value
    before: Value
    unit: str
    allowed: str
    source: str
    held_by: str
    sentence: str
    place: str

    def lines(self) -> list[str]:
        """Two lines for a reader."""
        unit = f" [{self.unit}]" if self.unit else ""
        same = self.value == self.before
        was = "the same as its default" if same else f"instead of {plain(self.before)}"
        facts = [f"Held by {self.held_by}"]
        if self.source:
            facts.append(f"source {self.source}")
        if self.place:
            facts.append(f"set at {self.place}")
        return [
            f"  {self.key} = {plain(self.value)}{unit}: {was}; allowed: {self.allowed}",
            f"      {self.sentence} {'; '.join(facts)}.",
        ]


@dataclass(frozen=True)
class Part:
    """A part of the explanation: what holds from the start, one change or one shock."""

    title: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Explanation:
    """A scenario's differences, for people (`text`) and for programs (`to_dict`)."""

    scenario: Scenario
    files: tuple[str, ...]
    places: Mapping[str, Place]
    parts: tuple[Part, ...]

    def text(self) -> str:
        """One page of plain text."""
        scenario = self.scenario
        runs = "1 run" if scenario.replications == 1 else f"{scenario.replications} runs"
        lines = [scenario.name, "=" * len(scenario.name)]
        if scenario.description:
            lines += [scenario.description, ""]
        lines += ["Files: " + " < ".join(reversed(self.files)), ""]
        for key, said in (
            ("area", scenario.area),
            ("scale", "all of its people" if scenario.scale == 1 else f"{plain(scenario.scale)} of its people"),
            ("weeks", f"{scenario.weeks} weeks from April 2025"),
            ("seed", f"seed {scenario.seed}"),
            ("replications", runs),
            ("override", f"own facts: {scenario.override}" if scenario.override else ""),
        ):
            if said:
                place = f"   (set at {self.places[key]})" if key in self.places else "   (default)"
                lines.append(f"  {said}{place}")
        lines += [f"    {fact}" for fact in _own_facts(scenario)]
        for part in self.parts:
            lines += ["", part.title, "-" * len(part.title)]
            for difference in part.differences:
                lines += difference.lines()
            if not part.differences:
                lines.append("  nothing differs")
        if not any(part.differences for part in self.parts):
            lines += ["", _how_to_change(self.files)]
        return "\n".join([*lines, "", WARNING])

    def to_dict(self) -> dict[str, Any]:
        """The whole scenario, and its differences."""
        return {
            "files": list(self.files),
            "scenario": self.scenario.resolved(),
            "places": {key: str(place) for key, place in self.places.items()},
            "parts": [asdict(part) for part in self.parts],
            "warning": WARNING,
        }


def _how_to_change(files: tuple[str, ...]) -> str:
    """Return what to do with a scenario that changes nothing."""
    file = files[-1]
    if file in [f"{scenario_folder().name}/{name}.yaml" for name in named()]:  # as messages call a packaged one
        return f"{file} changes no rule: set values with --set, or write a file of your own with homecare new."
    return f"{file} changes no rule yet: take the # from lines of it, or set values with --set."


def _own_facts(scenario: Scenario) -> list[str]:
    """Return the user's own facts about the council, each against the packaged figure."""
    if scenario.override is None:
        return []
    row = councils()[find_council(scenario.area).code]
    own, _ = read_override(scenario.override, row)
    return [f"{name}: {value:g}, packaged {'no figure' if row[name] is None else format(row[name], 'g')}"
            f" ({council_columns()[name]['unit']})" for name, value in own.items()]


def explain(loaded: Loaded) -> Explanation:
    """Explain a scenario that `homecare.scenario.load_with_places` loaded."""
    scenario, places = loaded.scenario, loaded.places
    start: list[Difference] = []
    for theme, policy in scenario.policy.items():
        first = next(iter(THEMES[theme].values()))
        start += _policy(f"policy.{theme}", policy, first(), places)
    for section in ("uncertainty", "initial"):
        for theme, group in getattr(scenario, section).items():
            start += _values(f"{section}.{theme}", group, type(group)(), places)
    parts = [Part("Different from the defaults", tuple(one for one in start if one.value != one.before))]
    same = tuple(one for one in start if one.value == one.before)
    if same:
        parts.append(Part("Given, and the same as the default", same))
    in_force = dict(scenario.policy)
    for number, change in enumerate(scenario.changes):
        rows: list[Difference] = []
        for theme, policy in change.policies.items():
            rows += _policy(f"changes[{number}].policy.{theme}", policy, in_force[theme], places)
            in_force[theme] = policy
        reach = ", ".join(f"{theme} reaches {change.reaches(theme)}" for theme in change.policies)
        parts.append(Part(f"Changes from week {change.week} ({reach})", tuple(rows)))
    for number, shock in enumerate(scenario.shocks):
        last = shock.week + shock.weeks - 1
        rows = list(_values(f"shocks[{number}]", shock, type(shock)(), places))
        parts.append(Part(f"Shock in weeks {shock.week} to {last}: {shock.kind}", tuple(rows)))
    return Explanation(scenario, loaded.files, places, tuple(parts))


def _policy(
    key: str, policy: Declared, before: Declared, places: Mapping[str, Place]
) -> Iterator[Difference]:
    """The kind, if it differs, and then the values against those of the same kind."""
    if type(policy) is not type(before):
        place = places.get(f"{key}.kind") or places.get(key) or ""
        yield Difference(
            key=f"{key}.kind",
            value=policy.kind,
            before=before.kind,
            unit="",
            allowed=", ".join(THEMES[policy.theme]),
            source="",
            held_by=policy.held_by,
            sentence=policy.sentence(),
            place=str(place),
        )
        before = type(policy)()
    yield from _values(key, policy, before, places)


def _values(key: str, group: Declared, before: Declared, places: Mapping[str, Place]) -> Iterator[Difference]:
    for parameter in type(group).declared():
        inside = f"{key}.{parameter.name}"
        value, old = getattr(group, parameter.name), getattr(before, parameter.name)
        if value != old or inside in places:
            yield _difference(inside, parameter, value, old, str(places.get(inside, "")))


def _difference(key: str, parameter: Parameter, value: Value, before: Value, place: str) -> Difference:
    return Difference(
        key=key,
        value=value,
        before=before,
        unit=parameter.unit or "",
        allowed=parameter.allowed,
        source=parameter.source,
        held_by=parameter.held_by or "the experimenter",
        sentence=parameter.sentence,
        place=place,
    )
