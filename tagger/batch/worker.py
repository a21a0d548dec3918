r"""A worker process: jobs and units come in as JSON, lines go out.

Messages on standard input and output: one line of JSON, then as many bytes as it says. No pickles: neither side can
make the other run code. Started with ``python -P -c``, so that no file of the present folder can pass for a module.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tagger.batch.units import Result, Unit
    from tagger.batch.work import Job

#: Most private memory of a worker: a file that unpacks to more fails alone, and the machine lives on.
MOST_MEMORY = 4 << 30


def main() -> None:
    """Serve until standard input ends, which it does when the parent does, however that died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    source = sys.stdin.buffer
    # What libraries print must not mix with the lines.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    from tagger.batch import work  # noqa: PLC0415 - after the limits
    from tagger.errors import TaggerError  # noqa: PLC0415

    job = work.Job(**json.loads(source.readline()))
    while head := source.readline():
        try:
            result = work.tag_part(job, json.loads(head))
        except TaggerError as error:
            told = {"kind": type(error).__name__, "what": error.what, "where": error.where, "hint": error.hint}
            answer: dict[str, Any] = {"stop": told}
            lines = b""
        else:
            answer, lines = asdict(result) | {"lines": len(result.lines)}, result.lines
        target.write(json.dumps(answer).encode() + b"\n")
        target.write(lines)
        target.flush()


def ask(stream_in: IO[bytes], stream_out: IO[bytes], units: list[Unit]) -> Result:
    """Send units to a worker and wait for its lines (the parent's side).

    Raises:
        EOFError, OSError: the worker died.
        ModelError: it cannot work with the model.

    """
    from tagger import errors  # noqa: PLC0415
    from tagger.batch.units import Result  # noqa: PLC0415

    stream_in.write(json.dumps(units).encode() + b"\n")
    stream_in.flush()
    head = stream_out.readline()
    if not head.endswith(b"\n"):
        raise EOFError
    answer = json.loads(head)
    if stop := answer.get("stop"):
        raise getattr(errors, stop["kind"], errors.ModelError)(stop["what"], where=stop["where"], hint=stop["hint"])
    lines = stream_out.read(answer["lines"])
    if len(lines) != answer["lines"]:
        raise EOFError
    return Result(**answer | {"lines": lines})


def command(job: Job) -> tuple[list[str], bytes, dict[str, str]]:
    """Return what starts a worker: the arguments, its first line, its environment."""
    from tagger.batch.limits import WORKER  # noqa: PLC0415

    code = f"import sys; sys.path[:] = {[p for p in sys.path if p]!r}; from tagger.batch.worker import main; main()"
    # One thread a worker for the numeric libraries: the workers themselves use the cores.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {**os.environ, **threads, WORKER: "1"}
    return [sys.executable, "-P", "-c", code], json.dumps(asdict(job)).encode() + b"\n", environment


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
