"""Bad scenario files: all faults at once, each with its place and what is allowed; never a traceback."""

from __future__ import annotations

import os
import pickle

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from homecare.scenario import Scenario, ScenarioError, load, load_text
from homecare.scenario_file import LARGEST_BYTES

GOOD = """\
name: Good
area: Rutland
weeks: 104
policy:
  contracting: {kind: block, zones: 4}
changes:
  - {week: 52, policy: {payment: {kind: actual_minutes}}}
shocks:
  - {kind: pandemic, week: 60, weeks: 10}
"""


def faults_of(text: str):
    with pytest.raises(ScenarioError) as caught:
        load_text(text, name="bad.yaml")
    return caught.value.faults


def test_the_good_file_beside_them_works():
    assert load_text(GOOD).policy.contracting.zones == 4


# text after "area: Rutland", and of its only fault: line, column, key, words of the message, given, nearest
ONE_FAULT = {
    "unknown key": ("polcy: {}", 2, 1, "polcy", "no such key", "polcy", "policy"),
    "unknown theme": (
        "policy:\n  contract: {}",
        *(3, 3, "policy.contract", "no such key", "contract", "contracting"),
    ),
    "unknown parameter": (
        "policy: {contracting: {call_per_week: 3}}",
        *(2, 24, "policy.contracting.call_per_week", "no such key", "call_per_week", "calls_per_request"),
    ),
    "parameter of another kind": (
        "policy: {contracting: {zones: 3}}",
        *(2, 24, "policy.contracting.zones", "no such key", "zones"),
        "policy.contracting.zones beside kind: framework or block or lead_provider",
    ),
    "parameter of another theme": (
        "policy: {contracting: {budget_ratio: 1}}",
        *(2, 24, "policy.contracting.budget_ratio", "no such key", "budget_ratio"),
        "policy.commissioner.budget_ratio beside kind: council",
    ),
    "zero hours that the law forbids": (
        "policy: {labour: {zero_hours_allowed: false}, employment: {kind: zero_hours}}",
        *(2, 39, "policy.labour.zero_hours_allowed", "impossible combination: employment of kind zero_hours"),
        *("false", ""),
    ),
    "zero hours once the law forbids them": (
        "policy: {employment: {kind: zero_hours}}\nchanges: [{week: 3, policy: {labour: {zero_hours_allowed: false}}}]",
        *(3, 59, "changes[0].policy.labour.zero_hours_allowed", "impossible combination", "false", ""),
    ),
    "zero hours where the law forbids them": (
        "policy: {labour: {zero_hours_allowed: false}}\nchanges: [{week: 3, policy: {employment: {kind: zero_hours}}}]",
        *(2, 39, "policy.labour.zero_hours_allowed", "impossible combination", "false", ""),
    ),
    "an impossible pair and a change of something else": (
        "policy: {labour: {zero_hours_allowed: false}, employment: {kind: zero_hours}}\n"
        "changes: [{week: 3, policy: {market: {inspection_rate: 0.5}}}]",
        *(2, 39, "policy.labour.zero_hours_allowed", "impossible combination", "false", ""),
    ),
    "key of several other themes": (
        "policy: {payment: {fee_ratio: 1.1}}",
        *(2, 20, "policy.payment.fee_ratio", "no such key", "fee_ratio"),
        "policy.reablement.fee_ratio beside kind: reablement_first; policy.commissioner.fee_ratio beside kind: council",
    ),
    "key of four other themes, of which the default kinds come first": (
        "policy: {payment: {weeks: 4}}",
        *(2, 20, "policy.payment.weeks", "no such key", "weeks"),
        "weeks; policy.reablement.weeks beside kind: reablement_first; shocks.pandemic.weeks beside kind: pandemic",
    ),
    "key of a theme of which the default kind has it": (
        "policy: {payment: {price_weight: 0.3}}",
        *(2, 20, "policy.payment.price_weight", "no such key", "price_weight"),
        "uncertainty.user_choice.price_weight; policy.contracting.price_weight beside kind: "
        "framework or block or lead_provider",
    ),
    "key of its own theme and of another": (
        "policy: {contracting: {price_weight: 0.3}}",
        *(2, 24, "policy.contracting.price_weight", "no such key", "price_weight"),
        "policy.contracting.price_weight beside kind: framework or block or lead_provider",
    ),
    "tab": ("policy:\n\tcontracting: {kind: block}", 3, 1, "", "indent by spaces and not by tabs", "", ""),
    "unknown kind": (
        "policy: {contracting: {kind: blok}}",
        *(2, 30, "policy.contracting.kind", "no such kind", "blok", "block"),
    ),
    "beginning of a kind": (
        "policy: {employment: {kind: zero}}",
        *(2, 29, "policy.employment.kind", "no such kind", "zero", "zero_hours"),
    ),
    "word of a kind": (
        "policy: {contracting: {kind: lead}}",
        *(2, 30, "policy.contracting.kind", "no such kind", "lead", "lead_provider"),
    ),
    "kind that is no word": (
        "policy: {contracting: {kind: [spot]}}",
        *(2, 30, "policy.contracting.kind", "no such kind", "a list of 1 item", ""),
    ),
    "word for a number": ("weeks: many", 2, 8, "weeks", "whole number is wanted", "many", ""),
    "yes for true": (
        "policy: {commissioner: {displaced_first: yes}}",
        *(2, 42, "policy.commissioner.displaced_first", "true or false is wanted", "yes", "true"),
    ),
    "true for a number": ("seed: true", 2, 7, "seed", "whole number is wanted", "true", ""),
    "quoted number": ('seed: "3"', 2, 7, "seed", "whole number is wanted", '"3"', ""),
    "fraction of a week": ("weeks: 52.5", 2, 8, "weeks", "whole number is wanted", "52.5", ""),
    "out of range": ("scale: 1.5", 2, 8, "scale", "out of range", "1.5", ""),
    "nothing": ("scale:", 2, 7, "scale", "number is wanted", "nothing", ""),
    "not a number": ("scale: .nan", 2, 8, "scale", "finite", ".nan", ""),
    "infinite": ("scale: -.inf", 2, 8, "scale", "finite", "-.inf", ""),
    "too large to be finite": ("scale: 1e999", 2, 8, "scale", "finite", "1e999", ""),
    "a very long number": (f"seed: {'9' * 5000}", 2, 7, "seed", "finite", "9" * 57 + "...", ""),
    "number in quotes": (
        'policy: {commissioner: {fee_ratio: "1.1"}}',
        *(2, 36, "policy.commissioner.fee_ratio", "number is wanted", '"1.1"', ""),
    ),
    "octal": ("seed: 007", 2, 7, "seed", "whole number is wanted", "007", ""),
    "date": ("weeks: 2025-04-01", 2, 8, "weeks", "whole number is wanted", "2025-04-01", ""),
    "list for a mapping": ("policy: [a, b]", 2, 9, "policy", "mapping of keys", "a list of 2 items", ""),
    "word for a mapping": (
        "policy: {contracting: block}",
        *(2, 23, "policy.contracting", "mapping of keys is wanted", "block", ""),
    ),
    "nothing for a mapping": ("policy:", 2, 8, "policy", "mapping of keys is wanted", "nothing", ""),
    "mapping for a list": ("changes: {week: 3}", 2, 10, "changes", "list is", "a mapping of 1 key", ""),
    "mapping for a number": ("weeks: {a: 1}", 2, 8, "weeks", "whole number is", "a mapping of 1 key", ""),
    "number for a name": ("name: 12", 2, 7, "name", "text is wanted", "12", ""),
    "empty name": ("name: ''", 2, 7, "name", "not readable", "an empty word", ""),
    "control characters": ('name: "a\\eb"', 2, 7, "name", "not readable", "a\\x1bb", ""),
    "key twice": ("weeks: 3\nweeks: 4", 3, 1, "weeks", "twice, first on line 2", "weeks", ""),
    "key twice inside": (
        "policy: {payment: {visit_supplement: 1, visit_supplement: 1}}",
        *(2, 41, "policy.payment.visit_supplement", "twice", "visit_supplement", ""),
    ),
    "anchor": ("weeks: &w 52", 2, 8, "weeks", "anchor is not allowed", "&w", ""),
    "alias": ("weeks: *w", 2, 8, "weeks", "alias is not allowed", "*w", ""),
    "tag": ("weeks: !!int 52", 2, 8, "weeks", "tag is not allowed", "tag:yaml.org,2002:int", ""),
    "object": (
        "name: !!python/object/apply:os.system [ls]",
        *(2, 7, "name", "tag is not allowed", "tag:yaml.org,2002:python/object/apply:os.system", ""),
    ),
    "merge key": ("<<: {weeks: 3}", 2, 1, "", "merge key is not allowed", "<<", ""),
    "merge key inside": ("policy: {<<: {}}", 2, 10, "policy", "merge key is not allowed", "<<", ""),
    "list as a key": ("? [a]\n: 1", 2, 3, "", "key must be a word", "a list of 1 item", ""),
    "two documents": ("---\narea: Rutland", 2, 1, "", "second document", "", ""),
    "not YAML": ("policy: {contracting: [}", 2, 24, "", "not YAML", "", ""),
    "impossible escape": ('name: "\\U99999999"', 0, 0, "", "not YAML", "", ""),
    "half a character": ('name: "\\ud800"', 2, 7, "name", "lone surrogate", "\\ud800", ""),
    "too deep": ("name: " + "[" * 40 + "]" * 40, 2, 15, "name" + "[0]" * 8, "nested too deeply", "", ""),
    "change without a week": ("changes: [{policy: {payment: {}}}]", 2, 11, "changes[0]", "week is", "", ""),
    "change of nothing": ("changes: [{week: 3}]", 2, 11, "changes[0]", "nothing about policy", "", ""),
    "change before the run": (
        "changes: [{week: -1, policy: {payment: {}}}]",
        *(2, 18, "changes[0].week", "not in the run", "-1", ""),
    ),
    "change after the run": (
        "weeks: 52\nchanges: [{week: 52, policy: {payment: {}}}]",
        *(3, 18, "changes[0].week", "not in the run", "52", ""),
    ),
    "change in true": (
        "changes: [{week: true, policy: {payment: {}}}]",
        *(2, 18, "changes[0].week", "whole number", "true", ""),
    ),
    "key of a change": (
        "changes: [{week: 3, polic: 1, policy: {payment: {}}}]",
        *(2, 21, "changes[0].polic", "no such key", "polic", "policy"),
    ),
    "theme of a change": (
        "changes: [{week: 3, policy: {paymnt: {}}}]",
        *(2, 30, "changes[0].policy.paymnt", "no such key", "paymnt", "payment"),
    ),
    "word that is no reach": (
        "changes: [{week: 3, applies_to: news, policy: {payment: {}}}]",
        *(2, 33, "changes[0].applies_to", "does not say what", "news", "new"),
    ),
    "reach that a policy cannot have": (
        "changes: [{week: 3, applies_to: at_renewal, policy: {contracting: {}}}]",
        *(2, 33, "changes[0].applies_to", "impossible combination", "at_renewal", ""),
    ),
    "two changes of one theme": (
        "changes:\n- {week: 3, policy: {payment: {}}}\n- {week: 3, policy: {payment: {}}}",
        *(4, 22, "changes[1].policy.payment", "impossible combination", "first at bad.yaml:3:22", ""),
    ),
    "shock without a kind": ("shocks: [{week: 3}]", 2, 10, "shocks[0]", "kind of shock is missing", "", ""),
    "shock without a week": ("shocks: [{kind: pandemic}]", 2, 10, "shocks[0]", "week is missing", "", ""),
    "unknown shock": (
        "shocks: [{kind: pandemc, week: 3}]",
        *(2, 17, "shocks[0].kind", "no such shock", "pandemc", "pandemic"),
    ),
    "shock after the run": (
        "weeks: 52\nshocks: [{kind: pandemic, week: 52}]",
        *(3, 33, "shocks[0].week", "not in the run", "52", ""),
    ),
    "shock in a part of a week": (
        "shocks: [{kind: pandemic, week: 3.5}]",
        *(2, 33, "shocks[0].week", "whole number", "3.5", ""),
    ),
    "two shocks at once": (
        "shocks:\n- {kind: pandemic, week: 3, weeks: 9}\n- {kind: pandemic, week: 11}",
        *(4, 3, "shocks[1]", "impossible combination", "week 11", ""),
    ),
    "extends nothing known": ("extends: baselin", 2, 10, "extends", "no such", "baselin", "baseline"),
    "extends a file that is a name": (
        "extends: hamlet.yaml",
        *(2, 10, "extends", "no such file", "hamlet.yaml", "hamlet"),
    ),
    "extends two": ("extends: [a, b]", 2, 10, "extends", "a scenario is wanted", "a list of 2 items", ""),
    "extends a missing file": ("extends: gone.yaml", 2, 10, "extends", "no such file", "gone.yaml", ""),
    "missing override": ("override: gone.csv", 2, 11, "override", "cannot be read", None, ""),
    "override that is a list": ("override: [a]", 2, 11, "override", "text is wanted", "a list of 1 item", ""),
}


