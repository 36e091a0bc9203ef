"""Sweep files: read and checked as scenario files are, with every fault at once."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from homecare.outcomes import OUTCOMES
from homecare.scenario import ScenarioError, load
from homecare.scenario_fault import BROKEN, Entry, Fault, Place, nearest, shown
from homecare.scenario_file import read_file
from homecare.scenario_find import looks_like_path
from homecare.scenario_layers import list_of, mapping_of, unknown_key, wrong_value
from homecare.sweep_factor import factor_of, plain
from homecare.sweep_terms import DESIGNS, DRAWN, Factor, Sweep

SETTINGS = ("area", "scale", "weeks", "override")
KEYS = ("name", "description", "base", *SETTINGS, "factors", "design", "points", "n", "design_seed", "cross", "seeds",
        "outcomes", "window")
"""Every key that a sweep file may have."""

MOST_SEEDS, MOST_DRAWS = 10_000, 1_000_000


def load_sweep(path: str | Path) -> Sweep:
    """Load a sweep file.

    Raises
    ------
    ScenarioError
        With every fault of the file. A value that a factor lists and that its parameter may not have is no fault of
        the file: the runs with it fail, each as a row, and the others go on.
    """
    faults: list[Fault] = []
    path = Path(path)
    tree = read_file(path, str(path), faults, Place(str(path)))
    sweep = None if tree is None else _Reader(tree, path, faults).sweep()
    if faults:
        raise ScenarioError(sorted(faults, key=lambda f: (f.place.file, f.place.line, f.place.column)))
    return sweep


class _Reader:
    """Reads the keys of one file; what is wrong goes to `faults`, and reading goes on."""

    def __init__(self, tree: Entry, path: Path, faults: list[Fault]):
        self.path, self.faults = path, faults
        self.given: dict[str, Entry] = tree.value
        self.top = tree.place
        for key, entry in self.given.items():
            if key not in KEYS:
                faults.append(unknown_key(entry, shown(key), key, KEYS))

    def sweep(self) -> Sweep | None:
        """The sweep; None where there are faults."""
        base = self.base()
        factors = self.factors(base)
        design = self.word("design", DESIGNS[0], DESIGNS)
        points = self.points(design)
        sweep = Sweep(
            name=self.text("name", self.path.stem),
            base=base or "",
            description=self.text("description", ""),
            settings=self.settings(),
            factors=factors,
            design=design,
            points=points,
            n=self.whole("n", 0, 1, MOST_DRAWS),
            design_seed=self.whole("design_seed", 1, 0, 2**31 - 1),
            cross=self.flag("cross"),
            seeds=self.seeds(),
            outcomes=self.outcomes(),
            window=self.window(),
            folder=self.path.parent,
        )
        self.together(sweep)
        return sweep

    # ---- single keys ----

    def fault(self, key: str, message: str, allowed: str = "", likely: str = "") -> None:
        entry = self.given.get(key)
        if entry is None:
            self.faults.append(Fault(self.top, key, message, allowed=allowed))
        elif entry.value is not BROKEN:
            self.faults.append(wrong_value(entry, key, message, allowed, likely))

    def text(self, key: str, default: str) -> str:
        value = self.given[key].value if key in self.given else default
        if not isinstance(value, str) or (not value.strip() and value != default):
            self.fault(key, "text is wanted here", "text; put quotes around it")
            return default
        return value

    def word(self, key: str, default: str, words: tuple[str, ...]) -> str:
        value = self.given[key].value if key in self.given else default
        if value in words:
            return value
        self.fault(key, "this word is not one of those allowed", "one of " + ", ".join(words), nearest(value, words))
        return default

    def flag(self, key: str) -> bool:
        value = self.given[key].value if key in self.given else False
        if not isinstance(value, bool):
            self.fault(key, "true or false is wanted here", "true or false")
        return value is True

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self.given[key].value if key in self.given else default
        if key in self.given and not _is_whole(value, low, high):
            self.fault(key, "a whole number is wanted here", f"a whole number from {low} to {high}")
            return default
        return value

    def base(self) -> str | None:
        """The base scenario, which must load by itself."""
        entry = self.given.get("base")
        name = "baseline" if entry is None else entry.value
        if not isinstance(name, str) or not name.strip():
            self.fault("base", "a scenario is wanted here", "one name or one path")
            return None
        if looks_like_path(name):
            name = str(self.path.parent / name)
        try:
            load(name)
        except ScenarioError as error:
            for fault in error.faults:
                nowhere = entry is not None and not fault.key and not fault.place.line
                self.faults.append(replace(fault, place=entry.place, key="base") if nowhere else fault)
            return None
        return name

    def settings(self) -> tuple[str, ...]:
        """Overrides for all points."""
        found = []
        for key in SETTINGS:
            if key in self.given and self.given[key].value is not BROKEN:
                value = plain(self.given[key])
                if key == "override" and isinstance(value, str):
                    value = os.path.abspath(self.path.parent / value)
                found.append(f"{key}={json.dumps(value, ensure_ascii=False)}")
        return tuple(found)

    def factors(self, base: str | None) -> tuple[Factor, ...]:
        entry = self.given.get("factors")
        given = {} if entry is None else mapping_of(entry, "factors", self.faults) or {}
        found = [factor_of(path, inside, base, self.faults) for path, inside in given.items()]
        return tuple(factor for factor in found if factor is not None)

    def points(self, design: str) -> tuple[dict[str, Any], ...]:
        """The points of a list, each a mapping of paths to values, perhaps with a name."""
        if "points" not in self.given:
            return ()
        found = []
        for i, item in enumerate(list_of(self.given["points"], "points", self.faults) or []):
            point = mapping_of(item, f"points[{i}]", self.faults)
            if point is not None:
                found.append({key: plain(inside) for key, inside in point.items()})
        return tuple(found)

    def seeds(self) -> tuple[int, ...]:
        entry = self.given.get("seeds")
        if entry is None:
            return (1,)
        allowed = f"a number of seeds from 1 to {MOST_SEEDS}, or a list of different seeds"
        if _is_whole(entry.value, 1, MOST_SEEDS):
            return tuple(range(1, entry.value + 1))
        listed = plain(entry) if isinstance(entry.value, list) else []
        if listed and all(_is_whole(seed, 0, 2**53 - 1) for seed in listed) and len(set(listed)) == len(listed):
            return tuple(listed)
        self.fault("seeds", "these are no seeds", allowed)
        return (1,)

    def outcomes(self) -> tuple[str, ...]:
        entry = self.given.get("outcomes")
        found = []
        for i, item in enumerate([] if entry is None else list_of(entry, "outcomes", self.faults) or []):
            if item.value not in OUTCOMES:
                message = "there is no such outcome"
                self.faults.append(wrong_value(item, f"outcomes[{i}]", message, "a name that docs/outcomes.md lists",
                                               nearest(item.value, OUTCOMES)))
            found.append(item.value)
        return tuple(found)

    def window(self) -> tuple[int, int] | None:
        entry = self.given.get("window")
        if entry is None:
            return None
        listed = plain(entry) if isinstance(entry.value, list) else []
        if len(listed) == 2 and all(_is_whole(week, 0, 5199) for week in listed) and listed[0] <= listed[1]:
            return listed[0], listed[1]
        self.fault("window", "these are no two weeks", "the first and the last week, such as [52, 103]")
        return None

    def together(self, sweep: Sweep) -> None:
        """Note what does not go together."""
        settings = {setting.partition("=")[0] for setting in sweep.settings}
        for factor in sweep.factors:
            if factor.path in settings:
                message = "impossible combination: this is set for all points too"
                self.faults.append(Fault(factor.place, f"factors.{factor.path}", message))
        if sweep.design == "list":
            if not sweep.points:
                self.fault("points", "a list design needs points", "points: [{path: value}]")
            if sweep.factors or sweep.cross:
                self.fault("factors" if sweep.factors else "cross", "impossible combination: a list has its own points")
            return
        if "points" in self.given:
            self.fault("points", "impossible combination: only a list design has points", "design: list")
        if not sweep.factors and "factors" not in self.given:
            self.fault("factors", "a sweep varies something", "factors: {path: [values]}")
        if sweep.design in DRAWN and not sweep.n and not self._faulty("n"):
            self.fault("n", f"a {sweep.design} design needs a number of draws", "n: 64")
        if sweep.design not in DRAWN and sweep.n:
            self.fault("n", "impossible combination: only a latin_hypercube or sobol design has draws")
        if sweep.design == "sobol" and sweep.n & (sweep.n - 1):
            self.fault("n", "Sobol's sequence is balanced only over a power of two", "1, 2, 4, 8, 16, 32, 64, ...")
        kinds = {factor.kind == "policy" for factor in sweep.factors}
        if sweep.cross and kinds != {True, False}:
            self.fault("cross", "impossible combination: crossing needs factors of policy and others")

    def _faulty(self, key: str) -> bool:
        return any(fault.key == key for fault in self.faults)


def _is_whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
