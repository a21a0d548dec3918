"""The worst mistakes, with the words that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.evaluate.judged import texts_of
from tagger.evaluation import Example, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tagger.evaluate.judged import Answers, Scorer, Truth
    from tagger.records import LabelledArticle

#: Mistakes of one label shown at most: one bad label must not hide the others.
A_LABEL = 3

#: Spans shown of each mistake.
_WORDS = 12

#: Smaller summands would show as 0.00.
_LEAST = 0.005


def find(
    scorer: Scorer,
    articles: Sequence[LabelledArticle],
    labels: Sequence[str],
    truth: Truth,
    answers: Answers,
    which: NDArray[np.intp],
    most: int,
) -> tuple[list[Example], list[Example]]:
    """Return the worst false positives and false negatives of some articles, explained by their scorer."""
    rows = truth.rows(which)
    true, given = truth.paragraphs[rows], answers.paragraph_given[rows]
    scores = answers.paragraph_scores[rows]
    first = {int(article): int(row) for row, article in zip(rows[::-1], truth.article_of[rows][::-1], strict=True)}

    def examples(wrong: NDArray[np.bool_], badness: NDArray[np.float64]) -> list[Example]:
        picked = _worst([(float(badness[i, j]), int(j), int(i)) for i, j in np.argwhere(wrong)], most)
        found = []
        for _, column, i in picked:
            row = int(rows[i])
            at = int(truth.article_of[row])
            article = articles[at]
            inside = row - first[at]
            paragraph = article.paragraphs[inside]
            words = scorer.evidence(texts_of(article), inside, column)
            strongest = sorted((e for e in words if abs(e.weight) >= _LEAST), key=lambda e: (-abs(e.weight), e.start))[
                :_WORDS
            ]
            found.append(
                Example(
                    label=labels[column],
                    text=paragraph.text,
                    score=float(scores[i, column]),
                    truth=tuple(paragraph.labels),
                    given=tuple(label for label, tag in zip(labels, given[i], strict=True) if tag),
                    article=article.id,
                    lang=truth.lang[at],
                    where=paragraph.where or article.where,
                    words=tuple(Word(e.text, e.start, e.end, float(e.weight), e.source) for e in strongest),
                )
            )
        return found

    return examples(given & ~true, scores), examples(true & ~given, 1 - scores)


def merge(found: Sequence[list[Example]], badness: Callable[[Example], float], most: int) -> tuple[Example, ...]:
    """Return the worst of all folds, worst first."""
    flat = [example for some in found for example in some]
    column = {label: at for at, label in enumerate(sorted({e.label for e in flat}))}
    picked = _worst([(badness(e), column[e.label], at) for at, e in enumerate(flat)], most)
    return tuple(flat[at] for _, _, at in picked)


def _worst(wrong: list[tuple[float, int, int]], most: int) -> list[tuple[float, int, int]]:
    """Pick the highest (badness, label, index), `A_LABEL` a label at most."""
    taken: dict[int, int] = {}
    picked = []
    for badness, label, at in sorted(wrong, key=lambda w: (-w[0], w[1], w[2])):
        if taken.get(label, 0) < A_LABEL:
            taken[label] = taken.get(label, 0) + 1
            picked.append((badness, label, at))
            if len(picked) == most:
                break
    return picked
