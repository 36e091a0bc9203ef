"""Plans of waiting people, new lengths and other times: steps that several phases take."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.plans import within_budget, write_visits
from homecare.week.kernels.agreeing import agree_again
from homecare.week.kernels.resizing import resize_blocks
from homecare.week.kernels.windows import set_around
from homecare.week.leaving import leave
from homecare.week.placing import (
    base_rounds,
    homes_of,
    lengths_of,
    staff_of,
    visits_of,
    write_plan,
)


def plan_waiting(market) -> None:
    """Write the plans of everybody who begins to wait for an agency this week.

    Whoever needs no visit at any part of the day needs no agency, and leaves.
    """
    if market.to_plan:
        users = np.concatenate(market.to_plan)
        market.to_plan = []
        # Who lost an agency at the end of last week may have left the market since.
        users = users[market.service_users.state[users] == su.WAITING_START]
        if users.size:
            blocks = write_plan(market, users, market.commissioners.agents[0].trimming)
            needless = market.packages.user[blocks[market.packages.planned[blocks] == 0]].astype(np.int64)
            market.tally["needed_no_visit"] += needless.size
            leave(market, needless, su.RECOVERED)


def plan_again(market, users: np.ndarray) -> None:
    """Plan anew for people whom no agency has taken: lengths by present need, and other times that may be had.

    With each plan they agree to times one step farther from those that they want, later and earlier by turns, within
    the hours of that part of the day; what they want stays what it was.
    """
    if users.size == 0:
        return
    u, p = market.service_users, market.packages
    users = users[u.birth_key[users].argsort(kind="stable")]
    blocks = u.block[users].astype(np.int64)
    p.planned_again[blocks] += 1
    turn = p.planned_again[blocks]
    steps = np.where(turn % 2 == 1, (turn + 1) // 2, -(turn // 2))
    shift = steps * int(60 * market.uncertainty.intake.other_times)
    low, high = market.newcomers.windows.T
    agreed = np.minimum(np.maximum(u.wanted[users] + shift[:, None], low), high).astype(np.int32)
    write_visits(p, blocks, lengths_of(market, users, blocks), agreed, u.days[users], u.two_carers[users])
    p.budget[blocks] = p.planned[blocks]
    p.assessed[blocks] = p.planned[blocks]
    needless = users[p.planned[blocks] == 0]
    market.tally["needed_no_visit"] += needless.size
    leave(market, needless, su.RECOVERED)


def replan(market, users: np.ndarray, approved: bool = True) -> None:
    """Give packages the lengths that present need and their style ask for.

    Lengths that no care manager ``approved`` stay within the budget of packages that have one.
    """
    if users.size == 0:
        return
    u = market.service_users
    p = market.packages
    users = users[u.birth_key[users].argsort(kind="stable")]
    blocks = u.block[users].astype(np.int64)
    carers = 1 + u.two_carers[users]
    seconds = lengths_of(market, users, blocks)
    if not approved:
        most = np.where(p.budgeted[blocks] == 1, p.budget[blocks], np.iinfo(np.int64).max)
        visits_a_week = market.days_of_mask[u.days[users]] * carers
        seconds = within_budget(seconds, visits_a_week, most, p.step[blocks], p.minimum[blocks])
    lost = resize_blocks(blocks, seconds, u.days[users], carers, visits_of(market), base_rounds(market),
                         homes_of(market), staff_of(market), market.speed, p.band, p.planned)
    market.tally["replaced"] += lost
    if approved:
        p.budget[blocks] = p.planned[blocks]


def set_windows(market, blocks: np.ndarray) -> None:
    """Let visits move within the band of their plan around the start that they have."""
    set_around(blocks, market.packages.band, visits_of(market))


def renegotiate(market, blocks: np.ndarray) -> None:
    """Let agencies and people agree other times for visits that are in nobody's lasting round."""
    p = market.packages
    blocks = blocks[p.agency[blocks] >= 0]
    if blocks.size:
        agree_again(blocks, p.band, int(60 * market.uncertainty.offers.offer_minutes), p.agency, market.team,
                    market.team_first, market.nobody_absent, market.familiarity, visits_of(market),
                    base_rounds(market), homes_of(market), staff_of(market), market.speed, market.far)
