"""Agencies: branches that say yes or no, hire, pay, promise hours, roster, and may close."""

from __future__ import annotations

import math

import numpy as np

from homecare.agents.agency_numbers import AgencyBehaviour
from homecare.agents.bidding import Bidder
from homecare.numerics import normal_quantile
from homecare.tables import Col, RowAgent

SINGLE, CHAIN, NOT_FOR_PROFIT, IN_HOUSE = 0, 1, 2, 3
OWNERSHIP_NAMES = ("for-profit, single branch", "for-profit chain", "not-for-profit", "council in-house")
UNRATED = -1
RATING_NAMES = ("inadequate", "requires improvement", "good", "outstanding")


class Agency(Bidder, RowAgent):
    """A branch of an agency. Its decisions are the short methods below; override them to change it."""

    ownership = Col(np.int8, SINGLE, "", "Who owns it", names=OWNERSHIP_NAMES)
    x = Col(np.float64, 0.0, "metres", "Easting of the branch")
    y = Col(np.float64, 0.0, "metres", "Northing of the branch")
    founded = Col(np.int64, -1000, "week", "Week in which it opened")
    size_aim = Col(np.float64, 1.0, "ratio", "Size against the mean, when the run was built")
    rating = Col(np.int8, UNRATED, "", "Published rating, -1 unrated", names=RATING_NAMES)
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
        between nought and ``premium_most``.
        """
        up = self.surplus >= 0 and self.weekend_short > self.weekday_short
        steps = int(up) - int(self.surplus < 0)
        return min(max(self.weekend_premium + steps * behaviour.premium_step, 0.0), behaviour.premium_most)

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
        post = behaviour.post_hours
        shortage += behaviour.cost_per_hire * weekly_leaving / max(self.staff_seconds / 3600.0 / post, 1.0) / post
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
        if freed_hour_value > behaviour.effort_gain:
            aim = behaviour.effort_most
        elif freed_hour_value < -behaviour.effort_gain:
            aim = behaviour.effort_least
        step = behaviour.effort_step
        return min(max(self.effort + min(max(aim - self.effort, -step), step), 0.0), 1.0)

    def yes_terms(self, behaviour: AgencyBehaviour) -> tuple[float, float]:
        """Return what the agency asks of a package before it says yes.

        First the share of its visits that must fit into real rounds; then the least surplus, as a share of
        what it is paid, of the marginal pounds: fee less wages, paid travel and the running of it. Hours that
        are promised and idle cost nothing more.
        """
        return behaviour.caution, behaviour.margin_floor

    def april_wage(self, floor_before: int, floor: int, behaviour: AgencyBehaviour) -> int:
        """Return the wage in pence an hour that it offers once the wage floor has risen.

        An agency whose last quarter left a surplus passes a part of the rise on to wages above the floor, so
        that differentials last; others pay what they paid, or the new floor.
        """
        kept = round(behaviour.differential_kept * (floor - floor_before)) if self.surplus > 0 else 0
        return max(self.wage + kept, floor)

    def packages_to_hand_back(self, empty: np.ndarray, surplus: np.ndarray, key: np.ndarray, open_share: float,
                              behaviour: AgencyBehaviour) -> np.ndarray:
        """Return int64[k]: which of its packages, by place in the arrays, it gives notice on this week.

        Where too many visits are in nobody's rounds to be covered week by week, those with most such visits
        go first. Where money has run out, those go that lose most, looked at each time that ``red_weeks``
        more have passed; a package that leaves a surplus is kept, since without it there would be less to pay the fixed
        costs with.

        Parameters
        ----------
        empty : int64[n], seconds a week of each package in nobody's round
        surplus : float64[n], pence a week that each package leaves
        key : int64[n], key of each package, which settles ties
        open_share : share of its visits' time in nobody's round
        """
        most = max(int(behaviour.hand_back_most * key.size), 1)
        if open_share > behaviour.stretch_share:
            return np.lexsort((key, -empty))[:most]
        if self.weeks_in_red > 0 and self.weeks_in_red % behaviour.red_weeks == 0:
            worst = np.lexsort((key, surplus))[:most]
            return worst[surplus[worst] < 0.0]
        return np.zeros(0, np.int64)

    def must_close(self, behaviour: AgencyBehaviour) -> bool:
        """Return whether the agency gives up: too long without money, or nobody to serve and nobody to do it."""
        return self.weeks_in_red >= behaviour.patience_weeks


def _quantile(p: float) -> float:
    """Return the standard normal quantile of ``p``, as the kernels know it."""
    return float(normal_quantile(min(max(p, 1e-6), 1.0 - 1e-6)))


_TWENTIETHS = tuple(_quantile((i + 0.5) / 20.0) for i in range(20))
"""Standard normal quantiles at the middle of twenty equal parts."""
