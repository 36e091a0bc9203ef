"""What service users decide about money: to go without, to ask the council, what to draw from savings."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.compiled import inlined
from homecare.numerics import exp, normal_quantile
from homecare.params import Uncertainty, param

PENSION_AGE = 66.0
"""Years: state pension age, from which the minimum income guarantee is that of older people."""


class UserMoney(Uncertainty):
    """What care is worth to people, what they live on, and whether they ask the council."""

    theme: ClassVar[str] = "user_money"
    care_worth: float = param(20.0, unit="pounds an hour", low=8, high=40, source="assumption")
    """What an hour of planned care is worth to a person of middling taste, against going without it."""
    worth_spread: float = param(0.7, unit="log", low=0.2, high=1.2, source="assumption")
    """Spread of that worth over people (22 per cent said they would stop if charges rose: charges_would_stop)."""
    thinks_again: float = param(0.04, unit="chance a week", low=0.005, high=0.25, source="assumption")
    """Chance that somebody who is charged weighs up in a week whether care is worth the charge."""
    living_costs: float = param(235.0, unit="pounds a week", low=170, high=350, source="assumption")
    """What a person lives on; only income above it pays for care before savings are touched."""
    income_uplift: float = param(0.03, unit="share a year", low=0, high=0.085, source="assumption")
    """Rise of incomes each April (4.1 per cent for the state pension in 2025, benefits 1.7)."""
    hour_worth: float = param(10.0, unit="pounds an hour", low=2, high=20, source="assumption")
    """What an hour of paperwork costs a person who holds a budget."""
    control_spread: float = param(25.0, unit="pounds a week", low=5, high=80, source="assumption")
    """Spread over people of what it is worth to choose and to hold the money."""
    usual_paperwork: float = param(1.5, unit="hours a week", low=0, high=6, source="assumption")
    """Paperwork of a direct payment to which the area's present take-up is the answer."""
    fund_control: float = param(0.7, unit="share", low=0.3, high=1, source="assumption")
    """Part of the worth of holding the money that remains where an agency of one's own choice holds it."""
    employing_share: float = param(0.32, unit="share", low=0.1, high=0.6, source="assumption")
    """Holders of direct payments who would rather employ somebody, where they may (32 per cent did in 2022-23:
    Skills for Care, individual employers and personal assistants)."""
    employing_hours: float = param(1.0, unit="hours a week", low=0, high=5, source="assumption")
    """Work of being an employer, beyond that of a direct payment, to which that share is the answer."""
    asks_council: float = param(0.15, unit="chance a week", low=0.01, high=1, source="assumption")
    """Chance that a self-funder whose savings are below the capital limit asks the council in a week."""


def charge_of(income: np.ndarray, savings: np.ndarray, minimum_income: np.ndarray | int,
              tariff_from: int) -> np.ndarray:
    """Return int64: most that a council may charge each person a week, in pence.

    Income above the guaranteed minimum, with a pound a week for each 250 pounds of savings above
    ``tariff_from``; people above the upper limit pay for all care and are no concern of this function.
    """
    counted = np.maximum(savings - tariff_from, 0)
    tariff_income = (counted + 24999) // 25000 * 100
    return np.maximum(income + tariff_income - minimum_income, 0)


def worth_an_hour(taste: np.ndarray, money: UserMoney) -> np.ndarray:
    """Return float64[n]: what an hour of care is worth to each person, pounds; ``taste`` is standard normal."""
    return np.array([money.care_worth * exp(money.worth_spread * float(z)) for z in taste])


def goes_without(charge: np.ndarray, hours: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Return bool[n]: whether care is worth less to a person than its charge.

    Parameters
    ----------
    charge : int64[n], pence a week
    hours : float64[n], hours of care a week
    worth : float64[n], pounds an hour
    """
    return charge > 100.0 * worth * hours


@inlined
def drawn_from_savings(paid: int, income: int, savings: int, living: int) -> int:
    """Return pence: what a week's payment takes from a person's savings, once income above ``living`` is spent."""
    spare = max(income - living, 0)
    return min(max(paid - spare, 0), savings)


def worth_of_control(taste: np.ndarray, paperwork: float, money: UserMoney) -> np.ndarray:
    """Return float64[n], pounds a week: what holding the money is worth to each person, its paperwork taken off.

    ``taste`` is in normal units and above 0 for those who hold a direct payment at the usual paperwork.
    """
    return money.control_spread * taste - money.hour_worth * (paperwork - money.usual_paperwork)


def worth_of_fund(taste: np.ndarray, money: UserMoney) -> np.ndarray:
    """Return float64[n], pounds a week: choosing the agency that holds the money; no paper comes with it."""
    return money.fund_control * (money.control_spread * taste + money.hour_worth * money.usual_paperwork)


def would_employ(taste: np.ndarray, support_share: float, money: UserMoney) -> np.ndarray:
    """Return bool[n]: who of those who hold a direct payment would rather employ somebody; ``taste`` standard normal."""
    usual = float(normal_quantile(money.employing_share))
    saved = money.hour_worth * money.employing_hours * support_share
    return money.control_spread * (usual - taste) + saved > 0.0
