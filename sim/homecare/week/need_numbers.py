"""The numbers of need: rates, help by task and part of day, and what follows from them for new people."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Uncertainty, param
from homecare.population import TASK_WEIGHT
from homecare.tables import Table
from homecare.week.kernels import needs


class NeedUncertainty(Uncertainty):
    """How need goes on, and what ends it."""

    theme: ClassVar[str] = "need"
    frailty_drift: float = param(0.03, unit="0-1 a year", low=0, high=0.1, source="assumption")
    """Mean rise of frailty."""
    acute_rate: float = param(0.8, unit="events a year", low=0.2, high=2, source="assumption")
    """Acute events that move frailty up or down."""
    acute_size: float = param(0.07, unit="0-1", low=0.01, high=0.2, source="assumption")
    """Spread of the move."""
    fade_rate: float = param(0.004, unit="share a week", low=0, high=0.02, source="assumption")
    """Capability lost in a week without practice (may be zero: evidence is weak)."""
    recover_rate: float = param(0.05, unit="share a week", low=0, high=0.2, source="assumption")
    """Part of the way to what frailty allows that full practice brings back in a week."""
    death_rate: float = param(0.17, unit="chance a year", low=0.1, high=0.25, source="assumption")
    """Death of a person of 80 with middling frailty whose need is met."""
    death_frailty: float = param(1.0, unit="ratio", low=0, high=2, source="frail_to_death_tilda")
    """How much more at full frailty than at half, twice over."""
    death_shortfall: float = param(0.4, unit="ratio", low=0, high=2, source="assumption")
    """How much more where no need is met."""
    care_home_rate: float = param(0.085, unit="chance a year", low=0.03, high=0.2, source="assumption")
    """Move to a care home of a person of 80 with 100 minutes of need a day."""
    care_home_shortfall: float = param(1.0, unit="ratio", low=0, high=4, source="assumption")
    """How much more where no need is met."""
    hospital_rate: float = param(0.62, unit="chance a year", low=0.4, high=1.1, source="hospital_use_social_care")
    """Admission to hospital of a person of middling frailty whose need is met."""
    hospital_shortfall: float = param(0.5, unit="ratio", low=0, high=2, source="assumption")
    """How much more where no need is met."""
    hospital_stay: float = param(2.0, unit="weeks", low=1, high=6, source="assumption")
    """Mean stay in hospital."""
    hold_weeks: int = param(2, unit="weeks", low=0, high=6, source="assumption")
    """Weeks for which a package is held for somebody in hospital."""
    recovery_minutes: float = param(25.0, unit="minutes a day", low=5, high=60, source="assumption")
    """Need below which a person may stop care."""
    recovery_rate: float = param(1.2, unit="chance a year", low=0, high=6, source="assumption")
    """Chance of stopping below it."""
    stopping_rate: float = param(0.1, unit="chance a year", low=0, high=0.25, source="ltc_exit_rate_derived")
    """Chance of ending care at home for other reasons: moving away, other care, own wish."""
    family_strain: float = param(0.02, unit="0-1 a week", low=0, high=0.1, source="assumption")
    """Strain that unmet need and missed visits put on family carers."""
    family_ease: float = param(0.04, unit="share a week", low=0.005, high=0.2, source="assumption")
    """Strain that passes."""
    breakdown_rate: float = param(0.5, unit="chance a year", low=0, high=3, source="assumption")
    """Breakdown of family care at full strain."""
    breakdown_loss: float = param(0.5, unit="share", low=0.1, high=1, source="assumption")
    """Share of family care that is lost then."""
    minutes_without: float = param(203.0, unit="minutes a day", low=200, high=420, source="assumption")
    """Help that a person with no capability at all takes in a day."""


PART_OF_MINUTES = np.array([
    [0.190, 0.030, 0.035, 0.140],
    [0.055, 0.105, 0.100, 0.020],
    [0.040, 0.060, 0.055, 0.080],
    [0.020, 0.040, 0.020, 0.010],
])
"""Share of the day's help by task (personal care, food, safety, home) and part of day; sums to one."""

FAMILY_PART = np.array([0.75, 1.1, 1.25, 1.2])
"""Family is there less in the morning and more at midday, tea and bedtime."""


def need_numbers(need: NeedUncertainty) -> needs.NeedNumbers:
    """Return the kernel's weekly numbers."""
    week = 1.0 / 52.0
    return needs.NeedNumbers(
        drift=need.frailty_drift * week, jump_chance=need.acute_rate * week, jump_size=need.acute_size,
        fade=need.fade_rate, recover=need.recover_rate, death=need.death_rate * week,
        death_frailty=need.death_frailty, death_shortfall=need.death_shortfall,
        care_home=need.care_home_rate * week, care_home_shortfall=need.care_home_shortfall,
        hospital=need.hospital_rate * week, hospital_shortfall=need.hospital_shortfall,
        stay_weeks=need.hospital_stay, recovery_need=60.0 * need.recovery_minutes,
        recovery=need.recovery_rate * week, stop=need.stopping_rate * week,
        strain_rise=need.family_strain, strain_ease=need.family_ease,
        breakdown=need.breakdown_rate * week, breakdown_loss=need.breakdown_loss,
    )


def task_minutes(need: NeedUncertainty) -> np.ndarray:
    """Return float64[4, 4]: minutes of help a day by task and part of day of somebody with no capability."""
    return PART_OF_MINUTES * need.minutes_without


def lives_of(market) -> needs.Lives:
    """Return the columns of the market's people that the kernel reads and writes."""
    return lives_in(market.service_users)


def lives_in(table: Table) -> needs.Lives:
    """Return the columns of a table of service users that the kernel reads and writes."""
    c = table.columns
    return needs.Lives(
        c["birth_key"], c["alive"], c["state"], c["age"], c["lives_alone"], c["frailty"], c["capability"],
        c["need"], c["family_share"], c["family_strain"], c["practice"], c["met_share"], c["missed_share"],
        c["hospital_until"],
    )


def live_alone(market, table: Table, week: int) -> np.ndarray:
    """Live a week of need of people who are in no market; return the rows of those who leave care."""
    events = needs.live_week(market.seed, week, 1.0, market.need_numbers, TASK_WEIGHT, market.task_minutes,
                             FAMILY_PART, lives_in(table), table.n)
    return np.flatnonzero((events == needs.DEATH) | (events == needs.TO_CARE_HOME) | (events == needs.RECOVERY)
                          | (events == needs.STOPS))


def first_need(market, rows: np.ndarray) -> None:
    """Write the need of people who have just come."""
    c = market.service_users.columns
    needs.fill_need(rows, c["capability"], c["family_share"], market.task_minutes, FAMILY_PART, c["need"])
