"""Sweeps as commands that are killed and started again, and what their folders hold."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

LONGEST = 7200.0
"""Seconds after which a sweep of a test has hung: many times what the longest takes on two processors."""


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file of a store, but for the manifests of shards."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".part" and path.parent.name != "parts"
    }


def command(file: Path, folder: Path, *more: str) -> list[str]:
    """The sweep as a command."""
    return [sys.executable, "-m", "homecare", "sweep", str(file), "--out", str(folder), "--quiet", *more]


def finished_files(folder: Path) -> dict[str, int]:
    """Inode of every finished run: a run that is made again has another."""
    return {path.name: path.stat().st_ino for path in (folder / "runs").rglob("*.parquet")}


def workers_of(pid: int) -> list[int]:
    """The worker processes of a running sweep."""
    found = []
    for place in Path("/proc").iterdir():
        try:
            told = (place / "stat").read_text() if place.name.isdigit() else ""
            words = (place / "cmdline").read_bytes()
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError):  # it ended, or is no process
            continue
        if told and int(told.rpartition(")")[2].split()[1]) == pid and b"homecare.engines_worker" in words:
            found.append(int(place.name))
    return sorted(found)


def kill_and_resume(file: Path, folder: Path, moments: list[tuple[int, float]], luck: random.Random,
                    environment: dict[str, str] | None = None) -> None:
    """Make a sweep in one pass that is killed on the way; a finished run that is made again fails the test.

    Parameters
    ----------
    moments : list of (int, float)
        Each a number of finished runs, and seconds after it is reached: then SIGKILL to a worker, and after up to a
        second and a half to the parent. Afterwards the same command starts again, and at the end it is left alone.
    """
    done: dict[str, int] = {}
    deadline = time.monotonic() + LONGEST
    for wanted, seconds in moments:
        process = subprocess.Popen(command(file, folder, "--processes", "2"), env=environment,
                                   stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while process.poll() is None and len(finished_files(folder)) < wanted:
            assert time.monotonic() < deadline, "the sweep hangs"
            time.sleep(0.01)
        time.sleep(seconds)
        workers = workers_of(process.pid)
        if workers:
            os.kill(luck.choice(workers), signal.SIGKILL)
        time.sleep(luck.uniform(0.0, 1.5))
        process.kill()
        process.wait()
        _await(workers)
        now = finished_files(folder)
        assert {name: now.get(name) for name in done} == done, "a finished run was made again"
        done = now
    last = subprocess.run([*command(file, folder, "--processes", "2"), "--json"], env=environment, capture_output=True,
                          text=True, check=False, timeout=LONGEST)
    assert last.returncode == 0, last.stderr
    said, now = json.loads(last.stdout), finished_files(folder)
    assert {name: now.get(name) for name in done} == done, "a finished run was made again"
    assert (said["found"], said["finished"]) == (len(done), said["runs"] - len(done))


def _await(workers: list[int]) -> None:
    """Wait until the workers of a parent that was killed have seen it and ended."""
    for worker in workers:
        for _ in range(1000):
            if not Path(f"/proc/{worker}").exists():
                break
            time.sleep(0.01)
