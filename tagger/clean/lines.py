# ruff: noqa: E501 - tables of words
"""Rules that know a line for what it is by looking at it alone: who wrote it, when, where from, and page furniture.

Each takes the text and its `folded` form, says yes or no, and is only asked about lines up to the length that
the table in `tagger.clean` gives: stories have long lines, page furniture has short ones.
"""

from __future__ import annotations

import re

from tagger.clean.layout import ends_sentence
from tagger.clean.words import (
    AGENCIES,
    AROUND,
    CREDIT_STARTS,
    DATE_STARTS,
    DATE_WORDS,
    END_MARKS,
    INTERFACE,
    INTERFACE_STARTS,
    MENU_WORDS,
    POINTERS,
    bare,
    beginning,
    is_agency,
)

_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile("[0-9]")
_begins_credit = beginning(CREDIT_STARTS)
_begins_date = beginning(DATE_STARTS)
_begins_interface = beginning(INTERFACE_STARTS)
_AGENCIES_LOW = frozenset(name.lower() for name in AGENCIES)
_LONGEST_NAME = max(map(len, INTERFACE))
_NAME_LINKS = frozenset(
    "and et und y e và dan en & de da do dos du la le van von der den di del bin binti al in à ở".split()  # noqa: SIM905
)
ADDRESSES = ("http://", "https://", "www.")
KEYWORDS = ("tags:", "tag:", "từ khóa:", "từ khoá:", "mots-clés", "キーワード:", "keywords:", "标签:", "schlagworte:")
_BY = ("by ", "par ", "von ", "por ", "oleh ", "door ", "bài ", "ảnh ", "phóng viên ", "pv ", "pv/")
_REPORTERS = (
    "by our ", "by a staff", "by staff", "de notre correspondant", "de notre envoyé", "de nos correspondants", "notre correspondant", "from our correspondent",
    "our correspondent in", "staff reporter", "staff writer", "staff report", "nhóm phóng viên",
)  # fmt: skip


def end_mark(text: str, low: str) -> bool:
    """``/.``, ``Enditem``, ``###``: nothing but the mark that a text is over, or a rule across the page."""
    return low.strip(" -–—.") in END_MARKS or low in END_MARKS or not any(map(str.isalnum, text))


def agency_line(text: str, low: str) -> bool:
    """``— VNA/VNS``, ``Theo TTXVN``, ``(共同)``: nothing but where the text comes from."""
    inner = text.strip(" \t-–—―()[]|./\uff08\uff09【】")
    if low.startswith(("theo ", "with ", "avec ", "from ", "via ", "(with ", "(avec ", "(theo ")):
        inner = inner.partition(" ")[2]
    if is_agency(inner) or (
        low.startswith("theo ")
        and not ends_sentence(text)
        and (is_names(inner) or inner.startswith(("báo ", "trang ")))
    ):
        return True
    if "/" in inner and len(inner) <= 40:  # "A Name/VNA", "TTXVN/Báo Tin tức", "A Name/site.gov"
        parts = inner.split("/")
        return all(part[:1].isupper() or "." in part for part in parts) and any(
            part in AGENCIES or ("." in part and " " not in part) for part in parts
        )
    # The reporter, then the agency in brackets: "PV (Vietnam+)".
    start = text.rfind("(")
    return (
        start > 0
        and text.endswith(")")
        and text[:start].count(" ") <= 4
        and all(word[0].isupper() for word in text[:start].split())
        and is_agency(text[start + 1 : -1].strip())
        and len(text) <= 60
    )


def byline(text: str, low: str) -> bool:  # noqa: PLR0911 - a list of forms
    """``By A Name``, ``(社会部・名前)``, ``ltm/sde/bla``: who wrote it."""
    if text[-1] in ".!?。:;":
        return False
    if low.startswith(_REPORTERS):
        return True
    if low.startswith(_BY):
        return is_names(text.partition(" ")[2].replace(" - ", " – ").partition(" – ")[0])
    if low.endswith((" thực hiện", " (thực hiện)", " lược dịch", " tổng hợp")):
        return is_names(text.rpartition(" thực")[0].rpartition(" (")[0] or text[: -len(" tổng hợp")])
    if len(text) <= 24 and _is_initials(text):
        return True
    if low[0] in "(【[〔" and low[-1] in ")】]〕":
        inner = low[1:-1]
        return (
            len(inner) <= 25
            and inner[:1] >= "\u2e80"
            and ("・" in inner or inner.endswith(("記者", "部", "支局", "総局", "特派員", "기자")))
        )
    if len(text) <= 40 and text[0] >= "\u2e80":
        return text.endswith(("記者", "特派員", "기자", "특파원")) or ("기자" in text and "@" in text)
    return "@" in text and text.count(" ") <= 4 and "." in text


