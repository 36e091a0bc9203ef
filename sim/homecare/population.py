"""Synthetic people: what a birth key says about a service user or a care worker of an area."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from homecare import draws
from homecare.agents.care_worker import WorkerChoice, Workforce
from homecare.agents.service_user import COUNCIL, DIRECT_PAYMENT, SELF_FUNDER
from homecare.area import Area, PlaceUncertainty
from homecare.draws import Purpose
from homecare.numerics import log, normal_quantile
from homecare.params import InitialCondition, param

HOUR = 3600
FORMER_LIMIT = 23250.0
"""Pounds: the capital limit since 2010, by which those who come are known to pay for themselves or not."""


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
    frailty_mean: float = param(0.55, unit="0-1", low=0.4, high=0.75, source="assumption")
    """Mean frailty of people who come to need care."""
    frailty_spread: float = param(0.21, unit="0-1", low=0.05, high=0.3, source="assumption")
    """Spread of it."""
    family_mean: float = param(0.28, unit="share", low=0.1, high=0.5, source="users_informal_help_ascs")
    """Mean share of need that family meets."""
    two_carers_share: float = param(0.18, unit="share", low=0.03, high=0.25, source="assumption")
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


WINDOWS = ((25200, 37800), (41400, 49500), (57600, 66600), (68400, 79200))
"""Seconds of the day between which people want each part's visit: 7-10:30, 11:30-13:45, 16-18:30, 19-22."""


def draw_people(seed: int, keys: np.ndarray, area: Area, demand: Demand, places: PlaceUncertainty,
                self_funder_share: float, direct_payment_share: float) -> dict[str, Any]:
    """Return the columns of new service users by birth key; the same person in every scenario.

    Parameters
    ----------
    keys : int64[n], birth keys
    self_funder_share, direct_payment_share : shares of all, and of those who are council-funded
    """
    n = keys.size

    def u(k: int) -> np.ndarray:
        return draws.uniforms(seed, Purpose.PERSON_TRAITS, 0, keys, k)

    def z(k: int) -> np.ndarray:
        return draws.normals(seed, Purpose.PERSON_TRAITS, 0, keys, k)

    younger = u(0) < demand.under_65_share
    band = u(1)
    within = u(2)
    age = np.where(younger, 30.0 + 35.0 * within,
                   np.where(band < 0.17, 65.0 + 10.0 * within,
                            np.where(band < 0.55, 75.0 + 10.0 * within, 85.0 + 13.0 * within * within)))

    def place(k: int) -> np.ndarray:
        return draws.uniforms(seed, Purpose.PERSON_PLACE, 0, keys, k)

    weights = area.older_weights(places) + 0.25 * area.age_18_64 * demand.under_65_share
    small_area, x, y = area.place_people(weights, place(0), place(1), place(2))
    wealth = area.owned_outright_share[small_area]
    mean_wealth = max(float(area.owned_outright_share.mean()), 0.05)
    pays_self = (u(3) < np.minimum(self_funder_share * (0.4 + 0.6 * wealth / mean_wealth), 0.95)) & ~younger
    usual = [float(normal_quantile(min(max(ratio * direct_payment_share, 1e-6), 0.999))) for ratio in (0.7, 1.8)]
    control_taste = np.where(younger, usual[1], usual[0]) - z(4)
    route = np.where(pays_self, SELF_FUNDER, np.where(control_taste > 0, DIRECT_PAYMENT, COUNCIL))
    frailty = np.clip(demand.frailty_mean + demand.frailty_spread * z(5), 0.08, 1.0)
    alone = u(6) < demand.lives_alone_share
    family = np.where(alone, 0.6, 1.5) * demand.family_mean * 2.0 * u(7)
    capability = np.empty((n, 4))
    for task in range(4):
        capability[:, task] = np.clip(1.0 - frailty * TASK_WEIGHT[task] + 0.08 * z(8 + task), 0.0, 1.0)
    capability *= np.where(u(26) < demand.hospital_share, 1.0 - demand.hospital_loss, 1.0)[:, None]
    wanted = np.empty((n, 4), np.int32)
    for part, (low, high) in enumerate(WINDOWS):
        mid = 0.7 * u(12 + part) + 0.3 * u(16 + part)
        wanted[:, part] = (low + (high - low) * mid).astype(np.int32) // 300 * 300
    light = u(20)
    seven = frailty > 0.42
    days = np.where(seven | (light > 0.6), 127, np.where(light < 0.3, 0b0010101, 0b0011111)).astype(np.int64)
    two = (u(21) < np.clip((frailty - 0.5) * 5.0, 0.0, 2.0) * demand.two_carers_share) & seven
    mean_income = np.where(pays_self, demand.self_funder_income,
                           np.where(younger, demand.income_mean_younger, demand.income_mean))
    income = np.maximum(mean_income * (1.0 + 0.25 * z(22)), 80.0)
    above = np.array([-demand.self_funder_savings * log(float(x)) for x in u(24)])
    savings = np.where(u(23) < 0.6, 6000.0 * u(24), 6000.0 + 17000.0 * u(24))
    savings = np.where(pays_self, FORMER_LIMIT + 1.0 + above, savings)
    return {
        "birth_key": keys, "age": age, "small_area": small_area, "x": x, "y": y,
        "rural": area.rural[small_area], "imd_decile": area.imd_decile[small_area],
        "lives_alone": alone, "route": route.astype(np.int8), "frailty": frailty, "capability": capability,
        "wanted": wanted, "days": days, "family_share": np.minimum(family, 0.85), "two_carers": two,
        "social_need": np.clip(0.25 + 0.25 * alone + 0.5 * u(25), 0.0, 1.0),
        "income": (100.0 * income).astype(np.int64), "savings": (100.0 * savings).astype(np.int64),
        "control_taste": control_taste, "from_hospital": u(26) < demand.hospital_share,
        "goodwill": 0.4 + 0.4 * u(27),
    }


