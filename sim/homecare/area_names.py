"""The 153 English councils by any of their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from homecare.data import UnknownName, councils, did_you_mean, nearest_names

TITLES = re.compile(
    r"^(the )?((london|royal|metropolitan) )?(borough|city|county) of |( (county|city|borough))? council$"
)
"""What may stand around a plain name; tried only after the name as given."""


class UnknownArea(UnknownName):
    """A name that is no English council's; `nearest` holds up to three that resemble it."""


@dataclass(frozen=True)
class Council:
    """One of the 153 English councils with duties in adult social care (April 2023 geography)."""

    code: str
    name: str
    ons_name: str
    aliases: tuple[str, ...]
    code_2025: str
    type: str
    region: str


def council_names() -> tuple[str, ...]:
    """Return the names of the 153 councils in alphabetical order."""
    return tuple(sorted(row["name"] for row in councils().values()))


def find_council(name: str) -> Council:
    """Find a council by its name, official name, another name in use, or code (of 2023 or 2025).

    Case, punctuation and '&' for 'and' do not matter, nor does a title such as 'County Council' after the
    name or 'Royal Borough of' before it.

    Raises
    ------
    UnknownArea
        If no council is called so; `nearest` holds up to three that resemble it.

    Examples
    --------
    >>> find_council("BATH & north-east somerset").code, find_council("E06000054").name
    ('E06000022', 'Wiltshire')
    """
    key = _plain(str(name))
    code = _names().get(key) or _names().get(TITLES.sub("", key))
    if code is None:
        codes = [_names()[near] for near in nearest_names(key, _names(), n=6)]
        nearest = tuple(dict.fromkeys(councils()[near]["name"] for near in codes))[:3]
        hint = did_you_mean(nearest) or "; `homecare areas` lists all 153"
        raise UnknownArea(f"no English council is called {name!r}{hint}", str(name), nearest)
    row = councils()[code]
    return Council(
        **{field: row[field] for field in ("code", "name", "ons_name", "code_2025", "type", "region")},
        aliases=tuple(row["aliases"].split(";")) if row["aliases"] else (),
    )


@cache
def _names() -> dict[str, str]:
    """Return every plain name, other name and code of a council: to its code."""
    names: dict[str, str] = {}
    for code, row in councils().items():
        for name in (row["name"], row["ons_name"], code, row["code_2025"], *row["aliases"].split(";")):
            if name and names.setdefault(_plain(name), code) != code:
                raise ValueError(f"two councils are called {name!r}: {names[_plain(name)]} and {code}")
    return names


def _plain(name: str) -> str:
    """Return a name in lower case, '&' as 'and', apostrophes dropped, other punctuation as single spaces."""
    text = name.casefold().replace("&", " and ").replace("'", "").replace("\u2019", "")
    return " ".join(re.findall(r"\w+", text))
