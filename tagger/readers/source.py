"""A file to read: its bytes, within bounds, decompressed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from tagger import compressed
from tagger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """What a reader is told."""

    text_field: str = "text"
    max_bytes: int = 20_000_000
    time_limit: float = 20.0


class Source:
    """A path, or ``-`` for standard input."""

    __slots__ = ("_peeked", "name", "suffix", "where")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = os.fspath(path)
        self.where = "<stdin>" if self.name == "-" else self.name
        plain = compressed.plain_name(self.name)
        self.suffix = os.path.splitext(plain)[1].lower()  # noqa: PTH122 - names may hold any bytes
        self._peeked: bytes | None = None

    @property
    def id(self) -> str:
        """The file's name without folders and suffixes."""
        if self.name == "-":
            return "-"
        base = os.path.basename(compressed.plain_name(self.name))  # noqa: PTH119
        return os.path.splitext(base)[0] or base  # noqa: PTH122

    @property
    def path(self) -> str | None:
        """The path as it was given; None for standard input."""
        return None if self.name == "-" else self.name

    def guessed(self, options: Options) -> str:
        """Return the suffix that standard input would have, by its first bytes."""
        with self.open() as stream:
            start = stream.read(options.max_bytes + 1)
        self._peeked = start
        head = start[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
        if head.startswith(b"%PDF-"):
            return ".pdf"
        if head[:14].lower().startswith((b"<!doctype html", b"<html")):
            return ".html"
        line = start.lstrip().partition(b"\n")[0].rstrip()
        if line.startswith(b"{") and line.endswith(b"}"):
            import json  # noqa: PLC0415 - only when it looks like JSON

            with contextlib.suppress(ValueError, RecursionError):
                json.loads(line)
                return ".jsonl"
        return ".txt"

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Give the decompressed bytes as a stream; what goes wrong becomes an `InputError`."""
        if self._peeked is not None:
            import io  # noqa: PLC0415 - standard input only

            # What was looked at, and then the rest of a long stream of records.
            yield io.BufferedReader(_Chained(self._peeked, sys.stdin.buffer))  # type: ignore[type-var]
            return
        if self.name == "-":
            yield sys.stdin.buffer
            return
        self._named()
        try:
            if stat.S_ISDIR(os.stat(self.name).st_mode):  # noqa: PTH116
                raise IsADirectoryError(errno.EISDIR, "is a folder, not a file")  # noqa: TRY301 - told below
            with compressed.open_read(self.name) as stream:
                yield stream
        except Exception as error:  # noqa: BLE001 - compression raises its own
            raise self._told(error) from None

    def _plain(self, most: int) -> bytes:
        """Return at most so many bytes of a file that is not compressed.

        Unbuffered, and by the file's size: a buffered reader sets aside all that it is allowed to read.
        """
        self._named()
        try:
            with open(self.name, "rb", buffering=0) as stream:  # noqa: PTH123 - names may hold any bytes
                data = stream.read(min(os.fstat(stream.fileno()).st_size + 1, most)) or b""
                if 0 < len(data) < most:  # pipes, files that grow, /proc
                    rest = [data]
                    while (size := most - sum(map(len, rest))) and (more := stream.read(min(size, 1 << 20))):
                        rest.append(more)
                    data = b"".join(rest) if len(rest) > 1 else data
        except OSError as error:
            folder = os.path.isdir(self.name)  # noqa: PTH112
            told = IsADirectoryError(errno.EISDIR, "is a folder, not a file") if folder else error
            raise self._told(told) from None
        return data

    def _named(self) -> None:
        """Refuse what no file can be called."""
        if not self.name or "\0" in self.name:
            raise InputError("no such file.", where=repr(self.name), code="missing")

    def _told(self, error: Exception) -> Exception:
        """Return an error of the file system or of compressed data as ours; any other as it is."""
        damaged = compressed.told(error, self.where)
        if damaged is not None or not isinstance(error, OSError):
            return damaged or error
        if error.errno == errno.ENOENT:
            return InputError("no such file.", where=self.where, code="missing")
        if error.errno == errno.ELOOP:
            return InputError("the link leads back to itself.", where=self.where, code="link-loop")
        return InputError(f"{error.strerror or error}.", where=self.where, code="unreadable")

    def data(self, options: Options) -> bytes:
        """Return all bytes.

        Raises:
            InputError: missing, unreadable, too large (also when only the decompressed bytes are), or empty.

        """
        if self.name == "-" or self._peeked is not None or compressed.suffix_of(self.name):
            with self.open() as stream:
                data = stream.read(options.max_bytes + 1)
        else:
            data = self._plain(options.max_bytes + 1)
        if len(data) > options.max_bytes:
            raise InputError(
                f"larger than {options.max_bytes:,} bytes.",
                where=self.where,
                hint="Raise --max-bytes to read it.",
                code="too-large",
            )
        if not data:
            raise InputError("the file is empty.", where=self.where, code="empty")
        return data

    def digest(self, data: bytes) -> str:
        """Return the SHA-256 of the file's bytes as they lie on the disk; ``data`` are the decompressed ones."""
        if self.name != "-" and compressed.suffix_of(self.name):
            with contextlib.suppress(OSError):
                data = Path(self.name).read_bytes()
        return sha256(data)


def sha256(data: bytes) -> str:
    """Return the digest in hexadecimal."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL

    return hashlib.sha256(data).hexdigest()


class _Chained:
    """Bytes read ahead, then the stream they came from."""

    def __init__(self, ahead: bytes, rest: BinaryIO) -> None:
        self._ahead = ahead
        self._rest = rest
        self.closed = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        chunk = self._ahead[: len(buffer)] or self._rest.read(len(buffer))
        self._ahead = self._ahead[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self.closed = True

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return False

    def flush(self) -> None:
        pass
