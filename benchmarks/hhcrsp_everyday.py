"""An instance of the yardstick as the market sees it, and rounds by the market's everyday insertion.

A minute of the instance is a minute of the market's day, which begins at 6:45; a service is a visit of a package of its
own. What the market's planners mind stands (``uncertainty.rostering``), but for the reach and the hours of a week, which
the instances do not know. Differences of the two problems are bridged here:

* Only some carers are able: those of a service stand where a market's agency stands, as the team that is asked.
* A visit may be late, at a price: a place is sought within the window, then up to 5, 10, 20, ... minutes after it.
* Two carers come a given time apart: the half for which fewer are able goes in first, and the window of the other
  follows from its start; where nobody can then, the first goes in again, a few minutes later.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel
from homecare.travel import Speeds
from homecare.week.kernels.gaps import ALL_FREE, FIRST_QUARTER
from homecare.week.kernels.insertion import place, take_out
from homecare.week.kernels.layout import (
    ATTENDANCES,
    DAYS,
    NOBODY,
    NOT_WIDER,
    PAIRS,
    STOPS,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
    Weights,
)
from homecare.week.kernels.tours import Tours
from homecare.week.rostering import RosteringUncertainty, weights_of

MINUTE = 60
METRES = 1000.0
"""Of a minute's way."""
HORIZON = 1500 * MINUTE
"""Latest end of a round: far beyond what an instance needs."""
NO_LIMIT = 10**9
FIRST_LATE, TIMES_LATER = 5 * MINUTE, 9
"""Lateness that is accepted first, and how often it is doubled."""
LATER = 5 * MINUTE
"""How much later the first of two carers comes where nobody can be the second."""
TRIES = 200


class Everyday(NamedTuple):
    """An instance in the market's layout; attendance ``a`` of the tours is the first visit of block ``a``.

    Attributes
    ----------
    order : int64[A], by the beginning of the windows
    partner : int64[A], the other service of the same patient, or -1
    apart : int64[A, 2], least and most seconds of a start after the partner's
    team, team_first : the carers able to do a service of sort k are ``team[team_first[k]:team_first[k + 1]]``
    sort : int64[A]
    """

    order: np.ndarray
    partner: np.ndarray
    apart: np.ndarray
    team: np.ndarray
    team_first: np.ndarray
    sort: np.ndarray
    visits: Visits
    rounds: Rounds
    homes: Homes
    staff: Staff
    speed: Speeds
    weights: Weights


def everyday_of(tours: Tours, xy: np.ndarray) -> Everyday:
    """Return the market's layout, with empty rounds, of what improvement plans as ``tours``.

    Parameters
    ----------
    xy : float64[P, 2], where each place of ``tours`` is, in minutes
    """
    n, w = tours.worker_cost.shape
    stops = tours.stops[:n]
    here, office = METRES * xy[stops["place"]], METRES * xy[tours.stops["place"][n]]
    visits = Visits(*(np.zeros(n * VISITS, np.int32) for _ in range(5)), np.zeros(n * VISITS, np.int8))
    first = np.arange(n) * VISITS
    soonest = np.maximum(stops["early"], np.hypot(*(here - office).T) / METRES)  # nobody is there before
    visits.early[first] = FIRST_QUARTER + np.ceil(MINUTE * soonest)
    visits.late[first] = np.maximum(FIRST_QUARTER + np.floor(MINUTE * stops["late"]), visits.early[first])
    visits.wanted[first] = visits.early[first]
    visits.seconds[first] = np.ceil(MINUTE * stops["seconds"])
    visits.carers[first] = 1
    lag = (MINUTE * stops["lag"]).astype(np.int64)
    teams, sort = np.unique(np.isfinite(tours.worker_cost), axis=0, return_inverse=True)
    rounds = Rounds(
        worker=np.full(n * ATTENDANCES, NOBODY, np.int32), stops=np.full((w * DAYS, STOPS), NOBODY, np.int32),
        starts=np.zeros((w * DAYS, STOPS), np.int32), ends=np.zeros((w * DAYS, STOPS), np.int32),
        free=np.full(w * DAYS, ALL_FREE), n_stops=np.zeros(w * DAYS, np.int32), week_seconds=np.zeros(w, np.int64),
        candidates=np.zeros(w + PAIRS, np.int64))
    unlimited = np.full(w, NO_LIMIT)
    staff = Staff(
        x=np.full(w, office[0]), y=np.full(w, office[1]), rural=np.zeros(w, bool), drives=np.ones(w, bool),
        day_start=np.full((w, DAYS), FIRST_QUARTER, np.int32),
        day_end=np.full((w, DAYS), FIRST_QUARTER + HORIZON, np.int32), limit=unlimited,
        promised=np.zeros(w, np.int64), key=np.arange(w), usual=unlimited, days_off=np.zeros(w, np.int64))
    pace = MINUTE / METRES  # ways are whole seconds, rounded down; the second at the door makes them long enough
    return Everyday(
        order=np.argsort(stops["early"], kind="stable"), partner=stops["partner"].copy(),
        apart=np.stack([lag[stops["partner"]], -lag], axis=1), team=np.nonzero(teams)[1],
        team_first=np.cumsum([0, *teams.sum(axis=1)]), sort=sort.ravel(), visits=visits, rounds=rounds,
        homes=Homes(here[:, 0].copy(), here[:, 1].copy(), np.zeros(n, bool)), staff=staff,
        speed=Speeds(urban=pace, rural=pace, other=pace, door=1),
        weights=weights_of(RosteringUncertainty())._replace(reach_metres=np.inf))


