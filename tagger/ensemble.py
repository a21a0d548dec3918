"""The learners whose mean is the model, and their C, chosen from out-of-fold margins inside ``fit``.

A learner is a view (words, characters) and a weighting: plain, or each feature times a power of its
naive-Bayes log-count ratio (Wang & Manning 2012), taken from the training part of each fold. Margins of
different views err differently, so their mean is better than either.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from tagger import calibration
from tagger.classifiers import Options, classifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.coordinate import Solution

#: Values of C that are tried. The start is safe everywhere; its neighbours follow while they are better.
C_GRID = (0.1, 0.3, 1.0, 3.0)
#: Texts below which a comparison of C would be noise, and C is 1.
_ENOUGH = 400
#: Texts and labels on which C is chosen, of larger sets: the best C hardly moves with their number.
_PILOT_TEXTS = 8000
_PILOT_LABELS = 32
#: Cells of a multiplier matrix up to which those of all folds are kept for the next C: 300 MB with 5 folds.
_REMEMBERED = 12_000_000
#: Cells (features x labels) of a multiplier matrix beyond which weighting is left out: it would take most of the time.
_MOST_CELLS = 40_000_000


@dataclass(frozen=True)
class Learner:
    """A view and a weighting: ``power`` of the log-count ratio, 0 for plain TF-IDF."""

    view: int
    power: float


@dataclass
class Trained:
    """A learner's weights on all texts and its out-of-fold margins."""

    learner: Learner
    C: float
    margins: NDArray[np.float32]  # (n, L)
    full: Solution


#: The mixture: ratios at power 1/2. Word trigrams, full ratios (power 1), one machine on all views together and
#: heavier positives were no better on average over long news, paragraphs and short comments.
MIXTURE = (Learner(0, 0.5), Learner(1, 0.5))
#: What is tried where that mixture is no better than its first learner alone: plain TF-IDF of words beside both. Plain
#: characters beside that are worse and take longer. Choosing among more mixtures than these two (plain alone, plain of
#: one view) was no better than this mean on texts not seen.
SECOND_THOUGHT = (Learner(0, 0.0), Learner(0, 0.5), Learner(1, 0.5))
#: How much better (micro-F1 + macro-F1 out of fold) a mixture has to be than its first learner.
_WORTH = 0.004


