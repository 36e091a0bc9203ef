"""Outcomes of retention by kind of job: by promise, time in the job and pay."""

from __future__ import annotations

from homecare.lived_columns import CONTACT
from homecare.outcomes_terms import LOWER, NEITHER, Week, exact_mean, outcome, ratio


def yearly(x: Week, group: str) -> float:
    """Return those of a group who left their agency this week, as a yearly share of the group."""
    return 52.0 * ratio(x.tally["leavers_" + group], x.tally["staff_" + group])


@outcome("retention", "share of staff a year", LOWER)
def turnover_zero_hours(x: Week) -> float:
    """Care workers with no guaranteed hours who left their agency this week, as a yearly share of them."""
    return yearly(x, "zero_hours")


@outcome("retention", "share of staff a year", LOWER)
def turnover_guaranteed(x: Week) -> float:
    """Care workers with guaranteed hours or paid shifts who left their agency this week, as a yearly share of them."""
    return yearly(x, "promised")


@outcome("retention", "share of staff a year", LOWER)
def turnover_first_year(x: Week) -> float:
    """Care workers less than a year in the job who left their agency this week, as a yearly share of them."""
    return yearly(x, "first_year")


@outcome("retention", "share of staff a year", LOWER)
def turnover_second_third_year(x: Week) -> float:
    """Care workers one to three years in the job who left their agency this week, as a yearly share of them."""
    return yearly(x, "second_third_year")


@outcome("retention", "share of staff a year", LOWER)
def turnover_longer(x: Week) -> float:
    """Care workers three years or more in the job who left their agency this week, as a yearly share of them."""
    return yearly(x, "longer")


@outcome("retention", "share of staff a year", LOWER)
def turnover_near_floor(x: Week) -> float:
    """Care workers whose hourly wage is within 10p of the floor who left this week, as a yearly share of them."""
    return yearly(x, "near_floor")


@outcome("retention", "share of staff a year", LOWER)
def turnover_above_floor(x: Week) -> float:
    """Care workers whose hourly wage is 1.50 pounds or more above the floor who left, as a yearly share of them."""
    return yearly(x, "above_floor")


@outcome("retention", "ratio", LOWER)
def pay_swing_zero_hours(x: Week) -> float:
    """Typical change of weekly pay against its mean, of care workers with no guaranteed hours."""
    return exact_mean(x.w.pay_swing[x.team[x.w.promised[x.team] == 0]])


@outcome("retention", "ratio", LOWER)
def pay_swing_guaranteed(x: Week) -> float:
    """Typical change of weekly pay against its mean, of care workers with guaranteed hours or paid shifts."""
    return exact_mean(x.w.pay_swing[x.team[x.w.promised[x.team] > 0]])


@outcome("retention", "hours a week", NEITHER)
def hours_per_worker(x: Week) -> float:
    """Contact hours given in rounds this week for each care worker in work, those away included."""
    return ratio(x.work[CONTACT] / 3600.0, x.team.size)


@outcome("retention", "workers a person", NEITHER)
def workers_per_person(x: Week) -> float:
    """Care workers in work for each person who receives care at home."""
    return ratio(x.team.size, x.served.size)
