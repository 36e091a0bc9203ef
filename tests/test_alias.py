"""Alias law: a user's policy that gives the same answers under another name gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from homecare import store
from homecare.market import Market
from homecare.params import Declared, Policy
from homecare.policies import SHOCKS, THEMES, add
from homecare.scenario import Change, Scenario, load

pytestmark = pytest.mark.laws

BURN_IN = 6
WEEK = 8
SCENARIO = load("hamlet", scale=1.0, weeks=15)
KINDS = [(theme, kind) for theme, kinds in THEMES.items() for kind in kinds]


def renamed(cls: type[Declared]) -> type[Declared]:
    """Return a subclass with the same parameters and answers under another name and kind."""
    return type(f"My{cls.__name__}", (cls,), {"kind": f"my_{cls.kind}", "__doc__": f"As {cls.kind}.",
                                              "__module__": __name__})


@contextmanager
def listed(cls: type[Policy]) -> Iterator[type[Policy]]:
    """List a policy for as long as the block runs."""
    try:
        yield add(cls)
    finally:
        del THEMES[cls.theme][cls.kind]


def digest(scenario: Scenario) -> str:
    market = Market(scenario, cached=False, burn_in=BURN_IN)
    found = store.series_digest({1: market.run()})
    market.close()
    return found


@pytest.mark.parametrize(("theme", "kind"), KINDS)
def test_a_policy_of_ones_own_with_the_same_answers_gives_the_same_bytes(theme: str, kind: str) -> None:
    original = THEMES[theme][kind]
    with listed(renamed(original)) as alias:
        named = replace(SCENARIO, policy=SCENARIO.policy.replace(**{theme: original()}))
        mine = replace(SCENARIO, policy=SCENARIO.policy.replace(**{theme: alias()}))
        assert digest(mine) == digest(named)


@pytest.mark.parametrize(("theme", "kind"), KINDS)
def test_a_change_to_an_alias_is_the_change_to_what_it_stands_for(theme: str, kind: str) -> None:
    original = THEMES[theme][kind]
    with listed(renamed(original)) as alias:
        for reach in original.applies_to:
            named = replace(SCENARIO, changes=(Change(WEEK, {theme: original()}, reach),))
            mine = replace(SCENARIO, changes=(Change(WEEK, {theme: alias()}, reach),))
            assert digest(mine) == digest(named), f"applies_to {reach}"


@pytest.mark.parametrize("kind", sorted(SHOCKS))
def test_a_shock_of_ones_own_with_the_same_change_gives_the_same_bytes(kind: str) -> None:
    named = SHOCKS[kind](week=WEEK, weeks=4)
    mine = renamed(SHOCKS[kind])(week=WEEK, weeks=4)
    assert digest(replace(SCENARIO, shocks=(mine,))) == digest(replace(SCENARIO, shocks=(named,)))
    assert digest(replace(SCENARIO, shocks=(mine,))) != digest(SCENARIO)
