"""Put a model folder in its place so that readers see the old one or the new one, whatever kills the writer.

The new folder is written beside the place, under a name that begins with a dot, and flushed to the disk. Then it
changes places with the old one in a single step (Linux), which is kept as ``.NAME.previous``. Where the system has
no such step there are two renames; between them readers take ``.NAME.previous``, which `place` finds.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tagger.errors import ModelError
from tagger.store import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def previous(folder: Path) -> Path:
    """Return where the model before this one is kept."""
    return folder.parent / f".{folder.name}.previous"


def place(folder: Path) -> Path:
    """Return the folder to read: itself, or the previous one where a writer died between two renames."""
    if not folder.exists() and previous(folder).is_dir():
        return previous(folder)
    return folder


def publish(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files as ``folder``, keeping what stood there; where they stand there already, nothing is done.

    Raises:
        ModelError: something other than a model stands there, or the disk refuses.

    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            if folder.exists() and not (folder / layout.MANIFEST).is_file() and any(folder.iterdir()):
                raise ModelError("stands in the way and is no model.", where=str(folder))
            _sweep(folder)
            if _holds(folder, files):
                return  # trained again on the same: the model before it stays the one to go back to
            fresh = _beside(folder, "new")
            _write(fresh, files)
            _swap(folder, fresh)
    except OSError as error:
        what = f"the model cannot be saved: {error.strerror or error}."
        raise ModelError(what, where=str(folder)) from None


def exchange(folder: Path) -> None:
    """Change the model and the one before it (so that doing it twice changes nothing).

    Raises:
        ModelError: there is no previous model.

    """
    folder = folder.absolute()
    with _locked(folder):
        if not previous(folder).is_dir():
            raise ModelError("no previous model is kept.", where=str(folder))
        if not folder.exists():
            previous(folder).rename(folder)
        elif not _exchanged(folder, previous(folder)):
            aside = _beside(folder, "old")
            previous(folder).rename(aside)
            folder.rename(previous(folder))
            aside.rename(folder)
        _flush(folder.parent)


def _swap(folder: Path, fresh: Path) -> None:
    """Put ``fresh`` in the place of ``folder`` and ``folder`` in the place of the previous model."""
    if not folder.exists():
        fresh.rename(folder)
        _flush(folder.parent)
        return
    if _exchanged(folder, fresh):  # what is in `fresh` now is the old model
        _flush(folder.parent)
        _replace(fresh, previous(folder))
    else:
        _replace(folder, previous(folder))
        fresh.rename(folder)
    _flush(folder.parent)


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    try:
        return all((folder / name).read_bytes() == data for name, data in files.items())
    except OSError:
        return False


def _replace(source: Path, target: Path) -> None:
    if target.exists():
        aside = _beside(target, "old")
        target.rename(aside)
        source.rename(target)
        _remove(aside)
    else:
        source.rename(target)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, data in files.items():
        with (folder / name).open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    _flush(folder)


def _sweep(folder: Path) -> None:
    """Remove what writers that were killed left behind (the lock is ours: none is alive)."""
    for prefix in (f".{folder.name}.new-", f"..{folder.name}.previous.old-"):
        for left in folder.parent.glob(f"{prefix}*"):
            _remove(left)


def _remove(folder: Path) -> None:
    import shutil  # noqa: PLC0415 - writers only: readers start fast

    shutil.rmtree(folder, ignore_errors=True)


def _beside(folder: Path, what: str) -> Path:
    return folder.parent / f".{folder.name}.{what}-{os.urandom(6).hex()}"


def _exchanged(first: Path, second: Path) -> bool:
    """Exchange two folders in one step, where the system can (Linux 3.15 and glibc 2.28, most file systems)."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - writers only

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    return done == 0


def _flush(folder: Path) -> None:
    """Make renames in a folder survive a loss of power (where folders can be opened)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # noqa: PLC0415 - writers only

    try:
        with FileLock(folder.parent / f".{folder.name}.lock", timeout=60):
            yield
    except Timeout:
        raise ModelError("another process is saving this model.", where=str(folder)) from None
