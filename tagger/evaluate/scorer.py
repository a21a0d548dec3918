"""`tagger.tag.Tagger` as evaluation sees it, its columns put in the order of the taxonomy that is measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger import decide, tag, train
from tagger.records import Article, Document, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.evaluate.judged import Scored
    from tagger.records import Evidence, LabelledArticle
    from tagger.taxonomy import Taxonomy


@dataclass(frozen=True)
class _Row:
    """One article's numbers under the measured taxonomy's columns."""

    paragraph_scores: list[list[float]]
    paragraph_flags: list[list[bool]]
    article_scores: list[float]
    article_flags: list[bool]


class ModelScorer:
    """Scores with a model. A label that the model lacks is never given; one that only it has is dropped."""

    def __init__(self, tagger: tag.Tagger, labels: Sequence[str]) -> None:
        self.tagger = tagger
        self.labels = tuple(labels)
        theirs = {label: at for at, label in enumerate(tagger.taxonomy.ids)}
        self._columns = [theirs.get(label) for label in self.labels]
        self._same = self.labels == tagger.taxonomy.ids

    @classmethod
    def learn(cls, taxonomy: Taxonomy, articles: Sequence[LabelledArticle], options: train.TrainOptions) -> ModelScorer:
        """Learn from some articles, in memory."""
        return cls(tag.Tagger(train.fit(taxonomy, articles, options)), taxonomy.ids)

    @classmethod
    def load(cls, model: str | Path | None, labels: Sequence[str] | None = None) -> ModelScorer:
        """Load a stored model."""
        tagger = tag.Tagger.load(model)
        return cls(tagger, tagger.taxonomy.ids if labels is None else labels)

    def score(self, articles: Sequence[Sequence[str]]) -> Sequence[Scored]:
        """Score articles given as their paragraphs' texts."""
        scored = self.tagger.score(articles)
        if self._same:
            return scored
        return [
            _Row(
                [self._numbers(row) for row in s.paragraph_scores],
                [self._flags(row) for row in s.paragraph_flags],
                self._numbers(s.article_scores),
                self._flags(s.article_flags),
            )
            for s in scored
        ]

    def evidence(self, texts: Sequence[str], row: int, column: int) -> Sequence[Evidence]:
        """Return the summands of one paragraph's margin for a label; offsets are within the paragraph."""
        at = self._columns[column]
        if at is None:
            return ()
        return self.tagger.evidence(_article(texts), row, at)

    def cut_scores(self) -> list[float]:
        """Return the score at each label's cut; NaN for a label that the model lacks."""
        decision = decide.Decision.of(self.tagger.stored)
        return self._cuts(decision.scores(decision.cuts))

    def article_cut_scores(self) -> list[float]:
        """Return the cuts of the roll-up; NaN where an article bears the tags of its paragraphs."""
        rule = self.tagger.stored.rollup
        if rule.get("kind") == "whole":
            return self.cut_scores()
        return self._cuts(rule.get("cuts", [math.nan] * len(self.tagger.taxonomy.ids)))

    def _cuts(self, cuts: Sequence[float]) -> list[float]:
        return [math.nan if at is None else cuts[at] for at in self._columns]

    def _numbers(self, row: Sequence[float]) -> list[float]:
        return [0.0 if at is None else row[at] for at in self._columns]

    def _flags(self, row: Sequence[bool]) -> list[bool]:
        return [at is not None and row[at] for at in self._columns]


def _article(texts: Sequence[str]) -> Article:
    """Return the texts as an article whose paragraphs all start at 0, so that offsets are within each."""
    return Article(
        Document("", ""),
        tuple(Paragraph(at, "body", 0, len(text), text) for at, text in enumerate(texts)),
    )
