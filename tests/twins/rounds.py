"""A twin of the kernels that put visits into rounds: every place is tried and every new round walked through."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from homecare.tariff import Tariff
from homecare.week.kernels.layout import MANAGER, NOBODY, STOPS, Homes, Rounds, Staff, Visits, Weights
from twins.facts import set_around

LAST_RESORT = 1e6


class Plan:
    """Rounds as lists, one a worker and day; ``visits`` and ``worker`` are changed in place."""

    def __init__(self, visits: Visits, rounds: Rounds, homes: Homes, speed) -> None:
        self.visits, self.worker, self.homes, self.speed = visits, rounds.worker, homes, speed
        self.rounds = [rounds.stops[row, :n].tolist() for row, n in enumerate(rounds.n_stops.tolist())]
        self.seconds = rounds.week_seconds

    def road(self, ax, ay, a_rural, bx, by, b_rural, drives: bool) -> int:
        """Seconds between two places."""
        speed = self.speed
        if not drives:
            pace = speed.other
        elif a_rural and b_rural:
            pace = speed.rural
        elif a_rural or b_rural:
            pace = 0.5 * (speed.rural + speed.urban)
        else:
            pace = speed.urban
        return int(math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by)) * pace) + speed.door

    def leg(self, a: int, b: int, drives: bool) -> int:
        """Seconds between the homes of two blocks."""
        h = self.homes
        return 0 if a == b else self.road(h.x[a], h.y[a], h.rural[a], h.x[b], h.y[b], h.rural[b], drives)

    def from_home(self, staff: Staff, worker: int, block: int) -> int:
        """Seconds between a worker's home and a block."""
        h = self.homes
        return self.road(staff.x[worker], staff.y[worker], staff.rural[worker], h.x[block], h.y[block],
                         h.rural[block], staff.drives[worker])

    def legs(self, stops: list[int], drives: bool) -> int:
        """Seconds between the visits of a round."""
        return sum(self.leg(a // 56, b // 56, drives) for a, b in zip(stops, stops[1:], strict=False))

    def home_part(self, staff: Staff, worker: int, stops: list[int]) -> int:
        """Seconds from home to the first visit and from the last one home."""
        if not stops:
            return 0
        return (self.from_home(staff, worker, stops[0] // 56)
                + self.from_home(staff, worker, stops[-1] // 56))

    def end(self, attendance: int) -> int:
        """When an attendance ends as planned."""
        return int(self.visits.start[attendance // 2]) + int(self.visits.seconds[attendance // 2])

    def bounds(self, staff: Staff, worker: int, day: int, attendance: int,
               position: int) -> tuple[int, int, int | None, int | None]:
        """Return earliest arrival and last start at a position, and both again for a neighbour's sake.

        The second pair counts dead time; None where there is no neighbour.
        """
        stops, block = self.rounds[7 * worker + day], attendance // 56
        drives, seconds = bool(staff.drives[worker]), int(self.visits.seconds[attendance // 2])
        arrive, leave = int(staff.day_start[worker, day]), int(staff.day_end[worker, day]) - seconds
        ready, gone = None, None
        if position > 0:
            arrive = self.end(stops[position - 1]) + self.leg(stops[position - 1] // 56, block, drives)
            ready = arrive
        if position < len(stops):
            after = stops[position]
            leave = int(self.visits.start[after // 2]) - self.leg(block, after // 56, drives) - seconds
            gone = leave
        return arrive, leave, ready, gone

    def places(self, attendance: int, workers, early: int, late: int, wanted: int, limit_of, absent, familiarity,
               staff: Staff, weights: Weights) -> Iterator[tuple[float, int, int, int, int]]:
        """Yield (cost, worker, position, start, extra seconds) of every feasible place, in the order tried."""
        visit, block = attendance // 2, attendance // 56
        day, seconds = visit % 28 // 4, int(self.visits.seconds[attendance // 2])
        for worker in workers:
            worker = int(worker)
            stops = self.rounds[7 * worker + day]
            dx, dy = staff.x[worker] - self.homes.x[block], staff.y[worker] - self.homes.y[block]
            if (int(absent[worker]) >> day & 1 or worker == self.worker[attendance ^ 1]
                    or dx * dx + dy * dy > weights.reach_metres * weights.reach_metres or len(stops) >= STOPS):
                continue
            used = int(self.seconds[worker])
            idle = max(int(staff.promised[worker]) - used, 0)
            drives = bool(staff.drives[worker])
            for position in range(len(stops) + 1):
                arrive, leave, ready, gone = self.bounds(staff, worker, day, attendance, position)
                lowest = max(arrive, early, int(staff.day_start[worker, day]))
                highest = min(leave, late, int(staff.day_end[worker, day]) - seconds)
                if lowest > highest:
                    continue
                longer = [*stops[:position], attendance, *stops[position:]]
                extra = self.legs(longer, drives) - self.legs(stops, drives)
                needed = used + seconds + max(extra, 0)  # a shorter way (another pace) does not make room
                if needed > limit_of(worker):
                    continue
                home = weights.home_leg * (self.home_part(staff, worker, longer)
                                           - self.home_part(staff, worker, stops))
                fits = []
                for start in (lowest, highest, min(max(wanted, lowest), highest)):
                    before = weights.long_gap if ready is None else start - ready
                    after = weights.long_gap if gone is None else gone - start
                    dead = sum(gap for gap in (before, after) if gap < weights.long_gap)
                    fits.append((weights.off_time * abs(start - wanted) + weights.dead_time * dead, start))
                fit, start = min(fits, key=lambda pair: pair[0])
                cost = home + (extra + fit)
                cost -= weights.familiar * familiarity[worker]
                cost -= weights.idle_promise * min(seconds, idle)
                if int(staff.days_off[worker]) >> day & 1 or needed > staff.usual[worker]:
                    cost += LAST_RESORT
                yield cost, worker, position, start, extra

    def best(self, attendance: int, workers, early: int, late: int, wanted: int, absent, familiarity,
             staff: Staff, weights: Weights, stretch: float = 1.0):
        """Return the cheapest place, the first of those that cost the same; None where there is none."""
        found = list(self.places(attendance, workers, early, late, wanted,
                                 lambda w: int(staff.limit[w] * stretch), absent, familiarity, staff, weights))
        return min(found, key=lambda place: place[0], default=None)

    def place(self, attendance: int, workers, absent, familiarity, staff: Staff, weights: Weights,
              widen: int = 0, stretch: float = 1.0) -> bool:
        """Give an attendance to whoever it is cheapest with; return whether anybody could."""
        visit, v = attendance // 2, self.visits
        early, late, wanted = int(v.early[visit]) - widen, int(v.late[visit]) + widen, int(v.wanted[visit])
        if self.worker[attendance ^ 1] >= 0:
            early = late = wanted = int(v.start[visit])
        found = self.best(attendance, workers, early, late, wanted, absent, familiarity, staff, weights, stretch)
        if found is None:
            return False
        _, worker, position, start, extra = found
        self.rounds[7 * worker + visit % 28 // 4].insert(position, attendance)
        self.worker[attendance] = worker
        v.start[visit] = start
        self.seconds[worker] += extra + v.seconds[visit]
        return True

    def take_out(self, attendance: int, staff: Staff) -> None:
        """Take an attendance out of its round."""
        worker = int(self.worker[attendance])
        self.worker[attendance] = NOBODY
        if worker < 0:
            return
        stops = self.rounds[7 * worker + attendance // 2 % 28 // 4]
        drives = bool(staff.drives[worker])
        before = self.legs(stops, drives)
        stops.remove(attendance)
        self.seconds[worker] -= before - self.legs(stops, drives) + self.visits.seconds[attendance // 2]

    def known_to(self, block: int) -> dict[int, float]:
        """Who has visits of a person in these rounds, as familiarity."""
        return {int(w): 1.0 for w in self.worker[56 * block : 56 * block + 56] if w >= 0}


class Familiar(dict):
    """Familiarity by worker, none where nothing is said."""

    def __missing__(self, worker: int) -> float:
        return 0.0


def team_of(c, agency: int) -> list[int]:
    """Return the workers of an agency."""
    return c["team"][c["team_first"][agency] : c["team_first"][agency + 1]].tolist()


def place_blocks(**c) -> tuple[Plan, int]:
    """Twin of `insertion.place_blocks`."""
    plan, placed = Plan(c["visits"], c["rounds"], c["homes"], c["speed"]), 0
    for block in c["blocks"].tolist():
        if c["block_agency"][block] < 0:
            continue
        team = team_of(c, c["block_agency"][block])
        for a in range(56 * block, 56 * block + 56):
            if a % 2 < plan.visits.carers[a // 2] and plan.worker[a] < 0:
                placed += plan.place(a, team, c["absent"], Familiar(plan.known_to(block)), c["staff"], c["weights"])
    return plan, placed


def improve(**c) -> tuple[Plan, int]:
    """Twin of `insertion.improve`."""
    plan, moved = Plan(c["visits"], c["rounds"], c["homes"], c["speed"]), 0
    for a in c["attendances"].tolist():
        old, block = int(plan.worker[a]), a // 56
        if old < 0 or c["block_agency"][block] < 0:
            continue
        familiar = Familiar(plan.known_to(block))
        plan.take_out(a, c["staff"])
        plan.place(a, team_of(c, c["block_agency"][block]), c["absent"], familiar, c["staff"], c["weights"])
        moved += plan.worker[a] != old
    return plan, moved


def cover(**c) -> tuple[Plan, list[int]]:
    """Twin of `cover.cover`."""
    plan = Plan(c["visits"], c["rounds"], c["homes"], c["speed"])
    done = [0, 0, 0, 0, 0]
    for block in c["blocks"].tolist():
        if not c["due"][block]:
            continue
        agency = int(c["block_agency"][block])
        team = team_of(c, agency)
        pairs = zip(c["pair_worker"][block].tolist(), c["pair_count"][block].tolist(), strict=True)
        familiar = Familiar({w: min(1.0, n / 6.0) for w, n in pairs if w in team})
        for a in range(56 * block, 56 * block + 56):
            visit = a // 2
            if a % 2 >= plan.visits.carers[visit] or plan.worker[a] != NOBODY:
                continue
            done[0] += 1
            needs = plan.visits.seconds[visit] + c["remedies"].manager_visit_seconds
            if plan.place(a, list(familiar), c["absent"], familiar, c["staff"], c["weights"]):
                done[1] += 1
            elif plan.place(a, team, c["absent"], familiar, c["willing"], c["far"]):
                worker, day = int(plan.worker[a]), visit % 28 // 4
                beyond = plan.seconds[worker] > c["willing"].usual[worker]
                done[2 if beyond or int(c["willing"].days_off[worker]) >> day & 1 else 1] += 1
            elif c["manager_seconds"][agency] >= needs:
                c["manager_seconds"][agency] -= needs
                plan.worker[a] = MANAGER
                done[3] += 1
            elif plan.worker[a ^ 1] == NOBODY and plan.place(
                    a, team, c["absent"], familiar, c["willing"], c["far"], c["remedies"].moved_seconds):
                c["moved"][visit] = True
                done[4] += 1
    return plan, done


def take_out_blocks(**c) -> tuple[Plan, None]:
    """Twin of `insertion.take_out_blocks`."""
    plan = Plan(c["visits"], c["rounds"], c["homes"], c["speed"])
    for block in c["blocks"].tolist():
        for a in range(56 * block, 56 * block + 56):
            plan.take_out(a, c["staff"])
    return plan, None


def empty_rounds(**c) -> tuple[Plan, None]:
    """Twin of `insertion.empty_rounds`."""
    plan = Plan(None, c["rounds"], None, None)
    for worker in c["workers"].tolist():
        plan.worker[plan.worker == worker] = NOBODY
        plan.rounds[7 * worker : 7 * worker + 7] = [[] for _ in range(7)]
        plan.seconds[worker] = 0
    return plan, None


def lay_out(**c) -> tuple[Plan, None]:
    """Twin of `rota_review.lay_out`."""
    plan, staff = Plan(c["visits"], c["rounds"], c["homes"], c["speed"]), c["staff"]
    for slot in c["slots"].tolist():
        plan.take_out(2 * slot, staff)
        plan.take_out(2 * slot + 1, staff)
    for start, i, half in sorted((int(c["start"][i]), i, half) for i in range(c["slots"].size) for half in (0, 1)):
        slot, w = int(c["slots"][i]), int(c["worker"][i, half])
        if w >= 0:
            stops = plan.rounds[7 * w + c["day"]]
            road = plan.leg(stops[-1] // 56, slot // 28, bool(staff.drives[w])) if stops else 0
            stops.append(2 * slot + half)
            plan.worker[2 * slot + half], plan.visits.start[slot] = w, start
            plan.seconds[w] += road + plan.visits.seconds[slot]
    return plan, None


def take_seats(**c) -> None:
    """Twin of `cover.take_seats`, by whole arrays; what lies behind the last stop of a round is nobody's."""
    seats, seated, lasting = np.arange(c["first"], c["last"]), c["seated"], c["lasting"]
    workers = c["rows"][seats]
    seated.week_seconds[seats] = lasting.week_seconds[workers]
    here, there = ((7 * of[:, None] + np.arange(7)).ravel() for of in (seats, workers))
    away = (c["absent"][seats][:, None] >> np.arange(7) & 1).ravel() > 0
    n = seated.n_stops[here] = np.where(away, 0, lasting.n_stops[there])
    seated.free[here] = np.where(away, np.uint64((1 << 64) - 1), lasting.free[there])
    for name in ("stops", "starts", "ends"):
        column, given = getattr(seated, name), getattr(lasting, name)
        column[here] = np.where(np.arange(column.shape[1]) < n[:, None], given[there], column[here])
    plan = Plan(c["visits"], lasting, c["homes"], c["speed"])
    for seat, row in zip(here[away] // 7, there[away], strict=True):
        left = np.array(plan.rounds[row], np.int64)
        seated.worker[left] = NOBODY
        seated.week_seconds[seat] -= c["visits"].seconds[left // 2].sum()
        seated.week_seconds[seat] -= plan.legs(left.tolist(), bool(c["drives"][row // 7]))


def quarters_free(stops: list[int], visits: Visits | None) -> int:
    """Return the quarters of an hour from 6:45 to 22:45 that no visit of a round touches, as bits."""
    free = (1 << 64) - 1
    for a in stops:
        start = int(visits.start[a // 2])
        end = start + int(visits.seconds[a // 2])
        for quarter in range(64):
            if start < 24300 + 900 * (quarter + 1) and end > 24300 + 900 * quarter:
                free &= ~(1 << quarter)
    return free


def resize_blocks(**c) -> tuple[Plan, int]:
    """Twin of `resizing.resize_blocks`."""
    plan, lost, staff = Plan(c["visits"], c["rounds"], c["homes"], c["speed"]), 0, c["staff"]
    v = plan.visits
    for i, block in enumerate(c["blocks"].tolist()):
        for slot in range(28):
            visit, day = 28 * block + slot, slot // 4
            new = int(c["seconds"][i, slot % 4]) if int(c["days"][i]) >> day & 1 else 0
            old = int(v.seconds[visit]) if v.carers[visit] else 0
            both = [a for a in (2 * visit, 2 * visit + 1) if a % 2 < v.carers[visit] and plan.worker[a] >= 0]
            if new == old:
                continue
            if new == 0:
                for a in (2 * visit, 2 * visit + 1):
                    plan.take_out(a, staff)
                v.carers[visit] = 0
                continue
            if old == 0:
                v.carers[visit], v.seconds[visit] = c["carers"][i], new
                continue
            if new > old and not all(fits_longer(plan, a, new, new - old, staff) for a in both):
                for a in both:
                    plan.take_out(a, staff)
                lost += len(both)
            else:
                for a in both:
                    plan.seconds[plan.worker[a]] += new - old
            v.seconds[visit] = new
        slots = slice(28 * block, 28 * block + 28)
        c["planned"][block] = sum((v.seconds[slots].astype(np.int64) * v.carers[slots]).tolist())
    set_around(visits=v, blocks=c["blocks"], band=c["band"])
    return plan, lost


def fits_longer(plan: Plan, attendance: int, seconds: int, more: int, staff: Staff) -> bool:
    """Return whether an attendance may become longer where it stands."""
    worker, day = int(plan.worker[attendance]), attendance // 2 % 28 // 4
    stops = plan.rounds[7 * worker + day]
    ends = int(plan.visits.start[attendance // 2]) + seconds
    after = stops[stops.index(attendance) + 1 :]
    if after:
        road = plan.leg(attendance // 56, after[0] // 56, bool(staff.drives[worker]))
        fits = ends + road <= plan.visits.start[after[0] // 2]
    else:
        fits = ends <= staff.day_end[worker, day]
    return bool(fits) and plan.seconds[worker] + more <= staff.limit[worker]


def agree_time(plan: Plan, visit: int, band: int, widen: int, team: list[int], absent, familiar: dict,
               staff: Staff, weights: Weights) -> int:
    """Twin of `agreeing.agree_time`: seek a time within ``widen`` of the wanted one; return attendances gained."""
    v = plan.visits
    halves = [2 * visit + k for k in range(v.carers[visit])]
    had = [a for a in halves if plan.worker[a] >= 0]
    if len(had) == len(halves):
        return 0
    wanted, gained = int(v.wanted[visit]), 0
    if len(halves) == 1:
        v.early[visit], v.late[visit] = max(wanted - widen, 0), wanted + widen
        gained = place_open(plan, halves, team, absent, familiar, staff, weights)
        if not gained:
            v.start[visit] = wanted
    else:
        start = int(v.start[visit]) if had else wanted
        for a in had:
            plan.take_out(a, staff)
        shifts = sorted(range(-(widen // 900), widen // 900 + 1), key=lambda k: (abs(k), -k))
        for at in (wanted + 900 * k for k in shifts):
            if at < 0:
                continue
            v.early[visit] = v.late[visit] = at
            if plan.place(halves[0], team, absent, familiar, staff, weights):
                if plan.place(halves[1], team, absent, familiar, staff, weights):
                    familiar.update({int(plan.worker[a]): 1.0 for a in halves})
                    gained = 2 - len(had)
                    break
                plan.take_out(halves[0], staff)
        if plan.worker[halves[0]] < 0:
            v.early[visit], v.late[visit], v.start[visit] = max(start - band, 0), start + band, start
            gained = place_open(plan, halves, team, absent, familiar, staff, weights) - len(had)
    v.early[visit], v.late[visit] = max(int(v.start[visit]) - band, 0), int(v.start[visit]) + band
    return gained


def place_open(plan: Plan, halves: list[int], team, absent, familiar: dict, staff: Staff, weights: Weights) -> int:
    """Place the attendances of a visit that nobody has; return how many were."""
    placed = 0
    for a in halves:
        if plan.worker[a] < 0 and plan.place(a, team, absent, familiar, staff, weights):
            familiar[int(plan.worker[a])] = 1.0
            placed += 1
    return placed


def agree_again(**c) -> tuple[Plan, int]:
    """Twin of `agreeing.agree_again`."""
    plan, gained = Plan(c["visits"], c["rounds"], c["homes"], c["speed"]), 0
    for block in c["blocks"].tolist():
        team, familiar = team_of(c, int(c["block_agency"][block])), Familiar(plan.known_to(block))
        for visit in range(28 * block, 28 * block + 28):
            if plan.visits.carers[visit]:
                gained += agree_time(plan, visit, int(c["band"][block]), c["widen"], team, c["absent"], familiar,
                                     c["staff"], c["weights"])
    return plan, gained


def clear(**c) -> tuple[Plan, list[int], list[int]]:
    """Twin of `purchase.clear`: ask one after the other, say yes or no in words, and settle the times."""
    plan, requests, terms = Plan(c["visits"], c["rounds"], c["homes"], c["speed"]), c["requests"], c["terms"]
    v, taken, declined = plan.visits, [], []
    for i, block in enumerate(requests.block.tolist()):
        taken.append(NOBODY)
        declined.append(0)
        planned = [n for n in range(28 * block, 28 * block + 28) if v.carers[n]]
        seconds = sum(int(v.seconds[n]) * int(v.carers[n]) for n in planned)
        visits = sum(int(v.carers[n]) for n in planned)
        for place, agency in enumerate(requests.asked[i].tolist()):
            if agency < 0 or not planned:
                break
            c["asked_count"][agency] += 1
            team = team_of(c, agency)
            if terms.room[agency] < terms.room_share * seconds:
                c["refused_seconds"][agency] += seconds
                continue
            days = [n % 28 // 4 for n in planned]
            first = next((day for day in days if day > 0), days[-1])
            tried = [n for day in (first, min(days[-1], 5)) for n in planned if n % 28 // 4 == day]
            offers = [(n, plan.best(2 * n, team, int(v.wanted[n]) - c["widen"], int(v.wanted[n]) + c["widen"],
                                    int(v.wanted[n]), c["absent"], Familiar(), c["staff"], c["weights"]))
                      for n in tried]
            found = [(n, offer) for n, offer in offers if offer]
            obliged = bool(requests.obliged[i, place])
            fits = terms.obliged_fits[agency] if obliged else terms.fits[agency]
            if not tried or len(found) < fits * len(tried):
                c["refused_seconds"][agency] += seconds
                continue
            travel = sum(offer[4] for _, offer in found) * visits / max(len(found), 1)
            own = bool(requests.own[i])
            offer = int(requests.offer[i, place])
            paid = Tariff(*requests.tariffs[offer].tolist())
            if own:
                paid = Tariff(planned_hour=int(terms.price[agency]))
            attendances = [int(v.seconds[n]) for n in planned for _ in range(v.carers[n])]
            line = pounds_and_pence(paid, attendances, float(terms.lived_share[agency]),
                                    int(requests.assessed[i]), bool(c["homes"].rural[block]))
            held = (line * paid.at_risk + 5000) // 10000
            revenue = float(requests.reaches[offer]) * (line - held)
            revenue += held * (paid.payout / 10000.0) * float(requests.chance[i, agency])
            work = seconds + terms.travel_paid[agency] * travel - terms.idle[agency]
            cost = (terms.hour_cost[agency] * max(work, 0.0) / 3600.0
                    + terms.running[agency] * seconds / 3600.0)
            if not obliged and revenue - cost < terms.surplus[agency] * revenue:
                continue
            if sum(abs(offer[3] - int(v.wanted[n])) for n, offer in found) > requests.tolerance[i] * len(found):
                declined[i] += 1
                continue
            settle(plan, block, int(c["band"][block]), c["widen"], team, c["absent"], c["staff"], c["weights"])
            c["block_agency"][block] = agency
            taken[i] = place
            terms.idle[agency] = max(terms.idle[agency] - seconds - travel, 0.0)
            terms.room[agency] -= seconds + travel
            break
    return plan, taken, declined


def whole_bands(seconds: int, agreed: int, paid: Tariff) -> int:
    """Time that is paid of a visit by bands, up to what was agreed."""
    if paid.band_seconds <= 0:
        return 0
    bands = math.ceil((seconds - paid.grace_seconds) / paid.band_seconds)
    return min(max(bands, 0) * paid.band_seconds, agreed)


def pounds_and_pence(paid: Tariff, attendances: list[int], lived_share: float, assessed: int, rural: bool) -> int:
    """Pence that an agency expects of a week: a tariff in words."""
    if paid.assessed_band_seconds > 0:
        assessed = assessed // paid.assessed_band_seconds * paid.assessed_band_seconds + paid.assessed_band_seconds // 2
    hours = (paid.planned_hour + paid.promised_hour) * sum(attendances)
    hours += paid.actual_hour * int(lived_share * sum(attendances)) + paid.assessed_hour * assessed
    hours += paid.banded_hour * sum(whole_bands(int(lived_share * s), s, paid) for s in attendances)
    by_visit = len(attendances) * (paid.visit + (paid.rural_visit if rural else 0))
    short = paid.short_visit * sum(s < paid.short_seconds for s in attendances)
    return (hours + 1800) // 3600 + by_visit + short + paid.user_week


def settle(plan: Plan, block: int, band: int, widen: int, team: list[int], absent, staff: Staff,
           weights: Weights) -> None:
    """Twin of `purchase.settle`: the first day that fits gives each part of the day its usual time."""
    v, familiar = plan.visits, Familiar()
    for part in range(4):
        usual = None
        for visit in range(28 * block + part, 28 * block + 28, 4):
            if not v.carers[visit]:
                continue
            if usual is not None:
                v.early[visit], v.late[visit] = max(usual - band, 0), usual + band
                place_open(plan, [2 * visit + k for k in range(v.carers[visit])], team, absent, familiar, staff,
                           weights)
            agree_time(plan, visit, band, widen, team, absent, familiar, staff, weights)
            if usual is None and plan.worker[2 * visit] >= 0:
                usual = int(v.start[visit])
