"""The market: five kinds of agents and a week on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd

from homecare import checkpoint
from homecare.agents import service_user as su
from homecare.agents.agency import Agency
from homecare.agents.care_manager import CareManager
from homecare.agents.care_worker import CareWorker
from homecare.agents.commissioner import Commissioner
from homecare.agents.service_user import RECEIVING, SELF_FUNDER, WAITING_START, ServiceUser
from homecare.area import load_area
from homecare.build import add_agencies, build, check_zones
from homecare.collecting import WeeklyCollector
from homecare.conditions import ORDINARY
from homecare.keeping import Keeping
from homecare.ledger import Account, Kind, Ledger
from homecare.levers import Levers, PolicySet
from homecare.outcomes import OUTCOMES, measure
from homecare.packages import Packages
from homecare.policies import THEMES
from homecare.population import newcomers_of
from homecare.receivables import Receivables
from homecare.scenario import Scenario, load
from homecare.tables import Table
from homecare.travel import speeds
from homecare.week import (
    accounts,
    assessment,
    assistants,
    delivery,
    employment,
    experience,
    need,
    oversight,
    purchasing,
    rostering,
)
from homecare.week.diary import diary
from homecare.week.need_numbers import family_parts, need_numbers, task_minutes
from homecare.week.placing import no_rounds, refresh_teams
from homecare.week.quality_of_life import domain_numbers, goodwill_numbers

BURN_IN_WEEKS = 208
"""Weeks before week 0 in which the market settles under the policies that scenarios start from."""


class Market(mesa.Model, Levers, Keeping):
    """A homecare market: one council area, week by week, every visit.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a scenario, path of a scenario file, or a scenario.
    overrides : sequence of str
        ``"policy.contracting.kind=block"`` and the like.
    cached : bool
        Whether a settled market may be taken from, and put into, the cache.
    shuffle : int
        Another order of rows with the same people; results do not change (see ``build``).
    on_week : callable, optional
        Called with :attr:`week` after every week lived, burn-in included: for progress bars.
    top_level
        ``seed=2``, ``weeks=52``, ``scale=0.25``, ``area="Leeds"``.

    Attributes
    ----------
    week : int
        The next week to be lived; negative in burn-in. Week 0 is the first of April 2025.
    service_users, care_workers, agencies, care_managers, commissioners : Table
        Columns with Mesa agents as their rows.
    packages, ledger, contracts
        Records without agents.
    weekly : pandas.DataFrame
        One row a week lived, one column an outcome, whatever collector stands in ``datacollector``.
    running : bool
        False once the scenario's weeks are lived, where ``run_model`` ends; ``step`` lives on.
    """

    SELF_FUNDER = SELF_FUNDER

    def __init__(self, scenario: str | Path | Scenario = "baseline", *, overrides: tuple[str, ...] = (),
                 cached: bool = True, shuffle: int = 0, burn_in: int = BURN_IN_WEEKS,
                 on_week: Callable[[int], None] | None = None, **top_level: Any) -> None:
        super().__init__()
        self.on_week = on_week
        if not isinstance(scenario, Scenario):
            scenario = load(scenario, overrides, **top_level)
        elif overrides or top_level:
            raise ValueError("give overrides and settings with a name or a file, not with a ready scenario")
        self.scenario_run = scenario
        self.seed = scenario.seed
        self.burn_in = burn_in
        self.area = load_area(scenario.area, scenario.scale, scenario.override)
        check_zones(scenario, self.area)
        self.uncertainty = scenario.uncertainty
        self.initial = scenario.initial
        self._empty()
        state = checkpoint.read(scenario, burn_in) if cached and shuffle == 0 else None
        if state is None:
            build(self, shuffle)
            self.tariff = self.policy.payment.tariff(self.commissioners.agents[0].fee)
            while self.week < 0:
                self._live_week()
            self._open_budget()
            if cached and shuffle == 0:
                checkpoint.write(scenario, burn_in, self.state())
        else:
            self.restore(state)
        self.datacollector = self._outcomes = WeeklyCollector(OUTCOMES)
        self._begin()

    # ---- the week on one page -------------------------------------------------------------------------

    def step(self) -> None:
        """Live one week and record it."""
        self._changes_of_the_week()
        self._live_week()
        self._outcomes.collect(self)
        if self.datacollector is not self._outcomes:
            self.datacollector.collect(self)
        if self.week >= self.scenario_run.weeks:
            self.running = False

    def _live_week(self) -> None:
        """Live the phases of a week in their order."""
        self.open_week()
        need.live(self)
        assessment.arrive(self)
        assessment.assess(self)
        purchasing.buy(self)
        employment.employ(self)
        assistants.live(self)
        rostering.roster(self)
        delivery.deliver(self)
        experience.experience(self)
        accounts.settle(self)
        experience.work(self)
        oversight.oversee(self)
        self.series = measure(self)
        self.week += 1
        if self.on_week is not None:
            self.on_week(self.week)

    def run(self, weeks: int | None = None) -> pd.DataFrame:
        """Live the scenario's weeks, or ``weeks`` more, and return :attr:`weekly`."""
        until = self.scenario_run.weeks if weeks is None else self.week + weeks
        while self.week < until:
            self.step()
        return self.weekly

    @property
    def weekly(self) -> pd.DataFrame:
        """One row a week lived since week 0, one column an outcome; units in ``homecare.outcomes``."""
        frame = self._outcomes.get_model_vars_dataframe()
        frame.index = pd.RangeIndex(len(frame), name="week")
        return frame

    def diary(self) -> pd.DataFrame:
        """Return every attendance of the week last lived, one a row; see :func:`homecare.week.diary.diary`."""
        return diary(self)

    # ---- changes and shocks ---------------------------------------------------------------------------

    def _begin(self) -> None:
        """Branch from the settled market: bring the scenario's own policies into force at week 0."""
        for theme in THEMES:
            self.bring_into_force(self.scenario_run.policy[theme], None)

    def _changes_of_the_week(self) -> None:
        for change in self.scenario_run.changes:
            if change.week == self.week:
                for theme in THEMES:
                    if theme in change.policies:
                        self.bring_into_force(change.policies[theme], change.applies_to)

    def open_week(self) -> None:
        """Begin a week: its shocks, nothing counted yet, books open, contracts renewed, teams listed."""
        self.conditions = ORDINARY
        for shock in self.scenario_run.shocks:
            if self.week >= 0 and shock.week <= self.week < shock.week + shock.weeks:
                self.conditions = shock.change(self.conditions)
        self.tally = defaultdict(int, ends=[0] * su.N_STATES)
        buyer = self.commissioners.agents[0]
        if self.week >= 0:
            buyer.trimming = buyer.trim_wanted(self.week % 52, self.policy.commissioner.trim_share)
        self.ledger.open_week()
        self.renew()
        refresh_teams(self)

    def _open_budget(self) -> None:
        """Set the first year's budget by the spending of the last weeks of the burn-in."""
        buyer = self.commissioners.agents[0]
        buyer.budget = round(52 * buyer.usual_week * self.policy.commissioner.budget_ratio)
        buyer.spent = 0

    # ---- state ----------------------------------------------------------------------------------------

    def _empty(self) -> None:
        """Make the empty tables and the numbers that phases read."""
        people = 256
        self.service_users = Table(ServiceUser, people)
        self.care_workers = Table(CareWorker, people)
        self.agencies = Table(Agency, 64)
        self.care_managers = Table(CareManager, 16)
        self.commissioners = Table(Commissioner, 1)
        self.packages = Packages(people)
        self.ledger = Ledger()
        self.receivables = Receivables(64)
        self.policy = PolicySet({theme: next(iter(kinds.values()))() for theme, kinds in THEMES.items()})
        self.week = -self.burn_in
        self.conditions = ORDINARY
        self.speed = speeds(self.uncertainty.travel)
        self.weights = rostering.weights_of(self.uncertainty.rostering)
        self.habits = delivery.habits_of(self.uncertainty.delivery, self.uncertainty.travel.noise_spread)
        reach = self.uncertainty.rostering.cover_reach * self.weights.reach_metres
        self.far = self.weights._replace(reach_metres=reach)
        self.need_numbers = need_numbers(self.uncertainty.need)
        self.task_minutes = task_minutes(self.uncertainty.need, self.uncertainty.help)
        self.family_parts = family_parts(self.uncertainty.help)
        self.task_weight = self.initial.people.task_weight()
        self.newcomers = newcomers_of(self.area, self.initial.demand, self.initial.people, self.uncertainty.places)
        self.experience_numbers = experience.experience_numbers(
            self.uncertainty.experience, self.uncertainty.worker_choice.memory_weeks)
        self.domain_numbers = domain_numbers(self.uncertainty.quality_of_life)
        self.goodwill_numbers = goodwill_numbers(self.uncertainty.goodwill)
        self.days_of_mask = np.array([bin(mask).count("1") for mask in range(128)], np.int64)
        self.zone_of_area = np.zeros(len(self.area), np.int32)
        self.floor = round(100.0 * self.policy.labour.wage_floor)
        self.price_level = 1.0
        self.start_levers()
        no_rounds(self)
        self.to_plan: list[np.ndarray] = []
        self.casework_begun = (0.0, 0.0)
        self.told_changes = 0
        self.founding: list[tuple[int, int]] = []
        self.lived = None
        self.overlay = None
        self.series: dict[str, float] = {}
        self.tally: dict[str, Any] = defaultdict(int)  # a change in week 0 may count before a week opens
        self.week_income = np.zeros(0, np.int64)
        self.week_cost = np.zeros(0, np.int64)

    def close(self) -> None:
        """Let go of agents, tables and rounds, so that memory is freed; :attr:`weekly` stays.

        Mesa before 3.4.2 keeps every model that was ever made, so whoever makes many markets closes them.
        """
        for table in vars(self).values():
            if isinstance(table, Table):
                table.remove(table.rows())
        self.remove_all_agents()
        keep = {"datacollector", "scenario_run", "week", "seed", "series", "steps", "running", "random", "rng"}
        for name in [name for name in vars(self) if name not in keep and not name.startswith("_")]:
            delattr(self, name)

    # ---- small questions that several phases ask ------------------------------------------------------

    @property
    def floor_pounds(self) -> float:
        """The wage floor in pounds an hour."""
        return self.floor / 100.0

    def refill_chance(self) -> float:
        """Return the chance that an hour set free is filled again: those who wait against hours freed."""
        u = self.service_users
        waiting = int(np.count_nonzero(u.alive & (u.state == WAITING_START)))
        served = int(np.count_nonzero(u.alive & (u.state == RECEIVING)))
        return min(1.0, waiting / max(self.uncertainty.agency_behaviour.refill_share * served, 1.0))

    def found(self, keys: np.ndarray, capital: int) -> np.ndarray:
        """Open new agencies with the money their founders put in; return their rows, int64."""
        rows = add_agencies(self, keys)
        g = self.agencies
        g.founded[rows] = self.week
        g.last_yes[rows] = self.week  # whoever registers tells the brokers that it has room
        self.ledger.post(Kind.OPENING, Account.WORLD, Account.FIRST_AGENCY + rows, capital)
        g.cash[rows] = capital
        return rows
