"""The benchmark of a council: its arithmetic, its phases, its page, and a twin that lives the same week."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import sys
import textwrap

import numba
import numpy as np
import pytest
from numba.core import event

from homecare.market import BURN_IN_WEEKS, Market


@pytest.fixture(scope="module")
def bench(root):
    """The modules of the benchmark, which live outside the package, by name."""
    folder = str(root / "benchmarks")
    sys.path.insert(0, folder)
    names = ("council", "council_measure", "council_page", "twin_check", "twin_delivery", "twin_luck")
    try:
        yield {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(folder)


@pytest.fixture(scope="module")
def week(bench):
    """What delivery was given in a week of hamlet, and what came of it."""
    market = Market("hamlet", burn_in=26)
    market.run(3)
    return bench["twin_check"].capture(market)


@pytest.fixture
def lived_twin(bench, week):
    """A twin that has lived the week with the market's luck."""
    given, _ = week
    twin = bench["twin_delivery"].Delivery(given, bench["twin_luck"].MarketLuck(given["seed"], given["week"]))
    twin.step()
    return twin


@pytest.fixture(scope="module")
def figures(bench):
    """Figures of a very short run of a very small place."""
    size = bench["council"].Size(scale=0.4, weeks=4, block=2, scales=(0.4, 0.8), fit_block=1, rounds=2,
                                 colds=1, burn_in=13)
    said = []
    measured = bench["council_measure"].measure("hamlet", size, said.append)
    compiled = {"cold_seconds": 20.0, "cold_processor_seconds": 19.0, "cached_seconds": 0.5,
                "import_seconds": 1.0, "colds": 1}
    assert len(said) == 4
    return {"is_smoke": False, "compile": compiled} | measured


def test_the_twin_lives_the_same_week(bench, week, lived_twin):
    _, lived = week
    assert bench["twin_check"].differences(lived_twin, lived) == []
    ends = bench["twin_check"].counts(lived)
    assert sum(ends.values()) == len(lived_twin.attendances) > 500
    assert min(ends["full"], ends["short"], ends["clipped"]) > 0


def test_the_twin_lives_it_again_after_forgetting(bench, week, lived_twin):
    lived_twin.forget_week()
    lived_twin.step()
    assert bench["twin_check"].differences(lived_twin, week[1]) == []


def test_without_forgetting_fewer_are_strangers(bench, week, lived_twin):
    lived_twin.step()
    faults = bench["twin_check"].differences(lived_twin, week[1])
    assert [fault.split(":")[0] for fault in faults] == ["sum 11 of users"]


@pytest.mark.parametrize("name", ["ending", "start", "seconds"])
def test_one_attendance_that_differs_is_found(bench, week, lived_twin, name):
    attendance = next(iter(lived_twin.attendances.values()))
    setattr(attendance, name, getattr(attendance, name) + 1)
    faults = bench["twin_check"].differences(lived_twin, week[1])
    assert faults == [f"{name} differs at 1 of {len(lived_twin.attendances)} attendances"]


def test_other_luck_is_another_week(bench, week):
    given, lived = week
    other = bench["twin_luck"].MarketLuck(given["seed"] + 1, given["week"])
    twin = bench["twin_delivery"].Delivery(given, other)
    twin.step()
    assert bench["twin_check"].differences(twin, lived)


def test_ordinary_luck_gives_like_sums(bench, week):
    given, lived = week
    made = []
    for seed in range(5):
        twin = bench["twin_delivery"].Delivery(given, bench["twin_luck"].OrdinaryLuck(seed))
        twin.step()
        made.append(sum(user.sums[3] for user in twin.users))
    assert np.mean(made) == pytest.approx(lived.users[:, 3].sum(), rel=0.05)


def test_capturing_leaves_the_market_as_it_would_be():
    """A week that is copied on the way is the week that would have been."""
    plain, copied = Market("hamlet", burn_in=26), Market("hamlet", burn_in=26)
    plain.run(4)
    copied.run(3)
    importlib.import_module("twin_check").capture(copied)
    assert plain.weekly.equals(copied.weekly)


def test_every_phase_of_the_week_is_clocked(bench):
    tree = ast.parse(textwrap.dedent(inspect.getsource(Market._live_week)))
    called = {ast.unparse(node.func) for node in ast.walk(tree)
              if isinstance(node, ast.Call) and [ast.unparse(arg) for arg in node.args] == ["self"]}
    modules = {place.split(":")[0].split(".")[-1] + "." + place.split(":")[1]
               for _, place in bench["council_measure"].PHASES}
    assert called
    assert {name if "." in name else f"market.{name}" for name in called} <= modules


def test_the_clock_is_taken_off_again(bench):
    measure = bench["council_measure"]
    before = measure.import_module("homecare.week.need").live
    with measure.clocked(measure.PHASES + measure.PARTS_OF_PHASES) as spent:
        assert measure.import_module("homecare.week.need").live is not before
        Market("hamlet", burn_in=1, cached=False).step()
    assert measure.import_module("homecare.week.need").live is before
    assert spent["need"] > 0 and spent["deliver"] >= spent["deliver: rounds lived"] > 0


def test_a_phase_that_has_gone_is_an_error(bench):
    with pytest.raises(AttributeError, match="nowhere"):
        with bench["council_measure"].clocked((("need", "homecare.week.need:nowhere"),)):
            pass


