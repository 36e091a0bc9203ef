"""How terms of employment come into force: each job carries the terms under which it was taken or last changed."""

from __future__ import annotations

import numpy as np

from homecare.agents.service_user import SELF_FUNDER
from homecare.params import Policy
from homecare.week.clauses import fund_clause, write_terms
from homecare.week.jobs import promise_hours


class EmploymentLevers:
    """The part of a market that brings terms of employment into force.

    ``job_terms`` lists the terms under which somebody may still work; ``care_workers.terms`` says which. A
    change for all jobs leaves one; a change for new jobs adds one, and old jobs go on as they were.
    """

    def start_employment(self) -> None:
        """Begin with the burn-in's terms for every job."""
        self.job_terms: list[Policy] = [self.policy.employment]
        self.law_at_start = self.policy.labour

    def _new_employment(self, before: Policy, policy: Policy, reach: str) -> None:
        w = self.care_workers
        if reach != "all":
            self.job_terms.append(policy)
            fund_clause(self)
            return
        jobs = np.flatnonzero(w.alive & (w.agency >= 0))
        old = (self.promised_shares(), self.shift_shares())
        was, agency = w.terms[jobs], w.agency[jobs]
        self.job_terms = [policy]
        w.terms[:] = 0
        write_terms(self, jobs)
        new = (self.promised_shares(), self.shift_shares())
        differs = np.zeros(jobs.size, bool)  # jobs stand as the terms before would have them
        for share_before, share_now in zip(old, new, strict=True):
            differs |= share_before[was, agency] != share_now[0, agency]
        promise_hours(self, jobs[differs])
        fund_clause(self)

    def works_for_council(self) -> np.ndarray:
        """Return bool[m]: agencies that a clause of the council reaches: all but those with private work only."""
        p, n = self.packages, self.agencies.n
        served = p.active & (p.agency >= 0)
        council = np.bincount(p.agency[served & (p.route != SELF_FUNDER)], minlength=n)[:n]
        return (council > 0) | (np.bincount(p.agency[served], minlength=n)[:n] == 0)

    def guaranteed_now(self) -> np.ndarray:
        """Return float64[m]: share of staff hours that each agency promises in new jobs."""
        return self.promised_shares()[-1]

    def travel_paid_now(self) -> np.ndarray:
        """Return float64[m]: share of travel that each agency pays in new jobs."""
        return self.travel_shares()[-1]

    def promised_shares(self) -> np.ndarray:
        """Return float64[t, m]: share of staff hours promised under each of ``job_terms``, where the clause reaches."""
        wished = self.agencies.promise_share
        return self._reached(wished, lambda terms: terms.guaranteed_share(wished.copy()))

    def shift_shares(self) -> np.ndarray:
        """Return float64[t, m]: the part of that share paid by whole shifts."""
        wished = self.agencies.promise_share
        return self._reached(np.zeros(wished.size), lambda terms: terms.shift_share(wished.copy()))

    def travel_shares(self) -> np.ndarray:
        """Return float64[t, m]: share of travel paid under each of ``job_terms``."""
        wished = self.agencies.travel_paid
        return self._reached(wished, lambda terms: terms.travel_paid_share(wished.copy()))

    def _reached(self, wished: np.ndarray, answer) -> np.ndarray:
        """Return float64[t, m]: the answer of each of ``job_terms`` where the clause reaches, else what is wished."""
        answers = np.empty((len(self.job_terms), wished.size))
        for i, terms in enumerate(self.job_terms):
            answers[i] = answer(terms)
        if np.count_nonzero(answers != wished) == 0:  # whom the clause reaches makes no difference
            return answers
        return np.where(self.works_for_council(), answers, wished)
