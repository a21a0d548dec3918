"""Dual coordinate descent against LinearSVC; its compiled and NumPy forms against each other."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.svm import LinearSVC

from tagger import coordinate, native

ENGINES = [pytest.param("c", marks=pytest.mark.skipif(native._compiled is None, reason="no kernel")), "numpy"]


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Run each test on the kernel, where it was built, and on NumPy."""
    monkeypatch.setenv("TAGGER_ENGINE", request.param)
    return request.param


def problem(n=160, d=90, labels=5, seed=0):
    """Sparse texts with a noisy linear truth."""
    random = np.random.default_rng(seed)
    X = sp.random(n, d, 0.15, format="csr", dtype=np.float32, random_state=random)
    truth = random.normal(size=(d, labels))
    Y = (X @ truth + random.normal(scale=0.3, size=(n, labels))) > 0.4
    return X, Y


def reference(X, y, C, class_weight=None):
    """Return liblinear's decisions at the optimum."""
    model = LinearSVC(C=C, tol=1e-10, max_iter=200_000, dual=True, random_state=0, class_weight=class_weight)
    return model.fit(X.astype(float), y).decision_function(X)


@pytest.mark.parametrize("labels", [1, 5, 19])
def test_decisions_are_those_of_linear_svc(engine, labels):
    """Same problem, same optimum: decisions within 1e-4 of liblinear's, for each label and its own C."""
    X, Y = problem(labels=labels)
    C = np.linspace(0.2, 2, labels)
    weights, intercept, _ = coordinate.fit(X, Y, C=C, epochs=600, tol=1e-4)
    ours = X @ weights + intercept
    for k in range(labels):
        assert np.abs(ours[:, k] - reference(X, Y[:, k], C[k])).max() < 1e-4


def test_scale_is_a_problem_with_multiplied_features(engine):
    """Squares of multipliers give what LinearSVC finds on the multiplied features, as effective weights."""
    X, Y = problem(labels=3)
    r = np.random.default_rng(1).normal(size=(X.shape[1], 3)).astype(np.float32)
    weights, intercept, _ = coordinate.fit(X, Y, scale=r**2, epochs=600, tol=1e-4)
    ours = X @ weights + intercept
    for k in range(3):
        multiplied = sp.csr_matrix(X.multiply(r[:, k]))
        assert np.abs(ours[:, k] - reference(multiplied, Y[:, k], 1.0)).max() < 1e-4


def test_positive_weight_is_a_class_weight(engine):
    """positive_weight multiplies C on the positive side, as class_weight does."""
    X, Y = problem(labels=2)
    weights, intercept, _ = coordinate.fit(X, Y, positive_weight=3.0, epochs=600, tol=1e-4)
    ours = X @ weights + intercept
    for k in range(2):
        theirs = reference(X, Y[:, k], 1.0, class_weight={False: 1.0, True: 3.0})
        assert np.abs(ours[:, k] - theirs).max() < 1e-4


def test_rows_left_out_do_not_teach(engine):
    """A mask gives what the smaller matrix gives, and leaves the dual variables of the others at nought."""
    X, Y = problem()
    rows = np.arange(len(Y)) % 3 > 0
    masked = coordinate.fit(X, Y, rows=rows, epochs=600, tol=1e-5)
    alone = coordinate.fit(X[rows], Y[rows], epochs=600, tol=1e-5)
    assert np.allclose(masked.weights, alone.weights, atol=1e-4)
    assert not masked.alpha[~rows].any()


def test_pairs_without_a_label_do_not_teach(engine):
    """A zero in Y takes the pair out of that label's problem only."""
    X, Y = problem(labels=2)
    signs = np.where(Y, 1, -1).astype(np.int8)
    known = np.arange(len(Y)) % 3 > 0
    signs[~known, 0] = 0
    got = coordinate.fit(X, signs, epochs=600, tol=1e-5)
    assert np.allclose(
        got.weights[:, 0], coordinate.fit(X[known], Y[known], epochs=600, tol=1e-5).weights[:, 0], atol=1e-4
    )
    assert np.allclose(got.weights[:, 1], coordinate.fit(X, Y, epochs=600, tol=1e-5).weights[:, 1], atol=1e-4)


