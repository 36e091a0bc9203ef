"""Build the packaged tables from a folder of collected public data.

Run as `python -m homecare.data.build FOLDER [--out FOLDER]`, where FOLDER holds `data/` (`councils.csv`,
`small_areas.csv.gz`, `national_values.csv`, `sources.csv`) and `evidence/evidence.csv`. Which council columns
are kept, their kind and unit, is declared by hand in `council_columns.csv`; everything else is written here.
The same input and the same version of pyarrow give the same bytes: rows are sorted, nothing carries a date.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from homecare.data import council_columns, table_path
from homecare.data.targets_declared import TARGET_COLUMNS, target_rows

N_COUNCILS = 153
N_SMALL_AREAS = 33_755
MEASURE_CHARACTERS = 100
"""Longest text of a measure in the evidence table."""

SMALL_AREA_COLUMNS = {
    "code": ("lsoa21", pa.string()),
    "council": ("council", pa.dictionary(pa.int16(), pa.string())),
    "easting": ("easting", pa.int32()),
    "northing": ("northing", pa.int32()),
    "rural": ("rural", pa.int8()),
    "imd_decile": ("imd25_decile", pa.int8()),
    "population": ("pop", pa.int16()),
    "age_18_64": ("p18_64", pa.int16()),
    "age_65_74": ("p65_74", pa.int16()),
    "age_75_84": ("p75_84", pa.int16()),
    "age_85_plus": ("p85", pa.int16()),
    "disabled": ("disabled", pa.int16()),
    "households": ("hh", pa.int16()),
    "no_car": ("hh_no_car", pa.int16()),
    "owned_outright": ("hh_owned_outright", pa.int16()),
    "social_rented": ("hh_social_rented", pa.int16()),
}
"""Our column: the collected column and the narrowest type that holds it."""

EVIDENCE_COLUMNS = (
    "id", "topic", "measure", "value", "low", "high", "unit", "year", "geography", "confidence", "source",
    "url",
)
NATIONAL_COLUMNS = ("measure", "area", "period", "value", "unit", "source", "licence")
SOURCE_COLUMNS = ("source_id", "what", "period", "repository", "path", "commit", "licence")

FOR_TARGETS = (
    "ascof_1a_qol", "asc_turnover_pct_2223", "asc_turnover_pct_2324", "asc_turnover_pct_2425",
    "hc_clients_all_mar2014", "hc_intensive_clients_2014", "wait_start_median_days_2223",
)
"""Council columns that validation targets are made from."""

REGION_NAMES = {"Eastern": "East of England", "Yorkshire and the Humber": "Yorkshire and The Humber"}
"""Regions as one source spells them: as the council table does."""


class BuildError(ValueError):
    """Collected data that do not have the shape that the packaged tables need."""


def build(folder: Path, out: Path) -> dict[str, int]:
    """Write every packaged table.

    Parameters
    ----------
    folder : Path
        Where the collected data lie (`data/` and `evidence/`).
    out : Path
        Where the tables go; made if it does not exist.

    Returns
    -------
    dict of str to int
        Size of each file in bytes.

    Raises
    ------
    BuildError
        If a table has a wrong number of rows, a repeated key, or a key that another table lacks.
    """
    councils = read_rows(folder / "data" / "councils.csv")
    areas = read_rows(folder / "data" / "small_areas.csv.gz")
    sources = [source_row(row) for row in read_rows(folder / "data" / "sources.csv")]
    evidence = [evidence_row(row) for row in read_rows(folder / "evidence" / "evidence.csv")]
    national = national_rows(read_rows(folder / "data" / "national_values.csv"))

    check_keys("councils", [row["code"] for row in councils], N_COUNCILS)
    check_keys("small areas", [row["lsoa21"] for row in areas], N_SMALL_AREAS)
    check_keys("evidence", [row["id"] for row in evidence])
    check_keys("national values", [f"{row['measure']}, {row['area']}, {row['period']}" for row in national])
    if {row["code"] for row in councils} != {row["council"] for row in areas}:
        raise BuildError("councils and small areas do not name the same councils")
    known = {row["source_id"] for row in sources}
    unsourced = {row["source_id"] for row in council_columns().values()} - known
    if unsourced:
        raise BuildError(f"council columns name sources that the source table lacks: {sorted(unsourced)}")

    by_id = {row["id"]: row for row in evidence}
    by_name = {row["name"]: {name: float(text) if text and name in FOR_TARGETS else None for name, text in row.items()}
               for row in councils}
    targets = target_rows(lambda id: float(by_id[id]["value"]), by_id.__getitem__, by_name)

    out.mkdir(parents=True, exist_ok=True)
    councils.sort(key=lambda row: row["code"])
    areas.sort(key=lambda row: (row["council"], row["lsoa21"]))
    write_csv(out / "councils.csv", tuple(council_columns()), [council_row(row) for row in councils])
    write_small_areas(out / "small_areas.parquet", areas)
    write_csv(out / "national_values.csv", NATIONAL_COLUMNS, national)
    write_csv(out / "evidence.csv", EVIDENCE_COLUMNS, evidence)
    write_csv(out / "sources.csv", SOURCE_COLUMNS, sources)
    write_csv(out / "targets.csv", TARGET_COLUMNS, targets)
    names = ("targets.csv", "councils.csv", "small_areas.parquet", "national_values.csv", "evidence.csv", "sources.csv")
    return {name: (out / name).stat().st_size for name in names}


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, plain or gzipped."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def check_keys(table: str, keys: list[str], n: int | None = None) -> None:
    """Refuse a repeated key, or a number of rows other than `n`."""
    if len(set(keys)) != len(keys):
        raise BuildError(f"{table}: {len(keys) - len(set(keys))} repeated keys")
    if n is not None and len(keys) != n:
        raise BuildError(f"{table}: {len(keys)} rows, {n} expected")


def council_row(row: dict[str, str]) -> dict[str, str]:
    """Return the kept columns of one council, numbers without the noise of binary fractions."""
    kept = {}
    for name, column in council_columns().items():
        if name not in row:
            raise BuildError(f"councils: no column {name}")
        kept[name] = row[name] if column["kind"] == "name" else short_number(row[name])
    return kept


def short_number(text: str) -> str:
    """Return a number with at most six decimals and no trailing noise; a blank stays blank.

    Examples
    --------
    >>> short_number("13.600000000000001"), short_number("2.0"), short_number("")
    ('13.6', '2', '')
    """
    if not text:
        return ""
    value = round(float(text), 6)
    return str(int(value)) if value == int(value) else repr(value)


def evidence_row(row: dict[str, str]) -> dict[str, str]:
    """Return one row of evidence with its measure cut to `MEASURE_CHARACTERS` at a word."""
    short = {name: " ".join(row[name].split()) for name in EVIDENCE_COLUMNS}
    if len(short["measure"]) > MEASURE_CHARACTERS:
        head = short["measure"][: MEASURE_CHARACTERS - 4].rsplit(" ", 1)[0]
        short["measure"] = head.rstrip(" ,;:(") + " ..."
    return short


def national_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the national values with one spelling of each region and 'same' sources spelt out."""
    result, full = [], ""
    for row in rows:
        same = re.fullmatch(r"(?:.*, )?same(?: report)?\b(.*)", row["source"])
        source = full + same[1] if same else row["source"]
        full = full if same else source
        kept = {name: row[name] for name in NATIONAL_COLUMNS}
        area = REGION_NAMES.get(row["area"], row["area"])
        result.append(kept | {"area": area, "value": short_number(row["value"]), "source": source})
    return result


