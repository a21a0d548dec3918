"""The rest of the article as a weaker voice beside the paragraph's own.

A paragraph's margin for a label gets ``weight[label]`` times the mean margin of the other paragraphs of its
article that count. The weights are learned from out-of-fold margins; applying them is plain Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

#: Weights that are tried, one for all labels: a weight a label was no better (few articles bear each label).
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
#: How much better (micro-F1 + macro-F1 out of fold) the weight has to be than none.
_WORTH = 0.004


def apply(
    weights: Sequence[float] | None, margins: Sequence[Sequence[float]], counted: Sequence[bool]
) -> list[list[float]]:
    """Return the margins with their context, (paragraphs, L), for the paragraphs of one article.

    Args:
        weights: (L,), or None or empty: margins stay.
        margins: (paragraphs, L).
        counted: (paragraphs,), which of them speak to the others.

    """
    rows = [list(row) for row in margins]
    speakers = sum(counted)
    if not weights or not any(weights) or speakers == 0 or len(rows) < 2:
        return rows
    total = [sum(column) for column in zip(*(row for row, c in zip(rows, counted, strict=True) if c), strict=True)]
    result = []
    for row, speaks in zip(rows, counted, strict=True):
        others = speakers - speaks
        if others == 0:
            result.append(row)
        elif speaks:
            result.append([m + w * (t - m) / others for m, w, t in zip(row, weights, total, strict=True)])
        else:
            result.append([m + w * t / others for m, w, t in zip(row, weights, total, strict=True)])
    return result


def fit_context(margins: NDArray[np.floating[Any]], groups: Sequence[Any], Y: NDArray[np.bool_]) -> list[float]:
    """Return the weights, (L,), that are best out of fold; zeros where context does not pay.

    Args:
        margins: (n, L), out of fold.
        groups: (n,), the article of each paragraph.
        Y: (n, L).

    """
    import numpy as np  # noqa: PLC0415 - tagging imports this module, and loads no numeric library

    from tagger import folds  # noqa: PLC0415
    from tagger.ensemble import quality  # noqa: PLC0415

    L = margins.shape[1]
    around = others(margins, groups)
    if not around.any() or not Y.any():
        return [0.0] * L
    fold = folds.assign(Y, 5, units=np.asarray([str(g) for g in groups]))
    figures = [quality(margins + weight * around, Y, fold) for weight in WEIGHTS]
    best = int(np.argmax(figures))
    return [WEIGHTS[best] if figures[best] > figures[0] + _WORTH else 0.0] * L


def others(margins: NDArray[np.floating[Any]], groups: Sequence[Any]) -> NDArray[np.float64]:
    """Return the mean margin of the other paragraphs of each paragraph's article, (n, L); 0 where there is none."""
    import numpy as np  # noqa: PLC0415

    article = np.unique(np.asarray([str(g) for g in groups]), return_inverse=True)[1].ravel()
    size = np.bincount(article)[article][:, None]
    total = np.zeros((int(article.max()) + 1 if len(article) else 0, margins.shape[1]))
    np.add.at(total, article, margins)
    return np.asarray((total[article] - margins) / np.maximum(size - 1, 1))
