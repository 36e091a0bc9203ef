"""Charges: what the council asks of the people whose care it pays for."""

from __future__ import annotations

import numpy as np

from homecare.agents.service_user import SELF_FUNDER
from homecare.ledger import Account, Kind
from homecare.week.kernels.charging import Purses, charge_each


def charge(market, blocks: np.ndarray, lines: np.ndarray) -> int:
    """Charge people for the week's care, reablement apart; return the pence that the council received.

    What a week takes beyond the income that people can spare comes from their savings, self-funders' too.

    Parameters
    ----------
    blocks : int64[n], packages that have an agency
    lines : int64[n], pence of the week's invoice line of each: nobody is charged more than care cost
    """
    p, u = market.packages, market.service_users
    unpaid = round(10000 * market.policy.funding.bad_debt_share)
    living = round(100 * market.uncertainty.user_money.living_costs)
    own = p.route[blocks] == SELF_FUNDER
    total = charge_each(blocks, lines, p.user, own, unpaid, living, u.pick(Purses))
    market.tally["charges"] += total
    market.ledger.post(Kind.USERS_INCOME, Account.WORLD, Account.USERS, total)
    market.ledger.post(Kind.CHARGES, Account.USERS, Account.COUNCIL, total)
    return total
