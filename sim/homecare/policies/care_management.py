"""Care management: how many care managers there are, and what their time goes on."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param


class CouncilTeam(Policy):
    """Care managers work in council teams. Held by: council."""

    theme: ClassVar[str] = "care_management"
    kind: ClassVar[str] = "council_team"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("all",)

    staffing: float = param(1.0, unit="ratio", low=0.5, high=2, source="design")
    """Care manager posts against those that the area starts with."""
    bureaucracy_share: float = param(0.45, unit="share", low=0.1, high=0.75, source="assumption")
    """Share of a care manager's week that goes on records, panels and meetings."""
    review_weeks: int = param(52, unit="weeks", low=13, high=156, source="reviewed_in_year_2019_20")
    """Weeks after which a package is due for review."""
    keep_case: bool = param(False, source="design")
    """Whether a case stays with its care manager after assessment, or is closed until somebody writes."""
    reopen_weeks: int = param(2, unit="weeks", low=0, high=12, source="assumption")
    """Weeks that a request about a closed case lies before it has a care manager again."""
