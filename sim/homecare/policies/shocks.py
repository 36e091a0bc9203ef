"""Shocks: what happens to everybody in given weeks."""

from __future__ import annotations

from typing import ClassVar

from homecare.conditions import Conditions
from homecare.params import Shock, param


class Pandemic(Shock):
    """A wave of infection: sickness, deaths, fewer people leaving hospital with care, and fear of visits."""

    kind: ClassVar[str] = "pandemic"
    held_by: ClassVar[str] = "shock"

    week: int = param(52, unit="week", low=0, high=2000, source="design")
    """First week."""
    weeks: int = param(26, unit="weeks", low=1, high=520, source="design")
    """Length."""
    sickness: float = param(2.0, unit="ratio", low=1, high=6, source="sickness_sector_2020_21")
    """Workers' sickness against its usual level."""
    deaths: float = param(1.3, unit="ratio", low=1, high=3, source="assumption")
    """Hazard of death against its usual level."""
    fear_share: float = param(0.05, unit="share", low=0, high=0.5, source="assumption")
    """Share of visits that people cancel each week to keep infection out."""
    visit_minutes: float = param(3.0, unit="minutes", low=0, high=10, source="assumption")
    """Minutes a visit that protective clothing and cleaning take."""
    arrivals: float = param(0.85, unit="ratio", low=0.3, high=1.5, source="assumption")
    """New people seeking care against the usual number."""

    def change(self, conditions: Conditions) -> Conditions:
        """Return the week's conditions under this shock."""
        return conditions._replace(
            sickness=conditions.sickness * self.sickness,
            deaths=conditions.deaths * self.deaths,
            cancelled_share=conditions.cancelled_share + self.fear_share,
            extra_visit_seconds=conditions.extra_visit_seconds + int(self.visit_minutes * 60),
            arrivals=conditions.arrivals * self.arrivals,
        )


class AgencyFailure(Shock):
    """A large agency closes, as when an owner is insolvent: its people wait for another and its staff look for work."""

    kind: ClassVar[str] = "agency_failure"
    held_by: ClassVar[str] = "shock"

    week: int = param(52, unit="week", low=0, high=2000, source="design")
    """First week."""
    weeks: int = param(1, unit="weeks", low=1, high=52, source="design")
    """For how many weeks in a row an agency of that rank closes, one each week."""
    rank: int = param(1, unit="rank", low=1, high=50, source="design")
    """Rank by planned hours of the agency that closes: 1 is the largest; the council's own service is left out."""

    def change(self, conditions: Conditions) -> Conditions:
        """Return the week's conditions under this shock."""
        return conditions._replace(failing=(*conditions.failing, self.rank))
