"""Every value that docs/model.md gives beside a parameter's name is that parameter's default."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from homecare.scenario_layers import all_parameters

NAMED = r"`([a-z_]+(?:\.[a-z_]+)*)`(?: \((\w+)\))?\s=\s(-?\d[\d,]*(?:\.\d+)?|yes|no)\b"
"""A name, the kind of policy in brackets where several have it, an equals sign and a value; its unit may follow."""
LEAST_PLACES = 100
WORDS = {"yes": True, "no": False}
GROUPS = r"(?:uncertainty|initial)\."


def wrong_values(text: str) -> list[str]:
    """Return the places of a page whose name is no parameter's, or whose value is not its default."""
    defaults = defaultdict(list)
    for parameter in all_parameters():
        for name in {parameter.path, re.sub(rf"^{GROUPS}", "", parameter.path)}:
            defaults[name, None].append(parameter.default)
            defaults[name, parameter.kind].append(parameter.default)
    wrong = []
    for name, kind, value in re.findall(NAMED, text):
        told = WORDS[value] if value in WORDS else float(value.replace(",", ""))
        known = defaults.get((name, kind or None), [])
        if not known or any(default != told for default in known):
            wrong.append(f"{name} = {value}")
    return wrong


@pytest.fixture(scope="module")
def page(root) -> str:
    """Text of the model's page."""
    return (root / "docs" / "model.md").read_text(encoding="utf-8")


def test_every_value_beside_a_name_is_the_default(page):
    assert len(re.findall(NAMED, page)) >= LEAST_PLACES
    assert wrong_values(page) == []


def test_a_changed_digit_is_found_at_every_place(page):
    for found in re.finditer(NAMED, page):
        value = found[3]
        other = {"yes": "no", "no": "yes"}.get(value) or f"{value[:-1]}{(int(value[-1]) + 1) % 10}"
        assert wrong_values(page[: found.start(3)] + other + page[found.end(3):]) == [f"{found[1]} = {other}"]


def test_a_name_that_is_none_or_that_several_kinds_share_is_found():
    text = ("`quality_of_life.base_contrl` = 0.3, `policy.contracting.zones` = 6, `policy.contracting.zones` (spot) = 6, "
            "`base_control` = 0.3, `policy.contracting.zones` (block) = 6, `quality_of_life.base_control`\n= 0.30")
    assert wrong_values(text) == ["quality_of_life.base_contrl = 0.3", "policy.contracting.zones = 6",
                                  "policy.contracting.zones = 6", "base_control = 0.3"]


def test_the_domains_of_quality_of_life_are_given_by_name(page):
    table = page.split("| Domain | Definition |", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"(?<![\w/])\d+\.\d+", table) == []
