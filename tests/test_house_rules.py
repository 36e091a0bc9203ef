"""The rules of the house, read from the source: rooms, names, luck, sorts, docstrings, spelling.

Each rule is a function from a module's syntax tree to the faults it finds. Each has a planted fault that it
must find (`PLANTED`), so that a rule that stopped working would show.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sim" / "homecare"
LONGEST_MODULE = 300

# A module imports only from its own room or from one above it (a lower number). A folder stands for all
# its modules, and a name for the parts that it was split into: `area` for `area_names`.
ROOMS: dict[str, int] = {
    **dict.fromkeys(["params", "draws", "tables", "data", "_version", "compiled", "numerics", "side_by_side"], 0),
    **dict.fromkeys(["clause", "conditions", "plan", "tariff", "leftovers"], 0),
    **dict.fromkeys(["area", "travel"], 1),
    **dict.fromkeys(["agents", "outcomes", "lived", "population", "prices"], 2),
    **dict.fromkeys(["packages", "plans", "ledger", "receivables"], 2),
    **dict.fromkeys(["policies"], 3),
    **dict.fromkeys(["week"], 4),
    **dict.fromkeys(["scenario", "explain", "schema", "assumptions", "build"], 5),
    **dict.fromkeys(["market", "levers", "keeping", "collecting", "checkpoint", "own"], 5),
    **dict.fromkeys(["run", "store", "plots", "sweep", "engines", "shards", "words"], 6),
    **dict.fromkeys(["report", "docs", "validate", "compare", "plots_compare", "sensitivity", "enough"], 7),
    **dict.fromkeys(["cli", "__main__", "__init__"], 8),
}
READING_ROOM = 7  # reads results; nothing that it computes comes back into a run
PHASES = ("need", "assessment", "purchasing", "employment", "rostering", "delivery", "experience", "accounts",
          "oversight")  # every other module of week/ is a step that several phases take
AGENT_MODULES = ("service_user", "care_worker", "agency", "care_manager", "commissioner")

# Kinds that policies/ must declare; `declared_kinds` finds these and every other.
KNOWN_KINDS = {"spot", "block", "planned_minutes", "actual_minutes", "time_and_task", "outcome"}
KNOWN_KINDS |= {"agency_choice", "zero_hours", "guaranteed_hours", "pandemic"}
EVERYDAY_WORDS = {"council"}  # a kind too, but the word means a council everywhere else
MAY_NAME_KINDS = {"cli", "docs"}  # examples in help and on generated pages

# Words in the name of a function that decides whether somebody quits, what is cured, needed or felt.
DECIDING_WORDS = set(
    """
    quit quits quitting leave leaves leaving stay stays cure cures curing need needs experience
    expectation tolerance scrqol satisfaction
    lived seems utility reputation reputations match willing choice judge judges judged feel feels feeling
    voice tell tells told complain complains goodwill mood wishes wants think dear decline declines
    """.split()
)
# Modules in which people and workers feel, need, judge and choose: all of each is kept from policies.
DECIDING_MODULES = {
    "agents.service_user", "agents.care_worker", "week.need", "week.need_numbers", "week.experience",
    "week.employment", "week.quality_of_life", "week.wishes", "week.changes", "week.nearness", "week.kernels",
}
POLICY_NAMES = {"policy", "policies", "scenario", "style", "contract_kind", "job_terms", "law_at_start"}

UNPORTABLE_MATHS = set(
    """
    exp exp2 expm1 log log2 log10 log1p logaddexp sin cos tan arcsin arccos arctan arctan2 asin acos
    atan atan2 sinh cosh tanh power float_power pow cbrt hypot erf erfc gamma lgamma dot vdot inner
    matmul einsum tensordot linalg fft
    """.split()
)
UNPORTABLE_SCIPY = {"special", "stats", "linalg", "optimize"}
PORTABLE_SCIPY = {"scipy.stats.qmc"}  # points of a design: digits of whole numbers, and rounded besides
MESA_MODULES = ("mesa.space", "mesa.batchrunner", "mesa.batch_run")
CLASS_NAMES = {"kind", "__class__", "__name__", "__qualname__", "__mro__"}
STABLE = {"stable", "mergesort"}  # Numba knows the stable sort by its older name


@dataclass(frozen=True)
class Module:
    """One module of the package, by its dotted name below `homecare` and its text."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def top(self) -> str:
        return self.name.split(".")[0]

    @property
    def feeds_results(self) -> bool:
        return room_of(self.name) != READING_ROOM

    def is_in(self, *folders: str) -> bool:
        return any(self.name == folder or self.name.startswith(folder + ".") for folder in folders)


