"""Every weekly series, once: unit, better direction, group and definition.

Definitions are functions of the market after a week has been lived. Sums are exact whatever the order of rows:
whole numbers are added as such, and fractions by :func:`exact_mean`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from homecare.agents import service_user as su
from homecare.numerics import count_by, sum_by
from homecare.week_columns import (
    CONTACT,
    DUE,
    HURRIED,
    LATE,
    LATE_SECONDS,
    LIVED,
    MADE,
    MET,
    METRES,
    N_CLIPPED,
    N_MISSED,
    NEEDED,
    PRACTICE,
    STRANGERS,
    SUITED,
    TALK,
    TRAVEL,
)

GROUPS = ("quality", "retention", "cost", "access", "market", "equity", "independence")
HIGHER, LOWER, NEITHER = "higher", "lower", "neither"


@dataclass(frozen=True)
class Outcome:
    """One weekly series.

    Attributes
    ----------
    name, unit, group, sentence : str
    better : ``"higher"``, ``"lower"`` or ``"neither"`` (a description, not a goal)
    definition : function of a :class:`Week`
    """

    name: str
    unit: str
    better: str
    group: str
    sentence: str
    definition: Callable[[Week], float]


OUTCOMES: dict[str, Outcome] = {}


def outcome(group: str, unit: str, better: str) -> Callable:
    """Register the decorated function as an outcome; its docstring is the sentence."""

    def register(function: Callable[[Week], float]) -> Callable[[Week], float]:
        OUTCOMES[function.__name__] = Outcome(
            function.__name__, unit, better, group, (function.__doc__ or "").strip(), function)
        return function

    return register


def exact_mean(values: np.ndarray) -> float:
    """Return the mean, correctly rounded, so that the order of rows cannot matter; NaN of nothing."""
    return math.fsum(values.tolist()) / values.size if values.size else math.nan


def ratio(top: float, bottom: float) -> float:
    """Return ``top / bottom``; NaN where there is nothing to divide by."""
    return float(top) / float(bottom) if bottom else math.nan


class Week:
    """What the definitions read, gathered once a week."""

    def __init__(self, market) -> None:
        self.market = market
        self.u, self.w, self.g, self.p = (market.service_users, market.care_workers, market.agencies,
                                          market.packages)
        self.tally = market.tally
        self.lived = market.lived.users
        self.total = self.lived.sum(axis=0)
        self.alive = np.flatnonzero(self.u.alive)
        state = self.u.state[self.alive]
        self.served = self.alive[state == su.RECEIVING]
        self.waiting_assessment = self.alive[state == su.WAITING_ASSESSMENT]
        self.waiting_start = self.alive[state == su.WAITING_START]
        self.team = market.team
        self.work = market.lived.workers.sum(axis=0)
        self.blocks = np.flatnonzero(self.p.active & (self.p.agency >= 0))
        self.open_agencies = np.flatnonzero(self.g.alive)

    def per_served(self, column: str, where: np.ndarray | None = None) -> float:
        """Return the mean of a users' column over people served (or over a part of them)."""
        rows = self.served if where is None else self.served[where]
        return exact_mean(getattr(self.u, column)[rows])

    def gap(self, column: str, group: np.ndarray) -> float:
        """Return the mean of a users' column in a group of the served less that of the others."""
        return self.per_served(column, group) - self.per_served(column, ~group)


def measure(market) -> dict[str, float]:
    """Return the week's value of every outcome."""
    week = Week(market)
    return {name: float(one.definition(week)) for name, one in OUTCOMES.items()}


# ---- quality ------------------------------------------------------------------------------------------------


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


# ---- retention ----------------------------------------------------------------------------------------------


@outcome("retention", "share of staff a year", LOWER)
def turnover(x: Week) -> float:
    """Care workers who left their agency this week, as a yearly share of those in work."""
    return 52.0 * ratio(x.tally["leavers"], x.team.size)


@outcome("retention", "share of staff a year", LOWER)
def leaving_sector(x: Week) -> float:
    """Care workers who left the sector this week, as a yearly share of those in work."""
    return 52.0 * ratio(x.tally["leavers_sector"], x.team.size)


@outcome("retention", "share of hours", LOWER)
def vacancy_rate(x: Week) -> float:
    """Hours that agencies try to recruit for, of all hours that they staff or try to."""
    vacant, staffed = x.tally["vacancy_seconds"], x.tally["staff_seconds"]
    return ratio(vacant, vacant + staffed)


@outcome("retention", "share of workers", NEITHER)
def zero_hours_share(x: Week) -> float:
    """Care workers in work with no guaranteed hours."""
    return ratio(np.count_nonzero(x.w.promised[x.team] == 0), x.team.size)


@outcome("retention", "pounds an hour", HIGHER)
def effective_wage(x: Week) -> float:
    """Pay over all minutes of contact, travel and waiting, in workers' recent weeks."""
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


# ---- cost ---------------------------------------------------------------------------------------------------


@outcome("cost", "thousand pounds a week", LOWER)
def council_spend(x: Week) -> float:
    """Fees that the council owes for this week's care, less charges paid by people."""
    return (x.tally["council_fees"] - x.tally["charges"]) / 100000.0


