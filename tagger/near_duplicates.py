"""Texts that say the same in nearly the same words.

A text is the set of its shingles: runs of three neighbouring tokens. Two texts are near-duplicates when the
Jaccard similarity of their sets reaches a threshold. The search is exact: of two sets so similar, the rarest
shingles of each must meet (prefix filtering: Chaudhuri et al. 2006, Bayardo et al. 2007), so that only texts
which share a rare shingle are compared at all.

20,000 paragraphs of 60 words take about one second, 20,000 reports of 420 words four.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tagger import native
from tagger.normalise import analysed
from tagger.terms import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

#: Similarity from which two texts are the same story: a paragraph of 60 words with two words changed has .81.
NEAR = 0.8

_WIDTH = 3
#: Of the polynomials that number tokens and shingles: odd, without a pattern. The first is the kernel's.
_FACTOR, _SPREAD = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
#: Texts from which the kernel's tables of characters are worth making.
_MANY = 2000
#: Above this many shingles a fixed one in m is kept, to bound memory; the similarity is then an estimate.
_MOST_SHINGLES = 4_000_000
#: Texts listed under one shingle. Only hundreds of copies of one text reach it, and those are tied already.
_MOST_LISTED = 200

# Scripts written without spaces, and Hangul, count by character: a clause of theirs would be one token.
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_HAS_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(r"\w+")  # the same where no such character is, three times as fast


def tokens(text: str) -> list[str]:
    """Return the lower-cased words of a text, and its characters in scripts without spaces."""
    text = analysed(text).lower()
    return (_TOKEN if not text.isascii() and _HAS_UNSPACED.search(text) else _WORD).findall(text)


def clusters(texts: Sequence[str], threshold: float = NEAR) -> list[int]:
    """Give every text the number of its cluster of near-duplicates.

    Returns:
        one number a text, from 0 in order of appearance; near-duplicates of near-duplicates go together.

    """
    forest = _Forest(len(texts))
    for first, second, _ in pairs(texts, threshold):
        forest.join(first, second)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(forest.root(i), len(numbers)) for i in range(len(texts))]


def pairs(texts: Sequence[str], threshold: float = NEAR) -> list[tuple[int, int, float]]:
    """Return the (earlier, later, similarity) that tie each cluster together, one fewer than its members.

    Texts of the same tokens have similarity 1. Texts without a single token are like no other.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be in (0, 1], not {threshold}")
    import numpy as np  # noqa: PLC0415 - `tagger` starts without it

    sums, lengths = _sums(texts)
    ends = np.cumsum(lengths)
    found: list[tuple[int, int, float]] = []
    first_of: dict[bytes, int] = {}
    for i, (end, length) in enumerate(zip(ends.tolist(), lengths.tolist(), strict=True)):
        if length:
            first = first_of.setdefault(sums[end - length : end].tobytes(), i)
            if first != i:
                found.append((first, i, 1.0))
    found += _near(list(first_of.values()), sums, lengths, threshold)
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _sums(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return a number for each token, one text after another, and how many tokens each text has.

    The number is a polynomial of the token's code points modulo 2^64, the same with the kernel and without.
    """
    import numpy as np  # noqa: PLC0415 - see above

    lengths = np.zeros(len(texts), np.int64)
    kernel = native.kernel()
    if kernel is not None and len(texts) >= _MANY:
        from tagger.characters import tables  # noqa: PLC0415 - they take half a second

        return np.frombuffer(kernel.tokens(tables(), [analysed(t) for t in texts], lengths), np.uint64), lengths
    number = _Numbers()
    numbers: list[int] = []
    for i, text in enumerate(texts):
        words = tokens(text)
        lengths[i] = len(words)
        numbers += [number[word] for word in words]
    return np.array(numbers, np.uint64), lengths


class _Numbers(dict[str, int]):
    def __missing__(self, token: str) -> int:
        total = 0
        for character in token:
            total = total * _FACTOR + ord(character) & 0xFFFFFFFFFFFFFFFF
        self[token] = total
        return total


def _near(
    index: list[int], sums: NDArray[np.uint64], lengths: NDArray[np.int64], threshold: float
) -> list[tuple[int, int, float]]:
    """Compare the texts of the index, which are of different tokens."""
    import numpy as np  # noqa: PLC0415 - see above

    if len(index) < 2:
        return []
    chosen = np.zeros(len(lengths), bool)
    chosen[index] = True
    owner, shingle = _shingles(sums[np.repeat(chosen, lengths)], lengths[index])
    spread = np.bincount(shingle)
    bounds = np.searchsorted(owner, np.arange(len(index) + 1))
    size = np.diff(bounds)
    kept = size - np.ceil(threshold * size - 1e-9).astype(np.int64) + 1
    # Rarest first within each text; of those, the ones that another text has, too.
    order = np.argsort(owner * (int(spread.max(initial=0)) + 1) + spread[shingle], kind="stable")
    prefix = order[(np.arange(len(order)) - bounds[owner] < kept[owner]) & (spread[shingle[order]] > 1)]

    @cache
    def members(place: int) -> frozenset[int]:
        return frozenset(shingle[bounds[place] : bounds[place + 1]].tolist())

    forest = _Forest(len(index))
    listed: dict[int, list[int]] = {}
    compared: set[tuple[int, int]] = set()
    sizes = size.tolist()
    found = []
    for place, rare in zip(owner[prefix].tolist(), shingle[prefix].tolist(), strict=True):
        others = listed.setdefault(rare, [])
        for other in others:
            small, large = sorted((sizes[other], sizes[place]))
            if small < threshold * large - 1e-9 or (other, place) in compared:  # cannot reach it; did not
                continue
            if forest.root(other) == forest.root(place):
                continue
            compared.add((other, place))
            shared = len(members(other) & members(place))
            similarity = shared / (small + large - shared)
            if similarity >= threshold:
                forest.join(other, place)
                found.append((index[other], index[place], similarity))
        if len(others) < _MOST_LISTED:
            others.append(place)
    return found


def _shingles(words: NDArray[np.uint64], lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct shingles of texts as numbers: (owner, shingle), sorted by both.

    A text of fewer tokens than a shingle has is one shingle. Two shingles are told apart by 64 bits.
    """
    import numpy as np  # noqa: PLC0415 - see above

    words = (words ^ (words >> np.uint64(29)) ^ np.uint64(_FACTOR)) * np.uint64(_SPREAD)
    words ^= words >> np.uint64(32)  # no sum of sums is a sum now
    ends = np.repeat(np.cumsum(lengths), lengths)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(len(words))
    starts = np.flatnonzero((places + _WIDTH <= ends) | (places == ends - lengths[owner]))
    keys = words[starts]
    for step in range(1, _WIDTH):
        there = starts + step < ends[starts]
        following = words[np.minimum(starts + step, len(words) - 1)]
        keys = keys * np.uint64(_FACTOR) + np.where(there, following, np.uint64(0))
    owner = owner[starts]
    every = 1 + len(keys) // _MOST_SHINGLES
    if every > 1:
        chosen = (keys * np.uint64(_SPREAD) >> np.uint64(40)) % np.uint64(every) == 0
        keys, owner = keys[chosen], owner[chosen]
    # Sorting is several times faster here than np.unique, which hashes.
    order = np.argsort(keys)
    fresh = np.diff(keys[order], prepend=keys[order[:1]]) != 0
    shingle = np.empty(len(keys), np.int64)
    shingle[order] = np.cumsum(fresh)
    many = int(fresh.sum()) + 1
    cells = np.sort(owner * many + shingle)
    cells = cells[np.diff(cells, prepend=-1) != 0]
    return cells // many, cells % many


class _Forest:
    """Union-find; the root of a tree is its earliest member."""

    def __init__(self, size: int) -> None:
        self._up = list(range(size))

    def root(self, i: int) -> int:
        up = self._up
        while up[i] != i:
            up[i] = up[up[i]]
            i = up[i]
        return i

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.root(a), self.root(b)))
        self._up[b] = a
