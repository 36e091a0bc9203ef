"""The loops over people and workers against their twins, on the columns of a living market."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from homecare.area import load_area
from homecare.area_people import PlaceUncertainty
from homecare.market import Market
from homecare.population import Demand, draw_people, newcomers_of
from homecare.population_people import People
from homecare.scenario import load
from homecare.week.kernels.needs import fill_need, need_of
from twins import people as twin
from twins.calls import Call, recorded

KERNELS = {
    "live_week": ("homecare.week.kernels.needs", twin.live_week, "lives"),
    "remember": ("homecare.week.experience", twin.remember, "m"),
    "feel": ("homecare.week.experience", twin.feel, "m"),
    "remember_work": ("homecare.week.experience", twin.remember_work, "m"),
}


def calls_of(name: str) -> list[Call]:
    """Return the calls of a kernel in some weeks of a small market with much need and many events."""
    scenario = load("hamlet", ("uncertainty.need.acute_rate=2.0", "uncertainty.need.breakdown_rate=3.0",
                               "uncertainty.need.hospital_rate=1.1", "uncertainty.need.recovery_rate=6.0",
                               "uncertainty.need.care_home_rate=0.2", "uncertainty.need.recovery_minutes=60.0"),
                    scale=0.8, weeks=18)
    market = Market(scenario, cached=False, burn_in=10)
    with recorded(KERNELS[name][0], name) as calls:
        market.run()
    market.close()
    return calls


@pytest.mark.parametrize("name", list(KERNELS))
def test_a_loop_over_people_does_what_its_twin_does(name: str) -> None:
    """Equal to twelve digits: a twin may add in another order; what befalls people is equal."""
    _, plain, columns = KERNELS[name]
    events: set[int] = set()
    calls, most = calls_of(name), 0
    for call in calls:
        given = call.arguments()
        result = plain(**given)
        found, expected = given[columns], getattr(call.after, columns)
        changed = 0
        for field, one, other, before in zip(expected._fields, found, expected, getattr(call.before, columns),
                                             strict=True):
            np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float), rtol=1e-12, atol=1e-12,
                                       err_msg=field)
            changed += not np.array_equal(before, other)
        most = max(most, changed)
        if result is not None:
            assert result == call.result.tolist()
            events |= set(result)
    assert len(calls) == 18 and most >= 3, f"{name} changed next to nothing"
    if name == "live_week":
        assert events == set(range(8)), "some event never befell anybody, so its rule was not compared"


def test_people_are_drawn_as_their_twin_draws_them() -> None:
    """Bit for bit, in every column."""
    newcomers = newcomers_of(load_area("Leeds", scale=0.2), Demand(hospital_loss=0.2), People(), PlaceUncertainty())
    keys = np.arange(3, 4003)
    found = draw_people(5, keys, newcomers, 0.3, 0.15)
    with patch("homecare.population.write_traits", twin.write_traits):
        expected = draw_people(5, keys, newcomers, 0.3, 0.15)
    for name, column in expected.items():
        assert found[name].dtype == column.dtype and np.array_equal(found[name], column), name
    assert all(len(np.unique(column)) > 1 for column in found.values())
    assert len(np.unique(found["route"])) == len(np.unique(found["days"])) == 3


def test_need_is_help_that_tasks_take_and_family_leaves() -> None:
    rng = np.random.default_rng(8)
    capability, family_share = rng.random((9, 6)), rng.random(9)
    minutes, family_part = 30.0 * rng.random((6, 4)), np.array([0.2, 1.0, 1.8, 0.6])
    rows, need = np.array([7, 0, 4, 3]), np.full((9, 4), -1.0)
    fill_need(rows, capability, family_share, minutes, family_part, need)
    left = np.maximum(1.0 - np.outer(family_share, family_part), 0.0)
    expected = 60.0 * ((1.0 - capability) @ minutes) * left
    assert (left[rows] == 0.0).any()
    np.testing.assert_allclose(need[rows], expected[rows], rtol=1e-12)
    assert np.all(np.delete(need, rows, axis=0) == -1.0), "people who were not asked about were written"
    one = np.empty(4)
    assert need_of(capability[7], family_share[7], minutes, family_part, one) == pytest.approx(expected[7].sum())
