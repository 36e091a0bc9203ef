"""Agencies: branches that say yes or no, hire, pay, promise hours, roster, and may close."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from homecare.agents.bidding import Bidder
from homecare.numerics import normal_quantile
from homecare.params import InitialCondition, Uncertainty, param
from homecare.tables import Col, RowAgent

SINGLE, CHAIN, NOT_FOR_PROFIT, IN_HOUSE = 0, 1, 2, 3
OWNERSHIP_NAMES = ("for-profit, single branch", "for-profit chain", "not-for-profit", "council in-house")
UNRATED = -1
RATING_NAMES = ("inadequate", "requires improvement", "good", "outstanding")


class AgencyBehaviour(Uncertainty):
    """How agencies decide."""

    theme: ClassVar[str] = "agency_behaviour"
    obliged_caution: float = param(0.5, unit="share", low=0.0, high=1.0, source="assumption")
    """Share of a package's visits that must fit where its contract obliges the agency to take it."""
    caution: float = param(0.98, unit="share", low=0.6, high=1.0, source="assumption")
    """Share of a package's visits that must fit into real rounds before an agency says yes."""
    margin_floor: float = param(0.0, unit="share", low=-0.2, high=0.2, source="assumption")
    """Marginal surplus on a package, as a share of its fee, below which an agency says no."""
    overtime_cost: float = param(1.25, unit="ratio", low=1, high=1.6, source="assumption")
    """Cost of an hour found at short notice against an ordinary one: premiums, managers' time."""
    cost_per_hire: float = param(3600.0, unit="pounds", low=1500, high=4500, source="cost_per_hire_2024")
    """Cost of replacing one worker."""
    hire_cash_share: float = param(0.3, unit="share", low=0.2, high=1, source="assumption")
    """Part of the cost of replacing a worker that is spent beyond what overheads count already."""
    wage_step: float = param(0.1, unit="pounds an hour", low=0.02, high=0.4, source="assumption")
    """By how much an agency moves its wage in a quarter."""
    vacancy_tolerated: float = param(0.08, unit="share", low=0.02, high=0.2, source="assumption")
    """Share of unstaffed hours above which an agency that can afford it raises its wage."""
    premium_step: float = param(0.0, unit="share", low=0, high=0.1, source="assumption")
    """By how much an agency moves its own weekend premium in a quarter; 0: none chooses one (as where councils pay)."""
    growth_wanted: float = param(0.03, unit="share", low=0, high=0.15, source="assumption")
    """Hours that an agency tries to staff beyond those it has been giving."""
    refused_weeks: float = param(1.0, unit="weeks", low=0, high=8, source="assumption")
    """Weeks of work refused for want of staff that an agency tries to staff, so as to say yes next time."""
    growth_most: float = param(0.12, unit="share", low=0.02, high=0.3, source="assumption")
    """Most of its present hours by which it tries to grow at once for work refused."""
    hire_for_open: float = param(1.0, unit="ratio", low=0.5, high=5, source="assumption")
    """Hours recruited for each hour of visits that stand in nobody's lasting round."""
    patience_weeks: int = param(39, unit="weeks", low=4, high=104, source="assumption")
    """Weeks with no money that an agency bears before it closes."""
    hand_back_weeks: int = param(4, unit="weeks", low=1, high=13, source="assumption")
    """Notice of a package handed back."""
    compliance_share: float = param(0.67, unit="share", low=0.4, high=0.95, source="hmrc_noncompliance_homecare_2011_13")
    """Share of agencies that make good pay below the floor without being found out."""
    promised_part: float = param(0.8, unit="share", low=0.3, high=1, source="assumption")
    """Guaranteed hours of a job against the hours that the worker wants."""
    stretch_share: float = param(0.2, unit="share", low=0.05, high=0.5, source="assumption")
    """Share of visits in nobody's lasting round above which packages are handed back."""
    independence_effort: float = param(0.25, unit="share", low=0, high=0.6, source="assumption")
    """Effort on doing things with people where it neither costs nor pays."""
    effort_step: float = param(0.05, unit="share", low=0.01, high=0.2, source="assumption")
    """By how much effort moves in a quarter towards what pays."""


