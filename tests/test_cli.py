"""The command line: examples in help, JSON for programs, one clear message and exit code 2 for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from homecare.cli import app
from homecare.data import attribution_statement
from homecare.policies import SHOCKS, THEMES
from homecare.scenario import Scenario, load

COMMANDS = ("run", "explain", "areas", "parameters", "schema", "digest", "warm", "new", "sweep", "validate")
HEAVY = ("mesa", "numba", "pandas", "scipy", "matplotlib", "pyarrow")


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(a) for a in arguments])


@pytest.fixture
def ran(monkeypatch):
    """Stand in for the module that runs scenarios; hold what it was asked."""
    asked = []

    def run_scenario(scenario, out, progress):
        asked.append((scenario, out, progress))
        return SimpleNamespace(lines=["all is well"], to_dict=lambda: {"quality": 1.0})

    def digest_scenario(scenario):
        asked.append(scenario)
        return "ab" * 32

    fake = SimpleNamespace(run_scenario=run_scenario, digest_scenario=digest_scenario)
    monkeypatch.setitem(sys.modules, "homecare.run", fake)
    monkeypatch.setitem(sys.modules, "homecare.engines_warm", SimpleNamespace(warm_kernels=lambda: asked.append("warm")))
    return asked


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_shows_an_example(call, command):
    result = call(command, "--help")
    assert result.exit_code == 0
    assert f"Example: homecare {command}" in result.stdout


def test_help_on_results_shows_an_example(call):
    assert "Example: homecare results ls" in call("results", "--help").stdout


def test_help_lists_every_command(call):
    result = call("--help")
    assert all(f"\n  {command} " in result.stdout for command in COMMANDS)
    assert "for differences, not forecasts" in result.stdout


def heavy_imports(folder, root, arguments):
    """Heavy modules that are loaded once a command has done its work."""
    code = (
        "import sys\nsys.argv = ['homecare', *sys.argv[1:]]\nfrom homecare.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(root / "sim"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stderr)
    return done.stderr.split()


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["areas"]], ids=" ".join)
def test_help_and_areas_import_nothing_heavy(tmp_path, root, arguments):
    assert heavy_imports(tmp_path, root, arguments) == []


def test_run_passes_on_what_was_asked(call, ran, tmp_path):
    (tmp_path / "my.yaml").write_text("area: Rutland\n")
    result = call(
        "run",
        "my.yaml",
        "--weeks",
        8,
        "--seed",
        5,
        "--scale",
        0.5,
        "--replications",
        2,
        "--area",
        "Wiltshire",
        "--set",
        "policy.contracting.kind=block",
        "--set",
        "policy.contracting.zones=4",
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == "all is well\n"
    ((scenario, out, progress),) = ran
    assert isinstance(scenario, Scenario)
    assert (scenario.weeks, scenario.seed, scenario.scale, scenario.replications) == (8, 5, 0.5, 2)
    assert (scenario.area, scenario.policy.contracting.zones) == ("Wiltshire", 4)
    assert (out.as_posix(), progress) == ("results/my", False)


def test_run_writes_where_it_is_told_and_prints_json(call, ran):
    result = call("run", "baseline", "--out", "there", "--json")
    assert json.loads(result.stdout) == {"quality": 1.0}
    assert ran[0][1].as_posix() == "there"


@pytest.mark.parametrize("command", ["run", "digest", "explain"])
def test_bad_input_is_one_message_and_exit_code_2_and_nothing_written(call, ran, tmp_path, command):
    (tmp_path / "bad.yaml").write_text("area: Rutlnd\nscale: 2\n")
    (tmp_path / "good.yaml").write_text("area: Rutland\n")
    before = sorted(tmp_path.rglob("*"))
    result = call(command, "bad.yaml")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "bad.yaml:1:7  area" in result.stderr
    assert "bad.yaml:2:8  scale" in result.stderr
    assert "2 faults; nothing was run or written." in result.stderr
    assert "Traceback" not in result.output
    told = call(command, "bad.yaml", "--json")
    assert told.exit_code == 2
    assert [fault["key"] for fault in json.loads(told.stdout)["faults"]] == ["area", "scale"]
    assert call(command, "missing.yaml").exit_code == 2
    assert call(command, "good.yaml", "--set", "nonsense").exit_code == 2
    assert call(command, "good.yaml", "--weeks", "many").exit_code == 2
    assert call(command, "good.yaml", "--no-such-option").exit_code == 2
    assert ran == []
    assert sorted(tmp_path.rglob("*")) == before
    assert call(command, "good.yaml").exit_code == 0, "a good file beside it works"


FAULTS_OF_THE_LINE = {
    "run --no-such-option": "No such option: --no-such-option",
    "run --weeks many": "Invalid value for '--weeks'",
    "run --weeks": "'--weeks' requires an argument",
    "explain": "Missing argument",
    "results ls": "Missing argument",
    "results nonsense": "No such command 'nonsense'",
    "nonsense": "No such command 'nonsense'",
    "new my.yaml": "No such option: --json",
}


@pytest.mark.parametrize("line", FAULTS_OF_THE_LINE)
def test_a_line_that_cannot_be_read_is_refused_in_json_too(call, ran, line):
    words = line.split()
    asked = [*words[:1], "--json", *words[1:]] if line.endswith("--weeks") else [*words, "--json"]
    told = call(*asked)
    assert told.exit_code == 2 and told.stderr == ""
    (fault,) = json.loads(told.stdout)["faults"]
    assert fault["file"] == "command line" and FAULTS_OF_THE_LINE[line] in fault["message"]
    assert ran == []


def test_a_fault_of_ours_is_not_called_bad_input(call, ran, monkeypatch):
    def broken(scenario, out, progress):
        raise ValueError("a defect")

    monkeypatch.setattr(sys.modules["homecare.run"], "run_scenario", broken)
    result = call("run", "baseline")
    assert result.exit_code == 1
    assert isinstance(result.exception, ValueError)


def test_an_area_without_a_market_is_one_message(call, ran, monkeypatch):
    from homecare.build import NoMarket

    def refused(scenario, out, progress):
        raise NoMarket("too few agencies")

    monkeypatch.setattr(sys.modules["homecare.run"], "run_scenario", refused)
    result = call("run", "baseline")
    assert result.exit_code == 2
    assert result.stderr == "too few agencies\n"


def test_control_c_exits_130(call, ran, monkeypatch):
    def stopped(scenario, out, progress):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["homecare.run"], "run_scenario", stopped)
    result = call("run", "baseline")
    assert result.exit_code == 130
    assert "stopped" in result.stderr


@pytest.mark.parametrize("command", ["run", "digest", "explain"])
def test_policies_of_ones_own_are_taken(call, ran, tmp_path, command):
    """A kind is known once its file is given; the module and its kind go with the test."""
    (tmp_path / "my.yaml").write_text("area: Rutland\npolicy: {contracting: {kind: mine}}\n")
    (tmp_path / f"mine_{command}.py").write_text(MINE)
    assert call(command, "my.yaml").exit_code == 2
    try:
        result = call(command, "my.yaml", "--policies", f"mine_{command}.py")
        assert result.exit_code == 0, result.output
    finally:
        THEMES["contracting"].pop("mine", None)
        sys.modules.pop(f"mine_{command}", None)


MINE = """
from typing import ClassVar
from homecare.policies import add
from homecare.policies.contracting import Spot

