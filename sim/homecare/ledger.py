"""Money: whole pence, from one account to another, with a rest of the world that closes the books."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd

from homecare.compiled import kernel


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


def name_of(account: int) -> str:
    """Return what frames call an account, an agency's by its row.

    Examples
    --------
    >>> name_of(Account.COUNCIL), name_of(Account.FIRST_AGENCY + 7)
    ('council', 'agency 7')
    """
    first = int(Account.FIRST_AGENCY)
    return Account(account).name.lower() if account < first else f"agency {account - first}"


def accounts_of_agencies(n: int) -> np.ndarray:
    """Return int64[n]: the accounts of agencies 0 to ``n`` - 1."""
    first = int(Account.FIRST_AGENCY)
    return np.arange(first, first + n)


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

    def frame(self) -> pd.DataFrame:
        """Return the present week's entries: ``kind``, accounts of ``payer`` and ``payee`` by name, and ``pence``."""
        entries = pd.DataFrame(self.week_entries(), columns=["kind", "payer", "payee", "pence"])
        by_name = {name: [name_of(account) for account in entries[name]] for name in ("payer", "payee")}
        return entries.assign(kind=[Kind(kind).name.lower() for kind in entries.kind], **by_name)

    def post(self, kind: Kind, payer: Any, payee: Any, pence: Any) -> None:
        """Post entries of one kind; arguments are broadcast against each other.

        Raises
        ------
        ValueError
            If an amount is negative, or if the arguments are of different numbers of entries.
        """
        payer = np.array(payer, np.int64, ndmin=1)
        payee = np.array(payee, np.int64, ndmin=1)
        pence = np.array(pence, np.int64, ndmin=1)
        sizes = {payer.size, payee.size, pence.size} - {1}
        if len(sizes) > 1:
            several = [payer.size, payee.size, pence.size]
            raise ValueError(f"entries of kind {kind.name} do not go together: {several} of them")
        size = sizes.pop() if sizes else 1
        if size == 0:
            return
        lowest, highest, total = transfer(self.balance, payer, payee, pence, size)
        if lowest < 0:
            raise ValueError(f"a ledger entry of kind {kind.name} is negative: {lowest} pence")
        if highest >= self.balance.size:
            grown = np.zeros(max(2 * self.balance.size, highest + 1), np.int64)
            grown[: self.balance.size] = self.balance
            self.balance = grown
            transfer(self.balance, payer, payee, pence, size)
        self.totals[kind] += total
        self.entries.append((int(kind), payer, payee, pence))

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
            [np.column_stack(np.broadcast_arrays(kind, p, q, v)) for kind, p, q, v in self.entries]
        )

    def state(self) -> dict[str, Any]:
        """Return everything needed to restore the ledger (copies)."""
        return {"balance": self.balance.copy(), "totals": self.totals.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a saved state."""
        self.balance = state["balance"].copy()
        self.totals = state["totals"].copy()
        self.entries = []


@kernel
def transfer(balance: np.ndarray, payer: np.ndarray, payee: np.ndarray, pence: np.ndarray,
             size: int) -> tuple[int, int, int]:
    """Move the pence of ``size`` entries, one at least, on ``balance``, int64 an account.

    Nothing is moved where an amount is negative or an account has no balance yet. An array of one stands for all
    entries.

    Returns
    -------
    int, int, int
        The smallest amount, the highest account, and the sum of the amounts.
    """
    highest, lowest = payer[0], pence[0]
    for account in payer:
        highest = max(highest, account)
    for account in payee:
        highest = max(highest, account)
    for amount in pence:
        lowest = min(lowest, amount)
    total = 0
    moves = lowest >= 0 and highest < balance.size
    for i in range(size):
        amount = pence[i if pence.size > 1 else 0]
        total += amount
        if moves:
            balance[payer[i if payer.size > 1 else 0]] -= amount
            balance[payee[i if payee.size > 1 else 0]] += amount
    return lowest, highest, total
