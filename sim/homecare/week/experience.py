"""Experience and voice: what users and workers make of the week, and what becomes of a problem."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.draws import Purpose
from homecare.params import Uncertainty, param
from homecare.side_by_side import borders, side_by_side
from homecare.tables import NO_WEEK
from homecare.week.kernels.experience import (
    ExperienceNumbers,
    Memories,
    WorkerMemories,
    remember,
    remember_work,
)
from homecare.week.kernels.feeling import feel
from homecare.week.placing import try_elsewhere


class ExperienceUncertainty(Uncertainty):
    """How quality of life follows from what was lived."""

    theme: ClassVar[str] = "experience"
    memory_weeks: float = param(6.0, unit="weeks", low=2, high=26, source="assumption")
    """How far back a person's recent weeks reach."""
    missed_memory: float = param(2.0, unit="ratio", low=1, high=6, source="assumption")
    """How much farther back missed visits are remembered: there are few."""
    curvature: float = param(0.6, unit="exponent", low=0.3, high=1, source="assumption")
    """Concavity of a domain in need met (Forder et al. 2018: diminishing returns; size not readable)."""
    expectation_weight: float = param(0.15, unit="ratio", low=0, high=0.6, source="assumption")
    """How much better or worse than expected colours every domain."""
    adaptation: float = param(0.02, unit="share a week", low=0, high=0.1, source="assumption")
    """How fast expectation follows what is lived."""
    hurry_dignity: float = param(0.9, unit="0-1", low=0, high=2, source="assumption")
    """Dignity lost where every visit is hurried."""
    stranger_dignity: float = param(0.25, unit="0-1", low=0, high=0.8, source="assumption")
    """Dignity lost where every visit is by a stranger."""
    missed_safety: float = param(4.0, unit="0-1", low=0, high=12, source="assumption")
    """Safety lost where every visit is missed (scaled: few ever are)."""
    suited_control: float = param(0.33, unit="0-1", low=0.05, high=0.6, source="assumption")
    """Control gained where every visit comes at the wanted time."""
    change_control: float = param(0.12, unit="0-1 a quarter", low=0, high=0.5, source="assumption")
    """Control lost for each quarter that a change of plan takes."""
    talk_social: float = param(1.2, unit="0-1", low=0, high=3, source="assumption")
    """Social domain gained per share of care time that is company."""
    base_social: float = param(0.80, unit="0-1", low=0.5, high=1, source="ascs_social_2016_17")
    """Social domain without care and without unmet wish for company."""
    base_occupation: float = param(0.72, unit="0-1", low=0.4, high=1, source="assumption")
    """Occupation domain likewise."""


class VoiceUncertainty(Uncertainty):
    """When a person complains and what an agency can do about it."""

    theme: ClassVar[str] = "voice"
    patience: float = param(0.55, unit="0-1", low=0.2, high=0.9, source="assumption")
    """Goodwill at which a poor week is not yet a problem."""
    tells: float = param(0.12, unit="chance a week", low=0.01, high=0.6, source="assumption")
    """Chance that a person with a problem tells the agency."""
    answers_a_manager: float = param(2.5, unit="contacts a week", low=0.5, high=10, source="assumption")
    """Complaints that an agency can look into in a week, per 25 people served."""
    weeks_between_answers: int = param(4, unit="weeks", low=1, high=13, source="assumption")
    """Weeks after which an agency looks again into a complaint that it could not cure."""
    cure_times: float = param(4.0, unit="ratio", low=1, high=10, source="assumption")
    """How much more a planner minds the wanted time of somebody who has complained."""
    cure_faces: float = param(2.0, unit="ratio", low=1, high=10, source="assumption")
    """How much more a planner minds sending a known worker to somebody who has complained."""
    trouble_suited: float = param(0.45, unit="share", low=0.1, high=0.8, source="assumption")
    """Visits near the wanted time below which times are a problem."""
    trouble_hurried: float = param(0.2, unit="share", low=0.05, high=0.6, source="assumption")
    """Hurried visits above which hurry is a problem."""
    trouble_strangers: float = param(0.5, unit="share", low=0.2, high=0.9, source="assumption")
    """Visits by strangers above which faces are a problem."""
    trouble_missed: float = param(0.03, unit="share", low=0.005, high=0.15, source="assumption")
    """Missed visits above which they are a problem."""


def experience_numbers(numbers: ExperienceUncertainty, worker_memory: float) -> ExperienceNumbers:
    """Return the kernel's numbers."""
    return ExperienceNumbers(
        memory=numbers.memory_weeks, worker_memory=worker_memory, curvature=numbers.curvature,
        adaptation=numbers.adaptation, expectation_weight=numbers.expectation_weight,
        hurry_dignity=numbers.hurry_dignity, stranger_dignity=numbers.stranger_dignity,
        missed_safety=numbers.missed_safety, suited_control=numbers.suited_control,
        change_control=numbers.change_control, talk_social=numbers.talk_social,
        base_social=numbers.base_social, base_occupation=numbers.base_occupation,
        missed_memory=numbers.missed_memory,
    )


