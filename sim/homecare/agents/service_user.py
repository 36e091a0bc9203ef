"""Service users: people with needs at a place, and what they decide."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Uncertainty, param
from homecare.tables import NO_WEEK, Col, RowAgent

COUNCIL, DIRECT_PAYMENT, SELF_FUNDER, SERVICE_FUND = 0, 1, 2, 3
"""Who pays and who chooses: the council both; the council and the person; the person both; the council and the
person, who lets the agency that they chose hold the money."""
ROUTE_NAMES = ("council", "direct payment", "self-funder", "service fund")

WAITING_ASSESSMENT, WAITING_START, RECEIVING, IN_HOSPITAL = 0, 1, 2, 3
"""States of a person in the market."""
DIED, CARE_HOME, RECOVERED, DECLINED = 4, 5, 6, 7
"""How a person leaves the market."""
N_STATES = 8
STATE_NAMES = (
    "waiting for assessment", "waiting for care to start", "receiving care", "in hospital",
    "died", "moved to a care home", "recovered", "declined or stopped",
)

TASKS = ("personal_care", "food", "safety", "home")
"""Tasks in which a person may need help."""
DOMAINS = ("control", "personal_care", "food", "safety", "social", "occupation", "home", "dignity")
"""The eight domains of ASCOT, 0-3 each; their sum is SCRQoL, 0-24."""
CONTROL, PERSONAL_CARE, FOOD, SAFETY, SOCIAL, OCCUPATION, HOME, DIGNITY = range(8)


class ServiceUser(RowAgent):
    """A person with needs at a place."""

    age = Col(np.float64, 80.0, "years", "Age")
    small_area = Col(np.int32, -1, "", "Small area of the home")
    x = Col(np.float64, 0.0, "metres", "Easting of the home")
    y = Col(np.float64, 0.0, "metres", "Northing of the home")
    rural = Col(np.bool_, False, "", "Whether the small area is rural")
    imd_decile = Col(np.int8, 5, "", "Deprivation decile of the small area, 1 most deprived")
    lives_alone = Col(np.bool_, False, "", "Whether nobody else lives there")
    route = Col(np.int8, COUNCIL, "", "Who pays and chooses", names=ROUTE_NAMES)
    state = Col(np.int8, WAITING_ASSESSMENT, "", "State in the market", names=STATE_NAMES)
    state_since = Col(np.int64, 0, "week", "Week in which the present state began")
    arrived = Col(np.int64, 0, "week", "Week in which the person entered the market")
    from_hospital = Col(np.bool_, False, "", "Whether the request came from hospital")
    displaced = Col(np.bool_, False, "", "Whether the last agency left and the council owes a new one")
    frailty = Col(np.float64, 0.5, "0-1", "Frailty")
    capability = Col(np.float64, 0.5, "0-1", "Capability in each task", width=4)
    need = Col(np.float64, 0.0, "seconds a visit", "Care needed from others by part of day", width=4)
    wanted = Col(np.int32, 0, "second of the day", "Wanted start by part of day", width=4)
    days = Col(np.int64, 127, "bit mask", "Days on which paid care is needed; family does the others")
    family_share = Col(np.float64, 0.0, "share", "Share of need that family meets")
    family_strain = Col(np.float64, 0.0, "0-1", "Strain of family carers")
    two_carers = Col(np.bool_, False, "", "Whether every visit takes two care workers")
    social_need = Col(np.float64, 0.5, "0-1", "Wish for company and occupation not met by others")
    income = Col(np.int64, 0, "pence a week", "Income that the means test counts")
    savings = Col(np.int64, 0, "pence", "Savings that the means test counts")
    charge = Col(np.int64, 0, "pence a week", "Most that the council may charge this person")
    cost = Col(np.int64, 0, "pence", "What the care of the last week cost")
    charged = Col(np.int64, 0, "pence", "Charge of the last week: at most what its care cost")
    asked_council = Col(np.int64, NO_WEEK, "week", "Week in which a self-funder asked the council for help")
    seeks_assistant = Col(np.int64, NO_WEEK, "week", "Since when the person wants to employ somebody; or none")
    control_taste = Col(np.float64, 0.0, "normal", "Wish to choose and to hold the money; above 0 at usual terms: does")
    agency = Col(np.int32, -1, "", "Agency that serves the person")
    agency_before = Col(np.int32, -1, "", "Agency that served the person before a stay in hospital")
    block = Col(np.int32, -1, "", "Block of the package")
    reabling = Col(np.bool_, False, "", "Whether care is reablement, or such care is looked for")
    care_manager = Col(np.int32, -1, "", "Care manager who holds the case")
    last_review = Col(np.int64, 0, "week", "Week of assessment or last review")
    change_since = Col(np.int64, NO_WEEK, "week", "Week in which a change of plan was asked for; or none")
    wish_since = Col(np.int64, NO_WEEK, "week", "Week from which another time is wanted than the plan says; or none")
    call_arrives = Col(np.int64, NO_WEEK, "week", "Week in which a care manager's message reaches the agency; or none")
    hospital_until = Col(np.int64, -1, "week", "Week in which a stay in hospital ends")
    met_share = Col(np.float64, 0.9, "share", "Need met by paid care in recent weeks")
    part_met = Col(np.float64, 0.9, "share", "Need met by part of day in recent weeks", width=4)
    suited_share = Col(np.float64, 0.8, "share", "Visits within half an hour of the wanted time, recent weeks")
    hurried_share = Col(np.float64, 0.05, "share", "Hurried or clipped visits, recent weeks")
    stranger_share = Col(np.float64, 0.2, "share", "Visits by somebody met fewer than three times, recent weeks")
    missed_share = Col(np.float64, 0.002, "share", "Visits missed, recent weeks")
    practice = Col(np.float64, 0.1, "share", "Care time in which the worker does things with the person")
    talk_share = Col(np.float64, 0.05, "share", "Care time in which the worker stays to talk")
    expectation = Col(np.float64, 0.8, "0-1", "What the person has come to expect")
    outlook = Col(np.float64, 0.0, "0-1", "How each ASCOT domain seems beyond what is lived in it", width=8)
    domains = Col(np.float64, 2.2, "0-3", "ASCOT domains", width=8)
    scrqol = Col(np.float64, 18.0, "0-24", "Social care related quality of life: sum of the domains")
    goodwill = Col(np.float64, 0.6, "0-1", "Ledger of explanations and favours given and returned")
    problem_since = Col(np.int64, NO_WEEK, "week", "Week in which the present problem began; or none")
    told_since = Col(np.int64, NO_WEEK, "week", "Week in which the agency heard of it; or none")
    workers_met = Col(np.int64, 0, "workers", "Different care workers in the last week")


class UserChoice(Uncertainty):
    """How people choose among agencies and what they put up with."""

    theme: ClassVar[str] = "user_choice"
    price_weight: float = param(0.35, unit="utility a pound an hour", low=0.05, high=1.0, source="assumption")
    """How much a higher price an hour puts off people who choose for themselves."""
    rating_weight: float = param(0.8, unit="utility a rating step", low=0, high=2, source="assumption")
    """How much a better published rating attracts."""
    distance_weight: float = param(0.08, unit="utility a km", low=0.01, high=0.3, source="assumption")
    """How much a farther branch puts off: people ask agencies that they see about."""
    taste_spread: float = param(1.0, unit="utility", low=0.3, high=2, source="assumption")
    """Spread of what else makes people prefer one agency: word of mouth, chance."""
    time_tolerance: float = param(75.0, unit="minutes", low=15, high=180, source="not_chosen_care_2021")
    """Mean distance from the wanted time at which a person refuses an offer."""
    tolerance_growth: float = param(0.15, unit="share a week", low=0, high=0.5, source="assumption")
    """How much further from the wanted time a person accepts for each week of waiting."""
    agencies_asked: int = param(6, unit="agencies a week", low=1, high=20, source="assumption")
    """Agencies that somebody who chooses for themselves rings in a week."""


def rank_agencies(price: np.ndarray, rating: np.ndarray, distance_metres: np.ndarray, is_open: np.ndarray,
                  taste: np.ndarray, choice: UserChoice, pays: np.ndarray | None = None) -> np.ndarray:
    """Return int32[n, k]: the agencies that people who choose for themselves ring, best first; -1 ends.

    Parameters
    ----------
    price : float64[m], pounds an hour
    rating : float64[m], 0-3 with the middle for unrated
    distance_metres, taste : float64[n, m]; ``taste`` is standard normal
    is_open : bool[m]
    pays : bool[n], who pays the price; a direct payment buys at the council's tariff (all, where not given)
    """
    utility = (
        -choice.price_weight * price[None, :] * (1.0 if pays is None else pays[:, None])
        + choice.rating_weight * rating[None, :]
        - choice.distance_weight * distance_metres / 1000.0
        + choice.taste_spread * taste
    )
    utility = np.where(is_open[None, :], utility, -np.inf)
    best = np.argsort(-utility, axis=1, kind="stable")[:, : choice.agencies_asked].astype(np.int32)
    best[:, np.count_nonzero(is_open):] = -1
    return best
