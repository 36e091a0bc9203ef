"""Areas: finding councils, filling blanks, compact parts, zones, placing people, a user's own figures."""

from __future__ import annotations

import csv
import hashlib
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.area import (
    OverrideError,
    PlaceUncertainty,
    UnknownArea,
    council_names,
    find_council,
    load_area,
)
from homecare.area_csv import MARKET_COLUMNS, read_override
from homecare.area_shape import LEAST_JITTER_METRES, LONE_JITTER_METRES, equal_zones, jitter_metres
from homecare.data import council_columns, councils
from homecare.market import Market
from homecare.scenario import load
from homecare.scenario_fault import ScenarioError

N_NUMBERS = sum(column["kind"] != "name" for column in council_columns().values())


@pytest.fixture(scope="module")
def wiltshire():
    return load_area("Wiltshire")


def uniforms(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((3, n))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Wiltshire", "E06000054"),
        ("wiltshire council", "E06000054"),
        ("  BATH & north-east Somerset ", "E06000022"),
        ("B&NES", "E06000022"),
        ("Bristol, City of", "E06000023"),
        ("Hull", "E06000010"),
        ("St. Helens", "E08000013"),
        ("st helens", "E08000013"),
        ("BCP", "E06000058"),
        ("Royal Borough of Kensington and Chelsea", "E09000020"),
        ("Durham County Council", "E06000047"),
        ("E08000039", "E08000019"),
        ("e08000019", "E08000019"),
        ("City of London", "E09000001"),
    ],
)
def test_a_council_has_many_names(name, code):
    assert find_council(name).code == code


def test_every_name_alias_and_code_finds_its_council():
    for code, row in councils().items():
        aliases = filter(None, row["aliases"].split(";"))
        for name in (row["name"], row["ons_name"], code, row["code_2025"], *aliases):
            assert find_council(name).code == code
            assert find_council(name.upper()).code == code
    assert len(council_names()) == len(set(council_names())) == 153


def test_unknown_area_names_the_nearest():
    message = "no English council is called 'Wiltshir'; did you mean Wiltshire"
    with pytest.raises(UnknownArea, match=message) as caught:
        load_area("Wiltshir")
    assert caught.value.nearest[0] == "Wiltshire"
    assert isinstance(caught.value, ValueError)
    with pytest.raises(UnknownArea, match="`homecare areas` lists"):
        find_council("qqqqqq")
    with pytest.raises(UnknownArea) as caught:
        find_council("Wales")
    assert caught.value.nearest == (), "Leeds and Walsall have letters of Wales, and are not near"
    with pytest.raises(UnknownArea) as caught:
        find_council("Redcar")
    assert caught.value.nearest == ("Redcar and Cleveland",)


@pytest.mark.parametrize("name", council_names())
def test_every_council_loads(name):
    area = load_area(name)
    row = councils()[area.code]
    assert area.people_share == 1.0
    assert area.total_population == row["pop_2021"] == area.facts.pop_2021
    assert area.total_65_plus == row["pop_65plus_2021"]
    assert area.total_85_plus == row["pop_85plus_2021"]
    assert area.rural_65_plus_share == pytest.approx(row["rural_share_65plus"], abs=6e-5)
    assert len(area.facts) == N_NUMBERS
    assert all(isinstance(value, float) and np.isfinite(value) for _, value in area.facts.items())
    assert set(area.filled) == {k for k in area.facts if row[k] is None}
    assert set(area.filled.values()) <= {row["region"], "England"}
    assert (area.jitter_metres >= LEAST_JITTER_METRES).all()
    shares = (area.owned_outright_share, area.no_car_share, area.social_rented_share, area.disabled_share)
    for share in shares:
        assert share.dtype == np.float64 and (share >= 0).all() and (share <= 1).all()
    rows, x, y = area.place_people(area.older_weights(), *uniforms(50))
    assert len(set(area.small_area[rows])) > 1 or len(area) == 1
    assert np.isfinite(x).all() and np.isfinite(y).all()


