"""The people who need care when a burn-in begins: the survivors of twenty-five years of arrivals.

Drawing people as they arrive and starting them all at once would give a market whose numbers drift for years,
because frail people leave sooner than others. So arrivals of twenty-five years live on their needs alone, with care as
good as usual, and those who are still there are the people of the area.
"""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.service_user import ServiceUser
from homecare.draws import Purpose
from homecare.population import draw_people
from homecare.population_traits import FORMER_LIMIT
from homecare.prices import local_fee
from homecare.tables import Table
from homecare.week.need_numbers import live_alone

HISTORY_WEEKS = 1300
"""Weeks of arrivals before the burn-in."""
LIMIT_PENCE = round(100 * FORMER_LIMIT)
USUAL_STAY = 2.0
"""Years; only sets how many arrivals are tried at first, for those left are thinned to the number wanted."""
DOUBLINGS = 6
"""How often that number may be doubled."""


def people_of_the_area(market, n: int, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray], float]:
    """Return birth keys, columns and arrivals a week of ``n`` people in demographic balance.

    Returns
    -------
    int64[n], dict of columns, float
        Arrivals a week that keep ``n`` people in care at home.
    """
    tried = max(round(1.5 * n * HISTORY_WEEKS / 52.0 / USUAL_STAY), 8)
    for _ in range(DOUBLINGS):
        table = survivors(market, tried, seed)
        there = np.flatnonzero(table.alive)
        if there.size >= n:
            break
        tried *= 2  # where people leave care sooner than usual, more must have come
    else:
        raise RuntimeError(f"{there.size} of {tried // 2} arrivals are still in care; {n} are needed")
    luck = draws.uniforms(seed, Purpose.PERSON_TRAITS, 0, table.birth_key[there], 41)
    chosen = np.sort(there[np.argsort(luck, kind="stable")[:n]], kind="stable")
    kept = {name: array[chosen].copy() for name, array in table.columns.items() if name != "alive"}
    spend_savings(market, kept, seed)
    return kept.pop("birth_key"), kept, tried / HISTORY_WEEKS * n / there.size


def survivors(market, tried: int, seed: int) -> Table:
    """Return a table of ``tried`` arrivals spread over the years before the burn-in; those alive are in care now."""
    keys = np.arange(1, tried + 1, dtype=np.int64)
    columns = draw_people(seed, keys, market.newcomers, market.self_funder_share, market.direct_payment_share)
    table = Table(ServiceUser, tried)
    people = market.initial.people
    first = market.week - HISTORY_WEEKS
    arrived = first + keys * HISTORY_WEEKS // (tried + 1)
    rows = table.add(tried, state=su.RECEIVING, arrived=arrived, met_share=people.met_before,
                     practice=people.practice_before,
                     **columns)
    table.columns["alive"][rows] = False
    for week in range(first, market.week):
        table.columns["alive"][rows[arrived == week]] = True
        left = live_alone(market, table, week)
        table.columns["alive"][left] = False
    return table


def spend_savings(market, kept: dict[str, np.ndarray], seed: int) -> None:
    """Let self-funders have spent on care since they came; those left are the area's share of self-funders.

    Some have spent down to the capital limit and come to the council, so more self-funders arrive than the
    share of those who are there: ``market.self_funder_share`` is raised to what arrives.
    """
    wished = market.self_funder_share
    drawn, savings = means_now(market, kept, seed)
    came = np.count_nonzero(drawn["route"] == su.SELF_FUNDER)
    left = np.count_nonzero(savings > LIMIT_PENCE) / max(came, 1)
    market.self_funder_share = min(wished / max(left, 0.2), 0.95)
    drawn, savings = means_now(market, kept, seed)
    for name in ("route", "income"):
        kept[name] = drawn[name]
    kept["savings"] = savings


def means_now(market, kept: dict[str, np.ndarray], seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return what people came with, and int64[n] their savings in pence after care at today's need and price."""
    drawn = draw_people(seed, kept["birth_key"], market.newcomers, market.self_funder_share,
                        market.direct_payment_share)
    days = market.days_of_mask[kept["days"]] * np.where(kept["two_carers"], 2, 1)
    hours = kept["need"].sum(axis=1) * days / 3600.0
    price = local_fee(market.area, market.initial.prices) * market.initial.providers.private_premium
    living = round(100 * market.uncertainty.user_money.living_costs)
    week = np.maximum((hours * price).astype(np.int64) - np.maximum(drawn["income"] - living, 0), 0)
    spent = week * (market.week - kept["arrived"])
    paying = drawn["route"] == su.SELF_FUNDER
    down_to = np.minimum(drawn["savings"], LIMIT_PENCE)
    return drawn, np.where(paying, np.maximum(drawn["savings"] - spent, down_to), drawn["savings"])
