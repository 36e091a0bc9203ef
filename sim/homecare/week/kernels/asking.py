"""Plans that no longer fit: whose gap between need and plan is settled at once, and who asks for a change."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.plan import APPROVE
from homecare.tables import NO_WEEK

NOTHING = 0
FREELY = 1
"""Agency and person settle the new length between them."""
WITHIN = 2
"""They settle it as far as the approved budget allows."""
ASKS = 4
"""A change is asked for; may come with WITHIN, where the budget is not enough."""


@kernel
def judge_gaps(users: np.ndarray, blocks: np.ndarray, luck: np.ndarray, noticing: float, threshold: float,
               with_factor: float, days_of_mask: np.ndarray, need: np.ndarray, days: np.ndarray, two_carers: np.ndarray,
               change_since: np.ndarray, route: np.ndarray, self_funder: int, follows: np.ndarray, trim: np.ndarray,
               approval: np.ndarray, budgeted: np.ndarray, planned: np.ndarray, budget: np.ndarray) -> np.ndarray:
    """Return int8[n]: what follows from a gap between each person's need and plan, NOTHING where there is none.

    Parameters
    ----------
    users, blocks : int64[n], int32[n], people who are served, and their packages
    luck : float64[n], below ``noticing`` where a gap would be noticed this week
    threshold : share of the plan from which a gap counts
    with_factor : times longer that doing things with a person takes, where the length follows that
    need, days, two_carers, change_since, route : columns of the service users
    follows, trim, approval, budgeted, planned, budget : columns of the packages
    """
    out = np.zeros(users.size, np.int8)
    for i in range(users.size):
        user, block = users[i], blocks[i]
        approves = approval[block] == APPROVE
        noticed = luck[i] < noticing and change_since[user] == NO_WEEK
        if approves and budgeted[block] != 1 and not noticed:
            continue
        a_day = (need[user, 0] + need[user, 1]) + (need[user, 2] + need[user, 3])
        needed = a_day * days_of_mask[days[user]] * (2 if two_carers[user] else 1)
        wanted = needed * (with_factor if follows[block] == 2 else 1.0) * (1.0 - trim[block])
        if not abs(wanted - planned[block]) > threshold * max(planned[block], 1):
            continue
        if not approves:
            out[i] = FREELY
            continue
        within = budgeted[block] == 1 and route[user] != self_funder
        if within:
            out[i] = WITHIN
        if noticed and not (within and wanted <= (1.0 + threshold) * budget[block]):
            out[i] |= ASKS
    return out