def test_columns_have_the_stated_types(wiltshire):
    assert wiltshire.easting.dtype == wiltshire.northing.dtype == np.float64
    assert wiltshire.rural.dtype == bool and wiltshire.imd_decile.dtype == np.int8
    for ages in (wiltshire.population, wiltshire.age_18_64, wiltshire.age_65_plus):
        assert ages.dtype == np.int64
    with pytest.raises(ValueError):
        wiltshire.easting[0] = 0.0


def test_a_blank_is_filled_by_the_stated_rule():
    scilly = load_area("Isles of Scilly")
    others = [row for row in councils().values() if row["region"] == "South West"]
    others = [row for row in others if row["lts_65plus_home_2425"] is not None]
    heads = sum(row["pop_65plus_2021"] for row in others)
    rate = sum(row["lts_65plus_home_2425"] for row in others) / heads
    assert scilly.filled["lts_65plus_home_2425"] == "South West"
    assert scilly.facts.lts_65plus_home_2425 == pytest.approx(rate * 580)
    pay = sum(row["median_weekly_pay"] * row["pop_65plus_2021"] for row in others) / heads
    assert scilly.facts.median_weekly_pay == pytest.approx(pay)
    assert "pop_65plus_2021" not in scilly.filled


def test_england_stands_in_where_few_of_a_region_answered():
    areas = [load_area(name) for name in council_names()]
    filled = [(area.council.region, *pair) for area in areas for pair in area.filled.items()]
    by_england = [(region, column) for region, column, source in filled if source == "England"]
    assert by_england
    for region, column in by_england:
        known = [r for r in councils().values() if r["region"] == region and r[column] is not None]
        assert len(known) < 3


def test_jitter_is_half_the_way_to_the_nearest_centre():
    x, y = np.array([0.0, 3000.0, 3000.0, 3010.0]), np.array([0.0, 4000.0, 9000.0, 9000.0])
    assert jitter_metres(x, y).tolist() == [2500.0, 2500.0, LEAST_JITTER_METRES, LEAST_JITTER_METRES]
    assert jitter_metres(x[:1], y[:1]).tolist() == [LONE_JITTER_METRES]
    assert load_area("Isles of Scilly").jitter_metres.tolist() == [LONE_JITTER_METRES]


def test_jitter_agrees_with_a_tree_search(wiltshire):
    from scipy.spatial import cKDTree

    points = np.column_stack([wiltshire.easting, wiltshire.northing])
    nearest = cKDTree(points).query(points, k=2)[0][:, 1]
    assert np.allclose(wiltshire.jitter_metres, np.maximum(nearest / 2, LEAST_JITTER_METRES))


@pytest.mark.parametrize("name", ["Wiltshire", "Kent", "Birmingham", "Rutland", "Camden", "Northumberland"])
@pytest.mark.parametrize("scale", [0.1, 0.25, 0.5])
def test_a_part_is_like_the_whole(name, scale):
    whole, part = load_area(name), load_area(name, scale)
    assert part.people_share == part.total_65_plus / whole.total_65_plus
    assert part.people_share == pytest.approx(scale, rel=0.06)
    assert abs(part.rural_65_plus_share - whole.rural_65_plus_share) < 0.15
    assert part.facts.lts_65plus_home_2425 == whole.facts.lts_65plus_home_2425 * part.people_share
    assert part.facts.median_weekly_pay == whole.facts.median_weekly_pay
    assert part.facts.area_km2 == whole.facts.area_km2


def test_rurality_is_near_in_nearly_every_part():
    misses = []
    for name in council_names():
        whole, part = load_area(name), load_area(name, 0.25)
        misses.append(abs(part.rural_65_plus_share - whole.rural_65_plus_share))
    assert np.mean(misses) < 0.015
    assert np.quantile(misses, 0.95) < 0.06


def test_a_part_keeps_true_places_and_is_compact(wiltshire):
    part = load_area("Wiltshire", 0.25)
    rows = np.flatnonzero(np.isin(wiltshire.small_area, part.small_area))
    assert len(rows) == len(part) < len(wiltshire) / 2
    assert (wiltshire.easting[rows] == part.easting).all()
    assert (wiltshire.northing[rows] == part.northing).all()
    assert (wiltshire.jitter_metres[rows] == part.jitter_metres).all()
    # From at least one of its own centres everything taken is nearer than anything left out.
    left = np.setdiff1d(np.arange(len(wiltshire)), rows)
    x, y = wiltshire.easting, wiltshire.northing
    squared = (x[rows, None] - x[None, :]) ** 2 + (y[rows, None] - y[None, :]) ** 2
    assert (squared[:, rows].max(axis=1) <= squared[:, left].min(axis=1)).any()


