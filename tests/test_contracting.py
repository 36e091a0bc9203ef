"""Contracting: bids, awards, lists, leads and the council's own service, by hand and in a small market."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize, stats

from homecare.agents import service_user as su
from homecare.agents.agency import IN_HOUSE, Agency
from homecare.agents.agency_numbers import AgencyCosts
from homecare.agents.bidding import Bidding, best_bid, learnt, zones_within_reach
from homecare.ledger import Account, Kind
from homecare.lived_columns import USER_COLUMNS
from homecare.market import Market
from homecare.policies import SHOCKS, THEMES
from homecare.policies.contracting_views import NOBODY, UNLIMITED, Award, PurchasingView, TenderView
from homecare.receivables import Receivables
from homecare.scenario import load
from homecare.week import oversight
from homecare.week.subcontracting import pass_on, pay_others
from homecare.week.tendering import lose_holders, offers, prices, quotes
from homecare.week.transfer import transfer
from homecare.week.volume import to_be_filled, void_hours

KINDS = THEMES["contracting"]

# ---- bids -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cost", [1900.0, 2200.0, 2500.0, 2900.0])
def test_a_bid_is_near_the_largest_expected_profit(cost: float) -> None:
    """The grid of chances against a search over all fees."""
    belief, spread = 2400.0, 120.0

    def loss(bid: float) -> float:
        return -(bid - cost) * stats.norm.sf((bid - belief) / spread)

    best = optimize.minimize_scalar(loss, bounds=(min(cost, 2000.0), 3300.0), method="bounded")
    bid, margin = best_bid(cost, belief, spread, 10000)
    assert -loss(bid) >= 0.97 * -best.fun or cost > 2800.0
    assert margin == pytest.approx((bid - cost) / bid)


def test_a_bid_rises_with_cost_and_with_what_is_believed_and_never_beyond_the_highest() -> None:
    bids = [best_bid(cost, 2400.0, 120.0, 10000)[0] for cost in (1800.0, 2000.0, 2200.0, 2400.0)]
    assert bids == sorted(bids) and bids[0] < bids[-1]
    assert best_bid(2200.0, 2600.0, 120.0, 10000)[0] > best_bid(2200.0, 2400.0, 120.0, 10000)[0]
    assert best_bid(2200.0, 2400.0, 120.0, 2250)[0] == 2250
    bid, margin = best_bid(2500.0, 2400.0, 120.0, 2300)
    assert bid == 2300 and margin < 0.0


def test_what_is_learnt_from_an_award_by_hand() -> None:
    """Fees of 0.9 and 1.1 of the council's: mean 1.0, spread 0.1; half of the way there from 1.2 and 0."""
    assert learnt(1.2, 0.0, np.array([0.9, 1.1]), 0.5) == pytest.approx((1.1, 0.05))
    assert learnt(1.2, 0.02, np.array([0.9, 1.1]), 0.0) == (1.2, 0.02)


def test_an_agency_bids_where_it_works_most_then_nearest_within_its_reach() -> None:
    seconds, served = np.array([100, 100, 300, 0, 100]), np.array([0, 50, 10, 90, 0])
    metres = np.array([9.0, 1.0, 1.0, 1.0, 2.0])
    # In the order 3 (nothing on offer), 1, 2 (too large for the 150 left), 4, and nothing left for 0.
    assert zones_within_reach(seconds, served, metres, 250.0).tolist() == [False, True, False, False, True]


def bidder(**state: float) -> Agency:
    """Return an agency with 100 hours of work a week, whose hour cost 2,000 pence besides fixed costs."""
    usual = {"wage": 1250, "travel_paid": 1.0, "travel_share": 0.2, "cost_hour": 2000.0, "hours_mean": 360000.0,
             "staff_seconds": 500000, "planned_seconds": 300000, "rival_fee": 1.0, "rival_spread": 0.0,
             "guarantee_paid": 0, "free_seconds": 0, "model": SimpleNamespace(week=13)}
    it = SimpleNamespace(**{**usual, **state})
    for name in ("hour_cost_expected", "idle_hour_cost", "bids", "quote"):
        setattr(it, name, getattr(Agency, name).__get__(it))
    return it


