"""What all tests share: where the checkout is, how hard Hypothesis looks, and the report of `make verify`."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
from collections import Counter
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

if "PYTEST_XDIST_WORKER" in os.environ:  # the processes of tests have the cores among them already
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent

# Compiling a kernel may take seconds, so no deadline; the same examples on every machine, so that a red
# test is red for everybody. `make verify` looks longer, and at new examples each time.
_COMMON = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, derandomize=True, **_COMMON)
settings.register_profile("thorough", max_examples=400, **_COMMON)
settings.load_profile("quick")

LIBRARIES_IN_REPORT = ("homecare", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the checkout."""
    return ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option by which `make verify` asks for its report."""
    parser.addoption(
        "--verification-report",
        metavar="FILE",
        default=None,
        help="write a dated Markdown table of every test, its outcome and its seconds",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Compile before the processes of tests start, which would each compile the same."""
    if getattr(config.option, "numprocesses", None) and not config.option.collectonly:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "sim")}
        subprocess.run([sys.executable, "-m", "homecare", "warm"], env=environment, check=True)


def pytest_terminal_summary(terminalreporter, exitstatus: int, config: pytest.Config) -> None:
    """Write the verification report, where one was asked for."""
    target = config.getoption("--verification-report")
    if target is not None:
        rows = _report_rows(terminalreporter.stats)
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).write_text(verification_report(rows, int(exitstatus)), encoding="utf-8")
        terminalreporter.write_line(f"verification report: {target} ({len(rows)} tests)")


def _report_rows(stats: dict) -> list[tuple[str, str, float]]:
    """One row a test: name, outcome, seconds with its set-up; a fault in set-up or taking down counts as the test's."""
    around = Counter()
    for report in stats.get("", []):
        around[report.nodeid] += float(report.duration)
    rows = []
    for outcome in ("passed", "failed", "error", "skipped", "xfailed"):
        for report in stats.get(outcome, []):
            rows.append((report.nodeid, outcome, float(report.duration) + around.pop(report.nodeid, 0.0)))
    return sorted(rows)


def verification_report(rows: list[tuple[str, str, float]], exitstatus: int) -> str:
    """Text of the report: when, with what, and how every test ended.

    Parameters
    ----------
    rows : list of (str, str, float)
        Name of the test, outcome, seconds.
    exitstatus : int
        Exit status of pytest: 0 only if every test passed.

    Returns
    -------
    str
        Markdown.
    """
    failures = [row for row in rows if row[1] in ("failed", "error")]
    verdict = "all passed" if exitstatus == 0 else f"NOT passed: {len(failures)} failed"
    lines = [
        "# Verification report",
        "",
        "Written by `make verify`, which runs the tests that take long. Not edited by hand.",
        "",
        f"* Date: {datetime.date.today().isoformat()}",
        f"* Verdict: {len(rows)} tests, {verdict} (exit status {exitstatus})",
        f"* Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        "* " + ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES_IN_REPORT),
        "",
        "| Test | Outcome | Seconds |",
        "|---|---|---:|",
    ]
    for name, outcome, seconds in rows:
        lines.append(f"| `{name.replace('|', '/')}` | {outcome} | {seconds:.1f} |")
    return "\n".join(lines) + "\n"


HAMLET_BURN_IN = 13
"""Weeks for which the shared hamlet settles: enough for every phase to have had something to do."""


@pytest.fixture(scope="session")
def hamlet_state() -> dict:
    """The state of scenarios/hamlet.yaml at week 0 after a short burn-in; made once."""
    from homecare.market import Market

    market = Market("hamlet", cached=False, burn_in=HAMLET_BURN_IN)
    state = market.state()
    market.close()
    return state


@pytest.fixture
def hamlet(hamlet_state: dict):
    """A market of scenarios/hamlet.yaml at week 0, this test's own: some 50 people and a handful of agencies."""
    from unittest.mock import patch

    from homecare.market import Market

    with patch("homecare.market.checkpoint.read", return_value=hamlet_state):
        market = Market("hamlet", burn_in=HAMLET_BURN_IN)
    yield market
    market.close()
