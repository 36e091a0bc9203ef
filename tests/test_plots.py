"""Figures say what they show, in the unit that people read, with words for those who do not see them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import image
from matplotlib.figure import Figure

from homecare import plots, store
from homecare.outcomes import GROUPS, OUTCOMES
from homecare.plots_panel import Panel, draw, limits, moving_mean, year_ticks
from homecare.run_summary import HEADLINES, summarise, summary_csv
from homecare.scenario import load
from homecare.words import NOTE, decimals, number, said_change, shown_unit, title

WEEKS = 120


def written(folder, n_seeds=1, name="step_by_step"):
    """A result folder with waves in the place of a market, without figures."""
    folder.mkdir()
    weeks = np.arange(WEEKS)
    series = {}
    for seed in range(1, n_seeds + 1):
        frame = pd.DataFrame(
            {one: 0.3 + 0.1 * np.sin(weeks / 9.0 + i + seed) for i, one in enumerate(OUTCOMES)},
            index=pd.RangeIndex(WEEKS, name="week"),
        )
        frame["change_wait"] = np.nan
        frame.loc[frame.index % 3 == 0, "start_wait"] = np.nan
        frame["people_served"] = 3000.0 + weeks
        frame["void_hours"] = 0.0
        series[seed] = frame
    scenario = load(name, weeks=WEEKS, replications=n_seeds)
    store.write_result(folder, scenario, series, summary_csv(summarise(list(series.values()))))
    return folder


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A result folder with its figures."""
    folder = written(tmp_path_factory.mktemp("plots") / "result")
    plots.draw_figures(folder)
    return folder


STEMS = ("overview", *GROUPS)


def words_of(svg):
    """All text of an SVG that a reader sees."""
    root = ET.parse(svg).getroot()
    texts = [element for element in root.iter() if element.tag.endswith("}text")]
    return " | ".join("".join(element.itertext()).strip() for element in texts)


@pytest.mark.parametrize("stem", STEMS)
def test_every_figure_says_its_units_and_what_it_is_not_for(drawn, stem):
    words = words_of(drawn / f"{stem}.svg")
    names = plots.OVERVIEW if stem == "overview" else [n for n, one in OUTCOMES.items() if one.group == stem]
    assert NOTE in words
    assert "Wiltshire" in words and "Step by step" in words
    assert "Apr 2025" in words and "Apr 2027" in words and "week 104" in words
    undrawn = [name for name in names if not store.read_weekly(drawn)[name].fillna(0.0).any()]
    for name in names:
        assert title(name) in words
        if name in undrawn:
            continue
        unit = shown_unit(OUTCOMES[name].unit).replace("thousand pounds", "£ thousand").replace("pounds", "£")
        assert unit in words
    height, width, _ = image.imread(drawn / f"{stem}.png").shape
    assert 1100 <= width <= 1300 and height >= 400


@pytest.mark.parametrize("stem", STEMS)
def test_every_figure_has_a_twin_in_words(drawn, stem):
    text = (drawn / f"{stem}.txt").read_text()
    assert NOTE.split(":")[0] in text and "contracting in week 26" in " ".join(text.split())
    rows = {row.outcome: row for row in summarise([store.read_weekly(drawn).drop(columns="week")])}
    names = plots.OVERVIEW if stem == "overview" else [n for n, one in OUTCOMES.items() if one.group == stem]
    weekly = store.read_weekly(drawn)
    undrawn = [name for name in names if not weekly[name].fillna(0.0).any()]
    assert text.count("\n* ") == len(names) - len(undrawn)
    assert all(title(name) in " ".join(text.split()) for name in undrawn)
    for name in (name for name in names if name not in undrawn):
        (line,) = [
            part for part in text.replace("\n  ", " ").splitlines() if part.startswith(f"* {title(name)} (")
        ]
        assert shown_unit(rows[name].unit).replace("pounds", "£").split(" ")[-1] in line
        assert "no value" not in line


