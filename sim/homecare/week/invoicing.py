"""Invoices: fees by tariff, void hours, and what is paid when it is due."""

from __future__ import annotations

import numpy as np

from homecare import lived_columns as d
from homecare import tariff
from homecare.agents.service_user import SELF_FUNDER
from homecare.ledger import Account, Kind, accounts_of_agencies
from homecare.numerics import sum_by
from homecare.week.charges import charge
from homecare.week.goals import hold_back, measure
from homecare.week.kernels.counting import count_quantities
from homecare.week.subcontracting import pass_on, pay_others
from homecare.week.volume import void_hours


def invoice(market) -> np.ndarray:
    """Write the week's invoices; return int64[m], contact seconds lived by agency.

    What is held back is income when it is invoiced; once it is measured, what is paid more or less than that is too.
    """
    p, g = market.packages, market.agencies
    lived = market.lived.users
    blocks = p.with_agency()
    agency = p.agency[blocks]
    lines = tariff.payable_lines(p.tariff, blocks, quantities_of(market, blocks))
    market.billed_seconds = sum_by(agency, 3600 * lines // np.maximum(p.fee[blocks], 1), g.n)
    held = hold_back(market, blocks, lines)
    settled = measure(market, blocks)
    own = p.route[blocks] == SELF_FUNDER
    private = sum_by(agency[own], lines[own], g.n)
    council = sum_by(agency, lines, g.n) - private
    void = void_hours(market, blocks, lived)
    lag = market.policy.commissioner.payment_weeks
    owed = council + void - sum_by(agency, held, g.n) + settled.paid
    market.receivables.owe(market.week, lag, owed, private, 1)
    between = pass_on(market, blocks, np.where(own, 0, lines - held), lag)
    council_all = council + void + settled.paid - settled.held
    fees = int(council_all.sum())
    market.tally["council_fees"] = fees
    market.tally["void_pence"] = int(void.sum())
    market.tally["private_fees"] = private_fees = int(private.sum())
    market.ledger.post(Kind.USERS_INCOME, Account.WORLD, Account.USERS, private_fees)
    total = charge(market, blocks, lines)
    market.tally["reablement_pence"] = int(lines[market.service_users.reabling[p.user[blocks]]].sum())
    market.ledger.post(Kind.GRANT, Account.WORLD, Account.COUNCIL, max(fees - total, 0))
    if fees < total:  # more was kept of what had been held back than the week's care cost
        market.ledger.post(Kind.GRANT, Account.COUNCIL, Account.WORLD, total - fees)
    buyer = market.commissioners.agents[0]
    buyer.spent = buyer.spent + fees - total
    usual = buyer.usual_week
    buyer.usual_week = fees - total if usual == 0 else usual + (fees - total - usual) // 26
    market.week_income = council_all + private + between
    g.turnover[:] += market.week_income
    return sum_by(agency, lived[blocks, d.LIVED], g.n)


def quantities_of(market, blocks: np.ndarray) -> np.ndarray:
    """Return int64[n, PRICES]: what happened in the week, in the order of the tariff's prices."""
    p = market.packages
    out = np.empty((blocks.size, tariff.PRICES), np.int64)
    count_quantities(blocks, market.lived.users, p.planned, p.assessed, p.suspended, p.rural, p.tariff, out)
    return out


def pay_what_is_due(market) -> None:
    """Pay the invoices whose time has come."""
    council, private = market.receivables.due(market.week, market.agencies.n)
    account = accounts_of_agencies(market.agencies.n)
    market.ledger.post(Kind.COUNCIL_FEES, Account.COUNCIL, account, council)
    market.ledger.post(Kind.PRIVATE_FEES, Account.USERS, account, private)
    pay_others(market, market.receivables.due_to_others(market.week))
