"""The twin's care workers and service users: ordinary Mesa agents, with visits as plain objects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from homecare import lived_columns as c
from homecare.tariff import Tariff
from homecare.week.kernels.delivery import Habits
from homecare.week.kernels.layout import CANCELLED, CLIPPED, DAYS, FULL, MISSED, PAIRS, PARTS, SHORT

if TYPE_CHECKING:
    from twin_delivery import Delivery

NEVER = 10 * 86400
NOT_YET = -1


class Visit:
    """One visit of the week."""

    __slots__ = ("agreed", "attendances", "bank", "is_moved", "need", "part", "planned", "slot", "user", "wanted")

    def __init__(self, user: ServiceUser, slot: int, planned: int, agreed: int, wanted: int) -> None:
        self.user, self.slot, self.part = user, slot, slot % PARTS
        self.planned, self.agreed, self.wanted = planned, agreed, wanted
        self.need = 0.0
        self.is_moved = False
        self.bank = 0
        self.attendances: list[Attendance] = []


class Attendance:
    """One care worker at one visit."""

    __slots__ = ("arrived", "ending", "is_hurried", "is_usual", "number", "other", "seconds", "start",
                 "visit", "worker")

    def __init__(self, visit: Visit, number: int, worker: CareWorker | None, is_usual: bool) -> None:
        self.visit, self.number, self.worker, self.is_usual = visit, number, worker, is_usual
        self.other: Attendance | None = None
        self.forget()

    def forget(self) -> None:
        """Be as before the week."""
        self.arrived, self.start, self.seconds, self.ending, self.is_hurried = NOT_YET, -1, 0, MISSED, False


class ServiceUser(mesa.Agent):
    """A person who is visited; ``sums`` are the columns of ``homecare.lived_columns``."""

    def __init__(self, model: Delivery, block: int, people: Any, homes: Any, tariff: Any) -> None:
        super().__init__(model)
        self.block, self.key = block, int(people.key[block])
        self.x, self.y, self.is_rural = float(homes.x[block]), float(homes.y[block]), bool(homes.rural[block])
        self.usual_need = people.need[block].tolist()
        self.length_follows_need = int(people.follows[block])
        self.most_saved = int(people.bank_most[block])
        self.first_bank = self.bank = int(people.bank[block])
        self.social, self.effort = float(people.social[block]), float(people.effort[block])
        self.tariff = Tariff(*tariff[block].tolist())
        self.visits: list[Visit] = []
        self.sums = [0] * c.USER_COLUMNS

    def asks(self, need: float, habits: Any) -> int:
        """Return the seconds that a visit asks for: 2 stands for the longer time of doing things together."""
        return int(need * (habits.with_factor if self.length_follows_need == 2 else 1.0))

    def remember(self, pairs: Any) -> None:
        """Take from the market whom this person knows: workers with count of visits and last week."""
        known = zip(pairs.worker[self.block].tolist(), pairs.count[self.block].tolist(),
                    pairs.week[self.block].tolist(), strict=True)
        self.known_workers = [[worker, count, week] for worker, count, week in known if worker >= 0]

    def expect_week(self) -> None:
        """Draw the need of each visit and whether it is cancelled; a manager's visits are made as planned."""
        model, luck, habits = self.model, self.model.luck, self.model.habits
        self.bank = self.first_bank
        for visit in self.visits:
            visit.need = self.usual_need[visit.part] * luck.need(visit, habits.need_spread)
            cancelled = luck.cancels(visit) < habits.cancelled_share
            visit.bank = self.bank
            if self.length_follows_need and not cancelled:
                self.bank -= min(self.asks(visit.need, habits), visit.agreed + max(self.bank, 0)) - visit.agreed
                self.bank = min(self.bank, self.most_saved)
            for attendance in visit.attendances:
                attendance.forget()
                if cancelled:
                    attendance.ending = CANCELLED
                elif attendance.worker is model.manager:
                    attendance.start = visit.planned
                    attendance.seconds, attendance.ending, _ = stay(visit, 0, 0.0, 0.0, 1.0, habits)

    def meet(self, worker: CareWorker, week: int) -> int:
        """Note a visit of a worker; return how often they had met. The least recent is forgotten."""
        for known in self.known_workers:
            if known[0] == worker.row:
                known[1] += 1
                known[2] = week
                return known[1] - 1
        if len(self.known_workers) < PAIRS:
            self.known_workers.append([worker.row, 1, week])
        else:
            oldest = min(range(PAIRS), key=lambda j: self.known_workers[j][2])
            self.known_workers[oldest] = [worker.row, 1, week]
        return 0

    def look_back(self) -> None:
        """Add up the week, visit by visit."""
        self.sums = sums = [0] * c.USER_COLUMNS
        for visit in self.visits:
            for attendance in visit.attendances:
                sums[c.DUE] += 1
                sums[c.AGREED] += visit.agreed
                sums[c.NEEDED] += int(visit.need)
                sums[c.NEED_PART + visit.part] += int(visit.need)
                if attendance.ending == CANCELLED:
                    sums[c.N_CANCELLED] += 1
                elif attendance.ending == MISSED:
                    sums[c.N_MISSED] += 1
                else:
                    self.add_made(attendance, visit, sums)

    def add_made(self, attendance: Attendance, visit: Visit, sums: list[int]) -> None:
        """Add one attendance that was made."""
        need, start, stayed, ending = visit.need, attendance.start, attendance.seconds, attendance.ending
        sums[c.N_FULL if ending == FULL else c.N_CLIPPED if ending == CLIPPED else c.N_SHORT] += 1
        sums[c.MADE] += 1
        sums[c.N_MOVED] += visit.is_moved
        sums[c.MADE_AGREED] += visit.agreed
        sums[c.LIVED] += stayed
        if self.tariff.band_seconds > 0:
            bands = math.ceil((stayed - self.tariff.grace_seconds) / self.tariff.band_seconds)
            sums[c.BANDED] += min(max(bands, 0) * self.tariff.band_seconds, visit.agreed)
        sums[c.SHORT_CALLS] += visit.agreed < self.tariff.short_seconds
        late = start - visit.planned
        sums[c.LATE] += late > 1800
        sums[c.LATE_SECONDS] += max(late, 0)
        sums[c.HURRIED] += attendance.is_hurried
        is_manager = attendance.worker is self.model.manager
        known = 0 if is_manager else self.meet(attendance.worker, self.model.week)
        sums[c.STRANGERS] += known < 3
        off = abs(start - visit.wanted)
        sums[c.OFF_TIME] += off
        if off <= 1800:
            sums[c.SUITED] += 1
        met = min(stayed, int(need))
        sums[c.MET] += met
        sums[c.MET_PART + visit.part] += met
        room = stayed / need if need > 60.0 else 2.0
        least, most = self.model.habits.practice_from, self.model.habits.with_factor
        share = min(max((room - least) / (most - least), 0.0), 1.0)
        sums[c.PRACTICE] += int(self.effort * share * stayed)
        if stayed > need:
            sums[c.TALK] += stayed - int(need)