def everyday_rounds(asked: Everyday) -> list[list[tuple[int, float]]]:
    """Return (service, start in minutes) of each carer's round, in order, by the market's everyday insertion."""
    workers = range(asked.staff.x.size)
    fit_in(asked, np.zeros(len(workers), np.int64), np.zeros(len(workers)))
    stops, n_stops = asked.rounds.stops[::DAYS], asked.rounds.n_stops[::DAYS]
    starts = (asked.rounds.starts[::DAYS] - FIRST_QUARTER) / MINUTE
    return [list(zip((stops[w, : n_stops[w]] // ATTENDANCES).tolist(), starts[w, : n_stops[w]].tolist(), strict=True))
            for w in workers]


@kernel
def fit_in(asked: Everyday, absent: np.ndarray, familiarity: np.ndarray) -> int:
    """Fit in every service, in their order; return how many found no place.

    ``absent`` int64[W] and ``familiarity`` float64[W], all nought, are scratch and left all nought.
    """
    visits, rounds, homes, staff = asked.visits, asked.rounds, asked.homes, asked.staff
    partner, team_first, sort = asked.partner, asked.team_first, asked.sort
    left = 0
    for i in range(asked.order.size):
        a = asked.order[i]
        b = partner[a]
        if rounds.worker[a * ATTENDANCES] >= 0:
            continue
        if b >= 0 and team_first[sort[b] + 1] - team_first[sort[b]] < team_first[sort[a] + 1] - team_first[sort[a]]:
            a, b = b, a
        opens = visits.early[b * VISITS] if b >= 0 else 0
        done = False
        for _ in range(TRIES):
            done = fit_late(a, np.int64(TIMES_LATER), asked, absent, familiarity)
            if not done or b < 0:
                break
            start = visits.start[a * VISITS]
            visits.early[b * VISITS] = max(start + asked.apart[b, 0], opens)
            visits.late[b * VISITS] = start + asked.apart[b, 1]
            visits.wanted[b * VISITS] = visits.early[b * VISITS]
            other = rounds.worker[a * ATTENDANCES]
            absent[other] = 1  # two carers are two people
            done = fit_late(b, NOT_WIDER, asked, absent, familiarity)
            absent[other] = 0
            if done:
                break
            take_out(a * ATTENDANCES, visits, rounds, homes, staff, asked.speed)
            visits.early[a * VISITS] = start + LATER
            visits.wanted[a * VISITS] = start + LATER
            visits.late[a * VISITS] = max(visits.late[a * VISITS], start + LATER)
        left += not done
    return left


@kernel
def fit_late(a: int, times: int, asked: Everyday, absent: np.ndarray, familiarity: np.ndarray) -> bool:
    """Put a service into the cheapest place of those able, within its window or as little after it as need be."""
    visit = a * VISITS
    window = asked.visits.late[visit]
    first, last = asked.team_first[asked.sort[a]], asked.team_first[asked.sort[a] + 1]
    later = 0
    found = False
    for k in range(times + 1):
        asked.visits.late[visit] = window + later
        found = place(a * ATTENDANCES, asked.team, first, last, NOT_WIDER, absent, familiarity, asked.visits,
                      asked.rounds, asked.homes, asked.staff, asked.speed, asked.weights)
        if found:
            break
        later = FIRST_LATE << k
    asked.visits.late[visit] = window
    return found
