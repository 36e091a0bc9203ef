"""Work that one agency does under another's contract: the council pays the lead, and the lead pays its part on."""

from __future__ import annotations

import numpy as np

from homecare.ledger import Account, Kind
from homecare.numerics import places, sum_by

WHOLE = 10000
"""Parts in which the share that a lead keeps is counted."""


def pass_on(market, blocks: np.ndarray, lines: np.ndarray, lag: int) -> np.ndarray:
    """Move the lines of packages under a lead to the lead, who owes the server all but what it keeps.

    Parameters
    ----------
    blocks : int64[n], packages invoiced; lines : int64[n], pence that the council pays for each
    lag : weeks until the council pays

    Returns
    -------
    int64[m]
        What each agency has by it: a lead what it keeps, a server minus that (all sums are zero).
    """
    p, n = market.packages, market.agencies.n
    led = places((p.lead[blocks] >= 0) & (lines > 0))
    market.tally["kept_by_leads"] = 0
    if led.size == 0:
        return np.zeros(n, np.int64)
    lead = p.lead[blocks[led]].astype(np.int64)
    server = p.agency[blocks[led]].astype(np.int64)
    kept = (lines[led] * p.kept[blocks[led]] + WHOLE // 2) // WHOLE
    whole = sum_by(lead * n + server, lines[led], n * n)
    pairs = places(whole)
    owed = sum_by(lead * n + server, lines[led] - kept, n * n)[pairs]
    market.receivables.pass_on(market.week, lag, np.column_stack([pairs // n, pairs % n, owed]))
    market.receivables.owe(market.week, lag, sum_by(lead, lines[led], n) - sum_by(server, lines[led], n),
                           np.zeros(n, np.int64), 1)
    market.tally["kept_by_leads"] = int(kept.sum())
    return sum_by(lead, kept, n) - sum_by(server, kept, n)


def pay_others(market, lines: np.ndarray) -> None:
    """Let leads pay those who served for them: int64[k, 3] of lead, server, pence."""
    if lines.size == 0:
        return
    first = int(Account.FIRST_AGENCY)
    market.ledger.post(Kind.SUBCONTRACTS, first + lines[:, 0], first + lines[:, 1], lines[:, 2])
