"""What a run's sums say about each target: one short function a measure, in the unit of the target."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

from homecare.validate_watch import LONGEST_WAIT, YEAR, Sums

Measure = Callable[[Sums], float]


def ratio(sums: Sums, top: str, bottom: str, times: float = 1.0) -> float:
    """Return ``times`` top over bottom; NaN where there is nothing to divide by."""
    below = sums.get(bottom, 0.0)
    return times * sums.get(top, 0.0) / below if below else math.nan


def _ratio(top: str, bottom: str, times: float = 1.0) -> Measure:
    return lambda sums: ratio(sums, top, bottom, times)


def _turnover(group: str, times: float = 100.0) -> Measure:
    return _ratio(f"leavers_{group}", f"worker_years_{group}", times)


def _less(one: Measure, other: Measure) -> Measure:
    return lambda sums: one(sums) - other(sums)


def _against(one: Measure, other: Measure) -> Measure:
    def share(sums: Sums) -> float:
        bottom = other(sums)
        return one(sums) / bottom if bottom else math.nan

    return share


def _share(top: str, *bottoms: str) -> Measure:
    return lambda sums: ratio({top: sums.get(top, 0.0), "all": sum(sums.get(name, 0.0) for name in bottoms)}, top, "all",
                              100.0)


def start_wait(sums: Sums) -> float:
    """Return mean days from assessment to the first week of care, of council-funded people who were not displaced."""
    starts = [sums.get(f"starts_after_{week}", 0.0) for week in range(LONGEST_WAIT + 1)]
    n = math.fsum(starts)
    return 7.0 * math.fsum(week * count for week, count in enumerate(starts)) / n if n else math.nan


def start_wait_median(sums: Sums) -> float:
    """Return median days of the same waits; within the median's week waits are taken as evenly spread."""
    starts = [sums.get(f"starts_after_{week}", 0.0) for week in range(LONGEST_WAIT + 1)]
    half, reached = 0.5 * math.fsum(starts), 0.0
    if not half:
        return math.nan
    for week, count in enumerate(starts):
        if reached + count >= half:
            return max(7.0 * (week - 0.5 + (half - reached) / count), 0.0)
        reached += count
    return 7.0 * LONGEST_WAIT


MEASURES: dict[str, Measure] = {
    "self_funder_share": _ratio("self_funder_weeks", "person_weeks", 100.0),
    "fee_paid": _ratio("first_year_fees", "first_year_hours"),
    "median_wage": _ratio("december_wage", "december_workers"),
    "direct_payment_share": _ratio("direct_payment_weeks", "council_person_weeks", 100.0),
    "arrivals_from_hospital": _ratio("arrivals_from_hospital", "arrivals", 100.0),
    "turnover": _turnover("all"),
    "vacancy_rate": _share("vacancy_seconds", "vacancy_seconds", "staff_seconds"),
    "zero_hours_share": _ratio("workers_nothing_promised", "workers", 100.0),
    "hours_per_person": _ratio("hours", "people"),
    "visits_of_30_minutes": _ratio("visits_to_30", "visits", 100.0),
    "scrqol": _ratio("scrqol", "people"),
    "rated_good": _ratio("agencies_good", "agencies_rated", 100.0),
    "agencies_up_to_four": _ratio("agencies_to_four", "agencies", 100.0),
    "margin": lambda sums: 100.0 - ratio(sums, "cost", "income", 100.0),
    "workers_per_user": _ratio("workers", "person_weeks"),
    "exit_rate": _ratio("ends", "person_weeks", YEAR),
    "assessment_wait": _ratio("assessment_days", "assessments"),
    "near_the_floor": _ratio("workers_near_floor", "workers", 100.0),
    "entries": _ratio("entries", "agency_weeks", 100.0 * YEAR),
    "gap_zero_hours": _less(_turnover("nothing_promised"), _turnover("hours_promised")),
    "gap_pay": _less(_turnover("at_floor"), _turnover("above_floor")),
    "turnover_first_year": _against(_turnover("first_year"), _turnover("all")),
    "turnover_after_ten_years": _against(_turnover("after_ten_years"), _turnover("all")),
    "hires_from_sector": _ratio("hires_from_sector", "hires", 100.0),
    "missed_visits": _ratio("missed", "due", 1000.0),
    "late_visits": _ratio("late", "made", 100.0),
    "start_wait": start_wait,
    "start_wait_median": start_wait_median,
    "closures": _ratio("closures", "agency_weeks", 100.0 * YEAR),
    "people_losing_agency": _ratio("lost_agency", "person_weeks", 100.0 * YEAR),
    "agencies_under_thirty": _ratio("agencies_under_thirty", "agencies", 100.0),
    "travel_share": _share("travel", "travel", "contact"),
    "miles_per_visit": _ratio("miles", "made"),
    "visits_up_to_15_minutes": _ratio("visits_to_15", "visits", 100.0),
    "control_adequate": _ratio("control_adequate", "people", 100.0),
    "control_full": _ratio("control_full", "people", 100.0),
    "suitable_times": _ratio("suited", "people", 100.0),
    "reviewed_in_year": _ratio("reviewed", "long_term", 100.0),
    "intensive_share": _ratio("intensive", "people", 100.0),
}
"""Measures of one market or of several pooled, by the name that targets give."""


def turnover_spread(councils: Sequence[Sums]) -> float:
    """Return the standard deviation of turnover over councils, in points; NaN of fewer than two."""
    values = [MEASURES["turnover"](sums) for sums in councils]
    return statistics.stdev(values) if len(values) > 1 and all(map(math.isfinite, values)) else math.nan


SPREADS: dict[str, Callable[[Sequence[Sums]], float]] = {"turnover_spread": turnover_spread}
"""Measures over several councils."""
