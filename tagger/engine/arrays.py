"""The engine of NumPy and SciPy, for batches where there is no kernel.

n-grams of characters never leave their chunk: the counts of a batch are documents x distinct chunks, times
chunks x rows. Chunks are looked up once, all together, and remembered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from tagger import terms
from tagger.engine.plain import PlainScorer, columns
from tagger.flat import FACTOR, ROW_BITS, SPREAD
from tagger.normalise import analysed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.store import StoredModel
    from tagger.store.layout import StoredBlock, StoredConcepts

_TOKEN = re.compile(r"\w\w+")
_P = np.uint64(FACTOR)
_SPACE = np.uint64(32)

#: Texts scored together, and chunks remembered.
_TEXTS = 512
_MOST_CHUNKS = 200_000
#: Letters up to which words are hashed together, letter by letter.
_LONG = 64


class ArrayScorer:
    """Margins by sparse products."""

    def __init__(self, stored: StoredModel) -> None:
        self._stored = stored
        self._plain = PlainScorer(stored)
        self._blocks = [_Words(b) if b.kind == "word" else _Windows(b) for b in stored.blocks]

    def margins(self, texts: Sequence[str]) -> tuple[list[list[float]], list[int]]:
        """Return margins (n, L) and known counts (n) of raw texts."""
        rows: list[list[float]] = []
        known: list[int] = []
        for start in range(0, len(texts), _TEXTS):
            batch = [analysed(text) for text in texts[start : start + _TEXTS]]
            margins, counts = self._score(batch)
            rows += margins.tolist()
            known += counts.tolist()
        return rows, known

    def _score(self, texts: list[str]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        labels = len(self._stored.labels)
        margins = np.tile(np.array(self._stored.intercept, float), (len(texts), 1))
        known = np.zeros(len(texts), np.int64)
        lowered = [text.lower() for text in texts]
        for block in self._blocks:
            counts = block.counts(lowered)
            if not self._plain.has_words or block.stored.kind == "word":
                known += np.asarray(counts.sum(axis=1)).ravel().astype(np.int64)
            met, columns_ = np.unique(counts.indices, return_inverse=True)
            rows = np.frombuffer(block.stored.rows, np.float32).reshape(-1, block.stored.stride)[met].astype(float)
            values = (1 + np.log(counts.data)) * rows[columns_, 0]
            vectors = sp.csr_matrix((values, columns_, counts.indptr), shape=(len(texts), len(met)))
            lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1))).ravel()
            margins += (vectors @ rows[:, 1 : labels + 1]) / np.where(lengths > 0, lengths, 1)[:, None]
        if self._stored.concepts is not None:
            known += self._add_concepts(self._stored.concepts, texts, margins)
        return margins, known

    def _add_concepts(
        self, concepts: StoredConcepts, texts: list[str], margins: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        labels = margins.shape[1]
        sums = np.zeros_like(margins)
        hits = np.zeros(len(texts), np.int64)
        for k, text in enumerate(texts):
            found = terms.hits(self._plain.table, text)
            hits[k] = len(found)
            for column, total in columns(concepts, found).items():
                sums[k, column] = total
        margins += np.log1p(sums) @ np.frombuffer(concepts.weights, np.float32).reshape(labels, labels)
        return hits


class _Words:
    """n-grams of words."""

    def __init__(self, stored: StoredBlock) -> None:
        self.stored = stored

    def counts(self, texts: list[str]) -> Any:
        """Return how often each text (lower-cased) has each row: CSR."""
        index: dict[str, int] = {}
        pieces: list[int] = []
        ends = [0]
        for text in texts:
            pieces += [index.setdefault(word, len(index)) for word in _TOKEN.findall(text)]
            ends.append(len(pieces))
        tokens = np.array(pieces, np.int64)
        document = np.repeat(np.arange(len(texts)), np.diff(ends))
        sums, powers = _sums(list(index))
        keys = np.full(len(tokens), self.stored.seed, np.uint64)
        least, most = self.stored.ngram_range
        rows, documents = [], []
        starts = np.arange(len(tokens))
        for n in range(1, most + 1):
            starts = starts[starts + n <= len(tokens)]
            starts = starts[document[starts] == document[starts + n - 1]]
            last = tokens[starts + n - 1]
            before = keys[starts] if n == 1 else keys[starts] * _P + _SPACE
            keys[starts] = before * powers[last] + sums[last]
            if n >= least:
                rows.append(look_up(self.stored, keys[starts]))
                documents.append(document[starts])
        return _matrix(np.concatenate(documents), np.concatenate(rows), len(texts), self.stored.features)


class _Windows:
    """n-grams of characters inside chunks."""

    def __init__(self, stored: StoredBlock) -> None:
        self.stored = stored
        self._index: dict[str, int] = {}
        self._rows: Any = None  # CSR (chunks, rows)

    def counts(self, texts: list[str]) -> Any:
        """Return how often each text (lower-cased) has each row: CSR."""
        if len(self._index) > _MOST_CHUNKS:
            self._index, self._rows = {}, None
        index, known = self._index, len(self._index)
        pieces: list[int] = []
        ends = [0]
        for text in texts:
            pieces += [index.setdefault(chunk, len(index)) for chunk in text.split()]
            ends.append(len(pieces))
        fresh = list(index)[known:] if len(index) > known else []
        if fresh or self._rows is None:
            new = self._look_up(fresh)
            self._rows = new if self._rows is None else sp.vstack([self._rows, new], format="csr")
        ones = np.ones(len(pieces))
        chunks = sp.csr_matrix((ones, np.array(pieces, np.int64), ends), shape=(len(texts), len(index)))
        return (chunks @ self._rows).tocsr()

    def _look_up(self, chunks: list[str]) -> Any:
        least, most = self.stored.ngram_range
        padded = [f" {chunk} " for chunk in chunks]
        lengths = np.fromiter(map(len, padded), np.int64, len(padded))
        points = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        owner = np.repeat(np.arange(len(padded)), lengths)
        left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(points))  # characters to the end of the chunk
        whole = lengths[owner] < least  # such a chunk counts once, whole
        first = left == lengths[owner]
        keys = np.full(len(points), self.stored.seed, np.uint64)
        rows, owners = [], []
        starts = np.arange(len(points))
        for n in range(1, most + 1):
            starts = starts[left[starts] >= n]
            keys[starts] = keys[starts] * _P + points[starts + n - 1]
            chosen = starts if n >= least else starts[whole[starts] & first[starts] & (left[starts] == n)]
            rows.append(look_up(self.stored, keys[chosen]))
            owners.append(owner[chosen])
        return _matrix(np.concatenate(owners), np.concatenate(rows), len(chunks), self.stored.features)


def _sums(words: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return each word's polynomial without a seed, and P to the power of its length."""
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    starts = np.cumsum(lengths) - lengths
    sums, powers = np.zeros(len(words), np.uint64), np.ones(len(words), np.uint64)
    for position in range(min(int(lengths.max(initial=0)), _LONG)):
        longer = np.flatnonzero((lengths > position) & (lengths <= _LONG))
        sums[longer] = sums[longer] * _P + points[starts[longer] + position]
        powers[longer] *= _P
    for k in np.flatnonzero(lengths > _LONG):  # few; a hostile one may have millions of letters
        rising = np.multiply.accumulate(np.full(lengths[k], _P))
        word = points[starts[k] : starts[k] + lengths[k]]
        sums[k] = word[-1] + (word[:-1] * rising[-2::-1]).sum()
        powers[k] = rising[-1]
    return sums, powers


