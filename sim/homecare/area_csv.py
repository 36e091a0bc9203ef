"""Facts of a council: the packaged row, blanks filled by a stated rule, a user's own CSV on top."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from homecare.data import Row, council_columns, councils, did_you_mean, nearest_names

LEAST_COUNCILS_IN_A_REGION = 3
"""A region stands in for a blank only where at least this many of its councils have the figure."""

ALLOWED_BY_UNIT = {
    "share": (0.0, 1.0),
    "percent": (0.0, 100.0),
    "score 0-24": (0.0, 24.0),
    "score": (-100.0, 100.0),
    "degrees": (-180.0, 180.0),
    "ratio": (0.5, 2.0),
}
"""Range of values by unit; clients are at most the council's residents, every other unit allows any number from 0 up."""

MARKET_COLUMNS = ("community_lts_clients_mar2025", "direct_payment_pct", "hc_inhouse_share_spend65_2223", "hc_rate_index",
                  "owned_outright_share")
"""Columns that a simulated market reads; the others are for people (and for validation) to read."""


class OverrideError(ValueError):
    """A CSV of council facts that cannot be used.

    Attributes
    ----------
    faults : tuple of str
        Every fault of the file, each with file, line and column.
    """

    def __init__(self, *faults: str):
        super().__init__("\n".join(faults))
        self.faults = faults

    def __reduce__(self):
        """Keep the faults apart when the error crosses from one process to another."""
        return type(self), self.faults


