"""Regular expressions that are compiled when they are first used.

A class of some ten thousand ideographs takes milliseconds to compile; most texts never need it.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        method = getattr(re.compile(self._source), name)
        setattr(self, name, method)  # from now on found at once
        return method


def lazily(source: str) -> re.Pattern[str]:
    """Return what behaves as ``re.compile(source)``."""
    return cast("re.Pattern[str]", _Lazy(source))
