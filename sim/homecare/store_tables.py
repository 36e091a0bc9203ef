"""The tables of many runs: one row a run, in the order of keys, the same bytes whoever made the runs and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from homecare.outcomes import OUTCOMES
from homecare.store import stamp
from homecare.store_many import Store
from homecare.sweep_drive import Run
from homecare.sweep_results import Window, means_over

RUNS_TABLE, OUTCOMES_TABLE, PARTS = "runs.parquet", "outcomes.parquet", "parts"


def write_tables(store: Store, runs: Iterable[Run], outcomes: Sequence[str] = (), window: Window | None = None,
                 part: str | None = None) -> list[str]:
    """Write ``runs.parquet`` (what was run, and how it ended) and ``outcomes.parquet`` (means over the window).

    Parameters
    ----------
    store : Store
    runs : iterable of Run
        The plan.
    outcomes : sequence of str
        Columns of the second table; all if none are given.
    window : (int, int), optional
        First and last week of the means; see `homecare.sweep_results.Results.frame`.
    part : str, optional
        Name of a shard: then only its manifest in ``parts/`` is written, which spares the tables of all shards a
        second reading of its runs.

    Returns
    -------
    list of str
        Keys of runs whose file is damaged; each was removed, so that the same sweep makes it again.

    Raises
    ------
    CannotKeep
        If a table cannot be written; then the one before stays.
    """
    names = list(outcomes) or list(OUTCOMES)
    unique = {(run.key, run.label, run.factors): run for run in runs}
    ordered = [unique[place] for place in sorted(unique, key=lambda place: (place[0], place[1], str(place[2])))]
    known = _known_means(store, names, window)
    finished = store.finished()
    keys = sorted({run.key for run in ordered if run.key in finished})
    means, damaged = _means(store, keys, names, window, known)
    kept = [key for key in keys if key in means]
    table = _means_table(kept, means, names, window)
    if part is not None:
        store.write_table(Path(PARTS) / f"{part}.parquet", table)
        return damaged
    failed = store.failed()
    store.write_table(OUTCOMES_TABLE, table)
    store.write_table(RUNS_TABLE, _runs_table(store, ordered, set(kept), failed))
    return damaged


def _means(store: Store, keys: Sequence[str], names: Sequence[str], window: Window | None,
           known: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], list[str]]:
    means, damaged = {}, []
    for key in keys:
        if key in known:
            means[key] = known[key]
            continue
        try:
            weekly = store.columns(key)
        except (pa.ArrowInvalid, pa.ArrowIOError):
            store.path(key).unlink(missing_ok=True)
            damaged.append(key)
            continue
        means[key] = np.array(list(means_over(weekly, names, window).values()))
    return means, damaged


def _known_means(store: Store, names: Sequence[str], window: Window | None) -> dict[str, np.ndarray]:
    """The rows of earlier tables with the same columns and window, by key."""
    known: dict[str, np.ndarray] = {}
    for path in [store.folder / OUTCOMES_TABLE, *sorted((store.folder / PARTS).glob("*.parquet"))]:
        if not path.is_file():
            continue
        table = pq.read_table(path, partitioning=None)
        said = (table.schema.metadata or {}).get(b"window", b"").decode()
        if said == _said(window) and table.column_names == ["key", *names]:
            values = np.column_stack([table[name].to_numpy() for name in names]) if names else np.zeros((0, 0))
            known.update(zip(table["key"].to_pylist(), values, strict=True))
    return known


def _means_table(keys: Sequence[str], means: dict[str, np.ndarray], names: Sequence[str],
                 window: Window | None) -> pa.Table:
    values = np.array([means[key] for key in keys]).reshape(len(keys), len(names))
    fields = [pa.field("key", pa.string(), False)]
    for name in names:
        one = OUTCOMES[name]
        said = {"unit": one.unit, "better": one.better, "group": one.group,
                "sentence": " ".join(one.sentence.split())}
        fields.append(pa.field(name, pa.float64(), True, said))
    metadata = {**stamp(), "window": _said(window)}
    columns = [pa.array(keys, pa.string()), *(pa.array(values[:, i]) for i in range(len(names)))]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=metadata))


def _runs_table(store: Store, runs: Sequence[Run], finished: set[str], failed: set[str]) -> pa.Table:
    status, errors = [], []
    for run in runs:
        well, ill = run.key in finished, run.key in failed
        status.append("finished" if well else "failed" if ill else "missing")
        said = store.failure(run.key) if ill and not well else None
        errors.append(None if said is None else f"{said['error']}: {said['message']}")
    columns: dict[str, pa.Array] = {
        "key": pa.array([run.key for run in runs], pa.string()),
        "label": pa.array([run.label for run in runs], pa.string()),
        "seed": pa.array([run.seed for run in runs], pa.int64()),
        "status": pa.array(status, pa.string()),
        "error": pa.array(errors, pa.string()),
    }
    given = [dict(run.factors) for run in runs]
    for path in dict.fromkeys(path for point in given for path in point):
        columns[path] = _column([point.get(path) for point in given])
    return pa.table(columns).replace_schema_metadata(stamp())


def _column(values: list) -> pa.Array:
    """Values of a factor: numbers where all are, else words."""
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, bool) for value in present):
        return pa.array(values, pa.bool_())
    if present and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _said(window: Window | None) -> str:
    return "usual" if window is None else f"{window[0]}-{window[1]}"
