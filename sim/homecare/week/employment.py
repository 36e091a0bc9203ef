"""Employment: who leaves, who is hired, what is paid and what is promised."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare import draws
from homecare.agents.care_worker import CLEARING, GONE, WORKING, job_utility
from homecare.draws import Purpose
from homecare.numerics import count_by, places, sum_by
from homecare.params import Uncertainty, param
from homecare.population import draw_workers
from homecare.week.clauses import fund_clause, write_terms
from homecare.week.jobs import offer_utility, promise_hours, promise_offered, raise_wages, reputations, take_job
from homecare.week.kernels.leaving import KINDS, count_kinds
from homecare.week.nearness import metres_between, pair_luck
from homecare.week.placing import leave_rounds, refresh_teams
from homecare.week.volume import to_be_filled
from homecare.week.worth import freed_hour

FIRST_WORKER_KEY = 1 << 32
"""Birth keys of workers begin here."""
KEYS_A_WEEK = 4096
NEAR_FLOOR_PENCE, ABOVE_FLOOR_PENCE = 10, 150
"""Bands of hourly pay against the wage floor by which leaving is counted (as evidence turnover_pay_at_or_below_nlw
and turnover_pay_150p_above_nlw do)."""


class LabourMarket(Uncertainty):
    """Who looks for care work."""

    theme: ClassVar[str] = "labour_market"
    applicants: float = param(0.0041, unit="ratio a week", low=0.004, high=0.06, source="assumption")
    """People who look for care work in a week, against the workforce at the start."""
    reservation: float = param(0.6, unit="pounds an hour", low=-3, high=2, source="assumption")
    """How much better than other work a care job must be for those who look (they have looked elsewhere)."""
    commuting_weight: float = param(0.12, unit="pounds an hour a km", low=0.02, high=0.4, source="assumption")
    """What a kilometre to the branch costs in a worker's eyes."""
    choice_spread: float = param(0.8, unit="pounds an hour", low=0.2, high=2, source="assumption")
    """Spread of what else makes a person prefer one agency."""
    clearing_weeks: int = param(4, unit="weeks", low=2, high=8, source="dbs_enhanced_mean_days_2022_23")
    """Weeks from offer to first round: checks, references, induction, shadowing."""
    moving_weeks: int = param(2, unit="weeks", low=0, high=6, source="assumption")
    """The same for somebody who comes from another agency."""
    said_swing: float = param(0.2, unit="ratio", low=0.05, high=0.5, source="assumption")
    """Swing of pay that is believed of an agency where nobody works."""
    said_unpaid: float = param(0.12, unit="share", low=0, high=0.4, source="assumption")
    """Unpaid working time that is believed of it."""
    said_hurried: float = param(0.05, unit="share", low=0, high=0.3, source="assumption")
    """Hurried visits that are believed of it."""
    said_notice: float = param(0.1, unit="share", low=0, high=0.4, source="assumption")
    """Visits at short notice that are believed of it."""
    said_gap: float = param(0.15, unit="share", low=0, high=0.5, source="assumption")
    """Wanted hours not given that are believed of it."""


def employ(market) -> None:
    """Live a week of the labour market, in the order: start, leave, decide (by quarter), hire."""
    w = market.care_workers
    ready = places(w.alive & (w.state == CLEARING) & (w.starts <= market.week) & (w.agency >= 0))
    w.state[ready] = WORKING
    refresh_teams(market)
    reputation = reputations(market)
    leave_jobs(market, reputation)
    refresh_teams(market)
    staffing(market)
    if market.week % 13 == 0:
        decide_terms(market)
    hire(market, reputation)
    refresh_teams(market)


