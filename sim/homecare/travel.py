"""Minutes from here to there.

Travel time = detour x straight distance / speed(mode, urban or rural) + time to park and reach the door.
All times are whole seconds, all places metres on the national grid.
"""

from __future__ import annotations

import math
from typing import ClassVar, NamedTuple

from homecare.compiled import inlined
from homecare.params import Uncertainty, param


class TravelUncertainty(Uncertainty):
    """How fast care workers get about."""

    theme: ClassVar[str] = "travel"
    detour: float = param(1.35, unit="ratio", low=1.1, high=1.7, source="assumption")
    """Road distance over straight distance."""
    car_speed_urban: float = param(35.0, unit="km/h", low=16, high=40, source="assumption")
    """Door-to-door car speed between places in built-up areas."""
    car_speed_rural: float = param(54.0, unit="km/h", low=32, high=64, source="assumption")
    """Car speed where both ends are rural."""
    other_speed: float = param(9.0, unit="km/h", low=4, high=16, source="assumption")
    """Speed of those who walk, cycle or take the bus, waiting included."""
    door_minutes: float = param(1.5, unit="minutes", low=0.5, high=5, source="assumption")
    """Time to park, reach the door and be let in, at each visit."""
    noise_spread: float = param(0.35, unit="ratio", low=0.05, high=0.6, source="assumption")
    """Spread (log scale) of a journey's time around its usual length: traffic, weather, waiting."""


class Speeds(NamedTuple):
    """Travel numbers in the units of the kernels: seconds per straight metre, seconds at the door."""

    urban: float
    rural: float
    other: float
    door: int


def speeds(travel: TravelUncertainty) -> Speeds:
    """Return seconds per straight-line metre for each kind of journey, the detour included."""
    per_metre = travel.detour * 3.6
    return Speeds(
        urban=per_metre / travel.car_speed_urban,
        rural=per_metre / travel.car_speed_rural,
        other=per_metre / travel.other_speed,
        door=int(travel.door_minutes * 60.0),
    )


@inlined
def pace_between(drives: bool, rural_here: bool, rural_there: bool, speed: Speeds) -> float:
    """Return seconds per straight metre of a journey between two places."""
    mixed = 0.5 * (speed.rural + speed.urban)  # all paces are at hand, so that the processor need not guess one
    either = mixed if rural_here | rural_there else speed.urban
    by_car = speed.rural if rural_here & rural_there else either
    return by_car if drives else speed.other


@inlined
def seconds_between(x1: float, y1: float, x2: float, y2: float, pace: float, door: int) -> int:
    """Return whole seconds from one place to another, the time at the door included."""
    dx = x1 - x2
    dy = y1 - y2
    return int(math.sqrt(dx * dx + dy * dy) * pace) + door
