"""The commissioner: the council's buyer."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Uncertainty, param
from homecare.tables import Col, RowAgent


class Brokers(Uncertainty):
    """Whom the council's brokers ring first where no contract says: every reason counts in points, fewest first."""

    theme: ClassVar[str] = "brokers"
    recency: float = param(0.15, unit="points a week", low=0, high=1, source="assumption")
    """Points for each week since the agency last said yes."""
    far_km: float = param(2.5, unit="km a point", low=0.5, high=20, source="assumption")
    """Distance from the branch to the home that counts as one point."""
    chance: float = param(2.0, unit="points", low=0, high=8, source="assumption")
    """Range of what else a broker knows or happens to think of."""


class Commissioner(RowAgent):
    """The council as a buyer of care: its fee, its budget and what it does when money is short."""

    fee = Col(np.int64, 2410, "pence an hour", "Hourly fee paid to agencies on new terms")
    budget = Col(np.int64, 0, "pence a year", "Budget of the year for care at home")
    spent = Col(np.int64, 0, "pence", "Spent since April, charges taken off")
    usual_week = Col(np.int64, 0, "pence a week", "Spending of the weeks before week 0")
    trimming = Col(np.float64, 0.0, "share", "How far plans are cut below assessed need")
    zones = Col(np.int64, 1, "zones", "Zones that it buys by")
    clause_pence = Col(np.int64, 0, "pence an hour", "Part of the fee that pays for terms of employment asked for")
    next_tender = Col(np.int64, -1, "week", "Week of the next tender; -1: none")

    def trim_wanted(self, weeks_gone: int, trim_share: float) -> float:
        """Return how far plans are cut: the overspend against the year's plan so far, at most ``trim_share``."""
        planned = self.budget * max(weeks_gone, 1) / 52.0
        if planned <= 0 or self.spent <= planned:
            return 0.0
        return min((self.spent - planned) / planned, trim_share)
