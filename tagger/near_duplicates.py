"""Texts that say the same in nearly the same words.

A text is the set of its shingles: runs of three neighbouring tokens. Two texts are near-duplicates when the
Jaccard similarity of their sets reaches a threshold. The search is exact: of two sets so similar, the rarest
shingles of each must meet (prefix filtering: Chaudhuri et al. 2006, Bayardo et al. 2007), so that only texts
which share a rare shingle are compared at all.

20,000 paragraphs of 60 words take about one second, 20,000 reports of 420 words six.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from tagger.normalise import analysed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

#: Similarity from which two texts are the same story: a paragraph of 60 words with two words changed has .81.
NEAR = 0.8

_WIDTH = 3
#: Of the polynomial that numbers a shingle: odd, without a pattern.
_FACTOR = 0x9E3779B97F4A7C15
#: Above this many shingles a fixed one in m is kept, to bound memory; the similarity is then an estimate.
_MOST_SHINGLES = 4_000_000
#: Texts listed under one shingle. Only hundreds of copies of one text reach it, and those are tied already.
_MOST_LISTED = 200

# Scripts written without spaces count by character: a clause of theirs would be one token.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
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
    found: list[tuple[int, int, float]] = []
    first_of: dict[tuple[str, ...], int] = {}
    for i, text in enumerate(texts):
        key = tuple(tokens(text))
        if key:
            first = first_of.setdefault(key, i)
            if first != i:
                found.append((first, i, 1.0))
    found += _near(first_of, threshold)
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _near(first_of: dict[tuple[str, ...], int], threshold: float) -> list[tuple[int, int, float]]:
    """Compare texts of different tokens; ``first_of`` is tokens -> index of the text."""
    import numpy as np  # noqa: PLC0415 - `tagger` starts without it

    if len(first_of) < 2:
        return []
    index = list(first_of.values())
    owner, shingle = _shingles(first_of)
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


def _shingles(texts: Collection[tuple[str, ...]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct shingles of texts as numbers: (owner, shingle), sorted by both.

    A text of fewer tokens than a shingle has is one shingle. Two shingles are told apart by 64 bits.
    """
    import numpy as np  # noqa: PLC0415 - see above

    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    words = np.fromiter(map(number.__getitem__, chain.from_iterable(texts)), np.uint64, int(lengths.sum()))
    ends = np.repeat(np.cumsum(lengths), lengths)
    owner = np.repeat(np.arange(len(texts)), lengths)
    starts = np.flatnonzero((np.arange(len(words)) + _WIDTH <= ends) | (np.arange(len(words)) == ends - lengths[owner]))
    keys = words[starts]
    for step in range(1, _WIDTH):
        there = starts + step < ends[starts]
        following = words[np.minimum(starts + step, len(words) - 1)]
        keys = keys * np.uint64(_FACTOR) + np.where(there, following, np.uint64(len(number)))
    owner = owner[starts]
    every = 1 + len(keys) // _MOST_SHINGLES
    if every > 1:
        chosen = (keys * np.uint64(_FACTOR) >> np.uint64(40)) % np.uint64(every) == 0
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
