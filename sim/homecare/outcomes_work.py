"""Outcomes of retention and of the market."""

from __future__ import annotations

import numpy as np

from homecare.numerics import count_by
from homecare.outcomes_terms import HIGHER, LOWER, NEITHER, Week, exact_mean, outcome, ratio


@outcome("retention", "share of staff a year", LOWER)
def turnover(x: Week) -> float:
    """Care workers who left their agency this week, or whose agency closed, as a yearly share of those in work."""
    return 52.0 * ratio(x.tally["leavers"], x.team.size)


@outcome("retention", "share of staff a year", LOWER)
def leaving_sector(x: Week) -> float:
    """Care workers who left the sector this week, as a yearly share of those in work."""
    return 52.0 * ratio(x.tally["leavers_sector"], x.team.size)


@outcome("retention", "share of hours", LOWER)
def vacancy_rate(x: Week) -> float:
    """Hours in which nobody works yet: tried to recruit for, or hired and not begun; of all hours of posts."""
    vacant, staffed = x.tally["vacancy_seconds"], x.tally["staff_seconds"]
    return ratio(vacant, vacant + staffed)


@outcome("retention", "share of workers", NEITHER)
def zero_hours_share(x: Week) -> float:
    """Care workers in work with no guaranteed hours."""
    return ratio(np.count_nonzero(x.promised == 0), x.team.size)


@outcome("retention", "pounds an hour", HIGHER)
def effective_wage(x: Week) -> float:
    """Pay over all minutes of contact, travel, waiting and incidents, in workers' recent weeks."""
    return exact_mean(x.w.effective_wage[x.team])


@outcome("retention", "pounds an hour", HIGHER)
def wage(x: Week) -> float:
    """Mean wage of an hour that is paid."""
    return ratio(x.w.wage[x.team].sum(), 100 * x.team.size)


@outcome("retention", "ratio", LOWER)
def pay_swing(x: Week) -> float:
    """Typical change of weekly pay against its mean."""
    return exact_mean(x.w.pay_swing[x.team])


@outcome("retention", "share of workers", LOWER)
def below_wage_floor(x: Week) -> float:
    """Care workers whose pay of the last pay period was below the legal minimum and not made good."""
    return ratio(np.count_nonzero(x.w.below_floor[x.team]), x.team.size)


@outcome("retention", "years", HIGHER)
def tenure(x: Week) -> float:
    """Mean time of care workers in their present job."""
    return ratio((x.market.week - x.w.hired[x.team]).sum(), 52 * x.team.size)

@outcome("market", "agencies", NEITHER)
def agencies_open(x: Week) -> float:
    """Agencies that are open."""
    return float(x.open_agencies.size)


@outcome("market", "agencies a week", LOWER)
def closures(x: Week) -> float:
    """Agencies that closed this week."""
    return float(x.tally["closures"])


@outcome("market", "agencies a week", NEITHER)
def entries(x: Week) -> float:
    """Agencies that opened this week."""
    return float(x.tally["entries"])


@outcome("market", "packages a week", LOWER)
def hand_backs(x: Week) -> float:
    """Packages that agencies handed back and that ended this week."""
    return float(x.tally["handed_back"])


@outcome("market", "people a week", LOWER)
def people_displaced(x: Week) -> float:
    """People whose agency closed this week."""
    return float(x.tally["displaced"])


@outcome("market", "share", NEITHER)
def largest_four(x: Week) -> float:
    """Share of planned hours held by the four largest agencies."""
    hours = np.sort(x.agency_seconds, kind="stable")
    return ratio(hours[-4:].sum(), hours.sum())


@outcome("market", "share", HIGHER)
def agency_margin(x: Week) -> float:
    """This week's income less cost of all agencies, as a share of income."""
    income = int(x.market.week_income.sum())
    return ratio(income - int(x.market.week_cost.sum()), income)


@outcome("market", "share", NEITHER)
def small_agencies(x: Week) -> float:
    """Open agencies that serve four people or fewer."""
    count = count_by(x.agency, x.g.n)[x.open_agencies]
    return ratio(np.count_nonzero(count <= 4), count.size)


@outcome("market", "share", HIGHER)
def rated_good(x: Week) -> float:
    """Agencies rated good or outstanding, of those rated."""
    rating = x.g.rating[x.open_agencies]
    return ratio(np.count_nonzero(rating >= 2), np.count_nonzero(rating >= 0))
