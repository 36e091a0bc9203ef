"""What an agency expects: of a person's goal, and of an hour of care that somebody no longer needs.

Pure functions of what an agency can see: what people can do, what their frailty would allow, how much of its own
care time is spent doing things with them, and what its packages are paid for.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import Uncertainty, param

QUARTER_WEEKS = 13


class ForecastUncertainty(Uncertainty):
    """How far back agencies look, and how sure they are of what their care brings about."""

    theme: ClassVar[str] = "forecast"
    gain_spread: float = param(0.05, unit="0-1", low=0.01, high=0.2, source="assumption")
    """Spread that agencies reckon with around the capability that they expect somebody to gain in a quarter."""
    hours_memory: float = param(13.0, unit="weeks", low=4, high=52, source="assumption")
    """How far back an agency looks for its hours, its travel, its waits, its miles and what an hour cost."""
    swing_memory: float = param(26.0, unit="weeks", low=8, high=104, source="assumption")
    """How far back it looks for how much its hours change."""
    margin_memory: float = param(26.0, unit="weeks", low=8, high=104, source="assumption")
    """How far back the accounts reach that founders hear of."""


def mean_of_tasks(values: np.ndarray) -> np.ndarray:
    """Return float64[n]: the mean over four tasks, added in one order."""
    return 0.25 * ((values[:, 0] + values[:, 1]) + (values[:, 2] + values[:, 3]))


def gain_expected(capability: np.ndarray, potential: np.ndarray, practice: np.ndarray, recover: float,
                  fade: float) -> np.ndarray:
    """Return float64[n, m]: capability that each of ``n`` people would gain in a quarter with each of ``m`` agencies.

    Parameters
    ----------
    capability, potential : float64[n, 4], what people can do in each task, and what their frailty would allow
    practice : float64[m], share of care time in which an agency does things with people
    recover, fade : share a week of the way back with full practice, and of capability lost with none

    Notes
    -----
    A quarter of the weekly change as it is now: practice brings back ``recover`` of the way to the potential, and
    want of practice loses ``fade`` of what there is.
    """
    back = recover * mean_of_tasks(np.maximum(potential - capability, 0.0))
    lost = fade * mean_of_tasks(capability)
    return QUARTER_WEEKS * ((back + lost)[:, None] * practice[None, :] - lost[:, None])


def goal_chance(gain: np.ndarray, target: float | np.ndarray, spread: float) -> np.ndarray:
    """Return the chance that a gain turns out at least ``target``: Student's t with two degrees of freedom.

    Its tails are heavy, as those of somebody are who does not trust their own forecast far, and it needs no
    function but the square root.
    """
    x = (gain - target) / spread
    return 0.5 * (1.0 + x / np.sqrt(2.0 + x * x))


def goal_chance_slope(gain: np.ndarray, target: float | np.ndarray, spread: float) -> np.ndarray:
    """Return by how much :func:`goal_chance` rises for each unit of gain."""
    x = (gain - target) / spread
    root = np.sqrt(2.0 + x * x)
    return 1.0 / (root * root * root * spread)
