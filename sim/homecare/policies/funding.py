"""Funding: who pays for care, and what the council charges."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param


class MeansTest(Policy):
    """The statutory means test for care at home. Held by: national law; councils may charge less.

    Notes
    -----
    Amounts of 2025-26 for a single person, with the disability premiums that nearly everybody in care has:
    local authority circular, "Social care charging for care and support 2025 to 2026". The value of the home is
    not counted for care at home.
    """

    theme: ClassVar[str] = "funding"
    kind: ClassVar[str] = "means_test"
    held_by: ClassVar[str] = "national"
    applies_to: ClassVar[tuple[str, ...]] = ("all", "new")

    capital_limit: float = param(23250.0, unit="pounds", low=10000, high=200000, source="assumption")
    """Savings (the home left out) above which a person pays for all care: the upper capital limit."""
    tariff_income_from: float = param(14250.0, unit="pounds", low=5000, high=150000, source="assumption")
    """Savings above this count as income, one pound a week for each 250 pounds: the lower capital limit."""
    minimum_income: float = param(232.6, unit="pounds a week", low=150, high=400, source="assumption")
    """Minimum income guarantee for a person of pension age: what charges must leave."""
    minimum_income_younger: float = param(186.4, unit="pounds a week", low=110, high=400, source="assumption")
    """The same below pension age: 112.50 with the disability premium of 49.65 and the enhanced one of 24.25."""
    disability_costs: float = param(11.0, unit="pounds a week", low=0, high=60, source="assumption")
    """Left to everybody beyond the minimum for the costs of being disabled: heating, laundry, special food."""
    charged_share: float = param(1.0, unit="share", low=0, high=1, source="design")
    """Share of what the means test leaves that is charged; 0 is care without charge."""
    minimum_uplift: float = param(0.017, unit="share a year", low=0, high=0.1, source="assumption")
    """Rise of the minimum income each April (1.7 per cent in 2025); frozen from 2016 to 2022."""
    bad_debt_share: float = param(0.03, unit="share", low=0, high=0.2, source="assumption")
    """Share of charges that is never paid."""
