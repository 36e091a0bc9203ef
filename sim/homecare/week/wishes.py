"""Wished times: people come to want another time, and agencies grant what their rounds and the plan allow."""

from __future__ import annotations

import numpy as np

from homecare.tables import NO_WEEK
from homecare.week.kernels.windows import Wishes, want_other_times, widen
from homecare.week.placing import try_elsewhere, visits_of
from homecare.week.planning import set_windows

SUITS_SECONDS = 1800
"""A visit this near the wished time suits."""


def change_wishes(market) -> None:
    """Let some people want another time at one part of the day; who is served and not suited begins to ask."""
    u, p = market.service_users, market.packages
    intake = market.uncertainty.intake
    want_other_times(market.seed, market.week, intake.wish_changes / 52.0, 60.0 * intake.wish_shift, SUITS_SECONDS,
                     market.newcomers.windows, p.agency, p.visit_start, p.visit_carers, u.pick(Wishes))


def grant_times(market, users: np.ndarray) -> None:
    """Let agencies look for the times that people want now, which their plans allow from here on.

    A visit for one care worker goes where it is cheapest between the agreed and the wanted time, with the wanted
    time weighing as for somebody who has complained. Where no round has room it stays, and the plan's band lies
    around the time found.
    """
    u, p = market.service_users, market.packages
    users = users[u.wish_since[users] > NO_WEEK]
    if users.size == 0:
        return
    users = users[u.birth_key[users].argsort(kind="stable")]
    blocks = u.block[users].astype(np.int64)
    suits = np.full(users.size, SUITS_SECONDS)
    attendances = widen(blocks, u.wanted[users], p.band, suits, visits_of(market))
    weights = market.weights._replace(off_time=market.uncertainty.voice.cure_times * market.weights.off_time)
    try_elsewhere(market, attendances, weights)
    set_windows(market, blocks)
    u.wish_since[users] = NO_WEEK
