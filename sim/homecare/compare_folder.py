"""A comparison as a folder: tables for any program, figures, and a page of words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from homecare.compare_cost import acceptability, cost_and_quality, cost_lines
from homecare.compare_groups import by_group, group_lines
from homecare.compare_runs import PRECISION, Comparison
from homecare.compare_words import about, luck_lines, page
from homecare.plots_compare import draw_comparison
from homecare.store import COMPARISON, new_result, stamp, write_said


def write_comparison(comparison: Comparison, out: Path, precision: float | Mapping[str, float] = PRECISION) -> None:
    """Write a comparison into a folder, whole or not at all; an earlier one there is replaced, and nothing else.

    ``runs.csv`` has a row a run, ``comparison.csv`` a row a scenario and outcome, ``groups.csv`` a row a scenario,
    measure and group, ``cost.csv`` a row a scenario and seed, ``acceptability.csv`` a row a willingness to pay;
    ``comparison.txt`` says it all in words, with the attribution that the licences of the data ask for;
    ``provenance.json`` says what was compared.

    Raises
    ------
    ScenarioError
        As `homecare.store.checked_place`.
    """
    with new_result(out, COMPARISON) as folder:
        _fill(comparison, folder, precision)
        compared = {"reference": comparison.reference, "others": comparison.others, "window": comparison.window}
        write_said(folder, {**stamp(), COMPARISON: compared, "files": sorted(os.listdir(folder))})


def _fill(comparison: Comparison, folder: Path, precision: float | Mapping[str, float]) -> None:
    _write(comparison.frame, folder / "runs.csv")
    _write(comparison.table(precision), folder / "comparison.csv")
    _write(by_group(comparison), folder / "groups.csv")
    cost = cost_and_quality(comparison)
    _write(cost, folder / "cost.csv")
    if len(cost):
        _write(acceptability(cost).reset_index(), folder / "acceptability.csv")
    text = "\n".join([*comparison_lines(comparison, True, precision), "", stamp()["attribution"]])
    (folder / "comparison.txt").write_text(text + "\n", encoding="utf-8", newline="\n")
    draw_comparison(comparison, folder)


def comparison_lines(comparison: Comparison, every: bool, precision: float | Mapping[str, float]) -> list[str]:
    """Return a comparison in words: outcomes, groups, what common luck saves, cost against quality."""
    lines = about(comparison)
    for label in comparison.others:
        lines += ["", *page(comparison, label, every), "", *group_lines(comparison, label)]
        lines += ["", *luck_lines(comparison, label, precision, every)]
    return [*lines, "", *cost_lines(comparison)]


def _write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.8g", lineterminator="\n", encoding="utf-8")
