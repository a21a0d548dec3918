"""Stacking on the margins of the other labels."""

import numpy as np
import pytest

from tagger import TopicClassifier, ensemble, stacking
from tagger.coordinate import Solution


def dependent(n=1500, seed=0):
    """Label 1 goes with label 0, whose margins are good; its own are poor."""
    rng = np.random.default_rng(seed)
    first = rng.random(n) < 0.3
    Y = np.stack([first, np.where(rng.random(n) < 0.9, first, ~first), rng.random(n) < 0.3], axis=1)
    margins = (Y * 2 - 1) * 0.8 + rng.normal(0, (0.3, 2.0, 0.7), (n, 3))
    return margins.astype(np.float32), Y, rng.integers(0, 5, n)


def test_it_learns_what_labels_say_of_each_other():
    """A label whose margins are poor takes from the one it goes with, and not from the one it does not."""
    margins, Y, folds = dependent()
    stack, stacked = stacking.learn(margins, Y, folds)
    assert stack.A[0, 1] > 0.2
    assert abs(stack.A[2, 1]) < 0.1
    assert ensemble.ranking(stacked[:, 1:2], Y[:, 1:2]) > ensemble.ranking(margins[:, 1:2], Y[:, 1:2]) + 0.1


def test_margins_stay_out_of_fold():
    """A text's stacked margins do not depend on the labels of its own fold."""
    margins, Y, folds = dependent()
    _, before = stacking.learn(margins, Y, folds)
    changed = Y.copy()
    changed[np.flatnonzero(folds == 0)[:50]] ^= True
    _, after = stacking.learn(margins, changed, folds)
    np.testing.assert_allclose(before[folds == 0], after[folds == 0], atol=1e-5)
    assert np.abs(before - after)[folds != 0].max() > 1e-3


def test_it_is_the_ridge_regression():
    """The sums of folds give what scikit-learn's regression of the hinge's pull gives, less for rare labels."""
    from sklearn.linear_model import Ridge

    margins, Y, folds = dependent()
    stack, _ = stacking.learn(margins, Y, folds)
    y = np.where(Y, 1.0, -1.0)
    pull = np.where(y * margins < 1, y - margins, 0)
    by_hand = Ridge(alpha=0.03 * len(Y)).fit(margins, pull)
    np.testing.assert_allclose(stack.A, by_hand.coef_.T * (Y.sum(axis=0) / (Y.sum(axis=0) + 10)), atol=1e-5)


def test_off_where_it_ranks_no_better_or_texts_are_few():
    """Labels that know nothing of each other, few texts, and one label are left alone."""
    margins, Y, folds = dependent()
    assert stacking.learn(margins[:300], Y[:300], folds[:300]) is None
    assert stacking.learn(margins[:, :1], Y[:, :1], folds) is None
    sure = np.where(Y, np.float32(2), np.float32(-2))
    assert stacking.learn(sure, Y, folds) is None


def test_labels_of_no_text_and_of_all():
    """They keep finite margins, and no other label leans on them."""
    margins, Y, folds = dependent()
    margins = np.concatenate([margins, np.full((len(Y), 1), -1), np.full((len(Y), 1), 1)], axis=1, dtype=np.float32)
    Y = np.concatenate([Y, np.zeros((len(Y), 1), bool), np.ones((len(Y), 1), bool)], axis=1)
    stack, stacked = stacking.learn(margins, Y, folds)
    assert np.isfinite(stacked).all()
    assert np.abs(stack.A[3:]).max() < 1e-5
    np.testing.assert_allclose(stacked[:, 3:], margins[:, 3:], atol=1e-3)


def test_weights_are_turned_in_steps(monkeypatch):
    """Weights that are turned by rows give the stacked margins, whatever the number of rows at a time."""
    monkeypatch.setattr(stacking, "_ROWS", 7)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 40)).astype(np.float32)
    members = [
        ensemble.Trained(
            ensemble.Learner(0, 0.0),
            1.0,
            np.zeros((30, 3), np.float32),
            Solution(
                rng.normal(size=(40, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32), np.zeros((0, 3))
            ),
        )
        for _ in range(2)
    ]

    def mean():
        return np.mean([X @ member.full.weights + member.full.intercept for member in members], axis=0)

    stack = stacking.Stack(rng.normal(size=(3, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32))
    expected = stack(mean())
    stack.turn(members)
    np.testing.assert_allclose(mean(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("fast", [False, True])
def test_the_model_stores_the_stack(monkeypatch, fast):
    """Margins of the one matrix are the learners' mean, stacked, to 1e-6; cuts see the stacked margins."""
    figures = iter((1.0, 0.0))  # of the stacked margins and of the others: it is taken
    monkeypatch.setattr(stacking, "ranking", lambda margins, Y: next(figures))
    rng = np.random.default_rng(0)
    words = [[f"word{j}x{i}" for i in range(12)] for j in range(3)]
    Y = dependent(500)[1]
    texts = [
        " ".join([w for j in (0, 2) if y[j] for w in rng.choice(words[j], 4)] + list(rng.choice(words[1], 4)))
        for y in Y
    ]
    kept = {}
    learn, train = stacking.learn, ensemble.train

    def spy(margins, Y, folds):
        kept["before"] = [(m.learner.view, m.full.weights.copy(), m.full.intercept.copy()) for m in kept["members"]]
        kept["stack"], kept["margins"] = learn(margins, Y, folds)
        return kept["stack"], kept["margins"]

    def keep(trainer, C):
        kept["views"], kept["members"] = trainer.views, train(trainer, C)
        return kept["members"]

    monkeypatch.setattr(stacking, "learn", spy)
    monkeypatch.setattr(ensemble, "train", keep)
    model = TopicClassifier(fast=fast).fit(texts, Y)
    assert model.report_["stacked"]
    np.testing.assert_array_equal(model.oof_margins_, kept["margins"])
    by_hand = np.mean([kept["views"][v].astype(np.float64) @ w + b for v, w, b in kept["before"]], axis=0)
    by_hand = by_hand + by_hand @ kept["stack"].A + kept["stack"].b
    np.testing.assert_allclose(model.decision_function(texts), by_hand, atol=1e-6)
