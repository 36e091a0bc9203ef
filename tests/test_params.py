"""A parameter is declared once, whole, or not at all."""

from __future__ import annotations

import csv
import math
import pickle
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from homecare import assumptions, policies
from homecare.params import HOLDERS, InitialCondition, Policy, Shock, Uncertainty, param, plain
from homecare.scenario_layers import all_parameters, parameters_of, why_not


class Lunch(Policy):
    """What is for lunch. Held by: council."""

    theme: ClassVar[str] = "meals"
    kind: ClassVar[str] = "lunch"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("new", "all")

    minutes: float = param(15, unit="minutes", low=10, high=60, source="design")
    """How long
    it takes."""
    courses: int = param(2, unit="courses", low=1, high=9, source="assumption", held_by="agency")
    """How many there are."""
    hot: bool = param(True, source="design")
    """Whether it is hot."""
    drink: str = param("tea", choices=("tea", "milk"), source="design")
    """What there is to drink."""

    def check(self):
        return [("courses", "one course is over sooner")] if self.courses == 1 and self.minutes > 50 else []


def test_a_declaration_says_everything():
    minutes, courses, hot, drink = Lunch.declared()
    assert (minutes.path, minutes.class_name, minutes.name) == ("policy.meals.minutes", "Lunch", "minutes")
    assert (minutes.default, minutes.unit, minutes.low, minutes.high) == (15.0, "minutes", 10, 60)
    assert isinstance(minutes.default, float)
    assert (minutes.source, minutes.sentence) == ("design", "How long it takes.")
    assert (minutes.group, minutes.theme, minutes.kind) == ("policy", "meals", "lunch")
    assert minutes.held_by == "council"
    assert minutes.allowed == "a number from 10 to 60"
    assert (courses.held_by, courses.allowed) == ("agency", "a whole number from 1 to 9")
    assert (hot.unit, hot.low, hot.allowed) == (None, None, "true or false")
    assert (drink.choices, drink.allowed) == (("tea", "milk"), "one of tea, milk")
    assert Lunch.sentence() == "What is for lunch."


def test_values_are_frozen_equal_hashable_and_copied_with_checks():
    lunch = Lunch(minutes=20)
    assert lunch == Lunch(minutes=20.0) != Lunch()
    assert hash(lunch) == hash(Lunch(minutes=20.0))
    assert lunch.but(hot=False).values() == {"minutes": 20.0, "courses": 2, "hot": False, "drink": "tea"}
    assert pickle.loads(pickle.dumps(lunch)) == lunch
    with pytest.raises(ValidationError):
        lunch.minutes = 30
    with pytest.raises(ValidationError):
        lunch.but(minutes=9)
    assert math.copysign(1, Uncertain(x=-0.0).x) == 1, "minus zero would have another digest than zero"


class Uncertain(Uncertainty):
    """What nobody knows."""

    theme: ClassVar[str] = "unknown"

    x: float = param(0.5, unit="ratio", low=-1, high=1, source="assumption")
    """Something."""


@pytest.mark.parametrize(
    "values",
    [
        {"minutes": True},
        {"minutes": "20"},
        {"minutes": math.nan},
        {"minutes": math.inf},
        {"minutes": 9.99},
        {"minutes": 61},
        {"minutes": None},
        {"courses": 2.0},
        {"courses": True},
        {"courses": 0},
        {"hot": 1},
        {"hot": "yes"},
        {"drink": "gin"},
        {"drink": 1},
        {"pudding": 1},
        {"courses": 1, "minutes": 55},
    ],
)
def test_values_that_are_refused(values):
    with pytest.raises(ValidationError):
        Lunch(**values)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"default": 1, "unit": "x", "low": 0, "high": 2}, "source"),
        ({"default": 1, "unit": "x", "low": 0, "high": 2, "source": " "}, "source"),
        ({"default": 1, "low": 0, "high": 2, "source": "design"}, "unit"),
        ({"default": 1, "unit": "x", "high": 2, "source": "design"}, "low"),
        ({"default": 1, "unit": "x", "low": 0, "source": "design"}, "high"),
        ({"default": 3, "unit": "x", "low": 0, "high": 2, "source": "design"}, "low <= default <= high"),
        ({"default": math.nan, "unit": "x", "low": 0, "high": 2, "source": "design"}, "finite"),
        ({"default": 1, "unit": "x", "low": 0, "high": 2, "choices": ("a",), "source": "design"}, "word"),
        ({"default": True, "low": 0, "source": "design"}, "no range"),
        ({"default": "a", "source": "design"}, "choices"),
        ({"default": "a", "choices": ("b", "c"), "source": "design"}, "choices"),
        ({"default": [1], "source": "design"}, "list"),
        ({"default": True, "source": "design", "held_by": "nobody"}, "held_by"),
    ],
)
def test_incomplete_declarations_are_refused(arguments, message):
    arguments = dict(arguments)
    arguments.setdefault("source", "")
    with pytest.raises(TypeError, match=message):
        param(arguments.pop("default"), **arguments)


