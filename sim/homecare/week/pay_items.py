"""Items of a week's pay that depend on when work was done: premiums, shifts, and work outside a shift."""

from __future__ import annotations

import numpy as np

from homecare.clause import EVENING
from homecare.numerics import places, sum_by
from homecare.week.clauses import WEEKEND
from homecare.week.kernels.layout import DAYS, PARTS, STOPS, VISITS


def premiums(market) -> np.ndarray:
    """Return int64[S]: pence on top of the wage for weekend and evening contact, by seat."""
    w = market.care_workers
    rows = market.team
    weekend, evening = w.weekend_premium[rows], w.evening_premium[rows]
    if not (weekend.any() or evening.any()):
        return np.zeros(rows.size, np.int64)
    lived, overlay = market.lived, market.overlay
    made = places((lived.start >= 0) & (overlay.rounds.worker >= 0) & (overlay.rounds.worker < rows.size))
    seat, visit = overlay.rounds.worker[made], made >> 1
    at_weekend = visit % VISITS // PARTS >= WEEKEND
    at_evening = overlay.visits.start[visit] >= EVENING
    share = np.maximum(np.where(at_weekend, weekend[seat], 0.0), np.where(at_evening, evening[seat], 0.0))
    actual = w.actual_share[rows][seat]
    paid = actual * lived.seconds[made] + (1.0 - actual) * overlay.visits.seconds[visit]
    seconds = sum_by(seat, (share * paid).astype(np.int64), rows.size)
    return (w.wage[rows] * seconds + 1800) // 3600


def shifts_lived(market) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return bool[S] who is paid by the shift, int64[S] seconds of shifts on days present, and of visits outside them."""
    w = market.care_workers
    rows = market.team
    if not w.shift_end.any():
        return np.zeros(rows.size, bool), np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    start, end = w.shift_start[rows], w.shift_end[rows]
    by_shift = end.any(axis=1)
    here = (w.absent[rows][:, None] >> np.arange(DAYS)) & 1 == 0
    present = np.where(here, end - start, 0).sum(axis=1).astype(np.int64)
    rounds, lived = market.overlay.rounds, market.lived
    on_shift = places(by_shift)
    days = (on_shift[:, None] * DAYS + np.arange(DAYS)).ravel()
    begins, ends = rounds.starts[days], rounds.ends[days]
    from_, until = start[on_shift].ravel()[:, None], end[on_shift].ravel()[:, None]
    inside = np.maximum(np.minimum(ends, until) - np.maximum(begins, from_), 0)
    stop = np.arange(STOPS)[None, :] < rounds.n_stops[days][:, None]
    stop &= lived.start[np.where(stop, rounds.stops[days], 0)] >= 0
    beyond = np.where(stop, ends - begins - inside, 0).sum(axis=1).reshape(-1, DAYS).sum(axis=1)
    outside = np.zeros(rows.size, np.int64)
    outside[on_shift] = beyond
    return by_shift, present, outside
