"""The numbers of agencies: how they decide, what running one costs, and which there are at the start."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import InitialCondition, Uncertainty, param

PEOPLE_A_MANAGER = 25.0
"""People served per whom `manager_hours` and `answers_a_manager` are stated: part of their unit, so no parameter;
another number here with those two in proportion is the same model."""


class AgencyBehaviour(Uncertainty):
    """How agencies decide."""

    theme: ClassVar[str] = "agency_behaviour"
    obliged_caution: float = param(0.5, unit="share", low=0.0, high=1.0, source="assumption")
    """Share of a package's visits that must fit where its contract obliges the agency to take it."""
    caution: float = param(0.98, unit="share", low=0.6, high=1.0, source="assumption")
    """Share of a package's visits that must fit into real rounds before an agency says yes."""
    margin_floor: float = param(0.0, unit="share", low=-0.2, high=0.2, source="assumption")
    """Marginal surplus on a package, as a share of its fee, below which an agency says no."""
    overtime_cost: float = param(1.17, unit="ratio", low=1, high=1.6, source="assumption")
    """Cost of an hour found at short notice against an ordinary one: premiums, managers' time."""
    cost_per_hire: float = param(3600.0, unit="pounds", low=1500, high=4500, source="cost_per_hire_2024")
    """Cost of replacing one worker."""
    hire_cash_share: float = param(0.3, unit="share", low=0.2, high=1, source="assumption")
    """Part of the cost of replacing a worker that is spent beyond what overheads count already."""
    wage_step: float = param(0.1, unit="pounds an hour", low=0.02, high=0.4, source="assumption")
    """By how much an agency moves its wage in a quarter."""
    vacancy_tolerated: float = param(0.15, unit="share", low=0.02, high=0.2, source="assumption")
    """Share of unstaffed hours above which an agency that can afford it raises its wage."""
    premium_step: float = param(0.0, unit="share", low=0, high=0.1, source="assumption")
    """By how much an agency moves its own weekend premium in a quarter; 0: none chooses one (as where councils pay)."""
    growth_wanted: float = param(0.08, unit="share", low=0, high=0.15, source="assumption")
    """Hours that an agency tries to staff beyond those it has been giving."""
    refused_weeks: float = param(1.0, unit="weeks", low=0, high=8, source="assumption")
    """Weeks of work refused for want of staff that an agency tries to staff, so as to say yes next time."""
    growth_most: float = param(0.12, unit="share", low=0.02, high=0.3, source="assumption")
    """Most of its present hours by which it tries to grow at once for work refused."""
    hire_for_open: float = param(1.0, unit="ratio", low=0.5, high=5, source="assumption")
    """Hours recruited for each hour of visits that stand in nobody's lasting round."""
    patience_weeks: int = param(39, unit="weeks", low=4, high=104, source="assumption")
    """Weeks with no money that an agency bears before it closes."""
    hand_back_weeks: int = param(4, unit="weeks", low=1, high=13, source="assumption")
    """Notice of a package handed back."""
    compliance_share: float = param(0.67, unit="share", low=0.4, high=0.95, source="hmrc_noncompliance_homecare_2011_13")
    """Share of agencies that make good pay below the floor without being found out."""
    promised_part: float = param(0.8, unit="share", low=0.3, high=1, source="assumption")
    """Guaranteed hours of a job against the hours that the worker wants."""
    stretch_share: float = param(0.25, unit="share", low=0.05, high=0.5, source="assumption")
    """Share of visits in nobody's lasting round above which packages are handed back."""
    differential_kept: float = param(0.6, unit="share", low=0, high=1, source="assumption")
    """Part of a rise of the wage floor that an agency in surplus passes on to wages above the floor."""
    independence_effort: float = param(0.25, unit="share", low=0, high=0.6, source="assumption")
    """Effort on doing things with people where it neither costs nor pays."""
    effort_step: float = param(0.05, unit="share", low=0.01, high=0.2, source="assumption")
    """By how much effort moves in a quarter towards what pays."""
    effort_gain: float = param(0.5, unit="pounds an hour", low=0, high=5, source="assumption")
    """Worth of an hour freed, above nought or below it, from which effort moves away from where it costs nothing."""
    effort_most: float = param(0.8, unit="share", low=0.4, high=1, source="assumption")
    """Effort on independence that an agency goes towards where it pays."""
    effort_least: float = param(0.05, unit="share", low=0, high=0.2, source="assumption")
    """Effort on independence that an agency goes towards where it costs."""
    refill_share: float = param(0.02, unit="share", low=0.002, high=0.1, source="assumption")
    """People who wait, against those served, from which an hour set free is sure to be filled again."""
    premium_most: float = param(0.5, unit="share", low=0.1, high=1, source="assumption")
    """Highest weekend premium that an agency chooses."""
    post_hours: float = param(25.0, unit="hours a week", low=18, high=38, source="assumption")
    """Hours of one post, by which the cost of hiring is reckoned and a new agency hires."""
    first_posts: int = param(2, unit="posts", low=1, high=6, source="assumption")
    """Posts that a new agency fills before it has work."""
    leaving_most: float = param(0.05, unit="share a week", low=0.02, high=0.2, source="assumption")
    """Highest weekly share of leavers that an agency reckons with."""
    hired_least_share: float = param(0.5, unit="share", low=0, high=1, source="assumption")
    """Part of the hours that an applicant wants which must be vacant for an agency to hire."""
    room_least_share: float = param(0.6, unit="share", low=0, high=1, source="assumption")
    """Part of a package's hours that staff must have free for an agency to look at its visits."""
    red_weeks: int = param(4, unit="weeks", low=1, high=13, source="assumption")
    """Weeks with no money after which packages are handed back."""
    hand_back_most: float = param(0.05, unit="share", low=0.01, high=0.3, source="assumption")
    """Most of its packages that an agency hands back in a week; one at least."""
    refused_memory: float = param(8.0, unit="weeks", low=2, high=26, source="assumption")
    """How far back an agency remembers work refused for want of staff."""


