"""Hours that the council has promised: what is called on, what is paid for unused, what is still to be filled."""

from __future__ import annotations

import numpy as np

from homecare import lived_columns as d
from homecare import tariff
from homecare.numerics import places, sum_by


def void_hours(market, blocks: np.ndarray, lived: np.ndarray) -> np.ndarray:
    """Return int64[m]: pence for hours that contracts promised and the council did not call on.

    A visit that was due and is missed or cancelled was called on: it is not paid as void. Where a contract pays
    only for hours that are staffed, what the agency's staff could still give is the limit, for all its contracts
    together in their order.
    """
    p, contracts, g = market.packages, market.contracts, market.agencies
    if len(contracts) == 0:
        market.void_seconds = np.zeros(g.n, np.int64)
        return np.zeros(g.n, np.int64)
    promised = contracts.promised(market.week)
    market.tally["block_seconds"] = int(promised.sum())
    by_promise = p.tariff[blocks, tariff.PROMISED_HOUR] > 0  # what is promised to the person is paid there
    called = np.where(by_promise, p.planned[blocks], lived[blocks, d.AGREED])
    used = sum_by(p.contract[blocks], called, len(contracts))
    unused = np.where(g.alive[contracts.agency], np.maximum(promised - used, 0), 0)
    free = g.free_seconds.copy()
    for k in places((unused > 0) & contracts.staffed_only).tolist():
        unused[k] = min(int(unused[k]), int(free[contracts.agency[k]]))
        free[contracts.agency[k]] -= unused[k]
    pence = (unused * contracts.fee + 1800) // 3600
    market.tally["void_seconds"] = int(unused.sum())
    market.void_seconds = sum_by(contracts.agency, unused, g.n)
    return sum_by(contracts.agency, pence, g.n)


def to_be_filled(market) -> np.ndarray:
    """Return int64[m]: weekly seconds promised to each agency, paid only if staffed, that no package calls on yet."""
    p, contracts = market.packages, market.contracts
    if len(contracts) == 0:
        return np.zeros(market.agencies.n, np.int64)
    counted = places(p.active & (p.contract >= 0))
    used = sum_by(p.contract[counted], p.planned[counted], len(contracts))
    open_ = np.where(contracts.staffed_only, np.maximum(contracts.promised(market.week) - used, 0), 0)
    return sum_by(contracts.agency, open_, market.agencies.n)
