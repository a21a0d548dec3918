"""What people write themselves in scikit-learn: the peers that need no other package."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from tagger import folds

#: Best F1 below which a cut is not trusted and the highest margin taken instead (Yang 2001, Fan & Lin 2007).
_FLOORS = np.arange(0.1, 0.9, 0.1)


def logistic(train, Y, test):
    """TF-IDF + LogisticRegression at .5."""
    vectorizer = TfidfVectorizer()
    X, Z = vectorizer.fit_transform(train), vectorizer.transform(test)
    return _margins(LogisticRegression(max_iter=200), X, Y, Z) >= 0


def machine(train, Y, test):
    """TF-IDF + LinearSVC at 0."""
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    X, Z = vectorizer.fit_transform(train), vectorizer.transform(test)
    return _margins(LinearSVC(tol=1e-2, random_state=0), X, Y, Z) >= 0


def scutfbr(train, Y, test):
    """TF-IDF + LinearSVC, cuts by SCutFBR from 5 folds."""
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    X, Z = vectorizer.fit_transform(train), vectorizer.transform(test)
    learner = LinearSVC(tol=1e-2, random_state=0)
    fold = folds.assign(Y, 5, units=np.arange(len(Y)), random_state=0)
    held = np.empty(Y.shape)
    for k in range(5):
        held[fold == k] = _margins(learner, X[fold != k], Y[fold != k], X[fold == k])
    cuts = np.array([_cut(held[:, j], Y[:, j], fold) for j in range(Y.shape[1])])
    return _margins(learner, X, Y, Z) >= cuts


def _margins(learner, X, Y, Z):
    out = np.full((Z.shape[0], Y.shape[1]), -1.0)
    for j in range(Y.shape[1]):
        if Y[:, j].any():
            out[:, j] = learner.fit(X, Y[:, j]).decision_function(Z)
    return out


def _cut(margins, y, fold):
    """Return the mean of the folds' cuts, with the floor that is best for cuts from the other folds."""
    tuned = [_best(margins[fold == k], y[fold == k]) for k in range(5)]
    top = [margins[fold == k].max() for k in range(5)]
    best = (-1.0, 0.0)
    for floor in _FLOORS:
        cuts = np.array([cut if f1 >= floor else high for (cut, f1), high in zip(tuned, top, strict=True)])
        given = margins >= ((cuts.sum() - cuts) / 4)[fold]
        f1 = 2 * (given & y).sum() / max(given.sum() + y.sum(), 1)
        best = max(best, (f1, float(cuts.mean())))
    return best[1]


def _best(margins, y):
    order = np.argsort(-margins, kind="stable")
    f1 = 2 * np.cumsum(y[order]) / (np.arange(1, len(y) + 1) + max(y.sum(), 1))
    at = int(f1.argmax())
    following = margins[order[min(at + 1, len(y) - 1)]]
    return (margins[order[at]] + following) / 2, f1[at]


#: Name -> (what it is, function).
SYSTEMS = {
    "TF-IDF + LogisticRegression at .5": logistic,
    "TF-IDF + LinearSVC at 0": machine,
    "LinearSVC + SCutFBR, 5 folds": scutfbr,
}
