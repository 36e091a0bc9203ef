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
from killing import command, contents, kill_and_resume

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("the ready sweep")]
"""One process of `make verify` makes all of these, so that the sweep is made once without disturbance."""

MOMENTS = 10


@pytest.fixture(scope="module")
def file(root: Path) -> Path:
    return root / "scenarios" / "sweeps" / "spot_block_by_contract.yaml"


@pytest.fixture(scope="module")
def whole(file, tmp_path_factory) -> Path:
    """The sweep made without any disturbance."""
    folder = tmp_path_factory.mktemp("ready") / "whole"
    subprocess.run(command(file, folder, "--processes", "2"), check=True, stdout=subprocess.DEVNULL)
    return folder


def test_every_run_of_the_ready_sweep_ends_well(whole):
    assert [row["status"] for row in rows_of(whole)] == ["finished"] * 360


def test_killed_at_ten_random_moments_and_resumed(file, whole, tmp_path):
    """Ten kills of a worker and the parent within one pass; the first while kernels are compiled or markets settle."""
    seed = int.from_bytes(os.urandom(4), "little")
    luck, n = random.Random(seed), len(Plan(load_sweep(file)))
    moments = sorted([(0, luck.uniform(1.0, 40.0)),
                      *((luck.randrange(1, n - 5), luck.uniform(0.0, 4.0)) for _ in range(MOMENTS - 1))])
    environment = {**os.environ, "HOMECARE_CACHE": str(tmp_path / "cache")}
    kill_and_resume(file, tmp_path / "store", moments, luck, environment)
    assert contents(tmp_path / "store") == contents(whole), f"other bytes, killed at {moments} with the luck of {seed}"


def test_dask_leaves_the_same_bytes(file, whole, tmp_path):
    made = run_sweep(file, tmp_path / "store", engine="dask", processes=2)
    assert made.results.tally.finished == 360
    assert contents(tmp_path / "store") == contents(whole)


def test_two_shards_leave_the_same_bytes(file, whole, tmp_path):
    folder = tmp_path / "store"
    jobs = [subprocess.Popen(command(file, folder, "--shard", f"{i}/2", "--processes", "1"), stdout=subprocess.DEVNULL)
            for i in (1, 2)]
    assert [job.wait() for job in jobs] == [0, 0]
    assert not (folder / RUNS_TABLE).exists()
    made = run_sweep(file, folder, processes=1)
    assert (made.results.tally.found, made.results.tally.finished) == (360, 0)
    assert contents(folder) == contents(whole)
