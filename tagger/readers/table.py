"""CSV and TSV: one article a row, its text in a column; the first row names the columns."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from tagger.errors import InputError
from tagger.readers.decoding import decode
from tagger.readers.lines import record
from tagger.readers.source import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.readers.source import Options, Source
    from tagger.records import Document

_SAMPLE = 1_000_000  # bytes by which the encoding is told


def documents(source: Source, options: Options) -> Iterator[Document | InputError]:
    """Yield the document, or the error, of each row."""
    with source.open() as stream:
        head = stream.read(_SAMPLE)
        if not head.strip():
            raise InputError("the file is empty.", where=source.where, code="empty")
        whole = head
        if len(head) == _SAMPLE and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            whole = head[: head.rfind(b"\n") + 1] or head  # not in the middle of a character
        _, encoding = decode(whole, source.where)
        rest = io.BufferedReader(_Rest(head, stream))
        text = io.TextIOWrapper(rest, encoding=encoding if encoding != "utf-8" else "utf-8-sig", newline="")
        try:
            yield from _rows(text, source, options)
        except UnicodeDecodeError as error:
            raise InputError(
                f"not {encoding} throughout ({error.reason}).", where=source.where, code="encoding"
            ) from None
        finally:
            text.detach()


def _rows(text: io.TextIOWrapper, source: Source, options: Options) -> Iterator[Document | InputError]:
    csv.field_size_limit(max(csv.field_size_limit(), options.max_bytes))
    first = text.readline(1_000_000)
    delimiter = "\t" if source.suffix == ".tsv" else max(",;\t", key=first.count)
    columns = [cell.strip().lstrip("\ufeff") for cell in next(csv.reader([first], delimiter=delimiter), [])]
    rows = csv.reader(text, delimiter=delimiter)
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(f"{error}.", where=f"{source.where}:{rows.line_num + 1}", code="format")
            return
        if not any(row):
            continue
        number += 1
        where = f"{source.where}:{rows.line_num + 1}"
        if sum(map(len, row)) > options.max_bytes:
            yield InputError(f"larger than {options.max_bytes:,} bytes.", where=where, code="too-large")
            continue
        digest = sha256(delimiter.join(row).encode("utf-8", "surrogatepass"))
        yield record(dict(zip(columns, row, strict=False)), number, where, source, options, digest)


class _Rest(io.RawIOBase):
    """What was read ahead, then the stream."""

    def __init__(self, ahead: bytes, stream: BinaryIO) -> None:
        self._ahead = ahead
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._ahead[: len(buffer)] or self._stream.read(len(buffer))
        self._ahead = self._ahead[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)
