"""Paragraphs -> article: a rule chosen by measurement on the articles' own labels.

For each label the article's score is a calibrated line on two order statistics of its paragraphs' scores,
``sigmoid(top * logit(highest) + second * logit(second highest) + offset)``, and a tag where it reaches the
cut. Two special cases are among the candidates: the maximum (``second`` = 0), and "some paragraph bears the
tag", which is also the rule where no article labels were given.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

#: The rule without article labels: an article bears the tags of its paragraphs.
ANY: dict[str, Any] = {"kind": "any"}
#: The rule of models that learned from whole texts: the article is scored as one text.
WHOLE: dict[str, Any] = {"kind": "whole"}

#: Scores are kept off 0 and 1: a logit may speak, but not outshout the other one.
_FLAT = 0.02


def apply(
    rule: dict[str, Any], scores: Sequence[Sequence[float]], flags: Sequence[Sequence[bool]]
) -> tuple[list[float], list[bool]]:
    """Return the article's scores and tags, (L,) each.

    Args:
        rule: of :func:`fit_rollup`, ANY, or {} (the same).
        scores: (paragraphs, L), of the paragraphs that count; one at least.
        flags: (paragraphs, L), their tags.

    """
    columns = list(zip(*scores, strict=True))
    if rule.get("kind") != "ordered":
        return [max(c) for c in columns], [any(c) for c in zip(*flags, strict=True)]
    given = []
    for column, top, second, offset in zip(columns, rule["top"], rule["second"], rule["offset"], strict=True):
        ranked = sorted(column, reverse=True)
        # An article of one paragraph: its second is as good as absent.
        x = top * _logit(ranked[0]) + second * _logit(ranked[1] if len(ranked) > 1 else 0.0) + offset
        given.append(1 / (1 + math.exp(-max(-40.0, min(40.0, x)))))
    return given, [score >= cut for score, cut in zip(given, rule["cuts"], strict=True)]


def _logit(p: float) -> float:
    p = min(max(p, _FLAT), 1 - _FLAT)
    return math.log(p / (1 - p))


def fit_rollup(
    scores: NDArray[np.floating[Any]],
    flags: NDArray[np.bool_],
    groups: Sequence[Any],
    Y: NDArray[np.bool_],
    articles: Sequence[Any],
) -> dict[str, Any]:
    """Return the rule that is best out of fold on article labels (a plain dictionary, as JSON has it).

    Args:
        scores: (n, L), out-of-fold scores of the paragraphs that count.
        flags: (n, L), their out-of-fold tags.
        groups: (n,), the article of each paragraph.
        Y: (articles, L), the articles' own labels.
        articles: (articles,), the articles in the order of Y; those without a paragraph are passed over.

    """
    import numpy as np  # noqa: PLC0415 - tagging imports this module, and loads no numeric library

    from tagger import calibration, folds  # noqa: PLC0415

    rows: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        rows.setdefault(str(group), []).append(i)
    kept = [i for i, article in enumerate(articles) if str(article) in rows]
    if len(kept) < 20 or not Y.any():
        return dict(ANY)
    Y = np.asarray(Y, bool)[kept]
    L = Y.shape[1]
    top, second = np.empty((len(kept), L)), np.empty((len(kept), L))
    some = np.empty((len(kept), L), bool)
    for i, k in enumerate(kept):
        mine = rows[str(articles[k])]
        ranked = -np.sort(-scores[mine], axis=0)
        top[i] = _logits(ranked[0])
        second[i] = _logits(ranked[1] if len(mine) > 1 else np.zeros(L))
        some[i] = flags[mine].any(axis=0)
    fold = folds.assign(Y, 5)
    given = {share: np.zeros_like(Y) for share in (0.0, 0.15, 0.3)}
    for f in np.unique(fold):
        held = fold == f
        for share, tags in given.items():
            x = top + share * second
            tags[held] = x[held] >= calibration.learn_cuts(x[~held], Y[~held])
    figures = {share: sum(calibration.f1(Y, tags)) for share, tags in given.items()}
    best = max(figures, key=lambda share: (figures[share], -share))
    if sum(calibration.f1(Y, some)) >= figures[best] + 0.002:
        return dict(ANY)
    x = top + best * second
    curve = calibration.learn_scores(x, Y)
    cuts = calibration.learn_cuts(x, Y)
    # One sigmoid a label, so that the rule is three numbers and a cut; knots would hide it.
    cut_scores = [
        float(1 / (1 + np.exp(-np.clip(a * c + b, -40, 40)))) if c < calibration.NEVER else 2.0
        for a, b, c in zip(curve.slope, curve.offset, cuts, strict=True)
    ]
    return {
        "kind": "ordered",
        "top": curve.slope.tolist(),
        "second": (best * curve.slope).tolist(),
        "offset": curve.offset.tolist(),
        "cuts": cut_scores,
        "quality": {"share": best, "micro_plus_macro": figures[best], "any": sum(calibration.f1(Y, some))},
    }


def _logits(p: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    import numpy as np  # noqa: PLC0415

    p = np.clip(np.asarray(p, np.float64), _FLAT, 1 - _FLAT)
    return np.asarray(np.log(p / (1 - p)))
