"""Figures that look at the order of the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    label_ranking_average_precision_score,
    ndcg_score,
    precision_recall_curve,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indicators = NDArray[np.bool_]
    Floats = NDArray[np.float64]


def lrap(truth: Indicators, scores: Floats) -> float:
    """Label ranking average precision over the texts that bear a label; NaN when none does."""
    rows = truth.any(axis=1)
    if not rows.any() or truth.shape[1] < 2:
        return float("nan")
    return float(label_ranking_average_precision_score(truth[rows], scores[rows]))


def precision_at(truth: Indicators, scores: Floats, k: int) -> float:
    """Share of true labels among the k best-scored, over texts that bear one; NaN with fewer than k labels.

    Ties fall to the earlier label, so that the figure does not depend on the machine.
    """
    rows = truth.any(axis=1)
    if not rows.any() or truth.shape[1] < k:
        return float("nan")
    best = np.argsort(-scores[rows], axis=1, kind="stable")[:, :k]
    return float(np.take_along_axis(truth[rows], best, axis=1).mean())


def ndcg_at(truth: Indicators, scores: Floats, k: int) -> float:
    """Normalised discounted cumulative gain of the k best-scored labels, over texts that bear one."""
    rows = truth.any(axis=1)
    if not rows.any() or truth.shape[1] < 2:
        return float("nan")
    return float(ndcg_score(truth[rows].astype(float), scores[rows], k=k))


def average_precision(truth: Indicators, scores: Floats) -> Floats:
    """Average precision of each label (L,): the area under its steps; NaN where the label is never true."""
    return np.array(
        [
            average_precision_score(truth[:, label], scores[:, label]) if truth[:, label].any() else np.nan
            for label in range(truth.shape[1])
        ],
        dtype=float,
    )


def curve(truth: NDArray[np.bool_], scores: Floats, most: int = 60) -> tuple[Floats, Floats]:
    """Return recall (rising) and precision of one label at falling cuts, thinned to ``most`` points.

    Empty arrays where the label is never true.
    """
    if not truth.any():
        return np.empty(0), np.empty(0)
    precision, recall, _ = precision_recall_curve(truth, scores, drop_intermediate=True)
    precision, recall = precision[::-1], recall[::-1]
    if len(recall) > most:
        # Even steps of recall, the ends kept: a picture needs no more.
        wanted = np.unique(np.searchsorted(recall, np.linspace(0, recall[-1], most)))
        kept = np.unique(np.concatenate([[0], wanted, [len(recall) - 1]]))
        precision, recall = precision[kept], recall[kept]
    return recall, precision
