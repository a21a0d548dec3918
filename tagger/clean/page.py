"""What the rules work on: a page is its lines, and what was found out about each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.clean.layout import ends_sentence, spans

if TYPE_CHECKING:
    from tagger.records import Document, Kind

#: Full-width punctuation as the tables write it.
_WIDE = str.maketrans("\uff08\uff09\uff1a\uff1d\uff5c\uff0f\uff0d\uff0e\uff3b\uff3d\u3000", "():=|/-.[] ")

_ANY_WIDE = re.compile("[\u3000\uff08-\uff3d\uff5c]")


def folded(text: str) -> str:
    """Return the text in lower case with common punctuation, of the same length, to look words up."""
    if text.isascii():
        return text.lower()
    low = text.lower()
    if len(low) != len(text):
        low = text
    return low.translate(_WIDE) if _ANY_WIDE.search(low) else low


def is_dense(text: str) -> bool:
    """Whether the text is written in a script that says in half the characters what Latin says."""
    return text[len(text) // 2] >= "\u2e80" if text else False


class Line:
    """One paragraph on its way: ``text`` is ``page.text[start:end]``; ``kind`` is None until a rule knows."""

    __slots__ = ("counts", "end", "kind", "signed", "start", "text", "truncated")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.kind: Kind | None = None
        self.counts = True
        self.truncated = False
        self.signed = False  # an end mark or an agency stood at its end

    def cut_left(self, size: int) -> None:
        """Let the line begin ``size`` characters later, after the white space there.

        A line never becomes empty: one of which nothing would be left, a bare dateline, stays whole as a credit.
        """
        text = self.text[size:].lstrip()
        if not text:
            self.kind = self.kind or "credit"
            return
        self.start = self.end - len(text)
        self.text = text

    def cut_right(self, size: int) -> None:
        """Keep the first ``size`` characters, without white space at the end."""
        self.text = self.text[:size].rstrip()
        self.end = self.start + len(self.text)

    @property
    def long(self) -> bool:
        """Whether it looks like a paragraph of a story rather than a title, a caption or a menu entry."""
        size = len(self.text)
        return size >= 120 or (size >= 60 and is_dense(self.text) and ends_sentence(self.text))


class Page:
    """A document's lines and the dateline taken from them."""

    __slots__ = ("agency", "date", "first", "lines", "metadata_lead", "metadata_title", "place", "text")

    def __init__(self, document: Document) -> None:
        text = self.text = document.text
        self.lines = [Line(start, end, text[start:end]) for start, end in spans(text)]
        self.metadata_title = document.title
        self.metadata_lead = document.lead
        self.place: str | None = None
        self.agency: str | None = None
        self.date: str | None = None
        self.first: Line | None = None  # the line that bore the dateline

    def open_lines(self) -> list[Line]:
        """Return the lines that no rule has claimed."""
        return [line for line in self.lines if line.kind is None]
