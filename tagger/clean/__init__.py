"""The cleaning rules: an ordered table of small rules that classify and trim, and lose no text.

Every line of the document comes out as a paragraph with a kind; what a rule trims (a dateline, a sign-off) stays
in the document, outside the paragraph's ``start`` and ``end``. The rules are made to spare: a line is taken for
page furniture only where its form says so, since a caption that bears a tag does less harm than a lost paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagger.clean import captions, datelines, lines, sign_offs, whole
from tagger.clean.page import folded
from tagger.clean.prose import SHORT, is_prose

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.clean.page import Page
    from tagger.records import Kind

__all__ = ["LINE_RULES", "PAGE_RULES", "LineRule", "classify_lines"]


class LineRule(NamedTuple):
    """A question asked of every line that is not longer than ``longest`` characters; yes gives the kind."""

    asks: Callable[[str, str], bool]
    kind: Kind
    longest: int


#: Asked in this order; the first yes decides.
LINE_RULES = (
    LineRule(lines.end_mark, "credit", 30),
    LineRule(captions.file_name, "caption", 80),
    LineRule(lines.agency_line, "credit", 60),
    LineRule(lines.menu_word, "navigation", 24),
    LineRule(lines.interface, "navigation", 140),
    LineRule(lines.date_line, "credit", 70),
    LineRule(lines.byline, "credit", 80),
    LineRule(lines.credit_start, "credit", 160),
    LineRule(lines.address, "navigation", 200),
    LineRule(lines.pointer, "teaser", 200),
    LineRule(captions.caption_start, "caption", 300),
    LineRule(captions.caption_credit, "caption", 400),
    LineRule(captions.caption_position, "caption", 160),
    LineRule(captions.caption_agency, "caption", 200),
    LineRule(lines.breadcrumb, "navigation", 160),
)
_NEVER_FIRST = (lines.byline, captions.caption_agency)  # "By Land and Sea" may be a title
_LONGEST = max(rule.longest for rule in LINE_RULES)


def classify_lines(page: Page) -> None:
    """Ask the line rules about every line."""
    for index, line in enumerate(page.lines):
        text = line.text
        size = len(text)
        if size > _LONGEST or line.kind is not None:
            continue
        if size > SHORT and is_prose(text):
            continue
        low = folded(text)
        for asks, kind, longest in LINE_RULES:
            if size <= longest and asks(text, low):
                if index == 0 and asks in _NEVER_FIRST:
                    continue
                line.kind = kind
                line.signed = kind == "credit" and asks in (lines.agency_line, lines.end_mark) and text[0] not in "#*"
                break


#: Run in this order: what is trimmed first is out of the way of what looks at whole lines.
PAGE_RULES: tuple[Callable[[Page], None], ...] = (
    datelines.heading_mark,
    datelines.date_stamp,
    datelines.leading_caption,
    classify_lines,
    datelines.glued_caption,
    datelines.dateline,
    sign_offs.sign_off,
    whole.repeated_caption,
    whole.menu_run,
    whole.tail,
    whole.after_sign_off,
    whole.author,
    whole.title,
    whole.duplicate,
    whole.lead,
    whole.truncated,
)
