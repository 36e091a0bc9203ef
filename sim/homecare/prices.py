"""What the area pays at week 0."""

from __future__ import annotations

from typing import ClassVar

from homecare.area import Area
from homecare.params import InitialCondition, param


class Prices(InitialCondition):
    """Fees and wages of the area when a run begins."""

    theme: ClassVar[str] = "prices"
    fee: float = param(24.10, unit="pounds an hour", low=18, high=34, source="fee_la_2025_26")
    """Average council fee in 2025-26."""
    local_weight: float = param(0.3, unit="share", low=0, high=1, source="assumption")
    """How much of the area's distance from the average in 2014-15 is left; the wage floor has narrowed it."""
    wage_spread: float = param(0.25, unit="pounds an hour", low=0.05, high=0.6, source="assumption")
    """Spread of agencies' wages at the start."""
    contact_rate_premium: float = param(
        0.5, unit="pounds an hour", low=0, high=2.5, source="pay_homecare_going_rate_2024"
    )
    """How much more an hour of contact pays where travel is not paid separately."""


def local_fee(area: Area, prices: Prices) -> int:
    """Return the council's hourly fee at week 0 in pence."""
    index = 1.0 + prices.local_weight * (area.facts.hc_rate_index - 1.0)
    return round(100.0 * prices.fee * index)
