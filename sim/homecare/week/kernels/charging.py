"""Charges for a week's care, and what people's savings lose by it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.agents.money import drawn_from_savings
from homecare.compiled import kernel


class Purses(NamedTuple):
    """Columns of the service users; the last three are written."""

    reabling: np.ndarray
    charge: np.ndarray
    income: np.ndarray
    cost: np.ndarray
    charged: np.ndarray
    savings: np.ndarray


@kernel
def charge_each(blocks: np.ndarray, lines: np.ndarray, user: np.ndarray, own: np.ndarray, unpaid: int, living: int,
                u: Purses) -> int:
    """Charge people for the week's care; return the pence that the council received.

    Parameters
    ----------
    blocks, lines, own : int64[n], int64[n], bool[n], packages, what the week's care of each cost, who pays all of it
    user : int32[B], whose each package is
    unpaid : ten-thousandths of charges that are never paid
    living : pence a week that a person lives on
    """
    received = 0
    for i in range(blocks.size):
        who = user[blocks[i]]
        charged = 0 if own[i] or u.reabling[who] else min(u.charge[who], lines[i])
        paid = charged - (charged * unpaid + 5000) // 10000
        received += paid
        u.cost[who] = lines[i]
        u.charged[who] = charged
        u.savings[who] -= drawn_from_savings(lines[i] if own[i] else paid, u.income[who], u.savings[who], living)
    return received
