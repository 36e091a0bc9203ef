"""Twins of small loops: what delivery knows of people, visits, windows, teams, pay days, the ledger, exact sums."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from homecare import lived_columns as c
from homecare import tariff
from homecare.plan import APPROVE
from homecare.tables import NO_WEEK

AGENCYS_OWN = -1.0


def know_people(**g) -> None:
    """Twin of `knowing.know_people`, by whole arrays."""
    active = g["active"]
    who, n = g["user"][active], active.size
    need = np.zeros((n, 4))
    need[active] = g["need"][who]
    there = (g["carers"].reshape(n, 7, 4) > 0).any(axis=1)
    for part in (3, 2, 1):
        small = ~there[:, part]
        need[:, part - 1] += np.where(small, need[:, part], 0.0)
        need[small, part] = 0.0
    g["joined"][:] = need
    g["social"][active] = g["social_need"][who]
    served = active & (g["agency"] >= 0)
    own = g["asked_effort"][served] <= AGENCYS_OWN
    g["effort"][:] = g["usual_effort"]
    g["effort"][served] = np.where(own, g["agency_effort"][g["agency"][served]], g["asked_effort"][served])
    g["wished"].reshape(n, 7, 4)[active] = g["wanted"][who][:, None, :]


def fill_visits(**g) -> None:
    """Twin of `plans.fill_visits`, by whole arrays."""
    blocks, seconds, n = g["blocks"], g["seconds"], g["blocks"].size
    shape = (-1, 7, 4)
    on_day = ((g["days"][:, None] >> np.arange(7)[None, :]) & 1).astype(bool)
    on = on_day[:, :, None] & (seconds > 0)[:, None, :]
    carers = np.where(on, np.where(g["two_carers"], 2, 1)[:, None, None], 0)
    start = np.broadcast_to(g["wanted"][:, None, :], (n, 7, 4))
    band = g["band"][blocks][:, None, None]
    for name, value in (("carers", carers), ("seconds", np.broadcast_to(seconds[:, None, :], (n, 7, 4))),
                        ("wanted", start), ("start", start), ("early", np.maximum(start - band, 0)),
                        ("late", start + band)):
        g["visit_" + name].reshape(shape)[blocks] = value
    g["planned"][blocks] = (carers * seconds[:, None, :]).sum(axis=(1, 2))


def set_around(**g) -> None:
    """Twin of `windows.set_around`, by whole arrays."""
    v, blocks = g["visits"], g["blocks"]
    start, band = v.start.reshape(-1, 28)[blocks], g["band"][blocks][:, None]
    v.early.reshape(-1, 28)[blocks] = np.maximum(start - band, 0)
    v.late.reshape(-1, 28)[blocks] = start + band


def widen(**g) -> np.ndarray:
    """Twin of `windows.widen`, by whole arrays."""
    v, blocks = g["visits"], g["blocks"]
    wanted, band = np.tile(g["wanted"], 7), g["band"][blocks][:, None]
    early, late = v.early.reshape(-1, 28), v.late.reshape(-1, 28)
    v.wanted.reshape(-1, 28)[blocks] = wanted
    early[blocks] = np.minimum(early[blocks], np.maximum(wanted - band, 0))
    late[blocks] = np.maximum(late[blocks], wanted + band)
    off = np.abs(v.start.reshape(-1, 28)[blocks] - wanted) > g["suits"]
    return (blocks[:, None] * 56 + np.arange(56))[np.repeat(off, 2, axis=1)]


def judge_gaps(**g) -> np.ndarray:
    """Twin of `asking.judge_gaps`, by whole arrays."""
    users, blocks, threshold = g["users"], g["blocks"], g["threshold"]
    approves, within_budget = g["approval"][blocks] == APPROVE, g["budgeted"][blocks] == 1
    noticed = (g["luck"] < g["noticing"]) & (g["change_since"][users] == NO_WEEK)
    need, planned = g["need"][users], g["planned"][blocks]
    longer = np.where(g["follows"][blocks] == 2, g["with_factor"], 1.0)
    carers = np.where(g["two_carers"][users], 2, 1)
    a_day = (need[:, 0] + need[:, 1]) + (need[:, 2] + need[:, 3])
    wanted = a_day * g["days_of_mask"][g["days"][users]] * carers * longer * (1.0 - g["trim"][blocks])
    gap = np.abs(wanted - planned) > threshold * np.maximum(planned, 1)
    gap &= noticed | ~approves | within_budget
    within = gap & approves & within_budget & (g["route"][users] != g["self_funder"])
    enough = within & (wanted <= (1.0 + threshold) * g["budget"][blocks])
    asks = gap & approves & noticed & ~enough
    return 1 * (gap & ~approves) + 2 * within + 4 * asks


def stands(**g) -> bool:
    """Twin of `placing.stands`: the teams made anew are those of the list, whatever the order within one."""
    first = g["first"].tolist()
    listed = [sorted(g["team"][a:b].tolist()) for a, b in zip(first[:-1], first[1:], strict=True)]
    employed = np.flatnonzero(g["working"] & (g["employer"] < 0))
    made = [[] for _ in range(g["n_agencies"])]
    for worker in employed.tolist():
        made[g["agency"][worker]].append(worker)
    return listed == made


def count_days(**g) -> np.ndarray:
    """Twin of `sick_pay.count_days`."""
    works = g["day_end"][g["workers"]] > g["day_start"][g["workers"]]
    return np.maximum(works.sum(axis=1), 1)


def seats_of(**g) -> np.ndarray:
    """Twin of `cover.seats_of`, by whole arrays."""
    return np.where(g["workers"] >= 0, g["seat"][g["workers"]], -1)


def add_willing(**g) -> tuple[np.ndarray, ...]:
    """Twin of `cover.add_willing`, by whole arrays."""
    staff, day = g["staff"], np.arange(7)
    comes = np.where(day >= g["weekend"], g["at_weekend"][:, None], g["any_day"][:, None])
    off = comes & (staff.day_start == staff.day_end)
    earliest = np.where(staff.day_start > 0, staff.day_start, 86400).min(axis=1)
    return (np.where(off, earliest[:, None], staff.day_start),
            np.where(off, staff.day_end.max(axis=1)[:, None], staff.day_end),
            np.where(g["at_weekend"], (staff.limit * g["overtime"]).astype(np.int64), staff.limit),
            (off * (1 << day)[None, :]).sum(axis=1))


def count_quantities(**g) -> None:
    """Twin of `counting.count_quantities`, by whole columns."""
    blocks, out, facts = g["blocks"], g["out"], g["facts"][g["blocks"]]
    lived, need, band = g["lived"][blocks], g["need"][blocks], facts[:, tariff.ASSESSED_BAND]
    out[:, tariff.PLANNED_HOUR] = lived[:, c.MADE_AGREED]
    out[:, tariff.ACTUAL_HOUR] = lived[:, c.LIVED]
    out[:, tariff.BANDED_HOUR] = lived[:, c.BANDED]
    out[:, tariff.PROMISED_HOUR] = g["planned"][blocks]
    in_band = np.where(band > 0, need // np.maximum(band, 1) * band + band // 2, need)
    out[:, tariff.ASSESSED_HOUR] = np.where(g["suspended"][blocks], 0, in_band)
    out[:, tariff.VISIT] = lived[:, c.MADE]
    out[:, tariff.SHORT_VISIT] = lived[:, c.SHORT_CALLS]
    out[:, tariff.RURAL_VISIT] = np.where(g["rural"][blocks], lived[:, c.MADE], 0)
    out[:, tariff.USER_WEEK] = lived[:, c.MADE] > 0


def exact_total(**g) -> int:
    """Twin of `outcomes_terms.exact_total`: fractions, each rounded half to even."""
    return sum(round(Fraction(value) * 2**32) for value in g["values"].tolist() if math.isfinite(value))


def transfer(**g) -> int:
    """Twin of `ledger.transfer`, entry by entry."""
    payer, payee, pence = np.broadcast_arrays(g["payer"], g["payee"], g["pence"])
    for a, b, amount in zip(payer.tolist(), payee.tolist(), pence.tolist(), strict=True):
        g["balance"][a] -= amount
        g["balance"][b] += amount
    return sum(pence.tolist())
