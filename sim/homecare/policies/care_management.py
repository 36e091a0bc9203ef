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
    """Share of a care manager's week that goes on records, panels and meetings; statutory work sets its least."""
    overhead_share: float = param(0.0, unit="share", low=0, high=0.4, source="assumption")
    """Share of the posts that the same money no longer pays for: premises, contract and accounts of their own."""
    review_weeks: int = param(52, unit="weeks", low=13, high=156, source="reviewed_in_year_2019_20")
    """Weeks after which a package is due for review."""
    keep_case: bool = param(False, source="design")
    """Whether a case stays with its care manager after assessment, or is closed until somebody writes."""
    cases_each: int = param(34, unit="cases", low=5, high=120, source="caseload_social_workers_2014")
    """Most cases that a care manager keeps; the others are closed."""
    reopen_weeks: int = param(2, unit="weeks", low=0, high=12, source="assumption")
    """Weeks that a request about a closed case lies before it has a care manager again."""
    plan_again_weeks: int = param(4, unit="weeks", low=1, high=52, source="assumption")
    """Weeks without any agency's yes after which a care manager plans anew with the person, each time."""
    rings: str = param("procurement", choices=("nobody", "procurement", "agency"), source="design")
    """Whom a care manager rings about a problem: nobody, the council's procurement, or the agency itself."""


class IndependentPractice(CouncilTeam):
    """Care managers work in practices of their own under contract to the council. Held by: council.

    They keep cases and ring agencies, with less paperwork; a part of the money goes on running the practices.
    """

    kind: ClassVar[str] = "independent_practice"

    bureaucracy_share: float = param(0.3, unit="share", low=0.1, high=0.75, source="assumption")
    """Share of a care manager's week that goes on records, panels and meetings; statutory work sets its least."""
    overhead_share: float = param(0.1, unit="share", low=0, high=0.4, source="assumption")
    """Share of the posts that the same money no longer pays for: premises, contract and accounts of their own."""
    keep_case: bool = param(True, source="design")
    """Whether a case stays with its care manager after assessment, or is closed until somebody writes."""
    rings: str = param("agency", choices=("nobody", "procurement", "agency"), source="design")
    """Whom a care manager rings about a problem: nobody, the council's procurement, or the agency itself."""
