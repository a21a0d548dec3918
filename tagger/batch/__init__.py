"""Batches: many articles in, JSON lines out, in order, whatever dies on the way.

>>> from tagger import batch
>>> summary = batch.run(["news/"], Path("out.jsonl"), batch.BatchOptions(jobs=4))  # doctest: +SKIP

The output grows under ``out.jsonl.partial`` beside a journal, and takes its name when all is done. After any
interruption the same call goes on behind the last part done. What is done must still be as it was (names, sizes and
times of the inputs, options, model); what is not done yet is read as it is now: so the result is, byte for byte, that
of a run which was never interrupted.
"""

from __future__ import annotations

import errno
import time
from collections import deque
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from tagger import compressed
from tagger._version import __version__
from tagger.batch import engines, journal, output, progress, work
from tagger.batch.options import BatchOptions, BatchSummary
from tagger.batch.parts import Inputs
from tagger.batch.rows import tag_texts
from tagger.batch.units import Result
from tagger.errors import InputError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.batch.parts import Part

__all__ = ["BatchOptions", "BatchSummary", "run", "tag_texts"]

#: Seconds between two waits for the disk: what a loss of power costs at most. A killed process loses nothing done.
SYNC_EVERY = 2.0

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def run(inputs: Sequence[str | Path], target: Path | None, options: BatchOptions) -> BatchSummary:
    """Tag files, folders and standard input; write JSON lines.

    Args:
        inputs: paths; "-" is standard input.
        target: where to write (".gz" and ".zst" are compressed); None or "-": standard output.
        options: see `BatchOptions`.

    Raises:
        TaggerError: nothing to tag; the output is in use by another run; an unfinished run does not fit; the disk is
            full (nothing is lost).
        ModelError: the model cannot be loaded.

    """
    begun = time.monotonic()
    files = None if output.is_stream(target) or target is None else output.Files(target, sharded=options.shard_size > 0)
    if files is None and options.shard_size:
        raise TaggerError("--shard-size needs a file to name the shards after.", hint="Add -o out.jsonl.")
    job = work.Job(
        model=options.model, text_field=options.text_field, max_bytes=options.max_bytes, explain=options.explain,
        all_scores=options.all_scores, time_limit=options.time_limit, module=options.module,
        compression=compressed.suffix_of(files.target) if files else "",
    )  # fmt: skip
    identity = work.load(job).tagger.identity
    job = replace(job, digest=identity["digest"])
    source = Inputs(
        tuple(str(path) for path in inputs), options.glob, options.exclude, options.text_field, options.max_bytes,
        files.is_ours if files else lambda _path: False,
    )  # fmt: skip
    summary = BatchSummary()
    if files is None:
        write, end = output.stream_to(target)
        with closing(_results(source.parts(), job, options, summary, progress.Meter(source))) as results:
            for _, result in results:
                write(result.lines)
        end()
    else:
        try:
            _to_files(files, source, job, options, identity, summary)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("The same command goes on where it stopped.") from None
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise TaggerError(
                f"{error.strerror}; nothing is lost.",
                where=str(target),
                hint="Free some space and give the same command again: it goes on where it stopped.",
            ) from None
    if not summary.done and not summary.failed:
        raise InputError("nothing to tag there.", where=", ".join(source.paths), code="empty")
    summary.seconds = time.monotonic() - begun
    return summary


