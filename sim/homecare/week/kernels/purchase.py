"""Asking agencies in order until the first yes, and placing the package where it was taken."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.tariff import (
    ACTUAL_HOUR,
    ASSESSED_BAND,
    ASSESSED_HOUR,
    AT_RISK,
    BAND,
    BANDED_HOUR,
    COLUMNS,
    GRACE,
    PAYOUT,
    PLANNED_HOUR,
    PRICES,
    PROMISED_HOUR,
    RURAL_VISIT,
    SHORT,
    SHORT_VISIT,
    USER_WEEK,
    VISIT,
    assessed,
    banded,
    held_back,
    payable,
)
from homecare.travel import Speeds
from homecare.week.kernels.agreeing import agree_time, place_visit
from homecare.week.kernels.insertion import best_worker
from homecare.week.kernels.layout import (
    DAYS,
    NOBODY,
    PARTS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
    Weights,
)


class Requests(NamedTuple):
    """Packages that look for an agency: ``block`` int64[n], ``asked`` int32[n, m] (-1 ends a list), ``offer``
    int32[n, m] on which terms (a row of ``tariffs`` and ``reaches``), ``obliged`` bool[n, m] whether the agency
    must take it if it can, ``assessed`` int64[n] seconds a week of assessed need, ``chance`` float64[n, m] of
    the goal for which a part is held back, ``tolerance`` int64[n] seconds from the wanted time that the person
    accepts, ``own`` bool[n] whether the person pays (the agency's own price for an hour planned then stands for
    the tariff).

    ``tariffs`` int64[t, COLUMNS] is what is paid, and ``reaches`` float64[t] the share of it that reaches whoever
    serves.
    """

    block: np.ndarray
    asked: np.ndarray
    offer: np.ndarray
    obliged: np.ndarray
    tariffs: np.ndarray
    reaches: np.ndarray
    assessed: np.ndarray
    chance: np.ndarray
    tolerance: np.ndarray
    own: np.ndarray


class Terms(NamedTuple):
    """What an agency asks of a package; float64[m] but for ``price`` int64[m].

    ``fits`` share of visits that must fit, ``obliged_fits`` the same for one who is obliged, ``surplus`` least
    marginal surplus as a share of revenue, ``hour_cost`` pence of an hour of work, ``travel_paid`` share,
    ``running`` pence a contact hour, ``price`` pence an hour asked of those who pay themselves, ``idle`` seconds of
    promised work without visits, ``room`` seconds that its staff could still be given, ``lived_share`` contact that
    it expects to live of contact planned. ``room_share``, a number, is the part of a package's hours for which
    there must be ``room``.
    """

    fits: np.ndarray
    obliged_fits: np.ndarray
    surplus: np.ndarray
    hour_cost: np.ndarray
    travel_paid: np.ndarray
    running: np.ndarray
    price: np.ndarray
    idle: np.ndarray
    room: np.ndarray
    lived_share: np.ndarray
    room_share: float


@kernel_part
def typical_days(block: int, visits: Visits) -> tuple[int, int]:
    """Return two days that stand for the week: its first weekday after Monday and its last day with visits."""
    first = -1
    last = 0
    for day in range(DAYS):
        for part in range(PARTS):
            if visits.carers[block * VISITS + day * PARTS + part] > 0:
                last = day
                if first < 0 and day > 0:
                    first = day
    return (first if first >= 0 else last), (last if last < 6 else 5)


@kernel_part
def try_out(block: int, agency: int, share: float, widen: int, team: np.ndarray, team_first: np.ndarray,
            absent: np.ndarray, familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes,
            staff: Staff, speed: Speeds, weights: Weights) -> tuple[int, int, int, int]:
    """Return (visits, found, extra travel seconds, seconds off the wanted times) of the typical days.

    The others are not tried once so many have failed that fewer than ``share`` of the visits will be found.
    """
    n_visits = 0
    for day in typical_days(block, visits):
        for part in range(PARTS):
            n_visits += visits.carers[block * VISITS + day * PARTS + part] > 0
    failed = 0
    found = 0
    travel = 0
    off = 0
    for day in typical_days(block, visits):
        for part in range(PARTS):
            visit = block * VISITS + day * PARTS + part
            if visits.carers[visit] == 0 or n_visits - failed < share * n_visits:
                continue
            wanted = visits.wanted[visit]
            worker, _, _, start, extra = best_worker(
                2 * visit, block, day, visits.seconds[visit], wanted - widen, wanted + widen, wanted, team,
                team_first[agency], team_first[agency + 1], absent, familiarity, visits, rounds, homes,
                staff, speed, weights)
            if worker >= 0:
                found += 1
                travel += extra
                off += start - wanted if start > wanted else wanted - start
            else:
                failed += 1
    return n_visits, found, travel, off


@kernel_part
def settle(block: int, band: int, widen: int, first: int, last: int, team: np.ndarray, absent: np.ndarray,
           familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
           speed: Speeds, weights: Weights) -> int:
    """Agree times and place the visits of the week; return how many attendances were placed.

    The first day that fits gives a part of the day its usual time and the other days are sought within
    ``band`` of it; where that fails the day gets a time of its own within ``widen`` of the wanted one.
    """
    placed = 0
    for part in range(PARTS):
        usual = -1
        for day in range(DAYS):
            visit = block * VISITS + day * PARTS + part
            if visits.carers[visit] == 0:
                continue
            if usual >= 0:
                visits.early[visit] = max(usual - band, 0)
                visits.late[visit] = usual + band
                placed += place_visit(visit, first, last, team, absent, familiarity, visits, rounds, homes,
                                      staff, speed, weights)
            placed += agree_time(visit, band, widen, first, last, team, absent, familiarity, visits, rounds,
                                 homes, staff, speed, weights)
            if usual < 0 and rounds.worker[2 * visit] >= 0:
                usual = visits.start[visit]
    for i in range(first, last):
        familiarity[team[i]] = 0.0
    return placed


@kernel_part
def expect(block: int, lived_share: float, assessed_seconds: int, tariff: np.ndarray, visits: Visits,
           homes: Homes, done: np.ndarray) -> None:
    """Write the quantities that an agency expects of a week of a package, in the order of the tariff's prices."""
    done[:] = 0
    for visit in range(block * VISITS, block * VISITS + VISITS):
        carers = visits.carers[visit]
        if carers == 0:
            continue
        agreed = visits.seconds[visit]
        done[PLANNED_HOUR] += carers * agreed
        done[VISIT] += carers
        done[BANDED_HOUR] += carers * banded(int(lived_share * agreed), agreed, tariff[BAND], tariff[GRACE])
        if agreed < tariff[SHORT]:
            done[SHORT_VISIT] += carers
    done[ACTUAL_HOUR] = int(lived_share * done[PLANNED_HOUR])
    done[PROMISED_HOUR] = done[PLANNED_HOUR]
    done[ASSESSED_HOUR] = assessed(assessed_seconds, tariff[ASSESSED_BAND])
    if homes.rural[block]:
        done[RURAL_VISIT] = done[VISIT]
    done[USER_WEEK] = 1