class LogCountRatio:
    """Mask of texts -> |log-count ratio| ** (2 * power), (d, L), scaled so that texts keep their mean length."""

    def __init__(self, X: Any, Y: NDArray[np.bool_], power: float, plain: int = 0) -> None:
        """Take csr_matrix X (n, d) and Y (n, L); the last ``plain`` columns of X (concepts) keep a factor of 1."""
        self._plain = plain
        self._X = X[:, : X.shape[1] - plain] if plain else X
        self._Y = sp.csr_matrix(Y.astype(np.float32))
        self._power = power
        self._all = self._count(np.ones(len(Y), bool))
        self._known: dict[bytes, NDArray[np.float32]] = {}

    def __call__(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the squares of the multipliers learned from the texts of the mask."""
        key = np.packbits(rows).tobytes()
        if key not in self._known:
            if self._X.shape[1] * self._Y.shape[1] > _REMEMBERED:
                self._known.clear()
            self._known[key] = self._learn(rows)
        return self._known[key]

    def _count(self, rows: NDArray[np.bool_]) -> list[Any]:
        """Return how many of the texts hold each feature (d, 1), with each label (d, L), and sums of squares (d, 1)."""
        X, width = self._X[rows], self._X.shape[1]
        total = np.bincount(X.indices, minlength=width).astype(np.float32)
        squares = np.bincount(X.indices, X.data.astype(np.float64) ** 2, minlength=width)
        present = sp.csr_matrix((np.ones(X.nnz, np.float32), X.indices, X.indptr), shape=X.shape)
        return [total[:, None], (present.T @ self._Y[rows]).toarray(), squares[:, None]]

    def _learn(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        # What the texts that are left out hold is taken off: they are few.
        total, with_label, squares = (a - b for a, b in zip(self._all, self._count(~rows), strict=True))
        without = total - with_label
        with_label += 1
        without += 1
        base = np.log(with_label.sum(axis=0)) - np.log(without.sum(axis=0))
        np.log(with_label, out=with_label)
        np.log(without, out=without)
        with_label -= without
        with_label -= base.astype(np.float32)
        scale = np.abs(with_label, out=with_label)
        if self._power != 0.5:
            scale **= 2 * self._power
        mean = squares.ravel().astype(np.float32) / max(int(rows.sum()), 1)
        lengths = mean @ scale
        scale /= np.where(lengths > 0, lengths, 1)
        return np.concatenate([scale, np.ones((self._plain, scale.shape[1]), np.float32)]) if self._plain else scale


def quality(margins: NDArray[np.floating[Any]], Y: NDArray[np.bool_], folds: NDArray[np.int64]) -> float:
    """Return micro-F1 + macro-F1 of cuts that were learned on the other folds."""
    given = np.zeros_like(Y)
    for fold in np.unique(folds):
        held = folds == fold
        if not held.all():
            given[held] = margins[held] >= calibration.learn_cuts(margins[~held], Y[~held])
    return sum(calibration.f1(Y, given))


def ranking(margins: NDArray[np.floating[Any]], Y: NDArray[np.bool_]) -> float:
    """Return the average precision of all pairs of text and label, ranked together.

    What C is chosen by. The noise of cuts is larger than the difference that a neighbouring C makes, and that of the
    average precision of rare labels too: with either, C changed from sample to sample of the same texts.
    """
    ranks = np.flatnonzero(Y.ravel()[np.argsort(-margins.ravel(), kind="stable")]) + 1
    return float((np.arange(1, len(ranks) + 1) / ranks).mean()) if len(ranks) else 0.0


class Trainer:
    """Trains learners on shared views and folds."""

    def __init__(
        self,
        views: Sequence[Any],
        Y: NDArray[np.bool_],
        folds: NDArray[np.int64],
        *,
        concepts: int = 0,
        name: str = "coordinate",
        threads: int = 1,
        random_state: int = 0,
    ) -> None:
        """Take the views, csr_matrix (n, d) each; their last ``concepts`` columns are concepts."""
        self.views = views
        self.Y = Y
        self.folds = folds
        self._concepts = concepts
        self._classifier = classifier(name)
        self._threads = threads
        self._random_state = random_state
        # What C is multiplied by, where some texts stand for more: each text is worth more to them.
        self.stronger = 1.0
        self._best: Trained | None = None  # of the search for C, so that it is not trained again
        self._ratios: dict[Learner, LogCountRatio] = {}  # of the latest learner: C does not change them

    def possible(self, learner: Learner) -> bool:
        """Whether the view has features, and the multipliers fit into memory."""
        grams = self.views[learner.view].shape[1] - self._concepts
        return learner.power == 0 or 0 < grams * self.Y.shape[1] <= _MOST_CELLS

    def train(self, learner: Learner, C: float) -> Trained:
        """Return the learner with that C."""
        if self._best is not None and (self._best.learner, self._best.C) == (learner, C):
            return self._best
        X = self.views[learner.view]
        scale = None
        if learner.power:
            scale = self._ratios.get(learner) or LogCountRatio(X, self.Y, learner.power, self._concepts)
            self._ratios = {learner: scale}
        options = Options(C=C, scale=scale, threads=self._threads, random_state=self._random_state)
        margins, full = self._classifier(X, self.Y, self.folds, options)
        return Trained(learner, C, margins, full)

    def best_cost(self, learner: Learner) -> float:
        """Return the C of the grid that is best out of fold for a learner, climbing from the middle."""
        if len(self.Y) < _ENOUGH:
            return 1.0
        pilot = self._sample()
        at, step = 1, 1
        first, second = pilot.judge(learner, at), pilot.judge(learner, at + 1)
        if second[0] > first[0]:
            at, best = at + 1, second
        else:
            step, best = -1, first
        while 0 <= at + step < len(C_GRID):
            other = pilot.judge(learner, at + step)
            if other[0] <= best[0]:
                break
            at, best = at + step, other
        self._best = best[1] if pilot is self else None
        return C_GRID[at]

    def judge(self, learner: Learner, at: int) -> tuple[float, Trained]:
        """Return how well a learner with the C at that place of the grid ranks, and itself."""
        trained = self.train(learner, C_GRID[at] * self.stronger)
        return ranking(trained.margins, self.Y), trained

    def _sample(self) -> Trainer:
        """Return a trainer of some of the texts and labels: enough to tell values of C apart."""
        n, L = self.Y.shape
        if n <= _PILOT_TEXTS and L <= _PILOT_LABELS:
            return self
        random = np.random.default_rng(self._random_state)
        rows = np.sort(random.permutation(n)[:_PILOT_TEXTS])
        # Frequent and rare labels in the proportion they have.
        by_size = np.argsort(-self.Y.sum(axis=0), kind="stable")
        columns = by_size[np.unique(np.linspace(0, L - 1, _PILOT_LABELS).astype(int))]
        sample = copy(self)
        sample.views, sample.Y, sample.folds = (
            [X[rows] for X in self.views[:1]],
            self.Y[rows][:, columns],
            self.folds[rows],
        )
        # The best C falls with the root of the number of texts: comments rank best at .17 (8,000) and .08 (43,000).
        sample.stronger = float(np.sqrt(n / len(rows)))
        return sample

    def quality(self, members: Sequence[Trained]) -> float:
        """Return micro-F1 + macro-F1 of a mixture out of fold; see :func:`quality`."""
        return quality(mean(members), self.Y, self.folds)


def train(trainer: Trainer, C: float | None) -> list[Trained]:
    """Return the trained learners of the mixture.

    Args:
        trainer: views, labels and folds; a learner whose view is not there is left out.
        C: of all learners; None: the one that is best out of fold for the first learner.

    """
    first, *others = _possible(trainer, MIXTURE)
    lead = trainer.train(first, trainer.best_cost(first) if C is None else C)
    known = {first: lead}

    def members(mixture: Sequence[Learner]) -> list[Trained]:
        for learner in mixture:
            if learner not in known:
                known[learner] = trainer.train(learner, lead.C)
        return [known[learner] for learner in mixture]

    best = members([first, *others])
    if not others or len(trainer.Y) < _ENOUGH:
        return best
    figure = trainer.quality(best)
    if figure >= trainer.quality([lead]) + _WORTH:
        return best
    rival = members(_possible(trainer, SECOND_THOUGHT))
    return rival if trainer.quality(rival) > figure else best


def _possible(trainer: Trainer, learners: Sequence[Learner]) -> list[Learner]:
    views = [learner for learner in learners if learner.view < len(trainer.views)]
    possible = [learner if trainer.possible(learner) else Learner(learner.view, 0.0) for learner in views]
    return list(dict.fromkeys(possible))


def mean(members: Sequence[Trained]) -> NDArray[np.float32]:
    """Return the mean of the members' out-of-fold margins, (n, L)."""
    total = np.zeros_like(members[0].margins)
    for member in members:
        total += member.margins
    total /= len(members)
    return total
