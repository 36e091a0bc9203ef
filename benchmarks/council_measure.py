"""What ``council.py`` measures, in the process whose cache folder it has chosen."""

from __future__ import annotations

import copy
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any

import numba
from numba.core import event

from homecare.market import Market
from homecare.week.kernels.layout import NOT_DUE
from twin_check import capture, counts, differences, live_compiled
from twin_delivery import Delivery
from twin_luck import MarketLuck, OrdinaryLuck

if TYPE_CHECKING:
    from council import Size

PHASES = (
    ("changes", "homecare.market:Market._changes_of_the_week"),
    ("open", "homecare.market:Market.open_week"),
    ("need", "homecare.week.need:live"),
    ("arrive", "homecare.week.assessment:arrive"),
    ("assess", "homecare.week.assessment:assess"),
    ("buy", "homecare.week.purchasing:buy"),
    ("employ", "homecare.week.employment:employ"),
    ("assistants", "homecare.week.assistants:live"),
    ("roster", "homecare.week.rostering:roster"),
    ("deliver", "homecare.week.delivery:deliver"),
    ("experience", "homecare.week.experience:experience"),
    ("accounts", "homecare.week.accounts:settle"),
    ("work", "homecare.week.experience:work"),
    ("oversight", "homecare.week.oversight:oversee"),
    ("measure", "homecare.market:measure"),
    ("collect", "homecare.collecting:WeeklyCollector.collect"),
)
"""Phases of a week in their order, and where each is looked up when it is called."""

PARTS_OF_PHASES = (
    ("roster: lasting places", "homecare.week.rostering:place_blocks"),
    ("roster: other times", "homecare.week.rostering:seek_times"),
    ("roster: better places", "homecare.week.rostering:relocate"),
    ("roster: overlay", "homecare.week.rostering:make_overlay"),
    ("roster: overlay: absences", "homecare.week.overlay:absences"),
    ("roster: overlay: cover", "homecare.week.overlay:cover"),
    ("deliver: rounds lived", "homecare.week.kernels.delivery:deliver"),
    ("deliver: added up", "homecare.week.delivery:add_up"),
    ("experience: voice", "homecare.week.experience:voice"),
)
"""What some phases spend their time on; already counted in the phase."""


@contextmanager
def clocked(places: tuple[tuple[str, str], ...]) -> Iterator[dict[str, float]]:
    """Within the block, add up the seconds by the clock spent in each of the named functions.

    Raises
    ------
    AttributeError
        Where a place is no longer there: the list must follow the week.
    """
    spent = {name: 0.0 for name, _ in places}
    undo: list[tuple[Any, str, Any]] = []

    def wrapped(name: str, function: Callable) -> Callable:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                spent[name] += time.perf_counter() - start

        return timed

    try:
        for name, place in places:
            module, _, path = place.partition(":")
            *owners, attribute = path.split(".")
            owner = import_module(module)
            for step in owners:
                owner = getattr(owner, step)
            undo.append((owner, attribute, getattr(owner, attribute)))
            setattr(owner, attribute, wrapped(name, undo[-1][2]))
        yield spent
    finally:
        for owner, attribute, function in reversed(undo):
            setattr(owner, attribute, function)


def planned(market: Any) -> tuple[int, int]:
    """Return planned visits and attendances of the week just lived, from the table of attendances."""
    due = market.lived.ending.reshape(-1, 2) != NOT_DUE
    return int(due[:, 0].sum()), int(due.sum())


def live(market: Any, weeks: int) -> dict[str, float]:
    """Live some weeks; return wall and processor seconds and the sums of visits and attendances."""
    out = dict.fromkeys(("wall", "processor", "visits", "attendances"), 0)
    for _ in range(weeks):
        wall, processor = time.perf_counter(), time.process_time()
        market.step()
        out["processor"] += time.process_time() - processor
        out["wall"] += time.perf_counter() - wall
        visits, attendances = planned(market)
        out["visits"] += visits
        out["attendances"] += attendances
    return out


