"""Folds are balanced by label and never tear a unit apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import folds


def random_labels(n, rates, seed):
    return np.random.default_rng(seed).random((n, len(rates))) < rates


@pytest.mark.parametrize("seed", range(3))
def test_labels_are_spread(seed):
    """Every fold holds its share of every label, the rare ones too."""
    Y = random_labels(600, [0.5, 0.1, 0.02], seed)
    fold = folds.assign(Y, 5, random_state=seed)
    for label in range(3):
        counts = np.bincount(fold[Y[:, label]], minlength=5)
        assert counts.max() - counts.min() <= max(2, 0.1 * counts.mean())
    assert np.ptp(np.bincount(fold)) <= 30


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(2, 6), st.integers(0, 99))
def test_units_stay_together(units, k, seed):
    """Texts of one unit share a fold, and the folds are a function of the arguments."""
    Y = random_labels(len(units), [0.3, 0.3], seed)
    fold = folds.assign(Y, k, units=np.array(units), random_state=seed)
    for unit in set(units):
        assert len({f for f, u in zip(fold, units, strict=True) if u == unit}) == 1
    assert fold.tolist() == folds.assign(Y, k, units=np.array(units), random_state=seed).tolist()
    assert set(fold) <= set(range(k))


def test_near_duplicates_tie_groups():
    """Two articles that share a text are one unit."""
    story = "the port of zarnow signed a loan of forty million dollars with a foreign bank on monday morning"
    unit = folds.tied([story, "something else entirely", story + ".", "a third thing"], ["a", "a", "b", "c"])
    assert unit[0] == unit[1] == unit[2] != unit[3]


def test_nothing_to_deal():
    """No text gives no fold."""
    assert folds.assign(np.zeros((0, 2), bool), 3).tolist() == []
    assert folds.tied([], []).tolist() == []
