"""Laws of places: everybody lives in the area, and every package is bought in the zone of its small area."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from worlds import few, live, scenarios

from homecare.agents.service_user import COUNCIL
from homecare.market import Market
from homecare.scenario import Scenario
from homecare.week.assistants import FIRST_FRIEND_KEY
from homecare.week.founding import FIRST_KNOWN_KEY

pytestmark = pytest.mark.laws


def distances(market: Market, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return float64[n, areas]: how far each place lies outside each small area's square; 1 is its edge."""
    area = market.area
    dx, dy = x[:, None] - area.easting[None, :], y[:, None] - area.northing[None, :]
    return np.maximum(np.abs(dx), np.abs(dy)) / area.jitter_metres[None, :]


def check_places(market: Market) -> None:
    """People stand within their own small area's reach, workers and branches within that of some, friends near them."""
    u, area = market.service_users, market.area
    own = distances(market, u.x, u.y)[np.arange(u.n), u.small_area]
    assert np.all(own <= 1.0 + 1e-9), "somebody lives outside their small area"
    assert np.all(u.rural == area.rural[u.small_area])
    assert np.all(u.imd_decile == area.imd_decile[u.small_area])
    w, g = market.care_workers, market.agencies
    # Who works for somebody they know lives near them, over a border or not.
    friend = (w.birth_key >= FIRST_FRIEND_KEY) & (w.birth_key < FIRST_KNOWN_KEY)
    for x, y in ((w.x[~friend], w.y[~friend]), (g.x, g.y)):
        assert np.all(distances(market, x, y).min(axis=1) <= 1.0 + 1e-9)
    person = {key: row for row, key in enumerate(u.birth_key.tolist())}
    known = [person[key] for key in (w.birth_key[friend] - FIRST_FRIEND_KEY).tolist()]
    away = np.maximum(np.abs(w.x[friend] - u.x[known]), np.abs(w.y[friend] - u.y[known]))
    assert np.all(away <= 1000.0 * market.uncertainty.assistants.friend_km)


def check_zones(market: Market) -> None:
    """Zones number the small areas without gaps, and packages and contracts lie in them."""
    u, p = market.service_users, market.packages
    zones = market.zone_of_area
    assert zones.shape == (len(market.area),)
    assert sorted(set(zones.tolist())) == list(range(int(zones.max()) + 1))
    blocks = np.flatnonzero(p.active)
    users = p.user[blocks]
    assert np.all(p.zone[blocks] == zones[u.small_area[users]])
    assert np.all(p.x[blocks] == u.x[users]) and np.all(p.y[blocks] == u.y[users])
    assert np.all(p.rural[blocks] == u.rural[users])
    # Reablement is the council's, whoever pays afterwards; a self-funder's own choice comes with lasting care.
    assert np.all(p.route[blocks] == np.where(u.reabling[users], COUNCIL, u.route[users]))
    contracts = market.contracts
    assert np.all((contracts.zone >= 0) & (contracts.zone <= zones.max())) and np.all(contracts.seconds >= 0)
    counted = blocks[p.contract[blocks] >= 0]
    for block in counted.tolist():
        contract = int(p.contract[block])
        assert contract < contracts.seconds.size
        holder = p.lead[block] if p.lead[block] >= 0 else p.agency[block]
        assert contracts.agency[contract] == holder and contracts.zone[contract] == p.zone[block]


@given(scenario=scenarios())
@few()
def test_everybody_is_inside_the_area_and_in_their_zone(scenario: Scenario) -> None:
    def after(market: Market) -> None:
        check_places(market)
        check_zones(market)

    live(scenario, after=after).close()
