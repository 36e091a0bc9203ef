"""Money: whole pence, from one account to another, with a rest of the world that closes the books."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

from homecare.numerics import sum_by


class Account(IntEnum):
    """Accounts that are not agencies; agency ``row`` has account ``FIRST_AGENCY + row``."""

    WORLD = 0
    COUNCIL = 1
    USERS = 2
    WORKERS = 3
    FIRST_AGENCY = 4


class Kind(IntEnum):
    """What an entry is for."""

    OPENING = 0
    COUNCIL_FEES = 1
    PRIVATE_FEES = 2
    VOID_HOURS = 3
    CHARGES = 4
    WAGES = 5
    ON_COSTS = 6
    MILEAGE = 7
    OVERHEAD = 8
    OWNERS = 9
    HIRING = 10
    GRANT = 11
    ARREARS_OF_PAY = 12
    CLOSING = 13
    USERS_INCOME = 14
    SICK_PAY = 15
    SUBCONTRACTS = 16
    DIRECT_PAYMENTS = 17
    ASSISTANTS_PAY = 18
    ASSISTANTS_COSTS = 19
    RETURNED = 20
    INTEREST = 21


class Ledger:
    """Double entry: each entry takes pence from one account and gives the same pence to another.

    ``balance`` is int64 an account and always sums to zero; ``totals`` int64[kind] is of the present week.
    """

    def __init__(self) -> None:
        self.balance = np.zeros(64, np.int64)
        self.totals = np.zeros(len(Kind), np.int64)
        self.entries: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]] = []

    def open_week(self) -> None:
        """Begin a week: its entries and totals are empty."""
        self.entries = []
        self.totals = np.zeros(len(Kind), np.int64)

    def post(self, kind: Kind, payer: Any, payee: Any, pence: Any) -> None:
        """Post entries of one kind; arguments are broadcast against each other.

        Raises
        ------
        ValueError
            If an amount is negative, or if the arguments are of different numbers of entries.
        """
        given = [np.asarray(one, np.int64).ravel() for one in (payer, payee, pence)]
        size = max((one.size for one in given if one.size != 1), default=1)
        if any(one.size not in (1, size) for one in given):
            raise ValueError(f"entries of kind {kind.name} do not go together: {[one.size for one in given]} of them")
        payer, payee, pence = (one if one.size == size else one.repeat(size) for one in given)
        if pence.size == 0:
            return
        if pence.min() < 0:
            raise ValueError(f"a ledger entry of kind {kind.name} is negative: {int(pence.min())} pence")
        highest = int(max(payer.max(), payee.max()))
        if highest >= self.balance.size:
            grown = np.zeros(max(2 * self.balance.size, highest + 1), np.int64)
            grown[: self.balance.size] = self.balance
            self.balance = grown
        self.balance -= sum_by(payer, pence, self.balance.size)
        self.balance += sum_by(payee, pence, self.balance.size)
        self.totals[kind] += int(pence.sum())
        self.entries.append((int(kind), payer.copy(), payee.copy(), pence.copy()))

    def agency_cash(self, n: int) -> np.ndarray:
        """Return int64[n]: the balance of each agency's account."""
        first = int(Account.FIRST_AGENCY)
        out = np.zeros(n, np.int64)
        have = self.balance[first : first + n]
        out[: have.size] = have
        return out

    def week_entries(self) -> np.ndarray:
        """Return int64[n, 4]: kind, payer, payee and pence of every entry of the week."""
        if not self.entries:
            return np.zeros((0, 4), np.int64)
        return np.concatenate(
            [np.column_stack([np.full(p.size, kind), p, q, v]) for kind, p, q, v in self.entries]
        )

    def state(self) -> dict[str, Any]:
        """Return everything needed to restore the ledger (copies)."""
        return {"balance": self.balance.copy(), "totals": self.totals.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a saved state."""
        self.balance = state["balance"].copy()
        self.totals = state["totals"].copy()
        self.entries = []
