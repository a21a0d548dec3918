"""Rules that know a line for what it is by looking at it alone.

Each takes the text and its `folded` form, says yes or no, and is only asked about lines up to the length that
the table beside it in `tagger.clean` gives: stories have long lines, page furniture has short ones.
"""

from __future__ import annotations

import re

from tagger.clean.layout import ends_sentence
from tagger.clean.words import (
    AGENCIES,
    CREDIT_STARTS,
    DATE_STARTS,
    DATE_WORDS,
    END_MARKS,
    INTERFACE,
    INTERFACE_STARTS,
    MENU_WORDS,
    PHOTO_WORDS,
    POINTERS,
    POSITION_LETTERS,
    POSITIONS,
    bare,
)

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".heic", ".tif", ".tiff", ".mp4", ".mp3")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_PHOTO_SET = frozenset(PHOTO_WORDS)
_SOURCE_WORDS = ("source", "nguồn", "出典", "来源", "출처", "fuente", "credit", "courtesy", "crédit")
_ANNOUNCED = (
    " photo:", " photos:", " photo :", " photos :", " ảnh:", " foto:", " 写真:", " 写真=", "。写真:", "。写真=", " 撮影:", " 写真・", " 사진:", " 사진=", " 图:", " 摄影:",
)  # fmt: skip
_CLUES = (
    ":",
    "\uff1a",
    "©",
    "|",
    "=",
    "\uff1d",
    "hoto",
    "icture",
    "ảnh",
    "Ảnh",
    "写真",
    "撮影",
    "提供",
    "etty",
    "hình",
    "사진",
    "mage",
    "llustr",
    "oto",
    "©",
)
_PHOTO_ENDS = (
    " photo", " photos", "提供", "撮影", "写真", "ảnh", " phát", " cung cấp", "getty images", "shutterstock", "攝", "摄", " foto", "より", "사진", "제공",
)  # fmt: skip
_AGENCIES_LOW = frozenset(name.lower() for name in AGENCIES)
_NAME_LINKS = frozenset(
    [
        "and",
        "et",
        "und",
        "y",
        "e",
        "và",
        "và",
        "dan",
        "en",
        "&",
        "de",
        "da",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "di",
        "del",
        "bin",
        "binti",
        "al",
        "in",
        "à",
        "ở",
    ]
)
_BY = ("by ", "par ", "von ", "por ", "oleh ", "door ", "bài ", "ảnh ")
_REPORTERS = (
    "by our ", "by a staff", "by staff", "de notre ", "de nos ", "notre correspondant", "notre envoyé", "from our ", "our correspondent", "staff reporter",
    "staff writer", "staff report", "newsroom", "phóng viên", "nhóm phóng viên", "pv/", "redaktion", "redacción",
)  # fmt: skip


def is_agency(text: str) -> bool:
    """Whether the text is the name of an agency, or several: ``VNA/VNS``."""
    if text in AGENCIES:
        return True
    if len(text) > 60:
        return False
    parts = [part.strip() for part in text.replace("/", ",").replace(" - ", ",").replace("; ", ",").split(",")]
    return len(parts) > 1 and all(part in AGENCIES for part in parts)


def file_name(text: str, low: str) -> bool:
    """``hg.jpg``: the name of a picture that the page's text kept."""
    return low.endswith(_PICTURES) and text.count(" ") <= 5


def end_mark(text: str, low: str) -> bool:
    """``/.``, ``Enditem``, ``###``: nothing but the mark that a text is over, or a rule across the page."""
    return low.strip(" -–—.") in END_MARKS or low in END_MARKS or not any(map(str.isalnum, text))


def agency_line(text: str, low: str) -> bool:
    """``— VNA/VNS``, ``Theo TTXVN``, ``(共同)``: nothing but where the text comes from."""
    inner = text.strip(" \t-–—―()[]|./\uff08\uff09【】")
    if low.startswith(("theo ", "with ", "avec ", "from ", "via ", "(with ", "(avec ", "(theo ")):
        inner = inner.partition(" ")[2]
    if is_agency(inner) or (low.startswith("theo ") and not ends_sentence(text) and _is_names(inner)):
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