def leave_jobs(market, reputation: dict[str, np.ndarray]) -> None:
    """Let workers compare the job they live with the offers they hear of."""
    w, g = market.care_workers, market.agencies
    choice = market.uncertainty.worker_choice
    rows = market.team
    if rows.size == 0:
        return
    keys = w.birth_key[rows]

    def u(purpose: Purpose, at: np.ndarray, k: int = 0) -> np.ndarray:
        return draws.uniforms(market.seed, purpose, market.week, at, k)

    retiring = np.where(w.age[rows] > choice.retiring_age, choice.retiring_rate, 0.0)
    leaves = u(Purpose.LEAVING, keys) < choice.other_leaving / 52.0 + retiring
    hears = places(u(Purpose.OUTSIDE_OFFER, keys) < choice.offers_outside)
    wage = market.floor_pounds * market.conditions.outside_wage * (
        1.0 + choice.outside_premium
        + choice.outside_spread * draws.normals(market.seed, Purpose.OUTSIDE_OFFER, market.week, keys[hears], 1))
    outside = wage - choice.vocation + w.outside_taste[rows[hears]]
    leaves[hears] |= outside > job_lived(market, rows[hears]) + choice.moving_cost

    reached = np.cumsum(np.where(g.alive, g.vacancy_seconds, 0))
    goes, target = leaves.copy(), rows[:0]
    if reached.size and reached[-1] > 0:
        hears = places((u(Purpose.OUTSIDE_OFFER, keys, 2) < choice.offers_inside) & ~leaves)
        drawn = np.searchsorted(reached, u(Purpose.OUTSIDE_OFFER, keys[hears], 3) * reached[-1], side="right")
        target = np.minimum(drawn, g.n - 1)
        other = target != w.agency[rows[hears]]
        hears, target = hears[other], target[other]
        if hears.size:
            offered = offer_utility(market, rows[hears], target, reputation)
            better = offered > job_lived(market, rows[hears]) + choice.moving_cost
            goes[hears[better]] = True
            target = target[better]
    gone = rows[leaves]
    moved = rows[goes & ~leaves]
    went = np.concatenate([gone, moved])
    g.leavers[:] += count_by(w.agency[went], g.n)
    market.tally["leavers"] = gone.size + moved.size
    market.tally["leavers_sector"] = gone.size
    count_leaving(market, rows, goes)
    leave_rounds(market, went)
    w.state[gone] = GONE
    w.remove(gone)
    take_job(market, moved, target, reputation, market.uncertainty.labour_market.moving_weeks)


def job_lived(market, workers: np.ndarray) -> np.ndarray:
    """Return float64[n]: what the job that each worker lives is worth to them, in pounds an hour."""
    w = market.care_workers
    hours = w.hours_wanted[workers]
    pay = w.effective_wage[workers] + 36.0 * w.sick_above[workers] / hours
    return job_utility(pay, w.pay_swing[workers], w.promised[workers] / hours, w.security_taste[workers],
                       w.hurried_share[workers], w.short_notice[workers], w.hours_gap[workers], w.match[workers],
                       market.uncertainty.worker_choice)


def count_leaving(market, rows: np.ndarray, goes: np.ndarray) -> None:
    """Count workers and those of them who leave their agency this week, by promise, time in the job and wage."""
    w = market.care_workers
    counts = np.zeros((2, len(KINDS)), np.int64)
    count_kinds(market.week, market.floor, (NEAR_FLOOR_PENCE, ABOVE_FLOOR_PENCE), rows, goes, w.promised, w.hired, w.wage,
                counts)
    for name, staff, leavers in zip(KINDS, *counts.tolist(), strict=True):
        market.tally["staff_" + name] = staff
        market.tally["leavers_" + name] = leavers


def staffing(market) -> None:
    """Let each agency count its staff and the hours that it tries to recruit for."""
    w, g, p = market.care_workers, market.agencies, market.packages
    behaviour = market.uncertainty.agency_behaviour
    jobs = places(w.alive & (w.state != GONE) & (w.agency >= 0))
    away = market.initial.workforce.away_share()
    wanted = sum_by(w.agency[jobs], w.hours_wanted[jobs], g.n)
    g.staff_seconds[:] = (wanted * (1.0 - away)).astype(np.int64)
    clearing = jobs[w.state[jobs] == CLEARING]
    coming = sum_by(w.agency[clearing], w.hours_wanted[clearing], g.n)
    running = places(p.active & (p.agency >= 0) & ~p.suspended)
    g.planned_seconds[:] = sum_by(p.agency[running], p.planned[running], g.n)
    refused = np.minimum(behaviour.refused_weeks * g.turned_away, behaviour.growth_most * g.planned_seconds)
    more = behaviour.growth_wanted * g.planned_seconds + refused
    grows = g.alive & (g.cash > 0)
    road = 1.0 + g.travel_share
    demand = (g.planned_seconds + to_be_filled(market)) * road + np.where(grows, more, 0.0)
    demand = np.maximum(demand, np.where(grows, int(3600 * behaviour.first_posts * behaviour.post_hours), 0))
    demand = np.maximum(demand, g.staff_aim * road)
    # Hours may be enough in sum and still leave rounds that nobody can do: those are recruited for too.
    short = np.maximum(demand - g.staff_seconds, behaviour.hire_for_open * g.open_seconds - coming)
    g.vacancy_seconds[:] = np.where(g.alive, np.maximum(short, 0), 0).astype(np.int64)
    g.coming_seconds[:] = (coming * (1.0 - away)).astype(np.int64)
    g.free_seconds[:] = np.maximum((g.staff_seconds - g.coming_seconds) / road - g.planned_seconds, 0.0).astype(np.int64)
    market.tally["vacancy_seconds"] = int((g.vacancy_seconds + g.coming_seconds)[g.alive].sum())
    market.tally["staff_seconds"] = int((g.staff_seconds - g.coming_seconds)[g.alive].sum())


