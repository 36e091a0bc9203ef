"""Where people stand in an area: how likely each small area is, and a place near its centre."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np

from homecare.params import Uncertainty, param


class PlaceUncertainty(Uncertainty):
    """How the places of service users and care workers follow age and deprivation.

    Notes
    -----
    The defaults put people of 85 and over at 5.1 times the homecare use of those of 65-84. Evidence
    `users_85plus_ascs` (26.8 % of council-funded users are 85 or over) with the councils' client counts of
    2024-25 gives 4.6; `adl_iadl_need_80plus` has need for help rising from 21 % at 65-69 to 52 % at 80 and
    over, and need that is met by paid care rises faster than need. No figure of care work by decile was
    found: it is paid near the wage floor, and pay rises with the decile.
    """

    theme: ClassVar[str] = "places"
    use_75_84_ratio: float = param(4.0, unit="ratio", low=1.5, high=7, source="assumption")
    """Homecare use a head at 75-84 over that at 65-74."""
    use_85_plus_ratio: float = param(11.0, unit="ratio", low=4, high=20, source="assumption")
    """Homecare use a head at 85 and over, over that at 65-74."""
    care_work_deprived_ratio: float = param(2.0, unit="ratio", low=1, high=3, source="assumption")
    """Care workers a head in the most deprived tenth of small areas over the least; linear between."""


class Squares(NamedTuple):
    """Small areas as squares around their centres, with how likely each is.

    Attributes
    ----------
    easting, northing, half_width : float64[m], metres
    reached : float64[m], weights added up
    last : the last small area with a weight
    """

    easting: np.ndarray
    northing: np.ndarray
    half_width: np.ndarray
    reached: np.ndarray
    last: int

    def place(self, u_area: np.ndarray, u_x: np.ndarray, u_y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the small area and place of each person: int32[n], and float64[n] twice, metres.

        Parameters
        ----------
        u_area, u_x, u_y : float64[n], in [0, 1): for the small area, for the place on either axis
        """
        drawn = np.searchsorted(self.reached, u_area * self.reached[-1], side="right")
        row = np.minimum(drawn, self.last).astype(np.int32)
        half_width = self.half_width[row]
        x = self.easting[row] + (2.0 * u_x - 1.0) * half_width
        y = self.northing[row] + (2.0 * u_y - 1.0) * half_width
        return row, x, y


def weigh_squares(weights: np.ndarray, centres: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Squares:
    """Return the squares in which people stand who are drawn by weight.

    Parameters
    ----------
    weights : numpy.ndarray, shape (m,)
        Weight of each small area, 0 or more, with a positive sum.
    centres : tuple of three numpy.ndarray of float64, each of shape (m,)
        Easting, northing and half-width of the square, metres.

    Raises
    ------
    ValueError
        If weights are of the wrong shape or out of range.
    """
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape != centres[0].shape:
        raise ValueError(f"weights have shape {weights.shape}, {centres[0].shape} is needed")
    reached = np.cumsum(weights)
    if not (weights.min() >= 0.0 and 0.0 < reached[-1] < np.inf):
        raise ValueError("weights must be finite and 0 or more, with at least one above 0")
    return Squares(*centres, reached, int(np.flatnonzero(weights)[-1]))


def check_uniforms(**uniforms: np.ndarray) -> None:
    """Check numbers that are to place people, by name.

    Raises
    ------
    ValueError
        If they are of different shapes or not in [0, 1).
    """
    first, *_ = uniforms.items()
    for name, u in uniforms.items():
        if u.shape != first[1].shape:
            raise ValueError(f"{name} has shape {u.shape}, {first[0]} has {first[1].shape}")
        if not ((u >= 0) & (u < 1)).all():
            raise ValueError(f"{name} must lie in [0, 1)")
