"""The market as Mesa users expect it: agents by type, agent sets, the collector, frames, rows that write through."""

from __future__ import annotations

import gc
import os
import shutil
import time
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from homecare import lived_columns as columns
from homecare.agents.agency import UNRATED, Agency
from homecare.agents.care_manager import CareManager
from homecare.agents.care_worker import CareWorker
from homecare.agents.commissioner import Commissioner
from homecare.agents.service_user import RECEIVING, ServiceUser
from homecare.build import NoMarket
from homecare.ledger import Account, Kind
from homecare.leftovers import A_DAY
from homecare.market import Market
from homecare.outcomes import OUTCOMES
from homecare.plan import LENGTHS, WORDS
from homecare.policies.contracting_views import Award
from homecare.week.diary import ENDINGS

TABLES = {ServiceUser: "service_users", CareWorker: "care_workers", Agency: "agencies",
          CareManager: "care_managers", Commissioner: "commissioners"}


def test_five_kinds_of_agents_are_mesa_agents_by_type(hamlet: Market) -> None:
    assert isinstance(hamlet, mesa.Model)
    assert set(hamlet.agents_by_type) == set(TABLES)
    for kind, table in TABLES.items():
        agents = hamlet.agents_by_type[kind]
        assert len(agents) == len(getattr(hamlet, table)) > 0
        assert all(isinstance(agent, mesa.Agent) and agent.model is hamlet for agent in agents)
    assert len(hamlet.agents) == sum(len(getattr(hamlet, table)) for table in TABLES.values())


def test_agent_sets_select_aggregate_and_shuffle(hamlet: Market) -> None:
    users = hamlet.agents_by_type[ServiceUser]
    served = users.select(lambda user: user.state == RECEIVING)
    u = hamlet.service_users
    assert len(served) == np.count_nonzero(u.alive & (u.state == RECEIVING))
    assert served.agg("scrqol", max) == u.scrqol[u.alive & (u.state == RECEIVING)].max()
    assert sorted(a.row for a in users.shuffle()) == u.rows().tolist()
    youngest = users.select(at_most=1) if len(users) == 1 else min(users, key=lambda user: user.age)
    assert youngest.age == u.age[u.rows()].min()
    assert users.get("birth_key") == u.birth_key[u.rows()].tolist()


def test_a_row_writes_through_to_its_column_and_back(hamlet: Market) -> None:
    user = next(iter(hamlet.agents_by_type[ServiceUser]))
    user.goodwill = 0.125
    assert hamlet.service_users.goodwill[user.row] == 0.125
    hamlet.service_users.goodwill[user.row] = 0.25
    assert user.goodwill == 0.25
    hamlet.agents_by_type[CareWorker].set("wage", 2000)
    assert set(hamlet.care_workers.wage[hamlet.care_workers.rows()].tolist()) == {2000}
    with pytest.raises(ValueError):
        user.goodwill = "much"


def test_what_is_written_on_a_row_is_lived(hamlet: Market) -> None:
    """Somebody whose agency is told to pay twice as much stays dearer: the week reads the columns."""
    hamlet.care_workers.wage[:] *= 2
    hamlet.step()
    twice = hamlet.tally["wages"]
    assert twice > 1.5 * hamlet.tally["private_fees"]
    assert np.all(hamlet.care_workers.wage[hamlet.team] >= 2 * hamlet.floor - 1)


def test_the_collector_and_weekly_are_the_same_frame(hamlet: Market) -> None:
    hamlet.run(3)
    frame = hamlet.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(OUTCOMES) and len(OUTCOMES) >= 40
    weekly = hamlet.weekly
    assert weekly.index.name == "week" and weekly.index.tolist() == [0, 1, 2]
    pd.testing.assert_frame_equal(weekly.reset_index(drop=True), frame)
    assert weekly.people_served.iloc[-1] == len(
        hamlet.agents_by_type[ServiceUser].select(lambda user: user.state == RECEIVING))


