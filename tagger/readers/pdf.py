"""PDF: the text boxes of pdfminer.six are paragraphs; one that runs over a page's end is joined."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

from tagger.errors import InputError, MissingExtraError
from tagger.readers.limits import guarded
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.readers.source import Options, Source

_MOST_PAGES = 500


def documents(source: Source, options: Options) -> Iterator[Document]:
    """Yield the text of a PDF file."""
    data = source.data(options)
    if b"%PDF-" not in data[:1024]:
        raise InputError("is not a PDF file.", where=source.where, code="parse")
    try:
        import pdfminer.high_level as pdfminer  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("PDF files need the package pdfminer.six.", "pdf") from None
    for name in ("pdfminer", "pdfminer.pdfpage", "pdfminer.pdfinterp"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    paragraphs: list[str] = []
    with guarded(source.where, options.time_limit):
        for page in pdfminer.extract_pages(io.BytesIO(data), maxpages=_MOST_PAGES):
            first = True
            for box in page:
                text = _line(box.get_text()) if hasattr(box, "get_text") else ""
                if not text:
                    continue
                if first and paragraphs and _goes_on(paragraphs[-1], text):
                    paragraphs[-1] += " " + text
                else:
                    paragraphs.append(text)
                first = False
    text = "\n".join(paragraphs)
    if not text:
        raise InputError("there is no text in it (a scan?).", where=source.where, code="empty")
    yield Document(source.id, text, source.path, source.digest(data), converted=True)


def _line(text: str) -> str:
    """Join the lines of a box; a hyphen at a line's end between small letters was put there by the typesetter."""
    words = text.replace("\u00ad\n", "").split("\n")
    joined = ""
    for part in words:
        piece = " ".join(part.split())
        if joined.endswith("-") and joined[-2:-1].islower() and piece[:1].islower():
            joined = joined[:-1] + piece
        elif joined and piece:
            joined += piece if joined[-1] >= "\u2e80" and piece[0] >= "\u2e80" else f" {piece}"
        else:
            joined += piece
    return joined.replace("\0", "")


def _goes_on(before: str, after: str) -> bool:
    return len(before) > 60 and before[-1] not in '.!?…:;"”»)。！？」' and after[0].islower()
