"""Compressed files by their suffix: ``.gz`` with the standard library, ``.zst`` with the extra ``zstd``."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from tagger.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

SUFFIXES = (".gz", ".zst")


def suffix_of(path: str | Path) -> str:
    """Return ".gz", ".zst" or "" (not compressed)."""
    # No Path: this is asked several times a file.
    name = os.fspath(path)[-4:].lower()
    return ".gz" if name.endswith(".gz") else ".zst" if name == ".zst" else ""


def plain_name(path: str | Path) -> str:
    """Return the name without the suffix of the compression: "a.jsonl.gz" -> "a.jsonl"."""
    name = os.fspath(path)
    return name[: len(name) - len(suffix_of(name))]


def open_read(path: str | Path) -> BinaryIO:
    """Open a file for reading bytes, decompressed on the fly; many members or frames read as one stream.

    Reading damaged data raises what :func:`told` turns into errors.
    """
    suffix = suffix_of(path)
    if suffix == ".gz":
        import gzip  # noqa: PLC0415 - start-up

        return cast("BinaryIO", gzip.open(path, "rb"))
    raw = Path(path).open("rb")  # noqa: SIM115 - the caller closes it
    return io.BufferedReader(_Zstd(raw), 1 << 16) if suffix == ".zst" else raw


class _Zstd(io.RawIOBase):
    """Frames of a .zst file as one stream. The package's own reader takes a file cut in a frame for whole."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._module = _zstandard()
        self._frame: Any = None
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            fed = self._frame.unused_data if self._frame is not None and self._frame.eof else b""
            fed = fed or self._raw.read(1 << 16)
            if not fed:
                if self._frame is not None and not self._frame.eof:
                    raise EOFError("the file ends inside a frame")
                return 0
            if self._frame is None or self._frame.eof:
                self._frame = self._module.ZstdDecompressor().decompressobj()
            self._ready = self._frame.decompress(fed)
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


def told(error: Exception, where: str) -> InputError | None:
    """Return damaged compressed data as an error of ours; None for any other exception."""
    # By name: gzip and zstandard are not loaded before they are needed, and ZstdError is a bare Exception.
    if isinstance(error, (EOFError, zlib.error)) or type(error).__name__ in {"BadGzipFile", "ZstdError"}:
        return InputError(f"damaged compressed data ({error}).", where=where, code="format")
    return None


def member(data: bytes, suffix: str) -> bytes:
    """Compress data as one whole gzip member or zstd frame; members may stand one after the other.

    The same data gives the same bytes: no time, no name.
    """
    if suffix == ".gz":
        import gzip  # noqa: PLC0415 - start-up

        return gzip.compress(data, 6, mtime=0)
    if suffix == ".zst":
        return cast("bytes", _zstandard().ZstdCompressor(level=6).compress(data))
    return data


def _zstandard() -> ModuleType:
    try:
        import zstandard  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("files ending in .zst need the package zstandard.", "zstd") from None
    return zstandard