def test_reporters_that_users_add_or_replace_are_asked(hamlet: Market) -> None:
    """Mesa collects what is not an outcome of ours, whatever its name; a reporter left out is no longer noted."""
    hamlet.step()
    collector = hamlet.datacollector
    collector.model_vars["scrqol"].clear()
    collector._new_model_reporter("scrqol", lambda market: 24.0)
    collector._new_model_reporter("notes", lambda market: [market.week])
    collector.model_reporters["served"] = "week_income"
    collector.model_vars["served"] = []
    collector._new_agent_reporter("key", "birth_key")
    del collector.model_reporters["tenure"]
    hamlet.step()
    hamlet.step()
    assert collector.model_vars["scrqol"] == [24.0, 24.0] and collector.model_vars["notes"] == [[2], [3]]
    assert len(collector.model_vars["tenure"]) == 1 and len(collector.model_vars["turnover"]) == 3
    assert collector.model_vars["served"][-1].tolist() == hamlet.week_income.tolist()
    assert collector.model_vars["served"][-1] is not hamlet.week_income
    assert collector.get_agent_vars_dataframe().loc[3, "key"].size == len(hamlet.agents)
    assert "tenure" not in collector.model_reporters and "notes" in collector.model_reporters
    collector._new_model_reporter("faulty", lambda market: market.series["no such"])
    with pytest.raises(KeyError):
        hamlet.step()
    assert "turnover" in collector.model_reporters, "a reporter that fails leaves the collector as it was"


def test_frames_hold_the_live_rows(hamlet: Market) -> None:
    hamlet.run(4)
    for kind, name in TABLES.items():
        table = getattr(hamlet, name)
        frame = table.frame()
        assert frame.index.tolist() == table.rows().tolist() and "alive" not in frame
        assert set(table.units()) == set(table.cols) and len(table.frame(every=True)) == table.n
        agent = next(iter(hamlet.agents_by_type[kind]))
        assert frame.birth_key[agent.row] == agent.birth_key
    people, firms = hamlet.service_users.frame(), hamlet.agencies.frame()
    u, g = hamlet.service_users, hamlet.agencies
    assert ((people.state == "receiving care") == (u.state == RECEIVING)[u.rows()]).all()
    assert (people.route.cat.codes == u.route[u.rows()]).all()
    assert (firms.ownership.cat.codes == g.ownership[g.rows()]).all()
    assert (firms.rating.isna() == (g.rating == UNRATED)[g.rows()]).all()
    assert set(hamlet.care_workers.frame().state) <= {"working", "waiting for checks"}
    assert (hamlet.packages.frame().route.cat.categories == people.route.cat.categories).all()
    assert {"domains_0", "domains_7", "scrqol"} <= set(hamlet.service_users.frame())


def test_packages_contracts_and_the_week_of_the_ledger_have_frames(hamlet: Market) -> None:
    held = Award.of([3, 1], [0, 1], [2500, 2600], seconds=3600)
    assert held.frame().fee.tolist() == [2500, 2600] and held.frame().index.name == "contract"
    assert len(hamlet.contracts.frame()) == 0
    assert hamlet.ledger.frame().columns.tolist() == ["kind", "payer", "payee", "pence"]
    hamlet.run(2)
    p, packages, entries = hamlet.packages, hamlet.packages.frame(), hamlet.ledger.frame()
    assert packages.index.tolist() == np.flatnonzero(p.active).tolist()
    assert packages.fee.tolist() == p.fee[p.active].tolist()
    assert not any(name.startswith(("visit_", "pair_")) for name in packages)
    for kind in Kind:
        assert entries.pence[entries.kind == kind.name.lower()].sum() == hamlet.ledger.totals[kind]
    for name, words in {"approval": WORDS, "times": WORDS, "follows": LENGTHS}.items():
        assert packages[name].tolist() == [words[code] for code in getattr(p, name)[p.active]]
    told = set(entries.payer) | set(entries.payee)
    agencies = {f"agency {row}" for row in range(hamlet.agencies.n)}
    assert {"council", "workers"} <= told <= {"world", "council", "users", "workers"} | agencies
    of_wages, (kinds, payers, *_) = entries[entries.kind == "wages"], hamlet.ledger.week_entries().T
    assert of_wages.payer.tolist() == [f"agency {payer - Account.FIRST_AGENCY}" for payer in payers[kinds == Kind.WAGES]]
    assert set(of_wages.payee) == {"workers"}


