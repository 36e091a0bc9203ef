"""The pairs side by side: what is said of a difference, by hand and on made-up runs."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from homecare.outcomes import OUTCOMES
from homecare.scenario import named
from homecare.validate_pages_pairs import TOTALS, pairs_page, scales_part, signed
from homecare.validate_pairs import Difference, Pair, headline, paired, pairs


def frame(values: dict[int, float]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values) for name in OUTCOMES})


def test_pairs_name_scenarios_that_there_are():
    assert len(pairs()) >= 3
    for pair in pairs():
        assert pair.one != pair.other and {pair.one, pair.other} <= set(named())


def test_differences_are_paired_by_seed():
    found = paired(Pair("p", "a", "b"), frame({1: 1.0, 2: 5.0, 3: 9.0}), frame({2: 6.0, 1: 2.0, 4: 0.0}))
    assert [one.outcome for one in found] == list(OUTCOMES)
    one = found[0]
    assert (one.n, one.one, one.other, one.mean) == (2, 3.0, 4.0, 1.0)
    assert one.low == one.high == 1.0 and one.direction == "higher"


def test_directions():
    def one(mean, low, high):
        return Difference("p", "turnover", 1.0, 1.0 + mean, mean, low, high, 3).direction

    assert one(1.0, 0.5, 1.5) == "higher" and one(-1.0, -1.5, -0.5) == "lower"
    assert one(1.0, -0.5, 2.5) == "not told" and one(1.0, math.nan, math.nan) == "not told"


def test_the_page_holds_every_outcome_of_every_pair():
    found = [one for pair in pairs() for one in paired(pair, frame({1: 1.0, 2: 2.0}), frame({1: 2.0, 2: 1.0}))]
    page = pairs_page(found, pairs(), 2, {"area": "Torbay", "scale": 0.25, "weeks": 104})
    assert page.count("\n| `") == len(pairs()) * len(OUTCOMES)
    small = [replace(one, mean=one.mean / 4, low=one.low / 4, high=one.high / 4) if one.outcome in TOTALS else one
             for one in headline(found)]
    assert {one.outcome for one in small} > TOTALS
    beside = scales_part(small, found, (2, 2), (0.25, 1.0), "Torbay", 104)
    assert beside.count("overlap") == len(small) > 0 and "apart" not in beside
    rows = [line.split("|") for line in beside.splitlines() if line.startswith("| ") and "`" in line]
    assert all(row[4] == row[6] for row in rows)  # totals of the part are raised to the whole
    assert (signed(1234.5), signed(-0.1234), signed(math.nan)) == ("+1234", "-0.123", "-")
