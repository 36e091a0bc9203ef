"""Luck: no number is drawn for two things, so that nothing is alike by accident."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from homecare import draws
from homecare.compiled import KernelPart
from homecare.market import Market
from homecare.week import employment, nearness, purchasing

pytestmark = pytest.mark.laws

IN_KERNELS = {draws.NEED, draws.HOSPITAL, draws.TRAVEL_NOISE, draws.VISIT, draws.NO_SHOW, draws.WISH, draws.SICKNESS,
              draws.ANNUAL_LEAVE}
ALSO_OUTSIDE = {draws.VOICE}
"""Purposes of which kernels draw some numbers and everything else others."""
DRAW = {draws.uniform, draws.normal}
SCENARIOS = ("baseline", "keep_the_case", "pandemic", "personal_assistants", "reablement", "sick_pay",
             "lead_provider_transfer")


def asked_from() -> str:
    """The line from which luck was asked, outside the modules that draw for others."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename.endswith(("/draws.py", "/kernels/luck.py")):
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


class Kernels:
    """Kernels that draw, as Python: the same loops with the same numbers, and each draw is heard.

    Attributes
    ----------
    whose : birth keys by purpose and by the line that asked
    """

    def __init__(self, drawn) -> None:
        self.drawn, self.whose = drawn, defaultdict(set)
        self._streams = {}
        self._plain = {draws.stream: self._stream, **{one: self._heard(one) for one in DRAW}}

    def _stream(self, seed, purpose, week):
        key = np.uint64(draws.stream(seed, purpose, week))
        self._streams[int(key)] = (int(purpose), int(week))
        return key

    def _heard(self, real):
        def draw(key, who, k):
            purpose, week = self._streams[int(key)]
            line = asked_from()
            self.drawn[purpose, week, int(k)][line].add(int(who))
            self.whose[purpose, line].add(int(who))
            return real(np.uint64(key), np.int64(who), np.int64(k))

        return draw

    def draws(self, kernel, seen=frozenset()):
        """Whether a kernel, or anything that it calls, draws."""
        called = {one for one in names_of(kernel).values() if isinstance(one, CPUDispatcher)} - seen
        return bool(called & DRAW) or any(self.draws(one, seen | called) for one in called)

    def plain(self, kernel):
        """The Python of a kernel and of all that it calls."""
        if kernel not in self._plain:
            code = kernel.py_func.__code__
            names = {**kernel.py_func.__globals__}
            self._plain[kernel] = FunctionType(code, names, code.co_name, kernel.py_func.__defaults__)
            names |= {name: self.plain(one) for name, one in names_of(kernel).items() if isinstance(one, CPUDispatcher)}
        return self._plain[kernel]

    def put_in_place(self, monkeypatch):
        """Let phases of the week call the Python of each kernel that draws."""
        for module in [one for name, one in sorted(sys.modules.items()) if name.startswith("homecare.week.")]:
            for name, one in list(vars(module).items()):
                is_door = isinstance(one, CPUDispatcher) and not isinstance(one, KernelPart)
                if is_door and one is not nearness.pair_luck and self.draws(one):
                    monkeypatch.setattr(module, name, self.plain(one))


def names_of(kernel):
    """What a kernel's code takes from its module."""
    function = kernel.py_func
    return {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}


def drawn_twice(drawn):
    """Numbers that two lines drew, with both lines."""
    twice = []
    for number, askers in drawn.items():
        owner = {}
        for line, whom in askers.items():
            twice += [(number, owner[who], line) for who in whom & owner.keys()]
            owner.update(dict.fromkeys(whom, line))
    return twice


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_two_lines_draw_the_same_number(drawn, name):
    market = Market(name, scale=0.1, cached=False, burn_in=13)
    market.run(39)
    lines = {line for askers in drawn.values() for line in askers}
    assert len(lines) > 35
    assert drawn_twice(drawn) == []
    assert not {purpose for purpose, _, _ in drawn} & IN_KERNELS, "purposes whose numbers are drawn within kernels"


def test_nor_do_two_lines_of_kernels_which_draw_by_birth_key(drawn, monkeypatch):
    market = Market("hamlet", cached=False, burn_in=26)
    kernels = Kernels(drawn)
    kernels.put_in_place(monkeypatch)
    market.run()
    assert len(kernels.whose) > 20
    assert {purpose for purpose, _ in kernels.whose} == IN_KERNELS | ALSO_OUTSIDE
    assert drawn_twice(drawn) == []
    tables = (market.service_users, market.care_workers)
    born = {key for table in tables for key in table.birth_key.tolist()}
    assert min(born) > max(table.n for table in tables), "no birth key could be taken for a row"
    assert {line for line, whose in kernels.whose.items() if not whose <= born} == set()
