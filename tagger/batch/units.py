"""Units, what gives one line of output each, and the rows of those that failed.

A unit is a file (``{"path"}``; ``{"at"}`` is where a worker elsewhere finds it), a record of a file of many
(``{"document"}``) or a problem met before reading (``{"error"}``): plain JSON values, so that they travel alike to a
worker process or a cluster. Nothing of ours is pickled.
"""

from __future__ import annotations

import signal
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tagger import jsonl
from tagger.batch import limits
from tagger.errors import InputError, TaggerError

if TYPE_CHECKING:
    from tagger.records import Document

SCHEMA = 1

Unit = dict[str, Any]

#: Longest message of an error row: parsers quote whole documents.
_LONGEST_MESSAGE = 500


@dataclass(slots=True)
class Result:
    """The lines of some units and their counts."""

    lines: bytes = b""
    count: int = 0  # lines
    failed: dict[str, int] = field(default_factory=dict)  # error code -> lines
    unseen: dict[str, int] = field(default_factory=dict)  # language the model has not learned -> articles
    examples: dict[str, str] = field(default_factory=dict)  # error code -> the first path that failed so, and why

    def add(self, other: Result) -> None:
        """Append the lines and counts of another result."""
        self.lines += other.lines
        self.add_counts(other)

    def add_counts(self, other: Result) -> None:
        """Add the counts of another result, not its lines."""
        self.count += other.count
        self.examples = other.examples | self.examples
        for mine, theirs in ((self.failed, other.failed), (self.unseen, other.unseen)):
            for key, number in theirs.items():
                mine[key] = mine.get(key, 0) + number


def of_document(document: Document) -> Unit:
    """Return a document that was read already as a unit."""
    return {"document": asdict(document)}


def of_error(error: TaggerError, path: str | None) -> Unit:
    """Return a problem met before reading as a unit."""
    told: Unit = {"what": error.what, "where": error.where, "hint": error.hint, "path": path}
    return {"error": {**told, "code": getattr(error, "code", "unreadable")}}


def failure(error: TaggerError, unit: Unit, code: str | None = None) -> Result:
    """Return the row of a unit that failed: ``{"schema", "path", "error": {"code", "message"}}``."""
    kind = code or str(getattr(error, "code", "unreadable"))
    path = unit.get("path") or unit.get("document", {}).get("path") or unit.get("error", {}).get("path")
    row: Unit = {"schema": SCHEMA}
    name = unit.get("id") or unit.get("document", {}).get("id")
    if name is not None:
        row["id"] = printable(name)
    row["path"] = printable(path) if path else None
    message = printable(" ".join(f"{error.what} {error.hint}".split()))
    said: Unit = {"code": kind, "message": message[:_LONGEST_MESSAGE]}
    _, _, line = error.where.rpartition(":")
    if line.isdecimal() and error.where not in (path, unit.get("at")):
        said["line"] = int(line)
    return Result(
        jsonl.line({**row, "error": said}), 1, {kind: 1}, examples={kind: f"{row['path'] or '-'}: {said['message']}"}
    )


def crashed(unit: Unit, returncode: int | None) -> Result:
    """Return the row of a unit that ended the process which worked on it."""
    if returncode is not None and returncode == limits.OUT_OF_TIME:
        return failure(InputError("took too long and could not be interrupted."), unit, "time-out")
    return failure(InputError(f"ended the process that worked on it{_how(returncode)}."), unit, "crash")


def _how(returncode: int | None) -> str:
    if returncode is None:
        return ""
    if returncode >= 0:
        return f" (status {returncode})"
    try:
        return f" ({signal.Signals(-returncode).name})"
    except ValueError:
        return f" (signal {-returncode})"


def is_odd(name: str) -> bool:
    """Whether a file name holds bytes that are no UTF-8 (Python shows them as lone surrogates)."""
    return not name.isascii() and any("\ud800" <= c <= "\udfff" for c in name)


def printable(name: str) -> str:
    r"""Return a file name or message that UTF-8 can hold: bytes that are no UTF-8 show as ``\xff``."""
    if not is_odd(name):
        return name
    try:
        raw = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        raw = name.encode("utf-8", "surrogatepass")
    return raw.decode("utf-8", "backslashreplace")
