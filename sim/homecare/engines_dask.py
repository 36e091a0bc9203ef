"""Dask as an engine: a cluster on this machine, one at an address, or a client that the user made."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from homecare.engines import ONE_THREAD, usable_processors

ONE_RETRY = {"distributed.scheduler.allowed-failures": 1, "distributed.scheduler.worker-saturation": 1.0}
"""A call whose worker died is tried once more; calls wait at the scheduler and not at a worker, so that a worker
which dies brings no other call than its own under suspicion."""


class NoDask(RuntimeError):
    """Dask is not installed."""


@contextmanager
def dask_engine(where: str | Any = "dask", processes: int | None = None) -> Iterator[tuple[Executor, int]]:
    """Give an executor on Dask, and how many calls it carries out at a time.

    Parameters
    ----------
    where : str or distributed.Client
        ``"dask"`` for workers on this machine, the address of a scheduler such as ``"tcp://node:8786"``, or a client,
        which is then left open. Workers elsewhere need this package, the same code, and the folder of the store under
        the same path.
    processes : int, optional
        Workers on this machine; as many as processors if none is given.

    Raises
    ------
    NoDask
        If Dask is not installed.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise NoDask("Dask is not installed: pip install 'homecare[dask]'") from error
    if not isinstance(where, str):
        yield where.get_executor(pure=False), _threads(where)
        return
    if where != "dask":
        with Client(where) as client:
            yield client.get_executor(pure=False), _threads(client)
        return
    n = usable_processors() if processes is None else processes
    with dask.config.set(ONE_RETRY), LocalCluster(n_workers=n, threads_per_worker=1, processes=True,
                                                  env=dict.fromkeys(ONE_THREAD, "1"),
                                                  dashboard_address=None) as cluster, Client(cluster) as client:
        yield client.get_executor(pure=False), n


def _threads(client: Any) -> int:
    return max(sum(client.nthreads().values()), 1)


@contextmanager
def ended_after(seconds: float | None) -> Iterator[None]:
    """End the Dask worker that runs this block if the block takes longer; Dask then takes it for a death.

    A watch beside the interpreter ends the process, so that a loop of compiled code is no refuge, and writes where the
    worker was to its error output. It can watch one call of a process, and somebody must start the process anew: a
    worker of several threads or without a nanny is left alone.

    Parameters
    ----------
    seconds : float, optional
        No watch if none is given.
    """
    if seconds is None or not _may_end():
        yield
        return
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _may_end() -> bool:
    """Whether this is a Dask worker with one thread and a nanny that replaces it."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:
        return False
    return worker.nanny is not None and worker.state.nthreads == 1
