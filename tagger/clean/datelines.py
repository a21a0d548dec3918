"""Rules that trim what stands before the first words: date stamps, datelines, captions glued to them.

What they take off stays in the document; the line's ``start`` moves. A glued caption becomes a line of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.clean.captions import caption_credit
from tagger.clean.page import Line, folded
from tagger.clean.words import AGENCIES, DATE_WORDS, NO_PLACES, is_agency

if TYPE_CHECKING:
    from tagger.clean.page import Page

_DASHES = "-–—―"
_LINKS = frozenset("de du la le les des del do da el al of the and et sur an der am im y e ngày tháng".split())  # noqa: SIM905
_CJK_AGENCIES = tuple(sorted((name for name in AGENCIES if name[0] >= "\u2e80"), key=len, reverse=True))
_CJK_MARKS = ("――", "──", "——", "—", "―", "--", "电 ", "電 ", "讯 ", "电)", "电\uff09", "电\u3000")
_OPENING = {"【": "】", "〔": "〕", "[": "]", "(": ")", "\uff08": "\uff09", "\uff3b": "\uff3d"}
_STARTS = "\"“«'‘„「『"

#: Where the text goes on, the place, the agency.
_Found = tuple[int, str, str]


def heading_mark(page: Page) -> None:
    """Take off the ``#`` that Markdown puts before headings."""
    if "#" not in page.text:
        return
    for line in page.lines:
        if line.text[0] == "#":
            size = len(line.text) - len(line.text.lstrip("#"))
            if size <= 6 and line.text[size : size + 1] == " ":
                line.cut_left(size)


def date_stamp(page: Page) -> None:
    """Take off the `` date 2025-11-03 `` that some archives put before the text."""
    for line in page.lines:
        text = line.text
        if text[0] != "d" or text[:5] != "date ":
            continue
        stamp, _, _ = text[5:].lstrip()[:24].partition(" ")
        if 7 <= len(stamp) <= 10 and stamp[:4].isdigit() and stamp[4] == "-" and stamp[5:7].isdigit():
            page.date = page.date or stamp
            size = text.index(stamp) + len(stamp)
            if size == len(text):
                line.kind = "credit"
            else:
                line.cut_left(size)
                page.first = page.first or line


def dateline(page: Page) -> None:
    """Take off ``Hanoi (VNA) – ``, ``(AFP) - ``, ``HÀ NỘI — ``, ``【ハノイ=共同】``, ``越通社東京――``.

    The sure forms are trimmed wherever a long line begins with them (some files hold several stories); capitals
    before a dash only at the first paragraph, since "AI —" and "UPDATE —" look the same.
    """
    seen = 0
    brackets = "(" in page.text
    for line in page.lines:
        text = line.text
        if line.kind is not None or len(text) < 40:
            continue
        found = _bracketed(text, first=seen == 0, early=seen < 3) if brackets else None
        if found is None and (text[0] >= "\u2e80" or text[0] in _OPENING):
            found = _cjk(text)
        if found is None and seen < 3 and page.place is None and len(text) >= 60:
            found = _capitals(text, first=seen == 0)
        if len(text) >= 80 or (len(text) >= 40 and text[20] >= "\u2e80"):
            seen += 1
        if found is None:
            continue
        size, place, agency = found
        if page.place is None and page.agency is None:
            page.first = line
        _note(page, place, agency)
        line.cut_left(size)


def _note(page: Page, place: str, agency: str) -> None:
    """Keep the first dateline of the page, its date apart."""
    if page.place is None and page.agency is None:
        parts = [part.strip() for part in place.split(",")]
        dates = [part for part in parts if any(map(str.isdigit, part))]
        page.place = ", ".join(part for part in parts if part and part not in dates) or None
        page.agency = agency or None
        page.date = page.date or (dates[0] if dates else None)


