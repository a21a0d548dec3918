"""The rest of the article as a weaker voice beside the paragraph's own.

A paragraph's margins get two summands, both made of the margins of the other paragraphs of its article that count:

- ``weights[label]`` times their mean margin for the same label: what the article is about, a paragraph rather is;
- ``max(-most, pull * min(0, topic - floor))`` for every label, ``topic`` being the mean of their highest margins: where
  all the others speak of none of the topics (a storm, a trial, a match), one word too many does not make a tag, and a
  paragraph that leaves no doubt still bears its own.

The parameters are learned from out-of-fold margins; applying them is plain Python.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

#: Weights that are tried, one for all labels: a weight a label was no better (few articles bear each label).
WEIGHTS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
FLOORS = (-0.5, -0.4, -0.3, -0.2, -0.1, 0.0)
PULLS = (0.5, 1.0, 2.0, 3.0)
#: The most that an article pulls a paragraph down: most of a support vector's margin, which is 1. On the seed corpus
#: it costs nothing (micro-F1 .893 with and without), and paragraphs alone in their article keep more tags that are
#: right (F1 .74, not .69).
MOST = 0.8
#: How much better (micro-F1 + macro-F1 out of fold) a parameter has to be than none.
_WORTH = 0.002


def apply(spec: Mapping[str, Any], margins: Sequence[Sequence[float]], counted: Sequence[bool]) -> list[list[float]]:
    """Return the margins with their context, (paragraphs, L), for the paragraphs of one article.

    Args:
        spec: of :func:`fit_context`, or empty: margins stay.
        margins: (paragraphs, L).
        counted: (paragraphs,), which of them speak to the others.

    """
    rows = [list(row) for row in margins]
    weights = spec.get("weights") or ()
    pull, floor, most = spec.get("pull", 0.0), spec.get("floor", 0.0), spec.get("most", inf)
    speakers = sum(counted)
    if speakers == 0 or len(rows) < 2 or not (pull or any(weights)):
        return rows
    said = [row for row, speaks in zip(rows, counted, strict=True) if speaks]
    total = [sum(column) for column in zip(*said, strict=True)]
    topics = sum(map(max, said))
    result = []
    for row, speaks in zip(rows, counted, strict=True):
        others = speakers - speaks
        if others == 0:
            result.append(row)
            continue
        topic = (topics - max(row) if speaks else topics) / others
        shift = max(-most, pull * min(0.0, topic - floor))
        own = row if speaks else [0.0] * len(row)
        lent = zip(weights, total, own, strict=True) if weights else ((0.0, 0.0, 0.0) for _ in row)
        result.append([m + shift + w * (t - o) / others for m, (w, t, o) in zip(row, lent, strict=True)])
    return result


def fit_context(margins: NDArray[np.floating[Any]], groups: Sequence[Any], Y: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the parameters that are best out of fold, as JSON has them; none where context does not pay.

    Args:
        margins: (n, L), out of fold.
        groups: (n,), the article of each paragraph.
        Y: (n, L).

    """
    import numpy as np  # noqa: PLC0415 - tagging imports this module, and loads no numeric library

    from tagger import folds  # noqa: PLC0415
    from tagger.ensemble import quality  # noqa: PLC0415

    article = _articles(groups)
    if len(np.unique(article)) == len(article) or not Y.any():
        return {}
    fold = folds.assign(Y, 5, units=article)
    best, spec = quality(margins, Y, fold), dict[str, Any]()
    pulls: list[dict[str, Any]] = [{"pull": pull, "floor": floor, "most": MOST} for pull in PULLS for floor in FLOORS]
    lent: list[dict[str, Any]] = [{"weights": [weight] * Y.shape[1]} for weight in WEIGHTS]
    for tried, strongest in ((pulls, True), (lent, False)):
        figures = [quality(_added({**spec, **more}, margins, article), Y, fold) for more in tried]
        if max(figures) <= best + _WORTH:
            continue
        # Of pulls that are as good as the best, the strongest: a stray tag costs a reader more than F1 tells.
        good = [i for i, figure in enumerate(figures) if figure >= max(figures) - _WORTH]
        chosen = good[-1] if strongest else int(np.argmax(figures))
        best, spec = figures[chosen], {**spec, **tried[chosen]}
    return spec


def added(spec: Mapping[str, Any], margins: NDArray[np.floating[Any]], groups: Sequence[Any]) -> NDArray[np.float64]:
    """Return the margins of all paragraphs with their context, (n, L): `apply` for many articles at once."""
    return _added(spec, margins, _articles(groups))


def _added(
    spec: Mapping[str, Any], margins: NDArray[np.floating[Any]], article: NDArray[np.int64]
) -> NDArray[np.float64]:
    import numpy as np  # noqa: PLC0415

    plain: NDArray[np.float64] = np.asarray(margins, np.float64)
    result = plain.copy()
    if any(spec.get("weights") or ()):
        result += np.asarray(spec["weights"]) * _others(plain, article)
    if spec.get("pull"):
        size = np.bincount(article)[article]
        topic = _others(plain.max(axis=1, keepdims=True), article)
        shift = np.maximum(-spec.get("most", inf), spec["pull"] * np.minimum(0.0, topic - spec["floor"]))
        result += np.where(size[:, None] > 1, shift, 0.0)
    return result


def _others(values: NDArray[np.float64], article: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean over the other paragraphs of each paragraph's article, (n, columns); 0 where there is none."""
    import numpy as np  # noqa: PLC0415

    size = np.bincount(article)[article][:, None]
    total = np.zeros((int(article.max()) + 1 if len(article) else 0, values.shape[1]))
    np.add.at(total, article, values)
    return np.asarray((total[article] - values) / np.maximum(size - 1, 1))


def _articles(groups: Sequence[Any]) -> NDArray[np.int64]:
    """Return a number for each paragraph's article."""
    import numpy as np  # noqa: PLC0415

    return np.unique(np.asarray([str(g) for g in groups]), return_inverse=True)[1].ravel()
