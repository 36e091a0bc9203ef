"""Agencies that do not meet, on several cores: the same bytes, whoever lived them."""

from __future__ import annotations

import os
import threading
from itertools import pairwise

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare import side_by_side as here
from homecare.market import Market
from homecare.scenario import load


@given(st.lists(st.integers(0, 9), max_size=60).map(sorted), st.integers(1, 9))
def test_parts_are_cut_between_groups_and_leave_nobody_out(groups, cores):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "NUMBA_NUM_THREADS", cores)
        patch.setattr(here, "LEAST", 1)
        cuts = here.borders(np.array(groups, np.int32))
    assert (cuts[0], cuts[-1]) == (0, len(groups))
    assert len(cuts) - 1 <= max(min(cores, here.MOST), 1)
    for first, last in pairwise(cuts):
        assert first < last or not groups
    for cut in cuts[1:-1]:
        assert groups[cut - 1] != groups[cut]


def test_few_members_stay_together(monkeypatch):
    monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", 4)
    assert here.borders(np.arange(2 * here.LEAST - 1)) == [0, 2 * here.LEAST - 1]
    assert len(here.borders(np.arange(2 * here.LEAST))) == 3


def test_parts_are_lived_at_the_same_time_and_answer_in_order():
    meet = threading.Barrier(3, timeout=20)  # nobody passes before all three are there

    def part(i):
        meet.wait()
        return i

    assert here.side_by_side(part, [(0,), (1,), (2,)]) == [0, 1, 2]


@pytest.mark.parametrize("bad", [0, 1])
def test_a_fault_is_raised_when_nobody_writes_any_more(bad):
    done = []

    def part(i):
        if i == bad:
            raise ValueError(f"part {i}")
        threading.Event().wait(0.05)
        done.append(i)

    with pytest.raises(ValueError, match=f"part {bad}"):
        here.side_by_side(part, [(0,), (1,)])
    assert done == [1 - bad]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_has_threads_of_its_own():
    assert here.side_by_side(int, [(1,), (2,)]) == [1, 2]
    child = os.fork()
    if child == 0:
        os._exit(0 if here.side_by_side(int, [(3,), (4,)]) == [3, 4] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


RULES = {
    "baseline": (),
    "assistants and visits for two": ("initial.demand.two_carers_share=0.25", "policy.routes.assistants=true",
                                      "policy.routes.support_share=1.0"),
    "lead provider": ("policy.contracting.kind=lead_provider",),
}


@pytest.mark.parametrize("rules", list(RULES))
def test_the_market_is_the_same_on_one_core_and_on_four(rules, monkeypatch):
    scenario = load("baseline", RULES[rules], area="Rutland", weeks=8)
    monkeypatch.setattr(here, "LEAST", 3)
    found, parts = [], []
    for cores in (1, 4):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", cores)
        market = Market(scenario, cached=False, burn_in=12)
        market.run()
        parts.append(len(market.overlay.parts))
        found.append((market.weekly.to_csv(), market.lived.start.tobytes(), market.stops.tobytes()))
        market.close()
    assert parts[0] == 1 < parts[1]
    assert found[0] == found[1]
