"""Need: frailty, capability, strain; who dies, recovers, moves or goes to hospital."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.numerics import places
from homecare.week.kernels import needs
from homecare.week.leaving import leave
from homecare.week.need_numbers import lives_of
from homecare.week.placing import end_packages
from homecare.week.wishes import change_wishes

STATE_AFTER = np.full(8, -1, np.int8)
"""State in which each event leaves a person who leaves the market by it, -1 where it does not end care."""
STATE_AFTER[[needs.DEATH, needs.TO_CARE_HOME, needs.RECOVERY, needs.STOPS]] = (
    su.DIED, su.CARE_HOME, su.RECOVERED, su.DECLINED)


def live(market) -> None:
    """Live a week of need and let what befell people take effect."""
    u = market.service_users
    numbers = market.uncertainty.need
    befell = needs.live_week(market.seed, market.week, market.conditions.deaths, market.need_numbers,
                             market.task_weight, market.task_minutes, market.family_parts, lives_of(market), u.n)
    users = places(befell)
    users = users[befell[users].argsort(kind="stable")]
    events = befell[users]
    market.tally["reabled_without_care"] = int(np.count_nonzero(u.reabling[users[events == needs.RECOVERY]]))
    market.tally["reabled"] = market.tally["reabled_without_care"]
    market.tally["family_breakdowns"] = int(np.count_nonzero(events == needs.BREAKDOWN))
    after = STATE_AFTER[events]
    gone = users[after >= 0]
    held = held_too_long(market, numbers.hold_weeks)
    held = held[STATE_AFTER[befell[held]] < 0]
    u.agency_before[held] = u.agency[held]
    end_packages(market, np.concatenate([gone, held]))
    leave(market, gone, after[after >= 0])
    to_hospital(market, users[events == needs.TO_HOSPITAL])
    from_hospital(market, users[events == needs.FROM_HOSPITAL])
    change_wishes(market)


def to_hospital(market, users: np.ndarray) -> None:
    """Admit people; their packages are held and not due meanwhile."""
    u = market.service_users
    users = users[u.state[users] == su.RECEIVING]
    u.state[users] = su.IN_HOSPITAL
    u.state_since[users] = market.week
    market.packages.suspended[u.block[users]] = True
    market.tally["admissions"] = users.size


def held_too_long(market, hold_weeks: int) -> np.ndarray:
    """Return the people in hospital whose package has been held too long: the agency may give the time to others."""
    u = market.service_users
    held = places(u.state == su.IN_HOSPITAL)
    return held[(u.block[held] >= 0) & (market.week - u.state_since[held] >= hold_weeks)]


def from_hospital(market, users: np.ndarray) -> None:
    """Discharge people: to the package that was held, or to a new search for one."""
    u = market.service_users
    held = users[u.block[users] >= 0]
    u.state[held] = su.RECEIVING
    market.packages.suspended[u.block[held]] = False
    lost = users[u.block[users] < 0]
    u.state[lost] = su.WAITING_START
    u.from_hospital[lost] = True
    u.state_since[users] = market.week
    market.to_plan.append(lost)
