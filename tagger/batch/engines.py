"""Where parts are worked on: here, in worker processes, or on a Dask cluster. Each gives the same bytes.

Processes, not threads: the C kernel lets go of the interpreter, but reading, cleaning and JSON are the larger share
and hold it (docs/scale.md has the figures). And a process that dies takes one file with it, not the batch. joblib's
process pool ends as a whole when a worker dies and does not tell which task did it; hence this small one, in which
each worker has one part at a time.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from tagger import compressed
from tagger.batch import limits, units, work, worker
from tagger.errors import MissingExtraError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.batch.units import Result, Unit


#: How long to wait for the scheduler of a cluster.
CONNECT_SECONDS = 10.0


class Engine(Protocol):
    """Takes parts and gives their results, in any order, each when asked."""

    width: int  # parts worked on at a time

    def submit(self, part: list[Unit]) -> Callable[[], Result]:
        """Begin to work on a part; the returned function waits for its result."""

    def close(self) -> None:
        """Let go of the workers, and of parts not finished."""


def cores() -> int:
    """Return the number of cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def opened(job: work.Job, engine: str | None, jobs: int) -> Engine:
    """Return the engine of ``--engine`` and ``--jobs`` (0: one a core).

    Raises:
        TaggerError: the engine is unknown, or cannot be reached.

    """
    if engine is None or engine == "processes":
        return Processes(job, jobs if jobs > 0 else cores())
    if engine == "here":
        return Here(job)
    if engine == "threads":
        return Threads(job, jobs if jobs > 0 else cores())
    if engine.startswith("dask://"):
        return Dask(job, engine.removeprefix("dask://"))
    raise TaggerError(f"unknown engine '{engine}'.", hint="Known: dask://HOST:PORT, processes, threads, here.")


class Here:
    """The present process, one part after the other."""

    width = 1

    def __init__(self, job: work.Job) -> None:
        self.job = job

    def submit(self, part: list[Unit]) -> Callable[[], Result]:
        """Work on the part when its result is asked for."""
        return lambda: work.tag_part(self.job, part)

    def close(self) -> None:
        """Nothing is held."""


class Threads:
    """Threads of this process; no time limits and no protection against crashes. For measuring."""

    def __init__(self, job: work.Job, jobs: int) -> None:
        self.job, self.width = job, jobs
        self._pool = ThreadPoolExecutor(jobs)

    def submit(self, part: list[Unit]) -> Callable[[], Result]:
        """Queue the part."""
        return self._pool.submit(work.tag_part, self.job, part).result

    def close(self) -> None:
        """Wait for the parts in work."""
        self._pool.shutdown(cancel_futures=True)


class Processes:
    """Worker processes of this machine, each led by a thread that only waits.

    A part whose worker dies is tried again unit by unit in a fresh worker; the unit that ends that one too gets an
    error row.
    """

    def __init__(self, job: work.Job, jobs: int) -> None:
        # Workers send plain lines: packed here, the bytes are the same when a part had to be done unit by unit.
        self.job, self.width = replace(job, compression=""), jobs
        self._compression = job.compression
        self._own = threading.local()
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[bytes]] = []
        self._closed = False
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="tagger-worker")

    def submit(self, part: list[Unit]) -> Callable[[], Result]:
        """Queue the part."""
        future: Future[Result] = self._pool.submit(self._run, part)
        return future.result

    def close(self) -> None:
        """End the workers, in the middle of a part if need be: parts can be done again."""
        with self._lock:
            self._closed = True
            started = self._started[:]
        for process in started:
            process.kill()
        self._pool.shutdown(cancel_futures=True)
        for process in started:
            self._buried(process)

    def _run(self, part: list[Unit]) -> Result:
        result, _ = self._ask(part)
        if result is None:
            result = units.Result()
            for unit in part:
                result.add(self._one(unit))
        result.lines = compressed.member(result.lines, self._compression)
        return result

    def _one(self, unit: Unit) -> Result:
        """Try a unit alone, twice: a worker may also be ended from outside."""
        for _ in range(2):
            result, returncode = self._ask([unit])
            if result is not None:
                return result
            if returncode == limits.OUT_OF_TIME:
                break
        return units.crashed(unit, returncode)

    def _ask(self, part: list[Unit]) -> tuple[Result | None, int | None]:
        """Return the result, or None and how the worker died."""
        process = self._worker()
        assert process.stdin is not None  # noqa: S101 - pipes were asked for
        assert process.stdout is not None  # noqa: S101
        try:
            return worker.ask(process.stdin, process.stdout, part), None
        except (EOFError, OSError, ValueError):
            self._own.process = None
            return None, self._buried(process)

    def _worker(self) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] | None = getattr(self._own, "process", None)
        if process is None:
            with self._lock:
                if self._closed:
                    raise TaggerError("the batch was stopped.")
                process = self._own.process = self._start()
                self._started.append(process)
        return process

    def _start(self) -> subprocess.Popen[bytes]:
        arguments, first, environment = worker.command(self.job)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # errors come as rows; parsers are noisy
            env=environment,
        )
        assert process.stdin is not None  # noqa: S101
        process.stdin.write(first)
        return process

    def _buried(self, process: subprocess.Popen[bytes]) -> int:
        process.kill()
        returncode = process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not sent is of no use any more
                    stream.close()
        with self._lock:
            if process in self._started:
                self._started.remove(process)
        return returncode


class Dask:
    """A Dask cluster that sees the inputs and the model under the same paths.

    The scheduler gives the parts of a worker that was lost to another one. A part that ended several workers is
    tried unit by unit.
    """

    def __init__(self, job: work.Job, address: str) -> None:
        try:
            from distributed import Client, KilledWorker  # noqa: PLC0415 - an extra
        except ImportError:
            raise MissingExtraError("--engine dask://HOST:PORT needs the package distributed.", "dask") from None
        # Workers have another present folder: paths are sent whole, and shown as they were given.
        at_path = job.model is not None and os.path.isdir(job.model)  # noqa: PTH112 - a name or a path
        self.job = replace(job, model=os.path.abspath(job.model)) if at_path and job.model else job  # noqa: PTH100
        self._killed = KilledWorker
        connect: Any = Client
        try:
            self._client = connect(f"tcp://{address}", timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            hint = "Is its scheduler running there?"
            raise TaggerError(f"no Dask cluster answers ({error}).", where=address, hint=hint) from None
        self.width = max(1, sum(self._client.nthreads().values()))

    def submit(self, part: list[Unit]) -> Callable[[], Result]:
        """Send the part to the cluster."""
        future = self._send(part)

        def wait() -> Result:
            try:
                return _got(future)
            except self._killed:
                whole = units.Result()
                for unit in part:
                    whole.add(self._one(unit))
                whole.lines = compressed.member(whole.lines, self.job.compression)
                return whole

        return wait

    def close(self) -> None:
        """Leave the cluster; it forgets what was not finished."""
        self._client.close()

    def _one(self, unit: Unit) -> Result:
        try:
            return _got(self._send([unit], replace(self.job, compression="")))
        except self._killed:
            return units.crashed(unit, None)

    def _send(self, part: list[Unit], job: work.Job | None = None) -> Any:
        sent = [{**unit, "at": os.path.abspath(unit["path"])} if "path" in unit else unit for unit in part]  # noqa: PTH100
        return self._client.submit(work.tag_part, job or self.job, sent, pure=False)


def _got(future: Any) -> Result:
    result: Result = future.result()
    return result
