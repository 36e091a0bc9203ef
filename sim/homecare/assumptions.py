"""Uncertainties and initial conditions, listed: what a scenario file may set under each name."""

from __future__ import annotations

from homecare.agents.agency_forecast import ForecastUncertainty
from homecare.agents.agency_numbers import AgencyBehaviour, AgencyCosts, Providers
from homecare.agents.assistant import AssistantLabour
from homecare.agents.bidding import Bidding
from homecare.agents.care_manager import Casework, SocialWork
from homecare.agents.care_worker import WorkerChoice, Workforce
from homecare.agents.commissioner import Brokers
from homecare.agents.money import UserMoney
from homecare.agents.service_user import UserChoice
from homecare.area_people import PlaceUncertainty
from homecare.params import InitialCondition, Uncertainty
from homecare.population import Demand
from homecare.population_people import People
from homecare.prices import Prices
from homecare.travel import TravelUncertainty
from homecare.week.accounts import LendingUncertainty
from homecare.week.assessment import IntakeUncertainty
from homecare.week.delivery import DeliveryUncertainty
from homecare.week.employment import LabourMarket
from homecare.week.experience import ExperienceUncertainty, VoiceUncertainty
from homecare.week.goals import GoalUncertainty
from homecare.week.need_numbers import HelpUncertainty, NeedUncertainty
from homecare.week.oversight import Inspection, OversightUncertainty
from homecare.week.purchasing import OfferUncertainty
from homecare.week.quality_of_life import Goodwill, QualityOfLife
from homecare.week.rostering import RosteringUncertainty

UNCERTAINTIES: dict[str, type[Uncertainty]] = {
    group.theme: group
    for group in (
        PlaceUncertainty, TravelUncertainty, NeedUncertainty, HelpUncertainty, IntakeUncertainty, Casework, UserChoice,
        UserMoney, Brokers, OfferUncertainty, WorkerChoice, LabourMarket, AgencyBehaviour, Bidding, AgencyCosts,
        ForecastUncertainty, RosteringUncertainty, DeliveryUncertainty, ExperienceUncertainty, QualityOfLife, Goodwill,
        VoiceUncertainty, Inspection, OversightUncertainty, AssistantLabour, GoalUncertainty,
        LendingUncertainty,
    )
}
"""Theme, then class: numbers about the world that nobody knows well."""

INITIAL_CONDITIONS: dict[str, type[InitialCondition]] = {
    group.theme: group for group in (Demand, People, Workforce, Providers, SocialWork, Prices)
}
"""Theme, then class: how the market stands when a run begins."""