Fault = tuple[int, str]


def room_of(name: str) -> int | None:
    """Room of a module by its dotted name; None if it has none."""
    top = name.split(".")[0]
    return ROOMS.get(top, ROOMS.get(top.split("_")[0]))


def read_package(folder: Path = PACKAGE) -> list[Module]:
    modules = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        is_package = parts[-1] == "__init__" and len(parts) > 1
        name = ".".join(parts[:-1] if is_package else parts)
        modules.append(Module(name, path.read_text(encoding="utf-8"), is_package))
    return modules


MODULES = read_package()
MODULE_NAMES = {module.name for module in MODULES}


def imports(module: Module, known: set[str] | None = None) -> Iterator[tuple[int, str]]:
    """Line and dotted name below `homecare` of every import of our own (`__init__`: the package)."""
    known = MODULE_NAMES if known is None else known
    base = module.name.split(".")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "homecare":
                    yield node.lineno, alias.name.partition(".")[2] or "__init__"
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                up = node.level - 1 if module.is_package else node.level
                parent = base[: len(base) - up]
                target = ".".join([*parent, *(node.module.split(".") if node.module else [])])
            elif node.module is not None and node.module.split(".")[0] == "homecare":
                target = node.module.partition(".")[2]
            else:
                continue
            for alias in node.names:
                full = f"{target}.{alias.name}" if target else alias.name
                is_module = full in known or full in ROOMS or any(n.startswith(full + ".") for n in known)
                yield node.lineno, full if is_module else (target or "__init__")


