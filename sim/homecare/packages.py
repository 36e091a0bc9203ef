"""Packages of care: rows without agents, each with a block of visits.

A block is used again when its package ends; luck hangs on the user's birth key and never on the block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from homecare import tariff
from homecare.agents.service_user import ROUTE_NAMES
from homecare.numerics import places
from homecare.plan import LENGTHS, WORDS
from homecare.tables import NO_WEEK

NOBODY = -1
AGENCYS_OWN = -1.0
"""Effort on independence where the package says nothing of it."""
VISITS_A_BLOCK = 28
PAIRS_A_BLOCK = 24

_COLUMNS: dict[str, tuple[Any, Any, int]] = {
    # name: dtype, value of a free block, values a block
    "active": (np.bool_, False, 1),
    "suspended": (np.bool_, False, 1),
    "user": (np.int32, NOBODY, 1),
    "agency": (np.int32, NOBODY, 1),
    "key": (np.int64, -1, 1),
    "x": (np.float64, 0.0, 1),
    "y": (np.float64, 0.0, 1),
    "rural": (np.bool_, False, 1),
    "zone": (np.int32, 0, 1),
    "route": (np.int8, 0, 1),
    "assisted": (np.bool_, False, 1),
    "contract": (np.int32, NOBODY, 1),
    "fee": (np.int64, 0, 1),
    "tariff": (np.int64, 0, tariff.COLUMNS),
    "lead": (np.int32, NOBODY, 1),
    "kept": (np.int64, 0, 1),
    "band": (np.int64, 0, 1),
    "follows": (np.int64, 0, 1),
    "slack": (np.int64, 0, 1),
    "bank": (np.int64, 0, 1),
    "approval": (np.int64, 0, 1),
    "minimum": (np.int64, 900, 1),
    "step": (np.int64, 900, 1),
    "times": (np.int64, 2, 1),
    "budgeted": (np.int64, 0, 1),
    "budget": (np.int64, 0, 1),
    "balance": (np.int64, 0, 1),
    "planned": (np.int64, 0, 1),
    "assessed": (np.int64, 0, 1),
    "effort": (np.float64, AGENCYS_OWN, 1),
    "withheld": (np.int64, 0, 1),
    "goal_since": (np.int64, NO_WEEK, 1),
    "goal_capability": (np.float64, 0.0, 1),
    "goal_potential": (np.float64, 0.0, 1),
    "goal_quality": (np.float64, 0.0, 1),
    "trim": (np.float64, 0.0, 1),
    "planned_again": (np.int64, 0, 1),
    "started": (np.int64, 0, 1),
    "renews": (np.int64, 0, 1),
    "notice": (np.int64, NO_WEEK, 1),
    "visit_start": (np.int32, 0, 28),
    "visit_seconds": (np.int32, 0, 28),
    "visit_early": (np.int32, 0, 28),
    "visit_late": (np.int32, 0, 28),
    "visit_wanted": (np.int32, 0, 28),
    "visit_carers": (np.int8, 0, 28),
    "base_worker": (np.int32, NOBODY, 56),
    "pair_worker": (np.int32, NOBODY, 24),
    "pair_count": (np.int32, 0, 24),
    "pair_week": (np.int32, -10000, 24),
}
_FLAT = ("visit_start", "visit_seconds", "visit_early", "visit_late", "visit_wanted", "visit_carers",
         "base_worker")
_STYLE = ("band", "follows", "slack", "bank", "approval", "minimum", "step", "times", "budgeted")
"""Columns in the order of :class:`homecare.plan.Style`; of one type and one after another, to be written at once."""
_NAMES = {"route": ROUTE_NAMES, "approval": WORDS, "times": WORDS, "follows": LENGTHS}
"""What the codes 0, 1, 2 ... of a column stand for, as the frame shows them."""
_ALIKE: dict[tuple[Any, int], list[str]] = {}
"""Columns by type and width."""
for _name, (_dtype, _, _width) in _COLUMNS.items():
    _ALIKE.setdefault((_dtype, _width), []).append(_name)


class Packages:
    """All packages, by block.

    Attributes
    ----------
    active : a person has this block (waiting for a start, or served)
    suspended : the person is in hospital and the package is held
    agency : who serves it, -1 while nobody does
    assisted : personal assistants whom the person employs do it, and no agency
    contract : which of the council's contracts it counts towards, -1 for none
    fee : pence an hour on which the tariff stands
    lead : agency to which the council pays it although another serves, -1 where there is none
    kept : ten-thousandths of each invoice line that the lead keeps
    tariff : pence in the order of :class:`homecare.tariff.Tariff`
    band ... budgeted : the plan's style, see :class:`homecare.plan.Style`
    budget : contact seconds a week that a care manager approved
    balance : seconds saved up (above zero) or taken early (below) where minutes may be moved
    planned : contact seconds a week of all attendances
    assessed : contact seconds a week planned at assessment or the last review
    effort : effort on independence that the package asks for, ``AGENCYS_OWN`` where the agency decides
    withheld : pence held back of invoices until the person's goal is measured
    goal_since : week in which the person's quarter began, ``NO_WEEK`` without one
    goal_* : how the person stood then: mean capability, what frailty allowed of it, SCRQoL
    trim : share cut below assessed need
    planned_again : times that it was planned anew because nobody took it
    started, renews : weeks
    notice : week in which a package handed back ends, ``NO_WEEK`` otherwise
    visit_* : 28 visits a block, flat, see :mod:`homecare.week.kernels.layout`
    base_worker : who has each of 56 attendances in the lasting rounds
    pair_* : who knows whom
    """

    def __init__(self, capacity: int = 32) -> None:
        self._make(capacity)

    def _make(self, capacity: int) -> None:
        """Make the columns of free blocks; those of one type and width lie together, to be written in one go."""
        self.capacity = capacity
        self._free: list[tuple[np.ndarray, np.ndarray]] = []
        for (dtype, width), names in _ALIKE.items():
            values = np.array([_COLUMNS[name][1] for name in names], dtype)[:, None, None]
            together = np.empty((len(names), capacity, width), dtype)
            together[:] = values
            self._free.append((together, values))
            if _STYLE[0] in names:
                first = names.index(_STYLE[0])
                self._styles = together[first : first + len(_STYLE), :, 0]
            for name, column in zip(names, together, strict=True):
                setattr(self, name, column.reshape(-1) if width == 1 or name in _FLAT else column)

    def _fill(self, columns: dict[str, np.ndarray]) -> None:
        for name, column in columns.items():
            getattr(self, name)[: column.shape[0]] = column

    def _grow(self, capacity: int) -> None:
        columns = {name: getattr(self, name) for name in _COLUMNS}
        self._make(capacity)
        self._fill(columns)

    def take(self, n: int) -> np.ndarray:
        """Return the numbers of ``n`` free blocks, now active."""
        free = places(~self.active)
        if free.size < n:
            self._grow(max(self.capacity + self.capacity // 2, self.capacity + n))
            free = places(~self.active)
        blocks = free[:n]
        self.active[blocks] = True
        return blocks

    def free(self, blocks: np.ndarray) -> None:
        """Give blocks back; their attendances must be out of all rounds."""
        for columns, values in self._free:
            columns[:, blocks] = values

    def with_agency(self) -> np.ndarray:
        """Return int64: the active blocks that have an agency, ascending."""
        return places(self.active & (self.agency >= 0))

    def in_order(self) -> np.ndarray:
        """Return int64: the active blocks by birth key of their users, whatever block they have."""
        blocks = places(self.active)
        return blocks[self.key[blocks].argsort(kind="stable")]

    def frame(self) -> pd.DataFrame:
        """Return the active blocks by number, in the units above, codes by name; visits, tariff and pairs left out."""
        blocks = places(self.active)
        plain = [name for name, (_, _, width) in _COLUMNS.items() if width == 1 and name != "active"]
        frame = pd.DataFrame({name: getattr(self, name)[blocks] for name in plain}, pd.Index(blocks, name="row"))
        return frame.assign(**{name: pd.Categorical.from_codes(frame[name], _NAMES[name]) for name in _NAMES})

    def write_style(self, blocks: np.ndarray, style: tuple[int, ...]) -> None:
        """Write the facts of a plan's style onto packages."""
        if blocks.size == 0:
            return
        self._styles[:, blocks] = np.array(style)[:, None]

    def differs_from(self, style: tuple[int, ...]) -> np.ndarray:
        """Return bool[capacity]: packages that carry other facts than those of a style."""
        differs = np.zeros(self.capacity, bool)
        for name, value in zip(_STYLE, style, strict=True):
            differs |= getattr(self, name) != value
        return differs

    def state(self) -> dict[str, Any]:
        """Return everything needed to restore the packages (copies)."""
        return {"capacity": self.capacity, "columns": {name: getattr(self, name).copy() for name in _COLUMNS}}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a saved state."""
        self._make(int(state["capacity"]))
        self._fill(state["columns"])
