"""Tenders and contracts: who bids, who is awarded, on what terms requests are asked, what ends with a holder."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.agents.agency import IN_HOUSE, UNRATED
from homecare.agents.bidding import learnt
from homecare.numerics import places, sum_by
from homecare.packages import AGENCYS_OWN, NOBODY
from homecare.policies.contracting import TenderView
from homecare.week.nearness import metres_between


def published_rating(market) -> np.ndarray:
    """Return float64[m]: ratings as people read them; unrated counts as ``oversight.unrated_as``."""
    rating = market.agencies.rating.astype(np.float64)
    return np.where(rating == UNRATED, market.uncertainty.oversight.unrated_as, rating)


def read_only(view: object) -> None:
    """Make every array of a view read-only."""
    for array in vars(view).values():
        if isinstance(array, np.ndarray):
            array.setflags(write=False)


def under_contract(market) -> np.ndarray:
    """Return int64[c]: weekly seconds of the packages that count towards each contract."""
    p = market.packages
    counted = places(p.active & (p.contract >= 0))
    return sum_by(p.contract[counted], p.planned[counted], len(market.contracts))


def council_seconds(market) -> np.ndarray:
    """Return int64[m]: weekly seconds of the packages that the council buys, by who serves them."""
    p, g = market.packages, market.agencies
    bought = places(p.active & (p.agency >= 0) & (p.route == su.COUNCIL))
    return sum_by(p.agency[bought], p.planned[bought], g.n)


def quotes(market) -> np.ndarray:
    """Return int64[c]: what each holder asks an hour this week, its contract's fee at most."""
    contracts, g = market.contracts, market.agencies
    if not market.policy.contracting.quotes_wanted():
        return contracts.fee.copy()
    costs = market.uncertainty.agency_costs
    asks = [g.agents[row].quote(fee, costs) if g.alive[row] else fee
            for row, fee in zip(contracts.agency.tolist(), contracts.fee.tolist(), strict=True)]
    return np.array(asks, np.int64)


