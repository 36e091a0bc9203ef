"""Care managers: social workers and assessors with a finite week."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import InitialCondition, Uncertainty, param
from homecare.tables import Col, RowAgent


class CareManager(RowAgent):
    """A social worker or assessor of the council."""

    caseload = Col(np.int64, 0, "people", "Open cases")
    kept = Col(np.int64, 0, "people", "Cases kept beside those that wait for something")
    worked = Col(np.float64, 0.0, "hours", "Hours of casework done in the last week")
    assessments = Col(np.int64, 0, "assessments", "Assessments done in the last week")
    reviews = Col(np.int64, 0, "reviews", "Reviews done in the last week")


class Casework(Uncertainty):
    """How long casework takes."""

    theme: ClassVar[str] = "casework"
    week_hours: float = param(37.0, unit="hours a week", low=30, high=40, source="assumption")
    """Hours of a care manager's week."""
    assessment_hours: float = param(9.0, unit="hours", low=4, high=16, source="assumption")
    """Work for one assessment and plan."""
    review_hours: float = param(4.5, unit="hours", low=2, high=8, source="assumption")
    """Work for one review."""
    change_hours: float = param(1.2, unit="hours", low=0.3, high=4, source="assumption")
    """Work for deciding one change of a plan."""
    screening_hours: float = param(2.0, unit="hours", low=0.5, high=6, source="assumption")
    """Work for seeing whether reablement suits somebody, and setting its aims."""
    known_share: float = param(0.6, unit="ratio", low=0.3, high=1, source="assumption")
    """Hours that a change or a review takes a care manager who keeps the case, against one who does not know it."""
    kept_hours: float = param(0.5, unit="hours a month", low=0.1, high=2, source="assumption")
    """Work that a kept case takes beside assessments, reviews and changes: calls, messages, notes."""
    changes_share: float = param(0.5, unit="share", low=0.2, high=0.9, source="assumption")
    """Most of the week's hours that goes into changes of plans."""
    taking_on_share: float = param(0.25, unit="share", low=0.05, high=0.6, source="assumption")
    """Most of the week's remaining hours that goes to self-funders who come to the council; one at least."""
    tell_hours: float = param(0.2, unit="hours", low=0.05, high=0.5, source="assumption")
    """Work for taking note of a change that a care manager is told of."""
    call_hours: float = param(0.5, unit="hours", low=0.1, high=2, source="assumption")
    """Work for ringing about a problem."""
    tells_care_manager: float = param(0.15, unit="chance a week", low=0.01, high=0.6, source="assumption")
    """Chance that a person with a problem tells the care manager who keeps the case."""
    relay_weeks: int = param(2, unit="weeks", low=0, high=8, source="assumption")
    """Weeks that a message takes by way of procurement to the agency's manager."""
    relay_loss: float = param(0.5, unit="share", low=0, high=0.9, source="assumption")
    """Share of such messages that do not reach whoever makes the rounds."""
    statutory_share: float = param(0.25, unit="share", low=0.05, high=0.45, source="assumption")
    """Share of the week that stays with the law whatever the practice: safeguarding, duty, records it asks for."""
    records_share: float = param(0.45, unit="share", low=0.25, high=0.6, source="assumption")
    """Share of the week on paperwork at which a file tells a stranger all that was known."""
    ask_again_hours: float = param(1.5, unit="hours", low=0, high=4, source="assumption")
    """Work for finding out anew, at a change or review by somebody else, where only what law asks for was filed."""
    care_manager_leaving: float = param(0.15, unit="share a year", low=0.05, high=0.3,
                                        source="adult_social_worker_turnover_2021")
    """Share of care managers who leave in a year; their cases are closed, and others take the posts."""
    lead_weeks: int = param(4, unit="weeks", low=0, high=6, source="assumption")
    """Least time from request to assessment: first contact, information, consent."""


class SocialWork(InitialCondition):
    """How many care managers the area starts with."""

    theme: ClassVar[str] = "social_work"
    users_per_care_manager: float = param(95.0, unit="people", low=30, high=150, source="assumption")
    """Council-funded homecare users for each care manager (their open caseload of about 18 is a part)."""


def served_in_order(priority: np.ndarray, since: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Return the order in which a queue is served: priority, then who waited longest, then birth key."""
    return np.lexsort((key, since, priority))


def served_within(hours: np.ndarray, capacity: float) -> int:
    """Return how many of a queue in order fit into ``capacity`` hours; the last may be begun, not finished."""
    total = 0.0
    for i, cost in enumerate(hours.tolist()):
        total += cost
        if total > capacity:
            return i
    return len(hours)