def test_the_diary_has_every_attendance_of_the_week(hamlet: Market) -> None:
    fresh = Market("hamlet", burn_in=4)
    fresh.lived = None
    with pytest.raises(ValueError, match="no week has been lived"):
        fresh.diary()
    for _ in range(3):
        hamlet.step()
        diary, sums = hamlet.diary(), hamlet.lived.users.sum(axis=0)
        counted = [int(sums[column]) for column in (columns.N_FULL, columns.N_SHORT, columns.N_CLIPPED,
                                                    columns.N_CANCELLED, columns.N_MISSED)]
        assert diary.ending.value_counts()[list(ENDINGS)].tolist() == counted
        assert len(diary) == sum(counted) > 1000
        assert diary.minutes.sum() / 60.0 == pytest.approx(hamlet.weekly.hours_delivered.iloc[-1], rel=1e-9)
        came = diary[diary.start.notna()]
        assert set(came.by) <= {"care worker", "manager"}
        assert set(came.ending) == {"full", "short by agreement", "clipped"}
        assert (diary.worker[diary.by == "care worker"] >= 0).all()
        assert (diary.worker[diary.by != "care worker"] == -1).all()
        rounds = came[came.worker >= 0].sort_values(["worker", "day", "start"])
        next_start = rounds.groupby(["worker", "day"], observed=True).start.shift(-1)
        assert (next_start.isna() | (next_start >= rounds.start + rounds.minutes - 1e-9)).all(), "nobody is twice at once"
        goes_on = diary[diary.user >= 0]
        assert (goes_on.agreed_minutes >= 5).all() and set(goes_on.user) <= set(hamlet.service_users.rows())


def test_step_lives_one_week_and_run_lives_to_the_end(hamlet: Market) -> None:
    heard: list[int] = []
    hamlet.on_week = heard.append
    hamlet.step()
    assert hamlet.week == 1
    assert len(hamlet.run()) == hamlet.scenario_run.weeks == hamlet.week
    assert heard == list(range(1, hamlet.scenario_run.weeks + 1))
    assert len(hamlet.run()) == hamlet.scenario_run.weeks, "a run that is over lives no further week"


def test_mesas_run_model_ends_with_the_scenarios_weeks_and_more_may_be_lived(hamlet: Market) -> None:
    weeks = hamlet.scenario_run.weeks
    hamlet.run(weeks - 1)
    assert hamlet.running
    hamlet.run_model()
    assert hamlet.week == weeks and not hamlet.running
    hamlet.step()
    assert hamlet.week == weeks + 1 and len(hamlet.run(weeks=2)) == weeks + 3 and not hamlet.running


def test_an_agent_whose_row_is_alive_cannot_be_removed(hamlet: Market) -> None:
    """The phases of a week end rows; what a user takes out of the agents alone would go on being lived."""
    before = len(hamlet.agents)
    worker = next(iter(hamlet.agents_by_type[CareWorker]))
    for remove in (worker.remove, hamlet.remove_all_agents):
        with pytest.raises(RuntimeError, match=r"is alive: the phases of a week end rows.*add a policy or a shock"):
            remove()
    assert len(hamlet.agents) == before and hamlet.care_workers.agents[worker.row] is worker
    hamlet.care_workers.remove(np.array([worker.row]))
    assert worker not in hamlet.agents and hamlet.care_workers.agents[worker.row] is None


def test_weekly_holds_the_outcomes_whatever_collector_a_user_puts_there(hamlet: Market) -> None:
    hamlet.step()
    hamlet.datacollector = mesa.DataCollector({"lived": "week"})
    hamlet.run(2)
    assert hamlet.datacollector.get_model_vars_dataframe().lived.tolist() == [2, 3]
    assert list(hamlet.weekly) == list(OUTCOMES) and len(hamlet.weekly) == 3
    hamlet.close()
    assert len(hamlet.weekly) == 3


