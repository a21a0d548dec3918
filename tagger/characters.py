r"""Tables of lower case and character classes, as the running Python has them, for the kernel to read.

They go into every stored model, so that a text is read at run time exactly as it was in training, whatever
Unicode version the Python of the day knows. kernel/text.h has the layout::

    uint16[4352]          page of each 256 code points
    int32[pages][256]     (lower case - code point) * 8 + SPECIAL * 4 + SPACE * 2 + WORD

The classes are those of the lower-case character: WORD is ``\w``, SPACE is what ``str.split`` splits at. SPECIAL
characters (capital sigma, dotted capital I) have a lower case that hangs on their neighbours or is longer than one
character: a text that holds one is lower-cased by ``str.lower``.
"""

from __future__ import annotations

import sys
from array import array
from functools import cache

WORD, SPACE, SPECIAL, CLASS_BITS = 1, 2, 4, 3
PAGES = (sys.maxunicode + 1) // 256


@cache
def tables() -> bytes:
    """Return the tables of the running Python (about 150 KB), in native byte order."""
    pages: dict[bytes, int] = {}
    page_of = array("H")
    for page in range(PAGES):
        text = "".join(map(chr, range(page * 256, page * 256 + 256)))
        if text.lower() == text and not _has_class(text):
            entries = array("i", bytes(1024))
        else:
            entries = array("i", map(_entry, text))
        page_of.append(pages.setdefault(entries.tobytes(), len(pages)))
    return page_of.tobytes() + b"".join(pages)


def _has_class(text: str) -> bool:
    return len(text.split()) != 1 or any(map(str.isalnum, text)) or "_" in text


def _entry(character: str) -> int:
    lower = character.lower()
    if len(lower) != 1 or character == "\N{GREEK CAPITAL LETTER SIGMA}":
        return SPECIAL | WORD
    word = WORD if lower.isalnum() or lower == "_" else 0
    return (ord(lower) - ord(character) << CLASS_BITS) + (SPACE if lower.isspace() else 0) + word
