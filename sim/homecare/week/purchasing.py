"""Purchasing: who is asked, who says yes, who still waits; tenders and contracts."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.agents import service_user as su
from homecare.agents.agency import IN_HOUSE, UNRATED
from homecare.draws import Purpose, order
from homecare.numerics import count_by, places, sum_by
from homecare.packages import NOBODY
from homecare.params import Uncertainty, param
from homecare.policies.contracting import PurchasingView
from homecare.tables import NO_WEEK
from homecare.tariff import PLANNED_HOUR
from homecare.week.clauses import unsocial_premium
from homecare.week.kernels.purchase import Requests, Terms, clear
from homecare.week.nearness import metres_between, pair_luck
from homecare.week.own_service import run_own_service
from homecare.week.placing import base_rounds, homes_of, staff_of, visits_of
from homecare.week.planning import plan_waiting
from homecare.week.reabling import ask_for_reablement, with_reablement
from homecare.week.tendering import (
    begin_contracts,
    council_seconds,
    offers,
    prices,
    published_rating,
    quotes,
    read_only,
    tender,
    under_contract,
    write_terms,
)
from homecare.week.transfer import transfer
from homecare.week.worth import chances

SHORT_CALL_SECONDS = 1800
HIGH_NEED_SECONDS = 75600
"""Bounds of what outcomes call short visits and high need: half an hour, 21 hours a week."""


class OfferUncertainty(Uncertainty):
    """How offers are made."""

    theme: ClassVar[str] = "offers"
    offer_minutes: float = param(90.0, unit="minutes", low=15, high=180, source="assumption")
    """How far from the wanted time an agency still makes an offer."""
    brokerage_weeks: int = param(1, unit="weeks", low=0, high=4, source="assumption")
    """Weeks that a new plan takes to reach the brokers; none where somebody lost an agency."""
    running_share: float = param(0.35, unit="share", low=0.1, high=0.8, source="assumption")
    """Share of the hourly overhead that one more package causes."""


def buy(market) -> None:
    """Find agencies for everybody who waits to start, in order."""
    plan_waiting(market)
    awarded = tender(market)
    if awarded.any() and market.policy.contracting.transfers():
        transfer(market, awarded)
    begin_contracts(market, awarded)
    run_own_service(market)
    u, p, g = market.service_users, market.packages, market.agencies
    waiting = places(u.alive & (u.state == su.WAITING_START) & (u.block >= 0))
    known = market.week - u.state_since[waiting] >= market.uncertainty.offers.brokerage_weeks
    waiting = waiting[(u.displaced[waiting] | known) & (u.seeks_assistant[waiting] == NO_WEEK)]
    g.asked[:] = 0
    g.accepted[:] = 0
    refused = np.zeros(g.n, np.int64)
    market.tally["requests"] = waiting.size
    if waiting.size and g.n:
        luck = order(market.seed, Purpose.ORDER, market.week, u.birth_key[waiting])
        waiting = waiting[luck]
        duty = u.displaced[waiting] & market.policy.commissioner.displaced_first
        since = np.where(duty, 0, u.state_since[waiting] - market.week + 100000)
        waiting = waiting[since.argsort(kind="stable")]
        blocks = u.block[waiting].astype(np.int64)
        quoted = quotes(market)
        fee, tariffs, reaches = prices(market, quoted)
        if u.reabling[waiting].any():
            fee, tariffs, reaches = with_reablement(market, fee, tariffs, reaches)
        asked, offer, obliged = ask_for_reablement(market, waiting, fee.size - 1, *lists(market, waiting, quoted))
        self_funded = u.route[waiting] == su.SELF_FUNDER
        choice = market.uncertainty.user_choice
        weeks = market.week - u.state_since[waiting]
        tolerance = 60.0 * choice.time_tolerance * (1.0 + choice.tolerance_growth * weeks)
        requests = Requests(blocks, asked, offer, obliged, tariffs, reaches, p.assessed[blocks], chances(market, waiting),
                            tolerance.astype(np.int64), self_funded)
        terms = terms_of(market)
        taken, declined = clear(
            requests, terms, p.band, int(60 * market.uncertainty.offers.offer_minutes), p.agency, market.team,
            market.team_first, market.nobody_absent, market.familiarity, visits_of(market),
            base_rounds(market), homes_of(market), staff_of(market), market.speed, market.weights, g.asked,
            refused)
        market.tally["offers_refused_by_people"] = int(declined.sum())
        note_who_found(market, blocks, taken >= 0)
        found = places(taken >= 0)
        place = taken[found]
        start(market, waiting[found], asked[found, place], offer[found, place], fee, tariffs)
    g.turned_away[:] += (refused - g.turned_away) / market.uncertainty.agency_behaviour.refused_memory
    market.tally["asked"] = int(g.asked.sum())
    market.tally["accepted"] = int(g.accepted.sum())


def note_who_found(market, blocks: np.ndarray, found: np.ndarray) -> None:
    """Count short calls, rural homes and high need among the packages that look for an agency and those that find one."""
    p = market.packages
    carers = p.visit_carers.reshape(-1, 28).take(blocks, axis=0)
    short = np.where(p.visit_seconds.reshape(-1, 28).take(blocks, axis=0) < SHORT_CALL_SECONDS, carers, 0).sum(axis=1)
    for name, kind in (("short_call", 2 * short > carers.sum(axis=1)), ("rural", p.rural[blocks]),
                       ("high_need", p.planned[blocks] >= HIGH_NEED_SECONDS)):
        market.tally[f"{name}_requests"] = int(np.count_nonzero(kind))
        market.tally[f"{name}_starts"] = int(np.count_nonzero(kind & found))


def lists(market, waiting: np.ndarray, quoted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return whom each request is put to and on what terms, by the council's rule or the person's own choice.

    Returns
    -------
    int32[n, k], int32[n, k], bool[n, k]
        Agencies to ask in order (-1 ends a list), on which terms (a row of ``prices``), and whether obliged.
    """
    u, g = market.service_users, market.agencies
    rating = published_rating(market)
    route = np.where(u.reabling[waiting], su.COUNCIL, u.route[waiting])
    council = places(route == su.COUNCIL)
    own = places(route != su.COUNCIL)
    by_brokers, themselves = waiting[council], waiting[own]
    may_ask = g.alive & ~g.suspended
    if market.policy.market.rating_required:
        may_ask = may_ask & ((g.rating == UNRATED) | (g.rating >= 2))
    contracts, used = market.contracts, under_contract(market)
    zone = market.zone_of_area[u.small_area[by_brokers]]
    view = PurchasingView(
        agency_open=may_ask.copy(), agency_last_yes=g.last_yes.copy(), agency_rating=rating.copy(),
        agency_own=g.ownership == IN_HOUSE, agency_council_seconds=council_seconds(market),
        distance_metres=metres_between(u.x[by_brokers], u.y[by_brokers], g.x, g.y),
        luck=pair_luck(market.seed, int(Purpose.ORDER), market.week, u.birth_key[by_brokers], g.birth_key, False),
        request_zone=zone.copy(),
        request_before=u.agency_before[by_brokers],
        contract_agency=contracts.agency.copy(), contract_zone=contracts.zone.copy(),
        contract_spare_seconds=contracts.promised(market.week) - used, contract_room_seconds=contracts.most - used,
        contract_quote=quoted.copy(), habits=market.uncertainty.brokers,
    )
    read_only(view)
    by_council, terms, must = offers(market, zone, np.asarray(market.policy.contracting.who_is_asked(view), np.int32))
    found = g.rows()
    taste = pair_luck(market.seed, int(Purpose.CHOICE), 0, u.birth_key[themselves], g.birth_key[found], True)
    distance = metres_between(u.x[themselves], u.y[themselves], g.x[found], g.y[found])
    by_person = su.rank_agencies(g.price[found] / 100.0, rating[found], distance, g.alive[found], taste,
                                 market.uncertainty.user_choice, route[own] == su.SELF_FUNDER)
    by_person = np.where(by_person >= 0, found[by_person], NOBODY)
    width = max(by_council.shape[1], by_person.shape[1], 1)
    asked = np.full((waiting.size, width), NOBODY, np.int32)
    asked[council, : by_council.shape[1]] = by_council
    asked[own, : by_person.shape[1]] = by_person
    offer, obliged = np.zeros(asked.shape, np.int32), np.zeros(asked.shape, bool)
    offer[council, : terms.shape[1]] = terms
    obliged[council, : must.shape[1]] = must
    return asked, offer, obliged


