"""Terms on the job: what a clause writes there, what it costs an agency, and what the council pays towards it."""

from __future__ import annotations

import numpy as np

from homecare.agents.service_user import SELF_FUNDER
from homecare.clause import EVENING, NO_CLAUSE, Clause
from homecare.numerics import mean_by, sum_by
from homecare.params import InitialCondition
from homecare.week.kernels.layout import DAYS, PARTS, VISITS

WEEKEND = 5
"""First day of the weekend, counted from Monday as 0."""


def write_terms(market, jobs: np.ndarray) -> None:
    """Write onto jobs what their terms say of travel, mileage, premiums and sick pay, where the clause reaches."""
    w = market.care_workers
    terms, agency = w.terms[jobs], w.agency[jobs]
    w.travel_paid[jobs] = market.travel_shares()[terms, agency]
    usual = round(100 * market.uncertainty.agency_costs.mileage)
    clauses = [policy.clause() for policy in market.job_terms]
    nothing = all(clause._replace(funded_share=NO_CLAUSE.funded_share) == NO_CLAUSE for clause in clauses)
    reached = None if nothing else market.works_for_council()[agency]

    def asked(name: str) -> np.ndarray | float:
        if nothing:
            return getattr(NO_CLAUSE, name)
        values = np.array([getattr(clause, name) for clause in clauses])
        return np.where(reached, values[terms], getattr(NO_CLAUSE, name))

    w.mileage[jobs] = np.maximum(asked("mileage_pence"), usual)
    w.weekend_premium[jobs] = np.maximum(asked("weekend_premium"), market.agencies.weekend_premium[agency])
    w.evening_premium[jobs] = asked("evening_premium")
    w.sick_share[jobs] = asked("sick_share")
    w.sick_from_day[jobs] = asked("sick_from_day")


def unsocial_shares(market) -> tuple[np.ndarray, np.ndarray]:
    """Return float64[m] twice: shares of each agency's planned contact at weekends, and on weekday evenings."""
    p, n = market.packages, market.agencies.n
    blocks = p.with_agency()
    shape = (-1, DAYS, PARTS)
    seconds = (p.visit_seconds * p.visit_carers).reshape(shape)[blocks].astype(np.int64)
    late = p.visit_start.reshape(shape)[blocks] >= EVENING
    agency = p.agency[blocks]
    whole = np.maximum(sum_by(agency, seconds.sum(axis=(1, 2)), n), 1)
    weekend = sum_by(agency, seconds[:, WEEKEND:].sum(axis=(1, 2)), n)
    evening = sum_by(agency, np.where(late, seconds, 0)[:, :WEEKEND].sum(axis=(1, 2)), n)
    return weekend / whole, evening / whole


def expected_cost(market, policy) -> np.ndarray:
    """Return float64[m]: pence an hour of planned contact that terms are expected to cost each agency.

    Each item is reckoned from what the agency knows of itself: its wage, its travel, its own demand.
    Promised hours cost what its forecast leaves idle; everything on the wage carries the on-costs.
    """
    g = market.agencies
    behaviour, costs = market.uncertainty.agency_behaviour, market.uncertainty.agency_costs
    clause: Clause = policy.clause()
    wage = g.wage * (1.0 + costs.on_cost_share)
    travel = np.asarray(policy.travel_paid_share(g.travel_paid.copy())) - g.travel_paid
    road = np.maximum(travel, 0.0) * (g.travel_share + g.waiting_share) * g.wage
    # What an agency makes good up to the floor today it need not make good once the road is paid.
    hourly = np.maximum(road - g.topped_hour, 0.0) * (1.0 + costs.on_cost_share)
    raised = max(clause.mileage_pence - round(100 * costs.mileage), 0)
    hourly = (hourly + raised * g.miles_hour) * g.lived_share
    weekend, evening = unsocial_shares(market)
    late_weekend = evening * weekend / np.maximum(1.0 - weekend, 0.2)
    hourly += wage * (clause.weekend_premium * weekend + clause.evening_premium * evening
                      + max(clause.evening_premium - clause.weekend_premium, 0.0) * late_weekend)
    sick = market.initial.workforce.sick_days / 260.0
    hourly += g.wage * clause.sick_share * sick * paid_part(clause.sick_from_day, market.initial.workforce)
    planned = np.maximum(g.planned_seconds, 1)
    wished = g.promise_share
    promised = np.asarray(policy.guaranteed_share(wished.copy()))
    shifts = np.minimum(np.asarray(policy.shift_share(wished.copy())), promised)
    level = (shifts + behaviour.promised_part * (promised - shifts)) * g.staff_seconds
    before = behaviour.promised_part * wished * g.staff_seconds
    idle = np.array([g.agents[row].idle_expected(float(level[row])) - g.agents[row].idle_expected(float(before[row]))
                     if g.alive[row] else 0.0 for row in range(g.n)])
    return hourly + np.maximum(idle, 0.0) * wage / planned


