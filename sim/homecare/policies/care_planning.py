"""Care planning: how a plan turns need into visits, and who may change it."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param
from homecare.plan import WORDS, Style


class TimeAndTask(Policy):
    """Fixed times, fixed lengths, fixed tasks; every change waits for a care manager. Held by: council."""

    theme: ClassVar[str] = "care_planning"
    kind: ClassVar[str] = "time_and_task"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("at_review", "new", "all")

    minimum_visit: float = param(15.0, unit="minutes", low=10, high=60, source="visit_share_15_2012")
    """Shortest visit that a plan may contain."""
    visit_step: float = param(15.0, unit="minutes", low=5, high=30, source="assumption")
    """Visits are planned in multiples of this: councils that fix slots fix them by the quarter of an hour."""
    time_band: float = param(30.0, unit="minutes", low=5, high=120, source="assumption")
    """A visit may be rostered this much before or after the agreed time."""
    slack: float = param(0.0, unit="minutes", low=0, high=20, source="assumption")
    """Minutes planned beyond the need that was assessed, at each visit."""
    approval: str = param("approve", choices=WORDS, source="design")
    """Whether a care manager approves another length of visits, is told of it, or neither."""
    time_approval: str = param("approve", choices=WORDS, source="design")
    """Whether a care manager approves another time of a visit, is told of it, or neither."""

    def style(self) -> Style:
        """Return the facts that a plan carries."""
        return Style(
            band_seconds=int(self.time_band * 60),
            follows_need=0,
            slack_seconds=int(self.slack * 60),
            bank_seconds=0,
            approval=WORDS.index(self.approval),
            minimum_seconds=int(self.minimum_visit * 60),
            step_seconds=int(self.visit_step * 60),
            time_approval=WORDS.index(self.time_approval),
            budgeted=0,
        )


class FlexibleTimes(TimeAndTask):
    """Lengths are fixed; agency and user settle times between them, and other times when these are wanted.

    A visit may come anywhere within a band around the time that they agreed. Held by: council.
    """

    kind: ClassVar[str] = "flexible_times"

    time_band: float = param(60.0, unit="minutes", low=5, high=120, source="assumption")
    """A visit may be rostered this much before or after the agreed time."""
    time_approval: str = param("neither", choices=WORDS, source="design")
    """Whether a care manager approves another time of a visit, is told of it, or neither."""


class WeeklyTimeBudget(Policy):
    """A care manager approves minutes a week; agency and user settle visits, lengths and times within them.

    Lengths are settled again between the two as need changes, while the week stays within the minutes approved.
    A visit's length follows the need of the day: minutes not needed on one day are saved for another, also of a
    later week, so that over time nobody lives more than the budget. Held by: council.
    """

    theme: ClassVar[str] = "care_planning"
    kind: ClassVar[str] = "weekly_time_budget"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("at_review", "new", "all")

    minimum_visit: float = param(15.0, unit="minutes", low=10, high=60, source="visit_share_15_2012")
    """Shortest visit that is worth the journey."""
    visit_step: float = param(5.0, unit="minutes", low=5, high=30, source="assumption")
    """Visits are planned in multiples of this: nobody buys slots here; set 15 to compare with fixed slots at one step."""
    time_band: float = param(60.0, unit="minutes", low=5, high=120, source="assumption")
    """A visit may be rostered this much before or after the agreed time."""
    slack: float = param(0.0, unit="minutes", low=0, high=20, source="assumption")
    """Minutes in the budget beyond the need that was assessed, for each visit."""
    bankable: float = param(90.0, unit="minutes", low=0, high=240, source="assumption")
    """Most that a person may have saved up, and most that may be taken before it is saved."""
    approval: str = param("approve", choices=WORDS, source="design")
    """Whether a care manager approves more than the budget, is told of it, or neither."""
    time_approval: str = param("neither", choices=WORDS, source="design")
    """Whether a care manager approves another time of a visit, is told of it, or neither."""

    def style(self) -> Style:
        """Return the facts that a plan carries."""
        return Style(
            band_seconds=int(self.time_band * 60),
            follows_need=1,
            slack_seconds=int(self.slack * 60),
            bank_seconds=int(self.bankable * 60),
            approval=WORDS.index(self.approval),
            minimum_seconds=int(self.minimum_visit * 60),
            step_seconds=int(self.visit_step * 60),
            time_approval=WORDS.index(self.time_approval),
            budgeted=1,
        )


class Outcome(Policy):
    """The plan says what is to be reached; agency and user settle times and lengths between them.

    Length follows need at once, within minutes that can be moved from day to day, and the plan follows lasting
    changes of need with no limit but need itself. Held by: council.
    """

    theme: ClassVar[str] = "care_planning"
    kind: ClassVar[str] = "outcome"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("at_review", "new", "all")

    minimum_visit: float = param(15.0, unit="minutes", low=10, high=60, source="visit_share_15_2012")
    """Shortest visit that is worth the journey."""
    visit_step: float = param(5.0, unit="minutes", low=5, high=30, source="assumption")
    """Visits are planned in multiples of this: nobody buys slots here; set 15 to compare with fixed slots at one step."""
    time_band: float = param(60.0, unit="minutes", low=5, high=120, source="assumption")
    """A visit may be rostered this much before or after the time that the person prefers."""
    slack: float = param(0.0, unit="minutes", low=0, high=20, source="assumption")
    """Minutes planned beyond the need that was assessed, at each visit."""
    bankable: float = param(60.0, unit="minutes", low=0, high=240, source="assumption")
    """Most that a person may have saved up, and most that may be taken before it is saved."""
    approval: str = param("neither", choices=WORDS, source="design")
    """Whether a care manager approves another length of visits, is told of it, or neither."""
    time_approval: str = param("neither", choices=WORDS, source="design")
    """Whether a care manager approves another time of a visit, is told of it, or neither."""

    def style(self) -> Style:
        """Return the facts that a plan carries."""
        return Style(
            band_seconds=int(self.time_band * 60),
            follows_need=1,
            slack_seconds=int(self.slack * 60),
            bank_seconds=int(self.bankable * 60),
            approval=WORDS.index(self.approval),
            minimum_seconds=int(self.minimum_visit * 60),
            step_seconds=int(self.visit_step * 60),
            time_approval=WORDS.index(self.time_approval),
            budgeted=0,
        )
