"""A line on the terminal: how many, how fast, how long yet."""

from __future__ import annotations

import itertools
import sys
import time
from typing import TYPE_CHECKING, TextIO

from tagger.batch.parts import is_many

if TYPE_CHECKING:
    from tagger.batch.parts import Inputs

#: Seconds before the first line, and between two.
_FIRST, _NEXT = 1.0, 0.2
#: Files counted between two parts: a few milliseconds.
_SLICE = 2000


class Meter:
    """Shows progress on standard error when that is a terminal; else does nothing.

    The inputs are counted bit by bit while the batch runs, so that a million files do not delay the first one.
    """

    def __init__(self, inputs: Inputs, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self.shown = self._stream.isatty()
        self._files = inputs.files() if self.shown and "-" not in inputs.paths else iter(())
        self._counting = self.shown and "-" not in inputs.paths
        self._total = 0
        self._start = self._last = time.monotonic()
        self._before = 0

    def skip(self, done: int) -> None:
        """Tell that an earlier run had done so many: they do not count for the rate."""
        self._before = done

    def update(self, done: int) -> None:
        """Show that so many articles are done."""
        if not self.shown:
            return
        self._count()
        now = time.monotonic()
        if now - self._start < _FIRST or now - self._last < _NEXT:
            return
        self._last = now
        self._stream.write("\r" + self.line(done, now - self._start) + "\x1b[K")
        self._stream.flush()

    def line(self, done: int, seconds: float) -> str:
        """Return the line to show."""
        rate = (done - self._before) / seconds if seconds else 0.0
        known = self._total if not self._counting and self._total else 0
        of = f" of {known:,}" if known else ""
        left = f", {_clock((known - done) / rate)} left" if known and rate and known >= done else ""
        return f"{done:,}{of} articles, {rate:,.0f}/s{left}"

    def clear(self) -> None:
        """Remove the line."""
        if self.shown and self._last > self._start:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _count(self) -> None:
        if not self._counting:
            return
        found = list(itertools.islice(self._files, _SLICE))
        self._total += len(found)
        if len(found) < _SLICE:
            self._counting = False
        if any(isinstance(path, str) and is_many(path) for path in found):
            self._counting, self._total = False, 0  # files of many articles: the total is not known


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d} min"
