"""The form of a text that every feature sees, and the way back to the text as it was written.

One function, so that training, the stored model and the explanations can never differ:

1. Unicode spaces become ``" "``; zero-width characters, soft hyphens and variation selectors go; full-width
   letters and digits become the common ones (``ＡＩ`` -> ``AI``).
2. NFC: macOS file systems and some PDFs write letters and accents apart.
3. Japanese and Chinese are written without spaces: one is put wherever two scripts touch
   (``投資ファンドが`` -> ``投資 ファンド が``), so that words and n-grams mean something there.
4. Vietnamese tone marks are placed the older way (``hoà`` -> ``hòa``): both ways are common.

The rules look at neighbours only: the analysed form of a paragraph does not hang on the rest of its article.
"""

from __future__ import annotations

import unicodedata
from itertools import product
from typing import TYPE_CHECKING

from tagger.patterns import lazily

if TYPE_CHECKING:
    import re

_KANJI = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u3096\u309d-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff6f\uff71-\uff9f"
_PROLONGED = "\u30fc\uff70"  # lengthens the vowel of the kana before it
_CJK = _KANJI + _HIRAGANA + _KATAKANA + _PROLONGED

_SPACES = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_WIDE = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"

_ODD = lazily(f"[{_SPACES}{_UNSEEN}{_WIDE}]")
_SPECIAL = lazily(f"[{_SPACES}{_UNSEEN}{_WIDE}{_CJK}]")  # either: one look instead of two
_HAS_CJK = lazily(f"[{_CJK}]")
# A run of one script and what is no letter after it; every character is consumed once, so this is linear.
_RUN = lazily(rf"([{_KANJI}]+|[{_HIRAGANA}][{_HIRAGANA}{_PROLONGED}]*|[{_KATAKANA}{_PROLONGED}]+|[^\W{_CJK}]+)(\W*)")
# Only the end of a syllable: "hoàn" is written so either way; in "quý" the u belongs to the consonant.
_TONE = lazily(r"(?<![qQ])(?:[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?!\w)")
_MAYBE_TONE = lazily(r"[oOuU][àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ](?!\w)")  # 6 times faster
# NFC sorts a run of marks in quadratic time; no script stacks more than this (Stream-Safe Text, UAX 15).
_LONGEST_STACK = 30
_STACK = lazily(
    "([\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0711-\u074a\u07eb-\u07f3"
    "\u0816-\u082d\u0859-\u085b\u0898-\u08ff\u093c\u094d-\u0954\u0e38-\u0e4b\u0eb8-\u0ecb\u0f18-\u0fc6\u135d-\u135f"
    "\u1a17-\u1aff\u1b34-\u1b73\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2de0-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua69f\ua6f0\ua6f1\ua8e0-\ua8f1\ufb1e\ufe20-\ufe2f\U000101fd-\U00011fff\U00016af0-\U00016ff1"
    f"\U0001bc9e\U0001d165-\U0001d244\U0001e000-\U0001e94a]{{{_LONGEST_STACK}}})"
)


def _tones() -> dict[str, str]:
    pairs = {}
    for second, marked in (("a", "àáảãạ"), ("e", "èéẻẽẹ"), ("y", "ỳýỷỹỵ")):
        first, placed = ("u", "ùúủũụ") if second == "y" else ("o", "òóỏõọ")
        for new, old in zip(marked, placed, strict=True):
            for a, b in product((first, first.upper()), (new, new.upper())):
                moved = old.upper() if a.isupper() else old
                pairs[a + b] = moved + (second.upper() if b.isupper() else second)
    return pairs


_PLACED = _tones()


def _plain(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if 0xFF10 <= code <= 0xFF5A:
        return chr(code - 0xFEE0)
    return " " if code == 0xA0 or character.isspace() else ""


def _placed(match: re.Match[str]) -> str:
    return _PLACED[match.group()]


def _composed(text: str) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    if _STACK.search(text):
        text = _short_stacks(text)
    return unicodedata.normalize("NFC", text)


def _short_stacks(text: str) -> str:
    """Drop the marks beyond the thirtieth on one letter, in linear time."""
    kept: list[str] = []
    height = 0
    for character in text:
        height = height + 1 if unicodedata.combining(character) else 0
        if height <= _LONGEST_STACK:
            kept.append(character)
    return "".join(kept)


def _spaced(text: str) -> str:
    runs: list[tuple[str, str]] = _RUN.findall(text)
    if not runs:
        return text
    first = _RUN.search(text)
    before = text[: first.start()] if first else ""
    last: tuple[str, str] = runs.pop()
    return before + "".join([run + (between or " ") for run, between in runs]) + last[0] + last[1]


def analysed(text: str) -> str:
    """Return ``text`` as the features see it. Idempotent; ASCII comes back as it is, at once."""
    if text.isascii():
        return text
    special = _SPECIAL.search(text)
    if special:
        text = _ODD.sub(_plain, text)
    text = _composed(text)
    if special and _HAS_CJK.search(text):
        text = _spaced(text)
    if _MAYBE_TONE.search(text):
        text = _TONE.sub(_placed, text)
    return text


def alignment(text: str) -> list[int] | None:
    """Map positions of ``analysed(text)`` to positions of ``text``; None where both are the same text.

    The list has ``len(analysed(text)) + 1`` entries, the last being ``len(text)``, so that a span
    ``[start, end)`` of the analysed text is ``text[map[start] : map[end]]``.
    """
    result = analysed(text)
    if result == text:
        return None
    kept, origin = _aligned_composition(*_aligned_plain(text), len(text))
    if len(kept) != len(result):  # spaces at script boundaries
        spaced: list[int] = []
        position = 0
        for character in result:
            inserted = character == " " and (position >= len(kept) or kept[position] != " ")
            spaced.append(origin[position] if position < len(origin) else len(text))
            position += not inserted
        origin = spaced
    return [*origin, len(text)]


def _aligned_plain(text: str) -> tuple[list[str], list[int]]:
    """Step 1 of `analysed`, character by character, with the position of each."""
    kept: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        plain = _ODD.sub(_plain, character)
        if plain:
            kept.append(plain)
            origin.append(position)
    return kept, origin


def _aligned_composition(kept: list[str], origin: list[int], length: int) -> tuple[str, list[int]]:
    """Step 2, cluster by cluster: nothing composes across the start of a character that is no mark."""
    composed: list[str] = []
    positions: list[int] = []
    start = 0
    for stop in range(1, len(kept) + 1):
        if stop < len(kept) and _may_join(kept[stop]):
            continue
        piece = _composed("".join(kept[start:stop]))
        composed.append(piece)
        for index in range(len(piece)):
            source = start + min(index, stop - start - 1)
            positions.append(origin[source] if source < len(origin) else length)
        start = stop
    return "".join(composed), positions


def _may_join(character: str) -> bool:
    """Whether NFC may join this character to the one before: marks, and the inner letters of Hangul."""
    return unicodedata.category(character)[0] == "M" or 0x1160 <= ord(character) <= 0x11FF
