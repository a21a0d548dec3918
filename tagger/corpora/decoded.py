"""Bytes of a labelled file -> text. It must be UTF-8: a guess here would teach the model wrong letters."""

from __future__ import annotations

import codecs
import contextlib
import io
from typing import TYPE_CHECKING, TextIO

from tagger import compressed
from tagger.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open a file, unpacked where it is compressed, as UTF-8, or UTF-16 where its first bytes say so (Excel).

    Raises:
        CorpusError: the file cannot be opened, unpacked or decoded, here or while it is read.

    """
    try:
        with compressed.open_read(path) as binary:
            encoding = "utf-16" if binary.read(2) in _UTF16 else "utf-8-sig"
        with compressed.open_read(path) as binary:
            yield io.TextIOWrapper(binary, encoding=encoding, newline="")
    except UnicodeDecodeError as error:
        raise _undecodable(path, error) from None
    except Exception as error:
        damaged = compressed.told(error, str(path))
        if damaged is not None:
            raise CorpusError(damaged.what, where=str(path)) from None
        if isinstance(error, OSError):
            raise CorpusError(f"cannot be read: {error.strerror or error}.", where=str(path)) from None
        raise


def read_text(path: Path, limit: int) -> str:
    """Return the whole text of a file, of at most ``limit`` characters.

    Raises:
        CorpusError: it cannot be read or decoded, or is longer.

    """
    with opened(path) as file:
        text = file.read(limit + 1)
    if len(text) > limit:
        raise CorpusError(f"longer than {limit:,} characters.", where=str(path), hint="One file is one article.")
    return text


def _undecodable(path: Path, error: UnicodeDecodeError) -> CorpusError:
    """Return the error for bytes that are not UTF-8, with the line of the first."""
    hint = "Save the file as UTF-8."
    if error.encoding != "utf-8":
        return CorpusError(f"not {error.encoding}: {error.reason}.", where=str(path), hint=hint)
    with compressed.open_read(path) as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError as first:
                what = f"byte 0x{line[first.start]:02x} at column {first.start + 1} is not UTF-8."
                return CorpusError(what, where=f"{path}:{number}", hint=hint)
    return CorpusError("not UTF-8.", where=str(path), hint=hint)
