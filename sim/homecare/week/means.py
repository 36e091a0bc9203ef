"""The means test: who pays for all care, what the council may charge the others, and who comes to it later."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import money
from homecare.agents import service_user as su
from homecare.agents.care_manager import served_within
from homecare.draws import Purpose
from homecare.numerics import places
from homecare.params import Policy
from homecare.tables import NO_WEEK
from homecare.week.leaving import leave
from homecare.week.routes import change_route, chosen_route


def in_pence(pounds: float) -> int:
    """Return whole pence."""
    return round(100.0 * pounds)


def after_uplifts(pence: int, share: float, years: int) -> int:
    """Return an amount that rose by ``share`` in each of so many Aprils, in whole pence each time."""
    for _ in range(years):
        pence = pence * (10000 + round(10000 * share)) // 10000
    return pence


def charges_under(market, funding: Policy, rows: np.ndarray) -> np.ndarray:
    """Return int64[n], pence a week: what the council may charge each person under a rule, whoever pays now."""
    u = market.service_users
    years = max(market.week, 0) // 52
    older, younger = (after_uplifts(in_pence(pounds), funding.minimum_uplift, years) + in_pence(funding.disability_costs)
                      for pounds in (funding.minimum_income, funding.minimum_income_younger))
    minimum = np.where(u.age[rows] >= money.PENSION_AGE, older, younger)
    left = money.charge_of(u.income[rows], u.savings[rows], minimum, in_pence(funding.tariff_income_from))
    return left * round(10000 * funding.charged_share) // 10000


def means_test(market, rows: np.ndarray) -> np.ndarray:
    """Write routes and charges of people who have no package yet; return bool[n], who pays for all care."""
    u, funding = market.service_users, market.policy.funding
    own = u.savings[rows] > in_pence(funding.capital_limit)
    u.route[rows] = np.where(own, su.SELF_FUNDER, chosen_route(market, rows))
    u.charge[rows] = np.where(own, 0, charges_under(market, funding, rows))
    return own


def live(market) -> None:
    """Live a week of people's money: April, asking the council, weighing up whether care is worth its charge."""
    if market.week > 0 and market.week % 52 == 0:
        april(market)
    ask_council(market)
    think_again(market)


def april(market) -> None:
    """Raise incomes and assess everybody whom the council pays for anew."""
    u = market.service_users
    here = places(u.alive)
    uplift = round(10000 * market.uncertainty.user_money.income_uplift)
    u.income[here] = u.income[here] * (10000 + uplift) // 10000
    assess_means(market, here[u.route[here] != su.SELF_FUNDER])


def assess_means(market, rows: np.ndarray) -> None:
    """Charge people by the rule in force; whoever is above the capital limit pays for all care from now on."""
    u, funding = market.service_users, market.policy.funding
    own = (u.savings[rows] > in_pence(funding.capital_limit)) & ~u.reabling[rows]
    u.charge[rows] = np.where(own, 0, charges_under(market, funding, rows))
    change_route(market, rows[own], np.full(int(own.sum()), su.SELF_FUNDER, np.int8))


def new_rule(market, before: Policy, rule: Policy) -> None:
    """Charge everybody whom the council pays for by a new rule, where it answers otherwise than the one before."""
    u = market.service_users
    rows = places(u.alive & (u.route != su.SELF_FUNDER))
    old, new = in_pence(before.capital_limit), in_pence(rule.capital_limit)
    differs = charges_under(market, before, rows) != charges_under(market, rule, rows)
    differs |= (u.savings[rows] > old) != (u.savings[rows] > new)
    assess_means(market, rows[differs])


def ask_council(market) -> None:
    """Let self-funders whose savings are below the capital limit ask the council."""
    u = market.service_users
    limit = in_pence(market.policy.funding.capital_limit)
    own = places(u.alive & (u.route == su.SELF_FUNDER))
    poor = own[(u.asked_council[own] == NO_WEEK) & (u.savings[own] <= limit)]
    luck = draws.uniforms(market.seed, Purpose.MONEY, market.week, u.birth_key[poor])
    asks = poor[luck < market.uncertainty.user_money.asks_council]
    u.asked_council[asks] = market.week


def take_on(market, left: float) -> float:
    """Assess self-funders who asked, in the order of asking; return the hours of casework that it took.

    They get at most a part of the hours ``left``, or the time for one. The council pays from now on at its own
    fee; an agency that the fee does not pay for the hour gives the package up.
    """
    u = market.service_users
    limit = in_pence(market.policy.funding.capital_limit)
    queue = places(u.asked_council > NO_WEEK)
    queue = queue[u.state[queue] <= su.RECEIVING]
    queue = queue[np.lexsort((u.birth_key[queue], u.asked_council[queue]))]
    casework = market.uncertainty.casework
    each = casework.assessment_hours
    hours = max(casework.taking_on_share * left, min(left, each))
    seen = queue[: served_within(np.full(queue.size, each), hours)]
    if seen.size == 0:
        return 0.0
    u.asked_council[seen] = NO_WEEK
    taken = seen[u.savings[seen] <= limit]
    u.charge[taken] = charges_under(market, market.policy.funding, taken)
    u.last_review[taken] = market.week
    market.tally["fallen_back"] = taken.size
    change_route(market, taken, chosen_route(market, taken))
    return each * seen.size


def think_again(market) -> None:
    """Let some of those who are charged weigh up whether care is worth it; who finds it is not, stops."""
    u, numbers = market.service_users, market.uncertainty.user_money
    charged = places((u.state == su.RECEIVING) & (u.charge > 0))
    charged = charged[~u.reabling[charged]]
    luck = draws.uniforms(market.seed, Purpose.MONEY, market.week, u.birth_key[charged], 1)
    thinks = charged[luck < numbers.thinks_again]
    asked = np.minimum(u.charge[thinks], u.cost[thinks])
    planned = market.packages.planned[u.block[thinks]] / 3600.0
    stops = thinks[find_too_dear(market, thinks, asked, planned)]
    market.tally["stopped_for_charges"] += stops.size
    leave(market, stops, su.DECLINED)


def decide_at_start(market, users: np.ndarray) -> np.ndarray:
    """Return the assessed people who go on; the others go without rather than pay the charge."""
    u = market.service_users
    days = market.days_of_mask[u.days[users]] * np.where(u.two_carers[users], 2, 1)
    hours = u.need[users].sum(axis=1) * days / 3600.0
    fee = market.commissioners.agents[0].fee
    asked = np.minimum(u.charge[users], (hours * fee).astype(np.int64))
    stops = find_too_dear(market, users, asked, hours)
    market.tally["stopped_for_charges"] += int(np.count_nonzero(stops))
    leave(market, users[stops], su.DECLINED)
    return users[~stops]


def find_too_dear(market, users: np.ndarray, asked: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Return bool[n]: who finds ``hours`` of care a week worth less than the pence ``asked`` for them."""
    keys = market.service_users.birth_key[users]
    taste = draws.normals(market.seed, Purpose.MONEY, 0, keys, 2)
    return money.goes_without(asked, hours, money.worth_an_hour(taste, market.uncertainty.user_money))
