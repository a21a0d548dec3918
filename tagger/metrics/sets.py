"""Precision, recall, F1, Hamming loss, exact match: scikit-learn's, with 0/0 settled as the package says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import accuracy_score, hamming_loss, precision_recall_fscore_support

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indicators = NDArray[np.bool_]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Averages:
    """Precision, recall and F1 under one way of averaging; NaN where nothing can be judged."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class SetFigures:
    """Every figure that looks at the given tags as sets."""

    micro: Averages
    macro: Averages
    weighted: Averages
    samples: Averages
    hamming: float  # share of (text, label) pairs that are wrong
    exact: float  # share of texts whose tags are all right, none missing
    precision: Floats  # (L,), NaN where the label was never given
    recall: Floats  # (L,), NaN where the label is never true
    f1: Floats  # (L,), NaN where it is neither
    support: NDArray[np.int64]  # (L,), true
    given: NDArray[np.int64]  # (L,)


_NOTHING = Averages(np.nan, np.nan, np.nan)


def judged_labels(truth: Indicators, given: Indicators) -> NDArray[np.intp]:
    """Return the columns that are true or given at least once: those the macro averages are over."""
    return np.flatnonzero(truth.any(axis=0) | given.any(axis=0))


def set_figures(truth: Indicators, given: Indicators) -> SetFigures:
    """Compare given tags with the truth, both (n, L)."""
    width = truth.shape[1]
    if not len(truth):
        nan, zero = np.full(width, np.nan), np.zeros(width, dtype=np.int64)
        return SetFigures(_NOTHING, _NOTHING, _NOTHING, _NOTHING, np.nan, np.nan, nan, nan, nan, zero, zero)
    labels = judged_labels(truth, given)
    precision, recall, f1, _ = _prf(truth, given, None, zero_division=np.nan)
    return SetFigures(
        micro=_average(truth, given, "micro", labels),
        macro=_average(truth, given, "macro", labels),
        weighted=_average(truth, given, "weighted", labels),
        samples=_samples(truth, given),
        hamming=float(hamming_loss(truth, given)),
        exact=float(accuracy_score(truth, given)),
        precision=precision,
        recall=recall,
        # scikit-learn calls an F1 undefined only where neither precision nor recall is: so do we.
        f1=np.where(truth.any(axis=0) | given.any(axis=0), f1, np.nan),
        support=truth.sum(axis=0, dtype=np.int64),
        given=given.sum(axis=0, dtype=np.int64),
    )


def _average(truth: Indicators, given: Indicators, average: str, labels: NDArray[np.intp]) -> Averages:
    if not len(labels) or (average == "weighted" and not truth.any()):
        return _NOTHING
    precision, recall, f1, _ = _prf(truth, given, average, labels=labels, zero_division=0.0)
    return Averages(float(precision), float(recall), float(f1))


def _samples(truth: Indicators, given: Indicators) -> Averages:
    """Average over texts. A text without labels and without tags counts 1; other 0/0 count 0."""
    both = (truth & given).sum(axis=1)
    wanted, got = truth.sum(axis=1), given.sum(axis=1)
    right = ((wanted == 0) & (got == 0)).astype(float)

    # Not scikit-learn's average="samples": its one zero_division cannot tell "nothing given where something
    # was due" (0) from "nothing given where nothing was due" (1).
    def mean(part: NDArray[np.int64], whole: NDArray[np.int64]) -> float:
        return float(np.where(whole > 0, part / np.maximum(whole, 1), right).mean())

    return Averages(mean(both, got), mean(both, wanted), mean(2 * both, wanted + got))


def _prf(truth: Indicators, given: Indicators, average: str | None, **options: object) -> tuple[Floats, ...]:
    result: tuple[Floats, ...] = precision_recall_fscore_support(_wide(truth), _wide(given), average=average, **options)
    if truth.shape[1] == 1 and average is None:
        return tuple(part[:1] for part in result)
    return result


def _wide(matrix: Indicators) -> NDArray[np.int8]:
    """Append an empty column to a single one, which scikit-learn would read as a binary problem."""
    if matrix.shape[1] != 1:
        return matrix.astype(np.int8)
    return np.hstack([matrix, np.zeros_like(matrix)]).astype(np.int8)
