"""Rota reviews: now and then an agency plans each day's lasting rounds anew, with deeper improvement.

Between reviews planners only put what is open where it fits and try a few visits elsewhere, as people do by hand. A
review hands a day's rounds to :func:`homecare.week.kernels.day_rounds.improve_rounds` and takes back rounds that are
no worse: shorter roads, within the windows of the plans, the shifts and the hours that workers want. It is Python by
agency and day, so it is for every few weeks; by default nobody does it.
"""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.draws import Purpose, stream
from homecare.travel import Speeds
from homecare.week.kernels.day_rounds import DayStaff, DayVisits, improve_rounds
from homecare.week.kernels.gaps import leg
from homecare.week.kernels.insertion import put, take_out
from homecare.week.kernels.layout import ATTENDANCES, DAYS, PARTS, STOPS, VISITS, Homes, Rounds, Staff, Visits
from homecare.week.placing import base_rounds, homes_of, staff_of, visits_of


def review_rotas(market) -> None:
    """Let the agencies whose turn it is review the lasting rounds of every day of their week."""
    numbers = market.uncertainty.rostering
    weeks = numbers.review_weeks
    if weeks == 0:
        return
    p, g = market.packages, market.agencies
    blocks = np.flatnonzero(p.active & (p.agency >= 0))
    blocks = blocks[np.argsort(p.key[blocks], kind="stable")]
    turn = (market.week + g.birth_key) % weeks == 0
    for agency in g.rows()[turn[g.rows()]].tolist():
        team = market.team[market.team_first[agency] : market.team_first[agency + 1]]
        mine = blocks[p.agency[blocks] == agency]
        for day in range(DAYS):
            review_day(market, team, mine, day, numbers.review_moves)


def review_day(market, team: np.ndarray, blocks: np.ndarray, day: int, steps: int) -> None:
    """Improve the rounds of a team's day where that saves road and gives nobody more hours than they want.

    Parameters
    ----------
    team : int64[W], workers by birth key
    blocks : int64[n], the packages of their agency in the order of birth keys
    steps : how often some visits are taken out and put back
    """
    visits, rounds, homes, staff = visits_of(market), base_rounds(market), homes_of(market), staff_of(market)
    slots = (blocks[:, None] * VISITS + day * PARTS + np.arange(PARTS)[None, :]).ravel()
    halves = rounds.worker.reshape(-1, 2)[slots]
    slots = slots[(halves >= 0).any(axis=1)]
    if slots.size < 2 or team.size < 2:
        return
    seat = np.full(staff.key.size, -1, np.int64)
    seat[team] = np.arange(team.size)
    halves = rounds.worker.reshape(-1, 2)[slots].astype(np.int64)
    worker = np.where(halves >= 0, seat[np.maximum(halves, 0)], -1)
    start = visits.start[slots].astype(np.int64)
    asked = DayVisits(
        block=slots // VISITS, seconds=visits.seconds[slots].astype(np.int64),
        early=np.minimum(visits.early[slots], start), late=np.maximum(visits.late[slots], start),
        wanted=visits.wanted[slots].astype(np.int64), worker=worker, start=start)
    present = DayStaff(
        x=staff.x[team], y=staff.y[team], rural=staff.rural[team], drives=staff.drives[team],
        opens=staff.day_start[team, day].astype(np.int64), closes=staff.day_end[team, day].astype(np.int64),
        visit_cost=cost_of_sending(market, asked, team, day, rounds, homes, staff))
    key = np.uint64(stream(market.seed, int(Purpose.ROUNDS), DAYS * market.week + day))
    took, begins, saved = improve_rounds(asked, present, homes, market.speed, market.weights.home_leg, key, steps)
    market.tally["reviewed_days"] += 1
    moved = took != worker
    if saved <= 0.0 or np.bincount(took[took >= 0], minlength=team.size).max() > STOPS:
        return
    before = rounds.week_seconds[team].copy()
    lay_out(slots, np.where(worker >= 0, team[worker], -1), start, day, visits, rounds, homes, staff, market.speed)
    lay_out(slots, np.where(took >= 0, team[took], -1), begins, day, visits, rounds, homes, staff, market.speed)
    if np.any(rounds.week_seconds[team] > np.maximum(staff.limit[team], before)):
        lay_out(slots, np.where(worker >= 0, team[worker], -1), start, day, visits, rounds, homes, staff, market.speed)
        return
    market.tally["reviewed_moves"] += int(np.count_nonzero(moved))
    market.tally["reviewed_seconds"] += int(saved)


def cost_of_sending(market, asked: DayVisits, team: np.ndarray, day: int, rounds: Rounds, homes: Homes,
                    staff: Staff) -> np.ndarray:
    """Return float64[V, W]: seconds of travel that it is worth not to send a worker; ``inf`` where they cannot go.

    As in everyday planning: whoever has other visits of the person is worth ``familiar`` more, and nobody goes
    farther than the reach or works on a day off. Who has a visit now may keep it.
    """
    x, y = staff.x[team], staff.y[team]
    dx, dy = homes.x[asked.block][:, None] - x[None, :], homes.y[asked.block][:, None] - y[None, :]
    reach = market.weights.reach_metres
    works = staff.day_end[team, day] > staff.day_start[team, day]
    can = (dx * dx + dy * dy <= reach * reach) & works[None, :]
    has = rounds.worker.reshape(-1, ATTENDANCES)[asked.block]
    knows = (has[:, :, None] == team[None, None, :]).any(axis=1)
    cost = np.where(can, np.where(knows, 0.0, market.weights.familiar), np.inf)
    for half in range(2):
        row = np.flatnonzero(asked.worker[:, half] >= 0)
        cost[row, asked.worker[row, half]] = 0.0
    return cost


@kernel
def lay_out(slots: np.ndarray, worker: np.ndarray, start: np.ndarray, day: int, visits: Visits, rounds: Rounds,
            homes: Homes, staff: Staff, speed: Speeds) -> None:
    """Write one day's rounds anew: all visits are taken out and put in again in the order of their starts.

    Parameters
    ----------
    slots : int64[V], every visit of the day that anybody of the team has
    worker : int64[V, 2], who goes, -1 for nobody
    start : int64[V]
    """
    for i in range(slots.size):
        for half in range(2):
            take_out(2 * slots[i] + half, visits, rounds, homes, staff, speed)
    for i in np.argsort(start, kind="mergesort"):
        for half in range(2):
            w = worker[i, half]
            if w < 0:
                continue
            row = w * DAYS + day
            n = rounds.n_stops[row]
            extra = 0
            if n > 0:
                extra = leg(homes, (rounds.stops[row, n - 1] >> 1) // VISITS, slots[i] // VISITS, staff.drives[w], speed)
            put(2 * slots[i] + half, w, n, start[i], extra, day, visits, rounds)