def test_cost_of_an_hour_spreads_what_is_fixed() -> None:
    costs = AgencyCosts(overhead_week=220.0)
    assert bidder().hour_cost_expected(0.0, costs) == pytest.approx(2000.0 + 220.0)
    assert bidder().hour_cost_expected(360000.0, costs) == pytest.approx(2000.0 + 110.0)
    no_books = bidder(cost_hour=0.0).hour_cost_expected(0.0, costs)
    assert no_books == pytest.approx(1250 * 1.24 * 1.2 + 270.0 + 220.0)


def test_an_agency_declines_where_the_margin_is_not_worth_it_and_bids_lower_where_hours_are_promised() -> None:
    one, none, near = np.array([360000]), np.array([0]), np.array([1000.0])
    costs, bidding = AgencyCosts(), Bidding()
    usual = bidder().bids(one, none, none, near, 2400, 2640, bidding, costs)
    assert 2110 < usual[0] <= 2640
    dear = bidder(cost_hour=2700.0)
    assert dear.bids(one, none, none, near, 2400, 2640, bidding, costs)[0] == 0
    idle = bidder(guarantee_paid=13 * 100 * 100)  # a pound an hour of idle pay in the last quarter
    assert idle.bids(one, one, none, near, 2400, 2640, bidding, costs)[0] < usual[0]
    assert idle.bids(one, none, none, near, 2400, 2640, bidding, costs)[0] == usual[0]
    assert bidder(staff_seconds=1000).bids(one, none, none, near, 2400, 2640, bidding, costs)[0] == 0


def test_a_quote_falls_from_the_fee_towards_cost_with_free_time() -> None:
    costs = AgencyCosts(overhead_week=220.0)
    assert bidder().quote(2600, costs) == 2600
    # 100,000 s could still be given besides 300,000: a quarter is free, of a margin of 380 pence.
    half = bidder(free_seconds=100000)
    assert half.quote(2600, costs) == 2600 - int(0.25 * 380.0)
    assert half.quote(2100, costs) == 2100, "nobody quotes more than the fee, whatever the cost"


# ---- awards -----------------------------------------------------------------------------------------------


def tender_of(bids: list[list[int]], rating: list[float], **changed) -> TenderView:
    """Return a view of a tender of all zones with bids by zone and agency."""
    made = np.array(bids, np.int64)
    n = made.shape[1]
    usual = dict(
        zones=np.arange(made.shape[0]), fee=2400, agency_open=np.ones(n, bool), agency_rating=np.array(rating),
        agency_rated=np.ones(n, bool), agency_weeks_open=np.full(n, 100), agency_held=np.zeros(n, np.int64),
        seconds_by_zone=np.full(made.shape, 90000), staff_seconds=np.full(n, 90000), bids=made,
    )
    return TenderView(**{**usual, **changed})


def test_an_award_weighs_price_and_quality_by_hand() -> None:
    """At 0.6 for price: 0.6 + 0.4/3 = .733, 0.5 + 0.8/3 = .767, 0.55 + 0.4 = .95; no bid, no award."""
    view = tender_of([[2000, 2400, 2182, 0]], [1.0, 2.0, 3.0, 3.0])
    award = KINDS["framework"](providers_per_zone=3, price_weight=0.6).award(view)
    assert award.agency.tolist() == [2, 1, 0] and award.fee.tolist() == [2182, 2400, 2000]
    assert award.seconds.tolist() == [0, 0, 0] and award.most.tolist() == [UNLIMITED] * 3 and not award.leads.any()
    on_price = KINDS["framework"](providers_per_zone=1, price_weight=1.0).award(view)
    assert on_price.agency.tolist() == [0]


