"""The choice of C and of the mixture."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from tagger import ensemble


def test_ranking_is_average_precision():
    """By label and over all pairs, as scikit-learn has it; labels with two positives are left out of the former."""
    rng = np.random.default_rng(0)
    Y = rng.random((200, 4)) < 0.2
    Y[:, 3] = False
    Y[:2, 3] = True
    margins = rng.normal(size=Y.shape) + Y
    mine = np.mean([average_precision_score(Y[:, j], margins[:, j]) for j in range(3)])
    assert ensemble.ranking(margins, Y) == pytest.approx(mine + average_precision_score(Y.ravel(), margins.ravel()))


def test_ranking_of_next_to_nothing():
    """One positive in all, and none, are figures too."""
    Y = np.zeros((5, 2), bool)
    assert ensemble.ranking(np.zeros((5, 2)), Y) == 0
    Y[0, 0] = True
    assert ensemble.ranking(Y.astype(float), Y) == 1
