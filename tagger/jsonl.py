r"""Read and write JSON lines.

A line is one JSON value in UTF-8, ended by ``\n`` alone (so that a bare ``\r``, U+0085 or U+2028 inside a
text does not break it). Blank lines are skipped and counted. ``-`` is standard input or output; ``.gz`` and
``.zst`` are (de)compressed. NaN and infinities are refused both ways: they are not JSON.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from tagger import compressed
from tagger.errors import InputError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Longest line read, in bytes: an article of 20 MB with all its characters escaped still fits.
LONGEST = 128 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_LONE = re.compile("[\ud800-\udfff]")


def read(source: str | Path, *, longest: int = LONGEST) -> Iterator[tuple[int, Any]]:
    """Yield (line number from 1, value); the first bad line raises.

    Raises:
        InputError: with ``path:line``; code "format", "encoding", "too-large", "missing" or "unreadable".

    """
    for number, value in rows(source, longest=longest):
        if isinstance(value, InputError):
            raise value
        yield number, value


def rows(source: str | Path, *, longest: int = LONGEST) -> Iterator[tuple[int, Any]]:
    """Yield (line number from 1, value or the InputError of that line); bad lines do not stop the rest.

    Raises:
        InputError: when the file itself cannot be opened or read on.

    """
    name = "<stdin>" if str(source) == "-" else str(source)
    number = 0
    try:
        with _opened(source) as stream:
            while raw := stream.readline(longest + 1):
                number += 1
                if len(raw) > longest:
                    while raw and not raw.endswith(b"\n"):
                        raw = stream.readline(longest)
                    yield (
                        number,
                        _problem(name, number, f"the line is longer than {longest:,} bytes.", "too-large"),
                    )
                    continue
                if number == 1:
                    raw = raw.removeprefix(_BOM)
                if raw.strip():
                    yield number, _value(raw, name, number)
    except FileNotFoundError:
        raise InputError("no such file.", where=name, code="missing") from None
    except Exception as error:
        # Whatever compression raises, told by one place; the rest goes on as it is.
        damaged = compressed.told(error, f"{name}:{number + 1}")
        if damaged is None:
            if not isinstance(error, OSError):
                raise
            damaged = InputError(f"{error.strerror or error}.", where=name, code="unreadable")
        raise damaged from None


def loads(text: str) -> Any:
    """Return the value of one line.

    Raises:
        ValueError: not JSON, not finite, or nested too deeply.

    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def line(value: Any) -> bytes:
    """Return a value as one line of bytes, with its end.

    A lone surrogate, which UTF-8 cannot hold, is written as its JSON escape, so that it reads back.

    Raises:
        TaggerError: the value holds a number that is not finite, or something JSON cannot say.

    """
    return encoded(text(value) + "\n")


def text(value: Any) -> str:
    """Return a value as JSON.

    Raises:
        TaggerError: the value holds a number that is not finite, or something JSON cannot say.

    """
    try:
        return _ENCODER.encode(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise TaggerError(f"cannot be written as JSON: {error}.") from None


def encoded(text: str) -> bytes:
    """Return JSON as bytes; a lone surrogate, which UTF-8 cannot hold, as its JSON escape."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _LONE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode("utf-8")


def write(target: str | Path, values: Iterable[Any]) -> int:
    """Write values as lines and return their number; a file appears whole or not at all."""
    suffix = compressed.suffix_of(target)
    count = 0
    with contextlib.ExitStack() as stack:
        stream = sys.stdout.buffer if str(target) == "-" else stack.enter_context(replacing(target))
        for value in values:
            stream.write(compressed.member(line(value), suffix))
            count += 1
        stream.flush()
    return count


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes the path's place when the block ends well, safe on the disk.

    A link is followed: what it points to is replaced. After an error the old file stands as it was.
    """
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    stream = fresh.open("wb")
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: str | Path) -> None:
    """Make renames inside a folder survive a loss of power, where the system can."""
    if os.name == "nt":
        return  # Windows opens no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems refuse; the rename itself has happened
    finally:
        os.close(handle)


def _opened(source: str | Path) -> contextlib.AbstractContextManager[BinaryIO]:
    if str(source) == "-":
        return contextlib.nullcontext(sys.stdin.buffer)
    return contextlib.closing(compressed.open_read(source))


def _value(raw: bytes, name: str, number: int) -> Any:
    try:
        return loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _problem(name, number, f"not UTF-8 (byte {error.start + 1} of the line).", "encoding")
    except json.JSONDecodeError as error:
        return _problem(name, number, f"not JSON: {error.msg} (column {error.colno}).")
    except ValueError as error:
        return _problem(name, number, f"not JSON: {error}.")


def _problem(name: str, number: int, what: str, code: str = "format") -> InputError:
    return InputError(what, where=f"{name}:{number}", code=code)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:20]} is too large for a number")
    return value


# Built once: json.dumps and json.loads build a new one a call as soon as an option is not the default.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
