"""Changes of plans: who is noticed whose plan no longer fits, and what agency and user settle between them."""

from __future__ import annotations

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.draws import Purpose
from homecare.plan import APPROVE, TELL
from homecare.tables import NO_WEEK
from homecare.week.placing import longer_together
from homecare.week.planning import replan
from homecare.week.wishes import grant_times


def ask_for_changes(market) -> None:
    """Let people whose plan no longer fits be noticed, or ask for another time.

    Where nobody must approve, and within a weekly budget, agency and user settle it at once. Others wait for a
    care manager, who is told of what was settled where the plan says so.
    """
    u, p = market.service_users, market.packages
    served = np.flatnonzero(u.state == su.RECEIVING)
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
    blocks = u.block[users]
    luck = draws.uniforms(market.seed, Purpose.VOICE, market.week, u.birth_key[users], 1)
    noticed = (luck < intake.noticing) & (u.change_since[users] == NO_WEEK)
    concerned = noticed | (p.approval[blocks] != APPROVE) | (p.budgeted[blocks] == 1)
    users, blocks, noticed = users[concerned], blocks[concerned], noticed[concerned]
    days = market.days_of_mask[u.days[users]]
    carers = np.where(u.two_carers[users], 2, 1)
    need = u.need.take(users, axis=0)
    needed = ((need[:, 0] + need[:, 1]) + (need[:, 2] + need[:, 3])) * days * carers * longer_together(market, blocks)
    wanted = needed * (1.0 - p.trim[blocks])
    before = p.planned[blocks]
    gap = np.abs(wanted - before) > intake.change_threshold * np.maximum(before, 1)
    own = u.route[users] == su.SELF_FUNDER
    approval = p.approval[blocks]
    must_approve = approval == APPROVE
    free = gap & ~must_approve
    replan(market, users[free])
    within = gap & must_approve & ~own & (p.budgeted[blocks] == 1)
    replan(market, users[within], approved=False)
    market.tally["changes_free"] = int(np.count_nonzero(free | within))
    enough = within & (wanted <= (1.0 + intake.change_threshold) * p.budget[blocks])
    asks = gap & ~enough & must_approve & noticed
    replan(market, users[asks & own])
    u.change_since[users[asks & ~own]] = market.week
    return users[(approval == TELL) & (p.planned[blocks] != before) & ~own]
