"""Links, commands, code blocks and names on every page lead to something that exists."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import homecare as hc
from homecare.assumptions import INITIAL_CONDITIONS, UNCERTAINTIES
from homecare.cli import app
from homecare.data import evidence
from homecare.outcomes import OUTCOMES
from homecare.policies import SHOCKS, THEMES

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
WRITTEN_BY_VERIFY = "verification-report.md"
GROUPS = ("policy", "uncertainty", "initial", "shocks")
LEAST_DECISIONS = 25


def blocks(text: str) -> list[tuple[str, str]]:
    """Return (language, text) of every fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def prose(text: str) -> str:
    """Return the page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def spans(text: str) -> list[str]:
    """Return what stands in backticks outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", prose(text))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ---- links ------------------------------------------------------------------------------------------------


def broken_links(path: Path, text: str) -> Iterator[str]:
    """Yield relative links that lead to no file, or to no heading of it."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(text)):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        if not target.exists() or anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield link


# ---- commands ---------------------------------------------------------------------------------------------


def commands_of(text: str) -> Iterator[str]:
    """Yield every command line that begins with ``homecare`` or ``make``, comments left off."""
    lines = [line for language, block in blocks(text) if language in ("console", "sh", "bash", "shell")
             for line in block.splitlines()]
    lines += re.findall(r"^    (\S.*)$", prose(text), flags=re.MULTILINE)
    lines += spans(text)
    for line in lines:
        line = line.removeprefix("$ ").split("  #")[0].split(" #")[0].strip()
        if re.match(r"(homecare|make) ", line):
            yield line


def unknown_commands(text: str) -> Iterator[str]:
    """Yield command lines whose command, option or target does not exist."""
    known = typer.main.get_command(app).commands
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for line in commands_of(text):
        program, *words = line.split()
        if program == "make":
            goals = [word for word in words if "=" not in word and not word.startswith("-")]
            if not set(goals) <= targets:
                yield line
        elif words[0] != "--help":
            options = {word.split("=")[0] for word in words[1:] if word.startswith("--")}
            found = known.get(words[0])
            if len(words) > 1 and hasattr(found, "commands"):  # a command of several, such as results
                found = found.commands.get(words[1])
            if found is None or not options <= {"--help", *(option for each in found.params for option in each.opts)}:
                yield line


# ---- names ------------------------------------------------------------------------------------------------


def known_paths() -> set[str]:
    """Return every dotted name of a group, a theme or a parameter."""
    names = {f"{group}.{theme}" for group, themes in (("uncertainty", UNCERTAINTIES), ("initial", INITIAL_CONDITIONS))
             for theme in themes}
    classes = [*UNCERTAINTIES.values(), *INITIAL_CONDITIONS.values(), *SHOCKS.values()]
    for theme, kinds in THEMES.items():
        names |= {f"policy.{theme}", f"policy.{theme}.kind"}
        classes += kinds.values()
    names |= {f"shocks.{kind}" for kind in SHOCKS}
    return names | {parameter.path for cls in classes for parameter in cls.declared()}


def unknown_names(text: str) -> Iterator[str]:
    """Yield names in backticks that stand for nothing: dotted parameters, outcomes, scenarios, modules, public names."""
    paths = known_paths()
    for span in spans(text):
        name = re.split(r"[=(\s]", span)[0]
        if re.fullmatch(rf"(?:{'|'.join(GROUPS)})(?:\.\w+)+", name):
            if name not in paths and not (ROOT / "sim" / "homecare" / name).exists():
                yield span
        elif name.startswith("outcomes.") and not name.endswith((".py", ".md", ".csv")):
            if name.removeprefix("outcomes.") not in OUTCOMES:
                yield span
        elif re.fullmatch(r"scenarios/\w+\.yaml", name):
            if not (ROOT / name).exists():
                yield span
        elif re.fullmatch(r"hc\.\w+", name):
            if name.removeprefix("hc.") not in hc.__all__:
                yield span
        elif re.fullmatch(r"homecare(?:\.\w+)+", name):
            if not importable(name):
                yield span
        elif re.fullmatch(r"[\w/]+\.py", name) and "/" in name:
            if not any((folder / name).exists() for folder in (ROOT, ROOT / "sim" / "homecare", ROOT / "sim")):
                yield span


def importable(name: str) -> bool:
    """Return whether a dotted name is a module, or something in one."""
    module, _, rest = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return bool(module) and importable(module) and hasattr(importlib.import_module(module), rest)
    return True


def unknown_evidence(text: str) -> Iterator[str]:
    """Yield ids after the word ``evidence`` that are in no row of the evidence table."""
    for found in re.findall(r"[Ee]vidence ((?:`\w+`(?:, | and )?)+)", prose(text)):
        yield from (each for each in re.findall(r"`(\w+)`", found) if each not in evidence())


# ---- the pages --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PAGES, ids=lambda path: path.name)
def page(request) -> Path:
    """One page after another."""
    return request.param


def test_every_link_leads_somewhere(page):
    assert list(broken_links(page, page.read_text(encoding="utf-8"))) == []


def test_every_command_and_target_is_real(page):
    assert list(unknown_commands(page.read_text(encoding="utf-8"))) == []


def test_every_python_block_compiles(page):
    for number, (language, text) in enumerate(blocks(page.read_text(encoding="utf-8"))):
        if language == "python":
            compile(text, f"{page.name}, block {number}", "exec")


def test_every_name_and_evidence_id_exists(page):
    text = page.read_text(encoding="utf-8")
    assert list(unknown_names(text)) == []
    assert list(unknown_evidence(text)) == []


def test_the_index_lists_every_page():
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in PAGES if path.parent.name == "docs"]
    missing = [name for name in pages if name not in ("README.md", WRITTEN_BY_VERIFY) and f"]({name})" not in text]
    assert missing == []


# ---- docs/model.md ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> str:
    """Text of the model's page."""
    return (ROOT / "docs" / "model.md").read_text(encoding="utf-8")