def _is_initials(text: str) -> bool:
    """``ltm/sde/bla``, ``CS/AB/MTN``, ``(N)``, ``G.P``: the desk's marks."""
    if "/" in text:
        parts = text.split("/")
        same_case = text.islower() or text.isupper()
        return same_case and all(1 <= len(part) <= 4 and part.isascii() and part.isalpha() for part in parts)
    if text[0] == "(" and text[-1] == ")":
        return len(text) <= 6 and text[1:-1].isascii() and text[1:-1].isalpha() and text.isupper()
    parts = text.rstrip(".").split(".")
    return len(parts) in (2, 3) and all(len(part.strip()) == 1 and part.strip().isupper() for part in parts)


def is_names(text: str) -> bool:
    """Whether a text is made of names and of the little words between them."""
    words = text.replace(",", " ").replace("/", " ").split()
    if not 1 <= len(words) <= 10:
        return False
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= 1 and all(word[0].isupper() or word in _NAME_LINKS for word in words)


def date_line(text: str, low: str) -> bool:
    """``Publié le 22/02/2025 à 06h30``: nothing but when."""
    if not (_DIGIT.search(text) if text.isascii() else any(map(str.isdigit, text))):
        return False
    if _begins_date(low) and not ends_sentence(text) and sum(map(str.isdigit, text)) >= 4:
        return True
    for match in _LETTERS.finditer(low):  # no split: nearly every line is told by its first word
        word = match.group()
        if word not in DATE_WORDS and word not in DATE_STARTS and word not in _AGENCIES_LOW:
            return False
    return True


def credit_start(text: str, low: str) -> bool:
    """``Source: ...``, ``Liên hệ báo chí: ...``, ``問い合わせ先 ...``: sources, contacts, attachments."""
    if _begins_credit(low):
        # "Written by a committee of experts, the report ..." is a sentence of the story.
        return len(text) <= 80 or ":" in low[:30] or not ends_sentence(text)
    return low[0] in "※*" and any(word in low for word in ("出所", "出典", "四捨五入", "単位", "source", "nguồn"))


def interface(text: str, low: str) -> bool:
    """``Share``, ``Bình luận``, ``Abonnez-vous ...``: what the page offers its reader."""
    name = text.strip(AROUND)
    if name[-1:] == ")" or name[-1:].isdigit():  # "Comments (12)"
        name = name.rstrip(" ()0123456789\uff08\uff09")
    if low.startswith("copyright "):
        return not ends_sentence(text) and any(map(str.isdigit, low))
    return (len(name) <= _LONGEST_NAME and name.casefold() in INTERFACE) or _begins_interface(low)


def menu_word(text: str, low: str) -> bool:
    """``Politics``, ``Trang chủ``, ``政治``: the name of a section, alone on its line."""
    return len(text) <= 24 and (low in MENU_WORDS or bare(text) in MENU_WORDS)


def breadcrumb(text: str, low: str) -> bool:
    """``ホーム > 県政情報 > 記者発表``: the way to the page."""
    if ends_sentence(text):
        return False
    for mark, least in ((" > ", 1), (" » ", 1), (" › ", 1), (" | ", 2), (" / ", 2), (" · ", 2)):
        if mark[1] in low and low.count(mark) >= least:
            return all(len(piece) <= 30 for piece in low.split(mark))
    return False


def address(text: str, low: str) -> bool:
    """Know a web address, hash tags or key words on a line of their own."""
    if low.startswith(ADDRESSES):
        return " " not in text
    if text[0] == "#":
        return all(word[0] == "#" for word in text.split())
    return low.startswith(KEYWORDS)


def pointer(_text: str, low: str) -> bool:
    """``Read also: ...``: one line that names another article."""
    colon = low.find(":", 0, 40)
    if colon < 0:
        colon = low.find(" | ", 0, 40)
    return colon > 0 and low[:colon].strip(" »>▶■-") in POINTERS
