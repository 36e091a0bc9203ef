"""Personal assistants: who looks for one, who takes the job, and who leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from homecare import draws
from homecare.agents import service_user as su
from homecare.agents.assistant import offer_of, worth_of_job
from homecare.agents.care_worker import CLEARING, GONE, WORKING, job_utility
from homecare.draws import Purpose
from homecare.numerics import places, sum_by
from homecare.packages import NOBODY
from homecare.population import draw_workers, hour_of_day
from homecare.tables import NO_WEEK
from homecare.week.goals import release
from homecare.week.kernels.insertion import take_out_blocks
from homecare.week.leaving import displace
from homecare.week.placing import base_rounds, homes_of, leave_rounds, open_base, refresh_teams, staff_of, visits_of

FIRST_CANDIDATE_KEY = 1 << 34
"""Birth keys of people who look for work as an assistant begin here."""
FIRST_FRIEND_KEY = 1 << 35
"""Birth keys of those whom a service user knows begin here, by the person's own key."""
KEYS_A_WEEK = 4096


def live(market) -> None:
    """Live a week of employing at home, in the order: end, quit, begin, look for somebody."""
    w = market.care_workers
    if market.policy.routes.assistants or np.any(w.alive & (w.employer >= 0)):
        end_jobs(market)
        quit_jobs(market)
        turn_to_agencies(market)
        begin(market)
        give_up_search(market)
        look_for_somebody(market)
        refresh_teams(market)


def employed(market) -> np.ndarray:
    """Return the rows of everybody who works for a service user or is about to."""
    w = market.care_workers
    return places(w.alive & (w.employer >= 0))


def go(market, rows: np.ndarray) -> None:
    """Let assistants leave."""
    w = market.care_workers
    leave_rounds(market, rows)
    w.state[rows] = GONE
    w.employer[rows] = NOBODY
    w.remove(rows)
    market.tally["assistants_left"] += rows.size


def end_jobs(market) -> None:
    """End the jobs of those whose employer has gone, has no package any more, or holds no direct payment."""
    u, w, p = market.service_users, market.care_workers, market.packages
    rows = employed(market)
    user = w.employer[rows]
    block = u.block[user]
    here = u.alive[user] & (block >= 0) & (u.route[user] == su.DIRECT_PAYMENT)
    begun = (w.state[rows] == WORKING) & ~p.assisted[np.maximum(block, 0)]
    go(market, rows[~here | begun])


def quit_jobs(market) -> None:
    """Let assistants compare the job they live with other work, as every care worker does."""
    w, choice = market.care_workers, market.uncertainty.worker_choice
    rows = employed(market)
    rows = rows[w.state[rows] == WORKING]
    if rows.size == 0:
        return
    keys = w.birth_key[rows]
    now = job_utility(w.effective_wage[rows], w.pay_swing[rows], np.zeros(rows.size), w.security_taste[rows],
                      w.hurried_share[rows], w.short_notice[rows], w.hours_gap[rows], w.match[rows], choice)
    other = draws.uniforms(market.seed, Purpose.LEAVING, market.week, keys) < choice.other_leaving / 52.0
    hears = draws.uniforms(market.seed, Purpose.OUTSIDE_OFFER, market.week, keys) < choice.offers_outside
    luck = draws.normals(market.seed, Purpose.OUTSIDE_OFFER, market.week, keys, 1)
    wage = market.floor_pounds * market.conditions.outside_wage * (1.0 + choice.outside_premium
                                                                   + choice.outside_spread * luck)
    better = wage - choice.vocation + w.outside_taste[rows] > now + choice.moving_cost
    go(market, rows[other | (hears & better)])


def turn_to_agencies(market) -> None:
    """Let those whose last assistant left look for an agency; the council owes them one."""
    u, w, p = market.service_users, market.care_workers, market.packages
    blocks = places(p.active & p.assisted)
    users = p.user[blocks].astype(np.int64)
    jobs = employed(market)
    left = users[~np.isin(users, w.employer[jobs[w.state[jobs] == WORKING]])]
    u.seeks_assistant[left] = NO_WEEK
    displace(market, left[np.argsort(u.birth_key[left], kind="stable")])


