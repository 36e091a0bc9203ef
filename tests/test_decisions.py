"""What an agency decides about its packages and wages, and what years in the sector say of a worker."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from homecare.agents.agency import Agency
from homecare.agents.agency_numbers import AgencyBehaviour
from homecare.agents.care_worker import WorkerChoice
from homecare.market import Market
from homecare.population import stayers_taste
from homecare.scenario import load

BEHAVIOUR = AgencyBehaviour(stretch_share=0.2, red_weeks=4, hand_back_most=0.25, differential_kept=0.5)
EMPTY = np.array([0, 3600, 7200, 1800, 0, 0, 0, 0], np.int64)
SURPLUS = np.array([100.0, 900.0, 900.0, -50.0, -300.0, 20.0, -10.0, 0.0])
KEYS = np.arange(8, dtype=np.int64)


def handed_back(open_share: float, weeks_in_red: int, surplus: np.ndarray = SURPLUS) -> list[int]:
    """Return what an agency with these weeks in the red hands back."""
    agency = SimpleNamespace(weeks_in_red=weeks_in_red)
    return Agency.packages_to_hand_back(agency, EMPTY, surplus, KEYS, open_share, BEHAVIOUR).tolist()


def test_an_agency_in_the_red_hands_back_what_loses_most() -> None:
    assert handed_back(0.0, 4) == [4, 3]


def test_it_keeps_what_leaves_a_surplus_however_long_it_is_in_the_red() -> None:
    assert handed_back(0.0, 40, np.abs(SURPLUS) + 1.0) == []


@pytest.mark.parametrize(("weeks", "looks"), [(0, False), (3, False), (4, True), (5, False), (7, False), (8, True)])
def test_it_looks_once_in_four_weeks_from_the_fourth_on(weeks: int, looks: bool) -> None:
    assert bool(handed_back(0.0, weeks)) is looks


def test_an_agency_short_of_staff_hands_back_what_it_has_least_rounds_for_whatever_it_earns() -> None:
    assert handed_back(0.21, 0) == [2, 1]
    assert handed_back(0.20, 0) == []


@pytest.mark.parametrize(("wage", "surplus", "offered"), [
    (1300, 1, 1325),  # half of a rise by 50 pence
    (1300, 0, 1300),  # nothing left to pass on
    (1230, -5, 1271),  # at least the floor
    (1230, 5, 1271),
])
def test_only_a_surplus_is_passed_on_in_april(wage: int, surplus: int, offered: int) -> None:
    agency = SimpleNamespace(wage=wage, surplus=surplus)
    assert Agency.april_wage(agency, 1221, 1271, BEHAVIOUR) == offered


def test_the_longer_in_the_sector_the_less_other_work_suits() -> None:
    keys = np.arange(4000, dtype=np.int64)
    choice = WorkerChoice()
    means = [float(stayers_taste(5, keys, np.full(4000, 52.0 * years), 12.21, choice).mean()) for years in (0, 2, 8, 20)]
    assert means == sorted(means, reverse=True)
    assert abs(means[0]) < 0.06  # newcomers are everybody


def test_people_see_the_same_life_in_different_ways_and_none_better_on_the_whole() -> None:
    market = Market(load("hamlet", scale=1.0, weeks=2), cached=False, burn_in=13)
    u = market.service_users
    outlook = u.outlook[u.rows()]
    people = market.initial.people
    spread = np.sqrt(people.outlook_spread**2 + people.domain_spread**2)
    assert np.abs(outlook.mean(axis=0)).max() < 4.0 * spread / np.sqrt(outlook.shape[0])
    assert float(outlook.std()) == pytest.approx(spread, rel=0.15)
