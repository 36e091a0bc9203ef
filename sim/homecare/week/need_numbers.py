"""The numbers of need: rates, help by task and part of day, and what follows from them for new people."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.agents.service_user import TASKS
from homecare.params import Uncertainty, param
from homecare.tables import Table
from homecare.week.kernels import needs


class NeedUncertainty(Uncertainty):
    """How need goes on, and what ends it."""

    theme: ClassVar[str] = "need"
    frailty_drift: float = param(0.03, unit="0-1 a year", low=0, high=0.1, source="assumption")
    """Mean rise of frailty."""
    drift_spread: float = param(0.5, unit="ratio", low=0, high=1, source="assumption")
    """How far a week's rise lies from its mean at most, up or down."""
    least_frailty: float = param(0.05, unit="0-1", low=0, high=0.2, source="assumption")
    """Frailty below which nobody in care gets."""
    acute_rate: float = param(0.8, unit="events a year", low=0.2, high=2, source="assumption")
    """Acute events that move frailty up or down."""
    acute_size: float = param(0.07, unit="0-1", low=0.01, high=0.2, source="assumption")
    """Spread of the move."""
    fade_rate: float = param(0.004, unit="share a week", low=0, high=0.02, source="assumption")
    """Capability lost in a week without practice (may be zero: evidence is weak)."""
    recover_rate: float = param(0.05, unit="share a week", low=0, high=0.2, source="assumption")
    """Part of the way to what frailty allows that full practice brings back in a week."""
    sinking_rate: float = param(0.25, unit="share a week", low=0.05, high=1, source="assumption")
    """Part of the way down to what frailty allows that capability falls in a week."""
    least_age: float = param(50.0, unit="years", low=18, high=65, source="assumption")
    """Age below which being younger lowers no hazard further."""
    death_rate: float = param(0.17, unit="chance a year", low=0.1, high=0.25, source="assumption")
    """Death of a person of 80 with middling frailty whose need is met."""
    death_age: float = param(0.55, unit="log a decade", low=0.2, high=1, source="assumption")
    """Rise of the logarithm of that chance with ten years of age."""
    death_frailty: float = param(1.0, unit="ratio", low=0, high=2, source="frail_to_death_tilda")
    """How much more at full frailty than at half, twice over."""
    death_shortfall: float = param(0.4, unit="ratio", low=0, high=2, source="assumption")
    """How much more where no need is met."""
    care_home_rate: float = param(0.085, unit="chance a year", low=0.03, high=0.2, source="assumption")
    """Move to a care home of a person of 80 with 100 minutes of need a day."""
    care_home_age: float = param(0.35, unit="log a decade", low=0, high=0.8, source="assumption")
    """Rise of the logarithm of that chance with ten years of age."""
    care_home_alone: float = param(1.4, unit="ratio", low=1, high=2.5, source="assumption")
    """That chance of somebody who lives alone."""
    care_home_together: float = param(0.7, unit="ratio", low=0.3, high=1, source="assumption")
    """That chance of somebody who lives with others."""
    care_home_shortfall: float = param(1.0, unit="ratio", low=0, high=4, source="assumption")
    """How much more where no need is met."""
    hospital_rate: float = param(0.62, unit="chance a year", low=0.4, high=1.1, source="hospital_use_social_care")
    """Admission to hospital of a person of middling frailty whose need is met."""
    hospital_frailty: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Part of that chance that goes with frailty in proportion; the rest is the same for all."""
    hospital_shortfall: float = param(0.5, unit="ratio", low=0, high=2, source="assumption")
    """How much more where no need is met."""
    hospital_stay: float = param(2.0, unit="weeks", low=1, high=6, source="assumption")
    """Mean stay in hospital."""
    hospital_longest: int = param(20, unit="weeks", low=4, high=52, source="assumption")
    """Longest stay in hospital."""
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
    strain_missed: float = param(8.0, unit="ratio", low=0, high=20, source="assumption")
    """Strain of having every visit missed, beyond the need unmet by it, against that of having no need met."""
    family_least: float = param(0.02, unit="share", low=0, high=0.1, source="assumption")
    """Share of need below which family help is too little to strain anybody."""
    family_ease: float = param(0.04, unit="share a week", low=0.005, high=0.2, source="assumption")
    """Strain that passes."""
    breakdown_rate: float = param(0.5, unit="chance a year", low=0, high=3, source="assumption")
    """Breakdown of family care at full strain."""
    breakdown_loss: float = param(0.5, unit="share", low=0.1, high=1, source="assumption")
    """Share of family care that is lost then."""
    minutes_without: float = param(200.0, unit="minutes a day", low=200, high=420, source="assumption")
    """Help that a person with no capability at all takes in a day."""


class HelpUncertainty(Uncertainty):
    """When of the day help is wanted with what: shares of ``uncertainty.need.minutes_without``; and when family is there.

    The defaults of the sixteen shares sum to one. They need not: a larger one is more help.
    """

    theme: ClassVar[str] = "help"
    personal_care_morning: float = param(0.190, unit="share", low=0.1, high=0.3, source="assumption")
    """Personal care in the morning."""
    personal_care_midday: float = param(0.030, unit="share", low=0, high=0.08, source="assumption")
    """Personal care at midday."""
    personal_care_tea: float = param(0.035, unit="share", low=0, high=0.08, source="assumption")
    """Personal care at teatime."""
    personal_care_bed: float = param(0.140, unit="share", low=0.07, high=0.22, source="assumption")
    """Personal care at bedtime."""
    food_morning: float = param(0.055, unit="share", low=0.02, high=0.1, source="assumption")
    """Food and drink in the morning."""
    food_midday: float = param(0.105, unit="share", low=0.05, high=0.16, source="assumption")
    """Food and drink at midday."""
    food_tea: float = param(0.100, unit="share", low=0.05, high=0.16, source="assumption")
    """Food and drink at teatime."""
    food_bed: float = param(0.020, unit="share", low=0, high=0.06, source="assumption")
    """Food and drink at bedtime."""
    safety_morning: float = param(0.040, unit="share", low=0.01, high=0.08, source="assumption")
    """Safety and medicines in the morning."""
    safety_midday: float = param(0.060, unit="share", low=0.02, high=0.1, source="assumption")
    """Safety and medicines at midday."""
    safety_tea: float = param(0.055, unit="share", low=0.02, high=0.1, source="assumption")
    """Safety and medicines at teatime."""
    safety_bed: float = param(0.080, unit="share", low=0.03, high=0.14, source="assumption")
    """Safety and medicines at bedtime."""
    home_morning: float = param(0.020, unit="share", low=0, high=0.06, source="assumption")
    """The home in the morning."""
    home_midday: float = param(0.040, unit="share", low=0.01, high=0.08, source="assumption")
    """The home at midday."""
    home_tea: float = param(0.020, unit="share", low=0, high=0.06, source="assumption")
    """The home at teatime."""
    home_bed: float = param(0.010, unit="share", low=0, high=0.04, source="assumption")
    """The home at bedtime."""
    family_morning: float = param(0.75, unit="ratio", low=0.3, high=1.2, source="assumption")
    """Help that family gives in the morning, against its mean share of need: many are at work or not yet there."""
    family_midday: float = param(1.1, unit="ratio", low=0.6, high=1.6, source="assumption")
    """The same at midday."""
    family_tea: float = param(1.25, unit="ratio", low=0.7, high=1.6, source="assumption")
    """The same at teatime."""
    family_bed: float = param(1.2, unit="ratio", low=0.7, high=1.6, source="assumption")
    """The same at bedtime."""


PARTS_OF_DAY = ("morning", "midday", "tea", "bed")


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
        drift_spread=need.drift_spread, least_frailty=need.least_frailty, sinking=need.sinking_rate,
        strain_missed=need.strain_missed, least_family=need.family_least, least_age=need.least_age,
        death_age=need.death_age, care_home_age=need.care_home_age, care_home_alone=need.care_home_alone,
        care_home_together=need.care_home_together, hospital_frailty=need.hospital_frailty,
        longest_stay=float(need.hospital_longest),
    )


def task_minutes(need: NeedUncertainty, day: HelpUncertainty) -> np.ndarray:
    """Return float64[4, 4]: minutes of help a day by task and part of day of somebody with no capability."""
    shares = [[getattr(day, f"{task}_{part}") for part in PARTS_OF_DAY] for task in TASKS]
    return np.array(shares) * need.minutes_without


def family_parts(day: HelpUncertainty) -> np.ndarray:
    """Return float64[4]: help that family gives at each part of the day, against its mean."""
    return np.array([getattr(day, f"family_{part}") for part in PARTS_OF_DAY])


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
    events = needs.live_week(market.seed, week, 1.0, market.need_numbers, market.task_weight,
                             market.task_minutes, market.family_parts, lives_in(table), table.n)
    return np.flatnonzero((events == needs.DEATH) | (events == needs.TO_CARE_HOME) | (events == needs.RECOVERY)
                          | (events == needs.STOPS))


def first_need(market, rows: np.ndarray) -> None:
    """Write the need of people who have just come."""
    c = market.service_users.columns
    needs.fill_need(rows, c["capability"], c["family_share"], market.task_minutes, market.family_parts, c["need"])