def begin(market) -> None:
    """Let those begin whose checks are done, once they are enough for the person to part with an agency."""
    u, w, p = market.service_users, market.care_workers, market.packages
    rows = employed(market)
    ready = rows[(w.state[rows] == CLEARING) & (w.starts[rows] <= market.week)]
    employers = np.unique(w.employer[ready])
    employers = employers[np.isin(u.state[employers], (su.WAITING_START, su.RECEIVING))]
    parts = [user for user in employers.tolist() if may_begin(market, user, ready)]
    ready = ready[np.isin(w.employer[ready], parts)]
    w.state[ready] = WORKING
    users = np.unique(w.employer[ready])
    users = users[~p.assisted[u.block[users]]]
    blocks = u.block[users].astype(np.int64)
    release(market, blocks)
    take_out_blocks(blocks, visits_of(market), base_rounds(market), homes_of(market), staff_of(market), market.speed)
    waited = u.state[users] == su.WAITING_START
    u.state_since[users[waited]] = market.week
    u.state[users] = su.RECEIVING
    u.agency[users] = NOBODY
    u.displaced[users] = False
    p.agency[blocks] = NOBODY
    p.contract[blocks] = NOBODY
    p.lead[blocks] = NOBODY
    p.kept[blocks] = 0
    p.fee[blocks] = 0
    p.tariff[blocks] = 0
    p.notice[blocks] = NO_WEEK
    p.assisted[blocks] = True
    p.started[blocks] = market.week


def may_begin(market, user: int, ready: np.ndarray) -> bool:
    """Return whether somebody starts with the assistants that are there: nobody else comes, or these are enough.

    Enough are as many hours as are planned, and somebody, or two where it takes two, on every day of care.
    """
    u, w, p = market.service_users, market.care_workers, market.packages
    block = int(u.block[user])
    if u.state[user] == su.WAITING_START or p.assisted[block]:
        return True
    mine = ready[w.employer[ready] == user]
    there = (w.day_end[mine] > w.day_start[mine]).sum(axis=0)
    needed = ((int(u.days[user]) >> np.arange(7)) & 1) * (2 if u.two_carers[user] else 1)
    return bool(np.all(there >= needed) and w.hours_wanted[mine].sum() >= p.planned[block])


def give_up_search(market) -> None:
    """Let people who wait with no care and have found nobody turn to agencies, and the content stop looking."""
    u, w = market.service_users, market.care_workers
    looking = places(u.alive & (u.seeks_assistant > NO_WEEK))
    found = np.isin(looking, w.employer[employed(market)])
    long = market.week - u.seeks_assistant[looking] >= market.uncertainty.assistants.search_weeks
    waits = u.state[looking] == su.WAITING_START
    u.seeks_assistant[looking[(waits & long & ~found) | (u.route[looking] != su.DIRECT_PAYMENT)]] = NO_WEEK


def who_looks(market) -> np.ndarray:
    """Return the people who look for an assistant this week, in the week's order of luck."""
    u, w, p = market.service_users, market.care_workers, market.packages
    looking = places(u.alive & (u.block >= 0) & (u.state <= su.RECEIVING)
                             & ((u.seeks_assistant > NO_WEEK) | p.assisted[np.maximum(u.block, 0)]))
    jobs = employed(market)
    have = np.bincount(w.employer[jobs], minlength=u.n)[looking]
    hours = sum_by(w.employer[jobs], w.hours_wanted[jobs], u.n)[looking]
    blocks = u.block[looking].astype(np.int64)
    most_open = market.uncertainty.assistants.open_share * p.planned[blocks]
    short = np.where(p.assisted[blocks], open_base(market, blocks) > most_open,
                     (hours < p.planned[blocks]) | (have < least_number(market, looking)))
    looking = looking[short & (have < market.uncertainty.assistants.most)]
    return looking[draws.order(market.seed, Purpose.ASSISTANT, market.week, u.birth_key[looking])]


def least_number(market, users: np.ndarray) -> np.ndarray:
    """Return int64[n]: assistants without whom some day of care has nobody, at five days a week each."""
    u = market.service_users
    days = market.days_of_mask[u.days[users]]
    return np.where(days > 5, 2, 1) * np.where(u.two_carers[users], 2, 1)


def candidates(market) -> dict[str, Any]:
    """Return the columns of those who look for work as an assistant this week, whoever looks for one."""
    mean = market.uncertainty.assistants.candidates * market.workforce_at_start
    luck = draws.uniforms(market.seed, Purpose.ASSISTANT, market.week, np.zeros(1, np.int64), 1)
    n = int(draws.poisson(mean, float(luck[0])))
    first = FIRST_CANDIDATE_KEY + (market.week + draws.BURN_IN_OFFSET) * KEYS_A_WEEK
    return draw_workers(market.seed, first + np.arange(n, dtype=np.int64), market.area, market.initial.workforce,
                        market.uncertainty.worker_choice, market.uncertainty.places, True, market.floor_pounds)


