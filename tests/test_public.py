"""`import homecare as hc` costs nothing, and has what a notebook needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import homecare as hc

HEAVY = ("mesa", "numba", "numpy", "pandas", "scipy", "matplotlib", "pyarrow", "pydantic", "yaml", "rich")


def python(root, code):
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(root / "sim"), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_import_imports_nothing_heavy(root):
    """What makes `import homecare` quick; how quick is measured, not tested."""
    code = f"import sys, homecare; print('told', *[name for name in {HEAVY!r} if name in sys.modules])"
    assert python(root, code).split() == ["told"]


def test_every_public_name_is_there_and_listed():
    for name in hc.__all__:
        assert getattr(hc, name) is not None
        assert name in dir(hc)
    assert "baseline" in hc.named()
    assert hc.load("hamlet").area == "Rutland"
    assert hc.OUTCOMES["scrqol"].better == "higher"
    assert isinstance(hc.Market, type)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Markt'"):
        _ = hc.Markt


def test_run_can_be_called_whatever_was_imported_first(root):
    code = (
        "import homecare as hc; assert callable(hc.run); from homecare.run import run_scenario; "
        "import homecare.run as module; assert module is hc.run and module.run_scenario is run_scenario; "
        "assert callable(hc.run); print('well')"
    )
    assert python(root, code) == "well"


def test_a_ready_scenario_takes_no_settings(tmp_path):
    with pytest.raises(ValueError, match="ready scenario"):
        hc.run(hc.load("hamlet"), tmp_path / "x", weeks=3)
    assert not (tmp_path / "x").exists()


def test_the_version_is_that_of_the_package():
    from homecare._version import __version__

    assert hc.__version__ == __version__
