"""Rank the labels of a corpus by how much the model doubts them: where to look for mistakes of labelling.

    python bench/suspects.py                                # the worst 150 of seeds
    python bench/suspects.py --data corpus --labels topics.yaml --worst 400

A cell is a paragraph and a label. Its score comes from a model that has not seen the article (out of fold, the
context of the article added, as in training), its doubt is the distance between that score and the answer in the
file. A doubt is a reason to read the paragraph again, never a reason to change it: hard paragraphs that are
labelled rightly stand in the list beside the mistakes.

Each entry prints file and line, the number of the paragraph (from 0), the label, ``has`` or ``lacks``, the score,
the other labels of the paragraph, and the text.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger import calibration, context, corpora, terms
from tagger.estimator import TopicClassifier
from tagger.indicators import indicators
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.records import LabelledArticle


@dataclass(frozen=True)
class Suspect:
    """A paragraph's answer for one label that the model would not have given."""

    where: str
    paragraph: int
    label: str
    given: bool
    score: float
    others: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        """Return the entry as it is printed."""
        verb = "has" if self.given else "lacks"
        rest = ", ".join(self.others) or "nothing else"
        return (
            f"{self.where}  paragraph {self.paragraph}  {verb} {self.label}  score {self.score:.2f}  ({rest})\n"
            f"    {' '.join(self.text.split())}"
        )


def suspects(taxonomy: Taxonomy, articles: Sequence[LabelledArticle]) -> list[Suspect]:
    """Return all cells, the most doubtful first.

    Args:
        taxonomy: whose labels and terms the model uses.
        articles: at least two, with labels.

    """
    rows = [(i, k, paragraph) for i, article in enumerate(articles) for k, paragraph in enumerate(article.paragraphs)]
    groups = [i for i, _, _ in rows]
    Y, _ = indicators([p.labels for _, _, p in rows], taxonomy.ids)
    table = terms.expand(taxonomy)
    classifier = TopicClassifier(terms=table if table.terms else None, labels=taxonomy.ids)
    classifier.fit([p.text for _, _, p in rows], Y, groups=groups)
    margins = np.asarray(classifier.oof_margins_, np.float64)
    learned = classifier.linear_.calibration
    if len(articles) < len(rows):
        spec = context.fit_context(classifier.oof_margins_, groups, Y)
        if spec:
            margins = context.added(spec, margins, groups)
            learned = calibration.learn_scores(margins, Y)
    scores = calibration.scores(learned, margins)
    doubts = np.abs(Y - scores)
    found = []
    for cell in np.argsort(-doubts, axis=None, kind="stable"):
        row, j = divmod(int(cell), len(taxonomy.ids))
        i, k, paragraph = rows[row]
        label = taxonomy.ids[j]
        found.append(
            Suspect(
                where=paragraph.where or articles[i].where or articles[i].id,
                paragraph=k,
                label=label,
                given=bool(Y[row, j]),
                score=float(scores[row, j]),
                others=tuple(name for name in paragraph.labels if name != label),
                text=paragraph.text,
            )
        )
    return found


def main() -> None:
    """Print the most doubtful answers."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("seeds"), help="labelled articles: a file or a folder")
    parser.add_argument("--labels", type=Path, default=Path("labels.yaml"), help="the taxonomy")
    parser.add_argument("--worst", type=int, default=150, help="how many to print")
    options = parser.parse_args()
    taxonomy = Taxonomy.load(options.labels)
    found = suspects(taxonomy, corpora.load(options.data, taxonomy))
    for number, suspect in enumerate(found[: options.worst], 1):
        print(f"{number}. {suspect}\n")


if __name__ == "__main__":
    main()
