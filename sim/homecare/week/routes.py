"""Routes of funding: the shared step of passing from one to another, with what a package carries of it."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.money import worth_of_control, worth_of_fund, would_employ
from homecare.draws import Purpose
from homecare.packages import NOBODY
from homecare.tables import NO_WEEK
from homecare.tariff import PLANNED_HOUR
from homecare.week.goals import release
from homecare.week.leaving import displace
from homecare.week.placing import write_facts
from homecare.week.planning import replan


def chosen_route(market, users: np.ndarray) -> np.ndarray:
    """Return int8[n]: the route that people whom the council pays for choose."""
    rule = market.policy.routes
    taste, numbers = market.service_users.control_taste[users], market.uncertainty.user_money
    payment = worth_of_control(taste, rule.paperwork * (1.0 - rule.support_share), numbers)
    held = np.where(payment > 0.0, su.DIRECT_PAYMENT, su.COUNCIL)
    if rule.funds:
        fund = worth_of_fund(taste, numbers)
        held = np.where((fund > payment) & (fund > 0.0), su.SERVICE_FUND, held)
    return held.astype(np.int8)


def choose_again(market, users: np.ndarray) -> None:
    """Let people whom the council pays for choose their route anew, on the terms in force."""
    if users.size == 0:
        return
    u = market.service_users
    route = chosen_route(market, users)
    other = route != u.route[users]
    changing = users[other]
    market.tally["route_changes"] += changing.size
    if changing.size:
        u.route[changing] = route[other]
        moved = changing[u.block[changing] >= 0]
        p, blocks = market.packages, u.block[moved].astype(np.int64)
        p.route[blocks] = u.route[moved]
        p.contract[blocks], p.lead[blocks], p.kept[blocks] = NOBODY, NOBODY, 0
        write_facts(market, blocks)
    seek = (u.route[users] == su.DIRECT_PAYMENT) & wish_to_employ(market, users)
    u.seeks_assistant[users] = np.where(seek, np.where(u.seeks_assistant[users] > NO_WEEK, u.seeks_assistant[users],
                                                       market.week), NO_WEEK)


def wish_to_employ(market, users: np.ndarray) -> np.ndarray:
    """Return bool[n]: who would employ a personal assistant with a direct payment, where the council lets them."""
    rule = market.policy.routes
    if not rule.assistants:
        return np.zeros(users.size, bool)
    taste = draws.normals(market.seed, Purpose.MONEY, 0, market.service_users.birth_key[users], 3)
    return would_employ(taste, rule.support_share, market.uncertainty.user_money)


def change_route(market, users: np.ndarray, route: np.ndarray) -> None:
    """Let people pass to another route; their packages carry its price and its plan from now on.

    Who comes to the council is planned for by its style, at need, and paid at its tariff: an agency whose hour
    costs more gives the package up. Who leaves it pays the agency's own price.
    """
    if users.size == 0:
        return
    u, p = market.service_users, market.packages
    order = u.birth_key[users].argsort(kind="stable")
    users, route = users[order], route[order]
    u.route[users] = route
    has = u.block[users] >= 0
    users, route = users[has], route[has]
    blocks = u.block[users].astype(np.int64)
    p.route[blocks] = route
    own = route == su.SELF_FUNDER
    p.contract[blocks] = NOBODY
    p.lead[blocks] = NOBODY
    p.kept[blocks] = 0
    p.trim[blocks] = np.where(own, 0.0, market.commissioners.agents[0].trimming)
    write_facts(market, blocks)
    served = p.agency[blocks] >= 0
    pays = blocks[own & served]
    p.fee[pays] = market.agencies.price[p.agency[pays]]
    release(market, pays)
    p.tariff[pays] = 0
    p.tariff[pays, PLANNED_HOUR] = p.fee[pays]
    p.fee[blocks[~own & served]] = market.commissioners.agents[0].fee
    market.write_tariff(blocks[~own & served])
    replan(market, users[served & ~p.suspended[blocks]])
    p.assessed[blocks[~own]] = p.planned[blocks[~own]]
    leaves = ~own & served & ~worth_keeping(market, p.agency[blocks])
    displace(market, users[leaves])


def worth_keeping(market, agencies: np.ndarray) -> np.ndarray:
    """Return bool[n]: whether the council's fee pays an agency for an hour of care: wages, travel, running."""
    g, costs = market.agencies, market.uncertainty.agency_costs
    hour = g.wage * (1.0 + costs.on_cost_share) * (1.0 + g.travel_share * market.travel_paid_now())
    hour = hour + 100.0 * costs.overhead_hour * market.price_level * market.uncertainty.offers.running_share
    least = market.uncertainty.agency_behaviour.margin_floor
    fee = market.commissioners.agents[0].fee
    return (fee * (1.0 - least) >= hour)[agencies]
