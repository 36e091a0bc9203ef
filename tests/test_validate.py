"""Targets, measures, judgement and null models, by hand and on the smallest market."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from homecare.cli import app
from homecare.data import evidence
from homecare.data import targets_declared as declared
from homecare.data.targets_declared import around
from homecare.market import BURN_IN_WEEKS, Market
from homecare.validate import Contest, Judged, Plan, ValidationFailed, contests, interval, judge, sums_of, validate
from homecare.validate_measures import MEASURES, SPREADS, start_wait, start_wait_median
from homecare.validate_nulls import DESCRIPTIONS, TESTED_ON, null_model
from homecare.validate_pages import PageFault, counted, nulls_part, table, targets_part, text, write_part
from homecare.validate_run import Job, Noted, first_week_noted, live
from homecare.validate_targets import CALIBRATED, COUNCILS, ECHO, EMERGENT, KINDS, NATIONAL, SPREAD, targets
from homecare.validate_watch import Watch, pooled
from homecare.week import employment, purchasing, rostering

HAMLET = Job("", 1.0, 1, 12, scenario="hamlet", cached=False, burn_in=8)


@pytest.fixture(scope="module")
def watched():
    """Hamlet, lived and watched once."""
    return live(HAMLET).sums


# ---- targets ----------------------------------------------------------------------------------------------


def test_there_are_enough_targets_of_each_kind():
    national = [one for one in targets() if one.area in (NATIONAL, SPREAD)]
    assert len(national) >= 15
    assert sum(one.kind == EMERGENT for one in national) >= 6
    assert {one.kind for one in targets()} == set(KINDS) == {ECHO, CALIBRATED, EMERGENT}


def test_every_target_has_a_source_a_range_and_a_measure():
    known = set(evidence())
    columns = {"ascof_1a_qol", "hc_clients_all_mar2014", "hc_intensive_clients_2014", "wait_start_median_days_2223",
               "asc_turnover_pct_2223", "asc_turnover_pct_2324", "asc_turnover_pct_2425"}
    for one in targets():
        assert one.low <= one.target <= one.high, one.id
        assert set(one.source.split()) <= known | columns, one.id
        assert one.measure in (SPREADS if one.area == SPREAD else MEASURES), one.id
        assert one.unit and one.year and one.tolerance, one.id
    assert len({one.id for one in targets()}) == len(targets())


def test_packaged_targets_are_those_declared():
    packaged = {one.id: one.kind for one in targets() if one.area == NATIONAL}
    for one in (*declared.ECHOES, *declared.CALIBRATED, *declared.FIRST_EMERGENT):
        assert packaged[one.id] == one.kind, f"{one.id}: build the tables anew"


def test_no_figure_serves_two_kinds():
    used = {}
    for one in targets():
        if one.area == NATIONAL:
            for id in one.source.split():
                used.setdefault(id, set()).add(one.kind)
    twice = {id for id, kinds in used.items() if EMERGENT in kinds and len(kinds) > 1}
    assert not twice


def test_known_targets():
    by_id = {one.id: one for one in targets()}
    gap = by_id["gap_zero_hours"]
    assert (gap.target, gap.low, gap.high) == (pytest.approx(31.8 - 24.9), 3.0, 9.0)
    assert by_id["turnover_first_year"].target == pytest.approx(43.7 / 36.1, rel=1e-5)
    lost = by_id["people_losing_agency"]
    assert lost.target == pytest.approx(200 * (3290 + 2679) / 279000, rel=1e-5)
    assert by_id["scrqol_wiltshire"].target == 18.7
    assert around(3.0)(24.6) == (24.6, 21.6, 27.6)


# ---- measures ---------------------------------------------------------------------------------------------


def test_measures_by_hand():
    sums = {"leavers_nothing_promised": 3.0, "worker_years_nothing_promised": 10.0, "leavers_hours_promised": 1.0,
            "worker_years_hours_promised": 10.0, "cost": 95.0, "income": 100.0, "travel": 1.0, "contact": 4.0,
            "closures": 2.0, "agency_weeks": 520.0}
    assert MEASURES["gap_zero_hours"](sums) == pytest.approx(20.0)
    assert MEASURES["margin"](sums) == pytest.approx(5.0)
    assert MEASURES["travel_share"](sums) == pytest.approx(20.0)
    assert MEASURES["closures"](sums) == pytest.approx(20.0)
    assert math.isnan(MEASURES["scrqol"](sums))


def test_waits_by_hand():
    sums = {"starts_after_1": 6.0, "starts_after_2": 3.0, "starts_after_5": 1.0}
    assert start_wait(sums) == pytest.approx(7 * (6 + 6 + 5) / 10)
    assert start_wait_median(sums) == pytest.approx(7 * (0.5 + 5 / 6))
    assert math.isnan(start_wait({})) and math.isnan(start_wait_median({}))


def test_the_spread_is_over_councils():
    sums = [{"leavers_all": leavers, "worker_years_all": 100.0} for leavers in (10.0, 20.0, 30.0)]
    assert SPREADS["turnover_spread"](sums) == pytest.approx(10.0)
    assert math.isnan(SPREADS["turnover_spread"](sums[:1]))


def test_pooling_weighs_people_and_not_councils():
    big, small = {"scrqol": 1900.0, "people": 100.0}, {"scrqol": 150.0, "people": 10.0}
    assert MEASURES["scrqol"](pooled([(1.0, big), (1.0, small)])) == pytest.approx(2050 / 110)
    assert MEASURES["scrqol"](pooled([(1.0, big), (10.0, small)])) == pytest.approx(17.0)


# ---- watching ---------------------------------------------------------------------------------------------


def test_watching_changes_nothing():
    alone = Market("hamlet", weeks=12, cached=False, burn_in=8).run()
    market = Market("hamlet", weeks=12, cached=False, burn_in=8)
    watch = Watch(market)
    while market.week < 12:
        watch.live()
    assert market.weekly.equals(alone)


def test_what_is_watched_agrees_with_the_series():
    market = Market("hamlet", weeks=26, cached=False, burn_in=8)
    watch = Watch(market)
    while market.week < 26:
        watch.live()
    weekly, sums = market.weekly, watch.sums
    assert sums["person_weeks"] == weekly["people_served"].sum()
    assert sums["closures"] == weekly["closures"].sum() and sums["entries"] == weekly["entries"].sum()
    assert sums["lost_agency"] == weekly["hand_backs"].sum() + weekly["people_displaced"].sum()
    by_managers = weekly["hours_delivered"].sum() - sums["contact"] / 3600
    assert 0 <= by_managers < 0.1 * weekly["hours_delivered"].sum()
    assert sums["leavers_all"] == sums["leavers_nothing_promised"] + sums["leavers_hours_promised"]
    assert sums["worker_years_all"] > 0 and sums["leavers_all"] <= (weekly["turnover"] * sums["workers"]).sum()
    starts = sum(value for name, value in sums.items() if name.startswith("starts_after"))
    assert starts > 0


def test_the_first_third_is_left_out(watched):
    assert first_week_noted(12) == 4
    assert watched["agency_weeks"] > 0
    longer = live(replace(HAMLET, weeks=6)).sums
    assert longer["person_weeks"] < watched["person_weeks"]


# ---- judgement --------------------------------------------------------------------------------------------


def test_interval_of_seeds():
    assert interval([3.0])[0] == 3.0 and math.isnan(interval([3.0])[1])
    mean, low, high = interval([1.0, 2.0, 3.0])
    assert mean == 2.0 and low == pytest.approx(2 - 4.30265 / math.sqrt(3), abs=1e-4) and high == pytest.approx(4 - low)
    assert all(math.isnan(value) for value in interval([math.nan]))


def test_inside_and_outside():
    runs = {("Wiltshire", 1): {"scrqol": 1900.0, "people": 100.0}, ("Torbay", 1): {"scrqol": 2200.0, "people": 100.0}}
    by_id = {one.target.id: one for one in judge(runs, {"Wiltshire": 1.0, "Torbay": 1.0})}
    assert by_id["scrqol"].mean == pytest.approx(20.5) and not by_id["scrqol"].inside
    assert by_id["scrqol_wiltshire"].inside and not by_id["scrqol_torbay"].inside
    assert "scrqol_surrey" not in by_id
    assert not by_id["closures"].inside and by_id["closures"].to_dict()["mean"] is None


def test_who_is_nearer():
    target = targets()[0]
    one = Contest("random_rounds", target, target.target + 1, target.target - 2)
    assert (one.error, one.null_error, one.nearer) == (pytest.approx(1), pytest.approx(2), "mechanism")
    assert replace(one, without=target.target).nearer == "null"
    assert replace(one, without=math.nan).nearer == "neither"


def test_a_run_that_fails_is_said():
    with pytest.raises(ValidationFailed, match="Nowhere, seed 1: no such place"):
        sums_of([replace(HAMLET, area="Nowhere")], [Noted({}, "no such place")])
    assert "Nowhere" in live(Job("Nowhere", 0.25, 1, 12)).fault


# ---- null models ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("null", DESCRIPTIONS)
def test_a_null_changes_the_market_and_leaves_the_model_as_it_was(null, watched):
    before = employment.leave_jobs, purchasing.lists, purchasing.terms_of, rostering.homes_of
    other = live(replace(HAMLET, null=null, rates={**watched, "leavers_all": 9.0, "worker_years_all": 10.0})).sums
    assert (employment.leave_jobs, purchasing.lists, purchasing.terms_of, rostering.homes_of) == before
    assert other != watched
    assert live(HAMLET).sums == watched


def test_an_unknown_null_is_refused():
    with pytest.raises(KeyError), null_model("random_weather", {}):
        pass


def test_quitting_at_random_keeps_the_rate(watched):
    rates = {"leavers_all": 60.0, "leavers_sector": 20.0, "worker_years_all": 100.0}
    sums = live(replace(HAMLET, null="random_quitting", rates=rates, weeks=156)).sums
    assert MEASURES["turnover"](sums) == pytest.approx(60.0, abs=25.0)


def test_each_null_is_tested_on_targets_that_there_are():
    assert set(TESTED_ON) == set(DESCRIPTIONS)
    ids = {one.id for one in targets()}
    assert all(set(named) <= ids for named in TESTED_ON.values())


# ---- the whole, and what is said of it --------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole():
    """Hamlet stands in for a council."""
    plan = Plan(("",), seeds=2, weeks=12, scale=1.0, scenario="hamlet", burn_in=8)
    return validate(plan, nulls=True)


def test_the_whole(whole):
    assert len(whole.judged) == sum(one.area in (NATIONAL, SPREAD) for one in targets())
    assert len(whole.contests) == sum(len(named) for named in TESTED_ON.values())
    keys = {"id", "kind", "area", "year", "source", "target", "low", "high", "mean", "ci_low", "ci_high", "inside"}
    for one in whole.judged:
        assert keys <= set(one.to_dict())
        assert one.inside == (one.target.low <= one.mean <= one.target.high)
    json.dumps([one.to_dict() for one in whole.judged], allow_nan=False)


def test_two_processes_say_the_same(whole):
    again = validate(replace(whole.plan, processes=2))
    assert [one.to_dict() for one in again.judged] == [one.to_dict() for one in whole.judged]


def test_words(whole):
    lines = table(whole.judged)
    assert len(lines) == 1 + len(whole.judged)
    assert "National targets: " in counted(whole.judged)[0]
    assert "random_rounds" in text(whole) and "| `random_rounds` |" in nulls_part(whole)
    assert targets_part(whole).count("\n| `") == len(whole.judged)
    outside = [one for one in whole.judged if not one.inside]
    assert targets_part(whole).count("**outside**") == len(outside)


def test_a_part_is_written_into_its_place_and_nowhere_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- x: written by homecare validate -->\nold\n<!-- end of x -->\nafter\n", "utf-8")
    write_part(page, "x", "new \\1")
    assert "old" not in page.read_text("utf-8") and "new \\1" in page.read_text("utf-8")
    assert page.read_text("utf-8").startswith("before\n") and page.read_text("utf-8").endswith("after\n")
    with pytest.raises(PageFault):
        write_part(page, "y", "new")


def test_contests_need_both_worlds():
    runs = {("Wiltshire", 1): {"travel": 1.0, "contact": 4.0}}
    null = {("Wiltshire", 1): {"travel": 3.0, "contact": 4.0}}
    found = contests(runs, {"random_rounds": null}, {"Wiltshire": 1.0})
    (travel,) = [one for one in found if one.target.id == "travel_share"]
    assert travel.nearer == "mechanism" and travel.without == pytest.approx(300 / 7)


def test_the_command_says_what_is_wrong(tmp_path):
    result = CliRunner().invoke(app, ["validate", "--council", "Nowhere", "--seeds", "1", "--weeks", "3"])
    assert result.exit_code == 2 and "Nowhere" in result.output
    told = CliRunner().invoke(app, ["validate", "--council", "Nowhere", "--seeds", "1", "--weeks", "3", "--json"])
    assert told.exit_code == 2 and "Nowhere" in json.loads(told.stdout)["faults"][0]["message"]


def test_the_eight_councils_are_in_the_table():
    assert len(COUNCILS) == 8
    assert {one.area for one in targets()} == set(COUNCILS) | {NATIONAL, SPREAD}


def test_judged_is_what_to_dict_says():
    one = Judged(targets()[0], 26.0, math.nan, math.nan, True)
    assert one.to_dict()["ci_low"] is None and one.to_dict()["mean"] == 26.0


def test_what_is_validated_is_settled_as_long_as_what_users_run():
    assert Plan().burn_in == Job("", 1.0, 1, 12).burn_in == BURN_IN_WEEKS