@pytest.mark.parametrize("case", ONE_FAULT.values(), ids=ONE_FAULT)
def test_one_fault(case):
    text, line, column, key, message, given_, near = case
    (fault,) = faults_of(f"area: Rutland\n{text}\n")
    assert fault.place.file == "bad.yaml"
    assert (fault.place.line, fault.place.column, fault.key) == (line, column, key)
    assert message in fault.message
    assert given_ is None or fault.given == given_
    assert fault.nearest == near
    assert str(fault).isprintable() or "\n" in str(fault)


def test_the_area_must_be_known_and_given():
    (fault,) = faults_of("weeks: 3\n")
    assert (fault.key, fault.message) == ("area", "the area is missing")
    (fault,) = faults_of("area: Wiltshir\n")
    assert (fault.place.line, fault.place.column, fault.key) == (1, 7, "area")
    assert fault.nearest.startswith("Wiltshire")


def test_all_faults_of_a_file_come_at_once_in_order():
    faults = faults_of(
        "area: Nowhere\n"
        "weeks: long\n"
        "polcy: 1\n"
        "policy:\n"
        "  contracting: {kind: blok, zones: 99, zone: 1}\n"
        "  payment: &p {visit_supplement: -1}\n"
        "changes:\n"
        "  - {week: 1.5, policy: {care_planning: {slack: 99}}}\n"
        "shocks: 3\n"
    )
    assert [(f.place.line, f.key) for f in faults] == [
        (1, "area"),
        (2, "weeks"),
        (3, "polcy"),
        (5, "policy.contracting.kind"),
        (5, "policy.contracting.zones"),
        (5, "policy.contracting.zone"),
        (6, "policy.payment"),
        (6, "policy.payment.visit_supplement"),
        (8, "changes[0].week"),
        (8, "changes[0].policy.care_planning.slack"),
        (9, "shocks"),
    ]


