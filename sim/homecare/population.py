"""Synthetic people: what a birth key says about a service user or a care worker of an area."""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from homecare import draws
from homecare.agents.care_worker import WorkerChoice, Workforce
from homecare.agents.service_user import ServiceUser
from homecare.area import Area, PlaceUncertainty
from homecare.area_people import Squares
from homecare.draws import Purpose
from homecare.numerics import normal_quantile, power
from homecare.params import InitialCondition, param
from homecare.population_people import People
from homecare.population_traits import Traits, Usual, write_traits

HOUR = 3600
DOMAINS = 8
"""Domains of the ASCOT measure."""


class Demand(InitialCondition):
    """Who needs care at home, and how much."""

    theme: ClassVar[str] = "demand"
    homecare_share: float = param(0.49, unit="share", low=0.45, high=0.6, source="la_users_derived_2022")
    """Council-funded homecare users against all people with community support (England: 235,000 of 480,106)."""
    self_funder_share: float = param(0.28, unit="share", low=0.2, high=0.35, source="selffund_share_ons")
    """Share of all homecare users in England who pay for themselves; the area's tenure moves it."""
    under_65_share: float = param(0.12, unit="share", low=0.06, high=0.3, source="assumption")
    """Share of new people who are 18 to 64; they stay longer, and so are about a quarter of those served
    (recipients_younger_la_2015)."""
    hospital_share: float = param(0.326, unit="share", low=0.2, high=0.45, source="package_hospital_share")
    """Share of new people who come from hospital."""
    hospital_loss: float = param(0.0, unit="share", low=0, high=0.5, source="assumption")
    """Share of capability that people from hospital have lost beyond their frailty and that practice can bring back."""
    direct_payment_homecare: float = param(0.5, unit="ratio", low=0.2, high=1, source="assumption")
    """Direct payments spent on homecare agencies, against the council's share of clients with one."""
    frailty_mean: float = param(0.53, unit="0-1", low=0.4, high=0.75, source="assumption")
    """Mean frailty of people who come to need care."""
    frailty_spread: float = param(0.21, unit="0-1", low=0.05, high=0.3, source="assumption")
    """Spread of it."""
    family_mean: float = param(0.28, unit="share", low=0.1, high=0.5, source="users_informal_help_ascs")
    """Mean share of need that family meets."""
    two_carers_share: float = param(0.20, unit="share", low=0.03, high=0.25, source="assumption")
    """Share of people whose visits take two care workers; those with the greatest need."""
    lives_alone_share: float = param(0.55, unit="share", low=0.4, high=0.75, source="assumption")
    """Share of people who live alone."""
    income_mean: float = param(265.0, unit="pounds a week", low=200, high=350, source="assumption")
    """Mean income that the means test counts, of people of pension age below the capital limit."""
    income_mean_younger: float = param(205.0, unit="pounds a week", low=150, high=300, source="assumption")
    """The same of people under 65, nearly all on benefits."""
    self_funder_income: float = param(340.0, unit="pounds a week", low=220, high=600, source="assumption")
    """Mean income of self-funders."""
    self_funder_savings: float = param(130000.0, unit="pounds", low=40000, high=300000, source="assumption")
    """Mean savings of self-funders above the limit of 23,250 pounds when they come to need care, the home left out."""


DemandNumbers = namedtuple("DemandNumbers", Demand.model_fields)
PeopleNumbers = namedtuple("PeopleNumbers", People.model_fields)
"""The same numbers as the kernel reads them."""


class Newcomers(NamedTuple):
    """Who comes to need care in an area, worked out once: where they live, and the numbers by which they are drawn."""

    area: Area
    squares: Squares
    owned_outright_share: float
    demand: DemandNumbers
    people: PeopleNumbers
    windows: np.ndarray
    task_weight: np.ndarray


