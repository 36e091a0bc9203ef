"""The week's visits as people kept a diary of them: a row an attendance, who came, when, for how long."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homecare.week.kernels.layout import ATTENDANCES, FULL, MANAGER, NOBODY, PARTS, VISITS

ENDINGS = ("full", "short by agreement", "clipped", "cancelled", "missed")
"""In the order of the codes from ``FULL`` on."""
DAYS_NAMED = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BY = ("care worker", "manager", "nobody")


def diary(market) -> pd.DataFrame:
    """Return every attendance of the week last lived, in the order of packages, days and times.

    Returns
    -------
    DataFrame
        ``package`` and ``user`` (rows of their tables), ``day``, ``by`` (a care worker, a manager of the agency or
        nobody), ``worker`` (row, -1 where none), ``agreed_start`` and ``agreed_minutes`` (minutes of the day, minutes; of
        a package that has ended with the week they are NaN, and the user is -1), ``start`` and ``minutes`` as
        lived (NaN where nobody came), ``ending``, ``hurried``, ``moved`` (to another time than the window allows).

    Raises
    ------
    ValueError
        If no week has been lived since the market was settled.
    """
    if market.lived is None:
        raise ValueError("no week has been lived yet: call step() first")
    visits, rounds, _, rows, _, _, moved, _ = market.overlay
    lived = market.lived
    found = np.flatnonzero(lived.ending >= FULL)
    visit, block, seat = found >> 1, found // ATTENDANCES, rounds.worker[found]
    made, goes_on = lived.start[found] >= 0, market.packages.active[block]
    return pd.DataFrame({
        "package": block,
        "user": np.where(goes_on, market.packages.user[block], -1),
        "day": pd.Categorical.from_codes((visit % VISITS) // PARTS, DAYS_NAMED, ordered=True),
        "by": pd.Categorical.from_codes(np.where(seat == MANAGER, 1, np.where(seat == NOBODY, 2, 0)), BY),
        "worker": np.where(seat >= 0, rows[np.maximum(seat, 0)] if rows.size else -1, -1),
        "agreed_start": np.where(goes_on, visits.start[visit] / 60.0, np.nan),
        "agreed_minutes": np.where(goes_on, visits.seconds[visit] / 60.0, np.nan),
        "start": np.where(made, lived.start[found] / 60.0, np.nan),
        "minutes": np.where(made, lived.seconds[found] / 60.0, np.nan),
        "ending": pd.Categorical.from_codes(lived.ending[found] - FULL, ENDINGS),
        "hurried": lived.hurried[found],
        "moved": moved[visit],
    }).sort_values(["package", "day", "agreed_start"], kind="stable", ignore_index=True)
