"""Draws over assumptions and the screen of parameters, by hand and at the smallest size."""

from __future__ import annotations

import math

import numpy as np
import pytest

import homecare.validate_prior as prior
from homecare.scenario import load
from homecare.validate_pages_prior import reach_part, screen_part
from homecare.validate_prior import (
    Bench,
    Effect,
    luck_of,
    mean_effects,
    national,
    overrides_of,
    reach,
    screen,
    varied,
)

TINY = Bench("Torbay", 0.25, 18, 4)


def test_every_assumption_with_a_range_is_varied():
    paths = [one.path for one in varied()]
    assert len(paths) == len(set(paths)) > 150
    assert "uncertainty.worker_choice.vocation" in paths and "initial.demand.homecare_share" in paths
    assert not any(path.startswith("policy.") for path in paths)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_draws_lie_in_the_ranges_and_load(share):
    parameters = varied()
    middle = load("hamlet", overrides_of(parameters, np.full(len(parameters), 0.5)))
    assert middle.uncertainty.travel is not None
    for one, said in zip(parameters, overrides_of(parameters, np.full(len(parameters), share)), strict=True):
        path, _, value = said.partition("=")
        assert path == one.path and one.low - 1e-9 <= float(value) <= one.high + 1e-9
        if one.type_name == "whole number":
            assert value == str(int(value))


def test_reach_on_hamlet():
    reached, faults = reach(4, TINY)
    assert [one.target.id for one in reached] == [one.id for one in national()]
    by_id = {one.target.id: one for one in reached}
    hours = by_id["hours_per_person"]
    assert len(faults) < 3 and hours.low <= hours.middle <= hours.high
    assert hours.high > hours.low
    page = reach_part(reached, faults, 4, TINY, len(varied()))
    assert page.count("\n| `") == len(reached)


def test_luck_by_hand():
    assert luck_of([1.0, 2.0, 4.0]) == pytest.approx((1 + 3 + 2) / 3)
    assert luck_of([1.0]) == math.inf and luck_of([1.0, math.nan]) == math.inf


def test_an_effect_is_told_where_it_stands_out_from_luck():
    assert Effect("p", "t", 5.0, 2.0).told
    assert not Effect("p", "t", 3.9, 2.0).told
    assert not Effect("p", "t", math.nan, 2.0).told and not Effect("p", "t", 5.0, math.inf).told


def test_effects_of_steps_by_hand_and_what_a_run_that_fails_takes_with_it():
    places = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [1.0, 1.0], [1.0, 0.5], [0.5, 0.5]])
    assert mean_effects(places, np.array([1.0, 2.0, 5.0, 9.0, 8.0, 5.0]), 2) == pytest.approx([(2 + 6) / 2, (6 + 2) / 2])
    known = mean_effects(places, np.array([1.0, math.nan, 5.0, 9.0, 8.0, 5.0]), 2)
    assert known == pytest.approx([6.0, 2.0])  # both steps that touch the failed run are gone
    assert math.isnan(mean_effects(places[:3], np.array([1.0, math.nan, 5.0]), 2)[0])


def test_effects_are_those_of_the_library():
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    places = sampling.sample(problem, 6, num_levels=4, seed=2)
    values = places[:, 0] ** 2 - 3.0 * places[:, 1] * places[:, 2]
    expected = analysis.analyze(problem, places, values, num_levels=4, seed=2)["mu_star"]
    assert mean_effects(places, values, 3) == pytest.approx(list(expected))


def test_screen_finds_the_parameter_that_moves_a_target(monkeypatch):
    chosen = [one for one in varied() if one.path in ("initial.demand.hospital_share", "uncertainty.oversight.founders",
                                                      "uncertainty.need.unknown")]
    assert len(chosen) == 2
    monkeypatch.setattr(prior, "varied", lambda: chosen)
    monkeypatch.setattr(prior, "LUCK_SEEDS", 2)
    effects = screen(2, Bench("", 1.0, 26, 4, scenario="hamlet"))
    size = {(one.parameter, one.target): one.size for one in effects}
    assert len(effects) == 2 * len(national())
    assert size["initial.demand.hospital_share", "arrivals_from_hospital"] > 5.0
    assert size["uncertainty.oversight.founders", "arrivals_from_hospital"] == 0.0
    page = screen_part(effects, 2, TINY)
    assert "`initial.demand.hospital_share`" in page and page.count("\n| `") == len(national())
