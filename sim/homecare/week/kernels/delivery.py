"""A week as it is lived: every round, visit by visit, with lateness that spreads and two who must meet."""

from __future__ import annotations

import math

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.draws import NO_SHOW, TRAVEL_NOISE, VISIT, stream, uniform
from homecare.lived_columns import (
    ACTUAL_PAID,
    CONTACT,
    CONTACT_PLANNED,
    METRES,
    SHORT_NOTICE,
    SPAN,
    TRAVEL,
    WAITING,
    WORKER_HURRIED,
    WORKER_LATE,
    WORKER_VISITS,
)
from homecare.numerics import log
from homecare.travel import Speeds
from homecare.week.kernels.attendance import Habits, Lived, Pay, People, asked_seconds, stay_seconds
from homecare.week.kernels.gaps import home_leg, leg
from homecare.week.kernels.layout import (
    ATTENDANCES,
    CANCELLED,
    DAYS,
    MANAGER,
    MISSED,
    NOBODY,
    NOT_WIDER,
    PARTS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
)
from homecare.week.kernels.luck import draw_uniforms, spread_out

NEVER = 10 * 86400
"""Arrival of somebody who does not come."""
NEED_OF_DAY, CANCELS, AT_DOOR, INCIDENT, INCIDENT_LENGTH = np.arange(5) * 64
"""Where the numbers of a visit's draws begin: of each kind there is one for each of its slots."""
JOURNEY = np.int64(0)
N_SLOTS = np.int64(VISITS)  # one integer type, as NOT_WIDER


