"""Invoices on their way: what is owed to each agency, by whom, and when it is paid."""

from __future__ import annotations

from typing import Any

import numpy as np

LONGEST = 16
"""Weeks that the ring holds; no payment takes longer."""


class Receivables:
    """Pence owed to agencies by week of payment, in a ring; ``council`` and ``private`` int64[LONGEST, m]."""

    def __init__(self, n: int) -> None:
        self.council = np.zeros((LONGEST, n), np.int64)
        self.private = np.zeros((LONGEST, n), np.int64)

    def _fit(self, n: int) -> None:
        have = self.council.shape[1]
        if n > have:
            more = np.zeros((LONGEST, n - have), np.int64)
            self.council = np.concatenate([self.council, more], axis=1)
            self.private = np.concatenate([self.private, more.copy()], axis=1)

    def owe(self, week: int, lag: int, council: np.ndarray, private: np.ndarray, private_lag: int) -> None:
        """Add invoices of ``week`` to be paid after their lags in weeks."""
        self._fit(council.size)
        self.council[(week + lag) % LONGEST, : council.size] += council
        self.private[(week + private_lag) % LONGEST, : private.size] += private

    def due(self, week: int, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return and clear what is paid in ``week``: council's and private pence, int64[n] each."""
        self._fit(n)
        slot = week % LONGEST
        council, private = self.council[slot, :n].copy(), self.private[slot, :n].copy()
        self.council[slot] = 0
        self.private[slot] = 0
        return council, private

    def pay_out(self, rows: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return and clear all that is owed to agencies that close."""
        self._fit(n)
        council, private = self.council[:, rows].sum(axis=0), self.private[:, rows].sum(axis=0)
        self.council[:, rows] = 0
        self.private[:, rows] = 0
        return council, private

    def total(self, n: int) -> np.ndarray:
        """Return int64[n]: all that is owed to each agency."""
        self._fit(n)
        return (self.council.sum(axis=0) + self.private.sum(axis=0))[:n]

    def state(self) -> dict[str, Any]:
        """Return everything needed to restore (copies)."""
        return {"council": self.council.copy(), "private": self.private.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a saved state."""
        self.council = state["council"].copy()
        self.private = state["private"].copy()
