"""What a goal and a freed hour are worth to each agency, under what its packages are paid for. A shared step.

The tariff is the function that invoices are made with, applied to what an agency expects.
"""

from __future__ import annotations

import numpy as np

from homecare import tariff
from homecare.agents.agency_forecast import (
    QUARTER_WEEKS,
    gain_expected,
    goal_chance,
    goal_chance_slope,
)
from homecare.numerics import count_by, mean_by, places, sum_by
from homecare.week.goals import potential_of

FALLING = (tariff.PLANNED_HOUR, tariff.ACTUAL_HOUR, tariff.BANDED_HOUR, tariff.PROMISED_HOUR, tariff.VISIT,
           tariff.SHORT_VISIT, tariff.RURAL_VISIT)
"""Quantities of the tariff that shrink with need, once the plan follows: hours, and visits in proportion to them."""


def practice_of(market) -> np.ndarray:
    """Return float64[m]: share of care time in which each agency does things with its people, as they live it.

    An agency with nobody yet expects what its effort would bring where there is always time.
    """
    u, g = market.service_users, market.agencies
    rows = places(u.alive & (u.agency >= 0))
    rows = rows[np.argsort(u.birth_key[rows], kind="stable")]
    lived = mean_by(u.agency[rows], u.practice[rows], g.n, -1.0)
    return np.where(lived >= 0.0, lived, g.effort)


def chances(market, users: np.ndarray) -> np.ndarray:
    """Return float64[n, m]: chance that each agency gives each person of reaching the goal of the tariff in force."""
    u = market.service_users
    facts = market.tariff
    if facts.at_risk == 0:
        return np.ones((users.size, market.agencies.n))
    need = market.uncertainty.need
    gain = gain_expected(u.capability[users], potential_of(market, u.frailty[users]), practice_of(market),
                         need.recover_rate, need.fade_rate)
    gain = gain * (1.0 - facts.quality_weight / 10000.0)
    return goal_chance(gain, facts.target / 10000.0, market.uncertainty.forecast.gain_spread)


def week_expected(market, blocks: np.ndarray) -> np.ndarray:
    """Return int64[n, PRICES]: quantities that an agency expects of a week of packages that it has."""
    p, g = market.packages, market.agencies
    seconds = p.visit_seconds.reshape(-1, 28)[blocks]
    carers = p.visit_carers.reshape(-1, 28)[blocks].astype(np.int64)
    planned = p.planned[blocks]
    lived = (g.lived_share[p.agency[blocks]] * planned).astype(np.int64)
    out = np.zeros((blocks.size, tariff.PRICES), np.int64)
    out[:, tariff.PLANNED_HOUR] = planned
    out[:, tariff.ACTUAL_HOUR] = lived
    out[:, tariff.BANDED_HOUR] = lived
    out[:, tariff.PROMISED_HOUR] = planned
    out[:, tariff.ASSESSED_HOUR] = tariff.assessed_seconds(p.assessed[blocks],
                                                           p.tariff[blocks, tariff.ASSESSED_BAND])
    out[:, tariff.VISIT] = carers.sum(axis=1)
    out[:, tariff.SHORT_VISIT] = np.where(seconds < p.tariff[blocks, tariff.SHORT][:, None], carers, 0).sum(axis=1)
    out[:, tariff.RURAL_VISIT] = np.where(p.rural[blocks], out[:, tariff.VISIT], 0)
    out[:, tariff.USER_WEEK] = 1
    return out


def surplus_expected(market, blocks: np.ndarray) -> np.ndarray:
    """Return float64[n]: pence a week that each package leaves its agency, fixed costs aside.

    Fee of the tariff in force less the hours' part of what an hour has cost the agency of late.
    """
    p, g = market.packages, market.agencies
    income = tariff.payable_lines(p.tariff, blocks, week_expected(market, blocks))
    return income - g.cost_hour[p.agency[blocks]] * p.planned[blocks] / 3600.0


def freed_hour(market) -> np.ndarray:
    """Return float64[m]: pounds that stay or come with an hour a week that an agency's people no longer need.

    Two things: what the tariff goes on paying for the person although the hour has gone, and what it pays more
    often for goals reached. Both are nought where every pound is paid by the hour.
    """
    p, g = market.packages, market.agencies
    blocks = places(p.active & (p.agency >= 0) & ~p.suspended)
    blocks = blocks[np.argsort(p.key[blocks], kind="stable")]
    agency = p.agency[blocks]
    done = week_expected(market, blocks)
    hours = sum_by(agency, p.planned[blocks], g.n) / 3600.0
    line = tariff.payable_lines(p.tariff, blocks, done)
    done[:, FALLING] = 0
    stays = sum_by(agency, tariff.payable_lines(p.tariff, blocks, done), g.n) / 100.0
    kept = np.where(hours > 0, stays / np.maximum(hours, 1.0), 0.0)
    at_risk = p.tariff[blocks, tariff.AT_RISK] > 0
    if not at_risk.any():
        return kept
    people = np.maximum(count_by(agency, g.n), 1)
    return kept + goal_pounds(market, blocks[at_risk], line[at_risk]) / people


def goal_pounds(market, blocks: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Return float64[m]: pounds an hour, summed over people, that goals pay more if each needed an hour a week less.

    Parameters
    ----------
    blocks : int64[n], packages of which a part is held back
    line : int64[n], pence that a week of each is expected to be invoiced at

    Notes
    -----
    An hour a week less is so much more capability, by the minutes of help that somebody with none takes. That
    raises the chance of the goal by its slope, and a quarter's hours are freed for a quarter's payment.
    """
    u, p, g = market.service_users, market.packages, market.agencies
    need, users, facts = market.uncertainty.need, p.user[blocks], p.tariff[blocks]
    agency = p.agency[blocks]
    weight = 1.0 - facts[:, tariff.QUALITY_WEIGHT] / 10000.0
    gain = gain_expected(u.capability[users], potential_of(market, u.frailty[users]), practice_of(market),
                         need.recover_rate, need.fade_rate)[np.arange(users.size), agency]
    slope = goal_chance_slope(weight * gain, facts[:, tariff.TARGET] / 10000.0,
                              market.uncertainty.forecast.gain_spread)
    by_hour = weight * 60.0 / (7.0 * need.minutes_without * np.maximum(1.0 - u.family_share[users], 0.1))
    held = QUARTER_WEEKS * ((line * facts[:, tariff.AT_RISK] + 5000) // 10000)
    pence = held * (facts[:, tariff.PAYOUT] / 10000.0) * slope * by_hour / QUARTER_WEEKS
    return sum_by(agency, (10000.0 * pence).astype(np.int64), g.n) / 1e6
