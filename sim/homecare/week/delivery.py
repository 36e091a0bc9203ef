"""Delivery: every visit of the week is lived."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare import lived_columns as columns
from homecare.conditions import ORDINARY
from homecare.params import Uncertainty, param
from homecare.side_by_side import side_by_side
from homecare.week.kernels import delivery as d
from homecare.week.kernels.adding_up import Pairs, add_up
from homecare.week.kernels.knowing import know_people
from homecare.week.kernels.layout import NOT_DUE
from homecare.week.placing import homes_of


class DeliveryUncertainty(Uncertainty):
    """How days differ and how care workers use their minutes."""

    theme: ClassVar[str] = "delivery"
    need_spread: float = param(0.22, unit="log", low=0.05, high=0.5, source="assumption")
    """Spread of a day's need around the usual."""
    late_dislike: float = param(0.8, unit="pence a minute squared", low=0.1, high=4, source="assumption")
    """What being late for the next person costs in a worker's mind."""
    cut_dislike: float = param(1.6, unit="pence a minute squared", low=0.2, high=8, source="assumption")
    """What cutting the care of this person costs."""
    pay_weight: float = param(0.5, unit="ratio", low=0, high=1, source="assumption")
    """How much a lost penny counts against those."""
    own_time: float = param(9.0, unit="pence a minute", low=0, high=25, source="assumption")
    """What getting away early is worth."""
    company: float = param(7.0, unit="pence a minute", low=0, high=25, source="assumption")
    """What staying with somebody lonely is worth."""
    kept_by_company: float = param(0.6, unit="share", low=0, high=1, source="assumption")
    """Chances to leave early in which somebody at their loneliest keeps the worker by talking."""
    late_noticed: float = param(5.0, unit="minutes", low=0, high=15, source="assumption")
    """Lateness that a worker takes for none: below it unpaid minutes are given, above it cuts are weighed."""
    cut_most: float = param(0.5, unit="share", low=0.1, high=0.8, source="assumption")
    """Most of a visit that is cut for being late."""
    least_stay: float = param(0.25, unit="share", low=0, high=0.5, source="assumption")
    """Least of a visit that is stayed, whatever the reason to go."""
    goodwill_minutes: float = param(3.0, unit="minutes", low=0, high=10, source="assumption")
    """Unpaid minutes given where more care is needed than planned and nobody waits."""
    with_factor: float = param(1.25, unit="ratio", low=1.05, high=1.6, source="assumption")
    """Time that doing things with a person takes, against doing them for the person."""
    practice_from: float = param(0.8, unit="ratio", low=0.5, high=1, source="assumption")
    """Time against need from which there is room to do some things with a person."""
    cancelled_share: float = param(0.015, unit="share", low=0, high=0.06, source="assumption")
    """Visits that people cancel in an ordinary week: out, away, family there."""
    no_show_share: float = param(0.0006, unit="share", low=0, high=0.005, source="assumption")
    """Worker-days on which somebody does not turn up and nobody knows in time."""
    incident_share: float = param(0.07, unit="share", low=0, high=0.2, source="assumption")
    """Visits at which something keeps the worker: a fall, a spill, a call to the doctor, no answer at the door."""
    incident_minutes: float = param(30.0, unit="minutes", low=5, high=90, source="assumption")
    """Mean time that it takes, beyond the care planned."""
    give_up_minutes: float = param(150.0, unit="minutes", low=60, high=300, source="assumption")
    """Lateness beyond which a visit is no longer made."""
    free_gap: float = param(30.0, unit="minutes", low=15, high=60, source="assumption")
    """A gap of so many minutes between visits is the worker's own; a shorter one is waiting, which is work by law."""


def habits_of(numbers: DeliveryUncertainty, journey_spread: float) -> d.Habits:
    """Return how care workers use their minutes in an ordinary week, as the kernels want it."""
    return d.Habits(
        journey_spread=journey_spread, need_spread=numbers.need_spread,
        late_dislike=numbers.late_dislike, cut_dislike=numbers.cut_dislike, pay_weight=numbers.pay_weight,
        own_time=numbers.own_time, company=numbers.company,
        goodwill_seconds=int(60 * numbers.goodwill_minutes), with_factor=numbers.with_factor,
        cancelled_share=numbers.cancelled_share, extra_seconds=ORDINARY.extra_visit_seconds,
        no_show_share=numbers.no_show_share, incident_share=numbers.incident_share,
        incident_seconds=60.0 * numbers.incident_minutes, give_up_seconds=int(60 * numbers.give_up_minutes),
        free_gap_seconds=int(60 * numbers.free_gap), kept_by_company=numbers.kept_by_company,
        late_seconds=int(60 * numbers.late_noticed), cut_most=numbers.cut_most, least_stay=numbers.least_stay,
        practice_from=numbers.practice_from,
    )


def deliver(market) -> None:
    """Live the week's rounds; the results stand in ``market.lived`` until the next week."""
    p, u, w, g = market.packages, market.service_users, market.care_workers, market.agencies
    visits, rounds, due, rows, staff, base, moved, parts = market.overlay
    numbers = market.uncertainty.delivery
    conditions = market.conditions
    n = p.capacity
    of_workers = np.zeros((rows.size, columns.WORKER_COLUMNS), np.int64)
    if market.lived is None or market.lived.users.shape[0] != n:
        market.lived = d.Lived(np.zeros(56 * n, np.int32), np.zeros(56 * n, np.int32),
                               np.empty(56 * n, np.int8), np.zeros(56 * n, bool),
                               np.zeros(28 * n), np.zeros(28 * n, np.int64),
                               np.zeros((n, columns.USER_COLUMNS), np.int64), of_workers)
    market.lived = market.lived._replace(workers=of_workers)
    market.lived.ending[:] = NOT_DUE
    market.lived.users[:, :] = 0
    joined, social, effort = np.zeros((n, 4)), np.zeros(n), np.zeros(n)
    wished = np.zeros_like(visits.wanted)
    know_people(p.active, p.user, p.agency, p.effort, market.uncertainty.agency_behaviour.independence_effort,
                visits.carers, u.need, u.social_need, u.wanted, g.effort, joined, social, effort, wished)
    most = 2 * p.bank
    bank = np.minimum(np.maximum(p.bank + p.balance, 0), most)
    people = d.People(p.key, joined, p.follows, bank, social, effort, most)
    habits = market.habits._replace(
        cancelled_share=min(numbers.cancelled_share + conditions.cancelled_share, 1.0),
        extra_seconds=conditions.extra_visit_seconds)
    pay = d.Pay(w.wage[rows] / 60.0, w.actual_share[rows])
    stuck = side_by_side(d.deliver, [
        (market.seed, market.week, part.first_seat, part.last_seat, part.due, base, visits, rounds, homes_of(market),
         staff, market.speed, people, pay, habits, market.lived) for part in parts])
    if any(stuck):
        raise RuntimeError(f"week {market.week}: {sum(stuck)} rounds could not be finished")
    p.balance[:] = np.where(p.follows >= 1, people.bank - p.bank, 0)
    pairs = Pairs(p.pair_worker, p.pair_count, p.pair_week)
    side_by_side(add_up, [
        (market.week, part.due, rounds.worker, rows, moved, habits.with_factor, habits.practice_from, p.tariff,
         visits._replace(wanted=wished), people, pairs, market.lived) for part in parts])
