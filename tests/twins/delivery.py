"""A twin of delivery: no clock is carried along; each arrival is asked for, and asks for the departure before it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from homecare import lived_columns as c
from homecare.draws import Purpose, normal, stream, uniform
from homecare.numerics import exp, log
from homecare.week.kernels.layout import CANCELLED, CLIPPED, FULL, MANAGER, MISSED, NOBODY, NOT_DUE, SHORT


def asks(need: float, follows: int, habits) -> int:
    """Twin of `attendance.asked_seconds`."""
    return int(need * (habits.with_factor if follows == 2 else 1.0))


def decide(agreed: int, need: float, late: int, follows: int, bank: int, social: float, minute_pence: float,
           actual_share: float, u: float, habits) -> tuple[int, int, bool]:
    """Twin of `attendance.stay_seconds`: seconds stayed, ending, hurried."""
    loss = habits.pay_weight * actual_share * minute_pence
    if follows:
        wish = min(asks(need, follows, habits), agreed + max(bank, 0))
    elif need < agreed:
        gain = habits.own_time - loss - habits.company * social
        wish = int(need) if gain > 0 and u < 1.0 - habits.kept_by_company * social else agreed
    else:
        wish = agreed + min(int(need) - agreed, habits.goodwill_seconds) if late < habits.late_seconds else agreed
    cut = 0.0
    if late > habits.late_seconds:
        cut = (habits.late_dislike * late / 60.0 - loss) / (habits.late_dislike + habits.cut_dislike)
        cut = max(cut, 0.0)
        if cut * 60.0 > habits.cut_most * agreed:
            cut = habits.cut_most * agreed / 60.0
    stayed = max(wish - int(cut * 60.0), int(habits.least_stay * agreed))
    hurried = cut >= 1.0
    if stayed >= 0.9 * agreed:
        return stayed, FULL, hurried
    return stayed, CLIPPED if hurried and stayed < need else SHORT, hurried


class Week:
    """One week of delivery, from the arguments of the kernel."""

    def __init__(self, plan, **given) -> None:
        self.__dict__.update(given)
        self.plan = plan
        self.luck = {name: np.uint64(stream(self.seed, int(purpose), self.week)) for name, purpose in
                     (("journey", Purpose.TRAVEL_NOISE), ("visit", Purpose.VISIT), ("shows", Purpose.NO_SHOW))}
        for name in ("arrival", "made", "need_of", "bank_before"):
            setattr(self, name, cache(getattr(self, name)))

    def need_of(self, visit: int) -> float:
        """Seconds of care that a visit needs on its day."""
        block, slot = divmod(visit, 28)
        z = normal(self.luck["visit"], self.people.key[block], slot)
        return self.people.need[block, slot % 4] * exp(self.habits.need_spread * z)

    def cancelled(self, visit: int) -> bool:
        """Whether the person cancels."""
        return uniform(self.luck["visit"], self.people.key[visit // 28], 64 + visit % 28) \
            < self.habits.cancelled_share

    def stops(self, attendance: int) -> list[int]:
        """The round that an attendance stands in, less what is cancelled."""
        worker, day = int(self.rounds.worker[attendance]), attendance // 2 % 28 // 4
        return [a for a in self.plan.rounds[7 * worker + day] if not self.cancelled(a // 2)]

    def before(self, attendance: int) -> int | None:
        """The attendance that the worker comes from: the last one made that day."""
        stops = self.stops(attendance)
        earlier = stops[: stops.index(attendance)]
        return next((a for a in reversed(earlier) if self.made(a) is not None), None)

    def arrival(self, attendance: int) -> int | None:
        """When the worker is there; None where they never come."""
        worker, visit = int(self.rounds.worker[attendance]), attendance // 2
        block, slot = divmod(visit, 28)
        if uniform(self.luck["shows"], self.staff.key[worker], slot // 4) < self.habits.no_show_share:
            return None
        planned = int(self.visits.start[visit])
        z = exp(self.habits.journey_spread * normal(self.luck["journey"], self.people.key[block],
                                                    2 * slot + attendance % 2))
        came_from = self.before(attendance)
        if came_from is None:
            usual = self.plan.from_home(self.staff, worker, block)
            at = planned + int(usual * z) - usual
        else:
            usual = self.plan.leg(came_from // 56, block, bool(self.staff.drives[worker]))
            at = self.leaves(came_from) + int(usual * z)
        return None if at - planned > self.habits.give_up_seconds else max(at, 0)

    def colleague(self, attendance: int) -> int | None:
        """The other attendance of a visit for two, where somebody has it on a round."""
        other = attendance ^ 1
        return other if self.visits.carers[attendance // 2] == 2 and self.rounds.worker[other] >= 0 else None

    def made(self, attendance: int) -> tuple[int, int, int, bool] | None:
        """Start, seconds, ending and hurry of an attendance on a round; None where it is missed."""
        arrived = self.arrival(attendance)
        if arrived is None:
            return None
        visit, worker = attendance // 2, int(self.rounds.worker[attendance])
        block, slot = divmod(visit, 28)
        planned = int(self.visits.start[visit])
        other = self.colleague(attendance)
        start = max(arrived, planned, (self.arrival(other) or 0) if other is not None else 0)
        return (start, *decide(
            int(self.visits.seconds[visit]), self.need_of(visit), start - planned,
            int(self.people.follows[block]), self.bank_before(visit), self.people.social[block],
            self.pay.minute_pence[worker], self.pay.actual_share[worker],
            uniform(self.luck["visit"], self.people.key[block], 128 + slot), self.habits))

    def bank_before(self, visit: int) -> int:
        """Seconds that the person may still move: earlier visits of the week took some or left some."""
        block = visit // 28
        bank = int(self.people.bank[block])
        if not self.people.follows[block]:
            return bank
        for earlier in range(28 * block, visit):
            if self.visits.carers[earlier] and not self.cancelled(earlier):
                agreed = int(self.visits.seconds[earlier])
                wish = asks(self.need_of(earlier), int(self.people.follows[block]), self.habits)
                bank -= min(wish, agreed + max(bank, 0)) - agreed
                bank = min(bank, int(self.people.bank_most[block]))
        return bank

    def besides(self, attendance: int) -> int:
        """Seconds that a visit keeps the worker beyond the care."""
        block, slot = divmod(attendance // 2, 28)
        key, luck, habits = self.people.key[block], self.luck["visit"], self.habits
        kept = 0
        if uniform(luck, key, 192 + slot) < habits.incident_share:
            kept = int(-habits.incident_seconds * log(uniform(luck, key, 256 + slot)))
        return habits.extra_seconds + kept

    def leaves(self, attendance: int) -> int:
        """When the worker is free to go on."""
        start, stayed, _, _ = self.made(attendance)
        return start + stayed + self.besides(attendance)

    def attendances(self) -> dict[int, tuple[int, int, int, bool]]:
        """Start, seconds, ending and hurry of every attendance that is due."""
        out = {}
        for block in np.flatnonzero(self.due).tolist():
            for visit in range(28 * block, 28 * block + 28):
                for k in range(self.visits.carers[visit]):
                    a, worker = 2 * visit + k, int(self.rounds.worker[2 * visit + k])
                    done = None
                    if self.cancelled(visit):
                        done = (-1, 0, CANCELLED, False)
                    elif worker == MANAGER:
                        stayed, ending, _ = decide(
                            int(self.visits.seconds[visit]), self.need_of(visit), 0,
                            int(self.people.follows[block]), self.bank_before(visit),
                            self.people.social[block], 0.0, 0.0, 1.0, self.habits)
                        done = (int(self.visits.start[visit]), stayed, ending, False)
                    elif worker != NOBODY:
                        done = self.made(a)
                    out[a] = done or (-1, 0, MISSED, False)
        return out

    def work(self, seat: int) -> list[int]:
        """The week's sums of a worker, in the order of `homecare.lived_columns`."""
        sums = [0] * c.WORKER_COLUMNS
        for day in range(7):
            round_of_day = [a for a in self.plan.rounds[7 * seat + day]
                            if not self.cancelled(a // 2) and self.made(a) is not None]
            for a in round_of_day:
                start, stayed, _, hurried = self.made(a)
                visit, block = a // 2, a // 56
                agreed, share = int(self.visits.seconds[visit]), self.pay.actual_share[seat]
                sums[c.CONTACT] += stayed
                sums[c.CONTACT_PLANNED] += agreed
                sums[c.ACTUAL_PAID] += int(share * stayed + (1.0 - share) * agreed)
                sums[c.WORKER_VISITS] += 1
                sums[c.WORKER_HURRIED] += hurried
                sums[c.WORKER_LATE] += start - int(self.visits.start[visit]) > 900
                sums[c.WAITING] += self.besides(a)
                sums[c.SHORT_NOTICE] += int(self.base_worker[a]) != seat
                came_from = self.before(a)
                if came_from is not None:
                    sums[c.TRAVEL] += self.arrival(a) - self.leaves(came_from)
                    wait = start - self.arrival(a)
                    sums[c.WAITING] += wait if wait < self.habits.free_gap_seconds else 0
                    dx = self.homes.x[came_from // 56] - self.homes.x[block]
                    dy = self.homes.y[came_from // 56] - self.homes.y[block]
                    sums[c.METRES] += int(math.sqrt(dx * dx + dy * dy))
            if round_of_day:
                sums[c.SPAN] += self.leaves(round_of_day[-1]) - self.made(round_of_day[0])[0]
        return sums


def not_due(due: np.ndarray, carers: np.ndarray) -> np.ndarray:
    """Return int64: attendances that no plan of this week has."""
    wanted = np.repeat(due, 28)[:, None] & (carers[:, None] > np.arange(2)[None, :])
    return np.flatnonzero(~wanted.ravel())


__all__ = ["NOT_DUE", "Week", "decide", "not_due"]
