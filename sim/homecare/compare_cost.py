"""Cost against quality: the cost-effectiveness plane and the acceptability curve.

The effect is a SCRQoL point-year: one point of the 0-24 score for one person served for one year. The score is a plain
sum of eight domains and is **not preference-weighted**, so no published threshold of willingness to pay applies to it:
what follows is illustrative. Both sides are per person served, so waiting does not show; read it beside access.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from homecare.compare_pairs import interval
from homecare.compare_runs import Comparison

WEEKS_A_YEAR = 365.25 / 7.0

WILLINGNESS = tuple(float(pounds) for pounds in range(0, 5001, 100))
"""Pounds for a SCRQoL point-year over which acceptability is drawn. Assumption: a twenty-fourth of up to 120,000
pounds, wide on purpose, since no value of a point of the unweighted score is known."""


def cost_and_quality(comparison: Comparison) -> pd.DataFrame:
    """Return cost and quality of every run: one row a scenario and seed on which all scenarios finished.

    Returns
    -------
    DataFrame
        ``scenario, seed``; ``cost``: pounds a year that the council spends for a person served, of whatever route;
        ``scrqol``: mean score of people served; ``more_cost`` and ``more_scrqol``: less those of the reference on
        the same seed.
    """
    labels = [comparison.reference, *comparison.others]
    frame = comparison.frame[comparison.frame.status == "finished"]
    seeds = [seed for seed in comparison.values(comparison.reference, "scrqol").index
             if all(((frame.label == label) & (frame.seed == seed)).any() for label in labels)]
    rows = []
    for label in labels:
        spend, served = comparison.values(label, "council_spend"), comparison.values(label, "people_served")
        scrqol = comparison.values(label, "scrqol")
        for seed in seeds:
            cost = 1000.0 * spend[seed] * WEEKS_A_YEAR / served[seed] if served[seed] > 0 else math.nan
            rows.append({"scenario": label, "seed": seed, "cost": cost, "scrqol": scrqol[seed]})
    table = pd.DataFrame(rows, columns=["scenario", "seed", "cost", "scrqol"])
    first = table[table.scenario == comparison.reference].set_index("seed")
    for name in ("cost", "scrqol"):
        table[f"more_{name}"] = table[name] - table.seed.map(first[name])
    return table.dropna().reset_index(drop=True)


def acceptability(table: pd.DataFrame, willingness: Sequence[float] = WILLINGNESS) -> pd.DataFrame:
    """Return in what share of seeds each scenario has the highest net benefit, by willingness to pay.

    Net benefit on a seed is ``willingness * scrqol - cost``; scenarios that tie share the seed.

    Parameters
    ----------
    table : DataFrame
        Of `cost_and_quality`: needs ``scenario, seed, cost, scrqol``.
    willingness : sequence of float
        Pounds for a SCRQoL point-year, from 0.

    Returns
    -------
    DataFrame
        One row a willingness (index), one column a scenario; rows add up to one.

    Raises
    ------
    ValueError
        If there is no seed, or willingness is negative.
    """
    if len(table) == 0:
        raise ValueError("no seed on which every scenario has both cost and quality")
    if min(willingness) < 0.0:
        raise ValueError("willingness to pay is zero or more")
    labels = list(dict.fromkeys(table.scenario))
    cost = table.pivot(index="seed", columns="scenario", values="cost")[labels].dropna()
    scrqol = table.pivot(index="seed", columns="scenario", values="scrqol")[labels].loc[cost.index]
    shares = []
    for pounds in willingness:
        benefit = pounds * scrqol.to_numpy() - cost.to_numpy()
        best = benefit == benefit.max(axis=1, keepdims=True)
        shares.append((best / best.sum(axis=1, keepdims=True)).mean(axis=0))
    return pd.DataFrame(np.array(shares), index=pd.Index(willingness, name="pounds for a SCRQoL point-year"),
                        columns=labels)


def cost_lines(comparison: Comparison) -> list[str]:
    """Return cost against quality in words: one line a scenario, and what it is and is not."""
    table = cost_and_quality(comparison)
    lines = ["Cost against quality, a year and person served (illustrative: the 0-24 score is not preference-weighted)"]
    for label in comparison.others:
        rows = table[table.scenario == label]
        if len(rows) < 2:
            lines.append(f"  {label}: too few seeds with a value")
            continue
        more, low, high, _ = interval(rows.more_cost.to_numpy())
        gain, gain_low, gain_high, _ = interval(rows.more_scrqol.to_numpy())
        lines.append(f"  {label}: {_pounds(more)} ({_pounds(low)} to {_pounds(high)}) for {gain:+.3f} SCRQoL "
                     f"({gain_low:+.3f} to {gain_high:+.3f}); {_reading(more, low, high, gain, gain_low, gain_high)}")
    return lines


def _pounds(value: float) -> str:
    return f"{'-' if value < 0 else '+'}£{abs(value):,.0f}"


def _reading(more: float, low: float, high: float, gain: float, gain_low: float, gain_high: float) -> str:
    """What the two differences say together; a ratio only where both are clear and of one sign."""
    unclear = [low <= 0.0 <= high, gain_low <= 0.0 <= gain_high]
    if any(unclear):
        return f"{'neither is clear' if all(unclear) else 'one of the two is not clear'}, so no ratio is given"
    if more < 0.0 < gain:
        return "cheaper and better"
    if gain < 0.0 < more:
        return "dearer and worse"
    ratio = abs(more / gain)
    if more > 0.0:
        return f"£{ratio:,.0f} for a point-year more"
    return f"£{ratio:,.0f} saved for a point-year given up"
