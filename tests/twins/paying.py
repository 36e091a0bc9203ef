"""Twins of the week's pay, by whole columns."""

from __future__ import annotations

import numpy as np

from homecare import lived_columns as c
from homecare.numerics import sum_by
from homecare.week.kernels import paying


def pay_team(**g) -> None:
    """Twin of `paying.pay_team`."""
    rows, week, rules, jobs, sums = g["rows"], g["week"], g["rules"], g["jobs"], g["sums"]
    lived, by_shift, wage, agency = week.lived, week.by_shift, jobs.wage[rows], jobs.agency[rows]
    contact, travel, waiting = lived[:, c.CONTACT], lived[:, c.TRAVEL], lived[:, c.WAITING]
    waits = np.maximum(waiting - np.maximum(lived[:, c.ACTUAL_PAID] - contact, 0), 0)
    road = np.where(by_shift, 1.0, jobs.travel_paid[rows]) * (travel + waits)
    paid = lived[:, c.ACTUAL_PAID] + road.astype(np.int64)
    worked = (wage * paid + 1800) // 3600
    days = rules.days_of_mask[127 & ~jobs.absent[rows]]
    promise = np.where(by_shift, week.present, jobs.promised[rows] * days // 7)
    idle = (wage * np.maximum(promise - (paid - week.outside), 0) + 1800) // 3600
    miles_pence = np.where(jobs.drives[rows], lived[:, c.METRES], 0) * rules.detour / paying.METRES_A_MILE
    mileage = (miles_pence * jobs.mileage[rows]).astype(np.int64)
    unpaid_miles = np.maximum((miles_pence * 100.0 * rules.mile_cost).astype(np.int64) - mileage, 0)
    counted = np.maximum(contact + travel + waiting, np.where(by_shift, week.present + week.outside, 0))
    legal = (rules.floor * counted + 1800) // 3600 + unpaid_miles
    topped = np.where(g["honest"][agency], np.maximum(legal - worked - idle, 0), 0)
    earned = worked + topped + idle
    jobs.pay[rows] = earned + week.premium
    jobs.idle_pay[rows] = idle
    jobs.counted_period[rows] += counted
    jobs.pay_period[rows] += earned - unpaid_miles
    for which, values in (
            (paying.PAID, earned + week.premium), (paying.MILEAGE, mileage), (paying.IDLE, idle),
            (paying.PREMIUM, week.premium), (paying.TOPPED, topped), (paying.LIVED, contact),
            (paying.PLANNED, lived[:, c.CONTACT_PLANNED]), (paying.ON_ROAD, travel), (paying.WAITED, waits),
            (paying.DRIVEN, miles_pence.astype(np.int64))):
        sums[:, which] += sum_by(agency, values, sums.shape[0])


def remember_paid(**g) -> None:
    """Twin of `paying.remember_paid`."""
    sums, memory, m = g["sums"], g["memory"], g["g"]
    contact, n = sums[:, paying.LIVED], sums.shape[0]
    busy, paid_for = contact > 0, sums[:, paying.PLANNED] + g["void"]
    for column, top, scale in ((m.miles_hour, paying.DRIVEN, 3600.0), (m.topped_hour, paying.TOPPED, 3600.0),
                               (m.waiting_share, paying.WAITED, 1.0), (m.travel_share, paying.ON_ROAD, 1.0)):
        column[:n][busy] += (scale * sums[busy, top] / contact[busy] - column[:n][busy]) / memory
    lived = contact[busy] / sums[busy, paying.PLANNED]
    m.lived_share[:n][busy] += (lived - m.lived_share[:n][busy]) / memory
    fresh = busy & (m.hours_mean[:n] <= 0)
    m.hours_mean[:n][fresh] = paid_for[fresh]
    m.hours_change[:n] += (np.abs(paid_for - m.hours_mean[:n]) - m.hours_change[:n]) / g["swing_memory"]
    m.hours_mean[:n] += (paid_for - m.hours_mean[:n]) / memory
