"""Out-of-fold margins -> per-label cuts and calibrated scores, each shrunk where a label is rare.

Cuts: coordinate ascent on micro-F1 + macro-F1 from the best common cut, then the mean of all cuts about as good
(:func:`_mean_of_good`): the very best is an accident of a few texts. Where a label is rare even that mean is, so it
is shrunk towards the cut that serves the labels of its size best: the margins of rare labels lie lower, and the
common cut would never tag them. Of a few hundred texts the counts behind a cut say less than two numbers
of a sigmoid: there the cut is the one that would be best if the scores were true.

Scores: Platt's sigmoid (Platt 1999), slope and offset shrunk towards those of all labels; a label with many
positives gets isotonic knots (Zadrozny & Elkan 2002) on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tagger.linear import Calibration

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Margins = NDArray[np.floating]
    Indicators = NDArray[np.bool_]

#: The cut of a label that must never be tagged: no margin reaches it, and it is a plain number in JSON.
NEVER = 1e9

#: Positives at which a label's own cut and the cut of its size weigh the same.
_OWN_CUT = 10.0
#: Widths of "its size", in the logarithm of the number of positives.
_SIZE_WIDTH = 0.7
_GRID = 400
#: A cut that tags ten times as many texts as bear the label, and so many more, has an F1 under .2: not worth a look.
_BEYOND = 500
#: What a cut may lose and still count for 1 / e of the best: this times the root of the label's positives, in texts.
#: Noise of F1 goes with that root. From .1 to .3 cuts are better than without on news, paragraphs, comments and the
#: seed corpus alike (cross-validated on training texts).
_SLACK = 0.2
#: Texts at which the cut of the counts and the cut of the scores weigh the same; the scores' share falls with the
#: square, and below 1 / _LEAST_SHARE it is not worth the time. Between 250 and 400 figures hardly differ.
_COUNTED = 300.0
_LEAST_SHARE = 25.0

#: Weight of the common sigmoid, in the units of the log-likelihood's curvature (about texts near the cut).
_SHRINK = 4.0
#: Positives (and negatives) from which knots are worth more than a sigmoid.
_ISOTONIC = 400
_MOST_KNOTS = 24


class _Ladder(NamedTuple):
    """The cuts worth trying for one label, from none tagged to all."""

    tagged: NDArray[np.int64]  # how many texts each cut tags
    hits: NDArray[Any]  # how many of them rightly, or may be expected to
    cut: NDArray[np.float64]


def learn_cuts(margins: Margins, Y: Indicators, *, lean: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Return the cut of each label, (L,); NEVER for a label with no positive.

    Args:
        margins: (n, L), out of fold.
        Y: (n, L).
        lean: how much the cut of a label leans on scores where texts are few; one number or (L,), in [0, 1].

    """
    M = np.asarray(margins, np.float64)
    Y = np.asarray(Y, bool)
    positives = Y.sum(axis=0)
    cuts = np.full(M.shape[1], NEVER)
    seen = positives > 0
    if not seen.any():
        return cuts
    M, Y = M[:, seen], Y[:, seen]
    ranked = np.sort(np.asarray(margins)[:, seen].T, axis=1)  # the single precision that margins have sorts faster
    own = _ascend(M, Y, steady=True, ranked=ranked)
    alike = _cuts_by_size(M, Y, ranked)
    weight = positives[seen] / (positives[seen] + _OWN_CUT)
    by_count = weight * own + (1 - weight) * alike
    ratio = (len(Y) / _COUNTED) ** 2
    if ratio < _LEAST_SHARE:
        share = np.broadcast_to(np.asarray(lean, np.float64), cuts.shape)[seen] / (ratio + 1)
        by_count = (1 - share) * by_count + share * _cuts_by_score(M, Y)
    cuts[seen] = by_count
    return cuts


def f1(Y: Indicators, given: Indicators) -> tuple[float, float]:
    """Return micro-F1 and macro-F1 over all columns; a label neither true nor given counts 0."""
    hits = (Y & given).sum(axis=0)
    both = Y.sum(axis=0) + given.sum(axis=0)
    macro = np.divide(2.0 * hits, both, out=np.zeros(len(hits)), where=both > 0).mean()
    return float(2 * hits.sum() / max(both.sum(), 1)), float(macro)


def common_cut(M: Margins, Y: NDArray[Any]) -> float:
    """Return the one cut that gives the best micro-F1 (Y holds a positive, or chances of one)."""
    flat, truth = np.asarray(M, np.float64).ravel(), Y.ravel()
    order = _highest(flat, 10 * int(Y.sum()) + _BEYOND)
    hits = np.cumsum(truth[order])
    best = int((2 * hits / (np.arange(1, len(order) + 1) + truth.sum())).argmax())
    return float((flat[order[best]] + flat[order[min(best + 1, len(order) - 1)]]) / 2)


def _highest(
    values: NDArray[np.float64], most: int, ranked: NDArray[np.floating[Any]] | None = None
) -> NDArray[np.int64]:
    """Return the places of that many highest values, falling.

    Ties with the last one come along: a cut cannot part them. ``ranked``: the values rising, where they are known.
    """
    if most >= len(values):
        return np.argsort(-values, kind="stable")
    chosen = np.flatnonzero(values >= (np.partition(values, -most) if ranked is None else ranked)[-most])
    return chosen[np.argsort(-values[chosen], kind="stable")]


