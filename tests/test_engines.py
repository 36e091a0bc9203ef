"""The local engine: an executor whose processes may die, hang or be stopped without harm to the other calls."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from homecare.engines import Local, Overran, WorkerDied
from homecare.engines_dask import dask_engine, ended_after


def threads_told() -> tuple[str | None, str | None]:
    return os.environ.get("NUMBA_NUM_THREADS"), os.environ.get("OMP_NUM_THREADS")


def refuse(word: str) -> None:
    raise ValueError(f"no {word}")


class Awkward(Exception):
    """An exception that cannot travel: it must be made with two values and keeps one."""

    def __init__(self, one, two):
        super().__init__(one)


def raise_awkward() -> None:
    raise Awkward("one", "two")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(folder: str) -> str:
    """End the process at the first call and answer at the second."""
    mark = Path(folder) / "died"
    if not mark.exists():
        mark.touch()
        die()
    return "alive"


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def chatter() -> int:
    print("this is no answer")
    return 7


@pytest.fixture(scope="module")
def engine():
    with Local(2) as local:
        yield local


def test_it_is_an_executor(engine):
    assert list(engine.map(pow, [2, 3, 4], [5, 2, 1])) == [32, 9, 4]
    assert engine.submit(max, [1, 5, 2], key=lambda_free).result() == 1


def lambda_free(value: int) -> int:
    return -value


def test_each_process_computes_on_one_thread(engine):
    assert engine.submit(threads_told).result() == ("1", "1")


def test_what_a_call_prints_is_no_answer(engine):
    assert engine.submit(chatter).result() == 7


def test_an_error_comes_back_with_its_traceback(engine):
    error = engine.submit(refuse, "tea").exception()
    assert isinstance(error, ValueError) and str(error) == "no tea"
    assert "in refuse" in str(error.__cause__)


def test_an_error_that_cannot_travel_comes_as_words(engine):
    assert str(engine.submit(raise_awkward).exception()) == "Awkward: one"


def test_a_call_whose_process_dies_is_tried_once_more(engine, tmp_path):
    assert engine.submit(die_once, str(tmp_path)).result() == "alive"


def test_a_call_that_kills_twice_fails_and_no_other_does(engine):
    others = [engine.submit(sleep, 0.01) for _ in range(4)]
    killer = engine.submit(die)
    others += [engine.submit(sleep, 0.01) for _ in range(4)]
    with pytest.raises(WorkerDied, match="2 worker processes died of it, the last with signal 9"):
        killer.result()
    assert all(other.result() > 0 for other in others)


def test_a_call_over_its_time_is_ended():
    with Local(1, time_limit=8.0) as local:
        begin = time.monotonic()
        with pytest.raises(Overran, match="time limit of 8 seconds"):
            local.submit(sleep, 600).result()
        assert time.monotonic() - begin < 120
        assert local.submit(sleep, 0).result() > 0


def test_stop_ends_processes_and_cancels_what_waits():
    local = Local(1)
    busy, waiting = local.submit(sleep, 60), local.submit(sleep, 60)
    while not local.pids:
        time.sleep(0.01)
    (pid,) = local.pids
    threading.Timer(0.2, local.stop).start()
    with pytest.raises(WorkerDied, match="stopped"):
        busy.result(timeout=30)
    with pytest.raises(CancelledError):
        waiting.result(timeout=30)
    with pytest.raises(ProcessLookupError):
        for _ in range(200):
            os.kill(pid, 0)
            time.sleep(0.05)
    with pytest.raises(RuntimeError, match="shut down"):
        local.submit(sleep, 0)


@pytest.mark.parametrize(("processes", "limit"), [(0, None), (1, 0.0), (1, -3.0)])
def test_it_refuses_what_is_no_engine(processes, limit):
    with pytest.raises(ValueError):
        Local(processes, time_limit=limit)


def hang() -> None:
    """Sleep within one call, as a run does that hangs within a week."""
    with ended_after(1.0):
        time.sleep(600)


def hurry() -> int:
    """End before the watch strikes, and go on after it would have."""
    with ended_after(0.5):
        pass
    time.sleep(1.0)
    return os.getpid()


def test_a_call_that_hangs_on_dask_ends_with_its_worker_and_no_other_does():
    from distributed import KilledWorker

    with dask_engine("dask", 2) as (executor, n):
        hanging = executor.submit(hang)
        others = [executor.submit(hurry) for _ in range(4)]
        with pytest.raises(KilledWorker):
            hanging.result(timeout=120)
        assert n == 2 and all(other.result(timeout=120) > 0 for other in others)
        assert executor.submit(threads_told).result(timeout=120) == ("1", "1")


def test_no_process_is_ended_but_a_dask_worker_that_is_replaced():
    with ended_after(0.2):  # this process is none
        time.sleep(0.4)
    with ended_after(None):
        pass
