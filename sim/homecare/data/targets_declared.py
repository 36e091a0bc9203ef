"""What a baseline must look like: every validation target, declared once from rows of evidence.

A target is a figure that somebody measured, with the range in which the model must come to lie. Both are written
here as arithmetic on evidence, so that no number stands here that the evidence table or the council table lacks, but
for tolerances, which say in words where they come from. They were set before the model was compared with them.

Kinds: an *echo* is an input that comes back; a *calibrated* target was looked at when assumptions were chosen; an
*emergent* one was not, and tests the model. No figure serves as both.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

COUNCILS: Mapping[str, str] = {
    "Wiltshire": "rural county, south",
    "Northumberland": "rural county, north",
    "Torbay": "small coastal unitary, old",
    "Birmingham": "big city, deprived",
    "Tower Hamlets": "inner London, young and poor",
    "Bromley": "outer London, well off",
    "Surrey": "wealthy home county",
    "Knowsley": "deprived north-western borough",
}
"""Eight councils that differ: name and what it stands for."""

TURNOVER_COLUMNS = ("asc_turnover_pct_2223", "asc_turnover_pct_2324", "asc_turnover_pct_2425")


class Declared(NamedTuple):
    """One national target: ``of`` takes the values of the rows of evidence in ``sources``, in their order, and
    returns target, low and high."""

    id: str
    kind: str
    unit: str
    sources: tuple[str, ...]
    of: Callable[..., tuple[float, float, float]]
    tolerance: str


def around(distance: float) -> Callable[[float], tuple[float, float, float]]:
    """Return a rule: the value, and the same distance either way."""
    return lambda value: (value, value - distance, value + distance)


def within(low: float, high: float) -> Callable[[float], tuple[float, float, float]]:
    """Return a rule: the value, between two figures of the evidence page."""
    return lambda value: (value, low, high)


ECHOES = (
    Declared("self_funder_share", "echo", "per cent of people served", ("selffund_share_ons", "selffund_share_hours"),
             lambda ons, hours: (ons, 20.0, hours), "ONS; range of the trade body's 20 to 30"),
    Declared("fee_paid", "echo", "pounds an agreed hour", ("fee_la_2025_26", "fee_la_2024_adass", "fee_uplift_2025"),
             lambda fee, before, uplift: (fee, before, fee * (1.0 + uplift / 100.0)),
             "from the councils' figure of the year before to one more year's uplift"),
    Declared("median_wage", "echo", "pounds an hour", ("pay_cw_median_dec2025", "nlw_2025"),
             lambda median, floor: (median, floor, floor + 0.80), "wage floor to 80p above it, as the evidence page"),
    Declared("direct_payment_share", "echo", "per cent of council-funded people",
             ("dp_share_65plus", "dp_share_2023_24"), lambda old, every: (old, 11.0, every),
             "lowest five councils (11) to people of all ages"),
    Declared("arrivals_from_hospital", "echo", "per cent of new people", ("package_hospital_share",),
             within(20.0, 45.0), "range of the evidence page"),
)

CALIBRATED = (
    Declared("turnover", "calibrated", "per cent a year", ("turnover_dom_all_staff_2023_24",), around(3.0),
             "3 points either way, as the evidence page"),
    Declared("vacancy_rate", "calibrated", "per cent of hours", ("vacancy_dom_2024_25",), around(1.5),
             "1.5 points either way, as the evidence page"),
    Declared("zero_hours_share", "calibrated", "per cent of workers",
             ("zhc_dom_care_workers_2018_19", "zhc_dom_staff_recent", "zhc_homecare_ukhca_2014"),
             lambda workers, staff, trade: (workers, staff, trade),
             "all domiciliary staff (about 2024) to the trade body's care workers"),
    Declared("hours_per_person", "calibrated", "hours a week", ("hours_week_2024_25",), around(1.0),
             "1 hour either way, as the evidence page"),
    Declared("visits_of_30_minutes", "calibrated", "per cent of visits", ("visit_share_30_2019",),
             within(60.0, 75.0), "range of the evidence page"),
    Declared("scrqol", "calibrated", "score 0-24", ("scrqol_2014_15",), within(18.5, 19.5),
             "range of the evidence page (regions 18.5 to 19.4)"),
    Declared("rated_good", "calibrated", "per cent of rated agencies", ("cqc_dom_good_2021",), around(4.0),
             "4 points either way, as the evidence page"),
    Declared("agencies_up_to_four", "calibrated", "per cent of agencies", ("very_small_2025",), around(7.0),
             "7 points either way: the change of the last two years"),
    Declared("margin", "calibrated", "per cent of income", ("surplus_hca_assumed",), within(0.0, 10.0),
             "range of the returns in surplus_hounslow_mean"),
    Declared("workers_per_user", "calibrated", "ratio", ("workers_per_client_2023_derived",), within(0.54, 0.72),
             "1.38 to 1.79 clients a worker in member surveys, and the figure itself"),
    Declared("exit_rate", "calibrated", "ends a person-year", ("ltc_exit_rate_derived",), within(0.28, 0.50),
             "range of the evidence page for homecare"),
    Declared("assessment_wait", "calibrated", "days",
             ("devon_assess_wait_2015_16", "devon_assess_wait_2016_17", "devon_assess_wait_2017_18",
              "devon_assess_wait_2018_19"),
             lambda *years: (statistics.fmean(years), min(years), max(years)), "lowest and highest of four years"),
    Declared("near_the_floor", "calibrated", "per cent of workers", ("pay_share_within10p_nlw_dec2025",),
             within(15.0, 35.0), "range of the evidence page"),
    Declared("entries", "calibrated", "per cent of agencies a year", ("entry_rate_derived_2025",),
             within(14.0, 20.0), "range of entry_rate_derived_2014_18"),
    Declared("hires_from_sector", "calibrated", "per cent of hires", ("starters_from_within_2021_22",
             "starters_from_within_2023_24", "starters_from_within_2019_20"),
             lambda middle, low, high: (middle, low, high), "lowest and highest year, 2018 to 2024"),
)

FIRST_EMERGENT = (  # when declared; each of them that has been looked at since says "calibrated"
    Declared("gap_zero_hours", "emergent", "points", ("turnover_zero_hours_2018_19", "turnover_not_zero_hours_2018_19"),
             lambda zero, others: (zero - others, 3.0, 9.0), "3 to 9 points, as the evidence page"),
    Declared("gap_pay", "emergent", "points", ("turnover_pay_at_or_below_nlw", "turnover_pay_150p_above_nlw"),
             lambda low, high: (low - high, 4.0, 10.0), "4 to 10 points, as the evidence page"),
    Declared("turnover_first_year", "emergent", "ratio", ("turnover_under_1yr_experience_2021_22",
             "turnover_care_workers_2021_22"), lambda new, every: around(0.15)(new / every),
             "0.15 either way, as the evidence page"),
    Declared("turnover_after_ten_years", "emergent", "ratio", ("turnover_10yr_experience_2021_22",
             "turnover_20yr_experience_2021_22", "turnover_care_workers_2021_22"),
             lambda ten, twenty, every: around(0.15)(0.5 * (ten + twenty) / every),
             "mean of two tables, 0.15 either way, as the evidence page"),
    Declared("missed_visits", "emergent", "per 1,000 visits", ("missed_per_1000_derived",), within(0.9, 3.0),
             "the figure's own range (24 or 7 visits a week)"),
    Declared("late_visits", "emergent", "per cent of visits", ("visits_late30",), within(6.0, 20.0),
             "range of the evidence page"),
    Declared("start_wait", "emergent", "days", ("devon_start_wait_2015_16", "devon_start_wait_2016_17",
             "devon_start_wait_2017_18", "devon_start_wait_2018_19"),
             lambda *years: (statistics.fmean(years), min(years), max(years)), "lowest and highest of four years"),
    Declared("closures", "calibrated", "per cent of agencies a year", ("closure_2017", "deregistered_2025",
             "closure_2014_16"), lambda middle, low, high: (middle, low, high), "lowest and highest year"),
    Declared("people_losing_agency", "calibrated", "per cent of people a year",
             ("adass18_people_closure", "adass18_people_handback", "recipients_la_2017", "adass25_autumn_people",
              "la_users_derived_2022", "adass19_people_closure", "adass19_people_handback"),
             lambda closed, back, users, new, new_users, closed19, back19: (
                 200.0 * (closed + back) / users, 200.0 * new / new_users, 200.0 * (closed19 + back19) / users),
             "half-years of 2018, 2025 (lowest) and 2018-19 (highest), twice, over council-funded people"),
    Declared("agencies_under_thirty", "emergent", "per cent of agencies", ("offices_under30",), within(45.0, 50.0),
             "the figure's own range"),
    Declared("travel_share", "calibrated", "per cent of contact and travel", ("travel_share_ukhca_2020",),
             within(13.0, 25.0), "9 to 20 minutes an hour of contact, as the evidence page"),
    Declared("miles_per_visit", "emergent", "miles", ("miles_per_visit_2022", "mp2020_mileage", "mileage_hmrc_rate",
             "mean_visit_minutes_derived", "travel_miles_visit"),
             lambda miles, pounds, rate, minutes, high: (miles, 100.0 * pounds / rate * minutes / 60.0, high),
             "the price model's mileage at the tax-free rate, to the survey of 2017-18"),
    Declared("visits_up_to_15_minutes", "emergent", "per cent of visits", ("visit_share_15_2012",),
             within(2.0, 16.0), "range of the evidence page"),
    Declared("control_adequate", "calibrated", "per cent of people", ("control_1b_2014_15",), around(4.0),
             "4 points either way, as the evidence page"),
    Declared("control_full", "calibrated", "per cent of people", ("control_full_2010_11",), around(4.0),
             "4 points either way, as the evidence page"),
    Declared("suitable_times", "emergent", "per cent of people", ("suittime_2008", "suittime_2005"),
             lambda late, early: (late, late - 4.0, early + 4.0),
             "two surveys, 4 points either way as for other survey shares"),
    Declared("reviewed_in_year", "emergent", "per cent of people", ("reviewed_2019_20",), within(43.0, 75.0),
             "range of regions, 2019-20 and 2020-21"),
)


def target_rows(value: Callable[[str], float], row_of: Callable[[str], Mapping[str, Any]],
                councils: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return every target as a row of text.

    Parameters
    ----------
    value : the value of a row of evidence by its id
    row_of : the whole row, for its year and source
    councils : name to row of the council table, blank numbers None

    Raises
    ------
    KeyError
        If evidence or a council is missing.
    ValueError
        If a target is not inside its own range.
    """
    rows = []
    for one in (*ECHOES, *CALIBRATED, *FIRST_EMERGENT):
        target, low, high = one.of(*(value(id) for id in one.sources))
        years = sorted({row_of(id)["year"] for id in one.sources if row_of(id)["year"]})
        rows.append(_row(one.id, one.id, one.kind, "England", "; ".join(years), " ".join(one.sources), one.unit, target,
                         low, high, one.tolerance))
    return rows + council_rows(councils)


