r"""Tables of lower case and character classes, as the running Python has them, for the kernel to read.

They go into every stored model, so that a text is read at run time exactly as it was in training, whatever
Unicode version the Python of the day knows. kernel/text.h has the layout::

    uint16[4352]         page of each 256 code points
    int32[pages][256]    (lower case - code point) * 256 + the bits of its classes

WORD (``\w``), SPACE (where ``str.split`` splits) and UNSPACED (scripts whose terms match inside words) are classes
of the lower-case character; the others are the character's own. SPECIAL characters (capital sigma, dotted capital
I) have a lower case that hangs on their neighbours or is longer than one character: ``str.lower`` is called for a
text that holds one. A text without CHANGES, and without an o or u before a final TONE, is its own analysed form.
"""

from __future__ import annotations

import sys
import unicodedata
from array import array
from functools import cache

from tagger.normalise import analysed
from tagger.terms import unspaced

WORD, SPACE, SPECIAL, UPPER, LOWER, UNSPACED, CHANGES, TONE = (1 << bit for bit in range(8))
CLASS_BITS = 8
PAGES = (sys.maxunicode + 1) // 256


@cache
def tables() -> bytes:
    """Return the tables of the running Python (about 200 KB), in native byte order."""
    second = _composing()
    pages: dict[bytes, int] = {}
    page_of = array("H")
    for page in range(PAGES):
        text = "".join(map(chr, range(page * 256, page * 256 + 256)))
        alike = len(set(map(unicodedata.category, text))) == 1 and unicodedata.is_normalized("NFC", text)
        if alike and text[0] > "\u03ff" and second.isdisjoint(text):  # ideographs, nothing assigned
            entries = array("i", [_entry(text[0], second)] * 256)
        else:
            entries = array("i", [_entry(character, second) for character in text])
        page_of.append(pages.setdefault(entries.tobytes(), len(pages)))
    return page_of.tobytes() + b"".join(pages)


@cache
def _composing() -> frozenset[str]:
    """Return the characters that may join the one before them under NFC."""
    second = set(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))  # Hangul vowels and finals
    for code in range(0x20000):  # beyond are ideographs, which compose with nothing
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second.add(chr(int(parts[1], 16)))
    return frozenset(second)


def _entry(character: str, second: frozenset[str]) -> int:
    lower = character.lower()
    special = len(lower) != 1 or character == "\N{GREEK CAPITAL LETTER SIGMA}"
    lower = character if special else lower
    # The analysed form looks at neighbours only: a Latin letter on either side shows what a character does.
    changes = (
        character in second
        or unicodedata.combining(character)
        or analysed(character) != character
        or analysed(f"a{character}a") != f"a{character}a"
        or analysed(f"{character}a") != f"{character}a"
    )
    toned = any(analysed(vowel + character) != vowel + character for vowel in "ou")
    upper = character.isupper()
    bits = (
        WORD * (lower.isalnum() or lower == "_")
        + SPACE * lower.isspace()
        + SPECIAL * special
        + UPPER * upper
        + LOWER * (character.islower() or (character.istitle() and not upper))
        + UNSPACED * unspaced(lower)
        + CHANGES * bool(changes)
        + TONE * toned
    )
    return (ord(lower) - ord(character) << CLASS_BITS) + bits
