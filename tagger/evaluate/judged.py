"""The truth of a corpus and a tagger's answers to it, as arrays in the corpus's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tagger.records import Evidence, LabelledArticle

    Indicators = NDArray[np.bool_]
    Floats = NDArray[np.float64]


class Scored(Protocol):
    """One article's numbers (`tagger.tag.Scores`)."""

    @property
    def paragraph_scores(self) -> Sequence[Sequence[float]]:
        """A row a paragraph, a column a label."""
        ...

    @property
    def paragraph_flags(self) -> Sequence[Sequence[bool]]:
        """Which labels each paragraph gets."""
        ...

    @property
    def article_scores(self) -> Sequence[float]:
        """A score a label."""
        ...

    @property
    def article_flags(self) -> Sequence[bool]:
        """Which labels the article gets."""
        ...


class Scorer(Protocol):
    """What tags: `tagger.tag.Tagger`, so that what is measured is what runs."""

    def score(self, articles: Sequence[Sequence[str]]) -> Sequence[Scored]:
        """Score articles given as their paragraphs' texts."""
        ...

    def evidence(self, texts: Sequence[str], row: int, column: int) -> Sequence[Evidence]:
        """Return the summands of the margin of paragraph ``row`` for label ``column``, offsets within it."""
        ...

    def cut_scores(self) -> Sequence[float]:
        """Return the score at each label's cut on paragraphs; above 1 where it is never given."""
        ...

    def article_cut_scores(self) -> Sequence[float]:
        """Return the same of articles; NaN where articles have no cut of their own."""
        ...


@dataclass(frozen=True)
class Truth:
    """What people said: P paragraphs of A articles, L labels."""

    paragraphs: Indicators  # (P, L)
    articles: Indicators  # (A, L)
    article_of: NDArray[np.int64]  # (P,)
    lang: tuple[str | None, ...]  # A
    genre: tuple[str | None, ...]  # A
    source: tuple[str | None, ...]  # A

    @classmethod
    def of(cls, labels: Sequence[str], articles: Sequence[LabelledArticle], langs: Sequence[str | None]) -> Truth:
        """Build from a corpus whose labels are all in ``labels``."""
        column = {label: at for at, label in enumerate(labels)}

        def indicators(rows: Sequence[Iterable[str]]) -> Indicators:
            out = np.zeros((len(rows), len(labels)), dtype=bool)
            for at, row in enumerate(rows):
                out[at, [column[label] for label in row]] = True
            return out

        sizes = [len(article.paragraphs) for article in articles]
        return cls(
            paragraphs=indicators([p.labels for article in articles for p in article.paragraphs]),
            articles=indicators([article.labels for article in articles]),
            article_of=np.repeat(np.arange(len(articles)), sizes),
            lang=tuple(langs),
            genre=tuple(article.genre for article in articles),
            source=tuple(article.source for article in articles),
        )

    def rows(self, articles: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the paragraphs of some articles, in the corpus's order."""
        return np.flatnonzero(np.isin(self.article_of, articles))


@dataclass
class Answers:
    """A tagger's answers, filled in fold by fold. ``asked`` tells which articles have theirs."""

    paragraph_scores: Floats  # (P, L)
    paragraph_given: Indicators
    article_scores: Floats  # (A, L)
    article_given: Indicators
    asked: NDArray[np.bool_]  # (A,)

    @classmethod
    def to(cls, truth: Truth) -> Answers:
        """Return empty answers to a corpus."""
        p, a = truth.paragraphs.shape, truth.articles.shape
        return cls(np.zeros(p), np.zeros(p, bool), np.zeros(a), np.zeros(a, bool), np.zeros(a[0], bool))

    def fill(self, truth: Truth, which: NDArray[np.intp], scored: Sequence[Scored]) -> None:
        """Put in the answers to the articles ``which`` (indices, rising)."""
        rows = truth.rows(which)
        if len(rows):
            self.paragraph_scores[rows] = [row for s in scored for row in s.paragraph_scores]
            self.paragraph_given[rows] = [row for s in scored for row in s.paragraph_flags]
        self.article_scores[which] = [s.article_scores for s in scored]
        self.article_given[which] = [s.article_flags for s in scored]
        self.asked[which] = True


def texts_of(article: LabelledArticle) -> list[str]:
    """Return the texts of an article's paragraphs."""
    return [p.text for p in article.paragraphs]
