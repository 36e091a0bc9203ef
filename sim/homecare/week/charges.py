"""Charges: what the council asks of the people whose care it pays for."""

from __future__ import annotations

import numpy as np

from homecare.agents.money import drawn_from_savings
from homecare.agents.service_user import SELF_FUNDER
from homecare.ledger import Account, Kind


def charge(market, blocks: np.ndarray, lines: np.ndarray) -> int:
    """Charge people for the week's care, reablement apart; return the pence that the council received.

    What a week takes beyond the income that people can spare comes from their savings, self-funders' too.

    Parameters
    ----------
    blocks : int64[n], packages that have an agency
    lines : int64[n], pence of the week's invoice line of each: nobody is charged more than care cost
    """
    p, u = market.packages, market.service_users
    users = p.user[blocks].astype(np.int64)
    own = p.route[blocks] == SELF_FUNDER
    charged = np.where(own | u.reabling[users], 0, np.minimum(u.charge[users], lines))
    bad = round(10000 * market.policy.funding.bad_debt_share)
    paid = charged - (charged * bad + 5000) // 10000
    total = int(paid.sum())
    u.cost[users] = lines
    u.charged[users] = charged
    living = round(100 * market.uncertainty.user_money.living_costs)
    u.savings[users] -= drawn_from_savings(np.where(own, lines, paid), u.income[users], u.savings[users], living)
    market.tally["charges"] += total
    market.ledger.post(Kind.USERS_INCOME, Account.WORLD, Account.USERS, total)
    market.ledger.post(Kind.CHARGES, Account.USERS, Account.COUNCIL, total)
    return total
