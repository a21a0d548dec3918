"""The files below a folder, in sorted order, links followed but never in circles."""

from __future__ import annotations

import errno
import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from tagger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def walk(
    folder: str | os.PathLike[str],
    glob: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    *,
    suffixes: frozenset[str] | None = None,
) -> Iterator[str | InputError]:
    """Yield the paths of readable files below a folder, sorted as their full paths sort.

    Hidden files and folders are left out, and so are suffixes that no reader knows, unless ``glob`` names them.

    Args:
        folder: where to begin.
        glob: patterns (any of them) of the name, or with a slash of the path below the folder, that a file must have.
        exclude: patterns of files and folders to leave out.
        suffixes: those to keep, in place of the readers' own.

    Yields:
        A path; or an `InputError` (link-loop, missing, unreadable) in the place of what cannot be entered.

    """
    root = os.fspath(folder)
    wanted = (glob,) if isinstance(glob, str) else tuple(glob)
    unwanted = (exclude,) if isinstance(exclude, str) else tuple(exclude)
    if suffixes is None:
        from tagger.readers import READERS  # noqa: PLC0415 - the table is above this module

        suffixes = frozenset(READERS)
    levels: list[_Level] = []
    level = _opened(root, "", levels)
    if isinstance(level, InputError):
        yield level
        return
    levels.append(level)
    while levels:  # no recursion: a tree may be deeper than Python's stack
        name, kind = next(levels[-1].entries, ("", None))
        if kind is None:
            levels.pop()
            continue
        inner = levels[-1].inner
        below = f"{inner}/{name}" if inner else name
        if _matches(name, below, unwanted):
            continue
        path = os.path.join(root, below)  # noqa: PTH118 - names may hold any bytes
        if kind == _FOLDER:
            level = _opened(root, below, levels)
            if isinstance(level, InputError):
                yield level
            else:
                levels.append(level)
        elif _matches(name, below, wanted) if wanted else _suffix(name) in suffixes:
            yield path if kind == _FILE else _problem(path)


_FOLDER, _FILE, _OTHER = range(3)


class _Level(NamedTuple):
    """A folder being walked."""

    inner: str  # its path below the root
    entries: Iterator[tuple[str, int]]  # (name, kind), those still to come
    identity: tuple[int, int]  # device and inode


def _opened(root: str, inner: str, above: Sequence[_Level]) -> _Level | InputError:
    """Read the names of a folder, sorted; only they are kept, for a folder may hold a million."""
    here = os.path.join(root, inner) if inner else root  # noqa: PTH118
    try:
        status = os.stat(here)  # noqa: PTH116
        identity = (status.st_dev, status.st_ino)
        if any(identity == level.identity for level in above):
            return InputError("the link leads back to a folder above it.", where=here, code="link-loop")
        with os.scandir(here) as found:
            rows = [(entry.name, _kind(entry)) for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        code = "unreadable" if inner or not isinstance(error, FileNotFoundError) else "missing"
        return InputError(f"{error.strerror or error}.", where=here, code=code)
    # By bytes, whatever the locale; a folder sorts as its files' paths do: "a.txt" before "a/b.txt".
    rows.sort(key=lambda row: os.fsencode(row[0]) + (b"/" if row[1] == _FOLDER else b""))
    return _Level(inner, iter(rows), identity)


def _kind(entry: os.DirEntry[str]) -> int:
    try:
        return _FOLDER if entry.is_dir() else _FILE if entry.is_file() else _OTHER
    except OSError:
        return _OTHER


def _problem(path: str) -> InputError:
    """Return what is wrong with a file that is no file: a dangling or circular link, a pipe, a device."""
    try:
        os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return InputError("the link points to nothing.", where=path, code="missing")
    except OSError as error:
        code = "link-loop" if error.errno == errno.ELOOP else "unreadable"
        return InputError(f"{error.strerror or error}.", where=path, code=code)
    return InputError("is not a regular file.", where=path, code="unreadable")


def _suffix(name: str) -> str:
    base, suffix = os.path.splitext(name.lower())  # noqa: PTH122
    return os.path.splitext(base)[1] if suffix in (".gz", ".zst") else suffix  # noqa: PTH122


def _matches(name: str, below: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(below if "/" in pattern else name, pattern) for pattern in patterns)
