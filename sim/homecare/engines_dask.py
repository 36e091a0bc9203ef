"""Dask as an engine: a cluster on this machine, one at an address, or a client that the user made."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from homecare.engines import usable_processors

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
                                                  dashboard_address=None) as cluster, Client(cluster) as client:
        yield client.get_executor(pure=False), n


def _threads(client: Any) -> int:
    return max(sum(client.nthreads().values()), 1)
