"""The inputs of a batch, in order, in parts of bounded size.

The order: inputs as they were given; inside a folder, files sorted by the bytes of their path below it (``a.txt``
before ``a/b.txt`` before ``b.txt``); inside a file of many articles, its own order. Where one part ends and the next
begins depends on the inputs and options alone, never on the number of workers: a resumed run finds the same parts.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagger import compressed, readers
from tagger.batch import units
from tagger.errors import InputError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagger.batch.units import Unit

#: Units and bytes of input of one part: some 20 ms of work, and what a worker holds in memory at a time.
MOST_UNITS = 64
MOST_BYTES = 4_000_000


@dataclass(slots=True)
class Part:
    """A run of units, with what must not change before a resumed run may take it for done."""

    number: int
    shard: int = 0
    units: list[Unit] = field(default_factory=list)
    size: int = 0  # bytes of input
    signature: str = ""  # digest of names, sizes and times of the files, or of the records


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where articles come from."""

    paths: tuple[str, ...]
    glob: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    text_field: str = "text"
    max_bytes: int = 20_000_000
    skip: Callable[[str], bool] = lambda _path: False  # our own output, when it stands among the inputs

    def files(self) -> Iterator[str | tuple[str, InputError]]:
        """Yield the paths to read, in order; a problem met on the way comes in its place, with its path."""
        for path in self.paths:
            if path == "-" or not os.path.isdir(path):  # noqa: PTH112 - names may hold any bytes
                yield path
                continue
            for found in readers.walk(path, self.glob, self.exclude):
                if isinstance(found, InputError):
                    yield found.where, found
                elif not self.skip(found):
                    yield found

    def units(self) -> Iterator[tuple[Unit, int, bytes]]:
        """Yield (unit, bytes, signature), one article each."""
        for found in self.files():
            if isinstance(found, tuple):
                path, error = found
                yield units.of_error(error, path), 0, _bytes(f"{path}\0{error}")
            elif is_many(found):
                yield from self._records(found)  # here, so that one file keeps all workers busy
            else:
                size, signature = _stat(found)
                if size is None:
                    yield from self._records(found)  # here, for a worker does not have our pipes
                else:
                    yield {"path": found}, size, signature

    def _records(self, path: str) -> Iterator[tuple[Unit, int, bytes]]:
        try:
            for item in readers.items(path, text_field=self.text_field, max_bytes=self.max_bytes):
                if isinstance(item, InputError):
                    yield units.of_error(item, path), 0, _bytes(str(item))
                else:
                    known = f"{path}\0{item.id}\0{item.title}\0{item.lang}\0{item.lead}\0{item.text}"
                    yield units.of_document(item), len(item.text), _bytes(known)
        except (TaggerError, OSError) as error:
            told = error if isinstance(error, TaggerError) else InputError(f"{error.strerror or error}.", where=path)
            yield units.of_error(told, path), 0, _bytes(str(told))

    def parts(self, shard_size: int = 0) -> Iterator[Part]:
        """Yield the parts in order; none reaches over the end of a shard of ``shard_size`` articles (0: no shards)."""
        part, digest, before = Part(0), hashlib.blake2b(digest_size=16), 0
        for unit, size, signature in self.units():
            full = len(part.units) == MOST_UNITS or (part.units and part.size + size > MOST_BYTES)
            shard_full = shard_size and before + len(part.units) == shard_size
            if part.units and (full or shard_full):
                part.signature = digest.hexdigest()
                yield part
                before = 0 if shard_full else before + len(part.units)
                part = Part(part.number + 1, part.shard + (1 if shard_full else 0))
                digest = hashlib.blake2b(digest_size=16)
            part.units.append(unit)
            part.size += size
            digest.update(len(signature).to_bytes(8, "little") + signature)
        if part.units:
            part.signature = digest.hexdigest()
            yield part


def is_many(path: str) -> bool:
    """Whether a file's format holds many articles."""
    return os.path.splitext(compressed.plain_name(path))[1].lower() in readers.RECORDS  # noqa: PTH122 - speed


def _stat(path: str) -> tuple[int | None, bytes]:
    """Return the size of a file, and what tells that it changed: its path, size and time of change.

    The size is None for standard input and the like of ``/dev/fd/63``.
    """
    if path == "-":
        return None, b""
    try:
        found = os.stat(path)  # noqa: PTH116 - a million Path objects are not free
    except (OSError, ValueError) as error:
        return 0, os.fsencode(f"{path}\0{getattr(error, 'errno', None)}")  # reading it tells what is wrong
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return None, b""
    return found.st_size, os.fsencode(path) + b"\0%d\0%d" % (found.st_size, found.st_mtime_ns)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
