"""The facts of a plan's style: plain numbers that a package carries, whatever the style is called."""

from __future__ import annotations

from typing import NamedTuple

APPROVE = 2
"""A care manager must approve a change before it is made."""
TELL = 1
"""A care manager is told of a change."""
NEITHER = 0
"""Agency and user change the plan between them."""


WORDS = ("neither", "tell", "approve")
"""What a scenario file calls NEITHER, TELL and APPROVE, in their order."""
LENGTHS = ("fixed", "need of the day", "doing with the person")
"""What a visit's length follows, in the order of ``follows_need``."""


class Style(NamedTuple):
    """What a plan allows.

    Attributes
    ----------
    band_seconds : a visit may be rostered this much before or after its agreed time
    follows_need : 0 where a visit's length is fixed, 1 where it follows the need of the day, 2 where it follows the
        longer time that doing things with the person takes
    slack_seconds : planned at each visit beyond the need
    bank_seconds : most that a person may have saved up, and most that may be taken before it is saved
    approval : APPROVE, TELL or NEITHER, of other lengths
    minimum_seconds : shortest visit
    step_seconds : visits are planned in multiples of this
    time_approval : APPROVE, TELL or NEITHER, of other times
    budgeted : 1 where lengths change without approval while the week stays within the minutes approved
    """

    band_seconds: int
    follows_need: int
    slack_seconds: int
    bank_seconds: int
    approval: int
    minimum_seconds: int
    step_seconds: int
    time_approval: int
    budgeted: int
