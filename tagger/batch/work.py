"""One part of a batch: units in, lines out. The same call gives the same bytes, wherever it runs."""

from __future__ import annotations

import contextlib
import functools
import importlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tagger import compressed, readers
from tagger.batch.limits import TooSlowError, time_limit
from tagger.batch.units import Result, failure, is_odd, printable
from tagger.errors import InputError, ModelError, TaggerError
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tagger.batch.units import Unit


@dataclass(frozen=True, slots=True)
class Job:
    """What all parts of a batch share; plain values, so that it travels as JSON."""

    model: str | None = None
    digest: str = ""  # of the model the batch began with; "" takes any
    text_field: str = "text"
    max_bytes: int = 20_000_000
    explain: bool = False
    all_scores: bool = False
    time_limit: float = 30.0  # seconds to read one file, or to tag one that failed among others
    compression: str = ""  # ".gz" or ".zst": the lines of a part are one member
    module: str = "tagger.tag"  # where ``Tagger`` and ``line`` are; tests put their own


def tag_part(job: Job, units: Sequence[Unit]) -> Result:
    """Tag the units of one part; the lines come in the order of the units.

    Raises:
        ModelError: the model cannot be loaded, or is not the one the batch began with.

    """
    worker = load(job)
    try:
        result = _tag(worker, units)
    except (Exception, TooSlowError):  # noqa: BLE001 - one article must never end a batch: find it, one by one
        result = Result()
        for unit in units:
            result.add(_alone(worker, unit))
    result.lines = compressed.member(result.lines, job.compression)
    return result


@dataclass(frozen=True, slots=True)
class Worker:
    """A job with its model loaded."""

    job: Job
    tagger: Any
    line: Callable[[Any, dict[str, str]], bytes]


def load(job: Job) -> Worker:
    """Load the model of a job, once a process.

    Raises:
        ModelError: it cannot be loaded, or is not the one the batch began with.

    """
    module, tagger = _loaded(job.module, job.model)
    if job.digest and tagger.identity["digest"] != job.digest:
        raise ModelError(
            "the model was replaced while the batch ran.",
            where=str(job.model or "the default model"),
            hint="Put the old one back, or begin anew with --restart.",
        )
    return Worker(job, tagger, module.line)


@functools.lru_cache(maxsize=4)
def _loaded(module: str, model: str | None) -> tuple[Any, Any]:
    found = importlib.import_module(module)
    return found, found.Tagger.load(model)


def _alone(worker: Worker, unit: Unit) -> Result:
    try:
        return _tag(worker, [unit], alone=True)
    except TooSlowError:
        return failure(InputError(f"tagging took more than {worker.job.time_limit:g} s."), unit, "time-out")
    except MemoryError:
        return failure(InputError("tagging it needs too much memory."), unit, "too-large")
    except Exception as error:  # noqa: BLE001 - told in its row
        return failure(InputError(f"tagging failed: {type(error).__name__}: {error}."), unit, "internal")


def _tag(worker: Worker, units: Sequence[Unit], *, alone: bool = False) -> Result:
    """Tag units in one stream, so that the engine gets many texts a call; ``alone`` limits the tagging's time."""
    job = worker.job
    rows: list[Result | None] = []  # a failure, or None where the line of an article belongs

    def documents(items: Iterable[Document | Result]) -> Iterator[Document]:
        for item in items:
            if isinstance(item, Document):
                rows.append(None)
                yield item
            else:
                rows.append(item)

    items: Iterable[Document | Result] = (item for unit in units for item in _read(job, unit))
    if alone:
        items = list(items)  # limits do not nest: reading has its own
    result = Result()
    done: list[bytes] = []
    identity = worker.tagger.identity
    with time_limit(job.time_limit) if alone else contextlib.nullcontext():
        for tagged in worker.tagger.tag(documents(items), explain=job.explain, all_scores=job.all_scores):
            done.append(worker.line(tagged, identity))
            if not tagged.lang_seen:
                result.unseen[tagged.article.lang] = result.unseen.get(tagged.article.lang, 0) + 1
    lines = iter(done)
    parts = []
    for row in rows:
        parts.append(next(lines) if row is None else row.lines)
        if row is not None:
            result.add_counts(replace(row, count=0))
    result.lines, result.count = b"".join(parts), len(parts)
    return result


def _read(job: Job, unit: Unit) -> list[Document | Result]:  # noqa: PLR0911 - one for each way to fail
    """Return the documents of a unit, or the row of its failure."""
    if "error" in unit:
        told = unit["error"]
        error = InputError(told["what"], where=told["where"], hint=told["hint"], code=told["code"])
        return [failure(error, unit)]
    if "document" in unit:
        document = Document(**unit["document"])
        return [_shown(document, document.path)]
    path: str = unit.get("at") or unit["path"]
    try:
        # Plain text has no parser that could hang, and the timers cost a tenth of reading it.
        with _NO_LIMIT if path.endswith(".txt") else time_limit(job.time_limit):
            found = readers.items(
                path,
                text_field=job.text_field,
                max_bytes=job.max_bytes,
                time_limit=job.time_limit,
            )
            rows = [
                failure(item, unit) if isinstance(item, InputError) else _shown(item, unit["path"]) for item in found
            ]
            return rows or [failure(_NOTHING, unit)]
    except TooSlowError:
        return [failure(InputError(f"reading took more than {job.time_limit:g} s."), unit, "time-out")]
    except TaggerError as error:
        return [failure(error, unit)]
    except MemoryError:
        return [failure(InputError("reading it needs too much memory."), unit, "too-large")]
    except OSError as error:
        return [failure(InputError(f"{error.strerror or error}."), unit, "unreadable")]
    except Exception as error:  # noqa: BLE001 - parsers of foreign formats raise anything
        return [failure(InputError(f"parsing failed: {type(error).__name__}: {error}."), unit, "parse")]


_NO_LIMIT = contextlib.nullcontext()
_NOTHING = InputError("no article in it.", code="empty")


def _shown(document: Document, path: str | None) -> Document:
    """Return a document with its path as it was given, and names that UTF-8 can hold."""
    if path == document.path and (path is None or not is_odd(path)):
        return document
    return replace(document, path=printable(path) if path else path, id=printable(document.id))
