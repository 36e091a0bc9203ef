"""Payment: what the council pays for, as a tariff."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param
from homecare.tariff import Tariff


class PlannedMinutes(Policy):
    """The council pays for the minutes that were planned, if the visit was made. Held by: council."""

    theme: ClassVar[str] = "payment"
    kind: ClassVar[str] = "planned_minutes"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all", "new", "at_review", "at_renewal")

    visit_supplement: float = param(0.0, unit="pounds a visit", low=0, high=5, source="assumption")
    """Paid on top for each visit, as a contribution to travel."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return Tariff(planned_hour=fee, actual_hour=0, visit=round(self.visit_supplement * 100), user_week=0)


class ActualMinutes(Policy):
    """The council pays by the minute for the contact time that electronic monitoring shows. Held by: council."""

    theme: ClassVar[str] = "payment"
    kind: ClassVar[str] = "actual_minutes"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all", "new", "at_review", "at_renewal")

    visit_supplement: float = param(0.0, unit="pounds a visit", low=0, high=5, source="assumption")
    """Paid on top for each visit, as a contribution to travel."""

    def tariff(self, fee: int) -> Tariff:
        """Return the tariff at ``fee`` pence an hour."""
        return Tariff(planned_hour=0, actual_hour=fee, visit=round(self.visit_supplement * 100), user_week=0)
