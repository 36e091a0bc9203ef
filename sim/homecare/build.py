"""Building a market: people, workers, agencies and casework of an area, before the burn-in settles them."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import agency as ag
from homecare.agents import service_user as su
from homecare.agents.care_worker import WORKING
from homecare.area import Area
from homecare.build_people import people_of_the_area
from homecare.draws import Purpose
from homecare.ledger import Account, Kind, accounts_of_agencies
from homecare.numerics import exp
from homecare.population import around, draw_workers
from homecare.prices import local_fee
from homecare.scenario import Scenario
from homecare.week.clauses import write_terms
from homecare.week.employment import FIRST_WORKER_KEY
from homecare.week.jobs import match_of, promise_hours
from homecare.week.means import means_test
from homecare.week.placing import refresh_teams

LEAST_AGENCIES = 3
ENGLAND_OWNED_OUTRIGHT = 0.326
"""Share of households in England that own outright (Census 2021, from the council table)."""


class NoMarket(ValueError):
    """An area at a scale that is too small to hold a market, or what a scenario asks of it.

    Attributes
    ----------
    key, given, allowed : str
        The scenario's key that does not fit, its value and what would fit.
    """

    def __init__(self, message: str, key: str = "scale", given: str = "", allowed: str = "") -> None:
        super().__init__(message)
        self.key, self.given, self.allowed = key, given, allowed


def check_zones(scenario: Scenario, area: Area) -> None:
    """Refuse contracting by more zones than the area has small areas, from the first week or by a change.

    Raises
    ------
    NoMarket
        If there are too many.
    """
    in_force = [scenario.policy.contracting]
    in_force += [change.policies["contracting"] for change in scenario.changes if "contracting" in change.policies]
    wanted = max(policy.zones_wanted() for policy in in_force)
    if wanted > len(area):
        raise NoMarket(
            f"{area.name} at scale {area.scale:g} has {len(area)} small areas, too few for {wanted} zones. "
            f"Take fewer zones or a larger {'scale or ' if area.scale < 1 else ''}council.",
            "policy.contracting.zones", str(wanted), f"1 to {len(area)}")


def build(market, shuffle: int = 0) -> None:
    """Fill a new market at the first week of its burn-in.

    Parameters
    ----------
    shuffle : int
        0 for rows in the order of birth keys; another number adds rows in another order (results must be
        the same, which a test checks).

    Raises
    ------
    NoMarket
        If the area at this scale would have fewer than three agencies.
    """
    area = market.area
    build_commissioner(market)
    n_users = shares_of_routes(market, area)
    check_size(market, n_users)
    build_users(market, n_users, shuffle)
    build_care_managers(market)
    build_agencies(market)
    build_workers(market, shuffle)
    market.to_plan.append(market.service_users.rows())


def mixed(keys: np.ndarray, shuffle: int) -> np.ndarray:
    """Return the keys in another order for another ``shuffle``."""
    if shuffle == 0:
        return keys
    return keys[draws.order(shuffle, Purpose.ORDER, 0, keys)]


def build_commissioner(market) -> None:
    """Make the council's buyer."""
    rows = market.commissioners.add(1, birth_key=1, fee=local_fee(market.area, market.initial.prices))
    market.commissioners.enlist(market, rows)


def shares_of_routes(market, area: Area) -> int:
    """Set the area's shares of self-funders and direct payments; return its number of homecare users."""
    demand = market.initial.demand
    tenure = area.facts.owned_outright_share / ENGLAND_OWNED_OUTRIGHT
    market.self_funder_share = min(max(demand.self_funder_share * tenure, 0.05), 0.6)
    market.direct_payment_share = min(demand.direct_payment_homecare * area.facts.direct_payment_pct / 100.0, 0.6)
    council = area.facts.community_lts_clients_mar2025 * demand.homecare_share
    return max(round(council / (1.0 - market.self_funder_share)), 1)


