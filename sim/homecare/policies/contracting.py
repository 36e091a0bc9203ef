"""Contracting: whom the council asks to take a package, and on what terms."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Policy, param
from homecare.policies.contracting_views import (
    NO_CONTRACTS,
    NOBODY,
    Award,
    PurchasingView,
    TenderView,
    ring_round,
)

__all__ = ["NOBODY", "Award", "InHouse", "PurchasingView", "Spot", "TenderView"]


class Spot(Policy):
    """Every package is bought by itself from an open list of agencies. Held by: council."""

    theme: ClassVar[str] = "contracting"
    kind: ClassVar[str] = "spot"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("new", "all")

    calls_per_request: int = param(12, unit="calls a week", low=1, high=60, source="assumption")
    """Agencies that a broker rings for one package in one week before leaving it for the next."""

    def zones_wanted(self) -> int:
        """Return the number of zones that the council buys by."""
        return 1

    def weeks_between_tenders(self) -> int:
        """Return how long a contract lasts; 0 where none is let."""
        return 0

    def weeks_to_replace(self) -> int:
        """Return the weeks from the loss of a holder to another award in its zone."""
        return self.weeks_between_tenders()

    def may_bid(self, view: TenderView) -> np.ndarray:
        """Return bool[m]: agencies that clear the bars to a tender."""
        return view.agency_open.copy()

    def highest_bid(self, view: TenderView) -> int:
        """Return the pence an hour above which no bid is looked at."""
        return view.fee

    def seconds_on_offer(self, view: TenderView) -> np.ndarray:
        """Return int64[z]: weekly seconds that one holder may expect in each zone."""
        return np.zeros(view.bids.shape[0], np.int64)

    def seconds_promised(self, view: TenderView) -> np.ndarray:
        """Return int64[z]: weekly seconds of these that are paid for, used or not."""
        return np.zeros(view.bids.shape[0], np.int64)

    def award(self, view: TenderView) -> Award:
        """Return the contracts of the zones that are tendered: none."""
        return NO_CONTRACTS

    def transfers(self) -> bool:
        """Return whether running packages move, with staff, to those who win their zone."""
        return False

    def quotes_wanted(self) -> bool:
        """Return whether holders may quote less than their fee, week by week."""
        return False

    def own_seconds(self, council_seconds: int, weeks: int) -> int:
        """Return the weekly seconds that the council staffs in a service of its own, ``weeks`` after the decision."""
        return 0

    def own_terms(self) -> tuple[float, float]:
        """Return least wage against the floor, and least share of hours promised, in the council's own service."""
        return 0.0, 0.0

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: agencies in the order in which they are asked; -1 ends a list."""
        return ring_round(view, self.calls_per_request)


class InHouse(Spot):
    """The council runs a branch of its own and asks it first until it serves its share; the rest is bought spot.

    The branch is founded where there is none. It hires from the same people by the same decisions as others, and
    the council carries its losses. Held by: council.
    """

    kind: ClassVar[str] = "in_house"

    share: float = param(0.2, unit="share", low=0.02, high=1, source="design")
    """Share of the hours bought by the council that its own service is to serve."""
    build_up_weeks: int = param(78, unit="weeks", low=13, high=260, source="assumption")
    """Weeks over which posts are opened until the whole share is staffed."""
    wage_ratio: float = param(1.25, unit="ratio", low=1, high=1.5, source="pay_gap_private_vs_public")
    """Least wage of the council's own care workers against the wage floor (the private sector pays a fifth less)."""
    guaranteed_share: float = param(0.8, unit="share", low=0, high=1, source="assumption")
    """Least share of its staff hours that the council's own service guarantees."""

    def own_seconds(self, council_seconds: int, weeks: int) -> int:
        """Return the weekly seconds to be staffed: the share, opened over the weeks of building up."""
        gone = min(weeks + 1, self.build_up_weeks)
        return int(self.share * council_seconds) * gone // self.build_up_weeks

    def own_terms(self) -> tuple[float, float]:
        """Return least wage against the floor, and least share of hours promised."""
        return self.wage_ratio, self.guaranteed_share

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: the council's own service while it has less than its share, then the others."""
        rest = ring_round(view, self.calls_per_request)
        total = int(view.agency_council_seconds.sum())
        mine = np.flatnonzero(view.agency_own & view.agency_open)
        first = mine if int(view.agency_council_seconds[mine].sum()) < self.share * total else mine[:0]
        asked = np.full((rest.shape[0], self.calls_per_request), NOBODY, np.int32)
        for i in range(rest.shape[0]):
            others = [int(a) for a in rest[i] if a != NOBODY and not view.agency_own[a]]
            found = (first.tolist() + others)[: self.calls_per_request]
            asked[i, : len(found)] = found
        return asked