def test_the_line_through_points(bench):
    fixed, slope = bench["council_measure"].line([(10.0, 23.0), (20.0, 43.0), (50.0, 103.0)])
    assert (fixed, slope) == (pytest.approx(3.0), pytest.approx(2.0))
    fixed, slope = bench["council_measure"].line([(0.0, 1.0), (0.0, 3.0), (2.0, 5.0), (2.0, 7.0)])
    assert (fixed, slope) == (pytest.approx(2.0), pytest.approx(2.0))


def test_planned_visits_are_counted_by_hand(bench):
    market = Market("hamlet", burn_in=13)
    market.step()
    p = market.packages
    visits, attendances = bench["council_measure"].planned(market)
    carers = market.overlay[0].carers.reshape(-1, 28)[p.active & (p.agency >= 0) & ~p.suspended]
    assert attendances >= visits > 0
    assert attendances == market.lived.users[:, 0].sum()
    assert abs(visits - np.count_nonzero(carers)) <= 0.1 * visits  # some ended later in the week


def test_a_compilation_is_noticed():
    """The event that the benchmark listens for is the one that Numba sends."""
    with event.install_recorder("numba:compile") as compiled:
        assert numba.njit(lambda x: x + 1)(1) == 2
    assert compiled.buffer


def test_the_figures_hold_together(figures):
    run, fit, twin = figures["run"], figures["fit"], figures["twin"]
    assert run["weeks"] == 4 and run["blocks"] == 2
    assert 0 < run["visits_a_week"] <= run["attendances_a_week"]
    top = [row for row in run["phases"] if not row["is_part"]]
    low, high = run["ns_a_visit_range"]
    assert low <= run["ns_a_visit"] <= high
    # Two blocks, so that a median is a mean and the phases with the rest add up.
    assert sum(row["ns_a_visit"] for row in top) == pytest.approx(run["ns_a_visit"])
    assert [row["phase"] for row in top][-1] == "rest"
    for where in ("one_core", "all_cores"):
        small, large = fit[where]["points"]
        assert small["visits_a_week"] < large["visits_a_week"]
    assert fit["cores"] == numba.config.NUMBA_NUM_THREADS, "what was one core for the fit is all of them again"
    assert twin["ratio"] > 3 and twin["visits"] > 0
    assert run["peak_memory_mb"] > 50
    json.dumps(figures)


def test_the_text_names_every_phase_and_aim(bench, figures):
    text = bench["council_page"].text(figures)
    for name, _ in bench["council_measure"].PHASES + bench["council_measure"].PARTS_OF_PHASES:
        assert name in text
    for aim, _, _ in bench["council_page"].aims(figures):
        assert aim in text


@pytest.mark.parametrize(("where", "value", "aim"), [
    (("run", "wall_seconds"), 1e3, "10 s or less"),
    (("run", "wall_seconds"), 0.12, "5 s"),
    (("run", "ns_a_visit"), 600.1, "600 ns"),
    (("fit", "one_core"), {"fixed_ms_a_week": 3.1}, "3 ms"),
    (("run", "peak_memory_mb"), 1025.0, "1 GB"),
    (("compile", "cold_seconds"), 20.0, "20 s"),
])
def test_an_aim_that_is_missed_is_called_so(bench, figures, where, value, aim):
    fine = {"run": figures["run"] | {"wall_seconds": 0.01, "ns_a_visit": 1.0, "peak_memory_mb": 1.0},
            "fit": {"one_core": {"fixed_ms_a_week": 1.0}},
            "compile": figures["compile"] | {"cold_seconds": 1.0}}
    assert all(met for _, _, met in bench["council_page"].aims(fine))
    part, name = where
    judged = bench["council_page"].aims(fine | {part: fine[part] | {name: value}})
    assert any(aim in text and not met for text, _, met in judged)


def test_a_page_is_refreshed_between_its_marks(bench, figures, tmp_path):
    page = bench["council_page"]
    file = tmp_path / "page.md"
    file.write_text(f"before\n\n{page.BEGIN}\nold\n{page.END}\n\nafter\n", encoding="utf-8")
    for _ in range(2):
        page.write_into(file, page.markdown(figures))
        written = file.read_text(encoding="utf-8")
        assert written.startswith("before\n\n" + page.BEGIN) and written.endswith(page.END + "\n\nafter\n")
        assert "old" not in written and written.count("| oversight |") == 1


@pytest.mark.parametrize("text", ["", "{begin}", "{end}{begin}", "{begin}{end}{end}"])
def test_a_page_without_its_marks_is_refused(bench, tmp_path, text):
    page = bench["council_page"]
    file = tmp_path / "page.md"
    file.write_text(text.format(begin=page.BEGIN, end=page.END), encoding="utf-8")
    with pytest.raises(ValueError, match="once each"):
        page.write_into(file, "new")


def test_the_documentation_has_its_marks(bench, root):
    bench["council_page"].parts_of(root / "docs" / "performance.md")


@pytest.mark.parametrize(("arguments", "fault"), [
    (["--smoke", "--markdown", "page.md"], "do not belong on a page"),
    (["--weeks", "60"], "multiple of 52"),
    (["--weeks", "0"], "multiple of 52"),
])
def test_what_cannot_be_measured_is_refused(bench, capsys, arguments, fault):
    with pytest.raises(SystemExit, match="2"):
        bench["council"].main(arguments)
    assert fault in capsys.readouterr().err


def test_the_council_is_settled_as_long_as_what_users_run(bench):
    assert bench["council"].FULL.burn_in == BURN_IN_WEEKS
