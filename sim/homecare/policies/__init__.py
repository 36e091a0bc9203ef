"""Every lever, one file a theme. The list below is the whole schema of ``policy:`` and ``shocks:``.

A policy changes the rules under which somebody decides, in one of three ways: it writes plain numbers onto
rows (a plan's style, a job's terms), it gives a tariff (what is paid for), or it answers a question in arrays
(who is asked). Kernels and decisions never see a policy.
"""

from __future__ import annotations

from homecare.params import Policy, Shock
from homecare.policies.care_management import CouncilTeam, IndependentPractice
from homecare.policies.care_planning import FlexibleTimes, Outcome, TimeAndTask, WeeklyTimeBudget
from homecare.policies.commissioner import Council
from homecare.policies.contracting import InHouse, Spot
from homecare.policies.contracting_tendered import Block, Framework, LeadProvider
from homecare.policies.employment import AgencyChoice, GuaranteedHours, SalariedShifts, ZeroHours
from homecare.policies.funding import MeansTest
from homecare.policies.labour import NationalLaw
from homecare.policies.market import Regulated
from homecare.policies.payment import (
    ActualMinutes,
    BandedMinutes,
    BlockPayment,
    Capitation,
    OutcomePayment,
    PlannedMinutes,
)
from homecare.policies.reablement import ReablementFirst
from homecare.policies.routes import PersonalBudgets
from homecare.policies.shocks import AgencyFailure, Pandemic

_POLICIES: tuple[type[Policy], ...] = (
    Spot,
    Framework,
    Block,
    LeadProvider,
    InHouse,
    PlannedMinutes,
    ActualMinutes,
    BandedMinutes,
    BlockPayment,
    Capitation,
    OutcomePayment,
    TimeAndTask,
    FlexibleTimes,
    WeeklyTimeBudget,
    Outcome,
    CouncilTeam,
    IndependentPractice,
    ReablementFirst,
    AgencyChoice,
    ZeroHours,
    GuaranteedHours,
    SalariedShifts,
    Council,
    NationalLaw,
    MeansTest,
    PersonalBudgets,
    Regulated,
)

THEMES: dict[str, dict[str, type[Policy]]] = {}
"""Theme, then kind, then class; the first kind of a theme is its default."""

SHOCKS: dict[str, type[Shock]] = {shock.kind: shock for shock in (Pandemic, AgencyFailure)}
"""Kind of shock, then class."""


def add(policy: type[Policy]) -> type[Policy]:
    """Add a policy of your own to its theme, so that scenario files may name its ``kind``.

    Raises
    ------
    ValueError
        If the theme does not exist, or another class has the kind already.
    """
    if policy.theme not in THEMES:
        raise ValueError(f"{policy.__name__}: theme {policy.theme!r} is not one of {', '.join(THEMES)}")
    taken = THEMES[policy.theme].get(policy.kind)
    if taken is not None and taken is not policy:
        raise ValueError(f"{policy.__name__}: kind {policy.kind!r} belongs to {taken.__name__}")
    THEMES[policy.theme][policy.kind] = policy
    return policy


for _policy in _POLICIES:
    THEMES.setdefault(_policy.theme, {})
    add(_policy)
