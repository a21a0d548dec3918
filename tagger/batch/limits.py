"""Time limits that also hold for parsers which never return to Python."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Set in the environment of worker processes: only they may be ended, for the batch goes on without them.
WORKER = "TAGGER_WORKER"

#: Processor seconds after the limit at which the system ends a worker that cannot be interrupted.
GRACE = 5.0

#: How a worker that the system ended for its processor time looks to its parent.
OUT_OF_TIME = -int(getattr(signal, "SIGPROF", 0))


class TooSlowError(BaseException):
    """The time limit passed. No Exception: the parsers' own ``except Exception`` must not swallow it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` when the block takes longer; end a worker that cannot be interrupted.

    Two timers of the system: one raises in Python code; one counts processor time and ends a worker process that
    is stuck in C code. Both need the main thread of a Unix process; elsewhere there is no limit. Limits do not nest.
    """
    main = threading.current_thread() is threading.main_thread()
    if seconds <= 0 or not main or not hasattr(signal, "setitimer"):
        yield
        return

    def late(_signal: int, _frame: Any) -> None:
        raise TooSlowError

    worker = WORKER in os.environ
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    if worker:
        signal.setitimer(signal.ITIMER_PROF, seconds + GRACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if worker:
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before)
