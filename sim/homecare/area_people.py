"""Where people stand in an area: how likely each small area is, and a place near its centre."""

from __future__ import annotations

from typing import ClassVar

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


def place_in_squares(
    weights: np.ndarray,
    centres: tuple[np.ndarray, np.ndarray, np.ndarray],
    uniforms: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw small areas by weight and spread people evenly over a square around each centre.

    Parameters
    ----------
    weights : numpy.ndarray, shape (m,)
        Weight of each small area, 0 or more, with a positive sum.
    centres : tuple of three numpy.ndarray of float64, each of shape (m,)
        Easting, northing and half-width of the square, metres.
    uniforms : tuple of three numpy.ndarray of float64, each of shape (n,)
        In [0, 1): for the small area, for the place on either axis.

    Returns
    -------
    small_area : numpy.ndarray of int32, shape (n,)
        Row of the small area.
    x, y : numpy.ndarray of float64, shape (n,)
        Easting and northing, metres.

    Raises
    ------
    ValueError
        If weights or uniforms are of the wrong shape or out of range.
    """
    easting, northing, half_width = centres
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape != easting.shape:
        raise ValueError(f"weights have shape {weights.shape}, {easting.shape} is needed")
    reached = np.cumsum(weights)
    if not (weights.min() >= 0.0 and 0.0 < reached[-1] < np.inf):
        raise ValueError("weights must be finite and 0 or more, with at least one above 0")
    u_area, u_x, u_y = (np.asarray(u, dtype=np.float64) for u in uniforms)
    for name, u in (("u_area", u_area), ("u_x", u_x), ("u_y", u_y)):
        if u.shape != u_area.shape:
            raise ValueError(f"{name} has shape {u.shape}, u_area has {u_area.shape}")
        if not ((u >= 0) & (u < 1)).all():
            raise ValueError(f"{name} must lie in [0, 1)")
    drawn = np.searchsorted(reached, u_area * reached[-1], side="right")
    row = np.minimum(drawn, np.flatnonzero(weights)[-1]).astype(np.int32)
    x = easting[row] + (2.0 * u_x - 1.0) * half_width[row]
    y = northing[row] + (2.0 * u_y - 1.0) * half_width[row]
    return row, x, y
