"""Classifiers by name give margins out of fold and weights of all texts."""

import numpy as np
import pytest
import scipy.sparse as sp

from tagger import classifiers
from tagger.errors import TaggerError


@pytest.fixture
def problem():
    rng = np.random.default_rng(0)
    X = sp.random(120, 30, 0.3, format="csr", random_state=0, dtype=np.float32)
    Y = np.asarray(X @ rng.normal(size=(30, 3)) > 0.3)
    return X, Y, rng.integers(0, 4, 120)


@pytest.mark.parametrize("name", ["coordinate", "linear-svc", "logistic-regression"])
def test_learners_learn(problem, name):
    """Every learner beats the dummy out of fold, plain and with multipliers."""
    X, Y, folds = problem
    scale = np.full((30, 3), 1.5, np.float32)
    for options in (classifiers.Options(), classifiers.Options(scale=lambda rows: scale)):
        found = classifiers.classifier(name)(X, Y, folds, options)
        assert ((found.margins > 0) == Y).mean() > 0.8
        np.testing.assert_allclose(np.sign(X @ found.full.weights + found.full.intercept), Y * 2 - 1, atol=2)


def test_coordinate_is_linear_svc(problem):
    """The default solves the same problem as scikit-learn's LinearSVC."""
    X, Y, folds = problem
    options = classifiers.Options(exact=True)
    ours, theirs = (classifiers.classifier(n)(X, Y, folds, options).full for n in ("coordinate", "linear-svc"))
    np.testing.assert_allclose(X @ ours.weights + ours.intercept, X @ theirs.weights + theirs.intercept, atol=0.05)


def test_dummy_knows_frequencies_only(problem):
    """The dummy gives every text of a fold the same margin."""
    X, Y, folds = problem
    found = classifiers.classifier("dummy")(X, Y, folds, classifiers.Options())
    assert not found.full.weights.any()
    assert len(np.unique(found.margins[folds == 0], axis=0)) == 1


@pytest.mark.parametrize("name", ["linear-svc", "logistic-regression", "coordinate"])
def test_one_class_is_no_error(problem, name):
    """Labels that all texts bear, or none, can be learned."""
    X, _, folds = problem
    Y = np.zeros((120, 2), bool)
    Y[:, 0] = True
    margins = classifiers.classifier(name)(X, Y, folds, classifiers.Options()).margins
    assert (margins[:, 0] > 0).all()
    assert (margins[:, 1] < 0).all()


def test_unknown_name_is_told():
    """A misspelt classifier names the known ones."""
    with pytest.raises(TaggerError, match="Did you mean 'linear-svc'"):
        classifiers.classifier("linear_svc")