def test_a_single_small_area_is_always_whole():
    scilly = load_area("Isles of Scilly", 0.25)
    assert (len(scilly), scilly.people_share, scilly.scale) == (1, 1.0, 0.25)
    assert scilly.facts.pop_2021 == 2055


@pytest.mark.parametrize("scale", [0, -0.1, 1.01, float("nan"), float("inf"), True, "half", None])
def test_a_scale_outside_its_range_is_refused(scale):
    with pytest.raises(ValueError, match="scale is .* above 0, up to 1"):
        load_area("Wiltshire", scale)


def test_zones_are_balanced_compact_and_repeatable(wiltshire):
    for n in (1, 2, 3, 6, 10):
        zone = wiltshire.zones(n)
        assert zone.dtype == np.int32 and set(zone) == set(range(n))
        people = np.bincount(zone, weights=wiltshire.age_65_plus)
        assert people.max() / people.min() < 1.12
        assert (zone == load_area("Wiltshire").zones(n)).all()
    spread = [wiltshire.easting[zone == z].std() + wiltshire.northing[zone == z].std() for z in range(10)]
    assert max(spread) < wiltshire.easting.std() + wiltshire.northing.std()


@given(st.integers(1, 40), st.data())
def test_no_zone_is_empty(m, data):
    n = data.draw(st.integers(1, m))
    where = st.lists(st.integers(0, 5), min_size=m, max_size=m)
    x, y = np.array(data.draw(where), dtype=float), np.array(data.draw(where), dtype=float)
    people = np.array(data.draw(where), dtype=np.int64)
    assert set(equal_zones(x, y, people, n)) == set(range(n))


@pytest.mark.parametrize("n", [0, -1, 308])
def test_impossible_zones_are_refused(wiltshire, n):
    with pytest.raises(ValueError, match="allowed 1 to 307"):
        wiltshire.zones(n)


def test_people_stand_in_the_square_of_their_small_area(wiltshire):
    rows, x, y = wiltshire.place_people(wiltshire.older_weights(), *uniforms(5000))
    assert rows.dtype == np.int32 and rows.min() >= 0 and rows.max() < len(wiltshire)
    for place, centre in ((x, wiltshire.easting), (y, wiltshire.northing)):
        gap = np.abs(place - centre[rows])
        assert (gap <= wiltshire.jitter_metres[rows]).all()
        assert gap.max() > 0


def test_people_fall_by_weight(wiltshire):
    weights = wiltshire.older_weights()
    n = 200_000
    rows, _, _ = wiltshire.place_people(weights, *uniforms(n))
    expected = weights / weights.sum() * n
    z = (np.bincount(rows, minlength=len(wiltshire)) - expected) / np.sqrt(expected)
    assert np.abs(z).max() < 5
    assert np.mean(z * z) == pytest.approx(1.0, abs=0.3)


def test_a_small_area_of_no_weight_gets_nobody(wiltshire):
    weights = np.zeros(len(wiltshire))
    weights[[3, 100]] = 1.0, 3.0
    ends = np.array([0.0, 0.2499, 0.25, np.nextafter(1.0, 0.0)])
    rows, x, _ = wiltshire.place_people(weights, ends, np.full(4, 0.5), np.full(4, 0.5))
    assert rows.tolist() == [3, 3, 100, 100]
    assert (x == wiltshire.easting[rows]).all()


