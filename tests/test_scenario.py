"""Scenarios: differences in files, layers, changes, shocks, and what is written loads back equal."""

from __future__ import annotations

import importlib
import pickle
import sys
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from homecare import assumptions, policies
from homecare.area import council_names, find_council
from homecare.data import councils
from homecare.explain import explain
from homecare.explain_parameters import parameters_page
from homecare.params import APPLIES_TO, Policy, param
from homecare.policies.employment import AgencyChoice, ZeroHours
from homecare.policies.shocks import Pandemic
from homecare.scenario import (
    Change,
    Choices,
    Scenario,
    ScenarioError,
    digest,
    dump,
    load,
    load_text,
    load_with_places,
    named,
    settle_digest,
)
from homecare.scenario_file import plain_scalar
from homecare.scenario_layers import KEYS
from homecare.scenario_together import impossible
from homecare.schema import schema

EXAMPLE = """\
name: Guaranteed hours in zones
area: wiltshire council
weeks: 260
policy:
  contracting: {kind: block, zones: 8}
  employment:
    kind: guaranteed_hours
    required_share: 0.7
changes:
  - {week: 104, policy: {payment: {kind: actual_minutes}}}
  - {week: 130, policy: {contracting: {providers_per_zone: 4}}}
  - {week: 20, policy: {contracting: {zones: 9}}, applies_to: new}
shocks:
  - {kind: pandemic, week: 156, weeks: 13}
"""


@pytest.fixture
def write(tmp_path):
    """Write files into one folder and return the path of the last."""

    def to_folder(**texts):
        for name, text in texts.items():
            path = tmp_path / f"{name}.yaml"
            path.write_text(text, encoding="utf-8")
        return path

    return to_folder


def test_a_file_says_only_what_differs(write):
    scenario = load(write(mine=EXAMPLE))
    assert (scenario.name, scenario.area, scenario.weeks) == ("Guaranteed hours in zones", "Wiltshire", 260)
    assert (scenario.seed, scenario.scale, scenario.override) == (1, 1.0, None)
    assert scenario.policy.contracting == policies.THEMES["contracting"]["block"](zones=8)
    assert scenario.policy["employment"].required_share == 0.7
    assert scenario.policy.payment == next(iter(policies.THEMES["payment"].values()))()
    assert list(scenario.policy) == list(policies.THEMES)
    assert list(scenario.uncertainty) == list(assumptions.UNCERTAINTIES)
    assert list(scenario.initial) == list(assumptions.INITIAL_CONDITIONS)


def test_changes_are_in_order_and_differ_from_what_is_in_force_just_before(write):
    first, second, third = load(write(mine=EXAMPLE)).changes
    assert (first.week, second.week, third.week) == (20, 104, 130)
    assert (first.policies.contracting.zones, first.policies.contracting.providers_per_zone) == (9, 2)
    assert (third.policies.contracting.zones, third.policies.contracting.providers_per_zone) == (9, 4)
    assert first.applies_to == "new"
    assert second.applies_to is None
    assert second.reaches("payment") == type(second.policies.payment).applies_to[0]


def test_choices_are_read_only():
    choices = load_text(EXAMPLE).policy
    with pytest.raises(AttributeError, match="read-only"):
        choices.contracting = None
    with pytest.raises(AttributeError, match="no 'contractin'"):
        _ = choices.contractin
    with pytest.raises(TypeError):
        choices["contracting"] = None


