"""Sick pay: what the law and a job pay on days of sickness, and whether a short illness is worked through.

The on-cost share of wages holds a provision for sick pay as the law stood when the run began. That much is paid
out of it; what a later law or a clause pays beyond it, agencies pay besides. So nothing is counted twice.
"""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.ledger import Account, Kind, accounts_of_agencies
from homecare.numerics import sum_by


def days_a_week(market, workers: np.ndarray) -> np.ndarray:
    """Return int64[n]: days on which each worker usually works, at least one."""
    return count_days(workers, market.care_workers.day_start, market.care_workers.day_end)


@kernel
def count_days(workers: np.ndarray, day_start: np.ndarray, day_end: np.ndarray) -> np.ndarray:
    """Return int64[n]: days of a week that each worker has (``day_end`` after ``day_start``), at least one."""
    days = np.empty(workers.size, np.int64)
    for i in range(workers.size):
        count = np.int64(0)
        for day in range(day_start.shape[1]):
            count += day_end[workers[i], day] > day_start[workers[i], day]
        days[i] = max(count, 1)
    return days


def paid_days(days: np.ndarray, before: np.ndarray, waiting: np.ndarray | int) -> np.ndarray:
    """Return int64[n]: those of ``days`` that are paid, where ``before`` days of the spell and ``waiting`` come first."""
    return np.maximum(before + days - waiting, 0) - np.maximum(before - waiting, 0)


def by_law(market, law, workers: np.ndarray, days: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Return int64[n]: pence of statutory sick pay under a law for days of sickness this week."""
    usual = market.care_workers.pay_mean[workers]
    weekly = np.minimum(100.0 * law.sick_pay_week, law.sick_pay_most_share * usual)
    weekly = np.where(usual >= 100.0 * law.sick_pay_earnings_limit, weekly, 0.0)
    due = weekly * paid_days(days, before, law.sick_pay_waiting_days) / days_a_week(market, workers)
    return due.astype(np.int64)


def by_job(market, workers: np.ndarray, days: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Return int64[n]: pence that the terms of the job pay for days of sickness this week."""
    w = market.care_workers
    count = paid_days(days, before, w.sick_from_day[workers] - 1)
    due = w.sick_share[workers] * w.pay_mean[workers] * count / days_a_week(market, workers)
    return due.astype(np.int64)


def lost_share(market, workers: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return float64[n]: share of usual pay that a new spell of so many working days would cost each worker (0-1)."""
    w = market.care_workers
    none = np.zeros(workers.size, np.int64)
    paid = np.maximum(by_law(market, market.policy.labour, workers, days, none), by_job(market, workers, days, none))
    usual = w.pay_mean[workers] * days / days_a_week(market, workers)
    return np.where(usual > 0.0, np.clip(1.0 - paid / np.maximum(usual, 1.0), 0.0, 1.0), 1.0)


def stays_home_ratio(lost: np.ndarray, work_ill_share: float) -> np.ndarray:
    """Return float64[n]: short illnesses that are stayed at home with, against those where all pay is lost.

    Illnesses differ in how hard it would be to work through them, evenly from nought to a most. A worker
    stays at home where that weighs more than the pay lost; where all of it is lost, ``work_ill_share`` of illnesses
    are worked through.
    """
    return (1.0 - work_ill_share * lost) / (1.0 - work_ill_share)


def pay_sick(market, on_costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pay for this week's days of sickness; return int64[m] twice: on-costs left to pay, and sick pay besides them."""
    w, g = market.care_workers, market.agencies
    rows = market.team
    ill = np.flatnonzero(w.sick_days[rows] > 0)
    who = rows[ill]
    days, before = w.sick_days[who], w.sick_before[who]
    provided = law = by_law(market, market.law_at_start, who, days, before)
    if market.policy.labour != market.law_at_start:
        law = by_law(market, market.policy.labour, who, days, before)
    due = np.maximum(law, by_job(market, who, days, before))
    above = np.zeros(rows.size, np.int64)
    above[ill] = due - law
    w.sick_above[rows] += (above - w.sick_above[rows]) / market.uncertainty.worker_choice.sick_memory
    market.tally["sick_pay"] = int(due.sum())
    agency = w.agency[who]
    market.ledger.post(Kind.SICK_PAY, Account.WORLD, Account.WORKERS, int(np.minimum(due, provided).sum()))
    besides = sum_by(agency, np.maximum(due - provided, 0), g.n)
    market.ledger.post(Kind.SICK_PAY, accounts_of_agencies(g.n), Account.WORKERS, besides)
    saved = sum_by(agency, np.maximum(provided - due, 0), g.n)
    return np.maximum(on_costs - saved, 0), besides