@pytest.mark.parametrize("group", ["quality", "retention", "cost", "access"])
def test_a_group_begins_with_its_headlines_and_draws_them_larger(drawn, group):
    headlines = [title(name) for name in HEADLINES if OUTCOMES[name].group == group]
    first = (drawn / f"{group}.txt").read_text().split("\n* ")[1:5]
    assert [words.startswith(one) for words, one in zip(first, headlines, strict=True)] == 4 * [True]
    names = [name for name in OUTCOMES if name in HEADLINES][:2]
    large, small = plots.draw_figure(plots.read_result(drawn), "Two", [names[0], "tenure"], names).axes
    assert large.bbox.width > 1.4 * small.bbox.width and large.bbox.height > 1.4 * small.bbox.height


def test_the_words_give_first_last_and_change():
    panel = Panel("turnover", "share of staff a year", "lower", np.zeros((1, 52)), 0.328, 0.265, 0.063)
    assert panel.sentence == (
        "Staff turnover (% of staff a year; lower is better): 26.5% in the first weeks, 32.8% in the last, "
        "change +6.3."
    )


def test_the_same_bytes_again(drawn, tmp_path):
    again = written(tmp_path / "again")
    plots.draw_figures(again)
    for path in sorted(drawn.iterdir()):
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_no_dates_and_no_place_on_this_machine(drawn):
    for path in [*drawn.glob("*.svg"), *drawn.glob("*.txt")]:
        text = path.read_text()
        assert not re.search(r"20\d\d-\d\d-\d\d", text), path.name
        assert str(drawn.parent) not in text


def test_several_seeds_are_a_band(drawn, tmp_path):
    folder = written(tmp_path / "seeds", n_seeds=3)
    plots.draw_figures(folder)
    words = words_of(folder / "quality.svg")
    assert "band: lowest and highest of the seeds" in words and "seeds 1 to 3" in words
    assert "thin line: each week" in words_of(drawn / "quality.svg")
    assert plots.read_result(folder).panels["scrqol"].values.shape == (3, WEEKS)


def test_a_shock_is_a_grey_band_and_is_named(tmp_path):
    result = plots.read_result(written(tmp_path / "wave", name="pandemic"))
    assert result.waves == [(52, 78, "pandemic")]
    text = plots.alt_text(result, "Quality", ["scrqol"])
    assert "pandemic in weeks 52 to 77" in " ".join(text.split())


def test_an_outcome_that_is_nought_all_through_is_named_and_not_drawn(drawn, tmp_path):
    result = plots.read_result(drawn)
    flat = replace(result.panels["missed_visits"], values=np.zeros((1, WEEKS)))
    once = replace(flat, values=np.eye(1, WEEKS))
    names = ["scrqol", "missed_visits", "need_met", "strangers"]
    for panel, charts in ((flat, 3), (once, 4)):
        result.panels["missed_visits"] = panel
        figure = plots.draw_figure(result, "Quality", names)
        assert len(figure.axes) == charts
        said = [text.get_text() for text in figure.texts]
        words = " ".join(plots.alt_text(result, "Quality", names).split())
        for where in (said, [words]):
            assert any("Nought in every week, and not drawn: Missed visits." in one for one in where) == (charts == 3)
        assert f"{charts} small line charts" in words


def test_an_outcome_without_any_value_is_named_and_not_drawn(drawn):
    result = plots.read_result(drawn)
    result.panels["missed_visits"] = replace(result.panels["missed_visits"], values=np.zeros((1, WEEKS)))
    names = ["scrqol", "missed_visits", "change_wait"]
    figure = plots.draw_figure(result, "Quality", names)
    assert len(figure.axes) == 1
    said = [text.get_text() for text in figure.texts]
    words = " ".join(plots.alt_text(result, "Quality", names).split())
    assert "No value in this run, and not drawn: Wait for a change of plan." in said
    assert "Nought in every week, and not drawn: Missed visits. No value in this run, and not drawn: Wait" in words


def test_all_that_is_not_drawn_is_named_however_many(drawn):
    result = plots.read_result(drawn)
    names = list(result.panels)
    for name in names[1:]:
        result.panels[name] = replace(result.panels[name], values=np.full((1, WEEKS), np.nan))
    lines = reversed(plots.draw_figure(result, "Everything", names).texts)  # they are written from below
    words = " ".join(line.get_text() for line in lines)
    assert all(title(name) in words for name in names[1:])