def terms_of(market) -> Terms:
    """Return what each agency asks of a package, from its own decision and its own costs."""
    g, w = market.agencies, market.care_workers
    behaviour = market.uncertainty.agency_behaviour
    costs = market.uncertainty.agency_costs
    fits = np.ones(g.n)
    obliged_fits = np.full(g.n, behaviour.obliged_caution)
    surplus = np.zeros(g.n)
    for row in g.rows().tolist():
        fits[row], surplus[row] = g.agents[row].yes_terms(behaviour)
    team = market.team
    agency = w.agency[team]
    base = market.week_seconds[team]
    idle = sum_by(agency, np.maximum(w.promised[team] - base, 0), g.n).astype(np.float64)
    # Hours wanted cover leave and sickness too, and visits that are in nobody's round yet come first.
    spare = np.maximum((1.0 - market.initial.workforce.away_share()) * w.hours_wanted[team] - base, 0.0)
    room = np.maximum(sum_by(agency, spare.astype(np.int64), g.n) - g.open_seconds, 0).astype(np.float64)
    return Terms(
        fits=fits, obliged_fits=obliged_fits, surplus=surplus,
        hour_cost=g.wage * (1.0 + unsocial_premium(market)) * (1.0 + costs.on_cost_share),
        travel_paid=market.travel_paid_now(), running=np.full(g.n, 100.0 * costs.overhead_hour * market.price_level
                                                              * market.uncertainty.offers.running_share),
        price=g.price.copy(), idle=idle, room=room, lived_share=g.lived_share.copy(),
        room_share=behaviour.room_least_share,
    )


