"""Laws of people: one state each, starts less ends is the change, and nobody in two places."""

from __future__ import annotations

import numpy as np
import pytest
from checks import check_lived_once, check_rounds, open_blocks
from hypothesis import given
from worlds import few, live, scenarios

from homecare.agents import care_worker as cw
from homecare.agents import service_user as su
from homecare.market import Market
from homecare.scenario import Scenario
from homecare.week.placing import base_rounds, visits_of

pytestmark = pytest.mark.laws


def check_states(market: Market) -> None:
    """Everybody is in exactly one state, and the state agrees with package, agency and agent."""
    u, w, g, p = market.service_users, market.care_workers, market.agencies, market.packages
    for row in range(u.n):
        state, block = int(u.state[row]), int(u.block[row])
        assert 0 <= state < su.N_STATES
        assert bool(u.alive[row]) == (state < su.DIED), f"user {row} is in state {state}"
        assert (u.agents[row] is not None) == bool(u.alive[row])
        if state >= su.DIED or state == su.WAITING_ASSESSMENT:
            assert block < 0 and u.agency[row] < 0
        if state in (su.RECEIVING, su.IN_HOSPITAL) and block >= 0 and p.assisted[block]:
            assert u.agency[row] == p.agency[block] == -1 and u.route[row] == su.DIRECT_PAYMENT
        elif state == su.RECEIVING:
            assert block >= 0 and p.agency[block] == u.agency[row] >= 0
            assert g.alive[u.agency[row]], "somebody is served by an agency that is closed"
        if block >= 0:
            assert p.active[block] and p.user[block] == row and p.key[block] == u.birth_key[row]
            assert p.suspended[block] == (state == su.IN_HOSPITAL)
            assert p.agency[block] == u.agency[row]
    assert np.count_nonzero(p.active) == np.count_nonzero(u.alive & (u.block >= 0))
    for row in range(w.n):
        assert bool(w.alive[row]) == (w.state[row] in (cw.WORKING, cw.CLEARING))
        assert (w.agents[row] is not None) == bool(w.alive[row])
        if w.alive[row]:
            assert (w.agency[row] >= 0) != (w.employer[row] >= 0), "a worker has one employer"
            assert (w.state[row] == cw.WORKING) <= (w.starts[row] <= market.week)
        if w.alive[row] and w.agency[row] >= 0:
            assert g.alive[w.agency[row]], "somebody works for an agency that is closed"
    on_rounds = np.flatnonzero(w.alive & (w.state == cw.WORKING))
    assert sorted(market.team.tolist() + market.assistants.tolist()) == on_rounds.tolist()


class Flows:
    """Counts of people and workers before a week, to be compared with what the week says happened."""

    def __init__(self) -> None:
        self.users = self.workers = None

    def check(self, market: Market) -> None:
        """Starts less ends is the change of the stock."""
        tally = market.tally
        users, workers = len(market.service_users), len(market.care_workers)
        if self.users is not None:
            assert users - self.users == tally["arrivals"] - sum(tally["ends"])
            assert workers - self.workers == (tally["hires"] - tally["leavers"]
                                              + tally["assistants_hired"] - tally["assistants_left"])
        self.users, self.workers = users, workers


@given(scenario=scenarios())
@few()
def test_everybody_is_in_one_state_and_flows_make_the_change_of_stocks(scenario: Scenario) -> None:
    flows = Flows()

    def after(market: Market) -> None:
        flows.check(market)
        check_states(market)

    live(scenario, after=after).close()


ENDED = frozenset(range(su.DIED, su.N_STATES))
FOLLOWS = {
    su.WAITING_ASSESSMENT: {su.WAITING_ASSESSMENT, su.WAITING_START, su.RECEIVING} | ENDED,
    su.WAITING_START: {su.WAITING_START, su.RECEIVING} | ENDED,
    su.RECEIVING: {su.RECEIVING, su.IN_HOSPITAL, su.WAITING_START} | ENDED,
    su.IN_HOSPITAL: {su.IN_HOSPITAL, su.RECEIVING, su.WAITING_START, su.DIED, su.RECOVERED, su.DECLINED},
}
"""States in which a person may be found a week later. Who comes home from hospital goes through the rest of
that week: a new plan may find that no care is needed, and whoever is charged may stop (`means.think_again`)."""


@given(scenario=scenarios())
@few()
def test_a_person_goes_only_where_the_states_lead_and_never_comes_back(scenario: Scenario) -> None:
    last: list[int] = []

    def after(market: Market) -> None:
        now = market.service_users.state.tolist()
        for row, (before, state) in enumerate(zip(last, now, strict=False)):
            assert state in FOLLOWS.get(before, {before}), f"user {row} went from state {before} to {state}"
        last[:] = now

    live(scenario, after=after).close()


@given(scenario=scenarios())
@few()
def test_nobody_is_in_two_rounds_at_once(scenario: Scenario) -> None:
    def lasting(market: Market) -> None:
        rows = np.arange(market.care_workers.n)
        check_rounds(market, visits_of(market), base_rounds(market), rows, np.zeros(rows.size, np.int64),
                     open_blocks(market), 0)

    def before(market: Market) -> None:
        lasting(market)
        overlay = market.overlay
        moved = int(60 * market.uncertainty.rostering.moved_minutes)
        check_rounds(market, overlay.visits, overlay.rounds, overlay.rows,
                     market.care_workers.absent[overlay.rows], overlay.due, moved)
        check_lived_once(market)

    live(scenario, before=before, after=lasting).close()
