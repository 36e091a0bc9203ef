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


@pytest.fixture(scope="module")
def years():
    """Mean of the first and of the second year by outcome, over seeds."""
    first, second = {}, {}
    for seed in SEEDS:
        market = Market("baseline", scale=0.25, weeks=WEEKS, seed=seed)
        weekly = market.run()
        market.close()
        for name in STEADY:
            first[name] = first.get(name, 0.0) + weekly[name].iloc[: WEEKS // 2].mean() / len(SEEDS)
            second[name] = second.get(name, 0.0) + weekly[name].iloc[WEEKS // 2 :].mean() / len(SEEDS)
    return first, second


@pytest.mark.slow
@pytest.mark.parametrize("name", STEADY)
def test_no_stock_drifts_after_the_burn_in(years, name):
    first, second = years
    drift = (second[name] - first[name]) / first[name]
    assert abs(drift) <= STEADY[name], f"{name} drifts by {drift:+.3f} from the first year to the second"
