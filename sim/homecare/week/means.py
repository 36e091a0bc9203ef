"""The means test: who pays for all care, and what the council may charge the others."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su


def means_test(market, rows: np.ndarray) -> np.ndarray:
    """Write charges, and let people above the capital limit pay for themselves; return bool[n], who does."""
    u, funding = market.service_users, market.policy.funding
    rich = u.savings[rows] > round(funding.capital_limit * 100)
    u.route[rows[rich]] = su.SELF_FUNDER
    own = u.route[rows] == su.SELF_FUNDER
    charge = su.charge_of(u.income[rows], u.savings[rows], round(funding.minimum_income * 100),
                          round(funding.tariff_income_from * 100))
    u.charge[rows] = np.where(own, 0, charge)
    return own
