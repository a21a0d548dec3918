"""NumPy twins of the kernel's three functions for dual coordinate descent: same arguments, same steps."""

from __future__ import annotations

from typing import Any

import numpy as np


def descend(
    _width: int,
    indptr: Any,
    indices: Any,
    data: Any,
    order: Any,
    y: Any,
    alpha: Any,
    q: Any,
    ridge: Any,
    u: Any,
    scale: Any,
    extent: Any,
    skip: float,
) -> None:
    """One epoch of dual coordinate descent over the rows of ``order``; see kernel/coordinate.c."""
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


def accumulate(
    _width: int,
    indptr: Any,
    indices: Any,
    data: Any,
    order: Any,
    y: Any,
    alpha: Any,
    _q: Any,
    _ridge: Any,
    u: Any,
    scale: Any,
    _extent: Any,
    _skip: float,
) -> None:
    """Add to ``u`` the weights that the dual variables of the rows stand for."""
    for i in order:
        step = alpha[i] * y[i]
        columns = indices[indptr[i] : indptr[i + 1]]
        moved = data[indptr[i] : indptr[i + 1], None] * step
        u[columns] += moved if scale is None else moved * scale[columns]
        u[-1] += step


def diagonal(
    _width: int,
    indptr: Any,
    indices: Any,
    data: Any,
    order: Any,
    _y: Any,
    _alpha: Any,
    q: Any,
    _ridge: Any,
    _u: Any,
    scale: Any,
    _extent: Any,
    _skip: float,
) -> None:
    """q[i] = 1 + sum over j of x[i, j]^2 * scale[j]."""
    for i in order:
        part = slice(indptr[i], indptr[i + 1])
        q[i] = 1 + data[part] ** 2 @ scale[indices[part]]
