"""Random small markets: any policy in its range, a change in some week, perhaps a pandemic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from hypothesis import assume, settings
from hypothesis import strategies as st

from homecare.area import load_area
from homecare.market import Market
from homecare.params import Policy
from homecare.policies import SHOCKS, THEMES
from homecare.scenario import Change, Scenario, load
from homecare.scenario_together import impossible
from homecare.week import oversight

BURN_IN = 6
"""Weeks: laws hold from the first week on, so no market needs to settle."""

PLACES = (("Rutland", 0.4), ("Hartlepool", 0.12), ("Wokingham", 0.1), ("Southwark", 0.06), ("Cornwall", 0.02),
          ("Isle of Wight", 0.06))
"""Councils and scales that make a market of some sixty to a hundred people: rural, urban, island, coast."""

HAMLET = load("hamlet")


def few(share: float = 0.6) -> settings:
    """Return settings with a part of the profile's examples: each example lives a market for some weeks."""
    return settings(max_examples=max(4, round(share * settings.default.max_examples)))


@st.composite
def policies(draw: st.DrawFn, theme: str) -> Policy:
    """Any kind of a theme, each parameter at its default or anywhere in its range."""
    cls = draw(st.sampled_from(list(THEMES[theme].values())))
    given = {}
    for parameter in cls.declared():
        if draw(st.booleans()):
            continue
        if parameter.choices:
            values = st.sampled_from(parameter.choices)
        elif isinstance(parameter.default, bool):
            values = st.booleans()
        elif isinstance(parameter.default, int):
            values = st.integers(int(parameter.low), int(parameter.high))
        else:
            values = st.floats(parameter.low, parameter.high, allow_subnormal=False)
        given[parameter.name] = draw(values)
    return cls(**given)


def fitting(policy: Policy, zones: int) -> Policy:
    """Return the policy with at most ``zones`` zones: no place can have more than it has small areas."""
    return policy.but(zones=zones) if getattr(policy, "zones", 0) > zones else policy


@st.composite
def changes(draw: st.DrawFn, weeks: int, zones: int) -> Change:
    """A change of one theme's policy in some week, reaching whatever that policy may reach."""
    policy = fitting(draw(policies(draw(st.sampled_from(sorted(THEMES))))), zones)
    reach = draw(st.sampled_from((None, *type(policy).applies_to)))
    return Change(draw(st.integers(0, weeks - 1)), {policy.theme: policy}, reach)


@st.composite
def scenarios(draw: st.DrawFn, weeks: int = 10) -> Scenario:
    """A small market under random policies, with up to two changes, perhaps a shock and reviews of rotas."""
    area, scale = draw(st.sampled_from(PLACES))
    zones = len(load_area(area, scale))
    chosen = {theme: fitting(draw(policies(theme)), zones) for theme in sorted(THEMES) if draw(st.booleans())}
    shocks = ()
    if draw(st.booleans()):
        kind = draw(st.sampled_from(sorted(SHOCKS)))
        shocks = (SHOCKS[kind](week=draw(st.integers(0, weeks - 1)), weeks=draw(st.integers(1, weeks))),)
    review_weeks = draw(st.sampled_from((0, 0, 1, 3)))
    rostering = HAMLET.uncertainty.rostering.but(review_weeks=review_weeks, review_moves=20)
    policy = HAMLET.policy.replace(**chosen)
    dated = sorted(draw(st.lists(changes(weeks, zones), max_size=2, unique_by=_week_and_themes)), key=lambda c: c.week)
    assume(not any(impossible(policy, dated, shocks)))
    return replace(
        HAMLET, name="random", uncertainty=HAMLET.uncertainty.replace(rostering=rostering),
        area=area, scale=scale, weeks=weeks, seed=draw(st.integers(0, 2**31)),
        policy=policy, shocks=shocks, changes=tuple(dated),
    )


def _week_and_themes(change: Change) -> tuple:
    return change.week, *change.policies


@contextmanager
def before_oversight(look: Callable[[Market], None]) -> Iterator[None]:
    """Call ``look`` in every week once accounts are settled and before agencies open, hand back or close."""
    oversee = oversight.oversee

    def looked_at(market: Market) -> None:
        look(market)
        oversee(market)

    with patch.object(oversight, "oversee", looked_at):
        yield


def live(scenario: Scenario, before: Callable[[Market], None] | None = None,
         after: Callable[[Market], None] | None = None) -> Market:
    """Live a scenario; ``before`` looks at each week before oversight, ``after`` when it is over.

    The burn-in is looked at by ``before`` too.
    """
    with before_oversight(before or (lambda market: None)):
        market = Market(scenario, cached=False, burn_in=BURN_IN)
        while market.week < scenario.weeks:
            market.step()
            if after is not None:
                after(market)
    return market
