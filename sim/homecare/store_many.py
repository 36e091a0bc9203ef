"""A folder of many runs: one small file a run, written whole or not at all, under the key of the run.

The files are the truth. Whatever engine, order, kill or resume made them, the same runs leave the same bytes, and the
tables beside them (see `homecare.store_tables`) are made of them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from homecare.compiled import content_digest
from homecare.leftovers import is_left, writer
from homecare.outcomes import OUTCOMES
from homecare.scenario import Scenario, digest, settle_digest
from homecare.scenario_fault import Fault, Place, ScenarioError
from homecare.store import stamp

RUNS, FAILED, MARK = "runs", "failed", "homecare-runs.json"
BY_GROUP = "by_group"
"""Key of the metadata of a run's file under which groups of people stand, as JSON."""
KEY_LENGTH = 40
"""Hexadecimal digits of a run's key: 160 bits of a SHA-256."""


QUICK = "snappy"
"""How a run's file is compressed: as small as with zstd, written and read in half the time (a hundred short columns)."""


class CannotKeep(OSError):
    """The store cannot be written to: no space, no right, no folder."""


# ---- keys -------------------------------------------------------------------------------------------------


class Keys:
    """The keys of one scenario's runs, on any seed; what is the same for all seeds is hashed once.

    Attributes
    ----------
    settles : str
        Key of all but the seed that a settled market depends on.
    """

    def __init__(self, scenario: Scenario):
        seedless = replace(scenario, seed=0, replications=1)
        self.digest = digest(seedless)
        self.settles = settle_digest(seedless)

    def of(self, seed: int) -> str:
        """Return the key of the run on a seed: resolved scenario, content of its own facts, seed, code and data."""
        return hashed(self.digest, str(seed), content_digest())

    def settling(self, seed: int) -> str:
        """Return the key of the settled market from which the run on a seed starts."""
        return hashed(self.settles, str(seed))


