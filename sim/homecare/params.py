"""A number, declared once: default, unit, range, source and sentence.

Four kinds of parameter exist. A `Policy` is a lever that somebody holds. An `Uncertainty` is a number about
the world that nobody knows well. An `InitialCondition` is how the market stands when a run begins. A `Shock`
is something that happens to everybody in given weeks. From the one line that declares a parameter come its
validation, `homecare explain`, the reference page, the JSON Schema, the app's slider and the bounds of a
sweep.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator
from pydantic import Field as _Field
from pydantic_core import PydanticCustomError

from homecare.params_record import Parameter, Value, plain

__all__ = ["APPLIES_TO", "HOLDERS", "Declared", "InitialCondition", "Parameter", "Policy", "Shock",
           "Uncertainty", "Value", "param", "plain"]

HOLDERS = ("council", "national", "agency", "shock", "nature", "area")
"""Who can hold a parameter: three that decide, and three that nobody decides."""

APPLIES_TO = ("all", "new", "at_review", "at_renewal")
"""When a policy that changes bites: on all rows at once, on new ones, at the next review or renewal."""

_TYPE_NAMES: dict[Any, str] = {float: "number", int: "whole number", bool: "yes or no", str: "word"}


def param(
    default: Value,
    *,
    source: str,
    unit: str | None = None,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    held_by: str | None = None,
    sentence: str | None = None,
) -> Any:
    """Declare one parameter of a `Policy`, `Uncertainty`, `InitialCondition` or `Shock`.

    Parameters
    ----------
    default : float, int, bool or str
        Must lie in the range, or be one of `choices`.
    source : str
        Evidence id, ``"assumption"`` or ``"design"`` (the experimenter chooses).
    unit : str
        Needed for numbers; a share or ratio has the unit ``"share"`` or ``"ratio"``.
    low, high : float or int
        Needed for numbers; both ends are allowed.
    choices : tuple of str
        Needed for words.
    held_by : str, optional
        Where this one parameter is held by somebody other than the holder of its class.
    sentence : str, optional
        Instead of the string under the declaration, where there is no source file to read it from.

    Raises
    ------
    TypeError
        If the declaration is incomplete or contradicts itself.
    """
    if not isinstance(source, str) or not source.strip():
        raise TypeError("a parameter needs a source: an evidence id, 'assumption' or 'design'")
    if held_by is not None and held_by not in HOLDERS:
        raise TypeError(f"held_by={held_by!r} is not one of {', '.join(HOLDERS)}")
    extra: dict[str, Any] = {"source": source}
    limits: dict[str, Any] = {}
    if isinstance(default, bool):
        if low is not None or high is not None or choices:
            raise TypeError("a yes-or-no parameter has no range and no choices")
    elif isinstance(default, str):
        if not choices or default not in choices or len(set(choices)) != len(choices):
            raise TypeError(f"a word needs different choices that contain its default {default!r}")
        extra["enum"] = list(choices)
    elif isinstance(default, int | float):
        if not unit or low is None or high is None:
            raise TypeError("a number needs unit, low and high")
        if not all(math.isfinite(x) for x in (default, low, high)) or not low <= default <= high:
            raise TypeError(f"need finite low <= default <= high, not {low} <= {default} <= {high}")
        if choices:
            raise TypeError("only a word has choices")
        limits = {"ge": low, "le": high}
    else:
        raise TypeError(f"a parameter is a number, a yes-or-no or a word, not {type(default).__name__}")
    if unit:
        extra["unit"] = unit
    if held_by:
        extra["held_by"] = held_by
    return _Field(default, description=sentence, json_schema_extra=extra, **limits)


class Declared(BaseModel):
    """A frozen group of parameters, each made by `param`. Not used itself: see its four subclasses."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
        use_attribute_docstrings=True,
    )

    group: ClassVar[str] = ""
    theme: ClassVar[str] = ""
    kind: ClassVar[str | None] = None
    held_by: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not (cls.__doc__ or "").strip():
            raise TypeError(f"{cls.__name__}: a group of parameters needs a docstring")
        if cls.held_by and cls.held_by not in HOLDERS:
            raise TypeError(f"{cls.__name__}: held_by={cls.held_by!r} is not one of {', '.join(HOLDERS)}")
        for name, field in cls.model_fields.items():
            where = f"{cls.__name__}.{name}"
            if not isinstance(field.json_schema_extra, dict) or "source" not in field.json_schema_extra:
                raise TypeError(f"{where}: declare it with param(...)")
            if name in ("kind", "theme", "group"):
                raise TypeError(f"{where}: this name is taken")
            if field.annotation not in _TYPE_NAMES:
                raise TypeError(f"{where}: annotate it as float, int, bool or str")
            if field.annotation is not type(field.default) and not (
                field.annotation is float and type(field.default) is int
            ):
                raise TypeError(f"{where}: default {field.default!r} is not {_TYPE_NAMES[field.annotation]}")
            if not (field.description or "").strip():
                raise TypeError(f"{where}: needs a sentence under it that says what it means")

    @field_validator("*")
    @classmethod
    def _one_of_its_choices(cls, value: Value, info: ValidationInfo) -> Value:
        extra = cls.model_fields[info.field_name].json_schema_extra
        if "enum" in extra and value not in extra["enum"]:
            raise PydanticCustomError("not_a_choice", "must be one of {choices}", {"choices": extra["enum"]})
        return value + 0.0 if isinstance(value, float) else value  # minus zero becomes zero

    @model_validator(mode="after")
    def _possible(self) -> Self:
        found = list(self.check())
        if found:
            text = "; ".join(f"{name}: {message}" for name, message in found)
            raise PydanticCustomError("impossible", "{text}", {"text": text, "found": found})
        return self

    def check(self) -> list[tuple[str, str]]:
        """Say which values do not go together; override where some do not.

        Returns
        -------
        list of (str, str)
            Name of a parameter and what is impossible about it, one for each fault; empty if all is well.
        """
        return []

    def values(self) -> dict[str, Value]:
        """Every parameter by name, in the order in which they are declared."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def but(self, **changes: Value) -> Self:
        """Make the same with other values, validated (Pydantic's ``model_copy`` would not check them)."""
        return type(self)(**{**self.values(), **changes})

    @classmethod
    def declared(cls) -> Iterator[Parameter]:
        """Yield a `Parameter` for each parameter of this class, in the order of declaration."""
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            low = high = None
            for limit in field.metadata:
                low = getattr(limit, "ge", low)
                high = getattr(limit, "le", high)
            yield Parameter(
                path=cls.path_of(name),
                class_name=cls.__name__,
                name=name,
                type_name=_TYPE_NAMES[field.annotation],
                default=float(field.default) if field.annotation is float else field.default,
                unit=extra.get("unit"),
                low=low,
                high=high,
                choices=tuple(extra.get("enum", ())),
                source=extra["source"],
                sentence=" ".join(field.description.split()),
                group=cls.group,
                theme=cls.theme,
                kind=cls.kind,
                held_by=extra.get("held_by", cls.held_by),
            )

    @classmethod
    def path_of(cls, name: str) -> str:
        """How a scenario file names the parameter `name` of this class."""
        return f"{cls.group}.{cls.theme}.{name}"

    @classmethod
    def sentence(cls) -> str:
        """The first paragraph of the docstring on one line, without who holds it (see `held_by`)."""
        paragraph = " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())
        return paragraph.partition(" Held by:")[0]


class Policy(Declared):
    """A lever, or a few that belong together: one kind of one theme.

    A subclass sets `theme`, `kind`, `held_by` and `applies_to`; the first of `applies_to` is its default.
    """

    group: ClassVar[str] = "policy"
    kind: ClassVar[str | None] = ""
    applies_to: ClassVar[tuple[str, ...]] = ("all",)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        unknown = [word for word in cls.applies_to if word not in APPLIES_TO]
        if isinstance(cls.applies_to, str) or not cls.applies_to or unknown:
            raise TypeError(f"{cls.__name__}: applies_to must be a tuple out of {', '.join(APPLIES_TO)}")

    def check_against(self, policy: Mapping[str, Policy]) -> list[tuple[str, str]]:
        """Say which of these values do not go with the policies of other themes; override where some do not.

        Parameters
        ----------
        policy : mapping of str to Policy
            What is in force in every theme.

        Returns
        -------
        list of (str, str)
            As in `check`.
        """
        return []


class Uncertainty(Declared):
    """Numbers about the world that nobody knows well. A subclass sets `theme`, the group's name."""

    group: ClassVar[str] = "uncertainty"
    held_by: ClassVar[str] = "nature"


class InitialCondition(Declared):
    """How the market stands when a run begins. A subclass sets `theme`, the group's name."""

    group: ClassVar[str] = "initial"
    held_by: ClassVar[str] = "area"


class Shock(Declared):
    """Something that happens to everybody in given weeks. A subclass sets `kind`."""

    group: ClassVar[str] = "shock"
    kind: ClassVar[str | None] = ""
    held_by: ClassVar[str] = "shock"

    week: int = param(0, unit="week of the run", low=0, high=5199, source="design")
    """First week of the shock, counted from 0."""

    weeks: int = param(26, unit="weeks", low=1, high=520, source="design")
    """How long the shock lasts."""

    @classmethod
    def path_of(cls, name: str) -> str:
        """How a scenario file names the parameter `name` of this shock."""
        return f"shocks.{cls.kind}.{name}"
