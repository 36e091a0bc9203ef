"""Any English council as a place: its facts, its small areas, and where people and branches stand in it.

An area is synthetic: real counts of people around real centres, nobody's real address.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from pathlib import Path

import numpy as np

from homecare.area_csv import Facts, OverrideError, read_override, whole_council_facts
from homecare.area_names import Council, UnknownArea, council_names, find_council
from homecare.area_people import PlaceUncertainty, Squares, check_uniforms, weigh_squares
from homecare.area_shape import compact_part, equal_zones, jitter_metres
from homecare.data import council_columns, councils, small_areas

__all__ = [
    "Area", "Council", "Facts", "OverrideError", "PlaceUncertainty",
    "UnknownArea", "council_names", "find_council", "load_area",
]


@dataclass(frozen=True, eq=False)
class Area:
    """A council, or a compact part of it, with its small areas as read-only columns.

    Attributes
    ----------
    name, code : str
        The council's.
    council : Council
        Its other names, its type and its region.
    scale : float
        Share of the council's people aged 65 and over that was asked for.
    people_share : float
        Share that whole small areas gave; exactly 1 at scale 1.
    facts : Facts
        Every number of the council table as an attribute. Counts are times `people_share`; levels (shares,
        rates, pay, scores) and land area are the whole council's.
    filled : dict of str to str
        Facts that the council lacks, and whose figures stand in: a region's or England's.
    overridden : tuple of str
        Facts that came from the user's CSV.
    override_digest : str or None
        SHA-256 of that file.
    small_area : numpy.ndarray of str
        Codes (LSOA 2021).
    easting, northing : numpy.ndarray of float64
        Centres, metres on the British National Grid.
    jitter_metres : numpy.ndarray of float64
        Half the distance to the nearest other centre of the council.
    rural : numpy.ndarray of bool
        Rural by the classification of 2021.
    imd_decile : numpy.ndarray of int8
        Deprivation 2025 among the small areas of England, 1 most to 10 least.
    population, age_18_64, age_65_74, age_75_84, age_85_plus : numpy.ndarray of int64
        Residents at the 2021 census.
    owned_outright_share, no_car_share, social_rented_share : numpy.ndarray of float64
        Of households, 0-1.
    disabled_share : numpy.ndarray of float64
        Of residents, 0-1.
    """

    name: str
    code: str
    council: Council
    scale: float
    people_share: float
    facts: Facts
    filled: dict[str, str]
    overridden: tuple[str, ...]
    override_digest: str | None
    small_area: np.ndarray
    easting: np.ndarray
    northing: np.ndarray
    jitter_metres: np.ndarray
    rural: np.ndarray
    imd_decile: np.ndarray
    population: np.ndarray
    age_18_64: np.ndarray
    age_65_74: np.ndarray
    age_75_84: np.ndarray
    age_85_plus: np.ndarray
    owned_outright_share: np.ndarray
    no_car_share: np.ndarray
    social_rented_share: np.ndarray
    disabled_share: np.ndarray

    def __len__(self) -> int:
        """Number of small areas."""
        return len(self.easting)

    @property
    def age_65_plus(self) -> np.ndarray:
        """Residents aged 65 and over in each small area, int64."""
        return self.age_65_74 + self.age_75_84 + self.age_85_plus

    @property
    def total_population(self) -> int:
        """Residents of all ages."""
        return int(self.population.sum())

    @property
    def total_18_64(self) -> int:
        """Residents aged 18 to 64."""
        return int(self.age_18_64.sum())

    @property
    def total_65_plus(self) -> int:
        """Residents aged 65 and over."""
        return int(self.age_65_plus.sum())

    @property
    def total_85_plus(self) -> int:
        """Residents aged 85 and over."""
        return int(self.age_85_plus.sum())

    @property
    def rural_65_plus_share(self) -> float:
        """Share of residents aged 65 and over who live in rural small areas, 0-1."""
        return int(self.age_65_plus[self.rural].sum()) / self.total_65_plus

    def zones(self, n: int) -> np.ndarray:
        """Return `n` compact zones with about equal people aged 65 and over (int32, one a small area).

        See `homecare.area_shape.equal_zones`; raises ValueError unless 1 <= n <= len(area).
        """
        return equal_zones(self.easting, self.northing, self.age_65_plus, n)

    def older_weights(self, places: PlaceUncertainty | None = None) -> np.ndarray:
        """Return weights that place older service users: residents times the use of homecare at their age.

        `places` holds the assumed ratios between ages; without it their defaults.
        """
        places = places or PlaceUncertainty()
        return (
            self.age_65_74
            + places.use_75_84_ratio * self.age_75_84
            + places.use_85_plus_ratio * self.age_85_plus
        )

    def working_weights(self, places: PlaceUncertainty | None = None) -> np.ndarray:
        """Return weights that place care workers: residents aged 18 to 64 times a gradient in deprivation.

        `places` holds the assumed gradient; without it its default.
        """
        ratio = (places or PlaceUncertainty()).care_work_deprived_ratio
        return self.age_18_64 * (1.0 + (ratio - 1.0) * (10 - self.imd_decile) / 9.0)

    def population_weights(self) -> np.ndarray:
        """Return weights that place branches: residents of all ages."""
        return self.population.astype(np.float64)

    def place_people(
        self, weights: np.ndarray, u_area: np.ndarray, u_x: np.ndarray, u_y: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Place people at small areas by weight, each in a square of +-`jitter_metres` around the centre.

        Parameters
        ----------
        weights : numpy.ndarray, shape (len(area),)
            Weight of each small area, 0 or more, with a positive sum.
        u_area, u_x, u_y : numpy.ndarray of float64, shape (n,)
            Uniforms in [0, 1): one for the small area, two for the place in its square.

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
        squares = self.squares(weights)
        u_area, u_x, u_y = (np.asarray(u, dtype=np.float64) for u in (u_area, u_x, u_y))
        check_uniforms(u_area=u_area, u_x=u_x, u_y=u_y)
        return squares.place(u_area, u_x, u_y)

    def squares(self, weights: np.ndarray) -> Squares:
        """Return where people stand who are drawn by weights of the small areas, see :meth:`place_people`."""
        return weigh_squares(weights, (self.easting, self.northing, self.jitter_metres))


def load_area(name: str, scale: float = 1.0, override: str | Path | None = None) -> Area:
    """Load a council, or a compact part of it.

    Parameters
    ----------
    name : str
        Anything that `find_council` knows.
    scale : float
        Share of the council's people aged 65 and over to take, in (0, 1]. The part is compact, so distances
        stay true, and chosen to be like the whole in rurality, deprivation, tenure and spacing.
    override : str or Path, optional
        A CSV of the user's own facts about the whole council; see `homecare.area_csv.read_override`.

    Raises
    ------
    UnknownArea
        If no council is called so.
    ValueError
        If `scale` is outside (0, 1].
    homecare.area_csv.OverrideError
        If the CSV has faults.
    """
    if not isinstance(scale, Real) or isinstance(scale, bool) or not 0 < scale <= 1:
        raise ValueError(f"scale is {scale!r}; it must be a share of the council's people: above 0, up to 1")
    council = find_council(name)
    row = councils()[council.code]
    facts, filled = whole_council_facts(row)
    own, digest = ({}, None) if override is None else read_override(override, row)
    facts |= own
    columns, people_share = _columns(council.code, float(scale))
    kinds = council_columns()
    scaled = {name: v * people_share if kinds[name]["kind"] == "count" else v for name, v in facts.items()}
    for values in columns.values():
        values.setflags(write=False)
    return Area(
        name=council.name,
        code=council.code,
        council=council,
        scale=float(scale),
        people_share=people_share,
        facts=Facts(scaled),
        filled={name: source for name, source in filled.items() if name not in own},
        overridden=tuple(own),
        override_digest=digest,
        **columns,
    )


def _columns(code: str, scale: float) -> tuple[dict[str, np.ndarray], float]:
    """Return the columns of the small areas taken and their share of people aged 65 and over."""
    everywhere = small_areas()
    first, end = np.searchsorted(everywhere["council"], [code, code + "~"])
    here = {name: values[first:end] for name, values in everywhere.items()}
    easting, northing = here["easting"].astype(np.float64), here["northing"].astype(np.float64)
    ages = ("population", "age_18_64", "age_65_74", "age_75_84", "age_85_plus")
    people = {name: here[name].astype(np.int64) for name in ages}
    older = people["age_65_74"] + people["age_75_84"] + people["age_85_plus"]
    households = here["households"].astype(np.float64)
    columns = people | {
        "small_area": here["code"].copy(),
        "easting": easting,
        "northing": northing,
        "jitter_metres": jitter_metres(easting, northing),
        "rural": here["rural"] == 1,
        "imd_decile": here["imd_decile"].astype(np.int8),
        "owned_outright_share": here["owned_outright"] / households,
        "no_car_share": here["no_car"] / households,
        "social_rented_share": here["social_rented"] / households,
        "disabled_share": here["disabled"] / people["population"],
    }
    if scale == 1.0:
        return columns, 1.0
    mean_jitter = math.fsum(columns["jitter_metres"] * older) / int(older.sum())
    traits = [
        2.0 * columns["rural"],  # rurality decides travel, so it counts twice
        columns["imd_decile"] / 10.0,
        columns["owned_outright_share"],
        columns["jitter_metres"] / mean_jitter,
    ]
    part = compact_part(easting, northing, older, scale, traits)
    return {name: values[part] for name, values in columns.items()}, int(older[part].sum()) / int(older.sum())
