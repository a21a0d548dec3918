"""Whether a score of .8 is right eight times in ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indicators = NDArray[np.bool_]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """The (text, label) pairs whose score lies in [low, high) (the last bin includes 1)."""

    low: float
    high: float
    n: int
    score: float  # mean; NaN when empty
    true: float  # share; NaN when empty


def brier(truth: Indicators, scores: Floats) -> float:
    """Mean squared distance of score and truth over all (text, label) pairs (Brier 1950); 0 is best."""
    return float(np.mean((scores - truth) ** 2)) if truth.size else float("nan")


def reliability(truth: Indicators, scores: Floats, bins: int = 10) -> tuple[Bin, ...]:
    """Sort the pairs into bins of equal width, empty ones included."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    flat, right = scores.ravel(), truth.ravel()
    place = np.clip(np.searchsorted(edges, flat, side="right") - 1, 0, bins - 1)
    n = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        score = np.bincount(place, weights=flat, minlength=bins) / n
        true = np.bincount(place, weights=right, minlength=bins) / n
    return tuple(
        Bin(float(edges[b]), float(edges[b + 1]), int(n[b]), float(score[b]), float(true[b])) for b in range(bins)
    )


def expected_calibration_error(bins: tuple[Bin, ...]) -> float:
    """Mean distance of score and share of true pairs, weighted by the bins' sizes (Naeini et al. 2015)."""
    total = sum(b.n for b in bins)
    if not total:
        return float("nan")
    return sum(b.n * abs(b.score - b.true) for b in bins if b.n) / total
