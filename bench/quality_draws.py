"""Means over draws, and paired differences of two systems that learned from the same draws, with Student's interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Ours: with terms; as it comes, which reads the words of the labels' names; and with nothing that its peers have not.
#: And how the names of neural systems begin. The others are the peers that ours is compared with.
MINE = ("tagger, with terms", "tagger, without terms", "tagger, texts alone")
NEURAL = "MiniLM"


def mean(values: Sequence[float]) -> list[float]:
    """Return the mean and its 95% interval; of one value, that value alone."""
    middle = float(np.mean(values))
    if len(values) < 2:
        return [middle, middle, middle]
    around = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return [middle, middle - around, middle + around]


def difference(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return the mean of ours less theirs, draw by draw, and its interval."""
    return mean([a - b for a, b in zip(ours, theirs, strict=True)])


def best_peer(systems: dict[str, dict[str, list[float]]], figure: str) -> str | None:
    """Return the system with the highest mean that is neither ours nor neural."""
    peers = [name for name in systems if name not in MINE and not name.startswith(NEURAL)]
    return max(peers, key=lambda name: float(np.mean(systems[name][figure])), default=None)
