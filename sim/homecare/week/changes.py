"""Changes of plans: who is noticed whose plan no longer fits, and what agency and user settle between them."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.draws import Purpose
from homecare.numerics import places
from homecare.plan import APPROVE, TELL
from homecare.tables import NO_WEEK
from homecare.week.kernels.asking import ASKS, FREELY, WITHIN, judge_gaps
from homecare.week.planning import replan
from homecare.week.wishes import grant_times


def ask_for_changes(market) -> None:
    """Let people whose plan no longer fits be noticed, or ask for another time.

    Where nobody must approve, and within a weekly budget, agency and user settle it at once. Others wait for a
    care manager, who is told of what was settled where the plan says so.
    """
    u, p = market.service_users, market.packages
    served = places(u.state == su.RECEIVING)
    told = ask_for_lengths(market, served)
    wishing = served[u.wish_since[served] > NO_WEEK]
    times = p.times[u.block[wishing]]
    own = u.route[wishing] == su.SELF_FUNDER
    settles = own | (times != APPROVE)
    grant_times(market, wishing[settles])
    asks = wishing[~settles]
    u.change_since[asks[u.change_since[asks] == NO_WEEK]] = market.week
    market.told_changes = len({*told.tolist(), *wishing[(times == TELL) & ~own].tolist()})


def ask_for_lengths(market, users: np.ndarray) -> np.ndarray:
    """Let served people be noticed whose plan no longer fits their need; return of whose new plan the council is told.

    Where a care manager must approve, only those are looked at who are noticed this week, or have a weekly budget.
    """
    u, p, intake = market.service_users, market.packages, market.uncertainty.intake
    luck = draws.uniforms(market.seed, Purpose.VOICE, market.week, u.birth_key[users], 1)
    found = judge_gaps(users, u.block[users], luck, intake.noticing, intake.change_threshold,
                       market.uncertainty.delivery.with_factor, market.days_of_mask, u.need, u.days, u.two_carers,
                       u.change_since, u.route, su.SELF_FUNDER, p.follows, p.trim, p.approval, p.budgeted, p.planned,
                       p.budget)
    free, within, asks = users[found == FREELY], users[found & WITHIN > 0], users[found & ASKS > 0]
    blocks = u.block[free]
    before = p.planned[blocks]
    replan(market, free)
    replan(market, within, approved=False)
    market.tally["changes_free"] = free.size + within.size
    own = u.route[asks] == su.SELF_FUNDER
    replan(market, asks[own])
    u.change_since[asks[~own]] = market.week
    told = (p.approval[blocks] == TELL) & (p.planned[blocks] != before) & (u.route[free] != su.SELF_FUNDER)
    return free[told]
