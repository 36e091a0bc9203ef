"""The market is settled at week 0: stocks that policies are judged by do not drift of themselves."""

from __future__ import annotations

import pytest

from homecare.market import Market

WEEKS = 104
SEEDS = (1, 2, 3)
STEADY = {
    # outcome: most that the mean of the second year may differ from that of the first, as a share of it
    "people_served": 0.06,
    "hours_delivered": 0.06,
    "scrqol": 0.01,
    "need_met": 0.01,
    "hours_per_person": 0.03,
    "travel_minutes": 0.08,
    "zero_hours_share": 0.06,
    "capability": 0.05,
    "agencies_open": 0.10,
}
LEVELS = {
    # outcome: most that the mean of the first half year may differ from that of the three after it, in its unit
    "vacancy_rate": 0.05,
    "agency_margin": 0.02,
    "missed_visits": 2.5,
}


@pytest.fixture(scope="module")
def years():
    """Mean of the first and of the second year by outcome, over seeds."""
    first, second, begins, goes_on = {}, {}, {}, {}
    for seed in SEEDS:
        market = Market("baseline", scale=0.25, weeks=WEEKS, seed=seed)
        weekly = market.run()
        market.close()
        for name in STEADY:
            first[name] = first.get(name, 0.0) + weekly[name].iloc[: WEEKS // 2].mean() / len(SEEDS)
            second[name] = second.get(name, 0.0) + weekly[name].iloc[WEEKS // 2 :].mean() / len(SEEDS)
        for name in LEVELS:
            begins[name] = begins.get(name, 0.0) + weekly[name].iloc[: WEEKS // 4].mean() / len(SEEDS)
            goes_on[name] = goes_on.get(name, 0.0) + weekly[name].iloc[WEEKS // 4 :].mean() / len(SEEDS)
    return first, second, begins, goes_on


@pytest.mark.slow
@pytest.mark.parametrize("name", STEADY)
def test_no_stock_drifts_after_the_burn_in(years, name):
    first, second, _, _ = years
    drift = (second[name] - first[name]) / first[name]
    assert abs(drift) <= STEADY[name], f"{name} drifts by {drift:+.3f} from the first year to the second"


@pytest.mark.slow
@pytest.mark.parametrize("name", LEVELS)
def test_the_first_half_year_is_like_those_that_follow(years, name):
    _, _, begins, goes_on = years
    change = goes_on[name] - begins[name]
    assert abs(change) <= LEVELS[name], f"{name} goes from {begins[name]:.4f} to {goes_on[name]:.4f}"