def test_the_model_page_has_the_parts_of_odd(model):
    found = re.findall(r"^## \d\. (.+)$", model, flags=re.MULTILINE)
    assert found == ["Purpose and patterns", "Entities, state variables and scales",
                     "Process overview and scheduling", "Design concepts", "Initialisation", "Input data",
                     "Submodels", "Implementation decisions", "What falls short"]
    for concept in ("Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
                    "Stochasticity", "Collectives", "Observation"):
        assert f"* **{concept}.**" in model
    assert "for differences, not forecasts" in model


def test_each_decision_has_a_choice_alternatives_a_reason_and_a_source(model):
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", model, flags=re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= LEAST_DECISIONS
    for number, cells in rows:
        assert len(cells.split(" | ")) == 4 and all(cell.strip() for cell in cells.split(" | ")), number


def test_the_phases_on_the_model_page_stand_in_the_order_of_the_week(model):
    code = (ROOT / "sim" / "homecare" / "market.py").read_text(encoding="utf-8")
    body = code.split("def _live_week", 1)[1].split("    def ", 1)[0]
    called = [module for module in re.findall(r"^        (\w+)\.\w+\(self\)$", body, flags=re.MULTILINE)]
    table = model.split("| Phase | Module |", 1)[1].split("\n\n", 1)[0]
    told = re.findall(r"^\| [\w, ]+ \| `week/(\w+)\.py`", table, flags=re.MULTILINE)
    assert told == [module for i, module in enumerate(called) if i == 0 or called[i - 1] != module]


def test_parameters_named_without_a_group_on_the_model_page_exist(model):
    submodels = model.split("## 7. Submodels", 1)[1].split("## 8.", 1)[0]
    bare = {span for span in spans(submodels) if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", span)}
    names = {path.rpartition(".")[2] for path in known_paths()} | set(evidence())
    assert bare - names == set()
    assert len(bare) > 60


# ---- the checks themselves --------------------------------------------------------------------------------


def test_planted_faults_are_found(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("# One thing\n", encoding="utf-8")
    text = (
        "[a](none.md) [b](page.md#one-thing) [c](page.md#two) `homecare fly` `homecare run x --wings` `make tea` "
        "`homecare results burn x` `homecare results ls x --json` `make run` "
        "`policy.contracting.zones` `policy.contracting.zone` `uncertainty.vioce` `outcomes.scrqol` "
        "`outcomes.joy` `scenarios/none.yaml` `hc.Markt` `homecare.nothing.here` `homecare.run` `week/none.py` "
        "evidence `visits_late30`, `none_such`\n```console\n$ homecare sing\n```\n```python\nx = (\n```\n"
    )
    assert list(broken_links(path, text)) == ["none.md", "page.md#two"]
    assert list(unknown_commands(text)) == ["homecare sing", "homecare fly", "homecare run x --wings", "make tea",
                                            "homecare results burn x"]
    assert list(unknown_names(text)) == [
        "policy.contracting.zone", "uncertainty.vioce", "outcomes.joy", "scenarios/none.yaml", "hc.Markt",
        "homecare.nothing.here", "week/none.py"]
    assert list(unknown_evidence(text)) == ["none_such"]
    (code,) = [block for language, block in blocks(text) if language == "python"]
    with pytest.raises(SyntaxError):
        compile(code, "planted", "exec")
