"""The plan of a sweep: its points on its seeds, as runs with keys, one after the other and in little memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from homecare.compiled import content_digest
from homecare.scenario import ScenarioError, load
from homecare.shards import Shard, is_in
from homecare.store_many import Keys, hashed
from homecare.sweep_design import Point, label_of, number_of_points, override, points_of, shown_value
from homecare.sweep_drive import Run
from homecare.sweep_terms import Sweep

BLOCK = 64
"""Points whose scenarios are held at a time: each is loaded once for all its seeds."""


class Plan:
    """The runs of a sweep; it can be walked again and again, and gives the same runs each time.

    Within a block of points runs go seed by seed, so that those which share a settled market stand together.

    Parameters
    ----------
    sweep : Sweep
    shard : (int, int), optional
        Number of this shard, from 1, and how many there are: only its runs are given.
    """

    def __init__(self, sweep: Sweep, shard: Shard | None = None):
        self.sweep = sweep
        self.shard = shard

    def __len__(self) -> int:
        """How many runs there are, in all shards."""
        return number_of_points(self.sweep) * len(self.sweep.seeds)

    def __iter__(self) -> Iterator[Run]:
        several: dict[str, None] = {}  # settled markets from which more than one run starts
        points = enumerate(points_of(self.sweep))
        while block := list(islice(points, BLOCK)):
            made = [self._made(number, point) for number, point in block]
            count = Counter(keys.settles for keys, *_ in made if isinstance(keys, Keys))
            several.update(dict.fromkeys(settles for settles, n in count.items() if n > 1))
            for seed in self.sweep.seeds:
                for keys, scenario, label, factors, fault in made:
                    if isinstance(keys, Keys):
                        run = Run(keys.of(seed), label, seed, keys.settling(seed), scenario, factors,
                                  keys.settles in several)
                    else:
                        run = Run(hashed(keys, fault, str(seed), content_digest()), label, seed, "", None, factors,
                                  False, fault)
                    if self._is_ours(run):
                        yield run

    def _made(self, number: int, point: Point):
        """Keys, scenario, label, factors and fault of a point; in the place of keys its overrides, if it has a fault."""
        label = label_of(self.sweep, point, number)
        given = {path: value for path, value in point.items() if path != "name"}
        overrides = [*self.sweep.settings, *(override(path, value) for path, value in given.items())]
        factors = tuple((path, shown_value(value)) for path, value in given.items())
        try:
            scenario = load(self.sweep.base, overrides, name=label)
        except ScenarioError as error:
            said = "; ".join(f"{fault.key}: {fault.message}" + (f", given {fault.given}" if fault.given else "")
                             for fault in error.faults)
            return json.dumps(overrides), None, label, factors, said
        return Keys(scenario), scenario, label, factors, ""

    def _is_ours(self, run: Run) -> bool:
        """Whether this shard makes the run; runs that share a settled market go to one shard."""
        return self.shard is None or is_in(run.settles or run.key, self.shard)
