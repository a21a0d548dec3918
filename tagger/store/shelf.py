"""Models by name: find, list, show, compare, roll back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError, nearest
from tagger.store import folder as folders
from tagger.store import layout, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = "default"
_SHELF = Path("models")


def find(model: str | Path | None = None) -> Path:
    """Return the folder of a model: a path, a name under ``models/``, or the default (own, else shipped).

    Raises:
        ModelError: there is none.

    """
    named = str(model) if model is not None else DEFAULT
    if model is not None and (Path(model).is_dir() or folders.previous(Path(model)).is_dir()):
        return folders.place(Path(model))
    if "/" in named or "\\" in named or named in ("", ".", ".."):
        raise ModelError("no such model.", where=named, hint="Make one with: tagger train.")
    for shelf in (_SHELF, *_shipped()):
        candidate = folders.place(shelf / named)
        if (candidate / layout.MANIFEST).is_file():
            return candidate
    known = sorted({found.name for shelf in (_SHELF, *_shipped()) for found in _models(shelf)})
    hint = nearest(named, known) if known else "Make one with: tagger train."
    raise ModelError("no such model.", where=named, hint=hint)


def listing(shelf: Path | None = None) -> str:
    """Return a line for each model on a shelf, with the one it can be rolled back to.

    Raises:
        ModelError: a shelf was named and is no folder.

    """
    if shelf is not None and not shelf.is_dir():
        raise ModelError("no such folder.", where=str(shelf))
    shelf = shelf or _SHELF
    lines = []
    for found in _models(shelf):
        lines.append(f"{found.name:<16} {_summary(found)}")
        if folders.previous(found).is_dir():
            lines.append(f"{'  previous':<16} {_summary(folders.previous(found))}")
    return "\n".join(lines) if lines else f"no models in {shelf}. Make one with: tagger train."


def describe(model: str | Path | None = None) -> str:
    """Return a model's manifest, its files checked, as JSON for people (where its arrays stand left out)."""
    stored = reading.load(find(model))
    shown = {key: value for key, value in stored.manifest.items() if key != "arrays"}
    return json.dumps({"name": stored.name, "labels": list(stored.labels), **shown}, ensure_ascii=False, indent=2)


def rollback(model: str | Path | None = None) -> str:
    """Put the previous model back, keep the present one in its place, and say so."""
    folder = find(model)
    if folder.name.startswith(".") and folder.name.endswith(".previous"):
        folder = folder.parent / folder.name[1 : -len(".previous")]
    folders.exchange(folder)
    return f"{folder}: now {reading.load(folder).digest[:12]} (the other one is kept: rollback again to return)."


def difference(first: str | Path, second: str | Path) -> str:
    """Tell how two models differ: facts of the manifest, labels, terms, cuts."""
    old, new = reading.load(find(first)), reading.load(find(second))
    if old.digest == new.digest:
        return "the models are the same."
    lines = [f"{old.name} {old.digest[:12]} -> {new.name} {new.digest[:12]}"]
    lines += _changes("", _facts(old.manifest), _facts(new.manifest))
    lines += _listed("label", set(old.labels), set(new.labels))
    lines += _listed("term", _terms(old), _terms(new))
    cuts = dict(zip(old.labels, old.cuts, strict=True))
    for label, cut in zip(new.labels, new.cuts, strict=True):
        if label in cuts and abs(cuts[label] - cut) > 5e-4:
            lines.append(f"cut of {label}: {cuts[label]:.3f} -> {cut:.3f}")
    return "\n".join(lines)


def _shipped() -> tuple[Path, ...]:
    package = Path(__file__).parents[1]
    return package / "shipped" / "models", package.parent / "models"  # a wheel; a checkout


def _models(shelf: Path) -> Iterator[Path]:
    if shelf.is_dir():
        for found in sorted(shelf.iterdir()):
            if not found.name.startswith(".") and (found / layout.MANIFEST).is_file():
                yield found


def _summary(folder: Path) -> str:
    try:
        stored = reading.load(folder)
    except ModelError as error:
        return error.what
    size = sum(facts["bytes"] for facts in stored.manifest["files"].values())
    features = sum(block.features for block in stored.blocks)
    version = stored.manifest.get("tagger_version", "?")
    return (
        f"{stored.digest[:12]}  {len(stored.labels)} labels, {features} n-grams, {size / 1e6:.1f} MB, tagger {version}"
    )


def _facts(manifest: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in manifest.items() if key not in ("files", "arrays", "digest")}


def _changes(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _changes(f"{path}{key}.", before, after)
        else:
            yield f"{path}{key}: {_short(before)} -> {_short(after)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _terms(stored: layout.StoredModel) -> set[str]:
    return {
        f"{label.id} {lang} {term}"
        for label in stored.taxonomy.labels
        for lang, terms in label.terms.items()
        for term in terms
    }


def _listed(what: str, old: set[str], new: set[str]) -> list[str]:
    return [f"- {what} {item}" for item in sorted(old - new)] + [f"+ {what} {item}" for item in sorted(new - old)]
