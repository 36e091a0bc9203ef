"""Rostering: lasting rounds for what changed, and a weekly overlay for who is away."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare import draws
from homecare.agents.service_user import SELF_FUNDER
from homecare.draws import Purpose
from homecare.numerics import sum_by
from homecare.params import Uncertainty, param
from homecare.plan import APPROVE
from homecare.week.kernels.cover import Remedies, cover, strip_absent
from homecare.week.kernels.insertion import improve, place_blocks, take_out_blocks
from homecare.week.kernels.layout import Rounds, Visits, Weights
from homecare.week.assessment import renegotiate
from homecare.week.placing import base_rounds, homes_of, staff_of, visits_of


class RosteringUncertainty(Uncertainty):
    """What rota planners mind and how far they go."""

    theme: ClassVar[str] = "rostering"
    home_leg: float = param(0.4, unit="ratio", low=0, high=1, source="assumption")
    """Weight of a worker's way from and to home against travel between visits."""
    off_time: float = param(0.25, unit="ratio", low=0.02, high=1, source="assumption")
    """Seconds of travel accepted to be one second nearer to the wanted time."""
    dead_time: float = param(0.6, unit="ratio", low=0, high=1.5, source="assumption")
    """Seconds of travel accepted to save one second of a gap too short to be of use."""
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
    manager_extra_minutes: float = param(20.0, unit="minutes", low=5, high=45, source="assumption")
    """Time that a visit takes a manager beyond its length."""
    relocations_share: float = param(0.01, unit="share a week", low=0, high=0.2, source="assumption")
    """Share of attendances that planners try to place better in a week."""


def weights_of(numbers: RosteringUncertainty) -> Weights:
    """Return what planners mind, as the kernels want it."""
    return Weights(home_leg=numbers.home_leg, off_time=numbers.off_time, dead_time=numbers.dead_time,
                   familiar=60.0 * numbers.familiar_minutes, idle_promise=numbers.idle_promise,
                   reach_metres=1000.0 * numbers.reach_km)


def roster(market) -> None:
    """Place what is open in the lasting rounds, try some better, then make this week's overlay."""
    p = market.packages
    visits, rounds, homes = visits_of(market), base_rounds(market), homes_of(market)
    staff = staff_of(market)
    blocks = p.in_order()
    served = blocks[p.agency[blocks] >= 0]
    place_blocks(served, p.agency, market.team, market.team_first, market.nobody_absent, market.familiarity,
                 visits, rounds, homes, staff, market.speed, market.weights)
    seek_times(market, served)
    relocate(market, served, visits, rounds, homes, staff)
    overlay(market, served)


def seek_times(market, served: np.ndarray) -> None:
    """Seek other times for visits that fit nowhere: at once where nobody must approve, else by asking."""
    u, p = market.service_users, market.packages
    open_now = served[(market.open_base(served) > 0) & ~p.suspended[served]]
    users = p.user[open_now]
    free = (p.approval[open_now] != APPROVE) | (p.route[open_now] == SELF_FUNDER)
    renegotiate(market, open_now[free])
    luck = draws.uniforms(market.seed, Purpose.VOICE, market.week, u.birth_key[users], 2)
    asks = users[~free & (u.change_since[users] < 0) & (luck < market.uncertainty.intake.noticing)]
    u.change_since[asks] = market.week


def relocate(market, served: np.ndarray, visits: Visits, rounds: Rounds, homes, staff) -> None:
    """Try a few visits elsewhere: those that luck picks this week, and those of people who complained."""
    share = market.uncertainty.rostering.relocations_share
    u, p = market.service_users, market.packages
    luck = draws.uniforms(market.seed, Purpose.COVER, market.week, p.key[served])
    users = p.user[served]
    picked = served[(luck < share) | (u.told_since[users] == market.week)]
    attendances = (picked[:, None] * 56 + np.arange(56)[None, :]).ravel()
    moved = improve(attendances, p.agency, market.team, market.team_first, market.nobody_absent,
                    market.familiarity, visits, rounds, homes, staff, market.speed, market.weights)
    market.tally["relocated"] = moved


