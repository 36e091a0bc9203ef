"""Laws of visits: planned = full + short by agreement + clipped + cancelled + missed, by attendance."""

from __future__ import annotations

import numpy as np
import pytest
from checks import MADE
from hypothesis import given
from worlds import few, live, scenarios

from homecare import lived_columns as c
from homecare.market import Market
from homecare.scenario import Scenario
from homecare.week.kernels.layout import (
    CANCELLED,
    CLIPPED,
    FULL,
    MANAGER,
    MISSED,
    NOBODY,
    NOT_DUE,
    SHORT,
)

pytestmark = pytest.mark.laws

COUNTS = ((FULL, c.N_FULL), (SHORT, c.N_SHORT), (CLIPPED, c.N_CLIPPED), (CANCELLED, c.N_CANCELLED),
          (MISSED, c.N_MISSED))


def check_attendances(market: Market) -> None:
    """Every due attendance has one end, and the sums by person are those of the attendances."""
    visits, rounds, due = market.overlay.visits, market.overlay.rounds, market.overlay.due
    lived = market.lived
    slots = lived.ending.reshape(-1, 56)
    for block in range(market.packages.capacity):
        if not due[block]:
            assert np.all(slots[block] == NOT_DUE) and not lived.users[block].any()
            continue
        ends = dict.fromkeys((FULL, SHORT, CLIPPED, CANCELLED, MISSED), 0)
        planned = agreed = made_agreed = seconds = 0
        for visit in range(28 * block, 28 * block + 28):
            for attendance in (2 * visit, 2 * visit + 1):
                end = int(lived.ending[attendance])
                if attendance % 2 >= visits.carers[visit]:
                    assert end == NOT_DUE
                    continue
                ends[end] += 1
                planned += 1
                agreed += int(visits.seconds[visit])
                worker = int(rounds.worker[attendance])
                assert worker >= 0 or worker in (NOBODY, MANAGER)
                if end in MADE:
                    assert worker != NOBODY, "a visit was made by nobody"
                    assert lived.start[attendance] >= 0 and lived.seconds[attendance] > 0
                    made_agreed += int(visits.seconds[visit])
                    seconds += int(lived.seconds[attendance])
                else:
                    assert lived.seconds[attendance] == 0 and lived.start[attendance] == -1
                if end == CLIPPED:
                    assert lived.seconds[attendance] < 0.9 * visits.seconds[visit]
                if end == FULL:
                    assert lived.seconds[attendance] >= 0.9 * visits.seconds[visit]
        users = lived.users[block]
        assert planned == sum(ends.values()) == users[c.DUE]
        assert [users[column] for _, column in COUNTS] == [ends[end] for end, _ in COUNTS]
        assert users[c.MADE] == ends[FULL] + ends[SHORT] + ends[CLIPPED]
        assert (users[c.AGREED], users[c.MADE_AGREED], users[c.LIVED]) == (agreed, made_agreed, seconds)
        assert users[c.MET] <= users[c.LIVED]
        assert users[c.MET] == users[c.MET_PART : c.MET_PART + 4].sum()
        assert users[c.NEEDED] == users[c.NEED_PART : c.NEED_PART + 4].sum()


def check_planned_column(market: Market) -> None:
    """The planned seconds of a package are those of its visits, and free blocks are empty."""
    p = market.packages
    carers, seconds = p.visit_carers.reshape(-1, 28), p.visit_seconds.reshape(-1, 28)
    for block in np.flatnonzero(p.active).tolist():
        assert p.planned[block] == sum(
            int(n) * int(s) for n, s in zip(carers[block], seconds[block], strict=True))
    free = ~p.active
    assert not carers[free].any() and not p.planned[free].any()
    assert np.all(p.base_worker.reshape(-1, 56)[free] == NOBODY)
    assert np.all(p.agency[free] == NOBODY) and np.all(p.user[free] == NOBODY)


def check_work(market: Market) -> None:
    """What workers (by seat) did adds up to what people were given, managers' visits apart."""
    rounds, lived = market.overlay.rounds, market.lived
    by_worker: dict[int, list[int]] = {}
    for attendance in np.flatnonzero(np.isin(lived.ending, MADE)).tolist():
        done = by_worker.setdefault(int(rounds.worker[attendance]), [0, 0])
        done[0] += int(lived.seconds[attendance])
        done[1] += 1
    by_worker.pop(MANAGER, None)
    for worker in range(market.overlay.rows.size):
        contact, visits = by_worker.pop(worker, [0, 0])
        assert lived.workers[worker, c.CONTACT] == contact
        assert lived.workers[worker, c.WORKER_VISITS] == visits
        span = lived.workers[worker, [c.CONTACT, c.TRAVEL, c.WAITING]].sum()
        assert span <= lived.workers[worker, c.SPAN], "more minutes than from the first door to the last"
        assert np.all(lived.workers[worker] >= 0)
    assert not by_worker


@given(scenario=scenarios())
@few()
def test_every_planned_visit_has_one_end_and_the_sums_agree(scenario: Scenario) -> None:
    def before(market: Market) -> None:
        check_attendances(market)
        check_work(market)
        check_planned_column(market)

    live(scenario, before=before, after=check_planned_column).close()


@given(scenario=scenarios())
@few()
def test_weekly_shares_of_visits_lie_between_none_and_all(scenario: Scenario) -> None:
    def after(market: Market) -> None:
        s = market.series
        for name in ("need_met", "late_visits", "clipped_visits", "hurried_visits", "visits_at_wanted_time",
                     "strangers", "zero_hours_share", "acceptance", "largest_four", "small_agencies"):
            assert np.isnan(s[name]) or 0.0 <= s[name] <= 1.0, f"{name} is {s[name]}"
        assert np.isnan(s["scrqol"]) or 0.0 <= s["scrqol"] <= 24.0

    live(scenario, after=after).close()