def prices(market, quoted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the terms on which requests are asked this week: fee, tariff and the share that reaches the server.

    Row 0 is the council's fee without a contract; rows 1 to c a holder's own work at what it quotes; rows c + 1 to
    2c work that others do under a lead.

    Returns
    -------
    int64[t], int64[t, COLUMNS], float64[t]
    """
    contracts = market.contracts
    fee = np.concatenate([[market.commissioners.agents[0].fee], quoted, contracts.fee]).astype(np.int64)
    at = {market.commissioners.agents[0].fee: market.tariff}
    for one in fee.tolist():
        if one not in at:
            at[one] = market.policy.payment.tariff(one)
    tariffs = np.array([at[one] for one in fee.tolist()], np.int64)
    reaches = np.ones(fee.size)
    reaches[1 + len(contracts):] = (10000 - contracts.kept) / 10000.0
    return fee, tariffs, reaches


def offers(market, zone: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the lists of council requests with the terms on which each agency is asked.

    Who holds a contract in the zone is asked under it. Where the first of a list leads, those after it who hold
    none are asked by the lead, and the lead comes once more at the end, obliged.

    Parameters
    ----------
    zone : int32[n]; asked : int32[n, k]

    Returns
    -------
    int32[n, k + 1], int32[n, k + 1], bool[n, k + 1]
        Whom to ask, the row of :func:`prices`, and whether they are obliged.
    """
    contracts = market.contracts
    n, k = asked.shape
    whole = np.full((n, k + 1), NOBODY, np.int32)
    whole[:, :k] = asked
    offer = np.zeros((n, k + 1), np.int32)
    obliged = np.zeros((n, k + 1), bool)
    c = len(contracts)
    if c == 0 or n == 0:
        return whole, offer, obliged
    held = np.full((market.tender_weeks.size, market.agencies.n), NOBODY, np.int32)
    callable_ = places(contracts.most > under_contract(market))[::-1]
    held[contracts.zone[callable_], contracts.agency[callable_]] = callable_
    mine = np.where(asked >= 0, held[zone[:, None], np.maximum(asked, 0)], NOBODY)
    offer[:, :k] = mine + 1
    lead = np.where((mine[:, 0] >= 0) & contracts.leads[np.maximum(mine[:, 0], 0)], mine[:, 0], NOBODY)
    led = places(lead >= 0)
    by_lead = (mine[led] < 0) & (asked[led] >= 0)
    offer[led, :k] = np.where(by_lead, 1 + c + lead[led][:, None], offer[led, :k])
    whole[led, k] = contracts.agency[lead[led]]
    offer[led, k] = 1 + lead[led]
    obliged[led, k] = True
    return whole, offer, obliged


def write_terms(market, blocks: np.ndarray, offer: np.ndarray, fee: np.ndarray, tariffs: np.ndarray) -> None:
    """Write onto packages that start the terms on which they were taken (rows of :func:`prices`)."""
    p, contracts = market.packages, market.contracts
    c = len(contracts)
    p.fee[blocks] = fee[offer]
    p.tariff[blocks] = tariffs[offer]
    passed_on = offer > c
    contract = (offer - 1 - c * passed_on).astype(np.int32)
    p.contract[blocks] = contract
    under = places(passed_on)
    if under.size:
        p.lead[blocks[under]] = contracts.agency[contract[under]]
        p.kept[blocks[under]] = contracts.kept[contract[under]]


def attach(market, blocks: np.ndarray) -> None:
    """Bring running packages of holders under the contract of their agency and zone while it has room, at its fee."""
    p, contracts = market.packages, market.contracts
    if len(contracts) == 0 or blocks.size == 0:
        return
    room = contracts.most - under_contract(market)
    held = {(a, z): k for k, (a, z) in reversed(list(enumerate(
        zip(contracts.agency.tolist(), contracts.zone.tolist(), strict=True))))}
    blocks = blocks[p.key[blocks].argsort(kind="stable")]
    taken: list[int] = []
    for block in blocks.tolist():
        k = held.get((int(p.agency[block]), int(p.zone[block])), NOBODY)
        if k >= 0 and room[k] > 0 and p.contract[block] == NOBODY:
            p.contract[block] = k
            room[k] -= p.planned[block]
            taken.append(block)
    found = np.array(taken, np.int64)
    end_leads(market, found)
    market.reprice(found, contracts.fee[p.contract[found]])


def end_leads(market, blocks: np.ndarray) -> None:
    """Let the council pay packages straight to whoever serves them from now on."""
    market.packages.lead[blocks] = NOBODY
    market.packages.kept[blocks] = 0


def tender_view(market, zones: np.ndarray) -> TenderView:
    """Return what is known when the given zones are tendered, before any bid."""
    p, g, w = market.packages, market.agencies, market.care_workers
    n = market.tender_weeks.size
    bought = p.active & (p.agency >= 0) & (p.route == su.COUNCIL)
    index = p.zone[bought].astype(np.int64) * g.n + p.agency[bought]
    kept = ~np.isin(market.contracts.zone, zones)
    return TenderView(
        zones=zones.copy(), fee=market.commissioners.agents[0].fee,
        agency_open=g.alive & ~g.suspended & (g.ownership != IN_HOUSE), agency_rating=published_rating(market),
        agency_rated=g.rating != UNRATED, agency_weeks_open=market.week - g.founded,
        agency_held=sum_by(market.contracts.agency[kept], np.ones(np.count_nonzero(kept), np.int64), g.n),
        seconds_by_zone=sum_by(index, p.planned[bought], n * g.n).reshape(n, g.n),
        staff_seconds=sum_by(w.agency[market.team], w.hours_wanted[market.team], g.n),
        bids=np.zeros((n, g.n), np.int64),
    )


def ask_for_bids(market, view: TenderView) -> np.ndarray:
    """Return int64[z, m]: what each agency that clears the bars bids in each zone that is tendered, 0 for no bid."""
    g, rule = market.agencies, market.policy.contracting
    may = np.asarray(rule.may_bid(view), bool)
    highest = int(rule.highest_bid(view))
    tendered = np.zeros(view.bids.shape[0], np.int64)
    tendered[view.zones] = 1
    seconds = np.asarray(rule.seconds_on_offer(view), np.int64) * tendered
    promised = np.asarray(rule.seconds_promised(view), np.int64) * tendered
    metres = metres_between(g.x, g.y, *zone_middles(market))
    bids = np.zeros(view.bids.shape, np.int64)
    for row in places(may & g.alive).tolist():
        bids[:, row] = g.agents[row].bids(seconds, promised, view.seconds_by_zone[:, row], metres[row], view.fee,
                                          highest, market.uncertainty.bidding, market.uncertainty.agency_costs)
    return np.where(bids <= highest, bids, 0)


def zone_middles(market) -> tuple[np.ndarray, np.ndarray]:
    """Return float64[z], float64[z]: the middle of each zone, the mean place of its residents aged 65 and over."""
    area, n = market.area, market.tender_weeks.size
    people = np.maximum(area.age_65_plus.astype(np.int64), 1)
    zone = market.zone_of_area
    whole = np.maximum(sum_by(zone, people, n), 1)
    x = sum_by(zone, people * np.rint(area.easting).astype(np.int64), n) / whole
    y = sum_by(zone, people * np.rint(area.northing).astype(np.int64), n) / whole
    return x, y


def tender(market) -> np.ndarray:
    """Let contracts in the zones whose time has come, where the council buys by contract; return which are new.

    Returns
    -------
    bool[c]
    """
    zones = places((market.tender_weeks >= 0) & (market.tender_weeks <= market.week))
    if zones.size == 0:
        return np.zeros(len(market.contracts), bool)
    rule, g, buyer = market.policy.contracting, market.agencies, market.commissioners.agents[0]
    market.tender_weeks[zones] = market.week + rule.weeks_between_tenders()
    end_contracts(market, np.isin(market.contracts.zone, zones))
    view = tender_view(market, zones)
    view.bids[:] = ask_for_bids(market, view)
    read_only(view)
    awarded = rule.award(view)
    market.contracts = market.contracts.and_also(awarded)
    market.tally["tenders"] = zones.size
    market.tally["bids"] = int(np.count_nonzero(view.bids))
    if len(awarded):
        weight = market.uncertainty.bidding.learning
        seen = awarded.fee / buyer.fee
        for row in g.rows().tolist():
            g.rival_fee[row], g.rival_spread[row] = learnt(
                float(g.rival_fee[row]), float(g.rival_spread[row]), seen, weight)
    p = market.packages
    if market.contracting_for_all:
        attach(market, places(p.active & (p.agency >= 0) & (p.route == su.COUNCIL) & (p.effort == AGENCYS_OWN)))
    buyer.next_tender = int(market.tender_weeks.min())
    return np.arange(len(market.contracts)) >= len(market.contracts) - len(awarded)


def begin_contracts(market, new: np.ndarray) -> None:
    """Note of contracts that are new (bool[c]) when they began, and what their holders serve under them by then."""
    if new.any():
        market.contracts = market.contracts.begin(market.week, new, under_contract(market))


def end_contracts(market, ended: np.ndarray) -> None:
    """End the contracts of a mask; packages that counted towards them run on at what they are paid."""
    if not ended.any():
        return
    p = market.packages
    number = np.where(ended, NOBODY, np.cumsum(~ended) - 1).astype(np.int32)
    under = places(p.contract >= 0)
    p.contract[under] = number[p.contract[under]]
    market.contracts = market.contracts.only(~ended)


def lose_holders(market, rows: np.ndarray) -> None:
    """End the contracts of agencies that close; what they led is paid straight, and their zones are tendered again."""
    contracts, p = market.contracts, market.packages
    led = places(p.active & np.isin(p.lead, rows))
    end_leads(market, led)
    p.contract[led] = NOBODY
    ended = np.isin(contracts.agency, rows)
    if ended.any():
        zones = contracts.zone[ended]
        soon = market.week + market.policy.contracting.weeks_to_replace()
        market.tender_weeks[zones] = np.minimum(market.tender_weeks[zones], soon)
        market.commissioners.agents[0].next_tender = int(market.tender_weeks.min())
        end_contracts(market, ended)
