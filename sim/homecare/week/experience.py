"""Experience and voice: what users and workers make of the week, and what becomes of a problem."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np

from homecare.agents import service_user as su
from homecare.agents.agency_numbers import PEOPLE_A_MANAGER
from homecare.numerics import count_by, places
from homecare.params import Uncertainty, param
from homecare.side_by_side import borders, side_by_side
from homecare.week.kernels.experience import (
    ExperienceNumbers,
    Memories,
    WorkerMemories,
    remember,
    remember_work,
)
from homecare.week.kernels.feeling import feel
from homecare.week.kernels.layout import VISITS
from homecare.week.kernels.telling import Troubles, Voices, tell
from homecare.week.kernels.windows import widen
from homecare.week.placing import try_elsewhere, visits_of
from homecare.week.wishes import SUITS_SECONDS


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
    m = u.pick(Memories)
    served = places(u.alive & (u.state == su.RECEIVING) & (u.block >= 0))
    remember(market.week, served, u.block[served].astype(np.int64), market.lived.users, p.pair_week, numbers, m)
    waiting = places(u.alive & (u.state < su.RECEIVING))
    everybody = np.concatenate([served, waiting])
    waits = np.arange(everybody.size) >= served.size
    side_by_side(feel, [(market.week, everybody[first:last], waits[first:last], numbers, market.domain_numbers,
                         market.goodwill_numbers, m)
                        for first, last in pairwise(borders(np.arange(everybody.size)))])
    voice(market, served)


def work(market) -> None:
    """Let workers take in the week, once they know its pay."""
    m = market.care_workers.pick(WorkerMemories)
    remember_work(market.week, market.overlay.rows, market.lived.workers,
                  market.uncertainty.worker_choice.memory_weeks, m)


def voice(market, served: np.ndarray) -> None:
    """Begin, tell, look into and end problems. What cures is a feasible change of rounds, nothing else."""
    u, g, p = market.service_users, market.agencies, market.packages
    numbers = market.uncertainty.voice
    open_cases = np.empty(served.size, np.int64)
    n, *counts = tell(market.seed, market.week, served, Troubles(*(getattr(numbers, name) for name in Troubles._fields)),
                      u.pick(Voices), open_cases)
    for name, value in zip(("problems", "complaints", "cured", "cure_weeks"), counts, strict=True):
        market.tally[name] = value
    if n == 0:
        return
    open_cases = open_cases[:n]
    agency = u.agency[open_cases]
    rank = np.lexsort((u.birth_key[open_cases], u.told_since[open_cases], agency))
    open_cases, agency = open_cases[rank], agency[rank]
    room = np.ceil(numbers.answers_a_manager * count_by(u.agency[served], g.n) / PEOPLE_A_MANAGER).astype(np.int64)
    first = np.searchsorted(agency, np.arange(g.n))
    turn = np.arange(n) - first[agency]
    looked_into = open_cases[turn < room[agency]]
    weights = market.weights._replace(off_time=numbers.cure_times * market.weights.off_time,
                                      familiar=numbers.cure_faces * market.weights.familiar)
    # A planner looks at visits off their time, or at all where faces are the problem.
    suits = np.where(u.stranger_share[looked_into] > numbers.trouble_strangers, -1, SUITS_SECONDS)
    blocks = u.block[looked_into].astype(np.int64)
    attendances = widen(blocks, p.visit_wanted.reshape(-1, VISITS)[blocks], p.band, suits, visits_of(market))
    try_elsewhere(market, attendances, weights)
