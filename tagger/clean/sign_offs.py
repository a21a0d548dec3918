# ruff: noqa: E501 - tables of words
"""Rules that trim what stands behind the last words: end marks, agencies, invitations to read on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.clean.layout import ends_sentence
from tagger.clean.words import AGENCIES, END_MARKS, is_agency

if TYPE_CHECKING:
    from tagger.clean.page import Page

_DASHES = "-–—―"
_CLOSED = '.!?…。」”"»'  # what a sentence ends with
_AGENCY_ENDS = frozenset(name[-1] for name in AGENCIES)
_READ_ON = (
    "enditem", "read full this story", "read the full story", "read full story", "read more", "continue reading", "lire la suite", "xem thêm", "xem tiếp",
    "続きを読む", "[...]", "[…]", "(more)", "더보기", "weiterlesen", "leer más",
)  # fmt: skip
_READ_ON_ENDS = frozenset(words[-1] for words in _READ_ON)


def sign_off(page: Page) -> None:
    """Take off ``./.``, ``Enditem``, ``— VNA/VNS``, ``(共同)`` behind the last words."""
    for line in page.lines:
        if line.kind is not None or (line.text[-1] == "." and line.text[-2:] != "/."):
            continue  # nearly every line ends as a sentence does, with nothing behind it
        for _ in range(3):  # "... ended. — VNA/VNS /."
            size = _sign_off_at(line.text)
            if size is None or size < 8:
                break
            line.cut_right(size)
            line.signed = True


def _sign_off_at(text: str) -> int | None:
    """Return where the sign-off begins, or None."""
    last = text[-1]
    if last == "." and text[-2:-1] == "/":
        before = text[:-3].rstrip() if text[-3:-2] == "." else ""
        return len(before) if before and ends_sentence(before) else len(text) - 2
    if last == ".":
        return None  # no invitation to read on ends so
    if last in _READ_ON_ENDS:
        low = text[-24:].lower()
        if low.endswith(_READ_ON):
            for words in _READ_ON:
                if low.endswith(words) and text[: -len(words)].rstrip()[-1:] in _CLOSED:
                    return len(text) - len(words)
    return _bracket_at(text) if last in ")\uff09】" else _after_dash(text)


def _bracket_at(text: str) -> int | None:
    """Return where ``(共同)`` or ``(AFP)`` begins behind a sentence."""
    window = text[-45:]
    start = max(window.rfind("("), window.rfind("\uff08"), window.rfind("【"))
    inner = window[start + 1 : -1]
    closed = window[:start].rstrip()[-1:] in _CLOSED
    if start > 0 and closed and (is_agency(inner) or inner.endswith("記者") or f"({inner.lower()})" in END_MARKS):
        return len(text) - len(window) + start
    return None


def _after_dash(text: str) -> int | None:
    """Return where the dash, or the end of the sentence, before a trailing agency begins, or None."""
    if text[-1] not in _AGENCY_ENDS:
        return None
    window = text[-45:]
    cut = max(window.rfind(dash) for dash in _DASHES)
    if cut > 0 and is_agency(window[cut + 1 :].strip()):
        before = window[:cut].rstrip()
        if window[cut - 1].isspace() or ends_sentence(before):
            return len(text) - len(window) + len(before.rstrip(_DASHES))
    for mark in (". ", ".", "。", "! ", "? ", "” ", "» "):
        cut = window.rfind(mark)
        if cut > 0 and is_agency(window[cut + len(mark) :].strip()):
            return len(text) - len(window) + cut + 1
    return None