def test_placing_refuses_what_it_cannot_use(wiltshire):
    good = wiltshire.population_weights()
    u = np.full(3, 0.5)
    negative = good.copy()
    negative[0] = -1
    for weights, uniform, message in (
        (good[1:], u, "shape"),
        (negative, u, "0 or more"),
        (good * 0, u, "above 0"),
        (good * np.nan, u, "finite"),
        (good, np.array([0.5, 1.0, 0.5]), r"u_area must lie in \[0, 1\)"),
        (good, np.array([0.5, np.nan, 0.5]), "u_area must lie"),
    ):
        with pytest.raises(ValueError, match=message):
            wiltshire.place_people(weights, uniform, u, u)
    with pytest.raises(ValueError, match="u_y has shape"):
        wiltshire.place_people(good, u, u, u[:2])


def test_weights_follow_age_and_deprivation(wiltshire):
    older = wiltshire.older_weights()
    expected = wiltshire.age_65_74 + 4.0 * wiltshire.age_75_84 + 11.0 * wiltshire.age_85_plus
    assert (older == expected).all()
    per_head = wiltshire.working_weights() / wiltshire.age_18_64
    assert per_head[wiltshire.imd_decile == 10] == pytest.approx(1.0)
    assert per_head.max() == pytest.approx(2.0 - (wiltshire.imd_decile.min() - 1) / 9)
    flat = wiltshire.working_weights(PlaceUncertainty(care_work_deprived_ratio=1.0))
    assert (flat == wiltshire.age_18_64).all()


def test_facts_read_as_attributes_and_only_read(wiltshire):
    facts = wiltshire.facts
    assert facts.pop_2021 == facts["pop_2021"] == dict(facts.items())["pop_2021"]
    assert "pop_2021" in dir(facts) and "pop_2021" in facts
    with pytest.raises(AttributeError, match="did you mean pop_2021"):
        _ = facts.pop_2012
    with pytest.raises(AttributeError, match="read-only"):
        facts.pop_2021 = 1.0


def test_an_area_crosses_processes(wiltshire):
    again = pickle.loads(pickle.dumps(wiltshire))
    assert again.facts.pop_2021 == wiltshire.facts.pop_2021
    assert (again.jitter_metres == wiltshire.jitter_metres).all()


@pytest.mark.parametrize(
    "text",
    [
        "column,value\nmedian_weekly_pay,700.5\nlts_65plus_home_2425,5000\n",
        "\ufeffcolumn, value\r\nmedian_weekly_pay, 700.5\r\n\r\nlts_65plus_home_2425,5000\r\n",
        "code,median_weekly_pay,hc_rate_index,lts_65plus_home_2425\nE06000054,700.5,,5000\n",
    ],
)
def test_own_figures_replace_the_packaged(tmp_path, wiltshire, text):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode("utf-8"))
    area = load_area("Wiltshire", 0.5, path)
    assert area.facts.median_weekly_pay == 700.5
    assert area.facts.lts_65plus_home_2425 == 5000 * area.people_share
    assert area.facts.hc_rate_index == wiltshire.facts.hc_rate_index
    assert set(area.overridden) == {"median_weekly_pay", "lts_65plus_home_2425"}
    assert area.override_digest == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert wiltshire.override_digest is None


def test_an_own_figure_is_not_listed_as_filled(tmp_path, wiltshire):
    path = tmp_path / "mine.csv"
    path.write_text("column,value\nwait_start_median_days_2223,9\n")
    area = load_area("Wiltshire", override=str(path))
    assert area.facts.wait_start_median_days_2223 == 9.0
    assert set(wiltshire.filled) - set(area.filled) == {"wait_start_median_days_2223"}