class AgencyCosts(Uncertainty):
    """What it costs to run an agency."""

    theme: ClassVar[str] = "agency_costs"
    on_cost_share: float = param(0.24, unit="share", low=0.18, high=0.36, source="mp2020_oncost")
    """Employer's national insurance, pension, holiday, sickness and training on top of wages."""
    overhead_hour: float = param(2.7, unit="pounds an hour", low=2.5, high=7.5, source="mp2020_business")
    """Cost of running the business for each hour of care: coordinators, systems, office."""
    overhead_week: float = param(220.0, unit="pounds a week", low=100, high=1000, source="assumption")
    """Cost of running the business whatever its size: registered manager's share, insurance, fees."""
    price_rise: float = param(0.035, unit="share a year", low=0, high=0.12, source="assumption")
    """Rise each April of what running an agency costs: office, systems, insurance."""
    mileage: float = param(0.30, unit="pounds a mile", low=0.1, high=0.45, source="mileage_le30p_south_west_2022")
    """Paid to workers who drive."""
    mileage_cost: float = param(0.45, unit="pounds a mile", low=0.3, high=0.6, source="mileage_hmrc_rate")
    """What driving costs the worker."""
    owners_share: float = param(0.4, unit="share", low=0, high=1, source="assumption")
    """Share of a year's surplus that owners of for-profit agencies take out."""


class Providers(InitialCondition):
    """Which agencies there are at the start."""

    theme: ClassVar[str] = "providers"
    hours_per_agency: float = param(350.0, unit="hours a week", low=240, high=800, source="hours_per_agency_week_derived")
    """Mean weekly hours of an agency, which sets how many there are."""
    size_spread: float = param(1.1, unit="log", low=0.5, high=1.8, source="very_small_2025")
    """Spread of agencies' sizes on a log scale: many small, few large."""
    for_profit_share: float = param(0.877, unit="share", low=0.7, high=0.97, source="single_site")
    """Share of agencies that are for-profit (87.7 per cent of rated community services, CQC 2024)."""
    chain_share: float = param(0.1, unit="share", low=0, high=0.4, source="single_site")
    """Share of for-profit agencies that belong to a chain."""
    private_premium: float = param(1.2, unit="ratio", low=1.05, high=1.35, source="private_premium_derived")
    """Price for those who pay themselves against the council's fee."""
    unrated_share: float = param(0.335, unit="share", low=0.1, high=0.5, source="cqc_unrated_2025")
    """Share of agencies never rated at the start."""
    travel_paid_share: float = param(0.45, unit="share", low=0.2, high=0.9, source="unpaid_travel_homecare_2019")
    """Share of agencies that pay travel time between visits."""
    zero_hours_share: float = param(0.55, unit="share", low=0.45, high=0.65, source="zhc_dom_care_workers_2018_19")
    """Share of workers on zero-hours contracts when the burn-in begins; then agencies choose."""
    starting_cash_weeks: float = param(8.0, unit="weeks", low=1, high=26, source="assumption")
    """Money in hand at the start, in weeks of turnover."""