def dotted(node: ast.AST) -> str:
    """`np.random.rand` of the attribute node that says so; empty where the root is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        root = dotted(node.value)
        return f"{root}.{node.attr}" if root else ""
    return ""


def docstring_nodes(tree: ast.Module) -> set[int]:
    """Identities of the constants that stand alone as statements: docstrings, also those of attributes."""
    alone = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in alone if isinstance(value, ast.Constant)}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# --- rules ------------------------------------------------------------------------------------------------


def every_module_has_a_room(module: Module) -> Iterator[Fault]:
    if room_of(module.name) is None:
        yield 1, f"{module.name} is in no room: add it to ROOMS in {Path(__file__).name}"


def imports_come_from_above(module: Module) -> Iterator[Fault]:
    here = room_of(module.name)
    for line, target in imports(module):
        there = room_of(target)
        if here is None or there is None:
            yield line, f"{module.name} imports {target}, and one of them is in no room"
        elif there > here:
            yield line, f"room {here} imports {target} of room {there}"


def agents_and_phases_stay_apart(module: Module) -> Iterator[Fault]:
    for line, target in imports(module):
        if module.is_in("agents") and not module.is_package and target.startswith("agents"):
            if target.split(".")[-1] in (*AGENT_MODULES, "agents"):
                yield line, f"an agent imports {target}; the week introduces agents to each other"
        elif module.is_in("week.kernels"):
            if target.startswith("week") and not target.startswith("week.kernels"):
                yield line, f"a kernel imports the phase {target}"
        elif module.is_in("week") and not module.is_package:
            if target.startswith("week.") and target.split(".")[1] in PHASES:
                yield line, f"{module.name} imports the phase {target}; what two phases share is a step beside them"
        elif not module.is_in("week") and target.startswith("week.kernels"):
            yield line, f"only the week may import {target}"
        elif not module.is_in("week") and target == "travel" and room_of(module.name) in (2, 3):
            yield line, "people and levers do not measure roads: the week does"


def declared_kinds(modules: list[Module]) -> set[str]:
    """Every kind that policies/ declares: `kind = "x"`, `kind: Literal["x"] = "x"`, `kind="x"` in a call."""
    kinds: set[str] = set()

    def strings(node: ast.AST | None) -> set[str]:
        found = ast.walk(node) if node is not None else ()
        return {n.value for n in found if isinstance(n, ast.Constant) and isinstance(n.value, str)}

    for module in modules:
        if not module.is_in("policies"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and any(dotted(t) in ("kind", "KIND") for t in node.targets):
                kinds |= strings(node.value)
            elif isinstance(node, ast.AnnAssign) and dotted(node.target) in ("kind", "KIND"):
                said = node.annotation
                if isinstance(said, ast.Subscript) and dotted(said.value) == "Literal":
                    kinds |= strings(said)
                if isinstance(node.value, ast.Constant):
                    kinds |= strings(node.value)
            elif isinstance(node, ast.keyword) and node.arg == "kind":
                kinds |= strings(node.value)
    return kinds - {"", *STABLE}


KINDS = (KNOWN_KINDS | declared_kinds(MODULES)) - EVERYDAY_WORDS


def policies_are_named_only_in_policies(module: Module) -> Iterator[Fault]:
    if module.is_in("policies") or module.top in MAY_NAME_KINDS:
        return
    prose = docstring_nodes(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and node.value in KINDS and id(node) not in prose:
            yield node.lineno, f"names the policy kind {node.value!r}"


def nobody_asks_for_a_kind(module: Module) -> Iterator[Fault]:
    if not module.is_in("agents", "week"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in CLASS_NAMES:
            yield node.lineno, f"asks for .{node.attr}"
        elif isinstance(node, ast.Call) and dotted(node.func) in ("type", "isinstance", "issubclass"):
            if ast.unparse(node.args[-1]) != "np.ndarray":
                yield node.lineno, f"asks {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and dotted(node.func) in ("getattr", "hasattr"):
            said = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
            if said & (CLASS_NAMES | POLICY_NAMES):
                yield node.lineno, f"asks {ast.unparse(node)}"


def who_decides_sees_no_policy(module: Module) -> Iterator[Fault]:
    if not module.is_in("agents", "week"):
        return
    all_decides = module.is_in(*DECIDING_MODULES)
    if all_decides:
        for line, target in imports(module):
            if target.startswith("policies"):
                yield line, f"{module.name} imports {target}"
    for function in functions(module.tree):
        decides = all_decides or DECIDING_WORDS & set(function.name.lower().split("_"))
        if not decides:
            continue
        arguments = function.args
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            if argument.arg in POLICY_NAMES:
                yield argument.lineno, f"{function.name} takes {argument.arg}"
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and node.attr in POLICY_NAMES:
                yield node.lineno, f"{function.name} reads .{node.attr}"


def modules_are_short(module: Module) -> Iterator[Fault]:
    n = module.text.count("\n")
    if n >= LONGEST_MODULE:
        yield n, f"{n} lines: a module over {LONGEST_MODULE} is two modules"


def mesa_names_are_avoided(module: Module) -> Iterator[Fault]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            name = dotted(node)
            if node.attr in ("shuffle_do", "batch_run", "pos") or name in MESA_MODULES:
                yield node.lineno, f"uses {name or node.attr}"
            elif name.split(".")[-2:] in (["model", "random"], ["self", "random"], ["market", "random"]):
                yield node.lineno, f"draws from {name}: luck comes from homecare.draws"
            elif name.split(".")[-2:] in ([m, n] for m in ("model", "market") for n in ("steps", "time")):
                yield node.lineno, f"reads {name}, which Mesa 3.5 changed: the market counts its own week"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            origin = getattr(node, "module", None) or ""
            names = [f"{origin}.{alias.name}".lstrip(".") for alias in node.names]
            for name in names:
                if f"{name}.".startswith(tuple(f"{banned}." for banned in MESA_MODULES)):
                    yield node.lineno, f"imports {name}"


def luck_is_keyed(module: Module) -> Iterator[Fault]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in ("np.random", "numpy.random"):
            yield node.lineno, "draws from NumPy's generator: luck comes from homecare.draws"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in ("random", "secrets", "uuid", "numpy.random"):
                    yield node.lineno, f"imports {alias.name}"
        elif isinstance(node, ast.ImportFrom) and not node.level:
            brings = {alias.name for alias in node.names}
            if node.module in ("random", "secrets", "uuid", "numpy.random"):
                yield node.lineno, f"imports from {node.module}"
            elif node.module == "numpy" and "random" in brings:
                yield node.lineno, "imports numpy.random"


def arithmetic_is_portable(module: Module) -> Iterator[Fault]:
    if not module.feeds_results:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            origin, _, name = dotted(node).rpartition(".")
            if origin in ("np", "numpy", "math") and name in UNPORTABLE_MATHS:
                yield node.lineno, f"{origin}.{name}: bits of the processor (homecare.numerics has ours)"
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if node.module in ("math", "numpy", "cmath") and alias.name in UNPORTABLE_MATHS:
                    yield node.lineno, f"imports {node.module}.{alias.name}"
                full = f"{node.module}.{alias.name}"
                if full.startswith(tuple(f"scipy.{x}" for x in UNPORTABLE_SCIPY)) and full not in PORTABLE_SCIPY:
                    yield node.lineno, f"imports {node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(tuple(f"scipy.{x}" for x in UNPORTABLE_SCIPY)):
                    yield node.lineno, f"imports {alias.name}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            yield node.lineno, "the @ operator calls BLAS"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            constant = isinstance(node.right, ast.Constant) and isinstance(node.right.value, int)
            if not (constant and (node.right.value == 2 or isinstance(node.left, ast.Constant))):
                yield node.lineno, "a power other than the square: multiply, or np.sqrt"


def sorts_are_stable(module: Module) -> Iterator[Fault]:
    if not module.feeds_results:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, attr = dotted(node.func), node.func.attr
        if attr in ("partition", "argpartition") and name.split(".")[0] in ("np", "numpy"):
            yield node.lineno, f"{name} leaves ties in any order"
        elif attr in ("argsort", "sort_values") or name in ("np.sort", "numpy.sort"):
            kinds = [ast.unparse(k.value).strip("'") for k in node.keywords if k.arg == "kind"]
            if not kinds or kinds[0] not in STABLE:
                yield node.lineno, f'{name or attr} without kind="stable"'


def sets_are_not_walked(module: Module) -> Iterator[Fault]:
    def is_set(node: ast.AST) -> bool:
        called = isinstance(node, ast.Call) and dotted(node.func) in ("set", "frozenset")
        return called or isinstance(node, ast.Set | ast.SetComp)

    if not module.feeds_results:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.For | ast.comprehension) and is_set(node.iter):
            yield node.iter.lineno, "walks a set: sorted() gives it an order"
        elif isinstance(node, ast.Call) and dotted(node.func) in ("list", "tuple", "enumerate", "iter"):
            if node.args and is_set(node.args[0]):
                yield node.lineno, "takes a set in its own order: sorted() gives it one"


def kernels_are_plain(module: Module) -> Iterator[Fault]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg in ("fastmath", "parallel"):
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                yield node.value.lineno, f"{node.arg}: sums in any order"
        elif isinstance(node, ast.Name | ast.Attribute) and dotted(node).split(".")[-1] == "prange":
            yield node.lineno, "prange: sums in any order"


def everything_public_has_a_docstring(module: Module) -> Iterator[Fault]:
    def walk(body: list[ast.stmt], owner: str) -> Iterator[Fault]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                decorators = {dotted(d).split(".")[-1] for d in node.decorator_list}
                if node.name.startswith("_") or decorators & {"setter", "overload"}:
                    continue
                if not (ast.get_docstring(node) or "").strip():
                    yield node.lineno, f"{owner}{node.name} has no docstring"
                if isinstance(node, ast.ClassDef):
                    yield from walk(node.body, f"{node.name}.")

    if not (ast.get_docstring(module.tree) or "").strip():
        yield 1, f"{module.name} has no docstring"
    yield from walk(module.tree.body, "")


def nothing_is_left_open(module: Module) -> Iterator[Fault]:
    for number, line in enumerate(module.text.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", line):
            yield number, "left open: " + line.strip()


RULES = [
    every_module_has_a_room,
    imports_come_from_above,
    agents_and_phases_stay_apart,
    policies_are_named_only_in_policies,
    nobody_asks_for_a_kind,
    who_decides_sees_no_policy,
    modules_are_short,
    mesa_names_are_avoided,
    luck_is_keyed,
    arithmetic_is_portable,
    sorts_are_stable,
    sets_are_not_walked,
    kernels_are_plain,
    everything_public_has_a_docstring,
    nothing_is_left_open,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule):
    assert len(MODULES) > 1, "no modules found: is the package where this test looks?"
    faults = [
        f"homecare.{module.name}:{line}: {message}" for module in MODULES for line, message in rule(module)
    ]
    assert not faults, "\n" + "\n".join(faults)


# Rule, module that breaks it, its text; then the nearest text that keeps it.
PLANTED = [
    (every_module_has_a_room, "utils", "x = 1", "area", "x = 1"),
    (
        imports_come_from_above,
        "draws",
        "from homecare.market import Market",
        "cli",
        "from homecare.market import M",
    ),
    (imports_come_from_above, "agents.agency", "import homecare", "agents.agency", "import homecare.draws"),
    (
        imports_come_from_above,
        "travel",
        "def f():\n from .week import need",
        "travel",
        "from .draws import x",
    ),
    (
        agents_and_phases_stay_apart,
        "agents.agency",
        "from homecare.agents import care_worker",
        "week.need",
        "from homecare.agents import care_worker",
    ),
    (
        agents_and_phases_stay_apart,
        "week.need",
        "from homecare.week.delivery import x",
        "week.need",
        "from homecare.week.kernels.insertion import x",
    ),
    (
        agents_and_phases_stay_apart,
        "market",
        "import homecare.week.kernels.insertion",
        "market",
        "import homecare.week",
    ),
    (
        policies_are_named_only_in_policies,
        "market",
        "x = 'zero_hours'",
        "policies.employment",
        "x = 'zero_hours'",
    ),
    (policies_are_named_only_in_policies, "market", "f(kind='spot')", "market", '"""spot"""'),
    (nobody_asks_for_a_kind, "week.need", "x = a.kind == 1", "market", "x = a.kind == 1"),
    (
        who_decides_sees_no_policy,
        "agents.agency",
        "def cure_problem(policy): ...",
        "agents.agency",
        "def accept_package(policy): ...",
    ),
    *(
        (nobody_asks_for_a_kind, "week.rostering", bad, "week.rostering", good)
        for bad, good in (
            ("type(rule).__name__ == 'Block'", "rule.transfers()"),
            ("x = type(rule)", "x = isinstance(rule, np.ndarray)"),
            ("isinstance(rule, Block)", "getattr(numbers, name)"),
            ("rule.__class__", "rule.__doc__"),
            ("getattr(market, 'policy')", "getattr(market, 'week')"),
        )
    ),
    (
        who_decides_sees_no_policy,
        "week.employment",
        "from homecare.policies.contracting import Block",
        "week.purchasing",
        "from homecare.policies.contracting import Block",
    ),
    (
        who_decides_sees_no_policy,
        "week.employment",
        "def who_quits(m, *, quits):\n return 1\ndef quit(m):\n m.scenario",
        "week.employment",
        "def quit(m):\n return m.pay",
    ),
    (modules_are_short, "area", "x = 1\n" * LONGEST_MODULE, "area", "x = 1\n" * (LONGEST_MODULE - 1)),
    (mesa_names_are_avoided, "market", "self.model.random.random()", "market", "self.draws.random"),
    (
        mesa_names_are_avoided,
        "market",
        "from mesa.space import MultiGrid",
        "market",
        "from mesa import Model",
    ),
    (mesa_names_are_avoided, "week.need", "week = self.model.steps", "week.need", "week = self.model.week"),
    (mesa_names_are_avoided, "market", "agents.shuffle_do('step')", "market", "agents.do('step')"),
    (
        luck_is_keyed,
        "area",
        "import numpy as np\nnp.random.rand()",
        "area",
        "from homecare.draws import uniform",
    ),
    (luck_is_keyed, "area", "import random", "area", "import heapq"),
    (arithmetic_is_portable, "travel", "np.exp(1)", "report", "np.exp(1)"),
    (arithmetic_is_portable, "travel", "from math import log", "travel", "from math import fsum"),
    (arithmetic_is_portable, "travel", "a @ b", "travel", "a * b"),
    (arithmetic_is_portable, "travel", "a ** 0.5", "travel", "a ** 2 + 2 ** 64"),
    (sorts_are_stable, "area", "np.argsort(x)", "area", "np.argsort(x, kind='stable')"),
    (sorts_are_stable, "area", "x.argsort(kind='quicksort')", "area", "rows.sort()"),
    (sets_are_not_walked, "area", "for x in set(y): pass", "area", "for x in sorted(set(y)): pass"),
    (sets_are_not_walked, "area", "list({1, 2})", "area", "len({1, 2})"),
    (
        kernels_are_plain,
        "week.kernels.delivery",
        "@njit(parallel=True)\ndef f(): ...",
        "week.kernels.delivery",
        "@njit(cache=True)\ndef f(): ...",
    ),
    (kernels_are_plain, "travel", "njit(f, fastmath=True)", "travel", "njit(f)"),
    (everything_public_has_a_docstring, "area", '"""A."""\ndef f(): ...', "area", '"""A."""\ndef _f(): ...'),
    (everything_public_has_a_docstring, "area", "x = 1", "area", '"""A."""'),
    (nothing_is_left_open, "area", "# TODO later", "area", "# to do with later"),
]


@pytest.mark.parametrize(("rule", "bad_name", "bad", "good_name", "good"), PLANTED)
def test_rule_finds_its_planted_fault(rule, bad_name, bad, good_name, good):
    assert list(rule(Module(bad_name, bad)))
    assert not list(rule(Module(good_name, good)))


# Where people and workers judge jobs, lives and care, and choose.
JUDGING = """
    week.employment.leave_jobs week.employment.job_lived week.employment.hire week.jobs.offer_utility
    week.jobs.reputations week.jobs.match_of week.jobs.willing week.assistants.quit_jobs week.means.think_again
    week.means.find_too_dear week.wishes.change_wishes week.changes.ask_for_changes week.experience.experience
    week.experience.work week.experience.voice week.kernels.feeling.feel week.kernels.telling.tell
    week.kernels.experience.remember week.kernels.asking.judge_gaps week.kernels.needs.live_week
    agents.care_worker.job_utility agents.service_user.rank_agencies
