"""The problem of `tagger.coordinate` as the kernel reads it: texts by rows, labels in blocks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tagger import native

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Scale = NDArray[np.float32]
    Labels = NDArray[np.int64]  # columns


class Solution(NamedTuple):
    """Weights of all labels, and the dual variables they come from."""

    weights: NDArray[np.float32]  # (d, L)
    intercept: NDArray[np.float32]  # (L,)
    alpha: NDArray[np.float32]  # (n, L); 0 for rows that were left out


@dataclass(frozen=True)
class Problem:
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
    def of(cls, X: Any, Y: ArrayLike, C: ArrayLike, positive_weight: ArrayLike) -> Problem:
        """Check the data, and bring them into shape; see `tagger.coordinate.fit`."""
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
        width = L if compiled is None else 4 if L <= 4 else 8 if L <= 8 else 16
        if compiled is None:
            from tagger import coordinate_numpy as compiled  # noqa: PLC0415 - where there is no kernel
        ridge = (0.5 / cost).astype(np.float32)
        everything, nothing = np.arange(n, dtype=np.int32), np.empty(0, np.int32)
        return cls(compiled, width, n, d, L, indptr, indices, data, y, ridge, everything, nothing, norms)

    def with_rows(self, rows: Any) -> Problem:
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
class Block:
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
    def of(cls, problem: Problem, block: Labels, scale: Scale | None, alpha: NDArray[Any] | None) -> Block:
        """Return the block of these labels, with dual variables (n, L) to start from, and weights of 0."""
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
            problem.kernel.diagonal(*state.arguments(problem, problem.rows))
        return state

    def add_up(self, problem: Problem) -> None:
        """Make the weights of the dual variables, those of texts that are left out being 0."""
        self.alpha[problem.left] = 0
        if self.alpha.any():
            problem.kernel.accumulate(*self.arguments(problem, problem.rows))

    def take_weights(self, warm: Solution, block: Labels) -> None:
        """Begin with a solution's weights; its dual variables are here already."""
        count = len(block)
        self.u[:-1, :count] = warm.weights[:, block]
        self.u[-1, :count] = warm.intercept[block]

    def take_out(self, problem: Problem) -> None:
        """Take the texts that are left out of the weights: they are fewer than the others."""
        self.alpha[problem.left] *= -1
        problem.kernel.accumulate(*self.arguments(problem, problem.left))
        self.alpha[problem.left] = 0

    def margins(self, problem: Problem) -> NDArray[np.float32]:
        """Return the margins of the texts that are left out, in their rows of an (n, width) matrix."""
        out = _aligned(problem.n, self.width)
        problem.kernel.margins(*self.arguments(problem, problem.left, q=out))
        return out

    def descend(self, problem: Problem, epochs: int, tol: float, random_state: int) -> None:
        """Pass over the texts until the projected gradients span no more than ``tol``, or so many times."""
        random = np.random.default_rng(random_state)
        for _ in range(epochs):
            self.range[:] = 0
            order = random.permutation(problem.rows)
            # Steps too small to matter for the stopping rule are not worth writing to memory.
            problem.kernel.descend(*self.arguments(problem, order, 0.05 * tol))
            if float((self.range[0] - self.range[1]).max()) <= tol:
                break

    def arguments(
        self,
        problem: Problem,
        order: NDArray[np.int32],
        skip: float = 0.0,
        q: NDArray[np.float32] | None = None,
    ) -> tuple[Any, ...]:
        """Return what the kernel's functions take: the rows of ``order``, ``q`` in place of the block's own."""
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
