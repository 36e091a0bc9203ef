"""What can be wrong with a scenario: one fault with its place, and the error that carries all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from homecare.data import nearest_names


@dataclass(frozen=True)
class Place:
    """Where something was written; line and column count from 1, and line 0 means the thing as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Entry:
    """A value with its place: a scalar, a mapping of entries or a list of entries.

    A value that the reader has refused already (an alias, say) is ``BROKEN``, so that nothing else complains.
    A number that was read keeps how it was ``written``.
    """

    value: object
    place: Place
    key_place: Place
    written: str = ""


BROKEN = object()


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what was given, what is allowed, and the nearest valid name."""

    place: Place
    key: str
    message: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""
    hangs_on_kind: bool = field(default=False, compare=False)
    """Whether it would be no fault under another kind of the same theme."""

    def __str__(self) -> str:
        lines = [f"{self.place}" + (f"  {self.key}" if self.key else ""), f"    {self.message}"]
        for label, text in (("given", self.given), ("allowed", self.allowed), ("nearest", self.nearest)):
            if text:
                lines.append(f"    {label + ':':<9}{text}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, str | int]:
        """The same for a program."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "key": self.key,
            "message": self.message,
            "given": self.given,
            "allowed": self.allowed,
            "nearest": self.nearest,
        }


class ScenarioError(ValueError):
    """A scenario cannot be used. ``faults`` has all of them; the text is one block for each."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n\n".join(str(fault) for fault in self.faults))

    def __reduce__(self):
        return type(self), (self.faults,)


def shown(value: object) -> str:
    """A given value as one short printable line."""
    if isinstance(value, Entry):
        value = value.written or value.value
    if isinstance(value, dict):
        return f"a mapping of {len(value)} keys" if len(value) != 1 else "a mapping of 1 key"
    if isinstance(value, list):
        return f"a list of {len(value)} items" if len(value) != 1 else "a list of 1 item"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = printable(value if isinstance(value, str) else repr(value))
    return (text if len(text) <= 60 else text[:57] + "...") or "an empty word"


def printable(text: str) -> str:
    """The text on one line, with escapes in the place of what a terminal might obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def nearest(word: object, names: Iterable[str]) -> str:
    """The name that most resembles `word`, or an empty string where none does."""
    by_lower = {name.lower(): name for name in names}
    found = nearest_names(str(word)[:80].lower(), by_lower, n=1)
    return by_lower[found[0]] if found else ""