class Facts:
    """The numbers of one council, read as attributes: `area.facts.lts_65plus_home_2425`.

    All are floats, none is blank. `facts["column"]`, iteration over names and `dict(facts.items())` work too.
    Columns and units are those of `homecare.data.council_columns()`.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, float]):
        object.__setattr__(self, "_values", dict(values))

    def __getattr__(self, name: str) -> float:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._values:
            hint = did_you_mean(nearest_names(name, self._values))
            raise AttributeError(f"no council fact is called {name!r}{hint}")
        return self._values[name]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("facts are read-only: override them with a CSV")

    def __reduce__(self):
        """Pickle as the plain numbers."""
        return Facts, (self._values,)

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._values]

    def items(self):
        """Return pairs of column and number."""
        return self._values.items()


def whole_council_facts(row: Row) -> tuple[dict[str, float], dict[str, str]]:
    """Return the numbers of a council with its blanks filled.

    Parameters
    ----------
    row : mapping
        A row of `homecare.data.councils()`.

    Returns
    -------
    values : dict of str to float
        Every column of kind count or level.
    filled : dict of str to str
        The columns that were blank, and what stands in: the name of the region, or England.

    Notes
    -----
    A blank is filled from the other councils of the region where at least `LEAST_COUNCILS_IN_A_REGION` have
    the figure, else from those of England. A count becomes their count per head times the council's own
    people, a level their mean weighted by people. People are residents aged 18 to 64 for a column about that
    age, else residents aged 65 and over.
    """
    values, filled = {}, {}
    for name, column in council_columns().items():
        if column["kind"] == "name":
            continue
        if row[name] is not None:
            values[name] = row[name]
            continue
        people = "pop_18_64_2021_est" if "18_64" in name else "pop_65plus_2021"
        known = [other for other in councils().values() if other[name] is not None]
        nearby = [other for other in known if other["region"] == row["region"]]
        enough = len(nearby) >= LEAST_COUNCILS_IN_A_REGION
        use, source = (nearby, row["region"]) if enough else (known, "England")
        heads = math.fsum(other[people] for other in use)
        if column["kind"] == "count":
            values[name] = math.fsum(other[name] for other in use) / heads * row[people]
        else:
            values[name] = math.fsum(other[name] * other[people] for other in use) / heads
        filled[name] = source
    return values, filled


def read_override(path: str | Path, row: Row, reads: Iterable[str] | None = None) -> tuple[dict[str, float], str]:
    """Read a user's own facts for one council.

    Parameters
    ----------
    path : str or Path
        A CSV file (UTF-8) in one of two forms: the columns `column` and `value`, one fact a line; or a header
        of column names and a single line of values, where a blank leaves the packaged figure.
    row : mapping
        The packaged row of the council. Names and codes in the file must agree with it.
    reads : iterable of str, optional
        The columns that whoever asks will read; another figure for any other column is a fault, since it would
        change nothing. All unless given.

    Returns
    -------
    values : dict of str to float
        Facts of the whole council, before any scaling.
    digest : str
        SHA-256 of the file's bytes, hexadecimal.

    Raises
    ------
    OverrideError
        With every fault of the file: unreadable, no figure, unknown column, repeated column, not a number, out of range,
        another council's name, a figure that would change nothing.
    """
    try:
        data = Path(path).read_bytes()
        rows = _lines(data.decode("utf-8-sig"))
    except OSError as error:
        raise OverrideError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OverrideError(f"{path}: is not a CSV file in UTF-8: {error}") from error
    except csv.Error as error:
        raise OverrideError(f"{path}, {error}") from error
    if not rows:
        raise OverrideError(f"{path}: is empty; a header and one line are needed")
    values: dict[str, float] = {}
    seen: set[str] = set()
    faults = []
    for line, name, text in _pairs(path, rows):
        fault = f"column {name!r} is given twice" if name in seen else _fault(name, text, row, reads)
        seen.add(name)
        if fault:
            faults.append(f"{path}, line {line}: {fault}")
        elif council_columns()[name]["kind"] != "name":
            values[name] = float(text)
    if faults:
        raise OverrideError(*faults)
    if not values:
        raise OverrideError(f"{path}: gives no figure; a header and at least one figure are needed")
    return values, hashlib.sha256(data).hexdigest()


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Return (line number, cells without outer spaces) of every line that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, begin = [], 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                lines.append((reader.line_num, stripped))
            begin = reader.line_num + 1
    except csv.Error as error:
        why = "a quotation mark is not closed" if "end of data" in str(error) else error
        raise csv.Error(f"line {begin}: is not CSV: {why}") from error
    return lines


def _pairs(path: str | Path, rows: list[tuple[int, list[str]]]) -> list[tuple[int, str, str]]:
    """Return (line, column, text) whichever form the file has; wide blanks are left out."""
    header_line, header = rows[0]
    body = rows[1:]
    if header == ["column", "value"]:
        wrong = [(line, len(cells)) for line, cells in body if len(cells) != 2]
        if wrong:
            raise OverrideError(*(f"{path}, line {line}: {n} cells, 2 are needed" for line, n in wrong))
        return [(line, *cells) for line, cells in body]
    if len(body) != 1:
        raise OverrideError(
            f"{path}, line {header_line}: {len(body)} lines follow the header; allowed is one, or a header "
            "'column,value' and then one fact a line"
        )
    line, cells = body[0]
    if len(cells) != len(header):
        raise OverrideError(f"{path}, line {line}: {len(cells)} cells under {len(header)} column names")
    columns = council_columns()
    given = list(zip(header, cells, strict=True))
    unknown = [(header_line, name, text) for name, text in given if name not in columns]
    return unknown + [(line, name, text) for name, text in given if text and name in columns]


def _fault(name: str, text: str, row: Row, reads: Iterable[str] | None) -> str | None:
    """Return what is wrong with one fact, or None."""
    columns = council_columns()
    if name not in columns:
        return f"unknown column {name!r}{did_you_mean(nearest_names(name, columns))}"
    if columns[name]["kind"] == "name":
        if text == row[name]:
            return None
        return f"column {name!r} is {text!r} but the area has {row[name]!r}; names and codes cannot change"
    unit = columns[name]["unit"]
    low, high = ALLOWED_BY_UNIT.get(unit, (0.0, math.inf))
    if unit == "people" and not name.startswith("pop_"):
        high = row["pop_2021"]
    allowed = f"from {low:g} to {high:.12g}" if high < math.inf else f"of {low:g} or more"
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and low <= number <= high):
        return f"column {name!r} is {text!r}; a number {allowed} is needed (unit: {unit})"
    if reads is not None and name not in reads and number != row[name]:
        return f"column {name!r} changes nothing, since a market does not read it; it reads {', '.join(sorted(reads))}"
    return None