def test_a_folder_without_a_result_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        plots.draw_figures(tmp_path)


def test_titles_fit_and_differ():
    titles = [title(name) for name in OUTCOMES]
    assert max(len(each) for each in titles) <= 26, max(titles, key=len)
    assert len(set(titles)) == len(titles)


# ---- numbers as people read them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "wanted"),
    [
        (1234.5, 0, "+1,234"),
        (-0.004, 2, "0.00"),
        (0.004, 2, "0.00"),
        (float("nan"), 1, "-"),
        (-2.5, 1, "-2.5"),
    ],
)
def test_numbers(value, places, wanted):
    assert number(value, places, sign=True) == wanted


def test_what_rounds_to_nothing_has_no_sign():
    assert said_change(0.0004, "share", 1) == "0.0"
    assert said_change(0.0006, "share", 1) == "+0.1"
    assert said_change(-0.06, "share", 1) == "-6.0"


def test_decimals_follow_the_unit_and_the_size():
    sizes = {
        ("score 0-24", 18.0): 2,
        ("share", 0.5): 1,
        ("people", 900.0): 0,
        ("days", 12.0): 1,
        ("days", 2.0): 2,
        ("pounds an hour", 13.3): 2,
        ("thousand pounds a week", 13.3): 1,
        ("0-1", 0.3): 3,
        ("hours a week", 0.0): 0,
    }
    assert {(unit, value): decimals(value, unit) for unit, value in sizes} == sizes


# ---- lines and axes ---------------------------------------------------------------------------------------

numbers = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6))


@given(st.lists(numbers, min_size=1, max_size=60))
def test_the_moving_mean_is_that_of_pandas(values):
    wanted = pd.Series(values).rolling(13, min_periods=max(min(13, len(values)) // 2, 1)).mean()
    np.testing.assert_allclose(moving_mean(np.array([values]))[0], wanted, rtol=1e-6, atol=1e-4)


@given(st.lists(numbers, min_size=1, max_size=60))
def test_the_axis_holds_the_mean_and_is_no_magnifying_glass(values):
    array = np.array([values])
    smooth = moving_mean(array)
    low, high = limits(array, smooth)
    assert np.isfinite([low, high]).all() and low < high
    seen = smooth[np.isfinite(smooth)]
    assert ((seen >= low) & (seen <= high)).all()
    if seen.size and np.abs(seen).max() > 1e-6:
        assert high - low >= 0.099 * np.abs(seen).max()


def test_an_axis_of_nothing_starts_at_zero():
    assert limits(np.zeros((1, 60)), np.zeros((1, 60))) == (0.0, 1.0)


@pytest.mark.parametrize("weeks", [1, 2, 8, 26, 52, 60, 104, 156, 520, 5200])
def test_the_years_are_few_and_right(weeks):
    ticks = year_ticks(weeks)
    assert ticks[0] == (0, "Apr 2025")
    assert 1 <= len(ticks) <= 7
    assert all(0 <= week <= weeks for week, _ in ticks)
    assert all(
        said == f"Apr {2025 + week // 52}"
        for week, said in ticks
        if said.startswith("Apr") and week % 52 == 0
    )
    quarters = {13: "Jul 2025", 26: "Oct 2025", 39: "Jan 2026"}
    assert all(said == quarters[week % 52] for week, said in ticks if weeks in (26, 52) and week % 52)


@pytest.mark.parametrize("values", [[0.0], [-1.0, -2.0], [0.0, 1e9], [np.nan, 3.0, np.nan]])
def test_odd_series_are_drawn(values):
    axes = Figure().add_axes((0.1, 0.1, 0.8, 0.7))
    panel = Panel("turnover", "share of staff a year", "lower", np.array([values, values]), *3 * [np.nan])
    draw(axes, panel, True, [0], [(0, 1)])
    draw(Figure().add_axes((0.1, 0.1, 0.8, 0.7)), replace(panel, values=panel.values[:1]), False, [], [])
