"""Bidding: what an agency asks for an hour in a tender, from its own cost and its belief about rivals."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.numerics import normal_quantile, total
from homecare.params import Uncertainty, param

CHANCES = np.arange(1, 40) / 40.0
"""Chances of winning that a bidder thinks through."""
QUANTILES = np.array([normal_quantile(1.0 - chance) for chance in CHANCES])
"""Where the fee for each of these chances lies in the spread of winning fees."""


class Bidding(Uncertainty):
    """How agencies bid."""

    theme: ClassVar[str] = "bidding"
    rival_spread: float = param(0.05, unit="ratio", low=0.01, high=0.2, source="assumption")
    """Spread that a bidder gives to the fee that will win, against the council's fee, beyond what awards showed."""
    learning: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Weight of the newest award in what agencies believe wins."""
    bid_margin: float = param(0.01, unit="share", low=-0.1, high=0.15, source="assumption")
    """Least expected margin, as a share of the fee, at which an agency bids."""
    bid_reach: float = param(3.0, unit="ratio", low=0.5, high=10, source="assumption")
    """Hours that an agency bids for at once, all zones together, against those that its staff can work now."""


def best_bid(cost: float, belief: float, spread: float, highest: int) -> tuple[int, float]:
    """Return the bid in pence an hour with the largest expected profit, and its margin as a share of the fee.

    Parameters
    ----------
    cost : pence an hour that the care would cost the bidder
    belief, spread : mean and spread of the fee that it thinks will win, pence an hour
    highest : pence an hour above which no bid is looked at

    Notes
    -----
    A bid b wins with chance P(b) = 1 - Phi((b - belief) / spread); the bidder takes the largest (b - cost) P(b)
    (Friedman 1956, *A competitive-bidding strategy*, Operations Research 4(1)), over a grid of chances.
    """
    bids = np.minimum(belief + spread * QUANTILES, float(highest))
    best = int(np.argmax((bids - cost) * CHANCES))
    bid = int(bids[best])
    return bid, (bid - cost) / max(bid, 1)


def zones_within_reach(seconds: np.ndarray, served: np.ndarray, metres: np.ndarray, most: float) -> np.ndarray:
    """Return bool[z]: the zones an agency bids for, where it works most first, then the nearest, up to ``most`` seconds.

    A zone too large for what is left is passed over, and a smaller one farther away may be taken.

    Parameters
    ----------
    seconds : int64[z], weekly seconds on offer
    served : int64[z], weekly seconds that it serves there for the council now
    metres : float64[z], from its branch to the middle of the zone
    """
    takes = np.zeros(seconds.size, bool)
    left = most
    for z in np.lexsort((metres, -served)).tolist():
        if 0 < seconds[z] <= left:
            takes[z] = True
            left -= float(seconds[z])
    return takes


def learnt(mean: float, spread: float, fees: np.ndarray, weight: float) -> tuple[float, float]:
    """Return what is believed of winning fees, mean and spread, after an award has been published.

    ``fees`` float64[k] are the fees awarded, in the same measure as ``mean``; each of the moments goes a
    part ``weight`` of the way to what was seen.
    """
    n = fees.size
    seen = total(fees) / n
    off = fees - seen
    scatter = float(np.sqrt(total(off * off) / n))
    return mean + weight * (seen - mean), spread + weight * (scatter - spread)


class Bidder:
    """The decisions of an agency in tenders; its state are the columns of an agency."""

    def hour_cost_expected(self, seconds: float, costs: Uncertainty) -> float:
        """Return the pence that an hour of care would cost with ``seconds`` more a week.

        What its books say of an hour in recent weeks (wages, paid travel, mileage, idle promised hours, running),
        or for an agency without books what its wage leads it to expect; and its fixed costs over more hours.
        """
        usual = self.wage * (1.0 + costs.on_cost_share) * (1.0 + self.travel_paid * self.travel_share)
        hour = self.cost_hour if self.cost_hour > 0 else usual + 100.0 * costs.overhead_hour
        hours = (self.hours_mean + seconds) / 3600.0
        return hour + 100.0 * costs.overhead_week / max(hours, 1.0)

    def bids(self, seconds: np.ndarray, promised: np.ndarray, served: np.ndarray, metres: np.ndarray, fee: int,
             highest: int, bidding: Bidding, costs: Uncertainty) -> np.ndarray:
        """Return int64[z]: pence an hour that the agency bids in each zone, 0 where it makes no bid.

        It bids where the work on offer is within its reach, if the margin that it can hope for is worth it. Hours
        that are paid for, used or not, save it a part of the idle time that its books show.

        Parameters
        ----------
        seconds, promised : int64[z], weekly seconds on offer to a holder, and promised of these
        served : int64[z], weekly seconds that it serves there for the council now
        metres : float64[z], from its branch to the middle of each zone
        fee, highest : pence an hour, the council's fee and the highest bid that is looked at
        costs : the numbers of ``agency_costs``
        """
        made = np.zeros(seconds.size, np.int64)
        spread = (bidding.rival_spread + self.rival_spread) * fee
        for z in np.flatnonzero(zones_within_reach(seconds, served, metres,
                                                   bidding.bid_reach * self.staff_seconds)).tolist():
            more = max(float(seconds[z]) - float(served[z]), 0.0)
            steady = float(promised[z]) / max(self.hours_mean + more, 1.0)
            idle = self.idle_hour_cost(costs) * min(steady, 1.0)
            bid, margin = best_bid(self.hour_cost_expected(more, costs) - idle, self.rival_fee * fee, spread, highest)
            if margin >= bidding.bid_margin:
                made[z] = bid
        return made

    def idle_hour_cost(self, costs: Uncertainty) -> float:
        """Return the pence of an hour's cost that went into promised hours without work this quarter."""
        weeks = 13.0 if self.model.week % 13 == 0 else float(self.model.week % 13)
        return self.guarantee_paid * (1.0 + costs.on_cost_share) / max(weeks * self.hours_mean / 3600.0, 1.0)

    def quote(self, fee: int, costs: Uncertainty) -> int:
        """Return the pence an hour that it asks this week for work under a contract at ``fee``.

        The fee where its staff are busy; the more of their hours are free, the nearer to what an hour costs it.
        """
        free = self.free_seconds / max(self.free_seconds + self.planned_seconds, 1)
        cost = self.hour_cost_expected(0.0, costs)
        return fee - int(free * max(fee - cost, 0.0))
