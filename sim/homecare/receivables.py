"""Invoices on their way: what is owed to each agency, by whom, and when it is paid.

A lead is paid by the council for work that others do, and owes them their part of it; it pays when it is paid.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from homecare.numerics import sum_by

LONGEST = 16
"""Weeks that the ring holds; no payment takes longer."""


class Receivables:
    """Pence owed to agencies by week of payment, in a ring.

    Attributes
    ----------
    council, private : int64[LONGEST, m]
    passed_on : for each week of the ring int64[k, 3]: lead, who served, pence that the lead owes it
    """

    def __init__(self, n: int) -> None:
        self.council = np.zeros((LONGEST, n), np.int64)
        self.private = np.zeros((LONGEST, n), np.int64)
        self.passed_on = [np.zeros((0, 3), np.int64) for _ in range(LONGEST)]

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

    def pass_on(self, week: int, lag: int, lines: np.ndarray) -> None:
        """Add what leads owe to those who served for them, int64[k, 3], to be paid when the council pays the lead."""
        slot = (week + lag) % LONGEST
        self.passed_on[slot] = np.concatenate([self.passed_on[slot], lines])

    def due_to_others(self, week: int) -> np.ndarray:
        """Return and clear int64[k, 3]: what leads pay in ``week``."""
        lines, self.passed_on[week % LONGEST] = self.passed_on[week % LONGEST], np.zeros((0, 3), np.int64)
        return lines

    def pay_out_others(self, rows: np.ndarray) -> np.ndarray:
        """Return and clear int64[k, 3]: all that agencies that close owe as leads, or are owed by leads."""
        out = [np.zeros((0, 3), np.int64)]
        for slot, lines in enumerate(self.passed_on):
            if lines.size == 0:
                continue
            closes = np.isin(lines[:, 0], rows) | np.isin(lines[:, 1], rows)
            out.append(lines[closes])
            self.passed_on[slot] = lines[~closes]
        return np.concatenate(out)

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
        """Return int64[n]: all that is owed to each agency, less what it owes as a lead."""
        self._fit(n)
        owed = (self.council.sum(axis=0) + self.private.sum(axis=0))[:n]
        for lines in self.passed_on:
            if lines.size:
                owed += sum_by(lines[:, 1], lines[:, 2], n) - sum_by(lines[:, 0], lines[:, 2], n)
        return owed

    def state(self) -> dict[str, Any]:
        """Return everything needed to restore (copies)."""
        return {"council": self.council.copy(), "private": self.private.copy(),
                "passed_on": [lines.copy() for lines in self.passed_on]}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a saved state."""
        self.council = state["council"].copy()
        self.private = state["private"].copy()
        self.passed_on = [lines.copy() for lines in state["passed_on"]]
