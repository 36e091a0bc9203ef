"""Reablement: a short time of free help to do things again, before the council decides on lasting care."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param
from homecare.plan import APPROVE, NEITHER, Style


class ReablementFirst(Policy):
    """People whom the council takes in are helped to do things themselves, free, before they are assessed.

    Those from hospital come first; nobody is taken in beyond the places. Held by: council.
    """

    theme: ClassVar[str] = "reablement"
    kind: ClassVar[str] = "reablement_first"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("new",)

    share_of_starts: float = param(0.0, unit="share", low=0, high=1, source="design")
    """Share of people who ask the council for care who are taken in where there is a place."""
    places: float = param(8.0, unit="people per 100 served", low=0, high=40, source="design")
    """People in reablement at a time, for each 100 council-funded people with care at home."""
    from_hospital_only: bool = param(False, source="design")
    """Whether only people from hospital are taken in."""
    weeks: int = param(6, unit="weeks", low=1, high=12, source="reab_duration_weeks")
    """Weeks of reablement, after which the person is assessed."""
    effort: float = param(0.8, unit="share", low=0, high=1, source="assumption")
    """Effort on doing things with people and not for them."""
    day_by_day: bool = param(True, source="design")
    """Whether workers vary length by the day, up to what doing things together takes, or slots are fixed by need."""
    minimum_visit: float = param(15.0, unit="minutes", low=10, high=60, source="visit_share_15_2012")
    """Shortest visit."""
    visit_step: float = param(5.0, unit="minutes", low=5, high=30, source="assumption")
    """Visits are planned in multiples of this where workers vary length by the day."""
    fixed_step: float = param(15.0, unit="minutes", low=5, high=30, source="assumption")
    """Visits are planned in multiples of this where slots are fixed."""
    time_band: float = param(60.0, unit="minutes", low=5, high=120, source="assumption")
    """A visit may be rostered this much before or after the agreed time."""
    slack: float = param(0.0, unit="minutes", low=0, high=20, source="assumption")
    """Minutes planned beyond need at each visit."""
    bankable: float = param(60.0, unit="minutes", low=0, high=240, source="assumption")
    """Most that may have been saved up, and most that may be taken before, where length varies by the day."""
    fee_ratio: float = param(1.3, unit="ratio", low=0.8, high=2.5, source="assumption")
    """What an hour of reablement is paid against an ordinary hour."""
    in_house_first: bool = param(False, source="design")
    """Whether the council's own service is asked before all others."""

    def style(self) -> Style:
        """Return the facts that a plan carries."""
        return Style(
            band_seconds=int(self.time_band * 60),
            follows_need=2 if self.day_by_day else 0,
            slack_seconds=int(self.slack * 60),
            bank_seconds=int(self.bankable * 60) if self.day_by_day else 0,
            approval=NEITHER if self.day_by_day else APPROVE,
            minimum_seconds=int(self.minimum_visit * 60),
            step_seconds=int(60 * (self.visit_step if self.day_by_day else self.fixed_step)),
            time_approval=NEITHER if self.day_by_day else APPROVE,
            budgeted=0,
        )
