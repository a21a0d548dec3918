"""Linear support vector machines for many labels at once, by dual coordinate descent over shared texts.

For each label l the same problem as scikit-learn's ``LinearSVC(loss="squared_hinge", C=C)``, the intercept
being the weight of a constant feature 1 (so it is regularised, as ``intercept_scaling=1`` has it)::

    min over w, b of  (|w|^2 + b^2) / 2 + C * sum over i of max(0, 1 - y_i (w x_i + b))^2

solved in its dual (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM"). With
``scale`` label l sees the features ``x_j * r_jl``, ``scale`` being r squared, elementwise: the log-count
ratios of naive-Bayes SVMs (Wang & Manning 2012). What comes back are the effective weights ``r_jl * w_jl``,
so margins are ``X @ weights + intercept`` in either case.

Labels are solved in blocks that keep the weights of one text in cache; see kernel/coordinate.c. Without the
kernel the same steps are taken with NumPy (about ten times slower).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tagger import native

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Scale = NDArray[np.float32]
    Labels = NDArray[np.int64]  # columns


#: Texts from which one epoch brings a fold home.
_MANY = 10_000


class Solution(NamedTuple):
    """Weights of all labels, and the dual variables they come from."""

    weights: NDArray[np.float32]  # (d, L)
    intercept: NDArray[np.float32]  # (L,)
    alpha: NDArray[np.float32]  # (n, L); 0 for rows that were left out


class OutOfFold(NamedTuple):
    """Margins of every text from a model that has not seen it, and the model that has seen all."""

    margins: NDArray[np.float32]  # (n, L)
    full: Solution


def fit(
    X: Any,
    Y: ArrayLike,
    *,
    C: ArrayLike = 1.0,
    positive_weight: ArrayLike = 1.0,
    scale: Scale | None = None,
    alpha: NDArray[np.float32] | None = None,
    warm: Solution | None = None,
    rows: NDArray[Any] | None = None,
    epochs: int = 50,
    tol: float = 0.01,
    random_state: int = 0,
    threads: int = 1,
) -> Solution:
    """Fit one machine a label.

    Args:
        X: scipy.sparse CSR matrix (n, d).
        Y: (n, L) of bool, or of int8 with +1, -1, and 0 for a pair left out of its label's problem.
        C: one number or (L,).
        positive_weight: C is multiplied by it where Y is positive; one number or (L,).
        scale: (d, L), the squares of each feature's multiplier for each label.
        alpha: (n, L) dual variables to start from.
        warm: a solution on more texts, under the same ``scale``: start from it, less the texts not among ``rows``.
        rows: mask (n,) or indices of the texts to learn from. Default: all.
        epochs: at most so many passes over the texts.
        tol: a block of labels stops when its projected gradients span no more than this, liblinear's rule.
        random_state: seed of the order of visits.
        threads: blocks of labels solved at a time; the result does not depend on it.

    """
    problem = _Problem.of(X, Y, C, positive_weight).with_rows(rows)
    solution = Solution(
        np.zeros((problem.d, problem.L), np.float32),
        np.zeros(problem.L, np.float32),
        np.zeros((problem.n, problem.L), np.float32),
    )

    def solve(block: Labels) -> None:
        state = _Block.of(problem, block, scale, alpha if warm is None else warm.alpha)
        if warm is None:
            state.add_up(problem)
        else:
            state.take_weights(warm, block)
            state.take_out(problem)
        state.descend(problem, epochs, tol, random_state)
        count = len(block)
        solution.weights[:, block] = state.u[:-1, :count]
        solution.intercept[block] = state.u[-1, :count]
        solution.alpha[:, block] = state.alpha[:, :count]

    problem.each_block(solve, threads)
    return solution


def out_of_fold(
    X: Any,
    Y: ArrayLike,
    folds: NDArray[Any],
    *,
    scale: Callable[[NDArray[np.bool_]], Scale] | None = None,
    full: Solution | None = None,
    C: ArrayLike = 1.0,
    positive_weight: ArrayLike = 1.0,
    exact: bool = False,
    refresh: int | None = None,
    epochs: int = 50,
    tol: float = 0.01,
    random_state: int = 0,
    threads: int = 1,
) -> OutOfFold:
    """Fit on all texts, then get each fold's margins from the machine of the other folds.

    That machine starts from the full solution less the dual variables of the fold's own texts, and one or two
    epochs bring it home: the margins rank as those of k full trainings do, at a fraction of their cost.

    Args:
        X: CSR (n, d).
        Y: (n, L), as for :func:`fit`.
        folds: (n,), the fold of each text; texts of a negative fold are always learnt from, and their margins
            are the full machine's.
        scale: mask of the texts to learn from -> (d, L). A function, because a multiplier that has seen the
            labels of the fold's own texts would leak them.
        full: the solution on all texts, where it is known already.
        C: as for :func:`fit`.
        positive_weight: as for :func:`fit`.
        exact: train each fold from nothing to ``tol`` (for tests, and where time does not matter).
        refresh: epochs of a fold; None: two, or one where there are many texts and each says little.
        epochs: of the full machine, and of each fold if ``exact``.
        tol: as for :func:`fit`.
        random_state: as for :func:`fit`.
        threads: as for :func:`fit`.

    """
    folds = np.asarray(folds)
    everything = np.ones(len(folds), bool)
    if refresh is None:
        refresh = 1 if len(folds) >= _MANY else 2
    if full is None:
        full = fit(
            X,
            Y,
            C=C,
            positive_weight=positive_weight,
            scale=scale(everything) if scale else None,
            epochs=epochs,
            tol=tol,
            random_state=random_state,
            threads=threads,
        )
    margins = np.empty_like(full.alpha)
    apart = folds < 0
    if apart.any():
        margins[apart] = X[apart] @ full.weights + full.intercept
    problem = _Problem.of(X, Y, C, positive_weight)
    parts = [(folds == fold, problem.with_rows(folds != fold)) for fold in np.unique(folds[~apart])]
    passes = epochs if exact else refresh
    start = None if exact else full

    def settle(state: _Block, part: _Problem, held: NDArray[np.bool_], block: Labels) -> None:
        state.descend(part, passes, tol, random_state)
        margins[np.ix_(held, block)] = state.margins(part)[part.left, : len(block)]

    if scale:
        for held, part in parts:  # one fold's multipliers at a time: they are as large as all weights
            _settle_scaled(part, partial(settle, part=part, held=held), scale(~held), start, threads)
    else:
        _settle_folds(problem, parts, settle, start, threads)
    return OutOfFold(margins, full)


def _settle_scaled(
    part: _Problem, settle: Callable[..., None], scale: Scale, start: Solution | None, threads: int
) -> None:
    """Settle all blocks of one fold, whose multipliers are its own: the weights are added up anew."""

    def solve(block: Labels) -> None:
        state = _Block.of(part, block, scale, None if start is None else start.alpha)
        state.add_up(part)
        settle(state, block=block)

    part.each_block(solve, threads)


def _settle_folds(
    problem: _Problem,
    parts: Sequence[tuple[NDArray[np.bool_], _Problem]],
    settle: Callable[..., None],
    start: Solution | None,
    threads: int,
) -> None:
    """Settle all folds block by block: the weights of a block are brought together once for all of them."""

    def solve(block: Labels) -> None:
        state = _Block.of(problem, block, None, None if start is None else start.alpha)
        if start is not None:
            state.take_weights(start, block)
        u, alpha = state.u.copy(), state.alpha.copy()
        for held, part in parts:
            state.u[:], state.alpha[:] = u, alpha
            state.take_out(part)
            settle(state, part, held, block)

    problem.each_block(solve, threads)


@dataclass(frozen=True)
class _Problem:
    """The data in the shape that the kernel reads, checked once."""

    kernel: Any
    width: int  # labels of a block
    n: int
    d: int
    L: int
    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: NDArray[np.float32]
    y: NDArray[np.int8]  # (n, L)
    ridge: NDArray[np.float32]  # (2, L): 1 / (2 C) of negatives and of positives
    rows: NDArray[np.int32]
    left: NDArray[np.int32]  # the other rows
    norms: NDArray[np.float32]  # (n, 1): |x|^2 + 1

    @classmethod
    def of(cls, X: Any, Y: ArrayLike, C: ArrayLike, positive_weight: ArrayLike) -> _Problem:
        X = X.tocsr()
        if not X.has_canonical_format:
            X = X.copy()
            X.sum_duplicates()
        n, d = X.shape
        y = np.asarray(Y)
        if y.ndim != 2 or len(y) != n:
            raise ValueError(f"Y has shape {y.shape}; expected ({n}, labels).")
        y = np.where(y, np.int8(1), np.int8(-1)) if y.dtype == bool else np.sign(y).astype(np.int8)
        L = y.shape[1]
        cost = np.stack([np.broadcast_to(np.asarray(C, float), L)] * 2)
        cost[1] *= np.asarray(positive_weight, float)
        if not (np.isfinite(cost).all() and (cost > 0).all()):
            raise ValueError("C and positive_weight have to be positive.")
        indptr = np.ascontiguousarray(X.indptr, np.int64)
        indices = np.ascontiguousarray(X.indices[: indptr[-1]], np.int32)
        data = np.ascontiguousarray(X.data[: indptr[-1]], np.float32)
        # The kernel trusts these: a matrix put together by hand may be wrong.
        if indptr[0] or (np.diff(indptr) < 0).any() or (len(indices) and not 0 <= indices.min() <= indices.max() < d):
            raise ValueError("X is not a valid CSR matrix.")
        squares = np.concatenate([[0.0], np.cumsum(data.astype(float) ** 2)])
        norms = (squares[indptr[1:]] - squares[indptr[:-1]] + 1).astype(np.float32)[:, None]
        compiled = native.kernel()
        if compiled is None:
            from tagger import coordinate_numpy as compiled  # noqa: PLC0415 - where there is no kernel
        width = L if native.kernel() is None else 4 if L <= 4 else 8 if L <= 8 else 16
        ridge = (0.5 / cost).astype(np.float32)
        everything, nothing = np.arange(n, dtype=np.int32), np.empty(0, np.int32)
        return cls(compiled, width, n, d, L, indptr, indices, data, y, ridge, everything, nothing, norms)

    def with_rows(self, rows: Any) -> _Problem:
        """Return the problem of these texts only: a mask (n,), indices, or None for all."""
        if rows is None:
            return self
        chosen = np.asarray(rows)
        chosen = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        if len(chosen) and not 0 <= chosen.min() <= chosen.max() < self.n:
            raise ValueError(f"rows have to be in [0, {self.n}).")
        left = np.setdiff1d(np.arange(self.n, dtype=np.int32), chosen)
        return replace(self, rows=chosen.astype(np.int32), left=left)

    def each_block(self, solve: Callable[[Labels], None], threads: int) -> None:
        """Call ``solve`` for each block of labels, on so many threads.

        Labels of about the same frequency go together: those of few texts are home after few epochs.
        """
        order = np.argsort(-(self.y > 0).sum(axis=0), kind="stable")
        blocks = [order[k : k + self.width] for k in range(0, self.L, self.width)]
        if threads > 1 and len(blocks) > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(solve, blocks))
        else:
            for block in blocks:
                solve(block)


@dataclass(frozen=True)
class _Block:
    """The state of up to ``width`` labels; columns past the last label stay idle (their y is 0)."""

    width: int
    y: NDArray[np.int8]  # (n, width)
    alpha: NDArray[np.float32]  # (n, width)
    q: NDArray[np.float32]  # (n, width) or (n, 1)
    ridge: NDArray[np.float32]  # (2, width)
    u: NDArray[np.float32]  # (d + 1, width); the last row is the intercept
    scale: NDArray[np.float32] | None  # (d, width)
    range: NDArray[np.float32]  # (2, width): greatest and least projected gradient

    @classmethod
    def of(cls, problem: _Problem, block: Labels, scale: Scale | None, alpha: NDArray[Any] | None) -> _Block:
        width, n, d = problem.width, problem.n, problem.d

        def pad(array: NDArray[Any], fill: float = 0) -> NDArray[Any]:
            part = array[:, block]
            padded = _aligned(len(array), width, array.dtype)
            padded[:, : part.shape[1]] = part
            padded[:, part.shape[1] :] = fill
            return padded

        if scale is not None and scale.shape != (d, problem.L):
            raise ValueError(f"scale has shape {scale.shape}; expected ({d}, {problem.L}).")
        factor = None if scale is None else pad(np.asarray(scale, np.float32))
        state = cls(
            width,
            pad(problem.y),
            _aligned(n, width) if alpha is None else pad(np.asarray(alpha, np.float32)),
            problem.norms if factor is None else _aligned(n, width),
            pad(problem.ridge, 1),
            _aligned(d + 1, width),
            factor,
            np.zeros((2, width), np.float32),
        )
        if factor is not None:
            problem.kernel.diagonal(*state._arguments(problem, problem.rows))
        return state

    def add_up(self, problem: _Problem) -> None:
        """Make the weights of the dual variables, those of texts that are left out being 0."""
        self.alpha[problem.left] = 0
        if self.alpha.any():
            problem.kernel.accumulate(*self._arguments(problem, problem.rows))

    def take_weights(self, warm: Solution, block: Labels) -> None:
        """Begin with a solution's weights; its dual variables are here already."""
        count = len(block)
        self.u[:-1, :count] = warm.weights[:, block]
        self.u[-1, :count] = warm.intercept[block]

    def take_out(self, problem: _Problem) -> None:
        """Take the texts that are left out of the weights: they are fewer than the others."""
        self.alpha[problem.left] *= -1
        problem.kernel.accumulate(*self._arguments(problem, problem.left))
        self.alpha[problem.left] = 0

    def margins(self, problem: _Problem) -> NDArray[np.float32]:
        """Return the margins of the texts that are left out, in their rows of an (n, width) matrix."""
        out = _aligned(problem.n, self.width)
        problem.kernel.margins(*self._arguments(problem, problem.left, q=out))
        return out

    def descend(self, problem: _Problem, epochs: int, tol: float, random_state: int) -> None:
        random = np.random.default_rng(random_state)
        for _ in range(epochs):
            self.range[:] = 0
            order = random.permutation(problem.rows)
            # Steps too small to matter for the stopping rule are not worth writing to memory.
            problem.kernel.descend(*self._arguments(problem, order, 0.05 * tol))
            if float((self.range[0] - self.range[1]).max()) <= tol:
                break

    def _arguments(
        self,
        problem: _Problem,
        order: NDArray[np.int32],
        skip: float = 0.0,
        q: NDArray[np.float32] | None = None,
    ) -> tuple[Any, ...]:
        data = (problem.indptr, problem.indices, problem.data, order)
        q = self.q if q is None else q
        return (self.width, *data, self.y, self.alpha, q, self.ridge, self.u, self.scale, self.range, skip)


def _aligned(rows: int, columns: int, dtype: Any = np.float32) -> NDArray[Any]:
    """Zeros that begin on a cache line: a row of 16 floats then is one line, not parts of two."""
    size = rows * columns * np.dtype(dtype).itemsize
    memory = np.zeros(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    aligned: NDArray[Any] = memory[start : start + size].view(dtype).reshape(rows, columns)
    return aligned
