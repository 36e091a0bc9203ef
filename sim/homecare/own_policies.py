"""Policies of a user's own: their files are loaded here and, under the same names, in every worker process."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType

from homecare.policies import SHOCKS, THEMES
from homecare.scenario_fault import Fault, Place, ScenarioError, printable

OwnModule = tuple[str, str]
"""Name of a module outside this package that defines policies, and its file."""


def load_policies(file: str | Path) -> ModuleType:
    """Load a Python file that adds policies by `homecare.policies.add`.

    The module has the name of the file without ``.py``. A file that is loaded already is not loaded again, and one
    that cannot be loaded adds nothing.

    Raises
    ------
    ScenarioError
        If there is no such file, it is not a ``.py`` file, or a different module has the name already; if it cannot be
        loaded, or adds no policy.
    """
    path = Path(file).resolve()
    if path.suffix != ".py" or not path.is_file():
        raise _refusal(file, "there is no such Python file", "the path of a file that ends in .py")
    if path.stem in sys.modules:
        return _loaded(path.stem, path)
    before = _kinds()
    try:
        module = _loaded(path.stem, path)
    except ScenarioError:
        raise
    except (Exception, SystemExit) as error:
        place, why = _place_of(error, file, path), printable(f"{type(error).__name__}: {error}")
        raise ScenarioError([Fault(place, "", f"the file of policies cannot be loaded: {why}")]) from error
    if _kinds() == before:
        del sys.modules[path.stem]
        raise _refusal(file, "this file adds no policy", "a file that calls homecare.policies.add")
    return module


def _lists() -> tuple[dict[str, type], ...]:
    return *THEMES.values(), SHOCKS


def _kinds() -> list[type]:
    return [cls for kinds in _lists() for cls in kinds.values()]


def _place_of(error: BaseException, file: str | Path, path: Path) -> Place:
    """The line of a user's file at which it cannot be loaded, where that is known."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return Place(str(file), error.lineno or 0, error.offset or 0)
    steps = traceback.extract_tb(error.__traceback__)
    lines = [step.lineno for step in steps if step.filename == str(path)]
    return Place(str(file), lines[-1] or 0 if lines else 0, 1)


def own_modules() -> tuple[OwnModule, ...]:
    """Return the modules outside this package that define a policy or a shock, in the order of their names."""
    found = {}
    for cls in _kinds():
        for base in cls.__mro__:
            name = base.__module__
            file = getattr(sys.modules.get(name), "__file__", None)
            if name.partition(".")[0] not in ("homecare", "pydantic", "builtins") and file is not None:
                found[name] = str(Path(file).resolve())
    return tuple(sorted(found.items()))


def load_modules(modules: tuple[OwnModule, ...]) -> None:
    """Load the modules that another process named, each under its name there.

    Raises
    ------
    ScenarioError
        If a module is the main script of that process, which has no name here.
    """
    for name, file in modules:
        if name == "__main__":
            message = "a policy in the main script cannot reach the worker processes"
            raise _refusal(file, message, "a policy in a file of its own, which the script imports")
        _loaded(name, Path(file))


def _loaded(name: str, path: Path) -> ModuleType:
    present = sys.modules.get(name)
    if present is not None:
        if Path(getattr(present, "__file__", None) or "").resolve() != path:
            raise _refusal(path, f"another module is called {name}", "a file with another name")
        return present
    found = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    kinds_before = [dict(kinds) for kinds in _lists()]
    try:
        found.loader.exec_module(module)
    except BaseException:  # nothing stays of it: neither the module nor what it added until then
        del sys.modules[name]
        for kinds, before in zip(_lists(), kinds_before, strict=True):
            kinds.clear()
            kinds.update(before)
        raise
    return module


def _refusal(file: str | Path, message: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault(Place("--policies"), "", message, str(file), allowed)])
