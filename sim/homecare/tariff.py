"""A tariff: what is paid, as one pure function of quantities.

Accounts apply it to what happened; agencies apply the same function to what they expect.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import inlined, kernel


class Tariff(NamedTuple):
    """Prices in whole pence, then the facts by which quantities are counted and a part is held back.

    Attributes
    ----------
    planned_hour : an hour agreed, of visits that were made; one that was missed or cancelled is not paid
    actual_hour : an hour lived
    banded_hour : an hour lived, counted in whole bands (see :func:`banded`)
    promised_hour : an hour of the plan, used or not, hospital stays included
    assessed_hour : an hour of the band of need that was assessed, in weeks in which the package runs
    visit, short_visit, rural_visit : a visit made; a short one; one to a rural home
    user_week : a week with a visit made
    band_seconds, grace_seconds : what a visit's time is counted in, and how much beyond a band begins no other
    short_seconds : agreed length below which a visit is short
    assessed_band_seconds : weekly need is assessed in bands of this width; 0 as it is
    at_risk : ten-thousandths of every invoice line that are held back until outcomes are measured
    payout : ten-thousandths of what was held back that are paid for a goal reached
    quality_weight : ten-thousandths of the goal that are quality of life; the rest is capability
    target : ten-thousandths, on a scale 0-1, of what must be gained beyond what was to be expected
    """

    planned_hour: int = 0
    actual_hour: int = 0
    banded_hour: int = 0
    promised_hour: int = 0
    assessed_hour: int = 0
    visit: int = 0
    short_visit: int = 0
    rural_visit: int = 0
    user_week: int = 0
    band_seconds: int = 0
    grace_seconds: int = 0
    short_seconds: int = 0
    assessed_band_seconds: int = 0
    at_risk: int = 0
    payout: int = 10000
    quality_weight: int = 0
    target: int = 0


COLUMNS = len(Tariff._fields)
PRICES = 9
"""The first columns are prices; quantities come in the same order, seconds for hours."""
HOURS = 5
"""Of which so many are prices of an hour."""
(PLANNED_HOUR, ACTUAL_HOUR, BANDED_HOUR, PROMISED_HOUR, ASSESSED_HOUR, VISIT, SHORT_VISIT, RURAL_VISIT, USER_WEEK,
 BAND, GRACE, SHORT, ASSESSED_BAND, AT_RISK, PAYOUT, QUALITY_WEIGHT, TARGET) = range(COLUMNS)
GOAL = (AT_RISK, PAYOUT, QUALITY_WEIGHT, TARGET)
"""Columns that say what is held back and what it is paid for."""


@inlined
def banded(seconds: int, agreed: int, band: int, grace: int) -> int:
    """Return the seconds that are paid of a visit: whole bands, begun ``grace`` after the last, at most as agreed.

    Without a band nothing is counted.
    """
    if band <= 0:
        return 0
    counted = (seconds - grace + band - 1) // band * band
    if counted > agreed:
        return agreed
    return counted if counted > 0 else 0


@inlined
def assessed(seconds: int, band: int) -> int:
    """Return the weekly seconds that stand for a need: the middle of its band, or as they are without bands."""
    if band <= 0:
        return seconds
    return seconds // band * band + band // 2


@inlined
def payable(tariff: np.ndarray, quantities: np.ndarray) -> int:
    """Return whole pence for one line of quantities, half a penny rounded up once for the whole line.

    Parameters
    ----------
    tariff : int64[COLUMNS]
    quantities : int64[PRICES], in the order of the prices, seconds for hours
    """
    hours = np.int64(0)
    for j in range(HOURS):
        hours += tariff[j] * quantities[j]
    pence = (hours + 1800) // 3600
    for j in range(HOURS, PRICES):
        pence += tariff[j] * quantities[j]
    return pence


@inlined
def held_back(pence: int, at_risk: int) -> int:
    """Return the part of an invoice line that is held back, half a penny rounded up."""
    return (pence * at_risk + 5000) // 10000


@kernel
def payable_lines(tariff: np.ndarray, blocks: np.ndarray, quantities: np.ndarray) -> np.ndarray:
    """Return int64[n]: pence of the invoice line of each of ``blocks``.

    Parameters
    ----------
    tariff : int64[B, COLUMNS], columns in the order of :class:`Tariff`, by block
    blocks : int64[n]
    quantities : int64[n, PRICES], see :func:`payable`
    """
    out = np.zeros(blocks.size, np.int64)
    for i in range(blocks.size):
        out[i] = payable(tariff[blocks[i]], quantities[i])
    return out


@kernel
def assessed_seconds(seconds: np.ndarray, band: np.ndarray) -> np.ndarray:
    """Return int64[n]: :func:`assessed` of each package."""
    out = np.zeros(seconds.size, np.int64)
    for i in range(seconds.size):
        out[i] = assessed(seconds[i], band[i])
    return out
