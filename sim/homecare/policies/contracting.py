"""Contracting: whom the council asks to take a package, and what volume it promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from homecare.params import Policy, param

NOBODY = -1
"""Ends a list of agencies to ask."""


@dataclass(frozen=True)
class PurchasingView:
    """What a contracting rule may look at when it says who is asked; arrays are read-only.

    ``n`` requests, ``m`` agencies (by row, closed ones included), ``c`` contracts.

    Attributes
    ----------
    agency_open : bool[m], may be asked (open, not suspended, works for the council)
    agency_last_yes : int64[m], week in which it last said yes (-10000 if never)
    distance_metres : float64[n, m], from the request's home to the agency's branch
    luck : float64[n, m], a number in (0, 1) for each pair, from the two birth keys
    request_zone : int32[n]
    request_before : int32[n], agency that served the person before a hospital stay, or -1
    contract_agency, contract_zone : int32[c]
    contract_spare_seconds : int64[c], promised a week and not yet used
    """

    agency_open: np.ndarray
    agency_last_yes: np.ndarray
    distance_metres: np.ndarray
    luck: np.ndarray
    request_zone: np.ndarray
    request_before: np.ndarray
    contract_agency: np.ndarray
    contract_zone: np.ndarray
    contract_spare_seconds: np.ndarray


@dataclass(frozen=True)
class TenderView:
    """What a contracting rule may look at when contracts are awarded; arrays are read-only.

    Attributes
    ----------
    agency_open : bool[m]
    agency_rating : float64[m], published rating 0-3, the middle of the scale where unrated
    seconds_by_zone : int64[z, m], council-funded weekly seconds that each agency serves in each zone now
    staff_seconds : int64[m], weekly seconds that its present staff can work
    """

    agency_open: np.ndarray
    agency_rating: np.ndarray
    seconds_by_zone: np.ndarray
    staff_seconds: np.ndarray


@dataclass(frozen=True)
class Award:
    """Contracts awarded: agency, zone and promised weekly seconds, each of the same length."""

    agency: np.ndarray
    zone: np.ndarray
    seconds: np.ndarray


def ring_round(view: PurchasingView, calls: int) -> np.ndarray:
    """Return int32[n, calls]: first whoever served the person before, then whoever last said yes.

    Brokers save their own time by ringing the agencies that said yes most recently (S0); among equals
    the nearer are rung first, with luck for what a broker does not know.
    """
    n, m = view.distance_metres.shape
    if n == 0 or m == 0:
        return np.full((n, 1), NOBODY, np.int32)
    recency = np.minimum(np.maximum(view.agency_last_yes, -10000), 10000).astype(np.float64)
    score = -0.15 * recency[None, :] + view.distance_metres / 2500.0 + 2.0 * view.luck
    score = np.where(view.agency_open[None, :], score, np.inf)
    before = view.request_before
    known = before >= 0
    rows = np.flatnonzero(known)
    rows = rows[view.agency_open[before[rows]]]
    score[rows, before[rows]] = -np.inf
    first = np.argsort(score, axis=1, kind="stable")[:, :calls]
    picked = np.take_along_axis(score, first, axis=1)
    return np.where(np.isposinf(picked), NOBODY, first).astype(np.int32)


class Spot(Policy):
    """Every package is bought by itself from an open list of agencies. Held by: council."""

    theme: ClassVar[str] = "contracting"
    kind: ClassVar[str] = "spot"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("new",)

    calls_per_request: int = param(12, unit="calls a week", low=1, high=60, source="assumption")
    """Agencies that a broker rings for one package in one week before leaving it for the next."""

    def zones_wanted(self) -> int:
        """Return the number of zones that the council buys by."""
        return 1

    def weeks_between_tenders(self) -> int:
        """Return how long a contract lasts; 0 where none is let."""
        return 0

    def award(self, view: TenderView) -> Award:
        """Return the contracts that promise volume: none."""
        none = np.zeros(0, np.int64)
        return Award(none.astype(np.int32), none.astype(np.int32), none)

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: agencies in the order in which they are asked; -1 ends a list."""
        return ring_round(view, self.calls_per_request)


class Block(Policy):
    """The council promises weekly hours by zone to a few agencies and pays for them, used or not.

    Requests go to the zone's contract holders first, the one with most unused hours before the others, and
    then to the open list. Held by: council.
    """

    theme: ClassVar[str] = "contracting"
    kind: ClassVar[str] = "block"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("new",)

    zones: int = param(6, unit="zones", low=1, high=35, source="herts_contracts")
    """Zones into which the council divides its area."""
    providers_per_zone: int = param(2, unit="agencies", low=1, high=10, source="ntyneside_zone")
    """Agencies that hold a block contract in a zone."""
    volume_share: float = param(0.7, unit="share", low=0.1, high=1.2, source="herts_contract_share")
    """Promised hours as a share of the council-funded hours in the zone on the day of the award."""
    contract_weeks: int = param(156, unit="weeks", low=26, high=520, source="assumption")
    """Length of a contract; then the zone is tendered again."""
    calls_per_request: int = param(12, unit="calls a week", low=1, high=60, source="assumption")
    """Agencies asked for one package in one week, contract holders included."""
    quality_weight: float = param(0.4, unit="share", low=0, high=1, source="assumption")
    """Weight of the published rating in the award; the rest is on hours already served in the zone."""

    def zones_wanted(self) -> int:
        """Return the number of zones that the council buys by."""
        return self.zones

    def weeks_between_tenders(self) -> int:
        """Return how long a contract lasts."""
        return self.contract_weeks

    def award(self, view: TenderView) -> Award:
        """Return the contracts: in each zone the agencies with the best score, sharing the volume equally."""
        agency: list[int] = []
        zone: list[int] = []
        seconds: list[int] = []
        able = view.agency_open & (view.staff_seconds > 0)
        for z in range(view.seconds_by_zone.shape[0]):
            served = view.seconds_by_zone[z]
            promised = int(self.volume_share * int(served.sum()))
            most = max(int(served.max(initial=0)), 1)
            score = self.quality_weight * view.agency_rating / 3.0 + (1.0 - self.quality_weight) * served / most
            score = np.where(able, score, -np.inf)
            best = np.argsort(-score, kind="stable")[: self.providers_per_zone]
            best = best[np.isfinite(score[best])]
            for row in best.tolist():
                agency.append(row)
                zone.append(z)
                seconds.append(promised // max(len(best), 1))
        return Award(np.array(agency, np.int32), np.array(zone, np.int32), np.array(seconds, np.int64))

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: holders of the zone first, by unused hours, then the ring-round."""
        rest = ring_round(view, self.calls_per_request)
        n = rest.shape[0]
        asked = np.full((n, self.calls_per_request + self.providers_per_zone), NOBODY, np.int32)
        by_spare = np.argsort(-view.contract_spare_seconds, kind="stable")
        for i in range(n):
            holders = [
                int(view.contract_agency[c])
                for c in by_spare
                if view.contract_zone[c] == view.request_zone[i] and view.agency_open[view.contract_agency[c]]
            ]
            others = [int(a) for a in rest[i] if a != NOBODY and int(a) not in holders]
            found = (holders + others)[: self.calls_per_request]
            asked[i, : len(found)] = found
        return asked
