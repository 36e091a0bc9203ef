"""Problems: whose begin and end this week, and who tells the agency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homecare.compiled import kernel
from homecare.draws import VOICE, stream, uniform
from homecare.tables import NO_WEEK


class Troubles(NamedTuple):
    """The numbers of :class:`homecare.week.experience.VoiceUncertainty` that say what is a problem and who tells."""

    trouble_suited: float
    trouble_hurried: float
    trouble_strangers: float
    trouble_missed: float
    patience: float
    tells: float
    weeks_between_answers: int


class Voices(NamedTuple):
    """Columns of the service users; the last two are written."""

    birth_key: np.ndarray
    agency: np.ndarray
    suited_share: np.ndarray
    hurried_share: np.ndarray
    stranger_share: np.ndarray
    missed_share: np.ndarray
    goodwill: np.ndarray
    problem_since: np.ndarray
    told_since: np.ndarray


@kernel
def tell(seed: int, week: int, served: np.ndarray, numbers: Troubles, u: Voices,
         open_cases: np.ndarray) -> tuple[int, int, int, int, int]:
    """Begin, tell and end the problems of people served by an agency: who employs somebody tells them.

    Parameters
    ----------
    served : int64[n]
    open_cases : int64[n], written: first those whose complaint is to be looked into this week, in the order of served

    Returns
    -------
    int, int, int, int, int
        Number of open cases; people with a problem; those of them who tell the agency this week; complaints that have
        ended, and the weeks for which their problems had lasted.
    """
    key = stream(seed, VOICE, week)
    n_open, problems, complaints, cured, cure_weeks = 0, 0, 0, 0, 0
    for user in served:
        if u.agency[user] < 0:
            continue
        trouble = (u.suited_share[user] < numbers.trouble_suited or u.hurried_share[user] > numbers.trouble_hurried
                   or u.stranger_share[user] > numbers.trouble_strangers
                   or u.missed_share[user] > numbers.trouble_missed)
        has = u.problem_since[user] > NO_WEEK
        if trouble and u.goodwill[user] < numbers.patience:
            problems += 1
            if not has:
                u.problem_since[user] = week
            if u.told_since[user] == NO_WEEK and uniform(key, u.birth_key[user], 0) < numbers.tells:
                u.told_since[user] = week
                complaints += 1
            told = u.told_since[user]
            if told > NO_WEEK and (week - told) % numbers.weeks_between_answers == 0:
                open_cases[n_open] = user
                n_open += 1
        elif has:
            if u.told_since[user] > NO_WEEK:
                cured += 1
                cure_weeks += week - u.problem_since[user]
            u.problem_since[user] = NO_WEEK
            u.told_since[user] = NO_WEEK
    return n_open, problems, complaints, cured, cure_weeks
