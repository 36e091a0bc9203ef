"""The kernels that fill rounds against a twin that tries every place and walks every round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from homecare.market import Market
from homecare.scenario import Scenario, load
from twins import rounds as twin
from twins.calls import Call, assert_same, recorded

RUTLAND = load("hamlet", ("policy.contracting.kind=block", "policy.contracting.zones=2"), scale=0.7, weeks=6)

KERNELS: dict[str, tuple[str, Callable]] = {
    "place_blocks": ("homecare.week.rostering", twin.place_blocks),
    "improve": ("homecare.week.placing", twin.improve),
    "cover": ("homecare.week.overlay", twin.cover),
    "resize_blocks": ("homecare.week.planning", twin.resize_blocks),
    "agree_again": ("homecare.week.planning", twin.agree_again),
    "clear": ("homecare.week.purchasing", twin.clear),
}
"""Kernel, the phase that calls it, and its twin."""

TAKES_OUT: dict[str, tuple[str, Callable]] = {
    "take_out_blocks": ("homecare.week.placing", twin.take_out_blocks),
    "empty_rounds": ("homecare.week.placing", twin.empty_rounds),
    "lay_out": ("homecare.week.rota_review", twin.lay_out),
}
"""The same, of those that empty rounds or write them anew."""
REVIEWED = load("hamlet", ("uncertainty.rostering.review_weeks=4", "uncertainty.rostering.review_moves=40",
                           "uncertainty.worker_choice.offers_outside=0.08",
                           "initial.demand.two_carers_share=0.25"), weeks=16)


def calls_of(name: str, most: int, module: str, scenario: Scenario = RUTLAND) -> list[Call]:
    """Return calls of a kernel in the first weeks of a small market."""
    with recorded(module, name, most) as calls:
        market = Market(scenario, cached=False, burn_in=18)
        market.run()
        market.close()
    return calls


def assert_same_rounds(plan: twin.Plan, call: Call) -> None:
    """Fail unless a twin's plan is the kernel's, in every table."""
    rounds = call.after.rounds
    if plan.visits is not None:
        assert_same(plan.visits, call.after.visits, "visits")
    assert_same(plan.worker, rounds.worker, "worker")
    assert [len(stops) for stops in plan.rounds] == rounds.n_stops.tolist()
    for row, stops in enumerate(plan.rounds):
        assert rounds.stops[row, : len(stops)].tolist() == stops
    assert_same(plan.seconds, rounds.week_seconds, "week_seconds")


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_a_kernel_of_rounds_does_what_its_twin_does(name: str) -> None:
    calls = calls_of(name, 60 if name == "resize_blocks" else 18, KERNELS[name][0])
    worked = 0
    for call in calls:
        given = call.arguments()
        plan, *results = KERNELS[name][1](**given)
        assert_same_rounds(plan, call)
        expected = call.result if isinstance(call.result, tuple) else (call.result,)
        for found, wanted in zip(results, expected, strict=True):
            assert np.asarray(found).tolist() == np.asarray(wanted).tolist()
        worked += bool(np.any(np.asarray(results[0])))
        for extra in ("moved", "manager_seconds", "block_agency", "asked_count", "refused_seconds", "terms",
                      "planned"):
            if hasattr(call.after, extra):
                assert_same(given[extra], getattr(call.after, extra), extra)
        if hasattr(call.after, "familiarity"):
            assert not call.after.familiarity.any(), "scratch must be left empty"
    assert worked >= 3, f"{name} did nothing in {len(calls)} calls, so nothing was compared"


@pytest.mark.parametrize("name", sorted(TAKES_OUT))
def test_what_empties_rounds_leaves_what_its_twin_leaves(name: str) -> None:
    module, plain = TAKES_OUT[name]
    worked = 0
    for call in calls_of(name, 80, module, REVIEWED):
        plan, result = plain(**call.arguments())
        assert_same_rounds(plan, call)
        assert result == call.result
        for row in np.flatnonzero(call.before.rounds.n_stops != call.after.rounds.n_stops).tolist():
            assert int(call.after.rounds.free[row]) == twin.quarters_free(plan.rounds[row], plan.visits)
        worked += not np.array_equal(call.before.rounds.worker, call.after.rounds.worker)
    assert worked >= 3, f"{name} did nothing"