def test_one_agency_wins_no_more_zones_than_it_may_hold() -> None:
    view = tender_of([[2000, 2100]] * 3, [2.0, 2.0], agency_held=np.array([1, 0]))
    award = KINDS["lead_provider"](zones_per_provider=2, management_share=0.1).award(view)
    assert list(zip(award.zone.tolist(), award.agency.tolist(), strict=True)) == [(0, 0), (1, 1), (2, 1)]
    assert award.leads.all() and award.kept.tolist() == [1000] * 3


def test_block_shares_the_volume_among_those_who_won() -> None:
    view = tender_of([[2000, 0, 2100], [0, 2300, 0]], [2.0, 2.0, 2.0])
    award = KINDS["block"](providers_per_zone=2, volume_share=0.5).award(view)
    assert award.zone.tolist() == [0, 0, 1]
    assert award.seconds.tolist() == [67500, 67500, 135000] == award.most.tolist()


def test_a_promise_grows_from_what_was_served_to_the_whole() -> None:
    """40 hours served of 100 promised, over 10 weeks from week 20: 6 more each week. Without build-up: all at once."""
    award = Award.of([0, 1], [0, 0], [2400, 2400], [100, 100], build_up=10).begin(20, np.array([True, False]),
                                                                                   np.array([40, 40]))
    assert [award.promised(week)[0] for week in (20, 21, 25, 30, 90)] == [40, 46, 70, 100, 100]
    assert Award.of([0], [0], [2400], [100]).promised(0).tolist() == [100]


def test_unused_hours_are_paid_as_far_as_they_are_staffed(hamlet: Market) -> None:
    """Promises of 100 and 80 hours to agency 0 with 120 free, and 50 to agency 1 that need no staff; none is used."""
    hamlet.contracts = Award.of([0, 0, 1], [0, 1, 0], [2400, 2000, 2000], [360000, 288000, 180000])
    hamlet.contracts = replace(hamlet.contracts, staffed_only=np.array([True, True, False]))
    hamlet.agencies.free_seconds[:2] = [432000, 0]
    none = np.zeros(0, np.int64)
    pence = void_hours(hamlet, none, np.zeros((0, USER_COLUMNS), np.int64))
    assert pence[:2].tolist() == [100 * 2400 + 20 * 2000, 50 * 2000]
    assert hamlet.tally["void_seconds"] == (100 + 20 + 50) * 3600
    assert to_be_filled(hamlet)[:2].tolist() == [180 * 3600, 0], "posts are opened for what must be staffed"


def test_bars_to_a_tender() -> None:
    view = tender_of([[0, 0, 0, 0]], [1.0, 2.0, 1.7, 3.0], agency_rated=np.array([True, True, False, True]),
                     agency_weeks_open=np.array([99, 99, 99, 5]))
    assert KINDS["framework"]().may_bid(view).tolist() == [True] * 4
    assert KINDS["framework"](good_required=True).may_bid(view).tolist() == [False, True, True, True]
    strict = KINDS["framework"](good_required=True, unrated_may_bid=False, least_weeks_open=26)
    assert strict.may_bid(view).tolist() == [False, True, False, False]


# ---- who is asked -----------------------------------------------------------------------------------------


def asking(n: int = 2, m: int = 4, **changed) -> PurchasingView:
    """Return a view of ``n`` requests, the second in zone 1, with agencies 1 km, 2 km and so on away."""
    usual = dict(
        agency_open=np.ones(m, bool), agency_last_yes=np.zeros(m, np.int64), agency_rating=np.full(m, 2.0),
        agency_own=np.zeros(m, bool), agency_council_seconds=np.full(m, 100),
        distance_metres=np.tile(1000.0 * np.arange(1, m + 1), (n, 1)), luck=np.full((n, m), 0.5),
        request_zone=np.arange(n, dtype=np.int32), request_before=np.full(n, -1, np.int32),
        contract_agency=np.array([3, 2, 1], np.int32), contract_zone=np.array([0, 0, 1], np.int32),
        contract_spare_seconds=np.array([10, 20, 0]), contract_room_seconds=np.array([10, 20, 30]),
        contract_quote=np.array([2400, 2300, 2400]),
    )
    return PurchasingView(**{**usual, **changed})