class Mine(Spot):
    \"\"\"Spot again. Held by: council.\"\"\"

    kind: ClassVar[str] = "mine"

add(Mine)
"""


@pytest.mark.parametrize(("text", "place", "message"), [
    ("x = 1\ny = = 2\n", "own_faulty.py:2:5", "cannot be loaded: SyntaxError: invalid syntax"),
    ("def f():\n    return 1 / 0\n\nf()\n", "own_faulty.py:2:1", "cannot be loaded: ZeroDivisionError: division by zero"),
    ("\nimport nothing_of_this_name\n", "own_faulty.py:2:1", "ModuleNotFoundError: No module named"),
    ("import sys\nsys.exit(3)\n", "own_faulty.py:2:1", "SystemExit: 3"),
    ("raise KeyboardInterrupt\n", None, "stopped"),
    ("x = 1\n", "--policies", "this file adds no policy"),
], ids=["syntax", "raises", "imports", "exits", "stopped", "adds nothing"])
def test_a_file_of_policies_that_cannot_be_loaded_is_one_message(call, ran, tmp_path, text, place, message):
    (tmp_path / "own_faulty.py").write_text(text)
    result = call("run", "hamlet", "--policies", "own_faulty.py")
    assert result.exit_code == (2 if place else 130), result.output
    assert message in result.stderr and "Traceback" not in result.output and ran == []
    assert "own_faulty" not in sys.modules
    if place:
        assert result.stderr.startswith(f"{place}\n")
        told = call("digest", "hamlet", "--policies", "own_faulty.py", "--json")
        (fault,) = json.loads(told.stdout)["faults"]
        assert told.exit_code == 2 and message in fault["message"] and told.stderr == ""


@pytest.mark.parametrize("fault", ["1 / 0", "raise KeyboardInterrupt"])
def test_a_file_of_policies_that_fails_after_it_added_one_leaves_nothing(call, ran, tmp_path, fault):
    file = tmp_path / "half_added.py"
    file.write_text(f"{MINE}from homecare.policies import SHOCKS\nSHOCKS['mine'] = SHOCKS['pandemic']\n{fault}\n")
    before = [dict(kinds) for kinds in (*THEMES.values(), SHOCKS)]
    assert call("run", "hamlet", "--policies", file).exit_code in (2, 130) and ran == []
    assert [dict(kinds) for kinds in (*THEMES.values(), SHOCKS)] == before
    file.write_text(MINE)
    (tmp_path / "my.yaml").write_text("area: Rutland\npolicy: {contracting: {kind: mine}}\n")
    try:
        mended = call("explain", "my.yaml", "--policies", file)
        assert mended.exit_code == 0, mended.output
    finally:
        THEMES["contracting"].pop("mine", None)
        sys.modules.pop("half_added", None)


def test_explain_prints_and_gives_json(call, tmp_path):
    (tmp_path / "my.yaml").write_text("area: Rutland\npolicy: {commissioner: {fee_ratio: 1.1}}\n")
    result = call("explain", "my.yaml", "--set", "seed=4")
    assert result.exit_code == 0
    assert "policy.commissioner.fee_ratio = 1.1 [ratio]: instead of 1" in result.stdout
    assert "set at my.yaml:2:36" in result.stdout
    made = json.loads(call("explain", "my.yaml", "--json").stdout)
    assert made["scenario"] == load(tmp_path / "my.yaml").resolved()
    assert made["places"]["policy.commissioner.fee_ratio"] == "my.yaml:2:36"


def test_explain_says_how_to_change_something_only_where_nothing_differs(call):
    call("new", "my.yaml")
    said = "my.yaml changes no rule yet: take the # from lines of it, or set values with --set."
    assert said in call("explain", "my.yaml").stdout.splitlines()
    assert "scenarios/baseline.yaml changes no rule: set values with --set" in call("explain", "baseline").stdout
    for change in ("policy.payment.kind=actual_minutes", "changes=[{week: 9, policy: {payment: {kind: actual_minutes}}}]",
                   "shocks=[{kind: pandemic, week: 9}]"):
        assert "changes no rule" not in call("explain", "my.yaml", "--set", change).stdout


def test_areas(call):
    names = call("areas").stdout.splitlines()
    assert len(names) == 153
    assert "Wiltshire" in names
    assert len(json.loads(call("areas", "--json").stdout)) == 153
    one = call("areas", "E06000054")
    assert one.stdout.startswith("Wiltshire (E06000054)")
    assert one.stdout.splitlines()[-1] == attribution_statement()
    told = json.loads(call("areas", "wiltshire council", "--json").stdout)
    assert told["name"] == "Wiltshire" and told["attribution"] == attribution_statement()
    unknown = call("areas", "Wiltshir")
    assert unknown.exit_code == 2
    assert "Wiltshire" in unknown.stderr
    assert unknown.stdout == ""
    told = call("areas", "Wiltshir", "--json")
    (fault,) = json.loads(told.stdout)["faults"]
    assert told.exit_code == 2 and told.stderr == ""
    assert (fault["given"], fault["nearest"].split(", ")[0]) == ("Wiltshir", "Wiltshire")
    assert "called 'Wiltshir'" in fault["message"]


def test_parameters(call):
    text = call("parameters").stdout
    assert "policy.contracting.zones" in text
    listed = json.loads(call("parameters", "--json").stdout)
    assumed = json.loads(call("parameters", "--assumptions", "--json").stdout)
    assert 0 < len(assumed) < len(listed)
    assert assumed == [p for p in listed if p["source"] == "assumption"]
    assert call("parameters", "--markdown").stdout.startswith("# Parameters\n")
    assert call("parameters", "--markdown", "--assumptions").stderr.startswith("--markdown prints the whole page")
    told = call("parameters", "--markdown", "--json")
    (fault,) = json.loads(told.stdout)["faults"]
    assert told.exit_code == 2 and told.stderr == "" and fault["message"].startswith("--markdown prints the whole page")


def test_parameters_with_a_word(call):
    every = json.loads(call("parameters", "--json").stdout)
    for word in ("budget", "pay_time_2012", "OVERSPENT", "guaranteed_hours"):  # of a path, a source, a sentence, a kind
        told = json.loads(call("parameters", word, "--json").stdout)
        parts = ("path", "kind", "sentence", "source")
        assert told == [p for p in every if any(word.lower() in (p[part] or "").lower() for part in parts)]
        assert 0 < len(told) < len(every)
    text = call("parameters", "budget").stdout
    assert "policy.commissioner.budget_ratio  [council] = 1.03 [ratio]" in text and "contracting.zones" not in text
    assumed = json.loads(call("parameters", "budget", "--assumptions", "--json").stdout)
    assert {p["source"] for p in assumed} == {"assumption"}
    refused = call("parameters", "budgt_ratio")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no parameter has 'budgt_ratio' in its path" in refused.stderr
    assert "did you mean budget_ratio" in refused.stderr
    told = call("parameters", "budgt_ratio", "--json")
    (fault,) = json.loads(told.stdout)["faults"]
    assert (told.exit_code, told.stderr, fault["given"]) == (2, "", "budgt_ratio")
    assert fault["nearest"].split(", ")[0] == "budget_ratio"
    assert call("parameters", "pay_time_2012", "--assumptions").stderr.startswith("no assumption has 'pay_time_2012'")
    assert call("parameters", "budget", "--markdown").exit_code == 2


def test_schema_is_json(call):
    assert json.loads(call("schema").stdout)["$schema"].endswith("2020-12/schema")


def test_digest_and_warm_call_the_run(call, ran):
    assert call("digest", "baseline", "--weeks", 4).stdout == "ab" * 32 + "\n"
    assert ran[0].weeks == 4
    assert json.loads(call("digest", "baseline", "--json").stdout)["digest"] == "ab" * 32
    assert call("warm").exit_code == 0
    assert ran[-1] == "warm"


def test_new_writes_a_scenario_that_loads_and_overwrites_nothing(call, tmp_path):
    result = call("new", "a-first_try.yaml")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "a-first_try.yaml").read_text()
    scenario = load(tmp_path / "a-first_try.yaml")
    assert (scenario.name, scenario.area) == ("a first try", "Wiltshire")
    again = call("new", "a-first_try.yaml")
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert (tmp_path / "a-first_try.yaml").read_text() == text
    assert call("new", "none/such.yaml").exit_code == 2
    assert call("new", "scenario.txt").exit_code == 2
    assert not (tmp_path / "scenario.txt").exists()


def test_what_the_starter_comments_out_works_too(call, tmp_path):
    call("new", "my.yaml")
    text = (tmp_path / "my.yaml").read_text()
    head, _, rest = text.partition("# Levers from the start")
    told = [line.removeprefix("# ") for line in rest.splitlines() if line.startswith(("# ", "#   "))]
    uncommented = [line for line in told if line.rstrip().endswith((":", "}", "}}", "}}}"))]
    (tmp_path / "all.yaml").write_text(head + "\n".join(uncommented) + "\n")
    scenario = load(tmp_path / "all.yaml")
    assert scenario.policy.contracting.zones == 6
    assert [change.week for change in scenario.changes] == [52]
    assert [shock.week for shock in scenario.shocks] == [104]
    beside, _ = text.split("#   commissioner: {fee_ratio: 1.05}")
    assert beside.splitlines()[-1].startswith("#   # fee_ratio is") and "budget_ratio" in beside


def test_no_command_shows_help_and_an_unknown_one_exits_2(call):
    assert "Usage" in call().output
    assert call("rnu").exit_code == 2


def test_python_dash_m_works(tmp_path, root):
    done = subprocess.run(
        [sys.executable, "-m", "homecare", "explain", "gone.yaml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root / "sim"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no such file" in done.stderr
    assert "Traceback" not in done.stderr
