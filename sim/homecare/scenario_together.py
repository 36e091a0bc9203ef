"""What cannot stand together in one scenario, whether it was read from a file or made in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from homecare.params import Policy, Shock

NOTHING: Mapping[str, Policy] = MappingProxyType({})


def clashes(policy: Mapping[str, Policy], before: Mapping[str, Policy] = NOTHING) -> Iterator[tuple[str, str, str]]:
    """Yield theme, name of its parameter and message for what does not go with other themes and did ``before``."""
    known = [fault for instance in before.values() for fault in instance.check_against(before)]
    for theme, instance in policy.items():
        for name, message in instance.check_against(policy):
            if (name, message) not in known:
                yield theme, name, message


def overlapping(shock: Shock, earlier: Iterable[Shock]) -> Iterator[str]:
    """Yield a message for each earlier shock of the same kind that is still on when this one begins."""
    for other in earlier:
        if other.kind == shock.kind and other.week + other.weeks > shock.week:
            yield f"{shock.kind} is still on from week {other.week}"


def twice(theme: str, week: int) -> str:
    """Return the message for a second change of a theme in the same week."""
    return f"{theme} changes twice in week {week}"


def impossible(policy: Mapping[str, Policy], changes: Iterable, shocks: Iterable[Shock]) -> Iterator[str]:
    """Yield all that cannot stand together: a line each, with its key.

    Parameters
    ----------
    policy : mapping
        Themes and what is in force at first.
    changes : iterable of Change
        In the order of their weeks.
    shocks : iterable of Shock
        In the order of their weeks.
    """
    for theme, name, message in clashes(policy):
        yield f"policy.{theme}.{name}: {message}"
    in_force, seen = dict(policy), set()
    for number, change in enumerate(changes):
        before, in_force = in_force, {**in_force, **change.policies}
        for theme in change.policies:
            if (change.week, theme) in seen:
                yield f"changes[{number}]: {twice(theme, change.week)}"
            seen.add((change.week, theme))
        for theme, name, message in clashes(in_force, before):
            yield f"changes[{number}].policy.{theme}.{name}: {message}"
    earlier: list[Shock] = []
    for number, shock in enumerate(shocks):
        yield from (f"shocks[{number}]: {message}" for message in overlapping(shock, earlier))
        earlier.append(shock)