def check_size(market, n_users: int) -> None:
    """Refuse a market that is none."""
    agencies = expected_agencies(market, n_users)
    if agencies < LEAST_AGENCIES:
        noun = "agency" if agencies == 1 else "agencies"
        raise NoMarket(
            f"{market.area.name} at scale {market.area.scale:g} has about {n_users} homecare users, enough for "
            f"{agencies} {noun}; a market needs at least {LEAST_AGENCIES}. "
            f"Take a larger {'scale or ' if market.area.scale < 1 else ''}council.",
            allowed=f"a part or council with at least {LEAST_AGENCIES} agencies",
        )


def expected_agencies(market, n_users: int) -> int:
    """Return how many agencies the users of an area keep."""
    providers = market.initial.providers
    return round(n_users * providers.hours_per_user / providers.hours_per_agency)


def build_users(market, n: int, shuffle: int) -> None:
    """Place the people who need care when the burn-in begins; all of them look for an agency at once."""
    keys, columns, market.arrivals_a_week = people_of_the_area(market, n, market.seed)
    order = np.searchsorted(keys, mixed(keys, shuffle))
    u = market.service_users
    columns = {name: array[order] for name, array in columns.items()}
    columns |= {"state": su.WAITING_START, "state_since": market.week, "from_hospital": False}
    rows = u.add(n, birth_key=keys[order], **columns)
    means_test(market, rows)
    since = draws.uniforms(market.seed, Purpose.PERSON_TRAITS, 0, u.birth_key[rows], 40)
    weeks = market.policy.care_management.review_weeks
    u.last_review[rows] = market.week - (since * weeks).astype(np.int64)
    u.enlist(market, rows)


def build_care_managers(market) -> None:
    """Make the council's care managers."""
    u = market.service_users
    council = int(np.count_nonzero(u.route != su.SELF_FUNDER))
    n = max(round(council / market.initial.social_work.users_per_care_manager), 1)
    rows = market.care_managers.add(n, birth_key=np.arange(1, n + 1))
    market.care_managers.enlist(market, rows)


def build_agencies(market) -> None:
    """Make the agencies, many small and few large, placed by population."""
    n = max(expected_agencies(market, len(market.service_users)), LEAST_AGENCIES)
    keys = np.arange(1, n + 1, dtype=np.int64)
    rows = add_agencies(market, keys)
    g, providers = market.agencies, market.initial.providers
    g.size_aim[rows] = lognormal(providers.size_spread * draws.normals(market.seed, Purpose.AGENCY_TRAITS, 0, keys, 3))
    g.size_aim[rows] = np.minimum(g.size_aim[rows], providers.size_most)
    in_house = market.area.facts.hc_inhouse_share_spend65_2223
    if in_house > providers.in_house_from:
        g.ownership[rows[0]] = ag.IN_HOUSE
        g.size_aim[rows[0]] = min(in_house, providers.in_house_most) * float(g.size_aim[rows].sum())
        g.wage[rows[0]] = g.wage[rows[0]] * round(100 * providers.in_house_wage) // 100
        g.travel_paid[rows[0]] = 1.0
    def u(k: int) -> np.ndarray:
        return draws.uniforms(market.seed, Purpose.AGENCY_TRAITS, 0, keys, k)
    score = u(6)
    poor = providers.inadequate_share + providers.improvement_share
    rated = np.where(score < providers.inadequate_share, 0,
                     np.where(score < poor, 1, np.where(score < poor + providers.good_share, 2, 3)))
    g.rating[rows] = np.where(u(7) < providers.unrated_share, ag.UNRATED, rated)
    g.promise_share[rows] = 1.0 - providers.zero_hours_share
    market.agencies_at_start = n


def lognormal(z: np.ndarray) -> np.ndarray:
    """Return float64: e to the power of each value, by the kernels' own function."""
    return np.array([exp(float(value)) for value in z])


