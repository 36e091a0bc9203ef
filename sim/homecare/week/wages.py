"""Wages: contact, paid travel, promised hours and shifts, premiums, mileage, and the check against the floor."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare import lived_columns as d
from homecare.draws import Purpose
from homecare.ledger import Account, Kind
from homecare.numerics import sum_by
from homecare.tariff import ACTUAL_HOUR, BANDED_HOUR
from homecare.week.pay_items import premiums, shifts_lived
from homecare.week.sick_pay import pay_sick

PAY_PERIOD_WEEKS = 4
METRES_A_MILE = 1609.344


def pay_wages(market) -> None:
    """Pay contact, paid travel, promised hours or shifts, and premiums; note idle pay; pay mileage and sick pay.

    Within a paid shift all travel, waits and gaps are paid and count as work; a premium for unsocial hours does
    not count towards the wage floor.
    """
    w, g = market.care_workers, market.agencies
    rows = market.team
    lived = market.lived.workers[: rows.size]
    agency = w.agency[rows]
    travel = lived[:, d.TRAVEL]
    road = travel + lived[:, d.WAITING]
    by_shift, present, outside = shifts_lived(market)
    road_share = np.where(by_shift, 1.0, w.travel_paid[rows])
    # Minutes of a visit that is paid to its planned end and left early are not paid again as waiting.
    left_early = np.maximum(lived[:, d.ACTUAL_PAID] - lived[:, d.CONTACT], 0)
    between = travel + np.maximum(lived[:, d.WAITING] - left_early, 0)
    paid = lived[:, d.ACTUAL_PAID] + (road_share * between).astype(np.int64)
    worked = (w.wage[rows] * paid + 1800) // 3600
    days_here = market.days_of_mask[127 & ~w.absent[rows]]
    promise = np.where(by_shift, present, w.promised[rows] * days_here // 7)
    short = np.maximum(promise - (paid - outside), 0)
    idle = (w.wage[rows] * short + 1800) // 3600
    costs = market.uncertainty.agency_costs
    miles_pence = np.where(w.drives[rows], lived[:, d.METRES], 0) * market.uncertainty.travel.detour / METRES_A_MILE
    mileage = (miles_pence * w.mileage[rows]).astype(np.int64)
    cost_of_miles = (miles_pence * 100.0 * costs.mileage_cost).astype(np.int64)
    counted = np.maximum(lived[:, d.CONTACT] + road, np.where(by_shift, present + outside, 0))
    unpaid_miles = np.maximum(cost_of_miles - mileage, 0)
    legal = (market.floor * counted + 1800) // 3600 + unpaid_miles
    topped = np.where(honest_payers(market)[agency], np.maximum(legal - worked - idle, 0), 0)
    worked = worked + topped
    premium = premiums(market)
    w.pay[rows] = worked + idle + premium
    w.idle_pay[rows] = idle
    w.counted_period[rows] += counted
    w.pay_period[rows] += worked + idle - unpaid_miles
    account = Account.FIRST_AGENCY + np.arange(g.n)
    wages = sum_by(agency, worked + idle + premium, g.n)
    on_costs = (wages * round(10000 * costs.on_cost_share) + 5000) // 10000
    on_costs, sick = pay_sick(market, on_costs)
    market.ledger.post(Kind.WAGES, account, Account.WORKERS, wages)
    market.ledger.post(Kind.ON_COSTS, account, Account.WORLD, on_costs)
    miles = sum_by(agency, mileage, g.n)
    market.ledger.post(Kind.MILEAGE, account, Account.WORKERS, miles)
    g.guarantee_paid[:] += sum_by(agency, idle, g.n)
    market.tally["idle_pence"] = int(idle.sum())
    market.tally["wages"] = int(wages.sum())
    market.tally["premium_pence"] = int(premium.sum())
    market.week_cost = wages + on_costs + miles + sick
    memory = market.uncertainty.forecast.hours_memory
    contact = sum_by(agency, lived[:, d.CONTACT], g.n)
    planned = sum_by(agency, lived[:, d.CONTACT_PLANNED], g.n)
    road = sum_by(agency, travel, g.n)
    busy = contact > 0
    driven = sum_by(agency, miles_pence.astype(np.int64), g.n)
    g.miles_hour[busy] += (3600.0 * driven[busy] / contact[busy] - g.miles_hour[busy]) / memory
    made_good = sum_by(agency, topped, g.n)
    g.topped_hour[busy] += (3600.0 * made_good[busy] / contact[busy] - g.topped_hour[busy]) / memory
    waits = sum_by(agency, between - travel, g.n)
    g.waiting_share[busy] += (waits[busy] / contact[busy] - g.waiting_share[busy]) / memory
    g.travel_share[busy] += (road[busy] / contact[busy] - g.travel_share[busy]) / memory
    g.lived_share[busy] += (contact[busy] / planned[busy] - g.lived_share[busy]) / memory
    fresh = busy & (g.hours_mean <= 0)
    paid_for = planned + market.void_seconds  # an hour that is paid for is demand, whether it is called on or not
    g.hours_mean[fresh] = paid_for[fresh]
    g.hours_change[:] += (np.abs(paid_for - g.hours_mean) - g.hours_change) / market.uncertainty.forecast.swing_memory
    g.hours_mean[:] += (paid_for - g.hours_mean) / memory
    pass_on_tariff(market)


def pass_on_tariff(market) -> None:
    """Let agencies pay contact time as they are paid for it: as lived where the buyer pays so, in bands or not."""
    p, w, g = market.packages, market.care_workers, market.agencies
    blocks = np.flatnonzero(p.active & (p.agency >= 0))
    actual = (p.tariff[blocks, ACTUAL_HOUR] > 0) | (p.tariff[blocks, BANDED_HOUR] > 0)
    whole = sum_by(p.agency[blocks], p.planned[blocks], g.n)
    lived = sum_by(p.agency[blocks], np.where(actual, p.planned[blocks], 0), g.n)
    share = np.where(whole > 0, lived / np.maximum(whole, 1), 0.0)
    w.actual_share[market.team] = share[w.agency[market.team]]


def honest_payers(market) -> np.ndarray:
    """Return bool[m]: agencies that make good pay below the floor each week, without being found out."""
    share = market.uncertainty.agency_behaviour.compliance_share
    return draws.uniforms(market.seed, Purpose.AUDIT, 0, market.agencies.birth_key) < share


def check_legal_pay(market) -> None:
    """Compare pay with the wage floor over the pay period; what is found out is paid as arrears."""
    w, g = market.care_workers, market.agencies
    rows = market.team
    counted = w.counted_period[rows]
    due = (market.floor * counted + 1800) // 3600
    short = np.maximum(due - w.pay_period[rows], 0)
    found = draws.uniforms(market.seed, Purpose.AUDIT, market.week, g.birth_key) \
        < market.policy.labour.detection_rate * PAY_PERIOD_WEEKS / 52.0
    arrears = np.where(found[w.agency[rows]], short, 0)
    by_agency = sum_by(w.agency[rows], arrears, g.n)
    market.ledger.post(Kind.ARREARS_OF_PAY, Account.FIRST_AGENCY + np.arange(g.n), Account.WORKERS, by_agency)
    g.surplus[:] -= by_agency
    w.below_floor[rows] = (100 * short > due) & (arrears == 0)
    w.counted_period[:] = 0
    w.pay_period[:] = 0
