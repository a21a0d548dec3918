"""What any tagger must beat, on the same texts in the same folds.

Each rival tags paragraphs; an article gets every tag that one of its paragraphs got.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tagger import terms
from tagger.normalise import analysed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tagger.taxonomy import Taxonomy

    Indicators = NDArray[np.bool_]
    #: (taxonomy, training texts, their labels (n, L), texts to tag) -> tags (m, L)
    Rival = Callable[[Taxonomy, Sequence[str], Indicators, Sequence[str]], Indicators]

PLAIN = "TF-IDF + logistic regression"


def terms_rule(taxonomy: Taxonomy, train: Sequence[str], Y: Indicators, texts: Sequence[str]) -> Indicators:
    """Give a label when any of its terms hits. Learns nothing."""
    del train, Y
    table = terms.expand(taxonomy)
    out = np.zeros((len(texts), len(taxonomy.ids)), dtype=bool)
    for row, text in enumerate(texts):
        for term, _, _ in terms.hits(table, analysed(text)):
            out[row, list(table.terms[term].labels)] = True
    return out


def plain(taxonomy: Taxonomy, train: Sequence[str], Y: Indicators, texts: Sequence[str]) -> Indicators:
    """Words, TF-IDF, a logistic regression a label, cut at .5: scikit-learn as it comes."""
    del taxonomy
    out = np.zeros((len(texts), Y.shape[1]), dtype=bool)
    vectorizer = TfidfVectorizer()
    try:
        X = vectorizer.fit_transform(train)
    except ValueError:  # no text, or none with a word in it
        return out
    found = vectorizer.transform(texts)
    for label in range(Y.shape[1]):
        if not Y[:, label].any() or Y[:, label].all():
            out[:, label] = bool(len(Y)) and bool(Y[0, label])
            continue
        out[:, label] = LogisticRegression(max_iter=1000).fit(X, Y[:, label]).predict(found)
    return out


def commonest(taxonomy: Taxonomy, train: Sequence[str], Y: Indicators, texts: Sequence[str]) -> Indicators:
    """Give every text the label that is most frequent in training."""
    del taxonomy, train
    out = np.zeros((len(texts), Y.shape[1]), dtype=bool)
    if Y.any():
        out[:, int(Y.sum(axis=0).argmax())] = True
    return out


#: Name -> (what it is, the rule), in the order of reports.
RIVALS: dict[str, tuple[str, Rival]] = {
    "seed terms": ("a label is given when any of its terms is in the text", terms_rule),
    PLAIN: ("scikit-learn as it comes: words, one regression a label, cut at .5", plain),
    "commonest label": ("every text gets the label that training has most of", commonest),
}
