"""How policies come into force: they write plain numbers onto rows, and give tariffs and answers."""

from __future__ import annotations

import numpy as np

from homecare.agents.service_user import COUNCIL, SELF_FUNDER, SERVICE_FUND
from homecare.levers_employment import EmploymentLevers
from homecare.numerics import places
from homecare.packages import AGENCYS_OWN
from homecare.params import Policy
from homecare.policies.contracting_views import NO_CONTRACTS
from homecare.tariff import GOAL, PLANNED_HOUR, PRICES
from homecare.week.goals import release
from homecare.week.jobs import promise_hours, raise_wages
from homecare.week.means import new_rule
from homecare.week.placing import write_facts
from homecare.week.planning import replan
from homecare.week.tendering import attach, end_leads


def same_but(one: Policy, other: Policy, name: str) -> bool:
    """Return whether two policies of one class differ at most in the parameter ``name``."""
    return {**one.values(), name: None} == {**other.values(), name: None}


class PolicySet:
    """The policies in force, one a theme: ``market.policy.payment``."""

    def __init__(self, chosen: dict[str, Policy]) -> None:
        self.__dict__.update(chosen)

    def __getattr__(self, theme: str) -> Policy:  # only for names that are not there
        raise AttributeError(f"no policy theme {theme!r}")

    def put(self, policy: Policy) -> None:
        """Put a policy in force in its theme."""
        self.__dict__[policy.theme] = policy

    def as_dict(self) -> dict[str, Policy]:
        """Return the policies by theme."""
        return dict(vars(self))


