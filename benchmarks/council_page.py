"""The figures of ``council.py`` as text and as part of a page."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

BEGIN = "<!-- figures: begin (written by benchmarks/council.py --markdown; do not edit) -->"
END = "<!-- figures: end -->"


def machine() -> str:
    """Return the machine and the libraries in words."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("mesa", "numba", "numpy"))
    cores = os.cpu_count() or 1
    return (f"{cores} core{'s' if cores > 1 else ''}, {_processor()}, {platform.system()}; "
            f"Python {platform.python_version()}, {libraries}")


def _processor() -> str:
    """Return the processor's name where the system tells it, else its architecture."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()} ({platform.machine()})"
    return platform.machine()


def aims(figures: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return (aim, measured, whether it is met) of a full run."""
    run, compiled = figures["run"], figures["compile"]
    fixed = figures["fit"]["one_core"]["fixed_ms_a_week"]
    seconds = run["wall_seconds"] * 260 / run["weeks"]
    return [
        ("260 weeks in 10 s or less", f"{seconds:.1f} s", seconds <= 10),
        ("260 weeks in 5 s, if it can be", f"{seconds:.1f} s", seconds <= 5),
        ("at most 600 ns a planned visit, all in", f"{run['ns_a_visit']:.0f} ns", run["ns_a_visit"] <= 600),
        ("at most 3 ms a week, however few the visits", f"{fixed:.1f} ms", fixed <= 3),
        ("at most 1 GB", f"{run['peak_memory_mb'] / 1024:.2f} GB", run["peak_memory_mb"] <= 1024),
        ("all kernels compiled in under 20 s", f"{compiled['cold_seconds']:.1f} s",
         compiled["cold_seconds"] < 20),
    ]


def _facts(figures: dict[str, Any]) -> list[tuple[str, str]]:
    run, fit, twin, compiled = figures["run"], figures["fit"], figures["twin"], figures["compile"]
    low, high = run["ns_a_visit_range"]
    ends = ", ".join(f"{count:,} {name}" for name, count in twin["ends"].items())
    return [
        (f"{run['weeks']} weeks at scale {run['scale']:g}, settled and compiled",
         f"{run['wall_seconds']:.2f} s (processor {run['processor_seconds']:.2f} s)"),
        ("planned visits a week",
         f"{run['visits_a_week']:,.0f} ({run['attendances_a_week']:,.0f} attendances)"),
        ("all in, a planned visit", f"{run['ns_a_visit']:.0f} ns (blocks {low:.0f} to {high:.0f};"
                                    f" an attendance {run['ns_an_attendance']:.0f})"),
        ("the same, time of all processors", f"{run['processor_ns_a_visit']:.0f} ns"),
        *_lines("on one core", fit["one_core"]),
        *_lines(f"on {fit['cores']} cores, where the line bends", fit["all_cores"]),
        ("peak memory of the process", f"{run['peak_memory_mb']:.0f} MB"),
        ("compiling, nothing cached",
         f"{compiled['cold_seconds']:.1f} s (processor {compiled['cold_processor_seconds']:.1f} s)"),
        ("the same, cached",
         f"{compiled['cached_seconds']:.1f} s, after {compiled['import_seconds']:.1f} s of imports"),
        ("delivery: kernel", f"{twin['kernel_ns_a_visit']:.0f} ns a visit"),
        ("delivery: twin of Mesa objects",
         f"{twin['twin_ns_a_visit']:,.0f} ns a visit, {twin['ratio']:.0f} times the kernel"),
        ("delivery: twin with the kernel's luck",
         f"{twin['twin_same_luck_ns_a_visit']:,.0f} ns a visit,"
         f" {twin['ratio_same_luck']:.0f} times the kernel"),
        ("the twin's week is the kernel's", f"every attendance and every sum: {ends}"),
    ]


