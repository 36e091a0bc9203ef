"""Luck: no number is drawn for two things, so that nothing is alike by accident."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from homecare import draws
from homecare.market import Market
from homecare.week import employment, nearness, purchasing

pytestmark = pytest.mark.laws

IN_KERNELS = {draws.NEED, draws.HOSPITAL, draws.TRAVEL_NOISE, draws.VISIT, draws.NO_SHOW, draws.WISH}
SCENARIOS = ("baseline", "keep_the_case", "pandemic", "personal_assistants", "reablement", "sick_pay",
             "lead_provider_transfer")


def asked_from() -> str:
    """The line outside draws.py from which luck was asked."""
    frame = sys._getframe(2)
    while Path(frame.f_code.co_filename).name == "draws.py":
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


@pytest.fixture
def drawn(monkeypatch):
    """Whose numbers were drawn: by purpose, week and k, then by the line that asked."""
    drawn = defaultdict(lambda: defaultdict(set))

    def heard(real):
        def draw(seed, purpose, week, who, k, out):
            drawn[purpose, week, k][asked_from()].update(np.asarray(who).tolist())
            real(seed, purpose, week, who, k, out)

        return draw

    def several(seed, purpose, week, who, first, n, real=draws._several):
        for k in range(first, first + n):
            drawn[purpose, week, k][asked_from()].update(np.asarray(who).tolist())
        return real(seed, purpose, week, who, first, n)

    def of_pairs(seed, purpose, week, users, agencies, bell):
        for agency in agencies.tolist():
            drawn[purpose, week, agency][asked_from()].update(users.tolist())
        return nearness.pair_luck(seed, purpose, week, users, agencies, bell)

    monkeypatch.setattr(draws, "_write_uniforms", heard(draws._write_uniforms))
    monkeypatch.setattr(draws, "_write_normals", heard(draws._write_normals))
    monkeypatch.setattr(draws, "_several", several)
    for module in (purchasing, employment):
        monkeypatch.setattr(module, "pair_luck", of_pairs)
    return drawn


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_two_lines_draw_the_same_number(drawn, name):
    market = Market(name, scale=0.1, cached=False, burn_in=13)
    market.run(39)
    lines = {line for askers in drawn.values() for line in askers}
    assert len(lines) > 35
    shared = []
    for number, askers in drawn.items():
        owner = {}
        for line, whom in askers.items():
            shared += [(number, owner[who], line) for who in whom & owner.keys()]
            owner.update(dict.fromkeys(whom, line))
    assert shared == []
    assert not {purpose for purpose, _, _ in drawn} & IN_KERNELS, "purposes whose numbers are drawn within kernels"