def _ladder(m: NDArray[np.float64], y: NDArray[Any], ranked: NDArray[np.floating[Any]] | None = None) -> _Ladder:
    order = _highest(m, 10 * int(y.sum()) + _BEYOND, ranked)
    s = m[order]
    hits = np.concatenate([[0], np.cumsum(y[order])])
    rungs = np.flatnonzero(np.concatenate([[True], s[1:] < s[:-1], [True]]))  # never between equal margins
    # The outermost cuts stay near the margins: an average with them must not fly off.
    cut = np.concatenate([[s[0] + 1e-3], (s[1:] + s[:-1]) / 2, [s[-1] - 1e-3]])
    return _Ladder(rungs, hits[rungs], cut[rungs])


def _ascend(
    M: NDArray[np.float64],
    Y: NDArray[Any],
    rounds: int = 8,
    *,
    steady: bool = False,
    ranked: NDArray[np.floating[Any]] | None = None,
) -> NDArray[np.float64]:
    """Coordinate ascent on micro-F1 + macro-F1: exact for each label given the others.

    Args:
        M: (n, L).
        Y: (n, L), bool, or the chance that a text bears a label: then F1 is what is to be expected.
        rounds: at most.
        steady: return the mean of the cuts about as good as each label's best.
        ranked: (L, n), the margins of each label, rising, where they are known.

    """
    L = M.shape[1]
    positives = Y.sum(axis=0)
    columns, truth = np.ascontiguousarray(M.T), np.ascontiguousarray(Y.T)
    ladders = [_ladder(columns[j], truth[j], None if ranked is None else ranked[j]) for j in range(L)]
    start = common_cut(M, Y)
    at = [min(int(np.searchsorted(-ladder.cut, -start)), len(ladder.cut) - 1) for ladder in ladders]
    hits = float(sum(ladder.hits[i] for ladder, i in zip(ladders, at, strict=True)))
    tagged = float(sum(ladder.tagged[i] for ladder, i in zip(ladders, at, strict=True)))

    def figures(j: int) -> NDArray[np.float64]:
        """Return what each rung of a label would make of micro-F1 + macro-F1, given the others' cuts."""
        ladder = ladders[j]
        other_hits, other_tagged = hits - ladder.hits[at[j]], tagged - ladder.tagged[at[j]]
        micro = 2 * (other_hits + ladder.hits) / (positives.sum() + other_tagged + ladder.tagged)
        macro = 2 * ladder.hits / (positives[j] + ladder.tagged) / L
        return np.asarray(micro + macro)

    for _ in range(rounds):
        before = list(at)
        for j, ladder in enumerate(ladders):
            best = int(figures(j).argmax())
            hits += float(ladder.hits[best] - ladder.hits[at[j]])
            tagged += float(ladder.tagged[best] - ladder.tagged[at[j]])
            at[j] = best
        if at == before:
            break
    if steady:
        return np.array([_mean_of_good(ladders[j], figures(j) * L, int(positives[j])) for j in range(L)])
    return np.array([ladder.cut[i] for ladder, i in zip(ladders, at, strict=True)])


def _mean_of_good(ladder: _Ladder, figures: NDArray[np.float64], positives: int) -> float:
    """Return the mean of a label's cuts, each with the weight that its figure leaves it.

    A Gibbs posterior (Bissiri, Holmes & Walker 2016, "A general framework for updating belief distributions"): the
    loss takes the place of the likelihood, and cuts are equally likely beforehand. Hence a rung counts for the width
    of the margins between its neighbours. The curve of F1 over cuts is flat and ragged at its top; its argmax jumps
    with every draw of texts, the mean does not.

    Args:
        ladder: of the label.
        figures: (rungs,), what is ascended on, times the number of labels: a text more or less moves it by about
            2 / positives.
        positives: of the label.

    """
    cut, best = ladder.cut, int(figures.argmax())
    # All: that rung has no width, and the mean would take it back. Nor is there a mean of none and all.
    if best == len(cut) - 1 or len(cut) < 3:
        return float(cut[best])
    lost = (figures[1:-1].max(initial=-np.inf) - figures[1:-1]) * positives / 2  # in texts
    weight = np.exp(-lost / (_SLACK * np.sqrt(positives))) * (cut[:-2] - cut[2:])
    return float(weight @ cut[1:-1] / weight.sum())


def _cuts_by_score(M: NDArray[np.float64], Y: Indicators) -> NDArray[np.float64]:
    """Return the cuts with the best F1 to be expected if Platt's scores are the chances that texts bear the labels.

    The optimum lies where the score is half the F1 it leads to (Lipton, Elkan & Naryanaswamy 2014, "Optimal
    thresholding of classifiers to maximize F1 measure"): margins that know nothing make it tag all.
    """
    return _ascend(M, scores(learn_scores(M, Y), M))


