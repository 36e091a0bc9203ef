"""Luck, functions and tariffs against integers of any size, `math`, SciPy and plain words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from homecare import draws, numerics
from homecare.agents.commissioner import Brokers
from homecare.agents.money import charge_of
from homecare.agents.service_user import UserChoice, rank_agencies
from homecare.plans import visit_seconds
from homecare.policies.contracting import Spot
from homecare.policies.contracting_tendered import Block
from homecare.policies.contracting_views import PurchasingView, TenderView, ring_round
from homecare.tariff import Tariff, assessed_seconds, banded, payable_lines
from homecare.week.nearness import pair_luck

MASK = (1 << 64) - 1


def mix(z: int) -> int:
    """SplitMix64's finaliser on Python's own integers."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def stream(seed: int, purpose: int, week: int) -> int:
    z = mix((seed + 0x9E3779B97F4A7C15) & MASK)
    z = mix(z ^ (purpose * 0xD1342543DE82EF95 & MASK))
    return mix((z + (week + 4096) * 0x9E3779B97F4A7C15) & MASK)


def uniform(key: int, who: int, k: int) -> float:
    z = mix(key ^ (who * 0x9E3779B97F4A7C15 & MASK))
    z = mix((z + k * 0xD1342543DE82EF95) & MASK)
    return ((z >> 12) + 0.5) / 2.0**52


@given(seed=st.integers(0, 2**31), purpose=st.sampled_from(list(draws.Purpose)), week=st.integers(-104, 5200),
       who=st.integers(0, 2**45), k=st.integers(0, 400))
def test_draws_are_those_of_the_hash_on_whole_numbers(seed: int, purpose: draws.Purpose, week: int, who: int,
                                                      k: int) -> None:
    expected = uniform(stream(seed, int(purpose), week), who, k)
    found = draws.uniforms(seed, purpose, week, np.array([who, who + 1]), k)
    assert found[0] == expected and 0.0 < found[0] < 1.0
    assert found[0] != found[1]
    normal = draws.normals(seed, purpose, week, np.array([who]), k)[0]
    assert normal == pytest.approx(stats.norm.ppf(expected), rel=2e-9, abs=2e-9)


def test_several_draws_at_once_are_those_drawn_one_by_one() -> None:
    which = (3, draws.Purpose.PERSON_TRAITS, 7, np.array([5, 1, 2**40]))
    several = draws.several(*which, range(2, 40))
    assert np.array_equal(several, [draws.uniforms(*which, k) for k in range(2, 40)])
    assert np.array_equal(draws.bell(several), [draws.normals(*which, k) for k in range(2, 40)])


def test_draws_are_uniform_and_neighbours_know_nothing_of_each_other() -> None:
    who = np.arange(20000)
    u = draws.uniforms(3, draws.Purpose.VISIT, 7, who)
    assert stats.kstest(u, "uniform").pvalue > 0.01
    for other in (draws.uniforms(3, draws.Purpose.VISIT, 7, who + 1), draws.uniforms(3, draws.Purpose.VISIT, 8, who),
                  draws.uniforms(3, draws.Purpose.NEED, 7, who), draws.uniforms(4, draws.Purpose.VISIT, 7, who),
                  draws.uniforms(3, draws.Purpose.VISIT, 7, who, 1)):
        assert abs(np.corrcoef(u, other)[0, 1]) < 4.0 / math.sqrt(who.size)


@given(x=st.floats(-690.0, 690.0))
def test_exp_is_that_of_math(x: float) -> None:
    assert numerics.exp(x) == pytest.approx(math.exp(x), rel=4e-15)


@given(x=st.floats(1e-300, 1e300))
def test_log_is_that_of_math(x: float) -> None:
    assert numerics.log(x) == pytest.approx(math.log(x), rel=4e-15, abs=4e-16)


@given(base=st.floats(1e-6, 1e3), exponent=st.floats(-3.0, 3.0))
def test_power_is_that_of_python(base: float, exponent: float) -> None:
    assert numerics.power(base, exponent) == pytest.approx(base**exponent, rel=1e-13)


