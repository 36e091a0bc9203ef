"""Sickness: who is away and for which days of the week, and what the law and the job pay for days of sickness."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import inlined, kernel
from homecare.draws import ANNUAL_LEAVE, SICKNESS, stream, uniform

WHOLE_WEEK = 127
LONG_SPELL_WEEKS = 4
OF_A_LONG_SPELL = 28
"""Days before this week from which any waiting days are over."""


class SickLaw(NamedTuple):
    """Statutory sick pay: pence a week, most of usual pay (0-1), pence of usual pay a week from which, waiting days."""

    week: float
    most_share: float
    earnings_limit: float
    waiting_days: int


class SickTerms(NamedTuple):
    """Columns of the care workers that decide sick pay; usual pay in pence a week."""

    pay_mean: np.ndarray
    sick_share: np.ndarray
    sick_from_day: np.ndarray
    day_start: np.ndarray
    day_end: np.ndarray


class Chances(NamedTuple):
    """Chance of a week of leave; new spells a week where sick pay loses nobody anything; shares of spells.

    ``one_day``, ``three_days`` and ``whole_week`` are the shares of spells of at most so long, those of one and three
    days short; ``work_ill`` is the share of short illnesses worked through where all pay would be lost.
    """

    leave: float
    spells: float
    one_day: float
    three_days: float
    whole_week: float
    work_ill: float


class Spells(NamedTuple):
    """Columns of the care workers that are written, but for the key."""

    birth_key: np.ndarray
    absent: np.ndarray
    sick_until: np.ndarray
    sick_before: np.ndarray
    sick_days: np.ndarray


@inlined
def paid_days(days: int, before: int, waiting: int) -> int:
    """Return those of ``days`` that are paid, where ``before`` days of the spell and ``waiting`` come first."""
    return max(before + days - waiting, 0) - max(before - waiting, 0)


@inlined
def worked_days(starts: np.ndarray, ends: np.ndarray) -> int:
    """Return the mask of the days on which a worker works: those that end after they start."""
    mask = np.int64(0)
    for day in range(starts.size):
        if ends[day] > starts[day]:
            mask |= np.int64(1) << np.int64(day)
    return mask


@inlined
def count_of(mask: int) -> int:
    """Return the number of days of a mask."""
    count = np.int64(0)
    for day in range(7):
        count += (mask >> np.int64(day)) & np.int64(1)
    return count


@inlined
def by_law(law: SickLaw, usual: float, days: int, before: int, usual_days: int) -> int:
    """Return pence of statutory sick pay for days of sickness of somebody who usually works ``usual_days`` a week."""
    if usual < law.earnings_limit:
        return np.int64(0)
    weekly = min(law.week, law.most_share * usual)
    return np.int64(weekly * paid_days(days, before, law.waiting_days) / usual_days)


@inlined
def by_job(share: float, from_day: int, usual: float, days: int, before: int, usual_days: int) -> int:
    """Return pence that the terms of the job pay for days of sickness."""
    return np.int64(share * usual * paid_days(days, before, from_day - 1) / usual_days)


@inlined
def stays_home_ratio(lost: float, work_ill: float) -> float:
    """Return the short illnesses that are stayed at home with, against those where all pay is lost.

    Illnesses differ in how hard it would be to work through them, evenly from nought to a most. A worker
    stays at home where that weighs more than the pay ``lost`` (0-1); where all of it is lost, ``work_ill`` of illnesses
    are worked through.
    """
    return (1.0 - work_ill * lost) / (1.0 - work_ill)


@kernel
def sick_dues(workers: np.ndarray, days: np.ndarray, before: np.ndarray, law: SickLaw, terms: SickTerms,
              lawful: np.ndarray, agreed: np.ndarray) -> None:
    """Write int64[n] twice: pence that the law, and that the job, gives each worker for days of sickness this week."""
    for i in range(workers.size):
        worker = workers[i]
        usual, usual_days = terms.pay_mean[worker], max(count_of(worked_days(terms.day_start[worker],
                                                                             terms.day_end[worker])), 1)
        lawful[i] = by_law(law, usual, days[i], before[i], usual_days)
        agreed[i] = by_job(terms.sick_share[worker], terms.sick_from_day[worker], usual, days[i], before[i], usual_days)


@kernel
def fall_ill(seed: int, week: int, rows: np.ndarray, chances: Chances, law: SickLaw, terms: SickTerms, spells: Spells,
             absent: np.ndarray) -> tuple[int, int]:
    """Write who is away: ``absent``, int64[S], has the mask of each seat's days.

    Parameters
    ----------
    rows : int64[S], the worker of each seat
    spells : written for the worker of each seat: the days away, and those on which work is lost to sickness

    Returns
    -------
    int, int
        Workers who work through a short illness because of the pay that they would lose, and workers who are ill.
    """
    leave_key, sick_key = stream(seed, ANNUAL_LEAVE, week), stream(seed, SICKNESS, week)
    n_works_ill, n_ill = 0, 0
    for seat in range(rows.size):
        worker = rows[seat]
        key = spells.birth_key[worker]
        on_leave = uniform(leave_key, key, 0) < chances.leave
        goes_on = spells.sick_until[worker] >= week
        ill = np.int64(WHOLE_WEEK if goes_on else 0)  # days of this week, leave or not
        spells.sick_before[worker] = OF_A_LONG_SPELL if goes_on else 0
        days = worked_days(terms.day_start[worker], terms.day_end[worker])
        luck = uniform(sick_key, key, 0)
        # Nobody else can fall ill, whatever the sick pay; a hair above the bound, so that no rounding shuts anybody out.
        if luck < 1.001 * chances.spells / (1.0 - chances.work_ill):
            length = uniform(sick_key, key, 1)
            lasts = 1 if length < chances.one_day else 3 if length < chances.three_days else 7
            ratio = 1.0
            if lasts < 7:
                usual_days = max(count_of(days), 1)
                usual = terms.pay_mean[worker] * lasts / usual_days
                before = np.int64(0)
                paid = max(by_law(law, terms.pay_mean[worker], lasts, before, usual_days),
                           by_job(terms.sick_share[worker], terms.sick_from_day[worker], terms.pay_mean[worker], lasts,
                                  before, usual_days))
                lost = min(max(1.0 - paid / max(usual, 1.0), 0.0), 1.0) if usual > 0.0 else 1.0
                ratio = stays_home_ratio(lost, chances.work_ill)
            if luck < chances.spells * ratio:
                if length > chances.whole_week:
                    spells.sick_until[worker] = week + LONG_SPELL_WEEKS - 1
                    ill = np.int64(WHOLE_WEEK)
                elif not goes_on:
                    begins = np.int64(7.0 * uniform(sick_key, key, 2))
                    ill = (((np.int64(1) << np.int64(lasts)) - 1) << begins) & WHOLE_WEEK
            elif lasts < 7 and not on_leave and not goes_on:
                n_works_ill += luck < chances.spells / (1.0 - chances.work_ill)
        absent[seat] = WHOLE_WEEK if on_leave else ill
        spells.absent[worker] = absent[seat]
        spells.sick_days[worker] = 0 if on_leave else count_of(ill & days)
        n_ill += ill > 0
    return n_works_ill, n_ill
