"""How groups of people fared in the last 13 weeks of a run: by age, place, deprivation and who pays.

A pure function of columns at the end of a week, added up. Nobody in the model reads it. Sums are of
whole numbers, so the order of rows cannot matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from homecare.agents import service_user as su
from homecare.lived_columns import DUE, MET, N_MISSED, NEEDED
from homecare.numerics import places
from homecare.outcomes_terms import HIGHER, LOWER, NEITHER

QUARTER = 13
"""Weeks of the end of a run that are counted; all of a shorter run."""

AGES = (65, 75, 85)
"""Years at which one age band ends and the next begins."""

GROUPS: dict[str, tuple[str, ...]] = {
    "everybody": ("everybody",),
    "age": ("under 65", "65 to 74", "75 to 84", "85 and over"),
    "place": ("urban", "rural"),
    "deprivation": ("most deprived three tenths", "middle four tenths", "least deprived three tenths"),
    "who pays": ("council", "direct payment", "self-funder"),
}
"""Kind of group, then its groups in the order of their codes."""

MEASURES: dict[str, tuple[str, str, str]] = {
    "scrqol": ("score 0-24", HIGHER, "Quality of life (SCRQoL) of those served"),
    "need_met": ("share", HIGHER, "Care time needed from paid carers that was given"),
    "missed_visits": ("per 1,000 visits", LOWER, "Attendances that nobody made, of those due"),
    "weeks_waiting": ("weeks", LOWER, "Weeks for which those who wait for an agency have waited so far"),
    "waiting": ("share", LOWER, "Share who wait for an agency, of those who wait or are served"),
    "served": ("people", NEITHER, "People who receive care at home"),
}
"""Measure, then unit, better direction and meaning."""

_SUMS = ("served", "scrqol", "waiting", "weeks", "needed", "met", "due", "missed")
_FINE = 4294967296.0  # a score is counted in steps of 2**-32, so that its sum is exact


def codes(u: Any, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return the group of each person, by kind of group, as an index into `GROUPS`.

    Parameters
    ----------
    u : Table
        Service users.
    rows : ndarray of int
        Rows of the people who are asked for.
    """
    decile = u.imd_decile[rows]
    return {
        "everybody": np.zeros(rows.size, np.int64),
        "age": np.searchsorted(np.array(AGES), u.age[rows], side="right"),
        "place": u.rural[rows].astype(np.int64),
        "deprivation": (decile > 3).astype(np.int64) + (decile > 7),
        "who pays": u.route[rows].astype(np.int64),
    }


class ByGroup:
    """Sums of the last weeks of a run, by group.

    Parameters
    ----------
    weeks : int
        Length of the run.
    """

    def __init__(self, weeks: int) -> None:
        self.first = max(weeks - QUARTER, 0)
        self.noted = 0
        self._sums = {(kind, what): [0] * len(groups) for kind, groups in GROUPS.items() for what in _SUMS}

    def counts(self, week: int) -> bool:
        """Return whether a week is one of those that are counted."""
        return week >= self.first

    def note(self, market: Any) -> None:
        """Add the week that a market has just lived."""
        u, p, lived = market.service_users, market.packages, market.lived.users
        alive = places(u.alive)
        state = u.state[alive]
        served, waiting = alive[state == su.RECEIVING], alive[state == su.WAITING_START]
        blocks = p.with_agency()
        self._add("served", served, np.ones(served.size, np.int64), u)
        self._add("scrqol", served, np.rint(u.scrqol[served] * _FINE).astype(np.int64), u)
        self._add("waiting", waiting, np.ones(waiting.size, np.int64), u)
        self._add("weeks", waiting, market.week - u.state_since[waiting], u)
        for what, column in (("needed", NEEDED), ("met", MET), ("due", DUE), ("missed", N_MISSED)):
            self._add(what, p.user[blocks], lived[blocks, column], u)
        self.noted += 1

    def _add(self, what: str, rows: np.ndarray, values: np.ndarray, u: Any) -> None:
        for kind, code in codes(u, rows).items():
            sums = np.zeros(len(GROUPS[kind]), np.int64)
            np.add.at(sums, code, values)
            here = self._sums[kind, what]
            for i, value in enumerate(sums.tolist()):
                here[i] += value

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a group: kind, group, and the value of each measure; None where there is none."""
        found = []
        for kind, groups in GROUPS.items():
            for i, group in enumerate(groups):
                total = {what: self._sums[kind, what][i] for what in _SUMS}
                known = total["waiting"] + total["served"]
                found.append({
                    "kind": kind, "group": group,
                    "scrqol": _over(total["scrqol"] / _FINE, total["served"]),
                    "need_met": _over(total["met"], total["needed"]),
                    "missed_visits": _over(1000 * total["missed"], total["due"]),
                    "weeks_waiting": _over(total["weeks"], total["waiting"]),
                    "waiting": _over(total["waiting"], known),
                    "served": _over(total["served"], self.noted),
                })
        return found


def _over(top: float, bottom: int) -> float | None:
    return top / bottom if bottom else None
