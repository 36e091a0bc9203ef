"""Where scenario files are: the named ones, and the chain of files that one of them extends."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from homecare.scenario_fault import BROKEN, Entry, Fault, Place, nearest, printable, shown
from homecare.scenario_file import read_file

SUFFIXES = (".yaml", ".yml")


def scenario_folder() -> Path:
    """The folder of named scenarios: in the package where it was installed, or the checkout's ``scenarios/``.

    Raises
    ------
    FileNotFoundError
        If there is neither, which is a fault of the installation.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "scenarios", package.parent.parent / "scenarios"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the named scenarios are missing beside {package.name}: install homecare again")


def named() -> tuple[str, ...]:
    """Names of the packaged scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in scenario_folder().iterdir() if path.suffix == ".yaml"))


def looks_like_path(text: str) -> bool:
    """Whether a scenario is meant by its file and not by its name."""
    return text.endswith(SUFFIXES) or "/" in text or os.sep in text


def _locate(text: str, folder: Path, place: Place, key: str, faults: list[Fault]) -> tuple[Path, str] | None:
    """Path of a scenario and how messages call it, or None with a fault."""
    if "\0" in text:
        faults.append(Fault(place, key, "this is no path and no name", shown(text), "the path of a file"))
        return None
    if looks_like_path(text):
        return folder / text, str(folder / text)
    names = named()
    if text in names:
        path = scenario_folder() / f"{text}.yaml"
        return path, f"{path.parent.name}/{path.name}"
    if not key and os.path.exists(folder / text):
        return folder / text, str(folder / text)
    allowed = "the path of a file" + (", or one of " + ", ".join(names) if names else "")
    message = "there is no such scenario"
    faults.append(Fault(place, key, message, shown(text), allowed, nearest(text, names)))
    return None


def _meant(text: str, path: Path) -> str:
    """The named scenario, or the file beside a missing one, that is likely meant."""
    if path.stem in named():
        return path.stem
    folder = path.parent
    beside = {one.stem: one.name for one in sorted(folder.iterdir()) if one.suffix in SUFFIXES} if folder.is_dir() else {}
    likely = nearest(path.stem, beside)
    return printable(str(Path(text).with_name(beside[likely]))) if likely else ""


def read_chain(
    source: str | Path, faults: list[Fault], first: tuple[Entry, Path, str] | None = None
) -> list[tuple[Entry, Path, str]]:
    """Read a scenario file and all that it extends.

    Parameters
    ----------
    source : str or Path
        Name or path of a scenario.
    faults : list of Fault
        What is wrong is added here.
    first : tuple, optional
        A file that is read already: its top, its folder and how messages call it; then `source` is not used.

    Returns
    -------
    list of (Entry, Path, str)
        The top of each file, its folder and how messages call it; the oldest first.
    """
    chain: list[tuple[Entry, Path, str]] = []
    seen: list[Path] = []
    text, folder, place, key = str(source), Path(), Place(printable(str(source))), ""
    if isinstance(source, Path) and not looks_like_path(text):
        text = os.path.join(os.curdir, text)
    while True:
        if first is not None:
            entry, folder, name = first
            first = None
        else:
            located = _locate(text, folder, place, key, faults)
            if located is None:
                break
            path, name = located
            name = printable(name)
            real = Path(os.path.realpath(path))
            if real in seen:
                around = " extends ".join([*(p.name for p in seen[seen.index(real) :]), real.name])
                message = f"files extend one another in a circle: {around}"
                faults.append(Fault(place, key, message, shown(text)))
                break
            seen.append(real)
            entry = read_file(path, name, faults, place, key, partial(_meant, text, path))
            folder = path.parent
            if entry is None:
                break
        chain.insert(0, (entry, folder, name))
        parent = entry.value.get("extends")
        if parent is None or parent.value is BROKEN:
            break
        if not isinstance(parent.value, str) or not parent.value.strip():
            allowed = "one name or one path"
            faults.append(Fault(parent.place, "extends", "a scenario is wanted here", shown(parent), allowed))
            break
        text, place, key = parent.value, parent.place, "extends"
    return chain
