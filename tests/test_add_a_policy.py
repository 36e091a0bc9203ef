"""What docs/add-a-policy.md says, done: its files written, its policy added, its scenario run, its test passed."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from homecare.market import Market
from homecare.policies import THEMES, add
from homecare.policies.contracting import NOBODY, PurchasingView
from homecare.scenario import ScenarioError, load

MOST_LINES = 40
WEEKS = 52
"""As on the page: in fewer, a handful of agencies may be asked in an order that makes no difference."""
FILES = ("nearest_first.py", "nearest.yaml", "test_nearest_first.py")


def files_of(page: str) -> dict[str, str]:
    """Return the text of each file that a step of the page writes, by its name."""
    steps = re.findall(r"^## Step \d: [^\n]*`([\w.]+)`\n(.*?)(?=^## )", page, flags=re.DOTALL | re.MULTILINE)
    return {name: re.search(r"```\w+\n(.*?)```", text, flags=re.DOTALL).group(1) for name, text in steps}


@pytest.fixture(scope="module")
def page() -> str:
    """Text of the page."""
    return (Path(__file__).resolve().parent.parent / "docs" / "add-a-policy.md").read_text(encoding="utf-8")


@pytest.fixture
def followed(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which somebody has followed the page; the list of policies is as before afterwards."""
    for name, text in files_of(page).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = dict(THEMES["contracting"])
    yield tmp_path
    THEMES["contracting"].clear()
    THEMES["contracting"].update(before)
    for name in ("nearest_first", "test_nearest_first"):
        sys.modules.pop(name, None)


@pytest.fixture
def policy(followed: Path) -> ModuleType:
    """The module that step 1 writes, imported: its policy is in the list."""
    return importlib.import_module("nearest_first")


def test_the_whole_of_it_takes_under_forty_lines(page):
    files = files_of(page)
    assert tuple(files) == FILES
    lines = [line for text in files.values() for line in text.splitlines() if line.strip()]
    assert len(lines) < MOST_LINES
    assert f"Four steps and {len(lines)} lines" in page


def test_a_scenario_may_name_the_kind_once_it_is_added_and_not_before(followed):
    with pytest.raises(ScenarioError, match="no such kind of contracting"):
        load("nearest.yaml")
    importlib.import_module("nearest_first")
    (change,) = load("nearest.yaml").changes
    assert change.policies["contracting"].farthest == 20.0
    with pytest.raises(ScenarioError, match="farthest"):
        load("hamlet", ("policy.contracting.kind=nearest_first", "policy.contracting.farthest=1000"))


def test_the_test_on_the_page_passes(policy):
    written = importlib.import_module("test_nearest_first")
    tests = [name for name in vars(written) if name.startswith("test_")]
    assert len(tests) == 1
    getattr(written, tests[0])()


def test_the_test_on_the_page_fails_for_a_policy_that_changes_nothing(policy, monkeypatch):
    written = importlib.import_module("test_nearest_first")
    monkeypatch.delattr(policy.NearestFirst, "who_is_asked")
    (name,) = [name for name in vars(written) if name.startswith("test_")]
    with pytest.raises(AssertionError):
        getattr(written, name)()


def test_from_week_0_it_differs_from_spot_and_the_settled_market_is_the_same(policy):
    spot = Market("hamlet")
    nearest = Market("hamlet", overrides=("policy.contracting.kind=nearest_first",))
    for table in ("service_users", "care_workers", "agencies"):
        assert getattr(spot, table).frame().equals(getattr(nearest, table).frame()), table
    assert np.array_equal(spot.packages.base_worker, nearest.packages.base_worker)
    assert not nearest.run(WEEKS).equals(spot.run(WEEKS))
    spot.close()
    nearest.close()


def test_it_asks_the_nearest_open_branch_first_and_none_too_far(policy):
    none = np.zeros(0, np.int32)
    view = PurchasingView(
        agency_open=np.array([True, True, False, True]), agency_last_yes=np.array([0, 9, 9, 9]),
        distance_metres=np.array([[900.0, 500.0, 100.0, 15001.0], [1e6, 1e6, 1.0, 1e6]]),
        luck=np.full((2, 4), 0.5), request_zone=np.zeros(2, np.int32), request_before=np.full(2, -1),
        contract_agency=none, contract_zone=none, contract_spare_seconds=np.zeros(0, np.int64),
        contract_room_seconds=np.zeros(0, np.int64), contract_quote=np.zeros(0, np.int64),
        agency_rating=np.full(4, 1.7), agency_own=np.zeros(4, bool), agency_council_seconds=np.zeros(4, np.int64))
    asked = policy.NearestFirst().who_is_asked(view)
    assert asked.dtype == np.int32
    assert asked.tolist() == [[1, 0, NOBODY, NOBODY], [NOBODY] * 4]
    assert policy.NearestFirst(calls_per_request=1).who_is_asked(view).tolist() == [[1], [NOBODY]]


def test_what_the_page_says_is_refused_is_refused(policy):
    stranger = type("Stranger", (policy.NearestFirst,), {"__doc__": "Of no theme.", "theme": "weather"})
    with pytest.raises(ValueError, match="theme 'weather'"):
        add(stranger)
    rival = type("Rival", (policy.NearestFirst,), {"__doc__": "As another.", "kind": "spot"})
    with pytest.raises(ValueError, match="belongs to Spot"):
        add(rival)
    with pytest.raises(TypeError, match="param"):
        type("Bare", (policy.NearestFirst,), {"__doc__": "A number.", "__annotations__": {"far": float},
                                              "far": 1.0})


def test_the_page_lists_every_theme_and_only_questions_that_can_be_answered(page):
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.+) \|$", page, flags=re.MULTILINE)
    assert sorted(theme for themes, _ in rows for theme in re.findall(r"`(\w+)`", themes)) == sorted(THEMES)
    for themes, questions in rows:
        for theme in re.findall(r"`(\w+)`", themes):
            default = next(iter(THEMES[theme].values()))
            for question in re.findall(r"`(\w+)\(", questions):
                assert callable(getattr(default, question)), f"{theme}: {question}"