def test_the_text_is_one_block_a_fault():
    with pytest.raises(ScenarioError) as caught:
        load_text("area: Rutland\nscale: 2\npolcy: 1\n", name="bad.yaml")
    blocks = str(caught.value).split("\n\n")
    assert blocks[0].splitlines() == [
        "bad.yaml:2:8  scale",
        "    the number is out of range",
        "    given:   2",
        "    allowed: a number from 0.001 to 1 (share of the area)",
    ]
    assert blocks[1].splitlines()[-1] == "    nearest: policy"
    assert len(blocks) == 2
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


def test_a_fault_in_a_file_that_is_extended_names_that_file(tmp_path):
    (tmp_path / "parent.yaml").write_text("area: Rutland\nseed: -1\n")
    (tmp_path / "child.yaml").write_text("extends: parent.yaml\nweeks: 0\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "child.yaml")
    places = {(os.path.basename(f.place.file), f.place.line, f.key) for f in caught.value.faults}
    assert places == {("parent.yaml", 2, "seed"), ("child.yaml", 2, "weeks")}


def test_a_missing_parent_brings_no_faults_that_are_not_there(tmp_path):
    child = tmp_path / "child.yaml"
    child.write_text(
        "extends: gone.yaml\narea: Rutland\nweeks: 0\npolicy: {contracting: {zones: 3, zone: 3}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load(child)
    assert [f.key for f in caught.value.faults] == ["extends", "weeks", "policy.contracting.zone"]


def test_a_circle_of_extends(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: b.yaml\narea: Rutland\n")
    (tmp_path / "b.yaml").write_text("extends: ./a.yaml\n")
    (tmp_path / "self.yaml").write_text("area: Rutland\nextends: self.yaml\n")
    circles = {"a": "a.yaml extends b.yaml extends a.yaml", "self": "self.yaml extends self.yaml"}
    for name, around in circles.items():
        with pytest.raises(ScenarioError) as caught:
            load(tmp_path / f"{name}.yaml")
        (fault,) = caught.value.faults
        assert fault.message.endswith(around)
        assert fault.key == "extends"
        assert fault.place.line > 0


def test_files_that_are_none(tmp_path):
    cases = {
        "missing.yaml": (None, "no such file"),
        "folder.yaml": ("folder", "folder"),
        "empty.yaml": (b"", "nothing in it"),
        "comment.yaml": (b"# nothing\n", "nothing in it"),
        "binary.yaml": (bytes(range(256)), "not text in UTF-8"),
        "zero.yaml": (b"area: Rutland\n\0\0\0", "binary"),
        "bell.yaml": (b"area: Rutland\nname: \x07\n", "character that YAML does not allow"),
        "utf16.yaml": ("area: Rutland".encode("utf-16"), "not text in UTF-8"),
        "huge.yaml": (b"#" * (LARGEST_BYTES + 1), "too large"),
        "word.yaml": (b"baseline\n", "mapping of keys"),
        "list.yaml": (b"- area: Rutland\n", "mapping of keys"),
        "two.yaml": (b"area: Rutland\n---\narea: Rutland\n", "second document"),
    }
    for name, (content, message) in cases.items():
        if content == "folder":
            (tmp_path / name).mkdir()
        elif content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ScenarioError, match=message) as caught:
            load(tmp_path / name)
        (fault,) = caught.value.faults
        assert fault.place.file.endswith(name)
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfarea: Rutland\n")
    assert load(tmp_path / "bom.yaml").area == "Rutland"
    fifo = tmp_path / "pipe.yaml"
    os.mkfifo(fifo)
    with pytest.raises(ScenarioError, match="not an ordinary file"):
        load(fifo)


def test_a_missing_file_is_told_with_the_one_beside_it_that_it_resembles(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mybase.yaml").write_text("area: Rutland\n")
    for parent, near in (("sub/mybas.yaml", "sub/mybase.yaml"), ("sub/mybase.yml", "sub/mybase.yaml"),
                         ("sub/z.yaml", ""), ("gone/mybase.yaml", "")):
        (tmp_path / "child.yaml").write_text(f"extends: {parent}\n")
        with pytest.raises(ScenarioError, match="no such file") as caught:
            load(tmp_path / "child.yaml")
        assert [fault.nearest for fault in caught.value.faults] == [near]


def test_a_link_to_itself_is_there_and_cannot_be_read(tmp_path):
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(tmp_path / "loop.yaml")


def test_a_shock_after_a_short_run_is_told_with_the_weeks_that_it_takes():
    with pytest.raises(ScenarioError, match=r"from 0 to 25, .*; or a longer run, of at least 53 weeks"):
        load("pandemic", weeks=26)


def test_a_shock_of_no_kind_is_told_with_its_week():
    with pytest.raises(ScenarioError) as caught:
        load_text("area: Rutland\nshocks:\n  - {kind: pandemc, week: x}\n  - {week: 900}\n")
    assert [(fault.place.line, fault.key) for fault in caught.value.faults] == [
        (3, "shocks[0].kind"), (3, "shocks[0].week"), (4, "shocks[1]"), (4, "shocks[1].week")]


def test_the_place_of_an_override_is_the_override_alone():
    for text in ("seed=", "name=\x07", "seed=[3"):
        with pytest.raises(ScenarioError) as caught:
            load("baseline", [text])
        assert [(fault.place.line, fault.place.column) for fault in caught.value.faults] == [(0, 0)]


def test_an_index_of_what_is_no_list_says_so():
    for text, allowed in (("policy[0]=1", "no list here"), ("changes[0]=1", "the list is empty")):
        with pytest.raises(ScenarioError, match=allowed):
            load("baseline", [text])


def test_an_index_that_is_none_names_the_scenario_which_has_no_such_item(tmp_path):
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    both = (("baseline", "scenarios/baseline.yaml", "the list is empty"), (path, str(path), "0 to 0"))
    for source, name, allowed in both:
        with pytest.raises(ScenarioError) as caught:
            load(source, ["shocks[3].week=30"])
        (fault,) = caught.value.faults
        assert fault.allowed.endswith(f"{allowed} in {name}")


def test_names_that_are_none():
    with pytest.raises(ScenarioError, match="no such scenario") as caught:
        load("baselin")
    assert caught.value.faults[0].nearest == "baseline"
    for name in ("", ".", "\0", "a\0.yaml", "x" * 5000, "x" * 5000 + ".yaml"):
        with pytest.raises(ScenarioError):
            load(name)


@pytest.mark.parametrize(
    ("override", "message", "nearest"),
    [
        ("policy.contracting", "not an override", ""),
        ("=3", "not an override", ""),
        ("policy..x=3", "not an override", ""),
        ("polcy.contracting.zones=3", "cannot be overridden", "policy"),
        ("extends=baseline", "cannot be overridden", ""),
        ("policy.contracting.zone=3", "no such key", "zones"),
        ("policy.contracting.zones=many", "whole number is wanted", ""),
        ("policy.contracting.zones=99", "out of range", ""),
        ("policy.contracting.zones=", "nothing in it", ""),
        ("policy.contracting.zones=*x", "alias is not allowed", ""),
        ("policy.contracting=spot", "mapping of keys is wanted", ""),
        ("policy.contracting.zones.deep=3", "whole number is wanted", ""),
        ("shocks[1].weeks=3", "no item of this number", ""),
        ("shocks.weeks=3", "no keys here", ""),
        ("weeks[0]=3", "no item of this number", ""),
        ("changes[0].week=200", "not in the run", ""),
        ("weeks=50", "not in the run", ""),
        ("area=Nowhere at all", "no English council", ""),
    ],
)
def test_overrides_that_are_refused(tmp_path, override, message, nearest):
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    with pytest.raises(ScenarioError, match=message) as caught:
        load(path, [override])
    assert nearest in [fault.nearest for fault in caught.value.faults]


def test_overrides_that_contradict_each_other(tmp_path):
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    for pair in (["seed=3", "seed=4"], ["policy.payment={}", "policy.payment.visit_supplement=1"]):
        with pytest.raises(ScenarioError, match="overridden twice"):
            load(path, pair)
    with pytest.raises(ScenarioError, match="overridden twice"):
        load(path, ["seed=3"], seed=3)
    with pytest.raises(ScenarioError, match="overridden twice"):
        load(path, ["policy.payment.visit_supplement=1", "policy.payment={}"])


def test_a_bad_file_is_told_before_its_overrides(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("area: Rutland\nscale: 9\n")
    with pytest.raises(ScenarioError) as caught:
        load(path, ["nonsense"])
    assert [f.key for f in caught.value.faults] == ["scale"]


def sound_or_refused(text: str) -> None:
    """Load, and see that the only outcomes are a scenario and printable faults with a place."""
    try:
        scenario = load_text(text, name="mangled.yaml")
    except ScenarioError as error:
        assert error.faults
        for fault in error.faults:
            assert fault.place.file
            assert fault.message
            assert all(line.isprintable() for line in str(fault).split("\n"))
            str(fault).encode("utf-8")
    else:
        assert isinstance(scenario, Scenario)


PIECES = st.sampled_from(
    [
        "&a ",
        "*a",
        "!!x ",
        "<<: ",
        "---\n",
        "...\n",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "\n",
        "  ",
        "? ",
        "|",
        ">",
        "#",
        '"',
        "'",
        "%",
        "@",
        "`",
        "\t",
        "kind: ",
        "week: ",
        "policy: ",
        "extends: baseline\n",
        "null",
        "1e400",
        ".nan",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ud800",
        "\x00",
        "9" * 5000,
        "-0",
        "yes",
        "\U0001f600",
    ]
) | st.text(max_size=4)


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 20), PIECES),
        min_size=1,
        max_size=6,
    )
)
def test_mangled_text_never_gives_a_traceback(cuts):
    text = GOOD
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    sound_or_refused(text)


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"%YAML 999999999999999999999.1\n---\n")
def test_random_bytes_never_give_a_traceback(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "a.yaml"
    path.write_bytes(raw)
    with pytest.raises(ScenarioError):
        load(path)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["spot", "block", "pandemic", "all", "baseline", "Rutland", 3, 52])
)
KEYS = st.sampled_from(
    [
        "extends",
        "name",
        "area",
        "override",
        "weeks",
        "policy",
        "changes",
        "shocks",
        "uncertainty",
        "initial",
        "kind",
        "week",
        "weeks",
        "applies_to",
        "contracting",
        "payment",
        "zones",
        "calls_per_request",
    ]
) | st.text(max_size=4)
TREES = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, TREES, max_size=6))
@example({"changes": [{"week": 3, "policy": {"contracting": {"kind": {}}}}]})
@example({"shocks": [None, [], {"kind": []}]})
@example({"extends": {"a": 1}, "policy": None})
def test_random_trees_never_give_a_traceback(tree):
    sound_or_refused(yaml.safe_dump({"area": "Rutland", **tree}, allow_unicode=True))