""".split()
SNEAKED = "policy_effect = 2.0 if market.policy.contracting.transfers() else 0.0"


@pytest.mark.parametrize("judge", JUDGING)
def test_no_effect_of_a_policy_can_be_put_where_people_judge(judge):
    name, _, function = judge.rpartition(".")
    (module,) = (m for m in MODULES if m.name == name)
    lines = module.text.splitlines()
    (found,) = (f for f in functions(module.tree) if f.name == function)
    at = found.body[0].lineno - 1
    lines.insert(at, " " * found.body[0].col_offset + SNEAKED)
    assert [line for line, _ in who_decides_sees_no_policy(Module(name, "\n".join(lines)))] == [at + 1]


def test_every_rule_has_a_planted_fault():
    assert {planted[0] for planted in PLANTED} == set(RULES)


def test_relative_imports_are_resolved():
    known = {"draws", "agents.agency", "week.need"}
    found = imports(
        Module("week.need", "from ..draws import x\nfrom .. import draws\nfrom . import need"), known
    )
    assert [name for _, name in found] == ["draws", "draws", "week.need"]
    found = imports(Module("agents", "from . import agency\nfrom .. import draws", is_package=True), known)
    assert [name for _, name in found] == ["agents.agency", "draws"]


def test_kinds_are_read_from_policies():
    text = 'class A:\n kind: Literal["a", "b"] = "a"\nclass B(Policy, kind="c"):\n kind = "d"\n'
    assert declared_kinds([Module("policies.x", text)]) == {"a", "b", "c", "d"}
    assert declared_kinds([Module("market", text)]) == set()


def test_the_policies_declare_the_known_kinds():
    assert KNOWN_KINDS - declared_kinds(MODULES) == set()


# --- files, whatever their language -----------------------------------------------------------------------

BINARY = {".png", ".svg", ".parquet", ".gz", ".csv", ".npz", ".geojson"}
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:root|work|tmp|opt|mnt|home/\w+|Users/\w+)/|\b[A-Z]:\\Users\\")
REGISTRY = re.compile(
    r"https?://\S*(?:pypi|pythonhosted|artifactory|nexus|/simple\b)|(?:extra-)?index[-_]url\s*[=:]|find-links\s*[=:]"
)
AMERICAN = re.compile(
    r"\b(?:behavior\w*|colors?|colored|centers?|centered|neighbor\w*|labors?|favor(?:s|ed|ite|able)?|honors?"
    r"|modeling|modeled|traveled|traveling|labeled|labeling|cancel(?:ed|ing)|catalogs?|gray"
    r"|(?:optim|summar|initial|random|organ|general|minim|maxim|real|prior|special)iz(?:e|es|ed|ing|ations?))\b",
    re.IGNORECASE,
)
SPELLING_OF_OTHERS = {"plots", "report"}  # CSS and Matplotlib have their own words


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:  # a source distribution has no git
        folders = [ROOT / name for name in ("sim", "scenarios", "tests", "docs")]
        names = [str(p.relative_to(ROOT)) for folder in folders for p in folder.rglob("*")]
    paths = [ROOT / name for name in sorted(names)]
    return [p for p in paths if p.is_file() and p.suffix not in BINARY and "__pycache__" not in p.parts]


def matches(pattern: re.Pattern[str], text: str) -> list[str]:
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {line.strip()[:100]}" for number, line in lines if pattern.search(line)]


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["paths", "registries"])
def test_no_file_knows_this_machine(pattern):
    files = tracked_files()
    assert files
    faults = []
    for path in files:
        found = matches(pattern, path.read_text(encoding="utf-8", errors="replace"))
        faults += [f"{path.relative_to(ROOT)}:{match}" for match in found]
    assert not faults, "\n" + "\n".join(faults)


def test_the_citation_names_this_version():
    (version,) = re.findall(
        r'^__version__ = "(.+)"$', (PACKAGE / "_version.py").read_text("utf-8"), re.MULTILINE
    )
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {version} " in (ROOT / "CHANGELOG.md").read_text("utf-8")


PIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)==(\d+(?:\.\d+)*)")


def pins(name: str) -> dict[str, str]:
    """Versions by name; any line that is not a bare `name==version` fails."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    unlike = [line for line in lines if not PIN.fullmatch(line)]
    assert not unlike, f"{name}: {unlike}"
    found = dict(line.split("==") for line in lines)
    assert list(found) == sorted(found) and len(found) == len(lines), f"{name}: not in order, or something twice"
    return found


