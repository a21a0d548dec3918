"""Classifiers by name. Each learns one linear machine a label and gives out-of-fold margins with it.

A classifier is a function ``(X, Y, folds, options) -> OutOfFold``: the margins of every text from a machine that has
not seen it, and the weights learned from all texts. New ones are a function here (or anywhere) and a row.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tagger import coordinate as descent
from tagger.coordinate import OutOfFold, Solution
from tagger.errors import TaggerError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CLASSIFIERS = {
    "coordinate": "tagger.classifiers:coordinate",
    "linear-svc": "tagger.classifiers:linear_svc",
    "logistic-regression": "tagger.classifiers:logistic_regression",
    "dummy": "tagger.classifiers:dummy",
}


@dataclass(frozen=True)
class Options:
    """What a classifier is told."""

    C: float = 1.0
    #: mask of the texts to learn from -> squares of the features' multipliers, (d, L); see coordinate.out_of_fold
    scale: Callable[[NDArray[np.bool_]], NDArray[np.float32]] | None = None
    full: Solution | None = None  # known already
    exact: bool = False  # folds trained from nothing
    threads: int = 1
    random_state: int = 0


class Classifier(Protocol):
    """What a row of CLASSIFIERS leads to."""

    def __call__(self, X: Any, Y: NDArray[np.bool_], folds: NDArray[np.int64], options: Options) -> OutOfFold:
        """Learn from csr_matrix X (n, d), indicators Y (n, L) and folds (n,)."""


def classifier(name: str) -> Classifier:
    """Return the classifier of that name.

    Raises:
        TaggerError: there is none.

    """
    if name not in CLASSIFIERS:
        raise TaggerError(f"unknown classifier '{name}'.", hint=nearest(name, CLASSIFIERS))
    module, attribute = CLASSIFIERS[name].split(":")
    found: Classifier = getattr(importlib.import_module(module), attribute)
    return found


def coordinate(X: Any, Y: NDArray[np.bool_], folds: NDArray[np.int64], options: Options) -> OutOfFold:
    """Linear SVMs (squared hinge) for all labels at once: the default, see `tagger.coordinate`."""
    return descent.out_of_fold(
        X,
        Y,
        folds,
        C=options.C,
        scale=options.scale,
        full=options.full,
        exact=options.exact,
        # Seven passes rank texts as fifty do: the margins out of fold are no worse for it.
        epochs=50 if options.exact else 7,
        tol=0.01,
        threads=options.threads,
        random_state=options.random_state,
    )


def linear_svc(X: Any, Y: NDArray[np.bool_], folds: NDArray[np.int64], options: Options) -> OutOfFold:
    """scikit-learn's LinearSVC, label by label."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - 1 s to import, for this row only

    return _label_by_label(
        lambda: LinearSVC(C=options.C, tol=1e-2, random_state=options.random_state), X, Y, folds, options
    )


def logistic_regression(X: Any, Y: NDArray[np.bool_], folds: NDArray[np.int64], options: Options) -> OutOfFold:
    """scikit-learn's LogisticRegression, label by label; C is ten times that of the others, to be as free."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    return _label_by_label(
        lambda: LogisticRegression(C=10 * options.C, solver="liblinear", random_state=options.random_state),
        X,
        Y,
        folds,
        options,
    )


def dummy(X: Any, Y: NDArray[np.bool_], folds: NDArray[np.int64], options: Options) -> OutOfFold:
    """Learn how frequent each label is, and nothing else: what any other has to beat."""
    del options
    n, d = X.shape

    def log_odds(rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        p = (Y[rows].sum(axis=0) + 0.5) / (rows.sum() + 1)
        return np.asarray(np.log(p / (1 - p)), np.float32)

    margins = np.empty(Y.shape, np.float32)
    for fold in np.unique(folds):
        margins[folds == fold] = log_odds(folds != fold)
    nothing = np.zeros((d, Y.shape[1]), np.float32)
    full = Solution(nothing, log_odds(np.ones(n, bool)), np.zeros(Y.shape, np.float32))
    return OutOfFold(margins, full)


def _label_by_label(
    make: Callable[[], Any], X: Any, Y: NDArray[np.bool_], folds: NDArray[np.int64], options: Options
) -> OutOfFold:
    n, d = X.shape

    def fit(rows: NDArray[np.bool_]) -> Solution:
        scale = options.scale(rows) if options.scale else None
        weights, intercept = np.zeros((d, Y.shape[1]), np.float32), np.empty(Y.shape[1], np.float32)
        for j, y in enumerate(Y[rows].T):
            if y.all() or not y.any():  # scikit-learn refuses to learn one class
                intercept[j] = 1.0 if y.all() else -1.0
                continue
            factor = None if scale is None else np.sqrt(scale[:, j])
            machine = make().fit(X[rows] if factor is None else X[rows].multiply(factor).tocsr(), y)
            weights[:, j] = machine.coef_[0] if factor is None else machine.coef_[0] * factor
            intercept[j] = machine.intercept_[0]
        return Solution(weights, intercept, np.zeros((0, Y.shape[1]), np.float32))

    margins = np.empty(Y.shape, np.float32)
    for fold in np.unique(folds):
        part = fit(folds != fold)
        margins[folds == fold] = X[folds == fold] @ part.weights + part.intercept
    return OutOfFold(margins, options.full or fit(np.ones(n, bool)))
