"""Texts -> margins with a stored model, the fast way.

Three engines read the same arrays and give the same numbers: ``c`` (the kernel), ``python`` (standard library
only) and ``numpy`` (NumPy and SciPy, for batches). TAGGER_ENGINE chooses; see `tagger.native`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from tagger import native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.engine.plain import PlainScorer
    from tagger.store import StoredModel

#: Characters from which NumPy pays for its start where there is no kernel: SciPy takes as long to import.
_BATCH = 200_000


class Scorer(Protocol):
    """What an engine does."""

    def margins(self, texts: Sequence[str]) -> tuple[list[list[float]], list[int]]:
        """Return margins (n, L) and known counts (n) of raw texts."""
        ...


class Engine:
    """A stored model, ready to score raw texts."""

    def __init__(self, stored: StoredModel) -> None:
        self.stored = stored
        self._plain: PlainScorer | None = None
        self._batch: Scorer | None = None
        self._kernel: Scorer | None = None
        self._asked = native.choice()
        kernel = native.kernel()
        if kernel is not None:
            from tagger.engine.compiled import KernelScorer  # noqa: PLC0415 - where there is a kernel

            self._kernel = KernelScorer(kernel, stored)

    def margins(self, texts: Sequence[str]) -> tuple[list[list[float]], list[int]]:
        """Return each text's margins, and how much of it the model knows.

        The count is of word n-grams and terms that the model knows (of character n-grams where it has no words);
        0 says that the margins are no more than the intercepts. Safe to call from several threads; with the
        kernel they run at the same time.
        """
        return self._scorer(texts).margins(texts)

    def contributions(self, text: str, label: int) -> list[tuple[int, int, str, float]]:
        """Return the exact summands of one margin, (start, end, kind, weight), on `analysed(text)`.

        Their sum and the intercept are the margin. ``kind`` is word, char or term.
        """
        from tagger.engine import explain  # noqa: PLC0415 - plain tagging does without

        return explain.contributions(self._pure(), text, label)

    def _pure(self) -> PlainScorer:
        if self._plain is None:
            from tagger.engine.plain import PlainScorer  # noqa: PLC0415 - where there is a kernel it serves to explain

            self._plain = PlainScorer(self.stored)
        return self._plain

    def _scorer(self, texts: Sequence[str]) -> Scorer:
        if self._kernel is not None:
            return self._kernel
        started = "scipy.sparse" in sys.modules
        if self._asked == "python" or (
            not self._asked and not (started and len(texts) > 1) and sum(map(len, texts)) < _BATCH
        ):
            return self._pure()
        if self._batch is None:
            from tagger.engine.arrays import ArrayScorer  # noqa: PLC0415 - loads NumPy and SciPy

            self._batch = ArrayScorer(self.stored)
        return self._batch


def open(stored: StoredModel) -> Engine:  # noqa: A001 - engine.open reads well
    """Return the engine of a stored model."""
    return Engine(stored)


def chosen() -> str:
    """Return the engine that runs here."""
    return native.name()
