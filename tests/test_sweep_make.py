"""Sweeps made whole: killed, sharded, on Dask, on a full disk - always the same bytes and nothing made twice."""

from __future__ import annotations

import errno
import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from homecare import store_many
from homecare.data import attribution_statement
from homecare.engines import Local
from homecare.outcomes import OUTCOMES
from homecare.store_many import MARK, CannotKeep, Store
from homecare.store_tables import OUTCOMES_TABLE, RUNS_TABLE
from homecare.sweep_folder import described, rows_of, strangers, sweep_of
from homecare.sweep_make import run_sweep
from killing import command, contents, finished_files, kill_and_resume

SWEEP = """\
name: Small
base: hamlet
weeks: 3
factors:
  policy.contracting.kind: [spot, block]
  policy.employment.travel_paid_floor: [0, 0.5, 1]
seeds: 3
window: [1, 2]
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A sweep of 18 runs of three weeks."""
    path = tmp_path_factory.mktemp("sweep") / "small.yaml"
    path.write_text(SWEEP)
    return path


@pytest.fixture(scope="module")
def whole(file, tmp_path_factory):
    """The sweep made without any disturbance."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    made = run_sweep(file, folder, processes=2)
    assert (made.results.tally.finished, made.results.tally.failed, made.damaged) == (18, 0, [])
    return folder


def test_tables_are_what_the_runs_say(whole):
    runs, outcomes = pq.read_table(whole / RUNS_TABLE), pq.read_table(whole / OUTCOMES_TABLE)
    assert runs["key"].to_pylist() == sorted(runs["key"].to_pylist()) == outcomes["key"].to_pylist()
    assert runs.column_names == ["key", "label", "seed", "status", "error", "policy.contracting.kind",
                                 "policy.employment.travel_paid_floor"]
    assert outcomes.schema.field("scrqol").metadata[b"unit"].decode() == OUTCOMES["scrqol"].unit
    for table in (runs, outcomes):
        assert table.schema.metadata[b"attribution"].decode() == attribution_statement()
    assert json.loads((whole / MARK).read_text(encoding="utf-8"))["attribution"] == attribution_statement()
    weekly = Store(whole).weekly(runs["key"][4].as_py())
    assert outcomes["scrqol"][4].as_py() == (weekly["scrqol"][1] + weekly["scrqol"][2]) / 2
    joined = pd.read_parquet(whole / RUNS_TABLE).merge(pd.read_parquet(whole / OUTCOMES_TABLE), on="key")
    assert len(joined) == 18 and set(joined.status) == {"finished"}


def test_duckdb_reads_a_folder_by_the_lines_of_the_page(whole, root, monkeypatch):
    import duckdb

    page = (root / "docs" / "sweeps.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", page, flags=re.DOTALL)
    assert len(queries) == 2
    monkeypatch.chdir(whole.parent)
    (whole.parent / "results").mkdir(exist_ok=True)
    if not (whole.parent / "results" / "contracts").exists():
        (whole.parent / "results" / "contracts").symlink_to(whole)
    by_kind, by_week = (duckdb.sql(query).fetchall() for query in queries)
    frame = pd.read_parquet(whole / RUNS_TABLE).merge(pd.read_parquet(whole / OUTCOMES_TABLE), on="key")
    expected = frame.groupby("policy.contracting.kind").scrqol.mean()
    assert {kind: runs for kind, runs, _ in by_kind} == {"spot": 9, "block": 9}
    assert {kind: mean for kind, _, mean in by_kind} == pytest.approx(expected.to_dict(), rel=1e-12)
    assert [week for week, *_ in by_week] == [0, 1, 2]
    weekly = [Store(whole).weekly(key)["scrqol"] for key in frame.key]
    assert [mean for _, mean in by_week] == pytest.approx(pd.concat(weekly, axis=1).mean(axis=1).to_list(), rel=1e-12)


def test_files_hold_only_what_every_reader_of_parquet_knows(whole):
    """R's arrow, like any other, reads flat columns of plain types, and no index of pandas is hidden in them."""
    tables = [whole / RUNS_TABLE, whole / OUTCOMES_TABLE, *sorted((whole / "runs").rglob("*.parquet"))]
    assert len(tables) == 20
    for path in tables:
        found = pq.read_metadata(path)
        assert found.format_version.startswith(("1.0", "2.")) and b"pandas" not in (found.metadata or {})
        group = found.row_group(0)
        columns = [group.column(i) for i in range(group.num_columns)]
        assert {column.physical_type for column in columns} <= {"INT64", "DOUBLE", "BYTE_ARRAY", "BOOLEAN"}
        assert {column.compression for column in columns} <= {"SNAPPY", "ZSTD"}
        assert all("." not in column.path_in_schema or column.path_in_schema.startswith(("policy.", "uncertainty."))
                   for column in columns)


def test_killed_and_resumed_leaves_the_same_bytes(file, whole, tmp_path):
    kill_and_resume(file, tmp_path / "store", [(1, 0.0), (2, 0.05)], random.Random(1))
    assert contents(tmp_path / "store") == contents(whole)


def test_two_shards_leave_the_same_bytes(file, whole, tmp_path):
    folder = tmp_path / "store"
    jobs = [subprocess.Popen(command(file, folder, "--shard", f"{i}/2", "--processes", "1"), stdout=subprocess.PIPE,
                             text=True) for i in (1, 2)]
    said = [job.communicate()[0] for job in jobs]
    assert [job.returncode for job in jobs] == [0, 0]
    assert "shard 1 of 2" in said[0]
    assert not (folder / RUNS_TABLE).exists()
    assert sorted(path.name for path in (folder / "parts").iterdir()) == ["shard-1-of-2.parquet", "shard-2-of-2.parquet"]
    made = run_sweep(file, folder, processes=1)
    assert (made.results.tally.found, made.results.tally.finished) == (18, 0)
    assert contents(folder) == contents(whole)


