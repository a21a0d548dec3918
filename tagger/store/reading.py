"""A model folder -> StoredModel: JSON and one memory map, every size checked before it is used.

A model may come from anywhere. Nothing in it is run; its files are named in the manifest, have no path in their
names, and must have the size and the digest that stand there; arrays must lie inside their file.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError
from tagger.store import folder as folders
from tagger.store import layout
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: A manifest is a few kilobytes; a vocabulary of words can be large, but JSON of this size is no model's.
_MOST_MANIFEST = 16 << 20
_MOST_JSON = 512 << 20


def model_digest(files: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the digest of a model: over the names and digests of its files."""
    lines = "".join(f"{name} {files[name]['sha256']}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def load(folder: str | Path) -> layout.StoredModel:
    """Read a model folder.

    Raises:
        ModelError: it is missing, damaged, foreign, or of a newer format.

    """
    named = Path(folder)
    for _ in range(5):
        folder = folders.place(named)
        manifest = _bytes(folder, layout.MANIFEST, _MOST_MANIFEST)
        try:
            return _loaded(folder, manifest)
        except ModelError:
            if _unchanged(folder, manifest):
                raise
            # The folder was swapped for a newer model while we read it: read that one.
    raise ModelError("the folder keeps changing.", where=str(named))


def from_files(files: dict[str, bytes], *, name: str) -> layout.StoredModel:
    """Return the model of files that are in memory (just packed)."""
    manifest = json.loads(files[layout.MANIFEST])
    return _assembled(manifest, memoryview(files[layout.ARRAYS]), files.__getitem__, name, None, name)


def _unchanged(folder: Path, manifest: bytes) -> bool:
    try:
        return (folder / layout.MANIFEST).read_bytes() == manifest
    except OSError:
        return False


def _loaded(folder: Path, raw: bytes) -> layout.StoredModel:
    where = str(folder)
    manifest = _manifest(raw, where)
    listed = manifest["files"]
    binary = _mapped(folder, layout.ARRAYS, listed[layout.ARRAYS])
    kept: dict[str, bytes] = {}
    for file in listed:
        if file != layout.ARRAYS:
            kept[file] = _verified(folder, file, listed[file])

    def read(file: str) -> bytes:
        if file == layout.ARRAYS:
            return bytes(binary)
        if file == layout.MANIFEST:
            return raw
        return kept[file]

    return _assembled(manifest, binary, read, folder.absolute().name, folder, where)


def _manifest(raw: bytes, where: str) -> dict[str, Any]:
    try:
        manifest = json.loads(raw)
        version = manifest["format_version"]
        _require(type(version) is int and version >= 1)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ModelError("manifest.json is damaged.", where=where, hint=_repair(where)) from None
    if version > layout.FORMAT_VERSION:
        raise ModelError(
            f"format {version} is newer than this tagger reads ({layout.FORMAT_VERSION}).",
            where=where,
            hint="Update it with: pip install --upgrade tagger.",
        )
    try:
        listed = manifest["files"]
        foreign = [file for file in listed if file not in layout.ALLOWED]
        for file, facts in listed.items():
            _require(file in foreign or (type(facts["bytes"]) is int and isinstance(facts["sha256"], str)))
        _require(all(file in listed for file in layout.NEEDED) and isinstance(manifest["arrays"], dict))
        _require(manifest["digest"] == model_digest(listed))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ModelError("manifest.json is damaged.", where=where, hint=_repair(where)) from None
    if foreign:
        raise ModelError(f"the manifest names a file that no model has: {foreign[0]!r}.", where=where)
    return manifest  # type: ignore[no-any-return]


def _repair(folder: str | Path) -> str:
    """Tell what to do with a damaged model."""
    kept = folders.previous(Path(folder)).is_dir()
    return f"Train it again, or go back with: tagger model rollback {folder}." if kept else "Train it again."


def _require(condition: bool) -> None:
    if not condition:
        raise ValueError


def _bytes(folder: Path, file: str, most: int) -> bytes:
    try:
        with (folder / file).open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        what = f"{file} is missing." if folder.is_dir() else "no such model."
        hint = "Make one with: tagger train." if not folder.is_dir() else _repair(folder)
        raise ModelError(what, where=str(folder), hint=hint) from None
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror}.", where=str(folder)) from None
    if len(data) > most:
        raise ModelError(f"{file} is larger than any model's.", where=str(folder))
    return data


def _verified(folder: Path, file: str, facts: dict[str, Any]) -> bytes:
    if not 0 <= facts["bytes"] <= _MOST_JSON:
        raise ModelError(f"{file} is larger than any model's.", where=str(folder))
    data = _bytes(folder, file, facts["bytes"])
    if len(data) != facts["bytes"] or hashlib.sha256(data).hexdigest() != facts["sha256"]:
        raise ModelError(f"{file} is damaged (its digest differs).", where=str(folder), hint=_repair(folder))
    return data


def _mapped(folder: Path, file: str, facts: dict[str, Any]) -> memoryview:
    try:
        with (folder / file).open("rb") as stream:
            size = stream.seek(0, 2)
            if size != facts["bytes"] or not size:
                raise ModelError(f"{file} is damaged (its size differs).", where=str(folder), hint=_repair(folder))
            view = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise ModelError(f"{file} is missing.", where=str(folder), hint=_repair(folder)) from None
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror}.", where=str(folder)) from None
    if hashlib.sha256(view).hexdigest() != facts["sha256"]:
        raise ModelError(f"{file} is damaged (its digest differs).", where=str(folder), hint=_repair(folder))
    return view


def _assembled(
    manifest: dict[str, Any],
    binary: memoryview,
    read: Callable[[str], bytes],
    name: str,
    folder: Path | None,
    where: str,
) -> layout.StoredModel:
    try:
        scoring = json.loads(read(layout.SCORING))
        taxonomy = Taxonomy.from_json(json.loads(read(layout.TAXONOMY)))
        arrays = _arrays(manifest["arrays"], binary)
        return layout.assemble(manifest, scoring, taxonomy, arrays, read, name=name, folder=folder)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ModelError(f"the model is damaged ({error}).", where=where, hint=_repair(where)) from None


def _arrays(directory: dict[str, Any], binary: memoryview) -> dict[str, memoryview]:
    if sys.byteorder != "little":
        raise ValueError("models are little-endian, this machine is not")
    arrays = {}
    for name, facts in directory.items():
        code, width = layout.DTYPES[facts["dtype"]]
        offset, count = facts["offset"], facts["count"]
        if type(offset) is not int or type(count) is not int or offset < 0 or count < 0 or offset % 8:
            raise ValueError(f"the place of '{name}'")
        if offset + count * width > len(binary):
            raise ValueError(f"'{name}' does not lie in its file")
        part: Any = binary[offset : offset + count * width]
        arrays[name] = part.cast(code)
    return arrays
