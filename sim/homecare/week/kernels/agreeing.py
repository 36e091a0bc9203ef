"""Agreeing times: where a visit fits in no round near its usual time, another time is sought."""

from __future__ import annotations

import numpy as np

from homecare.compiled import kernel, kernel_part
from homecare.travel import Speeds
from homecare.week.kernels.insertion import place, take_out
from homecare.week.kernels.layout import (
    ATTENDANCES,
    NOT_WIDER,
    VISITS,
    Homes,
    Rounds,
    Staff,
    Visits,
    Weights,
)

PAIR_STEP = 900
"""Seconds between the times that are tried for a visit that takes two."""


@kernel_part
def place_visit(visit: int, first: int, last: int, team: np.ndarray, absent: np.ndarray,
                familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes, staff: Staff,
                speed: Speeds, weights: Weights) -> int:
    """Place the open attendances of one visit within its window; return how many were placed."""
    placed = 0
    for k in range(visits.carers[visit]):
        a = 2 * visit + k
        if rounds.worker[a] < 0 and place(a, team, first, last, NOT_WIDER, absent, familiarity, visits, rounds,
                                          homes, staff, speed, weights):
            placed += 1
            familiarity[rounds.worker[a]] = 1.0
    return placed


@kernel_part
def agree_time(visit: int, band: int, widen: int, first: int, last: int, team: np.ndarray,
               absent: np.ndarray, familiarity: np.ndarray, visits: Visits, rounds: Rounds, homes: Homes,
               staff: Staff, speed: Speeds, weights: Weights) -> int:
    """Seek a time within ``widen`` of the wanted one for a visit that is open; return attendances gained.

    A visit that takes two is tried at times a quarter of an hour apart, nearest first, for both together;
    if there is none it keeps what it had. The new window is ``band`` around the time found.
    """
    carers = visits.carers[visit]
    have = 0
    for k in range(carers):
        if rounds.worker[2 * visit + k] >= 0:
            have += 1
    if have == carers:
        return 0
    wanted = visits.wanted[visit]
    gained = 0
    together = False
    if carers == 1:
        visits.early[visit] = max(wanted - widen, 0)
        visits.late[visit] = wanted + widen
    else:
        old_start = visits.start[visit] if have > 0 else wanted
        for k in range(2):
            if rounds.worker[2 * visit + k] >= 0:
                take_out(2 * visit + k, visits, rounds, homes, staff, speed)
        for step in range(2 * (widen // PAIR_STEP) + 1):
            shift = (step + 1) // 2 * PAIR_STEP
            at = wanted + shift if step % 2 == 1 else wanted - shift
            if at < 0:
                continue
            visits.early[visit] = at
            visits.late[visit] = at
            n_placed = 0
            for k in range(2):  # one call in the code and not two: each is compiled with all that placing takes
                if n_placed == k and place(2 * visit + k, team, first, last, NOT_WIDER, absent, familiarity, visits,
                                           rounds, homes, staff, speed, weights):
                    n_placed += 1
            if n_placed == 2:
                familiarity[rounds.worker[2 * visit]] = 1.0
                familiarity[rounds.worker[2 * visit + 1]] = 1.0
                gained = 2 - have
                together = True
                break
            if n_placed == 1:
                take_out(2 * visit, visits, rounds, homes, staff, speed)
        if not together:
            visits.early[visit] = max(old_start - band, 0)
            visits.late[visit] = old_start + band
            visits.start[visit] = old_start
    if not together:
        gained = place_visit(visit, first, last, team, absent, familiarity, visits, rounds, homes, staff, speed,
                             weights) - have
        if carers == 1 and gained == 0:
            visits.start[visit] = wanted
    middle = visits.start[visit]
    visits.early[visit] = max(middle - band, 0)
    visits.late[visit] = middle + band
    return gained


@kernel
def agree_again(blocks: np.ndarray, band: np.ndarray, widen: int, block_agency: np.ndarray, team: np.ndarray,
                team_first: np.ndarray, absent: np.ndarray, familiarity: np.ndarray, visits: Visits,
                rounds: Rounds, homes: Homes, staff: Staff, speed: Speeds, weights: Weights) -> int:
    """Seek other times for the open visits of packages that their agencies already have."""
    gained = 0
    for i in range(blocks.size):
        block = blocks[i]
        agency = block_agency[block]
        lowest = block * ATTENDANCES
        for a in range(lowest, lowest + ATTENDANCES):
            if rounds.worker[a] >= 0:
                familiarity[rounds.worker[a]] = 1.0
        for visit in range(block * VISITS, block * VISITS + VISITS):
            if visits.carers[visit] > 0:
                gained += agree_time(visit, band[block], widen, team_first[agency], team_first[agency + 1],
                                     team, absent, familiarity, visits, rounds, homes, staff, speed, weights)
        for i_worker in range(team_first[agency], team_first[agency + 1]):
            familiarity[team[i_worker]] = 0.0
    return gained

