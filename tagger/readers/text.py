"""Plain text and Markdown: the file is the document, as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.errors import InputError
from tagger.readers.decoding import decode
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.readers.source import Options, Source


def documents(source: Source, options: Options) -> Iterator[Document]:
    """Yield the one document of a text file."""
    data = source.data(options)
    text, encoding = decode(data, source.where)
    if not text or text.isspace():
        raise InputError("there is no text in it.", where=source.where, code="empty")
    yield Document(source.id, text, source.path, source.digest(data), encoding=encoding)