TASK_WEIGHT = np.array([1.0, 0.9, 0.95, 1.1])
"""How hard each task becomes with frailty: personal care, food, safety, home."""


def draw_workers(seed: int, keys: np.ndarray, area: Area, workforce: Workforce, choice: WorkerChoice,
                 places: PlaceUncertainty, starters: bool) -> dict[str, Any]:
    """Return the columns of new care workers by birth key.

    ``starters`` are recruits: a part of them is new to the sector.
    """

    def u(k: int) -> np.ndarray:
        return draws.uniforms(seed, Purpose.WORKER_TRAITS, 0, keys, k)

    def z(k: int) -> np.ndarray:
        return draws.normals(seed, Purpose.WORKER_TRAITS, 0, keys, k)

    def place(k: int) -> np.ndarray:
        return draws.uniforms(seed, Purpose.WORKER_PLACE, 0, keys, k)

    small_area, x, y = area.place_people(area.working_weights(places), place(0), place(1), place(2))
    rural = area.rural[small_area]
    no_car = area.no_car_share[small_area]
    usual_no_car = max(float(area.no_car_share.mean()), 0.02)
    walks = (1.0 - workforce.drives_share) * np.minimum(no_car / usual_no_car, 3.0) * np.where(rural, 0.3, 1.0)
    full = u(1) < workforce.full_time_share
    hours = np.where(full, workforce.full_time_hours * (0.85 + 0.3 * u(2)),
                     workforce.part_time_hours * (0.5 + u(2)))
    day_start, day_end = working_days(full, u(3), u(4), u(5))
    experienced = u(6) < (0.62 if starters else 1.0)
    experience = np.where(experienced, 52.0 * workforce.experience_years * (0.1 + 1.8 * u(7) * u(8) * 2.0), 0.0)
    return {
        "birth_key": keys, "age": np.clip(workforce.mean_age + 13.0 * z(9), 18.0, 74.0),
        "x": x, "y": y, "rural": rural, "drives": u(10) >= walks,
        "hours_wanted": (hours * HOUR).astype(np.int64), "day_start": day_start, "day_end": day_end,
        "security_taste": choice.security_spread * z(11),
        "outside_taste": choice.taste_spread * z(12) - np.where(experienced, 0.3, 0.0),
        "experience": experience,
    }


def working_days(full: np.ndarray, u_pattern: np.ndarray, u_days: np.ndarray,
                 u_shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int32[n, 7] twice: from and until when each worker can work each day (equal: a day off).

    Most full-timers work both ends of the day (to 14:30 and from 15:30) on four or five days, some mornings
    on six. Part-timers work mornings or evenings on five days, or both ends on three. Care at home has its
    peaks at getting up and going to bed, so whoever wants many hours works long days with a gap.
    """
    n = full.size
    start = np.zeros((n, 7), np.int32)
    end = np.zeros((n, 7), np.int32)
    offset = (7.0 * u_pattern).astype(np.int64)
    both = np.where(full, u_shift < 0.8, u_shift > 0.78)
    evening = ~full & (u_shift >= 0.42) & ~both
    n_days = np.where(both, np.where(full, np.where(u_days < 0.5, 5, 4), 3), np.where(full, 6, 5))
    begins = np.where(evening, 55800, 24300)
    ends = np.where(both | evening, 81900, 53100)
    for day in range(7):
        rank = (day * 3 + offset) % 7
        works = rank < n_days
        start[:, day] = np.where(works, begins, 0)
        end[:, day] = np.where(works, ends, 0)
    return start, end