@given(p=st.floats(1e-15, 1.0 - 1e-12))
def test_the_normal_quantile_is_that_of_scipy(p: float) -> None:
    assert numerics.normal_quantile(p) == pytest.approx(special.ndtri(p), rel=1.5e-9, abs=1.5e-9)


@given(mean=st.floats(0.01, 200.0), u=st.floats(1e-9, 1.0 - 1e-6))
def test_the_poisson_quantile_is_that_of_scipy(mean: float, u: float) -> None:
    n = int(draws.poisson(mean, u))
    assert stats.poisson.cdf(n, mean) >= u - 1e-9 and (n == 0 or stats.poisson.cdf(n - 1, mean) < u + 1e-9)


@given(index=st.lists(st.integers(-1, 5), max_size=30))
def test_sums_by_index(index: list[int]) -> None:
    at, values = np.array(index, np.int64), np.arange(len(index)) * 7 - 20
    sums = [sum(int(v) for i, v in zip(index, values, strict=True) if i == k) for k in range(6)]
    assert numerics.sum_by(at, values, 6).tolist() == sums
    assert numerics.count_by(at, 6).tolist() == [index.count(k) for k in range(6)]


@given(pairs=st.lists(st.tuples(st.integers(-1, 3), st.floats(-1e6, 1e6)), max_size=20))
def test_totals_and_means_by_index(pairs: list[tuple[int, float]]) -> None:
    at, values = np.array([i for i, _ in pairs], np.int64), np.array([v for _, v in pairs], float)
    in_order = 0.0
    for value in values.tolist():
        in_order += value
    assert numerics.total(values) == in_order
    groups = [[v for i, v in pairs if i == k] for k in range(4)]
    means = [math.fsum(group) / len(group) if group else 7.5 for group in groups]
    assert numerics.mean_by(at, values, 4, 7.5).tolist() == pytest.approx(means, rel=1e-9, abs=1e-6)


