"""The one form every fitted model takes: blocks of linear features, an intercept, cuts, calibration.

However many views, weightings and learners there are at training time, each is linear in the features
of its block, so their mean (or stack) is one matrix a block. This is what is stored and what runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tagger.terms import TermTable

NgramKind = Literal["word", "char_wb"]


@dataclass(frozen=True)
class NgramBlock:
    """TF-IDF n-grams of one kind with the weights of all labels.

    ``features`` are the n-grams as scikit-learn's TfidfVectorizer names them, in falling order of document
    frequency; the block's vector is (1 + ln tf) * idf, scaled to unit length (L2) within the block.
    """

    kind: NgramKind
    ngram_range: tuple[int, int]
    features: Sequence[str]  # n
    idf: NDArray[np.float32]  # (n,)
    weights: NDArray[np.float32]  # (n, L)


@dataclass(frozen=True)
class ConceptBlock:
    """Hits of the taxonomy's terms: column m is ln(1 + sum of trust[t] over the hits of label m's terms)."""

    table: TermTable
    trust: NDArray[np.float32]  # (terms,)
    weights: NDArray[np.float32]  # (L, L): column of label m -> margin of label l


@dataclass(frozen=True)
class Calibration:
    """A rising map from margin to score for each label.

    ``sigmoid``: score = 1 / (1 + exp(-(slope * margin + offset))) (Platt 1999).
    ``isotonic``: linear between the knots (x rising, y rising), flat outside (Zadrozny & Elkan 2002).
    """

    slope: NDArray[np.float64]  # (L,)
    offset: NDArray[np.float64]  # (L,)
    knots: tuple[tuple[tuple[float, ...], tuple[float, ...]] | None, ...]  # L; None: the sigmoid


@dataclass(frozen=True)
class LinearModel:
    """Text -> margins, cuts, scores. Margins >= cuts are tags."""

    labels: tuple[str, ...]  # L, the taxonomy's order
    ngrams: tuple[NgramBlock, ...]
    concepts: ConceptBlock | None
    intercept: NDArray[np.float64]  # (L,)
    cuts: NDArray[np.float64]  # (L,), on the margin
    calibration: Calibration