def hashed(*parts: str) -> str:
    """Return a key made of texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:KEY_LENGTH]


# ---- the folder -------------------------------------------------------------------------------------------


class Store:
    """A folder of runs.

    Parameters
    ----------
    folder : str or Path
        New, empty, or a folder of runs. Any number of processes may write into it at a time.

    Raises
    ------
    ScenarioError
        If the place is a file, or a folder with something else in it.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(os.path.abspath(folder))
        is_folder = os.path.isdir(self.folder)  # also of a name that is too long
        if os.path.exists(self.folder) and not is_folder:
            raise _refusal(folder, "this is a file")
        if is_folder and os.listdir(self.folder) and not (self.folder / MARK).is_file():
            raise _refusal(folder, "homecare did not write what is in this folder")

    def open(self) -> None:
        """Make the folder, and clear away what writers that were killed had begun.

        Raises
        ------
        CannotKeep
            If the folder cannot be written to.
        """
        mark = json.dumps({**stamp(), "layout": 1}, ensure_ascii=False) + "\n"
        with _keeping():
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / MARK).is_file():
                self.write_text(MARK, mark)
            for part in self.folder.rglob("*.part"):
                if is_left(part):
                    part.unlink(missing_ok=True)

    def path(self, key: str) -> Path:
        """Return where the weekly series of a run is."""
        return self.folder / RUNS / key[:2] / f"{key}.parquet"

    def failure_path(self, key: str) -> Path:
        """Return where a run that failed is described."""
        return self.folder / FAILED / key[:2] / f"{key}.json"

    def finished(self) -> set[str]:
        """Return the keys of all runs that ended well."""
        return set(_names(self.folder / RUNS, ".parquet"))

    def failed(self) -> set[str]:
        """Return the keys of all runs that failed."""
        return set(_names(self.folder / FAILED, ".json"))

    def keep(self, key: str, weekly: pd.DataFrame, by_group: Sequence[dict[str, Any]] = ()) -> None:
        """Write the weekly series of a run, and in the metadata of the same file how groups of people fared.

        Parameters
        ----------
        by_group : sequence of dict
            As `homecare.outcomes_groups.ByGroup.rows` gives them.

        Raises
        ------
        CannotKeep
            If that is not possible; then nothing is left of it.
        """
        path = self.path(key)
        with _keeping(), self._whole(path) as part:
            table = run_table(weekly)
            with pq.ParquetWriter(part, table.schema, compression=QUICK, use_dictionary=False,
                                  write_statistics=False, store_schema=False) as file:
                file.write_table(table)
                if by_group:
                    file.add_key_value_metadata({BY_GROUP: json.dumps(list(by_group), allow_nan=False)})

    def keep_failure(self, key: str, said: dict[str, Any]) -> None:
        """Write why a run failed; raises as `keep`."""
        text = json.dumps(said, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        self.write_text(self.failure_path(key).relative_to(self.folder), text)

    def write_text(self, name: str | Path, text: str) -> None:
        """Write a text file of the folder, whole or not at all; raises as `keep`."""
        with _keeping(), self._whole(self.folder / name) as part:
            part.write_text(text, encoding="utf-8", newline="\n")

    def write_table(self, name: str | Path, table: pa.Table) -> None:
        """Write a table of the folder, whole or not at all; raises as `keep`."""
        with _keeping(), self._whole(self.folder / name) as part:
            pq.write_table(table, part, compression="zstd")

    def weekly(self, key: str) -> pd.DataFrame:
        """Return the weekly series of a run: one row a week, one column an outcome.

        Raises
        ------
        KeyError
            If the run is not there.
        """
        columns = self.columns(key)
        week = pd.Index(columns.pop("week"), name="week")
        return pd.DataFrame(columns, index=week, copy=False)

    def columns(self, key: str) -> dict[str, np.ndarray]:
        """Return the columns of a run's series, ``week`` among them, without pandas; raises as `weekly`."""
        try:
            with pq.ParquetFile(self.path(key)) as file:
                table = file.read(use_threads=False)
        except FileNotFoundError:
            raise KeyError(f"there is no finished run {key} in {self.folder.name}") from None
        return {name: column.to_numpy() for name, column in zip(table.column_names, table.columns, strict=True)}

    def by_group(self, key: str) -> list[dict[str, Any]]:
        """Return how groups of people fared at the end of a run; empty where the run did not note it.

        Raises
        ------
        KeyError
            If the run is not there.
        """
        try:
            said = pq.read_metadata(self.path(key)).metadata or {}
        except FileNotFoundError:
            raise KeyError(f"there is no finished run {key} in {self.folder.name}") from None
        return json.loads(said.get(BY_GROUP.encode(), b"[]"))

    def failure(self, key: str) -> dict[str, Any]:
        """Return why a run failed.

        Raises
        ------
        KeyError
            If it did not.
        """
        try:
            return json.loads(self.failure_path(key).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise KeyError(f"no run {key} failed in {self.folder.name}") from None

    def forget(self, key: str) -> None:
        """Remove a run, finished or failed."""
        self.path(key).unlink(missing_ok=True)
        self.failure_path(key).unlink(missing_ok=True)

    @contextmanager
    def _whole(self, path: Path) -> Iterator[Path]:
        part = path.with_name(f"{path.name}.{writer()}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            os.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def run_table(weekly: pd.DataFrame) -> pa.Table:
    """Return the table of one run: ``week`` and every outcome; units stand in the tables of all runs."""
    values = np.ascontiguousarray(weekly[list(OUTCOMES)].to_numpy(np.float64).T)
    return pa.table({"week": weekly.index.to_numpy(np.int64), **dict(zip(OUTCOMES, values, strict=True))})


@contextmanager
def _keeping() -> Iterator[None]:
    """Turn what the system says about a file that cannot be written into one kind of error."""
    try:
        yield
    except CannotKeep:
        raise
    except OSError as error:
        raise CannotKeep(error.errno, error.strerror or str(error)) from error


def _names(folder: Path, suffix: str) -> Iterator[str]:
    try:
        groups = sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())
    except FileNotFoundError:
        return
    for group in groups:
        for name in os.listdir(group):
            if name.endswith(suffix):
                yield name[: -len(suffix)]


def _refusal(folder: str | Path, message: str) -> ScenarioError:
    allowed = "a folder that is new, empty or a store of runs"
    return ScenarioError([Fault(Place("--out"), "", message, str(folder), allowed)])
