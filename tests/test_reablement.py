"""Reablement: who is taken in, what the package carries, who pays, and what follows."""

from __future__ import annotations

import numpy as np
import pytest

from homecare.agents import service_user as su
from homecare.market import Market
from homecare.packages import AGENCYS_OWN
from homecare.policies.reablement import ReablementFirst
from homecare.tariff import COLUMNS
from homecare.week.assessment import finish_assessment
from homecare.week.kernels.attendance import asked_seconds
from homecare.week.reabling import ask_for_reablement, over_since, take_in, with_reablement

ALL = ("policy.reablement.share_of_starts=1", "policy.reablement.places=40", "initial.demand.hospital_loss=0.3")


def market_of(*overrides: str, weeks: int = 26, scale: float = 1.0) -> Market:
    return Market("hamlet", overrides=overrides, cached=False, burn_in=6, weeks=weeks, scale=scale)


@pytest.fixture(scope="module")
def running() -> Market:
    """A market in its sixteenth week of reablement for all."""
    market = market_of(*ALL)
    market.run(16)
    return market


def test_nobody_is_taken_in_by_default() -> None:
    market = market_of(weeks=6)
    market.run()
    assert not market.service_users.reabling.any() and not (market.packages.effort > AGENCYS_OWN).any()


def test_places_and_hours_limit_who_is_taken_in_and_those_from_hospital_come_first() -> None:
    market = market_of()
    market.policy.put(ReablementFirst(share_of_starts=1.0, places=12.0))
    u = market.service_users
    served = np.flatnonzero(u.alive & (u.state == su.RECEIVING) & (u.route == su.COUNCIL))
    asks = served[:20]
    u.state[asks] = su.WAITING_ASSESSMENT
    u.state_since[asks] = market.week - 2
    u.from_hospital[asks] = False
    u.from_hospital[asks[-3:]] = True
    assert take_in(market, 9.0) == 8.0, "four people at two hours each fit into nine"
    taken = np.flatnonzero(u.reabling)
    assert taken.size == 4 and set(asks[-3:]) < set(taken) and (u.state[taken] == su.WAITING_START).all()
    take_in(market, 1000.0)
    council = np.count_nonzero(u.alive & (u.state == su.RECEIVING) & (u.route != su.SELF_FUNDER))
    assert np.count_nonzero(u.reabling) == int(0.12 * council)


def test_packages_carry_effort_and_lengths_for_doing_together_and_nobody_is_charged(running: Market) -> None:
    u, p = running.service_users, running.packages
    with_care = np.flatnonzero(u.alive & u.reabling & (u.block >= 0))
    blocks = u.block[with_care]
    assert with_care.size > 3
    assert (p.effort[blocks] == 0.8).all() and (p.follows[blocks] == 2).all() and (p.trim[blocks] == 0).all()
    ordinary = p.active.copy()
    ordinary[blocks] = False
    assert (p.effort[ordinary] == AGENCYS_OWN).all()
    fee = (running.commissioners.agents[0].fee * 130 + 50) // 100
    served = blocks[p.agency[blocks] >= 0]
    assert served.size and (p.fee[served] == fee).all()
    assert (p.tariff[served] == np.array(running.policy.payment.tariff(fee))).all()
    fees, _, _ = with_reablement(running, np.zeros(2, np.int64), np.zeros((2, COLUMNS), np.int64), np.ones(2))
    assert fees.tolist() == [0, 0, fee]
    assert running.tally["reablement_pence"] > 0
    served = p.active & (p.agency >= 0) & (p.route != su.SELF_FUNDER)
    charges = np.where(u.reabling[p.user[served]], 0, u.charge[p.user[served]]).sum()
    assert running.tally["charges"] <= charges


def test_doing_things_together_takes_longer_where_the_plan_says_so() -> None:
    assert [asked_seconds(1000.0, follows, 1.25) for follows in (0, 1, 2)] == [1000, 1000, 1250]


def test_practice_is_what_differs_while_it_lasts(running: Market) -> None:
    """Effort on doing with reaches people through minutes, into practice; nothing else is written on them."""
    u, p = running.service_users, running.packages
    served = np.flatnonzero(u.alive & (u.state == su.RECEIVING) & (u.block >= 0))
    weeks = running.week - p.started[u.block[served]]
    reabled = served[u.reabling[served] & (weeks >= 4)]
    others = served[~u.reabling[served]]
    assert reabled.size and u.practice[reabled].mean() > 2.0 * u.practice[others].mean()


def test_who_still_needs_care_goes_on_with_an_ordinary_package_and_who_does_not_leaves() -> None:
    market = market_of(*ALL)
    market.run(12)
    u, p = market.service_users, market.packages
    users = np.flatnonzero(u.alive & u.reabling & (u.state == su.RECEIVING))
    assert users.size >= 2
    able, not_able = users[:1], users[1:]
    u.need[able] = 60.0
    u.charge[not_able] = 0
    assert np.isin(able, over_since(market)[0]).all()
    before = u.capability[users].copy()
    market.tally["ends"] = [0] * su.N_STATES
    finish_assessment(market, users)
    assert not u.alive[able].any() and market.tally["ends"][su.RECOVERED] == 1
    blocks = u.block[not_able]
    assert not u.reabling[not_able].any() and (u.state[not_able] == su.RECEIVING).all()
    assert (p.effort[blocks] == AGENCYS_OWN).all() and (p.follows[blocks] == 0).all()
    assert np.array_equal(p.route[blocks], u.route[not_able])
    assert (p.tariff[blocks] == np.array(market.tariff)).all()
    assert np.array_equal(u.capability[users], before), "the end of it changes nobody's capability"


def test_the_councils_own_service_is_asked_first_where_it_is_to_be() -> None:
    market = market_of(*ALL)
    u, g = market.service_users, market.agencies
    g.ownership[:] = 0
    g.ownership[2] = 3
    users = u.rows()[:3]
    u.reabling[users] = [True, False, True]
    asked = np.array([[0, 1], [0, 1], [1, -1]], np.int32)
    rest = (np.zeros((3, 2), np.int32), np.ones((3, 2), bool))
    found, terms, obliged = ask_for_reablement(market, users, 7, asked, *rest)
    assert found.tolist() == asked.tolist() and terms.tolist() == [[7, 7], [0, 0], [7, 7]]
    assert obliged.tolist() == [[False] * 2, [True] * 2, [False] * 2]
    market.policy.put(ReablementFirst(share_of_starts=1.0, in_house_first=True))
    assert ask_for_reablement(market, users, 7, asked, *rest)[0].tolist() == [[2, 0, 1], [0, 1, -1], [2, 1, -1]]
