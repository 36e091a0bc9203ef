"""Policies of a user's own: their files are loaded here and, under the same names, in every worker process."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from homecare.policies import SHOCKS, THEMES
from homecare.scenario_fault import Fault, Place, ScenarioError

OwnModule = tuple[str, str]
"""Name of a module outside this package that defines policies, and its file."""


def load_policies(file: str | Path) -> ModuleType:
    """Load a Python file that adds policies by `homecare.policies.add`.

    The module has the name of the file without ``.py``. A file that is loaded already is not loaded again.

    Raises
    ------
    ScenarioError
        If there is no such file, it is not a ``.py`` file, or a different module has the name already.
    """
    path = Path(file).resolve()
    if path.suffix != ".py" or not path.is_file():
        raise _refusal(file, "there is no such Python file", "the path of a file that ends in .py")
    return _loaded(path.stem, path)


def own_modules() -> tuple[OwnModule, ...]:
    """Return the modules outside this package that define a policy or a shock, in the order of their names."""
    classes = [cls for kinds in THEMES.values() for cls in kinds.values()] + list(SHOCKS.values())
    found = {}
    for cls in classes:
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
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _refusal(file: str | Path, message: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault(Place("--policies"), "", message, str(file), allowed)])
