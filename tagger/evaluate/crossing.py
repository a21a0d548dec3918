"""Answers in which no article was seen by the model that answered.

Everything that is learned (vocabulary, weights, cuts, calibration, precision of terms, roll-up, context) is
learned by ``fit`` from the training part alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tagger.evaluate import examples, summary
from tagger.evaluate.judged import Answers, Truth, texts_of
from tagger.evaluate.rivals import PLAIN, RIVALS
from tagger.evaluation import CurvePoint, Figure, LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tagger.evaluate.judged import Scorer
    from tagger.evaluate.rivals import Rival
    from tagger.evaluation import Example
    from tagger.records import LabelledArticle
    from tagger.taxonomy import Taxonomy

    Indices = NDArray[np.intp]
    Fit = Callable[[Taxonomy, Sequence[LabelledArticle]], Scorer]


@dataclass(frozen=True)
class Trial:
    """A corpus to be tagged fold by fold, and how to learn from a part of it."""

    taxonomy: Taxonomy
    articles: Sequence[LabelledArticle]
    truth: Truth
    fit: Fit

    def part(self, which: Indices) -> list[LabelledArticle]:
        """Return some of the articles."""
        return [self.articles[at] for at in which]

    def learn(self, which: Indices) -> Scorer:
        """Learn from some of the articles."""
        return self.fit(self.taxonomy, self.part(which))

    def ask(self, scorer: Scorer, which: Indices, answers: Answers) -> None:
        """Put a scorer's answers to some articles in their place."""
        answers.fill(self.truth, which, scorer.score([texts_of(article) for article in self.part(which)]))

    def ask_rival(self, rival: Rival, train: Indices, test: Indices, answers: Answers) -> None:
        """Let a rival learn from and answer the same articles; an article has the tags of its paragraphs."""
        truth = self.truth
        learned, rows = truth.rows(train), truth.rows(test)
        texts = [text for article in self.articles for text in texts_of(article)]
        given = rival(
            self.taxonomy, [texts[at] for at in learned], truth.paragraphs[learned], [texts[at] for at in rows]
        )
        answers.paragraph_given[rows] = given
        np.logical_or.at(answers.article_given, truth.article_of[rows], given)
        answers.asked[test] = True


@dataclass
class Crossed:
    """What one round of cross-validation gave."""

    answers: Answers
    rivals: dict[str, Answers]
    cuts: list[list[float]] = field(default_factory=list)  # a list a fold, of paragraphs
    article_cuts: list[list[float]] = field(default_factory=list)
    positives: list[list[Example]] = field(default_factory=list)
    negatives: list[list[Example]] = field(default_factory=list)

    @property
    def mean_cuts(self) -> list[float]:
        """The mean over the folds of each label's cut, as a score."""
        return _means(self.cuts)

    @property
    def mean_article_cuts(self) -> list[float]:
        """The same of articles."""
        return _means(self.article_cuts)


def _means(cuts: list[list[float]]) -> list[float]:
    """Return the means over the folds that have a cut; NaN where none has."""
    told = [[cut for cut in column if cut <= 1] for column in zip(*cuts, strict=True)]
    return [float(np.mean(column)) if column else float("nan") for column in told]


def parts(fold: NDArray[np.int64]) -> Iterator[tuple[Indices, Indices]]:
    """Yield (training, test) articles of each fold."""
    for number in np.unique(fold):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def cross(trial: Trial, fold: NDArray[np.int64], most: int, step: Callable[[str], None]) -> Crossed:
    """Tag every article by a model that learned from the other folds, and by each rival that did."""
    truth, labels = trial.truth, trial.taxonomy.ids
    crossed = Crossed(Answers.to(truth), {name: Answers.to(truth) for name in RIVALS})
    for number, (train, test) in enumerate(parts(fold), start=1):
        step(f"fold {number}")
        scorer = trial.learn(train)
        trial.ask(scorer, test, crossed.answers)
        crossed.cuts.append(list(scorer.cut_scores()))
        crossed.article_cuts.append(list(scorer.article_cut_scores()))
        positives, negatives = examples.find(scorer, trial.articles, labels, truth, crossed.answers, test, most)
        crossed.positives.append(positives)
        crossed.negatives.append(negatives)
        for name, (_, rival) in RIVALS.items():
            trial.ask_rival(rival, train, test, crossed.rivals[name])
    return crossed


def learning_curve(
    trial: Trial,
    fold: NDArray[np.int64],
    crossed: Crossed,
    shares: Sequence[float],
    resampling: summary.Resampling,
    step: Callable[[str], None],
) -> tuple[CurvePoint, ...]:
    """Learn from growing shares of each fold's training articles; a smaller share lies within a larger one."""
    truth = trial.truth
    order = np.random.default_rng(resampling.random_state).permutation(len(trial.articles))
    points = []
    for share in sorted({*shares, 1.0}):
        answers, plain = crossed.answers, crossed.rivals[PLAIN]
        if share < 1:
            answers, plain = Answers.to(truth), Answers.to(truth)
        learned = []
        for train, test in parts(fold):
            shuffled = order[np.isin(order, train)]
            some = np.sort(shuffled[: round(share * len(train))])
            learned.append((len(some), len(truth.rows(some))))
            if share < 1:
                step(f"{share:.0%} of the articles")
                trial.ask(trial.learn(some), test, answers)
                trial.ask_rival(RIVALS[PLAIN][1], some, test, plain)
        articles, paragraphs = np.mean(learned, axis=0)
        micro, macro = summary.f1(summary.Judged.paragraphs(truth, answers), resampling)
        theirs = summary.f1(summary.Judged.paragraphs(truth, plain), summary.Resampling(0))
        points.append(
            CurvePoint(share, round(articles), round(paragraphs), micro, macro, theirs[0].value, theirs[1].value)
        )
    return tuple(points)


def left_out(
    trial: Trial,
    families: NDArray[np.int64],
    crossed: Crossed,
    resampling: summary.Resampling,
    step: Callable[[str], None],
) -> tuple[LeftOut, ...]:
    """Tag each language by a model that learned from the others (and from none of its articles' families)."""
    truth = trial.truth
    lang = np.array(truth.lang, dtype=object)
    rows = []
    for name in sorted({one for one in truth.lang if one}):
        test = np.flatnonzero(lang == name)
        train = np.flatnonzero((lang != name) & ~np.isin(families, families[test]))
        if not len(train):
            continue
        step(f"without {name}")
        answers = Answers.to(truth)
        trial.ask(trial.learn(train), test, answers)
        judged = summary.Judged.paragraphs(truth, answers)
        micro, macro = summary.f1(judged, resampling)
        seen = summary.Judged.paragraphs(truth, crossed.answers)
        told: tuple[Figure, Figure] = summary.f1(seen.where(np.isin(seen.article, test)), summary.Resampling(0))
        rows.append(LeftOut(name, len(judged.truth), len(test), micro, macro, told[0].value, told[1].value))
    return tuple(rows)