class CareWorker(mesa.Agent):
    """A care worker who lives a round a day; ``sums`` are the columns of ``homecare.lived_columns``."""

    def __init__(self, model: Delivery, seat: int, row: int, staff: Any, pay: Any) -> None:
        super().__init__(model)
        self.seat, self.row, self.key = seat, row, int(staff.key[seat])
        self.x, self.y, self.is_rural = float(staff.x[seat]), float(staff.y[seat]), bool(staff.rural[seat])
        self.drives = bool(staff.drives[seat])
        self.minute_pence, self.actual_share = float(pay.minute_pence[seat]), float(pay.actual_share[seat])
        self.rounds: list[list[Attendance]] = [[] for _ in range(DAYS)]
        self.sums = [0] * c.WORKER_COLUMNS

    def begin_day(self, day: int) -> None:
        """Get ready for the round of a day, or stay away."""
        self.round, self.position, self.clock = self.rounds[day], 0, 0
        self.last: ServiceUser | None = None
        self.stays_away = self.model.luck.shows_up(self, day) < self.model.habits.no_show_share

    def seconds_to(self, place: ServiceUser, origin: ServiceUser | CareWorker) -> int:
        """Return the usual seconds of a journey."""
        speed = self.model.speed
        if not self.drives:
            pace = speed.other
        elif origin.is_rural and place.is_rural:
            pace = speed.rural
        elif origin.is_rural or place.is_rural:
            pace = 0.5 * (speed.rural + speed.urban)
        else:
            pace = speed.urban
        dx, dy = origin.x - place.x, origin.y - place.y
        return int(math.sqrt(dx * dx + dy * dy) * pace) + speed.door

    def travel(self, attendance: Attendance) -> None:
        """Arrive at the next door, or give the visit up."""
        visit, habits = attendance.visit, self.model.habits
        factor = self.model.luck.journey(attendance, habits.journey_spread)
        if self.last is None:
            usual = self.seconds_to(visit.user, self)
            arrived = visit.planned + int(usual * factor) - usual
        else:
            usual = 0 if self.last is visit.user else self.seconds_to(visit.user, self.last)
            arrived = self.clock + int(usual * factor)
        gives_up = self.stays_away or max(arrived, 0) - visit.planned > habits.give_up_seconds
        attendance.arrived = NEVER if gives_up else max(arrived, 0)

    def live_on(self) -> list[CareWorker]:
        """Live the round until it ends or must wait for a colleague; return colleagues who can now go on."""
        woken: list[CareWorker] = []
        while self.position < len(self.round):
            attendance = self.round[self.position]
            if attendance.ending == CANCELLED:
                self.position += 1
                continue
            if attendance.arrived == NOT_YET:
                self.travel(attendance)
            other = attendance.other
            if attendance.arrived == NEVER:
                self.position += 1
                if other is not None and NOT_YET < other.arrived < NEVER:
                    woken.append(other.worker)
                continue
            start = max(attendance.arrived, attendance.visit.planned)
            if other is not None:
                if other.arrived == NOT_YET:
                    break
                if other.arrived < NEVER:
                    start = max(start, other.arrived)
            self.attend(attendance, start)
            self.position += 1
            if other is not None and other.ending == MISSED and other.arrived < NEVER:
                woken.append(other.worker)
        if self.position == len(self.round) and self.last is not None:
            self.sums[c.SPAN] += self.clock - self.opened
            self.last = None
        return woken

    def attend(self, attendance: Attendance, start: int) -> None:
        """Give the care, in the minutes that this worker chooses to stay."""
        visit, habits, luck, sums = attendance.visit, self.model.habits, self.model.luck, self.sums
        user = visit.user
        late = start - visit.planned
        stayed, ending, hurried = stay(
            visit, late, self.minute_pence, self.actual_share, luck.leaves_early(visit), habits)
        attendance.start, attendance.seconds, attendance.ending = start, stayed, ending
        attendance.is_hurried = hurried
        if self.last is None:
            self.opened = start
        else:
            sums[c.TRAVEL] += attendance.arrived - self.clock
            idle = start - attendance.arrived
            if idle < self.model.habits.free_gap_seconds:
                sums[c.WAITING] += idle
            if self.last is not user:
                dx, dy = self.last.x - user.x, self.last.y - user.y
                sums[c.METRES] += int(math.sqrt(dx * dx + dy * dy))
        sums[c.CONTACT] += stayed
        sums[c.CONTACT_PLANNED] += visit.agreed
        sums[c.ACTUAL_PAID] += int(self.actual_share * stayed + (1.0 - self.actual_share) * visit.agreed)
        sums[c.WORKER_VISITS] += 1
        if hurried:
            sums[c.WORKER_HURRIED] += 1
        if late > 900:
            sums[c.WORKER_LATE] += 1
        if not attendance.is_usual:
            sums[c.SHORT_NOTICE] += 1
        self.last = user
        besides = habits.extra_seconds
        if luck.incident(visit) < habits.incident_share:
            besides += int(luck.incident_seconds(visit, habits.incident_seconds))
        sums[c.WAITING] += besides
        self.clock = start + stayed + besides