def _cuts_by_size(M: NDArray[np.float64], Y: Indicators, ranked: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return for each label the cut that would serve all labels best, those of about its size above all.

    ``ranked``: (L, n), the margins of each label, rising.
    """
    n, L = M.shape
    positives = Y.sum(axis=0)
    total = int(positives.sum())
    most = min(3 * total, M.size)
    flat = M.ravel()
    top = np.sort(np.partition(flat, -most)[-most:])
    some = flat[:: max(1, M.size // 100_000)]
    grid = np.unique(np.concatenate([top[:: max(1, len(top) // _GRID)], np.quantile(some, np.linspace(0.5, 1, _GRID))]))
    figures = np.empty((len(grid), L))
    for j in range(L):
        bearers = np.sort(M[Y[:, j], j])
        tagged = n - np.searchsorted(ranked[j].astype(np.float64), grid)
        hits = len(bearers) - np.searchsorted(bearers, grid)
        figures[:, j] = 2 * hits / (positives[j] + tagged)
    size = np.log(positives)
    near = np.exp(-0.5 * ((size[:, None] - size) / _SIZE_WIDTH) ** 2)  # (L, L)
    return np.asarray(grid[(figures @ near).argmax(axis=0)])


def learn_scores(margins: Margins, Y: Indicators) -> Calibration:
    """Return the calibration of each label.

    Args:
        margins: (n, L), out of fold.
        Y: (n, L).

    """
    M = np.asarray(margins, np.float64)
    Y = np.asarray(Y, bool)
    L = M.shape[1]
    if not M.size or not Y.any():
        return Calibration(np.full(L, 2.0), np.full(L, -2.0), (None,) * L)
    spread = float(M.std()) or 1.0
    Z = M / spread
    common = _sigmoid_fit(Z.reshape(-1, 1), Y.reshape(-1, 1), np.array([[2.0], [0.0]]), 1e-2)
    theta = _sigmoid_fit(Z, Y, np.repeat(common, L, axis=1), _SHRINK)
    slope, offset = np.maximum(theta[0], 1e-3) / spread, theta[1]
    knots = []
    for j in range(L):
        positives = int(Y[:, j].sum())
        many = min(positives, len(Y) - positives) >= _ISOTONIC
        knots.append(_knots(M[:, j], Y[:, j], slope[j], offset[j]) if many else None)
    return Calibration(slope, offset, tuple(knots))


def scores(calibration: Calibration, margins: Margins) -> NDArray[np.float64]:
    """Return the calibrated scores, (n, L), of margins (n, L)."""
    result = _sigmoid(np.asarray(margins, np.float64) * calibration.slope + calibration.offset)
    for j, knots in enumerate(calibration.knots):
        if knots is not None:
            result[:, j] = np.interp(margins[:, j], *knots)
    return result


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def _sigmoid_fit(
    Z: NDArray[np.float64], Y: Indicators, centre: NDArray[np.float64], strength: float
) -> NDArray[np.float64]:
    """Return slope and offset of each column, (2, L): Newton's method, ridge towards ``centre``."""
    theta = centre.copy()
    y = Y.astype(np.float64)
    for _ in range(30):
        p = _sigmoid(Z * theta[0] + theta[1])
        w, error = p * (1 - p), p - y
        gradient = np.stack([(error * Z).sum(axis=0), error.sum(axis=0)]) + strength * (theta - centre)
        a, b, d = (w * Z * Z).sum(axis=0) + strength, (w * Z).sum(axis=0), w.sum(axis=0) + strength
        det = np.maximum(a * d - b * b, 1e-12)
        step = np.stack([d * gradient[0] - b * gradient[1], a * gradient[1] - b * gradient[0]]) / det
        # A full step may overshoot where the sigmoid is flat.
        step *= np.minimum(1, 2 / np.maximum(np.abs(step).max(axis=0), 1e-12))
        theta -= step
        if np.abs(step).max() < 1e-6:
            break
    return theta


def _knots(
    m: NDArray[np.float64], y: NDArray[np.bool_], slope: float, offset: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return rising knots: bins of equal numbers of positives, half way to the sigmoid, made monotone."""
    from sklearn.isotonic import isotonic_regression  # noqa: PLC0415 - for large sets only

    order = np.argsort(m, kind="stable")
    m, y = m[order], y[order]
    # A bin holds its share of positives or of negatives, whichever fills first from either side.
    weight = y / y.sum() + ~y / (~y).sum()
    bin_of = np.minimum((np.cumsum(weight) / 2 * _MOST_KNOTS).astype(int), _MOST_KNOTS - 1)
    _, bin_of = np.unique(bin_of, return_inverse=True)
    size = np.bincount(bin_of)
    x = np.bincount(bin_of, m) / size
    share = np.bincount(bin_of, y) / size
    # The sigmoid stands in for some texts of its own, so that no score is 0 or 1 flat.
    smooth = (share * size + 10 * _sigmoid(slope * x + offset)) / (size + 10)
    rising = isotonic_regression(smooth, sample_weight=size)
    keep = np.concatenate([[True], np.diff(x) > 0])
    return tuple(x[keep].tolist()), tuple(rising[keep].tolist())
