"""An open agent-based simulation of the English homecare market. Synthetic: for differences, not forecasts.

>>> import homecare as hc
>>> market = hc.Market("hamlet", seed=1)      # settles the market, or takes a settled one from the cache
>>> weekly = market.run()                     # one row a week, one column an outcome
>>> len(weekly)
8

Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from homecare._version import __version__

if TYPE_CHECKING:
    from homecare import run
    from homecare.compare_runs import Comparison, compare
    from homecare.market import Market
    from homecare.outcomes import OUTCOMES
    from homecare.scenario import Scenario, ScenarioError, dump, load, named
    from homecare.sweep import run_many

__all__ = ["OUTCOMES", "Agency", "CareManager", "CareWorker", "Commissioner", "Comparison", "Market", "NoMarket",
           "Scenario", "ScenarioError", "ServiceUser", "__version__", "compare", "dump", "load", "named", "run",
           "run_many"]

_HOMES = {
    "Agency": "agents.agency",
    "CareManager": "agents.care_manager",
    "CareWorker": "agents.care_worker",
    "Commissioner": "agents.commissioner",
    "Comparison": "compare_runs",
    "Market": "market",
    "NoMarket": "build",
    "OUTCOMES": "outcomes",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "ServiceUser": "agents.service_user",
    "compare": "compare_runs",
    "dump": "scenario",
    "load": "scenario",
    "named": "scenario",
    "run_many": "sweep",
}
"""Public name, then the module that it comes from."""


def __getattr__(name: str) -> Any:
    if name == "run":
        return import_module("homecare.run")  # a module that can be called
    if name not in _HOMES:
        raise AttributeError(f"module 'homecare' has no attribute {name!r}")
    found = getattr(import_module(f"homecare.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
