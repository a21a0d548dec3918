"""What the seed terms say before there is a labelled text, and how it fades as labels come.

The prior of a label is a line on its own concept column: one hit lifts the margin over zero. Each label's
learned weights are mixed with it by its number of positives p, p / (p + strength): the first one or two
positives of a label wreck a model that believes in them alone (measured: macro-F1 .72 -> .35 on 28 Reuters
topics). How good the terms are differs, so the strength is chosen out of fold. Both are linear in the same
columns, so the mixture is one set of weights. Cuts are mixed in the same proportion as the margins they
belong to: a cut learned from ten positives is an accident, and margins that are the terms' need the terms' cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Margin of a text without a hit, and what one unit of the own concept column adds: one hit gives +0.39.
INTERCEPT = -1.0
SLOPE = 2.0
#: Positives at which the prior and the learned weights count the same: what is tried, most trust first.
STRENGTHS = (320.0, 80.0, 20.0, 5.0)
#: Texts below which the choice would be noise, and what serves then. The choice itself starts from the most trust.
ENOUGH = 60
FIRST_STRENGTH = 80.0
#: How much better (micro-F1 + macro-F1 out of fold) less trust in the terms has to be, times the root of the number
#: of texts, as the noise is: when in doubt, they stay.
WORTH = 0.2
#: Positives at which a label's learned scores and the prior's count the same: a curve needs fewer than a cut.
SCORE_STRENGTH = 5.0

#: Scores of the prior alone: a text with one hit is rightly tagged about three times in four.
SIGMOID = (2.0, 0.3)


def share(positives: NDArray[np.integer], armed: NDArray[np.bool_], strength: float) -> NDArray[np.float32]:
    """Return how much of what was learned for each label counts, (L,).

    Args:
        positives: (L,), texts that bear the label.
        armed: (L,), whether the label has a term at all; without one there is nothing to fall back on.
        strength: positives that make it one half.

    """
    return np.where(armed, positives / (positives + strength), 1.0).astype(np.float32)


def margins(concepts: NDArray[np.float32], armed: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the prior's margins, (n, L), of concept columns (n, L)."""
    return np.asarray(INTERCEPT + SLOPE * np.where(armed, concepts, 0), np.float32)
