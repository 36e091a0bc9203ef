"""Tier three of the same bytes: hamlet's golden run, whole numbers exact and the others to nine digits.

To renew it after a change that is meant: ``python tests/test_golden.py "why the numbers changed"``. The reason
is written into ``golden/reasons.md`` beside the digest of the new run, and this test asks for both.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import sys
from pathlib import Path

import pandas as pd

from homecare.market import Market

FOLDER = Path(__file__).parent / "golden"
RUN, REASONS = FOLDER / "hamlet.json", FOLDER / "reasons.md"
COUNTS = ("arrivals", "requests", "starts", "asked", "accepted", "assessments", "reviews", "hires", "leavers",
          "council_fees", "private_fees", "charges", "wages", "to_cover", "sick_workers", "complaints")
"""Tallies of the week: counts and pence."""


def golden_run() -> dict:
    """Return the weekly series, counts and sums of hamlet's first eight weeks after a burn-in of 26."""
    market = Market("hamlet", cached=False, burn_in=26)
    weeks = []
    while market.week < market.scenario_run.weeks:
        market.step()
        weeks.append({
            **{name: int(market.tally[name]) for name in COUNTS},
            "ends": [int(n) for n in market.tally["ends"]],
            "users": [int(n) for n in market.lived.users.sum(axis=0)],
            "workers": [int(n) for n in market.lived.workers.sum(axis=0)],
            "balance": [int(pence) for pence in market.ledger.balance[: 4 + market.agencies.n]],
        })
    series = {name: [None if math.isnan(value) else float(value) for value in column]
              for name, column in market.weekly.items()}
    market.close()
    return {"weeks": weeks, "series": series}


def text_of(run: dict) -> str:
    """Return the run as it is kept."""
    return json.dumps(run, indent=1, sort_keys=True) + "\n"


def digest_of(text: str) -> str:
    """Return the digest under which a run's reason is written."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_hamlet_is_as_it_was() -> None:
    """If the change is meant: ``python tests/test_golden.py "why"``."""
    kept, run = json.loads(RUN.read_text(encoding="utf-8")), golden_run()
    assert run["weeks"] == kept["weeks"]
    assert sorted(run["series"]) == sorted(kept["series"])
    apart = [(name, week, was, now) for name, values in kept["series"].items()
             for week, (was, now) in enumerate(zip(values, run["series"][name], strict=True))
             if (was is None) != (now is None) or (was is not None and not math.isclose(
                 was, now, rel_tol=1e-9, abs_tol=1e-9))]
    assert not apart, f"series that changed (name, week, was, is): {apart[:5]}"


def test_every_golden_run_has_its_reason() -> None:
    rows = pd.Series([line.split("|") for line in REASONS.read_text(encoding="utf-8").splitlines()
                      if line.startswith("| 2")])
    digests = [row[2].strip().strip("`") for row in rows]
    assert digests[-1] == digest_of(RUN.read_text(encoding="utf-8")), "the golden run was edited without a reason"
    assert all(len(row[3].strip()) >= 20 for row in rows), "a reason is a sentence"


def renew(reason: str) -> None:
    """Write the golden run anew with the reason for it.

    Raises
    ------
    ValueError
        If the reason is no sentence.
    """
    if len(reason) < 20 or "|" in reason or "\n" in reason:
        raise ValueError("say in a sentence why the numbers changed")
    text = text_of(golden_run())
    if RUN.exists() and text == RUN.read_text(encoding="utf-8"):
        print("nothing changed")
        return
    FOLDER.mkdir(exist_ok=True)
    if not REASONS.exists():
        REASONS.write_text("# Why the golden run changed\n\nWritten by `python tests/test_golden.py \"why\"`; "
                           "the last line is the run that is kept.\n\n| Date | Run | Reason |\n|---|---|---|\n",
                           encoding="utf-8")
    RUN.write_text(text, encoding="utf-8")
    with REASONS.open("a", encoding="utf-8") as file:
        file.write(f"| {datetime.date.today().isoformat()} | `{digest_of(text)}` | {reason} |\n")
    print(f"kept {digest_of(text)}")


if __name__ == "__main__":
    renew(" ".join(sys.argv[1:]))
