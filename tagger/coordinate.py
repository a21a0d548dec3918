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

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tagger.coordinate_blocks import Block, Problem, Solution

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from tagger.coordinate_blocks import Labels, Scale

__all__ = ["OutOfFold", "Solution", "fit", "out_of_fold"]

#: Texts from which one epoch brings a fold home.
_MANY = 10_000


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
        rows: mask (n,) or indices of the texts to learn from. Default: all.
        epochs: at most so many passes over the texts.
        tol: a block of labels stops when its projected gradients span no more than this, liblinear's rule.
        random_state: seed of the order of visits.
        threads: blocks of labels solved at a time; the result does not depend on it.

    """
    problem = Problem.of(X, Y, C, positive_weight).with_rows(rows)
    return _solved(problem, scale, alpha, epochs=epochs, tol=tol, random_state=random_state, threads=threads)


def _solved(
    problem: Problem,
    scale: Scale | None,
    alpha: NDArray[np.float32] | None = None,
    *,
    epochs: int,
    tol: float,
    random_state: int,
    threads: int,
) -> Solution:
    solution = Solution(
        np.zeros((problem.d, problem.L), np.float32),
        np.zeros(problem.L, np.float32),
        np.zeros((problem.n, problem.L), np.float32),
    )

    def solve(block: Labels) -> None:
        state = Block.of(problem, block, scale, alpha)
        state.add_up(problem)
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
    problem = Problem.of(X, Y, C, positive_weight)
    if full is None:
        scaled = scale(everything) if scale else None
        full = _solved(problem, scaled, epochs=epochs, tol=tol, random_state=random_state, threads=threads)
    margins = np.empty_like(full.alpha)
    apart = folds < 0
    if apart.any():
        margins[apart] = X[apart] @ full.weights + full.intercept
    parts = [(folds == fold, problem.with_rows(folds != fold)) for fold in np.unique(folds[~apart])]
    passes = epochs if exact else refresh
    start = None if exact else full

    def settle(state: Block, part: Problem, held: NDArray[np.bool_], block: Labels) -> None:
        state.descend(part, passes, tol, random_state)
        margins[np.ix_(held, block)] = state.margins(part)[part.left, : len(block)]

    if scale:
        for held, part in parts:  # one fold's multipliers at a time: they are as large as all weights
            _settle_scaled(part, partial(settle, part=part, held=held), scale(~held), start, threads)
    else:
        _settle_folds(problem, parts, settle, start, threads)
    return OutOfFold(margins, full)


def _settle_scaled(
    part: Problem, settle: Callable[..., None], scale: Scale, start: Solution | None, threads: int
) -> None:
    """Settle all blocks of one fold, whose multipliers are its own: the weights are added up anew."""

    def solve(block: Labels) -> None:
        state = Block.of(part, block, scale, None if start is None else start.alpha)
        state.add_up(part)
        settle(state, block=block)

    part.each_block(solve, threads)


def _settle_folds(
    problem: Problem,
    parts: Sequence[tuple[NDArray[np.bool_], Problem]],
    settle: Callable[..., None],
    start: Solution | None,
    threads: int,
) -> None:
    """Settle all folds block by block: the weights of a block are brought together once for all of them."""

    def solve(block: Labels) -> None:
        state = Block.of(problem, block, None, None if start is None else start.alpha)
        if start is not None:
            state.take_weights(start, block)
        u, alpha = state.u.copy(), state.alpha.copy()
        for held, part in parts:
            state.u[:], state.alpha[:] = u, alpha
            state.take_out(part)
            settle(state, part, held, block)

    problem.each_block(solve, threads)
