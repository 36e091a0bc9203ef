"""Who gains and who loses: paired differences of groups of people over the last 13 weeks of the runs.

A group is whoever is in it at the time, so a difference is partly a difference of who is served: a way of buying that
serves people sooner also serves people whom the other world would have left waiting. Read it beside the number served.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from homecare.compare_pairs import Pair, pair
from homecare.compare_runs import Comparison
from homecare.compare_words import ends, places, verdict
from homecare.outcomes_groups import GROUPS, MEASURES, QUARTER
from homecare.words import number, scaled, shown_unit


def by_group(comparison: Comparison) -> pd.DataFrame:
    """Return one row a scenario, measure and group: the paired difference from the reference.

    Returns
    -------
    DataFrame
        ``scenario, measure, unit, better, kind, group``, then the fields of `homecare.compare_pairs.Pair`, ``clear``
        and ``apart``: whether the interval of the group leaves out the difference of everybody.
    """
    frame = comparison.groups()
    wide = {(label, kind, group): rows.set_index("seed")
            for (label, kind, group), rows in frame.groupby(["label", "kind", "group"], sort=False)}
    rows = []
    for label in comparison.others:
        for measure, (unit, better, _) in MEASURES.items():
            whole = None
            for kind, groups in GROUPS.items():
                for group in groups:
                    found = _pair(wide, comparison.reference, label, kind, group, measure, better)
                    whole = found if whole is None else whole
                    apart = found.low > whole.difference or found.high < whole.difference
                    rows.append({"scenario": label, "measure": measure, "unit": unit, "better": better, "kind": kind,
                                 "group": group, **asdict(found), "clear": found.clear, "apart": apart})
    return pd.DataFrame(rows)


def _pair(wide: dict[tuple[str, str, str], pd.DataFrame], reference: str, label: str, kind: str, group: str,
          measure: str, better: str) -> Pair:
    if (reference, kind, group) not in wide or (label, kind, group) not in wide:
        return pair(np.zeros(0), np.zeros(0), better)
    a, b = wide[reference, kind, group][measure], wide[label, kind, group][measure]
    seeds = [seed for seed in a.index if seed in b.index]
    return pair(a[seeds].to_numpy(np.float64), b[seeds].to_numpy(np.float64), better)


def last_weeks(comparison: Comparison) -> str:
    """Return in words over which weeks groups are compared: no others are counted, whatever the window."""
    first = comparison.scenarios.get(comparison.reference)
    weeks = None if first is None else first.weeks
    last = QUARTER if weeks is None else min(QUARTER, weeks)
    elsewhere = weeks is not None and comparison.window not in (None, (weeks - last, weeks - 1))
    words = ", not the window asked for (groups are counted in no other weeks)" if elsewhere else ""
    return f"last {last} weeks of the run{words}"


def group_lines(comparison: Comparison, label: str, measure: str = "scrqol") -> list[str]:
    """Return who gains and who loses by one measure, a line a group."""
    unit, better, meaning = MEASURES[measure]
    table = by_group(comparison)
    table = table[(table.scenario == label) & (table.measure == measure)]
    lines = [f"{meaning}, {last_weeks(comparison)}, {label} against {comparison.reference} ({shown_unit(unit)})"]
    fields = list(Pair.__dataclass_fields__)
    whole_clear = bool(len(table)) and bool(table.clear.iloc[0])
    for row in table.to_dict("records"):
        found = Pair(**{name: row[name] for name in fields})
        if found.seeds < 2:
            lines.append(f"  {row['group']:<29} too few seeds with a value")
            continue
        shown = places(found, unit)
        moved = number(scaled(found.difference, unit), shown, sign=True)
        level = number(scaled(found.reference, unit), shown)
        unlike = "; unlike everybody" if row["apart"] and (row["clear"] or whole_clear) else ""
        lines.append(f"  {row['group']:<29} {moved:>8} on {level:<8} (95 % interval {ends(found, unit)}): "
                     f"{verdict(found, better)}{unlike}")
    return lines