def _bracketed(text: str, *, first: bool, early: bool = False) -> _Found | None:
    """Find ``Place, date (AGENCY) –`` at the start: where the text goes on, the place, the agency."""
    start = text.find("(", 0, 70)
    if start < 0:
        return None
    stop = text.find(")", start, start + 45)
    if stop < 0:
        return None
    agency = text[start + 1 : stop].strip()
    place = text[:start].strip()
    after = text[stop + 1 : stop + 6]
    dash = after.lstrip(" .\u00a0")
    known = is_agency(agency) or is_agency(agency.partition(",")[0].strip())
    if not dash or dash[0] not in _DASHES:
        return _without_dash(text, stop, place, agency) if known and place else None
    if place and (not is_place(place) or (len(agency) <= 5 and _explains(agency, place))):
        return None
    size = text.index(dash[0], stop) + 1
    while size < len(text) and text[size] in _DASHES + " \u00a0":
        size += 1
    if not known:  # "John Smith (CDU) - " is no dateline, and an unknown agency begins at most the first paragraph
        begins = text[size : size + 1]
        fits = agency.isupper() and ("," in place or " " not in place) if place else agency[:1].isupper()
        capitals = early and place.isupper() and len(place) > 3  # "TAN HOA (Bay Gazette) – ", below a lead too
        if not (
            ((first and fits) or capitals)
            and 2 <= len(agency) <= 25
            and (begins.isupper() or begins in _STARTS or begins > "\u2e80")
        ):
            return None
    return size, place, agency


def _without_dash(text: str, stop: int, place: str, agency: str) -> _Found | None:
    """Find ``Hanoi, 3 mai (VNA) Le Premier ...``: some editors forget the dash."""
    after = text[stop + 1 : stop + 3]
    following = text[stop + 1 :].lstrip(" :.")
    fits = after[:1] in (":", " ") and after != " (" and following[:1].isupper()
    if not fits or place.count(" ") > 2 or not is_place(place) or _explains(agency, place):
        return None
    return len(text) - len(following), place, agency


def _explains(short: str, long: str) -> bool:
    """Whether ``short`` abbreviates ``long``: "Foreign Direct Investment (FDI) -" is no dateline."""
    initials = "".join(word[0] for word in long.replace("-", " ").split() if word[0].isupper())
    return len(short) >= 2 and short.upper() in initials.upper()


def is_place(text: str) -> bool:
    """Whether a text reads like ``Kota Kinabalu, 3 May``: names, dates and little words only."""
    if len(text) > 60 or any(mark in text for mark in ';:!?"“”«»'):
        return False
    words = text.replace(",", " ").replace("/", " ").replace(".", " ").split()
    if not 1 <= len(words) <= 9:
        return False
    for word in words:
        if not (word[0].isupper() or word[0].isdigit() or word[0] >= "\u2e80"):
            low = word.casefold()
            if low not in DATE_WORDS and low not in _LINKS:
                return False
    return words[0][0].isupper() or words[0][0] >= "\u2e80"


def _capitals(text: str, *, first: bool) -> _Found | None:  # noqa: C901, PLR0911 - one form after the other
    """Find ``HÀ NỘI, May 3 —`` or ``Paris, le 12 mars 2025 –`` or ``KUCHING:`` at the start."""
    best, mark = 60, ""
    head = text[:best]
    if "-" not in head and ":" not in head and "–" not in head and "—" not in head:
        return None
    for candidate in (" — ", " – ", " - ", "—", "–", " -- ", ": ", ".- "):
        found = text.find(candidate, 0, best)
        if found >= 0:
            best, mark = found, candidate
    place = text[:best].strip(" .")
    following = text[best + len(mark) :].lstrip(" -–—")
    if not mark or best < 2 or not following or not is_place(place):
        return None
    if not (following[0].isupper() or following[0].isdigit() or following[0] in _STARTS):
        return None
    city, comma, rest = place.partition(",")
    if place in NO_PLACES or city in NO_PLACES:
        return None
    last = rest.rpartition(",")[2].strip()
    if city.isupper():
        colon = mark == ": " and (comma or city.count(" ") > 1 or len(text) < 100 or not first)
        if colon or sum(map(str.isalpha, city)) < 3 or any(map(str.isdigit, city)) or city.count(" ") > 4:
            return None
    elif not (_is_date(last) and any(map(str.isdigit, last)) and mark != ": " and city.count(" ") <= 3):
        return None
    agency = ""
    if is_agency(last):  # "BANGKOK, MINA –"
        agency, place = last, place[: -len(last)].rstrip(" ,")
    elif is_agency(city) and not comma:  # "TTO - "
        agency, place = city, ""
    return len(text) - len(following), place, agency


def _is_date(text: str) -> bool:
    """Whether all words are those of dates."""
    words = text.replace("/", " ").replace(".", " ").replace("-", " ").split()
    return bool(words) and all(word.isdigit() or word.casefold() in DATE_WORDS or word[0].isdigit() for word in words)


