"""Labour law: the wage floor."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param


class NationalLaw(Policy):
    """The national minimum for pay. Held by: national law."""

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
