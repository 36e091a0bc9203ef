"""Accounts: invoices by tariff, wages by contract, charges by means; every penny from somebody to somebody."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare import lived_columns as d
from homecare.agents.agency import IN_HOUSE, NOT_FOR_PROFIT
from homecare.agents.service_user import SELF_FUNDER
from homecare.draws import Purpose
from homecare.ledger import Account, Kind
from homecare.numerics import sum_by
from homecare.tariff import payable_lines

PAY_PERIOD_WEEKS = 4
METRES_A_MILE = 1609.344


def settle(market) -> None:
    """Settle the week: fees, charges, wages, costs, then what is owed and who has money."""
    invoices = invoice(market)
    pay_wages(market)
    running_costs(market, invoices)
    pay_what_is_due(market)
    if market.week % PAY_PERIOD_WEEKS == PAY_PERIOD_WEEKS - 1:
        check_legal_pay(market)
    if market.week % 52 == 51:
        owners_take(market)
    close_books(market)


def invoice(market) -> np.ndarray:
    """Write the week's invoices; return int64[m], contact seconds lived by agency."""
    p, u, g = market.packages, market.service_users, market.agencies
    lived = market.lived.users
    blocks = np.flatnonzero(p.active & (p.agency >= 0))
    agency = p.agency[blocks]
    quantities = np.column_stack([
        lived[blocks, d.MADE_AGREED], lived[blocks, d.LIVED], lived[blocks, d.MADE],
        (lived[blocks, d.MADE] > 0).astype(np.int64),
    ])
    lines = payable_lines(p.tariff[blocks], quantities)
    own = p.route[blocks] == SELF_FUNDER
    council = sum_by(agency, np.where(own, 0, lines), g.n)
    private = sum_by(agency, np.where(own, lines, 0), g.n)
    void = void_hours(market, blocks, lived)
    council_all = council + void
    lag = market.policy.commissioner.payment_weeks
    market.receivables.owe(market.week, lag, council_all, private, 1)
    fees = int(council_all.sum())
    market.tally["council_fees"] = fees
    market.tally["void_pence"] = int(void.sum())
    market.tally["private_fees"] = int(private.sum())
    users = p.user[blocks]
    charged = np.minimum(u.charge[users], lines)
    charged = np.where(own, 0, charged)
    bad = round(10000 * market.policy.funding.bad_debt_share)
    paid = charged - (charged * bad + 5000) // 10000
    total = int(paid.sum())
    market.tally["charges"] = total
    market.ledger.post(Kind.CHARGES, Account.USERS, Account.COUNCIL, total)
    market.ledger.post(Kind.USERS_INCOME, Account.WORLD, Account.USERS, total + int(private.sum()))
    market.ledger.post(Kind.GRANT, Account.WORLD, Account.COUNCIL, fees - total)
    buyer = market.commissioners.agents[0]
    buyer.spent = buyer.spent + fees - total
    usual = buyer.usual_week
    buyer.usual_week = fees - total if usual == 0 else usual + (fees - total - usual) // 26
    g.turnover[:] += council_all + private
    market.week_income = council_all + private
    return sum_by(agency, lived[blocks, d.LIVED], g.n)


def void_hours(market, blocks: np.ndarray, lived: np.ndarray) -> np.ndarray:
    """Return int64[m]: pence for hours that block contracts promised and the council did not call on.

    A visit that was due and is missed or cancelled was called on: it is not paid as void.
    """
    p, contracts, g = market.packages, market.contracts, market.agencies
    void = np.zeros(g.n, np.int64)
    market.tally["void_seconds"] = 0
    market.tally["block_seconds"] = int(contracts.seconds.sum())
    if contracts.seconds.size == 0:
        return void
    used = sum_by(p.contract[blocks], lived[blocks, d.AGREED], contracts.seconds.size)
    unused = np.where(g.alive[contracts.agency], np.maximum(contracts.seconds - used, 0), 0)
    fee = max(market.tariff.planned_hour, market.tariff.actual_hour)
    pence = (unused * fee + 1800) // 3600
    market.tally["void_seconds"] = int(unused.sum())
    return sum_by(contracts.agency, pence, g.n)


