"""Same seed, same bytes: twice, for a part of the weeks, from the cache, in another order of rows or process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from worlds import BURN_IN, HAMLET, few, scenarios

import homecare
from homecare import store
from homecare.market import Market
from homecare.policies import THEMES
from homecare.scenario import Change, Scenario, load

pytestmark = pytest.mark.laws

SOURCE = Path(homecare.__file__).resolve().parents[1]
BUSY = ("policy.contracting.kind=block", "policy.contracting.zones=2", "policy.care_planning.kind=outcome",
        "policy.employment.kind=guaranteed_hours", "policy.payment.kind=actual_minutes")
"""Overrides that put the other kind of most themes in force."""

DIGESTS = """
import sys
from dataclasses import replace
from homecare import store
from homecare.market import Market
from homecare.policies import SHOCKS
from homecare.scenario import load
for overrides in ((), tuple(sys.argv[1:])):
    scenario = replace(load("hamlet", overrides), shocks=(SHOCKS["pandemic"](week=2, weeks=3),))
    market = Market(scenario, cached=False, burn_in=26)
    print(store.series_digest({scenario.seed: market.run()}))
"""


def digest(scenario: Scenario, **how) -> str:
    """Return the digest of a scenario's weekly series after a short burn-in."""
    how = {"cached": False, "burn_in": BURN_IN, **how}
    market = Market(scenario, **how)
    found = store.series_digest({scenario.seed: market.run()})
    market.close()
    return found


def digests_elsewhere(**environment: str) -> list[str]:
    """Return the digests of two busy hamlets lived in a fresh process with other environment variables."""
    done = subprocess.run(
        [sys.executable, "-c", DIGESTS, *BUSY], capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **environment},
    )
    assert done.returncode == 0, done.stderr
    found = done.stdout.split()
    assert len(found) == 2 and found[0] != found[1]
    return found


@pytest.fixture(scope="module")
def usual_digests() -> list[str]:
    """Digests of a fresh process in which nothing is out of the ordinary."""
    return digests_elsewhere(PYTHONHASHSEED="1")


@given(scenario=scenarios())
@few(0.2)
def test_the_first_weeks_of_a_longer_run_are_the_shorter_run(scenario: Scenario) -> None:
    longer = Market(scenario, cached=False, burn_in=BURN_IN)
    shorter = Market(replace(scenario, weeks=5, changes=tuple(c for c in scenario.changes if c.week < 5),
                             shocks=tuple(s for s in scenario.shocks if s.week < 5)),
                     cached=False, burn_in=BURN_IN)
    whole, part = longer.run(), shorter.run()
    assert len(whole) == scenario.weeks and len(part) == 5
    assert store.series_digest({1: whole.iloc[:5]}) == store.series_digest({1: part})


@given(scenario=scenarios())
@few(0.2)
def test_the_same_scenario_twice_gives_the_same_bytes_and_another_seed_does_not(scenario: Scenario) -> None:
    assert digest(scenario) == digest(scenario)
    assert digest(scenario) != digest(replace(scenario, seed=scenario.seed + 1))


@given(scenario=scenarios())
@few(0.4)
def test_another_order_of_rows_gives_the_same_bytes(scenario: Scenario) -> None:
    ordered = Market(scenario, cached=False, burn_in=BURN_IN)
    mixed = Market(scenario, cached=False, burn_in=BURN_IN, shuffle=7)
    n = min(ordered.service_users.n, mixed.service_users.n)
    assert not np.array_equal(ordered.service_users.birth_key[:n], mixed.service_users.birth_key[:n])
    a, b = ordered.run(), mixed.run()
    apart = [(name, week) for name in a for week in a.index if a[name][week].hex() != b[name][week].hex()]
    assert not apart, f"the first series that part: {sorted(apart, key=lambda pair: pair[1])[:5]}"


def test_a_fresh_process_with_another_hash_seed_gives_the_same_bytes(usual_digests: list[str]) -> None:
    assert digests_elsewhere(PYTHONHASHSEED="4711") == usual_digests


def test_this_process_gives_the_same_bytes_as_a_fresh_one(usual_digests: list[str],
                                                          capsys: pytest.CaptureFixture) -> None:
    argv, sys.argv = sys.argv, ["-", *BUSY]
    try:
        exec(compile(DIGESTS, "digests", "exec"), {})
    finally:
        sys.argv = argv
    assert capsys.readouterr().out.split() == usual_digests


def optional_cpu_features() -> str:
    """Names of the processor features that NumPy would use if it may and can, with spaces between."""
    from numpy._core._multiarray_umath import __cpu_baseline__, __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__
                    if name not in __cpu_baseline__ and __cpu_features__.get(name, False))


def test_another_processor_gives_the_same_bytes(usual_digests: list[str]) -> None:
    """Tier two: NumPy without its optional instructions, and Numba for a generic processor."""
    features = optional_cpu_features()
    assert features, "this processor has no feature to switch off, so nothing would be tested"
    elsewhere = digests_elsewhere(
        PYTHONHASHSEED="1", NPY_DISABLE_CPU_FEATURES=features, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="")
    assert elsewhere == usual_digests


def test_a_settled_market_from_the_cache_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch,
                                                             tmp_path: Path) -> None:
    monkeypatch.setenv("HOMECARE_CACHE", str(tmp_path))
    for overrides in ((), BUSY):
        scenario = load("hamlet", overrides)
        cold = digest(scenario, cached=True)
        assert list(tmp_path.rglob("*.pickle")), "nothing was kept"
        assert digest(scenario, cached=True) == cold == digest(scenario)
    assert len(list(tmp_path.rglob("*.pickle"))) == 1, "the settled market depends on a policy"


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_change_in_week_0_is_the_same_from_the_cache(theme: str, monkeypatch: pytest.MonkeyPatch,
                                                       tmp_path: Path) -> None:
    """Phases must not lean on what only the burn-in leaves behind."""
    monkeypatch.setenv("HOMECARE_CACHE", str(tmp_path))
    policy = list(THEMES[theme].values())[-1]()
    for reach in type(policy).applies_to:
        scenario = replace(HAMLET, changes=(Change(0, {theme: policy}, reach),))
        assert digest(scenario, cached=True) == digest(scenario, cached=True) == digest(scenario)