def add_agencies(market, keys: np.ndarray) -> np.ndarray:
    """Add agencies by birth key with everything but money, size and rating; return their rows."""
    area, providers, prices = market.area, market.initial.providers, market.initial.prices
    g = market.agencies

    def u(k: int) -> np.ndarray:
        return draws.uniforms(market.seed, Purpose.AGENCY_TRAITS, 0, keys, k)

    def place(k: int) -> np.ndarray:
        return draws.uniforms(market.seed, Purpose.AGENCY_PLACE, 0, keys, k)

    _, x, y = area.place_people(area.population_weights(), place(0), place(1), place(2))
    for_profit = u(0) < providers.for_profit_share
    chain = u(1) < providers.chain_share
    ownership = np.where(for_profit, np.where(chain, ag.CHAIN, ag.SINGLE), ag.NOT_FOR_PROFIT)
    pays_travel = u(2) < providers.travel_paid_share
    above = market.initial.workforce.wage_above_floor + prices.wage_spread * draws.normals(
        market.seed, Purpose.AGENCY_TRAITS, 0, keys, 4)
    above = above + np.where(pays_travel, 0.0, prices.contact_rate_premium)
    wage = market.floor + np.maximum(np.floor(100.0 * above + 0.5), 0.0).astype(np.int64)
    fee = market.commissioners.agents[0].fee
    price = fee * providers.private_premium * around(u(5), providers.price_spread)
    return_rows = g.add(
        keys.size, birth_key=keys, ownership=ownership.astype(np.int8), x=x, y=y, wage=wage,
        travel_paid=pays_travel.astype(np.float64), price=np.floor(price).astype(np.int64),
        effort=market.uncertainty.agency_behaviour.independence_effort, founded=market.week - 1000,
    )
    g.enlist(market, return_rows)
    return return_rows


def build_workers(market, shuffle: int) -> None:
    """Make the workforce that the area's care takes, and give everybody a job near by."""
    u, w, g = market.service_users, market.care_workers, market.agencies
    workforce = market.initial.workforce
    daily = u.need[u.rows()].sum(axis=1)
    days = market.days_of_mask[u.days[u.rows()]]
    contact = int((daily * days * np.where(u.two_carers[u.rows()], 2, 1)).astype(np.int64).sum())
    away = workforce.away_share()
    mean_hours = (workforce.full_time_share * workforce.full_time_hours
                  + (1.0 - workforce.full_time_share) * workforce.part_time_hours) * 3600.0
    road = 1.0 + workforce.road_at_start
    n = max(round(workforce.staffing_at_start * contact * road / (mean_hours * (1.0 - away))), g.n)
    keys = mixed(FIRST_WORKER_KEY + np.arange(1, n + 1, dtype=np.int64), shuffle)
    columns = draw_workers(market.seed, keys, market.area, workforce, market.uncertainty.worker_choice,
                           market.uncertainty.places, False, market.floor_pounds)
    rows = w.add(n, state=WORKING, starts=market.week, mileage=round(100 * market.uncertainty.agency_costs.mileage),
                 **columns)
    w.enlist(market, rows)
    near_km = market.initial.providers.near_km
    dx = w.x[rows][:, None] - g.x[None, :]
    dy = w.y[rows][:, None] - g.y[None, :]
    near = 1.0 + (dx * dx + dy * dy) / (1e6 * near_km * near_km)
    pull = g.size_aim[None, :] / (near * near)
    reached = np.cumsum(pull, axis=1)
    luck = draws.uniforms(market.seed, Purpose.WORKER_TRAITS, 0, keys, 30) * reached[:, -1]
    agency = np.minimum((reached < luck[:, None]).sum(axis=1), g.n - 1)
    w.agency[rows] = agency
    tenure = draws.uniforms(market.seed, Purpose.WORKER_TRAITS, 0, keys, 31)
    w.hired[rows] = market.week - (tenure * tenure * workforce.tenure_longest).astype(np.int64)
    w.wage[rows] = np.maximum(g.wage[agency], market.floor)
    write_terms(market, rows)
    w.effective_wage[rows] = g.wage[agency] / 100.0 * np.where(
        g.travel_paid[agency] > 0, workforce.effective_with, workforce.effective_without)
    w.match[rows] = match_of(market, rows, agency)
    market.workforce_at_start = n
    refresh_teams(market)
    promise_hours(market)
    fee = market.commissioners.agents[0].fee
    weekly = np.bincount(agency, minlength=g.n) * mean_hours / 3600.0 * fee
    cash = (market.initial.providers.starting_cash_weeks * weekly).astype(np.int64)
    market.ledger.post(Kind.OPENING, Account.WORLD, accounts_of_agencies(g.n), cash)
    g.cash[:] = cash
