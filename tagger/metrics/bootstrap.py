"""Intervals and paired differences by resampling whole articles.

Paragraphs of one article are alike, so they are drawn together (cluster bootstrap, Davison & Hinkley 1997,
3.8): resampling single paragraphs would make every interval too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Indicators = NDArray[np.bool_]
    Floats = NDArray[np.float64]

#: Rows of resampling weights made at a time, times clusters: 4 million floats are 32 MB.
_CELLS = 4_000_000


@dataclass(frozen=True)
class Interval:
    """A percentile interval; NaN where it cannot be told (fewer than two articles, or no resamples)."""

    low: float
    high: float


@dataclass(frozen=True)
class Tally:
    """What each article adds to the figures. Any set of articles is a weighted sum of these rows."""

    n: Floats  # (A,) texts
    tp: Floats  # (A, L)
    fp: Floats  # (A, L)
    fn: Floats  # (A, L)
    texts: Floats  # (A, 4) summed over texts: precision, recall, F1, exact match

    @classmethod
    def of(cls, truth: Indicators, given: Indicators, cluster: NDArray[np.int64]) -> Tally:
        """Sum by article; ``cluster`` (n,) tells each text's article by any integer."""
        _, place = np.unique(cluster, return_inverse=True)
        clusters = int(place.max()) + 1 if len(place) else 0

        def summed(values: NDArray[np.generic]) -> Floats:
            out = np.zeros((clusters, *values.shape[1:]))
            np.add.at(out, place, values.astype(float))
            return out

        both = (truth & given).sum(axis=1)
        wanted, got = truth.sum(axis=1), given.sum(axis=1)
        empty = (wanted == 0) & (got == 0)

        def ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Floats:
            return np.where(whole > 0, part / np.maximum(whole, 1), empty)

        texts = np.column_stack(
            [
                ratio(both, got),
                ratio(both, wanted),
                ratio(2 * both, wanted + got),
                (truth == given).all(axis=1),
            ]
        )
        return cls(
            n=summed(np.ones(len(truth))),
            tp=summed(truth & given),
            fp=summed(given & ~truth),
            fn=summed(truth & ~given),
            texts=summed(texts),
        )

    def figures(self, weights: Floats) -> dict[str, Floats]:
        """Return each figure for each row of ``weights`` (B, A): arrays (B,), or (B, L) for ``label.*``."""
        n = weights @ self.n
        tp, fp, fn = weights @ self.tp, weights @ self.fp, weights @ self.fn
        judged = (tp + fp + fn) > 0
        label = {
            "precision": _over(tp, tp + fp),
            "recall": _over(tp, tp + fn),
            "f1": _over(2 * tp, 2 * tp + fp + fn),
        }
        sums = tp.sum(axis=1), fp.sum(axis=1), fn.sum(axis=1)
        any_judged: NDArray[np.bool_] = np.any(judged, axis=1)
        out: dict[str, Floats] = {
            "micro.precision": _counted(_over(sums[0], sums[0] + sums[1]), any_judged),
            "micro.recall": _counted(_over(sums[0], sums[0] + sums[2]), any_judged),
            "micro.f1": _counted(_over(2 * sums[0], 2 * sums[0] + sums[1] + sums[2]), any_judged),
        }
        support = tp + fn
        for name, values in label.items():
            counted = _counted(values, judged)
            out[f"macro.{name}"] = _over(np.nan_to_num(counted).sum(axis=1), judged.sum(axis=1).astype(float))
            out[f"weighted.{name}"] = _over((np.nan_to_num(counted) * support).sum(axis=1), support.sum(axis=1))
            out[f"label.{name}"] = values
        for at, name in enumerate(("samples.precision", "samples.recall", "samples.f1", "exact")):
            out[name] = _over(weights @ self.texts[:, at], n)
        out["hamming"] = _over(sums[1] + sums[2], n * self.tp.shape[1])
        return out


def weights(clusters: int, resamples: int, random_state: int) -> Iterator[Floats]:
    """Yield blocks (b, clusters) of how often each cluster is drawn, ``resamples`` rows in all."""
    rng = np.random.default_rng(random_state)
    block = max(1, min(resamples, _CELLS // max(clusters, 1)))
    done = 0
    while done < resamples:
        size = min(block, resamples - done)
        yield rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=size).astype(float)
        done += size


def intervals(tally: Tally, *, resamples: int = 1000, random_state: int = 0, level: float = 0.95) -> dict[str, Floats]:
    """Return the percentile interval of each figure: (2,), or (2, L) for ``label.*``."""
    clusters = len(tally.n)
    if clusters < 2 or not resamples:
        point = tally.figures(np.ones((1, clusters)))
        return {name: np.full((2, *values.shape[1:]), np.nan) for name, values in point.items()}
    drawn = [tally.figures(block) for block in weights(clusters, resamples, random_state)]
    return {name: _quantiles(np.concatenate([d[name] for d in drawn]), level) for name in drawn[0]}


def interval(
    part: Floats, whole: Floats, *, resamples: int = 1000, random_state: int = 0, level: float = 0.95
) -> Interval:
    """Return the interval of sum(part) / sum(whole), both (A,), one row an article."""
    if len(part) < 2 or not resamples:
        return Interval(float("nan"), float("nan"))
    drawn = np.concatenate([_over(w @ part, w @ whole) for w in weights(len(part), resamples, random_state)])
    low, high = _quantiles(drawn, level)
    return Interval(float(low), float(high))


def paired(
    ours: Tally,
    theirs: Tally,
    figure: str,
    *,
    resamples: int = 1000,
    random_state: int = 0,
    level: float = 0.95,
) -> tuple[float, Interval, float]:
    """Return the difference ours - theirs of a figure, its interval, and how often it was not above 0.

    Both are drawn with the same articles (paired bootstrap): what is hard in an article is hard for both.
    """
    clusters = len(ours.n)
    if clusters != len(theirs.n):
        raise ValueError(f"two tallies of different articles: {clusters} and {len(theirs.n)}")
    one = np.ones((1, clusters))
    difference = float((ours.figures(one)[figure] - theirs.figures(one)[figure])[0])
    if clusters < 2 or not resamples:
        return difference, Interval(float("nan"), float("nan")), float("nan")
    drawn = np.concatenate(
        [ours.figures(w)[figure] - theirs.figures(w)[figure] for w in weights(clusters, resamples, random_state)]
    )
    low, high = _quantiles(drawn, level)
    known = drawn[~np.isnan(drawn)]
    return (
        difference,
        Interval(float(low), float(high)),
        float((known <= 0).mean()) if len(known) else float("nan"),
    )


def _over(part: Floats, whole: Floats) -> Floats:
    out: Floats = np.full(np.shape(part), np.nan)
    return np.divide(part, whole, out=out, where=whole > 0)


def _counted(values: Floats, judged: NDArray[np.bool_]) -> Floats:
    """0/0 counts as 0 where there was something to judge, and stays NaN where there was nothing."""
    return np.where(judged, np.nan_to_num(values), np.nan)


def _quantiles(drawn: Floats, level: float) -> Floats:
    """Percentiles along the first axis, NaN ignored; NaN where every draw is."""
    tail = (1 - level) / 2
    flat = drawn.reshape(len(drawn), -1)
    out = np.full((2, flat.shape[1]), np.nan)
    told = ~np.isnan(flat).all(axis=0)
    if told.any():
        out[:, told] = np.nanquantile(flat[:, told], [tail, 1 - tail], axis=0)
    return out.reshape(2, *drawn.shape[1:])
