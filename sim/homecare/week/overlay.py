"""The week's own rounds: the lasting ones, less who is away, with the remedies in their order.

Workers stand here by *seat*: their place in the list of all teams, by agency and birth key. Colleagues are
neighbours in memory, which is what makes asking them fast; ``rows`` leads from a seat to the worker.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from homecare import draws
from homecare.agents.agency_numbers import PEOPLE_A_MANAGER
from homecare.agents.care_worker import willing_share
from homecare.draws import Purpose
from homecare.numerics import count_by, places, sum_by
from homecare.side_by_side import borders, side_by_side
from homecare.week.clauses import WEEKEND, count_short
from homecare.week.households import households
from homecare.week.kernels.cover import Remedies, add_willing, cover, seats_of, take_seats
from homecare.week.kernels.insertion import take_out_blocks
from homecare.week.kernels.layout import DAYS, STOPS, Homes, Rounds, Staff, Visits
from homecare.week.kernels.sickness import Chances, Spells, fall_ill
from homecare.week.placing import base_rounds, homes_of, open_base, staff_of, visits_of, with_scratch
from homecare.week.sick_pay import law_of, terms_of


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


def seated(market, rows: np.ndarray, absent: np.ndarray, lasting: np.ndarray) -> tuple[Rounds, Staff]:
    """Return copies of the rounds and of the staff by seat, the rounds less the days on which workers are away.

    Parameters
    ----------
    rows, absent : int64[S], the worker of each seat, and the bit mask of the days away
    lasting : int32[56 B], seat that has each attendance in the lasting rounds
    """
    base, staff = base_rounds(market), staff_of(market)
    n = rows.size * DAYS
    stops, starts, ends = (np.empty((n, STOPS), np.int32) for _ in range(3))
    rounds = Rounds(lasting.copy(), stops, starts, ends, np.empty(n, np.uint64),
                    np.empty(n, np.int32), np.empty(rows.size, np.int64), base.candidates)
    side_by_side(take_seats, [
        (first, last, rows, absent, base, rounds, visits_of(market), homes_of(market), staff.drives, market.speed)
        for first, last in pairwise(borders(np.arange(rows.size)))])
    return rounds, Staff(*(column.take(rows, axis=0) for column in staff))


def absences(market, rows: np.ndarray) -> np.ndarray:
    """Return int64[S]: bit mask of the days on which the worker of each seat is away this week; note spells."""
    w = market.care_workers
    workforce = market.initial.workforce
    three_days = workforce.spell_one_share + workforce.spell_three_share
    chances = Chances(
        leave=workforce.leave_weeks / 52.0,
        spells=workforce.sick_days * market.conditions.sickness / 260.0 * 5.0 / workforce.spell_days,
        one_day=workforce.spell_one_share, three_days=three_days, whole_week=three_days + workforce.spell_week_share,
        work_ill=market.uncertainty.worker_choice.work_ill_share)
    spells = w.pick(Spells)
    spells.absent[:], spells.sick_before[:], spells.sick_days[:] = 0, 0, 0
    absent = np.empty(rows.size, np.int64)
    market.tally["works_ill"], market.tally["sick_workers"] = fall_ill(
        market.seed, market.week, rows, chances, law_of(market.policy.labour), terms_of(market), spells, absent)
    return absent


def ask_willing(market, rows: np.ndarray, staff: Staff) -> Staff:
    """Return the staff with the days off and the overtime that willing workers add this week.

    Who would only come for a premium adds weekend days off; more hours in the week go with them.
    """
    numbers = market.uncertainty.rostering
    choice = market.uncertainty.worker_choice
    w = market.care_workers
    luck = draws.uniforms(market.seed, Purpose.TAKE_UP, market.week, staff.key)
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
    running = places(due & (p.agency >= 0))
    agency = p.agency[running]
    visits, homes, rows = visits_of(market)._replace(start=p.visit_start.copy()), homes_of(market), seats(market)
    seat = seat_by_row(market, rows)
    base = seats_of(p.base_worker, seat)
    absent = absences(market, rows)
    rounds, staff = seated(market, rows, absent, base)
    take_out_blocks(places(p.active & p.suspended), visits, rounds, homes, staff, market.speed)
    parts = np.maximum(count_by(agency, g.n) / PEOPLE_A_MANAGER, numbers.managers_least)
    g.manager_seconds[:] = (3600 * numbers.manager_hours * parts).astype(np.int64)
    moved = np.zeros(p.visit_start.size, bool)
    remedies = Remedies(int(60 * numbers.moved_minutes), int(60 * numbers.manager_extra_minutes))
    parts = parts_of(market, served, due, rows.size)
    known = seats_of(p.pair_worker.ravel(), seat).reshape(p.pair_worker.shape)
    team, willing = np.arange(rows.size), ask_willing(market, rows, staff)
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
