"""One attendance: what delivery knows of people, work and pay, and the worker's decision at the door."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import inlined
from homecare.week.kernels.layout import CLIPPED, FULL, SHORT


class Habits(NamedTuple):
    """How care workers use their minutes, and how much days differ.

    Attributes
    ----------
    journey_spread, need_spread : log-scale spread of a journey's time and of a day's need
    late_dislike : pence a minute squared of being late for the next person
    cut_dislike : pence a minute squared of cutting the care of this one
    pay_weight : how much a lost penny of pay counts against those
    own_time : pence a minute that getting away early is worth
    company : pence a minute that staying with a lonely person is worth
    goodwill_seconds : unpaid seconds that a worker who is on time gives where need is greater than planned
    with_factor : time that doing *with* takes, against doing *for*
    cancelled_share : share of visits that people cancel
    extra_seconds : seconds that each visit takes beyond the care itself
    no_show_share : share of worker-days on which somebody does not turn up and nobody knows in time
    incident_share, incident_seconds : visits at which something keeps the worker, and for how long (mean)
    give_up_seconds : lateness beyond which a visit is no longer made
    free_gap_seconds : a gap between visits of so many seconds is the worker's own time; a shorter one is waiting
    kept_by_company : share of chances to leave early that somebody at their loneliest takes away by asking to stay
    late_seconds : lateness that a worker takes for none: below it unpaid minutes are given, above it cuts are weighed
    cut_most, least_stay : most of a visit that is cut, and least that is stayed, against the minutes agreed
    practice_from : time against need from which there is room to do things *with* somebody
    """

    journey_spread: float
    need_spread: float
    late_dislike: float
    cut_dislike: float
    pay_weight: float
    own_time: float
    company: float
    goodwill_seconds: int
    with_factor: float
    cancelled_share: float
    extra_seconds: int
    no_show_share: float
    incident_share: float
    incident_seconds: float
    give_up_seconds: int
    free_gap_seconds: int
    kept_by_company: float
    late_seconds: int
    cut_most: float
    least_stay: float
    practice_from: float


class People(NamedTuple):
    """What delivery knows of the user of each block.

    ``key`` int64[B], ``need`` float64[B, 4] seconds of one visit by part of day, ``follows`` int64[B] 1 where
    length follows need and 2 where it follows the time that doing things together takes, ``bank`` int64[B]
    seconds that visits may take beyond those agreed, ``social`` float64[B] 0-1, ``effort`` float64[B] effort on
    independence 0-1, ``bank_most`` int64[B] most that ``bank`` can grow to by saving.
    """

    key: np.ndarray
    need: np.ndarray
    follows: np.ndarray
    bank: np.ndarray
    social: np.ndarray
    effort: np.ndarray
    bank_most: np.ndarray


class Pay(NamedTuple):
    """``minute_pence`` float64[W] of wage, ``actual_share`` float64[W] of contact that is paid as lived."""

    minute_pence: np.ndarray
    actual_share: np.ndarray


class Lived(NamedTuple):
    """What came of it.

    Of each attendance int32 ``start`` (-1: not made) and ``seconds``, int8 ``ending``, bool ``hurried``; of
    each visit float64 ``need`` in seconds and int64 ``bank``, seconds that it may take from the person's week;
    the weeks' sums int64[B, columns] of users and int64[S, columns] of workers by seat
    (:mod:`homecare.lived_columns`).
    """

    start: np.ndarray
    seconds: np.ndarray
    ending: np.ndarray
    hurried: np.ndarray
    need: np.ndarray
    bank: np.ndarray
    users: np.ndarray
    workers: np.ndarray


@inlined
def asked_seconds(need: float, follows: int, with_factor: float) -> int:
    """Return the seconds that a visit asks for whose length follows need: doing things together takes longer."""
    return int(need * with_factor) if follows == 2 else int(need)


@inlined
def stay_seconds(agreed: int, need: float, late: int, follows: int, bank: int, social: float,
                 minute_pence: float, actual_share: float, u: float, habits: Habits) -> tuple[int, int, bool]:
    """Return (seconds stayed, ending, hurried) of one attendance: the worker's decision at the door.

    Cutting c minutes when L minutes late costs ``late_dislike (L - c)^2 / 2 + cut_dislike c^2 / 2`` and the
    pay lost; the cheapest c follows. Where need is smaller than the slot, leaving early by agreement is
    weighed against pay lost and company given. Only minutes and pence enter.
    """
    loss = habits.pay_weight * actual_share * minute_pence
    if follows >= 1:
        wish = asked_seconds(need, follows, habits.with_factor)
        if wish > agreed + bank:
            wish = agreed + max(bank, 0)
    else:
        wish = agreed
        if need < agreed:
            gain = habits.own_time - loss - habits.company * social
            if gain > 0.0 and u < 1.0 - habits.kept_by_company * social:
                wish = int(need)
        elif late < habits.late_seconds:
            over = int(need) - agreed
            wish = agreed + (over if over < habits.goodwill_seconds else habits.goodwill_seconds)
    hurried = False
    cut = 0.0
    if late > habits.late_seconds:
        cut = (habits.late_dislike * late / 60.0 - loss) / (habits.late_dislike + habits.cut_dislike)
        if cut < 0.0:
            cut = 0.0
        if cut * 60.0 > habits.cut_most * agreed:
            cut = habits.cut_most * agreed / 60.0
        hurried = cut >= 1.0
    stayed = wish - int(cut * 60.0)
    floor = int(habits.least_stay * agreed)
    if stayed < floor:
        stayed = floor
    if stayed >= 0.9 * agreed:
        ending = FULL
    elif hurried and stayed < need:
        ending = CLIPPED
    else:
        ending = SHORT
    return stayed, ending, hurried
