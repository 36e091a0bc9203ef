"""What validation notes of a run while it is lived: sums that can be added over weeks, councils and seeds.

The watcher stands beside the market and reads its tables before and after each week. It changes nothing. Every measure
is made from sums, tops and bottoms apart, so that several councils pool into one without a mean of means.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from homecare.agents import service_user as su
from homecare.agents.care_worker import CLEARING, WORKING
from homecare.lived_columns import AGREED, CONTACT, DUE, LATE, MADE, METRES, N_MISSED, TRAVEL

YEAR = 52
SNAPSHOT_WEEKS = 13
"""Weeks between two looks at stocks: people, packages, agencies."""
LONGEST_WAIT = 60
"""Waits of more weeks count as so many."""
DECEMBER = range(30, 44)
"""Weeks around December 2025, when the median wage was measured."""

Sums = dict[str, float]


class Watch:
    """Sums of one market from the week in which it is made.

    Parameters
    ----------
    market : Market
    """

    def __init__(self, market) -> None:
        self.market = market
        self.sums: defaultdict[str, float] = defaultdict(float)

    def live(self) -> None:
        """Live one week of the market and note what happened."""
        u = self.market.service_users
        workers = self._workers_before()
        people = u.state.copy(), u.state_since.copy(), u.displaced.copy()
        week = self.market.week
        self.market.step()
        self._workers(*workers)
        self._starts(*people)
        self._flows(week)
        if week % SNAPSHOT_WEEKS == SNAPSHOT_WEEKS - 1:
            self._people()
            self._agencies()

    # ---- workers --------------------------------------------------------------------------------------

    def _workers_before(self) -> tuple[np.ndarray, ...]:
        w = self.market.care_workers
        rows = np.flatnonzero(w.alive & (w.state == WORKING))
        employed = np.flatnonzero(w.alive & ((w.state == WORKING) | (w.state == CLEARING)))
        return (rows, w.hired[rows].copy(), w.agency[rows].copy(), w.promised[rows].copy(), w.wage[rows].copy(),
                w.experience[rows] + 0.0, np.array([w.n, employed.size]))

    def _workers(self, rows: np.ndarray, hired: np.ndarray, agency: np.ndarray, promised: np.ndarray, wage: np.ndarray,
                 experience: np.ndarray, counts: np.ndarray) -> None:
        market, w = self.market, self.market.care_workers
        # An agency that closes reports no leavers to anybody, so its staff are none here: as surveys count.
        stayed_open = market.agencies.alive[agency]
        left = (~w.alive[rows] | (w.hired[rows] != hired) | (w.agency[rows] != agency)) & stayed_open
        groups = {
            "all": np.ones(rows.size, bool),
            "nothing_promised": promised == 0, "hours_promised": promised > 0,
            "at_floor": wage <= market.floor, "above_floor": wage >= market.floor + 150,
            "first_year": experience < YEAR, "after_ten_years": experience >= 10 * YEAR,
        }
        for name, group in groups.items():
            self.sums[f"worker_years_{name}"] += np.count_nonzero(group) / YEAR
            self.sums[f"leavers_{name}"] += np.count_nonzero(group & left)
        new = np.arange(int(counts[0]), w.n)
        moved = np.count_nonzero(left & w.alive[rows])
        self.sums["leavers_sector"] += np.count_nonzero(left & ~w.alive[rows])
        self.sums["hires"] += new.size + moved
        self.sums["hires_from_sector"] += moved + np.count_nonzero(w.experience[new] > 0)
        team = market.team
        self.sums["workers"] += team.size
        self.sums["workers_nothing_promised"] += np.count_nonzero(w.promised[team] == 0)
        self.sums["workers_near_floor"] += np.count_nonzero(w.wage[team] <= market.floor + 10)
        if market.week - 1 in DECEMBER and team.size:
            self.sums["december_wage"] += float(np.median(w.wage[team])) / 100.0 * team.size
            self.sums["december_workers"] += team.size

    # ---- people ---------------------------------------------------------------------------------------

    def _starts(self, state: np.ndarray, since: np.ndarray, displaced: np.ndarray) -> None:
        u, market = self.market.service_users, self.market
        rows = np.flatnonzero((state == su.WAITING_START) & (u.state[: state.size] == su.RECEIVING)
                              & (u.route[: state.size] != su.SELF_FUNDER) & ~displaced)
        weeks = np.minimum(market.week - 1 - since[rows], LONGEST_WAIT)
        for week, n in enumerate(np.bincount(weeks, minlength=LONGEST_WAIT + 1).tolist()):
            self.sums[f"starts_after_{week}"] += n
        arrived = np.arange(state.size, u.n)
        self.sums["arrivals"] += arrived.size
        self.sums["arrivals_from_hospital"] += np.count_nonzero(u.from_hospital[arrived])

    def _flows(self, week: int) -> None:
        market, u = self.market, self.market.service_users
        tally, total = market.tally, market.lived.users.sum(axis=0)
        work = market.lived.workers.sum(axis=0)
        served = u.alive & (u.state == su.RECEIVING)
        n = np.count_nonzero(served)
        council = np.count_nonzero(served & (u.route != su.SELF_FUNDER))
        for name, value in {
            "person_weeks": n, "council_person_weeks": council, "self_funder_weeks": n - council,
            "direct_payment_weeks": np.count_nonzero(served & (u.route == su.DIRECT_PAYMENT)),
            "agency_weeks": len(market.agencies), "closures": tally["closures"], "entries": tally["entries"],
            "lost_agency": tally["displaced"] + tally["handed_back"],
            "ends": sum(tally["ends"]), "assessments": tally["assessments"],
            "assessment_days": tally["assessment_days"],
            "due": total[DUE], "made": total[MADE], "missed": total[N_MISSED], "late": total[LATE],
            "contact": work[CONTACT], "travel": work[TRAVEL],
            "miles": work[METRES] * market.uncertainty.travel.detour / 1609.344,
            "vacancy_seconds": tally["vacancy_seconds"], "staff_seconds": tally["staff_seconds"],
            "income": int(market.week_income.sum()) / 100.0, "cost": int(market.week_cost.sum()) / 100.0,
        }.items():
            self.sums[name] += float(value)
        if week < YEAR:
            p = market.packages
            blocks = np.flatnonzero(p.active & (p.agency >= 0) & (p.route != su.SELF_FUNDER))
            self.sums["first_year_fees"] += tally["council_fees"] / 100.0
            self.sums["first_year_hours"] += float(market.lived.users[blocks, AGREED].sum()) / 3600.0

    def _people(self) -> None:
        u, p, week = self.market.service_users, self.market.packages, self.market.week - 1
        rows = np.flatnonzero(u.alive & (u.state == su.RECEIVING) & (u.route != su.SELF_FUNDER))
        if rows.size == 0:
            return
        control = u.domains[rows, su.CONTROL]
        blocks = u.block[rows].astype(np.int64)
        hours = p.planned[blocks] / 3600.0
        carers = p.visit_carers.reshape(-1, 28)[blocks]
        seconds = p.visit_seconds.reshape(-1, 28)[blocks][carers > 0]
        long_term = week - u.arrived[rows] >= YEAR
        for name, value in {
            "people": rows.size, "scrqol": float(u.scrqol[rows].sum()),
            "control_adequate": np.count_nonzero(control >= 1.5), "control_full": np.count_nonzero(control >= 2.5),
            "suited": np.count_nonzero(u.suited_share[rows] > 0.5),
            "hours": float(hours.sum()), "intensive": np.count_nonzero(hours > 10.0),
            "visits": seconds.size, "visits_to_15": np.count_nonzero(seconds <= 900),
            "visits_to_30": np.count_nonzero((seconds > 900) & (seconds <= 1800)),
            "long_term": np.count_nonzero(long_term),
            "reviewed": np.count_nonzero(long_term & (week - u.last_review[rows] < YEAR)),
        }.items():
            self.sums[name] += float(value)

    def _agencies(self) -> None:
        g, p = self.market.agencies, self.market.packages
        blocks = np.flatnonzero(p.active & (p.agency >= 0))
        count = np.bincount(p.agency[blocks], minlength=g.n)[g.alive]
        rating = g.rating[g.alive]
        self.sums["agencies"] += count.size
        self.sums["agencies_to_four"] += np.count_nonzero(count <= 4)
        self.sums["agencies_under_thirty"] += np.count_nonzero(count < 30)
        self.sums["agencies_rated"] += np.count_nonzero(rating >= 0)
        self.sums["agencies_good"] += np.count_nonzero(rating >= 2)


def pooled(parts: list[tuple[float, Sums]]) -> Sums:
    """Return the sums of several markets together, each with its weight."""
    total: defaultdict[str, float] = defaultdict(float)
    for weight, sums in parts:
        for name, value in sums.items():
            total[name] += weight * value
    return dict(total)