class AgencyCosts(Uncertainty):
    """What it costs to run an agency."""

    theme: ClassVar[str] = "agency_costs"
    on_cost_share: float = param(0.24, unit="share", low=0.18, high=0.36, source="mp2020_oncost")
    """Employer's national insurance, pension, holiday, sickness and training on top of wages."""
    overhead_hour: float = param(2.7, unit="pounds an hour", low=2.5, high=7.5, source="mp2020_business")
    """Cost of running the business for each hour of care: coordinators, systems, office."""
    overhead_week: float = param(150.0, unit="pounds a week", low=100, high=1000, source="assumption")
    """Cost of running the business whatever its size: registered manager's share, insurance, fees."""
    price_rise: float = param(0.035, unit="share a year", low=0, high=0.12, source="assumption")
    """Rise each April of what running an agency costs: office, systems, insurance."""
    mileage: float = param(0.30, unit="pounds a mile", low=0.1, high=0.45, source="mileage_le30p_south_west_2022")
    """Paid to workers who drive."""
    mileage_cost: float = param(0.45, unit="pounds a mile", low=0.3, high=0.6, source="mileage_hmrc_rate")
    """What driving costs the worker."""
    owners_share: float = param(0.4, unit="share", low=0, high=1, source="assumption")
    """Share of a year's surplus that owners of for-profit agencies take out."""
    kept_weeks: int = param(8, unit="weeks of turnover", low=0, high=26, source="assumption")
    """Money that owners leave in an agency."""


class Providers(InitialCondition):
    """Which agencies there are at the start."""

    theme: ClassVar[str] = "providers"
    hours_per_agency: float = param(750.0, unit="hours a week", low=240, high=800, source="hours_per_agency_week_derived")
    """Mean weekly hours of an agency, which sets how many there are."""
    size_spread: float = param(1.1, unit="log", low=0.5, high=1.8, source="very_small_2025")
    """Spread of agencies' sizes on a log scale: many small, few large."""
    for_profit_share: float = param(0.877, unit="share", low=0.7, high=0.97, source="single_site")
    """Share of agencies that are for-profit (87.7 per cent of rated community services, CQC 2024)."""
    chain_share: float = param(0.1, unit="share", low=0, high=0.4, source="single_site")
    """Share of for-profit agencies that belong to a chain."""
    private_premium: float = param(1.2, unit="ratio", low=1.05, high=1.35, source="private_premium_derived")
    """Price for those who pay themselves against the council's fee."""
    unrated_share: float = param(0.335, unit="share", low=0.1, high=0.5, source="cqc_unrated_2025")
    """Share of agencies never rated at the start."""
    travel_paid_share: float = param(0.45, unit="share", low=0.2, high=0.9, source="unpaid_travel_homecare_2019")
    """Share of agencies that pay travel time between visits."""
    zero_hours_share: float = param(0.55, unit="share", low=0.45, high=0.65, source="zhc_dom_care_workers_2018_19")
    """Share of workers on zero-hours contracts when the burn-in begins; then agencies choose."""
    starting_cash_weeks: float = param(8.0, unit="weeks", low=1, high=26, source="assumption")
    """Money in hand at the start, in weeks of turnover."""
    hours_per_user: float = param(14.38, unit="hours a week", low=10, high=18, source="hours_week_2024_25")
    """Hours of one person, by which the number of agencies is reckoned."""
    size_most: float = param(12.0, unit="ratio", low=4, high=40, source="assumption")
    """Largest agency at the start, against the middle one."""
    in_house_from: float = param(0.03, unit="share", low=0, high=0.2, source="assumption")
    """Share of the council's spending on its own service from which it has a branch."""
    in_house_most: float = param(0.6, unit="share", low=0.2, high=0.9, source="assumption")
    """Largest size of that branch, against all agencies."""
    in_house_wage: float = param(1.25, unit="ratio", low=1, high=1.5, source="pay_gap_private_vs_public")
    """Wage of that branch against other agencies' (the private sector pays a fifth less)."""
    inadequate_share: float = param(0.005, unit="share", low=0, high=0.03, source="cqc_inadequate_2023")
    """Agencies rated inadequate, of those rated."""
    improvement_share: float = param(0.135, unit="share", low=0.05, high=0.3, source="cqc_ri_2023")
    """Agencies rated as in need of improvement, of those rated."""
    good_share: float = param(0.814, unit="share", low=0.6, high=0.9, source="cqc_good_2023")
    """Agencies rated good, of those rated; the others are outstanding."""
    price_spread: float = param(0.06, unit="ratio", low=0, high=0.2, source="assumption")
    """How far a price to those who pay themselves lies from its mean at most."""
    near_km: float = param(6.0, unit="km", low=2, high=20, source="assumption")
    """Distance from branch to worker at which a branch pulls a quarter as much, when jobs are first given out."""
