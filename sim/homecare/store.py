"""A result: a folder that says what it holds, is written whole or not at all, and can be run again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from homecare._version import __version__
from homecare.compiled import content_digest
from homecare.data import attribution_statement
from homecare.leftovers import clear_left, writer
from homecare.outcomes import OUTCOMES
from homecare.scenario import Scenario, digest, dump
from homecare.scenario_fault import Fault, Place, ScenarioError
from homecare.words import NOTE

WEEKLY, SUMMARY, SCENARIO, PROVENANCE = "weekly.parquet", "summary.csv", "scenario.yaml", "provenance.json"
OVERRIDE = "override.csv"
FOLDER = "a folder that is new, empty or an earlier result of the same sort"
RUN, COMPARISON = "run", "comparison"
"""Sorts of result; the provenance of a comparison has a key of that name."""
LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "pydantic")
"""Libraries on whose versions results may depend."""


# ---- the weekly series ------------------------------------------------------------------------------------


def weekly_table(series: Mapping[int, pd.DataFrame]) -> pa.Table:
    """Return the series of one or more seeds as a table whose columns say what they are.

    Columns are ``week``, then ``seed`` where there are several, then one an outcome. The metadata of an
    outcome's column has its unit, better direction, group and sentence.
    """
    columns: dict[pa.Field, np.ndarray] = {}
    weeks = np.concatenate([frame.index.to_numpy(np.int64) for frame in series.values()])
    said = _meta(unit="week", sentence="Week of the run; week 0 is the first of April 2025.")
    columns[pa.field("week", pa.int64(), False, said)] = weeks
    if len(series) > 1:
        seeds = np.concatenate([np.full(len(frame), seed, np.int64) for seed, frame in series.items()])
        columns[pa.field("seed", pa.int64(), False, _meta(unit="", sentence="Whose luck."))] = seeds
    for name, one in OUTCOMES.items():
        values = np.concatenate([frame[name].to_numpy(np.float64) for frame in series.values()])
        said = _meta(
            unit=one.unit, better=one.better, group=one.group, sentence=" ".join(one.sentence.split())
        )
        columns[pa.field(name, pa.float64(), True, said)] = values
    schema = pa.schema(list(columns), metadata=_meta(homecare=__version__, note=NOTE))
    return pa.Table.from_arrays([pa.array(values) for values in columns.values()], schema=schema)


def _meta(**said: str) -> dict[bytes, bytes]:
    return {key.encode(): text.encode() for key, text in said.items()}


def read_weekly(folder: Path) -> pd.DataFrame:
    """Return the weekly series of a result: ``week``, ``seed`` where there are several, outcomes."""
    return pq.read_table(folder / WEEKLY).to_pandas()


def series_digest(series: Mapping[int, pd.DataFrame]) -> str:
    """Return the SHA-256 of the series: seeds, names, dtypes and little-endian values.

    Every value that is not a number counts as the same one, because processors make different ones.
    """
    total = hashlib.sha256()
    for seed, frame in series.items():
        total.update(f"seed {seed}, {len(frame)} weeks\n".encode())
        for name in frame.columns:
            values = frame[name].to_numpy(np.float64, copy=True)
            values[np.isnan(values)] = np.nan
            values = values.astype("<f8")
            total.update(f"{name} {values.dtype.str}\n".encode())
            total.update(values.tobytes())
    return total.hexdigest()


# ---- where it came from -----------------------------------------------------------------------------------


def run_key(scenario: Scenario) -> str:
    """Return the key of a run: SHA-256 of the resolved scenario (own facts and seed included), the number of
    replications, code and data."""
    parts = (digest(scenario), str(scenario.replications), content_digest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def stamp() -> dict[str, str]:
    """Return what stands with every result: version, what it is not for, and the attribution that the data ask for."""
    return {"homecare": __version__, "note": NOTE, "attribution": attribution_statement()}


def provenance(scenario: Scenario, series: Mapping[int, pd.DataFrame], files: list[str]) -> dict[str, Any]:
    """Return what made a result; nothing in it names a machine, a folder or a date."""
    return {
        **stamp(),
        "scenario": scenario.name,
        "area": scenario.area,
        "scale": scenario.scale,
        "weeks": scenario.weeks,
        "seeds": list(series),
        "key": run_key(scenario),
        "scenario_digest": digest(scenario),
        "content_digest": content_digest(),
        "series_digest": series_digest(series),
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "files": files,
    }


# ---- a folder, whole or not at all ------------------------------------------------------------------------


def checked_place(out: str | Path, what: str = RUN) -> Path:
    """Return where a result may be written.

    Parameters
    ----------
    what : str
        ``"run"`` or ``"comparison"``.

    Raises
    ------
    ScenarioError
        If the place is a file, cannot be written, or is a folder with something in it that is not ours:
        only an earlier result of the same sort is ever replaced.
    """
    place = checked_folder(out, beside=True)
    if place.is_dir():
        said = _said(place)
        there = COMPARISON if COMPARISON in said else RUN
        if said and there != what:
            raise _refusal(out, f"nothing is replaced: a {there} is there, and this is a {what}", FOLDER)
        strangers = sorted(set(os.listdir(place)) - _ours(said))
        if strangers:
            raise _refusal(out, f"nothing is replaced: homecare did not write {strangers[0]} there", FOLDER)
    return place


def checked_folder(out: str | Path, beside: bool = False) -> Path:
    """Return where a folder is or can be made.

    Parameters
    ----------
    beside : bool
        Whether something is to be written beside it, too. Writing is tried, and nothing of that is left.

    Raises
    ------
    ScenarioError
        If a file is in the way, or nothing can be written there.
    """
    place = Path(os.path.realpath(out))
    try:
        above = next(folder for folder in (place, *place.parents) if folder.exists())
        if not above.is_dir():
            raise _refusal(out, f"{above.name} is a file", FOLDER)
        with _part(place if beside or place != above else place / "part"):
            return place
    except OSError as error:
        raise _refusal(out, f"this cannot be written to: {error.strerror}",
                       "a folder with the right to write in it") from error


@contextmanager
def _part(place: Path) -> Iterator[Path]:
    """Give a new folder beside a place; nothing of it is left, but the folders above that hold something by then."""
    made = [folder for folder in place.parents if not folder.exists()]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=f".{writer()}.part", dir=place.parent))
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
    finally:
        for folder in made:  # the deepest first; one that holds the result stays
            with suppress(OSError):
                folder.rmdir()


def _said(place: Path) -> dict[str, Any]:
    """What made the earlier result there; nothing where its provenance is not ours."""
    try:
        said = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
        return {}
    ours = isinstance(said, dict) and "homecare" in said and isinstance(said.get("files"), list)
    return said if ours else {}


def _ours(said: dict[str, Any]) -> set[str]:
    """Names of the files of an earlier result."""
    return {PROVENANCE, "report.html", *(str(name) for name in said["files"])} if said else set()


def _refusal(out: str | Path, message: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault(Place("--out"), "", message, str(out), allowed)])


@contextmanager
def new_result(out: str | Path, what: str = RUN) -> Iterator[Path]:
    """Give a new folder beside ``out`` to write into; move it there at the end, or leave no trace of it.

    An earlier result is replaced; see `checked_place`. What a killed run of the same name left is cleared away.

    Raises
    ------
    ScenarioError
        As `checked_place`.
    """
    clear_left(Path(os.path.realpath(out)))
    with _part(checked_place(out, what)) as part:
        part.chmod(0o755)
        yield part
        _swap(part, checked_place(out, what))


def _swap(part: Path, place: Path) -> None:
    if not place.exists():
        os.rename(part, place)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=f".{writer()}.old", dir=place.parent))
    os.rename(place, old / place.name)
    try:
        os.rename(part, place)
    except OSError:
        os.rename(old / place.name, place)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def write_result(folder: Path, scenario: Scenario, series: Mapping[int, pd.DataFrame], summary: str) -> None:
    """Write series, summary and the whole scenario into a folder; figures and `write_provenance` follow."""
    pq.write_table(weekly_table(series), folder / WEEKLY, compression="zstd")
    (folder / SUMMARY).write_text(summary, encoding="utf-8", newline="\n")
    if scenario.override is not None:
        shutil.copyfile(scenario.override, folder / OVERRIDE)
        scenario = replace(scenario, override=OVERRIDE)
    (folder / SCENARIO).write_text(dump(scenario), encoding="utf-8", newline="\n")


def write_provenance(folder: Path, scenario: Scenario, series: Mapping[int, pd.DataFrame]) -> None:
    """Write what made the result and which files it has; the last file of a result."""
    write_said(folder, provenance(scenario, series, sorted(os.listdir(folder))))


def write_said(folder: Path, said: dict[str, Any]) -> None:
    """Write what made a result, which has ``homecare`` and ``files``."""
    text = json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / PROVENANCE).write_text(text, encoding="utf-8", newline="\n")
