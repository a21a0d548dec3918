"""The journal of a batch: which parts are done, so that the same command goes on after any kind of death.

JSON lines beside the output: a head (inputs, options, model), then one entry a part with the digest of its inputs and
of its lines; ``{"closed"}`` when an output file is whole, ``{"finished"}`` when all are. A torn last line is no entry.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger import jsonl
from tagger.batch.output import write_all
from tagger.errors import TaggerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1

Entry = dict[str, Any]


@dataclass(slots=True)
class Past:
    """What an earlier run left: its head and the files it had closed."""

    head: Entry
    closed: dict[int, Entry]  # number of the output file -> {"lines", "bytes", "sha256"}
    finished: bool


class Journal:
    """A journal file, open for appending once `begin` or `go_on` was called."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: Any = None

    def past(self) -> Past | None:
        """Return what an earlier run left, or None when there is nothing to go on from."""
        past = None
        for _, entry in self._entries():
            if past is None:
                if "journal" not in entry:
                    return None
                past = Past(entry, {}, finished=False)
            elif "closed" in entry:
                past.closed[entry["closed"]] = entry
            elif "finished" in entry:
                past.finished = True
        return past

    def parts(self) -> Iterator[tuple[int, Entry]]:
        """Yield (offset in the journal behind the entry, entry) of the parts done."""
        return ((end, entry) for end, entry in self._entries() if "part" in entry)

    def begin(self, head: Entry) -> None:
        """Start a new journal."""
        self.close()
        self._stream = self.path.open("wb", buffering=0)
        self.append(head)
        self.sync()
        jsonl.sync_folder(self.path.parent)

    def go_on(self, end: int | None = None) -> None:
        """Append to the journal, cut at an offset (None: behind its head)."""
        if end is None:
            end = next(offset for offset, _ in self._entries())
        self._stream = self.path.open("r+b", buffering=0)
        self._stream.truncate(end)
        self._stream.seek(end)

    def append(self, entry: Entry) -> None:
        """Write an entry; it survives the death of the process, and after `sync` that of the machine."""
        write_all(self._stream, jsonl.line(entry))

    def sync(self) -> None:
        """Wait until the entries are on the disk."""
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _entries(self) -> Iterator[tuple[int, Entry]]:
        """Yield (offset behind the line, entry), up to the first line that is torn."""
        end = 0
        try:
            stream = self.path.open("rb")
        except FileNotFoundError:
            return
        with stream:
            for raw in stream:
                try:
                    entry = json.loads(raw)
                except ValueError:
                    return
                if not raw.endswith(b"\n") or not isinstance(entry, dict):
                    return
                end += len(raw)
                yield end, entry


def compare(head: Entry, past: Entry, where: Path) -> None:
    """Refuse to go on with a run that began with something else.

    Raises:
        TaggerError: naming the first thing that differs.

    """
    hint = "Give the same, or begin anew with --restart."
    if past["journal"] != FORMAT:
        raise TaggerError("the unfinished run is of another format.", where=str(where), hint="Use --restart.")
    for key, name in (("version", "version of tagger"), ("inputs", "inputs"), ("model", "model")):
        if head[key] != past.get(key):
            then, now = (_short(value) for value in (past.get(key), head[key]))
            raise TaggerError(f"the unfinished run had another {name}: {then}, now {now}.", where=str(where), hint=hint)
    options, before = head["options"], past.get("options", {})
    for key in options:
        if options[key] != before.get(key):
            raise TaggerError(
                f"the unfinished run had another --{key.replace('_', '-')}: "
                f"{_short(before.get(key))}, now {_short(options[key])}.",
                where=str(where),
                hint=hint,
            )


def _short(value: Any) -> str:
    text = jsonl.line(value).decode().strip()
    return text if len(text) < 80 else f"{text[:76]} ..."
