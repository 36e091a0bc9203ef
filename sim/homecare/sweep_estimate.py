"""How long a sweep will take and how much disk it needs, said before it starts."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from homecare.area import find_council
from homecare.compiled import cache_folder
from homecare.data import councils
from homecare.market import BURN_IN_WEEKS
from homecare.scenario import Scenario, ScenarioError, load
from homecare.sweep_design import Point, number_of_points, override, points_of
from homecare.sweep_terms import Sweep

SECONDS_A_WEEK, SECONDS_A_USER_WEEK = 0.006, 31e-6
"""Processor time of a week: whatever the size, and for each person served (measured on Wiltshire and hamlet)."""

BYTES_A_RUN, BYTES_A_WEEK, BYTES_A_USER = 19_000, 550, 7_800
"""A run's file: whatever its length, and for each week; a settled market: for each person served (measured)."""

MOST_JUDGED = 200
"""Points of a sweep from which its time is judged."""


@dataclass
class Estimate:
    """What runs will take: processor seconds on a machine like that of the measurement (of these for settling), bytes,
    markets to settle."""

    seconds: float = 0.0
    settling_seconds: float = 0.0
    result_bytes: int = 0
    settled_bytes: int = 0
    markets: int = 0

    def add_run(self, scenario: Scenario) -> None:
        """Count a run."""
        users = users_of(scenario)
        self.seconds += scenario.weeks * (SECONDS_A_WEEK + SECONDS_A_USER_WEEK * users)
        self.result_bytes += BYTES_A_RUN + BYTES_A_WEEK * scenario.weeks

    def add_settling(self, scenario: Scenario, kept: bool) -> None:
        """Count the burn-in of a settled market, and the file that keeps it."""
        users = users_of(scenario)
        self.seconds += BURN_IN_WEEKS * (SECONDS_A_WEEK + SECONDS_A_USER_WEEK * users)
        self.settled_bytes += round(BYTES_A_USER * users) if kept else 0


def estimate(sweep: Sweep) -> Estimate:
    """Return what a sweep takes if nothing of it is there; a long plan is judged by some of its points."""
    n = number_of_points(sweep)
    step = -(-n // MOST_JUDGED)
    worlds: dict[str, Point] = {}
    drawn = Estimate()
    for i, point in enumerate(points_of(sweep)):
        given = {path: value for path, value in point.items() if path != "name"}
        world = {path: value for path, value in given.items() if not path.startswith(("policy", "changes", "shocks"))}
        world.pop("weeks", None)
        worlds.setdefault(repr(sorted(world.items())), given)
        if i % step == 0 and (scenario := _scenario(sweep, given)) is not None:
            drawn.add_run(scenario)
    factor = n / -(-n // step) * len(sweep.seeds)
    drawn.seconds *= factor
    drawn.result_bytes = round(drawn.result_bytes * factor)
    settled, kept = Estimate(), n > len(worlds)
    some = list(worlds.values())[:MOST_JUDGED]
    for given in some:
        if (scenario := _scenario(sweep, given)) is not None:
            settled.add_settling(scenario, kept)
    factor = len(worlds) / len(some) * len(sweep.seeds)
    drawn.settling_seconds = settled.seconds * factor
    drawn.seconds += drawn.settling_seconds
    drawn.settled_bytes = round(settled.settled_bytes * factor)
    drawn.markets = len(worlds) * len(sweep.seeds)
    return drawn


def _scenario(sweep: Sweep, given: Point) -> Scenario | None:
    """The scenario of a point; None where it cannot be loaded, and then it takes no time."""
    try:
        return load(sweep.base, [*sweep.settings, *(override(path, value) for path, value in given.items())])
    except ScenarioError:
        return None


def users_of(scenario: Scenario) -> float:
    """Return about how many people a scenario serves at a time."""
    demand = scenario.initial.demand
    return _users(scenario.area, demand.homecare_share, demand.self_funder_share) * scenario.scale


@lru_cache(maxsize=1024)
def _users(area: str, homecare_share: float, self_funder_share: float) -> float:
    clients = councils()[find_council(area).code]["community_lts_clients_mar2025"]
    return clients * homecare_share / (1.0 - min(self_funder_share, 0.6))


def speed() -> float | None:
    """Return how many times slower than estimated the last sweep on this machine was; None before the first."""
    try:
        return float(json.loads(_place().read_text(encoding="utf-8"))["slower"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def note_speed(estimated: float, taken: float) -> None:
    """Note how long runs took, for the next estimate; short ones say nothing."""
    if estimated < 1.0:
        return
    _place().parent.mkdir(parents=True, exist_ok=True)
    part = _place().with_name(f"speed.{os.getpid()}.part")
    part.write_text(json.dumps({"slower": taken / estimated}) + "\n", encoding="utf-8")
    os.replace(part, _place())


def _place() -> Path:
    return cache_folder() / "speed.json"


def said_time(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> said_time(40), said_time(400), said_time(40000)
    ('40 seconds', '7 minutes', '11.1 hours')
    """
    if seconds < 90:
        return f"{max(round(seconds), 1)} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def said_bytes(n: int) -> str:
    """Return an amount of disk as people say it.

    Examples
    --------
    >>> said_bytes(1_500), said_bytes(3_400_000), said_bytes(21_000_000_000)
    ('2 kB', '3.4 MB', '21 GB')
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if n >= size:
            return f"{n / size:.2g} {unit}" if n < 10 * size else f"{round(n / size)} {unit}"
    return f"{round(n / 1e3)} kB"
