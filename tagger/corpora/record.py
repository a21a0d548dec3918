"""One article as plain data -> `LabelledArticle`: the rules that YAML and JSON lines share."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from tagger.errors import CorpusError, nearest
from tagger.records import LabelledArticle, LabelledParagraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.corpora import Report

    #: Keys and indexes that lead to a value -> "path:line".
    Locate = Callable[[tuple[str | int, ...]], str]

PARAGRAPH_KEYS = ("text", "labels")
SEED_KEYS = ("title", "lang", "genre", "countries", "labels", "paragraphs", "raw", "source")
#: What a line of JSON or a row of a table may hold; other keys become ``extra``.
LINE_KEYS = ("text", "labels", "paragraphs", "id", "title", "lang", "genre", "countries", "source", "raw")

_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)?\Z")
_COUNTRY = re.compile(r"[a-z]{2}\Z")


class Builder:
    """Checks the data of one article and says everything that is wrong with it."""

    def __init__(self, place: str | Locate, report: Report) -> None:
        self._locate: Locate = (lambda _: place) if isinstance(place, str) else place
        self._report = report
        self._faults = 0

    def article(self, data: Any, name: str, keys: tuple[str, ...], *, closed: bool) -> LabelledArticle | None:
        """Return the article, or None when something was wrong with it (and was reported).

        Args:
            data: what the file says: a dict of strings, lists and dicts.
            name: the id of an article that gives none.
            keys: the keys that may stand there.
            closed: whether another key is an error; else it goes to ``extra``, unless it looks misspelt.

        """
        if not isinstance(data, dict):
            self.fault((), f"an article must be a mapping of {', '.join(keys)}.")
            return None
        extra = self._others(data, keys, closed=closed)
        paragraphs = self._paragraphs(data)
        if "labels" in data:
            labels = self._labels(data["labels"], ("labels",))
        else:  # paragraphs bear their own: the article's are theirs, in order of appearance
            labels = tuple(dict.fromkeys(label for p in paragraphs for label in p.labels))
        lang = self._optional(data, "lang")
        if lang is not None and not _LANG.match(lang):
            self.fault(("lang",), f"'{lang}' is not a language code.", "Use codes like en, fr, vi, ja.")
        article = LabelledArticle(
            id=self._optional(data, "id") or name,
            paragraphs=paragraphs,
            labels=labels,
            title=self._optional(data, "title"),
            lang=lang,
            genre=self._optional(data, "genre"),
            source=self._optional(data, "source"),
            countries=self._countries(data.get("countries", [])),
            raw=self._optional(data, "raw", strip=False),
            where=self._locate(()),
            extra=extra,
        )
        return None if self._faults else article

    def fault(self, at: tuple[str | int, ...], what: str, hint: str = "") -> None:
        """Report what is wrong at a place in the data."""
        self._faults += 1
        self._report(CorpusError(what, where=self._locate(at), hint=hint))

    def _others(self, data: dict[str, Any], keys: tuple[str, ...], *, closed: bool) -> dict[str, str]:
        extra = {}
        for key, value in data.items():
            if key in keys:
                continue
            free = [known for known in keys if known not in data]
            if closed or difflib.get_close_matches(key, free, n=1, cutoff=0.8):
                self.fault((key,), f"unknown key '{key}'.", nearest(key, keys))
            else:
                extra[key] = value if isinstance(value, str) else str(value)
        return extra

    def _paragraphs(self, data: dict[str, Any]) -> tuple[LabelledParagraph, ...]:
        if "text" in data and "paragraphs" in data:
            self.fault(("text",), "both 'text' and 'paragraphs'.", "Give one of them.")
            return ()
        if "text" in data:
            if "labels" not in data:
                self.fault((), "no 'labels'.", "Write an empty list where the text bears none.")
                return ()
            text = self._text(data["text"], ("text",))
            # its labels are the article's, and are checked there
            labels = data["labels"] if isinstance(data["labels"], list) else []
            names = tuple(label for label in labels if isinstance(label, str))
            return (LabelledParagraph(text, names, self._locate(())),)
        if "paragraphs" not in data:
            needed = "'paragraphs'" if "title" in data or "genre" in data else "'text' and 'labels', or 'paragraphs'"
            self.fault((), f"no {needed}.")
            return ()
        items = data["paragraphs"]
        if not isinstance(items, list) or not items:
            self.fault(("paragraphs",), "'paragraphs' must be a list that is not empty.")
            return ()
        return tuple(self._paragraph(item, ("paragraphs", i)) for i, item in enumerate(items))

    def _paragraph(self, item: Any, at: tuple[str | int, ...]) -> LabelledParagraph:
        where = self._locate(at)
        if not isinstance(item, dict):
            self.fault(at, "a paragraph must have 'text' and 'labels'.")
            return LabelledParagraph("", (), where)
        for key in item:
            if key not in PARAGRAPH_KEYS:
                self.fault((*at, key), f"unknown key '{key}'.", nearest(key, PARAGRAPH_KEYS))
        missing = [key for key in PARAGRAPH_KEYS if key not in item]
        if missing:
            hint = "Write 'labels: []' where it bears none." if "labels" in missing else ""
            self.fault(at, f"a paragraph without {' and '.join(missing)}.", hint)
        text = self._text(item["text"], (*at, "text")) if "text" in item else ""
        labels = self._labels(item["labels"], (*at, "labels")) if "labels" in item else ()
        return LabelledParagraph(text, labels, where)

    def _text(self, value: Any, at: tuple[str | int, ...], *, strip: bool = True) -> str:
        name = next(key for key in reversed(at) if isinstance(key, str))
        if not isinstance(value, str) or not value.strip():
            self.fault(at, f"'{name}' must be a text that is not empty.")
            return ""
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            self.fault(at, f"'{name}' holds half a character (a lone surrogate).", "Save it again as UTF-8.")
            return ""
        return value.strip() if strip else value

    def _optional(self, data: dict[str, Any], key: str, *, strip: bool = True) -> str | None:
        return self._text(data[key], (key,), strip=strip) if data.get(key) is not None else None

    def _labels(self, value: Any, at: tuple[str | int, ...]) -> tuple[str, ...]:
        if not isinstance(value, list):
            hint = "Write [] where there is none." if value is None else f"Write [{value}]." if _is_word(value) else ""
            self.fault(at, "'labels' must be a list.", hint)
            return ()
        names: dict[str, None] = {}
        for i, item in enumerate(value):
            label = self._text(item, (*at, i)) if isinstance(item, str) else ""
            if not isinstance(item, str):
                self.fault((*at, i), "a label must be a text.")
            elif label in names:
                self.fault((*at, i), f"label '{label}' stands twice.")
            elif label:
                names[label] = None
        return tuple(names)

    def _countries(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(code, str) and _COUNTRY.match(code) for code in value):
            self.fault(("countries",), "'countries' must be a list of two-letter codes, like [vn, jp].")
            return ()
        return tuple(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and len(value) < 40


def split_labels(cell: str) -> list[str]:
    """Return the labels of a table's cell, separated by ``;``, ``|`` or ``,``."""
    return [name for name in (part.strip() for part in re.split(r"[;|,]", cell)) if name]
