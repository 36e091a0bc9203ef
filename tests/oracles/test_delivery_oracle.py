"""Delivery against a twin that asks backwards instead of walking rounds; and the sums of what users lived."""

from __future__ import annotations

import numpy as np
import pytest

from homecare import lived_columns as c
from homecare.market import Market
from homecare.scenario import load
from homecare.tariff import Tariff
from homecare.week.kernels.layout import CANCELLED, CLIPPED, FULL, MISSED, SHORT
from twins.calls import Call, recorded
from twins.delivery import NOT_DUE, Week, decide, not_due
from twins.rounds import Plan, whole_bands

STYLES = {
    "fixed": (),
    "as lived": ("policy.payment.kind=actual_minutes",),
    "in bands": ("policy.payment.kind=banded_minutes",),
    "follows need": ("policy.care_planning.kind=outcome",),
    "doing together": ("policy.reablement.share_of_starts=1", "policy.reablement.places=40"),
    "weekly budget": ("policy.care_planning.kind=weekly_time_budget", "policy.care_planning.bankable=20"),
}


def weeks_of(overrides: tuple[str, ...]) -> tuple[list[Call], list[Call]]:
    """Return the calls of delivery and of adding up in eight weeks of a small market."""
    scenario = load("hamlet", (*overrides, "uncertainty.delivery.no_show_share=0.005",
                               "initial.demand.two_carers_share=0.25"), scale=0.8)
    with recorded("homecare.week.kernels.delivery", "deliver") as lived, \
            recorded("homecare.week.delivery", "add_up") as added:
        market = Market(scenario, cached=False, burn_in=8)
        market.run()
        market.close()
    return lived[6:], added[6:]


@pytest.fixture(scope="module", params=list(STYLES))
def calls(request: pytest.FixtureRequest) -> tuple[list[Call], list[Call]]:
    return weeks_of(STYLES[request.param])


def test_delivery_does_what_its_twin_does(calls: tuple[list[Call], list[Call]]) -> None:
    ends = set()
    for call in calls[0]:
        given = call.arguments()
        plan = Plan(given["visits"], given["rounds"], given["homes"], given["speed"])
        week, lived = Week(plan, **given), call.after.lived
        for a, (start, seconds, ending, hurried) in week.attendances().items():
            found = (int(lived.start[a]), int(lived.seconds[a]), int(lived.ending[a]), bool(lived.hurried[a]))
            assert found == (start, seconds, ending, hurried), f"week {call.before.week}, attendance {a}"
            ends.add(ending)
        assert np.all(lived.ending[not_due(given["due"], given["visits"].carers)] == NOT_DUE)
        for seat in range(given["staff"].x.size):
            assert lived.workers[seat].tolist() == week.work(seat), f"week {call.before.week}, seat {seat}"
        assert call.result == 0
    assert {FULL, SHORT, CANCELLED, MISSED} <= ends


def test_the_sums_of_what_users_lived_are_those_of_the_attendances(
        calls: tuple[list[Call], list[Call]]) -> None:
    for call in calls[1]:
        before, lived = call.before, call.after.lived
        pairs = {}
        for block in range(before.due.size):
            expected = dict.fromkeys(range(c.USER_COLUMNS), 0)
            known = {int(w): int(n) for w, n in zip(before.pairs.worker[block], before.pairs.count[block],
                                                    strict=True) if w >= 0}
            full = len(known) == before.pairs.worker.shape[1]
            for visit in range(28 * block, 28 * block + 28 if before.due[block] else 28 * block):
                for a in (2 * visit + k for k in range(before.visits.carers[visit])):
                    add_attendance(expected, before, a, known)
            if not full:
                assert lived.users[block].tolist() == [expected[k] for k in range(c.USER_COLUMNS)]
                pairs[block] = known
        for block, known in pairs.items():
            met = zip(call.after.pairs.worker[block].tolist(), call.after.pairs.count[block].tolist(), strict=True)
            if len(known) < before.pairs.worker.shape[1]:
                assert {w: n for w, n in met if w >= 0} == known


