"""Reablement: who is taken in, what such a package carries, and what follows when its weeks are over."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.agency import IN_HOUSE
from homecare.agents.care_manager import served_within
from homecare.draws import Purpose
from homecare.numerics import places
from homecare.packages import AGENCYS_OWN, NOBODY


def take_in(market, hours: float) -> float:
    """Take people into reablement while there are places and hours to see them; return the hours used."""
    policy, u = market.policy.reablement, market.service_users
    if policy.share_of_starts <= 0.0:
        return 0.0
    casework = market.uncertainty.casework
    lead = np.where(u.from_hospital, 0, min(casework.lead_weeks, 1))
    may = u.alive & (u.state == su.WAITING_ASSESSMENT) & (market.week - u.state_since >= lead)
    if policy.from_hospital_only:
        may &= u.from_hospital
    users = places(may)
    luck = draws.uniforms(market.seed, Purpose.REABLEMENT, 0, u.birth_key[users])
    users = users[luck < policy.share_of_starts]
    users = users[np.lexsort((u.birth_key[users], u.state_since[users], ~u.from_hospital[users]))]
    served = np.count_nonzero(u.alive & (u.state == su.RECEIVING) & (u.route != su.SELF_FUNDER))
    room = int(policy.places * served / 100.0) - int(np.count_nonzero(u.alive & u.reabling))
    users = users[: max(room, 0)]
    users = users[: served_within(np.full(users.size, casework.screening_hours), hours)]
    u.reabling[users] = True
    u.state[users] = su.WAITING_START
    u.state_since[users] = market.week
    u.last_review[users] = market.week
    if users.size:
        market.to_plan.append(users)
    market.tally["taken_in"] = users.size
    return users.size * casework.screening_hours


def over_since(market) -> tuple[np.ndarray, np.ndarray]:
    """Return who waits to be assessed after reablement, and int64[n], the week since when.

    That is when the weeks are over, or as soon as somebody needs no more than people who do without care.
    """
    u = market.service_users
    users = places(u.reabling & (u.state == su.RECEIVING))
    if users.size == 0:
        return users, users
    ends = market.packages.started[u.block[users]] + market.policy.reablement.weeks
    since = np.where(able(market, users), np.minimum(ends, market.week), ends)
    over = since <= market.week
    return users[over], since[over]


def able(market, users: np.ndarray) -> np.ndarray:
    """Return bool[n]: who needs so little that people do without care."""
    need = market.service_users.need[users]
    return (need[:, 0] + need[:, 1]) + (need[:, 2] + need[:, 3]) < 60.0 * market.uncertainty.need.recovery_minutes


def mark(market, users: np.ndarray, blocks: np.ndarray) -> None:
    """Write onto new packages of people in reablement what they carry: style, effort, no trim, the council's."""
    own = market.service_users.reabling[users]
    if not own.any():
        return
    p, policy = market.packages, market.policy.reablement
    blocks = blocks[own]
    p.write_style(blocks, policy.style())
    p.effort[blocks] = policy.effort
    p.trim[blocks] = 0.0
    p.route[blocks] = su.COUNCIL


def with_reablement(market, fee: np.ndarray, tariffs: np.ndarray,
                    reaches: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the terms on which requests are asked with one more: the council's fee at its ratio for reablement."""
    ratio = round(100 * market.policy.reablement.fee_ratio)
    one = (market.commissioners.agents[0].fee * ratio + 50) // 100
    tariff = np.array([market.policy.payment.tariff(one)], np.int64)
    return np.append(fee, one), np.concatenate([tariffs, tariff]), np.append(reaches, 1.0)


def ask_for_reablement(market, users: np.ndarray, terms: int, asked: np.ndarray, offer: np.ndarray,
                       obliged: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return whom to ask, on what terms and whether obliged, with reablement asked on terms of its own.

    Nobody is obliged to take it. The council's own service comes first where the policy says so.
    """
    g = market.agencies
    reabling = market.service_users.reabling[users]
    if not reabling.any():
        return asked, offer, obliged
    own = places(g.alive & ~g.suspended & (g.ownership == IN_HOUSE))
    if not market.policy.reablement.in_house_first:
        own = own[:0]
    shape = (asked.shape[0], asked.shape[1] + own.size)
    longer, on, must = np.full(shape, NOBODY, np.int32), np.zeros(shape, np.int32), np.zeros(shape, bool)
    for wide, narrow in ((longer, asked), (on, offer), (must, obliged)):
        wide[:, : asked.shape[1]] = narrow
    longer[reabling, : own.size] = own
    longer[reabling, own.size:] = asked[reabling]
    on[reabling] = terms
    must[reabling] = False
    return longer, on, must


def to_lasting_care(market, users: np.ndarray) -> np.ndarray:
    """Let packages go on as ordinary ones with whoever serves them; return the blocks."""
    u, p = market.service_users, market.packages
    blocks = u.block[users].astype(np.int64)
    u.reabling[users] = False
    p.effort[blocks] = AGENCYS_OWN
    p.route[blocks] = u.route[users]
    p.trim[blocks] = market.commissioners.agents[0].trimming
    p.write_style(blocks, market.style)
    p.fee[blocks] = market.commissioners.agents[0].fee
    market.write_tariff(blocks)
    return blocks