@given(seconds=st.lists(st.integers(0, 200_000), min_size=1, max_size=5), band=st.sampled_from([0, 900, 7200, 25200]))
def test_the_seconds_assessed_are_the_middle_of_their_band(seconds: list[int], band: int) -> None:
    found = assessed_seconds(np.array(seconds), np.full(len(seconds), band)).tolist()
    for asked, stands in zip(seconds, found, strict=True):
        if band == 0:
            assert stands == asked
        else:
            (middle,) = (low + band // 2 for low in range(0, 200_001, band) if low <= asked < low + band)
            assert stands == middle


@given(seed=st.integers(0, 2**31), week=st.integers(-104, 5200), bell=st.booleans())
def test_the_luck_of_a_pair_belongs_to_both(seed: int, week: int, bell: bool) -> None:
    users, agencies = np.array([3, 2**40, 17]), np.array([1, 5])
    found = pair_luck(seed, int(draws.Purpose.LABOUR_POOL), week, users, agencies, bell)
    key = stream(seed, int(draws.Purpose.LABOUR_POOL), week)
    u = [[uniform(key, user, agency) for agency in agencies.tolist()] for user in users.tolist()]
    assert found.tolist() == ([[numerics.normal_quantile(x) for x in row] for row in u] if bell else u)


pence = st.integers(0, 5000)


@given(prices=st.tuples(*[pence] * 9), seconds=st.tuples(*[st.integers(0, 200_000)] * 5),
       counts=st.tuples(*[st.integers(0, 60)] * 4))
def test_a_tariff_line_is_its_words(prices: tuple[int, ...], seconds: tuple[int, ...],
                                    counts: tuple[int, ...]) -> None:
    hours = sum(price * done for price, done in zip(prices[:5], seconds, strict=True))
    rounded = hours // 3600 + (hours % 3600 >= 1800)
    expected = rounded + sum(price * done for price, done in zip(prices[5:], counts, strict=True))
    paid = payable_lines(np.array([Tariff(*prices)]), np.zeros(1, int), np.array([seconds + counts]))
    assert paid.tolist() == [expected]


@given(lived=st.integers(0, 7200), agreed=st.integers(300, 7200), band=st.sampled_from([0, 300, 900, 1800]),
       grace=st.integers(0, 900))
def test_bands_are_whole_and_never_beyond_what_was_agreed(lived: int, agreed: int, band: int, grace: int) -> None:
    paid = banded(lived, agreed, band, grace)
    if band == 0:
        assert paid == 0
        return
    bands = 0
    while bands * band + grace < lived:
        bands += 1
    assert paid == min(bands * band, agreed)


@given(need=st.lists(st.floats(0.0, 6000.0), min_size=4, max_size=4), slack=st.sampled_from([0, 300]),
       minimum=st.sampled_from([900, 1800]), step=st.sampled_from([300, 900]), trim=st.floats(0.0, 0.4),
       with_factor=st.sampled_from([1.0, 1.3]))
def test_planned_visits_are_their_words(need: list[float], slack: int, minimum: int, step: int,
                                        trim: float, with_factor: float) -> None:
    wished = [with_factor * part for part in need]
    for part in (3, 2, 1):
        if wished[part] < 720:
            wished[part - 1] += wished[part]
            wished[part] = 0.0
    expected = []
    for value in wished:
        left = value * (1.0 - trim)
        steps = math.ceil((left - 60 + slack) / step)
        expected.append(max(steps * step, minimum) if left >= 720 else 0)
    ones, one = np.ones(3, np.int64), np.array([1])
    longer = np.array([0, 2 if with_factor > 1.0 else 1, 0])
    assert visit_seconds(one, one, np.array([[9.0] * 4, need]), longer, with_factor, slack * ones, minimum * ones,
                         step * ones, trim * np.ones(3), 720.0, 60.0).tolist() == [expected]


@given(income=st.integers(0, 60000), savings=st.integers(0, 4_000_000))
def test_a_charge_is_the_means_test_in_words(income: int, savings: int) -> None:
    minimum, lower = 23260, 1_425_000
    tariff_income = 100 * math.ceil(max(savings - lower, 0) / 25000)
    found = charge_of(np.array([income]), np.array([savings]), minimum, lower)
    assert found.tolist() == [max(income + tariff_income - minimum, 0)]


@st.composite
def views(draw: st.DrawFn) -> PurchasingView:
    """What a contracting rule may see, at random."""
    n, m, c = draw(st.integers(1, 4)), draw(st.integers(1, 7)), draw(st.integers(0, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return PurchasingView(
        agency_open=rng.random(m) < 0.7, agency_last_yes=rng.integers(-20, 20, m),
        agency_rating=3.0 * rng.random(m), agency_own=np.zeros(m, bool),
        agency_council_seconds=rng.integers(0, 10**6, m),
        distance_metres=20000 * rng.random((n, m)), luck=rng.random((n, m)),
        request_zone=rng.integers(0, 2, n).astype(np.int32), request_before=rng.integers(-1, m, n),
        contract_agency=rng.integers(0, m, c), contract_zone=rng.integers(0, 2, c),
        contract_spare_seconds=rng.permutation(c) * 3600, contract_room_seconds=rng.permutation(c) * 3600,
        contract_quote=rng.integers(2000, 3000, c),
        habits=draw(st.sampled_from((Brokers(), Brokers(recency=0.0), Brokers(recency=0.9, far_km=20.0, chance=0.0)))),
    )


def rung(view: PurchasingView, i: int, calls: int) -> list[int]:
    """Whom a broker rings for one request: who served before, then by recency, distance and luck."""
    able = [a for a in range(view.agency_open.size) if view.agency_open[a]]
    by = view.habits

    def score(a: int) -> tuple[bool, float]:
        return (a != view.request_before[i],
                -by.recency * float(view.agency_last_yes[a]) + view.distance_metres[i, a] / (1000.0 * by.far_km)
                + by.chance * view.luck[i, a])

    return sorted(able, key=score)[:calls]


@given(view=views(), calls=st.integers(1, 6))
def test_a_ring_round_is_its_words(view: PurchasingView, calls: int) -> None:
    for asked in (ring_round(view, calls), Spot(calls_per_request=calls).who_is_asked(view)):
        for i, row in enumerate(asked.tolist()):
            assert [a for a in row if a >= 0] == rung(view, i, calls)
            assert row == sorted(row, key=lambda a: a < 0), "something stands behind the end of a list"


@given(view=views(), calls=st.integers(1, 6), holders=st.integers(1, 3))
def test_block_asks_the_holders_of_the_zone_first(view: PurchasingView, calls: int, holders: int) -> None:
    asked = Block(calls_per_request=calls, providers_per_zone=holders).who_is_asked(view)
    for i, row in enumerate(asked.tolist()):
        contracts = sorted(range(view.contract_zone.size), key=lambda c: -view.contract_spare_seconds[c])
        first = [int(view.contract_agency[c]) for c in contracts if view.contract_zone[c] == view.request_zone[i]
                 and view.agency_open[view.contract_agency[c]]]
        rest = [a for a in rung(view, i, calls) if a not in first]
        assert [a for a in row if a >= 0] == (first + rest)[:calls]


@given(seed=st.integers(0, 10**6), zones=st.integers(1, 3), m=st.integers(1, 6), holders=st.integers(1, 3))
def test_an_award_goes_to_the_best_scores_of_each_zone(seed: int, zones: int, m: int, holders: int) -> None:
    rng = np.random.default_rng(seed)
    rule = Block(zones=zones, providers_per_zone=holders, volume_share=0.7, price_weight=0.6, zones_per_provider=2)
    bids = np.where(rng.random((zones, m)) < 0.7, rng.integers(2000, 3000, (zones, m)), 0)
    view = TenderView(zones=np.arange(zones), fee=2600, agency_open=rng.random(m) < 0.8,
                      agency_rating=3.0 * rng.random(m), agency_rated=rng.random(m) < 0.7,
                      agency_weeks_open=rng.integers(0, 200, m), agency_held=rng.integers(0, 2, m),
                      seconds_by_zone=rng.integers(0, 10**6, (zones, m)), staff_seconds=rng.integers(0, 3, m),
                      bids=bids)
    award, expected = rule.award(view), []
    held = view.agency_held.tolist()
    for zone in range(zones):
        made = [a for a in range(m) if bids[zone, a] > 0]
        lowest = min((int(bids[zone, a]) for a in made), default=0)
        able = [a for a in made if held[a] < 2]
        able.sort(key=lambda a, z=zone, low=lowest: -(0.6 * low / bids[z, a] + 0.4 * view.agency_rating[a] / 3.0))
        best = able[:holders]
        for a in best:
            held[a] += 1
        promised = int(0.7 * int(view.seconds_by_zone[zone].sum()))
        expected += [(a, zone, int(bids[zone, a]), promised // len(best)) for a in best]
    assert list(zip(award.agency.tolist(), award.zone.tolist(), award.fee.tolist(), award.seconds.tolist(),
                    strict=True)) == expected


@given(seed=st.integers(0, 10**6), n=st.integers(1, 4), m=st.integers(1, 9))
def test_people_ring_the_agencies_that_they_like_best(seed: int, n: int, m: int) -> None:
    rng, choice = np.random.default_rng(seed), UserChoice()
    price, rating, is_open = 20 + 10 * rng.random(m), 3 * rng.random(m), rng.random(m) < 0.7
    metres, taste = 20000 * rng.random((n, m)), rng.standard_normal((n, m))
    pays = rng.random(n) < 0.5
    asked = rank_agencies(price, rating, metres, is_open, taste, choice, pays)
    for i in range(n):
        able = [a for a in range(m) if is_open[a]]
        able.sort(key=lambda a, i=i: -(choice.rating_weight * rating[a] - choice.price_weight * price[a] * pays[i]
                                  - choice.distance_weight * metres[i, a] / 1000
                                  + choice.taste_spread * taste[i, a]))
        assert [a for a in asked[i].tolist() if a >= 0] == able[: choice.agencies_asked]
