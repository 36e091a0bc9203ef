"""The eight ASCOT domains, SCRQoL, expectation and goodwill: what people make of what they remember."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel
from homecare.numerics import power
from homecare.tables import NO_WEEK
from homecare.week.kernels.experience import ExperienceNumbers, Memories


class DomainNumbers(NamedTuple):
    """The numbers of :class:`homecare.week.quality_of_life.QualityOfLife`."""

    base_control: float
    able_control: float
    met_control: float
    base_personal_care: float
    met_personal_care: float
    hurried_personal_care: float
    base_food: float
    met_food: float
    base_safety: float
    met_safety: float
    stranger_safety: float
    need_social: float
    family_social: float
    able_occupation: float
    practice_occupation: float
    need_occupation: float
    base_home: float
    met_home: float
    base_dignity: float
    family_weary: float
    family_morning: float
    family_midday: float
    family_alone: float
    waiting_suited: float


class GoodwillNumbers(NamedTuple):
    """The numbers of :class:`homecare.week.quality_of_life.Goodwill`."""

    favours: float
    suited: float
    suited_usual: float
    missed: float
    hurried: float
    forgetting: float
    rest: float


@kernel
def feel(week: int, user_rows: np.ndarray, waiting: np.ndarray, numbers: ExperienceNumbers, life: DomainNumbers,
         ledger: GoodwillNumbers, m: Memories) -> None:
    """Write the eight domains, SCRQoL and the expectation of each person.

    Parameters
    ----------
    user_rows : int64[n]
    waiting : bool[n], True where no care has begun: paid care meets nothing
    """
    c = numbers.curvature
    d = np.empty(8, np.float64)
    for i in range(user_rows.size):
        u = user_rows[i]
        family = m.family_share[u] * (1.0 - life.family_weary * m.family_strain[u])
        if waiting[i]:
            care_am = life.family_morning * family
            care_mid = life.family_midday * family
            met = life.family_alone * family
            suited = life.waiting_suited
            hurried = 0.0
            stranger = 0.0
            missed = 0.0
            talk = 0.0
            practice = 0.0
        else:
            care_am = 0.5 * (m.part_met[u, 0] + m.part_met[u, 3])
            care_mid = 0.5 * (m.part_met[u, 1] + m.part_met[u, 2])
            met = m.met_share[u]
            suited = m.suited_share[u]
            hurried = m.hurried_share[u]
            stranger = m.stranger_share[u]
            missed = m.missed_share[u]
            talk = m.talk_share[u]
            practice = m.practice[u]
        waits = float(week - m.change_since[u]) if m.change_since[u] > NO_WEEK else 0.0
        able = 0.25 * (m.capability[u, 0] + m.capability[u, 1] + m.capability[u, 2] + m.capability[u, 3])
        d[0] = (life.base_control + numbers.suited_control * suited + life.able_control * able + life.met_control * met
                - numbers.change_control * waits / 13.0)
        d[1] = life.base_personal_care + life.met_personal_care * power(care_am, c) - life.hurried_personal_care * hurried
        d[2] = life.base_food + life.met_food * power(care_mid, c)
        d[3] = (life.base_safety + life.met_safety * power(met, c) - numbers.missed_safety * missed
                - life.stranger_safety * stranger)
        d[4] = (numbers.base_social + numbers.talk_social * talk - life.need_social * m.social_need[u]
                + life.family_social * family)
        d[5] = (numbers.base_occupation + life.able_occupation * able + life.practice_occupation * practice
                - life.need_occupation * m.social_need[u])
        d[6] = life.base_home + life.met_home * power(met, c)
        d[7] = life.base_dignity - numbers.hurry_dignity * hurried - numbers.stranger_dignity * stranger
        lived = 0.0
        for k in range(8):
            if d[k] < 0.0:
                d[k] = 0.0
            if d[k] > 1.0:
                d[k] = 1.0
            lived += d[k] / 8.0
        surprise = numbers.expectation_weight * (lived - m.expectation[u])
        total = 0.0
        for k in range(8):
            value = d[k] + surprise + m.outlook[u, k]
            if value < 0.0:
                value = 0.0
            if value > 1.0:
                value = 1.0
            m.domains[u, k] = 3.0 * value
            total += 3.0 * value
        m.scrqol[u] = total
        m.expectation[u] += numbers.adaptation * (lived - m.expectation[u])
        if not waiting[i]:
            change = (ledger.favours * (talk + practice) + ledger.suited * (suited - ledger.suited_usual)
                      - ledger.missed * missed - ledger.hurried * hurried)
            goodwill = m.goodwill[u] + change + ledger.forgetting * (ledger.rest - m.goodwill[u])
            m.goodwill[u] = min(max(goodwill, 0.0), 1.0)
