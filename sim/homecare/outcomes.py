"""Every weekly series, once: unit, better direction, group and definition."""

from __future__ import annotations

from homecare import (
    outcomes_casework,
    outcomes_contracts,
    outcomes_jobs,
    outcomes_money,
    outcomes_people,
    outcomes_routes,
    outcomes_work,
)
from homecare.outcomes_terms import GROUPS, HIGHER, LOWER, NEITHER, REGISTERED, Outcome, Week

OUTCOMES: dict[str, Outcome] = {
    name: one for group in GROUPS for name, one in REGISTERED.items() if one.group == group
}
"""Name, then outcome, by group."""

MODULES = (outcomes_people, outcomes_work, outcomes_money, outcomes_casework, outcomes_jobs,
           outcomes_contracts, outcomes_routes)
"""Where the definitions stand."""


def measure(market) -> dict[str, float]:
    """Return the week's value of every outcome."""
    week = Week(market)
    return {name: float(one.definition(week)) for name, one in OUTCOMES.items()}


__all__ = ["GROUPS", "HIGHER", "LOWER", "MODULES", "NEITHER", "OUTCOMES", "Outcome", "Week", "measure"]
