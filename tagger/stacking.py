"""What the margins of the other labels add to each label's, learned out of fold: one (L, L) matrix and a shift.

The matrix is a ridge regression of what the squared hinge still pulls at, ``max(0, 1 - y m)`` towards the label y, on
the margins of all labels: one step of boosting (Godbole & Sarawagi 2004, "Discriminative methods for multi-labeled
classification", stack whole classifiers). A label's own margin is in the regression, or the others would have to speak
for it. Margins are linear in the features, and so are sums of margins: ``W (I + A)`` is stored, nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tagger.ensemble import ranking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tagger.ensemble import Trained

#: Texts below which L x L weights would be noise.
_ENOUGH = 400
#: Labels beyond which they would take longer than the learners.
_MOST_LABELS = 2000
#: Ridge, a text: in squares of margins.
_RIDGE = 0.03
#: Positives at which a label takes half of what was learned for it: of a few, the regression knows their accidents.
_FEW = 10.0
#: Rows of a weight matrix that are turned at a time.
_ROWS = 1 << 16


@dataclass(frozen=True)
class Stack:
    """Margins m become m + m A + b."""

    A: NDArray[np.float32]  # (L, L)
    b: NDArray[np.float32]  # (L,)

    def __call__(self, margins: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the margins, (n, L), with what the others add."""
        return np.asarray(margins + margins @ self.A + self.b, np.float32)

    def turn(self, members: Iterable[Trained]) -> None:
        """Put the stack into the weights of learners whose mean is the model."""
        for member in members:
            weights, intercept = member.full.weights, member.full.intercept
            for start in range(0, len(weights), _ROWS):  # in place: a copy of the largest thing there is, saved
                weights[start : start + _ROWS] += weights[start : start + _ROWS] @ self.A
            intercept += intercept @ self.A + self.b


def learn(
    margins: NDArray[np.float32], Y: NDArray[np.bool_], folds: NDArray[np.int64]
) -> tuple[Stack, NDArray[np.float32]] | None:
    """Return the stack of all texts, and the margins of each text stacked by what the other folds say.

    None where that ranks the pairs of text and label no better, or where there is too little to learn it from.

    Args:
        margins: (n, L), out of fold.
        Y: (n, L).
        folds: (n,).

    """
    n, L = Y.shape
    if n < _ENOUGH or not 1 < L <= _MOST_LABELS:
        return None
    held = [folds == fold for fold in np.unique(folds)]
    parts = [_sums(margins[rows], Y[rows]) for rows in held]
    whole = _add(parts)
    stacked = np.empty_like(margins)
    for rows, part in zip(held, parts, strict=True):
        stacked[rows] = _solved(_less(whole, part))(margins[rows])
    if ranking(stacked, Y) <= ranking(margins, Y):
        return None
    return _solved(whole), stacked


class _Sums(NamedTuple):
    """All that the regression needs to know of some texts."""

    n: int
    positives: NDArray[np.int64]  # (L,)
    margins: NDArray[np.float64]  # (L,)
    squares: NDArray[np.float64]  # (L, L), margins' products
    pulls: NDArray[np.float64]  # (L, L), margins times what the hinge pulls at
    pull: NDArray[np.float64]  # (L,)


def _sums(margins: NDArray[np.float32], Y: NDArray[np.bool_]) -> _Sums:
    M = margins.astype(np.float64)
    wanted = np.where(Y, 1.0, -1.0)
    pull = np.where(wanted * M < 1, wanted - M, 0.0)
    return _Sums(len(M), Y.sum(axis=0), M.sum(axis=0), M.T @ M, M.T @ pull, pull.sum(axis=0))


def _add(parts: list[_Sums]) -> _Sums:
    figures: Any = zip(*parts, strict=True)
    return _Sums(*(sum(figure) for figure in figures))


def _less(whole: _Sums, part: _Sums) -> _Sums:
    pairs: Any = zip(whole, part, strict=True)
    return _Sums(*(a - b for a, b in pairs))


def _solved(of: _Sums) -> Stack:
    """Return the ridge regression. It is centred: cuts see to the level of a label's margins."""
    mean: Any = of.margins / of.n
    products = of.squares - np.outer(mean, of.margins)
    products[np.diag_indices(len(products))] += _RIDGE * of.n
    A = np.linalg.solve(products, of.pulls - np.outer(mean, of.pull)) * (of.positives / (of.positives + _FEW))
    return Stack(A.astype(np.float32), (-mean @ A).astype(np.float32))
