"""Scenario files as text: every value with its place, and every fault with what would have been right.

The reader takes the plain part of YAML: mappings, lists and scalars. Anchors, aliases, merge keys and tags
are refused, and so is a key given twice, because what a file says should be seen where it says it. Scalars
are read as in YAML 1.2 (``no`` is a word and not false; ``1e-3`` is a number).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import yaml

from homecare.scenario_fault import BROKEN, Entry, Fault, Place, shown

Scalar = str | int | float | bool | None

LARGEST_BYTES = 200_000
"""A larger file is refused; the longest scenario that anybody wrote by hand has a few thousand bytes."""

DEEPEST = 8
"""Levels of nesting allowed; a scenario needs five."""


def read_file(path: Path, name: str, faults: list[Fault], place: Place, key: str = "",
              meant: Callable[[], str] = str) -> Entry | None:
    """Read one file into entries.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        How messages call it.
    faults : list of Fault
        What is wrong is added here.
    place, key : Place and str
        What named the file, for the fault that it cannot be read.
    meant : callable
        Asked for another that may be meant, where there is no such file.

    Returns
    -------
    Entry or None
        The mapping at the top; None where there is none to speak of.
    """

    def refuse(message: str, allowed: str = "a scenario file: YAML text", likely: str = "") -> None:
        faults.append(Fault(place, key, message, name, allowed, likely))

    try:
        if path.is_dir():
            return refuse("this is a folder and not a file")
        path.stat()
        if not path.is_file():
            return refuse("this is not an ordinary file")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        return refuse("there is no such file", likely=meant())
    except (OSError, ValueError) as problem:
        return refuse(f"the file cannot be read: {getattr(problem, 'strerror', None) or problem}")
    if len(raw) > LARGEST_BYTES:
        return refuse("the file is too large for a scenario", f"at most {LARGEST_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        column = problem.start - raw.rfind(b"\n", 0, problem.start)
        faults.append(Fault(Place(name, line, column), "", "this is not text in UTF-8", allowed="YAML text"))
        return None
    if "\0" in text:
        return refuse("this is a binary file")
    return read_text(text, name, faults)


def read_text(text: str, name: str, faults: list[Fault]) -> Entry | None:
    """Read YAML text whose top is a mapping; see `read_file`."""
    entry = _Reader(text, name, faults).document()
    if entry is None or entry.value is BROKEN:
        return None
    if not isinstance(entry.value, dict):
        allowed = "keys such as area: Wiltshire"
        faults.append(Fault(entry.place, "", "a scenario is a mapping of keys", shown(entry), allowed))
        return None
    return entry


def read_value(text: str, name: str, key: str, faults: list[Fault]) -> Entry | None:
    """Read the value of an override, such as ``block``, ``0.2`` or ``{kind: block, zones: 3}``."""
    return _Reader(text, name, faults, start=key).document()


_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,29})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,6})?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NAMED = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_NAMED |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def plain_scalar(text: str) -> Scalar:
    """What a scalar without quotes means in YAML 1.2."""
    if text in _NAMED:
        return _NAMED[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


class _Stop(Exception):
    """Nothing sensible can be read after this; the fault is noted."""


class _Reader:
    """One document from PyYAML's stream of events, which keeps marks and cannot run code."""

    def __init__(self, text: str, name: str, faults: list[Fault], start: str = ""):
        self.text, self.name, self.faults, self.start = text, name, faults, start

    def document(self) -> Entry | None:
        """The first document as an entry, None where there is none or it cannot be read."""
        entry = None
        try:
            self.events = yaml.parse(self.text, Loader=yaml.SafeLoader)
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if entry is not None:
                        self.fault(event, "", "a second document begins here", allowed="one document a file")
                        raise _Stop
                    entry = self.entry(next(self.events), self.start, 0)
        except _Stop:
            pass
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            place = self.at(mark.line + 1, mark.column + 1) if mark else Place(self.name)
            message = f"this is not YAML: {problem.problem or problem.context}"
            message += "; indent by spaces and not by tabs" if "'\\t'" in message else ""
            self.faults.append(Fault(place, self.start, message))
        except yaml.reader.ReaderError as problem:
            before = self.text[: problem.position]
            place = self.at(before.count("\n") + 1, len(before) - before.rfind("\n"))
            message = "a character that YAML does not allow"
            self.faults.append(Fault(place, self.start, message, f"U+{problem.character:04X}"))
        except (ValueError, OverflowError) as problem:  # PyYAML on impossible escapes such as "\U99999999"
            self.faults.append(Fault(Place(self.name), self.start, f"this is not YAML: {problem}"))
        else:
            if entry is None:
                self.faults.append(Fault(self.at(1, 1), self.start, "there is nothing in it"))
        return entry

    def fault(self, event: yaml.Event, key: str, message: str, given: str = "", allowed: str = "") -> None:
        self.faults.append(Fault(self.place(event), key, message, given, allowed))

    def place(self, event: yaml.Event) -> Place:
        return self.at(event.start_mark.line + 1, event.start_mark.column + 1)

    def at(self, line: int, column: int) -> Place:
        if self.start:  # an override is one line and stands in its own name
            return Place(self.name)
        return Place(self.name, line, column)

    def entry(self, event: yaml.Event, key: str, depth: int, key_place: Place | None = None) -> Entry:
        place = self.place(event)
        if depth > DEEPEST:
            self.fault(event, key, "nested too deeply", allowed=f"at most {DEEPEST} levels")
            raise _Stop
        value: object
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, key, "an alias is not allowed", "*" + event.anchor, "write the value here")
            return Entry(BROKEN, place, key_place or place)
        if event.anchor is not None:
            self.fault(event, key, "an anchor is not allowed", "&" + event.anchor, "the value without it")
        if event.tag is not None:
            self.fault(event, key, "a tag is not allowed", shown(event.tag), "the value without it")
        if isinstance(event, yaml.ScalarEvent):
            value = event.value if event.style else plain_scalar(event.value)
            if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
                self.fault(event, key, "half a character (a lone surrogate)", shown(value))
                value = BROKEN
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                value.append(self.entry(item, f"{key}[{len(value)}]", depth + 1))
        else:
            value = self.mapping(key, depth)
        written = event.value if isinstance(value, int | float) else ""
        return Entry(BROKEN if event.tag is not None else value, place, key_place or place, written)

    def mapping(self, path: str, depth: int) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at = self.place(event)
            key = self.entry(event, path, depth + 1).value
            named = isinstance(event, yaml.ScalarEvent) and event.value != "" and key is not BROKEN
            name = event.value if named else ""
            inside = f"{path}.{shown(name)}" if path and named else shown(name) if named else path
            entry = self.entry(next(self.events), inside, depth + 1, at)
            if not isinstance(event, yaml.ScalarEvent) or event.value == "":
                self.fault(event, path, "a key must be a word", shown(key) if key is not BROKEN else "")
            elif name == "<<" and not event.style:
                allowed = "extends, once, at the top of the file"
                self.fault(event, path, "a merge key is not allowed", "<<", allowed)
            elif name in found:
                first = found[name].key_place
                self.fault(event, inside, f"this key is given twice, first on line {first.line}", shown(name))
            elif named:
                found[name] = entry
        return found
