"""What is out of everybody's hands in a given week: plain numbers that shocks change."""

from __future__ import annotations

from typing import NamedTuple


class Conditions(NamedTuple):
    """The week's conditions; the defaults are an ordinary week.

    Attributes
    ----------
    sickness : workers' sickness against its usual level
    deaths : hazard of death against its usual level
    arrivals : new people seeking care against the usual number
    cancelled_share : share of visits that people cancel for fear (0-1)
    extra_visit_seconds : seconds that each visit takes beyond the care itself
    outside_wage : wages outside the sector against their usual level
    failing : agencies that close whatever their money, by rank of size (1 the largest)
    """

    sickness: float = 1.0
    deaths: float = 1.0
    arrivals: float = 1.0
    cancelled_share: float = 0.0
    extra_visit_seconds: int = 0
    outside_wage: float = 1.0
    failing: tuple[int, ...] = ()


ORDINARY = Conditions()
"""A week in which nothing is out of the ordinary."""
