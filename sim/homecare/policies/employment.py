"""Employment: what the council's contracts ask of agencies as employers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Policy, param


class AgencyChoice(Policy):
    """Agencies decide whom to promise what. Held by: council, which asks for nothing."""

    theme: ClassVar[str] = "employment"
    kind: ClassVar[str] = "agency_choice"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all", "new")

    travel_paid_floor: float = param(0.0, unit="share", low=0, high=1, source="councils_not_requiring_travel_pay_2014")
    """Share of travel time between visits that a council contract requires an agency to pay."""

    def guaranteed_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: share of each agency's staff hours promised, given what it wishes to promise."""
        return wished

    def travel_paid_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: share of travel time paid, given what each agency wishes to pay."""
        return np.maximum(wished, self.travel_paid_floor)


class ZeroHours(AgencyChoice):
    """No contract promises hours: every job is zero-hours. Held by: council, as a design to compare with."""

    kind: ClassVar[str] = "zero_hours"

    def guaranteed_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: nothing is promised."""
        return np.zeros_like(wished)


class GuaranteedHours(AgencyChoice):
    """The council's contracts require agencies to offer guaranteed hours. Held by: council."""

    kind: ClassVar[str] = "guaranteed_hours"

    required_share: float = param(0.8, unit="share", low=0, high=1, source="design")
    """Share of an agency's staff hours that must be offered as guaranteed hours."""

    def guaranteed_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: what each agency wishes, and at least the share required."""
        return np.maximum(wished, self.required_share)
