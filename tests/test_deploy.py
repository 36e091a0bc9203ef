"""The files under deploy/, tried with stand-ins for what only a cluster has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from homecare.store_tables import RUNS_TABLE
from homecare.sweep_folder import rows_of
from homecare.sweep_make import run_sweep
from killing import contents

SWEEP = """\
name: For a cluster
base: hamlet
weeks: 2
factors: {policy.contracting.kind: [spot, block]}
seeds: 3
"""

SBATCH = """\
#!/bin/bash
# Stands for Slurm's sbatch: runs what it is given at once, each task of an array after the other.
set -u
tasks=none after= wrapped=
while [ $# -gt 0 ]; do
    case "$1" in
        --array=*) tasks=${1#--array=} ;;
        --dependency=*) after=${1#--dependency=} ;;
        --wrap) shift; wrapped=$1 ;;
        --parsable|--job-name=*|--cpus-per-task=*|--mem-per-cpu=*|--time=*|--signal=*|--export=ALL) ;;
        *) echo "sbatch: unrecognized option $1" >&2; exit 1 ;;
    esac
    shift
done
id=$((4000 + $(wc -l < "$JOBS")))
echo "$id array=$tasks after=$after" >> "$JOBS"
if [ "$tasks" = none ]; then
    bash -c "$wrapped" >> "$JOBS.out" 2>&1
else
    for task in $(seq "${tasks%-*}" "${tasks#*-}"); do
        SLURM_ARRAY_JOB_ID=$id SLURM_ARRAY_TASK_ID=$task bash -c "$wrapped" >> "$JOBS.out" 2>&1
    done
fi
echo "$id"
"""


@pytest.fixture
def cluster(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody at the login node of a cluster, with the stand-ins on the path."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "sbatch").write_text(SBATCH)
    (tools / "homecare").write_text(f'#!/bin/bash\nexec "{sys.executable}" -m homecare "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    (tmp_path / "jobs").write_text("")
    python = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "JOBS": str(tmp_path / "jobs"),
            "PYTHONPATH": python}


def test_the_slurm_file_makes_shards_and_gathers_them_to_the_same_bytes(root, tmp_path, cluster):
    (tmp_path / "my sweep.yaml").write_text(SWEEP)
    run_sweep(tmp_path / "my sweep.yaml", tmp_path / "whole", processes=2)
    folder = tmp_path / "out of it"
    cluster |= {"SWEEP": str(tmp_path / "my sweep.yaml"), "OUT": str(folder), "PROCESSORS": "1", "HOURS": "1"}
    done = subprocess.run(["bash", str(root / "deploy" / "slurm.sh"), "2"], env=cluster, capture_output=True, text=True,
                          check=False)
    said = (tmp_path / "jobs.out").read_text()
    assert done.returncode == 0, done.stderr + said
    asked = (tmp_path / "jobs").read_text().splitlines()
    assert asked == ["4000 array=1-2 after=", "4001 array=none after=afterany:4000"]
    lines = [line for line in said.splitlines() if "runs finished" in line]
    assert lines[0].startswith("shard 1 of 2: ") and lines[1].startswith("shard 2 of 2: ")
    assert lines[2].startswith("6 of 6 runs finished (0 now, 6 were there)")
    assert sorted(path.name for path in (folder / "parts").iterdir()) == ["shard-1-of-2.parquet", "shard-2-of-2.parquet"]
    assert len(rows_of(folder)) == 6 and (folder / RUNS_TABLE).is_file()
    assert contents(folder) == contents(tmp_path / "whole")


def test_the_slurm_file_asks_for_what_it_needs(root, cluster):
    def said(*words: str) -> str:
        done = subprocess.run(["bash", str(root / "deploy" / "slurm.sh"), *words], env=cluster, capture_output=True,
                              text=True, check=False)
        assert done.returncode == 1 and Path(cluster["JOBS"]).read_text() == ""
        return done.stderr

    assert "how many shards" in said()
    assert "the sweep file" in said("2")
    cluster["SWEEP"] = "my.yaml"
    assert "the folder for the runs" in said("2")
