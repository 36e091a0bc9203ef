"""Personal assistants: care workers whom a service user employs, and what either decides about it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Uncertainty, param


class AssistantLabour(Uncertainty):
    """Who works as a personal assistant, for what, and how long people look for one."""

    theme: ClassVar[str] = "assistants"
    knows_share: float = param(0.35, unit="share", low=0.1, high=0.6, source="assumption")
    """Share of people who know somebody, a relative, friend or neighbour, who would be their assistant."""
    attachment: float = param(1.5, unit="pounds an hour", low=0, high=4, source="assumption")
    """What it is worth to such a person to care for somebody they know."""
    candidates: float = param(0.003, unit="ratio a week", low=0.0005, high=0.02, source="assumption")
    """Others who look for work as an assistant in a week, against the area's care workers at the start."""
    reach: float = param(8.0, unit="km", low=2, high=25, source="assumption")
    """Farthest straight distance from an assistant's home to the person's."""
    wage_above_floor: float = param(0.8, unit="pounds an hour", low=0, high=2.5, source="assumption")
    """First offer above the wage floor (median 10.50 pounds at a floor of 9.50 in February 2023: Skills for Care)."""
    offer_step: float = param(0.25, unit="pounds an hour", low=0, high=1, source="assumption")
    """By how much an offer rises for every four weeks in which nobody was found."""
    on_costs: float = param(0.15, unit="share", low=0.12, high=0.3, source="assumption")
    """Holiday, pension and insurance on top of wages; small employers' national insurance is let off."""
    open_share: float = param(0.05, unit="share", low=0.01, high=0.3, source="assumption")
    """Share of planned hours in nobody's round above which an employer looks for one more."""
    friend_km: float = param(1.0, unit="km", low=0.2, high=5, source="assumption")
    """Farthest, east or north, that people live from whom they know."""
    payroll: float = param(6.0, unit="pounds a week", low=0, high=20, source="assumption")
    """Payroll service and liability insurance of one employer."""
    search_weeks: int = param(10, unit="weeks", low=2, high=52, source="assumption")
    """Weeks after which somebody who waits with no care and has found nobody turns to agencies."""
    most: int = param(3, unit="assistants", low=1, high=6, source="assumption")
    """Most assistants of one person (1.87 on average in 2022-23: Skills for Care)."""


def offer_of(weeks: int, floor: int, highest: float, labour: AssistantLabour) -> int:
    """Return pence an hour that somebody offers after ``weeks`` of looking; never above what the budget pays."""
    wished = floor + round(100 * labour.wage_above_floor) + weeks // 4 * round(100 * labour.offer_step)
    return max(min(wished, int(highest)), floor)


def worth_of_job(wage: int, km: np.ndarray, commuting: float, attachment: np.ndarray | float) -> np.ndarray:
    """Return float64[n], pounds an hour: what an offer seems worth to people at these distances."""
    return wage / 100.0 - commuting * km + attachment
