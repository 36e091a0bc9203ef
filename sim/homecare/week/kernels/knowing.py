"""What care workers know of each person before the week: need by part of day, company, effort, and times wanted."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel
from homecare.packages import AGENCYS_OWN
from homecare.week.kernels.layout import PARTS, VISITS


@kernel
def know_people(active: np.ndarray, user: np.ndarray, agency: np.ndarray, asked_effort: np.ndarray,
                usual_effort: float, carers: np.ndarray, need: np.ndarray, social_need: np.ndarray,
                wanted: np.ndarray, agency_effort: np.ndarray, joined: np.ndarray, social: np.ndarray,
                effort: np.ndarray, wished: np.ndarray) -> None:
    """Write what delivery knows of the user of each block in use; the rest is left as it is.

    Parameters
    ----------
    active, user, agency, asked_effort : of blocks; effort is ``AGENCYS_OWN`` where the agency decides
    usual_effort : effort on independence where no agency serves
    carers : int8[28 B], care workers at each visit
    need, social_need, wanted : of users: float64[N, 4] seconds, float64[N], int32[N, 4] seconds of the day
    agency_effort : float64[m]
    joined : float64[B, 4], written: need by part, with that of parts without a visit done at the visit before
    social, effort : float64[B], written
    wished : int32[28 B], written: the times that people want now, which their plans may not know yet
    """
    for block in range(active.size):
        effort[block] = usual_effort
        if not active[block]:
            continue
        person = user[block]
        social[block] = social_need[person]
        if agency[block] >= 0:
            asked = asked_effort[block]
            effort[block] = asked if asked > AGENCYS_OWN else agency_effort[agency[block]]
        carried = 0.0
        for part in range(PARTS - 1, -1, -1):
            there = False
            for visit in range(block * VISITS + part, block * VISITS + VISITS, PARTS):
                there |= carers[visit] > 0
                wished[visit] = wanted[person, part]
            seconds = need[person, part] + carried
            done_before = part > 0 and not there
            carried = seconds if done_before else 0.0
            joined[block, part] = 0.0 if done_before else seconds
