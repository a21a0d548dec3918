"""Analysed texts -> matrices: TF-IDF of word and character n-grams, and concepts.

The n-gram blocks are scikit-learn's ``TfidfVectorizer(sublinear_tf=True)`` to the letter. Neither vocabulary
nor idf looks at a label, so both are learned once from all texts and shared by every fold and learner.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from tagger import counting
from tagger.terms import hits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.linear import NgramKind
    from tagger.terms import TermTable


@dataclass(frozen=True)
class View:
    """What one block of n-grams looks at."""

    kind: NgramKind
    ngram_range: tuple[int, int]


WORDS = View("word", (1, 2))
CHARACTERS = View("char_wb", (2, 5))

#: Cells of a matrix that are weighted together.
_TOGETHER = 1 << 17


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams of a view that the training texts hold, and their idf."""

    view: View
    features: list[str]  # d, by falling document frequency
    idf: NDArray[np.float32]  # (d,)

    def transform(self, texts: Sequence[str]) -> Any:
        """Return the TF-IDF of analysed texts: csr_matrix (n, d) of float32, rows of unit length or empty."""
        counts = counting.transform_counts(texts, self.features, self.view.kind, self.view.ngram_range)
        return weighted(counts, self.idf)


def learn(
    texts: Sequence[str], view: View, *, min_df: int = 1, max_features: int | None = None
) -> tuple[Vocabulary, Any]:
    """Return the vocabulary of analysed texts and their TF-IDF, csr_matrix (n, d) of float32."""
    features, counts = counting.count(texts, view.kind, view.ngram_range, min_df=min_df, max_features=max_features)
    df = np.bincount(counts.indices, minlength=len(features))
    idf = (np.log((1 + len(texts)) / (1 + df)) + 1).astype(np.float32)  # "smooth": as if one more text held all
    return Vocabulary(view, features, idf), weighted(counts, idf)


def weighted(counts: Any, idf: NDArray[np.float32]) -> Any:
    """Return (1 + ln tf) * idf with rows of unit length, for counts in CSR form, whose memory it takes over."""
    most = int(counts.data.max(initial=0))
    logs = 1 + np.log(np.maximum(np.arange(most + 1, dtype=np.float32), 1))  # few counts differ
    ends = counts.indptr
    # Some texts at a time: what is in between stays in the cache, and needs no fresh memory.
    bounds = np.unique([*np.searchsorted(ends, np.arange(0, ends[-1], _TOGETHER)), counts.shape[0]])
    for first, last in pairwise(bounds):
        part = slice(ends[first], ends[last])
        data = logs[counts.data[part].astype(np.int32)] * idf[counts.indices[part]]
        rows = np.repeat(np.arange(last - first), np.diff(ends[first : last + 1]))
        norms = np.sqrt(np.bincount(rows, data * data, minlength=last - first))
        data /= np.where(norms > 0, norms, 1).astype(np.float32)[rows]
        counts.data[part] = data
    matrix = sp.csr_matrix((counts.data, counts.indices, counts.indptr), shape=counts.shape)
    matrix.has_canonical_format = True
    return matrix


#: Texts that a term's label counts for beside its own, when its precision is estimated (chosen on the seed corpus).
_SHRINK = 3.0
#: Texts of full precision that stand for a taxonomy's author before there are labels.
_PRIOR_TEXTS = 5.0


def term_hits(table: TermTable, texts: Sequence[str]) -> Any:
    """Return how often each term stands in each analysed text: csr_matrix (n, terms)."""
    rows, columns = [], []
    for row, text in enumerate(texts):
        for term, _, _ in hits(table, text):
            rows.append(row)
            columns.append(term)
    shape = (len(texts), len(table.terms))
    return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)


def concepts(found: Any, table: TermTable, trust: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the concept columns, (n, L): ln(1 + sum of what the hits of each label's terms count).

    Args:
        found: of :func:`term_hits`.
        table: the terms, each with the columns it counts for.
        trust: (terms,), what a hit of each term counts.

    """
    pairs = [(t, column) for t, term in enumerate(table.terms) for column in term.labels]
    shape = (len(table.terms), len(table.labels))
    if not pairs:
        return np.zeros((found.shape[0], shape[1]), np.float32)
    terms, columns = np.array(pairs).T
    owners = sp.csr_matrix((trust[terms], (terms, columns)), shape=shape)
    return np.asarray(np.log1p((found @ owners).toarray()), np.float32)


def trust(found: Any, table: TermTable, Y: NDArray[np.bool_], rows: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return what a hit of each term counts, (terms,): its precision, times that over what is usual for its label.

    Precision is the share of the term's texts that bear its label. That of terms with few texts is shrunk towards the
    mean of their label's terms, and that towards 1, so that without labelled texts every term counts in full. The
    second factor is there lest many doubtful hits outweigh a sure one; a usual term counts its precision.

    Args:
        found: of :func:`term_hits`, (n, terms).
        table: the terms.
        Y: (n, L), the labels of the texts.
        rows: (n,), the texts to learn from.

    """
    hit = (found[rows] > 0).astype(np.float64)
    wanted = Y[rows].astype(np.float64)
    texts = np.asarray(hit.sum(axis=0)).ravel()
    right = np.asarray(hit.T @ wanted)
    owners = np.zeros((len(table.terms), len(table.labels)), bool)
    for t, term in enumerate(table.terms):
        owners[t, list(term.labels)] = True
    owners &= wanted.any(axis=0)  # a label that no text bears yet says nothing against its terms
    good = (right * owners).max(axis=1)
    held = owners * texts[:, None]
    usual = ((right * owners).sum(axis=0) + _PRIOR_TEXTS) / (held.sum(axis=0) + _PRIOR_TEXTS)
    expected = (owners * usual).max(axis=1)
    precision = (good + _SHRINK * expected) / (texts + _SHRINK)
    return np.asarray(np.where(owners.any(axis=1), precision * precision / np.maximum(expected, 1e-9), 1.0), np.float32)
