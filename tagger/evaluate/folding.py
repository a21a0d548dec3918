"""Outer folds: whole articles, and what is nearly the same text stays on one side."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tagger import folds, near_duplicates
from tagger.evaluate.judged import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tagger.evaluate.judged import Truth
    from tagger.records import LabelledArticle

#: A shorter paragraph ("The two sides signed the agreement.") may recur without being the same story.
_LONG = 12

#: A paragraph that more articles share is boilerplate of a source; it would tie the whole source together.
_BOILERPLATE = 5


def families(articles: Sequence[LabelledArticle]) -> NDArray[np.int64]:
    """Give every article (A,) the number of its family: articles tied by near-duplicate texts or paragraphs."""
    wholes = ["\n".join(texts_of(article)) for article in articles]
    ties = _ties(near_duplicates.clusters(wholes), range(len(articles)), most=len(articles))
    long = [
        (text, at)
        for at, article in enumerate(articles)
        if len(article.paragraphs) > 1
        for text in texts_of(article)
        if len(near_duplicates.tokens(text)) >= _LONG
    ]
    clusters = near_duplicates.clusters([text for text, _ in long])
    ties += _ties(clusters, [at for _, at in long], most=_BOILERPLATE)
    if not ties:
        return np.arange(len(articles))
    rows, columns = np.array(ties).T
    graph = coo_array((np.ones(len(ties)), (rows, columns)), shape=(len(articles), len(articles)))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _ties(clusters: Sequence[int], owner: Iterable[int], most: int) -> list[tuple[int, int]]:
    """Return pairs of articles that meet in a cluster, clusters of more than ``most`` articles left out."""
    alike: dict[int, set[int]] = defaultdict(set)
    for cluster, at in zip(clusters, owner, strict=True):
        alike[cluster].add(at)
    return [(min(m), other) for m in alike.values() if len(m) <= most for other in m if other != min(m)]


def outer(truth: Truth, families: NDArray[np.int64], k: int, random_state: int) -> NDArray[np.int64]:
    """Give every article (A,) its fold: families stay whole, labels are spread evenly over k folds."""
    # Articles and paragraphs are dealt out together, so that the labels of both are balanced.
    Y = np.vstack([truth.articles, truth.paragraphs])
    units = np.concatenate([families, families[truth.article_of]])
    fold = folds.assign(Y, min(k, len(np.unique(families))), units=units, random_state=random_state)
    return fold[: len(families)]
