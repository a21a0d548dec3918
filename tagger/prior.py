"""What the seed terms say before there is a labelled text, and how labelled texts come in beside them.

Without labelled texts the margin of a label is a line on its own concept column: one hit lifts it over zero.
With them it is a sum of three: what was learned, what the terms say, and an offset,

    log-odds = part * (a * learned + b) + (1 - part) * (c * concept + d),      part = p / (p + strength)

p being the label's positive texts. A label's first one or two positives wreck a model that believes in them alone, and
terms that hardly ever hit must not keep quiet what was learned. How far either can be believed is read from the texts:
``a`` to ``d`` are the same for all labels, so that thirty texts of six labels are 180 observations of four numbers,
fitted by logistic regression on the margins out of fold (stacked generalisation: Wolpert 1992; Ting & Witten 1999);
numbers of each label's own were no better. A label without a positive text keeps the terms' own line. All of it is
linear in the same columns, so the mixture is one set of weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tagger.calibration import NEVER

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
#: The least that learned margins are taken to say, in log-odds: all else is told in units of it.
_LEAST_WORTH = 0.5
#: The least that a hit counts. Where thousands of texts say what the terms say, and more, its own share is 0; but texts
#: in a language not learned have nothing else (F1 there +.005 on the seed corpus, -.0005 in the languages learned).
_LEAST_HITS = 0.06
#: Pairs of text and label that are enough to fit four numbers; of more, texts are taken at equal steps.
_ENOUGH = 100_000


class Mixture(NamedTuple):
    """What counts how much for each label, (L,) each: margin = learned * own + hits * concept + offset."""

    learned: NDArray[np.float64]
    hits: NDArray[np.float64]
    offset: NDArray[np.float64]
    cut: NDArray[np.float64]  # the margin of what is as likely as not
    steady: NDArray[np.bool_]  # whether the label has terms that somebody chose for it

    def margins(self, learned: Margins | float, concepts: Margins) -> NDArray[np.float32]:
        """Return the margins, (n, L), of learned ones and of concept columns, (n, L) each."""
        return np.asarray(self.learned * learned + self.hits * concepts + self.offset, np.float32)


def alone(armed: NDArray[np.bool_]) -> Mixture:
    """Return the mixture of no labelled text at all."""
    none = np.zeros(len(armed))
    return Mixture(none, np.where(armed, SLOPE, 0.0), none + INTERCEPT, np.where(armed, 0.0, NEVER), armed)


def learned_only(L: int) -> Mixture:
    """Return the mixture of labels without terms."""
    none = np.zeros(L)
    return Mixture(none + 1, none, none, none, np.zeros(L, bool))


def learn(
    learned: Margins,
    concepts: Margins,
    Y: NDArray[np.bool_],
    armed: NDArray[np.bool_],
    folds: NDArray[np.int64],
) -> tuple[Mixture, NDArray[np.float32]]:
    """Return the mixture, and margins (n, L) each of which comes from a mixture that has not seen its text.

    Args:
        learned: (n, L), out of fold.
        concepts: (n, L), with what a hit counts learned out of fold.
        Y: (n, L), at least one text of which bears a label.
        armed: (L,), whether a label has a term.
        folds: (n,).

    """
    seen = Y.any(axis=0)
    mixed = armed & seen
    fields = zip(learned_only(len(armed)), alone(armed), strict=True)
    mixture = Mixture(*(np.where(seen, *pair) for pair in fields))._replace(steady=armed)
    margins = mixture.margins(learned, concepts)
    if not mixed.any():
        return mixture, margins
    spread = float(learned.std()) or 1.0
    said, hits, wanted = learned[:, mixed] / spread, concepts[:, mixed], Y[:, mixed]
    parts = [(folds == fold, folds != fold) for fold in np.unique(folds)]
    best, strength, odds = -np.inf, STRENGTHS[0], np.empty(said.shape)
    for tried in STRENGTHS:
        guess = np.empty(said.shape)
        for held, rest in parts:
            numbers = _fit(said[rest], hits[rest], wanted[rest], tried)
            guess[held] = _log_odds(numbers, said[held], hits[held], _share(wanted[rest], tried))
        likelihood = float((wanted * guess - np.logaddexp(0, guess)).sum())
        if likelihood > best:
            best, strength, odds = likelihood, tried, guess
    part = _share(wanted, strength)
    a, b, c, d = _fit(said, hits, wanted, strength)
    # In the units of the learned margins and without the offset: cuts are compared among labels, and neither scale nor
    # place may depend on how many texts bear one, nor on whether it has terms.
    worth = np.maximum(part * a / spread, _LEAST_WORTH)
    own = (1 - part) * c / worth
    more = np.maximum(_LEAST_HITS - own, 0)
    mixture.learned[mixed] = part * a / spread / worth
    mixture.hits[mixed] = own + more
    mixture.cut[mixed] = -(part * b + (1 - part) * d) / worth
    margins[:, mixed] = odds / worth + mixture.cut[mixed] + more * hits
    return mixture, margins


def _share(Y: NDArray[np.bool_], strength: float) -> NDArray[np.float64]:
    """Return how much of what was learned for each label counts, (L,)."""
    positives = Y.sum(axis=0)
    return np.asarray(positives / (positives + strength))


def _log_odds(
    numbers: NDArray[np.float64], learned: Margins, concepts: Margins, part: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the log-odds, (n, L), that four numbers make of margins and concepts."""
    a, b, c, d = numbers
    return np.asarray(part * (a * learned + b) + (1 - part) * (c * concepts + d))


def _fit(learned: Margins, concepts: Margins, Y: NDArray[np.bool_], strength: float) -> NDArray[np.float64]:
    """Return a, b, c, d, (4,): Newton's method, ridge towards what is believed before.

    A label without a positive among these texts says nothing.
    """
    seen, step = Y.any(axis=0), max(1, -(-Y.size // _ENOUGH))
    part = _share(Y, strength)[seen]
    y = Y[::step, seen]
    ones = np.ones(y.shape)
    Z = np.stack(
        [part * learned[::step, seen], part * ones, (1 - part) * concepts[::step, seen], (1 - part) * ones]
    ).reshape(4, -1)
    theta = _BEFORE.copy()
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(theta @ Z, -40, 40)))
        gradient = Z @ (p - y.ravel()) + _RIDGE * (theta - _BEFORE)
        move = np.linalg.solve((Z * (p * (1 - p))) @ Z.T + _RIDGE * np.eye(4), gradient)
        # A full step may overshoot where the sigmoid is flat.
        theta -= move * min(1.0, 2 / max(float(np.abs(move).max()), 1e-12))
        if np.abs(move).max() < 1e-6:
            break
    theta[[0, 2]] = np.maximum(theta[[0, 2]], 0.0)  # neither a margin nor a hit speaks against its label
    return theta
