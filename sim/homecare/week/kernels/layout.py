"""How visits, attendances and rounds lie in memory.

A package has a block. A block has 28 visits: 7 days by 4 parts of the day. A visit has up to two attendances,
one for each care worker who is to be there. So visit = 28 block + 4 day + part, attendance = 2 visit + k.
A round is what one worker does on one day: row 7 worker + day of ``stops``, attendances by start time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DAYS = 7
PARTS = 4
"""Parts of the day: morning, midday, tea, bed."""
VISITS = DAYS * PARTS
ATTENDANCES = 2 * VISITS
STOPS = 28
"""Most stops of one round."""
PAIRS = 24
"""Care workers that a user's memory holds."""

NOBODY = -1
MANAGER = -2
"""An attendance that a manager of the agency takes, outside any round."""

FULL, SHORT, CLIPPED, CANCELLED, MISSED = 0, 1, 2, 3, 4
"""The one end of each attendance: full, short by agreement, clipped, cancelled, missed."""
NOT_DUE = -1

DAY_SECONDS = 86400
NOT_WIDER = np.int64(0)
"""Nought as one integer type: Numba compiles a helper again for every literal that it is called with."""


class Homes(NamedTuple):
    """Where the user of each block lives (float64 metres, bool)."""

    x: np.ndarray
    y: np.ndarray
    rural: np.ndarray


class Visits(NamedTuple):
    """One row a visit: int32 seconds of the day, and how many care workers it takes (0: no visit).

    ``start`` is the agreed start, ``early`` and ``late`` bound where it may be moved, ``wanted`` is what the
    person would choose, ``seconds`` the agreed length.
    """

    start: np.ndarray
    seconds: np.ndarray
    early: np.ndarray
    late: np.ndarray
    wanted: np.ndarray
    carers: np.ndarray


class Rounds(NamedTuple):
    """Who does what: ``worker`` int32 an attendance, ``stops`` int32[7 W, STOPS], ``n_stops`` int32[7 W].

    ``starts`` and ``ends`` int32[7 W, STOPS] repeat the times of the stops beside them, and a bit of ``free``
    uint64[7 W] is set for each quarter of an hour with no visit in it; both are there for speed.

    ``week_seconds`` int64[W] is contact and travel between visits of a worker's whole week. ``candidates`` int64,
    room for a team and for :data:`PAIRS`, is scratch.
    """

    worker: np.ndarray
    stops: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    free: np.ndarray
    n_stops: np.ndarray
    week_seconds: np.ndarray
    candidates: np.ndarray


class Staff(NamedTuple):
    """What rostering knows of each worker.

    ``day_start`` and ``day_end`` int32[W, 7] bound the working day (equal: does not work that day), ``limit``
    int64[W] the seconds of a week that a worker may be given, ``promised`` int64[W] the guaranteed seconds,
    ``key`` int64[W] the birth key. What goes beyond ``usual`` int64[W] seconds, or falls on a day of the bit
    mask ``days_off`` int64[W], is asked of a worker only where nobody else can.
    """

    x: np.ndarray
    y: np.ndarray
    rural: np.ndarray
    drives: np.ndarray
    day_start: np.ndarray
    day_end: np.ndarray
    limit: np.ndarray
    promised: np.ndarray
    key: np.ndarray
    usual: np.ndarray
    days_off: np.ndarray


class Weights(NamedTuple):
    """What a rota planner minds, in seconds of travel that each is worth.

    Attributes
    ----------
    home_leg : a second of travel from or to the worker's home (between 0 and 1)
    off_time : a second away from the time that the person wants
    dead_time : a second of a gap between visits too short to be of use
    familiar : a worker who knows the person (seconds a visit)
    idle_promise : a second of work given to somebody below the promised hours
    reach_metres : farthest straight distance from a worker's home to a visit
    long_gap : a gap between visits of so many seconds is of use: a break, or room for another visit
    """

    home_leg: float
    off_time: float
    dead_time: float
    familiar: float
    idle_promise: float
    reach_metres: float
    long_gap: int
