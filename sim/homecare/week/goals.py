"""Goals: what is held back of invoices, and paid when somebody's quarter is measured. A step of several phases.

Each person has quarters of their own, from the first invoice of which a part is held back. At the end of one the
council's care managers measure, with noise, what the person gained beyond what frailty alone would have brought.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np

from homecare import draws, tariff
from homecare.agents.agency_forecast import QUARTER_WEEKS, mean_of_tasks
from homecare.draws import Purpose
from homecare.numerics import sum_by
from homecare.params import Uncertainty, param
from homecare.tables import NO_WEEK


class GoalUncertainty(Uncertainty):
    """How well the council's care managers measure what somebody has gained."""

    theme: ClassVar[str] = "goals"
    measuring_noise: float = param(0.03, unit="0-1", low=0, high=0.15, source="assumption")
    """Spread of what is measured around what was gained, on a scale 0-1."""


class Settled(NamedTuple):
    """What the week's measuring came to: int64[m] pence paid for goals reached, and pence that had been held back."""

    paid: np.ndarray
    held: np.ndarray


def potential_of(market, frailty: np.ndarray) -> np.ndarray:
    """Return float64[n, 4]: capability that frailty would allow in each task."""
    return np.maximum(1.0 - frailty[:, None] * market.task_weight[None, :], 0.0)


def score(gain: np.ndarray, expected: np.ndarray, quality: np.ndarray, quality_weight: np.ndarray) -> np.ndarray:
    """Return float64[n]: what was gained beyond expectation, on a scale 0-1.

    Parameters
    ----------
    gain : float64[n], change of mean capability in the quarter
    expected : float64[n], change of what frailty would allow
    quality : float64[n], change of SCRQoL, 0-24
    quality_weight : float64[n], 0-1
    """
    return (1.0 - quality_weight) * (gain - expected) + quality_weight * quality / 24.0


def hold_back(market, blocks: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Hold back the part of each invoice line that is at risk; return it, int64[n]. A quarter begins with the first."""
    p = market.packages
    at_risk = p.tariff[blocks, tariff.AT_RISK]
    if not at_risk.any():
        return np.zeros(blocks.size, np.int64)
    held = (lines * at_risk + 5000) // 10000
    p.withheld[blocks] += held
    begins = blocks[(at_risk > 0) & (p.goal_since[blocks] == NO_WEEK)]
    begin_quarter(market, begins, market.week)
    return held


def begin_quarter(market, blocks: np.ndarray, week: int) -> None:
    """Note how people stand when a quarter of theirs begins."""
    u, p = market.service_users, market.packages
    users = p.user[blocks]
    p.goal_since[blocks] = week
    p.goal_capability[blocks] = mean_of_tasks(u.capability[users])
    p.goal_potential[blocks] = mean_of_tasks(potential_of(market, u.frailty[users]))
    p.goal_quality[blocks] = u.scrqol[users]


def measure(market, blocks: np.ndarray) -> Settled:
    """Measure those whose quarter is over and settle what was held back; return pence by agency."""
    u, p, g = market.service_users, market.packages, market.agencies
    over = (p.goal_since[blocks] != NO_WEEK) & (market.week + 1 - p.goal_since[blocks] >= QUARTER_WEEKS)
    due = blocks[over & ~p.suspended[blocks]]
    if due.size == 0:
        return Settled(np.zeros(g.n, np.int64), np.zeros(g.n, np.int64))
    users = p.user[due]
    facts = p.tariff[due]
    gain = mean_of_tasks(u.capability[users]) - p.goal_capability[due]
    expected = mean_of_tasks(potential_of(market, u.frailty[users])) - p.goal_potential[due]
    noise = draws.normals(market.seed, Purpose.MEASURING, market.week, u.birth_key[users])
    seen = score(gain, expected, u.scrqol[users] - p.goal_quality[due], facts[:, tariff.QUALITY_WEIGHT] / 10000.0)
    seen = seen + market.uncertainty.goals.measuring_noise * noise
    reached = seen >= facts[:, tariff.TARGET] / 10000.0
    held = p.withheld[due]
    paid = np.where(reached, (held * facts[:, tariff.PAYOUT] + 5000) // 10000, 0)
    p.withheld[due] = 0
    p.goal_since[due] = NO_WEEK
    begin_quarter(market, due[facts[:, tariff.AT_RISK] > 0], market.week + 1)
    market.tally["goals_measured"] = due.size
    market.tally["goals_reached"] = int(np.count_nonzero(reached))
    market.tally["goals_held"] = int(held.sum())
    market.tally["goals_paid"] = int(paid.sum())
    return Settled(sum_by(p.agency[due], paid, g.n), sum_by(p.agency[due], held, g.n))


def release(market, blocks: np.ndarray) -> None:
    """Owe what was held back in full, where a quarter ends before anybody could measure it."""
    p, g = market.packages, market.agencies
    if p.withheld[blocks].any():
        owed = sum_by(p.agency[blocks], p.withheld[blocks], g.n)
        lag = max(market.policy.commissioner.payment_weeks, 1)
        market.receivables.owe(market.week, lag, owed, np.zeros(g.n, np.int64), 1)
        p.withheld[blocks] = 0
    p.goal_since[blocks] = NO_WEEK
