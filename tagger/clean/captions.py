# ruff: noqa: E501 - tables of words
"""Rules that know a caption: a picture's credit, a file's name, who stands where.

Words like "image", "source", "ảnh" and "hình" also begin common phrases ("credit rating", "ảnh hưởng", "hình thức"),
so what follows them decides.
"""

from __future__ import annotations

from tagger.clean.layout import ends_sentence
from tagger.clean.words import AGENCIES, PHOTO_WORDS, POSITION_LETTERS, POSITIONS, beginning, is_agency

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".heic", ".tif", ".tiff", ".mp4", ".mp3")
_PHOTO_SET = frozenset(PHOTO_WORDS)
_PHOTO_HEADS = frozenset(word[:3] for word in PHOTO_WORDS if len(word) >= 3)
_PHOTO_SIGNS = frozenset(word[0] for word in PHOTO_WORDS if len(word) < 3)
_STRONG = frozenset({"photo", "photos", "photograph", "foto", "fotos", "file photo", "écran"})
_ALONE = _STRONG | {
    "image",
    "images",
    "illustration",
    "illustrative image",
    "ảnh",
    "ảnh minh họa",
    "đồ họa",
    "infographic",
}
_FOLLOWERS = (
    "by ", "courtesy", "par ", "von ", "from ", "taken ", "provided", "supplied", "released", "credit", "d'archives", "archives", "illustrative",
    "minh họa", "minh hoạ", "tư liệu", "của ", "do ", "chụp", "internet", "image", "photo",
)  # fmt: skip
_ANNOUNCED = (
    " photo:", " photos:", " photo :", " photos :", " ảnh:", " foto:", " 写真:", " 写真=", "。写真:", "。写真=", " 撮影:", " 写真・", " 사진:", " 사진=", " 图:", " 摄影:",
)  # fmt: skip
_PHOTO_ENDS = (
    " photo",
    " photos",
    "撮影",
    "写真",
    "getty images",
    "shutterstock",
    "攝",
    "摄",
    " foto",
    "사진",
    " 제공",
    "ttxvn phát",
)
_GIVES = ("を提供", "で提供", "に提供", "の提供", "が提供", "も提供", "は提供", "て提供")  # a verb, not a credit
ANNOUNCEMENTS = (
    "【写真", "[写真", "(写真", "【図", "表・", "図・", "グラフ・", "▲写真", "(photo", "(ảnh", "trong ảnh:", "in photo:", "in this photo", "[사진", "(사진", "![",
)  # fmt: skip
_begins_announcement = beginning(ANNOUNCEMENTS)
_PHRASES = (
    "in this photo",
    "in this file photo",
    "in this undated photo",
    "photo provided by",
    "photo released by",
    "sur cette photo",
)
_KINDS_OF_PHOTO = (
    "file photo", "photo shows", "photo souvenir", "photo de famille", "photo de groupe", "photo d'archives", "family photo", "group photo",
    "ảnh lưu niệm", "ảnh tư liệu", "ảnh minh họa", "ảnh minh hoạ", "記念写真", "資料写真", "グラフ ",
)  # fmt: skip
_AGENCIES_LOW = frozenset(name.lower() for name in AGENCIES)
_AND = ("and", "or", "but", "et", "ou", "và", "und", "y", "o")  # "(and the right)" is no position
_BREAKS = tuple((mark.strip(), mark) for mark in (". ", "。", " | ", " – ", " — ", " - ", "! ", "? ", ") ", "… "))


def file_name(text: str, low: str) -> bool:
    """``hg.jpg``: the name of a picture that the page's text kept."""
    return low.endswith(_PICTURES) and text.count(" ") <= 5


def may_be_caption(text: str) -> bool:
    """Whether the end of a long line has anything of a picture's credit: a cheap look before the rules."""
    if text[-1] in ")]\uff09" or text[-2:-1] in ")\uff09":
        return True
    window = text[-90:]
    return (  # spelt out, for every long line is asked
        ":" in window or "=" in window or "|" in window
        or "oto" in window or "mage" in window or "icture" in window or "etty" in window or "llustr" in window
        or (not window.isascii() and _has_foreign_clue(window))
    )  # fmt: skip


def _has_foreign_clue(window: str) -> bool:
    return (
        "©" in window or "\uff1a" in window or "\uff1d" in window or "hình" in window or "ảnh" in window or "Ảnh" in window
        or "写真" in window or "撮影" in window or "提供" in window or "사진" in window
    )  # fmt: skip


def caption_credit(text: str, low: str) -> bool:
    """``... (Photo: VNA)``, ``... Ảnh: H.L``, ``... 写真:越通社``, ``... ảnh 1``: a picture is credited at the end."""
    if len(text) > 100 and not may_be_caption(text):
        return False
    low = low.rstrip(" .")
    if not low:
        return False
    if len(text) <= 300 and (_announced(low) or ("photo" in low and any(phrase in low for phrase in _PHRASES))):
        return True
    if low[-1] in ")]":
        start = max(low.rfind("("), low.rfind("["))
        return start > 0 and _is_credit(low[start + 1 : -1].strip(), len(text), text)
    if low.find("©") > 0 and len(low) - low.rfind("©") <= 40 and len(text) <= 300:
        return True
    return _credit_after_sentence(text, low) or _numbered(low) or (len(text) <= 300 and low.endswith("getty images"))