def look_up(block: StoredBlock, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the row of each key, or -1."""
    slots = np.frombuffer(block.slots, np.uint64)
    rows = np.full(len(keys), -1, np.int64)
    spread = keys * np.uint64(SPREAD)
    tags = spread << np.uint64(ROW_BITS)
    place = (((spread >> np.uint64(32)) * np.uint64(len(slots))) >> np.uint64(32)).astype(np.int64)
    asking = np.arange(len(keys))
    shift = np.uint64(ROW_BITS)
    for _ in range(block.probes + 1):
        held = slots[place[asking]]
        same = (held != 0) & (held >> shift == tags[asking] >> shift)
        rows[asking[same]] = (held[same] & np.uint64((1 << ROW_BITS) - 1)).astype(np.int64) - 1
        asking = asking[(held != 0) & ~same]
        if not len(asking):
            break
        place[asking] = (place[asking] + 1) % len(slots)
    return np.where(rows < block.features, rows, -1)


def _matrix(owner: NDArray[Any], rows: NDArray[Any], height: int, width: int) -> Any:
    known = rows >= 0
    ones = np.ones(int(known.sum()))
    matrix = sp.csr_matrix((ones, (owner[known], rows[known])), shape=(height, max(width, 1)))
    matrix.sum_duplicates()
    return matrix
