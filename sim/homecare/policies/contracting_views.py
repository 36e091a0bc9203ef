"""What a contracting rule may look at, and what it answers: who is asked, who holds a contract."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from homecare.agents.commissioner import Brokers

if TYPE_CHECKING:
    import pandas as pd

NOBODY = -1
"""Ends a list of agencies to ask."""
UNLIMITED = 1 << 60
"""Weekly seconds of a contract that has no limit."""


@dataclass(frozen=True)
class PurchasingView:
    """What a contracting rule may look at when it says who is asked; arrays are read-only.

    ``n`` requests, ``m`` agencies (by row, closed ones included), ``c`` contracts.

    Attributes
    ----------
    agency_open : bool[m], may be asked (open, not suspended, works for the council)
    agency_last_yes : int64[m], week in which it last said yes (-10000 if never)
    agency_rating : float64[m], published rating 0-3, just below good where unrated
    agency_own : bool[m], run by the council itself
    agency_council_seconds : int64[m], weekly seconds of the council's packages that it serves now
    distance_metres : float64[n, m], from the request's home to the agency's branch
    luck : float64[n, m], a number in (0, 1) for each pair, from the two birth keys
    request_zone : int32[n]
    request_before : int32[n], agency that served the person before a hospital stay, or -1
    contract_agency, contract_zone : int32[c], in the order of award
    contract_spare_seconds : int64[c], promised for this week and not yet used (below zero where more is used)
    contract_room_seconds : int64[c], what may still run under the contract in a week
    contract_quote : int64[c], pence an hour: the contract's fee, or less where the holder quotes less this week
    habits : Brokers, whom brokers ring first where no contract says
    """

    agency_open: np.ndarray
    agency_last_yes: np.ndarray
    agency_rating: np.ndarray
    agency_own: np.ndarray
    agency_council_seconds: np.ndarray
    distance_metres: np.ndarray
    luck: np.ndarray
    request_zone: np.ndarray
    request_before: np.ndarray
    contract_agency: np.ndarray
    contract_zone: np.ndarray
    contract_spare_seconds: np.ndarray
    contract_room_seconds: np.ndarray
    contract_quote: np.ndarray
    habits: Brokers = Brokers()


@dataclass(frozen=True)
class TenderView:
    """What a contracting rule may look at when contracts are awarded; arrays are read-only.

    ``z`` zones, ``m`` agencies.

    Attributes
    ----------
    zones : int64[k], the zones that are tendered now
    fee : pence an hour that the council pays without a contract
    agency_open : bool[m]
    agency_rating : float64[m], published rating 0-3, just below good where unrated
    agency_rated : bool[m], whether it was ever rated
    agency_weeks_open : int64[m], weeks since its first package
    agency_held : int64[m], contracts that it holds in zones not tendered now
    seconds_by_zone : int64[z, m], weekly seconds that each agency serves for the council in each zone now
    staff_seconds : int64[m], weekly seconds that its present staff can work
    bids : int64[z, m], pence an hour; 0 where an agency made no bid (all 0 before bids are asked for)
    """

    zones: np.ndarray
    fee: int
    agency_open: np.ndarray
    agency_rating: np.ndarray
    agency_rated: np.ndarray
    agency_weeks_open: np.ndarray
    agency_held: np.ndarray
    seconds_by_zone: np.ndarray
    staff_seconds: np.ndarray
    bids: np.ndarray


@dataclass(frozen=True)
class Award:
    """Contracts, each a place of arrays of the same length; in a zone the best stands first.

    Attributes
    ----------
    agency, zone : int32[c], who holds it, and where
    fee : int64[c], pence an hour, raised with the council's fee
    seconds : int64[c], weekly seconds promised in the end: paid for, used or not
    begun : int64[c], seconds of these that its holder served on the day of the award
    since, build_up : int64[c], week of the award, and weeks in which the promise grows from there to the whole
    staffed_only : bool[c], whether unused seconds are paid only as far as the holder has staff free for them
    most : int64[c], weekly seconds up to which packages are counted towards it
    leads : bool[c], whether the holder answers for every request of the zone: it serves it or finds somebody
    kept : int64[c], ten-thousandths of the fee that it keeps where somebody else serves
    """

    agency: np.ndarray
    zone: np.ndarray
    fee: np.ndarray
    seconds: np.ndarray
    begun: np.ndarray
    since: np.ndarray
    build_up: np.ndarray
    staffed_only: np.ndarray
    most: np.ndarray
    leads: np.ndarray
    kept: np.ndarray

    def frame(self) -> pd.DataFrame:
        """Return one row a contract, in the units above."""
        import pandas as pd  # scenarios are read without it

        return pd.DataFrame(vars(self)).rename_axis("contract")

    @classmethod
    def of(cls, agency: list[int], zone: list[int], fee: list[int], seconds: list[int] | int = 0,
           most: list[int] | int = UNLIMITED, leads: bool = False, kept: int = 0, build_up: int = 0,
           staffed_only: bool = False) -> Award:
        """Return contracts from lists; single values count for all. When they began is written at the award."""
        n = len(agency)
        whole = np.zeros(n, np.int64)
        return cls(
            agency=np.array(agency, np.int32), zone=np.array(zone, np.int32), fee=np.array(fee, np.int64),
            seconds=np.array(np.broadcast_to(seconds, n), np.int64), begun=whole, since=whole.copy(),
            build_up=np.full(n, build_up, np.int64), staffed_only=np.full(n, staffed_only),
            most=np.array(np.broadcast_to(most, n), np.int64), leads=np.full(n, leads),
            kept=np.full(n, kept, np.int64),
        )

    def __len__(self) -> int:
        """Return how many contracts there are."""
        return self.agency.size

    def only(self, keep: np.ndarray) -> Award:
        """Return the contracts of a mask."""
        return Award(**{name: array[keep] for name, array in vars(self).items()})

    def and_also(self, other: Award) -> Award:
        """Return these contracts and then the others."""
        return Award(**{name: np.concatenate([array, vars(other)[name]]) for name, array in vars(self).items()})

    def at_fees(self, fee: np.ndarray) -> Award:
        """Return the same contracts at other fees."""
        return replace(self, fee=fee)

    def begin(self, week: int, new: np.ndarray, served: np.ndarray) -> Award:
        """Return the contracts with those of the mask ``new`` begun in ``week`` with what their holders served."""
        return replace(self, since=np.where(new, week, self.since),
                       begun=np.where(new, np.minimum(served, self.seconds), self.begun))

    def promised(self, week: int) -> np.ndarray:
        """Return int64[c]: weekly seconds promised in a week, on the way from what was served to the whole."""
        gone = np.minimum(week - self.since, self.build_up)
        grown = (self.seconds - self.begun) * gone // np.maximum(self.build_up, 1)
        return np.where(self.build_up > 0, self.begun + grown, self.seconds)


NO_CONTRACTS = Award.of([], [], [])
"""Nothing awarded."""


def ring_round(view: PurchasingView, calls: int) -> np.ndarray:
    """Return int32[n, calls]: first whoever served the person before, then whoever last said yes.

    Brokers save their own time by ringing the agencies that said yes most recently (S0); among equals
    the nearer are rung first, with luck for what a broker does not know.
    """
    n, m = view.distance_metres.shape
    if n == 0 or m == 0:
        return np.full((n, 1), NOBODY, np.int32)
    recency = np.minimum(np.maximum(view.agency_last_yes, -10000), 10000).astype(np.float64)
    habits = view.habits
    score = (-habits.recency * recency[None, :] + view.distance_metres / (1000.0 * habits.far_km)
             + habits.chance * view.luck)
    score = np.where(view.agency_open[None, :], score, np.inf)
    before = view.request_before
    known = before >= 0
    rows = np.flatnonzero(known)
    rows = rows[view.agency_open[before[rows]]]
    score[rows, before[rows]] = -np.inf
    first = np.argsort(score, axis=1, kind="stable")[:, :calls].astype(np.int32)
    first[:, np.count_nonzero(view.agency_open):] = NOBODY
    return first


def holders_first(view: PurchasingView, ranked: np.ndarray, rest: np.ndarray, calls: int) -> np.ndarray:
    """Return int32[n, calls]: the holders of the request's zone in the order ``ranked``, then ``rest``.

    Parameters
    ----------
    ranked : int64[k], contracts that may be called on, best first
    rest : int32[n, j], whom to ask after them; -1 ends a list
    """
    asked = np.full((rest.shape[0], calls), NOBODY, np.int32)
    by_zone: dict[int, list[int]] = {}
    for c in ranked.tolist():
        agency = int(view.contract_agency[c])
        if view.agency_open[agency]:
            by_zone.setdefault(int(view.contract_zone[c]), []).append(agency)
    for i, zone in enumerate(view.request_zone.tolist()):
        holders = by_zone.get(zone, [])
        others = [int(a) for a in rest[i] if a != NOBODY and int(a) not in holders]
        found = (holders + others)[:calls]
        asked[i, : len(found)] = found
    return asked