def decide_terms(market) -> None:
    """Let each agency settle wage, promises and effort for the quarter."""
    w, g = market.care_workers, market.agencies
    behaviour = market.uncertainty.agency_behaviour
    team_size = np.bincount(w.agency[market.team], minlength=g.n)
    margin = np.where(g.turnover > 0, g.surplus / np.maximum(g.turnover, 1), 0.0)
    refill = market.refill_chance()
    stays = freed_hour(market)
    for row in g.rows().tolist():
        agency = g.agents[row]
        leaving = g.leavers[row] / 13.0 / max(int(team_size[row]), 1)
        g.promise_share[row] = agency.promise_wanted(behaviour, min(leaving, behaviour.leaving_most))
        g.wage[row] = agency.wage_wanted(market.floor, behaviour)
        g.weekend_premium[row] = agency.premium_wanted(behaviour)
        hour_margin = margin[row] * market.commissioners.agents[0].fee / 100.0
        g.effort[row] = agency.effort_wanted(hour_margin * (refill - 1.0) + stays[row], behaviour)
    g.leavers[:] = 0
    market.tally["guarantee_paid"] = int(g.guarantee_paid.sum())
    g.guarantee_paid[:] = 0
    g.surplus[:] = 0
    g.turnover[:] = 0
    raise_wages(market)
    write_terms(market, market.team)
    promise_hours(market)
    fund_clause(market)


def hire(market, reputation: dict[str, np.ndarray]) -> None:
    """Let people who look for care work choose among agencies with vacancies; the pool is pre-drawn."""
    w, g = market.care_workers, market.agencies
    pool = market.uncertainty.labour_market
    mean = pool.applicants * market.workforce_at_start
    u = draws.uniforms(market.seed, Purpose.LABOUR_POOL, market.week, np.zeros(1, np.int64))
    n = int(draws.poisson(mean, float(u[0])))
    market.tally["applicants"] = n
    if n == 0 or g.n == 0:
        return
    first = FIRST_WORKER_KEY + (market.week + draws.BURN_IN_OFFSET) * KEYS_A_WEEK
    keys = first + np.arange(n, dtype=np.int64)
    columns = draw_workers(market.seed, keys, market.area, market.initial.workforce,
                           market.uncertainty.worker_choice, market.uncertainty.places, True, market.floor_pounds)
    choice = market.uncertainty.worker_choice
    km = metres_between(columns["x"], columns["y"], g.x, g.y) / 1000.0
    luck = pair_luck(market.seed, int(Purpose.LABOUR_POOL), market.week, keys, g.birth_key, True)
    expected = g.wage / 100.0 * (1.0 - reputation["unpaid_share"])
    promise = promise_offered(market)
    taste = columns["security_taste"]
    swing = np.maximum(choice.swing_weight + taste, 0.0)[:, None] * reputation["pay_swing"][None, :]
    sick = 36.0 * reputation["sick_above"][None, :] / columns["hours_wanted"][:, None]
    seems = (
        expected[None, :] + sick - swing + np.maximum(taste, 0.0)[:, None] * promise[None, :]
        - (choice.hurry_weight * reputation["hurried_share"] + choice.notice_weight * reputation["short_notice"]
           + choice.gap_weight * reputation["hours_gap"])[None, :]
        - pool.commuting_weight * km + pool.choice_spread * luck
    )
    other = market.floor_pounds * market.conditions.outside_wage * (1.0 + choice.outside_premium)
    least = other - choice.vocation + columns["outside_taste"] + pool.reservation
    vacancy = g.vacancy_seconds.copy()
    least_share = market.uncertainty.agency_behaviour.hired_least_share
    chosen = np.full(n, -1, np.int64)
    for i in range(n):
        hours = int(columns["hours_wanted"][i])
        score = np.where(vacancy >= least_share * hours, seems[i], -np.inf)
        best = int(np.argmax(score))
        if score[best] >= least[i]:
            chosen[i] = best
            vacancy[best] -= hours
    took = places(chosen >= 0)
    if took.size == 0:
        return
    rows = w.add(took.size, state=CLEARING, mileage=round(100 * market.uncertainty.agency_costs.mileage),
                 **{name: value[took] for name, value in columns.items()})
    w.enlist(market, rows)
    take_job(market, rows, chosen[took], reputation, pool.clearing_weeks)
