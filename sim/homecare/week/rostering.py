"""Rostering: lasting rounds for what changed, and a weekly overlay for who is away."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np

from homecare import draws
from homecare.agents.service_user import SELF_FUNDER
from homecare.draws import Purpose
from homecare.numerics import in_groups
from homecare.params import Uncertainty, param
from homecare.plan import APPROVE
from homecare.side_by_side import borders, side_by_side
from homecare.tables import NO_WEEK
from homecare.week.households import place_at_home
from homecare.week.kernels.insertion import place_blocks
from homecare.week.kernels.layout import Weights
from homecare.week.overlay import make_overlay
from homecare.week.placing import (
    base_rounds,
    homes_of,
    open_base,
    staff_of,
    try_elsewhere,
    visits_of,
    with_scratch,
)
from homecare.week.planning import renegotiate
from homecare.week.rota_review import review_rotas


class RosteringUncertainty(Uncertainty):
    """What rota planners mind and how far they go."""

    theme: ClassVar[str] = "rostering"
    home_leg: float = param(0.4, unit="ratio", low=0, high=1, source="assumption")
    """Weight of a worker's way from and to home against travel between visits."""
    off_time: float = param(0.25, unit="ratio", low=0.02, high=1, source="assumption")
    """Seconds of travel accepted to be one second nearer to the wanted time."""
    dead_time: float = param(0.6, unit="ratio", low=0, high=1.5, source="assumption")
    """Seconds of travel accepted to save one second of a gap too short to be of use."""
    long_gap: float = param(45.0, unit="minutes", low=20, high=90, source="assumption")
    """A gap of so many minutes is of use: a break, or room for another visit."""
    familiar_minutes: float = param(8.0, unit="minutes", low=0, high=30, source="assumption")
    """Minutes of travel accepted to send somebody who knows the person."""
    idle_promise: float = param(0.3, unit="ratio", low=0, high=1, source="assumption")
    """Seconds of travel accepted to fill one second of promised time that would be idle."""
    reach_km: float = param(12.0, unit="km", low=4, high=40, source="assumption")
    """Farthest straight distance from a worker's home to a visit."""
    cover_reach: float = param(1.6, unit="ratio", low=1, high=3, source="assumption")
    """How much farther than usual a willing worker goes to cover a visit."""
    overtime: float = param(1.3, unit="ratio", low=1, high=1.6, source="assumption")
    """Hours of a week that a willing worker can be given, against those wanted."""
    moved_minutes: float = param(90.0, unit="minutes", low=15, high=180, source="assumption")
    """How far beyond its window a visit is moved rather than missed."""
    manager_hours: float = param(12.0, unit="hours a week", low=0, high=30, source="assumption")
    """Hours that managers and coordinators of an agency can spend on visits in a week, per 25 people."""
    managers_least: float = param(2.2, unit="ratio", low=0.5, high=4, source="assumption")
    """Least of that which an agency has, however few people it serves."""
    manager_extra_minutes: float = param(20.0, unit="minutes", low=5, high=45, source="assumption")
    """Time that a visit takes a manager beyond its length."""
    asks_again: float = param(0.3, unit="chance a week", low=0.05, high=1, source="assumption")
    """Chance that a planner comes back in a week to a visit that fits nowhere, where nobody must approve."""
    relocations_share: float = param(0.01, unit="share a week", low=0, high=0.2, source="assumption")
    """Share of packages whose attendances planners try to place better in a week."""
    review_weeks: int = param(0, unit="weeks", low=0, high=52, source="assumption")
    """Weeks from one review of all rounds of an agency, by deeper improvement, to the next; 0: nobody reviews."""
    review_moves: int = param(300, unit="trials a day", low=20, high=5000, source="assumption")
    """How often some visits of a day are taken out and put back in such a review."""


def weights_of(numbers: RosteringUncertainty) -> Weights:
    """Return what planners mind, as the kernels want it."""
    return Weights(home_leg=numbers.home_leg, off_time=numbers.off_time, dead_time=numbers.dead_time,
                   familiar=60.0 * numbers.familiar_minutes, idle_promise=numbers.idle_promise,
                   reach_metres=1000.0 * numbers.reach_km, long_gap=int(60 * numbers.long_gap))


def roster(market) -> None:
    """Place what is open in the lasting rounds and try some better, then make this week's overlay."""
    p = market.packages
    visits, rounds, homes = visits_of(market), base_rounds(market), homes_of(market)
    staff = staff_of(market)
    blocks = p.in_order()
    served = blocks[p.agency[blocks] >= 0]
    # Agencies do not meet here; memory likes them together.
    served = served[in_groups(p.agency[served], market.agencies.n)]
    side_by_side(place_blocks, [
        (served[first:last], p.agency, market.team, market.team_first, market.nobody_absent, market.familiarity, visits,
         with_scratch(rounds), homes, staff, market.speed, market.weights)
        for first, last in pairwise(borders(p.agency[served]))])
    place_at_home(market)
    seek_times(market, served)
    relocate(market, served)
    review_rotas(market)
    make_overlay(market, served)


def seek_times(market, served: np.ndarray) -> None:
    """Seek other times for visits that fit nowhere: with the person where nobody must approve, else by asking."""
    u, p = market.service_users, market.packages
    open_now = served[(open_base(market, served) > 0) & ~p.suspended[served]]
    users = p.user[open_now]
    free = (p.times[open_now] != APPROVE) | (p.route[open_now] == SELF_FUNDER)
    luck = draws.uniforms(market.seed, Purpose.VOICE, market.week, u.birth_key[users], 2)
    renegotiate(market, open_now[free & (luck < market.uncertainty.rostering.asks_again)])
    asks = users[~free & (u.change_since[users] == NO_WEEK) & (luck < market.uncertainty.intake.noticing)]
    u.change_since[asks] = market.week


def relocate(market, served: np.ndarray) -> None:
    """Try a few visits elsewhere: those of the packages that luck picks this week."""
    share = market.uncertainty.rostering.relocations_share
    p = market.packages
    luck = draws.uniforms(market.seed, Purpose.COVER, market.week, p.key[served])
    picked = served[luck < share]
    attendances = (picked[:, None] * 56 + np.arange(56)[None, :]).ravel()
    market.tally["relocated"] = try_elsewhere(market, attendances, market.weights)