def stay(visit: Visit, late: int, minute_pence: float, actual_share: float, u: float,
         habits: Habits) -> tuple[int, int, bool]:
    """Return (seconds stayed, ending, hurried): the worker's decision at the door."""
    user, agreed, need = visit.user, visit.agreed, visit.need
    loss = habits.pay_weight * actual_share * minute_pence
    wish = agreed
    if user.length_follows_need:
        wish = min(user.asks(need, habits), agreed + max(visit.bank, 0))
    elif need < agreed:
        gain = habits.own_time - loss - habits.company * user.social
        if gain > 0.0 and u < 1.0 - habits.kept_by_company * user.social:
            wish = int(need)
    elif late < habits.late_seconds:
        wish = agreed + min(int(need) - agreed, habits.goodwill_seconds)
    hurried, cut = False, 0.0
    if late > habits.late_seconds:
        cut = (habits.late_dislike * late / 60.0 - loss) / (habits.late_dislike + habits.cut_dislike)
        cut = max(cut, 0.0)
        if cut * 60.0 > habits.cut_most * agreed:
            cut = habits.cut_most * agreed / 60.0
        hurried = cut >= 1.0
    stayed = max(wish - int(cut * 60.0), int(habits.least_stay * agreed))
    if stayed >= 0.9 * agreed:
        return stayed, FULL, hurried
    return stayed, CLIPPED if hurried and stayed < need else SHORT, hurried
