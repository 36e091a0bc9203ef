"""The words of a sweep: factors with their values, a design, seeds, a window; what a sweep file amounts to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homecare.params import Parameter
from homecare.scenario_fault import Place

DESIGNS = ("factorial", "one_at_a_time", "latin_hypercube", "sobol", "list")
"""Ways of choosing points out of what the factors may be."""

DRAWN = ("latin_hypercube", "sobol")
"""Designs that take a number of draws."""

KINDS = ("policy", "uncertainty", "initial", "shock", "run")
"""What a factor is: a lever, a number nobody knows well, how the market stands, a shock, or a setting of the run."""


@dataclass(frozen=True)
class Factor:
    """One thing that a sweep varies.

    Attributes
    ----------
    path : str
        As in an override: ``policy.employment.required_share``, ``area``, ``shocks[0].weeks``.
    kind : str
        One of `KINDS`; it follows from the path.
    levels : tuple
        The values, where they are listed; empty where there is a range.
    low, high : float or None
        The range, where there is one.
    whole : bool
        Whether only whole numbers are meant.
    steps : int
        Values that a factorial or one-at-a-time design takes out of a range, both ends included.
    unit : str
    place : Place
        Where the file names it.
    """

    path: str
    kind: str
    levels: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    steps: int = 3
    unit: str = ""
    place: Place = field(default_factory=lambda: Place("python"), compare=False)

    @property
    def values(self) -> tuple[Any, ...]:
        """The levels, or `steps` values out of the range."""
        if self.levels:
            return self.levels
        shares = [i / (self.steps - 1) for i in range(self.steps)]
        return tuple(dict.fromkeys(self.at(share) for share in shares))

    def at(self, share: float) -> Any:
        """Return the value at a share of the way through the levels or the range; 0 to 1.

        Numbers out of a range have six significant digits, so that no bit of a processor shows in them.
        """
        if self.levels:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        if self.whole:
            low, high = round(self.low), round(self.high)
            return min(low + int(share * (high - low + 1)), high)
        value = float(f"{self.low + share * (self.high - self.low):.6g}")
        return min(max(value, self.low), self.high)


def of_parameter(path: str, kind: str, parameter: Parameter, place: Place, **given: Any) -> Factor:
    """Return the factor that varies a parameter over its own range, or over the part of it that is given."""
    levels: tuple[Any, ...] = ()
    if parameter.choices:
        levels = parameter.choices
    elif parameter.low is None:
        levels = (False, True)
    said = {"low": parameter.low, "high": parameter.high, **given}
    return Factor(path, kind, levels, whole=parameter.type_name == "whole number", unit=parameter.unit or "",
                  place=place, **said)


@dataclass(frozen=True)
class Sweep:
    """What a sweep file says.

    Attributes
    ----------
    name, description : str
    base : str
        Name or path of the scenario that points differ from.
    settings : tuple of str
        Overrides that every point has: ``("scale=0.25", "weeks=104")``.
    factors : tuple of Factor
    design : str
        One of `DESIGNS`.
    points : tuple of mapping
        Of a list: path and value of each point, and perhaps its name.
    n : int
        Draws of a Latin hypercube or of Sobol's sequence.
    design_seed : int
        Of the draws' own luck.
    cross : bool
        Whether every combination of the policies' values meets every draw of the rest.
    seeds : tuple of int
    outcomes : tuple of str
        What tables hold; empty for all.
    window : (int, int) or None
        First and last week of which means are taken.
    folder : Path
        What a relative path in the sweep starts from.
    """

    name: str
    base: str
    description: str = ""
    settings: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()
    design: str = "factorial"
    points: tuple[dict[str, Any], ...] = ()
    n: int = 0
    design_seed: int = 1
    cross: bool = False
    seeds: tuple[int, ...] = (1,)
    outcomes: tuple[str, ...] = ()
    window: tuple[int, int] | None = None
    folder: Path = Path()
