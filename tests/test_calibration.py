"""Cuts and scores come from margins and stay sane where a label is rare."""

import numpy as np
import pytest

from tagger import calibration


def margins_of(Y, noise, seed=0):
    return Y * 2.0 - 1 + np.random.default_rng(seed).normal(0, noise, Y.shape)


@pytest.fixture
def Y():  # noqa: N802 - the field's name
    return np.random.default_rng(1).random((2000, 3)) < [0.3, 0.05, 0.005]


def test_cuts_are_near_the_best(Y):
    """On the margins they were learned from, cuts lose little to the best F1 of each label."""
    M = margins_of(Y, 0.6)
    cuts = calibration.learn_cuts(M, Y)
    for j in range(2):
        best = max(calibration.f1(Y[:, [j]], M[:, [j]] >= c)[0] for c in np.quantile(M[:, j], np.linspace(0.5, 1, 300)))
        assert calibration.f1(Y[:, [j]], M[:, [j]] >= cuts[j])[0] >= best - 0.03


def test_rare_labels_take_the_cut_of_their_size():
    """A label with one positive is cut where labels of its size are, not at its own accident."""
    rng = np.random.default_rng(0)
    Y = np.zeros((400, 20), bool)
    Y[np.arange(20), np.arange(20)] = True
    M = rng.normal(-1, 0.1, Y.shape)
    M[Y] = 0.0
    M[19, 19] = 5.0
    assert calibration.learn_cuts(M, Y)[19] < 1.0


def test_no_positive_is_never_tagged():
    """A label without a positive is cut out of reach."""
    Y = np.zeros((10, 2), bool)
    Y[:5, 0] = True
    assert calibration.learn_cuts(margins_of(Y, 0.1), Y)[1] == calibration.NEVER


def test_all_positive_is_always_tagged():
    """A label that every text bears is cut below every margin."""
    Y = np.ones((10, 1), bool)
    M = np.linspace(0.1, 1, 10)[:, None]
    assert (calibration.learn_cuts(M, Y) <= M).all()


def test_cuts_do_not_jump_with_the_draw(Y):
    """From draw to draw of texts a cut moves less than the best cut of each draw does."""
    M = margins_of(Y, 0.6)
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(Y), len(Y)) for _ in range(20)]
    steady, best = [], []
    for rows in draws:
        ladders = [calibration._ladder(M[rows, j], Y[rows, j]) for j in range(2)]
        best.append(
            [
                ladder.cut[(ladder.hits / (Y[rows, j].sum() + ladder.tagged)).argmax()]
                for j, ladder in enumerate(ladders)
            ]
        )
        steady.append(calibration.learn_cuts(M[rows], Y[rows])[:2])
    assert (np.std(steady, axis=0) < 0.8 * np.std(best, axis=0)).all()


def test_few_texts_that_tell_nothing_are_nearly_all_tagged():
    """Of margins that know nothing, counts invent a cut; scores tag nearly all, which is the best that can be done."""
    tagged = {}
    for lean in (1.0, 0.0):
        shares = []
        for seed in range(20):
            rng = np.random.default_rng(seed)
            Y, M = rng.random((40, 6)) < 0.25, rng.normal(-0.6, 0.2, (40, 6))
            cuts = calibration.learn_cuts(M, Y, lean=lean)
            shares.append((rng.normal(-0.6, 0.2, (1000, 6)) >= cuts).mean())
        tagged[lean] = np.mean(shares)
    assert tagged[1.0] > 0.8 > tagged[0.0]


def test_margins_without_a_difference_have_a_cut():
    """A label whose margins are all equal is tagged everywhere or nowhere, beside one that is learned."""
    rng = np.random.default_rng(0)
    Y = np.column_stack([rng.random(5000) < 0.3, np.arange(5000) == 0])
    M = margins_of(Y, 0.1)
    M[:, 1] = -1.0
    cuts = calibration.learn_cuts(M, Y)
    assert np.isfinite(cuts).all()
    assert (cuts <= M)[:, 1].mean() in (0, 1)


def test_scores_have_no_say_where_texts_are_many():
    """From some 1,500 texts on, cuts are those of the counts."""
    rng = np.random.default_rng(0)
    Y = rng.random((2000, 3)) < 0.2
    M = margins_of(Y, 0.8)
    np.testing.assert_array_equal(calibration.learn_cuts(M, Y), calibration.learn_cuts(M, Y, lean=0.0))
    few, none = (calibration.learn_cuts(M[:200], Y[:200], lean=lean) for lean in (1.0, 0.0))
    assert (few != none).any()
    half = calibration.learn_cuts(M[:200], Y[:200], lean=[0.5, 0.0, 1.0])
    np.testing.assert_allclose(half, [(few + none)[0] / 2, none[1], few[2]])


@pytest.mark.parametrize("n", [300, 6000])
def test_scores_are_calibrated_and_rise(n):
    """Scores rise with the margin, lie in [0, 1], and mean what they say (sigmoid and knots)."""
    rng = np.random.default_rng(0)
    M = rng.normal(-0.5, 1, (n, 2))
    Y = rng.random((n, 2)) < 1 / (1 + np.exp(-2 * M))
    curves = calibration.learn_scores(M, Y)
    assert (curves.knots[0] is not None) == (n == 6000)
    given = calibration.scores(curves, M)
    grid = calibration.scores(curves, np.repeat(np.linspace(-9, 9, 500)[:, None], 2, axis=1))
    assert (np.diff(grid, axis=0) >= -1e-12).all()
    assert grid.min() >= 0
    assert grid.max() <= 1
    for low in (0.1, 0.5, 0.8):
        some = (given >= low) & (given < low + 0.2)
        assert abs(given[some].mean() - Y[some].mean()) < 0.08


def test_rare_scores_lean_on_the_common_curve():
    """The slope of a label with one positive, which alone would be without bounds, stays near the common one."""
    Y = np.zeros((200, 2), bool)
    Y[:50, 0] = Y[0, 1] = True
    M = margins_of(Y, 0.7)
    M[0, 1] = 4.0
    slope = calibration.learn_scores(M, Y).slope
    assert slope[1] < 3 * slope[0]


def test_nothing_to_learn_from():
    """Empty margins give curves all the same."""
    curves = calibration.learn_scores(np.zeros((0, 2)), np.zeros((0, 2), bool))
    assert calibration.scores(curves, np.zeros((3, 2))).shape == (3, 2)
