"""The nouns of the trade, all immutable. Standard library only.

Frozen dataclasses; those of which an article has dozens are named tuples, which are made three times as fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["title", "lead", "body", "caption", "credit", "teaser", "navigation"]

#: Kinds that bear tags. The rest stay in the output with their kind, and bear none.
TAGGABLE: frozenset[str] = frozenset({"title", "lead", "body"})


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader returns: decoded text and what the format knew about it."""

    id: str
    text: str
    path: str | None = None
    sha256: str = ""  # of the raw bytes
    title: str | None = None
    lead: str | None = None  # a description in the metadata that the text may lack
    lang: str | None = None  # declared by the format
    encoding: str = "utf-8"
    converted: bool = False  # text was extracted (HTML, PDF, DOCX): offsets are into this text


class Paragraph(NamedTuple):
    """A stretch of the decoded text: ``document.text[start:end] == text``."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks
    kind: Kind
    start: int
    end: int
    text: str
    truncated: bool = False
    counts: bool = True  # towards the article; False for a repeated lead or an exact duplicate

    @property
    def taggable(self) -> bool:
        """Whether this kind of paragraph bears tags."""
        return self.kind in TAGGABLE


@dataclass(frozen=True, slots=True)
class Article:
    """A document cut into paragraphs, its language told."""

    document: Document
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    lang: str = "und"
    dateline: Dateline | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """What stood before the first words: ``Hanoi (VNA) -``."""

    place: str | None = None
    agency: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that speaks for (or against) a tag, with its exact summand of the margin."""

    text: str
    start: int
    end: int
    weight: float
    source: str = "word"  # word, char, term, context


class Tag(NamedTuple):
    """A label with its calibrated score in [0, 1]."""

    label: str
    score: float
    evidence: tuple[Evidence, ...] = ()


class TaggedParagraph(NamedTuple):
    """A paragraph and its tags."""

    paragraph: Paragraph
    tags: tuple[Tag, ...] = ()
    scores: tuple[float, ...] = ()  # of all labels, in the taxonomy's order, when asked for
    abstained: bool = False  # nothing in the text was known to the model


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """An article with its own tags and its paragraphs'."""

    article: Article
    tags: tuple[Tag, ...]
    paragraphs: tuple[TaggedParagraph, ...]
    scores: tuple[float, ...] = ()
    lang_seen: bool = True
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class LabelledParagraph:
    """A paragraph of the corpus with the labels people gave it."""

    text: str
    labels: tuple[str, ...]
    where: str = ""  # path:line


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article of the corpus. Formats without paragraphs give one paragraph with the article's labels."""

    id: str
    paragraphs: tuple[LabelledParagraph, ...]
    labels: tuple[str, ...]
    title: str | None = None
    lang: str | None = None
    genre: str | None = None
    source: str | None = None
    countries: tuple[str, ...] = ()
    raw: str | None = None  # the page as the web has it, for tests of cleaning
    where: str = ""  # path:line
    extra: dict[str, str] = field(default_factory=dict)
