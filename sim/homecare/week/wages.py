"""Wages: contact, paid travel, promised hours and shifts, premiums, mileage, and the check against the floor."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.draws import Purpose
from homecare.ledger import Account, Kind, accounts_of_agencies
from homecare.numerics import sum_by
from homecare.tariff import ACTUAL_HOUR, BANDED_HOUR
from homecare.week.kernels.paying import (
    IDLE,
    MILEAGE,
    PAID,
    PREMIUM,
    SUMS,
    Jobs,
    PaidWeek,
    PayRules,
    WorkRemembered,
    pay_team,
    remember_paid,
)
from homecare.week.pay_items import premiums, shifts_lived
from homecare.week.sick_pay import pay_sick

PAY_PERIOD_WEEKS = 4


def pay_wages(market) -> None:
    """Pay contact, paid travel, promised hours or shifts, and premiums; note idle pay; pay mileage and sick pay.

    Within a paid shift all travel, waits and gaps are paid and count as work; a premium for unsocial hours does
    not count towards the wage floor.
    """
    w, g = market.care_workers, market.agencies
    rows = market.team
    by_shift, present, outside = shifts_lived(market)
    week = PaidWeek(market.lived.workers[: rows.size], by_shift, present, outside, premiums(market))
    costs = market.uncertainty.agency_costs
    rules = PayRules(market.floor, market.uncertainty.travel.detour, costs.mileage_cost, market.days_of_mask)
    sums = np.zeros((g.n, SUMS), np.int64)
    pay_team(rows, week, honest_payers(market), rules, w.pick(Jobs), sums)
    account = accounts_of_agencies(g.n)
    wages, miles = sums[:, PAID].copy(), sums[:, MILEAGE].copy()
    on_costs = (wages * round(10000 * costs.on_cost_share) + 5000) // 10000
    on_costs, sick = pay_sick(market, on_costs)
    market.ledger.post(Kind.WAGES, account, Account.WORKERS, wages)
    market.ledger.post(Kind.ON_COSTS, account, Account.WORLD, on_costs)
    market.ledger.post(Kind.MILEAGE, account, Account.WORKERS, miles)
    g.guarantee_paid[:] += sums[:, IDLE]
    total = sums.sum(axis=0).tolist()
    market.tally["idle_pence"] = total[IDLE]
    market.tally["wages"] = total[PAID]
    market.tally["premium_pence"] = total[PREMIUM]
    market.week_cost = wages + on_costs + miles + sick
    forecast = market.uncertainty.forecast
    remember_paid(sums, market.void_seconds, forecast.hours_memory, forecast.swing_memory,
                  g.pick(WorkRemembered))
    pass_on_tariff(market)


def pass_on_tariff(market) -> None:
    """Let agencies pay contact time as they are paid for it: as lived where the buyer pays so, in bands or not."""
    p, w, g = market.packages, market.care_workers, market.agencies
    blocks = p.with_agency()
    actual = (p.tariff[blocks, ACTUAL_HOUR] > 0) | (p.tariff[blocks, BANDED_HOUR] > 0)
    if not actual.any():
        w.actual_share[market.team] = 0.0
        return
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
    market.ledger.post(Kind.ARREARS_OF_PAY, accounts_of_agencies(g.n), Account.WORKERS, by_agency)
    g.surplus[:] -= by_agency
    w.below_floor[rows] = (100 * short > due) & (arrears == 0)
    w.counted_period[:] = 0
    w.pay_period[:] = 0
