"""Rounds, attendances and days looked at one by one in plain Python, without the kernels' own helpers."""

from __future__ import annotations

import math

import numpy as np

from homecare.agents.care_worker import WORKING
from homecare.market import Market
from homecare.week.kernels.layout import CLIPPED, FULL, NOBODY, SHORT, Rounds, Visits

MADE = (FULL, SHORT, CLIPPED)


def leg_seconds(market: Market, here: int, there: int, drives: bool) -> int:
    """Seconds from one block's home to another's, from the words of `homecare.travel`."""
    if here == there:
        return 0
    p, speed = market.packages, market.speed
    if not drives:
        pace = speed.other
    else:
        pace = {2: speed.rural, 1: 0.5 * (speed.rural + speed.urban), 0: speed.urban}[
            int(p.rural[here]) + int(p.rural[there])]
    dx, dy = float(p.x[here] - p.x[there]), float(p.y[here] - p.y[there])
    return int(math.sqrt(dx * dx + dy * dy) * pace) + speed.door


def check_rounds(market: Market, visits: Visits, rounds: Rounds, rows: np.ndarray, absent: np.ndarray,
                 runs: np.ndarray, moved_seconds: int) -> None:
    """Fail unless every round can be walked as planned and all tables of rounds say the same.

    Parameters
    ----------
    rows : int64[S], the worker whose rounds stand at each place of the tables
    absent : int64[S], bit mask of days on which nobody may be planned
    runs : bool[B], blocks that may stand in rounds
    moved_seconds : how far beyond a window a start may lie; above 0 also says that willing workers may come
        on a day off, within the hours of their other days
    """
    w, p = market.care_workers, market.packages
    seen: set[int] = set()
    for seat, worker in enumerate(rows.tolist()):
        total = 0
        drives = bool(w.drives[worker])
        shifts = [(int(a), int(b)) for a, b in zip(w.day_start[worker], w.day_end[worker], strict=True)]
        for day in range(7):
            row = 7 * seat + day
            stops = rounds.stops[row, : rounds.n_stops[row]].tolist()
            check_repeated_times(visits, rounds, row, stops)
            if not stops:
                continue
            assert w.alive[worker] and w.state[worker] == WORKING, f"worker {worker} does not work"
            assert not int(absent[seat]) >> day & 1, f"worker {worker} is away on day {day}"
            opens, closes = shifts[day]
            if opens == closes and moved_seconds:
                opens = min(a for a, b in shifts if a < b)
                closes = max(b for _, b in shifts)
            clock, here = opens, None
            for attendance in stops:
                visit, block = attendance // 2, attendance // 56
                assert attendance not in seen, f"attendance {attendance} stands in two rounds"
                seen.add(attendance)
                assert rounds.worker[attendance] == seat
                assert visit % 28 // 4 == day, f"attendance {attendance} stands in the round of another day"
                assert attendance % 2 < visits.carers[visit], f"attendance {attendance} is not planned"
                assert runs[block] and p.agency[block] == w.agency[worker]
                assert not p.assisted[block] or p.user[block] == w.employer[worker], "an assistant of somebody else"
                start, seconds = int(visits.start[visit]), int(visits.seconds[visit])
                assert visits.early[visit] - moved_seconds <= start <= visits.late[visit] + moved_seconds
                road = 0 if here is None else leg_seconds(market, here, block, drives)
                assert start >= clock + road, f"worker {worker}, day {day}: too late for visit {visit}"
                total += road + seconds
                clock, here = start + seconds, block
            assert clock <= closes, f"worker {worker} works beyond the shift of day {day}"
        assert rounds.week_seconds[seat] == total, f"worker {worker}: the week's seconds do not add up"
    placed = np.flatnonzero(rounds.worker >= 0)
    assert seen == set(placed.tolist()), "an attendance has a worker and stands in no round"
    assert not np.any(rounds.n_stops[7 * rows.size :]), "a row without a worker has a round"


def check_repeated_times(visits: Visits, rounds: Rounds, row: int, stops: list[int]) -> None:
    """Fail where the times kept beside the stops, or the quarters of an hour still free, are not the visits'."""
    free = (1 << 64) - 1
    for j, attendance in enumerate(stops):
        start = int(visits.start[attendance // 2])
        end = start + int(visits.seconds[attendance // 2])
        assert (rounds.starts[row, j], rounds.ends[row, j]) == (start, end)
        for quarter in range(64):
            opens = 24300 + 900 * quarter
            if start < opens + 900 and opens < end:
                free &= ~(1 << quarter)
    assert int(rounds.free[row]) == free


def check_lived_once(market: Market) -> None:
    """Fail where a worker was with two people at once, on the road while caring, or two carers came apart."""
    overlay, lived = market.overlay, market.lived
    visits, rounds = overlay.visits, overlay.rounds
    for seat, worker in enumerate(overlay.rows.tolist()):
        for day in range(7):
            row = 7 * seat + day
            free, here = 0, None
            for attendance in rounds.stops[row, : rounds.n_stops[row]].tolist():
                if lived.ending[attendance] not in MADE:
                    continue
                start = int(lived.start[attendance])
                if here is not None:
                    gap = 0 if here == attendance // 56 else 1
                    assert start >= free + gap, f"worker {worker} works a minute of day {day} twice"
                assert start >= visits.start[attendance // 2], "a visit begins before its agreed start"
                free, here = start + int(lived.seconds[attendance]), attendance // 56
                other = attendance ^ 1
                if lived.ending[other] in MADE and rounds.worker[other] >= 0:
                    assert lived.start[other] == start, "two who must meet begin apart"


def open_blocks(market: Market) -> np.ndarray:
    """Return bool[B]: blocks that have an agency, or assistants whom the person employs."""
    p = market.packages
    return p.active & ((p.agency != NOBODY) | p.assisted)