def source_row(row: dict[str, str]) -> dict[str, str]:
    """Return one source, its path without remarks on how the file was read."""
    return {name: row[name] for name in SOURCE_COLUMNS} | {"path": re.sub(r" \(rows .*\)$", "", row["path"])}


def write_csv(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write rows as UTF-8 CSV with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_small_areas(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the small areas as Parquet (zstd): text by shared prefixes, numbers in the narrowest type."""
    arrays, fields = [], []
    for name, (column, kind) in SMALL_AREA_COLUMNS.items():
        values = [row[column] for row in rows]
        if pa.types.is_integer(kind):
            array = pa.array([int(value) for value in values], type=kind)
        elif pa.types.is_dictionary(kind):
            array = pa.array(values).dictionary_encode().cast(kind)
        else:
            array = pa.array(values, type=kind)
        arrays.append(array)
        fields.append(pa.field(name, kind, nullable=False))
    parquet.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields)),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=["council"],
        column_encoding={"code": "DELTA_BYTE_ARRAY"},
        row_group_size=N_SMALL_AREAS,
    )


def main() -> None:
    """Read the command line, build, and print what was written."""
    parser = argparse.ArgumentParser(description="Build the packaged tables from collected public data.")
    parser.add_argument("folder", type=Path, help="folder with data/ and evidence/")
    parser.add_argument("--out", type=Path, default=table_path(""), help="default: the package")
    arguments = parser.parse_args()
    for name, size in build(arguments.folder, arguments.out).items():
        print(f"{name:22} {size:>9,} bytes")


if __name__ == "__main__":
    main()
