"""Label sets in the forms people have them -> one boolean matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from tagger.errors import TaggerError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def indicators(Y: Any, names: Sequence[Any] | NDArray[Any] | None = None) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Return the indicators (n, L) and the names of the columns (L,).

    Args:
        Y: an indicator matrix, dense or sparse; lists of 0 and 1; or n collections of label names.
        names: the columns in their order. Default: numbers for a matrix, the sorted names otherwise.

    Raises:
        TaggerError: a name is not among ``names``, or Y is none of these.

    """
    if sp.issparse(Y):
        Y = Y.toarray()  # type: ignore[attr-defined]
    if not isinstance(Y, np.ndarray):
        Y = _rows(Y)
    if isinstance(Y, np.ndarray) and Y.ndim == 2 and Y.dtype.kind in "biuf":
        return _matrix(Y, names)
    rows = list(Y)
    if any(isinstance(row, str) or not np.iterable(row) for row in rows):
        raise TaggerError("Y has to be a matrix or lists of names.", hint="One label a text is [[name], ...].")
    known = np.asarray(sorted({name for row in rows for name in row}) if names is None else list(names))
    column = {name: j for j, name in enumerate(known.tolist())}
    matrix = np.zeros((len(rows), len(known)), bool)
    for i, row in enumerate(rows):
        for name in row:
            if name not in column:
                raise TaggerError(f"unknown label '{name}'.", hint=nearest(str(name), map(str, column)))
            matrix[i, column[name]] = True
    return matrix, known


def _matrix(Y: NDArray[Any], names: Sequence[Any] | NDArray[Any] | None) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    if not np.isin(Y, (0, 1)).all():
        raise TaggerError("Y holds other numbers than 0 and 1.")
    known = np.arange(Y.shape[1]) if names is None else np.asarray(list(names))
    if len(known) != Y.shape[1]:
        raise TaggerError(f"Y has {Y.shape[1]} columns, but there are {len(known)} labels.")
    return Y.astype(bool), known


def _rows(Y: Any) -> Any:
    """Return lists of numbers of one length as a matrix, anything else as it is."""
    rows = list(Y)
    numbers = all(np.iterable(row) and all(isinstance(v, (int, float, np.number)) for v in row) for row in rows)
    width = {len(row) for row in rows} if numbers else set()
    return np.asarray(rows) if len(width) == 1 and width != {0} else rows
