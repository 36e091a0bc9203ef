"""Validation targets: what a baseline must look like, read from the packaged table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from homecare.data import table_path
from homecare.data.targets_declared import COUNCILS

ECHO, CALIBRATED, EMERGENT = "echo", "calibrated", "emergent"
KINDS = (ECHO, CALIBRATED, EMERGENT)
KIND_SENTENCES = {
    ECHO: "an input comes back: this checks the plumbing and nothing else",
    CALIBRATED: "looked at when assumptions were chosen within their ranges",
    EMERGENT: "not looked at when anything was chosen: this tests the model",
}
NATIONAL = "England"
SPREAD = "the eight councils"


@dataclass(frozen=True)
class Target:
    """One figure that somebody measured.

    Attributes
    ----------
    id, measure : str
        Its name, and the measure of `homecare.validate_measures` that is held against it.
    kind : str
        ``echo``, ``calibrated`` or ``emergent``.
    area : str
        ``England`` (held against the pooled councils), a council, or ``the eight councils`` (a spread over them).
    year, source, unit, tolerance : str
        When measured; ids in the evidence table or columns of the council table; unit of what follows; how the range
        was set.
    target, low, high : float
    """

    id: str
    measure: str
    kind: str
    area: str
    year: str
    source: str
    unit: str
    target: float
    low: float
    high: float
    tolerance: str


@cache
def targets() -> tuple[Target, ...]:
    """Return every target, in the order of ``targets.csv``."""
    with table_path("targets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ("target", "low", "high")
    return tuple(Target(**{name: float(text) if name in numbers else text for name, text in row.items()}) for row in rows)


__all__ = ["CALIBRATED", "COUNCILS", "ECHO", "EMERGENT", "KINDS", "KIND_SENTENCES", "NATIONAL", "SPREAD", "Target",
           "targets"]
