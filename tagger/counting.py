r"""Texts -> vocabulary and counts: scikit-learn's CountVectorizer features, without a Python string a gram.

``word``: n-grams of the tokens ``\w\w+``, joined by one space; ``char_wb``: windows of each whitespace-separated
chunk, padded with one space on either side. Texts are lower-cased here, as ``str.lower`` does it.

With the kernel a key of 64 bits stands for each n-gram, and the n-grams of a chunk are looked up where it is first met
(see kernel/counting.c). Without it, char_wb counts are the product of two sparse matrices, documents x distinct chunks
and chunks x n-grams, which is exact because no window leaves its chunk; word n-grams are counted as pairs of integers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from tagger import characters, native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.linear import NgramKind

_TOKEN = re.compile(r"\w\w+")


class Counts(NamedTuple):
    """n-grams and how often each text has them."""

    features: list[str]  # m, by falling document frequency, then by code points
    matrix: Any  # scipy.sparse.csr_matrix (texts, m) of float32, indices sorted


def count(
    texts: Sequence[str],
    kind: NgramKind,
    ngram_range: tuple[int, int],
    *,
    min_df: float = 1,
    max_features: int | None = None,
) -> Counts:
    """Count the n-grams of analysed texts.

    Args:
        texts: n texts, as ``normalise.analysed`` returns them.
        kind: ``word`` or ``char_wb``.
        ngram_range: least and greatest n.
        min_df: n-grams in fewer texts are left out; below 1 a share of the texts, as in scikit-learn.
        max_features: keep so many, those with the greatest totals (ties: in more texts, then by code points).

    """
    least_df = min_df if min_df >= 1 else min_df * len(texts)
    kernel = native.kernel()
    if kernel is None:
        return _select(*_counted(texts, kind, ngram_range), least_df, max_features)
    counter = kernel.counter(characters.tables(), kind == "char_wb", *ngram_range)
    found = np.empty((kernel.counter_learn(counter, texts), 5), np.int32)
    kernel.counter_found(counter, found)
    ids = np.flatnonzero(found[:, 0] >= least_df)
    names = _spelled(texts, kind, found[ids, 2:])
    order = _order(names, found[ids, 0], found[ids, 1], max_features)
    columns = np.full(len(found), -1, np.int32)
    columns[ids[order]] = np.arange(len(order), dtype=np.int32)
    nnz = int(found[ids[order], 0].sum(dtype=np.int64))
    matrix = _rows(kernel, counter, texts, columns, len(order), nnz)
    return Counts([names[k] for k in order], matrix)


def transform_counts(
    texts: Sequence[str], features: Sequence[str], kind: NgramKind, ngram_range: tuple[int, int]
) -> Any:
    """Count known n-grams: a csr_matrix (texts, features) of float32."""
    kernel = native.kernel()
    if kernel is None:
        names, matrix = _counted(texts, kind, ngram_range)
        index = {name: k for k, name in enumerate(features)}
        columns = np.array([index.get(name, -1) for name in names], np.int64)
        known = np.flatnonzero(columns >= 0)
        place = sp.csr_matrix(
            (np.ones(len(known), np.float32), (known, columns[known])), shape=(len(names), len(features))
        )
        return _canonical(matrix @ place)
    counter = kernel.counter(characters.tables(), kind == "char_wb", *ngram_range)
    kernel.counter_features(counter, list(features))
    identity = np.arange(len(features), dtype=np.int32)
    parts = []
    for start in range(0, len(texts), 512):
        part = texts[start : start + 512]
        # At most one n-gram of each n begins at each character (char_wb: and at the padding). The room is
        # reserved, not touched.
        most = (2 * sum(map(len, part)) + 4 * len(part)) * (ngram_range[1] - ngram_range[0] + 1)
        parts.append(_rows(kernel, counter, part, identity, len(features), most))
    return sp.vstack(parts, format="csr") if parts else sp.csr_matrix(np.zeros((0, len(features)), np.float32))


def _rows(kernel: Any, counter: Any, texts: Sequence[str], columns: NDArray[Any], width: int, nnz: int) -> Any:
    indptr = np.zeros(len(texts) + 1, np.int64)
    indices, data = np.empty(nnz, np.int32), np.empty(nnz, np.float32)
    used = kernel.counter_rows(counter, texts, columns, width, indptr, indices, data)
    if used < nnz:
        indices, data = indices[:used].copy(), data[:used].copy()
    matrix = sp.csr_matrix((data, indices, indptr), shape=(len(texts), width), copy=False)
    matrix.has_canonical_format = True
    return matrix


def _spelled(texts: Sequence[str], kind: NgramKind, places: NDArray[np.int32]) -> list[str]:
    """Spell n-grams by where they first stood: (text, start, length), in the order of their discovery."""
    names = []
    current, lowered = -1, ""
    for text, start, length in places.tolist():
        if text != current:
            current, lowered = text, texts[text].lower()
        if kind == "word":
            name = lowered[start : start + length]
            # One word, or two with one space between: nine of ten, and spelled so already.
            if not name.replace(" ", "", 1).isalnum():
                name = " ".join(_TOKEN.findall(name))
            names.append(name)
        else:  # what precedes and follows a chunk is padding, whatever stands there (or nothing)
            gram = lowered[max(start, 0) : start + length]
            gram = " " + gram if start < 0 else gram
            gram += " " * (length - len(gram))
            names.append("".join([" " if character.isspace() else character for character in gram]))
    return names


def _order(names: list[str], df: NDArray[Any], total: NDArray[Any], most: int | None) -> NDArray[np.int64]:
    """Return the features that stay, by falling document frequency, then by code points."""
    rank = np.empty(len(names), np.int64)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    kept = np.arange(len(names))
    if most is not None and most < len(names):
        kept = np.lexsort((rank, -df, -total))[:most]
    return kept[np.lexsort((rank[kept], -df[kept]))]


def _select(names: list[str], matrix: Any, least_df: float, most: int | None) -> Counts:
    df = np.bincount(matrix.indices, minlength=len(names))
    ids = np.flatnonzero(df >= least_df)
    total = np.asarray(matrix.sum(axis=0)).ravel()
    chosen = [names[k] for k in ids]
    order = _order(chosen, df[ids], total[ids].astype(np.int64), most)
    place = sp.csr_matrix(
        (np.ones(len(order), np.float32), (ids[order], np.arange(len(order)))), shape=(len(names), len(order))
    )
    return Counts([chosen[k] for k in order], _canonical(matrix @ place))


def _canonical(matrix: Any) -> Any:
    matrix = matrix.tocsr().astype(np.float32)
    matrix.sum_duplicates()
    return matrix


def _counted(texts: Sequence[str], kind: NgramKind, ngram_range: tuple[int, int]) -> tuple[list[str], Any]:
    """Return every n-gram, in no particular order, and the counts (texts, n-grams)."""
    split = _TOKEN.findall if kind == "word" else str.split
    index: dict[str, int] = {}
    pieces: list[int] = []
    ends = [0]
    for text in texts:
        pieces += [index.setdefault(piece, len(index)) for piece in split(text.lower())]
        ends.append(len(pieces))
    tokens = np.array(pieces, np.int64)
    document = np.repeat(np.arange(len(texts)), np.diff(ends))
    if kind == "word":
        return _word_ngrams(list(index), tokens, document, len(texts), ngram_range)
    chunks = sp.csr_matrix((np.ones(len(tokens), np.float32), (document, tokens)), shape=(len(texts), len(index)))
    names, grams = _chunk_grams(list(index), ngram_range)
    return names, _canonical(chunks @ grams)


def _word_ngrams(
    vocabulary: list[str], tokens: Any, document: Any, texts: int, ngram_range: tuple[int, int]
) -> tuple[list[str], Any]:
    names: list[str] = []
    blocks = []
    spelled, ids = vocabulary, tokens  # the (n-1)-gram that begins at each token
    for n in range(1, ngram_range[1] + 1):
        if n > 1:
            within = document[: len(document) - n + 1] == document[n - 1 :]
            starts = np.flatnonzero(within)
            codes = ids[starts] * max(len(vocabulary), 1) + tokens[starts + n - 1]
            distinct, inverse = np.unique(codes, return_inverse=True)
            first, second = np.divmod(distinct, max(len(vocabulary), 1))
            spelled = [f"{spelled[a]} {vocabulary[b]}" for a, b in zip(first, second, strict=True)]
            ids = np.zeros(len(tokens), np.int64)
            ids[starts] = inverse
        else:
            starts = np.arange(len(tokens))
        if n >= ngram_range[0]:
            ones = np.ones(len(starts), np.float32)
            blocks.append(sp.csr_matrix((ones, (document[starts], ids[starts])), shape=(texts, len(spelled))))
            names += spelled
    return names, _canonical(sp.hstack(blocks, format="csr"))


def _chunk_grams(chunks: list[str], ngram_range: tuple[int, int]) -> tuple[list[str], Any]:
    index: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    for chunk in chunks:
        columns += [index.setdefault(gram, len(index)) for gram in windows(chunk, ngram_range)]
        ends.append(len(columns))
    data = np.ones(len(columns), np.float32)
    return list(index), sp.csr_matrix((data, columns, ends), shape=(len(chunks), len(index)))


def windows(chunk: str, ngram_range: tuple[int, int]) -> list[str]:
    """Return the char_wb n-grams of one chunk; a padded chunk shorter than n counts once, whole."""
    padded = f" {chunk} "
    least, most = ngram_range
    if len(padded) <= least:
        return [padded]
    most = min(most, len(padded))
    return [padded[k : k + n] for n in range(least, most + 1) for k in range(len(padded) - n + 1)]
