"""Parsers of foreign formats may hang, recurse or crash: they run within limits, and what happens is told."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Iterator


class _TooSlowError(BaseException):
    """No Exception: the parsers' own ``except Exception`` must not swallow it."""


@contextlib.contextmanager
def guarded(where: str, seconds: float) -> Iterator[None]:
    """Turn whatever a parser raises, and running for more than ``seconds``, into an `InputError`.

    The clock is the system's timer, which costs nothing, and which only the main thread of a Unix process has;
    a batch sets its own, and its workers are processes that may also be ended from outside.
    """
    timed = (
        seconds > 0
        and hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    )

    def late(_signal: int, _frame: Any) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, late) if timed else None
    try:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    except _TooSlowError:
        raise InputError(f"reading it took more than {seconds:g} s.", where=where, code="time-out") from None
    except TaggerError:
        raise
    except MemoryError:
        raise InputError("reading it needs too much memory.", where=where, code="too-large") from None
    except Exception as error:  # noqa: BLE001 - parsers of foreign formats raise anything
        told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise InputError(f"it cannot be parsed ({told}).", where=where, code="parse") from None
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
