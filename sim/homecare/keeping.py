"""What must be kept of a market to go on from a week, and how it is taken on again."""

from __future__ import annotations

from typing import Any

import numpy as np

from homecare.week.placing import refresh_teams


class Keeping:
    """The part of a market that gives and takes a whole state."""

    _SCALARS = ("week", "floor", "price_level", "arrivals_a_week", "self_funder_share", "direct_payment_share",
                "workforce_at_start", "agencies_at_start", "casework_begun", "told_changes",
                "contracting_since", "contracting_for_all", "contracting_renews")
    _ARRAYS = ("zone_of_area", "tender_weeks", "stops", "starts", "ends", "free", "n_stops", "week_seconds")
    _TABLES = ("service_users", "care_workers", "agencies", "care_managers", "commissioners")

    def state(self) -> dict[str, Any]:
        """Return everything needed to go on from here (copies)."""
        return {
            "scalars": {name: getattr(self, name) for name in self._SCALARS},
            "arrays": {name: getattr(self, name).copy() for name in self._ARRAYS},
            "tables": {name: getattr(self, name).saved() for name in self._TABLES},
            "packages": self.packages.state(), "ledger": self.ledger.state(),
            "receivables": self.receivables.state(), "contracts": self.contracts, "founding": list(self.founding),
            "to_plan": [rows.copy() for rows in self.to_plan],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a saved state of the same scenario's burn-in."""
        for name, value in state["scalars"].items():
            setattr(self, name, value)
        for name, value in state["arrays"].items():
            setattr(self, name, value.copy())
        for name in self._TABLES:
            getattr(self, name).restore(state["tables"][name], self)
        self.packages.restore(state["packages"])
        self.ledger.restore(state["ledger"])
        self.receivables.restore(state["receivables"])
        self.contracts = state["contracts"]
        self.founding = list(state["founding"])
        self.to_plan = [rows.copy() for rows in state["to_plan"]]
        self.tariff = self.policy.payment.tariff(self.commissioners.agents[0].fee)
        self.team_first = np.zeros(0, np.int64)  # whatever teams stood here, they are not those of this state
        refresh_teams(self)
