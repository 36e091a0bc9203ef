"""Outcomes of quality, equity and independence."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.lived_columns import (
    DUE,
    HURRIED,
    LATE,
    LATE_SECONDS,
    LIVED,
    MADE,
    MET,
    N_CLIPPED,
    N_MISSED,
    N_MOVED,
    NEEDED,
    PRACTICE,
    STRANGERS,
    SUITED,
    TALK,
)
from homecare.outcomes_terms import HIGHER, LOWER, NEITHER, Week, exact_mean, outcome, ratio


@outcome("quality", "score 0-24", HIGHER)
def scrqol(x: Week) -> float:
    """Social care related quality of life of people served: mean of the sum of eight ASCOT domains."""
    return x.per_served("scrqol")


@outcome("quality", "score 0-3", HIGHER)
def control(x: Week) -> float:
    """Control over daily life of people served: mean of the ASCOT domain."""
    return exact_mean(x.u.domains[x.served, su.CONTROL])


@outcome("quality", "score 0-3", HIGHER)
def dignity(x: Week) -> float:
    """Dignity of people served: mean of the ASCOT domain."""
    return exact_mean(x.u.domains[x.served, su.DIGNITY])


@outcome("quality", "share", HIGHER)
def need_met(x: Week) -> float:
    """Care time needed from paid carers this week that was given."""
    return ratio(x.total[MET], x.total[NEEDED])


@outcome("quality", "per 1,000 visits", LOWER)
def missed_visits(x: Week) -> float:
    """Attendances that nobody made, of those due."""
    return 1000.0 * ratio(x.total[N_MISSED], x.total[DUE])


@outcome("quality", "per 1,000 visits", LOWER)
def moved_visits(x: Week) -> float:
    """Attendances moved out of the window that was agreed rather than missed, of those made."""
    return 1000.0 * ratio(x.total[N_MOVED], x.total[MADE])


@outcome("quality", "share", LOWER)
def late_visits(x: Week) -> float:
    """Attendances begun more than 30 minutes after the rostered time, of those made."""
    return ratio(x.total[LATE], x.total[MADE])


@outcome("quality", "minutes", LOWER)
def mean_lateness(x: Week) -> float:
    """Mean minutes after the rostered time at which attendances began."""
    return ratio(x.total[LATE_SECONDS], x.total[MADE]) / 60.0


@outcome("quality", "share", LOWER)
def clipped_visits(x: Week) -> float:
    """Attendances below 90 per cent of their agreed length, not at the person's wish, of those made."""
    return ratio(x.total[N_CLIPPED], x.total[MADE])


@outcome("quality", "share", LOWER)
def hurried_visits(x: Week) -> float:
    """Attendances that the worker cut by a minute or more for being late, of those made."""
    return ratio(x.total[HURRIED], x.total[MADE])


@outcome("quality", "share", HIGHER)
def visits_at_wanted_time(x: Week) -> float:
    """Attendances begun within half an hour of the time that the person wants, of those made."""
    return ratio(x.total[SUITED], x.total[MADE])


@outcome("quality", "share", LOWER)
def strangers(x: Week) -> float:
    """Attendances by somebody whom the person has met fewer than three times, of those made."""
    return ratio(x.total[STRANGERS], x.total[MADE])


@outcome("quality", "workers", LOWER)
def workers_met(x: Week) -> float:
    """Different care workers that a person served meets in the week."""
    return exact_mean(x.u.workers_met[x.served].astype(np.float64))


@outcome("quality", "minutes a visit", HIGHER)
def quality_time(x: Week) -> float:
    """Minutes a visit beyond the care itself: somebody to talk to."""
    return ratio(x.total[TALK], x.total[MADE]) / 60.0


@outcome("quality", "share", LOWER)
def people_with_problem(x: Week) -> float:
    """People served whose times, hurry or strangers have gone beyond their goodwill."""
    return ratio(x.tally["problems"], x.served.size)

@outcome("equity", "score 0-24", NEITHER)
def rural_gap(x: Week) -> float:
    """SCRQoL of people in rural places less that of others."""
    return x.gap("scrqol", x.u.rural[x.served])


@outcome("equity", "score 0-24", NEITHER)
def deprivation_gap(x: Week) -> float:
    """SCRQoL in the three most deprived tenths of places less that of others."""
    return x.gap("scrqol", x.u.imd_decile[x.served] <= 3)


@outcome("equity", "score 0-24", NEITHER)
def funding_gap(x: Week) -> float:
    """SCRQoL of council-funded people less that of self-funders."""
    return x.gap("scrqol", x.route != su.SELF_FUNDER)


@outcome("equity", "share", LOWER)
def rural_share_of_waiting(x: Week) -> float:
    """Share of those who wait for an agency who live in rural places."""
    return ratio(np.count_nonzero(x.u.rural[x.waiting_start]), x.waiting_start.size)

@outcome("independence", "0-1", HIGHER)
def capability(x: Week) -> float:
    """Mean capability in the four tasks of people served."""
    return exact_mean(x.u.capability[x.served].ravel())


@outcome("independence", "share", HIGHER)
def practice(x: Week) -> float:
    """Care time in which the worker does things with the person and not for them."""
    return ratio(x.total[PRACTICE], x.total[LIVED])


@outcome("independence", "people a week", LOWER)
def care_home_moves(x: Week) -> float:
    """People who moved to a care home this week."""
    return float(x.tally["ends"][su.CARE_HOME])


@outcome("independence", "people a week", LOWER)
def hospital_admissions(x: Week) -> float:
    """People served who were admitted to hospital this week."""
    return float(x.tally["admissions"])


@outcome("independence", "people a week", HIGHER)
def recoveries(x: Week) -> float:
    """People who needed no more care this week."""
    return float(x.tally["ends"][su.RECOVERED])


@outcome("independence", "0-1", LOWER)
def family_strain(x: Week) -> float:
    """Mean strain of family carers of people served."""
    return x.per_served("family_strain")
