"""What may be removed: parts that a dead process left, named by who wrote them, and what nobody used for a month."""

from __future__ import annotations

import os
import platform
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

A_DAY = 86400.0
"""Seconds after which a part of another machine is taken for abandoned."""
KEPT_DAYS = 30
"""Days that a settled market, or a run in the cache, is kept after it was last used."""


def writer() -> str:
    """Who writes, in the name of a part: the machine, and the process on it."""
    return f"{platform.node().replace('.', '-')}.{os.getpid()}"


def is_left(part: Path) -> bool:
    """Whether nobody writes a part any more: its process has ended, or it is a day old.

    Its name ends in what `writer` said when it was begun, and one more suffix.
    """
    _, machine, pid, _ = part.name.rsplit(".", 3)
    if os.name == "posix" and machine == writer().split(".")[0]:
        try:
            os.kill(int(pid), 0)
        except (ProcessLookupError, ValueError):
            return True
        except PermissionError:  # somebody else's process, which is running
            return False
    try:
        return time.time() - part.stat().st_mtime > A_DAY
    except FileNotFoundError:  # it was finished meanwhile
        return False


def clear_left(place: Path) -> None:
    """Remove hidden folders beside ``place`` that a killed run of the same name left.

    An earlier result that such a run had put aside, and not yet replaced, is put back.
    """
    if not place.parent.is_dir():
        return
    ours = re.compile(rf"\.{re.escape(place.name)}\.[a-z0-9_]{{8}}\.[^.]+\.[0-9]+\.(part|old)")
    for name in sorted(os.listdir(place.parent)):
        left = place.parent / name
        if ours.fullmatch(name) and left.is_dir() and is_left(left):
            if name.endswith(".old") and (left / place.name).is_dir() and not place.exists():
                os.rename(left / place.name, place)
            shutil.rmtree(left, ignore_errors=True)


def clear_away(folder: Path, pattern: str, least_free: int = 0) -> None:
    """Remove what killed writers had begun a day ago, what nobody used for a month, and more where the disk is full.

    Parameters
    ----------
    folder, pattern : which files of the cache
    least_free : bytes of the disk below which more is removed
    """
    missing = least_free - shutil.disk_usage(folder).free
    used = []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # its writer ended meanwhile
            used.append((path.stat().st_mtime, path.stat().st_size, path))
    for last, size, path in sorted(used):
        days = (time.time() - last) / A_DAY
        if days > 1 if path.suffix == ".part" else days > KEPT_DAYS or missing > 0:
            with suppress(OSError):  # another user's, or gone meanwhile: the others are looked at all the same
                path.unlink()
                missing -= size