class Agency(Bidder, RowAgent):
    """A branch of an agency. Its decisions are the short methods below; override them to change it."""

    ownership = Col(np.int8, SINGLE, "", "0 single, 1 chain, 2 not-for-profit, 3 council in-house")
    x = Col(np.float64, 0.0, "metres", "Easting of the branch")
    y = Col(np.float64, 0.0, "metres", "Northing of the branch")
    founded = Col(np.int64, -1000, "week", "Week of the first package")
    size_aim = Col(np.float64, 1.0, "ratio", "Size against the mean, when the run was built")
    rating = Col(np.int8, UNRATED, "", "Published rating, -1 unrated, 0-3")
    inspected = Col(np.int64, -1000, "week", "Week of the last inspection")
    quality = Col(np.float64, 0.7, "0-1", "True quality: what its users lived in recent weeks")
    cash = Col(np.int64, 0, "pence", "Money in hand")
    owed = Col(np.int64, 0, "pence", "Invoices not yet paid")
    surplus = Col(np.int64, 0, "pence", "Income less cost of the last 13 weeks")
    turnover = Col(np.int64, 0, "pence", "Income of the last 13 weeks")
    income_mean = Col(np.float64, 0.0, "pence a week", "Income of the last half year or so")
    cost_mean = Col(np.float64, 0.0, "pence a week", "Cost of the last half year or so")
    weeks_in_red = Col(np.int64, 0, "weeks", "Weeks in a row in which it owes more than lenders advance on its invoices")
    wage = Col(np.int64, 1260, "pence an hour", "Wage offered")
    travel_paid = Col(np.float64, 0.0, "share", "Share of travel between visits that the agency wishes to pay")
    promise_share = Col(np.float64, 0.45, "share", "Share of staff hours that the agency wishes to guarantee")
    price = Col(np.int64, 2892, "pence an hour", "Price for those who choose and pay themselves")
    effort = Col(np.float64, 0.25, "share", "Effort on doing things with people")
    last_yes = Col(np.int64, -10000, "week", "Week in which it last took a council package")
    asked = Col(np.int64, 0, "requests", "Requests this week")
    accepted = Col(np.int64, 0, "packages", "Packages taken this week")
    hours_mean = Col(np.float64, 0.0, "seconds a week", "Paid care time in recent weeks")
    hours_change = Col(np.float64, 0.0, "seconds a week", "Typical change of paid care time from week to week")
    travel_share = Col(np.float64, 0.2, "ratio", "Travel against contact in recent weeks")
    waiting_share = Col(np.float64, 0.2, "ratio", "Waits between visits against contact in recent weeks")
    topped_hour = Col(np.float64, 0.0, "pence an hour", "Pay made good up to the floor against contact in recent weeks")
    weekend_premium = Col(np.float64, 0.0, "share", "Pay on top of the wage for weekend contact that it chooses itself")
    weekend_short = Col(np.float64, 0.0, "share", "Weekend visits for which no worker was found, recent weeks")
    weekday_short = Col(np.float64, 0.0, "share", "The same on other days")
    miles_hour = Col(np.float64, 4.5, "miles an hour", "Miles paid for against contact in recent weeks")
    lived_share = Col(np.float64, 0.97, "share", "Contact lived against contact planned, recent weeks")
    staff_seconds = Col(np.int64, 0, "seconds a week", "Hours that the present staff want, leave taken off")
    planned_seconds = Col(np.int64, 0, "seconds a week", "Contact time in its packages")
    open_seconds = Col(np.int64, 0, "seconds a week", "Of which in no lasting round")
    vacancy_seconds = Col(np.int64, 0, "seconds a week", "Hours that it tries to recruit for")
    coming_seconds = Col(np.int64, 0, "seconds a week", "Hours of those hired who have not begun, leave taken off")
    turned_away = Col(np.float64, 0.0, "seconds a week", "Contact time refused for want of staff, recent weeks")
    leavers = Col(np.int64, 0, "workers", "Leavers of the last 13 weeks")
    manager_seconds = Col(np.int64, 0, "seconds a week", "Time that managers can give to visits in a week")
    empty_weeks = Col(np.int64, 0, "weeks", "Weeks in a row without a package")
    suspended = Col(np.bool_, False, "", "Whether the council asks it for nothing")
    hiring = Col(np.int64, 0, "pence", "Spent on hiring this week")
    guarantee_paid = Col(np.int64, 0, "pence", "Pay for promised hours without work, last 13 weeks")
    cost_hour = Col(np.float64, 0.0, "pence an hour", "Cost of an hour paid for in recent weeks, but for fixed costs")
    rival_fee = Col(np.float64, 1.0, "ratio", "Fee that it believes will win a tender, against the council's fee")
    rival_spread = Col(np.float64, 0.0, "ratio", "Spread of winning fees that it has seen, against the council's fee")
    wage_ratio = Col(np.float64, 0.0, "ratio", "Least wage that its owner pays, against the wage floor")
    least_promise = Col(np.float64, 0.0, "share", "Least share of staff hours that its owner guarantees")
    free_seconds = Col(np.int64, 0, "seconds a week", "Contact time that its present staff could still give")
    staff_aim = Col(np.int64, 0, "seconds a week", "Hours that its owner wants staffed, whatever the work")

    def wage_wanted(self, floor: int, behaviour: AgencyBehaviour) -> int:
        """Return the wage in pence an hour that the agency offers from now on.

        It goes up a step where hours stay unstaffed and the last quarter left a surplus, down a step where
        the quarter lost money and staff are not short, and never below the floor.
        """
        step = round(behaviour.wage_step * 100)
        floor = max(floor, round(self.wage_ratio * floor))
        wanted = self.staff_seconds + self.vacancy_seconds
        short = self.vacancy_seconds > behaviour.vacancy_tolerated * max(wanted, 1)
        if short and self.surplus > 0:
            return max(self.wage + step, floor)
        if not short and self.surplus < 0:
            return max(self.wage - step, floor)
        return max(self.wage, floor)

    def premium_wanted(self, behaviour: AgencyBehaviour) -> float:
        """Return the weekend premium, a share of the wage, that the agency offers from now on.

        Up a step where weekend visits found nobody more often than others, down where the quarter lost money;
        between nought and a half.
        """
        up = self.surplus >= 0 and self.weekend_short > self.weekday_short
        steps = int(up) - int(self.surplus < 0)
        return min(max(self.weekend_premium + steps * behaviour.premium_step, 0.0), 0.5)

    def promise_wanted(self, behaviour: AgencyBehaviour, weekly_leaving: float) -> float:
        """Return the share of staff hours that it pays to guarantee: a newsvendor's answer.

        One more hour is promised while the expected pay for it when idle is below the expected cost of
        finding it otherwise: the premium of an hour at short notice, and the hiring that steadier hours save.
        Demand is the agency's own: mean and typical change of its recent weeks.
        """
        if self.hours_mean <= 0 or self.staff_seconds <= 0:
            return self.least_promise
        hour = self.wage / 100.0
        shortage = (behaviour.overtime_cost - 1.0) * hour
        shortage += behaviour.cost_per_hire * weekly_leaving / max(self.staff_seconds / 3600.0 / 25.0, 1.0) / 25.0
        fractile = shortage / (shortage + hour)
        level = self.hours_mean + _quantile(fractile) * self.demand_spread()
        return min(max(level / self.staff_seconds, self.least_promise), 1.0)

    def demand_spread(self) -> float:
        """Return the standard deviation of its own care time that it expects over a quarter, in seconds a week."""
        return 1.2533 * self.hours_change * math.sqrt(13.0)

    def idle_expected(self, promised: float) -> float:
        """Return the seconds a week that it expects to pay idle where it promises ``promised`` seconds.

        Notes
        -----
        E[max(promised - D, 0)] for normal demand D, as the mean over twenty equal parts of its distribution.
        """
        spread = self.demand_spread()
        return math.fsum(max(promised - self.hours_mean - z * spread, 0.0) for z in _TWENTIETHS) / len(_TWENTIETHS)

    def effort_wanted(self, freed_hour_value: float, behaviour: AgencyBehaviour) -> float:
        """Return the effort on independence for the next quarter.

        ``freed_hour_value`` is what an hour of care that somebody no longer needs is worth to the agency, in
        pounds: what refilling it brings, less what is no longer paid for it.
        """
        aim = behaviour.independence_effort
        if freed_hour_value > 0.5:
            aim = 0.8
        elif freed_hour_value < -0.5:
            aim = 0.05
        step = behaviour.effort_step
        return min(max(self.effort + min(max(aim - self.effort, -step), step), 0.0), 1.0)

    def yes_terms(self, behaviour: AgencyBehaviour) -> tuple[float, float]:
        """Return what the agency asks of a package before it says yes.

        First the share of its visits that must fit into real rounds; then the least surplus, as a share of
        what it is paid, of the marginal pounds: fee less wages, paid travel and the running of it. Hours that
        are promised and idle cost nothing more.
        """
        return behaviour.caution, behaviour.margin_floor

    def packages_to_hand_back(self, packages: int, open_share: float, behaviour: AgencyBehaviour) -> int:
        """Return how many packages the agency gives notice on this week.

        It hands back where too many visits are in nobody's rounds to be covered week by week, or where money
        has run out for a month; never more than a twentieth of its packages at a time.
        """
        most = max(packages // 20, 1)
        if open_share > behaviour.stretch_share or self.weeks_in_red >= 4:
            return min(most, packages)
        return 0

    def must_close(self, behaviour: AgencyBehaviour) -> bool:
        """Return whether the agency gives up: too long without money, or nobody to serve and nobody to do it."""
        return self.weeks_in_red >= behaviour.patience_weeks


def _quantile(p: float) -> float:
    """Return the standard normal quantile of ``p``, as the kernels know it."""
    return float(normal_quantile(min(max(p, 1e-6), 1.0 - 1e-6)))


_TWENTIETHS = tuple(_quantile((i + 0.5) / 20.0) for i in range(20))
"""Standard normal quantiles at the middle of twenty equal parts."""
