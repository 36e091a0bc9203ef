"""Care workers: people with a home, a mode of travel and a taste for security or freedom."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import InitialCondition, Uncertainty, param
from homecare.tables import Col, RowAgent

WORKING, CLEARING, GONE = 0, 1, 2
"""States of a worker: on rounds, hired and waiting for checks, no longer here."""
STATE_NAMES = ("working", "waiting for checks", "gone")


class CareWorker(RowAgent):
    """A care worker with one job."""

    age = Col(np.float64, 43.0, "years", "Age")
    x = Col(np.float64, 0.0, "metres", "Easting of the home")
    y = Col(np.float64, 0.0, "metres", "Northing of the home")
    rural = Col(np.bool_, False, "", "Whether the home is rural")
    drives = Col(np.bool_, True, "", "Whether the worker drives to visits")
    hours_wanted = Col(np.int64, 90000, "seconds a week", "Paid time wanted a week")
    security_taste = Col(np.float64, 0.0, "pounds an hour", "What a promise of hours is worth; negative: freedom")
    experience = Col(np.float64, 0.0, "weeks", "Time in the sector")
    day_start = Col(np.int32, 0, "second of the day", "From when the worker can work, by day", width=7)
    day_end = Col(np.int32, 0, "second of the day", "Until when the worker can work, by day", width=7)
    state = Col(np.int8, WORKING, "", "State in the job", names=STATE_NAMES)
    starts = Col(np.int64, 0, "week", "Week of the first round in this job")
    hired = Col(np.int64, 0, "week", "Week in which this job was taken")
    agency = Col(np.int32, -1, "", "Agency that employs the worker")
    employer = Col(np.int32, -1, "", "Service user who employs the worker as a personal assistant")
    employer_key = Col(np.int64, -1, "", "Birth key of that person")
    match = Col(np.float64, 0.0, "pounds an hour", "How well job and worker suit each other, learnt in the job")
    wage = Col(np.int64, 1260, "pence an hour", "Wage")
    promised = Col(np.int64, 0, "seconds a week", "Guaranteed paid time")
    travel_paid = Col(np.float64, 0.5, "share", "Share of travel time between visits that is paid")
    mileage = Col(np.int64, 30, "pence a mile", "Paid for the car")
    terms = Col(np.int16, 0, "", "Which of the terms of employment in force the job has")
    shift_start = Col(np.int32, 0, "second of the day", "From when the job pays the shift, by day", width=7)
    shift_end = Col(np.int32, 0, "second of the day", "Until when the job pays the shift (equal: no shift)", width=7)
    weekend_premium = Col(np.float64, 0.0, "share", "Paid on top of the wage for weekend contact")
    evening_premium = Col(np.float64, 0.0, "share", "Paid on top of the wage for evening contact")
    sick_share = Col(np.float64, 0.0, "share", "Usual pay that the job pays on days of sickness")
    sick_from_day = Col(np.int64, 1, "day of the spell", "First day for which it does")
    sick_days = Col(np.int64, 0, "days", "Working days of this week lost to sickness")
    sick_before = Col(np.int64, 0, "days", "Working days of the same spell lost before this week")
    sick_above = Col(np.float64, 0.0, "pence a week", "Sick pay above what the law asks for, mean of about a year")
    actual_share = Col(np.float64, 0.0, "share", "Share of contact time that is paid as lived, not as planned")
    sick_until = Col(np.int64, -1000, "week", "Last week of a spell of sickness")
    absent = Col(np.int64, 0, "bit mask", "Days of this week on which the worker is away")
    pay = Col(np.int64, 0, "pence", "Pay of the last week")
    idle_pay = Col(np.int64, 0, "pence", "Of which for promised hours without work")
    lived_minutes = Col(np.float64, 0.0, "minutes a week", "All minutes from first door to last, recent weeks")
    pay_mean = Col(np.float64, 0.0, "pence a week", "Weekly pay, recent weeks")
    pay_swing = Col(np.float64, 0.15, "ratio", "Typical change of weekly pay against its mean, recent weeks")
    effective_wage = Col(np.float64, 11.5, "pounds an hour", "Pay over contact, travel and waiting")
    unpaid_share = Col(np.float64, 0.1, "share", "Working minutes that are not paid, recent weeks")
    hurried_share = Col(np.float64, 0.05, "share", "Visits cut short for lack of time, recent weeks")
    short_notice = Col(np.float64, 0.05, "share", "Visits given at short notice, recent weeks")
    hours_gap = Col(np.float64, 0.1, "share", "Wanted hours not given, recent weeks")
    counted_period = Col(np.int64, 0, "seconds", "Counted working time of this pay period")
    pay_period = Col(np.int64, 0, "pence", "Pay less unpaid cost of driving, of this pay period")
    below_floor = Col(np.bool_, False, "", "Whether pay of the last period was below the floor")
    outside_taste = Col(np.float64, 0.0, "pounds an hour", "How much better other work suits this person")


class WorkerChoice(Uncertainty):
    """What makes care workers stay or go: only what they lived, and what they are offered."""

    theme: ClassVar[str] = "worker_choice"
    offers_inside: float = param(0.012, unit="offers a week", low=0.002, high=0.08, source="assumption")
    """Chance a week of hearing of a job with another agency."""
    offers_outside: float = param(0.016, unit="offers a week", low=0.002, high=0.08, source="assumption")
    """Chance a week of hearing of a job outside the sector."""
    outside_premium: float = param(0.05, unit="share", low=-0.05, high=0.15, source="pay_supermarket_gain_2022")
    """Mean wage of other work above the wage floor."""
    outside_spread: float = param(0.09, unit="share", low=0.03, high=0.25, source="assumption")
    """Spread of wages of other work."""
    vocation: float = param(3.2, unit="pounds an hour", low=0, high=4, source="assumption")
    """What caring is worth to somebody who does it, against other work."""
    usual_job: float = param(1.5, unit="pounds an hour", low=0, high=4, source="assumption")
    """How much less than the wage floor a usual care job is worth, once swings, hurry and unpaid time are counted.
    Only says who has stayed before the run begins, or before a recruit is met."""
    taste_spread: float = param(1.2, unit="pounds an hour", low=0.3, high=3, source="assumption")
    """Spread over people of how well other work suits them."""
    match_spread: float = param(1.3, unit="pounds an hour", low=0.3, high=3, source="assumption")
    """Spread of how well a job and a worker suit each other; learnt in the first weeks."""
    match_seen: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Part of that which a worker sees before taking the job."""
    moving_cost: float = param(0.55, unit="pounds an hour", low=0, high=3, source="assumption")
    """How much better an offer must be before it is worth moving."""
    swing_weight: float = param(2.5, unit="pounds an hour", low=0, high=8, source="assumption")
    """What a swing of weekly pay by its own size costs a person of middling taste for security."""
    security_spread: float = param(0.8, unit="pounds an hour", low=0, high=2, source="assumption")
    """Spread over people of what promised hours are worth (Mas and Pallais 2017: many give up little)."""
    promise_taste: float = param(-0.2, unit="pounds an hour", low=-2, high=0.5, source="assumption")
    """Worth of promised hours from which a worker takes a promise that is offered."""
    sick_memory: float = param(52.0, unit="weeks", low=13, high=104, source="assumption")
    """How far back a worker looks for what the job's sick pay was worth."""
    hurry_weight: float = param(3.0, unit="pounds an hour", low=0, high=8, source="assumption")
    """What it costs to cut all visits short (conscience)."""
    notice_weight: float = param(1.2, unit="pounds an hour", low=0, high=4, source="assumption")
    """What it costs to be given all visits at short notice."""
    gap_weight: float = param(2.0, unit="pounds an hour", low=0, high=6, source="assumption")
    """What it costs to be given none of the hours wanted."""
    memory_weeks: float = param(8.0, unit="weeks", low=2, high=26, source="assumption")
    """How far back recent weeks reach."""
    other_leaving: float = param(0.18, unit="chance a year", low=0.02, high=0.2, source="assumption")
    """Leaving for reasons outside the job: moving house, health, retirement, study."""
    retiring_age: float = param(66.0, unit="years", low=60, high=70, source="assumption")
    """Age after which a worker may retire (the state pension begins at 66)."""
    retiring_rate: float = param(0.006, unit="chance a week", low=0, high=0.02, source="assumption")
    """Chance of retiring from then on."""
    overtime_taste: float = param(0.7, unit="share", low=0, high=0.8, source="assumption")
    """Chance that a worker is willing in a given week to take extra visits or a day off."""
    overtime_spread: float = param(4.0, unit="pounds an hour", low=1, high=20, source="assumption")
    """Pay on top of the wage that doubles the odds of being willing."""
    work_ill_share: float = param(0.3, unit="share", low=0, high=0.6, source="assumption")
    """Short illnesses worked through where staying at home costs all pay of those days (in polls 40 to 65 per cent of
    workers say that they have worked while ill: GMB of HC-One staff 2023, TUC Cymru 2022)."""