def byline(text: str, low: str) -> bool:
    """``By A Name``, ``(社会部・名前)``, ``ltm/sde/bla``: who wrote it."""
    if text[-1] in ".!?。:;":
        return False
    if low.startswith(_REPORTERS):
        return True
    if low.startswith(_BY):
        return _is_names(text.partition(" ")[2])
    if low.endswith((" thực hiện", " (thực hiện)", " lược dịch", " tổng hợp")):
        return _is_names(text.rpartition(" thực")[0].rpartition(" (")[0] or text[: -len(" tổng hợp")])
    if len(text) <= 24 and _is_initials(text):
        return True
    if low[0] in "(【[〔" and low[-1] in ")】]〕":
        inner = low[1:-1]
        return (
            len(inner) <= 25
            and inner[:1] >= "\u2e80"
            and ("・" in inner or inner.endswith(("記者", "部", "支局", "特派員", "기자")))
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


def _is_names(text: str) -> bool:
    words = text.replace(",", " ").replace("/", " ").split()
    if not 1 <= len(words) <= 10:
        return False
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= 1 and all(word[0].isupper() or word in _NAME_LINKS for word in words)


def date_line(text: str, low: str) -> bool:
    """``Publié le 22/02/2025 à 06h30``: nothing but when."""
    if not any(map(str.isdigit, text)):
        return False
    if low.startswith(DATE_STARTS) and not ends_sentence(text) and sum(map(str.isdigit, text)) >= 4:
        return True
    for word in _NOT_LETTERS.split(low):
        if word and word not in DATE_WORDS and word not in DATE_STARTS and word not in _AGENCIES_LOW:
            return False
    return True


def credit_start(text: str, low: str) -> bool:
    """``Source: ...``, ``Liên hệ báo chí: ...``, ``問い合わせ先 ...``: sources, contacts, attachments."""
    if low.startswith(CREDIT_STARTS):
        return True
    return low[0] in "※*" and any(word in low for word in ("出所", "出典", "四捨五入", "単位", "source", "nguồn"))


def may_be_caption(text: str) -> bool:
    """Whether the end of a long line has anything of a picture's credit: a cheap look before the rules."""
    if text[-1] in ")]\uff09" or text[-2:-1] in ")\uff09":
        return True
    window = text[-90:]
    return any(clue in window for clue in _CLUES)


def caption_credit(text: str, low: str) -> bool:
    """``... (Photo: VNA)``, ``... Ảnh: H.L``, ``... 写真:越通社``, ``... ảnh 1``: a picture is credited at the end."""
    if len(text) > 100 and not may_be_caption(text):
        return False
    low = low.rstrip(" .")
    if not low:
        return False
    if len(text) <= 300 and _announced(low):
        return True
    if low[-1] in ")]":
        start = max(low.rfind("("), low.rfind("["))
        return start > 0 and _is_credit(low[start + 1 : -1].strip(), len(text), text)
    return _credit_after_sentence(text, low) or _numbered(low) or (len(text) <= 300 and low.endswith("getty images"))


def _announced(low: str) -> bool:
    """A word for pictures and a colon near the end; or, in Japanese, ``=`` with the day or the source."""
    window = low[-60:]
    for mark in _ANNOUNCED:
        found = window.rfind(mark)
        if found >= 0 and "。" not in window[found:] and ". " not in window[found:]:
            return True
    equals = low.rfind("=", max(0, len(low) - 24)) if len(low) <= 100 else -1
    if equals > 0 and low[0] >= "\u2e80" and "。" not in low:
        source = low[equals + 1 :]
        return "日、" in source[:5] or source.endswith(("撮影", "提供")) or source in _AGENCIES_LOW
    return False


def _is_credit(inner: str, size: int, text: str) -> bool:
    if not inner or len(inner) > 100:
        return False
    if _starts_as_photo(inner):
        return size <= 160 or not inner.startswith(_SOURCE_WORDS)
    if inner.endswith(_PHOTO_ENDS) or " photo/" in inner or "写真" in inner or "撮影" in inner or "ttxvn" in inner:
        return size <= 300
    # (22日、仙台市青葉区): when and where a picture was taken, in a line that is no sentence
    return inner[0].isdigit() and "日、" in inner[:5] and size <= 90 and "。" not in text


def _starts_as_photo(text: str) -> bool:
    """Whether the text begins with a word for pictures that ends there."""
    head = text[:14]
    for size in range(min(len(head), 13), 0, -1):
        if head[:size] in _PHOTO_SET:
            following = text[size : size + 1]
            return not following.isalpha() or text[0] >= "\u2e80"
    return False


def _credit_after_sentence(text: str, low: str) -> bool:
    """The credit without brackets: the last sentence, or what follows the last dash or bar."""
    window = low[-90:]
    cut = -1
    for mark in (". ", "。", " | ", " – ", " — ", " - ", "! ", "? ", ") ", "… ", ".) "):
        found = window.rfind(mark)
        if found >= 0:
            cut = max(cut, found + len(mark))
    if cut < 0:
        if len(low) > 90:
            return False
        tail = low
    else:
        tail = window[cut:].strip()
    if not tail or len(tail) > 80:
        return False
    original = text[len(low) - len(tail) : len(low)]
    if "©" in tail[:12] and len(tail) <= 60:
        return True
    if len(tail) < len(low):
        if is_agency(original.strip()) and "|" in window[max(0, cut - 3) : cut]:
            return True
        if " photo" in tail and is_agency(original.strip()[: tail.find(" photo")].strip()):
            return True
        if tail.endswith((" photo", " photos", " picture", " pictures")) and tail.count(" ") <= 5:
            return True
        if window[max(0, cut - 3) : cut] == " | " and len(tail) <= 30 and ends_sentence(window[: cut - 3]):
            return True
    for size in range(min(len(tail), 13), 0, -1):
        if tail[:size] in _PHOTO_SET:
            rest = tail[size:].lstrip()
            if not rest:
                return len(tail) < len(low)
            if rest[0] in ":/=©" or rest.startswith(
                ("by ", "courtesy", "par ", "von ", "minh họa", "tư liệu", "d'archives")
            ):
                return True
            named = original[size:].lstrip()[:1].isupper() and tail[size] == " "
            return named and len(tail) < len(low) and len(tail) <= 50
    return tail.startswith("file photo") and len(tail) < len(low)


def _numbered(low: str) -> bool:
    """``... ảnh 1``: the number some sites put behind each caption."""
    words = low[-16:].split()
    return len(words) >= 3 and words[-1].isdigit() and len(words[-1]) <= 2 and words[-2] in ("ảnh", "hình", "anh")


def caption_start(text: str, low: str) -> bool:
    """``Photo: ...``, ``【写真】...``, ``表・...``: a picture or a table is announced."""
    if low.startswith(
        (
            "【写真",
            "[写真",
            "(写真",
            "【図",
            "表・",
            "図・",
            "グラフ・",
            "▲写真",
            "(photo",
            "(ảnh",
            "trong ảnh:",
            "file photo",
            "photo shows",
            "photo souvenir",
            "photo de famille",
            "photo de groupe",
            "photo d'archives",
            "family photo",
            "ảnh lưu niệm",
            "ảnh tư liệu",
            "ảnh minh họa",
            "記念写真",
            "資料写真",
            "グラフ ",
            "in photo:",
            "in this photo",
            "[사진",
            "(사진",
        )
    ):
        return True
    colon = low.find(":", 0, 16)
    return colon > 0 and low[:colon].strip() in _PHOTO_SET


def caption_position(text: str, low: str) -> bool:
    """``The minister (left) with the mayor``: who stands where."""
    start = low.find("(")
    while start >= 0:
        stop = low.find(")", start, start + 40)
        if stop > 0:
            inner = low[start + 1 : stop].strip()
            words = inner.split()
            if words and (inner in POSITIONS or words[-1] in POSITIONS) and len(words) <= 5 and "。" not in text:
                return True
            if inner in POSITION_LETTERS and not ends_sentence(text):
                return True
        start = low.find("(", start + 1)
    return False


def interface(text: str, low: str) -> bool:
    """``Share``, ``Bình luận``, ``Abonnez-vous ...``: what the page offers its reader."""
    name = bare(text)
    if name[-1:] == ")" or name[-1:].isdigit():  # "Comments (12)"
        name = name.rstrip(" ()0123456789\uff08\uff09")
    return name in INTERFACE or low.startswith(INTERFACE_STARTS)


def menu_word(text: str, low: str) -> bool:
    """``Politics``, ``Trang chủ``, ``政治``: the name of a section, alone on its line."""
    return len(text) <= 24 and (low in MENU_WORDS or bare(text) in MENU_WORDS)


def breadcrumb(text: str, low: str) -> bool:
    """``ホーム > 県政情報 > 記者発表``: the way to the page."""
    for mark, least in ((" > ", 1), (" » ", 1), (" › ", 1), (" | ", 2), (" / ", 2), (" · ", 2)):
        if low.count(mark) >= least:
            return not ends_sentence(text) and all(len(piece) <= 30 for piece in low.split(mark))
    return False


def address(text: str, low: str) -> bool:
    """A web address, hash tags or key words on a line of their own."""
    if low.startswith(("http://", "https://", "www.")):
        return " " not in text
    if text[0] == "#":
        return all(word[0] == "#" for word in text.split())
    return low.startswith(
        ("tags:", "tag:", "từ khóa:", "từ khoá:", "mots-clés", "キーワード:", "keywords:", "标签:", "schlagworte:")
    )


def pointer(text: str, low: str) -> bool:
    """``Read also: ...``: one line that names another article."""
    colon = low.find(":", 0, 40)
    if colon < 0:
        colon = low.find(" | ", 0, 40)
    return colon > 0 and low[:colon].strip(" »>▶■-") in POINTERS