def test_a_class_must_declare_with_param_and_say_what_each_means():
    with pytest.raises(TypeError, match="sentence"):

        class Silent(Uncertainty):
            """Says nothing about x."""

            theme: ClassVar[str] = "silent"
            x: float = param(1.0, unit="ratio", low=0, high=2, source="assumption")

    with pytest.raises(TypeError, match="param"):

        class Bare(InitialCondition):
            """Has a bare number."""

            theme: ClassVar[str] = "bare"
            x: float = 1.0
            """A number without a range."""

    with pytest.raises(TypeError, match="default"):

        class Mixed(Uncertainty):
            """Says whole number and gives a fraction."""

            theme: ClassVar[str] = "mixed"
            x: int = param(1.5, unit="ratio", low=0, high=2, source="assumption")
            """A number."""

    with pytest.raises(TypeError, match="applies_to"):

        class Sometimes(Policy):
            """Reaches what there is not. Held by: council."""

            theme: ClassVar[str] = "meals"
            kind: ClassVar[str] = "sometimes"
            applies_to: ClassVar[tuple[str, ...]] = ("sometimes",)

    with pytest.raises(TypeError, match="docstring"):

        class NoWords(Shock):
            kind: ClassVar[str] = "no_words"


def test_a_shock_has_a_week_and_a_length():
    class Snow(Shock):
        """Snow."""

        kind: ClassVar[str] = "snow"

    week, weeks = Snow.declared()
    assert (week.path, weeks.path, week.held_by) == ("shocks.snow.week", "shocks.snow.weeks", "shock")


def test_every_parameter_of_the_model_is_declared_whole():
    parameters = all_parameters()
    assert len(parameters) > 50
    for p in parameters:
        assert p.source, p
        assert p.sentence.endswith("."), p
        assert p.held_by in HOLDERS or p.group == "run", p
        assert p.type_name in ("yes or no", "word") or (p.unit and p.low <= p.default <= p.high), p
    seen = [(p.path, p.kind) for p in parameters]
    assert len(seen) == len(set(seen))
    assert {p.group for p in parameters} == {"run", "policy", "uncertainty", "initial", "shock"}


def test_every_source_is_evidence_a_judgement_or_the_design(root):
    with (root / "sim" / "homecare" / "data" / "evidence.csv").open(encoding="utf-8") as stream:
        known = {row["id"] for row in csv.DictReader(stream)} | {"assumption", "design"}
    unknown = {p.path: p.source for p in all_parameters() if p.source not in known}
    assert unknown == {}


def test_no_two_groups_share_a_name():
    for registry in (assumptions.UNCERTAINTIES, assumptions.INITIAL_CONDITIONS, policies.SHOCKS):
        assert all(name == (cls.theme or cls.kind) for name, cls in registry.items())
    for theme, kinds in policies.THEMES.items():
        assert all((cls.theme, cls.kind) == (theme, kind) for kind, cls in kinds.items())


def test_shares_lie_between_0_and_1():
    for p in all_parameters():
        if p.name.endswith("_share") and p.unit == "share":
            assert p.low >= 0, p.path


ANYTHING = st.one_of(
    st.booleans(), st.integers(-5, 70), st.floats(), st.sampled_from(["tea", "milk", "x", ""]), st.none()
)


@given(name=st.sampled_from(["minutes", "courses", "hot", "drink"]), value=ANYTHING)
def test_scenario_files_and_python_refuse_the_same_values(name, value):
    refused = why_not(parameters_of(Lunch)[name], value) is not None
    try:
        Lunch(**{name: value})
    except ValidationError as problem:
        impossible = problem.errors()[0]["type"] == "impossible"
        assert refused or impossible
    else:
        assert not refused


def test_plain_values():
    values = (True, 15.0, 0.2, 3, "tea", 1e300)
    assert [plain(v) for v in values] == ["true", "15", "0.2", "3", "tea", "1e+300"]
