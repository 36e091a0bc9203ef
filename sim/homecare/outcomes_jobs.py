"""Outcomes of retention by kind of job: by promise, time in the job and pay."""

from __future__ import annotations

from homecare.lived_columns import CONTACT
from homecare.outcomes_terms import LOWER, NEITHER, Week, exact_mean, outcome, ratio


def yearly(x: Week, group: str) -> float:
    """Return those of a group who left an agency this week that did not close, as a yearly share of the group."""
    return 52.0 * ratio(x.tally["leavers_" + group], x.tally["staff_" + group])


@outcome("retention", "share of staff a year", LOWER)
def turnover_zero_hours(x: Week) -> float:
    """Care workers with no guaranteed hours who left this week but for closures, as a yearly share of them."""
    return yearly(x, "unpromised")


@outcome("retention", "share of staff a year", LOWER)
def turnover_guaranteed(x: Week) -> float:
    """Care workers with guaranteed hours or paid shifts who left but for closures, as a yearly share of them."""
    return yearly(x, "promised")


@outcome("retention", "share of staff a year", LOWER)
def turnover_first_year(x: Week) -> float:
    """Care workers less than a year in the job who left this week but for closures, as a yearly share of them."""
    return yearly(x, "first_year")


@outcome("retention", "share of staff a year", LOWER)
def turnover_second_third_year(x: Week) -> float:
    """Care workers one to three years in the job who left this week but for closures, as a yearly share of them."""
    return yearly(x, "second_third_year")


@outcome("retention", "share of staff a year", LOWER)
def turnover_longer(x: Week) -> float:
    """Care workers three years or more in the job who left this week but for closures, as a yearly share of them."""
    return yearly(x, "longer")


@outcome("retention", "share of staff a year", LOWER)
def turnover_near_floor(x: Week) -> float:
    """Care workers whose hourly wage is within 10p of the floor who left but for closures, as a yearly share of them."""
    return yearly(x, "near_floor")


@outcome("retention", "share of staff a year", LOWER)
def turnover_above_floor(x: Week) -> float:
    """Care workers paid 1.50 pounds an hour or more above the floor who left but for closures, as a yearly share."""
    return yearly(x, "above_floor")


@outcome("retention", "ratio", LOWER)
def pay_swing_zero_hours(x: Week) -> float:
    """Typical change of weekly pay against its mean, of care workers with no guaranteed hours."""
    return exact_mean(x.w.pay_swing[x.team[x.promised == 0]])


@outcome("retention", "ratio", LOWER)
def pay_swing_guaranteed(x: Week) -> float:
    """Typical change of weekly pay against its mean, of care workers with guaranteed hours or paid shifts."""
    return exact_mean(x.w.pay_swing[x.team[x.promised > 0]])


@outcome("retention", "hours a week", NEITHER)
def hours_per_worker(x: Week) -> float:
    """Contact hours given in rounds this week for each care worker in work, those away included."""
    return ratio(x.work[CONTACT] / 3600.0, x.team.size)


@outcome("retention", "workers a person", NEITHER)
def workers_per_person(x: Week) -> float:
    """Care workers in work for each person who receives care at home."""
    return ratio(x.team.size, x.served.size)


@outcome("retention", "pounds a week", NEITHER)
def sick_pay(x: Week) -> float:
    """Sick pay of all workers this week, by law or by the terms of the job."""
    return x.tally["sick_pay"] / 100.0


@outcome("retention", "share of workers", LOWER)
def working_ill(x: Week) -> float:
    """Care workers who worked through a short illness this week because staying at home would have cost them pay."""
    return ratio(x.tally["works_ill"], x.team.size)


@outcome("retention", "share of workers", NEITHER)
def away_sick(x: Week) -> float:
    """Care workers away for at least a day this week because they were ill."""
    return ratio(x.tally["sick_workers"], x.team.size)


@outcome("cost", "pounds a week", NEITHER)
def premium_pay(x: Week) -> float:
    """Pay on top of wages for weekend and evening contact, all agencies together."""
    return x.tally["premium_pence"] / 100.0


@outcome("retention", "share of workers", NEITHER)
def paid_by_shift(x: Week) -> float:
    """Care workers in work whose job pays the shift from its start to its end."""
    if not x.w.shift_end.any():  # as in most markets
        return ratio(0, x.team.size)
    return ratio(x.w.shift_end[x.team].any(axis=1).sum(), x.team.size)


@outcome("cost", "pounds an hour", NEITHER)
def clause_supplement(x: Week) -> float:
    """Part of the council's hourly fee that pays for terms of employment that it asks for."""
    return x.market.commissioners.agents[0].clause_pence / 100.0
