"""The facts of a plan's style: plain numbers that a package carries, whatever the style is called."""

from __future__ import annotations

from typing import NamedTuple

APPROVE = 2
"""A care manager must approve a change before it is made."""
TELL = 1
"""A care manager is told of a change."""
NEITHER = 0
"""Agency and user change the plan between them."""


class Style(NamedTuple):
    """What a plan allows.

    Attributes
    ----------
    band_seconds : a visit may be rostered this much before or after its agreed time
    follows_need : 1 where a visit's length follows the need of the day, 0 where it is fixed
    slack_seconds : planned at each visit beyond the need
    bank_seconds : seconds a week that may be moved from one visit to another
    approval : APPROVE, TELL or NEITHER
    minimum_seconds : shortest visit
    step_seconds : visits are planned in multiples of this
    """

    band_seconds: int
    follows_need: int
    slack_seconds: int
    bank_seconds: int
    approval: int
    minimum_seconds: int
    step_seconds: int
