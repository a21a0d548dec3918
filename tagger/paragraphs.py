"""Document -> article: paragraphs with kinds and offsets; and how a paragraph reads as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.clean import PAGE_RULES
from tagger.clean.page import Page
from tagger.patterns import lazily
from tagger.records import Article, Dateline, Paragraph

if TYPE_CHECKING:
    from tagger.records import Document

_BREAK = lazily(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CJK_BREAK = lazily("(?<=[\u3001-\u30ff\u3400-\u9fff])\n(?=\u200b?[\u3005-\u30ff\u3400-\u9fff])")
_HYPHEN_BREAK = lazily(r"(?<=\w-)\n(?=\u200b?\w)")


def cut(document: Document) -> Article:
    """Cut a document into paragraphs with kinds, in the order of the text.

    Holds for each: ``document.text[p.start : p.end] == p.text``. The language is the declared one, if any;
    `tagger.language` tells it.
    """
    page = Page(document)
    for rule in PAGE_RULES:
        rule(page)
    paragraphs = tuple(
        [
            Paragraph(index, line.kind or "body", line.start, line.end, line.text, line.truncated, line.counts)
            for index, line in enumerate(page.lines)
        ]
    )
    heading = next((p.text for p in paragraphs if p.kind == "title"), None) or document.title
    known = page.place or page.agency or page.date
    return Article(
        document=document,
        paragraphs=paragraphs,
        title=heading,
        lang=document.lang or "und",
        dateline=Dateline(page.place, page.agency, page.date) if known else None,
    )


def scoring_text(paragraph: Paragraph) -> str:
    """Return the paragraph as one line of the same length, so that positions agree with ``paragraph.text``.

    A line break becomes a space; between two Chinese or Japanese characters, and after a hyphen, a zero-width
    space, which `tagger.normalise.analysed` takes out.
    """
    text = paragraph.text
    if text.splitlines() == [text]:
        return text
    text = text.replace("\r\n", "\n\u200b")
    text = _HYPHEN_BREAK.sub("\u200b", _CJK_BREAK.sub("\u200b", text))
    return _BREAK.sub(" ", text)
