"""Employment: what the council's contracts ask of agencies as employers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.clause import Clause
from homecare.params import Policy, param


class AgencyChoice(Policy):
    """Agencies decide whom to promise what; contracts may ask for travel, mileage, premiums, sick pay.

    Held by: council, whose clause reaches agencies that work for it.
    """

    theme: ClassVar[str] = "employment"
    kind: ClassVar[str] = "agency_choice"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all", "new")

    travel_paid_floor: float = param(0.0, unit="share", low=0, high=1, source="councils_not_requiring_travel_pay_2014")
    """Share of travel time between visits that a council contract requires an agency to pay."""
    mileage_floor: float = param(0.0, unit="pounds a mile", low=0, high=0.6, source="design")
    """Mileage that a council contract requires at least (the tax-free rate is 0.45)."""
    weekend_premium: float = param(0.0, unit="share", low=0, high=1, source="design")
    """Share of the wage that a contract requires on top for contact on Saturday and Sunday."""
    evening_premium: float = param(0.0, unit="share", low=0, high=1, source="design")
    """The same for contact that begins at 19:00 or later; on weekend evenings the higher of the two."""
    sick_pay_share: float = param(0.0, unit="share", low=0, high=1, source="no_enhanced_sick_pay_2024_25")
    """Share of usual pay on days of sickness that a contract requires; what the law asks for is paid if more."""
    sick_pay_from_day: int = param(1, unit="day of the spell", low=1, high=8, source="design")
    """First day of a spell of sickness for which that is paid."""
    funded_share: float = param(0.0, unit="share", low=0, high=1, source="design")
    """Share of what agencies expect the clause to cost them by which the council raises its fee."""

    def guaranteed_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: share of each agency's staff hours offered as promised, given what it wishes."""
        return wished

    def shift_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: the part of that share paid by whole shifts, given the share promised."""
        return np.zeros_like(wished)

    def travel_paid_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: share of travel time paid, given what each agency wishes to pay."""
        return np.maximum(wished, self.travel_paid_floor)

    def clause(self) -> Clause:
        """Return the other terms asked for."""
        return Clause(round(100 * self.mileage_floor), self.weekend_premium, self.evening_premium,
                      self.sick_pay_share, self.sick_pay_from_day, self.funded_share)


class ZeroHours(AgencyChoice):
    """No job with an agency that works for the council promises hours. Held by: council, as a design to compare with."""

    kind: ClassVar[str] = "zero_hours"

    def guaranteed_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: nothing is promised."""
        return np.zeros_like(wished)


class GuaranteedHours(AgencyChoice):
    """Contracts require agencies to offer guaranteed hours, which workers may decline. Held by: council."""

    kind: ClassVar[str] = "guaranteed_hours"

    required_share: float = param(0.8, unit="share", low=0, high=1, source="design")
    """Share of an agency's staff hours that must be offered as guaranteed hours."""

    def guaranteed_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: what each agency wishes, and at least the share required."""
        return np.maximum(wished, self.required_share)


class SalariedShifts(GuaranteedHours):
    """Contracts require agencies to offer jobs paid by the shift, from its start to its end, whatever visits fall in it.

    Travel, waiting and gaps within the shift are paid; work outside it is paid on top. Held by: council.
    """

    kind: ClassVar[str] = "salaried_shifts"

    required_share: float = param(0.8, unit="share", low=0, high=1, source="design")
    """Share of an agency's staff hours that must be offered as paid shifts."""

    def shift_share(self, wished: np.ndarray) -> np.ndarray:
        """Return float64[m]: the share required, whatever else is promised."""
        return np.full_like(wished, self.required_share)
