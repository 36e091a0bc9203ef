"""Small loops against their twins, on the arguments with which a living market calls them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numba import njit

from homecare import draws, numerics
from homecare.ledger import Kind, Ledger
from homecare.market import Market
from homecare.scenario import load
from homecare.week.kernels.counting import open_seconds
from homecare.week.kernels.layout import Visits
from homecare.week.kernels.luck import draw_uniforms, spread_out
from twins import facts as twin
from twins import paying as twin_pay
from twins import rounds as twin_rounds
from twins.calls import assert_same, recorded

LOOPS: dict[str, tuple[str, Callable, tuple[str, ...]]] = {
    "know_people": ("homecare.week.delivery", twin.know_people, ("joined", "social", "effort", "wished")),
    "fill_visits": ("homecare.plans", twin.fill_visits, (
        "visit_carers", "visit_seconds", "visit_wanted", "visit_start", "visit_early", "visit_late", "planned")),
    "set_around": ("homecare.week.planning", twin.set_around, ("visits",)),
    "want_other_times": ("homecare.week.wishes", twin.want_other_times, ("people",)),
    "widen": ("homecare.week.wishes", twin.widen, ("visits",)),
    "judge_gaps": ("homecare.week.changes", twin.judge_gaps, ()),
    "tell": ("homecare.week.experience", twin.tell, ("u", "open_cases")),
    "count_kinds": ("homecare.week.employment", twin.count_kinds, ("counts",)),
    "stands": ("homecare.week.placing", twin.stands, ()),
    "sick_dues": ("homecare.week.sick_pay", twin.sick_dues, ("lawful", "agreed")),
    "fall_ill": ("homecare.week.overlay", twin.fall_ill, ("spells", "absent")),
    "take_seats": ("homecare.week.overlay", twin_rounds.take_seats, ("seated",)),
    "seats_of": ("homecare.week.overlay", twin.seats_of, ()),
    "add_willing": ("homecare.week.overlay", twin.add_willing, ()),
    "charge_each": ("homecare.week.charges", twin.charge_each, ("u",)),
    "count_quantities": ("homecare.week.invoicing", twin.count_quantities, ("out",)),
    "pay_team": ("homecare.week.wages", twin_pay.pay_team, ("jobs", "sums")),
    "remember_paid": ("homecare.week.wages", twin_pay.remember_paid, ("g",)),
    "exact_total": ("homecare.outcomes_terms", twin.exact_total, ()),
    "transfer": ("homecare.ledger", twin.transfer, ("balance",)),
}
"""Loop, the module that calls it, its twin and the arguments that it writes to."""


@pytest.mark.parametrize("name", sorted(LOOPS))
def test_a_small_loop_does_what_its_twin_does(name: str) -> None:
    module, plain, written = LOOPS[name]
    with recorded(module, name, 300) as calls:
        often = ("initial.demand.two_carers_share=0.25", "uncertainty.intake.wish_changes=3")
        market = Market(load("hamlet", often, scale=0.8), cached=False, burn_in=6)
        market.run(6)
        market.close()
    answers = set()
    for call in calls:
        given = call.arguments()
        result = plain(**given)
        for argument in written:
            assert_same(given[argument], getattr(call.after, argument), argument)
        if result is not None:
            assert_same(call.result, result, name)
        answers.add(str(result))
    assert len(calls) >= 10
    assert written or len(answers) > 1, f"{name} always answers {answers}"


def test_open_seconds_are_those_of_attendances_that_nobody_has() -> None:
    rng = np.random.default_rng(3)
    carers, seconds = rng.integers(0, 3, 28 * 5).astype(np.int8), rng.integers(900, 3600, 28 * 5).astype(np.int32)
    worker = rng.integers(-2, 3, 56 * 5).astype(np.int32)
    visits = Visits(*(seconds,) * 5, carers)
    blocks = np.array([4, 0, 3])
    expected = [sum(int(seconds[visit]) for visit in range(28 * block, 28 * block + 28) for k in range(carers[visit])
                    if worker[2 * visit + k] == -1) for block in blocks]
    assert open_seconds(blocks, visits, worker).tolist() == expected


@njit
def at_once(key: np.uint64, who: np.ndarray, k: np.ndarray, spread: float, luck: np.ndarray, out: np.ndarray) -> None:
    """Draw as delivery does."""
    draw_uniforms(key, who, k, 5, who.size, luck)
    spread_out(luck, spread, who.size, out)


def test_draws_at_once_are_those_drawn_alone() -> None:
    """Bit for bit, in the tails as in the middle."""
    rng = np.random.default_rng(4)
    who, k = rng.integers(0, 2**60, 5000), rng.integers(0, 300, 5000)
    key, luck, out = np.uint64(draws.stream(3, 15, 7)), np.empty(5000), np.empty(5000)
    at_once(key, who, k, 0.35, luck, out)
    alone = [draws.uniform(key, one, which + 5) for one, which in zip(who, k, strict=True)]
    assert luck.tolist() == alone
    assert out.tolist() == [numerics.exp(0.35 * numerics.normal_quantile(u)) for u in alone]
    assert min(alone) < 0.02 and max(alone) > 0.98


def test_a_ledger_refuses_and_then_is_as_it_was() -> None:
    ledger = Ledger()
    ledger.post(Kind.OPENING, 0, np.array([5, 70]), 100)
    before = ledger.balance.copy()
    assert before[[0, 5, 70]].tolist() == [-200, 100, 100] and ledger.totals[0] == 200
    with pytest.raises(ValueError, match="is negative: -1 pence"):
        ledger.post(Kind.WAGES, 0, np.array([4, 5]), np.array([7, -1]))
    assert np.array_equal(ledger.balance, before)

