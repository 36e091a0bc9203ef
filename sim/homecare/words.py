"""How outcomes are said to people: titles, units and numbers. Files keep names, shares and full precision."""

from __future__ import annotations

import math

NOTE = "Synthetic: for differences, not forecasts"
"""Stands on every figure and in every result."""

LEVEL_WEEKS, FIRST_WEEKS = 52, 13
"""Weeks of the level (the last of a run) and of what it is compared with (the first)."""

_TITLES = {
    "scrqol": "Quality of life (SCRQoL)",
    "control": "Control over daily life",
    "need_met": "Need met",
    "strangers": "Visits by strangers",
    "workers_met": "Workers met in a week",
    "turnover": "Staff turnover",
    "leaving_sector": "Staff leaving the sector",
    "zero_hours_share": "Zero-hours contracts",
    "below_wage_floor": "Paid below the wage floor",
    "tenure": "Time in the job",
    "council_spend": "Council spending",
    "hand_backs": "Hand-backs",
    "people_with_problem": "People with a problem",
    "travel_minutes": "Travel for an hour of care",
    "people_waiting_assessment": "Waiting for an assessment",
    "people_waiting_start": "Waiting for care to start",
    "assessment_wait": "Wait for an assessment",
    "start_wait": "Wait for care to start",
    "change_wait": "Wait for a change of plan",
    "acceptance": "Agencies that say yes",
    "acceptance_short_calls": "Short-call packages placed",
    "acceptance_rural": "Rural packages placed",
    "acceptance_high_need": "High-need packages placed",
    "largest_four": "Four largest agencies",
    "rated_good": "Rated good or better",
    "rural_gap": "SCRQoL, rural less urban",
    "deprivation_gap": "SCRQoL, deprived less rest",
    "funding_gap": "SCRQoL, council less self",
    "rural_share_of_waiting": "Rural share of who waits",
    "income_left": "Income left after charges",
    "fallen_back": "Self-funders who run out",
    "turnover_zero_hours": "Turnover, zero-hours",
    "turnover_guaranteed": "Turnover, guaranteed hours",
    "turnover_first_year": "Turnover, first year",
    "turnover_second_third_year": "Turnover, years two, three",
    "turnover_longer": "Turnover, over three years",
    "turnover_near_floor": "Turnover, paid near floor",
    "turnover_above_floor": "Turnover, 1.50 above floor",
    "pay_swing_zero_hours": "Pay swing, zero-hours",
    "pay_swing_guaranteed": "Pay swing, guaranteed",
    "working_ill": "Working while ill",
    "change_hours": "Time on changes of plans",
    "hours_per_person": "Planned hours a person",
    "stopped_for_charges": "Stopped because of charges",
    "self_funders": "Self-funders",
    "seeking_assistant": "Waiting for an assistant",
    "small_agencies": "Serving up to four people",
    "in_house_share": "In-house share",
    "in_house_cost": "In-house cost",
    "in_house_deficit": "In-house deficit",
    "kept_by_leads": "Kept by lead providers",
    "reablement_without_care": "Reabled, needing no care",
    "practice": "Care done with the person",
    "capability": "Capability in daily tasks",
}


def windows(weeks: int) -> tuple[int, int]:
    """Return over how many first and last weeks means are taken; they never overlap but in a run of one week.

    Examples
    --------
    >>> windows(156), windows(52), windows(8)
    ((13, 52), (13, 39), (4, 4))
    """
    first = min(FIRST_WEEKS, max(weeks // 2, 1))
    return first, min(LEVEL_WEEKS, max(weeks - first, 1))


def scale_said(scale: float) -> str:
    """Return a scale with what it means for sums: ``scale 0.1 (pounds, people and hours are of that part)``."""
    return f"scale {scale:g}" + (" (pounds, people and hours are of that part)" if scale < 1.0 else "")


def title(name: str) -> str:
    """Return what an outcome is called on figures: ``late_visits`` is "Late visits"."""
    return _TITLES.get(name, name.replace("_", " ").capitalize())


def is_share(unit: str) -> bool:
    """Whether values of a unit are shares of one, which people read as per cent."""
    return unit == "share" or unit.startswith("share of ")


def shown_unit(unit: str) -> str:
    """Return the unit as people read it: ``share of hours`` is "% of hours", ``share`` is "per cent"."""
    if unit == "share":
        return "per cent"
    return unit.replace("share", "%", 1) if is_share(unit) else unit


def scaled(value: float, unit: str) -> float:
    """Return a value in its shown unit (a share of 0.25 is 25)."""
    return 100.0 * value if is_share(unit) else value


def decimals(value: float, unit: str) -> int:
    """Return how many decimal places show a level: pence of small sums, one of a per cent, else by size."""
    size = abs(scaled(value, unit))
    if is_share(unit):
        return 1
    if size >= 100 or size == 0 or not math.isfinite(size):
        return 0
    if unit.startswith(("score", "pounds")):
        return 2
    return 1 if size >= 10 else 2 if size >= 1 else 3


def number(value: float, places: int, sign: bool = False) -> str:
    """Return a number in plain ASCII, a dash where there is none.

    Parameters
    ----------
    places : int
        Decimal places.
    sign : bool
        Whether a plus stands before a rise. A change that rounds to nothing has no sign.
    """
    if not math.isfinite(value):
        return "-"
    text = f"{value:,.{places}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    return "+" + text if sign and value > 0 else text


def said_change(change: float, unit: str, places: int) -> str:
    """Return a change as people read it. Whether it is good or bad only a comparison of two worlds can say."""
    return number(scaled(change, unit), places, sign=True)
