"""The week's own rounds: the lasting ones, less who is away, with the remedies in their order.

Workers stand here by *seat*: their place in the list of all teams, by agency and birth key. Colleagues are
neighbours in memory, which is what makes asking them fast; ``rows`` leads from a seat to the worker.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from homecare import draws
from homecare.agents.care_worker import willing_share
from homecare.draws import Purpose
from homecare.numerics import count_by, sum_by
from homecare.side_by_side import borders, side_by_side
from homecare.week.clauses import WEEKEND, count_short
from homecare.week.households import households
from homecare.week.kernels.cover import Remedies, add_willing, cover, seats_of, strip_absent, take_seats
from homecare.week.kernels.insertion import take_out_blocks
from homecare.week.kernels.layout import DAYS, STOPS, Homes, Rounds, Staff, Visits
from homecare.week.placing import base_rounds, homes_of, open_base, staff_of, visits_of, with_scratch
from homecare.week.sick_pay import lost_share, stays_home_ratio


class Part(NamedTuple):
    """Some agencies' share of a week: nobody in it meets anybody of another part.

    Attributes
    ----------
    served : int64, blocks with an agency, in the order in which they are covered
    due : bool[B], blocks whose package runs this week
    first_seat, last_seat : their care workers, from and up to
    """

    served: np.ndarray
    due: np.ndarray
    first_seat: int
    last_seat: int


class Overlay(NamedTuple):
    """One week's visits and rounds.

    Attributes
    ----------
    visits : the week's visits, with this week's starts
    rounds : this week's rounds by seat
    due : bool[B], blocks whose package runs this week
    rows : int64[S], the worker of each seat
    staff : what rostering knows of the worker of each seat
    base : int32[56 B], seat that has each attendance in the lasting rounds
    moved : bool[28 B], visits moved out of their window rather than missed
    parts : agencies with their seats and packages that do not meet in this week
    """

    visits: Visits
    rounds: Rounds
    due: np.ndarray
    rows: np.ndarray
    staff: Staff
    base: np.ndarray
    moved: np.ndarray
    parts: list[Part]


def seats(market) -> np.ndarray:
    """Return int64[S], the worker of each seat: staff of agencies, then personal assistants by employer."""
    return np.concatenate([market.team, market.assistants])


def seat_by_row(market, rows: np.ndarray) -> np.ndarray:
    """Return int32: the seat of every row of workers, -1 of those without."""
    seat = np.full(market.care_workers.capacity, -1, np.int32)
    seat[rows] = np.arange(rows.size)
    return seat


def seated(market) -> tuple[Rounds, Staff]:
    """Return copies of the lasting rounds and of the staff by seat."""
    base, staff, rows = base_rounds(market), staff_of(market), seats(market)
    n = rows.size * DAYS
    stops, starts, ends = (np.empty((n, STOPS), np.int32) for _ in range(3))
    rounds = Rounds(seats_of(base.worker, seat_by_row(market, rows)), stops, starts, ends, np.empty(n, np.uint64),
                    np.empty(n, np.int32), np.empty(rows.size, np.int64), base.candidates)
    side_by_side(take_seats, [(first, last, rows, base, rounds)
                              for first, last in pairwise(borders(np.arange(rows.size)))])
    return rounds, Staff(*(column.take(rows, axis=0) for column in staff))


def absences(market) -> np.ndarray:
    """Return int64[S]: bit mask of the days on which the worker of each seat is away this week; note spells."""
    w = market.care_workers
    workforce = market.initial.workforce
    rows = seats(market)
    keys = w.birth_key[rows]
    leave = draws.uniforms(market.seed, Purpose.ANNUAL_LEAVE, market.week, keys) < workforce.leave_weeks / 52.0
    spells_a_week = workforce.sick_days * market.conditions.sickness / 260.0 * 5.0 / workforce.spell_days
    one_day = workforce.spell_one_share
    three_days = one_day + workforce.spell_three_share
    luck = draws.uniforms(market.seed, Purpose.SICKNESS, market.week, keys, 0)
    share = market.uncertainty.worker_choice.work_ill_share
    # Nobody else can fall ill, whatever the sick pay; a hair above the bound, so that no rounding shuts anybody out.
    at = np.flatnonzero(luck < 1.001 * spells_a_week / (1.0 - share))
    length = draws.uniforms(market.seed, Purpose.SICKNESS, market.week, keys[at], 1)
    is_short = length < three_days
    lost = lost_share(market, rows[at], np.where(length < one_day, 1, 3))
    ill_here = luck[at] < spells_a_week * np.where(is_short, stays_home_ratio(lost, share), 1.0)
    works_ill = is_short & ~ill_here & (luck[at] < spells_a_week / (1.0 - share))
    day = (7.0 * draws.uniforms(market.seed, Purpose.SICKNESS, market.week, keys[at], 2)).astype(np.int64)
    days = np.where(length < one_day, 1, np.where(length < three_days, 3, 7))
    long_spell = at[ill_here & (length > three_days + workforce.spell_week_share)]
    sick_all = w.sick_until[rows] >= market.week
    w.sick_before[:] = 0
    w.sick_before[rows[sick_all]] = 28
    w.sick_until[rows[long_spell]] = market.week + 3
    sick_all[long_spell] = True
    ill = np.zeros(rows.size, np.int64)  # days of this week, leave or not
    ill[at] = np.where(ill_here, ((np.left_shift(1, days) - 1) << day) & 127, 0)
    ill[sick_all] = 127
    absent = np.where(leave, 127, ill)
    w.absent[:] = 0
    w.absent[rows] = absent
    seat = np.flatnonzero((ill > 0) & ~leave)
    who = rows[seat]
    working = np.packbits(w.day_end[who] > w.day_start[who], axis=1, bitorder="little")[:, 0]
    w.sick_days[:] = 0
    w.sick_days[who] = market.days_of_mask[ill[seat] & working]
    market.tally["works_ill"] = int(np.count_nonzero(works_ill & ~leave[at] & ~sick_all[at]))
    market.tally["sick_workers"] = int(np.count_nonzero(ill))
    return absent


def ask_willing(market, staff: Staff) -> Staff:
    """Return the staff with the days off and the overtime that willing workers add this week.

    Who would only come for a premium adds weekend days off; more hours in the week go with them.
    """
    numbers = market.uncertainty.rostering
    choice = market.uncertainty.worker_choice
    w = market.care_workers
    luck = draws.uniforms(market.seed, Purpose.TAKE_UP, market.week, staff.key)
    rows = seats(market)
    pounds = w.wage[rows] / 100.0 * w.weekend_premium[rows]
    is_willing = luck < choice.overtime_taste
    at_weekend = luck < willing_share(pounds, choice)
    start, end, limit, days_off = add_willing(is_willing, at_weekend, WEEKEND, numbers.overtime, staff)
    return staff._replace(day_start=start, day_end=end, limit=limit, days_off=days_off)


def make_overlay(market, served: np.ndarray) -> None:
    """Make this week's rounds and keep them in ``market.overlay``.

    Parameters
    ----------
    served : int64, blocks that have an agency, in the order in which they are covered
    """
    p, g = market.packages, market.agencies
    numbers = market.uncertainty.rostering
    due = p.active & ((p.agency >= 0) | p.assisted) & ~p.suspended
    running = np.flatnonzero(due & (p.agency >= 0))
    agency = p.agency[running]
    visits = visits_of(market)._replace(start=p.visit_start.copy())
    rounds, staff = seated(market)
    base = rounds.worker.copy()
    homes, rows = homes_of(market), seats(market)
    take_out_blocks(np.flatnonzero(p.active & p.suspended), visits, rounds, homes, staff,
                    market.speed)
    absent = absences(market)
    strip_absent(absent, visits, rounds, homes, staff, market.speed)
    parts = np.maximum(count_by(agency, g.n) / 25.0, numbers.managers_least)
    g.manager_seconds[:] = (3600 * numbers.manager_hours * parts).astype(np.int64)
    moved = np.zeros(p.visit_start.size, bool)
    remedies = Remedies(int(60 * numbers.moved_minutes), int(60 * numbers.manager_extra_minutes))
    parts = parts_of(market, served, due, rows.size)
    known = seats_of(p.pair_worker.ravel(), seat_by_row(market, rows)).reshape(p.pair_worker.shape)
    team, willing = np.arange(rows.size), ask_willing(market, staff)
    done = sum(side_by_side(cover, [
        (part.served, due, p.agency, known, p.pair_count, team, market.team_first, absent,
         g.columns["manager_seconds"], np.zeros(rows.size), moved, remedies, visits, with_scratch(rounds), homes, staff,
         willing, market.speed, market.weights, market.far) for part in parts]))
    for name, value in zip(("to_cover", "covered_colleagues", "covered_overtime", "covered_managers",
                            "covered_moved"), done.tolist(), strict=True):
        market.tally[name] = value
    cover_at_home(market, due, known, absent, moved, visits, rounds, homes, staff)
    market.overlay = Overlay(visits, rounds, due, rows, staff, base, moved, parts)
    g.open_seconds[:] = sum_by(agency, open_base(market, running), g.n)
    if market.uncertainty.agency_behaviour.premium_step > 0.0:
        count_short(market)


def parts_of(market, served: np.ndarray, due: np.ndarray, n_seats: int) -> list[Part]:
    """Return the parts of this week; personal assistants and their employers are in the last.

    Parameters
    ----------
    served : int64, blocks that have an agency, by agency
    due : bool[B], blocks whose package runs this week
    """
    agencies = market.packages.agency
    cuts = borders(agencies[served])
    seats = [0, *(int(market.team_first[agencies[served[cut]]]) for cut in cuts[1:-1]), n_seats]
    if len(cuts) == 2:
        return [Part(served, due, 0, n_seats)]
    mine = np.full(due.size, len(cuts) - 2)
    for k, (first, last) in enumerate(pairwise(cuts)):
        mine[served[first:last]] = k
    return [Part(served[cuts[k]:cuts[k + 1]], due & (mine == k), seats[k], seats[k + 1]) for k in range(len(cuts) - 1)]


def cover_at_home(market, due: np.ndarray, known: np.ndarray, absent: np.ndarray, moved: np.ndarray, visits: Visits,
                  rounds: Rounds, homes: Homes, staff: Staff) -> None:
    """Let personal assistants of the same person stand in for each other; nobody else covers for them."""
    p = market.packages
    blocks, household, first = households(market)
    if blocks.size == 0:
        return
    done = cover(blocks, due, household, known, p.pair_count, np.arange(staff.key.size),
                 market.team.size + first, absent, np.zeros(first.size, np.int64), np.zeros(staff.key.size), moved,
                 Remedies(0, 86400 * 7), visits, rounds, homes, staff, staff, market.speed, market.weights, market.far)
    market.tally["to_cover_at_home"] = int(done[0])
