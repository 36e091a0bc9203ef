"""The packaged tables against official totals, their loaders, and the script that builds them."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from homecare import data
from homecare.data import build as builder
from homecare.validate_targets import targets


def total(column: str) -> float:
    return sum(row[column] for row in data.councils().values() if row[column] is not None)


def test_small_areas_have_the_official_counts():
    areas = data.small_areas()
    assert {len(values) for values in areas.values()} == {33_755}
    assert len(np.unique(areas["code"])) == 33_755
    assert set(areas["council"]) == set(data.councils())
    numbers = {name: values for name, values in areas.items() if values.dtype.kind == "i"}
    wide = {name: int(values.astype(np.int64).sum()) for name, values in numbers.items()}
    assert wide["population"] == 56_490_091
    assert wide["age_65_74"] + wide["age_75_84"] + wide["age_85_plus"] == 10_401_242
    assert wide["age_85_plus"] == 1_372_289
    assert wide["households"] == 23_435_839
    assert wide["disabled"] == 9_774_486
    assert set(np.bincount(areas["imd_decile"])[1:]) <= {3_375, 3_376}
    assert set(np.unique(areas["rural"])) == {0, 1}


def test_councils_have_the_official_totals():
    assert len(data.councils()) == 153
    assert total("pop_2021") == 56_490_091
    assert total("pop_65plus_2021") == 10_401_242
    assert total("pop_85plus_2021") == 1_372_289
    assert total("households_2021") == 23_435_839
    assert total("disabled_2021") == 9_774_486
    assert total("area_km2") == pytest.approx(130_310, abs=1)
    assert total("community_lts_clients_mar2025") == 480_106
    assert total("direct_payment_clients_mar2025") == 117_655
    assert total("lts_18_64_home_2425") == 241_921
    assert total("lts_65plus_home_2425") == 347_305
    assert total("hc_clients_all_mar2014") == pytest.approx(281_190, abs=5)  # split councils are rounded
    hours = total("hc_hours_inhouse_1314") + total("hc_hours_external_1314")
    assert hours == pytest.approx(186.0e6, rel=5e-4)
    assert total("hc_spend_65plus_gbp_k_2223") == pytest.approx(2.465e6, rel=5e-4)


def test_each_council_is_the_sum_of_its_small_areas():
    areas = data.small_areas()
    for code, row in data.councils().items():
        here = areas["council"] == code
        assert here.sum() == row["n_lsoa"]
        assert areas["population"][here].astype(np.int64).sum() == row["pop_2021"]
        assert areas["age_85_plus"][here].astype(np.int64).sum() == row["pop_85plus_2021"]
        assert areas["age_18_64"][here].astype(np.int64).sum() == row["pop_18_64_2021_est"]
        no_car = areas["no_car"][here].astype(np.int64).sum() / row["households_2021"]
        assert no_car == pytest.approx(row["no_car_share"], abs=6e-5)


def test_every_column_is_described_and_sourced():
    columns = data.council_columns()
    assert list(next(iter(data.councils().values()))) == list(columns)
    for name, column in columns.items():
        assert column["kind"] in {"name", "count", "level"}, name
        assert column["source_id"] in data.sources(), name
        assert column["meaning"], name
        assert (column["unit"] == "") == (column["kind"] == "name"), name


def test_shares_and_percentages_keep_to_their_range():
    for name, column in data.council_columns().items():
        top = {"share": 1, "percent": 100, "score 0-24": 24}.get(column["unit"])
        values = [row[name] for row in data.councils().values() if row[name] is not None]
        if top is not None:
            assert min(values) >= 0 and max(values) <= top, name
        if column["kind"] == "count":
            assert min(values) >= 0, name


def test_evidence_has_value_range_and_source():
    rows = data.evidence()
    assert len(rows) == 668
    for id, row in rows.items():
        assert isinstance(row["value"], float), id
        assert row["source"] and row["unit"] and row["confidence"] in {"high", "medium", "low"}, id
        assert 0 < len(row["measure"]) <= 100, id
        for bound in (row["low"], row["high"]):
            assert bound is None or isinstance(bound, float), id
    assert data.evidence_value("turnover_dom_all_staff_2023_24") == 24.6


def test_unknown_evidence_names_the_nearest():
    with pytest.raises(data.UnknownName, match="did you mean") as caught:
        data.evidence_value("turnover_dom_all_staf_2023_24")
    assert caught.value.nearest[0] == "turnover_dom_all_staff_2023_24"
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.nearest) == (str(caught.value), caught.value.nearest)


def test_national_value_takes_the_latest_unless_told():
    assert data.national_value("hc_fee_uplift_MSIF") == 6.5
    assert data.national_value("hc_fee_uplift_MSIF", period="2023-24") == 9.6
    assert data.national_value("asc_turnover_all_services", "East of England") == 23.5
    assert data.national_value("hc_rate_external_mean", "Yorkshire and The Humber") == 13.62


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hc_fee_uplift",), "did you mean hc_fee_uplift_MSIF"),
        (("hc_fee_uplift_MSIF", "London"), "the table has it for England 2023-24; England 2024-25"),
        (("hc_fee_uplift_MSIF", "England", "1999"), "for England 1999"),
    ],
)
def test_unknown_national_value_says_what_there_is(arguments, message):
    with pytest.raises(data.UnknownName, match=message):
        data.national_value(*arguments)


def test_regions_of_national_values_are_those_of_councils():
    regions = {row["region"] for row in data.councils().values()}
    places = {key[1] for key in data.national_values()} - {"England", "UK"}
    assert places - {row["name"] for row in data.councils().values()} == regions


def test_tables_cannot_be_changed_by_a_reader():
    with pytest.raises(TypeError):
        data.councils()["E06000054"]["pop_2021"] = 0
    with pytest.raises(ValueError):
        data.small_areas()["population"][0] = 0
    with pytest.raises(TypeError):
        data.evidence()["new"] = {}


def test_attribution_is_the_page_at_top_level(root):
    text = data.attribution()
    assert text == (root / "LICENCE-DATA.md").read_text(encoding="utf-8")
    licence = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    for words in ("Open Government Licence v3.0", licence, "Crown copyright", "CC0 1.0"):
        assert words in text
    said = data.attribution_statement()
    assert "\n" not in said and said.startswith("Contains public sector information licensed under")
    for line in text.splitlines():
        assert not line.startswith(">") or line[2:] in said


def test_page_counts_the_rows_that_there_are(root):
    page = (root / "docs" / "data.md").read_text(encoding="utf-8")
    counts = {
        "councils.csv": data.councils(),
        "council_columns.csv": data.council_columns(),
        "national_values.csv": data.national_values(),
        "evidence.csv": data.evidence(),
        "sources.csv": data.sources(),
        "targets.csv": targets(),
    }
    for name, table in counts.items():
        assert f"| `{name}` | {len(table)} |" in page


def test_small_areas_are_narrow_and_undated():
    path = data.table_path("small_areas.parquet")
    assert path.stat().st_size < 1_000_000
    metadata = parquet.read_metadata(path)
    assert metadata.num_row_groups == 1
    assert not any(b"pandas" in key for key in (metadata.metadata or {}))


def test_build_refuses_repeated_keys_and_wrong_counts():
    with pytest.raises(builder.BuildError, match="2 repeated keys"):
        builder.check_keys("councils", ["a", "a", "a"])
    with pytest.raises(builder.BuildError, match="2 rows, 3 expected"):
        builder.check_keys("councils", ["a", "b"], 3)


def test_build_shortens_a_measure_at_a_word():
    row = dict.fromkeys(builder.EVIDENCE_COLUMNS, "x") | {"measure": "word " * 40}
    short = builder.evidence_row(row)["measure"]
    assert len(short) <= 100 and short.endswith("word ...")


def test_build_spells_out_the_same_source():
    row = dict.fromkeys(builder.NATIONAL_COLUMNS, "x") | {"value": "1.0", "area": "Eastern"}
    sources = ("Survey, June", "A, same report (page 2)")
    rows = builder.national_rows([row | {"source": source} for source in sources])
    assert [r["source"] for r in rows] == ["Survey, June", "Survey, June (page 2)"]
    assert rows[0]["area"] == "East of England" and rows[0]["value"] == "1"


def test_rebuild_gives_the_packaged_bytes(tmp_path: Path):
    shared = os.environ.get("HOMECARE_SHARED")
    if not shared:
        pytest.skip("set HOMECARE_SHARED to the folder of collected data to rebuild the tables")
    sizes = builder.build(Path(shared), tmp_path)
    assert len(sizes) == 6
    for name in sizes:
        built, packaged = tmp_path / name, data.table_path(name)
        if name.endswith(".parquet"):
            by = [parquet.read_metadata(path).created_by for path in (built, packaged)]
            if by[0] != by[1]:  # another pyarrow may pack the same table differently
                assert parquet.read_table(built).equals(parquet.read_table(packaged))
                continue
        assert built.read_bytes() == packaged.read_bytes(), name
