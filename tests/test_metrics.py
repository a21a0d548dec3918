"""Figures of merit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from tagger import metrics

tags = arrays(np.bool_, st.tuples(st.integers(2, 12), st.integers(1, 4)))


def both(seed: int = 0, n: int = 40, labels: int = 5):
    """Return truth, tags with a fifth of them flipped, and articles."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, labels)) < 0.3
    flipped = rng.random((n, labels)) < 0.2
    return truth, truth ^ flipped, rng.integers(0, 8, n)


@settings(max_examples=60)
@given(tags, st.randoms(use_true_random=False))
def test_tally_equals_scikit_learn(truth, random):
    """The sums by article, each article drawn once, give the very figures of scikit-learn."""
    guessed = np.array([[random.random() < 0.5 for _ in row] for row in truth], dtype=bool)
    cluster = np.array([random.randrange(3) for _ in truth])
    tally = metrics.Tally.of(truth, guessed, cluster)
    found = {k: v[0] for k, v in tally.figures(np.ones((1, len(tally.n)))).items()}
    wanted = metrics.set_figures(truth, guessed)
    for average in ("micro", "macro", "weighted", "samples"):
        for figure in ("precision", "recall", "f1"):
            expected = getattr(getattr(wanted, average), figure)
            assert found[f"{average}.{figure}"] == pytest.approx(expected, nan_ok=True)
    assert found["exact"] == pytest.approx(wanted.exact)
    assert found["hamming"] == pytest.approx(wanted.hamming)
    for figure in ("precision", "recall", "f1"):
        assert found[f"label.{figure}"] == pytest.approx(getattr(wanted, figure), nan_ok=True)


def test_a_label_nobody_used_is_left_out_of_macro():
    """A label neither true nor given does not pull the macro average to 0."""
    truth = np.array([[1, 0, 0], [1, 1, 0]], dtype=bool)
    assert metrics.set_figures(truth, truth).macro.f1 == 1.0
    assert metrics.judged_labels(truth, truth).tolist() == [0, 1]


def test_a_wrong_tag_of_an_unused_label_counts():
    """A tag of a label that is never true lowers precision: columns are the taxonomy's, not those seen."""
    truth = np.array([[1, 0], [1, 0]], dtype=bool)
    guessed = np.array([[1, 1], [1, 1]], dtype=bool)
    figures = metrics.set_figures(truth, guessed)
    assert figures.micro.precision == 0.5
    assert figures.macro.f1 == 0.5


def test_a_rightly_untagged_text_counts_as_right():
    """No label and no tag is 1 in the averages over texts; no label and a tag, or the reverse, is 0."""
    truth = np.array([[0, 0], [0, 0], [1, 0]], dtype=bool)
    guessed = np.array([[0, 0], [1, 0], [0, 0]], dtype=bool)
    assert metrics.set_figures(truth, guessed).samples.f1 == pytest.approx(1 / 3)


def test_nothing_to_judge_is_nan_and_no_warning():
    """Without a true or a given tag, averages are NaN; no text at all is no error."""
    empty = np.zeros((3, 2), dtype=bool)
    assert np.isnan(metrics.set_figures(empty, empty).micro.f1)
    none = np.zeros((0, 2), dtype=bool)
    assert np.isnan(metrics.set_figures(none, none).exact)
    assert np.isnan(metrics.lrap(empty, empty.astype(float)))
    assert np.isnan(metrics.average_precision(empty, empty.astype(float))).all()
    assert np.isnan(metrics.expected_calibration_error(metrics.reliability(none, none.astype(float))))


def test_a_single_label_is_not_read_as_binary():
    """With one label, figures are of the label, not of its absence too."""
    truth = np.array([[1], [0], [1]], dtype=bool)
    guessed = np.array([[1], [1], [0]], dtype=bool)
    figures = metrics.set_figures(truth, guessed)
    assert figures.micro.f1 == figures.macro.f1 == 0.5
    assert figures.f1.tolist() == [0.5]


def test_micro_and_macro_are_scikit_learns():
    """On ordinary data the figures are f1_score's."""
    truth, guessed, _ = both()
    figures = metrics.set_figures(truth, guessed)
    assert figures.micro.f1 == pytest.approx(f1_score(truth, guessed, average="micro"))
    assert figures.macro.f1 == pytest.approx(f1_score(truth, guessed, average="macro"))


