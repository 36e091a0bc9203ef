"""Oversight and the slow things: ratings, hand-backs, closures, April."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare import draws
from homecare.agents.agency import IN_HOUSE
from homecare.agents.care_worker import GONE
from homecare.draws import Purpose
from homecare.ledger import Account, Kind
from homecare.numerics import count_by, mean_by, places, sum_by
from homecare.params import Uncertainty, param
from homecare.tables import NO_WEEK
from homecare.week.founding import enter
from homecare.week.jobs import raise_wages, reputations, take_job
from homecare.week.leaving import displace
from homecare.week.placing import leave_rounds, open_base, refresh_teams
from homecare.week.subcontracting import pay_others
from homecare.week.tendering import lose_holders
from homecare.week.worth import surplus_expected


class OversightUncertainty(Uncertainty):
    """Inspection, entry and what becomes of staff when an agency closes."""

    theme: ClassVar[str] = "oversight"
    inspection_noise: float = param(0.06, unit="0-1", low=0, high=0.2, source="assumption")
    """Spread of what inspectors see around true quality."""
    good_from: float = param(0.56, unit="0-1", low=0.4, high=0.8, source="assumption")
    """Seen quality from which an agency is rated good."""
    outstanding_from: float = param(0.80, unit="0-1", low=0.6, high=0.95, source="assumption")
    """Seen quality from which it is rated outstanding."""
    inadequate_below: float = param(0.45, unit="0-1", low=0.2, high=0.6, source="assumption")
    """Seen quality below which it is rated inadequate and asked for nothing."""
    reinspect_weeks: int = param(26, unit="weeks", low=4, high=104, source="assumption")
    """Weeks after which an agency rated inadequate is inspected again."""
    first_inspection: int = param(26, unit="weeks", low=0, high=104, source="assumption")
    """Weeks from founding before which nobody inspects."""
    unrated_as: float = param(1.7, unit="rating 0-3", low=0, high=3, source="assumption")
    """How people and councils read an agency without a rating: by default just below good."""
    founders: float = param(0.36, unit="ratio a year", low=0.05, high=0.5, source="entry_rate_derived_2025")
    """People who think of founding an agency in a year, against the agencies at the start."""
    founder_spread: float = param(0.06, unit="share", low=0.01, high=0.2, source="assumption")
    """Spread of what founders believe of margins around what they are."""
    founder_hours: float = param(250.0, unit="hours a week", low=100, high=600, source="assumption")
    """Size of the agency that founders have in mind."""
    founder_return: float = param(0.25, unit="share a year", low=0.05, high=0.5, source="assumption")
    """Return on the money put in that founders want."""
    staff_follow_share: float = param(0.6, unit="share", low=0, high=1, source="assumption")
    """Staff of an agency that closes who take a job with another agency (transfer of undertakings)."""
    founder_circle: int = param(8, unit="people", low=8, high=30, source="assumption")
    """People whom a founder knows well enough to ask: as many as it may bring along, or more."""
    founder_staff: int = param(2, unit="people", low=0, high=8, source="assumption")
    """Care workers with whom an agency opens: those of that circle who live nearest to the branch."""
    idle_weeks: int = param(26, unit="weeks", low=13, high=104, source="assumption")
    """Weeks without a package after which an agency is given up."""


class Inspection(Uncertainty):
    """What makes the true quality of an agency, 0-1, as an inspector would see it with unlimited time."""

    theme: ClassVar[str] = "inspection"
    met: float = param(0.4, unit="0-1", low=0.1, high=0.7, source="assumption")
    """Weight of need met."""
    suited: float = param(0.25, unit="0-1", low=0, high=0.5, source="assumption")
    """Weight of visits near the wanted time."""
    known_faces: float = param(0.2, unit="0-1", low=0, high=0.5, source="assumption")
    """Weight of visits by somebody whom the person knows."""
    unhurried: float = param(0.15, unit="0-1", low=0, high=0.5, source="assumption")
    """Weight of visits that are not hurried."""
    missed: float = param(4.0, unit="0-1", low=0, high=12, source="assumption")
    """Lost where every visit is missed (scaled: few ever are)."""


def oversee(market) -> None:
    """Do the week's oversight."""
    true_quality(market)
    inspect(market)
    hand_back(market)
    close_failing(market)
    enter(market)
    if market.week % 52 == 51 and market.week >= 0:
        april(market)


