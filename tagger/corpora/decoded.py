"""Bytes of a labelled file -> text. It must be UTF-8: a guess here would teach the model wrong letters."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from typing import IO, TYPE_CHECKING, TextIO, cast

from tagger.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: What reading and unpacking raise.
UNREADABLE = (OSError, EOFError, zlib.error)


def open_text(path: Path) -> TextIO:
    """Open a file, unpacked when it is ``.gz``, as UTF-8, or UTF-16 where a byte order mark says so (Excel).

    Raises:
        CorpusError: it cannot be opened.

    """
    try:
        binary = _binary(path)
        with binary:
            mark = binary.read(2)
        return io.TextIOWrapper(_binary(path), encoding="utf-16" if mark in _UTF16 else "utf-8-sig", newline="")
    except UNREADABLE as error:
        raise unreadable(path, error) from None


def read_text(path: Path, limit: int) -> str:
    """Return the whole text of a file, of at most ``limit`` characters.

    Raises:
        CorpusError: it cannot be read or decoded, or is longer.

    """
    with open_text(path) as file:
        try:
            text = file.read(limit + 1)
        except UnicodeDecodeError as error:
            raise undecodable(path, error) from None
        except UNREADABLE as error:
            raise unreadable(path, error) from None
    if len(text) > limit:
        raise CorpusError(f"longer than {limit:,} characters.", where=str(path), hint="One file is one article.")
    return text


def undecodable(path: Path, error: UnicodeDecodeError) -> CorpusError:
    """Return the error for bytes that are not UTF-8, with the line of the first."""
    try:
        with _binary(path) as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode()
                except UnicodeDecodeError as first:
                    what = f"byte 0x{line[first.start]:02x} at column {first.start + 1} is not UTF-8."
                    return CorpusError(what, where=f"{path}:{number}", hint="Save the file as UTF-8.")
    except UNREADABLE:
        pass
    return CorpusError(f"not {error.encoding}: {error.reason}.", where=str(path), hint="Save the file as UTF-8.")


def unreadable(path: Path, error: Exception) -> CorpusError:
    """Return the error for a file that cannot be opened or unpacked."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return CorpusError(f"cannot be read: {reason}.", where=str(path))


def _binary(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")
