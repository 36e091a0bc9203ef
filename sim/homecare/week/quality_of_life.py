"""The numbers of quality of life: what each ASCOT domain holds without care, and what lived facts add or take."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Uncertainty, param
from homecare.week.kernels.feeling import DomainNumbers, GoodwillNumbers


class QualityOfLife(Uncertainty):
    """What each of the eight domains, 0-1, holds and what moves it.

    Signs follow Forder et al. (2018) and the ASCOT papers; no source gives sizes for homecare domain by
    domain, so each is an assumption. Concavity and expectation stand in ``experience``.
    """

    theme: ClassVar[str] = "quality_of_life"
    base_control: float = param(0.30, unit="0-1", low=0.1, high=0.6, source="assumption")
    """Control without care, capability or wanted times."""
    able_control: float = param(0.2, unit="0-1", low=0, high=0.5, source="assumption")
    """Control gained with full capability."""
    met_control: float = param(0.1, unit="0-1", low=0, high=0.3, source="assumption")
    """Control gained where all need is met."""
    base_personal_care: float = param(0.29, unit="0-1", low=0.05, high=0.5, source="assumption")
    """Personal care where no morning or evening need is met."""
    met_personal_care: float = param(0.65, unit="0-1", low=0.3, high=0.9, source="assumption")
    """Personal care gained where all morning and evening need is met."""
    hurried_personal_care: float = param(0.15, unit="0-1", low=0, high=0.5, source="assumption")
    """Personal care lost where every visit is hurried."""
    base_food: float = param(0.34, unit="0-1", low=0.05, high=0.6, source="assumption")
    """Food and drink where no midday or tea-time need is met."""
    met_food: float = param(0.62, unit="0-1", low=0.3, high=0.9, source="assumption")
    """Food and drink gained where all midday and tea-time need is met."""
    base_safety: float = param(0.5, unit="0-1", low=0.2, high=0.7, source="assumption")
    """Safety where no need is met."""
    met_safety: float = param(0.42, unit="0-1", low=0.1, high=0.7, source="assumption")
    """Safety gained where all need is met."""
    stranger_safety: float = param(0.1, unit="0-1", low=0, high=0.4, source="assumption")
    """Safety lost where every visit is by a stranger."""
    need_social: float = param(0.3, unit="0-1", low=0, high=0.6, source="assumption")
    """Social participation lost with a full wish for company that others do not meet."""
    family_social: float = param(0.15, unit="0-1", low=0, high=0.4, source="assumption")
    """Social participation gained where family meets all need."""
    able_occupation: float = param(0.25, unit="0-1", low=0, high=0.5, source="assumption")
    """Occupation gained with full capability."""
    practice_occupation: float = param(0.3, unit="0-1", low=0, high=0.6, source="assumption")
    """Occupation gained where all care time is spent doing things with the person."""
    need_occupation: float = param(0.2, unit="0-1", low=0, high=0.5, source="assumption")
    """Occupation lost with a full wish for company and occupation."""
    base_home: float = param(0.6, unit="0-1", low=0.3, high=0.8, source="assumption")
    """Home clean and comfortable where no need is met."""
    met_home: float = param(0.35, unit="0-1", low=0.1, high=0.6, source="assumption")
    """Home gained where all need is met."""
    base_dignity: float = param(0.92, unit="0-1", low=0.7, high=1, source="assumption")
    """Dignity where no visit is hurried or by a stranger."""
    family_weary: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Family help lost at full strain."""
    family_morning: float = param(0.35, unit="share", low=0, high=0.8, source="assumption")
    """Of morning and evening need, what family covers of its share while no paid care comes."""
    family_midday: float = param(0.5, unit="share", low=0, high=0.9, source="assumption")
    """The same of midday and tea-time need."""
    family_alone: float = param(0.4, unit="share", low=0, high=0.9, source="assumption")
    """The same of all need."""
    waiting_suited: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Visits near the wanted time that somebody for whom no care has begun feels as if there were."""


class Goodwill(Uncertainty):
    """How the ledger of explanations and favours between person and agency moves in a week."""

    theme: ClassVar[str] = "goodwill"
    favours: float = param(0.06, unit="0-1 a week", low=0, high=0.2, source="assumption")
    """Gained where all care time is company or doing things together."""
    suited: float = param(0.03, unit="0-1 a week", low=0, high=0.1, source="assumption")
    """Gained per share of visits near the wanted time above what is taken for granted, lost below it."""
    suited_usual: float = param(0.7, unit="share", low=0.4, high=0.95, source="assumption")
    """Share of visits near the wanted time that is taken for granted."""
    missed: float = param(0.5, unit="0-1 a week", low=0, high=2, source="assumption")
    """Lost where every visit is missed."""
    hurried: float = param(0.05, unit="0-1 a week", low=0, high=0.2, source="assumption")
    """Lost where every visit is hurried."""
    forgetting: float = param(0.02, unit="share a week", low=0, high=0.1, source="assumption")
    """Part of the way back to where it rests that goodwill goes in a week."""
    rest: float = param(0.6, unit="0-1", low=0.4, high=0.8, source="assumption")
    """Where goodwill rests when nothing happens."""


def domain_numbers(numbers: QualityOfLife) -> DomainNumbers:
    """Return the kernel's numbers of the domains."""
    return DomainNumbers(**{name: float(getattr(numbers, name)) for name in DomainNumbers._fields})


def goodwill_numbers(numbers: Goodwill) -> GoodwillNumbers:
    """Return the kernel's numbers of goodwill."""
    return GoodwillNumbers(**{name: float(getattr(numbers, name)) for name in GoodwillNumbers._fields})