def test_dask_leaves_the_same_bytes(file, whole, tmp_path):
    made = run_sweep(file, tmp_path / "store", engine="dask", processes=2)
    assert made.results.tally.finished == 18
    assert contents(tmp_path / "store") == contents(whole)


def test_a_client_of_ones_own_is_left_open(file, tmp_path):
    from distributed import Client

    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        small = tmp_path / "few.yaml"
        small.write_text(SWEEP.replace("seeds: 3", "seeds: 1"))
        made = run_sweep(small, tmp_path / "store", engine=client)
        assert made.results.tally.finished == 6
        assert client.submit(sum, [1, 2]).result() == 3


def test_a_full_disk_stops_and_resumes(file, whole, tmp_path, monkeypatch):
    folder, writer, kept = tmp_path / "store", store_many.pq.ParquetWriter, []

    def full(part, *given, **more):
        if len(kept) >= 5:
            Path(part).write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        kept.append(part)
        return writer(part, *given, **more)

    monkeypatch.setattr(store_many.pq, "ParquetWriter", full)
    with _Here() as here, pytest.raises(CannotKeep, match="No space left"):
        run_sweep(file, folder, engine=here)
    monkeypatch.undo()
    assert len(finished_files(folder)) == 5 and not list(folder.rglob("*.part"))
    before = finished_files(folder)
    assert run_sweep(file, folder, processes=2).results.tally.found == 5
    assert {name: finished_files(folder)[name] for name in before} == before
    assert contents(folder) == contents(whole)


class _Here(Local):
    """An engine that makes calls in this process, where a test can stand in for the disk."""

    def __init__(self):
        super().__init__(1)

    def submit(self, fn, /, *args, **kwargs):
        from concurrent.futures import Future

        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


def test_a_damaged_file_is_removed_and_made_again(file, whole, tmp_path):
    folder = tmp_path / "store"
    run_sweep(file, folder, processes=2)
    damaged = sorted((folder / "runs").rglob("*.parquet"))[3]
    damaged.write_bytes(b"PAR1")
    (folder / OUTCOMES_TABLE).unlink()
    assert run_sweep(file, folder, processes=1).damaged == [damaged.stem]
    made = run_sweep(file, folder, processes=1)
    assert made.results.tally.finished == 1 and contents(folder) == contents(whole)


def test_a_value_out_of_range_ends_as_a_row_with_exit_code_1(tmp_path):
    file, folder = tmp_path / "ill.yaml", tmp_path / "store"
    file.write_text(SWEEP.replace("[0, 0.5, 1]", "[0, 7]").replace("seeds: 3", "seeds: 1"))
    done = subprocess.run(command(file, folder), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("2 of 4 runs finished (2 now, 0 were there), 2 failed")
    assert "travel_paid_floor: the number is out of range, given 7" in done.stderr
    rows = rows_of(folder)
    assert sorted(row["status"] for row in rows) == ["failed", "failed", "finished", "finished"]
    failed = next(row for row in rows if row["status"] == "failed")
    assert described(folder, failed["key"])["message"].endswith("given 7")


def test_ctrl_c_stops_with_tables_and_resumes(file, whole, tmp_path):
    folder = tmp_path / "store"
    process = subprocess.Popen(command(file, folder, "--processes", "1"), stderr=subprocess.PIPE, text=True)
    while process.poll() is None and len(finished_files(folder)) < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    if process.returncode != 0:  # it may have ended by itself meanwhile
        assert process.returncode == 130 and "the same command goes on" in said
        assert (folder / RUNS_TABLE).is_file()
    run_sweep(file, folder, processes=2)
    assert contents(folder) == contents(whole)


def test_a_folder_says_what_it_holds(whole, file):
    rows = rows_of(whole)
    said = described(whole, rows[0]["key"])
    assert said["status"] == "finished" and set(said["outcomes"]) == set(OUTCOMES)
    assert f"seed: {said['seed']}" in said["scenario"]
    assert sweep_of(whole).seeds == (1, 2, 3)
    assert strangers(whole)[1] == []


def test_prune_finds_runs_of_another_sweep(file, tmp_path):
    folder = tmp_path / "store"
    small = tmp_path / "few.yaml"
    small.write_text(SWEEP.replace("seeds: 3", "seeds: 2").replace("[0, 0.5, 1]", "[0]"))
    run_sweep(small, folder, processes=2)
    small.write_text(SWEEP.replace("seeds: 3", "seeds: 1").replace("[0, 0.5, 1]", "[0]"))
    made = run_sweep(small, folder, processes=2)
    assert made.results.tally.finished == 0
    store, keys = strangers(folder)
    assert len(keys) == 2 and len(rows_of(folder)) == 2
    done = subprocess.run([sys.executable, "-m", "homecare", "results", "prune", str(folder), "--really"],
                          capture_output=True, text=True, check=True)
    assert "2 runs were removed" in done.stdout and len(store.finished()) == 2


def test_listing_and_showing(whole):
    def call(*words: str) -> str:
        done = subprocess.run([sys.executable, "-m", "homecare", "results", *words], capture_output=True, text=True,
                              check=True)
        return done.stdout

    assert call("ls", str(whole), "--limit", "3").splitlines()[-2:] == [
        "... and 15 more; --limit 0 lists all", "18 runs: 18 finished, 0 failed, 0 missing"]
    key = json.loads(call("ls", str(whole), "--json"))[0]["key"]
    assert "scrqol" in call("show", str(whole), key[:10])
