"""A tariff: what is paid, as one pure function of quantities.

Accounts apply it to what happened; agencies apply the same function to what they expect.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import inlined, kernel


class Tariff(NamedTuple):
    """Prices in pence: by the hour of planned contact, the hour of actual contact, the visit, the user-week.

    Planned hours count for visits that were made, as far as they were agreed; a visit that was missed or
    cancelled is not paid.
    """

    planned_hour: int
    actual_hour: int
    visit: int
    user_week: int


@inlined
def payable(planned_hour: int, actual_hour: int, visit: int, user_week: int,
            planned_seconds: int, actual_seconds: int, visits: int, weeks: int) -> int:
    """Return whole pence for quantities, half a penny rounded up once for the whole line."""
    hours = planned_hour * planned_seconds + actual_hour * actual_seconds
    return (hours + 1800) // 3600 + visit * visits + user_week * weeks


@kernel
def payable_lines(tariff: np.ndarray, quantities: np.ndarray) -> np.ndarray:
    """Return int64[n]: pence of each invoice line.

    Parameters
    ----------
    tariff : int64[n, 4], columns in the order of :class:`Tariff`
    quantities : int64[n, 4], planned seconds of visits made, actual seconds, visits made, user-weeks
    """
    out = np.zeros(tariff.shape[0], np.int64)
    for i in range(tariff.shape[0]):
        out[i] = payable(tariff[i, 0], tariff[i, 1], tariff[i, 2], tariff[i, 3],
                         quantities[i, 0], quantities[i, 1], quantities[i, 2], quantities[i, 3])
    return out
