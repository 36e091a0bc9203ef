"""Columns with Mesa agents as their rows.

A :class:`Table` owns one contiguous array a column. A :class:`RowAgent` is a real Mesa agent that holds its
table and its row: what it shows is read from the columns, and what is set on it is written there. Weekly work
reads the columns; agents are for looking at, for tests and for rules of low volume.
"""

from __future__ import annotations

import gc
from typing import Any

import mesa
import numpy as np
import pandas as pd

NO_WEEK = -10000
"""Stands in a column for a week that is none; the weeks of a burn-in are negative too."""


class Col:
    """A column of a table, declared once on the agent class (a descriptor).

    Parameters
    ----------
    dtype : numpy dtype
    default : value of a new row
    unit : unit of the values, ``""`` for codes and keys
    doc : one sentence
    width : number of values a row; 1 makes a plain column, more a matrix
    names : what the codes 0, 1, 2 ... of a column stand for, as frames show them; -1 is none
    """

    def __init__(self, dtype: Any, default: Any, unit: str = "", doc: str = "", width: int = 1,
                 names: tuple[str, ...] = ()) -> None:
        self.dtype = np.dtype(dtype)
        self.default = default
        self.unit = unit
        self.width = width
        self.names = names
        self.__doc__ = doc
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: RowAgent | None, owner: type) -> Any:
        if agent is None:
            return self
        column = agent.table.columns[self.name]
        return column.item(agent.row) if self.width == 1 else column[agent.row]

    def __set__(self, agent: RowAgent, value: Any) -> None:
        agent.table.columns[self.name][agent.row] = value

    def array(self, capacity: int) -> np.ndarray:
        """Return a new array of ``capacity`` rows filled with the default."""
        array = self.empty(capacity)
        array[:] = self.default
        return array

    def empty(self, capacity: int) -> np.ndarray:
        """Return a new array of ``capacity`` rows that holds nothing yet."""
        return np.empty((capacity,) if self.width == 1 else (capacity, self.width), self.dtype)


def columns_of(owner: type) -> dict[str, Col]:
    """Return the columns declared on a class and its bases, in the order of declaration."""
    found: dict[str, Col] = {}
    for base in reversed(owner.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, Col):
                found[name] = value
    return found


class RowAgent(mesa.Agent):
    """A Mesa agent whose state is one row of a table."""

    birth_key = Col(np.int64, -1, "", "Key of this agent's luck; the same in every scenario of a seed")

    def __init__(self, model: mesa.Model, table: Table, row: int) -> None:
        super().__init__(model)
        self.table = table
        self.row = row

    def __repr__(self) -> str:
        return f"<{type(self).__name__} row {self.row}>"

    def remove(self) -> None:
        """Leave the model; refused while the row is alive, because only :meth:`Table.remove` ends rows."""
        if self.table.alive[self.row]:
            raise RuntimeError(
                f"{self!r} is alive: the phases of a week end rows, with the packages, visits and money that hang on "
                "them. Set its columns, or add a policy or a shock, so that they do; market.close() ends all")
        super().remove()


class Table:
    """All rows of one kind of agent, or of one kind of record without agents.

    ``table.NAME`` is a view of the rows in use of column NAME; ``table.columns[NAME]`` is the whole array
    with spare rows. Rows are stable and never used again in a run.
    """

    def __init__(self, declared: type, capacity: int = 64) -> None:
        self.declared = declared
        self.cols = columns_of(declared)
        self.n = 0
        self.capacity = max(int(capacity), 1)
        self.columns = {name: col.array(self.capacity) for name, col in self.cols.items()}
        self.columns["alive"] = np.zeros(self.capacity, np.bool_)
        self.agents: list[RowAgent | None] = []
        self._look()

    def _look(self) -> None:
        """Take new views of the columns: their length or their arrays have changed."""
        views, in_use = vars(self), slice(self.n)
        for name, array in self.columns.items():
            views[name] = array[in_use]

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"{type(self).__name__} of {vars(self).get('declared')} has no {name!r}")

    def __len__(self) -> int:
        """Return the number of live rows."""
        return int(np.count_nonzero(self.alive))

    def _grow(self, needed: int) -> None:
        capacity = self.capacity
        while capacity < needed:
            capacity *= 2
        for name, old in self.columns.items():
            new = np.zeros(capacity, np.bool_) if name == "alive" else self.cols[name].array(capacity)
            new[: self.n] = old[: self.n]
            self.columns[name] = new
        self.capacity = capacity

    def add(self, n: int, **values: Any) -> np.ndarray:
        """Add ``n`` live rows with the given columns (arrays or single values) and return their numbers."""
        if self.n + n > self.capacity:
            self._grow(self.n + n)
        new = slice(self.n, self.n + n)
        self.n += n
        self._look()
        self.columns["alive"][new] = True
        for name, value in values.items():
            self.columns[name][new] = value
        return np.arange(new.start, new.stop)

    def pick(self, kind: type) -> Any:
        """Return the columns, with spare rows, that a named tuple of columns asks for by its fields."""
        return kind(*map(self.columns.__getitem__, kind._fields))

    def rows(self) -> np.ndarray:
        """Return the numbers of the live rows, ascending."""
        return self.alive.nonzero()[0]

    def enlist(self, model: mesa.Model, rows: np.ndarray) -> None:
        """Make the Mesa agents of new rows, in bulk."""
        paused = gc.isenabled()
        gc.disable()
        try:
            while len(self.agents) < self.n:
                self.agents.append(None)
            for row in rows.tolist():
                self.agents[row] = self.declared(model, self, row)
        finally:
            if paused:
                gc.enable()

    def remove(self, rows: np.ndarray) -> None:
        """End rows: they stay in the columns, are no longer alive, and their agents leave the model."""
        self.columns["alive"][rows] = False
        for row in np.atleast_1d(rows).tolist():
            if row < len(self.agents) and self.agents[row] is not None:
                self.agents[row].remove()
                self.agents[row] = None

    def frame(self, every: bool = False) -> pd.DataFrame:
        """Return the live rows (all rows with ``every``) as a pandas DataFrame indexed by row; codes by their names."""
        rows = np.arange(self.n) if every else self.rows()
        data: dict[str, np.ndarray | pd.Categorical] = {}
        for name, array in self.columns.items():
            if name == "alive" and not every:
                continue
            picked = array[rows]
            if names := self.cols[name].names if name in self.cols else ():
                data[name] = pd.Categorical.from_codes(picked, names)
            elif picked.ndim == 1:
                data[name] = picked
            else:
                for j in range(picked.shape[1]):
                    data[f"{name}_{j}"] = picked[:, j]
        return pd.DataFrame(data, index=pd.Index(rows, name="row"))

    def units(self) -> dict[str, str]:
        """Return the unit of every column."""
        return {name: col.unit for name, col in self.cols.items()}

    def saved(self) -> dict[str, Any]:
        """Return everything needed to restore the table (copies)."""
        return {"n": self.n, "columns": {name: array[: self.n].copy() for name, array in self.columns.items()}}

    def restore(self, state: dict[str, Any], model: mesa.Model | None = None) -> None:
        """Take on a saved state; with ``model``, make the agents of its live rows."""
        self.n = int(state["n"])
        self.capacity = max(self.capacity, self.n, 1)
        self.columns = {name: col.array(self.capacity) for name, col in self.cols.items()}
        self.columns["alive"] = np.zeros(self.capacity, np.bool_)
        self._look()
        for name, array in state["columns"].items():
            self.columns[name][: self.n] = array
        self.agents = [None] * self.n
        if model is not None:
            self.enlist(model, self.rows())
