"""The exact summands of a margin, on the words they come from."""

from __future__ import annotations

from collections import Counter
from math import log1p
from typing import TYPE_CHECKING

from tagger import terms
from tagger.engine.plain import PlainScorer, columns, found, owners, weigh
from tagger.normalise import analysed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.store.layout import StoredConcepts

Contribution = tuple[int, int, str, float]


def contributions(scorer: PlainScorer, text: str, label: int) -> list[Contribution]:
    """Return (start, end, kind, weight) on `analysed(text)`; a feature's summand is shared by its occurrences."""
    text = analysed(text)
    lowered = text.lower()
    places = _places(text) if len(lowered) != len(text) else None
    result: list[Contribution] = []
    for block in scorer.stored.blocks:
        kind = "word" if block.kind == "word" else "char"
        grams = list(found(block, lowered))
        counts = Counter(row for row, _, _ in grams)
        values, length = weigh(block, counts)
        for row, start, end in grams:
            weight = values[row] / length * block.rows[row * block.stride + 1 + label] / counts[row]
            if weight:
                span = (start, end) if places is None else (places[start], places[end - 1] + 1)
                result.append((*span, kind, weight))
    if scorer.stored.concepts is not None:
        result += _of_terms(scorer.stored.concepts, terms.hits(scorer.table, text), label, len(scorer.stored.labels))
    return result


def _of_terms(
    concepts: StoredConcepts, hits: list[tuple[int, int, int]], label: int, labels: int
) -> Iterator[Contribution]:
    """Yield each hit's share: a column's summand is divided among the hits it comes from."""
    sums = columns(concepts, hits)
    for term, start, end in hits:
        weight = 0.0
        for owner in owners(concepts, term):
            if sums[owner]:
                share = concepts.trust[term] / sums[owner]
                weight += share * log1p(sums[owner]) * concepts.weights[owner * labels + label]
        if weight:
            yield start, end, "term", weight


def _places(text: str) -> list[int]:
    """Return where each character of ``text.lower()`` stands in ``text``: one has a longer lower case."""
    return [k for k, character in enumerate(text) for _ in character.lower()]
