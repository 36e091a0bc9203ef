"""Payment: what the council pays for, as a tariff.

The default of a theme stands first. Every kind has the same supplements, nought unless given.
"""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param
from homecare.tariff import Tariff


class Payment(Policy):
    """What all rules of payment share: whom a change reaches, and supplements by the visit."""

    theme: ClassVar[str] = "payment"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all", "new", "at_review", "at_renewal")

    visit_supplement: float = param(0.0, unit="pounds a visit", low=0, high=5, source="assumption")
    """Paid on top for each visit, as a contribution to travel."""
    rural_supplement: float = param(0.0, unit="pounds a visit", low=0, high=8, source="assumption")
    """Paid on top for each visit to a home in a rural small area, where the next home is far."""
    short_call_supplement: float = param(0.0, unit="pounds a visit", low=0, high=5, source="assumption")
    """Paid on top for each short visit, whose journey takes as long as that to a long one."""
    short_call_minutes: float = param(30.0, unit="minutes", low=15, high=60, source="c15_2013_england")
    """Visits agreed to be shorter than this are short."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour: here supplements only."""
        return Tariff(
            visit=round(100 * self.visit_supplement), rural_visit=round(100 * self.rural_supplement),
            short_visit=round(100 * self.short_call_supplement), short_seconds=round(60 * self.short_call_minutes),
        )


class PlannedMinutes(Payment):
    """The council pays for the minutes that were planned, if the visit was made. Held by: council."""

    kind: ClassVar[str] = "planned_minutes"

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return super().tariff(fee)._replace(planned_hour=fee)


class ActualMinutes(Payment):
    """The council pays by the minute for the contact time that electronic monitoring shows. Held by: council."""

    kind: ClassVar[str] = "actual_minutes"

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return super().tariff(fee)._replace(actual_hour=fee)


class BandedMinutes(Payment):
    """The council pays for contact time that monitoring shows, in whole bands up to what was planned.

    Held by: council.
    """

    kind: ClassVar[str] = "banded_minutes"

    band_minutes: float = param(15.0, unit="minutes", low=5, high=30, source="assumption")
    """What a visit's time is counted in."""
    grace_minutes: float = param(5.0, unit="minutes", low=0, high=10, source="assumption")
    """Minutes beyond a full band that begin no further one; 0 counts every band begun."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return super().tariff(fee)._replace(banded_hour=fee, band_seconds=round(60 * self.band_minutes),
                                            grace_seconds=round(60 * self.grace_minutes))


class BlockPayment(Payment):
    """The council pays for the hours of each person's plan, used or not, hospital stays included.

    Held by: council.
    """

    kind: ClassVar[str] = "block"

    rate_ratio: float = param(1.0, unit="ratio", low=0.7, high=1.3, source="design")
    """Price of an hour promised against the hourly fee."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return super().tariff(fee)._replace(promised_hour=round(fee * self.rate_ratio))


class Capitation(Payment):
    """The council pays for each person a week by the band of need last assessed, whatever is done.

    A review assesses anew; need that changes between reviews changes no payment. Held by: council.
    """

    kind: ClassVar[str] = "capitation"

    band_hours: float = param(3.5, unit="hours a week", low=0.5, high=14, source="assumption")
    """Width of a band of assessed need; the middle of the band is paid for."""
    rate_ratio: float = param(1.0, unit="ratio", low=0.7, high=1.3, source="design")
    """Price of an assessed hour against the hourly fee."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return super().tariff(fee)._replace(assessed_hour=round(fee * self.rate_ratio),
                                            assessed_band_seconds=round(3600 * self.band_hours))


class OutcomePayment(Payment):
    """The council pays for planned minutes less a share, and pays that share for outcomes measured each quarter.

    Each person has quarters of their own. The goal is capability kept or gained beyond what frailty alone would have
    brought, or quality of life, or both. What is held back of people whose quarter ends early is paid in full.
    Held by: council.
    """

    kind: ClassVar[str] = "outcome"

    share_at_risk: float = param(0.2, unit="share", low=0, high=0.8, source="wilts_upfront")
    """Share of each invoice line that is held back; in Wiltshire in 2012 it was four fifths."""
    expected_share: float = param(0.6, unit="share", low=0.3, high=1, source="wiltshire_no_further")
    """Share of people expected to reach the goal: where so many do, all that was held back is paid."""
    quality_weight: float = param(0.0, unit="share", low=0, high=1, source="design")
    """Weight of quality of life in the goal; the rest is on capability."""
    target_gain: float = param(0.0, unit="0-1", low=-0.1, high=0.1, source="design")
    """What must be gained in a quarter beyond what was to be expected; 0 is keeping."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return super().tariff(fee)._replace(
            planned_hour=fee, at_risk=round(10000 * self.share_at_risk), payout=round(10000 / self.expected_share),
            quality_weight=round(10000 * self.quality_weight), target=round(10000 * self.target_gain))
