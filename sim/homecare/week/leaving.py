"""People who leave the market, and people who lose their agency."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.tables import NO_WEEK
from homecare.week.placing import end_packages


def leave(market, users: np.ndarray, state: int | np.ndarray) -> None:
    """Let people leave the market for one of the end states, or each for their own (int8[n])."""
    if users.size == 0:
        return
    u = market.service_users
    states = np.full(users.size, state, np.int8)
    for end, n in enumerate(np.bincount(states).tolist()):
        market.tally["ends"][end] += n
    waited = u.state[users[states == su.DIED]] == su.WAITING_START
    market.tally["died_waiting"] += int(np.count_nonzero(waited))
    end_packages(market, users)
    u.state[users] = states
    u.state_since[users] = market.week
    u.remove(users)


def displace(market, users: np.ndarray) -> None:
    """Let people lose their agency: they wait for another, and the council owes them one."""
    if users.size == 0:
        return
    u = market.service_users
    end_packages(market, users)
    in_bed = u.state[users] == su.IN_HOSPITAL
    at_home = users[~in_bed]
    u.state[at_home] = su.WAITING_START
    u.state_since[at_home] = market.week
    u.displaced[at_home] = True
    u.change_since[users] = NO_WEEK
    u.problem_since[users] = NO_WEEK
    u.told_since[users] = NO_WEEK
    u.call_arrives[users] = NO_WEEK
    u.agency_before[users] = -1
    market.to_plan.append(at_home)