def _lines(where: str, fit: dict[str, Any]) -> list[tuple[str, str]]:
    """Return both numbers of a fit."""
    (a_low, a_high), (b_low, b_high) = fit["fixed_ms_range"], fit["ns_range"]
    return [
        (f"fixed cost a week, {where}", f"{fit['fixed_ms_a_week']:.2f} ms ({a_low:.2f} to {a_high:.2f})"),
        (f"one more visit, {where}", f"{fit['ns_a_visit']:.0f} ns ({b_low:.0f} to {b_high:.0f};"
                                     f" worst miss {100 * fit['worst_miss_share']:.0f} %)"),
    ]


def _points(figures: dict[str, Any]) -> list[tuple[float, float, float, float]]:
    """Return scale, visits a week, ms a week on one core and on all, for each scale."""
    one, every = figures["fit"]["one_core"]["points"], figures["fit"]["all_cores"]["points"]
    return [(a["scale"], a["visits_a_week"], a["ms_a_week"], b["ms_a_week"]) for a, b in zip(one, every, strict=True)]


def text(figures: dict[str, Any]) -> str:
    """Return the figures as a table for the terminal."""
    lines = [machine(), ""]
    lines += [f"{name:<48} {value}" for name, value in _facts(figures)]
    lines += ["", f"{'phase':<30} {'ms a week':>10} {'ns a visit':>11}"]
    for row in figures["run"]["phases"]:
        name = ("  " if row["is_part"] else "") + row["phase"]
        lines.append(f"{name:<30} {row['ms_a_week']:>10.2f} {row['ns_a_visit']:>11.1f}")
    lines += ["", f"{'scale':<30} {'visits':>10} {'ms, one core':>13} {'all cores':>11}"]
    lines += [f"{scale:<30g} {visits:>10,.0f} {one:>13.2f} {every:>11.2f}"
              for scale, visits, one, every in _points(figures)]
    lines.append("")
    if figures["is_smoke"]:
        lines.append("A smoke run says that everything works; its figures are not judged.")
    else:
        lines += [f"{'met' if met else 'NOT MET':<8} {aim}: {measured}"
                  for aim, measured, met in aims(figures)]
    return "\n".join(lines)


def markdown(figures: dict[str, Any]) -> str:
    """Return the figures as the part of a page between the marks."""
    lines = [f"Machine: {machine()}.", "", "| aim | measured | met |", "|---|---|---|"]
    lines += [f"| {aim} | {measured} | {'yes' if met else '**no**'} |"
              for aim, measured, met in aims(figures)]
    lines += ["", "| figure | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in _facts(figures)]
    lines += ["", "| phase | ms a week | ns a visit |", "|---|---:|---:|"]
    for row in figures["run"]["phases"]:
        name = f"*{row['phase']}*" if row["is_part"] else row["phase"]
        lines.append(f"| {name} | {row['ms_a_week']:.2f} | {row['ns_a_visit']:.1f} |")
    lines += ["", "| scale | visits a week | ms a week, one core | all cores |", "|---:|---:|---:|---:|"]
    lines += [f"| {scale:g} | {visits:,.0f} | {one:.2f} | {every:.2f} |"
              for scale, visits, one, every in _points(figures)]
    return "\n".join(lines)


def parts_of(page: Path) -> tuple[str, str]:
    """Return what stands before and after the figures of a page.

    Raises
    ------
    ValueError
        Where the page has not each of the marks once, in their order.
    """
    whole = page.read_text(encoding="utf-8")
    if whole.count(BEGIN) != 1 or whole.count(END) != 1 or whole.index(BEGIN) > whole.index(END):
        raise ValueError(f"{page} must hold, once each and in this order: {BEGIN} and {END}")
    head, _, rest = whole.partition(BEGIN)
    return head, rest.partition(END)[2]


def write_into(page: Path, part: str) -> None:
    """Put ``part`` between the marks of a page; errors as :func:`parts_of`."""
    head, tail = parts_of(page)
    page.write_text(f"{head}{BEGIN}\n\n{part}\n\n{END}{tail}", encoding="utf-8")
