"""Twins of the loops over people: traits, a week of need, memories and domains, and what workers remember."""

from __future__ import annotations

import math

import numpy as np

from homecare import lived_columns as c
from homecare.agents.service_user import COUNCIL, DIRECT_PAYMENT, SELF_FUNDER
from homecare.draws import Purpose, normal, stream, uniform
from homecare.numerics import exp, log, power
from homecare.population_traits import FORMER_LIMIT
from homecare.tables import NO_WEEK

NOTHING, DEATH, TO_CARE_HOME, TO_HOSPITAL, RECOVERY, FROM_HOSPITAL, BREAKDOWN, STOPS = range(8)


def clip(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """Return ``value`` within bounds."""
    return min(max(value, low), high)


def write_traits(u, z, views, owned_outright, usual, demand, people, windows, task_weight, traits) -> None:
    """Twin of `population_traits.write_traits`, by whole arrays."""
    younger = u[0] < demand.under_65_share
    band, within, light = u[1], u[2], u[20]
    oldest = 85.0 + (people.oldest - 85.0) * within * within
    older = np.where(band < people.share_65_74, 65.0 + 10.0 * within,
                     np.where(band < people.share_65_74 + people.share_75_84, 75.0 + 10.0 * within, oldest))
    traits.age[:] = np.where(younger, people.younger_from + (65.0 - people.younger_from) * within, older)
    pulled = 1.0 - people.tenure_weight + people.tenure_weight * owned_outright / usual.owned_outright_share
    pays_self = (u[3] < np.minimum(usual.self_funder_share * pulled, 0.95)) & ~younger
    traits.control_taste[:] = taste = np.where(younger, usual.control_younger, usual.control_older) - z[4]
    traits.route[:] = np.where(pays_self, SELF_FUNDER, np.where(taste > 0, DIRECT_PAYMENT, COUNCIL))
    traits.frailty[:] = frailty = np.clip(demand.frailty_mean + demand.frailty_spread * z[5], people.least_frailty, 1.0)
    traits.lives_alone[:] = alone = u[6] < demand.lives_alone_share
    family = np.where(alone, people.family_alone, people.family_together) * demand.family_mean * 2.0 * u[7]
    traits.family_share[:] = np.minimum(family, people.family_most)
    traits.from_hospital[:] = from_hospital = u[26] < demand.hospital_share
    capability = np.clip(1.0 - frailty * task_weight[:, None] + people.capability_spread * z[8:12], 0.0, 1.0)
    traits.capability[:] = (capability * np.where(from_hospital, 1.0 - demand.hospital_loss, 1.0)).T
    low, high = windows.T[:, :, None]
    middling = (1.0 - people.wanted_bunching) * u[12:16] + people.wanted_bunching * u[16:20]
    traits.wanted[:] = ((low + (high - low) * middling).astype(np.int32) // 300 * 300).T
    seven = frailty > people.seven_days_from
    traits.days[:] = np.where(seven | (light > 1.0 - people.light_seven_share), 0b1111111,
                              np.where(light < people.light_three_share, 0b0010101, 0b0011111))
    heavy = np.clip((frailty - people.two_carers_from) * people.two_carers_slope, 0.0, people.two_carers_most)
    traits.two_carers[:] = (u[21] < heavy * demand.two_carers_share) & seven
    lonely = people.social_least + people.social_alone * alone
    traits.social_need[:] = np.clip(lonely + people.social_spread * u[25], 0.0, 1.0)
    traits.outlook[:] = (people.outlook_spread * views[0] + people.domain_spread * views[1:]).T
    traits.goodwill[:] = people.goodwill_least + people.goodwill_spread * u[27]
    income = np.where(pays_self, demand.self_funder_income,
                      np.where(younger, demand.income_mean_younger, demand.income_mean))
    income = np.maximum(income * (1.0 + people.income_spread * z[22]), people.least_income)
    traits.income[:] = (100.0 * income).astype(int)
    above = np.array([-demand.self_funder_savings * log(float(x)) for x in u[24]])
    small = people.small_savings
    savings = np.where(u[23] < people.small_savings_share, small * u[24], small + (people.most_savings - small) * u[24])
    traits.savings[:] = (100.0 * np.where(pays_self, FORMER_LIMIT + 1.0 + above, savings)).astype(int)


def live_week(**g) -> list[int]:
    """Twin of `needs.live_week`; writes onto ``lives`` and returns what befell everybody."""
    lives, numbers, week = g["lives"], g["numbers"], g["week"]
    luck, ward = (np.uint64(stream(g["seed"], int(purpose), week)) for purpose in (Purpose.NEED, Purpose.HOSPITAL))
    events = []
    for i in range(g["n"]):
        state, key = int(lives.state[i]), int(lives.key[i])
        if not lives.alive[i] or state > 3:
            events.append(NOTHING)
            continue
        lives.age[i] += 1.0 / 52.0
        frailty = lives.frailty[i] + numbers.drift * (
            1.0 - numbers.drift_spread + 2.0 * numbers.drift_spread * uniform(luck, key, 0))
        if uniform(luck, key, 1) < numbers.jump_chance:
            frailty += numbers.jump_size * normal(luck, key, 2)
        lives.frailty[i] = frailty = clip(frailty, numbers.least_frailty)
        for task, weight in enumerate(g["task_weight"].tolist()):
            potential, now, practice = max(1.0 - frailty * weight, 0.0), lives.capability[i, task], lives.practice[i]
            if now < potential:
                now += numbers.recover * practice * (potential - now)
            now -= numbers.fade * (1.0 - practice) * now
            if now > potential:
                now += numbers.sinking * (potential - now)
            lives.capability[i, task] = clip(now)
        need = 0.0
        for part in range(4):
            minutes = 0.0
            for task in range(4):
                minutes += (1.0 - lives.capability[i, task]) * g["minutes"][task, part]
            lives.need[i, part] = 60.0 * minutes * max(1.0 - lives.family_share[i] * g["family_part"][part], 0.0)
            need += lives.need[i, part]
        events.append(befalls(i, state, key, frailty, need, luck, ward, g))
    return events


def befalls(i: int, state: int, key: int, frailty: float, need: float, luck, ward, g) -> int:
    """Return what befalls one person: the first of death, care home, hospital, recovery, stopping; else strain."""
    lives, numbers, week = g["lives"], g["numbers"], g["week"]
    served = state == 2
    shortfall = 1.0 - lives.met_share[i] if served else float(state < 2)
    event = NOTHING
    if lives.family_share[i] > numbers.least_family:
        strain = lives.family_strain[i] + numbers.strain_rise * (
            shortfall + numbers.strain_missed * (lives.missed_share[i] if served else 0.0))
        lives.family_strain[i] = clip(strain - numbers.strain_ease * strain)
        strain = strain - numbers.strain_ease * strain
        if uniform(luck, key, 3) < numbers.breakdown * strain:
            event = BREAKDOWN
            lives.family_share[i] *= 1.0 - numbers.breakdown_loss
            lives.family_strain[i] = 0.0
    old = (max(lives.age[i], numbers.least_age) - 80.0) / 10.0
    dies = numbers.death * g["deaths"] * exp(numbers.death_age * old) * (1.0 + numbers.death_frailty * (frailty - 0.5)) \
        * (1.0 + numbers.death_shortfall * shortfall)
    if uniform(luck, key, 4) < dies:
        return DEATH
    if state == 3:
        return FROM_HOSPITAL if week >= lives.hospital_until[i] else event
    alone = numbers.care_home_alone if lives.lives_alone[i] else numbers.care_home_together
    moves = numbers.care_home * alone * (need / 6000.0) * exp(numbers.care_home_age * old) \
        * (1.0 + numbers.care_home_shortfall * shortfall)
    if uniform(luck, key, 5) < moves:
        return TO_CARE_HOME
    goes = numbers.hospital * (1.0 - numbers.hospital_frailty + 2.0 * numbers.hospital_frailty * frailty) \
        * (1.0 + numbers.hospital_shortfall * shortfall)
    if uniform(ward, key, 0) < goes:
        stay, reach = 1, 1.0 - 1.0 / numbers.stay_weeks
        while uniform(ward, key, 1) < reach and stay < numbers.longest_stay:
            stay, reach = stay + 1, reach * (1.0 - 1.0 / numbers.stay_weeks)
        lives.hospital_until[i] = week + stay
        return TO_HOSPITAL
    if need < numbers.recovery_need and uniform(luck, key, 6) < numbers.recovery:
        return RECOVERY
    return STOPS if uniform(luck, key, 7) < numbers.stop else event


def blend(old: float, new: float, memory: float) -> float:
    """Return a memory that reaches back ``memory`` weeks."""
    return old + (new - old) / memory


def remember(**g) -> None:
    """Twin of `experience.remember`."""
    m, memory = g["m"], g["numbers"].memory
    for u, b in zip(g["user_rows"].tolist(), g["blocks"].tolist(), strict=True):
        lived = g["lived"][b].tolist()
        if not lived[c.DUE]:
            continue
        made = lived[c.MADE]
        now = {"met_share": lived[c.MET] / lived[c.NEEDED] if lived[c.NEEDED] else 1.0}
        if made:
            now["suited_share"] = lived[c.SUITED] / made
            now["hurried_share"] = (lived[c.HURRIED] + lived[c.N_CLIPPED]) / (2.0 * made)
            now["stranger_share"] = lived[c.STRANGERS] / made
        if lived[c.LIVED]:
            now["practice"] = lived[c.PRACTICE] / lived[c.LIVED]
            now["talk_share"] = lived[c.TALK] / lived[c.LIVED]
        for name, value in now.items():
            column = getattr(m, name)
            column[u] = blend(column[u], value, memory)
        longer = g["numbers"].missed_memory * memory
        m.missed_share[u] = blend(m.missed_share[u], lived[c.N_MISSED] / lived[c.DUE], longer)
        for part in range(4):
            if lived[c.NEED_PART + part]:
                m.part_met[u, part] = blend(
                    m.part_met[u, part], lived[c.MET_PART + part] / lived[c.NEED_PART + part], memory)
        m.workers_met[u] = g["pair_week"][b].tolist().count(g["week"])


def feel(**g) -> None:
    """Twin of `feeling.feel`."""
    m, n, q, ledger = g["m"], g["numbers"], g["life"], g["ledger"]
    for u, waits in zip(g["user_rows"].tolist(), g["waiting"].tolist(), strict=True):
        family = m.family_share[u] * (1.0 - q.family_weary * m.family_strain[u])
        if waits:
            morning, midday, met = (part * family for part in (q.family_morning, q.family_midday, q.family_alone))
            suited = q.waiting_suited
            hurried = stranger = missed = talk = practice = 0.0
        else:
            parts = m.part_met[u]
            morning, midday = 0.5 * (parts[0] + parts[3]), 0.5 * (parts[1] + parts[2])
            met, suited, hurried = m.met_share[u], m.suited_share[u], m.hurried_share[u]
            stranger, missed = m.stranger_share[u], m.missed_share[u]
            talk, practice = m.talk_share[u], m.practice[u]
        tasks = m.capability[u]
        able = 0.25 * (tasks[0] + tasks[1] + tasks[2] + tasks[3])
        domains = [
            q.base_control + n.suited_control * suited + q.able_control * able + q.met_control * met
            - n.change_control * (g["week"] - m.change_since[u] if m.change_since[u] > NO_WEEK else 0) / 13.0,
            q.base_personal_care + q.met_personal_care * power(morning, n.curvature) - q.hurried_personal_care * hurried,
            q.base_food + q.met_food * power(midday, n.curvature),
            q.base_safety + q.met_safety * power(met, n.curvature) - n.missed_safety * missed
            - q.stranger_safety * stranger,
            n.base_social + n.talk_social * talk - q.need_social * m.social_need[u] + q.family_social * family,
            n.base_occupation + q.able_occupation * able + q.practice_occupation * practice
            - q.need_occupation * m.social_need[u],
            q.base_home + q.met_home * power(met, n.curvature),
            q.base_dignity - n.hurry_dignity * hurried - n.stranger_dignity * stranger,
        ]
        domains = [clip(value) for value in domains]
        lived = sum(value / 8.0 for value in domains)
        surprise = n.expectation_weight * (lived - m.expectation[u])
        m.domains[u] = [3.0 * clip(value + surprise + float(m.outlook[u, k])) for k, value in enumerate(domains)]
        m.scrqol[u] = math.fsum(m.domains[u].tolist())
        m.expectation[u] += n.adaptation * (lived - m.expectation[u])
        if not waits:
            change = (ledger.favours * (talk + practice) + ledger.suited * (suited - ledger.suited_usual)
                      - ledger.missed * missed - ledger.hurried * hurried)
            m.goodwill[u] = clip(m.goodwill[u] + change + ledger.forgetting * (ledger.rest - m.goodwill[u]))


def remember_work(**g) -> None:
    """Twin of `experience.remember_work`, by seat where the kernel has seats."""
    m, memory = g["m"], g["memory"]
    for i, w in enumerate(g["rows"].tolist()):
        lived = g["lived"][i].tolist()
        m.experience[w] += 1.0
        if m.absent[w]:
            continue
        pay, wanted = float(m.pay[w]), float(m.hours_wanted[w])
        if m.pay_mean[w] <= 0.0:
            m.pay_mean[w] = pay
        swing = abs(pay - m.pay_mean[w]) / max(m.pay_mean[w], 100.0)
        paid = 3600.0 * pay / m.wage[w]
        now = {"pay_swing": min(swing, 1.0), "pay_mean": pay, "hours_gap": clip((wanted - paid) / wanted),
               "lived_minutes": lived[c.SPAN] / 60.0}
        if lived[c.WORKER_VISITS] and lived[c.SPAN]:
            working = float(lived[c.CONTACT] + lived[c.TRAVEL] + lived[c.WAITING])
            now["effective_wage"] = min((pay - m.idle_pay[w]) / 100.0 / (working / 3600.0), 60.0)
            now["unpaid_share"] = clip(1.0 - (paid - 3600.0 * m.idle_pay[w] / m.wage[w]) / working)
            now["hurried_share"] = lived[c.WORKER_HURRIED] / lived[c.WORKER_VISITS]
            now["short_notice"] = lived[c.SHORT_NOTICE] / lived[c.WORKER_VISITS]
        for name, value in now.items():
            column = getattr(m, name)
            column[w] = blend(column[w], value, memory)
