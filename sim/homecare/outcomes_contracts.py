"""Outcomes of contracts: fees, promised hours, bids, who serves for whom."""

from __future__ import annotations

import numpy as np

from homecare.agents import service_user as su
from homecare.agents.agency import IN_HOUSE
from homecare.lived_columns import LIVED
from homecare.numerics import sum_by
from homecare.outcomes_terms import LOWER, NEITHER, Week, outcome, ratio


def bought(x: Week) -> np.ndarray:
    """Return the packages that the council buys itself."""
    return x.blocks[x.p.route[x.blocks] == su.COUNCIL]


@outcome("cost", "pounds an hour", NEITHER)
def contract_fee(x: Week) -> float:
    """Mean hourly fee at which the packages that the council buys stand, by planned hours."""
    blocks = bought(x)
    hours = x.p.planned[blocks]
    return ratio((hours * x.p.fee[blocks]).sum(), 100 * hours.sum())


@outcome("cost", "share", LOWER)
def void_share(x: Week) -> float:
    """Hours promised in contracts that were paid for and not called on."""
    return ratio(x.tally["void_seconds"], x.tally["block_seconds"])


@outcome("cost", "pounds an hour", NEITHER)
def in_house_cost(x: Week) -> float:
    """All costs of the council's own service for an hour that it gave."""
    own = np.flatnonzero(x.g.ownership[: x.market.week_cost.size] == IN_HOUSE)
    hours = sum_by(x.p.agency[x.blocks], x.lived[x.blocks, LIVED], x.g.n)[own].sum()
    return ratio(36 * x.market.week_cost[own].sum(), hours)


@outcome("cost", "pounds a week", LOWER)
def in_house_deficit(x: Week) -> float:
    """What the council put into its own service this week because its money had run out."""
    return x.tally["own_service_pence"] / 100.0


@outcome("market", "share", NEITHER)
def in_house_share(x: Week) -> float:
    """Share of the planned hours bought by the council that its own service gives."""
    blocks = bought(x)
    own = x.g.ownership[x.p.agency[blocks]] == IN_HOUSE
    return ratio(x.p.planned[blocks[own]].sum(), x.p.planned[blocks].sum())


@outcome("market", "share", NEITHER)
def subcontracted_share(x: Week) -> float:
    """Share of the planned hours bought by the council that another agency gives for a lead."""
    blocks = bought(x)
    return ratio(x.p.planned[blocks[x.p.lead[blocks] >= 0]].sum(), x.p.planned[blocks].sum())


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
    hours = sum_by(x.p.agency[x.blocks], x.p.planned[x.blocks], x.g.n) // 60
    return ratio((hours * hours).sum(), hours.sum() * hours.sum())
