"""The files a batch writes: ``.partial`` while they grow, their names when all is done.

One file, or shards ``out-00000.jsonl``, ``out-00001.jsonl`` ... with ``out-manifest.json``, which appears last.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from tagger import compressed, jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Entry = dict[str, Any]

PARTIAL = ".partial"


def write_all(stream: Any, data: bytes) -> None:
    """Write all bytes to an unbuffered file; a disk that fills up raises and leaves nothing to be flushed later."""
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


def digest(lines: bytes) -> str:
    """Return what tells whether lines on the disk are those that were written."""
    return hashlib.blake2b(lines, digest_size=16).hexdigest()


class Files:
    """The growing files of a batch."""

    def __init__(self, target: Path, *, sharded: bool) -> None:
        self.target = Path(os.path.realpath(target))
        self.sharded = sharded
        self.shard = 0
        self.end = 0
        self.lines = 0
        self.closed: dict[int, Entry] = {}
        self._sha256 = hashlib.sha256()
        self._stream: Any = None
        end = compressed.suffix_of(self.target)
        self._suffix = Path(compressed.plain_name(self.target)).suffix + end
        self._stem = self.target.name.removesuffix(self._suffix)
        numbers = r"(-\d{5,})?" if sharded else ""
        self._own = re.compile(
            rf"{re.escape(self._stem)}{numbers}{re.escape(self._suffix)}(\.partial|\.journal|\.lock)?"
            rf"|{re.escape(self.manifest.name)}"
        )

    def name(self, shard: int) -> Path:
        """Return the final name of a shard, or of the one file."""
        return self._beside(f"-{shard:05d}") if self.sharded else self.target

    @property
    def manifest(self) -> Path:
        """Return where the manifest of the shards stands."""
        return Path(compressed.plain_name(self._beside("-manifest"))).with_suffix(".json")

    @property
    def journal(self) -> Path:
        """Return where the journal stands."""
        return self.target.with_name(f"{self.target.name}.journal")

    @property
    def lock(self) -> Path:
        """Return where the lock stands."""
        return self.target.with_name(f"{self.target.name}.lock")

    def is_ours(self, path: str) -> bool:
        """Whether an input is something this batch writes (or an earlier one with the same ``-o``)."""
        folder, name = os.path.split(path)
        return self._own.fullmatch(name) is not None and os.path.realpath(folder or ".") == str(self.target.parent)

    def begin(self) -> None:
        """Open the first file, empty; what an abandoned run left goes."""
        shard = 0
        while self.sharded and self._growing(shard).exists():
            self._growing(shard).unlink()
            shard += 1
        self._open(0, 0, 0)

    def check(self, entries: Iterator[tuple[int, Entry]], closed: dict[int, Entry]) -> Iterator[tuple[int, Entry]]:
        """Yield the entries of the journal as long as the lines they tell of are on the disk.

        Closed files are believed by their size; the lines of the open one are read and compared.
        """
        good = {shard: entry for shard, entry in closed.items() if _size(self._growing(shard)) == entry["bytes"]}
        stream: BinaryIO | None = None
        try:
            for end, entry in entries:
                shard = entry["shard"]
                if shard != self.shard:
                    if self.shard not in good:
                        return
                    self.closed[self.shard] = good[self.shard]
                    _close(stream)
                    self.shard, self.end, self.lines, stream = shard, 0, 0, None
                if shard not in good:
                    stream = stream or self._reader(shard)
                    lines = stream.read(entry["end"] - self.end) if stream else b""
                    if digest(lines) != entry["output"]:
                        return
                self.end, self.lines = entry["end"], self.lines + entry["lines"]
                yield end, entry
        finally:
            _close(stream)

    def go_on(self) -> None:
        """Open the file that was growing, cut behind the last good line."""
        self._open(self.shard, self.end, self.lines)

    def turn_to(self, shard: int) -> Entry | None:
        """Make a shard the growing one; return the journal's entry of the one before, now whole."""
        if shard == self.shard:
            return None
        entry = self.close_file()
        self._open(shard, 0, 0)
        return entry

    def write(self, lines: bytes, count: int) -> Entry:
        """Append the lines of a part and return what the journal notes of it."""
        write_all(self._stream, lines)
        self._sha256.update(lines)
        self.end += len(lines)
        self.lines += count
        return {"shard": self.shard, "end": self.end, "lines": count, "output": digest(lines)}

    def sync(self) -> None:
        """Wait until the lines are on the disk."""
        os.fsync(self._stream.fileno())

    def close_file(self) -> Entry:
        """Close the growing file for good; return the journal's entry."""
        self.sync()
        self._stream.close()
        entry = {"closed": self.shard, "lines": self.lines, "bytes": self.end, "sha256": self._sha256.hexdigest()}
        self.closed[self.shard] = entry
        return entry

    def leave(self) -> None:
        """Close the growing file to go on with it another time."""
        if self._stream is not None:
            self._stream.close()

    def publish(self, closed: dict[int, Entry], about: Entry) -> None:
        """Give the files their names; what is done already is not done again."""
        for shard in sorted(closed):
            if self._growing(shard).exists():
                self._growing(shard).replace(self.name(shard))
        if self.sharded:
            names = [self.name(shard).name for shard in sorted(closed)]
            for stale in self._listed():
                if stale not in names:
                    self.target.with_name(stale).unlink(missing_ok=True)
            rows = [
                {"path": name, **{key: closed[i][key] for key in ("lines", "bytes", "sha256")}}
                for i, name in enumerate(names)
            ]
            with jsonl.replacing(self.manifest) as stream:
                told = json.dumps({"schema": 1, **about, "shards": rows}, ensure_ascii=False, indent=1)
                stream.write(jsonl.encoded(told) + b"\n")
        jsonl.sync_folder(self.target.parent)

    def _listed(self) -> list[str]:
        """Return the shards of an earlier manifest, by names that can only be shards of ours."""
        try:
            rows = json.loads(self.manifest.read_bytes())["shards"]
            names = [str(row["path"]) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            return []
        return [name for name in names if self.is_ours(str(self.target.with_name(name)))]

    def _beside(self, mark: str) -> Path:
        return self.target.with_name(f"{self._stem}{mark}{self._suffix}")

    def _growing(self, shard: int) -> Path:
        name = self.name(shard)
        return name.with_name(name.name + PARTIAL)

    def _reader(self, shard: int) -> BinaryIO | None:
        try:
            return self._growing(shard).open("rb")
        except FileNotFoundError:
            return None

    def _open(self, shard: int, end: int, lines: int) -> None:
        path = self._growing(shard)
        self._sha256 = hashlib.sha256()
        if end:
            with path.open("rb") as stream:
                left = end
                while left:
                    block = stream.read(min(left, 1 << 20))
                    self._sha256.update(block)
                    left -= len(block)
        self._stream = path.open("r+b" if end else "wb", buffering=0)
        self._stream.truncate(end)
        self._stream.seek(end)
        self.shard, self.end, self.lines = shard, end, lines


def stream_to(target: Path | None) -> tuple[Callable[[bytes], None], Callable[[], None]]:
    """Return how to write to standard output, or to a target that is no file (a pipe, /dev/null), and how to end."""
    if target is None or str(target) == "-":
        stream: BinaryIO = sys.stdout.buffer
        end: Callable[[], None] = stream.flush
    else:
        stream = target.open("wb")
        end = stream.close

    def write(lines: bytes) -> None:
        stream.write(lines)
        stream.flush()

    return write, end


def is_stream(target: Path | None) -> bool:
    """Whether a target is standard output or something that is no regular file and must not be replaced."""
    return target is None or str(target) == "-" or (target.exists() and not target.is_file())


def _close(stream: BinaryIO | None) -> None:
    if stream is not None:
        stream.close()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
