"""The engine of the standard library: no NumPy, no kernel; a few milliseconds a text."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from math import log, log1p, sqrt
from typing import TYPE_CHECKING

from tagger import terms
from tagger.flat import FACTOR, ROW_BITS, SPREAD, WORD
from tagger.normalise import analysed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.store import StoredModel
    from tagger.store.layout import StoredBlock, StoredConcepts
    from tagger.terms import TermTable

_TOKEN = re.compile(r"\w\w+")
_ROW_MASK = (1 << ROW_BITS) - 1

#: (row, start, end) of an n-gram in the lower-cased text.
Found = tuple[int, int, int]


class PlainScorer:
    """Margins by dictionaries and memory views."""

    def __init__(self, stored: StoredModel) -> None:
        self.stored = stored
        self.has_words = any(block.kind == "word" for block in stored.blocks)

    @cached_property
    def table(self) -> TermTable:
        """The terms of the model."""
        return self.stored.term_table()

    def margins(self, texts: Sequence[str]) -> tuple[list[list[float]], list[int]]:
        """Return margins (n, L) and known counts (n) of raw texts."""
        rows, known = [], []
        for text in texts:
            margins, count = self._score(analysed(text))
            rows.append(margins)
            known.append(count)
        return rows, known

    def _score(self, text: str) -> tuple[list[float], int]:
        margins = list(self.stored.intercept)
        labels = range(len(margins))
        lowered = text.lower()
        known = 0
        for block in self.stored.blocks:
            counts = Counter(row for row, _, _ in found(block, lowered))
            if not self.has_words or block.kind == "word":
                known += counts.total()
            values, length = weigh(block, counts)
            weights, stride = block.rows, block.stride
            for row, value in values.items():
                at, share = row * stride + 1, value / length
                for label in labels:
                    margins[label] += share * weights[at + label]
        concepts = self.stored.concepts
        if concepts is not None:
            hits = terms.hits(self.table, text)
            known += len(hits)
            for column, total in columns(concepts, hits).items():
                at, value = column * len(margins), log1p(total)
                for label in labels:
                    margins[label] += value * concepts.weights[at + label]
        return margins, known


def weigh(block: StoredBlock, counts: Counter[int]) -> tuple[dict[int, float], float]:
    """Return (1 + ln tf) * idf of each row, and the length of their vector (1 where there is none)."""
    values = {row: (1.0 + log(count)) * block.rows[row * block.stride] for row, count in counts.items()}
    return values, sqrt(sum(value * value for value in values.values())) or 1.0


def columns(concepts: StoredConcepts, hits: Sequence[tuple[int, int, int]]) -> dict[int, float]:
    """Return the sum of what the hits count of each label's terms."""
    sums: dict[int, float] = {}
    for term, _, _ in hits:
        for owner in owners(concepts, term):
            sums[owner] = sums.get(owner, 0.0) + concepts.trust[term]
    return sums


def owners(concepts: StoredConcepts, term: int) -> list[int]:
    """Return the columns a term counts for."""
    if not 0 <= term < len(concepts.trust):
        return []
    return concepts.labels[concepts.starts[term] : concepts.starts[term + 1]].tolist()


def found(block: StoredBlock, lowered: str) -> Iterator[Found]:
    """Yield every n-gram of a lower-cased text that the block knows."""
    return _words(block, lowered) if block.kind == "word" else _windows(block, lowered)


def _words(block: StoredBlock, lowered: str) -> Iterator[Found]:
    least, most = block.ngram_range
    sums: dict[str, tuple[int, int]] = {}
    spans, parts = [], []
    for match in _TOKEN.finditer(lowered):
        word = match.group()
        part = sums.get(word)
        if part is None:
            part = sums[word] = _sum(word)
        spans.append(match.span())
        parts.append(part)
    seen: dict[int, int] = {}
    for first in range(len(parts)):
        key = block.seed
        for n, last in enumerate(range(first, min(first + most, len(parts))), 1):
            total, power = parts[last]
            key = (((key * FACTOR + 32) if n > 1 else key) * power + total) & WORD
            if n >= least:
                row = seen.get(key)
                if row is None:
                    row = seen[key] = _row(block, key)
                if row >= 0:
                    yield row, spans[first][0], spans[last][1]


def _windows(block: StoredBlock, lowered: str) -> Iterator[Found]:
    chunks: dict[str, list[Found]] = {}
    position = 0
    for chunk in lowered.split():
        position = lowered.index(chunk, position)
        grams = chunks.get(chunk)
        if grams is None:
            grams = chunks[chunk] = _chunk(block, chunk)
        end = position + len(chunk)
        for row, start, stop in grams:  # the padding is not in the text
            yield row, max(position + start, position), min(position + stop, end)
        position = end


def _chunk(block: StoredBlock, chunk: str) -> list[Found]:
    """Return the known windows of a chunk, with offsets from its first character (the padding's is -1)."""
    least, most = block.ngram_range
    points = [32, *map(ord, chunk), 32]
    size = len(points)
    least = min(least, size)
    result = []
    for start in range(size - least + 1):
        key = block.seed
        for stop in range(start + 1, min(start + most, size) + 1):
            key = (key * FACTOR + points[stop - 1]) & WORD
            if stop - start >= least:
                row = _row(block, key)
                if row >= 0:
                    result.append((row, start - 1, stop - 1))
    return result


def _sum(word: str) -> tuple[int, int]:
    """Return the polynomial of a word without a seed, and P to the power of its length."""
    total, power = 0, 1
    for character in word:
        total = (total * FACTOR + ord(character)) & WORD
        power = (power * FACTOR) & WORD
    return total, power


def _row(block: StoredBlock, key: int) -> int:
    """Return the row of a key, or -1."""
    slots = block.slots
    spread = (key * SPREAD) & WORD
    tag = (spread << ROW_BITS & WORD) >> ROW_BITS
    size = len(slots)
    slot = (spread >> 32) * size >> 32
    for _ in range(block.probes + 1):
        held = slots[slot]
        if not held:
            return -1
        if held >> ROW_BITS == tag:
            row = (held & _ROW_MASK) - 1
            return row if row < block.features else -1
        slot = (slot + 1) % size
    return -1
