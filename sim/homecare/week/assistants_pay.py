"""Direct payments to those who employ: wages and costs of personal assistants, and what goes back."""

from __future__ import annotations

import numpy as np

from homecare import lived_columns as d
from homecare.ledger import Account, Kind
from homecare.numerics import places
from homecare.week.charges import charge


def pay_assistants(market) -> None:
    """Pay assistants for the agreed time of visits made, out of direct payments; what is left goes back.

    The direct payment is the council's fee for the hours planned; the person is charged as for any other care.
    """
    u, w, p = market.service_users, market.care_workers, market.packages
    rows = market.assistants
    blocks = places(p.active & p.assisted)
    if rows.size == 0 and blocks.size == 0:
        return
    labour = market.uncertainty.assistants
    seconds = market.lived.workers[market.team.size :, d.CONTACT_PLANNED]
    w.wage[rows] = np.maximum(w.wage[rows], market.floor)
    wages = (w.wage[rows] * seconds + 1800) // 3600
    w.pay[rows] = wages
    w.idle_pay[rows] = 0
    users = p.user[blocks]
    spent = np.bincount(w.employer[rows], weights=wages, minlength=u.n).astype(np.int64)[users]
    costs = (spent * round(10000 * labour.on_costs) + 5000) // 10000 + round(100 * labour.payroll)
    runs = ~p.suspended[blocks]
    budget = np.where(runs, (p.planned[blocks] * market.commissioners.agents[0].fee + 1800) // 3600, 0)
    cost = spent + costs
    own = np.maximum(cost - budget, 0)
    net = cost - own
    ledger = market.ledger
    ledger.post(Kind.USERS_INCOME, Account.WORLD, Account.USERS, int(own.sum()))
    ledger.post(Kind.DIRECT_PAYMENTS, Account.COUNCIL, Account.USERS, int(budget.sum()))
    ledger.post(Kind.ASSISTANTS_PAY, Account.USERS, Account.WORKERS, int(spent.sum()))
    ledger.post(Kind.ASSISTANTS_COSTS, Account.USERS, Account.WORLD, int(costs.sum()))
    ledger.post(Kind.RETURNED, Account.USERS, Account.COUNCIL, int((budget - net).sum()))
    charged = charge(market, blocks, net)
    whole = int(net.sum())
    ledger.post(Kind.GRANT, Account.WORLD, Account.COUNCIL, max(whole - charged, 0))
    market.commissioners.agents[0].spent += whole - charged
    market.tally["direct_payments_pence"] = whole
    market.tally["returned_pence"] = int((budget - net).sum())