def newcomers_of(area: Area, demand: Demand, people: People, places: PlaceUncertainty) -> Newcomers:
    """Return who comes to need care in an area."""
    weights = area.older_weights(places) + people.younger_places * area.age_18_64 * demand.under_65_share
    return Newcomers(area, area.squares(weights), max(float(area.owned_outright_share.mean()), 0.05),
                     DemandNumbers(**demand.values()), PeopleNumbers(**people.values()), people.windows(),
                     people.task_weight())


def draw_people(seed: int, keys: np.ndarray, newcomers: Newcomers, self_funder_share: float,
                direct_payment_share: float) -> dict[str, Any]:
    """Return the columns of new service users by birth key; the same person in every scenario.

    Parameters
    ----------
    keys : int64[n], birth keys
    self_funder_share, direct_payment_share : shares of all, and of those who are council-funded
    """
    area, squares, owned_outright_share, demand, people, windows, task_weight = newcomers
    u = draws.several(seed, Purpose.PERSON_TRAITS, 0, keys, range(28))
    views = draws.several(seed, Purpose.PERSON_TRAITS, 0, keys, range(50, 51 + DOMAINS))
    small_area, x, y = squares.place(*draws.several(seed, Purpose.PERSON_PLACE, 0, keys, range(3)))
    usual = Usual(self_funder_share, owned_outright_share, *(
        float(normal_quantile(min(max(ratio * direct_payment_share, 1e-6), 0.999)))
        for ratio in (people.control_older, people.control_younger)))
    traits = Traits(*(getattr(ServiceUser, name).empty(keys.size) for name in Traits._fields))
    write_traits(u, draws.bell(u), draws.bell(views), area.owned_outright_share[small_area], usual, demand, people,
                 windows, task_weight, traits)
    return {
        "birth_key": keys, "small_area": small_area, "x": x, "y": y, "rural": area.rural[small_area],
        "imd_decile": area.imd_decile[small_area], **traits._asdict(),
    }


def draw_workers(seed: int, keys: np.ndarray, area: Area, workforce: Workforce, choice: WorkerChoice,
                 places: PlaceUncertainty, starters: bool, floor: float) -> dict[str, Any]:
    """Return the columns of new care workers by birth key.

    ``starters`` are recruits: a part of them is new to the sector. ``floor`` is the wage floor in pounds an hour.
    """
    of_hours, how_many, pattern, on_days, shift, of_sector, years, more = draws.several(
        seed, Purpose.WORKER_TRAITS, 0, keys, range(1, 9))
    place = draws.several(seed, Purpose.WORKER_PLACE, 0, keys, range(3))

    def z(k: int) -> np.ndarray:
        return draws.normals(seed, Purpose.WORKER_TRAITS, 0, keys, k)

    squares, usual_no_car = homes_of_workers(area, places)
    small_area, x, y = squares.place(*place)
    rural = area.rural[small_area]
    no_car = area.no_car_share[small_area]
    walks = (1.0 - workforce.drives_share) * np.minimum(no_car / usual_no_car, 3.0) * np.where(
        rural, workforce.rural_walking, 1.0)
    full = of_hours < workforce.full_time_share
    hours = np.where(full, workforce.full_time_hours * around(how_many, workforce.full_time_spread),
                     workforce.part_time_hours * around(how_many, workforce.part_time_spread))
    day_start, day_end = working_days(full, pattern, on_days, shift, workforce)
    experienced = of_sector < (workforce.experienced_share if starters else 1.0)
    least = workforce.experience_least
    experience = np.where(experienced, 52.0 * workforce.experience_years * (
        least + 2.0 * (1.0 - least) * years * more * 2.0), 0.0)
    return {
        "birth_key": keys, "age": np.clip(workforce.mean_age + workforce.age_spread * z(9), 18.0, workforce.oldest),
        "x": x, "y": y, "rural": rural, "drives": draws.uniforms(seed, Purpose.WORKER_TRAITS, 0, keys, 10) >= walks,
        "hours_wanted": (hours * HOUR).astype(np.int64), "day_start": day_start, "day_end": day_end,
        "security_taste": choice.security_spread * z(11),
        "outside_taste": stayers_taste(seed, keys, experience, floor, choice),
        "experience": experience,
    }


