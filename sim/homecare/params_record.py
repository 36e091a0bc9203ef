"""What is known about one declared parameter, for readers that are not the model."""

from __future__ import annotations

from dataclasses import dataclass

Value = float | int | bool | str


@dataclass(frozen=True)
class Parameter:
    """One parameter: what a scenario file calls it, what it may be, who holds it, where it comes from.

    Attributes
    ----------
    path : str
        How a scenario file names it, such as ``policy.care_planning.minimum_visit``.
    class_name, name : str
        The class that declares it, and its name there.
    type_name : str
        ``number``, ``whole number``, ``yes or no`` or ``word``.
    default : float, int, bool or str
    unit : str or None
        None for a yes-or-no and for a word.
    low, high : float, int or None
        The range, both ends allowed; None for a yes-or-no and for a word.
    choices : tuple of str
        The words allowed; empty unless it is a word.
    source : str
        Evidence id, ``"assumption"`` or ``"design"``.
    sentence : str
        What it means.
    group : str
        ``policy``, ``uncertainty``, ``initial`` or ``shock``: the kind of parameter.
    theme : str
        The group's name in a scenario file; empty for a shock.
    kind : str or None
        The kind of policy or shock that it belongs to.
    held_by : str
        One of `HOLDERS`.
    """

    path: str
    class_name: str
    name: str
    type_name: str
    default: Value
    unit: str | None
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    source: str
    sentence: str
    group: str
    theme: str
    kind: str | None
    held_by: str

    @property
    def allowed(self) -> str:
        """What values are allowed, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.low is None:
            return "true or false"
        article = "a whole number" if self.type_name == "whole number" else "a number"
        return f"{article} from {plain(self.low)} to {plain(self.high)}"


def plain(value: Value) -> str:
    """A value as one writes it in a scenario file: ``true``, ``15`` for 15.0, ``0.2``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