def council_rows(councils: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the targets of each of the eight councils and of the spread over them."""
    rows = []
    clients = sum(row["hc_clients_all_mar2014"] or 0.0 for row in councils.values())
    intensive = sum(row["hc_intensive_clients_2014"] or 0.0 for row in councils.values())
    shares = [row["hc_intensive_clients_2014"] / row["hc_clients_all_mar2014"] for row in councils.values()
              if row["hc_intensive_clients_2014"] is not None and row["hc_clients_all_mar2014"]]
    lower, _, upper = statistics.quantiles(shares, n=4)
    rows.append(_row("intensive_share", "intensive_share", "emergent", "England", "2014",
                     "hc_intensive_clients_2014 hc_clients_all_mar2014", "per cent of council-funded people",
                     100.0 * intensive / clients, 100.0 * lower, 100.0 * upper, "middle half of councils"))
    waits = [row["wait_start_median_days_2223"] for row in councils.values()
             if row["wait_start_median_days_2223"] is not None]
    lower, middle, upper = statistics.quantiles(waits, n=4, method="inclusive")
    rows.append(_row("start_wait_median", "start_wait_median", "emergent", "England", "2022-23",
                     "wait_start_median_days_2223", "days", middle, lower, upper, "middle half of 39 councils"))
    spreads = [statistics.stdev([councils[name][year] for name in COUNCILS]) for year in TURNOVER_COLUMNS]
    rows.append(_row("turnover_spread", "turnover_spread", "emergent", "the eight councils", "2022-23 to 2024-25",
                     " ".join(TURNOVER_COLUMNS), "points", statistics.fmean(spreads), min(spreads), max(spreads),
                     "standard deviation over the eight, lowest and highest of three years (all social care)"))
    scores = [row["ascof_1a_qol"] for row in councils.values() if row["ascof_1a_qol"] is not None]
    deviation = statistics.stdev(scores)
    for name in COUNCILS:
        short = name.lower().replace(" ", "_")
        quality = councils[name]["ascof_1a_qol"]
        rows.append(_row(f"scrqol_{short}", "scrqol", "emergent", name, "2024-25", "ascof_1a_qol", "score 0-24", quality,
                         quality - deviation, quality + deviation, "one standard deviation over councils either way"))
        years = [councils[name][year] for year in TURNOVER_COLUMNS]
        rows.append(_row(f"turnover_{short}", "turnover", "emergent", name, "2022-23 to 2024-25",
                         " ".join(TURNOVER_COLUMNS), "per cent a year", statistics.fmean(years), min(years), max(years),
                         "lowest and highest of three years (all social care, not homecare alone)"))
    return rows


def _row(*cells: str | float) -> dict[str, str]:
    *_, target, low, high, _ = cells
    if not low <= target <= high:
        raise ValueError(f"target {cells[0]}: {target} is not within {low} to {high}")
    said: Sequence[str] = [f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in cells]
    return dict(zip(TARGET_COLUMNS, said, strict=True))


TARGET_COLUMNS = ("id", "measure", "kind", "area", "year", "source", "unit", "target", "low", "high", "tolerance")
"""Columns of ``targets.csv``."""
