"""A scenario as text and as a digest: YAML that every reader takes the same way, and one canonical form."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from homecare.scenario_file import plain_scalar


class _Dumper(yaml.SafeDumper):
    """Writes no aliases, and quotes every word that some reader of YAML takes for a number."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _quoted(dumper: _Dumper, text: str) -> yaml.Node:
    style = None if isinstance(plain_scalar(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def to_yaml(resolved: dict[str, Any]) -> str:
    """Write plain dictionaries, lists, numbers and words as YAML."""
    return yaml.dump(resolved, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def own_code(classes: Iterable[type]) -> list[str]:
    """SHA-256 of each file outside this package that defines some of the classes or what they build on.

    An edit of a user's own policy must give another digest, or a kept result would be taken for its own.

    Raises
    ------
    ValueError
        If a class was not defined in a file, so that nobody could tell an edited one from the old.
    """
    found = set()
    for cls in classes:
        for base in cls.__mro__:
            module = sys.modules[base.__module__]
            if module.__name__.partition(".")[0] in ("homecare", "pydantic", "builtins"):
                continue
            file = getattr(module, "__file__", None)
            if file is None:
                raise ValueError(f"{base.__name__} is in no file; put it into one to keep results")
            found.add(hashlib.sha256(Path(file).read_bytes()).hexdigest())
    return sorted(found)


def content_hash(value: dict[str, Any]) -> str:
    """SHA-256 of plain values in canonical JSON: the same on every machine and for every order of keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
