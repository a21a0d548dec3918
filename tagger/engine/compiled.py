"""The kernel's engine: one call for many texts, without the GIL; no NumPy."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.store import StoredModel


class KernelScorer:
    """A scorer of `tagger._kernel` over the arrays of a stored model."""

    def __init__(self, kernel: Any, stored: StoredModel) -> None:
        self._kernel = kernel
        self._labels = len(stored.labels)
        blocks = tuple(
            (b.slots, b.rows, b.kind == "char_wb", *b.ngram_range, b.seed, b.stride, b.probes) for b in stored.blocks
        )
        c = stored.concepts
        terms = None if c is None else (
            c.keys, c.values, c.starts, c.labels, c.trust, c.weights,
            c.seed, c.probes, c.longest_words, c.longest_chars,
        )  # fmt: skip
        try:
            self._scorer = kernel.scorer(stored.characters, array("d", stored.intercept), blocks, terms)
        except ValueError as error:
            raise ModelError(f"the model is damaged ({error}).", where=stored.name) from None

    def margins(self, texts: Sequence[str]) -> tuple[list[list[float]], list[int]]:
        """Return margins (n, L) and known counts (n) of raw texts."""
        width = self._labels
        out = array("d", bytes(8 * width * len(texts)))
        known = array("i", bytes(4 * len(texts)))
        self._kernel.score(self._scorer, texts, _analysed, out, known)
        flat = out.tolist()
        return [flat[k : k + width] for k in range(0, len(flat), width)], known.tolist()


def _analysed(text: str) -> str:
    """Analyse what the kernel hands back: texts that may not be their own analysed form."""
    from tagger.normalise import analysed  # noqa: PLC0415 - most texts in Latin letters need none of it

    return analysed(text)