def unsocial_premium(market) -> np.ndarray:
    """Return float64[m]: premiums that a typical hour of contact costs on top of the wage, as a share of it."""
    w, n = market.care_workers, market.agencies.n
    team = market.team
    if not (w.weekend_premium[team].any() or w.evening_premium[team].any()):
        return np.zeros(n)
    weekend, evening = unsocial_shares(market)
    agency = w.agency[team]
    return (weekend * mean_by(agency, w.weekend_premium[team], n, 0.0)
            + evening * mean_by(agency, w.evening_premium[team], n, 0.0))


def count_short(market) -> None:
    """Let agencies note for how many visits of this week no worker was found, at weekends and on weekdays."""
    p, g = market.packages, market.agencies
    visits, rounds, due = market.overlay.visits, market.overlay.rounds, market.overlay.due
    blocks = np.flatnonzero(due & (p.agency >= 0))
    places = np.arange(2) < visits.carers.reshape(-1, VISITS)[blocks][:, :, None]
    short = places & (rounds.worker.reshape(-1, VISITS, 2)[blocks] < 0)
    weekend = np.arange(VISITS) // PARTS >= WEEKEND
    agency = p.agency[blocks]
    for name, days in (("weekend_short", weekend), ("weekday_short", ~weekend)):
        asked = sum_by(agency, places[:, days].sum(axis=(1, 2)), g.n)
        open_ = sum_by(agency, short[:, days].sum(axis=(1, 2)), g.n)
        column = getattr(g, name)
        column += (open_ / np.maximum(asked, 1) - column) / 13.0


def paid_part(first_day: int, workforce: InitialCondition) -> float:
    """Return the share of days of sickness, as spells are drawn, that lie at or after ``first_day`` of the spell."""
    one, three, week = workforce.spell_one_share, workforce.spell_three_share, workforce.spell_week_share
    spells = ((one, 1), (three, 3), (week, 7), (1.0 - one - three - week, 28))
    days = sum(share * length for share, length in spells)
    return sum(share * max(length - first_day + 1, 0) for share, length in spells) / days


def fund_clause(market) -> None:
    """Raise or lower the council's fee so that it holds the funded share of what the terms now in force cost.

    The mean over agencies by their council hours is one sum for all: an agency for which the terms cost more
    than that is paid too little, one for which they cost less keeps the difference.
    """
    buyer, g, p = market.commissioners.agents[0], market.agencies, market.packages
    policy = market.policy.employment
    share = policy.clause().funded_share
    wanted = 0
    if share > 0.0 and g.n:
        served = p.active & (p.agency >= 0) & (p.route != SELF_FUNDER)
        hours = sum_by(p.agency[served], p.planned[served], g.n)
        cost = np.rint(1000.0 * expected_cost(market, policy)).astype(np.int64)
        wanted = round(share * int((cost * hours).sum()) / max(int(hours.sum()), 1) / 1000.0)
    if wanted != buyer.clause_pence:
        market.change_fee(buyer.fee + wanted - buyer.clause_pence)
        buyer.clause_pence = wanted