def start(market, users: np.ndarray, agencies: np.ndarray, offer: np.ndarray, fee: np.ndarray,
          tariffs: np.ndarray) -> None:
    """Begin the packages of users who found an agency, on the terms on which it was asked."""
    u, p, g = market.service_users, market.packages, market.agencies
    blocks = u.block[users]
    weeks = market.week - u.state_since[users]
    new = ~u.displaced[users] & ~u.reabling[users]
    council_paid = u.route[users] != su.SELF_FUNDER
    market.tally["starts"] = users.size
    market.tally["start_days"] = int((7 * weeks[new & council_paid]).sum())
    market.tally["new_starts"] = int(np.count_nonzero(new & council_paid))
    u.state[users] = su.RECEIVING
    u.state_since[users] = market.week
    u.agency[users] = agencies
    u.displaced[users] = False
    p.agency[blocks] = agencies
    p.started[blocks] = market.week
    p.renews[blocks] = market.week + 52
    reabled = u.reabling[users]
    write_terms(market, blocks[~reabled], offer[~reabled], fee, tariffs)
    p.fee[blocks[reabled]] = fee[-1]
    p.tariff[blocks[reabled]] = tariffs[-1]
    own, price = blocks[~council_paid], g.price[agencies[~council_paid]]
    p.fee[own] = price
    p.tariff[own] = 0
    p.tariff[own, PLANNED_HOUR] = price
    brokered = p.route[blocks] == su.COUNCIL
    g.last_yes[agencies[brokered]] = market.week
    g.accepted[:] += count_by(agencies, g.n)
