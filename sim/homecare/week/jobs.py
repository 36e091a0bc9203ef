"""Jobs: what an offer seems worth, taking one, and the promises and wages that stand on it."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents.care_worker import CLEARING, GONE, job_utility
from homecare.draws import Purpose
from homecare.ledger import Account, Kind
from homecare.numerics import mean_by, places, sum_by
from homecare.week.clauses import write_terms
from homecare.week.placing import leave_rounds

QUARTER_HOUR = 900


def reputations(market) -> dict[str, np.ndarray]:
    """Return what is known of each agency as an employer: means of what its workers lived, or what is believed."""
    said = market.uncertainty.labour_market
    w, n = market.care_workers, market.agencies.n
    team = market.team
    agency = w.agency[team]
    return {
        name: mean_by(agency, getattr(w, name)[team], n, default)
        for name, default in (("pay_swing", said.said_swing), ("unpaid_share", said.said_unpaid),
                              ("hurried_share", said.said_hurried), ("short_notice", said.said_notice),
                              ("hours_gap", said.said_gap), ("sick_above", 0.0))
    }


def promise_offered(market) -> np.ndarray:
    """Return float64[m]: share of the hours wanted that a new job at each agency promises, by what is usual there."""
    promised = market.guaranteed_now()
    shifts = np.minimum(market.shift_shares()[-1], promised)
    return shifts + market.uncertainty.agency_behaviour.promised_part * (promised - shifts)


def match_of(market, workers: np.ndarray, agencies: np.ndarray) -> np.ndarray:
    """Return float64[n]: how well each worker and agency would suit each other, in pounds an hour."""
    w, g = market.care_workers, market.agencies
    keys = w.birth_key[workers] * 1000003 + g.birth_key[agencies]
    spread = market.uncertainty.worker_choice.match_spread
    return spread * draws.normals(market.seed, Purpose.MATCH, 0, keys)


def offer_utility(market, workers: np.ndarray, agencies: np.ndarray,
                  reputation: dict[str, np.ndarray]) -> np.ndarray:
    """Return what a job at each agency seems worth to each worker, before it is lived."""
    w, g = market.care_workers, market.agencies
    choice = market.uncertainty.worker_choice
    promise = promise_offered(market)[agencies]
    promise = np.where(w.security_taste[workers] > 0, promise, 0.0)
    dx = w.x[workers] - g.x[agencies]
    dy = w.y[workers] - g.y[agencies]
    km = np.sqrt(dx * dx + dy * dy) / 1000.0
    expected = g.wage[agencies] / 100.0 * (1.0 - reputation["unpaid_share"][agencies])
    sick = 36.0 * reputation["sick_above"][agencies] / w.hours_wanted[workers]
    match = choice.match_seen * match_of(market, workers, agencies)
    seems = job_utility(expected + sick, reputation["pay_swing"][agencies], promise, w.security_taste[workers],
                        reputation["hurried_share"][agencies], reputation["short_notice"][agencies],
                        reputation["hours_gap"][agencies], match, choice)
    return seems - market.uncertainty.labour_market.commuting_weight * km


def take_job(market, workers: np.ndarray, agencies: np.ndarray, reputation: dict[str, np.ndarray],
             weeks: int) -> None:
    """Let workers take jobs: terms are written onto the job, memory begins with what is said of the agency."""
    if workers.size == 0:
        return
    w, g = market.care_workers, market.agencies
    w.agency[workers] = agencies
    w.state[workers] = CLEARING
    w.hired[workers] = market.week
    w.starts[workers] = market.week + weeks
    w.wage[workers] = np.maximum(g.wage[agencies], market.floor)
    w.terms[workers] = len(market.job_terms) - 1
    write_terms(market, workers)
    w.match[workers] = match_of(market, workers, agencies)
    w.promised[workers] = 0
    w.shift_start[workers] = 0
    w.shift_end[workers] = 0
    w.pay_mean[workers] = 0.0
    w.effective_wage[workers] = g.wage[agencies] / 100.0 * (1.0 - reputation["unpaid_share"][agencies])
    for name, known in reputation.items():
        getattr(w, name)[workers] = known[agencies]
    w.counted_period[workers] = 0
    w.pay_period[workers] = 0
    w.below_floor[workers] = False
    promise_hours(market, workers)
    hired = sum_by(agencies, np.ones(workers.size, np.int64), g.n)
    behaviour = market.uncertainty.agency_behaviour
    cost = round(100 * behaviour.cost_per_hire * behaviour.hire_cash_share)
    payers = places(hired)
    market.ledger.post(Kind.HIRING, Account.FIRST_AGENCY + payers, Account.WORLD, hired[payers] * cost)
    g.hiring[:] += hired * cost
    market.tally["hires"] += workers.size
    g.vacancy_seconds[:] -= sum_by(agencies, w.hours_wanted[workers], g.n)
    g.vacancy_seconds[:] = np.maximum(g.vacancy_seconds, 0)


def willing(market, workers: np.ndarray) -> np.ndarray:
    """Return bool[n]: who takes a promise of hours when offered one and free to decline."""
    return market.care_workers.security_taste[workers] > market.uncertainty.worker_choice.promise_taste


def promise_hours(market, only: np.ndarray | None = None) -> None:
    """Promise hours or whole shifts to workers, up to the shares of staff hours in force at each agency.

    Those who want a promise come first, then those longest in the job. ``only`` leaves other jobs as they
    are. Where the law gives a right to one's usual hours, whoever wants them has at least those.
    """
    w, g = market.care_workers, market.agencies
    rows = places(w.alive & (w.state != GONE) & (w.agency >= 0))
    if only is not None:  # what other agencies promise says nothing of these jobs
        concerned = np.zeros(g.n, bool)
        concerned[w.agency[only]] = True
        rows = rows[concerned[w.agency[rows]]]
    if rows.size == 0:
        return
    may_decline = market.policy.labour.zero_hours_allowed
    wants = willing(market, rows) if may_decline else np.ones(rows.size, bool)
    agency = w.agency[rows]
    rank = np.lexsort((w.birth_key[rows], w.hired[rows], ~wants, agency))
    rows, wants, agency = rows[rank], wants[rank], agency[rank]
    hours = w.hours_wanted[rows]
    total = sum_by(agency, hours, g.n)
    before = np.cumsum(hours) - hours
    within = before - (np.cumsum(total) - total)[agency]
    if only is not None:
        mine = np.zeros(w.n, bool)
        mine[only] = True
        keep = mine[rows]
        rows, wants, agency, hours, within = rows[keep], wants[keep], agency[keep], hours[keep], within[keep]
    share = market.promised_shares()[w.terms[rows], agency]
    if not may_decline:
        share = np.ones(rows.size)
    offered = wants & (within + hours // 2 <= share * total[agency])
    part = market.uncertainty.agency_behaviour.promised_part
    promised = np.where(offered, (part * hours).astype(np.int64), 0)
    promised = np.maximum(promised, np.where(wants, usual_hours_due(market, rows), 0))
    by_shift = market.shift_shares()[w.terms[rows], agency]
    shifted = wants & (within + hours // 2 <= by_shift * total[agency])
    w.promised[rows] = promised
    write_shifts(market, rows, shifted)


def usual_hours_due(market, workers: np.ndarray) -> np.ndarray:
    """Return int64[n]: seconds a week that workers may ask to be promised by law: what they usually are paid for."""
    w = market.care_workers
    weeks = market.policy.labour.offer_after_weeks
    if weeks == 0:
        return np.zeros(workers.size, np.int64)
    usual = np.minimum((3600.0 * w.pay_mean[workers] / w.wage[workers]).astype(np.int64), w.hours_wanted[workers])
    return np.where(market.week - w.starts[workers] >= weeks, usual, 0)


def write_shifts(market, workers: np.ndarray, shifted: np.ndarray) -> None:
    """Write paid shifts onto the jobs where ``shifted``, none onto the others; who gets other times starts anew.

    A shift is as long as the hours wanted make it over the worker's days, and lies by turns at the early and
    the late end of the time in which the worker can work. The promise is then the shifts of a week.
    """
    w = market.care_workers
    if not shifted.any() and not w.shift_end[workers].any():
        return
    start, end = shift_bounds(w.day_start[workers], w.day_end[workers], w.hours_wanted[workers], w.birth_key[workers])
    start = np.where(shifted[:, None], start, 0)
    end = np.where(shifted[:, None], end, 0)
    changed = workers[((start != w.shift_start[workers]) | (end != w.shift_end[workers])).any(axis=1)]
    w.shift_start[workers] = start
    w.shift_end[workers] = end
    w.promised[workers] = np.where(shifted, (end - start).sum(axis=1), w.promised[workers])
    leave_rounds(market, changed)


def shift_bounds(day_start: np.ndarray, day_end: np.ndarray, hours_wanted: np.ndarray,
                 keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int32[n, 7] twice: from and until when each day's shift runs, in quarters of an hour (equal: none)."""
    works = day_end > day_start
    days = np.maximum(works.sum(axis=1), 1)
    length = np.minimum((hours_wanted // days)[:, None], day_end - day_start) // QUARTER_HOUR * QUARTER_HOUR
    early = (np.cumsum(works, axis=1) + keys[:, None]) % 2 == 0
    start = np.where(works, np.where(early, day_start, day_end - length), 0)
    return start.astype(np.int32), np.where(works, start + length, 0).astype(np.int32)


def raise_wages(market) -> None:
    """Pay everybody in a job at least what the agency offers now, and the floor."""
    w, g = market.care_workers, market.agencies
    rows = places(w.alive & (w.agency >= 0))
    w.wage[rows] = np.maximum(np.maximum(w.wage[rows], g.wage[w.agency[rows]]), market.floor)
