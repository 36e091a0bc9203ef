"""Outcomes of cost and access."""

from __future__ import annotations

from homecare.lived_columns import CONTACT, LIVED, MADE, METRES, TRAVEL
from homecare.outcomes_terms import HIGHER, LOWER, NEITHER, Week, outcome, ratio


@outcome("cost", "thousand pounds a week", LOWER)
def council_spend(x: Week) -> float:
    """Fees and direct payments that the council owes for this week's care, less charges paid by people."""
    return (x.tally["council_fees"] + x.tally["direct_payments_pence"] - x.tally["charges"]) / 100000.0


@outcome("cost", "pounds an hour", LOWER)
def cost_per_hour(x: Week) -> float:
    """Council fees, void hours included, for an hour of care that council-funded people received."""
    return ratio(36.0 * x.tally["council_fees"], x.lived[x.funded_blocks, LIVED].sum())


@outcome("cost", "hours a week", NEITHER)
def hours_delivered(x: Week) -> float:
    """Contact hours given to everybody."""
    return x.total[LIVED] / 3600.0


@outcome("cost", "hours a week", LOWER)
def void_hours(x: Week) -> float:
    """Hours paid for in block contracts and not used."""
    return x.tally["void_seconds"] / 3600.0


@outcome("cost", "pounds a week", NEITHER)
def charges_per_person(x: Week) -> float:
    """Mean charge paid by council-funded people served."""
    return ratio(x.tally["charges"], 100 * x.council.size)


@outcome("cost", "minutes an hour", LOWER)
def travel_minutes(x: Week) -> float:
    """Minutes between visits for an hour of contact."""
    return 60.0 * ratio(x.work[TRAVEL], x.work[CONTACT])


@outcome("cost", "miles a visit", LOWER)
def miles_per_visit(x: Week) -> float:
    """Road miles between visits for each attendance made."""
    return ratio(x.work[METRES] * x.market.uncertainty.travel.detour / 1609.344, x.total[MADE])


@outcome("cost", "pounds a week", LOWER)
def idle_pay(x: Week) -> float:
    """Pay for guaranteed hours without work, all agencies together."""
    return x.tally["idle_pence"] / 100.0



@outcome("cost", "pounds a visit", NEITHER)
def cost_per_visit(x: Week) -> float:
    """Council fees, void hours included, for a visit that council-funded people received."""
    return ratio(x.tally["council_fees"], 100 * x.lived[x.funded_blocks, MADE].sum())


@outcome("cost", "thousand pounds", NEITHER)
def fees_held_back(x: Week) -> float:
    """Fees held back from agencies until outcomes are measured."""
    return int(x.p.withheld[x.blocks].sum()) / 100000.0


@outcome("cost", "share", NEITHER)
def outcome_pay_earned(x: Week) -> float:
    """Paid for outcomes against what had been held back, of people measured this week."""
    return ratio(x.tally["goals_paid"], x.tally["goals_held"])


@outcome("access", "people", LOWER)
def people_waiting_assessment(x: Week) -> float:
    """People who wait for an assessment."""
    return float(x.waiting_assessment.size)


@outcome("access", "people", LOWER)
def people_waiting_start(x: Week) -> float:
    """People with a plan who wait for an agency."""
    return float(x.waiting_start.size)


@outcome("access", "days", LOWER)
def assessment_wait(x: Week) -> float:
    """Mean days from request to assessment, of those assessed this week who had no care before it."""
    return ratio(x.tally["assessment_days"], x.tally["new_assessments"])


@outcome("access", "days", LOWER)
def start_wait(x: Week) -> float:
    """Mean days from assessment to the start of care, of council-funded people who started this week."""
    return ratio(x.tally["start_days"], x.tally["new_starts"])


@outcome("access", "share", HIGHER)
def acceptance(x: Week) -> float:
    """Packages taken, of all times that an agency was asked for one this week."""
    return ratio(x.tally["accepted"], x.tally["asked"])


@outcome("access", "share", HIGHER)
def acceptance_short_calls(x: Week) -> float:
    """Packages of mostly short visits that found an agency this week, of all such that looked for one."""
    return ratio(x.tally["short_call_starts"], x.tally["short_call_requests"])


@outcome("access", "share", HIGHER)
def acceptance_rural(x: Week) -> float:
    """Packages in rural small areas that found an agency this week, of all such that looked for one."""
    return ratio(x.tally["rural_starts"], x.tally["rural_requests"])


@outcome("access", "share", HIGHER)
def acceptance_high_need(x: Week) -> float:
    """Packages of 21 hours a week or more that found an agency this week, of all such that looked for one."""
    return ratio(x.tally["high_need_starts"], x.tally["high_need_requests"])


@outcome("access", "people", HIGHER)
def people_served(x: Week) -> float:
    """People who receive care at home."""
    return float(x.served.size)


@outcome("access", "hours a week", NEITHER)
def hours_per_person(x: Week) -> float:
    """Planned contact hours of a council-funded person served, both carers counted."""
    blocks = x.u.block[x.council]
    return ratio(x.p.planned[blocks].sum(), 3600 * blocks.size)


@outcome("access", "reviews", LOWER)
def reviews_overdue(x: Week) -> float:
    """Reviews that are due and not done."""
    return float(x.tally["reviews_overdue"])


@outcome("access", "days", LOWER)
def change_wait(x: Week) -> float:
    """Mean days from asking for a change of plan to its approval, of those approved this week."""
    return ratio(x.tally["change_days"], x.tally["changes"])


@outcome("independence", "share", HIGHER)
def goals_reached(x: Week) -> float:
    """People who reached their goal, of those measured this week under outcome payment."""
    return ratio(x.tally["goals_reached"], x.tally["goals_measured"])
