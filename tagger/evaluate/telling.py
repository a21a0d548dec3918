"""Progress on standard error when that is a terminal, else nothing."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class Teller:
    """Shows what is being learned, how much is done and about how long the rest takes."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show a step that begins."""
        if not self._shown:
            return
        took = time.monotonic() - self._began
        left = f", about {took / done * (total - done):.0f} s left" if done else ""
        sys.stderr.write(f"\r\x1b[Kmeasuring {done + 1}/{max(total, done + 1)}: {what}{left}")
        sys.stderr.flush()
