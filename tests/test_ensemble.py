"""The choice of C and of the mixture."""

import numpy as np
import pytest
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
