"""Articles and a model -> tagged articles: the one tagging path.

``tagger tag``, batches, evaluation and programs all come through here. Everything in this module is plain
Python on short lists, so that tagging one text loads no numeric library.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from tagger import context, decide, engine, evidence, language, paragraphs, rollup, store
from tagger.normalise import alignment, analysed
from tagger.records import TAGGABLE, Article, Document, Evidence, Tag, TaggedArticle, TaggedParagraph
from tagger.written import line, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagger.records import Paragraph
    from tagger.taxonomy import Taxonomy

__all__ = ["Scores", "Tagger", "is_one_file", "line", "record"]

#: Articles scored by one call of the engine: enough to keep it busy, few enough to stream.
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Scores:
    """One article's numbers: L margins and scores for each paragraph, L scores and flags for the article."""

    margins: list[list[float]]  # (paragraphs, L), the context included
    known: list[int]  # features of each paragraph that the model knows
    paragraph_scores: list[list[float]]  # (paragraphs, L)
    paragraph_flags: list[list[bool]]  # (paragraphs, L): at or above the cut
    article_scores: list[float]  # (L,)
    article_flags: list[bool]  # (L,)


class Tagger:
    """A stored model, ready to tag."""

    def __init__(self, stored: store.StoredModel) -> None:
        self.stored = stored
        self.taxonomy: Taxonomy = stored.taxonomy
        self.languages: tuple[str, ...] = stored.languages
        self._engine = engine.open(stored)
        self._ids = stored.taxonomy.ids
        self._decision = decide.Decision.of(stored)

    @classmethod
    def load(cls, model: str | Path | None = None) -> Tagger:
        """Return the tagger of a model folder, of a name under ``models/``, or of the shipped model.

        Raises:
            ModelError: there is no such model, or it is damaged or too new.

        """
        return cls(store.load(store.find(model)))

    @property
    def identity(self) -> dict[str, str]:
        """The model's name and digest, as every output line bears them."""
        return {"name": self.stored.name, "digest": self.stored.digest}

    def tag(
        self, documents: Iterable[Document], *, explain: bool = False, all_scores: bool = False
    ) -> Iterator[TaggedArticle]:
        """Tag documents in their order, streaming.

        Args:
            documents: what `tagger.readers.read` yields.
            explain: put the spans that made each tag into it.
            all_scores: keep the scores of all labels, not only of the tags.

        """
        stream = iter(documents)
        while chunk := list(islice(stream, _CHUNK)):
            articles = [self.read(document) for document in chunk]
            yield from self.tag_articles(articles, explain=explain, all_scores=all_scores)

    def read(self, document: Document) -> Article:
        """Cut a document into paragraphs and tell its language."""
        return language.told(paragraphs.cut(document), self.languages)

    def tag_articles(
        self, articles: Sequence[Article], *, explain: bool = False, all_scores: bool = False
    ) -> Iterator[TaggedArticle]:
        """Tag articles that are cut already."""
        tagged = [[p for p in article.paragraphs if p.kind in TAGGABLE] for article in articles]
        texts = [[paragraphs.scoring_text(p) for p in group] for group in tagged]
        scored = self.score(texts, [[p.counts for p in group] for group in tagged])
        for article, group, scores in zip(articles, tagged, scored, strict=True):
            yield self._tagged(article, group, scores, explain=explain, all_scores=all_scores)

    def score(self, articles: Sequence[Sequence[str]], counts: Sequence[Sequence[bool]] | None = None) -> list[Scores]:
        """Score articles given as lists of paragraph texts.

        Args:
            articles: the texts of each article's paragraphs.
            counts: whether each paragraph counts towards its article and its neighbours (default: all do).

        """
        plain, known = self._engine.margins([text for texts in articles for text in texts])
        wholes = self._wholes(articles, counts)
        # Which paragraphs vote and speak to their neighbours: those that count and of which something is known.
        voting = [bool(k) for k in known]
        if counts is not None:
            voting = [c and k for c, k in zip(chain.from_iterable(counts), voting, strict=True)]
        stops = list(accumulate(map(len, articles)))
        spans = list(zip([0, *stops], stops, strict=False))
        margins = plain
        if self.stored.context:
            rows = (context.apply(self.stored.context, plain[a:b], voting[a:b]) for a, b in spans)
            margins = list(chain.from_iterable(rows))
        scores = self._decision.all_scores(margins)
        none = [False] * len(self._ids)
        flags = [row if k else none for row, k in zip(self._decision.all_flags(margins), known, strict=True)]
        result = []
        for i, (start, stop) in enumerate(spans):
            voters = [row for row in range(start, stop) if voting[row]]
            if not voters:
                article = [0.0] * len(self._ids), none
            elif wholes is not None:
                article = self._decision.scores(wholes[i]), self._decision.flags(wholes[i])
            else:
                article = rollup.apply(self.stored.rollup, [scores[v] for v in voters], [flags[v] for v in voters])
            part = slice(start, stop)
            result.append(Scores(margins[part], known[part], scores[part], flags[part], *article))
        return result

    def evidence(self, article: Article, row: int, column: int) -> tuple[Evidence, ...]:
        """Return the summands of one margin, whether or not it made a tag.

        Args:
            article: a cut article.
            row: which of its taggable paragraphs.
            column: which label of the taxonomy.

        """
        group = [p for p in article.paragraphs if p.taggable]
        (scores,) = self.score([[paragraphs.scoring_text(p) for p in group]], [[p.counts for p in group]])
        return self._evidence(group[row], column, scores, row, group)

    def _wholes(
        self, articles: Sequence[Sequence[str]], counts: Sequence[Sequence[bool]] | None
    ) -> list[list[float]] | None:
        """Return the margins of the joined texts, for models that learned from whole texts."""
        if self.stored.rollup.get("kind") != "whole":
            return None
        joined = [
            "\n".join(t for j, t in enumerate(texts) if counts is None or counts[i][j])
            for i, texts in enumerate(articles)
        ]
        return self._engine.margins(joined)[0]

    def _tagged(
        self, article: Article, group: list[Paragraph], scores: Scores, *, explain: bool, all_scores: bool
    ) -> TaggedArticle:
        tagged = []
        rows = enumerate(zip(scores.paragraph_scores, scores.paragraph_flags, scores.known, strict=True))
        for paragraph in article.paragraphs:
            if paragraph.kind not in TAGGABLE:
                tagged.append(TaggedParagraph(paragraph))
                continue
            i, (row, flags, known) = next(rows)
            tags = self._tags(row, flags)
            if explain:
                tags = tuple(
                    Tag(tag.label, tag.score, self._evidence(paragraph, self._ids.index(tag.label), scores, i, group))
                    for tag in tags
                )
            tagged.append(TaggedParagraph(paragraph, tags, tuple(row) if all_scores else (), not known))
        return TaggedArticle(
            article,
            self._tags(scores.article_scores, scores.article_flags),
            tuple(tagged),
            tuple(scores.article_scores) if all_scores else (),
            lang_seen=not self.languages or article.lang in self.languages,
            abstained=not any(scores.known),
        )

    def _tags(self, scores: list[float], flags: list[bool]) -> tuple[Tag, ...]:
        if True not in flags:  # most paragraphs bear no tag
            return ()
        return tuple([Tag(label, score) for label, score, flag in zip(self._ids, scores, flags, strict=True) if flag])

    def _evidence(
        self, paragraph: Paragraph, column: int, scores: Scores, row: int, group: list[Paragraph]
    ) -> tuple[Evidence, ...]:
        """Return the exact summands of one margin on the spans of the source, strongest first."""
        text = paragraphs.scoring_text(paragraph)
        back = alignment(text)  # from the analysed text to the source
        contributions = self._engine.contributions(text, column)
        total = sum(weight for *_, weight in contributions)
        found = []
        for start, end, source, weight in evidence.gathered(analysed(text), contributions):
            first, last = (start, end) if back is None else (back[start], back[end])
            found.append(
                Evidence(paragraph.text[first:last], paragraph.start + first, paragraph.start + last, weight, source)
            )
        rest = scores.margins[row][column] - self.stored.intercept[column] - total
        if len(group) > 1 and abs(rest) > 1e-9:
            found.append(Evidence("", paragraph.start, paragraph.start, rest, "context"))
        return tuple(sorted(found, key=lambda e: (-abs(e.weight), e.start)))


def is_one_file(paths: Sequence[str]) -> bool:
    """Whether the inputs are one file (or standard input) with one article, shown as a table by default."""
    if len(paths) != 1 or paths[0] == "-":
        return len(paths) == 1
    path = Path(paths[0])
    return not path.is_dir() and not any(s in {".jsonl", ".ndjson", ".csv", ".tsv"} for s in path.suffixes)
