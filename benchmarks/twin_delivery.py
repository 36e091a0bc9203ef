"""Delivery once more, as ordinary Mesa agents and plain objects: what the compiled week is measured against.

The same rounds, people and rules as ``homecare.week.kernels.delivery``, taken from a market when it delivers
a week (``twin_check.capture``) and written again in the usual style: care workers and service users are Mesa
agents, visits and attendances are objects, and a worker's day is a method. With the market's own luck it
reaches the same ending, start and length of every attendance and the same sums (``twin_check.differences``);
with ``random.Random`` it is what somebody who starts with Mesa would write.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from homecare import lived_columns as c
from homecare.week.kernels.layout import DAYS, MANAGER, NOBODY, VISITS
from twin_agents import Attendance, CareWorker, ServiceUser, Visit
from twin_luck import MarketLuck, OrdinaryLuck


class Delivery(mesa.Model):
    """One week's delivery of a market, as agents and objects.

    Parameters
    ----------
    given : dict
        What the kernel was given, from :func:`capture`.
    luck : MarketLuck or OrdinaryLuck
    """

    def __init__(self, given: dict[str, Any], luck: MarketLuck | OrdinaryLuck) -> None:
        super().__init__()
        self.luck, self.habits, self.speed, self.week = luck, given["habits"], given["speed"], given["week"]
        self.pairs = given["pairs"]
        self.manager = object()
        staff, pay = given["staff"], given["pay"]
        rows = given["rows"].tolist()
        self.workers = [CareWorker(self, seat, row, staff, pay) for seat, row in enumerate(rows)]
        worker_of: dict[int, Any] = dict(enumerate(self.workers))
        worker_of[NOBODY], worker_of[MANAGER] = None, self.manager
        self.attendances: dict[int, Attendance] = {}
        self.users = []
        visits, rounds, self.wanted = given["visits"], given["rounds"], given["wanted"]
        for block in np.flatnonzero(given["due"]).tolist():
            user = ServiceUser(self, block, given["people"], given["homes"], given["tariff"])
            self.users.append(user)
            for row in range(VISITS * block, VISITS * block + VISITS):
                self._add_visit(user, row, visits, rounds.worker, given["base_worker"], worker_of)
            for visit in user.visits:
                visit.is_moved = bool(given["moved"][block * VISITS + visit.slot])
        for worker in self.workers:
            for day in range(DAYS):
                stops = rounds.stops[DAYS * worker.seat + day, : rounds.n_stops[DAYS * worker.seat + day]]
                worker.rounds[day] = [self.attendances[a] for a in stops.tolist()]
        self.forget_week()

    def _add_visit(self, user: ServiceUser, row: int, visits: Any, worker: np.ndarray,
                   base_worker: np.ndarray, worker_of: dict[int, Any]) -> None:
        carers = int(visits.carers[row])
        if carers == 0:
            return
        visit = Visit(user, row % VISITS, int(visits.start[row]), int(visits.seconds[row]),
                      int(self.wanted[row]))
        user.visits.append(visit)
        for number in range(carers):
            a = 2 * row + number
            visit.attendances.append(
                Attendance(visit, number, worker_of[int(worker[a])], bool(base_worker[a] == worker[a])))
            self.attendances[a] = visit.attendances[-1]
        if carers == 2:
            for one, other in (visit.attendances, visit.attendances[::-1]):
                one.other = other if isinstance(other.worker, CareWorker) else None

    def forget_week(self) -> None:
        """Be as before the week: everybody knows whom they knew."""
        for user in self.users:
            user.remember(self.pairs)

    def step(self) -> None:
        """Live the week."""
        for worker in self.workers:
            worker.sums = [0] * c.WORKER_COLUMNS
        for user in self.users:
            user.expect_week()
        for day in range(DAYS):
            for worker in self.workers:
                worker.begin_day(day)
            for worker in self.workers:
                ready = [worker]
                while ready:
                    ready.extend(ready.pop().live_on())
        for user in self.users:
            user.look_back()
