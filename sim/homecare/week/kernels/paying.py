"""A week's pay of each worker, and what agencies remember of the week that they paid for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.lived_columns import ACTUAL_PAID, CONTACT, CONTACT_PLANNED, METRES, TRAVEL, WAITING

METRES_A_MILE = 1609.344

PAID, MILEAGE, IDLE, PREMIUM, TOPPED, LIVED, PLANNED, ON_ROAD, WAITED, DRIVEN = range(10)
SUMS = 10
"""Sums of an agency's week: pence of all wages, for the car, for promised hours without work, of premiums and to make
good pay below the floor; seconds of contact lived and planned, of travel and of waits between visits; miles in pence."""


class Jobs(NamedTuple):
    """Columns of the care workers that decide pay; ``pay``, ``idle_pay`` and those of the pay period are written."""

    agency: np.ndarray
    wage: np.ndarray
    promised: np.ndarray
    travel_paid: np.ndarray
    drives: np.ndarray
    mileage: np.ndarray
    absent: np.ndarray
    pay: np.ndarray
    idle_pay: np.ndarray
    counted_period: np.ndarray
    pay_period: np.ndarray


class PaidWeek(NamedTuple):
    """What was lived and is paid, by seat; see :mod:`homecare.week.pay_items` for all but ``lived``."""

    lived: np.ndarray
    by_shift: np.ndarray
    present: np.ndarray
    outside: np.ndarray
    premium: np.ndarray


class PayRules(NamedTuple):
    """The wage floor in pence, road metres a metre, what a mile costs a worker in pounds, days of a mask of days."""

    floor: int
    detour: float
    mile_cost: float
    days_of_mask: np.ndarray


class WorkRemembered(NamedTuple):
    """Columns of the agencies that are written: recent weeks' ratios to contact, and hours paid for."""

    miles_hour: np.ndarray
    topped_hour: np.ndarray
    waiting_share: np.ndarray
    travel_share: np.ndarray
    lived_share: np.ndarray
    hours_mean: np.ndarray
    hours_change: np.ndarray


@kernel_part
def pence_of(rate: int, seconds: int) -> int:
    """Return whole pence for seconds at a rate an hour, half a penny rounded up."""
    return (rate * seconds + 1800) // 3600


@kernel
def pay_team(rows: np.ndarray, week: PaidWeek, honest: np.ndarray, rules: PayRules, jobs: Jobs,
             sums: np.ndarray) -> None:
    """Write the pay of each worker and add it up by agency.

    Parameters
    ----------
    rows : int64[S], workers
    honest : bool[m], agencies that make good pay below the floor
    sums : int64[m, SUMS], added to
    """
    lived = week.lived
    for i in range(rows.size):
        w = rows[i]
        agency = jobs.agency[w]
        by_shift = week.by_shift[i]
        contact, travel, waiting = lived[i, CONTACT], lived[i, TRAVEL], lived[i, WAITING]
        # Minutes of a visit that is paid to its planned end and left early are not paid again as waiting.
        waits = max(waiting - max(lived[i, ACTUAL_PAID] - contact, 0), 0)
        road_share = 1.0 if by_shift else jobs.travel_paid[w]
        paid = lived[i, ACTUAL_PAID] + int(road_share * (travel + waits))
        worked = pence_of(jobs.wage[w], paid)
        days_here = rules.days_of_mask[127 & ~jobs.absent[w]]
        promise = week.present[i] if by_shift else jobs.promised[w] * days_here // 7
        idle = pence_of(jobs.wage[w], max(promise - (paid - week.outside[i]), 0))
        metres = lived[i, METRES] if jobs.drives[w] else 0
        miles_pence = metres * rules.detour / METRES_A_MILE
        mileage = int(miles_pence * jobs.mileage[w])
        unpaid_miles = max(int(miles_pence * 100.0 * rules.mile_cost) - mileage, 0)
        counted = contact + travel + waiting
        if by_shift:
            counted = max(counted, week.present[i] + week.outside[i])
        legal = pence_of(rules.floor, counted) + unpaid_miles
        topped = max(legal - worked - idle, 0) if honest[agency] else 0
        worked += topped
        pay = worked + idle + week.premium[i]
        jobs.pay[w] = pay
        jobs.idle_pay[w] = idle
        jobs.counted_period[w] += counted
        jobs.pay_period[w] += worked + idle - unpaid_miles
        sums[agency, PAID] += pay
        sums[agency, MILEAGE] += mileage
        sums[agency, IDLE] += idle
        sums[agency, PREMIUM] += week.premium[i]
        sums[agency, TOPPED] += topped
        sums[agency, LIVED] += contact
        sums[agency, PLANNED] += lived[i, CONTACT_PLANNED]
        sums[agency, ON_ROAD] += travel
        sums[agency, WAITED] += waits
        sums[agency, DRIVEN] += int(miles_pence)


@kernel
def remember_paid(sums: np.ndarray, void: np.ndarray, memory: float, swing_memory: float, g: WorkRemembered) -> None:
    """Let agencies take in the week that they paid for.

    Parameters
    ----------
    sums : int64[m, SUMS]
    void : int64[m], seconds that were paid for and not called on: demand, as any other
    memory, swing_memory : weeks
    """
    for a in range(sums.shape[0]):
        contact = sums[a, LIVED]
        paid_for = sums[a, PLANNED] + void[a]
        if contact > 0:
            g.miles_hour[a] += (3600.0 * sums[a, DRIVEN] / contact - g.miles_hour[a]) / memory
            g.topped_hour[a] += (3600.0 * sums[a, TOPPED] / contact - g.topped_hour[a]) / memory
            g.waiting_share[a] += (sums[a, WAITED] / contact - g.waiting_share[a]) / memory
            g.travel_share[a] += (sums[a, ON_ROAD] / contact - g.travel_share[a]) / memory
            g.lived_share[a] += (contact / sums[a, PLANNED] - g.lived_share[a]) / memory
            if g.hours_mean[a] <= 0.0:
                g.hours_mean[a] = paid_for
        g.hours_change[a] += (abs(paid_for - g.hours_mean[a]) - g.hours_change[a]) / swing_memory
        g.hours_mean[a] += (paid_for - g.hours_mean[a]) / memory
