"""Outcomes of contracts: fees, promised hours, bids, who serves for whom."""

from __future__ import annotations

import numpy as np

from homecare.agents.agency import IN_HOUSE
from homecare.lived_columns import LIVED
from homecare.outcomes_terms import LOWER, NEITHER, Week, outcome, ratio


@outcome("cost", "pounds an hour", NEITHER)
def contract_fee(x: Week) -> float:
    """Mean hourly fee at which the packages that the council buys stand, by planned hours."""
    return ratio((x.planned * x.p.fee[x.blocks])[x.bought].sum(), 100 * x.bought_seconds)


@outcome("cost", "share", LOWER)
def void_share(x: Week) -> float:
    """Hours promised in contracts that were paid for and not called on."""
    return ratio(x.tally["void_seconds"], x.tally["block_seconds"])


@outcome("cost", "pounds an hour", NEITHER)
def in_house_cost(x: Week) -> float:
    """All costs of the council's own service for an hour that it gave."""
    own = np.flatnonzero(x.g.ownership[: x.market.week_cost.size] == IN_HOUSE)
    return ratio(36 * x.market.week_cost[own].sum(), x.lived[x.blocks[x.in_house], LIVED].sum())


@outcome("cost", "pounds a week", LOWER)
def in_house_deficit(x: Week) -> float:
    """What the council put into its own service this week because its money had run out."""
    return x.tally["own_service_pence"] / 100.0


@outcome("market", "share", NEITHER)
def in_house_share(x: Week) -> float:
    """Share of the planned hours bought by the council that its own service gives."""
    return ratio(x.planned[x.bought & x.in_house].sum(), x.bought_seconds)


@outcome("market", "share", NEITHER)
def subcontracted_share(x: Week) -> float:
    """Share of the planned hours bought by the council that another agency gives for a lead."""
    return ratio(x.planned[x.bought & (x.p.lead[x.blocks] >= 0)].sum(), x.bought_seconds)


@outcome("market", "pounds a week", NEITHER)
def kept_by_leads(x: Week) -> float:
    """What leads kept this week of the fees for work that others did."""
    return x.tally["kept_by_leads"] / 100.0


@outcome("market", "contracts", NEITHER)
def contracts_held(x: Week) -> float:
    """Contracts in force, with or without promised hours."""
    return float(len(x.market.contracts))


@outcome("market", "bids a zone", NEITHER)
def bids_per_tender(x: Week) -> float:
    """Bids for each zone that was tendered this week."""
    return ratio(x.tally["bids"], x.tally["tenders"])


@outcome("market", "0-1", NEITHER)
def concentration(x: Week) -> float:
    """Sum of the squared shares of planned hours of all agencies (Herfindahl-Hirschman index): 1 is one agency."""
    hours = x.agency_seconds // 60
    return ratio((hours * hours).sum(), hours.sum() * hours.sum())
