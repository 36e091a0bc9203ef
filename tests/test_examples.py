"""Every example in a docstring says what Python answers."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "sim"


def modules_with_examples() -> list[str]:
    """Dotted names of the modules in which an example stands."""
    return [".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
            for path in sorted((PACKAGE / "homecare").rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]


def test_there_are_examples():
    assert len(modules_with_examples()) > 15


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_are_true(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0 and found.failed == 0