def experience(market) -> None:
    """Let users and workers take in the week, and problems be told and looked into."""
    u, p = market.service_users, market.packages
    numbers = market.experience_numbers
    c = u.columns
    m = Memories(
        c["need"], c["family_share"], c["family_strain"], c["lives_alone"], c["social_need"], c["outlook"],
        c["capability"],
        c["met_share"], c["part_met"], c["suited_share"], c["hurried_share"], c["stranger_share"],
        c["missed_share"], c["practice"], c["talk_share"], c["expectation"], c["domains"], c["scrqol"],
        c["goodwill"], c["workers_met"], c["change_since"],
    )
    served = np.flatnonzero(u.alive & (u.state == su.RECEIVING) & (u.block >= 0))
    remember(market.week, served, u.block[served].astype(np.int64), market.lived.users, p.pair_week, numbers, m)
    waiting = np.flatnonzero(u.alive & (u.state < su.RECEIVING))
    everybody = np.concatenate([served, waiting])
    waits = np.arange(everybody.size) >= served.size
    side_by_side(feel, [(market.week, everybody[first:last], waits[first:last], numbers, market.domain_numbers,
                         market.goodwill_numbers, m)
                        for first, last in pairwise(borders(np.arange(everybody.size)))])
    voice(market, served)


def work(market) -> None:
    """Let workers take in the week, once they know its pay."""
    w = market.care_workers
    c = w.columns
    m = WorkerMemories(
        c["hours_wanted"], c["absent"], c["pay"], c["idle_pay"], c["wage"], c["lived_minutes"], c["pay_mean"],
        c["pay_swing"], c["effective_wage"], c["unpaid_share"], c["hurried_share"], c["short_notice"],
        c["hours_gap"], c["experience"], c["hired"],
    )
    remember_work(market.week, market.overlay.rows, market.lived.workers,
                  market.uncertainty.worker_choice.memory_weeks, m)


def troubled(market, users: np.ndarray) -> np.ndarray:
    """Return bool[n]: whether times, hurry or faces are a problem beyond each person's goodwill."""
    u = market.service_users
    numbers = market.uncertainty.voice
    times = u.suited_share[users] < numbers.trouble_suited
    hurry = u.hurried_share[users] > numbers.trouble_hurried
    faces = u.stranger_share[users] > numbers.trouble_strangers
    missed = u.missed_share[users] > numbers.trouble_missed
    return (times | hurry | faces | missed) & (u.goodwill[users] < numbers.patience)


def voice(market, served: np.ndarray) -> None:
    """Begin, tell, look into and end problems. What cures is a feasible change of rounds, nothing else."""
    u, g = market.service_users, market.agencies
    agency = u.agency[served]
    served, agency = served[agency >= 0], agency[agency >= 0]  # who employs somebody tells them, not an agency
    numbers = market.uncertainty.voice
    bad = troubled(market, served)
    has = u.problem_since[served] > NO_WEEK
    cured = served[has & ~bad]
    of_complaints = cured[u.told_since[cured] > NO_WEEK]
    market.tally["cured"] = of_complaints.size
    market.tally["cure_weeks"] = int((market.week - u.problem_since[of_complaints]).sum())
    u.problem_since[cured] = NO_WEEK
    u.told_since[cured] = NO_WEEK
    u.problem_since[served[bad & ~has]] = market.week
    with_problem = served[bad]
    keys, told = u.birth_key[with_problem], u.told_since[with_problem]
    luck = draws.uniforms(market.seed, Purpose.VOICE, market.week, keys)
    tells = (luck < numbers.tells) & (told == NO_WEEK)
    told[tells] = market.week
    u.told_since[with_problem] = told
    market.tally["complaints"] = int(np.count_nonzero(tells))
    market.tally["problems"] = with_problem.size
    is_open = (told > NO_WEEK) & ((market.week - told) % numbers.weeks_between_answers == 0)
    open_cases = with_problem[is_open]
    if open_cases.size == 0:
        return
    users_of = np.bincount(agency, minlength=g.n)
    agency = u.agency[open_cases]
    rank = np.lexsort((keys[is_open], told[is_open], agency))
    open_cases, agency = open_cases[rank], agency[rank]
    room = np.ceil(numbers.answers_a_manager * users_of / 25.0).astype(np.int64)
    first = np.searchsorted(agency, np.arange(g.n))
    turn = np.arange(open_cases.size) - first[agency]
    looked_into = open_cases[turn < room[agency]]
    weights = market.weights._replace(off_time=numbers.cure_times * market.weights.off_time,
                                      familiar=numbers.cure_faces * market.weights.familiar)
    blocks = u.block[looked_into].astype(np.int64)
    attendances = worth_moving(market, looked_into, blocks)
    widen_towards_wish(market, blocks)
    try_elsewhere(market, attendances, weights)


def worth_moving(market, users: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return the attendances that a planner looks at: visits off their time, or all where faces are the problem."""
    u, p = market.service_users, market.packages
    off = np.abs(p.visit_start.reshape(-1, 28)[blocks] - p.visit_wanted.reshape(-1, 28)[blocks]) > 1800
    faces = u.stranger_share[users] > market.uncertainty.voice.trouble_strangers
    which, slot = (off | faces[:, None]).nonzero()
    first = blocks[which] * 56 + 2 * slot
    return np.column_stack([first, first + 1]).ravel()


def widen_towards_wish(market, blocks: np.ndarray) -> None:
    """Let planners move visits of these packages anywhere between the agreed and the wanted time."""
    p = market.packages
    wanted = p.visit_wanted.reshape(-1, 28)[blocks]
    early = p.visit_early.reshape(-1, 28)
    late = p.visit_late.reshape(-1, 28)
    band = p.band[blocks].astype(np.int32)[:, None]
    early[blocks] = np.minimum(early[blocks], np.maximum(wanted - band, 0))
    late[blocks] = np.maximum(late[blocks], wanted + band)


