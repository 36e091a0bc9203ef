"""Contracting by tender: frameworks, block contracts and lead providers, awarded on price and quality."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import param
from homecare.policies.contracting import Spot
from homecare.policies.contracting_views import (
    NOBODY,
    UNLIMITED,
    Award,
    PurchasingView,
    TenderView,
    holders_first,
    ring_round,
)


class Tendered(Spot):
    """Contracts by zone, let by tender: agencies bid a price an hour, and price and rating decide. Held by: council."""

    applies_to: ClassVar[tuple[str, ...]] = ("all", "new", "at_renewal")

    zones: int = param(6, unit="zones", low=1, high=35, source="herts_contracts")
    """Zones into which the council divides its area."""
    providers_per_zone: int = param(2, unit="agencies", low=1, high=60, source="ntyneside_zone")
    """Agencies that hold a contract in a zone."""
    zones_per_provider: int = param(35, unit="zones", low=1, high=35, source="design")
    """Zones in which one agency may hold a contract at the same time."""
    contract_weeks: int = param(156, unit="weeks", low=26, high=520, source="assumption")
    """Length of a contract; then the zone is tendered again."""
    replace_weeks: int = param(26, unit="weeks", low=4, high=104, source="assumption")
    """Weeks from the loss of a holder to another award in its zone."""
    price_weight: float = param(0.6, unit="share", low=0, high=1, source="assumption")
    """Weight of price in the award, the lowest bid over the bid; the rest is on the published rating over 3."""
    highest_ratio: float = param(1.1, unit="ratio", low=0.8, high=1.6, source="assumption")
    """Highest bid that is looked at, against the council's fee without a contract."""
    good_required: bool = param(False, source="design")
    """Whether agencies rated below good are kept out of tenders."""
    unrated_may_bid: bool = param(True, source="design")
    """Whether agencies that were never rated may bid."""
    least_weeks_open: int = param(0, unit="weeks", low=0, high=156, source="design")
    """Weeks that an agency must have been registered and at work before it may bid."""
    transfer: bool = param(False, source="design")
    """Whether packages that run in a zone move at the award to those who win it, with the staff who mostly serve them."""

    def zones_wanted(self) -> int:
        """Return the number of zones that the council buys by."""
        return self.zones

    def weeks_between_tenders(self) -> int:
        """Return how long a contract lasts."""
        return self.contract_weeks

    def weeks_to_replace(self) -> int:
        """Return the weeks from the loss of a holder to another award in its zone."""
        return self.replace_weeks

    def transfers(self) -> bool:
        """Return whether running packages move, with staff, to those who win their zone."""
        return self.transfer

    def may_bid(self, view: TenderView) -> np.ndarray:
        """Return bool[m]: open long enough, and rated as is asked for."""
        enough = view.agency_rating >= 2.0 if self.good_required else np.ones(view.agency_open.size, bool)
        rated = np.where(view.agency_rated, enough, self.unrated_may_bid)
        return view.agency_open & rated & (view.agency_weeks_open >= self.least_weeks_open)

    def highest_bid(self, view: TenderView) -> int:
        """Return the pence an hour above which no bid is looked at."""
        return round(self.highest_ratio * view.fee)

    def seconds_on_offer(self, view: TenderView) -> np.ndarray:
        """Return int64[z]: an equal part of what the council buys in the zone now."""
        return view.seconds_by_zone.sum(axis=1) // self.providers_per_zone

    def score(self, bids: np.ndarray, rating: np.ndarray) -> np.ndarray:
        """Return float64[m]: price and quality as the council weighs them; -inf where there is no bid."""
        made = bids > 0
        if not made.any():
            return np.full(bids.size, -np.inf)
        price = int(bids[made].min()) / np.maximum(bids, 1)
        return np.where(made, self.price_weight * price + (1.0 - self.price_weight) * rating / 3.0, -np.inf)

    def winners(self, view: TenderView) -> tuple[list[int], list[int], list[int]]:
        """Return agencies, zones and fees: in each zone the best bids, within the zones that one may hold."""
        agencies: list[int] = []
        zones: list[int] = []
        fees: list[int] = []
        held = view.agency_held.copy()
        for z in view.zones.tolist():
            score = self.score(view.bids[z], view.agency_rating)
            score = np.where(held < self.zones_per_provider, score, -np.inf)
            best = np.argsort(-score, kind="stable")[: self.providers_per_zone]
            for row in best[np.isfinite(score[best])].tolist():
                held[row] += 1
                agencies.append(row)
                zones.append(z)
                fees.append(int(view.bids[z, row]))
        return agencies, zones, fees


