"""Files -> documents: one module a format, found by suffix and loaded when met.

``read`` raises at the first thing that cannot be read; ``items`` gives each failure its place in the stream and goes
on with the next record. Offsets of the paragraphs refer to ``Document.text``: the decoded file for text, the text
field for records, and the extracted text where ``Document.converted`` is true (HTML, PDF, DOCX).
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, cast

from tagger.errors import InputError
from tagger.readers.source import Options, Source
from tagger.readers.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

    from tagger.records import Document

    Reader = Callable[[Source, Options], Iterator[Document | InputError]]

__all__ = ["MAX_BYTES", "MAX_LINES", "READERS", "RECORDS", "Options", "Source", "items", "knows", "read", "walk"]

#: Suffix -> the function that reads it, as "module:function". Other suffixes are read as text when named.
READERS: dict[str, str] = {
    ".txt": "tagger.readers.text:documents",
    ".text": "tagger.readers.text:documents",
    ".md": "tagger.readers.text:documents",
    ".markdown": "tagger.readers.text:documents",
    ".html": "tagger.readers.html:documents",
    ".htm": "tagger.readers.html:documents",
    ".xhtml": "tagger.readers.html:documents",
    ".jsonl": "tagger.readers.lines:documents",
    ".ndjson": "tagger.readers.lines:documents",
    ".csv": "tagger.readers.table:documents",
    ".tsv": "tagger.readers.table:documents",
    ".pdf": "tagger.readers.pdf:documents",
    ".docx": "tagger.readers.docx:documents",
}

#: Suffixes of files that hold many articles, one a record.
RECORDS = frozenset({".jsonl", ".ndjson", ".csv", ".tsv"})

#: Largest file, or record, that is read.
MAX_BYTES = 20_000_000

#: Most lines of an article. Each costs 40 us and 2 KB to tag, and a megabyte can hold half a million.
MAX_LINES = 100_000
_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def knows(path: str | PathLike[str]) -> bool:
    """Whether the suffix (under ``.gz`` or ``.zst``) is one of `READERS`."""
    return Source(path).suffix in READERS


def read(
    path: str | PathLike[str], *, text_field: str = "text", max_bytes: int = MAX_BYTES, time_limit: float = 20.0
) -> Iterator[Document]:
    """Yield the documents of a file, of ``-`` (standard input): one, or one a record.

    Args:
        path: a file; ``.gz`` and ``.zst`` are decompressed.
        text_field: field or column with the text, in JSON lines, CSV and TSV.
        max_bytes: largest file, decompressed; for files of records, largest record.
        time_limit: seconds that extracting the text of one HTML, PDF or DOCX file may take.

    Raises:
        InputError: at the first file or record that cannot be read; ``code`` says why.
        MissingExtraError: the format needs a package that is not installed.

    """
    for item in items(path, text_field=text_field, max_bytes=max_bytes, time_limit=time_limit):
        if isinstance(item, InputError):
            raise item
        yield item


def items(
    path: str | PathLike[str], *, text_field: str = "text", max_bytes: int = MAX_BYTES, time_limit: float = 20.0
) -> Iterator[Document | InputError]:
    """Yield documents like `read`, and in their places the errors of records that cannot be read."""
    source = Source(path)
    if source.suffix == ".json":
        hint = "Put one article on each line of a .jsonl file."
        yield InputError("JSON is read as JSON lines.", where=source.where, hint=hint, code="format")
        return
    options = Options(text_field, max_bytes, time_limit)
    suffix = source.suffix if source.name != "-" else source.guessed(options)
    try:
        for item in _reader(READERS.get(suffix, READERS[".txt"]))(source, options):
            yield _bounded(item)
    except InputError as error:
        yield error


@functools.cache
def _reader(place: str) -> Reader:
    module, _, function = place.partition(":")
    return cast("Reader", getattr(importlib.import_module(module), function))


def _bounded(item: Document | InputError) -> Document | InputError:
    """Return an error in place of a text that is no article but a table or a list of words."""
    if isinstance(item, InputError) or len(item.text) < MAX_LINES:
        return item
    if sum(map(item.text.count, _BREAKS)) < MAX_LINES:
        return item
    return InputError(
        f"more than {MAX_LINES:,} lines.",
        where=item.path or "<stdin>",
        hint="Cut it into articles, or into records of a JSON lines file.",
        code="too-large",
    )
