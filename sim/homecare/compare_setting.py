"""In what the worlds of a comparison differ, and which of their weeks the means leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from homecare.scenario import Scenario
from homecare.words import windows

if TYPE_CHECKING:
    from homecare.compare_runs import Comparison

MOST = 6
"""Differences of a scenario that are named; of more only the number is told."""
SECTIONS = ("policy", "uncertainty", "initial")
SETTINGS = ("area", "scale", "weeks", "override")


def weeks_compared(comparison: Comparison) -> tuple[int, int]:
    """Return the first and the last week of which means are taken."""
    if comparison.window is not None:
        return comparison.window
    weeks = comparison.scenarios[comparison.reference].weeks
    return weeks - windows(weeks)[1], weeks - 1


def difference_lines(comparison: Comparison) -> Iterator[str]:
    """Yield a line for each scenario: what it has other than the reference."""
    reference = comparison.scenarios.get(comparison.reference)
    for label in comparison.others:
        other = comparison.scenarios.get(label)
        if reference is None or other is None:
            continue
        found = [*_settings(reference, other), *(one for one in _dated(other) if one not in set(_dated(reference)))]
        found += [f"without {one}" for one in _dated(reference) if one not in set(_dated(other))]
        more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
        yield f"{label}: {'; '.join(found[:MOST]) or 'nothing differs'}{more}."


def _settings(reference: Scenario, other: Scenario) -> Iterator[str]:
    a, b = reference.resolved(), other.resolved()
    yield from (f"{key} {b[key]} for {a[key]}" for key in SETTINGS if a[key] != b[key])
    for section in SECTIONS:
        for theme, values in b[section].items():
            yield from _values(f"{section}.{theme}", a[section][theme], values)


def _values(where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs in one group of parameters; of another kind of policy its kind says all."""
    if before.get("kind") != after.get("kind"):
        yield f"{where} {after['kind']} for {before['kind']}"
        return
    yield from (f"{where}.{name} {value} for {before[name]}" for name, value in after.items() if value != before[name])


def _dated(scenario: Scenario) -> list[str]:
    """Changes and shocks of one scenario in words."""
    said, in_force = [], dict(scenario.policy)
    for change in scenario.changes:
        for theme, policy in change.policies.items():
            old = in_force[theme]
            moved = _values(f"policy.{theme}", {"kind": old.kind, **old.values()},
                            {"kind": policy.kind, **policy.values()})
            said += [f"{one} from week {change.week}" for one in moved]
            in_force[theme] = policy
    return said + [f"{shock.kind} in weeks {shock.week} to {shock.week + shock.weeks - 1}" for shock in scenario.shocks]


def left_out(comparison: Comparison) -> list[str]:
    """Return a line for each change or shock that the weeks compared cover only in part, or not at all."""
    if comparison.reference not in comparison.scenarios:
        return []
    first, last = weeks_compared(comparison)
    end = comparison.scenarios[comparison.reference].weeks - 1
    lines = {}
    for scenario in comparison.scenarios.values():
        for change in scenario.changes:
            if change.week > first:
                what = f"the change of {' and '.join(change.policies)} in week {change.week}"
                part = "all weeks" if change.week > last else f"{change.week - first} of the {last - first + 1} weeks"
                lines[what] = f"Mind: {part} compared lie before {what}; see --window {change.week}:{end}."
        for shock in scenario.shocks:
            over = min(shock.week + shock.weeks - 1, end)
            inside = min(over, last) - max(shock.week, first) + 1
            what = f"the {shock.kind.replace('_', ' ')} of weeks {shock.week} to {over}"
            if inside < over - shock.week + 1:
                some = f"only {inside}" if inside > 0 else "none"
                lines[what] = f"Mind: {some} of the weeks compared lie in {what}; see --window {shock.week}:{over}."
    return list(lines.values())
