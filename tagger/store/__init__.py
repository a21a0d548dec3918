"""The model folder: pack, save, load, and the models on the shelf.

>>> from tagger import store
>>> stored = store.load(store.find("default"))  # doctest: +SKIP

Saving swaps whole folders and keeps the model before; loading runs nothing, checks every digest and size, and
costs a memory map. `store.layout` names the files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.store import folder as _folder
from tagger.store.layout import MANIFEST, StoredModel
from tagger.store.reading import load
from tagger.store.shelf import describe, difference, find, listing, rollback

if TYPE_CHECKING:
    from tagger.linear import LinearModel

__all__ = ["StoredModel", "describe", "difference", "find", "listing", "load", "pack", "rollback", "save"]


def pack(linear: LinearModel, **parts: Any) -> StoredModel:
    """Return the stored form of a fitted model, in memory: see `tagger.store.packing.pack`."""
    from tagger.store import packing  # noqa: PLC0415 - tagging packs nothing

    return packing.pack(linear, **parts)


def save(model: StoredModel, folder: str | Path) -> StoredModel:
    """Write a model as a folder, which appears whole or not at all, and return it as loaded from there.

    What stood in its place is kept as the previous model.

    Raises:
        ModelError: the folder cannot be written, or something that is no model stands there.

    """
    names = [MANIFEST, *model.manifest["files"]]
    _folder.publish(Path(folder), {name: model.files(name) for name in names})
    return load(folder)
