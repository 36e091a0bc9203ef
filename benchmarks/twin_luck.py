"""Two kinds of luck for the twin of delivery: the market's own, and the usual single generator."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np

from homecare import draws, numerics
from homecare.draws import Purpose

if TYPE_CHECKING:
    from twin_agents import Attendance, CareWorker, Visit


class MarketLuck:
    """The market's own luck, by the same keys."""

    def __init__(self, seed: int, week: int) -> None:
        self.journeys = np.uint64(draws.stream(seed, int(Purpose.TRAVEL_NOISE), week))
        self.visits = np.uint64(draws.stream(seed, int(Purpose.VISIT), week))
        self.shows = np.uint64(draws.stream(seed, int(Purpose.NO_SHOW), week))

    def need(self, visit: Visit, spread: float) -> float:
        """Return how a day's need compares with the usual."""
        return numerics.exp(spread * draws.normal(self.visits, visit.user.key, visit.slot))

    def journey(self, attendance: Attendance, spread: float) -> float:
        """Return how a journey compares with the usual."""
        visit = attendance.visit
        which = 2 * visit.slot + attendance.number
        return numerics.exp(spread * draws.normal(self.journeys, visit.user.key, which))

    def cancels(self, visit: Visit) -> float:
        """Return the draw on whether a person cancels."""
        return draws.uniform(self.visits, visit.user.key, 64 + visit.slot)

    def leaves_early(self, visit: Visit) -> float:
        """Return the draw on whether a worker leaves when the care is done."""
        return draws.uniform(self.visits, visit.user.key, 128 + visit.slot)

    def incident(self, visit: Visit) -> float:
        """Return the draw on whether something keeps the worker."""
        return draws.uniform(self.visits, visit.user.key, 192 + visit.slot)

    def incident_seconds(self, visit: Visit, mean: float) -> float:
        """Return for how long."""
        return -mean * numerics.log(draws.uniform(self.visits, visit.user.key, 256 + visit.slot))

    def shows_up(self, worker: CareWorker, day: int) -> float:
        """Return the draw on whether a worker does not turn up."""
        return draws.uniform(self.shows, worker.key, day)


class OrdinaryLuck:
    """One generator for everything, as is usual: ``random.Random``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def need(self, visit: Visit, spread: float) -> float:
        return math.exp(spread * self.random.gauss(0.0, 1.0))

    def journey(self, attendance: Attendance, spread: float) -> float:
        return math.exp(spread * self.random.gauss(0.0, 1.0))

    def cancels(self, visit: Visit) -> float:
        return self.random.random()

    def leaves_early(self, visit: Visit) -> float:
        return self.random.random()

    def incident(self, visit: Visit) -> float:
        return self.random.random()

    def incident_seconds(self, visit: Visit, mean: float) -> float:
        return self.random.expovariate(1.0 / mean)

    def shows_up(self, worker: CareWorker, day: int) -> float:
        return self.random.random()