def test_same_kind_builds_on_the_parent_and_another_kind_starts_anew(write):
    parent = "area: Rutland\nname: Parent\ndescription: d\npolicy: {contracting: {kind: block, zones: 8}}\n"
    same = "extends: parent.yaml\npolicy: {contracting: {providers_per_zone: 3}}\n"
    named_kind = "extends: parent.yaml\npolicy: {contracting: {kind: block, providers_per_zone: 3}}\n"
    other = "extends: parent.yaml\npolicy: {contracting: {kind: spot}}\n"
    again = "extends: other.yaml\npolicy: {contracting: {kind: block}}\n"
    folder = write(parent=parent, same=same, named_kind=named_kind, other=other, again=again).parent
    block, spot = policies.THEMES["contracting"]["block"], policies.THEMES["contracting"]["spot"]
    assert load(folder / "same.yaml").policy.contracting == block(zones=8, providers_per_zone=3)
    assert load(folder / "named_kind.yaml").policy.contracting == block(zones=8, providers_per_zone=3)
    assert load(folder / "other.yaml").policy.contracting == spot()
    assert load(folder / "again.yaml").policy.contracting == block()
    assert load(folder / "again.yaml").name == "again", "a name belongs to its own file"
    assert load(folder / "again.yaml").description == ""
    assert load(folder / "again.yaml").area == "Rutland"


def test_lists_of_the_parent_stay_or_are_replaced_whole(write):
    child = "extends: parent.yaml\npolicy: {contracting: {kind: block, zones: 4}}\n"
    empty = "extends: parent.yaml\nchanges: []\nshocks: []\n"
    folder = write(parent=EXAMPLE, child=child, empty=empty).parent
    inherited = load(folder / "child.yaml")
    assert [c.week for c in inherited.changes] == [20, 104, 130]
    assert len(inherited.shocks) == 1
    cleared = load(folder / "empty.yaml")
    assert (cleared.changes, cleared.shocks) == ((), ())


def test_extends_finds_names_and_paths_relative_to_the_file(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "top.yaml").write_text("area: Rutland\nseed: 7\n")
    (tmp_path / "deep" / "a.yaml").write_text("extends: ../top.yaml\n")
    assert load(tmp_path / "deep" / "a.yaml").seed == 7
    (tmp_path / "b.yaml").write_text("extends: baseline\nseed: 8\n")
    assert load(tmp_path / "b.yaml").area == load("baseline").area


def test_every_named_scenario_loads_and_explains_itself():
    assert "baseline" in named()
    for name in named():
        loaded = load_with_places(name)
        assert loaded.scenario.name in explain(loaded).text()


def test_overrides_lie_on_top_in_any_order(write):
    path = write(mine=EXAMPLE)
    scenario = load(
        path,
        [
            "policy.payment.visit_supplement=0.5",
            "policy.payment.kind=actual_minutes",
            "shocks[0].weeks=8",
            "changes[2].policy.contracting.zones=7",
            "uncertainty.{}={}".format(*_first_uncertainty()),
            "description=what if",
        ],
        weeks=200,
        area="Rutland",
        seed=None,
    )
    assert scenario.policy.payment == policies.THEMES["payment"]["actual_minutes"](visit_supplement=0.5)
    assert scenario.shocks[0].weeks == 8
    assert scenario.changes[0].policies.contracting.zones == 7
    assert (scenario.weeks, scenario.area, scenario.seed) == (200, "Rutland", 1)
    assert scenario.description == "what if"
    nested = load(
        "baseline", policy={"contracting": {"kind": "spot", "calls_per_request": np.int64(3)}}, scale=1
    )
    assert nested.policy.contracting == policies.THEMES["contracting"]["spot"](calls_per_request=3)
    with pytest.raises(ScenarioError, match="cannot be overridden"):
        load(path, wekks=3)
    with pytest.raises(TypeError, match="list of texts"):
        load(path, "weeks=3")


def _first_uncertainty():
    for cls in assumptions.UNCERTAINTIES.values():
        for p in cls.declared():
            if p.high is not None:
                return p.path.removeprefix("uncertainty."), p.high
    raise AssertionError("no uncertainty is a number")