@kernel
def deliver(seed: int, week: int, first_seat: int, last_seat: int, due: np.ndarray, base_worker: np.ndarray,
            visits: Visits, rounds: Rounds, homes: Homes, staff: Staff, speed: Speeds, people: People,
            pay: Pay, habits: Habits, lived: Lived) -> int:
    """Live the week's rounds of some seats; return how many could not be finished (always 0).

    A worker who reaches a visit for two before the colleague waits. Rounds are walked until they must wait
    and go on when the other arrives, so the result does not hang on the order of workers. What users lived
    is added up from the attendances afterwards (:mod:`homecare.week.kernels.adding_up`).

    Parameters
    ----------
    first_seat, last_seat : the seats, from and up to; whoever shares a visit must be among them
    due : bool[B], blocks whose package runs this week and is theirs
    base_worker : int32[56 B], seat that has each attendance in the lasting rounds
    lived : written for these seats and blocks; all other attendances must be ``NOT_DUE`` already
    """
    journey = stream(seed, TRAVEL_NOISE, week)
    luck = stream(seed, VISIT, week)
    shows = stream(seed, NO_SHOW, week)
    n_workers = staff.x.size
    position = np.zeros(n_workers, np.int64)  # among the stops of the day, all workers' one after another
    end = np.zeros(n_workers, np.int64)
    clock = np.zeros(n_workers, np.int64)
    where = np.full(n_workers, -1, np.int64)
    opened = np.zeros(n_workers, np.int64)
    skips = np.zeros(n_workers, np.bool_)
    arrived = np.full(lived.start.size, -1, np.int32)
    waiting = np.empty(n_workers + 1, np.int64)
    workers = lived.workers
    workers[first_seat:last_seat, :] = 0
    most = max(busiest_day(rounds, first_seat, last_seat), VISITS)
    stops, whose = np.empty(most, np.int32), np.empty(most, np.int32)
    keys, slots, halves = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    needs, banks = np.empty(most), np.empty(most, np.int64)
    plans, lengths = np.empty(most, np.int32), np.empty(most, np.int32)  # as in visits: another type is compiled again
    cancelled, for_two, theirs = np.empty(most, np.bool_), np.empty(most, np.bool_), np.empty(most, np.bool_)
    journeys, at_doors, incidents = np.empty(most), np.empty(most), np.empty(most)
    expect(seed, week, due, visits, rounds, people, habits, lived, stops, keys, slots, at_doors, journeys)
    stuck = 0
    for day in range(DAYS):
        n = np.int64(0)
        for w in range(first_seat, last_seat):
            where[w] = -1
            clock[w] = 0
            skips[w] = uniform(shows, staff.key[w], day) < habits.no_show_share
            position[w] = n
            row = w * DAYS + day
            for j in range(rounds.n_stops[row]):
                stops[n] = rounds.stops[row, j]
                whose[n] = w
                n += 1
            end[w] = n
        for i in range(n):  # all that lies far away in memory is fetched in one go
            a = np.uint32(stops[i])  # unsigned: no look at whether it counts from the end
            visit = a >> 1
            keys[i] = people.key[visit // VISITS]
            slots[i] = visit % VISITS
            halves[i] = a % ATTENDANCES
            plans[i] = visits.start[visit]
            lengths[i] = visits.seconds[visit]
            needs[i] = lived.need[visit]
            banks[i] = lived.bank[visit]
            cancelled[i] = lived.ending[a] == CANCELLED
            for_two[i] = visits.carers[visit] == 2
            theirs[i] = base_worker[a] == whose[i]
        draw_uniforms(journey, keys, halves, JOURNEY, n, at_doors)
        spread_out(at_doors, habits.journey_spread, n, journeys)
        draw_uniforms(luck, keys, slots, AT_DOOR, n, at_doors)
        draw_uniforms(luck, keys, slots, INCIDENT, n, incidents)
        for first in range(first_seat, last_seat):
            waiting[0] = first
            n_waiting = 1
            while n_waiting > 0:
                n_waiting -= 1
                w = np.uint32(waiting[n_waiting])
                here = where[w]
                now = clock[w]
                i = position[w]
                while i < end[w]:
                    if cancelled[i]:
                        i += 1
                        continue
                    a = np.uint32(stops[i])
                    planned = plans[i]
                    visit = a >> 1
                    block = visit // VISITS
                    partner = rounds.worker[a ^ 1] if for_two[i] else NOBODY
                    reached = arrived[a] if partner >= 0 else np.int32(-1)
                    if reached < 0:
                        if here < 0:
                            usual = home_leg(homes, staff, w, block, speed)
                            at = planned + int(usual * journeys[i]) - usual
                        else:
                            usual = leg(homes, here, block, staff.drives[w], speed)
                            at = now + int(usual * journeys[i])
                        if skips[w] or at - planned > habits.give_up_seconds:
                            at = NEVER
                        reached = np.int32(max(at, 0))
                        if partner >= 0:
                            arrived[a] = reached
                    if reached >= NEVER:
                        i += 1
                        if partner >= 0 and 0 <= arrived[a ^ 1] < NEVER:
                            waiting[n_waiting] = partner
                            n_waiting += 1
                        continue
                    start = max(reached, planned)
                    if partner >= 0:
                        if arrived[a ^ 1] < 0:
                            break
                        if start < arrived[a ^ 1] < NEVER:
                            start = arrived[a ^ 1]
                    agreed = lengths[i]
                    late = start - planned
                    stayed, ending, hurried = stay_seconds(
                        agreed, needs[i], late, people.follows[block], banks[i],
                        people.social[block], pay.minute_pence[w], pay.actual_share[w], at_doors[i], habits)
                    lived.start[a] = start
                    lived.seconds[a] = stayed
                    lived.ending[a] = ending
                    lived.hurried[a] = hurried
                    if here < 0:
                        opened[w] = start
                    else:
                        workers[w, TRAVEL] += reached - now
                        idle = start - reached
                        if idle < habits.free_gap_seconds:
                            workers[w, WAITING] += idle
                        if here != block:
                            dx = homes.x[here] - homes.x[block]
                            dy = homes.y[here] - homes.y[block]
                            workers[w, METRES] += int(math.sqrt(dx * dx + dy * dy))
                    workers[w, CONTACT] += stayed
                    workers[w, CONTACT_PLANNED] += agreed
                    workers[w, ACTUAL_PAID] += int(
                        pay.actual_share[w] * stayed + (1.0 - pay.actual_share[w]) * agreed)
                    workers[w, WORKER_VISITS] += 1
                    workers[w, WORKER_HURRIED] += hurried
                    workers[w, WORKER_LATE] += late > 900
                    workers[w, SHORT_NOTICE] += not theirs[i]
                    here = block
                    besides = habits.extra_seconds
                    if incidents[i] < habits.incident_share:
                        besides += int(-habits.incident_seconds * log(uniform(luck, keys[i], INCIDENT_LENGTH + slots[i])))
                    workers[w, WAITING] += besides
                    now = start + stayed + besides
                    i += 1
                    if partner >= 0 and lived.ending[a ^ 1] == MISSED and arrived[a ^ 1] < NEVER:
                        waiting[n_waiting] = partner
                        n_waiting += 1
                if i == end[w] and here >= 0:
                    workers[w, SPAN] += now - opened[w]
                    here = -1
                position[w], where[w], clock[w] = i, here, now
        for w in range(first_seat, last_seat):
            stuck += position[w] < end[w]
    return stuck


@kernel_part
def busiest_day(rounds: Rounds, first_seat: int, last_seat: int) -> int:
    """Return how many stops these seats have on the day that has most."""
    most = np.int64(0)
    for day in range(DAYS):
        stops = np.int64(0)
        for w in range(first_seat, last_seat):
            stops += rounds.n_stops[w * DAYS + day]
        most = max(most, stops)
    return most


@kernel_part
def expect(seed: int, week: int, due: np.ndarray, visits: Visits, rounds: Rounds, people: People,
           habits: Habits, lived: Lived, listed: np.ndarray, keys: np.ndarray, slots: np.ndarray, cancels: np.ndarray,
           factors: np.ndarray) -> None:
    """Write what each visit of the week needs; who cancels; what managers do; the rest is missed until made.

    Where length follows need, minutes are saved up, as far as they may be, and spent in the order of the week's
    visits. The last five arrays are scratch for the visits of some blocks at a time, whose draws are one loop.
    """
    luck = stream(seed, VISIT, week)
    block = np.int64(0)
    while block < due.size:
        n = np.int64(0)
        while block < due.size and n + VISITS <= listed.size:
            if due[block]:
                for slot in range(VISITS):
                    visit = np.uint32(block * VISITS + slot)
                    listed[n] = visit
                    keys[n] = people.key[block]
                    slots[n] = slot
                    n += visits.carers[visit] > 0
            block += 1
        draw_uniforms(luck, keys, slots, NEED_OF_DAY, n, cancels)
        spread_out(cancels, habits.need_spread, n, factors)
        draw_uniforms(luck, keys, slots, CANCELS, n, cancels)
        for i in range(n):
            expect_visit(np.uint32(listed[i]), factors[i], cancels[i] < habits.cancelled_share, visits, rounds, people,
                         habits, lived)


@kernel_part
def expect_visit(visit: int, factor: float, cancelled: bool, visits: Visits, rounds: Rounds, people: People,
                 habits: Habits, lived: Lived) -> None:
    """Write what one visit needs, ``factor`` times the usual, and what comes of it unless a worker makes it."""
    block = visit // VISITS
    need = people.need[block, visit % PARTS] * factor
    lived.need[visit] = need
    agreed = visits.seconds[visit]
    spare = people.bank[block]
    lived.bank[visit] = spare
    if people.follows[block] >= 1 and not cancelled:
        asked = asked_seconds(need, people.follows[block], habits.with_factor)
        left = spare - (min(asked, agreed + max(spare, 0)) - agreed)
        people.bank[block] = min(left, people.bank_most[block])
    for k in range(visits.carers[visit]):
        a = 2 * visit + k
        lived.start[a] = -1
        lived.seconds[a] = 0
        lived.hurried[a] = False
        lived.ending[a] = CANCELLED if cancelled else MISSED
        if not cancelled and rounds.worker[a] == MANAGER:
            stayed, ending, _ = stay_seconds(
                agreed, need, NOT_WIDER, people.follows[block], spare, people.social[block], 0.0, 0.0, 1.0, habits)
            lived.start[a] = visits.start[visit]
            lived.seconds[a] = stayed
            lived.ending[a] = ending