def _to_files(
    files: output.Files,
    source: Inputs,
    job: work.Job,
    options: BatchOptions,
    identity: dict[str, str],
    summary: BatchSummary,
) -> None:
    """Write to files, going on with an earlier run where there is one."""
    head = {
        "journal": journal.FORMAT,
        "version": __version__,
        "inputs": list(source.paths),
        "model": identity,
        "options": {
            name: value if not isinstance(value, tuple) else list(value)
            for name, value in asdict(options).items()
            if name in {"glob", "exclude", "text_field", "max_bytes", "explain", "all_scores", "shard_size"}
        },
    }
    with ExitStack() as stack:
        _lock(files, stack)
        notes = journal.Journal(files.journal)
        stack.callback(notes.close)
        past = None if options.restart or "-" in source.paths else notes.past()
        if past is not None and not past.finished and next(notes.parts(), None) is None:
            past = None  # it was stopped before anything was done
        if past is not None:
            journal.compare(head, past.head, files.journal)
        about = {"model": identity, "version": __version__}
        parts = source.parts(options.shard_size)
        meter = progress.Meter(source)
        if past is not None and past.finished:
            for _, entry in notes.parts():
                summary.add(_counted(entry))
            summary.resumed = summary.done + summary.failed
        else:
            end = _skip_done(files, notes, past, parts, summary) if past is not None else None
            meter.skip(summary.resumed)
            if end is None:
                first = next(parts, None)
                if first is None:
                    return
                parts = _again(first, parts)
                files.begin()
                notes.begin(head)
            else:
                files.go_on()
                notes.go_on(end)
            stack.callback(files.leave)
            results = stack.enter_context(closing(_results(parts, job, options, summary, meter)))
            _grow(files, notes, results)
            past = journal.Past(head, files.closed, finished=True)
        files.publish(past.closed, about | {"done": summary.done, "failed": summary.failed_by_code})
        files.journal.unlink()


def _lock(files: output.Files, stack: ExitStack) -> None:
    from filelock import FileLock, Timeout  # noqa: PLC0415 - start-up

    lock = FileLock(files.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise TaggerError(
            "another run is writing it.", where=str(files.target), hint="Wait for it, or choose another -o."
        ) from None
    stack.callback(lock.release)
    stack.callback(files.lock.unlink, missing_ok=True)  # while it is still held: nobody can have it in between


def _skip_done(
    files: output.Files, notes: journal.Journal, past: journal.Past, parts: Iterator[Part], summary: BatchSummary
) -> int | None:
    """Pass over the parts that are done; return where the journal goes on."""
    offset = None
    for end, entry in files.check(notes.parts(), past.closed):
        part = next(parts, None)
        if part is None or part.signature != entry["inputs"]:
            raise TaggerError(
                f"inputs that were done have changed since ({_between(part)}).",
                where=str(files.journal),
                hint="Begin anew with --restart.",
            )
        summary.add(_counted(entry))
        offset = end
    summary.resumed = summary.done + summary.failed
    return offset


def _between(part: Part | None) -> str:
    if part is None:
        return "there are fewer now"
    names = [unit.get("path") or unit.get("document", {}).get("id") or "?" for unit in part.units]
    return f"changed, new or gone: one from {names[0]} to {names[-1]}"


def _counted(entry: dict[str, Any]) -> Result:
    return Result(b"", entry["lines"], entry["failed"], entry["unseen"])


def _grow(files: output.Files, notes: journal.Journal, results: Iterable[tuple[Part, Result]]) -> None:
    """Write results and note them, until all are done or something stops us."""
    synced = time.monotonic()
    for part, result in results:
        if closed := files.turn_to(part.shard):
            notes.append(closed)
        entry = files.write(result.lines, result.count)
        counts = {"failed": result.failed, "unseen": result.unseen}
        notes.append({"part": part.number, "inputs": part.signature, **entry, **counts})
        if time.monotonic() - synced > SYNC_EVERY:
            files.sync()
            notes.sync()
            synced = time.monotonic()
    notes.append(files.close_file())
    notes.append({"finished": True})
    notes.sync()


def _results(
    parts: Iterable[Part], job: work.Job, options: BatchOptions, summary: BatchSummary, meter: progress.Meter
) -> Generator[tuple[Part, Result], None, None]:
    """Yield parts with their results, in order, a bounded number of them in work."""
    window: deque[tuple[Part, Callable[[], Result]]] = deque()
    engine: engines.Engine | None = None

    def first() -> tuple[Part, Result]:
        part, wait = window.popleft()
        result = wait()
        summary.add(result)
        meter.update(summary.done + summary.failed)
        return part, result

    try:
        for part in parts:
            engine = engine or engines.opened(job, options.engine, options.jobs)
            window.append((part, engine.submit(part.units)))
            # One part in work and one waiting for each worker, and two that may run ahead of a slow one.
            if len(window) > 2 * engine.width + 2:
                yield first()
        while window:
            yield first()
    finally:
        meter.clear()
        if engine is not None:
            engine.close()


def _again(first: Part, rest: Iterator[Part]) -> Iterator[Part]:
    yield first
    yield from rest
