"""Councils, small areas, national values and evidence: the packaged tables, read once.

Every table is built by `python -m homecare.data.build` and described in `docs/data.md`. The loaders cache
what they read and hand out read-only views, so that one part of a program cannot change another's facts.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import numpy as np

Row = Mapping[str, str | float | None]

NEAR = 0.67
"""Names that share less of their letters (`difflib`) do not resemble each other: Wales and Walsall share two thirds."""
LEAST_PART = 3
"""Letters of a part of a name, such as ``zero`` of ``zero_hours``, by which the whole is proposed."""


class UnknownName(ValueError):
    """A name that no table holds.

    Attributes
    ----------
    given : str
        What was asked for.
    nearest : tuple of str
        Up to three known names that resemble it, best first.
    """

    def __init__(self, message: str, given: str, nearest: tuple[str, ...] = ()):
        super().__init__(message)
        self.given = given
        self.nearest = nearest

    def __reduce__(self):
        """Keep the three arguments when the error crosses from one process to another."""
        return type(self), (str(self), self.given, self.nearest)


def nearest_names(given: str, known: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to `n` of `known` that resemble `given`, best first, or else hold it as a word or begin with it."""
    names = list(known)
    close = difflib.get_close_matches(given, names, n=n, cutoff=NEAR)
    if not close and len(given) >= LEAST_PART:
        close = [name for name in names if name.startswith(given) or given in re.split(r"[\W_]+", name)][:n]
    return tuple(close)


def did_you_mean(nearest: tuple[str, ...]) -> str:
    """Return the end of an error message: '; did you mean A, B or C?', or nothing."""
    if not nearest:
        return ""
    *first, last = nearest
    return f"; did you mean {', '.join(first) + ' or ' if first else ''}{last}?"


def table_path(name: str) -> Path:
    """Return where the packaged file `name` lies."""
    return Path(str(resources.files(__name__).joinpath(name)))


def attribution() -> str:
    """Return the attribution that the licences of the data ask for (also in LICENCE-DATA.md)."""
    return table_path("ATTRIBUTION.md").read_text(encoding="utf-8")


def attribution_statement() -> str:
    """Return the statement of that page, in one line, to stand with figures."""
    quoted = (line.removeprefix("> ") for line in attribution().splitlines() if line.startswith("> "))
    return " ".join(quoted)


@cache
def council_columns() -> Mapping[str, Mapping[str, str]]:
    """Return the dictionary of the council table: column to kind, unit, source_id and meaning.

    Kind is `name` (text), `count` (grows with the number of people) or `level` (does not).
    """
    rows = _csv_rows("council_columns.csv")
    return MappingProxyType({row["column"]: MappingProxyType(row) for row in rows})


@cache
def councils() -> Mapping[str, Row]:
    """Return the 153 English councils: code to row; numbers are floats, a blank number is None."""
    kinds = {name: column["kind"] for name, column in council_columns().items()}
    return MappingProxyType({
        row["code"]: MappingProxyType(
            {name: text if kinds[name] == "name" else _number(text) for name, text in row.items()}
        )
        for row in _csv_rows("councils.csv")
    })


@cache
def small_areas() -> Mapping[str, np.ndarray]:
    """Return the 33,755 small areas (LSOA 2021) of England, sorted by council, then by code.

    Returns
    -------
    mapping of str to numpy.ndarray
        Read-only columns of equal length: `code` and `council` (text); `easting`, `northing` (metres, British
        National Grid); `rural` (0 or 1); `imd_decile` (1 most to 10 least deprived); `population`,
        `age_18_64`, `age_65_74`, `age_75_84`, `age_85_plus`, `disabled` (residents); `households`, `no_car`,
        `owned_outright`, `social_rented` (households).
    """
    import pyarrow as pa
    from pyarrow import parquet

    # ParquetFile and DLPack, because read_table and to_numpy import pandas: 0.3 s for nothing used here.
    with parquet.ParquetFile(table_path("small_areas.parquet")) as file:
        table = file.read(use_threads=False)
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        array = column.combine_chunks()
        if pa.types.is_dictionary(array.type):
            values = np.array(array.dictionary.to_pylist())[np.from_dlpack(array.indices)]
        elif pa.types.is_string(array.type):
            values = np.array(array.to_pylist())
        else:
            values = np.from_dlpack(array).copy()
        values.setflags(write=False)
        columns[name] = values
    return MappingProxyType(columns)


@cache
def evidence() -> Mapping[str, Row]:
    """Return the evidence table: id to row; `value`, `low` and `high` are floats, a blank one is None."""
    numbers = ("value", "low", "high")
    return MappingProxyType({
        row["id"]: MappingProxyType(row | {name: _number(row[name]) for name in numbers})
        for row in _csv_rows("evidence.csv")
    })


def evidence_value(id: str) -> float:
    """Return the value of one row of evidence, in the unit that the row gives.

    Raises
    ------
    UnknownName
        If no row has this id.
    """
    rows = evidence()
    if id not in rows:
        nearest = nearest_names(id, rows)
        raise UnknownName(f"no evidence has the id {id!r}{did_you_mean(nearest)}", id, nearest)
    return rows[id]["value"]


@cache
def national_values() -> Mapping[tuple[str, str, str], Row]:
    """Return national and regional values: (measure, area, period) to row; `value` is a float."""
    return MappingProxyType({
        (row["measure"], row["area"], row["period"]): MappingProxyType(row | {"value": _number(row["value"])})
        for row in _csv_rows("national_values.csv")
    })


def national_value(measure: str, area: str = "England", period: str | None = None) -> float:
    """Return one national or regional value, in the unit that its row gives.

    Parameters
    ----------
    measure : str
        Name of the measure, as in `national_values.csv`.
    area : str
        England, UK, a region as the councils spell it, or a council.
    period : str, optional
        Period as the table writes it; without it the latest.

    Raises
    ------
    UnknownName
        If the table has no such measure, or not for this area and period.

    Examples
    --------
    >>> national_value("hc_hours_per_client_week")
    12.7
    >>> national_value("hc_fee_uplift_MSIF", period="2023-24")
    9.6
    """
    rows = national_values()
    measures = dict.fromkeys(key[0] for key in rows)
    if measure not in measures:
        nearest = nearest_names(measure, measures)
        raise UnknownName(f"no national value is called {measure!r}{did_you_mean(nearest)}", measure, nearest)
    found = [key for key in rows if key[:2] == (measure, area) and period in (None, key[2])]
    if not found:
        held = "; ".join(f"{key[1]} {key[2]}" for key in rows if key[0] == measure)
        wanted = area if period is None else f"{area} {period}"
        raise UnknownName(f"no value of {measure!r} for {wanted}; the table has it for {held}", wanted)
    return rows[found[-1]]["value"]


@cache
def sources() -> Mapping[str, Row]:
    """Return where the council and small-area columns come from: source_id to row."""
    return MappingProxyType({row["source_id"]: MappingProxyType(row) for row in _csv_rows("sources.csv")})


def _csv_rows(name: str) -> list[dict[str, str]]:
    with table_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | None:
    return float(text) if text else None
