"""A week of everybody's need: capability, strain, and the hazards that end or interrupt care."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel
from homecare.draws import HOSPITAL, NEED, normal, stream, uniform
from homecare.numerics import exp

NOTHING, DEATH, TO_CARE_HOME, TO_HOSPITAL, RECOVERY, FROM_HOSPITAL, BREAKDOWN, STOPS = range(8)
"""What may befall a person in a week."""


class NeedNumbers(NamedTuple):
    """The numbers of :class:`homecare.week.need.NeedUncertainty` by week, as the kernel wants them."""

    drift: float
    jump_chance: float
    jump_size: float
    fade: float
    recover: float
    death: float
    death_frailty: float
    death_shortfall: float
    care_home: float
    care_home_shortfall: float
    hospital: float
    hospital_shortfall: float
    stay_weeks: float
    recovery_need: float
    recovery: float
    stop: float
    strain_rise: float
    strain_ease: float
    breakdown: float
    breakdown_loss: float
    drift_spread: float
    least_frailty: float
    sinking: float
    strain_missed: float
    least_family: float
    least_age: float
    death_age: float
    care_home_age: float
    care_home_alone: float
    care_home_together: float
    hospital_frailty: float
    longest_stay: float


class Lives(NamedTuple):
    """Columns of the service users that this loop reads and writes (see the agent class)."""

    key: np.ndarray
    alive: np.ndarray
    state: np.ndarray
    age: np.ndarray
    lives_alone: np.ndarray
    frailty: np.ndarray
    capability: np.ndarray
    need: np.ndarray
    family_share: np.ndarray
    family_strain: np.ndarray
    practice: np.ndarray
    met_share: np.ndarray
    missed_share: np.ndarray
    hospital_until: np.ndarray


@kernel
def need_of(capability: np.ndarray, family_share: float, minutes: np.ndarray, family_part: np.ndarray,
            need: np.ndarray) -> float:
    """Write seconds of care needed from others by part of day into ``need``; return their sum.

    ``minutes`` float64[tasks, 4] is the help that somebody with no capability takes; family meets a share
    that differs by part of day.
    """
    total = 0.0
    for part in range(need.size):
        minutes_needed = 0.0
        for task in range(capability.size):
            minutes_needed += (1.0 - capability[task]) * minutes[task, part]
        left = 1.0 - family_share * family_part[part]
        if left < 0.0:
            left = 0.0
        need[part] = 60.0 * minutes_needed * left
        total += need[part]
    return total


@kernel
def live_week(seed: int, week: int, deaths: float, numbers: NeedNumbers, task_weight: np.ndarray,
              minutes: np.ndarray, family_part: np.ndarray, lives: Lives, n: int) -> np.ndarray:
    """Live one week of need for rows below ``n``; return int8[n], what befell each.

    Only what was lived enters: need met, visits missed, practice. States 0-3 are in the market.
    """
    events = np.zeros(n, np.int8)
    luck = stream(seed, NEED, week)
    ward = stream(seed, HOSPITAL, week)
    for i in range(n):
        if not lives.alive[i] or lives.state[i] > 3:
            continue
        key = lives.key[i]
        lives.age[i] += 1.0 / 52.0
        frailty = lives.frailty[i] + numbers.drift * (
            (1.0 - numbers.drift_spread) + 2.0 * numbers.drift_spread * uniform(luck, key, np.int64(0)))
        if uniform(luck, key, np.int64(1)) < numbers.jump_chance:
            frailty += numbers.jump_size * normal(luck, key, np.int64(2))
        frailty = min(max(frailty, numbers.least_frailty), 1.0)
        lives.frailty[i] = frailty
        practice = lives.practice[i]
        for task in range(task_weight.size):
            potential = 1.0 - frailty * task_weight[task]
            if potential < 0.0:
                potential = 0.0
            now = lives.capability[i, task]
            if now < potential:
                now += numbers.recover * practice * (potential - now)
            now -= numbers.fade * (1.0 - practice) * now
            if now > potential:
                now += numbers.sinking * (potential - now)
            lives.capability[i, task] = min(max(now, 0.0), 1.0)
        need = need_of(lives.capability[i], lives.family_share[i], minutes, family_part, lives.need[i])
        served = lives.state[i] == 2
        shortfall = 1.0 - lives.met_share[i] if served else (1.0 if lives.state[i] < 2 else 0.0)
        strain = lives.family_strain[i]
        if lives.family_share[i] > numbers.least_family:
            missed = lives.missed_share[i] if served else 0.0
            strain += numbers.strain_rise * (shortfall + numbers.strain_missed * missed)
            strain -= numbers.strain_ease * strain
            lives.family_strain[i] = min(max(strain, 0.0), 1.0)
            if uniform(luck, key, np.int64(3)) < numbers.breakdown * strain:
                events[i] = BREAKDOWN
                lives.family_share[i] *= 1.0 - numbers.breakdown_loss
                lives.family_strain[i] = 0.0
        old = (max(lives.age[i], numbers.least_age) - 80.0) / 10.0
        chance = numbers.death * deaths * exp(numbers.death_age * old) * (1.0 + numbers.death_frailty * (frailty - 0.5)) \
            * (1.0 + numbers.death_shortfall * shortfall)
        if uniform(luck, key, np.int64(4)) < chance:
            events[i] = DEATH
            continue
        if lives.state[i] == 3:
            if week >= lives.hospital_until[i]:
                events[i] = FROM_HOSPITAL
            continue
        alone = numbers.care_home_alone if lives.lives_alone[i] else numbers.care_home_together
        heavy = need / 6000.0
        chance = numbers.care_home * alone * heavy * exp(numbers.care_home_age * old) \
            * (1.0 + numbers.care_home_shortfall * shortfall)
        if uniform(luck, key, np.int64(5)) < chance:
            events[i] = TO_CARE_HOME
            continue
        chance = numbers.hospital * ((1.0 - numbers.hospital_frailty) + 2.0 * numbers.hospital_frailty * frailty) \
            * (1.0 + numbers.hospital_shortfall * shortfall)
        if uniform(ward, key, np.int64(0)) < chance:
            events[i] = TO_HOSPITAL
            u = uniform(ward, key, np.int64(1))
            weeks = 1
            left = 1.0 - 1.0 / numbers.stay_weeks
            reach = left
            while u < reach and weeks < numbers.longest_stay:
                weeks += 1
                reach *= left
            lives.hospital_until[i] = week + weeks
            continue
        if need < numbers.recovery_need and uniform(luck, key, np.int64(6)) < numbers.recovery:
            events[i] = RECOVERY
            continue
        if uniform(luck, key, np.int64(7)) < numbers.stop:
            events[i] = STOPS
    return events


@kernel
def fill_need(rows: np.ndarray, capability: np.ndarray, family_share: np.ndarray, minutes: np.ndarray,
              family_part: np.ndarray, need: np.ndarray) -> None:
    """Write the need of the given rows (see :func:`need_of`)."""
    for i in range(rows.size):
        row = rows[i]
        need_of(capability[row], family_share[row], minutes, family_part, need[row])