class Workforce(InitialCondition):
    """Who the care workers are."""

    theme: ClassVar[str] = "workforce"
    drives_share: float = param(0.87, unit="share", low=0.8, high=0.95, source="own_or_company_vehicle_2022")
    """Share of workers who drive, before local car ownership."""
    mean_age: float = param(43.0, unit="years", low=38, high=48, source="sector_mean_age_2016_17")
    """Mean age."""
    full_time_share: float = param(0.47, unit="share", low=0.3, high=0.6, source="dom_full_time_2018")
    """Share who want full-time hours."""
    full_time_hours: float = param(38.0, unit="hours a week", low=30, high=42, source="assumption")
    """Hours that a full-time worker wants."""
    part_time_hours: float = param(23.5, unit="hours a week", low=10, high=28, source="assumption")
    """Hours that a part-time worker wants."""
    full_time_spread: float = param(0.15, unit="ratio", low=0, high=0.3, source="assumption")
    """How far a full-time worker's hours lie from that at most."""
    part_time_spread: float = param(0.5, unit="ratio", low=0, high=0.8, source="assumption")
    """How far a part-time worker's hours lie from that at most."""
    full_both_share: float = param(0.8, unit="share", low=0.4, high=1, source="assumption")
    """Full-timers who work both ends of the day, on four or five days; the others work mornings on six."""
    full_five_share: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Share of these who do so on five days."""
    part_morning_share: float = param(0.42, unit="share", low=0.2, high=0.6, source="assumption")
    """Part-timers who work mornings on five days; the rest work evenings on five."""
    part_both_share: float = param(0.22, unit="share", low=0, high=0.4, source="assumption")
    """Part-timers who work both ends of the day on three days."""
    day_from: float = param(6.75, unit="hour of the day", low=6.75, high=7.5, source="assumption")
    """When a day's work may begin."""
    morning_until: float = param(14.75, unit="hour of the day", low=13, high=15, source="assumption")
    """Until when those who work mornings do."""
    evening_from: float = param(15.5, unit="hour of the day", low=15, high=17, source="assumption")
    """From when those who work evenings do."""
    day_until: float = param(22.75, unit="hour of the day", low=21.5, high=22.75, source="assumption")
    """When a day's work ends at the latest."""
    rural_walking: float = param(0.3, unit="ratio", low=0, high=1, source="assumption")
    """Workers who do not drive in rural places, against elsewhere with the same car ownership."""
    age_spread: float = param(13.0, unit="years", low=8, high=16, source="assumption")
    """Spread of age."""
    oldest: float = param(74.0, unit="years", low=67, high=80, source="assumption")
    """Age of the oldest."""
    experience_years: float = param(8.0, unit="years", low=4, high=12, source="sector_years_experience_2016_17")
    """Mean time in the sector of the workforce at the start."""
    experience_least: float = param(0.1, unit="ratio", low=0, high=0.5, source="assumption")
    """Time in the sector of the newest of the experienced, against the mean; most are below the mean, few far above."""
    experienced_share: float = param(0.55, unit="share", low=0.3, high=0.9, source="assumption")
    """Share of recruits who have worked in care before."""
    wage_above_floor: float = param(0.55, unit="pounds an hour", low=0, high=0.8, source="pay_cw_median_dec2025")
    """Median wage above the wage floor at the start."""
    staffing_at_start: float = param(1.3, unit="ratio", low=0.8, high=1.4, source="assumption")
    """Hours that the workforce wants when the burn-in begins, against care and travel; then agencies hire."""
    road_at_start: float = param(0.2, unit="ratio", low=0.05, high=0.5, source="assumption")
    """Travel and waits reckoned on top of care when that workforce is counted."""
    tenure_longest: float = param(620.0, unit="weeks", low=200, high=1500, source="assumption")
    """Longest time in the job when the burn-in begins; a third of it on average."""
    effective_with: float = param(0.98, unit="ratio", low=0.85, high=1, source="assumption")
    """Effective wage against the wage with which workers begin where travel is paid."""
    effective_without: float = param(0.85, unit="ratio", low=0.7, high=1, source="assumption")
    """The same where it is not."""
    sick_days: float = param(5.0, unit="days a year", low=4.7, high=9.7, source="sickness_independent_cw_2018_19")
    """Days of sickness of an employee in a year."""
    spell_one_share: float = param(0.5, unit="share", low=0.3, high=0.55, source="assumption")
    """Spells of sickness that last one day."""
    spell_three_share: float = param(0.3, unit="share", low=0.1, high=0.3, source="assumption")
    """Spells that last three days."""
    spell_week_share: float = param(0.13, unit="share", low=0, high=0.15, source="assumption")
    """Spells that last a week; the rest last four."""
    spell_days: float = param(2.6, unit="days", low=1.5, high=6, source="assumption")
    """Mean length of a spell, counted in working days, by which spells follow from days."""
    leave_weeks: float = param(5.6, unit="weeks a year", low=4, high=7, source="assumption")
    """Annual leave: the statutory 5.6 weeks."""

    def away_share(self) -> float:
        """Return the share of working time for which leave and sickness take a worker away."""
        return (self.leave_weeks * 5.0 + self.sick_days) / 260.0


