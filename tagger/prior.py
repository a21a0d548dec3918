"""What the seed terms say before there is a labelled text, and how labelled texts come in beside them.

Without labelled texts the margin of a label is a line on its own concept column: one hit lifts it over zero.
With them it is a sum of three: what was learned, what the terms say, and an offset,

    log-odds = part * (a * learned + b) + (1 - part) * (c * concept + d),      part = p / (p + strength)

p being the label's positive texts. A label's first one or two positives wreck a model that believes in them alone, and
terms that hardly ever hit must not keep quiet what was learned. How far either can be believed is read from the texts:
``a`` to ``d`` are the same for all labels, so that thirty texts of six labels are 180 observations of four numbers,
fitted by logistic regression on the margins out of fold (stacked generalisation: Wolpert 1992; Ting & Witten 1999);
numbers of each label's own were no better. A label without a term has ``part`` = 1; one without a positive text keeps
the terms' own line. All of it is linear in the same columns, so the mixture is one set of weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Margins = NDArray[np.floating]

#: Margin of a text without a hit, and what one unit of the own concept column adds: one hit gives +0.39.
INTERCEPT = -1.0
SLOPE = 2.0
#: Scores of the prior alone: a text with one hit is rightly tagged about three times in four.
SIGMOID = (2.0, 0.3)
#: Positives at which the terms and the learned weights count the same: what is tried.
STRENGTHS = (320.0, 80.0, 20.0, 5.0)
#: a, b, c, d before there is a text (the prior's own line for c and d), and the weight of that in the log-likelihood.
_BEFORE = np.array([2.0, -1.5, SIGMOID[0] * SLOPE, SIGMOID[0] * INTERCEPT + SIGMOID[1]])
_RIDGE = 1.0
#: Texts that are enough to fit four numbers; of more, they are taken at equal steps.
_ENOUGH = 5000


class Mixture(NamedTuple):
    """What counts how much for each label, (L,) each: margin = learned * own + hits * concept + offset."""

    learned: NDArray[np.float64]
    hits: NDArray[np.float64]
    offset: NDArray[np.float64]
    unit: float = 1.0  # a margin over it is in the prior's log-odds

    def margins(self, learned: Margins | float, concepts: Margins) -> NDArray[np.float32]:
        """Return the margins, (n, L), of learned ones and of concept columns, (n, L) each."""
        return np.asarray(self.learned * learned + self.hits * concepts + self.offset, np.float32)


def alone(armed: NDArray[np.bool_]) -> Mixture:
    """Return the mixture of no labelled text at all; ``armed`` (L,): whether a label has a term."""
    L = len(armed)
    return Mixture(np.zeros(L), np.where(armed, SLOPE, 0.0), np.full(L, INTERCEPT), 1 / SIGMOID[0])


def learned_only(L: int) -> Mixture:
    """Return the mixture of labels without terms."""
    return Mixture(np.ones(L), np.zeros(L), np.zeros(L))


def learn(
    learned: Margins, concepts: Margins, Y: NDArray[np.bool_], armed: NDArray[np.bool_], folds: NDArray[np.int64]
) -> tuple[Mixture, NDArray[np.float32]]:
    """Return the mixture, and margins (n, L) each of which comes from a mixture that has not seen its text.

    Args:
        learned: (n, L), out of fold.
        concepts: (n, L), with what a hit counts learned out of fold.
        Y: (n, L), with a positive.
        armed: (L,), whether a label has a term.
        folds: (n,).

    """
    spread = float(learned.std()) or 1.0
    parts = [(folds == fold, folds != fold) for fold in np.unique(folds)]
    best, strength, odds = -np.inf, STRENGTHS[0], np.empty(learned.shape)
    for tried in STRENGTHS:
        said = np.empty(learned.shape)
        for held, rest in parts:
            theta = _fit(learned[rest] / spread, concepts[rest], Y[rest], armed, tried)
            columns = _columns(learned[held] / spread, concepts[held], _share(Y[rest], armed, tried))
            said[held] = np.tensordot(theta, columns, 1)
        likelihood = float((Y * said - np.logaddexp(0, said)).sum())
        if likelihood > best:
            best, strength, odds = likelihood, tried, said
    a, b, c, d = _fit(learned / spread, concepts, Y, armed, strength)
    part = _share(Y, armed, strength)
    # In the units of the learned margins, which context and roll-up know, while they count for something.
    unit = 1 / max(a / spread * float(part.mean()), SIGMOID[0])
    unseen = ~Y.any(axis=0)
    mixture = Mixture(
        np.where(unseen, 0, unit * part * a / spread),
        np.where(unseen, unit * SIGMOID[0] * SLOPE * armed, unit * (1 - part) * c),
        np.where(unseen, unit * SIGMOID[0] * INTERCEPT, unit * (part * b + (1 - part) * d)),
        unit,
    )
    margins = np.where(unseen, mixture.margins(learned, concepts), unit * odds)
    return mixture, margins.astype(np.float32)


def _share(Y: NDArray[np.bool_], armed: NDArray[np.bool_], strength: float) -> NDArray[np.float64]:
    """Return how much of what was learned for each label counts, (L,)."""
    positives = Y.sum(axis=0)
    return np.where(armed, positives / (positives + strength), 1.0)


def _columns(learned: Margins, concepts: Margins, part: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a, b, c and d are multiplied by, (4, n, L)."""
    ones = np.ones_like(learned)
    return np.stack([part * learned, part * ones, (1 - part) * concepts, (1 - part) * ones])


def _fit(
    learned: Margins, concepts: Margins, Y: NDArray[np.bool_], armed: NDArray[np.bool_], strength: float
) -> NDArray[np.float64]:
    """Return a, b, c, d, (4,): Newton's method, ridge towards what is believed before."""
    part, seen = _share(Y, armed, strength), Y.any(axis=0)
    some = slice(None, None, max(1, -(-len(Y) // _ENOUGH)))
    Z = _columns(learned[some], concepts[some], part)[:, :, seen].reshape(4, -1)
    y = Y[some][:, seen].ravel()
    theta = _BEFORE.copy()
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(theta @ Z, -40, 40)))
        gradient = Z @ (p - y) + _RIDGE * (theta - _BEFORE)
        step = np.linalg.solve((Z * (p * (1 - p))) @ Z.T + _RIDGE * np.eye(4), gradient)
        # A full step may overshoot where the sigmoid is flat.
        theta -= step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    return theta