def _cjk(text: str) -> _Found | None:
    """Find the Japanese, Chinese and Korean forms."""
    first = text[0]
    if first in _OPENING:
        stop = text.find(_OPENING[first], 1, 40)
        if stop < 0:
            return None
        return _cjk_bracket(text, text[1:stop].replace("\uff1d", "="), stop)
    if first < "\u2e80":
        return None
    for agency in _CJK_AGENCIES:
        if text.startswith(agency):
            head = text[:40]
            for mark in _CJK_MARKS:
                cut = head.find(mark)
                if cut > 0:
                    size = cut + len(mark)
                    while size < len(text) and text[size] in _DASHES + "─ \u3000":
                        size += 1
                    return size, text[len(agency) : cut].strip(" \u3000(\uff08"), agency
            cut = head.find("电") if agency[0] in "新中人" else -1
            return (cut + 1, text[len(agency) : cut], agency) if cut > 0 else None
    return None


def _cjk_bracket(text: str, inner: str, stop: int) -> _Found | None:
    size = stop + 1
    if inner[:1] < "\u2e80" and text[size : size + 1] < "\u2e80":
        return None
    place, equals, agency = inner.partition("=")
    if equals:  # 【ハノイ=共同】, (서울=연합뉴스) 홍길동 기자 =
        byline = text.find("=", size, size + 40)
        if byline > 0 and ("기자" in text[size:byline] or "특파원" in text[size:byline]):
            size = byline + 1
        return (size, place, agency) if len(agency) <= 15 else None
    for name in _CJK_AGENCIES:
        if inner.endswith(name) or inner.startswith(name):
            if text[0] in "(\uff08" and not (inner.endswith(("电", "電")) or len(inner) > len(name)):
                return None
            return size, inner.replace(name, "").strip(" 電电・"), name
    if text[0] in "【〔[" and inner.endswith(("支局", "特派員", "総局", "本社")):
        return size, inner, ""
    return None


def glued_caption(page: Page) -> None:
    """Part a caption from the dateline that follows in the same line: ``... (Photo: VNA)Tokyo (VNA) – ...``."""
    if page.place is not None or page.agency is not None or ")" not in page.text:
        return
    for index, line in enumerate(page.lines[:12]):
        text = line.text
        if line.kind is not None or len(text) < 80:
            continue
        stop = text.find(")", 12, 420)
        while stop > 0:
            start = text.rfind("(", max(0, stop - 45), stop)
            after = text[stop + 1 : stop + 4].lstrip()
            if start > 0 and after[:1] in _DASHES and after and is_agency(text[start + 1 : stop].strip()):
                begin = _place_before(text, start)
                if begin is not None:
                    found = _bracketed(text[begin:], first=True)
                    if found is not None and text[begin + found[0] :].strip():
                        _split_off(page, index, line, begin, found)
                return
            stop = text.find(")", stop + 1, 420)


def _place_before(text: str, bracket: int) -> int | None:
    """Where the place before ``(VNA)`` begins, if something closed or glued stands before it."""
    for position in range(bracket - 2, max(0, bracket - 45), -1):
        before, here = text[position - 1], text[position]
        if not (here.isupper() or here >= "\u2e80"):
            continue
        glued = before in ')]\uff09.!?。"”' or (before.islower() and here.isupper())
        spaced = before.isspace() and text[:position].rstrip()[-1:] in ')]\uff09.!?。"”'
        if glued or spaced:
            return position if is_place(text[position:bracket].strip()) else None
    return None


def _split_off(page: Page, index: int, line: Line, begin: int, found: _Found) -> None:
    head = line.text[:begin].rstrip()
    caption = Line(line.start, line.start + len(head), head)
    caption.kind = "caption"
    size, place, agency = found
    _note(page, place, agency)
    line.cut_left(begin + size)
    page.first = line
    page.lines.insert(index, caption)


def leading_caption(page: Page) -> None:
    """Part a caption, its credit in brackets, from the paragraph that is glued to it."""
    if ")" not in page.text:
        return
    for index, line in enumerate(page.lines[:8]):
        text = line.text
        if line.kind is not None or len(text) < 160:
            continue
        stop = text.find(")", 20, 260)
        if stop < 0 or stop + 60 > len(text) or not (text[stop + 1].isupper() or text[stop + 1] >= "\u2e80"):
            continue
        head = text[: stop + 1]
        if caption_credit(head, folded(head)):
            caption = Line(line.start, line.start + len(head), head)
            caption.kind = "caption"
            line.cut_left(stop + 1)
            page.lines.insert(index, caption)
        return
