"""What people write themselves in scikit-learn: the peers that need no other package.

As in quality_peers.py a system learns from texts and label sets, and returns a function that tags texts.
"""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from tagger import folds

#: Best F1 below which a cut is not trusted and the highest margin taken instead (Yang 2001, Fan & Lin 2007).
_FLOORS = np.arange(0.1, 0.9, 0.1)


def _logistic():
    return TfidfVectorizer(), LogisticRegression(max_iter=200)


def _machine():
    return TfidfVectorizer(sublinear_tf=True), LinearSVC(tol=1e-2, random_state=0)


def _system(parts, cuts):
    """Return a system: TF-IDF, a learner a label, and cuts chosen by ``cuts(held-out margins, Y, fold)``."""

    def learn(train, Y):
        vectorizer, learner = parts()
        X = vectorizer.fit_transform(train)
        cut = 0.0
        if cuts is not None:
            fold = folds.assign(Y, 5, units=np.arange(len(Y)), random_state=0)
            held = np.empty(Y.shape)
            for k in range(5):
                held[fold == k] = _margins(learner, X[fold != k], Y[fold != k])(X[fold == k])
            cut = cuts(held, Y, fold)
        margins = _margins(learner, X, Y)
        return lambda asked: margins(vectorizer.transform(asked)) >= cut

    return learn


def _margins(learner, X, Y):
    weights, bias = np.zeros((X.shape[1], Y.shape[1])), np.where(Y.all(axis=0), 1.0, -1.0)
    for j in np.flatnonzero(Y.any(axis=0) & ~Y.all(axis=0)):
        fitted = learner.fit(X, Y[:, j])
        weights[:, j], bias[j] = fitted.coef_[0], fitted.intercept_[0]
    return lambda Z: Z @ weights + bias


def one_cut(held, Y, fold):
    """Return the cut for all labels with the best micro F1."""
    del fold
    return _best(held.ravel(), Y.ravel())[0]


def scutfbr(held, Y, fold):
    """Return a cut a label: the mean of the folds' cuts, with the floor that is best for cuts from the others."""
    return np.array([_cut(held[:, j], Y[:, j], fold) for j in range(Y.shape[1])])


def _cut(margins, y, fold):
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


#: Name -> system.
SYSTEMS = {
    "TF-IDF + LogisticRegression at .5": _system(_logistic, None),
    "LogisticRegression, one cut, 5 folds": _system(_logistic, one_cut),
    "LogisticRegression + SCutFBR, 5 folds": _system(_logistic, scutfbr),
    "TF-IDF + LinearSVC at 0": _system(_machine, None),
    "LinearSVC, one cut, 5 folds": _system(_machine, one_cut),
    "LinearSVC + SCutFBR, 5 folds": _system(_machine, scutfbr),
}


def recipe(name):
    """Return a digest of how the systems are made here."""
    source = name + Path(__file__).read_text(encoding="utf-8") + inspect.getsource(folds)
    return hashlib.sha256(source.encode()).hexdigest()[:16]
