"""Columns, the ledger and the list of teams: what is remembered between calls must never be out of date."""

import numpy as np
import pytest

import homecare
from homecare.agents.care_worker import WORKING, CareWorker
from homecare.ledger import Account, Kind, Ledger
from homecare.tables import Table
from homecare.week.jobs import promise_hours
from homecare.week.placing import refresh_teams


def test_a_column_shows_rows_added_after_it_was_first_read():
    table = Table(CareWorker, 2)
    assert table.wage.size == 0
    table.add(2, wage=1200)
    assert table.wage.tolist() == [1200, 1200]
    table.add(3, wage=1300)  # more than there was room for: other arrays
    assert table.wage.tolist() == [1200, 1200, 1300, 1300, 1300]
    table.wage[4] = 1400
    assert table.columns["wage"][4] == 1400


def test_a_column_shows_the_state_that_was_taken_on():
    table = Table(CareWorker, 2)
    table.add(1, wage=1200)
    state = table.saved()
    table.add(1, wage=1300)
    assert table.wage.tolist() == [1200, 1300]
    table.restore(state)
    assert table.wage.tolist() == [1200]


def test_entries_that_do_not_go_together_are_refused():
    ledger = Ledger()
    with pytest.raises(ValueError, match="do not go together"):
        ledger.post(Kind.WAGES, Account.FIRST_AGENCY + np.arange(3), Account.WORKERS, np.ones(2, np.int64))
    ledger.post(Kind.WAGES, Account.FIRST_AGENCY + np.arange(3), Account.WORKERS, 5)
    ledger.post(Kind.WAGES, Account.FIRST_AGENCY + np.arange(0), Account.WORKERS, 5)
    assert ledger.balance[: Account.FIRST_AGENCY + 3].tolist() == [0, 0, 0, 15, -5, -5, -5]


@pytest.fixture(scope="module")
def market():
    return homecare.Market("hamlet", weeks=1)


def listed_anew(market) -> tuple[list[int], list[int]]:
    """Return the teams as they are listed where nothing is remembered."""
    market.team_first = np.zeros(0, np.int64)
    refresh_teams(market)
    return market.team.tolist(), market.team_first.tolist()


def test_teams_are_listed_anew_when_somebody_changes_agency_or_goes(market):
    w = market.care_workers
    refresh_teams(market)
    one, other = market.team[0], market.team[-1]
    before = w.agency[one]
    w.agency[one] = w.agency[other]
    refresh_teams(market)
    assert (market.team.tolist(), market.team_first.tolist()) == listed_anew(market)
    w.agency[one] = before
    w.state[other] = WORKING + 1
    refresh_teams(market)
    assert other not in market.team
    w.state[other] = WORKING
    refresh_teams(market)
    assert other in market.team


def test_promising_hours_to_some_gives_them_what_promising_to_all_would(market):
    w, g = market.care_workers, market.agencies
    g.promise_share[:] = 0.6
    promise_hours(market)
    everybody = w.promised.copy()
    assert everybody.any()
    some = market.team[::5]
    w.promised[some] = -1
    promise_hours(market, some)
    assert np.array_equal(w.promised, everybody)
