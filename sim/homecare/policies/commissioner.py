"""Commissioner: price, budget and what is done when money is short."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param


class Council(Policy):
    """What the council pays an hour, what it can spend, and how it treats agencies. Held by: council."""

    theme: ClassVar[str] = "commissioner"
    kind: ClassVar[str] = "council"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all",)

    fee_ratio: float = param(1.0, unit="ratio", low=0.7, high=1.5, source="design")
    """Factor on the hourly fee of the day, April's rises included; without `budget_ratio` the budget stays."""
    fee_uplift: float = param(0.041, unit="share a year", low=0, high=0.15, source="assumption")
    """Rise of the fee each April."""
    budget_ratio: float = param(1.03, unit="ratio", low=0.7, high=2, source="assumption")
    """Yearly budget against the spending of the weeks before week 0."""
    budget_uplift: float = param(0.05, unit="share a year", low=-0.05, high=0.15, source="assumption")
    """Rise of the budget each April."""
    trim_share: float = param(0.1, unit="share", low=0, high=0.4, source="assumption")
    """Most that a plan is cut below assessed need, at assessment or review, while the budget is overspent."""
    payment_weeks: int = param(4, unit="weeks", low=0, high=12, source="pay_time_2012")
    """Weeks between care and its payment."""
    displaced_first: bool = param(True, source="design")
    """Whether people whose agency left are placed before new requests (the duty to meet needs)."""