def test_rankings():
    """P@k, LRAP and nDCG look at texts that bear a label only."""
    truth = np.array([[1, 0, 1], [0, 1, 0], [0, 0, 0]], dtype=bool)
    scores = np.array([[0.9, 0.1, 0.8], [0.9, 0.5, 0.1], [0.9, 0.9, 0.9]])
    assert metrics.precision_at(truth, scores, 1) == 0.5
    assert metrics.precision_at(truth, scores, 3) == pytest.approx(0.5)
    assert np.isnan(metrics.precision_at(truth, scores, 5))
    assert metrics.lrap(truth, scores) == pytest.approx(0.75)
    assert 0.5 < metrics.ndcg_at(truth, scores, 5) < 1


def test_calibration_of_true_probabilities():
    """Scores that are the probabilities have no calibration error; constant ones have their bias."""
    rng = np.random.default_rng(0)
    scores = rng.random((4000, 4))
    truth = rng.random(scores.shape) < scores
    assert metrics.expected_calibration_error(metrics.reliability(truth, scores)) < 0.02
    assert metrics.brier(truth, scores) == pytest.approx(1 / 6, abs=0.01)
    certain = np.ones((10, 2))
    bins = metrics.reliability(np.zeros((10, 2), dtype=bool), certain)
    assert bins[-1].n == 20
    assert metrics.expected_calibration_error(bins) == 1.0


def test_intervals_hold_the_figure_and_widen_with_clusters():
    """The interval holds the point; paragraphs alike within articles widen it."""
    rng = np.random.default_rng(1)
    truth = np.ones((400, 1), dtype=bool)
    guessed = np.repeat(rng.random(40) < 0.7, 10)[:, None]
    article = np.repeat(np.arange(40), 10)
    together = metrics.intervals(metrics.Tally.of(truth, guessed, article))["micro.f1"]
    alone = metrics.intervals(metrics.Tally.of(truth, guessed, np.arange(400)))["micro.f1"]
    point = metrics.set_figures(truth, guessed).micro.f1
    assert together[0] < point < together[1]
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_one_article_has_no_interval():
    """A single article says nothing about the next: NaN."""
    truth, guessed, _ = both()
    found = metrics.intervals(metrics.Tally.of(truth, guessed, np.zeros(len(truth), dtype=int)))
    assert np.isnan(found["macro.f1"]).all()
    assert found["label.f1"].shape == (2, 5)


def test_paired_difference():
    """A system against itself differs by nothing; a better one's interval lies above 0."""
    truth, guessed, article = both(n=200)
    ours, theirs = metrics.Tally.of(truth, truth, article), metrics.Tally.of(truth, guessed, article)
    assert metrics.paired(theirs, theirs, "micro.f1") == (0.0, metrics.Interval(0.0, 0.0), 1.0)
    difference, interval, not_above = metrics.paired(ours, theirs, "micro.f1")
    assert 0 < interval.low < difference < interval.high
    assert not_above == 0.0
    with pytest.raises(ValueError, match="different articles"):
        metrics.paired(ours, metrics.Tally.of(truth, guessed, np.arange(len(truth))), "micro.f1")


def test_resampling_is_reproducible_and_bounded():
    """The same seed draws the same articles, in blocks that fit in memory."""
    blocks = list(metrics.weights(3_000_000, 3, 0))
    assert [len(block) for block in blocks] == [1, 1, 1]
    first = np.concatenate(list(metrics.weights(5, 10, 7)))
    assert (first == np.concatenate(list(metrics.weights(5, 10, 7)))).all()
    assert (first.sum(axis=1) == 5).all()


def test_pairs():
    """Co-occurrence counts both labels on a text; a confusion is a miss beside a wrong tag."""
    truth = np.array([[1, 1, 0], [1, 0, 0]], dtype=bool)
    guessed = np.array([[1, 0, 1], [0, 0, 1]], dtype=bool)
    assert metrics.cooccurrence(truth).tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 0]]
    assert metrics.confusions(truth, guessed).tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 0]]


def test_curve_is_thinned_and_keeps_its_ends():
    """A drawn curve has at most about ``most`` points and reaches full recall."""
    rng = np.random.default_rng(0)
    truth = rng.random(5000) < 0.3
    recall, precision = metrics.curve(truth, np.clip(rng.normal(truth * 0.4, 0.3), 0, 1), most=40)
    assert len(recall) == len(precision) <= 43
    assert recall[0] == 0
    assert recall[-1] == 1
    assert metrics.curve(np.zeros(3, dtype=bool), np.zeros(3))[0].size == 0
