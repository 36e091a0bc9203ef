"""Accounts: fees, charges, wages and costs of the week; every penny goes from somebody to somebody."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.agents.agency import IN_HOUSE, NOT_FOR_PROFIT
from homecare.ledger import Account, Kind, accounts_of_agencies
from homecare.numerics import places
from homecare.params import Uncertainty, param
from homecare.week.assistants_pay import pay_assistants
from homecare.week.invoicing import invoice, pay_what_is_due
from homecare.week.wages import PAY_PERIOD_WEEKS, check_legal_pay, pay_wages


class LendingUncertainty(Uncertainty):
    """What agencies can spend before they are paid, and what that costs."""

    theme: ClassVar[str] = "lending"
    advance_share: float = param(0.85, unit="share", low=0.5, high=1, source="assumption")
    """Share of unpaid invoices that lenders advance."""
    overdraft_rate: float = param(0.1, unit="share a year", low=0.03, high=0.25, source="assumption")
    """Interest on money that an agency has spent before it was paid."""


def settle(market) -> None:
    """Settle the week: fees, charges, wages, costs, then what is owed and who has money."""
    invoices = invoice(market)
    pay_wages(market)
    pay_assistants(market)
    running_costs(market, invoices)
    pay_what_is_due(market)
    if market.week % PAY_PERIOD_WEEKS == PAY_PERIOD_WEEKS - 1:
        check_legal_pay(market)
    if market.week % 52 == 51:
        owners_take(market)
    close_books(market)


def running_costs(market, contact: np.ndarray) -> None:
    """Pay for the running of each agency: a part by hours, a part by the week, and interest on last week's debt."""
    g = market.agencies
    costs = market.uncertainty.agency_costs
    by_hour = (contact * round(100 * costs.overhead_hour * market.price_level) + 1800) // 3600
    fixed = np.where(g.alive, round(100 * costs.overhead_week * market.price_level), 0)
    overhead = by_hour + fixed
    accounts = accounts_of_agencies(g.n)
    market.ledger.post(Kind.OVERHEAD, accounts, Account.WORLD, overhead)
    interest = np.where(g.alive, np.maximum(-g.cash, 0), 0) * round(10000 * market.uncertainty.lending.overdraft_rate)
    interest = interest // 520000
    market.ledger.post(Kind.INTEREST, accounts, Account.WORLD, interest)
    market.tally["interest"] = int(interest.sum())
    keep_books(market, market.week_cost + by_hour + g.hiring)
    market.week_cost = market.week_cost + overhead + interest + g.hiring
    g.hiring[:] = 0
    g.surplus[:] += market.week_income - market.week_cost
    forecast = market.uncertainty.forecast
    g.income_mean[:] += (market.week_income - g.income_mean) / forecast.margin_memory
    g.cost_mean[:] += (market.week_cost - g.cost_mean) / forecast.margin_memory


def keep_books(market, cost: np.ndarray) -> None:
    """Write what an hour that is paid for cost each agency of late (``cost`` int64[m]: the week's, less fixed costs)."""
    g, billed = market.agencies, market.billed_seconds
    busy = places(billed > 0)
    hour = 3600.0 * cost[busy] / billed[busy]
    known = g.cost_hour[busy]
    g.cost_hour[busy] = np.where(known > 0, known + (hour - known) / market.uncertainty.forecast.hours_memory, hour)


def owners_take(market) -> None:
    """Let owners of for-profit agencies take a share of money beyond some weeks of turnover."""
    g = market.agencies
    cash = market.ledger.agency_cash(g.n)
    keep = g.turnover * market.uncertainty.agency_costs.kept_weeks // 13
    spare = np.maximum(cash - keep, 0)
    profit = g.alive & (g.ownership != NOT_FOR_PROFIT) & (g.ownership != IN_HOUSE)
    share = round(100 * market.uncertainty.agency_costs.owners_share)
    taken = np.where(profit, spare * share // 100, 0)
    market.ledger.post(Kind.OWNERS, accounts_of_agencies(g.n), Account.WORLD, taken)


def close_books(market) -> None:
    """Write money in hand onto the agencies; the council carries a loss of its own service."""
    g = market.agencies
    cash = market.ledger.agency_cash(g.n)
    own = places((g.ownership == IN_HOUSE) & (cash < 0))
    market.tally["own_service_pence"] = -int(cash[own].sum())
    if own.size:
        market.ledger.post(Kind.GRANT, Account.WORLD, Account.FIRST_AGENCY + own, -cash[own])
        cash = market.ledger.agency_cash(g.n)
    g.cash[:] = cash
    g.owed[:] = market.receivables.total(g.n)
    advance = round(10000 * market.uncertainty.lending.advance_share)
    red = g.alive & (10000 * cash + advance * g.owed < 0)
    g.weeks_in_red[:] = np.where(red, g.weeks_in_red + 1, 0)
