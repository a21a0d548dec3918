"""NumPy twins of the kernel's functions for dual coordinate descent: the same arguments, the same steps.

All take what ``Block.arguments`` of `tagger.coordinate_blocks` returns: width, indptr, indices, data, order, y,
alpha, q, ridge, u, scale, extent, skip.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def descend(*arguments: Any) -> None:
    """One epoch of dual coordinate descent over the rows of ``order``; see kernel/coordinate.c."""
    _, indptr, indices, data, order, y, alpha, q, ridge, u, scale, extent, skip = arguments
    for i in order:
        columns = indices[indptr[i] : indptr[i + 1]]
        x = data[indptr[i] : indptr[i + 1]]
        sign = y[i].astype(np.float32)
        slack = np.where(y[i] > 0, ridge[1], ridge[0])
        old = alpha[i]
        gradient = sign * (x @ u[columns] + u[-1]) - 1 + old * slack
        projected = np.where((y[i] == 0) | ((old <= 0) & (gradient > 0)), np.float32(0), gradient)
        np.maximum(extent[0], projected, out=extent[0])
        np.minimum(extent[1], projected, out=extent[1])
        go = np.abs(projected) > skip
        if not go.any():
            continue
        new = np.where(go, np.maximum(old - gradient / (q[i] + slack), 0), old).astype(np.float32)
        step = (new - old) * sign
        alpha[i] = new
        u[-1] += step
        moved = x[:, None] * step
        u[columns] += moved if scale is None else moved * scale[columns]


def accumulate(*arguments: Any) -> None:
    """Add to ``u`` the weights that the dual variables of the rows stand for."""
    _, indptr, indices, data, order, y, alpha, _, _, u, scale, _, _ = arguments
    for i in order:
        step = alpha[i] * y[i]
        columns = indices[indptr[i] : indptr[i + 1]]
        moved = data[indptr[i] : indptr[i + 1], None] * step
        u[columns] += moved if scale is None else moved * scale[columns]
        u[-1] += step


def diagonal(*arguments: Any) -> None:
    """q[i] = 1 + sum over j of x[i, j]^2 * scale[j]."""
    _, indptr, indices, data, order, _, _, q, _, _, scale, _, _ = arguments
    for i in order:
        part = slice(indptr[i], indptr[i + 1])
        q[i] = 1 + data[part] ** 2 @ scale[indices[part]]


def margins(*arguments: Any) -> None:
    """q[i] = sum over j of x[i, j] * u[j], the intercept included."""
    _, indptr, indices, data, order, _, _, q, _, u, _, _, _ = arguments
    for i in order:
        part = slice(indptr[i], indptr[i + 1])
        q[i] = data[part] @ u[indices[part]] + u[-1]
