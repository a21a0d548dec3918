"""Log-count ratios of naive Bayes as multipliers of features (Wang & Manning 2012), for the texts of each fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Cells of a multiplier matrix up to which those of all folds are kept for the next C: 300 MB with 5 folds.
_REMEMBERED = 12_000_000
#: Features whose multipliers are worked out together.
_TOGETHER = 512


class LogCountRatio:
    """Mask of texts -> |log-count ratio| ** (2 * power), (d, L), scaled so that texts keep their mean length."""

    def __init__(
        self,
        X: Any,
        Y: NDArray[np.bool_],
        power: float,
        plain: int = 0,
        *,
        folds: NDArray[np.int64] | None = None,
        remember: bool = True,
    ) -> None:
        """Prepare to be asked.

        Args:
            X: csr_matrix (n, d).
            Y: (n, L).
            power: of the ratio.
            plain: so many last columns of X (concepts) keep a factor of 1.
            folds: (n,), where the masks leave out one fold each: what it holds is counted once.
            remember: keep the multipliers of each mask, as long as they are small.

        """
        self._plain = plain
        self._X = X[:, : X.shape[1] - plain] if plain else X
        self._Y = sp.csr_matrix(Y.astype(np.float32))
        self._power = power
        self._remember = remember and self._X.shape[1] * Y.shape[1] <= _REMEMBERED
        self._known: dict[bytes, NDArray[np.float32]] = {}
        folds = np.zeros(len(Y), np.int64) if folds is None else folds
        self._counted = {_key(folds == fold): self._count(folds == fold) for fold in np.unique(folds)}
        first, *others = self._counted.values() or [self._count(np.zeros(0, bool))]
        self._all = [sum(parts, start) for start, *parts in zip(first, *others, strict=True)]

    def __call__(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the squares of the multipliers learned from the texts of the mask."""
        if not self._remember:
            return self._learn(rows)
        if _key(rows) not in self._known:
            self._known[_key(rows)] = self._learn(rows)
        return self._known[_key(rows)]

    def _count(self, rows: NDArray[np.bool_]) -> list[Any]:
        """Return how many of the texts hold each feature (d,), with each label (d, L), and sums of squares (d,)."""
        X, width = self._X[rows], self._X.shape[1]
        total = np.bincount(X.indices, minlength=width)
        squares = np.bincount(X.indices, X.data.astype(np.float64) ** 2, minlength=width)
        present = sp.csr_matrix((np.ones(X.nnz, np.float32), X.indices, X.indptr), shape=X.shape)
        return [total, (self._Y[rows].T @ present).T.tocsr(), squares]

    def _learn(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        total, with_label, squares = self._all
        if not rows.all():
            # What the texts that are left out hold is taken off: they are few.
            left = self._counted.get(_key(~rows)) or self._count(~rows)
            total, with_label, squares = (a - b for a, b in zip(self._all, left, strict=True))
        d, L = with_label.shape
        bearing = np.asarray(with_label.sum(axis=0, dtype=np.float64)).ravel() + d
        base = (np.log(bearing) - np.log(total.sum() + 2 * d - bearing)).astype(np.float32)
        mean = squares.astype(np.float32) / max(int(rows.sum()), 1)
        lengths = np.zeros(L, np.float32)
        scale = np.ones((d + self._plain, L), np.float32)
        for start in range(0, d, _TOGETHER):  # few features at a time, so that they stay in the cache
            part = slice(start, min(start + _TOGETHER, d))
            bear = with_label[part].toarray()
            without = total[part, None].astype(np.float32) - bear
            without += 1
            bear += 1
            np.log(bear, out=bear)
            bear -= np.log(without, out=without)
            bear -= base
            np.abs(bear, out=bear)
            if self._power != 0.5:
                bear **= 2 * self._power
            lengths += mean[part] @ bear
            scale[part] = bear
        scale[:d] /= np.where(lengths > 0, lengths, 1)
        return scale


def _key(rows: NDArray[np.bool_]) -> bytes:
    """Return what stands for a mask in a dictionary."""
    return np.packbits(rows).tobytes()
