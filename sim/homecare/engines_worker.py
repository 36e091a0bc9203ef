"""A worker process of the local engine: it reads calls from its input and writes their results to its output.

Started as ``python -m homecare.engines_worker``. Imports nothing heavy itself, so that the numbers of threads
that its parent put into its environment hold for everything that a call imports.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import struct
import sys
import threading
import traceback
from typing import Any, BinaryIO

LENGTH = struct.Struct("<Q")
"""Before every message: its length in bytes."""


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one message.

    Raises
    ------
    OSError
        If nobody reads any more.
    """
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read one message; None at the end of the stream, also where it ends within a message."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def answer(payload: bytes) -> bytes:
    """Make the call that a message describes; return what came of it: a result, or an error with its traceback."""
    try:
        function, args, kwargs = pickle.loads(payload)
        return pickle.dumps((True, function(*args, **kwargs), ""), protocol=5)
    except Exception as error:  # noqa: BLE001 - whatever a call raises belongs to its caller, on the other side
        return _of_error(error, traceback.format_exc())


def _of_error(error: Exception, text: str) -> bytes:
    """An error as a message; one that cannot travel goes as its words."""
    try:
        told = pickle.dumps((False, error, text), protocol=5)
        pickle.loads(told)
    except Exception:  # noqa: BLE001 - a pickle of somebody else's class may raise anything
        told = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}"), text), protocol=5)
    return told


def main() -> None:
    """Answer calls until the input ends; then end at once, whatever is under way: nobody waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    calls = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what a call prints is no answer
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def listen() -> None:
        while (payload := receive(calls)) is not None:
            waiting.put(payload)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        told = answer(waiting.get())
        sys.stdout.flush()
        send(answers, told)


if __name__ == "__main__":
    main()
