"""The files below a folder, in sorted order, links followed but never in circles."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

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
    try:
        status = os.stat(root)  # noqa: PTH116
    except OSError as error:
        yield InputError(f"{error.strerror or error}.", where=root, code="missing")
        return
    yield from _below(root, "", wanted, unwanted, suffixes, ((status.st_dev, status.st_ino),))


def _below(
    root: str,
    inner: str,
    wanted: Sequence[str],
    unwanted: Sequence[str],
    suffixes: frozenset[str],
    above: tuple[tuple[int, int], ...],
) -> Iterator[str | InputError]:
    here = os.path.join(root, inner) if inner else root  # noqa: PTH118 - names may hold any bytes
    try:
        with os.scandir(here) as found:
            # A folder sorts as its files' paths do: "a.txt" before "a/b.txt".
            entries = sorted(((entry.name + "/" if _is_folder(entry) else entry.name), entry) for entry in found)
    except OSError as error:
        yield InputError(f"{error.strerror or error}.", where=here, code="unreadable")
        return
    for key, entry in entries:
        name = entry.name
        below = f"{inner}/{name}" if inner else name
        if name.startswith(".") or _matches(name, below, unwanted):
            continue
        if key.endswith("/"):
            status = entry.stat()
            if (status.st_dev, status.st_ino) in above:
                yield InputError("the link leads back to a folder above it.", where=entry.path, code="link-loop")
            else:
                deeper = (*above, (status.st_dev, status.st_ino))
                yield from _below(root, below, wanted, unwanted, suffixes, deeper)
        elif _matches(name, below, wanted) if wanted else _suffix(name) in suffixes:
            problem = _problem(entry)
            yield problem if problem is not None else entry.path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _problem(entry: os.DirEntry[str]) -> InputError | None:
    """Return what is wrong with a file that is no file: a dangling or circular link, a pipe, a device."""
    try:
        if entry.is_file():
            return None
        entry.stat()
    except FileNotFoundError:
        return InputError("the link points to nothing.", where=entry.path, code="missing")
    except OSError as error:
        code = "link-loop" if "levels" in (error.strerror or "") else "unreadable"
        return InputError(f"{error.strerror or error}.", where=entry.path, code=code)
    return InputError("is not a regular file.", where=entry.path, code="unreadable")


def _suffix(name: str) -> str:
    base, suffix = os.path.splitext(name.lower())  # noqa: PTH122
    return os.path.splitext(base)[1] if suffix in (".gz", ".zst") else suffix  # noqa: PTH122


def _matches(name: str, below: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(below if "/" in pattern else name, pattern) for pattern in patterns)