def test_constraints_are_bare_pins():
    everywhere, newer = pins("constraints.txt"), pins("constraints-3.12.txt")
    assert newer and all(version != everywhere[name] for name, version in newer.items())
    for script in ("Makefile", ".ci/run"):
        if (ROOT / script).exists():  # a source distribution has no .ci
            text = (ROOT / script).read_text("utf-8")
            assert "-c constraints.txt" in text and "-r constraints-3.12.txt" in text


def prose_of(text: str) -> Iterator[Fault]:
    """Comments, and strings of more than one word (one word is a name that someone else chose)."""
    for number, line in enumerate(text.splitlines(), 1):
        _, hash_sign, comment = line.partition("# ")
        if hash_sign:
            yield number, comment
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value


def test_spelling_is_british():
    faults = []
    for module in MODULES:
        if module.top not in SPELLING_OF_OTHERS:
            for line, words in prose_of(module.text):
                found = [match.group() for match in AMERICAN.finditer(words)]
                faults += [f"homecare.{module.name}:{line}: {word}" for word in found]
    for path in tracked_files():
        if path.suffix == ".md":
            found = matches(AMERICAN, path.read_text(encoding="utf-8"))
            faults += [f"{path.relative_to(ROOT)}:{match}" for match in found]
    assert not faults, "\n" + "\n".join(faults)


def test_file_patterns_find_planted_faults():
    assert MACHINE_PATH.search("cd /" + "root/x") and MACHINE_PATH.search("'/" + "home/ann/x'")
    assert not MACHINE_PATH.search("https://example.org/" + "work/x") and not MACHINE_PATH.search("$HOME/x")
    assert REGISTRY.search("https://" + "pypi.org/simple") and not REGISTRY.search("https://www.ons.gov.uk")
    assert AMERICAN.search("the behavior of") and not AMERICAN.search("the behaviour of a centre")
    prose = prose_of('x = "center"\n# a color\ny = "two words"')
    assert [words for _, words in prose] == ["a color", "two words"]
