"""Sick pay: what the law and a job pay on days of sickness, and whether a short illness is worked through.

The on-cost share of wages holds a provision for sick pay as the law stood when the run began. That much is paid
out of it; what a later law or a clause pays beyond it, agencies pay besides. So nothing is counted twice.
"""

from __future__ import annotations

import numpy as np

from homecare.ledger import Account, Kind, accounts_of_agencies
from homecare.numerics import places, sum_by
from homecare.week.kernels.sickness import SickLaw, SickTerms, sick_dues


def law_of(law) -> SickLaw:
    """Return a law's statutory sick pay as the kernels know it."""
    return SickLaw(100.0 * law.sick_pay_week, float(law.sick_pay_most_share), 100.0 * law.sick_pay_earnings_limit,
                   int(law.sick_pay_waiting_days))


def terms_of(market) -> SickTerms:
    """Return the columns of the care workers that decide sick pay."""
    w = market.care_workers
    return SickTerms(w.pay_mean, w.sick_share, w.sick_from_day, w.day_start, w.day_end)


def dues(market, law, workers: np.ndarray, days: np.ndarray, before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int64[n] twice: pence of sick pay by a law, and by the terms of the job, for days of sickness this week."""
    lawful, agreed = np.empty(workers.size, np.int64), np.empty(workers.size, np.int64)
    sick_dues(workers, days, before, law_of(law), terms_of(market), lawful, agreed)
    return lawful, agreed


def pay_sick(market, on_costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pay for this week's days of sickness; return int64[m] twice: on-costs left to pay, and sick pay besides them."""
    w, g = market.care_workers, market.agencies
    rows = market.team
    ill = places(w.sick_days[rows] > 0)
    who = rows[ill]
    days, before = w.sick_days[who], w.sick_before[who]
    provided, agreed = dues(market, market.law_at_start, who, days, before)
    law, _ = dues(market, market.policy.labour, who, days, before)
    due = np.maximum(law, agreed)
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