def absences(market) -> np.ndarray:
    """Return int64[W]: bit mask of the days on which each worker is away this week, and note spells."""
    w = market.care_workers
    workforce = market.initial.workforce
    rows = np.sort(market.team, kind="stable")
    keys = w.birth_key[rows]
    leave = draws.uniforms(market.seed, Purpose.ANNUAL_LEAVE, market.week, keys) < workforce.leave_weeks / 52.0
    # Spells: half last the week, the rest some days; short ones are more common.
    spells_a_week = workforce.sick_days * market.conditions.sickness / 260.0 * 5.0 / 2.6
    falls_ill = draws.uniforms(market.seed, Purpose.SICKNESS, market.week, keys, 0) < spells_a_week
    length = draws.uniforms(market.seed, Purpose.SICKNESS, market.week, keys, 1)
    day = (7.0 * draws.uniforms(market.seed, Purpose.SICKNESS, market.week, keys, 2)).astype(np.int64)
    days = np.where(length < 0.5, 1, np.where(length < 0.8, 3, 7))
    mask = ((np.left_shift(1, days) - 1) << day) & 127
    long_spell = falls_ill & (length > 0.93)
    w.sick_until[rows[long_spell]] = market.week + 3
    sick_all = w.sick_until[rows] >= market.week
    absent = np.where(leave | sick_all, 127, np.where(falls_ill, mask, 0))
    w.absent[:] = 0
    w.absent[rows] = absent
    market.tally["sick_workers"] = int(np.count_nonzero(sick_all | falls_ill))
    return w.columns["absent"]


def overlay(market, served: np.ndarray) -> None:
    """Make this week's rounds: the lasting ones, less who is away, with the remedies in their order."""
    p, u, w, g = market.packages, market.service_users, market.care_workers, market.agencies
    numbers = market.uncertainty.rostering
    base = base_rounds(market)
    due = p.active & (p.agency >= 0) & ~p.suspended
    visits = visits_of(market)._replace(start=p.visit_start.copy())
    rounds = Rounds(*(array.copy() for array in base))
    homes, staff = homes_of(market), staff_of(market)
    held = np.flatnonzero(p.active & p.suspended).astype(np.int64)
    if held.size:
        take_out_blocks(held, visits, rounds, homes, staff, market.speed)
    absent = absences(market)
    strip_absent(absent, visits, rounds, homes, staff, market.speed)
    rows = market.team
    is_willing = np.zeros(w.capacity, bool)
    is_willing[rows] = draws.uniforms(market.seed, Purpose.TAKE_UP, market.week, w.birth_key[rows]) \
        < market.uncertainty.worker_choice.overtime_taste
    free = is_willing[:, None] & (w.columns["day_start"] == w.columns["day_end"])
    latest = w.columns["day_end"].max(axis=1)
    earliest = np.where(w.columns["day_start"] > 0, w.columns["day_start"], 86400).min(axis=1)
    extra = staff._replace(
        day_start=np.where(free, earliest[:, None], staff.day_start).astype(np.int32),
        day_end=np.where(free, latest[:, None], staff.day_end).astype(np.int32),
        limit=np.where(is_willing, (staff.limit * numbers.overtime).astype(np.int64), staff.limit),
        days_off=(free * (1 << np.arange(7))[None, :]).sum(axis=1),
    )
    users_of = np.bincount(p.agency[due], minlength=g.n)[: g.n]
    g.manager_seconds[:] = (numbers.manager_hours * 3600 * np.maximum(users_of / 25.0, 1.6)).astype(np.int64)
    moved = np.zeros(p.visit_start.size, bool)
    remedies = Remedies(int(60 * numbers.moved_minutes), int(60 * numbers.manager_extra_minutes))
    on_rounds = np.full(w.capacity, -1, np.int32)
    on_rounds[rows] = w.agency[rows]
    far = market.weights._replace(reach_metres=numbers.cover_reach * market.weights.reach_metres)
    done = cover(served, due, p.agency, p.pair_worker, p.pair_count, on_rounds, market.team, market.team_first, absent,
                 g.columns["manager_seconds"], market.familiarity, moved, remedies, visits, rounds, homes,
                 staff, extra, market.speed, market.weights, far)
    for name, value in zip(("to_cover", "covered_colleagues", "covered_overtime", "covered_managers",
                            "covered_moved"), done.tolist(), strict=True):
        market.tally[name] = value
    market.overlay = (visits, rounds, due)
    market.tally["open_seconds"] = 0
    g.open_seconds[:] = sum_by(p.agency[due], market.open_base(due), g.n)
