"""Null models: one decision at a time is taken by luck instead, from outside the model.

Each is a context in which a market is lived. The model has no switch for them: the functions that decide are replaced in
the modules that call them, and put back afterwards.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from homecare import draws
from homecare.agents.care_worker import GONE
from homecare.draws import Purpose
from homecare.validate_measures import ratio
from homecare.validate_watch import YEAR, Sums
from homecare.week import delivery, employment, placing, purchasing
from homecare.week.jobs import take_job
from homecare.week.placing import leave_rounds

ASKED_AT_RANDOM = 12
"""Agencies that a request is put to where placement is random."""
DESCRIPTIONS = {
    "random_placement": "requests go to agencies in random order, and the first whose staff have hours takes the package",
    "random_rounds": "planners give visits to workers who are free, with every address drawn at random: nobody knows "
                     "where anybody lives until the round is lived",
    "random_quitting": "the same shares of workers leave the sector and change agency each week, drawn without regard to "
                       "what they lived",
}
"""Name of each null and what it does."""
TESTED_ON = {
    "random_placement": ("travel_share", "miles_per_visit", "start_wait", "missed_visits", "agencies_under_thirty",
                         "agencies_up_to_four", "closures", "people_losing_agency", "suitable_times", "margin"),
    "random_rounds": ("travel_share", "miles_per_visit", "late_visits", "missed_visits", "scrqol", "control_adequate",
                      "suitable_times", "turnover", "margin"),
    "random_quitting": ("gap_zero_hours", "gap_pay", "turnover_first_year", "turnover_after_ten_years",
                        "turnover_spread"),
}
"""The targets that each mechanism is there for, chosen beforehand."""


@contextmanager
def replaced(changes: list[tuple[Any, str, Any]]) -> Iterator[None]:
    """Replace attributes of modules, and put the old ones back."""
    old = [(where, name, getattr(where, name)) for where, name, _ in changes]
    try:
        for where, name, value in changes:
            setattr(where, name, value)
        yield
    finally:
        for where, name, value in old:
            setattr(where, name, value)


@contextmanager
def null_model(name: str, rates: Sums) -> Iterator[None]:
    """Live markets under a null.

    Parameters
    ----------
    name : str
        One of `DESCRIPTIONS`.
    rates : Sums
        What was noted of the same market with its own decisions; quitting at random takes its rates from there.

    Raises
    ------
    KeyError
        If there is no null of that name.
    """
    make: dict[str, Callable[[Sums], list[tuple[Any, str, Any]]]] = {
        "random_placement": _random_placement, "random_rounds": _random_rounds, "random_quitting": _random_quitting,
    }
    with replaced(make[name](rates)):
        yield


def _random_placement(_: Sums) -> list[tuple[Any, str, Any]]:
    own_terms = purchasing.terms_of

    def lists(market, waiting: np.ndarray, _: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        u, g = market.service_users, market.agencies
        keys = u.birth_key[waiting]
        luck = draws.uniforms(market.seed, Purpose.ORDER, market.week, np.repeat(keys, g.n) * 1000003
                              + np.tile(g.birth_key, keys.size), 90).reshape(keys.size, g.n)
        team = market.team
        room = np.bincount(market.care_workers.agency[team], np.maximum(
            market.care_workers.hours_wanted[team] - market.week_seconds[team], 0), minlength=g.n)
        wanted = market.packages.planned[u.block[waiting]]
        may = g.alive[None, :] & ~g.suspended[None, :] & (room[None, :] >= wanted[:, None])
        luck = np.where(may, luck, 2.0)
        asked = np.argsort(luck, axis=1, kind="stable")[:, :ASKED_AT_RANDOM]
        asked = np.where(np.take_along_axis(luck, asked, axis=1) < 2.0, asked, -1).astype(np.int32)
        return asked, np.zeros(asked.shape, np.int32), np.zeros(asked.shape, bool)  # at the usual fee, nobody obliged

    def terms_of(market):
        terms = own_terms(market)
        return terms._replace(fits=np.zeros_like(terms.fits), surplus=np.full_like(terms.surplus, -1000.0))

    return [(purchasing, "lists", lists), (purchasing, "terms_of", terms_of)]


def _random_rounds(_: Sums) -> list[tuple[Any, str, Any]]:
    own = placing.homes_of
    known: list[int] = []

    def anywhere(market):
        p, u = market.packages, market.service_users
        if not known:
            known.append(u.n)  # those whom the market begins with: rows are never used again, so addresses stay
        luck = draws.uniforms(market.seed, Purpose.ORDER, 0, p.key, 91)
        other = np.minimum((luck * known[0]).astype(np.int64), known[0] - 1)
        return own(market)._replace(x=u.x[other].copy(), y=u.y[other].copy(), rural=u.rural[other].copy())

    week = [module for name, module in sorted(sys.modules.items()) if name.startswith("homecare.week.")]
    planners = [module for module in week if getattr(module, "homes_of", None) is own and module is not delivery]
    return [(module, "homes_of", anywhere) for module in planners]


def _random_quitting(rates: Sums) -> list[tuple[Any, str, Any]]:
    years = "worker_years_all"
    out = ratio(rates, "leavers_sector", years) / YEAR
    across = (ratio(rates, "leavers_all", years) - ratio(rates, "leavers_sector", years)) / YEAR

    def leave_jobs(market, reputation: dict[str, np.ndarray]) -> None:
        w, g = market.care_workers, market.agencies
        rows = np.sort(market.team, kind="stable")
        if rows.size == 0:
            return
        keys = w.birth_key[rows]
        luck = draws.uniforms(market.seed, Purpose.LEAVING, market.week, keys, 90)
        reached = np.cumsum(np.where(g.alive, g.vacancy_seconds + 3600, 0))
        where = draws.uniforms(market.seed, Purpose.OUTSIDE_OFFER, market.week, keys, 90) * reached[-1]
        target = np.minimum(np.searchsorted(reached, where, side="right"), g.n - 1)
        leaves = luck < out
        moves = ~leaves & (luck < out + across) & (target != w.agency[rows])
        gone, moved = rows[leaves], rows[moves]
        went = np.concatenate([gone, moved])
        g.leavers[:] += np.bincount(w.agency[went], minlength=g.n)[: g.n]
        market.tally["leavers"] = went.size
        market.tally["leavers_sector"] = gone.size
        leave_rounds(market, went)
        w.state[gone] = GONE
        w.remove(gone)
        take_job(market, moved, target[moves], reputation, market.uncertainty.labour_market.moving_weeks)

    return [(employment, "leave_jobs", leave_jobs)]

