"""The errors a user can meet.

::

    TaggerError                 one line: where: what. hint
    ├── InputError              a file or text that cannot be read (has a ``code``)
    ├── TaxonomyError           labels.yaml
    ├── CorpusError             labelled data
    ├── ModelError              a model folder that is damaged, foreign or too new
    └── MissingExtraError       an optional dependency is not installed

The library raises; only ``cli.main`` prints.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class TaggerError(Exception):
    """An error told in one line: where it is, what is wrong, what to do."""

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what, where, hint)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return " ".join(f"{line} {self.hint}".split())


class InputError(TaggerError):
    """An input that cannot be read; ``code`` is the machine-readable kind.

    Codes: missing, unreadable, empty, binary, encoding, too-large, parse, time-out, link-loop, format.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "", code: str = "unreadable") -> None:
        super().__init__(what, where=where, hint=hint)
        self.code = code


class TaxonomyError(TaggerError):
    """The taxonomy is not valid."""


class CorpusError(TaggerError):
    """Labelled data is not valid."""


class ModelError(TaggerError):
    """A model folder is damaged, foreign, or of a newer format."""


class MissingExtraError(TaggerError):
    """A feature needs an optional dependency that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, hint=f"Install it with: pip install 'tagger[{extra}]'.")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint: the known names and, where one is near, a suggestion."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"Known: {listed}." + (f" Did you mean '{close[0]}'?" if close else "")
