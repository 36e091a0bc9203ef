"""Casework hours: what a care manager's week leaves for people, who keeps a case, and who rings whom."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.care_manager import served_within
from homecare.draws import Purpose
from homecare.numerics import places
from homecare.tables import NO_WEEK

MONTHS_A_WEEK = 12.0 / 52.0


def paperwork_share(market) -> float:
    """Return the share of the week that goes on paperwork: what the practice asks for, at least what law does."""
    return max(market.policy.care_management.bureaucracy_share, market.uncertainty.casework.statutory_share)


def hours_a_week(market) -> float:
    """Return the team's casework hours of a week, before what kept cases and told changes take."""
    policy, casework = market.policy.care_management, market.uncertainty.casework
    posts = len(market.care_managers) * policy.staffing * (1.0 - policy.overhead_share)
    return posts * casework.week_hours * (1.0 - paperwork_share(market))


def hours_spoken_for(market, hours: float) -> float:
    """Return the hours that kept cases and changes told last week take, at most all."""
    casework = market.uncertainty.casework
    u = market.service_users
    kept = int(np.count_nonzero(u.alive & (u.care_manager >= 0)))
    told = market.told_changes * casework.tell_hours
    market.tally["told_hours"] = told
    return min(kept * casework.kept_hours * MONTHS_A_WEEK + told, hours)


def hours_for(market, users: np.ndarray, hours: float) -> np.ndarray:
    """Return float64[n]: hours of a change or review that takes ``hours`` where the person is not known.

    Who keeps the case needs a part of them. Anybody else reads the file, and where less was filed than
    ``records_share`` of the week allows, asks again.
    """
    casework = market.uncertainty.casework
    statutory, full = casework.statutory_share, max(casework.records_share, casework.statutory_share)
    written = (paperwork_share(market) - statutory) / (full - statutory) if full > statutory else 1.0
    unknown = hours + casework.ask_again_hours * (1.0 - min(max(written, 0.0), 1.0))
    return np.where(market.service_users.care_manager[users] >= 0, hours * casework.known_share, unknown)


def let_cases_go(market) -> None:
    """Close cases where they are not kept any more, and those of care managers who leave."""
    u = market.service_users
    if not market.policy.care_management.keep_case:
        u.care_manager[:] = -1
        market.care_managers.kept[:] = 0
        return
    managers = market.care_managers
    leaving = market.uncertainty.casework.care_manager_leaving
    luck = draws.uniforms(market.seed, Purpose.CASE_HOLDER, market.week, managers.birth_key[: len(managers)])
    gone = places(luck < leaving / 52.0)
    if gone.size:
        u.care_manager[np.isin(u.care_manager, gone)] = -1
    u.care_manager[~u.alive] = -1


def keep_cases(market, users: np.ndarray) -> None:
    """Let care managers keep the cases of people whom they have just dealt with, while they have room."""
    policy, u = market.policy.care_management, market.service_users
    n = len(market.care_managers)
    if not policy.keep_case or n == 0:
        return
    held = u.care_manager[u.alive & (u.care_manager >= 0)]
    cases = np.bincount(held, minlength=n)[:n]
    users = users[u.care_manager[users] < 0]
    for user in users[u.birth_key[users].argsort(kind="stable")].tolist():
        manager = int(cases.argmin())
        if cases[manager] >= policy.cases_each:
            break
        u.care_manager[user] = manager
        cases[manager] += 1
    market.care_managers.kept[:n] = cases


def ring(market, hours: float) -> float:
    """Ring about problems that people tell who keeps their case; return the hours that it took.

    A message to procurement takes weeks and may be lost; a call to the agency is heard at once.
    """
    u, casework, policy = market.service_users, market.uncertainty.casework, market.policy.care_management
    heard = places(u.call_arrives > NO_WEEK)
    if heard.size:
        heard = heard[u.alive[heard] & (u.call_arrives[heard] <= market.week)]
        still = heard[(u.problem_since[heard] > NO_WEEK) & (u.told_since[heard] == NO_WEEK)]
        u.told_since[still] = market.week
        u.call_arrives[heard] = NO_WEEK
    if policy.rings == "nobody" or not policy.keep_case:
        return 0.0
    kept = places(u.care_manager >= 0)
    unheard = kept[(u.state[kept] == su.RECEIVING) & (u.problem_since[kept] > NO_WEEK)
                   & (u.told_since[kept] == NO_WEEK) & (u.call_arrives[kept] == NO_WEEK)]
    if unheard.size == 0:
        return 0.0
    luck = draws.uniforms(market.seed, Purpose.CASE_CALL, market.week, u.birth_key[unheard])
    unheard = unheard[luck < casework.tells_care_manager]
    unheard = unheard[np.lexsort((u.birth_key[unheard], u.problem_since[unheard]))]
    rung = unheard[: served_within(np.full(unheard.size, casework.call_hours), hours)]
    if policy.rings == "agency":
        u.told_since[rung] = market.week
    else:
        lost = draws.uniforms(market.seed, Purpose.CASE_CALL, market.week, u.birth_key[rung], 1) < casework.relay_loss
        u.call_arrives[rung[~lost]] = market.week + casework.relay_weeks
    market.tally["calls"] = rung.size
    return rung.size * casework.call_hours
