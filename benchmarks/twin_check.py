"""What the twin of delivery is given, and whether it lived the same week as the kernel."""

from __future__ import annotations

import copy
import inspect
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from homecare import side_by_side
from homecare.week import delivery
from homecare.week.kernels.layout import CANCELLED, CLIPPED, FULL, MISSED, SHORT

if TYPE_CHECKING:
    from twin_delivery import Delivery


def _names(kernel: Any) -> list[str]:
    return list(inspect.signature(kernel.py_func).parameters)


def capture(market) -> tuple[dict[str, Any], Any]:
    """Live one week on one core; return what its delivery was given, by name, and its ``Lived`` (copies)."""
    lives, adds_up = delivery.d.deliver, delivery.add_up
    caught: dict[str, Any] = {}
    came_of_it: list[Any] = []

    def spy_on_rounds(*given: Any) -> int:
        caught.update(zip(_names(lives), copy.deepcopy(given), strict=True))
        return lives(*given)

    def spy_on_sums(*given: Any) -> None:
        named = dict(zip(_names(adds_up), given, strict=True))
        for name in named.keys() - caught.keys():
            caught[name] = copy.deepcopy(named[name])
        caught["wanted"] = named["visits"].wanted.copy()  # what people want now, which their plans may not know
        adds_up(*given)
        came_of_it.append(copy.deepcopy(named["lived"]))

    delivery.d.deliver, delivery.add_up = spy_on_rounds, spy_on_sums
    try:
        with patch.object(side_by_side, "MOST", 1):
            market.step()
    finally:
        delivery.d.deliver, delivery.add_up = lives, adds_up
    return caught, came_of_it[0]


def live_compiled(given: dict[str, Any]) -> None:
    """Live the week that was captured by the kernels: rounds walked, users' sums added up (in ``given``)."""
    for kernel in (delivery.d.deliver, delivery.add_up):
        kernel(*[given[name] for name in _names(kernel)])


def differences(twin: Delivery, lived: Any) -> list[str]:
    """Return in words where a twin that has lived the week with the market's luck differs from the kernel."""
    rows = np.array(list(twin.attendances), np.int64)
    made = list(twin.attendances.values())
    faults = []
    due = int(np.count_nonzero(lived.ending >= 0))
    if due != len(made):
        faults.append(f"the kernel has {due} attendances and the twin {len(made)}")
    for name in ("ending", "start", "seconds"):
        wrong = np.count_nonzero(getattr(lived, name)[rows] != np.array([getattr(one, name) for one in made]))
        if wrong:
            faults.append(f"{name} differs at {wrong} of {len(made)} attendances")
    for name, agents, key in (("users", twin.users, "block"), ("workers", twin.workers, "seat")):
        here = np.array([agent.sums for agent in agents], np.int64)
        there = getattr(lived, name)[[getattr(agent, key) for agent in agents]]
        for column in np.flatnonzero((here != there).any(axis=0)).tolist():
            said = here[:, column].sum(), there[:, column].sum()
            faults.append(f"sum {column} of {name}: {said[0]}, and the kernel's {said[1]}")
    return faults


def counts(lived: Any) -> dict[str, int]:
    """Return how many attendances came to each end."""
    ends = {"full": FULL, "short": SHORT, "clipped": CLIPPED, "cancelled": CANCELLED, "missed": MISSED}
    return {name: int(np.count_nonzero(lived.ending == end)) for name, end in ends.items()}