def least_worth(market, outside_taste: np.ndarray) -> np.ndarray:
    """Return float64[n], pounds an hour: what a job must be worth to people who look for one."""
    choice = market.uncertainty.worker_choice
    other = market.floor_pounds * market.conditions.outside_wage * (1.0 + choice.outside_premium)
    return other - choice.vocation + outside_taste + market.uncertainty.labour_market.reservation


def look_for_somebody(market) -> None:
    """Let people offer the job to somebody they know, then to the candidate to whom it is worth most."""
    u, labour = market.service_users, market.uncertainty.assistants
    seekers = who_looks(market)
    pool = candidates(market)
    free = np.ones(pool["birth_key"].size, bool)
    least = least_worth(market, pool["outside_taste"])
    highest = market.commissioners.agents[0].fee / (1.0 + labour.on_costs)
    commuting = market.uncertainty.labour_market.commuting_weight
    for user in seekers.tolist():
        since = int(u.seeks_assistant[user])
        weeks = market.week - since if since > NO_WEEK else 0
        wage = offer_of(weeks, market.floor, highest, labour)
        if take_friend(market, user, wage):
            continue
        dx, dy = pool["x"] - u.x[user], pool["y"] - u.y[user]
        km = np.sqrt(dx * dx + dy * dy) / 1000.0
        worth = worth_of_job(wage, km, commuting, 0.0)
        worth = np.where(free & (km <= labour.reach) & (worth >= least), worth, -np.inf)
        best = int(np.argmax(worth)) if worth.size else 0
        if worth.size and worth[best] > -np.inf:
            free[best] = False
            employ(market, user, {name: value[best : best + 1] for name, value in pool.items()}, wage, 0.0)


def take_friend(market, user: int, wage: int) -> bool:
    """Offer the job to somebody whom the person knows, if there is somebody; return whether they took it."""
    u, w, labour = market.service_users, market.care_workers, market.uncertainty.assistants
    key = u.birth_key[user : user + 1]
    if draws.uniforms(market.seed, Purpose.ASSISTANT, 0, key, 2)[0] >= labour.knows_share:
        return False
    friend = FIRST_FRIEND_KEY + key
    if np.any(w.birth_key[: w.n] == friend[0]):
        return False
    columns = draw_workers(market.seed, friend, market.area, market.initial.workforce,
                           market.uncertainty.worker_choice, market.uncertainty.places, True, market.floor_pounds)
    spot = 2000.0 * labour.friend_km * (
        draws.uniforms(market.seed, Purpose.ASSISTANT, 0, np.repeat(key, 2) * 2 + np.arange(2), 3) - 0.5)
    columns |= {"x": u.x[user] + spot[:1], "y": u.y[user] + spot[1:], "rural": u.rural[user : user + 1]}
    if worth_of_job(wage, np.zeros(1), 0.0, labour.attachment)[0] < least_worth(market, columns["outside_taste"])[0]:
        return False
    employ(market, user, columns, wage, labour.attachment)
    return True


def employ(market, user: int, columns: dict[str, Any], wage: int, attachment: float) -> None:
    """Take somebody on, for any hour of a working day: every day if known before, else five days a week.

    Those who already work for the person have other days off.
    """
    u, w = market.service_users, market.care_workers
    pool, choice = market.uncertainty.labour_market, market.uncertainty.worker_choice
    key = columns["birth_key"]
    match = choice.match_spread * draws.normals(market.seed, Purpose.MATCH, 1, key) + attachment
    person = u.birth_key[user : user + 1]
    have = int(np.count_nonzero(w.employer[employed(market)] == user))
    off = int(7.0 * draws.uniforms(market.seed, Purpose.ASSISTANT, 0, person, 4)[0]) + have
    works = np.array([attachment > 0.0 or (day - off) % 7 not in (0, 3) for day in range(7)])[None, :]
    workforce = market.initial.workforce
    begins, ends = hour_of_day(workforce.day_from), hour_of_day(workforce.day_until)
    columns = columns | {"day_start": np.where(works, begins, 0).astype(np.int32),
                         "day_end": np.where(works, ends, 0).astype(np.int32)}
    rows = w.add(1, state=CLEARING, employer=user, employer_key=u.birth_key[user], hired=market.week,
                 starts=market.week + (pool.moving_weeks if attachment > 0.0 else pool.clearing_weeks), wage=wage,
                 match=match, effective_wage=wage / 100.0, unpaid_share=0.0, short_notice=0.0, hours_gap=0.0,
                 hurried_share=0.0, travel_paid=0.0, mileage=0, **columns)
    w.enlist(market, rows)
    market.tally["assistants_hired"] += 1
