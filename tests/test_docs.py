"""Generated pages are as the code is, and every link and command of the README leads somewhere."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from homecare import docs
from homecare.cli import app
from homecare.outcomes import OUTCOMES
from homecare.policies import SHOCKS, THEMES
from homecare.policies.commissioner import Council
from homecare.scenario import load_text, named
from homecare.scenario_layers import all_parameters

ROW = r"^\| `((?:initial|uncertainty)\.[\w.]+)` \| ([-\d.]+|none) \| ([-\d.]+) \|"
"""A row of the table of what was calibrated: parameter, value at first, value now."""


def test_what_was_calibrated_is_what_the_code_has_within_its_range(root):
    now = {parameter.path: parameter for parameter in all_parameters()}
    rows = re.findall(ROW, (root / "docs" / "validation.md").read_text(), re.MULTILINE)
    assert len(rows) > 40
    for path, _, value in rows:
        assert now[path].default == float(value), path
        assert now[path].low <= float(value) <= now[path].high, path


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_generated_page_is_as_the_code_is(root, page):
    assert page not in docs.stale_pages(root / "docs"), "make docs writes it anew"


def test_a_page_that_differs_or_is_missing_is_stale(tmp_path):
    assert docs.stale_pages(tmp_path) == list(docs.PAGES)
    docs.write_pages(tmp_path)
    assert docs.stale_pages(tmp_path) == []
    path = tmp_path / "outcomes.md"
    path.write_text(path.read_text().replace("higher", "lower", 1))
    assert docs.stale_pages(tmp_path) == ["outcomes.md"]


def test_every_outcome_is_on_its_page():
    page = docs.outcomes_page()
    for name, one in OUTCOMES.items():
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        assert one.unit in line and one.better in line
        assert page.index(f"## {one.group.capitalize()}") < page.index(line)


def test_every_policy_and_each_of_its_parameters_is_on_its_page():
    page = docs.policies_page()
    for theme, kinds in THEMES.items():
        for kind, cls in kinds.items():
            section = page.split(f"### `{theme}`: `{kind}`", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
            assert "* Held by: " in section and "* A change reaches: " in section
            for parameter in cls.declared():
                (line,) = [
                    line for line in section.splitlines() if line.startswith(f"| `{parameter.name}` |")
                ]
                assert parameter.source in line and (parameter.unit or "") in line
    assert all(f"### `{kind}`" in page for kind in SHOCKS)
    assert page.count("(default)") == len(THEMES)


def test_the_command_writes_into_a_folder_and_refuses_what_is_none(tmp_path, capsys):
    assert docs.main([str(tmp_path / "none")]) == 2
    assert "no folder" in capsys.readouterr().err
    assert docs.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"wrote {page}" for page in docs.PAGES]
    assert docs.stale_pages(tmp_path) == []


# ---- README -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def readme(root):
    """Text of the README."""
    return (root / "README.md").read_text(encoding="utf-8")


def test_the_readme_links_to_what_is_there(root, readme):
    links = re.findall(r"\]\(([^)#\s]+)\)", readme)
    assert len(links) >= 8
    missing = [link for link in links if "://" not in link and not (root / link).exists()]
    assert missing == []


def test_the_readme_names_commands_and_scenarios_that_exist(readme):
    blocks = re.findall(r"```console\n(.*?)```", readme, flags=re.DOTALL)
    commands = re.findall(r"^homecare (\w+)", "".join(blocks), flags=re.MULTILINE)
    assert {"new", "explain", "run"} <= set(commands)
    for command in sorted(set(commands)):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0, command
    assert [name for name in named() if f"`{name}`" not in readme] == []


def test_the_readmes_scenarios_load_with_the_settings_of_its_first_run(readme):
    first, second = (load_text(block) for block in re.findall(r"```yaml\n(.*?)```", readme, flags=re.DOTALL))
    assert first.policy.contracting.kind == "block"
    usual = Council()
    (change,) = second.changes
    raised = change.policies["commissioner"]
    assert raised.fee_ratio / usual.fee_ratio == pytest.approx(1.1) == raised.budget_ratio / usual.budget_ratio
    assert "by a tenth at most (`policy.commissioner.trim_share`)" in readme and usual.trim_share == 0.1
    (weeks,) = re.findall(r"^homecare run my.yaml .*--weeks (\d+)", readme, flags=re.MULTILINE)
    (shock,) = second.shocks
    assert change.week < int(weeks) and shock.week + shock.weeks <= int(weeks)


def test_the_readme_says_what_it_is_not_for(readme):
    assert "for differences, not forecasts" in readme
    assert "LICENCE-DATA.md" in readme and "CITATION.cff" in readme


def test_the_readmes_python_runs(readme, tmp_path, monkeypatch):
    comparison, model = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(comparison, "README.md", "exec"), names)
    found = names["found"]
    assert found.reference == "Baseline" and found.lost == []
    assert found.pair("Block contracts", "council_spend").difference != 0.0
    exec(compile(model, "README.md", "exec"), names)
    assert len(names["weekly"]) == 8