def test_a_framework_asks_those_admitted_in_rank_then_the_open_list() -> None:
    assert KINDS["framework"]().who_is_asked(asking())[:, :4].tolist() == [[3, 2, 0, 1], [1, 0, 2, 3]]
    closed = KINDS["framework"](open_list=False, calls_per_request=3).who_is_asked(asking())
    assert closed.tolist() == [[3, 2, NOBODY], [1, NOBODY, NOBODY]]
    full = asking(contract_room_seconds=np.array([0, 20, 30]))
    assert KINDS["framework"]().who_is_asked(full)[0, :4].tolist() == [2, 0, 1, 3]


def test_a_mini_competition_asks_the_best_quote_of_the_week() -> None:
    asked = KINDS["framework"](call_off="mini_competition").who_is_asked(asking())
    assert asked[0, :2].tolist() == [2, 3]


def test_block_asks_the_holder_with_most_unused_hours_first() -> None:
    assert KINDS["block"]().who_is_asked(asking())[0, :4].tolist() == [2, 3, 0, 1]


def test_the_own_service_is_asked_first_until_it_has_its_share() -> None:
    own = np.array([False, False, True, False])
    rule = KINDS["in_house"](share=0.3)
    assert rule.who_is_asked(asking(agency_own=own))[0, :4].tolist() == [2, 0, 1, 3]
    has_it = asking(agency_own=own, agency_council_seconds=np.array([100, 100, 100, 0]))
    assert rule.who_is_asked(has_it)[0, :4].tolist() == [0, 1, 3, NOBODY]


def test_the_own_service_opens_its_posts_over_the_weeks_of_building_up() -> None:
    rule = KINDS["in_house"](share=0.5, build_up_weeks=20)
    assert [rule.own_seconds(4000, week) for week in (0, 9, 19, 500)] == [100, 1000, 2000, 2000]


# ---- in a small market ------------------------------------------------------------------------------------


def contracted(market: Market) -> None:
    """Give the market two zones: agency 0 leads in zone 0 at 2,500 pence, keeping a tenth; zone 1 has nobody."""
    market.set_zones(2)
    market.tender_weeks = np.full(2, 500)
    market.contracts = Award.of([0], [0], [2500], leads=True, kept=1000)


def test_terms_of_a_lead_by_hand(hamlet: Market) -> None:
    contracted(hamlet)
    whole, offer, obliged = offers(hamlet, np.array([0, 1]), np.array([[0, 2, NOBODY], [2, 0, NOBODY]], np.int32))
    assert whole.tolist() == [[0, 2, NOBODY, 0], [2, 0, NOBODY, NOBODY]]
    assert offer.tolist() == [[1, 2, 0, 1], [0, 0, 0, 0]], "own contract, under the lead, then obliged"
    assert obliged.tolist() == [[False, False, False, True], [False] * 4]
    fee, tariffs, reaches = prices(hamlet, quotes(hamlet))
    council = hamlet.commissioners.agents[0].fee
    assert fee.tolist() == [council, 2500, 2500] and reaches.tolist() == [1.0, 1.0, 0.9]
    assert tariffs[:, 0].tolist() == fee.tolist()


def test_a_lead_keeps_its_share_of_each_line_and_pays_the_rest_when_it_is_paid(hamlet: Market) -> None:
    """Lines of 1,005, 2,000 and 31 pence, the last without a lead; a tenth of the first two stays with agency 3."""
    p, n = hamlet.packages, hamlet.agencies.n
    blocks = np.flatnonzero(p.active & (p.agency >= 0) & (p.agency != 3))[:3]
    p.lead[blocks[:2]], p.kept[blocks[:2]] = 3, 1000
    hamlet.receivables = Receivables(n)
    before = hamlet.receivables.total(n)
    moved = pass_on(hamlet, blocks, np.array([1005, 2000, 31]), 4)
    assert moved.sum() == 0 and moved[3] == 101 + 200
    owed = hamlet.receivables.total(n) - before
    assert owed[3] == 301 and owed.sum() == 0
    hamlet.ledger.open_week()
    pay_others(hamlet, hamlet.receivables.due_to_others(hamlet.week + 4))
    entries = hamlet.ledger.week_entries()
    assert set(entries[:, 0]) == {int(Kind.SUBCONTRACTS)} and entries[:, 3].sum() == 3005 - 301
    assert set(entries[:, 1]) == {Account.FIRST_AGENCY + 3}
    assert entries[:, 2].tolist() == sorted(entries[:, 2].tolist())