def test_a_solution_is_its_own_warm_start(engine):
    """Started from its dual variables a solution stays where it is."""
    X, Y = problem()
    first = coordinate.fit(X, Y, epochs=600, tol=1e-5)
    again = coordinate.fit(X, Y, alpha=first.alpha, epochs=1)
    assert np.allclose(first.weights, again.weights, atol=1e-4)
    assert np.allclose(first.intercept, again.intercept, atol=1e-4)


def ratios(X, Y):
    """Return the function from rows to the multipliers (d, L) learned from them."""

    def of(rows):
        positive = X[rows].T @ Y[rows].astype(np.float32) + 1
        negative = X[rows].T @ (~Y[rows]).astype(np.float32) + 1
        return (np.log(positive / positive.sum(0)) - np.log(negative / negative.sum(0))) ** 2

    return of


@pytest.mark.parametrize("scaled", [False, True])
def test_a_fold_is_judged_by_a_machine_that_has_not_seen_it(engine, scaled):
    """Exact out-of-fold margins are those of a machine fitted on the other folds' rows, on any number of threads."""
    X, Y = problem(labels=20)
    folds = np.arange(len(Y)) % 4
    scale = ratios(X, Y) if scaled else None
    options = {"epochs": 4, "tol": 0.0}
    one, two = (
        coordinate.out_of_fold(X, Y, folds, scale=scale, exact=True, threads=threads, **options).margins
        for threads in (1, 2)
    )
    assert np.array_equal(one, two)
    for fold in range(4):
        held = folds == fold
        other = coordinate.fit(X, Y, scale=scale(~held) if scale else None, rows=~held, **options)
        assert np.allclose(one[held], X[held] @ other.weights + other.intercept, atol=1e-4)


@pytest.mark.parametrize("scaled", [False, True])
def test_quick_folds_agree_with_full_trainings(engine, scaled):
    """Out-of-fold margins by two epochs from the full solution rank as those of k full trainings."""
    X, Y = problem(n=200, labels=3)
    folds = np.arange(len(Y)) % 4
    folds[:5] = -1
    scale = ratios(X, Y) if scaled else None
    quick = coordinate.out_of_fold(X, Y, folds, scale=scale, tol=1e-4, refresh=3)
    exact = coordinate.out_of_fold(X, Y, folds, scale=scale, tol=1e-4, exact=True, epochs=200)
    for k in range(3):
        assert np.corrcoef(quick.margins[:, k], exact.margins[:, k])[0, 1] > 0.98
    seen = X[:5] @ quick.full.weights + quick.full.intercept
    assert np.allclose(quick.margins[:5], seen, atol=1e-5)


@pytest.mark.skipif(native._compiled is None, reason="no kernel")
def test_the_kernel_takes_numpys_steps(monkeypatch):
    """Compiled and NumPy descents visit in the same order and arrive at the same weights."""
    X, Y = problem(labels=20)
    found = {}
    for engine in ("c", "numpy"):
        monkeypatch.setenv("TAGGER_ENGINE", engine)
        found[engine] = coordinate.fit(X, Y, epochs=3, tol=0.0)
    assert np.allclose(found["c"].weights, found["numpy"].weights, atol=1e-5)


def test_threads_change_nothing(engine):
    """The result does not depend on the number of threads."""
    X, Y = problem(labels=40)
    one, two = (coordinate.fit(X, Y, epochs=5, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.weights, two.weights)


def test_broken_matrices_are_refused(engine):
    """A matrix whose indices point outside is refused before anything reads it."""
    X, Y = problem()
    X.indices[3] = X.shape[1] + 7
    with pytest.raises(ValueError, match="CSR"):
        coordinate.fit(X, Y)
    with pytest.raises(ValueError, match="shape"):
        coordinate.fit(problem()[0], Y[:-1])
    with pytest.raises(ValueError, match="positive"):
        coordinate.fit(problem()[0], Y, C=0)


def test_no_features_and_no_texts_are_no_errors(engine):
    """Empty problems have empty or constant solutions."""
    empty = coordinate.fit(sp.csr_matrix((0, 4), dtype=np.float32), np.zeros((0, 2), bool))
    assert empty.weights.shape == (4, 2)
    blank = coordinate.fit(sp.csr_matrix((6, 4), dtype=np.float32), np.ones((6, 2), bool))
    assert (blank.intercept > 0).all()
