"""Check a solution of a home health care routing and scheduling instance, and work out what it costs.

Plain Python that shares no line with the package: every result of the benchmark passes through here.

An *instance* is one JSON object as published: ``patients`` (``id``, ``location``, ``time_window``,
``required_caregivers`` with ``service`` and ``duration``, ``synchronization`` where two are required),
``caregivers`` (``id``, ``abilities``) and ``central_offices``. A *solution* maps the id of each carer who
goes out to the list of (patient, service, start), in the order of the round.
"""

from __future__ import annotations

import math

TOLERANCE = 1e-6
"""Minutes by which a start may be early because of rounding."""

Stop = tuple[str, str, float]


class WrongSolution(ValueError):
    """A solution that breaks a rule of the problem; the message lists what."""


def distance(here: list[float], there: list[float]) -> float:
    """Return the straight-line distance, which is also the minutes of travel."""
    return math.hypot(here[0] - there[0], here[1] - there[1])


def cost(instance: dict, solution: dict[str, list[Stop]]) -> float:
    """Return (distance + total lateness + largest lateness) / 3 of a solution that keeps every rule.

    Raises
    ------
    WrongSolution
        With everything that is wrong: a service done twice or not at all, a carer who is not able, a start
        before the window opens or before the carer can be there, starts of two carers that break their gap.
    """
    patients = {patient["id"]: patient for patient in instance["patients"]}
    abilities = {carer["id"]: set(carer["abilities"]) for carer in instance["caregivers"]}
    office = instance["central_offices"][0]["location"]
    faults: list[str] = []
    starts: dict[tuple[str, str], float] = {}
    done_by: dict[tuple[str, str], str] = {}
    travelled = 0.0
    lateness: list[float] = []
    for carer, stops in solution.items():
        if carer not in abilities:
            faults.append(f"nobody is called {carer}")
            continue
        here, free = office, 0.0
        for who, service, start in stops:
            needs = patients[who]["required_caregivers"] if who in patients else []
            wanted = {need["service"]: need for need in needs}
            if service not in wanted:
                faults.append(f"{who} does not need {service}")
                continue
            if (who, service) in starts:
                faults.append(f"{service} of {who} is done twice")
            if service not in abilities[carer]:
                faults.append(f"{carer} is not able to do {service} of {who}")
            opens, closes = patients[who]["time_window"]
            leg = distance(here, patients[who]["location"])
            if not start >= opens - TOLERANCE:
                faults.append(f"{service} of {who} starts at {start}, before {opens}")
            if not start >= free + leg - TOLERANCE:
                faults.append(f"{carer} is at {who} at {free + leg}, after the start at {start}")
            travelled += leg
            lateness.append(max(0.0, start - closes))
            starts[who, service] = start
            done_by[who, service] = carer
            here, free = patients[who]["location"], start + wanted[service]["duration"]
        travelled += distance(here, office)
    for patient in patients.values():
        keys = [(patient["id"], need["service"]) for need in patient["required_caregivers"]]
        missing = [service for who, service in keys if (who, service) not in starts]
        faults += [f"{service} of {patient['id']} is not done" for service in missing]
        if len(keys) == 2 and not missing:
            if done_by[keys[0]] == done_by[keys[1]]:
                faults.append(f"{done_by[keys[0]]} does both services of {patient['id']}")
            gap = starts[keys[1]] - starts[keys[0]]
            rule = patient["synchronization"]
            low, high = (0.0, 0.0) if rule["type"] == "simultaneous" else rule["distance"]
            if not low - TOLERANCE <= gap <= high + TOLERANCE:
                faults.append(f"the services of {patient['id']} start {gap} apart, not {low} to {high}")
    if faults:
        raise WrongSolution("; ".join(faults))
    return (travelled + sum(lateness) + max(lateness, default=0.0)) / 3.0
