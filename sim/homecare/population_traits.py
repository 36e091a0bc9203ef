"""What a birth key's luck says about a service user: one person after another, in a loop."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from homecare.agents.service_user import COUNCIL, DIRECT_PAYMENT, SELF_FUNDER
from homecare.compiled import kernel
from homecare.numerics import log

FORMER_LIMIT = 23250.0
"""Pounds: the capital limit since 2010, by which those who come are known to pay for themselves or not."""


class Traits(NamedTuple):
    """Columns of new service users, an array each."""

    age: np.ndarray
    lives_alone: np.ndarray
    route: np.ndarray
    frailty: np.ndarray
    capability: np.ndarray
    wanted: np.ndarray
    days: np.ndarray
    family_share: np.ndarray
    two_carers: np.ndarray
    social_need: np.ndarray
    income: np.ndarray
    savings: np.ndarray
    control_taste: np.ndarray
    from_hospital: np.ndarray
    outlook: np.ndarray
    goodwill: np.ndarray


class Usual(NamedTuple):
    """What is usual where they live: shares of people, and the normal number of control taste that divides them."""

    self_funder_share: float
    owned_outright_share: float
    control_older: float
    control_younger: float


@kernel
def write_traits(u: np.ndarray, z: np.ndarray, views: np.ndarray, owned_outright: np.ndarray, usual: Usual, demand: Any,
                 people: Any, windows: np.ndarray, task_weight: np.ndarray, traits: Traits) -> None:
    """Write the traits of n people.

    Parameters
    ----------
    u, z : float64[28, n], luck of each person, even and normal
    views : float64[1 + domains, n], normal: how each sees all of life, and every domain of it
    owned_outright : float64[n], share of homes owned outright in each one's small area
    demand, people : numbers of :class:`homecare.population.Demand` and :class:`homecare.population_people.People`
    windows : int64[4, 2], seconds of the day between which people want each part's visit
    task_weight : float64[4], how hard each task becomes with frailty
    """
    for i in range(traits.age.size):
        younger = u[0, i] < demand.under_65_share
        band, within = u[1, i], u[2, i]
        if younger:
            traits.age[i] = people.younger_from + (65.0 - people.younger_from) * within
        elif band < people.share_65_74:
            traits.age[i] = 65.0 + 10.0 * within
        elif band < people.share_65_74 + people.share_75_84:
            traits.age[i] = 75.0 + 10.0 * within
        else:
            traits.age[i] = 85.0 + (people.oldest - 85.0) * within * within

        pulled = 1.0 - people.tenure_weight + people.tenure_weight * owned_outright[i] / usual.owned_outright_share
        pays_self = u[3, i] < min(usual.self_funder_share * pulled, 0.95) and not younger
        taste = (usual.control_younger if younger else usual.control_older) - z[4, i]
        traits.control_taste[i] = taste
        traits.route[i] = SELF_FUNDER if pays_self else (DIRECT_PAYMENT if taste > 0.0 else COUNCIL)

        frailty = min(max(demand.frailty_mean + demand.frailty_spread * z[5, i], people.least_frailty), 1.0)
        traits.frailty[i] = frailty
        alone = u[6, i] < demand.lives_alone_share
        traits.lives_alone[i] = alone
        family = (people.family_alone if alone else people.family_together) * demand.family_mean * 2.0 * u[7, i]
        traits.family_share[i] = min(family, people.family_most)
        from_hospital = u[26, i] < demand.hospital_share
        traits.from_hospital[i] = from_hospital
        kept = 1.0 - demand.hospital_loss if from_hospital else 1.0
        for task in range(task_weight.size):
            capability = 1.0 - frailty * task_weight[task] + people.capability_spread * z[8 + task, i]
            traits.capability[i, task] = min(max(capability, 0.0), 1.0) * kept
        for part in range(windows.shape[0]):
            low, high = windows[part, 0], windows[part, 1]
            middling = (1.0 - people.wanted_bunching) * u[12 + part, i] + people.wanted_bunching * u[16 + part, i]
            traits.wanted[i, part] = int(low + (high - low) * middling) // 300 * 300

        seven = frailty > people.seven_days_from
        light = u[20, i]
        if seven or light > 1.0 - people.light_seven_share:
            traits.days[i] = 0b1111111
        else:
            traits.days[i] = 0b0010101 if light < people.light_three_share else 0b0011111
        heavy = min(max((frailty - people.two_carers_from) * people.two_carers_slope, 0.0), people.two_carers_most)
        traits.two_carers[i] = u[21, i] < heavy * demand.two_carers_share and seven
        lonely = people.social_least + (people.social_alone if alone else 0.0)
        traits.social_need[i] = min(max(lonely + people.social_spread * u[25, i], 0.0), 1.0)
        for domain in range(traits.outlook.shape[1]):
            traits.outlook[i, domain] = people.outlook_spread * views[0, i] + people.domain_spread * views[1 + domain, i]
        traits.goodwill[i] = people.goodwill_least + people.goodwill_spread * u[27, i]

        mean_income = demand.income_mean_younger if younger else demand.income_mean
        if pays_self:
            mean_income = demand.self_funder_income
        income = max(mean_income * (1.0 + people.income_spread * z[22, i]), people.least_income)
        traits.income[i] = int(100.0 * income)
        small = people.small_savings
        savings = small * u[24, i]
        if pays_self:
            savings = FORMER_LIMIT + 1.0 + -demand.self_funder_savings * log(u[24, i])
        elif u[23, i] >= people.small_savings_share:
            savings = small + (people.most_savings - small) * u[24, i]
        traits.savings[i] = int(100.0 * savings)