def whole_run(scenario: str, size: Size) -> dict[str, Any]:
    """Live the council's weeks in blocks; return seconds, visits, costs by phase and peak memory."""
    market = Market(scenario, scale=size.scale, weeks=size.weeks, burn_in=size.burn_in)
    blocks, by_phase = [], []
    places = PHASES + PARTS_OF_PHASES
    with clocked(places) as spent, event.install_recorder("numba:compile") as compiled:
        for _ in range(size.weeks // size.block):
            before = dict(spent)
            blocks.append(live(market, size.block))
            by_phase.append({name: spent[name] - before[name] for name in spent})
    if compiled.buffer:
        raise RuntimeError(f"{len(compiled.buffer) // 2} kernels were compiled while the clock ran")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    market.close()
    for block, phases in zip(blocks, by_phase, strict=True):
        phases["rest"] = block["wall"] - sum(phases[name] for name, _ in PHASES)
    costs = [1e9 * block["wall"] / block["visits"] for block in blocks]
    of_processor = [1e9 * block["processor"] / block["visits"] for block in blocks]
    names = [name for name, _ in PHASES] + ["rest"]
    parts = {name: [part for part, _ in PARTS_OF_PHASES if part.startswith(name + ":")] for name in names}
    order = [one for name in names for one in (name, *parts[name])]
    phases = [
        {
            "phase": name,
            "is_part": name not in names,
            "ms_a_week": median(1e3 * phases[name] for phases in by_phase) / size.block,
            "ns_a_visit": median(
                1e9 * phases[name] / block["visits"] for phases, block in zip(by_phase, blocks, strict=True)),
        }
        for name in order
    ]
    return {
        "scale": size.scale,
        "weeks": size.block * len(blocks),
        "blocks": len(blocks),
        "wall_seconds": sum(block["wall"] for block in blocks),
        "processor_seconds": sum(block["processor"] for block in blocks),
        "visits_a_week": median(block["visits"] for block in blocks) / size.block,
        "attendances_a_week": median(block["attendances"] for block in blocks) / size.block,
        "ns_a_visit": median(costs),
        "ns_a_visit_range": [min(costs), max(costs)],
        "processor_ns_a_visit": median(of_processor),
        "ns_an_attendance": median(1e9 * block["wall"] / block["attendances"] for block in blocks),
        "phases": phases,
        "peak_memory_mb": peak,
    }


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return (a, b) of the least-squares line y = a + b x through points (x, y), not all of one x."""
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    slope = (sum((x - x_mean) * (y - y_mean) for x, y in points)
             / sum((x - x_mean) ** 2 for x, _ in points))
    return y_mean - slope * x_mean, slope


def fit(scenario: str, size: Size) -> dict[str, Any]:
    """Return fixed and per-visit cost: a line through the time of a week against its visits, over scales.

    On one core the points lie on a line, whose intercept is the fixed cost. On all cores the line bends, since larger
    councils use more of them, and its intercept is too high. Both are lived in every round, by turns.
    """
    markets = [Market(scenario, scale=scale, weeks=size.weeks, burn_in=size.burn_in) for scale in size.scales]
    for market in markets:
        market.step()
    all_cores = numba.config.NUMBA_NUM_THREADS
    rounds: dict[str, list] = {"one_core": [], "all_cores": []}
    for _ in range(size.rounds):
        for name, cores in (("one_core", 1), ("all_cores", all_cores)):
            numba.config.NUMBA_NUM_THREADS = cores
            blocks = [live(market, size.fit_block) for market in markets]
            rounds[name].append([(block["visits"] / size.fit_block, block["wall"] / size.fit_block) for block in blocks])
    for market in markets:
        market.close()
    return {"cores": all_cores, **{name: _fitted(size, points) for name, points in rounds.items()}}


def _fitted(size: Size, rounds: list[list[tuple[float, float]]]) -> dict[str, Any]:
    """Return medians and ranges of the lines of all rounds, and the points."""
    lines = [line(points) for points in rounds]
    middle = [(median(points[i][0] for points in rounds), median(points[i][1] for points in rounds))
              for i in range(len(size.scales))]
    a, b = median(a for a, _ in lines), median(b for _, b in lines)
    return {
        "fixed_ms_a_week": 1e3 * a,
        "fixed_ms_range": [1e3 * min(a for a, _ in lines), 1e3 * max(a for a, _ in lines)],
        "ns_a_visit": 1e9 * b,
        "ns_range": [1e9 * min(b for _, b in lines), 1e9 * max(b for _, b in lines)],
        "worst_miss_share": max(abs(a + b * visits - seconds) / seconds for visits, seconds in middle),
        "rounds": len(rounds),
        "points": [{"scale": scale, "visits_a_week": visits, "ms_a_week": 1e3 * seconds}
                   for scale, (visits, seconds) in zip(size.scales, middle, strict=True)],
    }


def against_twin(scenario: str, size: Size) -> dict[str, Any]:
    """Live one settled week by the kernel and by the twin; return that they agree, and times.

    Raises
    ------
    RuntimeError
        Where the twin's week is not the kernel's.
    """
    market = Market(scenario, scale=size.scale, weeks=size.weeks, burn_in=size.burn_in)
    market.run(2)
    given, lived = capture(market)
    market.close()
    own_luck = MarketLuck(given["seed"], given["week"])
    twin = Delivery(given, own_luck)
    twin.step()
    faults = differences(twin, lived)
    if faults:
        raise RuntimeError("the twin did not live the kernel's week:\n  " + "\n  ".join(faults))
    n_visits = sum(len(user.visits) for user in twin.users)
    took: dict[str, list[float]] = {"kernel": [], "ordinary": [], "own": []}
    for _ in range(size.rounds):
        kernel_times = []
        for _ in range(5):
            again = copy.deepcopy(given)
            start = time.process_time()
            live_compiled(again)
            kernel_times.append(time.process_time() - start)
        took["kernel"].append(median(kernel_times))
        for name, luck in (("ordinary", OrdinaryLuck(given["seed"])), ("own", own_luck)):
            twin.luck = luck
            twin.forget_week()
            start = time.process_time()
            twin.step()
            took[name].append(time.process_time() - start)
    return {
        "scale": size.scale,
        "visits": n_visits,
        "ends": counts(lived),
        "kernel_ns_a_visit": 1e9 * median(took["kernel"]) / n_visits,
        "twin_ns_a_visit": 1e9 * median(took["ordinary"]) / n_visits,
        "twin_same_luck_ns_a_visit": 1e9 * median(took["own"]) / n_visits,
        "ratio": median(t / k for t, k in zip(took["ordinary"], took["kernel"], strict=True)),
        "ratio_same_luck": median(t / k for t, k in zip(took["own"], took["kernel"], strict=True)),
        "rounds": size.rounds,
    }


def measure(scenario: str, size: Size, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the figures that need no process of their own."""
    say("loading the kernels")
    hamlet = Market("hamlet", cached=False, burn_in=13)
    hamlet.run()
    hamlet.close()
    say(f"living {size.weeks} weeks at scale {size.scale:g}")
    whole = whole_run(scenario, size)
    say(f"fitting over scales {', '.join(f'{scale:g}' for scale in size.scales)}")
    fitted = fit(scenario, size)
    say("living a week as plain objects")
    return {"run": whole, "fit": fitted, "twin": against_twin(scenario, size)}
