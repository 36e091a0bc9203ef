"""Engines: who carries out calls, behind the executor interface of ``concurrent.futures``.

`Local` starts processes of its own. The standard library's pool was not taken: one process that dies breaks that
pool and loses all that it had been given, a call that runs too long cannot be ended, and every worker runs the
caller's main script once more. Here each worker process has one thread that hands it calls one by one, so a
death costs the call that was under way, and that call is tried once more.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

from homecare.engines_worker import receive, send

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
              "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS")
"""Environment variables by which numeric libraries are told how many threads to use."""

TRIES = 2
"""How often a call is given to a process before the call is taken for what kills it."""


class WorkerDied(RuntimeError):
    """Every process that was given this call died of it."""


class Overran(RuntimeError):
    """A call took longer than its limit and was ended."""


class RemoteTraceback(Exception):
    """The traceback of a call, as its process wrote it."""

    def __init__(self, text: str):
        self.text = text
        super().__init__(text)

    def __str__(self) -> str:
        return "\n" + self.text


class _Call:
    """One call and the future that waits for it."""

    def __init__(self, future: Future, payload: bytes):
        self.future = future
        self.payload = payload


class Local(Executor):
    """Processes on this machine, one numeric thread each.

    A function that is submitted must be importable by its module's name, with arguments that can be pickled.

    Parameters
    ----------
    processes : int, optional
        How many; the number of processors that this process may use if none is given.
    time_limit : float, optional
        Seconds after which a call is ended and its process with it; the start of a process counts.

    Raises
    ------
    ValueError
        If there is to be no process, or no time.
    """

    def __init__(self, processes: int | None = None, *, time_limit: float | None = None):
        self.processes = usable_processors() if processes is None else processes
        if self.processes < 1:
            raise ValueError(f"at least one process is needed, not {self.processes}")
        if time_limit is not None and time_limit <= 0:
            raise ValueError(f"a time limit is above 0 seconds, not {time_limit:g}")
        self.time_limit = time_limit
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._killed = False
        self._hands = [_Hand(self) for _ in range(self.processes)]

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Ask for a call; see `concurrent.futures.Executor.submit`.

        Raises
        ------
        RuntimeError
            After `shutdown`.
        """
        call = _Call(Future(), pickle.dumps((fn, args, kwargs), protocol=5))
        with self._lock:
            if self._closed:
                raise RuntimeError("the engine is shut down")
            self._calls.put(call)
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; see `concurrent.futures.Executor.shutdown`."""
        with self._lock:
            if not self._closed:
                self._closed = True
                if cancel_futures:
                    self._cancel_waiting()
                for _ in self._hands:
                    self._calls.put(None)
        if wait:
            for hand in self._hands:
                hand.thread.join()

    def stop(self) -> None:
        """End every process at once; calls under way and calls waiting end as cancelled or dead."""
        self._killed = True
        with self._lock:
            self._cancel_waiting()
        for hand in self._hands:
            hand.kill()
        self.shutdown(wait=True, cancel_futures=True)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are running."""
        return [hand.process.pid for hand in self._hands if hand.process is not None and hand.process.poll() is None]

    def _cancel_waiting(self) -> None:
        kept = []
        while True:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                break
            if call is None:
                kept.append(call)
            else:
                call.future.cancel()
        for call in kept:
            self._calls.put(call)


class _Hand:
    """A thread that owns one worker process at a time and hands it calls."""

    def __init__(self, engine: Local):
        self.engine = engine
        self.process: subprocess.Popen | None = None
        self.overran = False
        self.thread = threading.Thread(target=self._work, name="homecare-engine", daemon=True)
        self.thread.start()

    def kill(self) -> None:
        """End the process, if there is one."""
        process = self.process
        if process is not None:
            process.kill()

    def _work(self) -> None:
        while (call := self.engine._calls.get()) is not None:
            if call.future.set_running_or_notify_cancel():
                self._carry_out(call)
            del call  # or the last call's result would live until the next call comes
        self._end()

    def _carry_out(self, call: _Call) -> None:
        code = None
        for _ in range(TRIES):
            if self.engine._killed:
                break
            told = self._ask(call.payload)
            if told is not None:
                well, result, text = pickle.loads(told)
                if well:
                    call.future.set_result(result)
                else:
                    result.__cause__ = RemoteTraceback(text)
                    call.future.set_exception(result)
                return
            code = self._end()
            if self.overran:
                limit = self.engine.time_limit
                call.future.set_exception(Overran(f"ended after its time limit of {limit:g} seconds"))
                return
        if self.engine._killed:
            call.future.set_exception(WorkerDied("the engine was stopped"))
            return
        call.future.set_exception(WorkerDied(f"{TRIES} worker processes died of it, the last with {_said(code)}"))

    def _ask(self, payload: bytes) -> bytes | None:
        """Give a call to the process and return its answer; None where the process ended first."""
        self.overran = False
        try:
            process = self.process = self.process or self._start()
            timer = self._timer(process)
            try:
                send(process.stdin, payload)
                return receive(process.stdout)
            finally:
                if timer is not None:
                    timer.cancel()
        except BrokenPipeError:
            return None

    def _timer(self, process: subprocess.Popen) -> threading.Timer | None:
        if self.engine.time_limit is None:
            return None

        def end() -> None:
            self.overran = True
            process.kill()

        timer = threading.Timer(self.engine.time_limit, end)
        timer.daemon = True
        timer.start()
        return timer

    def _start(self) -> subprocess.Popen:
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
        return subprocess.Popen([sys.executable, "-m", "homecare.engines_worker"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, env=environment)

    def _end(self) -> int | None:
        """Let the process go; return how it ended."""
        process, self.process = self.process, None
        if process is None:
            return None
        for stream in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):  # what it had not read is of no use any more
                stream.close()
        return process.wait()


def _said(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {-code}"
    return f"exit code {code}"


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
