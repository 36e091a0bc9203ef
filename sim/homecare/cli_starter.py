"""The commented scenario file that ``homecare new`` writes."""

from __future__ import annotations

STARTER = """\
# A scenario is a short list of differences. See what it amounts to:  homecare explain {file}
# Run it:  homecare run {file}      Every key and its meaning:  homecare parameters
extends: baseline

name: {name}
# description: what is asked, in a sentence; it stands on every figure

area: Wiltshire          # any of the 153 English councils; homecare areas lists them
scale: 1.0               # share of the council's people, in a compact part of it
weeks: 156               # week 0 is the first week of April 2025
seed: 1                  # the same seed gives every scenario the same people and the same luck

# Levers from the start. Only what differs; another kind starts from its own defaults.
# policy:
#   contracting: {{kind: block, zones: 6, providers_per_zone: 2}}
#   # fee_ratio is a factor on the fee of the day, April's rises included; the budget stays without budget_ratio
#   commissioner: {{fee_ratio: 1.05}}

# Levers that change in a given week. applies_to: all, new, at_review or at_renewal.
# changes:
#   - {{week: 52, policy: {{payment: {{kind: actual_minutes}}}}}}

# What happens to everybody.
# shocks:
#   - {{kind: pandemic, week: 104, weeks: 26}}
"""
"""Text with the places {file} and {name}."""