def pay_wages(market) -> None:
    """Pay contact, paid travel and promised hours; note idle pay; pay mileage."""
    w, g = market.care_workers, market.agencies
    rows = market.team
    lived = market.lived.workers
    agency = w.agency[rows]
    travel = lived[:, d.TRAVEL]
    road = travel + lived[:, d.WAITING]
    paid = lived[:, d.ACTUAL_PAID] + (w.travel_paid[rows] * road).astype(np.int64)
    worked = (w.wage[rows] * paid + 1800) // 3600
    days_here = market.days_of_mask[127 & ~w.absent[rows]]
    promise = w.promised[rows] * days_here // 7
    short = np.maximum(promise - paid, 0)
    idle = (w.wage[rows] * short + 1800) // 3600
    costs = market.uncertainty.agency_costs
    miles_pence = np.where(w.drives[rows], lived[:, d.METRES], 0) * market.uncertainty.travel.detour / METRES_A_MILE
    mileage = (miles_pence * w.mileage[rows]).astype(np.int64)
    cost_of_miles = (miles_pence * 100.0 * costs.mileage_cost).astype(np.int64)
    counted = lived[:, d.CONTACT] + road
    unpaid_miles = np.maximum(cost_of_miles - mileage, 0)
    legal = (market.floor * counted + 1800) // 3600 + unpaid_miles
    topped = np.where(honest_payers(market)[agency], np.maximum(legal - worked - idle, 0), 0)
    worked = worked + topped
    w.pay[rows] = worked + idle
    w.idle_pay[rows] = idle
    w.counted_period[rows] += counted
    w.pay_period[rows] += worked + idle - unpaid_miles
    account = Account.FIRST_AGENCY + np.arange(g.n)
    wages = sum_by(agency, worked + idle, g.n)
    on_costs = (wages * round(10000 * costs.on_cost_share) + 5000) // 10000
    market.ledger.post(Kind.WAGES, account, Account.WORKERS, wages)
    market.ledger.post(Kind.ON_COSTS, account, Account.WORLD, on_costs)
    miles = sum_by(agency, mileage, g.n)
    market.ledger.post(Kind.MILEAGE, account, Account.WORKERS, miles)
    g.guarantee_paid[:] += sum_by(agency, idle, g.n)
    market.tally["idle_pence"] = int(idle.sum())
    market.tally["wages"] = int(wages.sum())
    market.week_cost = wages + on_costs + miles
    contact = sum_by(agency, lived[:, d.CONTACT], g.n)
    planned = sum_by(agency, lived[:, d.CONTACT_PLANNED], g.n)
    road = sum_by(agency, travel, g.n)
    busy = contact > 0
    g.travel_share[busy] += (road[busy] / contact[busy] - g.travel_share[busy]) / 13.0
    g.lived_share[busy] += (contact[busy] / planned[busy] - g.lived_share[busy]) / 13.0
    fresh = busy & (g.hours_mean <= 0)
    g.hours_mean[fresh] = planned[fresh]
    g.hours_change[:] += (np.abs(planned - g.hours_mean) - g.hours_change) / 26.0
    g.hours_mean[:] += (planned - g.hours_mean) / 13.0
    pass_on_tariff(market)


def pass_on_tariff(market) -> None:
    """Let agencies pay contact time as they are paid for it: as lived where the buyer pays so."""
    p, w, g = market.packages, market.care_workers, market.agencies
    blocks = np.flatnonzero(p.active & (p.agency >= 0))
    actual = p.tariff[blocks, 1] > 0
    whole = sum_by(p.agency[blocks], p.planned[blocks], g.n)
    lived = sum_by(p.agency[blocks], np.where(actual, p.planned[blocks], 0), g.n)
    share = np.where(whole > 0, lived / np.maximum(whole, 1), 0.0)
    w.actual_share[market.team] = share[w.agency[market.team]]


def running_costs(market, contact: np.ndarray) -> None:
    """Pay for the running of each agency: a part by hours, a part by the week."""
    g = market.agencies
    costs = market.uncertainty.agency_costs
    by_hour = (contact * round(100 * costs.overhead_hour) + 1800) // 3600
    fixed = np.where(g.alive, round(100 * costs.overhead_week), 0)
    overhead = by_hour + fixed
    market.ledger.post(Kind.OVERHEAD, Account.FIRST_AGENCY + np.arange(g.n), Account.WORLD, overhead)
    market.week_cost = market.week_cost + overhead + g.hiring
    g.hiring[:] = 0
    g.surplus[:] += market.week_income - market.week_cost


def pay_what_is_due(market) -> None:
    """Pay the invoices whose time has come."""
    council, private = market.receivables.due(market.week, market.agencies.n)
    account = Account.FIRST_AGENCY + np.arange(market.agencies.n)
    market.ledger.post(Kind.COUNCIL_FEES, Account.COUNCIL, account, council)
    market.ledger.post(Kind.PRIVATE_FEES, Account.USERS, account, private)


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


def owners_take(market) -> None:
    """Let owners of for-profit agencies take a share of money beyond eight weeks of turnover."""
    g = market.agencies
    cash = market.ledger.agency_cash(g.n)
    keep = g.turnover * 8 // 13
    spare = np.maximum(cash - keep, 0)
    profit = g.alive & (g.ownership != NOT_FOR_PROFIT) & (g.ownership != IN_HOUSE)
    share = round(100 * market.uncertainty.agency_costs.owners_share)
    taken = np.where(profit, spare * share // 100, 0)
    market.ledger.post(Kind.OWNERS, Account.FIRST_AGENCY + np.arange(g.n), Account.WORLD, taken)


def close_books(market) -> None:
    """Write money in hand onto the agencies; the council carries a loss of its own service."""
    g = market.agencies
    cash = market.ledger.agency_cash(g.n)
    own = np.flatnonzero((g.ownership == IN_HOUSE) & (cash < 0))
    if own.size:
        market.ledger.post(Kind.GRANT, Account.WORLD, Account.FIRST_AGENCY + own, -cash[own])
        cash = market.ledger.agency_cash(g.n)
    g.cash[:] = cash
    g.owed[:] = market.receivables.total(g.n)
    red = g.alive & (cash + g.owed < 0)
    g.weeks_in_red[:] = np.where(red, g.weeks_in_red + 1, 0)
