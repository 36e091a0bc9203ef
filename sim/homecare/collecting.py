"""What is noted of every week: Mesa's collector, with the outcomes taken as they stand."""

from __future__ import annotations

from collections.abc import Iterable

import mesa


class WeeklyCollector(mesa.DataCollector):
    """Mesa's collector, which has a reporter for each outcome.

    An outcome is a number in ``model.series``, which needs neither checking nor copying: it is noted at once. Whatever
    else users ask for (reporters of their own, one in place of an outcome's too, and of agents) is Mesa's to collect,
    and so is the first reporter of all: Mesa notes the steps at which it has collected one.
    """

    def __init__(self, outcomes: Iterable[str]) -> None:
        self.own = {name: (lambda model, name=name: model.series[name]) for name in outcomes}
        super().__init__(model_reporters=self.own)

    def collect(self, model: mesa.Model) -> None:
        """Note the week that has been lived."""
        reporters, others = self.model_reporters, {}
        own, series, noted = self.own, model.series, self.model_vars
        for name, reporter in reporters.items():
            if others and reporter is own.get(name):
                noted[name].append(series[name])
            else:
                others[name] = reporter
        self.model_reporters = others
        try:
            super().collect(model)
        finally:
            self.model_reporters = reporters
