"""Twins of small loops: what delivery knows of people, visits, windows, teams, sickness, the ledger, exact sums."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from homecare import lived_columns as c
from homecare import tariff
from homecare.agents.care_worker import WORKING
from homecare.draws import Purpose, normals, uniforms
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


def want_other_times(**g) -> None:
    """Twin of `windows.want_other_times`, by whole columns."""
    u, seed, week = g["people"], g["seed"], g["week"]
    alive = np.flatnonzero(u.alive)
    users = alive[uniforms(seed, Purpose.WISH, week, u.birth_key[alive]) < g["chance"]]
    keys = u.birth_key[users]
    part = (4.0 * uniforms(seed, Purpose.WISH, week, keys, 1)).astype(np.int64)
    shift = g["spread"] * normals(seed, Purpose.WISH, week, keys, 2)
    low, high = g["windows"][part].T
    u.wanted[users, part] = np.clip(u.wanted[users, part] + shift, low, high).astype(np.int32) // 300 * 300
    served = u.block[users] >= 0
    users, part, blocks = users[served], part[served], u.block[users[served]]
    off = np.abs(g["start"].reshape(-1, 7, 4)[blocks, :, part] - u.wanted[users, part][:, None]) > g["suits"]
    unsuited = (off & (g["carers"].reshape(-1, 7, 4)[blocks, :, part] > 0)).any(axis=1)
    u.wish_since[users[unsuited & (u.wish_since[users] == NO_WEEK) & (g["agency"][blocks] >= 0)]] = week


def widen(**g) -> np.ndarray:
    """Twin of `windows.widen`, by whole arrays."""
    v, blocks = g["visits"], g["blocks"]
    wanted = np.tile(g["wanted"], 28 // g["wanted"].shape[1])
    band = g["band"][blocks][:, None]
    early, late = v.early.reshape(-1, 28), v.late.reshape(-1, 28)
    v.wanted.reshape(-1, 28)[blocks] = wanted
    early[blocks] = np.minimum(early[blocks], np.maximum(wanted - band, 0))
    late[blocks] = np.maximum(late[blocks], wanted + band)
    off = np.abs(v.start.reshape(-1, 28)[blocks] - wanted) > g["suits"][:, None]
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


def tell(**g) -> tuple[int, ...]:
    """Twin of `telling.tell`, by whole columns."""
    n, u, week = g["numbers"], g["u"], g["week"]
    served = g["served"][u.agency[g["served"]] >= 0]
    bad = ((u.suited_share[served] < n.trouble_suited) | (u.hurried_share[served] > n.trouble_hurried)
           | (u.stranger_share[served] > n.trouble_strangers) | (u.missed_share[served] > n.trouble_missed))
    bad &= u.goodwill[served] < n.patience
    has = u.problem_since[served] > NO_WEEK
    cured = served[has & ~bad]
    complained = cured[u.told_since[cured] > NO_WEEK]
    weeks = int((week - u.problem_since[complained]).sum())
    u.problem_since[cured] = u.told_since[cured] = NO_WEEK
    u.problem_since[served[bad & ~has]] = week
    with_problem = served[bad]
    luck = uniforms(g["seed"], Purpose.VOICE, week, u.birth_key[with_problem])
    new = with_problem[(luck < n.tells) & (u.told_since[with_problem] == NO_WEEK)]
    u.told_since[new] = week
    told = u.told_since[with_problem]
    cases = with_problem[(told > NO_WEEK) & ((week - told) % n.weeks_between_answers == 0)]
    g["open_cases"][: cases.size] = cases
    return cases.size, with_problem.size, new.size, complained.size, weeks


def count_kinds(**g) -> None:
    """Twin of `leaving.count_kinds`, by whole arrays."""
    rows, near, well = g["rows"], *g["bands"]
    weeks, above, promised = g["week"] - g["hired"][rows], g["wage"][rows] - g["floor"], g["promised"][rows]
    kinds = np.array([promised == 0, promised > 0, weeks < 52, (weeks >= 52) & (weeks < 156), weeks >= 156,
                      above <= near, above >= well])
    g["counts"][:] = kinds.sum(axis=1), (kinds & g["goes"]).sum(axis=1)


def stands(**g) -> bool:
    """Twin of `placing.stands`: the teams made anew are those of the list, whatever the order within one."""
    first = g["first"].tolist()
    listed = [sorted(g["team"][a:b].tolist()) for a, b in zip(first[:-1], first[1:], strict=True)]
    employed = np.flatnonzero(g["alive"] & (g["state"] == WORKING) & (g["employer"] < 0))
    made = [[] for _ in range(g["n_agencies"])]
    for worker in employed.tolist():
        made[g["agency"][worker]].append(worker)
    return listed == made


def sick_dues(**g) -> None:
    """Twin of `sickness.sick_dues`, by whole columns."""
    law, terms, workers, days, before = g["law"], g["terms"], g["workers"], g["days"], g["before"]
    usual = terms.pay_mean[workers]
    usual_days = np.maximum((terms.day_end[workers] > terms.day_start[workers]).sum(axis=1), 1)

    def paid(waiting: np.ndarray | int) -> np.ndarray:
        return np.maximum(before + days - waiting, 0) - np.maximum(before - waiting, 0)

    weekly = np.where(usual >= law.earnings_limit, np.minimum(law.week, law.most_share * usual), 0.0)
    g["lawful"][:] = weekly * paid(law.waiting_days) / usual_days
    g["agreed"][:] = terms.sick_share[workers] * usual * paid(terms.sick_from_day[workers] - 1) / usual_days


def fall_ill(**g) -> tuple[int, int]:
    """Twin of `sickness.fall_ill`, by whole columns."""
    rows, c, terms, spells, week = g["rows"], g["chances"], g["terms"], g["spells"], g["week"]

    def u(purpose: Purpose, k: int = 0) -> np.ndarray:
        return uniforms(g["seed"], purpose, week, spells.birth_key[rows], k)

    leave, luck, length = u(Purpose.ANNUAL_LEAVE) < c.leave, u(Purpose.SICKNESS), u(Purpose.SICKNESS, 1)
    works = terms.day_end[rows] > terms.day_start[rows]
    lasts = np.where(length < c.one_day, 1, np.where(length < c.three_days, 3, 7))
    lawful, agreed = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    sick_dues(workers=rows, days=lasts, before=np.zeros(rows.size, np.int64), law=g["law"], terms=terms,
              lawful=lawful, agreed=agreed)
    usual = terms.pay_mean[rows] * lasts / np.maximum(works.sum(axis=1), 1)
    lost = np.where(usual > 0.0, np.clip(1.0 - np.maximum(lawful, agreed) / np.maximum(usual, 1.0), 0.0, 1.0), 1.0)
    ratio = (1.0 - c.work_ill * lost) / (1.0 - c.work_ill)
    begins = luck < c.spells * np.where(lasts < 7, ratio, 1.0)
    goes_on = spells.sick_until[rows] >= week
    long = begins & (length > c.whole_week)
    spells.sick_until[rows[long]] = week + 3
    spells.sick_before[rows] = np.where(goes_on, 28, 0)
    days = np.left_shift(1, np.arange(7))
    first = (7.0 * u(Purpose.SICKNESS, 2)).astype(np.int64)
    of_week = np.where(begins, (((1 << lasts) - 1) << first) & 127, 0)
    ill = np.where(goes_on | long, 127, of_week)
    g["absent"][:] = spells.absent[rows] = np.where(leave, 127, ill)
    spells.sick_days[rows] = np.where(leave[:, None], False, works & ((ill[:, None] & days) > 0)).sum(axis=1)
    works_ill = (lasts < 7) & ~begins & ~leave & ~goes_on & (luck < c.spells / (1.0 - c.work_ill))
    return int(works_ill.sum()), int((ill > 0).sum())


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


def charge_each(**g) -> int:
    """Twin of `charging.charge_each`, by whole columns."""
    u, lines, own, users = g["u"], g["lines"], g["own"], g["user"][g["blocks"]]
    charged = np.where(own | u.reabling[users], 0, np.minimum(u.charge[users], lines))
    paid = charged - (charged * g["unpaid"] + 5000) // 10000
    spare = np.maximum(u.income[users] - g["living"], 0)
    u.cost[users], u.charged[users] = lines, charged
    u.savings[users] -= np.minimum(np.maximum(np.where(own, lines, paid) - spare, 0), u.savings[users])
    return int(paid.sum())


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


def transfer(**g) -> tuple[int, int, int]:
    """Twin of `ledger.transfer`, entry by entry."""
    payer, payee, pence = np.broadcast_arrays(g["payer"], g["payee"], g["pence"])
    answer = int(pence.min()), int(max(payer.max(), payee.max())), sum(pence.tolist())
    if answer[0] >= 0 and answer[1] < g["balance"].size:
        for a, b, amount in zip(payer.tolist(), payee.tolist(), pence.tolist(), strict=True):
            g["balance"][a] -= amount
            g["balance"][b] += amount
    return answer