class Framework(Tendered):
    """Agencies are admitted to a list by tender and asked in its order; nobody is promised volume. Held by: council."""

    kind: ClassVar[str] = "framework"

    zones: int = param(1, unit="zones", low=1, high=35, source="medway_framework")
    """Zones into which the council divides its area, with a list each."""
    providers_per_zone: int = param(10, unit="agencies", low=1, high=60, source="essex_tier1")
    """Agencies admitted in a zone."""
    provider_share: float = param(1.0, unit="share", low=0.05, high=1, source="design")
    """Share of the council's hours in the zone up to which one agency is asked for more; 1 is no limit."""
    call_off: str = param("rank", choices=("rank", "mini_competition"), source="design")
    """Whom the broker asks first: the best of the award, or the best quote of the week among those admitted."""
    open_list: bool = param(True, source="midd_contract_spot")
    """Whether agencies that were not admitted are asked after those that were, at the council's fee."""

    def award(self, view: TenderView) -> Award:
        """Return a place on the list for each of the best bids, with no volume."""
        agencies, zones, fees = self.winners(view)
        hours = view.seconds_by_zone.sum(axis=1)
        limit = 1.0 > self.provider_share
        most = [int(self.provider_share * int(hours[z])) for z in zones] if limit else UNLIMITED
        return Award.of(agencies, zones, fees, most=most)

    def quotes_wanted(self) -> bool:
        """Return whether those admitted quote anew each week."""
        return self.call_off == "mini_competition"

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: those admitted in the zone, best first, then the open list if there is one."""
        rest = ring_round(view, self.calls_per_request)
        if not self.open_list:
            rest = np.full_like(rest, NOBODY)
        ranked = np.flatnonzero(view.contract_room_seconds > 0)
        if self.quotes_wanted() and ranked.size:
            score = self.score(view.contract_quote[ranked], view.agency_rating[view.contract_agency[ranked]])
            ranked = ranked[np.argsort(-score, kind="stable")]
        return holders_first(view, ranked, rest, self.calls_per_request)


class Block(Tendered):
    """The council promises weekly hours by zone to a few agencies and pays for them, used or not.

    Requests go to the zone's contract holders first, the one with most unused hours before the others, and
    then to the open list. Held by: council.
    """

    kind: ClassVar[str] = "block"

    volume_share: float = param(0.7, unit="share", low=0.1, high=1.2, source="herts_contract_share")
    """Promised hours as a share of the hours that the council buys in the zone on the day of the award."""
    build_up_weeks: int = param(52, unit="weeks", low=0, high=156, source="assumption")
    """Weeks in which the promise grows from what a holder serves on the day of the award to the whole."""
    staffed_only: bool = param(True, source="design")
    """Whether unused hours are paid only as far as the holder has staff free for them."""

    def promised(self, view: TenderView, z: int, n: int) -> int:
        """Return the weekly seconds promised to each of ``n`` holders in a zone."""
        return int(self.volume_share * int(view.seconds_by_zone[z].sum())) // n

    def seconds_promised(self, view: TenderView) -> np.ndarray:
        """Return int64[z]: the promise to each holder, if as many are found as are wanted."""
        zones = range(view.bids.shape[0])
        return np.array([self.promised(view, z, self.providers_per_zone) for z in zones], np.int64)

    def seconds_on_offer(self, view: TenderView) -> np.ndarray:
        """Return int64[z]: what is promised."""
        return self.seconds_promised(view)

    def award(self, view: TenderView) -> Award:
        """Return the contracts: in each zone the best bids, sharing the volume equally."""
        agencies, zones, fees = self.winners(view)
        seconds = [self.promised(view, z, zones.count(z)) for z in zones]
        return Award.of(agencies, zones, fees, seconds, seconds, build_up=self.build_up_weeks,
                        staffed_only=self.staffed_only)

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: holders of the zone first, by unused hours, then the ring-round."""
        ranked = np.argsort(-view.contract_spare_seconds, kind="stable")
        return holders_first(view, ranked, ring_round(view, self.calls_per_request), self.calls_per_request)


class LeadProvider(Tendered):
    """One agency leads in each zone: it serves every request of the council there or finds somebody who does.

    A lead that will not serve a package asks others at its fee less what it keeps for managing; where nobody
    takes it, the lead must, if it has staff at all. Held by: council.
    """

    kind: ClassVar[str] = "lead_provider"

    providers_per_zone: int = param(1, unit="agencies", low=1, high=10, source="ntyneside_zone")
    """Agencies that lead in a zone; the one with least work under its contract is asked first."""
    management_share: float = param(0.08, unit="share", low=0, high=0.25, source="assumption")
    """Share of the fee that a lead keeps of a package that another agency serves."""

    def award(self, view: TenderView) -> Award:
        """Return the contracts of the leads: all of the zone's requests, no volume promised."""
        agencies, zones, fees = self.winners(view)
        return Award.of(agencies, zones, fees, leads=True, kept=round(10000 * self.management_share))

    def who_is_asked(self, view: PurchasingView) -> np.ndarray:
        """Return int32[n, m']: the zone's leads, then those whom a lead asks."""
        ranked = np.argsort(-view.contract_room_seconds, kind="stable")
        return holders_first(view, ranked, ring_round(view, self.calls_per_request), self.calls_per_request)