@outcome("cost", "pounds an hour", LOWER)
def cost_per_hour(x: Week) -> float:
    """Council fees, void hours included, for an hour of care that council-funded people received."""
    council = x.p.route[x.blocks] != su.SELF_FUNDER
    return ratio(36.0 * x.tally["council_fees"], x.lived[x.blocks[council], LIVED].sum())


@outcome("cost", "hours a week", NEITHER)
def hours_delivered(x: Week) -> float:
    """Contact hours given to everybody."""
    return x.total[LIVED] / 3600.0


@outcome("cost", "hours a week", LOWER)
def void_hours(x: Week) -> float:
    """Hours paid for in block contracts and not used."""
    return x.tally["void_seconds"] / 3600.0


@outcome("cost", "pounds a week", NEITHER)
def charges_per_person(x: Week) -> float:
    """Mean charge paid by council-funded people served."""
    council = np.count_nonzero(x.u.route[x.served] != su.SELF_FUNDER)
    return ratio(x.tally["charges"], 100 * council)


@outcome("cost", "minutes an hour", LOWER)
def travel_minutes(x: Week) -> float:
    """Minutes between visits for an hour of contact."""
    return 60.0 * ratio(x.work[TRAVEL], x.work[CONTACT])


@outcome("cost", "miles a visit", LOWER)
def miles_per_visit(x: Week) -> float:
    """Road miles between visits for each attendance made."""
    return ratio(x.work[METRES] * x.market.uncertainty.travel.detour / 1609.344, x.total[MADE])


@outcome("cost", "pounds a week", LOWER)
def idle_pay(x: Week) -> float:
    """Pay for guaranteed hours without work, all agencies together."""
    return x.tally["idle_pence"] / 100.0


# ---- access -------------------------------------------------------------------------------------------------


@outcome("access", "people", LOWER)
def people_waiting_assessment(x: Week) -> float:
    """People who wait for an assessment."""
    return float(x.waiting_assessment.size)


@outcome("access", "people", LOWER)
def people_waiting_start(x: Week) -> float:
    """People with a plan who wait for an agency."""
    return float(x.waiting_start.size)


@outcome("access", "days", LOWER)
def assessment_wait(x: Week) -> float:
    """Mean days from request to assessment, of those assessed this week."""
    return ratio(x.tally["assessment_days"], x.tally["assessments"])


@outcome("access", "days", LOWER)
def start_wait(x: Week) -> float:
    """Mean days from assessment to the start of care, of council-funded people who started this week."""
    return ratio(x.tally["start_days"], x.tally["new_starts"])


@outcome("access", "share", HIGHER)
def acceptance(x: Week) -> float:
    """Packages taken, of all times that an agency was asked for one this week."""
    return ratio(x.tally["accepted"], x.tally["asked"])


@outcome("access", "people", HIGHER)
def people_served(x: Week) -> float:
    """People who receive care at home."""
    return float(x.served.size)


@outcome("access", "hours a week", NEITHER)
def hours_per_person(x: Week) -> float:
    """Planned contact hours of a council-funded person served, both carers counted."""
    blocks = x.u.block[x.served[x.u.route[x.served] != su.SELF_FUNDER]]
    return ratio(x.p.planned[blocks].sum(), 3600 * blocks.size)


@outcome("access", "reviews", LOWER)
def reviews_overdue(x: Week) -> float:
    """Reviews that are due and not done."""
    return float(x.tally["reviews_overdue"])


@outcome("access", "days", LOWER)
def change_wait(x: Week) -> float:
    """Mean days from asking for a change of plan to its approval, of those approved this week."""
    return ratio(x.tally["change_days"], x.tally["changes"])


# ---- market -------------------------------------------------------------------------------------------------


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
    hours = np.sort(sum_by(x.p.agency[x.blocks], x.p.planned[x.blocks], x.g.n), kind="stable")
    return ratio(hours[-4:].sum(), hours.sum())


@outcome("market", "share", HIGHER)
def agency_margin(x: Week) -> float:
    """This week's income less cost of all agencies, as a share of income."""
    income = int(x.market.week_income.sum())
    return ratio(income - int(x.market.week_cost.sum()), income)


@outcome("market", "share", NEITHER)
def small_agencies(x: Week) -> float:
    """Open agencies that serve four people or fewer."""
    count = count_by(x.p.agency[x.blocks], x.g.n)[x.open_agencies]
    return ratio(np.count_nonzero(count <= 4), count.size)


@outcome("market", "share", HIGHER)
def rated_good(x: Week) -> float:
    """Agencies rated good or outstanding, of those rated."""
    rating = x.g.rating[x.open_agencies]
    return ratio(np.count_nonzero(rating >= 2), np.count_nonzero(rating >= 0))


# ---- equity -------------------------------------------------------------------------------------------------


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
    return x.gap("scrqol", x.u.route[x.served] != su.SELF_FUNDER)


@outcome("equity", "share", LOWER)
def rural_share_of_waiting(x: Week) -> float:
    """Share of those who wait for an agency who live in rural places."""
    return ratio(np.count_nonzero(x.u.rural[x.waiting_start]), x.waiting_start.size)


# ---- independence -------------------------------------------------------------------------------------------


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
