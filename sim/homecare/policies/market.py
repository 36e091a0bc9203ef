"""Market: entry, inspection and ratings."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param


class Regulated(Policy):
    """The regulator registers and inspects agencies. Held by: national regulator."""

    theme: ClassVar[str] = "market"
    kind: ClassVar[str] = "regulated"
    held_by: ClassVar[str] = "national"
    applies_to: ClassVar[tuple[str, ...]] = ("all",)

    inspection_rate: float = param(0.069, unit="chance a year", low=0, high=1, source="cqc_inspection_rate_derived")
    """Chance that an agency is inspected in a year."""
    registration_weeks: int = param(13, unit="weeks", low=4, high=52, source="assumption")
    """Weeks from the decision to start an agency to its first package."""
    entry_cost: float = param(40000.0, unit="pounds", low=0, high=200000, source="assumption")
    """Money that a founder must put in before the first package: the agency's cash when it opens, from which it pays
    for its first hires. With little it opens in debt, and takes on nobody more until it has earned something."""
    rating_required: bool = param(False, source="design")
    """Whether the council asks only agencies rated good or better, or not yet rated."""
