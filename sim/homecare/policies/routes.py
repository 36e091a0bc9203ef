"""Routes: how people whom the council pays for may hold their money, and what holding it takes."""

from __future__ import annotations

from typing import ClassVar

from homecare.params import Policy, param
from homecare.plan import NEITHER, Style


class PersonalBudgets(Policy):
    """Who may hold a budget, whom it may pay, and how much paper it takes. Held by: council.

    People choose: managed by the council, a direct payment, or, where the council offers it, an individual service
    fund. An agency that the person chose holds such a fund; the two settle times and lengths within the minutes
    approved. With a direct payment they choose an agency or, where the council lets them and tells them of it, employ a
    personal assistant.
    """

    theme: ClassVar[str] = "routes"
    kind: ClassVar[str] = "personal_budgets"
    held_by: ClassVar[str] = "council"
    applies_to: ClassVar[tuple[str, ...]] = ("at_review", "new")

    paperwork: float = param(1.5, unit="hours a week", low=0, high=6, source="assumption")
    """Work that a direct payment makes for its holder: records, returns, audit of every penny."""
    support_share: float = param(0.0, unit="share", low=0, high=1, source="assumption")
    """Part of that work, and of the work of being an employer, that a support service takes off the holder."""
    funds: bool = param(False, source="design")
    """Whether individual service funds are offered."""
    fund_bankable: float = param(90.0, unit="minutes", low=0, high=240, source="assumption")
    """Most that the holder of a fund may have saved up, and most that may be taken before it is saved."""
    assistants: bool = param(False, source="design")
    """Whether holders of direct payments are told that they may employ personal assistants, and may."""

    def fund_style(self, style: Style) -> Style:
        """Return the facts of a plan under a service fund, where the council's plans have ``style``."""
        return style._replace(
            follows_need=max(style.follows_need, 1), time_approval=NEITHER, budgeted=1,
            bank_seconds=max(style.bank_seconds, int(60 * self.fund_bankable)),
        )