def test_contracts_end_with_their_holder_and_the_zone_is_tendered_again(hamlet: Market) -> None:
    hamlet.policy.put(KINDS["lead_provider"](replace_weeks=30))
    contracted(hamlet)
    hamlet.contracts = hamlet.contracts.and_also(Award.of([1], [1], [2400]))
    p = hamlet.packages
    blocks = np.flatnonzero(p.active & (p.agency >= 2))[:2]
    p.contract[blocks] = [0, 1]
    p.lead[blocks[0]], p.kept[blocks[0]] = 0, 1000
    lose_holders(hamlet, np.array([0]))
    assert hamlet.contracts.agency.tolist() == [1] and p.contract[blocks].tolist() == [NOBODY, 0]
    assert p.lead[blocks[0]] == NOBODY and p.kept[blocks[0]] == 0
    assert hamlet.tender_weeks.tolist() == [hamlet.week + 30, 500]


def test_what_runs_in_a_zone_moves_with_the_staff_who_mostly_serve_it(hamlet: Market) -> None:
    """One zone, won by agency 0 with room for all: every package of the others moves, and so do their workers."""
    hamlet.set_zones(1)
    hamlet.tender_weeks = np.full(1, 500)
    hamlet.contracts = Award.of([0], [0], [2500])
    p, u, w = hamlet.packages, hamlet.service_users, hamlet.care_workers
    council = p.active & (p.agency >= 0) & (p.route == su.COUNCIL) & ~p.suspended & (p.notice < 0)
    moving = np.flatnonzero(council & (p.agency != 0))
    private = np.flatnonzero(p.active & (p.agency > 0) & (p.route != su.COUNCIL))
    assert moving.size and private.size
    before = {name: getattr(w, name).copy() for name in ("agency", "wage", "promised", "hired", "travel_paid")}
    seconds = np.zeros((2, w.n), np.int64)
    for attendance in np.flatnonzero(p.base_worker >= 0).tolist():
        mine = int(attendance // 56 in set(moving.tolist()))
        seconds[mine, p.base_worker[attendance]] += p.visit_seconds[attendance // 2]
    transfer(hamlet, np.array([True]))
    assert np.all(p.agency[moving] == 0) and np.all(u.agency[p.user[moving]] == 0)
    assert np.all(p.contract[moving] == 0) and np.all(p.fee[moving] == 2500)
    assert np.all(p.agency[private] > 0), "what people bought themselves stays where it is"
    went = np.flatnonzero(w.agency != before["agency"])
    assert went.tolist() == np.flatnonzero((seconds[1] > seconds[0]) & (before["agency"] > 0)).tolist() and went.size
    for name in ("wage", "promised", "hired", "travel_paid"):
        assert np.array_equal(getattr(w, name), before[name]), name
    hamlet.step()


def test_nothing_moves_where_the_winner_has_no_room(hamlet: Market) -> None:
    hamlet.set_zones(1)
    hamlet.contracts = Award.of([0], [0], [2500], most=0)
    before = hamlet.packages.agency.copy()
    transfer(hamlet, np.array([True]))
    assert np.array_equal(hamlet.packages.agency, before)


def test_prices_rise_in_proportion_and_packages_keep_what_they_are_paid_for(hamlet: Market) -> None:
    p = hamlet.packages
    blocks = np.flatnonzero(p.active & (p.agency >= 0) & (p.route == su.COUNCIL))[:2]
    fee = hamlet.commissioners.agents[0].fee
    hamlet.reprice(blocks, np.array([fee, 2000]))
    assert p.fee[blocks].tolist() == [fee, 2000] and p.tariff[blocks, 0].tolist() == [fee, 2000]
    hamlet.contracts = Award.of([0], [0], [2000])
    hamlet.change_fee(fee * 2)
    assert p.fee[blocks].tolist() == [2 * fee, 4000] == p.tariff[blocks, 0].tolist()
    assert hamlet.contracts.fee.tolist() == [4000]


@pytest.mark.parametrize("kind", ["framework", "block", "lead_provider"])
def test_packages_of_holders_are_paid_what_was_bid(kind: str) -> None:
    market = Market(load("hamlet", (f"policy.contracting.kind={kind}", "policy.contracting.zones=1",
                                    "uncertainty.bidding.bid_reach=10"), weeks=8), cached=False, burn_in=13)
    market.run()
    p, contracts = market.packages, market.contracts
    assert len(contracts) > 0
    under = np.flatnonzero(p.active & (p.agency >= 0) & (p.contract >= 0))
    assert under.size > 0
    led = p.lead[under] >= 0
    assert np.array_equal(p.fee[under], contracts.fee[p.contract[under]])
    assert np.array_equal(np.where(led, p.lead[under], p.agency[under]), contracts.agency[p.contract[under]])
    assert np.array_equal(p.tariff[under, 0], p.fee[under])
    if kind == "lead_provider":
        started = np.flatnonzero(p.active & (p.agency >= 0) & (p.route == su.COUNCIL) & (p.started >= 1))
        assert started.size and np.all(p.contract[started] >= 0), "a start in a led zone is under no lead"
    market.close()


def test_a_branch_is_founded_for_the_council_and_stays_its_own() -> None:
    scenario = load("hamlet", ("policy.contracting.kind=in_house", "policy.contracting.share=0.5"), weeks=30)
    market = Market(scenario, cached=False, burn_in=13)
    g = market.agencies
    g.ownership[:] = 0
    had = g.n
    market.run(30)
    own = np.flatnonzero(g.alive & (g.ownership == IN_HOUSE))
    assert own.tolist() == [had], "exactly one branch is founded"
    assert g.wage[own[0]] >= round(1.25 * market.floor) and g.travel_paid[own[0]] == 1.0
    assert g.staff_aim[own[0]] > 0 and g.promise_share[own[0]] >= 0.8
    w = market.care_workers
    assert np.count_nonzero(w.alive & (w.agency == own[0])) > 0, "nobody wants to work there"
    market.close()


def test_the_agency_of_the_rank_fails_and_no_other(hamlet: Market) -> None:
    p, g = hamlet.packages, hamlet.agencies
    g.ownership[:] = 0
    hours = np.bincount(p.agency[p.agency >= 0], weights=p.planned[p.agency >= 0], minlength=g.n)
    by_size = np.lexsort((g.birth_key[: g.n], -hours))
    calm = hamlet.conditions
    hamlet.conditions = SHOCKS["agency_failure"](week=3, rank=2).change(calm)
    assert oversight.failing_agencies(hamlet) == [by_size[1]]
    hamlet.conditions = SHOCKS["agency_failure"](week=3, rank=50).change(calm)
    assert oversight.failing_agencies(hamlet) == []
    g.ownership[by_size[0]] = IN_HOUSE
    hamlet.conditions = SHOCKS["agency_failure"](week=3, rank=1).change(calm)
    assert oversight.failing_agencies(hamlet) == [by_size[1]]


def test_people_of_a_failed_agency_are_displaced_in_that_week() -> None:
    calm = load("hamlet", weeks=6)
    struck = replace(calm, shocks=(SHOCKS["agency_failure"](week=3),))
    market = Market(struck, cached=False, burn_in=13)
    weekly = market.run()
    assert weekly["closures"].tolist()[3] >= 1 and weekly["people_displaced"].tolist()[3] > 0
    market.close()
