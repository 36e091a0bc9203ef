"""Labour law: the wage floor, what zero-hours workers may ask for, statutory sick pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from homecare.params import Policy, param
from homecare.policies.employment import ZeroHours


class NationalLaw(Policy):
    """The national minimum for pay, hours and sick pay. Held by: national law; reaches every agency."""

    theme: ClassVar[str] = "labour"
    kind: ClassVar[str] = "national_law"
    held_by: ClassVar[str] = "national"
    applies_to: ClassVar[tuple[str, ...]] = ("all",)

    wage_floor: float = param(12.21, unit="pounds an hour", low=6, high=25, source="nlw_2025")
    """National Living Wage from April 2025 (week 0), for every hour that counts as work."""
    floor_uplift: float = param(0.041, unit="share a year", low=0, high=0.15, source="nlw_2026")
    """Rise of the floor each April (12.21 to 12.71 in 2026)."""
    detection_rate: float = param(0.3, unit="chance a year", low=0, high=1, source="hmrc_noncompliance_homecare_2011_13")
    """Chance a year that pay below the floor is found and must be made good."""
    zero_hours_allowed: bool = param(True, source="design")
    """Whether a job without guaranteed hours may be offered at all."""
    offer_after_weeks: int = param(0, unit="weeks", low=0, high=52, source="design")
    """Weeks in a job after which usual hours must be offered as guaranteed hours; 0: no such right (12 proposed for
    the Employment Rights Act 2025; in Wales three months, wales_offer_after_months)."""
    sick_pay_week: float = param(118.75, unit="pounds a week", low=0, high=400, source="design")
    """Statutory sick pay for a whole week (118.75 in 2025-26, 123.25 in 2026-27, gov.uk)."""
    sick_pay_waiting_days: int = param(3, unit="days", low=0, high=7, source="design")
    """Working days of a spell before statutory sick pay begins (3 in 2025-26, none from April 2026, gov.uk)."""
    sick_pay_earnings_limit: float = param(125.0, unit="pounds a week", low=0, high=300, source="design")
    """Usual weekly pay below which there is none (125 in 2025-26, no limit from April 2026, gov.uk)."""
    sick_pay_most_share: float = param(1.0, unit="share", low=0.5, high=1, source="design")
    """Most of usual pay that it comes to (0.8 from April 2026, gov.uk)."""

    def check_against(self, policy: Mapping[str, Policy]) -> list[tuple[str, str]]:
        """Return the fault of contracts that promise no hours where every job must have some."""
        if self.zero_hours_allowed or not isinstance(policy["employment"], ZeroHours):
            return []
        message = f"employment of kind {ZeroHours.kind} offers nothing but jobs without promised hours"
        return [("zero_hours_allowed", message)]