@kernel
def clear(requests: Requests, terms: Terms, band: np.ndarray, widen: int, block_agency: np.ndarray,
          team: np.ndarray, team_first: np.ndarray, absent: np.ndarray, familiarity: np.ndarray,
          visits: Visits, rounds: Rounds, homes: Homes, staff: Staff, speed: Speeds, weights: Weights,
          asked_count: np.ndarray, refused_seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Walk each request's list until an agency says yes and the person accepts; place it there.

    Returns
    -------
    int32[n], int32[n]
        Place in the list of whoever took each package (-1: nobody), and how many offers the person refused.
    """
    n = requests.block.size
    taken = np.full(n, NOBODY, np.int32)
    declined = np.zeros(n, np.int32)
    done = np.zeros(PRICES, np.int64)
    for i in range(n):
        block = requests.block[i]
        price = np.zeros(COLUMNS, np.int64)
        week_seconds = 0
        week_visits = 0
        for visit in range(block * VISITS, block * VISITS + VISITS):
            week_seconds += visits.seconds[visit] * visits.carers[visit]
            week_visits += visits.carers[visit]
        if week_visits == 0:
            continue
        for j in range(requests.asked.shape[1]):
            agency = requests.asked[i, j]
            if agency < 0:
                break
            asked_count[agency] += 1
            if terms.room[agency] < terms.room_share * week_seconds:
                refused_seconds[agency] += week_seconds
                continue
            obliged = requests.obliged[i, j]
            share = terms.obliged_fits[agency] if obliged else terms.fits[agency]
            tried, found, travel, off = try_out(block, agency, share, widen, team, team_first, absent, familiarity,
                                                visits, rounds, homes, staff, speed, weights)
            if tried == 0 or found < share * tried:
                refused_seconds[agency] += week_seconds
                continue
            travel_week = travel * week_visits / max(found, 1)
            offer = requests.offer[i, j]
            if requests.own[i]:
                price[PLANNED_HOUR] = terms.price[agency]
            else:
                for column in range(COLUMNS):  # one by one: a whole row takes two seconds longer to compile
                    price[column] = requests.tariffs[offer, column]
            expect(block, terms.lived_share[agency], requests.assessed[i], price, visits, homes, done)
            line = payable(price, done)
            held = held_back(line, price[AT_RISK])
            revenue = requests.reaches[offer] * (line - held)
            revenue += held * (price[PAYOUT] / 10000.0) * requests.chance[i, agency]
            work = week_seconds + terms.travel_paid[agency] * travel_week - terms.idle[agency]
            cost = terms.hour_cost[agency] * max(work, 0.0) / 3600.0 + terms.running[agency] * week_seconds / 3600.0
            if not obliged and revenue - cost < terms.surplus[agency] * revenue:
                continue
            if off > requests.tolerance[i] * found:
                declined[i] += 1
                continue
            settle(block, band[block], widen, team_first[agency], team_first[agency + 1], team, absent,
                   familiarity, visits, rounds, homes, staff, speed, weights)
            block_agency[block] = agency
            taken[i] = j
            terms.idle[agency] = max(terms.idle[agency] - week_seconds - travel_week, 0.0)
            terms.room[agency] -= week_seconds + travel_week
            break
    return taken, declined
