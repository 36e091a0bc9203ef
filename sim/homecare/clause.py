"""Terms of employment that a clause may ask for: plain numbers that a job carries, whatever asked for them."""

from __future__ import annotations

from typing import NamedTuple


class Clause(NamedTuple):
    """What a clause asks of agencies as employers beyond promised hours and paid travel; nought asks for nothing.

    Attributes
    ----------
    mileage_pence : least pence a mile
    weekend_premium : share of the wage paid on top for contact on Saturday and Sunday
    evening_premium : share paid on top for contact that begins at 19:00 or later; the higher of the two counts
    sick_share : share of usual pay on days of sickness
    sick_from_day : first day of a spell for which it is paid (1: from the first)
    funded_share : share of what the clause is expected to cost agencies that the fee is raised by (0-1)
    """

    mileage_pence: int = 0
    weekend_premium: float = 0.0
    evening_premium: float = 0.0
    sick_share: float = 0.0
    sick_from_day: int = 1
    funded_share: float = 0.0


NO_CLAUSE = Clause()
"""Asks for nothing."""
EVENING = 68400
"""Second of the day from which contact is evening work (19:00)."""
