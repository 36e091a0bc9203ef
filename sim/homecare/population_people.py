"""The people who come to need care: what they are like, beyond how many and how frail they are."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from homecare.params import InitialCondition, param


class People(InitialCondition):
    """Ages, families, days and times wanted, and money of people who come to need care."""

    theme: ClassVar[str] = "people"
    younger_from: float = param(30.0, unit="years", low=18, high=50, source="assumption")
    """Age from which people under 65 come, evenly up to 65."""
    share_65_74: float = param(0.17, unit="share", low=0.08, high=0.3, source="assumption")
    """Share of people of 65 or over who are 65 to 74 when they come."""
    share_75_84: float = param(0.38, unit="share", low=0.25, high=0.5, source="assumption")
    """Share of them who are 75 to 84; the others are older."""
    oldest: float = param(98.0, unit="years", low=92, high=106, source="assumption")
    """Age of the oldest who come; between 85 and this age the younger are more."""
    younger_places: float = param(0.25, unit="ratio", low=0, high=1, source="assumption")
    """How far those under 65 draw the places of all towards where people of 18 to 64 live, against their share."""
    tenure_weight: float = param(0.6, unit="share", low=0, high=1, source="assumption")
    """Part of the share of self-funders that goes with home ownership of the small area in proportion."""
    control_older: float = param(0.7, unit="ratio", low=0.3, high=1, source="assumption")
    """Direct payments of people of 65 or over, against all."""
    control_younger: float = param(1.8, unit="ratio", low=1, high=3, source="assumption")
    """Direct payments of people under 65, against all."""
    least_frailty: float = param(0.08, unit="0-1", low=0, high=0.3, source="assumption")
    """Least frailty of somebody who comes."""
    task_personal_care: float = param(1.0, unit="ratio", low=0.7, high=1.3, source="assumption")
    """How hard personal care becomes with frailty."""
    task_food: float = param(0.9, unit="ratio", low=0.6, high=1.2, source="assumption")
    """How hard food and drink become with frailty."""
    task_safety: float = param(0.95, unit="ratio", low=0.6, high=1.3, source="assumption")
    """How hard safety and medicines become with frailty."""
    task_home: float = param(1.1, unit="ratio", low=0.8, high=1.4, source="assumption")
    """How hard the home becomes with frailty."""
    capability_spread: float = param(0.08, unit="0-1", low=0, high=0.2, source="assumption")
    """Spread of capability in a task around what frailty allows."""
    family_alone: float = param(0.6, unit="ratio", low=0.2, high=1, source="assumption")
    """Help by family of those who live alone, against the mean."""
    family_together: float = param(1.5, unit="ratio", low=1, high=2, source="assumption")
    """Help by family of those who live with others, against the mean."""
    family_most: float = param(0.85, unit="share", low=0.5, high=1, source="assumption")
    """Most of somebody's need that family meets."""
    morning_from: float = param(7.0, unit="hour of the day", low=6, high=8, source="assumption")
    """Earliest start of a morning visit that anybody wants."""
    morning_until: float = param(10.5, unit="hour of the day", low=9, high=11, source="assumption")
    """Latest start of a morning visit that anybody wants."""
    midday_from: float = param(11.5, unit="hour of the day", low=11, high=12.25, source="assumption")
    """The earliest of a midday visit."""
    midday_until: float = param(13.75, unit="hour of the day", low=12.5, high=15, source="assumption")
    """The latest of a midday visit."""
    tea_from: float = param(16.0, unit="hour of the day", low=15, high=17, source="assumption")
    """The earliest of a visit at teatime."""
    tea_until: float = param(18.5, unit="hour of the day", low=17.25, high=18.75, source="assumption")
    """The latest of a visit at teatime."""
    bed_from: float = param(19.0, unit="hour of the day", low=18.75, high=20, source="assumption")
    """The earliest of a visit at bedtime."""
    bed_until: float = param(22.0, unit="hour of the day", low=20.5, high=22.5, source="assumption")
    """The latest of a visit at bedtime."""
    wanted_bunching: float = param(0.3, unit="share", low=0, high=0.5, source="assumption")
    """How far wanted times crowd in the middle of these hours: 0 even, 0.5 most in the middle."""
    seven_days_from: float = param(0.42, unit="0-1", low=0.2, high=0.7, source="assumption")
    """Frailty above which paid care comes on all seven days."""
    light_seven_share: float = param(0.4, unit="share", low=0, high=0.7, source="assumption")
    """Share of the others for whom it does too."""
    light_three_share: float = param(0.3, unit="share", low=0, high=0.3, source="assumption")
    """Share of them for whom it comes on three days; for the rest it comes on five."""
    two_carers_from: float = param(0.5, unit="0-1", low=0.3, high=0.7, source="assumption")
    """Frailty from which visits may take two care workers."""
    two_carers_slope: float = param(5.0, unit="ratio", low=1, high=10, source="assumption")
    """How fast the chance of that grows with frailty, against the mean share of such people."""
    two_carers_most: float = param(2.0, unit="ratio", low=1, high=4, source="assumption")
    """The highest that chance gets, against the mean share."""
    income_spread: float = param(0.25, unit="ratio", low=0.05, high=0.5, source="assumption")
    """Spread of income around its mean."""
    least_income: float = param(80.0, unit="pounds a week", low=0, high=150, source="assumption")
    """Least income that the means test counts."""
    small_savings_share: float = param(0.6, unit="share", low=0.3, high=0.9, source="assumption")
    """Share of those below the capital limit whose savings are small."""
    small_savings: float = param(6000.0, unit="pounds", low=1000, high=14000, source="assumption")
    """Savings that are called small at most."""
    most_savings: float = param(23000.0, unit="pounds", low=15000, high=23250, source="assumption")
    """Savings of those below the capital limit at most."""
    social_least: float = param(0.25, unit="0-1", low=0, high=0.5, source="assumption")
    """Least wish for company and occupation that others do not meet."""
    social_alone: float = param(0.25, unit="0-1", low=0, high=0.5, source="assumption")
    """How much larger it is of those who live alone."""
    social_spread: float = param(0.5, unit="0-1", low=0, high=1, source="assumption")
    """Range over which it differs between people, evenly."""
    outlook_spread: float = param(0.12, unit="0-1", low=0, high=0.3, source="assumption")
    """Spread over people of how they see every domain of life, beyond what is lived in it."""
    domain_spread: float = param(0.22, unit="0-1", low=0, high=0.4, source="assumption")
    """Spread over people of how they see one domain, beyond their view of all."""
    goodwill_least: float = param(0.4, unit="0-1", low=0, high=0.6, source="assumption")
    """Least goodwill with which people begin."""
    goodwill_spread: float = param(0.4, unit="0-1", low=0, high=0.4, source="assumption")
    """Range over which it differs between people, evenly."""

    met_before: float = param(0.93, unit="share", low=0.7, high=1, source="assumption")
    """Share of need met in the years before the burn-in."""
    practice_before: float = param(0.12, unit="share", low=0, high=0.4, source="assumption")
    """Care done with the person in those years."""

    def windows(self) -> np.ndarray:
        """Return int64[4, 2]: seconds of the day between which people want each part's visit."""
        hours = [[self.morning_from, self.morning_until], [self.midday_from, self.midday_until],
                 [self.tea_from, self.tea_until], [self.bed_from, self.bed_until]]
        return np.rint(3600.0 * np.array(hours)).astype(np.int64)

    def task_weight(self) -> np.ndarray:
        """Return float64[4]: how hard each task becomes with frailty: personal care, food, safety, home."""
        return np.array([self.task_personal_care, self.task_food, self.task_safety, self.task_home])
