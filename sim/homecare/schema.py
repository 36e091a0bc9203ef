"""A JSON Schema of scenario files, so that an editor completes keys and marks faults while one writes."""

from __future__ import annotations

from typing import Any

from homecare import assumptions, policies
from homecare.area import council_names
from homecare.params import APPLIES_TO, Declared, Parameter, plain
from homecare.scenario_find import named
from homecare.scenario_layers import Settings, parameters_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"number": "number", "whole number": "integer", "yes or no": "boolean", "word": "string"}


def schema() -> dict[str, Any]:
    """Return the schema, made from the registries: it knows every policy that was added to them."""
    policy = {"$ref": "#/$defs/policy"}
    settings = {name: _parameter(parameter) for name, parameter in parameters_of(Settings).items()}
    return {
        "$schema": DRAFT,
        "title": "homecare scenario",
        "description": "A short list of differences from another scenario, or from the defaults.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "extends": {
                "type": "string",
                "minLength": 1,
                "description": "A named scenario, or the path of a file, relative to this one.",
                "examples": list(named()),
            },
            "name": {"type": "string", "minLength": 1, "description": "What results are called."},
            "description": {"type": "string", "description": "What the scenario is for."},
            "area": {
                "type": "string",
                "minLength": 1,
                "description": "An English council by name, other name or code.",
                "examples": list(council_names()),
            },
            "override": {
                "type": ["string", "null"],
                "minLength": 1,
                "description": "A CSV with your own facts about the council, relative to this file.",
            },
            **settings,
            "policy": policy,
            "uncertainty": _groups(assumptions.UNCERTAINTIES, "Numbers that nobody knows well."),
            "initial": _groups(assumptions.INITIAL_CONDITIONS, "How the market stands at the start."),
            "changes": {
                "type": "array",
                "description": "Changes of policy, each a difference on what is in force just before.",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["week", "policy"],
                    "properties": {
                        "week": _week(),
                        "applies_to": {
                            "enum": list(APPLIES_TO),
                            "description": "What the change reaches; each policy allows some of these.",
                        },
                        "policy": {**policy, "minProperties": 1},
                    },
                },
            },
            "shocks": {
                "type": "array",
                "description": "What happens to everybody in given weeks.",
                "items": {"oneOf": [_shock(kind, cls) for kind, cls in policies.SHOCKS.items()]},
            },
        },
        "$defs": {
            "policy": {
                "type": "object",
                "description": "Levers, by theme.",
                "additionalProperties": False,
                "properties": {theme: _theme(kinds) for theme, kinds in policies.THEMES.items()},
            }
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    unit = f" Unit: {parameter.unit}." if parameter.unit else ""
    held = f" Held by: {parameter.held_by}." if parameter.held_by else ""
    default = f" Default: {plain(parameter.default)}."
    out: dict[str, Any] = {
        "type": _TYPES[parameter.type_name],
        "description": f"{parameter.sentence}{default}{unit}{held} Source: {parameter.source}.",
        "default": parameter.default,
    }
    if parameter.choices:
        out["enum"] = list(parameter.choices)
    if parameter.low is not None:
        out |= {"minimum": parameter.low, "maximum": parameter.high}
    if parameter.unit:
        out["x-unit"] = parameter.unit
    return {**out, "x-source": parameter.source}


def _week() -> dict[str, Any]:
    last = int(parameters_of(Settings)["weeks"].high) - 1
    return {"type": "integer", "minimum": 0, "maximum": last, "description": "Week of the run, from 0."}


def _properties(cls: type[Declared]) -> dict[str, Any]:
    return {name: _parameter(parameter) for name, parameter in parameters_of(cls).items()}


def _theme(kinds: dict[str, type[Declared]]) -> dict[str, Any]:
    """With a kind, that kind's keys; without one, the keys of any kind (the file extended decides which)."""
    said = {kind: cls.sentence() for kind, cls in kinds.items()}
    first = next(iter(kinds))
    any_of = [
        {
            "type": "object",
            "description": said[kind],
            "required": ["kind"],
            "additionalProperties": False,
            "properties": {"kind": {"const": kind, "description": said[kind]}, **_properties(cls)},
        }
        for kind, cls in kinds.items()
    ]
    for kind, cls in kinds.items():
        differences = {
            "type": "object",
            "description": f"Differences, where the policy in force is of kind {kind}.",
            "additionalProperties": False,
            "properties": _properties(cls),
        }
        any_of.append(differences)
    return {"description": f"{said[first]} Kinds: {', '.join(kinds)}.", "anyOf": any_of}


def _groups(classes: dict[str, type[Declared]], description: str) -> dict[str, Any]:
    groups = {
        theme: {
            "type": "object",
            "description": cls.sentence(),
            "additionalProperties": False,
            "properties": _properties(cls),
        }
        for theme, cls in classes.items()
    }
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": groups,
    }


def _shock(kind: str, cls: type[Declared]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": cls.sentence(),
        "required": ["kind", "week"],
        "additionalProperties": False,
        "properties": {"kind": {"const": kind}, **_properties(cls), "week": _properties(cls)["week"]},
    }
