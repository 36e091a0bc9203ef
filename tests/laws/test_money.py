"""Laws of money: every penny comes from somebody; every invoice is the tariff applied to what happened."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from checks import MADE
from hypothesis import given
from worlds import HAMLET, few, live, scenarios

from homecare import draws
from homecare.agents.service_user import SELF_FUNDER
from homecare.ledger import Account, Kind
from homecare.market import Market
from homecare.policies import THEMES
from homecare.scenario import Change, Scenario
from homecare.tables import NO_WEEK
from homecare.tariff import AT_RISK, PROMISED_HOUR, Tariff
from homecare.week import goals, invoicing
from homecare.week.kernels.layout import NOT_DUE

pytestmark = pytest.mark.laws

FIRST = int(Account.FIRST_AGENCY)


def invoice_of(market: Market, block: int) -> int:
    """Pence of a package's week, from the attendances, in plain Python."""
    visits, lived, p = market.overlay.visits, market.lived, market.packages
    paid = Tariff(*p.tariff[block].tolist())
    planned = actual = in_bands = n = short = 0
    for attendance in range(56 * block, 56 * block + 56):
        if lived.ending[attendance] in MADE:
            agreed, stayed = int(visits.seconds[attendance // 2]), int(lived.seconds[attendance])
            planned += agreed
            actual += stayed
            if paid.band_seconds:
                bands = -(-(stayed - paid.grace_seconds) // paid.band_seconds)
                in_bands += min(max(bands, 0) * paid.band_seconds, agreed)
            short += agreed < paid.short_seconds
            n += 1
    need, band = int(p.assessed[block]), paid.assessed_band_seconds
    need = 0 if p.suspended[block] else need // band * band + band // 2 if band else need
    hours = (paid.planned_hour * planned + paid.actual_hour * actual + paid.banded_hour * in_bands
             + paid.promised_hour * int(p.planned[block]) + paid.assessed_hour * need)
    by_visit = n * (paid.visit + paid.rural_visit * bool(p.rural[block])) + short * paid.short_visit
    return (hours + 1800) // 3600 + by_visit + (paid.user_week if n else 0)


def void_of(market: Market) -> dict[int, int]:
    """Pence for hours promised and not called on, by agency; a missed visit was called on."""
    visits = market.overlay.visits
    p, contracts, g = market.packages, market.contracts, market.agencies
    used = dict.fromkeys(range(len(contracts)), 0)
    for block in np.flatnonzero(p.active & (p.agency >= 0) & (p.contract >= 0)).tolist():
        if p.tariff[block, PROMISED_HOUR]:
            used[int(p.contract[block])] += int(p.planned[block])
            continue
        for attendance in range(56 * block, 56 * block + 56):
            if market.lived.ending[attendance] != NOT_DUE:
                used[int(p.contract[block])] += int(visits.seconds[attendance // 2])
    void: dict[int, int] = {}
    free = {row: int(g.free_seconds[row]) for row in range(g.n)}
    for contract, seconds in used.items():
        agency, whole = int(contracts.agency[contract]), int(contracts.seconds[contract])
        begun, weeks = int(contracts.begun[contract]), int(contracts.build_up[contract])
        gone = market.week - int(contracts.since[contract])
        promised = begun + (whole - begun) * gone // weeks if gone < weeks else whole
        unused = max(promised - seconds, 0) if g.alive[agency] else 0
        if contracts.staffed_only[contract]:
            unused = min(unused, free[agency])
            free[agency] -= unused
        void[agency] = void.get(agency, 0) + (unused * int(contracts.fee[contract]) + 1800) // 3600
    return void


def assisted_cost(market: Market, block: int) -> int:
    """Pence of a week of somebody's own assistants, as far as the direct payment goes; in plain Python."""
    w, labour = market.care_workers, market.uncertainty.assistants
    spent = 0
    for seat, worker in enumerate(market.overlay.rows.tolist()):
        if w.employer[worker] == market.packages.user[block]:
            made = np.flatnonzero((market.overlay.rounds.worker == seat) & np.isin(market.lived.ending, MADE))
            seconds = sum(int(market.overlay.visits.seconds[attendance // 2]) for attendance in made.tolist())
            spent += (int(w.wage[worker]) * seconds + 1800) // 3600
    cost = spent + (spent * round(10000 * labour.on_costs) + 5000) // 10000 + round(100 * labour.payroll)
    fee = market.commissioners.agents[0].fee
    budget = 0 if market.packages.suspended[block] else (int(market.packages.planned[block]) * fee + 1800) // 3600
    return min(cost, budget)


class Books:
    """Receivables and entries from week to week."""

    def __init__(self) -> None:
        self.owed: np.ndarray | None = None
        self.invoiced = np.zeros(0, np.int64)
        self.posted = 0
        self.settled = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.at_risk = self.paid_for_goals = 0

    def held_back(self, market: Market, blocks: np.ndarray, lines: np.ndarray) -> np.ndarray:
        """Hold back as the market does; note by how much all that is held has grown."""
        before = int(market.packages.withheld.sum())
        held = goals.hold_back(market, blocks, lines)
        self.at_risk = int(market.packages.withheld.sum()) - before
        return held

    def measured(self, market: Market, blocks: np.ndarray) -> goals.Settled:
        """Measure as the market does, and again in plain words: thirteen weeks, a gain, and who is paid for it."""
        p, u, g = market.packages, market.service_users, market.agencies
        paid, held = [0] * g.n, [0] * g.n
        for block in blocks.tolist():
            person, facts = int(p.user[block]), Tariff(*p.tariff[block].tolist())
            if p.goal_since[block] == NO_WEEK or market.week + 1 < p.goal_since[block] + 13 or p.suspended[block]:
                continue
            allowed = [max(1.0 - float(u.frailty[person]) * weight, 0.0) for weight in market.task_weight.tolist()]
            gained = float(np.mean(u.capability[person])) - float(p.goal_capability[block])
            gained -= float(np.mean(allowed)) - float(p.goal_potential[block])
            share = facts.quality_weight / 10000.0
            gained = (1.0 - share) * gained + share * float(u.scrqol[person] - p.goal_quality[block]) / 24.0
            luck = draws.normals(market.seed, draws.Purpose.MEASURING, market.week, u.birth_key[[person]])[0]
            gained += market.uncertainty.goals.measuring_noise * float(luck)
            agency, pence = int(p.agency[block]), int(p.withheld[block])
            held[agency] += pence
            assert abs(gained - facts.target / 10000.0) > 1e-12
            paid[agency] += (pence * facts.payout + 5000) // 10000 if gained > facts.target / 10000.0 else 0
        settled = goals.measure(market, blocks)
        assert (settled.paid.tolist(), settled.held.tolist()) == (paid, held)
        self.settled = (settled.paid, settled.held)
        self.paid_for_goals += int(settled.paid.sum())
        return settled

    def before(self, market: Market) -> None:
        """Recompute the week's invoices, charges and wages, once accounts are settled."""
        p, u, g, w = market.packages, market.service_users, market.agencies, market.care_workers
        council = [0] * g.n
        private = [0] * g.n
        between = [0] * g.n
        kept_by_leads = 0
        charges = 0
        at_risk = 0
        bad = round(10000 * market.policy.funding.bad_debt_share)
        for block in np.flatnonzero(p.active & (p.agency >= 0)).tolist():
            agency, line = int(p.agency[block]), invoice_of(market, block)
            held = (line * int(p.tariff[block, AT_RISK]) + 5000) // 10000
            at_risk += held
            if p.route[block] == SELF_FUNDER:
                private[agency] += line
            else:
                lead = int(p.lead[block])
                kept = ((line - held) * int(p.kept[block]) + 5000) // 10000 if lead >= 0 else 0
                council[agency] += line
                between[agency] -= kept
                kept_by_leads += kept
                if lead >= 0:
                    assert lead != agency and g.alive[lead]
                    between[lead] += kept
                charge = 0 if u.reabling[p.user[block]] else min(int(u.charge[p.user[block]]), line)
                charges += charge - (charge * bad + 5000) // 10000
        for block in np.flatnonzero(p.active & p.assisted).tolist():
            user = int(p.user[block])
            charge = min(int(u.charge[user]), assisted_cost(market, block))
            charges += charge - (charge * bad + 5000) // 10000
        for agency, pence in void_of(market).items():
            council[agency] += pence
        paid, settled = self.settled
        self.invoiced = np.array(council, np.int64) + np.array(private, np.int64) + np.array(between, np.int64)
        self.invoiced += paid - settled
        assert market.tally["kept_by_leads"] == kept_by_leads and sum(between) == 0
        assert market.week_income.tolist() == self.invoiced.tolist()
        assert market.tally["council_fees"] == sum(council) + int(paid.sum()) - int(settled.sum())
        assert market.tally["private_fees"] == sum(private)
        assert market.tally["charges"] == charges
        assert self.at_risk == at_risk, "what is held back is the share at risk of every line"
        entries = market.ledger.week_entries()
        for agency in range(g.n):
            wages = entries[(entries[:, 0] == Kind.WAGES) & (entries[:, 1] == FIRST + agency), 3].sum()
            staff = market.team[w.agency[market.team] == agency]
            assert wages == w.pay[staff].sum()
        assert g.cash.tolist() == market.ledger.agency_cash(g.n).tolist()

    def after(self, market: Market) -> None:
        """Close the week: books sum to zero, cash is the ledger's, receivables are invoices less payments."""
        g, ledger = market.agencies, market.ledger
        assert int(ledger.balance.sum()) == 0
        assert g.cash.tolist() == ledger.agency_cash(g.n).tolist()
        entries = ledger.week_entries()
        assert np.all(entries[:, 3] >= 0) and np.all(entries[:, 1] != entries[:, 2])
        for kind in Kind:
            assert ledger.totals[kind] == entries[entries[:, 0] == kind, 3].sum()
        fees = entries[np.isin(entries[:, 0], (Kind.COUNCIL_FEES, Kind.PRIVATE_FEES, Kind.SUBCONTRACTS))]
        paid = np.zeros(g.n, np.int64)
        np.add.at(paid, fees[:, 2] - FIRST, fees[:, 3])
        others = fees[fees[:, 0] == Kind.SUBCONTRACTS]
        np.add.at(paid, others[:, 1] - FIRST, -others[:, 3])
        p = market.packages
        held = np.flatnonzero(p.withheld)
        assert np.all(p.withheld >= 0) and np.all(p.agency[held] >= 0)
        owed = market.receivables.total(g.n)
        np.add.at(owed, p.agency[held], p.withheld[held])  # owed too, but not yet on its way
        if self.owed is not None:
            before = np.zeros(g.n, np.int64)
            before[: self.owed.size] = self.owed
            invoiced = np.zeros(g.n, np.int64)
            invoiced[: self.invoiced.size] = self.invoiced
            assert owed.tolist() == (before + invoiced - paid).tolist()
        self.owed = owed
        assert np.all(owed >= 0)
        assert not np.any(owed[~g.alive]) and not np.any(g.cash[~g.alive]), "a closed agency has money"


@given(scenario=scenarios())
@few()
def test_books_close_to_the_penny_and_invoices_follow_what_happened(scenario: Scenario) -> None:
    books = Books()
    with patch.object(invoicing, "measure", books.measured), \
            patch.object(invoicing, "hold_back", books.held_back):
        live(scenario, before=books.before, after=books.after).close()


@pytest.mark.parametrize("reach", ["all", "at_review"])
def test_books_close_when_goals_are_measured_and_outcome_payment_ends(reach: str) -> None:
    """Longer than the random markets live: three quarters, the last under another rule."""
    outcome = THEMES["payment"]["outcome"](share_at_risk=0.37, quality_weight=0.25, expected_share=0.55)
    scenario = replace(HAMLET, weeks=36, policy=HAMLET.policy.replace(payment=outcome), changes=(
        Change(30, {"payment": THEMES["payment"]["capitation"]()}, reach),))
    books = Books()
    with patch.object(invoicing, "measure", books.measured), \
            patch.object(invoicing, "hold_back", books.held_back):
        market = live(scenario, before=books.before, after=books.after)
    assert books.paid_for_goals > 0
    market.close()


@given(scenario=scenarios())
@few()
def test_nobody_on_the_books_is_paid_below_the_floor_an_hour(scenario: Scenario) -> None:
    def after(market: Market) -> None:
        w = market.care_workers
        jobs = w.alive & (w.agency >= 0)
        assert np.all(w.wage[jobs] >= market.floor)
        assert np.all(w.idle_pay[market.team] <= w.pay[market.team]) and np.all(w.idle_pay >= 0)
        assert np.all(w.promised[jobs] <= w.hours_wanted[jobs]) and np.all(w.promised >= 0)
        assert 0.0 <= market.commissioners.agents[0].trimming <= market.policy.commissioner.trim_share

    live(scenario, after=after).close()