def true_quality(market) -> None:
    """Write each agency's true quality: what its users lived, 0-1."""
    u, g = market.service_users, market.agencies
    rows = places(u.alive & (u.agency >= 0))
    rows = rows[np.argsort(u.birth_key[rows], kind="stable")]
    by = market.uncertainty.inspection
    lived = (by.met * u.met_share[rows] + by.suited * u.suited_share[rows]
             + by.known_faces * (1.0 - u.stranger_share[rows]) + by.unhurried * (1.0 - u.hurried_share[rows])
             - by.missed * u.missed_share[rows])
    now = mean_by(u.agency[rows], np.minimum(np.maximum(lived, 0.0), 1.0), g.n, -1.0)
    g.quality[:] = np.where(now >= 0, now, g.quality)


def inspect(market) -> None:
    """Inspect a few agencies; what is published has noise in it."""
    g = market.agencies
    numbers = market.uncertainty.oversight
    chance = market.policy.market.inspection_rate / 52.0
    luck = draws.uniforms(market.seed, Purpose.INSPECTION, market.week, g.birth_key)
    again = (g.rating == 0) & (market.week - g.inspected >= numbers.reinspect_weeks)
    visited = places(g.alive & ((luck < chance) | again) & (market.week - g.founded > numbers.first_inspection))
    noise = draws.normals(market.seed, Purpose.INSPECTION, market.week, g.birth_key[visited], 1)
    seen = g.quality[visited] + numbers.inspection_noise * noise
    g.rating[visited] = (
        (seen >= numbers.inadequate_below).astype(np.int8)
        + (seen >= numbers.good_from) + (seen >= numbers.outstanding_from)
    )
    g.inspected[visited] = market.week
    g.suspended[:] = g.rating == 0
    market.tally["inspections"] = visited.size


def hand_back(market) -> None:
    """Let agencies give notice on packages, and let notices given earlier take effect."""
    p, g = market.packages, market.agencies
    behaviour = market.uncertainty.agency_behaviour
    ended = places(p.active & (p.notice > NO_WEEK) & (p.notice <= market.week))
    market.tally["handed_back"] = ended.size
    displace(market, p.user[ended].astype(np.int64))
    share = g.open_seconds / np.maximum(g.planned_seconds, 1)
    stretched = g.alive & ((share > behaviour.stretch_share) | (g.weeks_in_red >= behaviour.red_weeks))
    if not stretched.any():
        return
    running = places(p.active & (p.agency >= 0) & ~p.suspended & (p.notice == NO_WEEK))
    stretched &= count_by(p.agency[running], g.n) > 0
    theirs = running[stretched[p.agency[running]]]
    agency, empty, surplus = p.agency[theirs], open_base(market, theirs), surplus_expected(market, theirs)
    for row in places(stretched).tolist():
        mine = places(agency == row)
        back = g.agents[row].packages_to_hand_back(empty[mine], surplus[mine], p.key[theirs[mine]],
                                                   float(share[row]), behaviour)
        p.notice[theirs[mine[back]]] = market.week + behaviour.hand_back_weeks


def close_failing(market) -> None:
    """Let agencies close that have no money or no work."""
    p, g = market.packages, market.agencies
    behaviour = market.uncertainty.agency_behaviour
    count = count_by(p.agency[p.with_agency()], g.n)
    g.empty_weeks[:] = np.where(count > 0, 0, g.empty_weeks + 1)
    idle = places(g.empty_weeks >= market.uncertainty.oversight.idle_weeks)
    ends = set(failing_agencies(market)) | set(idle.tolist())
    closing = [row for row in g.rows().tolist() if row in ends or g.agents[row].must_close(behaviour)]
    market.tally["closures"] = len(closing)
    if closing:
        close(market, np.array(closing, np.int64))