@lru_cache(maxsize=4)
def homes_of_workers(area: Area, places: PlaceUncertainty) -> tuple[Squares, float]:
    """Return where the care workers of an area live, and the usual share of households there that have no car."""
    return area.squares(area.working_weights(places)), max(float(area.no_car_share.mean()), 0.02)


def around(u: np.ndarray, spread: float) -> np.ndarray:
    """Return float64[n]: numbers spread evenly around 1, at most ``spread`` from it."""
    return (1.0 - spread) + 2.0 * spread * u


def hour_of_day(hours: float) -> int:
    """Return the second of the day of an hour of the day."""
    return round(3600.0 * hours)


CANDIDATES = 8
"""Tastes drawn for a worker until one would have stayed; the last is taken as it is."""


def stayers_taste(seed: int, keys: np.ndarray, experience: np.ndarray, floor: float,
                  choice: WorkerChoice) -> np.ndarray:
    """Return float64[n]: how much better other work suits each worker, pounds an hour, given the time in the sector.

    Whoever has been in care work for years has let pass what offers came along, so that those whom other work
    suits have gone. A taste is drawn together with the best offer of those years, anew until it would have stayed.

    Parameters
    ----------
    experience : float64[n], weeks in the sector; 0: new to it
    floor : wage floor, pounds an hour
    """
    taste = np.empty(keys.size)
    open_rows = np.arange(keys.size)
    stays_below = choice.vocation + choice.moving_cost - choice.usual_job - floor * choice.outside_premium
    for k in range(CANDIDATES):
        taste[open_rows] = choice.taste_spread * draws.normals(seed, Purpose.WORKER_TRAITS, 0, keys[open_rows],
                                                               12 if k == 0 else 40 + 2 * k)
        open_rows = open_rows[experience[open_rows] > 0.0]
        offers = np.maximum(choice.offers_outside * experience[open_rows], 1e-3)
        luck = draws.uniforms(seed, Purpose.WORKER_TRAITS, 0, keys[open_rows], 41 + 2 * k)
        best = np.array([normal_quantile(min(max(power(float(u), 1.0 / float(n)), 1e-12), 1.0 - 1e-12))
                         for u, n in zip(luck, offers, strict=True)])
        open_rows = open_rows[taste[open_rows] + floor * choice.outside_spread * best > stays_below]
        if open_rows.size == 0:
            break
    return taste


def working_days(full: np.ndarray, u_pattern: np.ndarray, u_days: np.ndarray, u_shift: np.ndarray,
                 workforce: Workforce) -> tuple[np.ndarray, np.ndarray]:
    """Return int32[n, 7] twice: from and until when each worker can work each day (equal: a day off).

    Most full-timers work both ends of the day on four or five days, some mornings on six. Part-timers work
    mornings or evenings on five days, or both ends on three. Care at home has its peaks at getting up and
    going to bed, so whoever wants many hours works long days with a gap.
    """
    offset = (7.0 * u_pattern).astype(np.int64)
    both = np.where(full, u_shift < workforce.full_both_share, u_shift > 1.0 - workforce.part_both_share)
    evening = ~full & (u_shift >= workforce.part_morning_share) & ~both
    five = u_days < workforce.full_five_share
    n_days = np.where(both, np.where(full, np.where(five, 5, 4), 3), np.where(full, 6, 5))
    begins = np.where(evening, hour_of_day(workforce.evening_from), hour_of_day(workforce.day_from))
    ends = np.where(both | evening, hour_of_day(workforce.day_until), hour_of_day(workforce.morning_until))
    works = (3 * np.arange(7) + offset[:, None]) % 7 < n_days[:, None]
    return np.where(works, begins[:, None], 0).astype(np.int32), np.where(works, ends[:, None], 0).astype(np.int32)