def _announced(low: str) -> bool:
    """Look for a word for pictures and a colon near the end; or, in Japanese, ``=`` with the day or the source."""
    window = low[-60:]
    if ":" not in window and "=" not in low and "・" not in window:
        return False
    for mark in _ANNOUNCED:
        found = window.rfind(mark)
        if found >= 0 and "。" not in window[found:] and ". " not in window[found:]:
            return True
    equals = low.rfind("=", max(0, len(low) - 24)) if len(low) <= 100 else -1
    if equals > 0 and low[0] >= "\u2e80" and "。" not in low:
        source = low[equals + 1 :]
        return (
            (source[:1].isdigit() and "日" in source[:4] and "、" in source)
            or source.endswith(("撮影", "提供"))
            or source in _AGENCIES_LOW
        )
    return False


def _is_credit(inner: str, size: int, text: str) -> bool:
    """Whether what stands in brackets at the end of a line credits a picture."""
    if not inner or len(inner) > 100:
        return False
    end = text.rfind(inner[-1:]) if text.isascii() else -1
    original = text[max(0, len(text) - len(inner) - 4) :] if end < 0 else text[max(0, end + 1 - len(inner)) : end + 1]
    if _names_picture(inner, original):
        return size <= 300
    if inner.startswith(("source:", "source :", "nguồn:", "出典:", "来源:", "출처:", "fuente:", "credit:", "courtesy")):
        return size <= 160
    if inner.endswith("提供") and not inner.endswith(_GIVES):
        return size <= 120
    if inner.endswith(_PHOTO_ENDS) or " photo/" in inner or "写真" in inner or "撮影" in inner:
        return size <= 300
    # (22日、仙台市青葉区): when and where a picture was taken, in a line that is no sentence
    return inner[0].isdigit() and "日、" in inner[:5] and size <= 90 and "。" not in text


def _names_picture(low: str, original: str) -> bool:  # noqa: PLR0911 - a list of forms
    """Whether a text begins with a word for pictures, and goes on as credits do."""
    if low[:3] not in _PHOTO_HEADS and low[:1] not in _PHOTO_SIGNS:
        return False
    for size in range(min(len(low), 16), 0, -1):
        word = low[:size]
        if word not in _PHOTO_SET:
            continue
        rest = low[size:]
        if word[0] >= "\u2e80":
            return not rest or rest[0] in ":=/・ " or len(low) <= 16
        if not rest:
            return word in _ALONE
        if rest[0].isalpha():
            continue
        after = rest.lstrip()
        if not after or after[0] in ":/=©" or rest[0] in ",;.":
            return bool(after)
        if word in _STRONG and (after.startswith(_FOLLOWERS) or original[size:].lstrip()[:1].isupper()):
            return True
        return after.startswith(_FOLLOWERS) and not word.startswith(("hình", "source", "credit", "nguồn", "fuente"))
    return False


def _credit_after_sentence(text: str, low: str) -> bool:
    """Look for a credit without brackets: the last sentence, or what follows the last dash or bar."""
    window = low[-90:]
    cut = -1
    for sign, mark in _BREAKS:
        if sign in window:  # looking for one character costs a third of looking for two
            found = window.rfind(mark)
            if found >= 0:
                cut = max(cut, found + len(mark))
    if cut < 0 and len(low) > 90:
        return False
    tail = window[cut:].strip() if cut >= 0 else low
    if not tail or len(tail) > 80:
        return False
    whole = len(tail) == len(low)
    original = text[len(low) - len(tail) : len(low)]
    if "©" in tail[:12] and len(tail) <= 60:
        return True
    if whole:
        return (
            tail[:1] > "\u2e80" or ":" in tail[:16] or " by " in tail or "courtesy" in tail
            if _names_picture(tail, original)
            else False
        )
    bar = window[max(0, cut - 3) : cut] == " | "
    return (
        (bar and (is_agency(original.strip()) or (len(tail) <= 30 and ends_sentence(window[: cut - 3]))))
        or (" photo" in tail and is_agency(original[: tail.find(" photo")].strip()))
        or (tail.endswith((" photo", " photos", " picture", " pictures")) and tail.count(" ") <= 5)
        or (len(tail) <= 60 and _names_picture(tail, original))
    )


def _numbered(low: str) -> bool:
    """``... ảnh 1``: the number some sites put behind each caption."""
    words = low[-16:].split()
    return len(words) >= 3 and words[-1].isdigit() and len(words[-1]) <= 2 and words[-2] in ("ảnh", "hình", "anh")


def caption_start(text: str, low: str) -> bool:
    """Know ``Photo: ...``, ``【写真】...``, ``表・...``: a picture or a table is announced."""
    if _begins_announcement(low):
        return True
    if len(text) <= 90 and low.startswith(_KINDS_OF_PHOTO):
        return "。" not in text
    colon = low.find(":", 0, 16)
    return colon > 0 and low[:colon].strip() in _PHOTO_SET


def caption_agency(text: str, low: str) -> bool:
    """Know ``A meeting of the council (VNA)``: no sentence, and an agency in brackets behind it."""
    if low[-1] != ")":
        return False
    start = low.rfind("(")
    return start > 7 and is_agency(text[start + 1 : -1].strip()) and not ends_sentence(text[:start].rstrip())


def caption_position(text: str, low: str) -> bool:
    """Know ``The minister (left) with the mayor``: who stands where."""
    start = low.find("(")
    while start >= 0:
        stop = low.find(")", start, start + 40)
        if stop > 0:
            inner = low[start + 1 : stop].strip()
            words = inner.split()
            if (
                words
                and (inner in POSITIONS or words[-1] in POSITIONS)
                and len(words) <= 5
                and words[0] not in _AND
                and "。" not in text
            ):
                return True
            if inner in POSITION_LETTERS and not ends_sentence(text):
                return True
        start = low.find("(", start + 1)
    return False
