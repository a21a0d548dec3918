"""What lets most lines pass without a question: a sentence of a story, told from page furniture by cheap signs.

A story has long lines that end as sentences do. To ask all the line rules about each of them would cost twice as
much as reading the file; here are the signs without which no rule can say yes (`tests/test_clean.py` holds them
together).
"""

from __future__ import annotations

from tagger.clean.captions import ANNOUNCEMENTS, may_be_caption
from tagger.clean.layout import ends_sentence
from tagger.clean.lines import ADDRESSES, KEYWORDS
from tagger.clean.page import folded
from tagger.clean.words import AROUND, INTERFACE, INTERFACE_STARTS

#: Up to here a line is short: all rules are asked.
SHORT = 100
_LONGEST_FURNITURE = 200  # beyond this only captions are asked about, and they are rare
_LONGEST_INTERFACE = 140  # as the table of the rules has it

# How furniture begins that ends like a sentence, or may.
_HEAD = 4
_STARTS = (*INTERFACE_STARTS, *ADDRESSES, *KEYWORDS, *ANNOUNCEMENTS, "#", "*", "※")
_HEADS = frozenset(start[:_HEAD] for start in _STARTS if len(start) >= _HEAD)
_FIRSTS = frozenset(start[0] for start in _STARTS if len(start) < _HEAD)
_LONGEST_NAME = max(map(len, INTERFACE))
_EDGES = AROUND + "()0123456789\uff08\uff09"  # "Comments (12)"


def is_prose(text: str) -> bool:
    """Whether no line rule can say yes to a line of more than `SHORT` characters."""
    if may_be_caption(text):
        return False
    if len(text) > _LONGEST_FURNITURE:
        return True
    head = folded(text[:_HEAD])
    if head in _HEADS or head[0] in _FIRSTS or not ends_sentence(text):
        return False
    before = text[:40]  # a word and a colon, or a bar: "Read also: ..."
    if ":" in before or "|" in before or "\uff1a" in before or "\uff5c" in before:
        return False
    if "(" in text or "\uff08" in text:  # who stands where
        return False
    return len(text) > _LONGEST_INTERFACE or len(text.strip(_EDGES)) > _LONGEST_NAME
