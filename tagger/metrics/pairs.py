"""Which labels go together, and which are taken for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indicators = NDArray[np.bool_]
    Counts = NDArray[np.int64]


def cooccurrence(tags: Indicators) -> Counts:
    """Count texts that bear both labels (L, L); the diagonal counts each label."""
    wide = tags.astype(np.int64)
    return wide.T @ wide


def confusions(truth: Indicators, given: Indicators) -> Counts:
    """Count texts where label i was missed and label j wrongly given (L, L); the diagonal is empty.

    With sets of labels nothing says which wrong tag stands for which missing one, so every pair counts.
    """
    missed = (truth & ~given).astype(np.int64)
    wrong = (given & ~truth).astype(np.int64)
    return missed.T @ wrong