class Levers(EmploymentLevers):
    """The part of a market that brings policies into force."""

    def start_levers(self) -> None:
        """Bring the burn-in's policies into force on an empty market."""
        self.style = self.policy.care_planning.style()
        self.private_style = self.style
        self.tariff = self.policy.payment.tariff(self.commissioners.agents[0].fee if len(self.commissioners) else 0)
        self.review_themes: set[str] = set()
        self.renewing = False
        self.start_employment()
        self.contracts = NO_CONTRACTS
        self.tender_weeks = np.zeros(0, np.int64)
        self.contracting_since = self.week
        self.contracting_for_all = False
        self.contracting_renews = False

    def bring_into_force(self, policy: Policy, applies_to: str | None) -> None:
        """Bring a policy into force; ``applies_to`` says on which rows (None: the policy's own default).

        Only rows on which the answers differ from what stands there are touched, so that a policy with the
        same answers changes nothing, whatever its name.
        """
        before = getattr(self.policy, policy.theme)
        reach = applies_to or type(policy).applies_to[0]
        self.policy.put(policy)
        step = getattr(self, f"_new_{policy.theme}", None)
        if step is not None:
            step(before, policy, reach)

    def _new_care_planning(self, before: Policy, policy: Policy, reach: str) -> None:
        self.style = policy.style()
        self.review_themes.discard("care_planning")
        if reach == "at_review":
            self.review_themes.add("care_planning")
        if reach == "all":
            p = self.packages
            council = p.active & (p.route != SELF_FUNDER) & (p.effort == AGENCYS_OWN)
            fund = p.route == SERVICE_FUND
            facts = self.policy.routes.fund_style(self.style)
            differs = np.where(fund, p.differs_from(facts), p.differs_from(self.style))
            blocks = places(council & differs)
            write_facts(self, blocks)
            served = blocks[(p.agency[blocks] >= 0) & ~p.suspended[blocks]]
            replan(self, p.user[served].astype(np.int64))

    def _new_payment(self, before: Policy, policy: Policy, reach: str) -> None:
        self.tariff = policy.tariff(self.commissioners.agents[0].fee)
        self.review_themes.discard("payment")
        self.renewing = reach == "at_renewal"
        if reach == "at_review":
            self.review_themes.add("payment")
        if reach == "all":
            self.write_tariff(self.packages.with_agency())

    def _new_contracting(self, before: Policy, policy: Policy, reach: str) -> None:
        if type(policy) is type(before) and same_but(policy, before, "calls_per_request"):
            return
        p, buyer = self.packages, self.commissioners.agents[0]
        self.contracts = NO_CONTRACTS
        p.contract[:] = -1
        self.contracting_since = self.week
        self.contracting_for_all = reach == "all"
        self.contracting_renews = reach == "at_renewal"
        if reach == "all":
            running = places(p.active & (p.agency >= 0) & (p.route == COUNCIL) & (p.effort == AGENCYS_OWN))
            end_leads(self, running)
            self.reprice(running, np.full(running.size, buyer.fee))
        zones = self.set_zones(policy.zones_wanted())
        lets = policy.weeks_between_tenders() > 0
        self.tender_weeks = np.full(zones, self.week) if lets else np.zeros(0, np.int64)
        buyer.next_tender = self.week if lets else -1

    def _new_labour(self, before: Policy, policy: Policy, reach: str) -> None:
        if policy.wage_floor != before.wage_floor:
            self.floor = round(100.0 * policy.wage_floor)
            self.agencies.wage[:] = np.maximum(self.agencies.wage, self.floor)
            raise_wages(self)
        rights = ("zero_hours_allowed", "offer_after_weeks")
        if any(getattr(policy, name) != getattr(before, name) for name in rights):
            promise_hours(self)

    def _new_funding(self, before: Policy, policy: Policy, reach: str) -> None:
        if reach == "all":
            new_rule(self, before, policy)

    def _new_routes(self, before: Policy, policy: Policy, reach: str) -> None:
        self.review_themes.discard("routes")
        if reach == "at_review":
            self.review_themes.add("routes")

    def _new_commissioner(self, before: Policy, policy: Policy, reach: str) -> None:
        buyer = self.commissioners.agents[0]
        if policy.fee_ratio != before.fee_ratio:
            self.change_fee(round(buyer.fee * policy.fee_ratio / before.fee_ratio))
        if policy.budget_ratio != before.budget_ratio:
            buyer.budget = round(buyer.budget * policy.budget_ratio / before.budget_ratio)

    def write_tariff(self, blocks: np.ndarray) -> None:
        """Write the tariff in force, at the fee of each, onto packages that the council pays for."""
        p = self.packages
        paid = blocks[p.route[blocks] != SELF_FUNDER]
        for fee in np.unique(p.fee[paid]).tolist():
            blocks = paid[p.fee[paid] == fee]
            tariff = np.array(self.policy.payment.tariff(fee), np.int64)
            release(self, blocks[np.any(p.tariff[blocks][:, GOAL] != tariff[list(GOAL)], axis=1)])
            p.tariff[blocks] = tariff

    def reprice(self, blocks: np.ndarray, fees: np.ndarray) -> None:
        """Put packages on other fees; they keep what they are paid for, at prices in proportion."""
        p = self.packages
        old = p.fee[blocks]
        new = old != fees
        blocks, old, fees = blocks[new], old[new], fees[new]
        prices = p.tariff[blocks, :PRICES]
        p.tariff[blocks, :PRICES] = (prices * (2 * fees)[:, None] + old[:, None]) // (2 * old)[:, None]
        p.fee[blocks] = fees

    def rewrite_at_review(self, blocks: np.ndarray) -> None:
        """Write onto reviewed packages what policies ask for at review."""
        if "care_planning" in self.review_themes:
            write_facts(self, blocks)
        if "payment" in self.review_themes:
            self.write_tariff(blocks)

    def renew(self) -> None:
        """Renew the terms of packages whose year is over: what applies at renewal is written now."""
        p = self.packages
        due = places(p.active & (p.agency >= 0) & (p.renews <= self.week))
        if self.contracting_renews:
            attach(self, due[p.route[due] == COUNCIL])
        if self.renewing:
            self.write_tariff(due)
        p.renews[due] = self.week + 52

    def change_fee(self, fee: int) -> None:
        """Pay ``fee`` pence an hour from now on; packages keep what they are paid for, at prices in proportion."""
        p, buyer = self.packages, self.commissioners.agents[0]
        old = buyer.fee
        buyer.fee = fee
        self.tariff = self.policy.payment.tariff(fee)
        council = p.active & (p.agency >= 0) & (p.route != SELF_FUNDER)
        p.tariff[council, :PRICES] = (p.tariff[council, :PRICES] * fee * 2 + old) // (2 * old)
        p.fee[council] = (p.fee[council] * fee * 2 + old) // (2 * old)
        self.contracts = self.contracts.at_fees((self.contracts.fee * fee * 2 + old) // (2 * old))

    def new_fee(self, uplift: int) -> None:
        """Raise the fee, what packages are paid and private prices by ``uplift`` ten-thousandths."""
        p, g = self.packages, self.agencies
        self.change_fee(self.commissioners.agents[0].fee * (10000 + uplift) // 10000)
        g.price[:] = g.price * (10000 + uplift) // 10000
        own = places(p.active & (p.agency >= 0) & (p.route == SELF_FUNDER))
        p.tariff[own, PLANNED_HOUR] = g.price[p.agency[own]]

    def raise_floor(self) -> None:
        """Raise the wage floor by the year's uplift."""
        self.floor = int(self.floor * (10000 + round(10000 * self.policy.labour.floor_uplift)) // 10000)

    def set_zones(self, n: int) -> int:
        """Divide the area into ``n`` zones and write them onto packages."""
        self.zone_of_area = self.area.zones(n)
        u, p = self.service_users, self.packages
        blocks = places(p.active)
        p.zone[blocks] = self.zone_of_area[u.small_area[p.user[blocks]]]
        self.commissioners.agents[0].zones = n
        return n