def test_every_fault_of_a_file_is_reported_at_once(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "column,value\nmedian_weekly_pai,700\nno_car_share,1.2\npop_2021,many\npop_2021,5\n\nname,Kent\nhc_rate_index,\n"
    )
    with pytest.raises(OverrideError) as caught:
        load_area("Wiltshire", override=path)
    lines = str(caught.value).splitlines()
    assert lines == list(caught.value.faults) and len(lines) == 6
    assert lines[0] == (
        f"{path}, line 2: unknown column 'median_weekly_pai'; did you mean median_weekly_pay?"
    )
    assert "line 3: column 'no_car_share' is '1.2'; a number from 0 to 1 is needed (unit: share)" in lines[1]
    assert "line 4: column 'pop_2021' is 'many'; a number of 0 or more is needed (unit: people)" in lines[2]
    assert "line 5: column 'pop_2021' is given twice" in lines[3]
    assert "line 7: column 'name' is 'Kent' but the area has 'Wiltshire'" in lines[4]
    assert "line 8: column 'hc_rate_index' is ''" in lines[5]
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xff\xfe\x00", "not a CSV file in UTF-8"),
        (b'column,value\n"pop_2021,5\n', "line 2: is not CSV: a quotation mark is not closed"),
        (b'column,value\n"pop_\n2021",5\n\npop_2021,"5"6\n', "line 5: is not CSV: "),
        (b"column,value\npop_2021,5,6\n", "line 2: 3 cells, 2 are needed"),
        (b"pop_2021,pop_2012\n5,6\n", "line 1: unknown column 'pop_2012'; did you mean pop_2021"),
        (b"pop_2021,pop_2021\n5,6\n", "given twice"),
        (b"pop_2021\n5\n6\n", "2 lines follow the header"),
        (b"pop_2021\n", "0 lines follow the header"),
        (b"column,value\n", "gives no figure"),
        (b"code\nE06000054\n", "gives no figure"),
        (b"community_lts_clients_mar2025\n1e9\n", "a number from 0 to 510372 is needed"),
        (b"hc_rate_index\n1e300\n", "a number from 0.5 to 2 is needed"),
        (b"pop_2021,no_car_share\n5\n", "line 2: 1 cells under 2 column names"),
        (b"pop_2021\nnan\n", "a number of 0 or more is needed"),
        (b"pop_2021\n-5\n", "a number of 0 or more is needed"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, content, message):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(OverrideError, match=message) as caught:
        load_area("Wiltshire", override=path)
    assert str(path) in str(caught.value)


def test_the_columns_that_a_market_reads_are_those_in_the_code(root):
    code = "\n".join(path.read_text() for path in (root / "sim" / "homecare").rglob("*.py") if path.stem != "area_csv")
    assert set(re.findall(r"area\.facts\.(\w+)", code)) == set(MARKET_COLUMNS)


def test_packaged_figures_are_figures_that_may_be_given(tmp_path):
    """Whoever gives back a whole row as packaged changes nothing and breaks nothing."""
    for name in ("Wiltshire", "Isles of Scilly", "Birmingham", "Rutland"):
        row = councils()[find_council(name).code]
        known = {column: value for column, value in row.items() if value is not None}
        with (tmp_path / "row.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([known.keys(), known.values()])
        values, _ = read_override(tmp_path / "row.csv", row, MARKET_COLUMNS)
        assert all(row[column] == value for column, value in values.items())


def test_a_figure_that_a_market_does_not_read_is_a_fault_of_a_scenario(tmp_path):
    (tmp_path / "own.csv").write_text("column,value\nmedian_weekly_pay,1\nhc_rate_index,1.1\n")
    (tmp_path / "own.yaml").write_text("extends: hamlet\noverride: own.csv\n")
    with pytest.raises(ScenarioError, match=r"line 2: column 'median_weekly_pay' changes nothing.*hc_rate_index"):
        load(tmp_path / "own.yaml")


def test_each_column_that_a_market_reads_changes_it(tmp_path):
    found = {Market("hamlet", burn_in=1, weeks=1, cached=False).run().to_csv()}
    row = councils()[find_council(load("hamlet").area).code]
    for column in MARKET_COLUMNS:
        (tmp_path / "own.csv").write_text(f"column,value\n{column},{1.2 * row[column] if row[column] else 0.5}\n")
        market = Market("hamlet", override=str(tmp_path / "own.csv"), burn_in=1, weeks=1, cached=False)
        assert market.area.overridden == (column,)
        found.add(market.run().to_csv())
    assert len(found) >= len(MARKET_COLUMNS), "in a week, in-house staff may not show"


def test_a_missing_file_and_a_folder_are_reported(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(OverrideError, match="cannot be read"):
            load_area("Wiltshire", override=path)


def test_loading_brings_in_neither_pandas_nor_scipy():
    code = (
        "import sys; from homecare.area import load_area; load_area('Wiltshire', 0.5); "
        "print([name for name in ('pandas', 'scipy', 'mesa') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