def test_an_override_file_is_found_from_the_scenario_and_checked(tmp_path):
    (tmp_path / "own.csv").write_text("column,value\nrate_index,1.1\n")
    path = tmp_path / "a.yaml"
    path.write_text("area: Rutland\noverride: own.csv\n")
    column = "community_lts_clients_mar2025"
    (tmp_path / "own.csv").write_text(f"column,value\n{column},123\n")
    scenario = load(path)
    assert scenario.override == str(tmp_path / "own.csv")
    before = digest(scenario), settle_digest(scenario)
    (tmp_path / "moved.csv").write_bytes((tmp_path / "own.csv").read_bytes())
    moved = replace(scenario, override=str(tmp_path / "moved.csv"))
    assert (digest(moved), settle_digest(moved)) == before, "the content counts, not the path"
    (tmp_path / "own.csv").write_text(f"column,value\n{column},124\n")
    assert digest(scenario) != before[0]
    assert settle_digest(scenario) != before[1]
    (tmp_path / "own.csv").write_text("column,value\nno_such_column,1\nnor_this,2\n")
    with pytest.raises(ScenarioError, match="no_such_column") as caught:
        load(path)
    assert len(caught.value.faults) == 2
    assert {(f.place.line, f.place.column) for f in caught.value.faults} == {(2, 11)}
    (tmp_path / "child.yaml").write_text("extends: a.yaml\noverride: null\n")
    assert load(tmp_path / "child.yaml").override is None


def test_digests_count_what_bears_on_results_and_nothing_else():
    plain = load_text("area: Rutland\n")
    labels = load_text("area: Rutland county council\nname: x\ndescription: y\nreplications: 4\n")
    explicit = load_text("area: Rutland\npolicy: {contracting: {kind: spot}}\nseed: 1\n")
    assert digest(plain) == digest(labels) == digest(explicit)
    assert len(digest(plain)) == 64
    different = {
        "weeks": load_text("area: Rutland\nweeks: 52\n"),
        "policy": load_text("area: Rutland\npolicy: {commissioner: {fee_ratio: 1.1}}\n"),
        "changes": load_text("area: Rutland\nchanges: [{week: 3, policy: {labour: {wage_floor: 13}}}]\n"),
        "shocks": load_text("area: Rutland\nshocks: [{kind: pandemic, week: 3}]\n"),
        "seed": load_text("area: Rutland\nseed: 2\n"),
        "scale": load_text("area: Rutland\nscale: 0.5\n"),
        "area": load_text("area: Wiltshire\n"),
        "uncertainty": load_text("area: Rutland\n"),
    }
    theme, name = _first_uncertainty()[0].split(".")
    group = different["uncertainty"].uncertainty[theme].but(**{name: _first_uncertainty()[1]})
    different["uncertainty"] = replace(
        different["uncertainty"], uncertainty=plain.uncertainty.replace(**{theme: group})
    )
    assert len({digest(plain), *map(digest, different.values())}) == len(different) + 1
    settled = {key for key, other in different.items() if settle_digest(other) != settle_digest(plain)}
    assert settled == {"seed", "scale", "area", "uncertainty"}


def test_waves_of_one_shock_may_follow_each_other():
    waves = "shocks:\n- {kind: pandemic, week: 30, weeks: 5}\n- {kind: pandemic, week: 3, weeks: 27}\n"
    assert [shock.week for shock in load_text("area: Rutland\n" + waves).shocks] == [3, 30]


def test_scalars_are_read_as_in_yaml_1_2():
    words = ("no", "off", "0x1F", "1:30", "010", "1_000", "2025-04-01", "1e", ".", "TRue", "+-1")
    assert all(plain_scalar(word) == word for word in words)
    assert [plain_scalar(word) for word in ("true", "True", "TRUE")] == [True] * 3
    assert [plain_scalar(word) for word in ("false", "False", "FALSE")] == [False] * 3
    assert [plain_scalar(word) for word in ("", "~", "null", "Null", "NULL")] == [None] * 5
    numbers = {"0": 0, "-3": -3, "+3": 3, "1e-3": 0.001, ".5": 0.5, "5.": 5.0, "1E2": 100.0, "-0.0": -0.0}
    for word, number in numbers.items():
        assert plain_scalar(word) == number
        assert type(plain_scalar(word)) is type(number)


def test_a_reach_said_or_left_to_the_default_is_the_same_run():
    text = "area: Rutland\nchanges: [{week: 3, %s policy: {payment: {kind: actual_minutes}}}]\n"
    silent, said = load_text(text % ""), load_text(text % "applies_to: all,")
    assert silent != said
    assert digest(silent) == digest(said)


