"""Two scenarios are equal until the week in which they first differ, and differ after."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from worlds import BURN_IN

from homecare import store
from homecare.market import Market
from homecare.params import Policy
from homecare.policies import SHOCKS, THEMES
from homecare.scenario import Change, Scenario, load

pytestmark = pytest.mark.laws

WEEK = 4
USUAL = load("hamlet", area="Isle of Wight", scale=0.25, weeks=24)
"""Large enough for some care managers, so that people who arrive are also assessed."""

OTHERWISE: dict[str, Policy] = {
    "contracting": THEMES["contracting"]["block"](zones=2, providers_per_zone=1),
    "payment": THEMES["payment"]["actual_minutes"](),
    "care_planning": THEMES["care_planning"]["outcome"](),
    "care_management": THEMES["care_management"]["council_team"](staffing=0.5),
    "employment": THEMES["employment"]["guaranteed_hours"](required_share=1.0),
    "commissioner": THEMES["commissioner"]["council"](fee_ratio=0.9),
    "reablement": THEMES["reablement"]["reablement_first"](share_of_starts=1.0),
    "labour": THEMES["labour"]["national_law"](wage_floor=14.0),
    "funding": THEMES["funding"]["means_test"](minimum_income=150.0),
    "routes": THEMES["routes"]["personal_budgets"](paperwork=0.0, support_share=1.0, assistants=True),
    "market": THEMES["market"]["regulated"](inspection_rate=1.0, registration_weeks=4, entry_cost=0.0),
}
"""A policy of each theme that answers otherwise than the default."""


def weekly(scenario: Scenario) -> pd.DataFrame:
    """Return the weekly series of a scenario after a short burn-in."""
    market = Market(scenario, cached=False, burn_in=BURN_IN)
    series = market.run()
    market.close()
    return series


def digest(series: pd.DataFrame) -> str:
    return store.series_digest({1: series})


@pytest.fixture(scope="module")
def usual() -> pd.DataFrame:
    """Weekly series of the scenario with nothing changed."""
    return weekly(USUAL)


def assert_parts_in(week: int, usual: pd.DataFrame, other: pd.DataFrame) -> None:
    """Fail unless two runs are byte-equal before ``week`` and differ from then on."""
    assert digest(usual.iloc[:week]) == digest(other.iloc[:week]), "they part before they differ"
    assert digest(usual.iloc[week:]) != digest(other.iloc[week:]), "the difference changes nothing"


def test_every_theme_has_a_policy_to_differ_by() -> None:
    assert sorted(OTHERWISE) == sorted(THEMES)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_policy_changes_nothing_before_its_week_and_something_after(theme: str, usual: pd.DataFrame) -> None:
    policy = OTHERWISE[theme]
    for reach in type(policy).applies_to:
        changed = replace(USUAL, changes=(Change(WEEK, {theme: policy}, reach),))
        assert_parts_in(WEEK, usual, weekly(changed))


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_policy_from_the_start_differs_from_the_start(theme: str, usual: pd.DataFrame) -> None:
    assert_parts_in(0, usual, weekly(replace(USUAL, policy=USUAL.policy.replace(**{theme: OTHERWISE[theme]}))))


@pytest.mark.parametrize("kind", sorted(SHOCKS))
def test_a_shock_changes_nothing_before_its_week_and_something_after(kind: str, usual: pd.DataFrame) -> None:
    assert_parts_in(WEEK, usual, weekly(replace(USUAL, shocks=(SHOCKS[kind](week=WEEK, weeks=4),))))


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_lever_at_its_default_changes_nothing(theme: str, usual: pd.DataFrame) -> None:
    default = next(iter(THEMES[theme].values()))
    same = {name: value for name, value in default().values().items()}
    for reach in (None, *default.applies_to):
        changed = replace(USUAL, changes=(Change(WEEK, {theme: default(**same)}, reach),))
        assert digest(weekly(changed)) == digest(usual)


def test_a_shock_without_strength_changes_nothing(usual: pd.DataFrame) -> None:
    calm = SHOCKS["pandemic"](week=WEEK, weeks=4, sickness=1.0, deaths=1.0, fear_share=0.0, visit_minutes=0.0,
                              arrivals=1.0)
    assert digest(weekly(replace(USUAL, shocks=(calm,)))) == digest(usual)


def test_a_policy_taken_back_at_once_for_new_rows_only_leaves_the_others_alone(usual: pd.DataFrame) -> None:
    """Payment for new packages: those that run keep their tariff, so a week without a start costs the same."""
    changed = replace(USUAL, weeks=WEEK + 2, changes=(
        Change(WEEK, {"payment": OTHERWISE["payment"]}, "new"),
        Change(WEEK + 1, {"payment": THEMES["payment"]["planned_minutes"]()}, "new"),
    ))
    market = Market(changed, cached=False, burn_in=BURN_IN)
    market.run(WEEK)
    p = market.packages
    before = {int(p.key[b]): p.tariff[b].tolist() for b in range(p.capacity) if p.agency[b] >= 0}
    market.step()
    after = {int(p.key[b]): p.tariff[b].tolist() for b in range(p.capacity) if p.agency[b] >= 0}
    assert all(after[key] == before[key] for key in before.keys() & after.keys())
    assert digest(usual.iloc[:WEEK]) == digest(market.weekly.iloc[:WEEK])
