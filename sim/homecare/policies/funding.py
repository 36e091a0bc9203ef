"""Funding: who pays for care, and what the council charges."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param


class MeansTest(Policy):
    """The statutory means test for care at home. Held by: national law."""

    theme: ClassVar[str] = "funding"
    kind: ClassVar[str] = "means_test"
    held_by: ClassVar[str] = "national"
    applies_to: ClassVar[tuple[str, ...]] = ("new",)

    capital_limit: float = param(23250.0, unit="pounds", low=10000, high=200000, source="assumption")
    """Savings (the home left out) above which a person pays for all care: the upper capital limit."""
    tariff_income_from: float = param(14250.0, unit="pounds", low=5000, high=150000, source="assumption")
    """Savings above this count as income, one pound a week for each 250 pounds: the lower capital limit."""
    minimum_income: float = param(232.6, unit="pounds a week", low=150, high=400, source="assumption")
    """Minimum income guarantee for a person of pension age: what charges must leave."""
    bad_debt_share: float = param(0.03, unit="share", low=0, high=0.2, source="assumption")
    """Share of charges that is never paid."""
    decline_share: float = param(0.04, unit="share", low=0, high=0.22, source="charges_would_stop")
    """Share of people who go without rather than pay a charge of half their income; other charges in proportion."""