def test_a_scenario_is_checked_when_made_in_python():
    scenario = load_text("area: Rutland\n")
    with pytest.raises(ValidationError):
        replace(scenario, weeks=-1)
    example = load_text(EXAMPLE)
    with pytest.raises(ValueError, match="change in week 104 is outside"):
        replace(example, weeks=104)
    with pytest.raises(ValueError, match="shock in week 156 is outside"):
        replace(example, weeks=150)
    assert replace(example, changes=tuple(reversed(example.changes))) == example
    change = Change(3, {"payment": example.policy.payment})
    assert change.policies.payment == example.policy.payment
    assert pickle.loads(pickle.dumps(replace(scenario, scale=1))) == scenario


class Roulette(Policy):
    """Agencies are asked by chance. Held by: council."""

    theme: ClassVar[str] = "contracting"
    kind: ClassVar[str] = "roulette"
    held_by: ClassVar[str] = "council"

    calls: int = param(3, unit="calls", low=1, high=9, source="design")
    """Agencies asked."""

    def check_against(self, policy):
        free = policy["commissioner"].fee_ratio > 1.2
        return [("calls", "nobody gambles with money to spare")] if free and self.calls > 5 else []


def test_a_policy_of_ones_own_works_in_files(monkeypatch):
    monkeypatch.setitem(policies.THEMES, "contracting", dict(policies.THEMES["contracting"]))
    policies.add(Roulette)
    text = "area: Rutland\npolicy:\n  contracting: {kind: roulette, calls: 6}\n"
    scenario = load_text(text)
    assert scenario.policy.contracting == Roulette(calls=6)
    assert load_text(dump(scenario)) == scenario
    with pytest.raises(ScenarioError, match="impossible combination: nobody gambles") as caught:
        load_text(text + "  commissioner: {fee_ratio: 1.3}\n")
    (fault,) = caught.value.faults
    assert (fault.place.line, fault.key, fault.given) == (3, "policy.contracting.calls", "6")
    with pytest.raises(ScenarioError, match="nobody gambles"):
        load_text(text + "changes: [{week: 9, policy: {commissioner: {fee_ratio: 1.3}}}]\n")


def test_what_cannot_stand_together_is_refused_in_python_too():
    hamlet = load_text("area: Rutland\nweeks: 30\n")
    none_promised = hamlet.policy.replace(employment=ZeroHours())
    forbidden = hamlet.policy.labour.but(zero_hours_allowed=False)
    replace(hamlet, policy=none_promised)
    with pytest.raises(ValueError, match=r"policy\.labour\.zero_hours_allowed: employment of kind zero_hours"):
        replace(hamlet, policy=none_promised.replace(labour=forbidden))
    with pytest.raises(ValueError, match=r"changes\[1\]\.policy\.labour\.zero_hours_allowed"):
        replace(hamlet, policy=none_promised, changes=(Change(9, {"labour": forbidden}),
                                                       Change(4, {"payment": hamlet.policy.payment})))
    freed = (Change(4, {"employment": AgencyChoice()}), Change(9, {"labour": forbidden}))
    assert replace(hamlet, policy=none_promised, changes=freed).changes == freed
    with pytest.raises(ValueError, match=r"changes\[1\]: labour changes twice in week 9"):
        replace(hamlet, changes=(freed[1], freed[1]))
    first, second = Pandemic(week=2, weeks=10), Pandemic(week=11, weeks=3)
    with pytest.raises(ValueError, match=r"shocks\[1\]: pandemic is still on from week 2"):
        replace(hamlet, shocks=(first, second))
    assert replace(hamlet, shocks=(first, second.but(week=12))).shocks[1].week == 12


OWN = """
from typing import ClassVar
from homecare.policies.contracting import Spot

class Own(Spot):
    \"\"\"As the open list. Held by: council.\"\"\"

    kind: ClassVar[str] = "own"
"""


