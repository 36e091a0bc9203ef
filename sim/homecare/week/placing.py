"""Packages in and out of rounds: the shared steps of several phases."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from homecare.agents.care_worker import WORKING
from homecare.agents.service_user import SELF_FUNDER, SERVICE_FUND
from homecare.compiled import kernel
from homecare.numerics import count_by, in_groups, places
from homecare.packages import NOBODY
from homecare.plans import visit_seconds, write_visits
from homecare.side_by_side import borders, side_by_side
from homecare.tables import NO_WEEK
from homecare.week.goals import release
from homecare.week.kernels.counting import open_seconds
from homecare.week.kernels.gaps import ALL_FREE
from homecare.week.kernels.insertion import empty_rounds, improve, take_out_blocks
from homecare.week.kernels.layout import ATTENDANCES, DAYS, PAIRS, STOPS, Homes, Rounds, Staff, Visits, Weights
from homecare.week.reabling import mark


def visits_of(market) -> Visits:
    """Return the lasting visits as the kernels see them (the packages' own arrays)."""
    p = market.packages
    return Visits(p.visit_start, p.visit_seconds, p.visit_early, p.visit_late, p.visit_wanted, p.visit_carers)


def homes_of(market) -> Homes:
    """Return where the users of the blocks live."""
    return Homes(market.packages.x, market.packages.y, market.packages.rural)


def base_rounds(market) -> Rounds:
    """Return the lasting rounds, with room for every worker."""
    n = market.care_workers.capacity
    if market.stops.shape[0] < n * DAYS:
        stops = np.full((n * DAYS, STOPS), NOBODY, np.int32)
        stops[: market.stops.shape[0]] = market.stops
        starts, ends = np.zeros_like(stops), np.zeros_like(stops)
        starts[: market.stops.shape[0]] = market.starts
        ends[: market.stops.shape[0]] = market.ends
        market.starts, market.ends = starts, ends
        free = np.full(n * DAYS, ALL_FREE)
        free[: market.free.size] = market.free
        market.free = free
        n_stops = np.zeros(n * DAYS, np.int32)
        n_stops[: market.n_stops.size] = market.n_stops
        seconds = np.zeros(n, np.int64)
        seconds[: market.week_seconds.size] = market.week_seconds
        market.stops, market.n_stops, market.week_seconds = stops, n_stops, seconds
    if market.candidates.size < n + PAIRS:
        market.candidates = np.empty(n + PAIRS, np.int64)
    return Rounds(market.packages.base_worker, market.stops, market.starts, market.ends, market.free,
                  market.n_stops, market.week_seconds, market.candidates)


def with_scratch(rounds: Rounds) -> Rounds:
    """Return the same rounds with room of its own for who may be asked, for a core of its own."""
    return rounds._replace(candidates=np.empty_like(rounds.candidates))


def staff_of(market) -> Staff:
    """Return what rostering knows of the workers; whoever has a paid shift works within it."""
    w = market.care_workers.columns
    start, end = w["day_start"], w["day_end"]
    if np.count_nonzero(market.care_workers.shift_end) > 0:
        shifted = w["shift_end"].any(axis=1)
        start = np.where(shifted[:, None], w["shift_start"], start)
        end = np.where(shifted[:, None], w["shift_end"], end)
    return Staff(w["x"], w["y"], w["rural"], w["drives"], start, end, w["hours_wanted"],
                 w["promised"], w["birth_key"], w["hours_wanted"], market.nobody_absent)


def refresh_teams(market) -> None:
    """List the working staff of each agency by birth key: ``team[team_first[g]:team_first[g + 1]]``.

    Personal assistants stand in no team; ``assistants`` lists them by employer and birth key.
    """
    w, n = market.care_workers, market.agencies.n
    own = places(w.employer >= 0)
    if own.size:
        own = own[w.alive[own] & (w.state[own] == WORKING)]
        own = own[np.lexsort((w.birth_key[own], w.employer_key[own]))]
    market.assistants = own
    if not stands(market.team, market.team_first, w.alive, w.state, w.employer, w.agency, n):
        rows = places(w.alive & (w.state == WORKING) & (w.employer < 0))
        rows = rows[w.birth_key[rows].argsort(kind="stable")]
        rows = rows[in_groups(w.agency[rows], n)]
        market.team = rows
        market.team_first = np.zeros(n + 1, np.int64)
        np.cumsum(count_by(w.agency[rows], n), out=market.team_first[1:])
    if market.familiarity.size < w.capacity:
        market.familiarity = np.zeros(w.capacity, np.float64)
        market.nobody_absent = np.zeros(w.capacity, np.int64)
    base_rounds(market)


@kernel
def stands(team: np.ndarray, first: np.ndarray, alive: np.ndarray, state: np.ndarray, employer: np.ndarray,
           agency: np.ndarray, n_agencies: int) -> bool:
    """Return whether the list of teams still has everybody whom an agency employs, each at the right one.

    Parameters
    ----------
    team, first : int64, workers by agency and where each agency's begin
    alive, state, employer, agency : bool[n], int8[n], int32[n], int32[n] of all workers; ``employer`` -1 for an agency's
    """
    if first.size != n_agencies + 1:
        return False
    employed = 0
    for worker in range(alive.size):
        employed += alive[worker] and state[worker] == WORKING and employer[worker] < 0
    if employed != team.size:
        return False
    for i in range(n_agencies):
        for place in range(first[i], first[i + 1]):
            worker = team[place]
            if not alive[worker] or state[worker] != WORKING or employer[worker] >= 0 or agency[worker] != i:
                return False
    return True


def end_packages(market, users: np.ndarray) -> None:
    """End the packages of the given users: out of every round, block given back."""
    u = market.service_users
    blocks = u.block[users]
    blocks = blocks[blocks >= 0].astype(np.int64)
    if blocks.size:
        release(market, blocks)
        take_out_blocks(blocks, visits_of(market), base_rounds(market), homes_of(market), staff_of(market),
                        market.speed)
        market.packages.free(blocks)
    u.block[users] = NOBODY
    u.agency[users] = NOBODY


def write_plan(market, users: np.ndarray, trim: float) -> np.ndarray:
    """Give each user a block with planned visits in the style in force; return the blocks.

    ``trim`` is the share cut below need for those whom the council pays for.
    """
    u = market.service_users
    p = market.packages
    order = u.birth_key[users].argsort(kind="stable")
    users = users[order]
    blocks = p.take(users.size)
    p.user[blocks] = users
    p.key[blocks] = u.birth_key[users]
    p.x[blocks] = u.x[users]
    p.y[blocks] = u.y[users]
    p.rural[blocks] = u.rural[users]
    p.route[blocks] = u.route[users]
    p.zone[blocks] = market.zone_of_area[u.small_area[users]]
    write_facts(market, blocks)
    p.trim[blocks] = np.where(u.route[users] == market.SELF_FUNDER, 0.0, trim)
    mark(market, users, blocks)
    u.block[users] = blocks
    plan_visits(market, blocks)
    p.assessed[blocks] = p.planned[blocks]
    return blocks


def write_facts(market, blocks: np.ndarray) -> None:
    """Write onto packages the facts of the plan that go with their route."""
    if blocks.size == 0:
        return
    p = market.packages
    route = p.route[blocks]
    p.write_style(blocks, market.style)
    p.write_style(blocks[route == SELF_FUNDER], market.private_style)
    funded = blocks[route == SERVICE_FUND]
    if funded.size:
        p.write_style(funded, market.policy.routes.fund_style(market.style))


def plan_visits(market, blocks: np.ndarray) -> None:
    """Plan the visits of blocks that are in no round from their users' need and their style."""
    u = market.service_users
    p = market.packages
    users = p.user[blocks].astype(np.int64)
    seconds = lengths_of(market, users, blocks)
    write_visits(p, blocks, seconds, u.wanted[users], u.days[users], u.two_carers[users])
    p.budget[blocks] = p.planned[blocks]
    u.wish_since[users] = NO_WEEK


def lengths_of(market, users: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return int64[n, 4]: seconds of a visit at each part of the day that need and the plan's style ask for."""
    p, intake = market.packages, market.uncertainty.intake
    return visit_seconds(users, blocks, market.service_users.need, p.follows, market.uncertainty.delivery.with_factor,
                         p.slack, p.minimum, p.step, p.trim, 60.0 * intake.least_need, 60.0 * intake.spare_need)


def leave_rounds(market, workers: np.ndarray) -> None:
    """Take everything from workers who go; what they did is open."""
    if workers.size:
        empty_rounds(workers.astype(np.int64), base_rounds(market))


def try_elsewhere(market, attendances: np.ndarray, weights: Weights) -> int:
    """Let planners take each attendance out and put it back where it is cheapest; return how many changed worker.

    Parameters
    ----------
    attendances : int64, in the order in which each agency looks at its own
    weights : what planners mind here
    """
    if attendances.size == 0:
        return 0
    agency = market.packages.agency
    agencies = agency[attendances // ATTENDANCES]
    order = agencies.argsort(kind="stable")
    attendances = attendances[order]
    visits, homes, staff, rounds = visits_of(market), homes_of(market), staff_of(market), base_rounds(market)
    cuts = borders(agencies[order])
    return sum(side_by_side(improve, [
        (attendances[first:last], agency, market.team, market.team_first, market.nobody_absent, market.familiarity,
         visits, with_scratch(rounds) if first else rounds, homes, staff, market.speed, weights)
        for first, last in pairwise(cuts)]))


def open_base(market, where: np.ndarray) -> np.ndarray:
    """Return int64: seconds a week that nobody has in a lasting round, of blocks (or a mask of them)."""
    blocks = places(where) if where.dtype == bool else where
    return open_seconds(blocks.astype(np.int64), visits_of(market), market.packages.base_worker)


def no_rounds(market) -> None:
    """Give an empty market its empty rounds."""
    market.stops = np.full((0, STOPS), NOBODY, np.int32)
    market.starts = np.zeros((0, STOPS), np.int32)
    market.ends = np.zeros((0, STOPS), np.int32)
    market.free = np.zeros(0, np.uint64)
    market.n_stops = np.zeros(0, np.int32)
    market.week_seconds = np.zeros(0, np.int64)
    market.candidates = np.zeros(0, np.int64)
    market.team = np.zeros(0, np.int64)
    market.assistants = np.zeros(0, np.int64)
    market.team_first = np.zeros(1, np.int64)
    market.familiarity = np.zeros(0)
    market.nobody_absent = np.zeros(0, np.int64)
