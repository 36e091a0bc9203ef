"""What users and workers remember of the weeks they lived."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.lived_columns import (
    CONTACT,
    DUE,
    HURRIED,
    LIVED,
    MADE,
    MET,
    MET_PART,
    N_CLIPPED,
    N_MISSED,
    NEED_PART,
    NEEDED,
    PRACTICE,
    SHORT_NOTICE,
    SPAN,
    STRANGERS,
    SUITED,
    TALK,
    TRAVEL,
    WAITING,
    WORKER_HURRIED,
    WORKER_VISITS,
)
from homecare.week.kernels.layout import PAIRS, PARTS


class ExperienceNumbers(NamedTuple):
    """The numbers of :class:`homecare.week.experience.ExperienceUncertainty`."""

    memory: float
    worker_memory: float
    curvature: float
    adaptation: float
    expectation_weight: float
    hurry_dignity: float
    stranger_dignity: float
    missed_safety: float
    suited_control: float
    change_control: float
    talk_social: float
    base_social: float
    base_occupation: float
    missed_memory: float


class Memories(NamedTuple):
    """Columns of the service users that this loop reads and writes (see the agent class)."""

    need: np.ndarray
    family_share: np.ndarray
    family_strain: np.ndarray
    lives_alone: np.ndarray
    social_need: np.ndarray
    outlook: np.ndarray
    capability: np.ndarray
    met_share: np.ndarray
    part_met: np.ndarray
    suited_share: np.ndarray
    hurried_share: np.ndarray
    stranger_share: np.ndarray
    missed_share: np.ndarray
    practice: np.ndarray
    talk_share: np.ndarray
    expectation: np.ndarray
    domains: np.ndarray
    scrqol: np.ndarray
    goodwill: np.ndarray
    workers_met: np.ndarray
    change_since: np.ndarray


@kernel_part
def blend(old: float, new: float, memory: float) -> float:
    """Return the memory of a quantity after one more week: ``memory`` weeks reach back."""
    return old + (new - old) / memory


@kernel
def remember(week: int, user_rows: np.ndarray, blocks: np.ndarray, lived: np.ndarray, pair_week: np.ndarray,
             numbers: ExperienceNumbers, m: Memories) -> None:
    """Update memories and domains of people served this week.

    Parameters
    ----------
    user_rows, blocks : int64[n], the people served and their blocks
    lived : int64[B, columns], the users' week of :mod:`homecare.week.kernels.delivery`
    """
    for i in range(user_rows.size):
        u = user_rows[i]
        b = blocks[i]
        due = lived[b, DUE]
        if due == 0:
            continue
        made = lived[b, MADE]
        memory = numbers.memory
        needed = lived[b, NEEDED]
        met = lived[b, MET] / needed if needed > 0 else 1.0
        m.met_share[u] = blend(m.met_share[u], met, memory)
        for part in range(PARTS):
            need_part = lived[b, NEED_PART + part]
            if need_part > 0:
                m.part_met[u, part] = blend(m.part_met[u, part], lived[b, MET_PART + part] / need_part, memory)
        m.missed_share[u] = blend(m.missed_share[u], lived[b, N_MISSED] / due, numbers.missed_memory * memory)
        if made > 0:
            m.suited_share[u] = blend(m.suited_share[u], lived[b, SUITED] / made, memory)
            m.hurried_share[u] = blend(
                m.hurried_share[u], (lived[b, HURRIED] + lived[b, N_CLIPPED]) / (2.0 * made), memory)
            m.stranger_share[u] = blend(m.stranger_share[u], lived[b, STRANGERS] / made, memory)
        if lived[b, LIVED] > 0:
            m.practice[u] = blend(m.practice[u], lived[b, PRACTICE] / lived[b, LIVED], memory)
            m.talk_share[u] = blend(m.talk_share[u], lived[b, TALK] / lived[b, LIVED], memory)
        met_by = 0
        for j in range(PAIRS):
            if pair_week[b, j] == week:
                met_by += 1
        m.workers_met[u] = met_by


class WorkerMemories(NamedTuple):
    """Columns of the care workers that this loop reads and writes (see the agent class)."""

    hours_wanted: np.ndarray
    absent: np.ndarray
    pay: np.ndarray
    idle_pay: np.ndarray
    wage: np.ndarray
    lived_minutes: np.ndarray
    pay_mean: np.ndarray
    pay_swing: np.ndarray
    effective_wage: np.ndarray
    unpaid_share: np.ndarray
    hurried_share: np.ndarray
    short_notice: np.ndarray
    hours_gap: np.ndarray
    experience: np.ndarray
    hired: np.ndarray


@kernel
def remember_work(week: int, rows: np.ndarray, lived: np.ndarray, memory: float, m: WorkerMemories) -> None:
    """Update what workers carry of recent weeks; a week that was partly leave is not held against pay.

    ``rows`` int64[S] are the workers, ``lived`` int64[S, columns] their week.
    """
    for i in range(rows.size):
        w = rows[i]
        m.experience[w] += 1.0
        if m.absent[w] != 0:
            continue
        pay = float(m.pay[w])
        if m.pay_mean[w] <= 0.0:
            m.pay_mean[w] = pay
        usual = m.pay_mean[w] if m.pay_mean[w] > 100.0 else 100.0
        swing = pay - m.pay_mean[w] if pay > m.pay_mean[w] else m.pay_mean[w] - pay
        m.pay_swing[w] = blend(m.pay_swing[w], min(swing / usual, 1.0), memory)
        m.pay_mean[w] = blend(m.pay_mean[w], pay, memory)
        wanted = float(m.hours_wanted[w])
        paid_seconds = 3600.0 * pay / m.wage[w]
        gap = (wanted - paid_seconds) / wanted
        m.hours_gap[w] = blend(m.hours_gap[w], min(max(gap, 0.0), 1.0), memory)
        span = float(lived[i, SPAN])
        m.lived_minutes[w] = blend(m.lived_minutes[w], span / 60.0, memory)
        visits = lived[i, WORKER_VISITS]
        if visits > 0 and span > 0.0:
            working = float(lived[i, CONTACT]) + _road_and_waits(lived, i)
            effective = (pay - m.idle_pay[w]) / 100.0 / (working / 3600.0) if working > 0 else 0.0
            m.effective_wage[w] = blend(m.effective_wage[w], min(effective, 60.0), memory)
            unpaid = 1.0 - (paid_seconds - 3600.0 * m.idle_pay[w] / m.wage[w]) / working
            m.unpaid_share[w] = blend(m.unpaid_share[w], min(max(unpaid, 0.0), 1.0), memory)
            m.hurried_share[w] = blend(m.hurried_share[w], lived[i, WORKER_HURRIED] / visits, memory)
            m.short_notice[w] = blend(m.short_notice[w], lived[i, SHORT_NOTICE] / visits, memory)


@kernel_part
def _road_and_waits(lived: np.ndarray, i: int) -> float:
    """Return seconds on the road and waiting between visits of one round (columns TRAVEL and WAITING)."""
    return float(lived[i, TRAVEL] + lived[i, WAITING])


