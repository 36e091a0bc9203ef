"""The market is settled at week 0: nothing that policies are judged by drifts of itself.

No rise in April (fee and wage floor are held), since what a rise does is not drift. A year is the mean over seeds; years
after week 0 are held against the first. What is allowed is about what luck
moves with so many seeds: two to four standard errors of the change.
"""

from __future__ import annotations

import pytest

from homecare.engines import Local
from homecare.market import Market

WEEKS = 208
SEEDS = tuple(range(1, 21))
HELD = ("policy.labour.floor_uplift=0", "policy.commissioner.fee_uplift=0")
STEADY = {
    # outcome: most that a later year may differ from the first, in the unit of the outcome
    "people_served": 20.0,
    "hours_delivered": 200.0,
    "scrqol": 0.06,
    "need_met": 0.002,
    "hours_per_person": 0.25,
    "capability": 0.004,
    "travel_minutes": 0.6,
    "zero_hours_share": 0.016,
    "workers_per_person": 0.018,
    "turnover": 0.02,
    "vacancy_rate": 0.02,
    "acceptance": 0.1,
    "people_waiting_start": 2.5,
    "people_with_problem": 0.013,
    "missed_visits": 1.0,
    "agency_margin": 0.017,
    "agencies_open": 1.6,
}


def lived(seed: int):
    """Return the yearly means of one seed's run."""
    market = Market("baseline", scale=0.25, weeks=WEEKS, seed=seed, overrides=HELD)
    weekly = market.run()[list(STEADY)]
    market.close()
    return weekly.groupby(weekly.index // 52).mean()


@pytest.fixture(scope="module")
def years():
    """Yearly means over seeds: a row a year, a column an outcome."""
    with Local(2) as pool:
        each = list(pool.map(lived, SEEDS))
    return sum(each) / len(each)


@pytest.mark.slow
@pytest.mark.parametrize("name", STEADY)
def test_nothing_drifts_after_the_burn_in(years, name):
    found = years[name]
    for year in range(1, WEEKS // 52):
        change = found[year] - found[0]
        assert abs(change) <= STEADY[name], f"{name}: {found.round(4).tolist()} in the years after week 0"
