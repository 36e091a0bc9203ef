"""The kernels that fill rounds against a twin that tries every place and walks every round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from homecare.market import Market
from homecare.scenario import load
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


def calls_of(name: str, most: int) -> list[Call]:
    """Return calls of a kernel in the first weeks of a small market."""
    with recorded(KERNELS[name][0], name, most) as calls:
        market = Market(RUTLAND, cached=False, burn_in=12)
        market.run()
        market.close()
    return calls


def assert_same_rounds(plan: twin.Plan, call: Call) -> None:
    """Fail unless a twin's plan is the kernel's, in every table."""
    visits, rounds = call.after.visits, call.after.rounds
    assert_same(plan.visits, visits, "visits")
    assert_same(plan.worker, rounds.worker, "worker")
    assert [len(stops) for stops in plan.rounds] == rounds.n_stops.tolist()
    for row, stops in enumerate(plan.rounds):
        assert rounds.stops[row, : len(stops)].tolist() == stops
    assert_same(plan.seconds, rounds.week_seconds, "week_seconds")


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_a_kernel_of_rounds_does_what_its_twin_does(name: str) -> None:
    calls = calls_of(name, 60 if name == "resize_blocks" else 18)
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
