"""What every outcome is made with: unit, better direction, group, and the week that definitions read.

Definitions are functions of the market after a week has been lived. Sums are exact whatever the order of rows:
whole numbers are added as such, and fractions by :func:`exact_mean`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from homecare.agents import service_user as su
from homecare.agents.agency import IN_HOUSE
from homecare.compiled import kernel
from homecare.numerics import places, sum_by

GROUPS = ("quality", "retention", "cost", "access", "market", "equity", "independence")
HIGHER, LOWER, NEITHER = "higher", "lower", "neither"


@dataclass(frozen=True)
class Outcome:
    """One weekly series.

    Attributes
    ----------
    name, unit, group, sentence : str
    better : ``"higher"``, ``"lower"`` or ``"neither"`` (a description, not a goal)
    definition : function of a :class:`Week`
    """

    name: str
    unit: str
    better: str
    group: str
    sentence: str
    definition: Callable[[Week], float]


REGISTERED: dict[str, Outcome] = {}


def outcome(group: str, unit: str, better: str) -> Callable:
    """Register the decorated function as an outcome; its docstring is the sentence."""

    def register(function: Callable[[Week], float]) -> Callable[[Week], float]:
        REGISTERED[function.__name__] = Outcome(
            function.__name__, unit, better, group, (function.__doc__ or "").strip(), function)
        return function

    return register


def exact_mean(values: np.ndarray) -> float:
    """Return the mean of values below 500,000 to nine decimals; NaN of nothing.

    Each value is a whole number of 2**-32 before it is added, so that the order of rows cannot matter.
    """
    if values.size == 0:
        return math.nan
    return exact_total(values) / 4294967296.0 / values.size


@kernel
def exact_total(values: np.ndarray) -> int:
    """Return the sum of ``values``, each rounded to a whole number of 2**-32, in those."""
    total = np.int64(0)
    for value in values:
        total += np.int64(np.rint(value * 4294967296.0))
    return total


def ratio(top: float, bottom: float) -> float:
    """Return ``top / bottom``; NaN where there is nothing to divide by."""
    return float(top) / float(bottom) if bottom else math.nan


class Week:
    """What the definitions read, gathered once a week.

    Attributes
    ----------
    total, work : list of int, sums of the columns of the users' and the workers' week
    served, route : people served, and who pays for each; ``council`` are those whom the council pays for
    team, promised : workers in work, and the seconds a week promised to each
    blocks, agency, planned : packages that have an agency, which one, and planned seconds a week
    funded_blocks : those of blocks that the council pays for
    bought, in_house : bool a package: bought by the council, given by its own service
    bought_seconds : planned seconds a week of those that the council buys
    agency_seconds : int64[m], planned seconds a week by agency
    """

    def __init__(self, market) -> None:
        self.market = market
        self.u, self.w, self.g, self.p = (market.service_users, market.care_workers, market.agencies,
                                          market.packages)
        self.tally = market.tally
        self.lived = market.lived.users
        self.total = self.lived.sum(axis=0).tolist()
        self.alive = places(self.u.alive)
        state = self.u.state[self.alive]
        self.served = self.alive[state == su.RECEIVING]
        self.route = self.u.route[self.served]
        self.council = self.served[self.route != su.SELF_FUNDER]
        self.waiting_assessment = self.alive[state == su.WAITING_ASSESSMENT]
        self.waiting_start = self.alive[state == su.WAITING_START]
        self.team = market.team
        self.promised = self.w.promised[self.team]
        self.work = market.lived.workers.sum(axis=0).tolist()
        self.blocks = self.p.with_agency()
        self.agency, self.planned = self.p.agency[self.blocks], self.p.planned[self.blocks]
        route = self.p.route[self.blocks]
        self.funded_blocks, self.bought = self.blocks[route != su.SELF_FUNDER], route == su.COUNCIL
        self.bought_seconds = int(self.planned[self.bought].sum())
        self.in_house = self.g.ownership[self.agency] == IN_HOUSE
        self.agency_seconds = sum_by(self.agency, self.planned, self.g.n)
        self.open_agencies = places(self.g.alive)

    def per_served(self, column: str) -> float:
        """Return the mean of a users' column over people served."""
        return exact_mean(getattr(self.u, column)[self.served])

    def gap(self, column: str, group: np.ndarray) -> float:
        """Return the mean of a users' column in a group of the served less that of the others."""
        values = getattr(self.u, column)[self.served]
        return exact_mean(values[group]) - exact_mean(values[~group])