def test_an_edit_of_ones_own_policy_changes_the_digest(monkeypatch, tmp_path):
    monkeypatch.setitem(policies.THEMES, "contracting", dict(policies.THEMES["contracting"]))
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "my_own_policy.py"
    file.write_text(OWN)
    policies.add(importlib.import_module("my_own_policy").Own)
    scenario = load_text("area: Rutland\npolicy: {contracting: {kind: own}}\n")
    before, settled = digest(scenario), settle_digest(scenario)
    file.write_text(OWN + "# edited\n")
    assert digest(scenario) != before
    assert settle_digest(scenario) == settled
    monkeypatch.delattr(sys.modules["my_own_policy"], "__file__")
    with pytest.raises(ValueError, match="in no file"):
        digest(scenario)


def test_explain_says_value_default_unit_range_source_holder_and_place(write):
    path = write(mine=EXAMPLE)
    explanation = explain(load_with_places(path, ["policy.commissioner.fee_ratio=1.1"]))
    text = explanation.text()
    assert "policy.contracting.zones = 8 [zones]: instead of 6; allowed: a whole number from 1 to 35" in text
    assert f"set at {path}:5:37" in text
    assert "set at override policy.commissioner.fee_ratio=1.1" in text
    assert "policy.employment.kind = guaranteed_hours: instead of agency_choice" in text
    assert "Changes from week 104 (payment reaches all)" in text
    assert "Shock in weeks 156 to 168: pandemic" in text
    assert "Synthetic: for differences, not forecasts." in text
    start = {d.key: d for d in explanation.parts[0].differences}
    zones = start["policy.contracting.zones"]
    assert (zones.value, zones.before, zones.unit, zones.held_by) == (8, 6, "zones", "council")
    assert zones.source
    assert "policy.contracting.providers_per_zone" not in start, "at its default and not given"
    assert explanation.to_dict()["scenario"] == load(path, ["policy.commissioner.fee_ratio=1.1"]).resolved()


def test_explain_lists_the_users_own_facts(tmp_path):
    (tmp_path / "own.csv").write_text("column,value\nhc_rate_index,1.25\n")
    (tmp_path / "a.yaml").write_text("area: Wiltshire\noverride: own.csv\n")
    text = explain(load_with_places(tmp_path / "a.yaml")).text()
    packaged = councils()[find_council("Wiltshire").code]["hc_rate_index"]
    assert f"    hc_rate_index: 1.25, packaged {packaged:g} (ratio)" in text


def test_a_change_is_explained_against_what_was_in_force(write):
    parts = explain(load_with_places(write(mine=EXAMPLE))).parts
    titles = {part.title.partition(" (")[0]: part.differences for part in parts}
    (zones,) = titles["Changes from week 20"]
    assert (zones.value, zones.before) == (9, 8)
    (kind,) = titles["Changes from week 104"]
    assert (kind.value, kind.before) == ("actual_minutes", "planned_minutes")
    assert kind.place.endswith(":10:42")
    (kind,) = (d for d in parts[0].differences if d.key == "policy.contracting.kind")
    assert kind.place.endswith(":5:23")


def test_the_schema_accepts_good_files_and_marks_bad_ones():
    jsonschema = pytest.importorskip("jsonschema")
    import yaml

    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    validator = jsonschema.Draft202012Validator(made)
    for text in (EXAMPLE, dump(load_text(EXAMPLE))):
        assert list(validator.iter_errors(yaml.safe_load(text))) == []
    for text in (
        "polcy: {}",
        "weeks: 0",
        "policy: {contracting: {zones: 99}}",
        "shocks: [{kind: pandemic}]",
        "policy: {contracting: {kind: spot, zones: 3}}",
        "seed: true",
        "changes: [{week: 1}]",
    ):
        assert list(validator.iter_errors(yaml.safe_load(text))), text


