"""The summands of a margin, put together on the words that people see."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"\w+")

#: Where several kinds of feature lie on one span, the first of these names it.
_RANK = ("term", "word", "char")

Contribution = tuple[int, int, str, float]


def gathered(text: str, contributions: Iterable[Contribution]) -> list[Contribution]:
    """Return the contributions with those of one span added up; their sum stays the same.

    Character n-grams are counted on the word they lie in (the one they share most with), so that overlapping
    pieces of one word are shown once.

    Args:
        text: the analysed text.
        contributions: (start, end, kind, weight), as `tagger.engine.Engine.contributions` has them.

    """
    words = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in words]
    weights: dict[tuple[int, int], float] = {}
    kinds: dict[tuple[int, int], str] = {}
    for start, end, kind, weight in contributions:
        span = _word_of(words, starts, start, end) if kind == "char" else (start, end)
        weights[span] = weights.get(span, 0.0) + weight
        kinds[span] = min(kind, kinds.get(span, kind), key=_RANK.index)
    return [(start, end, kinds[start, end], weight) for (start, end), weight in weights.items()]


def _word_of(words: list[tuple[int, int]], starts: list[int], start: int, end: int) -> tuple[int, int]:
    """Return the span of the word that shares most with a span, or the span itself where no word does."""
    best, shared = (start, end), 0
    for i in range(max(0, bisect_right(starts, start) - 1), len(words)):
        if words[i][0] >= end:
            break
        overlap = min(end, words[i][1]) - max(start, words[i][0])
        if overlap > shared:
            best, shared = words[i], overlap
    return best
