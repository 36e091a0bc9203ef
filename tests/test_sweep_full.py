"""The ready sweep at its full size: on every engine, and killed at ten random moments, always the same bytes."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from homecare.store_tables import RUNS_TABLE
from homecare.sweep_file import load_sweep
from homecare.sweep_folder import rows_of
from homecare.sweep_make import run_sweep
from homecare.sweep_plan import Plan
from killing import LONGEST, command, contents, kill_and_resume

MOMENTS = 10


@pytest.mark.slow
def test_the_ready_sweep_is_the_same_bytes_killed_at_ten_moments_on_dask_and_in_two_shards(root, tmp_path):
    """One test, so that one process of `make verify` makes the undisturbed sweep, and makes it once."""
    file, whole = root / "scenarios" / "sweeps" / "spot_block_by_contract.yaml", tmp_path / "whole"
    subprocess.run(command(file, whole, "--processes", "2"), check=True, stdout=subprocess.DEVNULL,
                   timeout=LONGEST)
    assert [row["status"] for row in rows_of(whole)] == ["finished"] * 360
    expected = contents(whole)
    check_killed(file, tmp_path, expected)
    check_dask(file, tmp_path / "dask", expected)
    check_two_shards(file, tmp_path / "shards", expected)


def check_killed(file: Path, place: Path, expected: dict[str, str]) -> None:
    """Ten kills of a worker and the parent within one pass; the first while kernels are compiled or markets settle."""
    seed = int.from_bytes(os.urandom(4), "little")
    luck, n = random.Random(seed), len(Plan(load_sweep(file)))
    moments = sorted([(0, luck.uniform(1.0, 40.0)),
                      *((luck.randrange(1, n - 5), luck.uniform(0.0, 4.0)) for _ in range(MOMENTS - 1))])
    environment = {**os.environ, "HOMECARE_CACHE": str(place / "cache")}
    kill_and_resume(file, place / "killed", moments, luck, environment)
    assert contents(place / "killed") == expected, f"other bytes, killed at {moments} with the luck of {seed}"


def check_dask(file: Path, folder: Path, expected: dict[str, str]) -> None:
    """Two workers of a local Dask cluster."""
    made = run_sweep(file, folder, engine="dask", processes=2)
    assert made.results.tally.finished == 360
    assert contents(folder) == expected


def check_two_shards(file: Path, folder: Path, expected: dict[str, str]) -> None:
    """Two commands that know nothing of one another, and a third that finds what they made."""
    jobs = [subprocess.Popen(command(file, folder, "--shard", f"{i}/2", "--processes", "1"), stdout=subprocess.DEVNULL)
            for i in (1, 2)]
    assert [job.wait(LONGEST) for job in jobs] == [0, 0]
    assert not (folder / RUNS_TABLE).exists()
    made = run_sweep(file, folder, processes=1)
    assert (made.results.tally.found, made.results.tally.finished) == (360, 0)
    assert contents(folder) == expected