def job_utility(effective_wage: np.ndarray, swing: np.ndarray, promised_share: np.ndarray,
                security_taste: np.ndarray, hurried: np.ndarray, notice: np.ndarray, gap: np.ndarray,
                match: np.ndarray, choice: WorkerChoice) -> np.ndarray:
    """Return float64[n]: what a job is worth, in pounds an hour, from what was lived in it.

    Swings of pay weigh more on those who value security; a promise of hours is worth its taste. Minutes,
    pounds and counts enter, and nothing else.
    """
    weight = np.maximum(choice.swing_weight + security_taste, 0.0)
    return (
        effective_wage
        - weight * swing
        + security_taste * promised_share
        - choice.hurry_weight * hurried
        - choice.notice_weight * notice
        - choice.gap_weight * gap
        + match
    )


def willing_share(pounds: np.ndarray, choice: WorkerChoice) -> np.ndarray:
    """Return float64[n]: chance of being willing to work on a day off for ``pounds`` an hour above the wage.

    The odds grow in a straight line with the pounds: taste/(1 - taste) times 1 + pounds/spread.
    """
    more = 1.0 + pounds / choice.overtime_spread
    taste = choice.overtime_taste
    return np.where(pounds > 0.0, taste * more / (1.0 - taste + taste * more), taste)
