"""The choice of C and of the mixture."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import average_precision_score

from tagger import ensemble


def test_ranking_is_average_precision():
    """Over all pairs, as scikit-learn has it."""
    rng = np.random.default_rng(0)
    Y = rng.random((200, 4)) < 0.2
    margins = rng.normal(size=Y.shape) + Y
    assert ensemble.ranking(margins, Y) == pytest.approx(average_precision_score(Y.ravel(), margins.ravel()))


def test_ranking_of_next_to_nothing():
    """One positive in all, and none, are figures too."""
    Y = np.zeros((5, 2), bool)
    assert ensemble.ranking(np.zeros((5, 2)), Y) == 0
    Y[0, 0] = True
    assert ensemble.ranking(Y.astype(float), Y) == 1


def test_the_second_thought_is_taken_where_it_is_better():
    """Where two views are no better than one, the mean of three is, if it says so out of fold."""
    rng = np.random.default_rng(0)
    Y = rng.random((500, 3)) < 0.3

    def margins(noise):
        return (Y * 2 - 1 + rng.normal(0, noise, Y.shape)).astype(np.float32)

    for plain, count in ((0.3, 3), (3.0, 2)):
        known = {
            learner: ensemble.Trained(learner, 1.0, margins(plain if learner.power == 0 else 0.7), None)
            for learner in ensemble.SECOND_THOUGHT
        }
        known[ensemble.MIXTURE[1]].margins[:] = known[ensemble.MIXTURE[0]].margins  # nothing new

        class Fake(ensemble.Trainer):
            def train(self, learner, C, known=known):
                del C
                return known[learner]

            def possible(self, learner):
                del learner
                return True

        trainer = Fake([None, None], Y, rng.integers(0, 5, len(Y)))
        assert len(ensemble.train(trainer, 1.0)) == count


def test_a_sample_stands_for_all_texts(monkeypatch):
    """Where some texts are asked for C, each counts for more: by the root of how many more there are."""
    monkeypatch.setattr(ensemble, "_PILOT_TEXTS", 100)
    rng = np.random.default_rng(0)
    Y = rng.random((900, 3)) < 0.3
    X = sparse.random(900, 20, density=0.3, format="csr", dtype=np.float32, random_state=0)
    asked = []

    class Watched(ensemble.Trainer):
        def train(self, learner, C):
            asked.append((len(self.Y), C))
            return super().train(learner, C)

    found = Watched([X], Y, rng.integers(0, 5, len(Y))).best_cost(ensemble.Learner(0, 0.0))
    assert found in ensemble.C_GRID
    assert {size for size, _ in asked} == {100}
    assert all(min(abs(C - 3 * grid) for grid in ensemble.C_GRID) < 1e-9 for _, C in asked)
