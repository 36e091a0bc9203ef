"""Intake, assessment, review and approval of changed plans: finite hours of care managers."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.care_manager import served_in_order, served_within
from homecare.draws import Purpose
from homecare.numerics import places
from homecare.params import Uncertainty, param
from homecare.population import draw_people
from homecare.tables import NO_WEEK
from homecare.week import means
from homecare.week.casework import hours_a_week, hours_for, hours_spoken_for, keep_cases, let_cases_go, ring
from homecare.week.changes import ask_for_changes
from homecare.week.leaving import leave
from homecare.week.need_numbers import first_need
from homecare.week.placing import write_facts
from homecare.week.planning import plan_again, renegotiate, replan
from homecare.week.reabling import able, over_since, take_in, to_lasting_care
from homecare.week.routes import choose_again
from homecare.week.wishes import grant_times

KEYS_A_WEEK = 4096
"""Birth keys set aside for the arrivals of one week."""


class IntakeUncertainty(Uncertainty):
    """When a plan no longer fits, and who says so."""

    theme: ClassVar[str] = "intake"
    change_threshold: float = param(0.18, unit="share", low=0.05, high=0.5, source="assumption")
    """Gap between need and planned minutes at which somebody would ask for a change."""
    noticing: float = param(0.12, unit="chance a week", low=0.02, high=0.6, source="assumption")
    """Chance that the gap is noticed and a change is asked for."""
    review_reserve: float = param(0.3, unit="share", low=0.05, high=0.5, source="assumption")
    """Share of casework hours kept for reviews."""
    wish_changes: float = param(0.5, unit="changes a year", low=0, high=3, source="assumption")
    """How often a person comes to want another time at one part of the day."""
    other_times: float = param(45.0, unit="minutes", low=0, high=120, source="assumption")
    """Step by which people whom nobody takes agree to other times."""
    least_need: float = param(12.0, unit="minutes", low=0, high=15, source="assumption")
    """Need at one part of the day below which it is joined to the part before, for nobody travels for it."""
    spare_need: float = param(1.0, unit="minutes", low=0, high=5, source="assumption")
    """Need for which no further step of a visit is planned."""
    wish_shift: float = param(60.0, unit="minutes", low=15, high=120, source="assumption")
    """Spread of how far that time lies from the one before."""


def arrive(market) -> None:
    """Let new people seek care: the same candidates whatever the policy."""
    mean = market.arrivals_a_week * market.conditions.arrivals
    u = draws.uniforms(market.seed, Purpose.ARRIVAL_COUNT, market.week, np.zeros(1, np.int64))
    n = int(draws.poisson(mean, float(u[0])))
    first = (market.week + draws.BURN_IN_OFFSET) * KEYS_A_WEEK
    add_people(market, first + np.arange(n, dtype=np.int64))
    market.tally["arrivals"] = n


def add_people(market, keys: np.ndarray) -> np.ndarray:
    """Add people by birth key, at the door of the market; return their rows."""
    if keys.size == 0:
        return keys
    columns = draw_people(market.seed, keys, market.newcomers, market.self_funder_share, market.direct_payment_share)
    u = market.service_users
    rows = u.add(keys.size, arrived=market.week, state_since=market.week, **columns)
    own = means.means_test(market, rows)
    u.state[rows] = np.where(own, su.WAITING_START, su.WAITING_ASSESSMENT)
    first_need(market, rows)
    u.enlist(market, rows)
    market.to_plan.append(rows[own])
    return rows


def assess(market) -> None:
    """Do the week's casework: kept cases, changes of plans, calls, assessments, reviews, in finite hours.

    Hours that are too few for the next piece of work are begun on it and count next week.
    """
    means.live(market)
    u = market.service_users
    casework = market.uncertainty.casework
    policy = market.policy.care_management
    intake = market.uncertainty.intake
    let_cases_go(market)
    hours = hours_a_week(market)
    spoken_for = hours_spoken_for(market, hours)
    capacity = hours - spoken_for
    left = capacity

    asked = places((u.state == su.RECEIVING) & (u.change_since > NO_WEEK))
    wait = np.where(u.care_manager[asked] >= 0, 0, policy.reopen_weeks)
    asked = asked[market.week - u.change_since[asked] >= wait]
    asked = asked[np.lexsort((u.birth_key[asked], u.change_since[asked]))]
    change_hours = hours_for(market, asked, casework.change_hours)
    n = served_within(change_hours, casework.changes_share * capacity)
    asked, change_hours = asked[:n], exact_sum(change_hours[:n])
    left -= change_hours
    left -= means.take_on(market, left)
    market.tally["change_hours"] = change_hours
    if asked.size:
        market.tally["change_days"] = int((7 * (market.week - u.change_since[asked])).sum())
        market.tally["changes"] = asked.size
        replan(market, asked)
        approved = asked[u.birth_key[asked].argsort(kind="stable")]
        renegotiate(market, u.block[approved].astype(np.int64))
        grant_times(market, asked)
        u.change_since[asked] = NO_WEEK
        keep_cases(market, asked)
    left -= ring(market, left)
    left -= plan_unplaced(market, left)

    left -= take_in(market, max(left - intake.review_reserve * capacity, 0.0))
    waits = places(u.state == su.WAITING_ASSESSMENT)
    lead = np.where(u.from_hospital[waits], min(casework.lead_weeks, 1), casework.lead_weeks)
    waits = waits[market.week - u.state_since[waits] >= lead]
    reabled, since = over_since(market)
    queue = np.concatenate([waits, reabled])
    since = np.concatenate([u.state_since[waits], since])
    queue = queue[served_in_order(~u.from_hospital[queue], since, u.birth_key[queue])]
    reserve = intake.review_reserve * capacity
    begun, begun_reviews = market.casework_begun
    hours_left = max(left - reserve, 0.0) + begun
    n = served_within(np.full(queue.size, casework.assessment_hours), hours_left)
    assessed = queue[:n]
    hours_left -= n * casework.assessment_hours
    market.tally["assessments"] = n
    new = assessed[~u.reabling[assessed]]
    market.tally["new_assessments"] = new.size
    market.tally["assessment_days"] = int((7 * (market.week - u.state_since[new])).sum())
    finish_assessment(market, assessed)

    due = places((u.state == su.RECEIVING) & (u.last_review <= market.week - policy.review_weeks))
    due = due[(u.route[due] != su.SELF_FUNDER) & ~u.reabling[due]]
    due = due[np.lexsort((u.birth_key[due], u.last_review[due]))]
    # Hours too few for the next assessment are begun on it; with nobody left to assess they go to reviews.
    still_queued = assessed.size < queue.size
    review_hours = min(reserve, left) + begun_reviews + (0.0 if still_queued else hours_left)
    each = hours_for(market, due, casework.review_hours)
    n = served_within(each, review_hours)
    review(market, due[:n])
    reviewed_hours = exact_sum(each[:n])
    review_hours -= reviewed_hours
    market.casework_begun = (hours_left if still_queued else 0.0, review_hours if n < due.size else 0.0)
    market.tally["reviews"] = n
    market.tally["reviews_overdue"] = due.size - n
    worked = min(hours, spoken_for + capacity - left + assessed.size * casework.assessment_hours + reviewed_hours)
    share_work(market, assessed.size, n, worked)
    ask_for_changes(market)


def plan_unplaced(market, hours: float) -> float:
    """Plan anew with people who have waited long for any agency's yes; return the hours that it took.

    Self-funders think again by themselves after as many weeks, in nobody's hours.
    """
    u, wait = market.service_users, market.policy.care_management.plan_again_weeks
    users = places((u.state == su.WAITING_START) & (u.block >= 0))
    weeks = market.week - u.state_since[users]
    users = users[(weeks > 0) & (weeks % wait == 0)]
    market.tally["needed_no_visit"] = 0
    if users.size == 0:
        return 0.0
    own = u.route[users] == su.SELF_FUNDER
    by_themselves, users = users[own], users[~own]
    users = users[np.lexsort((u.birth_key[users], u.state_since[users]))]
    each = hours_for(market, users, market.uncertainty.casework.change_hours)
    n = served_within(each, hours)
    plan_again(market, np.concatenate([by_themselves, users[:n]]))
    market.tally["planned_again"] = n
    return exact_sum(each[:n])


def share_work(market, assessments: int, reviews: int, hours: float) -> None:
    """Note what each care manager did: the team shares its work evenly, the first of the list begin."""
    managers = market.care_managers
    n = len(managers)
    if n == 0:
        return
    turn = np.arange(n)
    managers.assessments[:] = assessments // n + (turn < assessments % n)
    managers.reviews[:] = reviews // n + (turn < reviews % n)
    managers.worked[:] = hours / n
    u = market.service_users
    open_cases = int(np.count_nonzero(u.alive & (u.state == su.WAITING_ASSESSMENT)))
    open_cases += int(np.count_nonzero(u.alive & (u.change_since > NO_WEEK)))
    managers.caseload[:] = open_cases // n + (turn < open_cases % n)


def finish_assessment(market, users: np.ndarray) -> None:
    """Decide with assessed people: some stop at the charge, the others get a plan and wait for an agency."""
    if users.size == 0:
        return
    u = market.service_users
    does_without = u.reabling[users] & able(market, users)
    market.tally["reabled"] += int(np.count_nonzero(u.reabling[users]))
    market.tally["reabled_without_care"] += int(np.count_nonzero(does_without))
    leave(market, users[does_without], su.RECOVERED)
    users = users[~does_without]
    goes_on = means.decide_at_start(market, users)
    keep_cases(market, goes_on)
    settle(market, goes_on[u.reabling[goes_on]])
    goes_on = goes_on[u.state[goes_on] == su.WAITING_ASSESSMENT]
    u.state[goes_on] = su.WAITING_START
    u.state_since[goes_on] = market.week
    u.last_review[goes_on] = market.week
    choose_again(market, goes_on)
    market.to_plan.append(goes_on)


def settle(market, users: np.ndarray) -> None:
    """Let people go on with ordinary packages after reablement, planned at what they need now."""
    if users.size == 0:
        return
    p = market.packages
    blocks = to_lasting_care(market, users)
    write_facts(market, blocks)
    replan(market, users)
    p.assessed[blocks] = p.planned[blocks]
    market.tally["reabled_to_care"] = users.size
    market.tally["reabled_seconds"] = int(p.planned[blocks].sum())
    market.service_users.last_review[users] = market.week
    choose_again(market, users)


def review(market, users: np.ndarray) -> None:
    """Review packages: the plan follows need again, less what the council trims."""
    if users.size == 0:
        return
    u = market.service_users
    blocks = u.block[users]
    market.packages.trim[blocks] = market.commissioners.agents[0].trimming
    market.rewrite_at_review(blocks)
    if "routes" in market.review_themes:
        choose_again(market, users)
    replan(market, users)
    market.packages.assessed[blocks] = market.packages.planned[blocks]
    grant_times(market, users)
    u.last_review[users] = market.week
    u.change_since[users] = NO_WEEK
    keep_cases(market, users)


def exact_sum(hours: np.ndarray) -> float:
    """Return the sum of hours, the same in any order."""
    return math.fsum(hours.tolist())