def test_each_test_gets_a_hamlet_of_its_own(hamlet_state: dict, hamlet: Market) -> None:
    before = hamlet_state["tables"]["service_users"]["columns"]["goodwill"].copy()
    hamlet.run(5)
    hamlet.service_users.goodwill[:] = 0.0
    assert hamlet.week == 5
    assert np.array_equal(hamlet_state["tables"]["service_users"]["columns"]["goodwill"], before)


def test_close_frees_the_model(hamlet_state: dict) -> None:
    from unittest.mock import patch

    with patch("homecare.market.checkpoint.read", return_value=hamlet_state):
        market = Market("hamlet")
    agent = weakref.ref(next(iter(market.agents_by_type[ServiceUser])))
    users = weakref.ref(market.service_users)
    market.close()
    assert len(market.agents) == 0
    gone = weakref.ref(market)
    del market
    gc.collect()
    assert agent() is None and users() is None, "an agent or a table outlives its market"
    assert gone() is None or mesa.__version__ < "3.4.2"


def test_a_market_refuses_what_is_none_and_settings_beside_a_ready_scenario(hamlet: Market) -> None:
    with pytest.raises(NoMarket, match=r"at least 3\. Take a larger council\."):
        Market("hamlet", area="Isles of Scilly", scale=1.0, cached=False)
    with pytest.raises(NoMarket, match="has 9 small areas, too few for 12 zones") as refused:
        Market("hamlet", overrides=("policy.contracting.kind=block", "policy.contracting.zones=12"), cached=False)
    assert (refused.value.key, refused.value.given, refused.value.allowed) == ("policy.contracting.zones", "12", "1 to 9")
    with pytest.raises(ValueError, match="ready scenario"):
        Market(hamlet.scenario_run, seed=2)


def test_settled_markets_go_after_a_month_without_use_and_sooner_where_the_disk_is_full(tmp_path, monkeypatch) -> None:
    """What is used stays; what a killed writer had begun goes after a day, and never while it may be written."""
    from homecare import checkpoint

    monkeypatch.setattr("homecare.checkpoint.cache_folder", lambda: tmp_path)
    used = checkpoint.path_of(Market("hamlet", burn_in=4).scenario_run, 4)
    ages = {"fresh.part": 0.5, "killed.part": 1.5, "forgotten.pickle": 31.0, "older.pickle": 20.0, "newer.pickle": 10.0}
    for name, days in ages.items():
        path = tmp_path / "settled" / "earlier code" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(1000))
        os.utime(path, (time.time() - days * A_DAY,) * 2)
    os.utime(used, (0, 0))
    Market("hamlet", burn_in=4)  # which uses it

    def left() -> set[str]:
        return {path.name for path in path.parent.iterdir()}

    Market("hamlet", burn_in=4, seed=2)
    assert used.exists()
    assert left() == {"fresh.part", "older.pickle", "newer.pickle"}
    full = shutil.disk_usage(tmp_path)._replace(free=checkpoint.LEAST_FREE - 1000)
    monkeypatch.setattr("homecare.leftovers.shutil.disk_usage", lambda folder: full)
    Market("hamlet", burn_in=4, seed=3)
    assert used.exists()
    assert left() == {"fresh.part", "newer.pickle"}


def test_a_damaged_settled_market_is_told_of_and_settled_anew(tmp_path, monkeypatch) -> None:
    """The market is the same as without a cache, and the damaged file is replaced by a whole one."""
    from homecare import checkpoint

    monkeypatch.setattr("homecare.checkpoint.cache_folder", lambda: tmp_path)
    first = Market("hamlet", burn_in=4)
    path = checkpoint.path_of(first.scenario_run, 4)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1  # a bit of some column: nothing but its sum tells
    for damaged in (whole[:1000], bytes(flipped), b""):
        path.write_bytes(damaged)
        with pytest.warns(RuntimeWarning, match="damaged"):
            again = Market("hamlet", burn_in=4)
        assert path.read_bytes() == whole
    again.step()
    first.step()
    assert repr(again.series) == repr(first.series)
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("a file where the folder of settled markets should be")
    with pytest.warns(RuntimeWarning, match="not kept"):
        Market("hamlet", burn_in=4)