def failing_agencies(market) -> list[int]:
    """Return the agencies that fail this week out of anybody's hands, by rank of planned hours."""
    p, g = market.packages, market.agencies
    if not market.conditions.failing:
        return []
    served = p.with_agency()
    hours = sum_by(p.agency[served], p.planned[served], g.n)
    rows = places(g.alive & (g.ownership != IN_HOUSE))
    rows = rows[np.lexsort((g.birth_key[rows], -hours[rows]))]
    return [int(rows[rank - 1]) for rank in market.conditions.failing if rank <= rows.size]


def close(market, rows: np.ndarray) -> None:
    """Close agencies: people wait for another, staff follow the work or go, the books are closed."""
    u, w, g = market.service_users, market.care_workers, market.agencies
    closing = np.zeros(g.n, bool)
    closing[rows] = True
    people = places(u.alive & (u.agency >= 0))
    people = people[closing[u.agency[people]]]
    market.tally["displaced"] += people.size
    displace(market, people)
    lose_holders(market, rows)
    held = places(u.alive & (u.agency_before >= 0))
    u.agency_before[held[closing[u.agency_before[held]]]] = -1
    staff = places(w.alive & (w.state != GONE) & (w.agency >= 0))
    staff = staff[closing[w.agency[staff]]]
    staff = staff[np.argsort(w.birth_key[staff], kind="stable")]
    leave_rounds(market, staff)
    account = Account.FIRST_AGENCY + rows
    council, private = market.receivables.pay_out(rows, g.n)
    market.ledger.post(Kind.COUNCIL_FEES, Account.COUNCIL, account, council)
    market.ledger.post(Kind.PRIVATE_FEES, Account.USERS, account, private)
    pay_others(market, market.receivables.pay_out_others(rows))
    cash = market.ledger.agency_cash(g.n)[rows]
    market.ledger.post(Kind.CLOSING, account, Account.WORLD, np.maximum(cash, 0))
    market.ledger.post(Kind.CLOSING, Account.WORLD, account, np.maximum(-cash, 0))
    g.cash[rows] = 0
    g.remove(rows)
    g.vacancy_seconds[rows] = 0
    reached = np.cumsum(np.where(g.alive, g.vacancy_seconds + 3600, 0))
    market.tally["leavers"] += staff.size
    if staff.size and reached.size and reached[-1] > 0:
        keys = w.birth_key[staff]
        luck = draws.uniforms(market.seed, Purpose.SEPARATION, market.week, keys)
        where = draws.uniforms(market.seed, Purpose.SEPARATION, market.week, keys, 1)
        follows = luck < market.uncertainty.oversight.staff_follow_share
        target = np.minimum(np.searchsorted(reached, where * reached[-1], side="right"), g.n - 1)
        take_job(market, staff[follows], target[follows], reputations(market), 1)
        staff = staff[~follows]
    w.state[staff] = GONE
    w.remove(staff)
    market.tally["leavers_sector"] += staff.size
    g.cash[:] = market.ledger.agency_cash(g.n)  # who took on staff has paid for it
    refresh_teams(market)


def april(market) -> None:
    """Raise the wage floor, other prices, the fee and the budget; begin a new year's account."""
    buyer = market.commissioners.agents[0]
    rule = market.policy.commissioner
    before = market.floor
    market.raise_floor()
    market.price_level *= 1.0 + market.uncertainty.agency_costs.price_rise
    buyer.budget = int(buyer.budget * (10000 + round(10000 * rule.budget_uplift)) // 10000)
    buyer.spent = 0
    market.new_fee(int(round(10000 * rule.fee_uplift)))
    g = market.agencies
    behaviour = market.uncertainty.agency_behaviour
    for row in g.rows().tolist():
        g.wage[row] = g.agents[row].april_wage(before, market.floor, behaviour)
    raise_wages(market)
