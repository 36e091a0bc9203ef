"""The built wheel holds what a run needs from any folder: every module, the named scenarios, the data."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

IGNORED_PARTS = {"__pycache__"}


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a wheel and a source distribution; the wheel is built from the source distribution."""
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def wheel_names(built: Path) -> set[str]:
    """Names in the wheel."""
    (wheel,) = built.glob("homecare-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def _files(folder: Path, *suffixes: str) -> list[Path]:
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and not IGNORED_PARTS & set(p.parts)]
    return [p for p in found if p.suffix in suffixes]


def test_every_module_is_in_the_wheel(root, wheel_names):
    modules = {p.relative_to(root / "sim").as_posix() for p in _files(root / "sim" / "homecare", ".py")}
    assert modules
    assert modules - wheel_names == set()


def test_every_data_file_is_in_the_wheel(root, wheel_names):
    data = _files(root / "sim" / "homecare" / "data", ".csv", ".parquet", ".md", ".json", ".gz")
    assert data, "the package holds no data"
    assert {p.relative_to(root / "sim").as_posix() for p in data} - wheel_names == set()


def test_every_named_scenario_is_in_the_wheel(root, wheel_names):
    scenarios = {
        f"homecare/{p.relative_to(root).as_posix()}" for p in _files(root / "scenarios", ".yaml")
    }
    assert "homecare/scenarios/baseline.yaml" in scenarios
    assert scenarios - wheel_names == set()


def test_the_wheel_holds_nothing_else(wheel_names):
    strangers = {
        name for name in wheel_names if not name.startswith("homecare/") and ".dist-info/" not in name
    }
    assert strangers == set()
    assert not any("__pycache__" in name for name in wheel_names)


def test_the_command_is_declared(built):
    (wheel,) = built.glob("homecare-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "homecare = homecare.cli:main" in archive.read(entry).decode()
