"""Shards: one sweep made by several jobs that know nothing of one another but their number."""

from __future__ import annotations

import re

from homecare.scenario_fault import Fault, Place, ScenarioError

Shard = tuple[int, int]
"""Number of the shard, from 1, and how many there are."""

MOST_SHARDS = 10_000


def read_shard(text: str) -> Shard:
    """Read a shard as a command line gives it: ``2/8`` is the second of eight.

    Raises
    ------
    ScenarioError
        If the text says no shard.

    Examples
    --------
    >>> read_shard("2/8")
    (2, 8)
    """
    match = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", text)
    if match is not None and 1 <= int(match[1]) <= int(match[2]) <= MOST_SHARDS:
        return int(match[1]), int(match[2])
    allowed = "number/of, such as 1/8 for the first of eight"
    raise ScenarioError([Fault(Place("--shard"), "", "this is no shard", text, allowed)])


def name_of(shard: Shard) -> str:
    """Return the name of a shard's manifest.

    Examples
    --------
    >>> name_of((2, 8))
    'shard-2-of-8'
    """
    return f"shard-{shard[0]}-of-{shard[1]}"


def is_in(key: str, shard: Shard) -> bool:
    """Return whether a shard makes what has this key; every key is in exactly one shard.

    Examples
    --------
    >>> [is_in("0000000000ff", (number, 2)) for number in (1, 2)]
    [False, True]
    """
    return int(key[:12], 16) % shard[1] == shard[0] - 1
