"""Transfer of running packages, with the staff who mostly serve them, to those who win a zone."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.numerics import sum_by
from homecare.packages import AGENCYS_OWN, NOBODY
from homecare.week.goals import release
from homecare.week.jobs import match_of
from homecare.week.kernels.insertion import take_out_blocks
from homecare.week.kernels.layout import ATTENDANCES
from homecare.week.placing import base_rounds, homes_of, leave_rounds, refresh_teams, staff_of, visits_of
from homecare.week.tendering import end_leads, under_contract


def transfer(market, new: np.ndarray) -> None:
    """Move running packages of agencies that hold none of the ``new`` contracts of a zone to those that do.

    Each package goes to the contract with most room left, in the order of birth keys. A care worker more than half
    of whose lasting hours are in packages that move goes where most of these hours go, with pay, promise and
    length of service (transfer of undertakings). Visits have to find a place in rounds anew.

    Parameters
    ----------
    new : bool[c], contracts awarded this week
    """
    u, p, w, contracts = market.service_users, market.packages, market.care_workers, market.contracts
    blocks, target = who_moves(market, new)
    if blocks.size == 0:
        return
    staff, goes_to = staff_who_move(market, blocks, contracts.agency[target])
    leave_rounds(market, staff)
    take_out_blocks(blocks, visits_of(market), base_rounds(market), homes_of(market), staff_of(market), market.speed)
    release(market, blocks)
    p.agency[blocks] = contracts.agency[target]
    u.agency[p.user[blocks]] = contracts.agency[target]
    p.contract[blocks] = target
    end_leads(market, blocks)
    market.reprice(blocks, contracts.fee[target])
    w.agency[staff] = goes_to
    w.match[staff] = match_of(market, staff, goes_to)
    market.tally["transferred"] = blocks.size
    market.tally["transferred_staff"] = staff.size
    refresh_teams(market)


def who_moves(market, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int64[n], int64[n]: packages that move, and the contract that each comes under."""
    p, contracts = market.packages, market.contracts
    room = contracts.most - under_contract(market)
    blocks = np.flatnonzero(p.active & (p.agency >= 0) & (p.route == su.COUNCIL) & ~p.suspended & (p.notice < 0)
                            & (p.contract == NOBODY) & (p.effort == AGENCYS_OWN))
    blocks = blocks[np.argsort(p.key[blocks], kind="stable")]
    moving: list[int] = []
    target: list[int] = []
    for block in blocks.tolist():
        holds = new & (contracts.zone == p.zone[block])
        here = np.flatnonzero(holds & (room > 0))
        if here.size == 0 or np.any(contracts.agency[holds] == p.agency[block]):
            continue
        k = int(here[np.argmax(room[here])])
        room[k] -= p.planned[block]
        moving.append(block)
        target.append(k)
    return np.array(moving, np.int64), np.array(target, np.int64)


def staff_who_move(market, blocks: np.ndarray, agency: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int64[k], int32[k]: care workers who go with the packages of ``blocks``, and to which agency."""
    p, n = market.packages, market.care_workers.n
    carried = np.flatnonzero(p.base_worker >= 0)
    seconds = p.visit_seconds[carried // 2].astype(np.int64)
    worker = p.base_worker[carried].astype(np.int64)
    whole = sum_by(worker, seconds, n)
    to = np.full(p.capacity, NOBODY, np.int64)
    to[blocks] = agency
    moves = to[carried // ATTENDANCES]
    part = sum_by(np.where(moves >= 0, worker, NOBODY), seconds, n)
    staff = np.flatnonzero(2 * part > whole)
    goes_to = np.full(n, NOBODY, np.int32)
    most = np.zeros(n, np.int64)
    for one in np.unique(agency).tolist():
        there = sum_by(np.where(moves == one, worker, NOBODY), seconds, n)
        more = there > most
        goes_to[more] = one
        most[more] = there[more]
    return staff, goes_to[staff]