def test_the_parameters_page_is_up_to_date(root):
    written = (root / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert written == parameters_page(), "run: homecare parameters --markdown > docs/parameters.md"


def _value(p):
    if p.type_name == "yes or no":
        return st.booleans()
    if p.choices:
        return st.sampled_from(p.choices)
    if p.type_name == "whole number":
        return st.integers(int(p.low), int(p.high))
    whole_numbers_too = p.high - p.low > 2
    floats = st.floats(p.low, p.high)
    return floats | st.integers(int(p.low) + 1, int(p.high)) if whole_numbers_too else floats


def _instance(cls):
    return st.fixed_dictionaries({}, optional={p.name: _value(p) for p in cls.declared()}).map(
        lambda values: cls(**values)
    )


def _choices(classes):
    return _by_name({name: _instance(cls) for name, cls in classes.items()})


def _by_name(strategies):
    names = list(strategies)
    return st.tuples(*strategies.values()).map(lambda made: Choices(dict(zip(names, made, strict=True))))


def _policy(theme):
    return st.sampled_from(list(policies.THEMES[theme].values())).flatmap(_instance)


POLICIES = _by_name({theme: _policy(theme) for theme in policies.THEMES})
UNREADABLE = ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
LABEL = st.text(st.characters(exclude_categories=UNREADABLE), min_size=1, max_size=30)
TRICKY = st.sampled_from(
    ["no", "1e5", "0x1F", "null", "~", "1:30", "2025-04-01", "- a", "a: b", "#x", "'", '"', "<<"]
)


@st.composite
def scenarios(draw):
    weeks = draw(st.integers(1, 5200))
    changes = []
    for week in sorted(draw(st.sets(st.integers(0, weeks - 1), max_size=3))):
        themes = draw(st.lists(st.sampled_from(list(policies.THEMES)), min_size=1, max_size=3, unique=True))
        changed = {theme: draw(_policy(theme)) for theme in themes}
        common = [word for word in APPLIES_TO if all(word in type(p).applies_to for p in changed.values())]
        changes.append(Change(week, Choices(changed), draw(st.sampled_from([None, *common]))))
    shocks = []
    if draw(st.booleans()):
        cls = draw(st.sampled_from(list(policies.SHOCKS.values())))
        shock = draw(_instance(cls))
        high = {p.name: p.high for p in cls.declared()}["week"]
        shocks = [shock.but(week=draw(st.integers(0, int(min(weeks - 1, high)))))]
    policy = draw(POLICIES)
    assume(not any(impossible(policy, changes, shocks)))
    return Scenario(
        name=draw((LABEL | TRICKY).filter(str.strip)),
        description=draw(st.text(st.characters(categories=("L", "N", "P", "Zs"), include_characters="\n"))),
        area=draw(st.sampled_from(council_names())),
        policy=policy,
        uncertainty=draw(_choices(assumptions.UNCERTAINTIES)),
        initial=draw(_choices(assumptions.INITIAL_CONDITIONS)),
        scale=draw(st.floats(0.001, 1)),
        weeks=weeks,
        seed=draw(st.integers(0, 2**53 - 1)),
        replications=draw(st.integers(1, 10000)),
        changes=tuple(changes),
        shocks=tuple(shocks),
    )


@given(scenarios())
def test_what_is_written_loads_back_equal(scenario):
    text = dump(scenario)
    loaded = load_text(text)
    assert loaded == scenario
    assert digest(loaded) == digest(scenario)
    assert dump(loaded) == text


def _blocks(root, language):
    page = (root / "docs" / "scenario.md").read_text(encoding="utf-8")
    return [part.split("```")[0] for part in page.split(f"```{language}\n")[1:]]


def test_what_the_page_on_scenarios_shows_works(root, capsys):
    (example,) = _blocks(root, "yaml")
    scenario = load_text(example)
    assert scenario.policy.employment.required_share == 0.8
    (python,) = _blocks(root, "python")
    exec(compile(python, "scenario.md", "exec"), {})
    assert capsys.readouterr().out.startswith("6\n# A whole scenario")
    (fault,) = _blocks(root, "text")
    with pytest.raises(ScenarioError) as caught:
        load_text(example.replace("zones: 6", "zones: 60"), name="my.yaml")
    assert str(caught.value) == fault.strip()


def test_the_page_on_scenarios_names_every_key(root):
    page = (root / "docs" / "scenario.md").read_text(encoding="utf-8")
    table = page.split("## Keys")[1].split("##")[0]
    assert all(f"`{key}`" in table for key in KEYS)