def add_attendance(sums: dict[int, int], given, a: int, known: dict[int, int]) -> None:
    """Add one attendance to the sums of its user, in plain words."""
    visit, part, lived = a // 2, a // 2 % 4, given.lived
    need, agreed = float(lived.need[visit]), int(given.visits.seconds[visit])
    for column, value in ((c.DUE, 1), (c.AGREED, agreed), (c.NEEDED, int(need)), (c.NEED_PART + part, int(need))):
        sums[column] += value
    ending = int(lived.ending[a])
    sums[{FULL: c.N_FULL, SHORT: c.N_SHORT, CLIPPED: c.N_CLIPPED, CANCELLED: c.N_CANCELLED,
          MISSED: c.N_MISSED}[ending]] += 1
    if ending in (CANCELLED, MISSED):
        return
    start, stayed = int(lived.start[a]), int(lived.seconds[a])
    late, off = start - int(given.visits.start[visit]), abs(start - int(given.visits.wanted[visit]))
    worker = int(given.rows[given.worker[a]]) if given.worker[a] >= 0 else None
    stranger = known.get(worker, 0) < 3
    if worker is not None:
        known[worker] = known.get(worker, 0) + 1
    met = min(stayed, int(need))
    room = stayed / need if need > 60.0 else 2.0
    paid = Tariff(*given.tariff[visit // 28].tolist())
    least = given.practice_from
    share = min(max((room - least) / (given.with_factor - least), 0.0), 1.0)
    for column, value in (
            (c.MADE, 1), (c.N_MOVED, bool(given.moved[visit])), (c.MADE_AGREED, agreed), (c.LIVED, stayed),
            (c.LATE, late > 1800), (c.BANDED, whole_bands(stayed, agreed, paid)),
            (c.SHORT_CALLS, agreed < paid.short_seconds),
            (c.LATE_SECONDS, max(late, 0)), (c.HURRIED, bool(lived.hurried[a])), (c.STRANGERS, stranger),
            (c.OFF_TIME, off), (c.SUITED, off <= 1800), (c.MET, met), (c.MET_PART + part, met),
            (c.PRACTICE, int(given.people.effort[visit // 28] * share * stayed)),
            (c.TALK, max(stayed - int(need), 0) if stayed > need else 0)):
        sums[column] += value


def test_the_decision_at_the_door_is_the_cheapest_cut() -> None:
    """The kernel's closed form against a search over cuts of a second, in the words of its docstring."""
    from homecare.week.kernels.attendance import Habits, stay_seconds

    habits = Habits(0.35, 0.2, 0.8, 1.6, 0.5, 9.0, 7.0, 180, 1.25, 0.0, 0, 0.0, 0.0, 0.0, 9000, 1800,
                    0.6, 300, 0.5, 0.25, 0.8)
    for late in (0, 240, 600, 1500, 4200):
        for minute_pence, share in ((0.0, 0.0), (21.0, 1.0), (25.0, 0.4)):
            agreed, need = 1800, 1900.0
            stayed, ending, hurried = stay_seconds(agreed, need, late, 0, 0, 0.5, minute_pence, share, 0.9, habits)
            loss = habits.pay_weight * share * minute_pence

            def cost(cut: int, late: int = late, loss: float = loss) -> float:
                minutes = cut / 60.0
                return (habits.late_dislike * (late / 60.0 - minutes) ** 2 / 2.0
                        + habits.cut_dislike * minutes**2 / 2.0 + loss * minutes)

            cut = min(range(agreed // 2 + 1), key=cost) if late > 300 else 0
            given = min(int(need) - agreed, habits.goodwill_seconds) if late < 300 else 0
            assert abs(stayed - (agreed + given - cut)) <= 1
            assert hurried == (cut >= 60)
            assert (stayed, ending, hurried) == decide(agreed, need, late, False, 0, 0.5, minute_pence, share, 0.9,
                                                       habits)
