"""The files of a model folder, and the model as it is used: frozen, plain numbers, and views of one flat file.

::

    manifest.json    format and package version, digests and sizes of the other files, where each array stands,
                     digests of taxonomy and corpus, counts, options, seed, measured quality
    scoring.json     labels, blocks, intercepts, cuts, calibration, context, roll-up
    taxonomy.json    the taxonomy, as `Taxonomy.to_json` gives it
    terms.json.gz    the inflected surfaces of its terms
    labels.yaml.gz   the taxonomy as its author wrote it, where it came from a file
    vocabulary.gz    the n-grams of each block, a line each (for people; nothing is scored with it)
    arrays.bin       see `tagger.flat`: each array begins at a multiple of 64 bytes, little-endian
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tagger import flat
from tagger.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tagger.linear import NgramKind
    from tagger.taxonomy import Taxonomy
    from tagger.terms import TermTable

FORMAT_VERSION = 1

MANIFEST = "manifest.json"
SCORING = "scoring.json"
TAXONOMY = "taxonomy.json"
TERMS = "terms.json.gz"
LABELS = "labels.yaml.gz"
VOCABULARY = "vocabulary.gz"
ARRAYS = "arrays.bin"

NEEDED = (SCORING, TAXONOMY, TERMS, ARRAYS)
ALLOWED = (*NEEDED, LABELS, VOCABULARY)

#: What an array may hold: name in the manifest -> (struct code of the standard library, bytes).
DTYPES = {"u1": ("B", 1), "i4": ("i", 4), "f4": ("f", 4), "u8": ("Q", 8)}
ALIGNMENT = 64

#: Bytes that a packed file may grow to: the vocabulary of millions of n-grams.
_MOST_INFLATED = 512 << 20


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """`tagger.linear.Calibration` as plain numbers."""

    slopes: tuple[float, ...]  # L
    offsets: tuple[float, ...]  # L
    knots: tuple[tuple[tuple[float, ...], tuple[float, ...]] | None, ...]  # L


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """One block of n-grams: two arrays and how to read them."""

    kind: NgramKind
    ngram_range: tuple[int, int]
    seed: int
    probes: int
    features: int
    slots: memoryview  # (size,) of Q
    rows: memoryview  # (features * stride,) of f
    stride: int


@dataclass(frozen=True, slots=True)
class StoredConcepts:
    """The taxonomy's terms: the table of surfaces for the kernel, what hits count, and weights."""

    seed: int
    probes: int
    longest_words: int
    longest_chars: int
    keys: memoryview  # (size,) of Q
    values: memoryview  # (size,) of i
    starts: memoryview  # (terms + 1,) of i: where the labels of a term stand in `labels`
    labels: memoryview  # of i
    trust: memoryview  # (terms,) of f
    weights: memoryview  # (L * L,) of f: column of label m -> margin of label l


@dataclass(frozen=True)
class StoredModel:
    """A model as it tags. Nothing in it can run."""

    name: str
    digest: str  # SHA-256 over the digests of its files
    taxonomy: Taxonomy
    languages: tuple[str, ...]
    intercept: tuple[float, ...]  # L
    cuts: tuple[float, ...]  # L, on the margin
    calibration: StoredCalibration
    context: dict[str, Any]
    rollup: dict[str, Any]
    blocks: tuple[StoredBlock, ...]
    concepts: StoredConcepts | None
    characters: memoryview  # tables of lower case and classes, see `tagger.characters`
    manifest: dict[str, Any]
    files: Callable[[str], bytes] = field(repr=False)  # bytes of a file of the folder
    folder: Path | None = None  # where it was read from

    @property
    def labels(self) -> tuple[str, ...]:
        """The label ids, in the order of every row of numbers."""
        return self.taxonomy.ids

    def content(self, file: str) -> bytes:
        """Return what a packed file holds.

        Raises:
            ModelError: it is no packed file, or holds more than any model's.

        """
        from zlib import decompressobj, error  # noqa: PLC0415 - plain tagging does without

        stream = decompressobj(wbits=31)  # 31: gzip
        try:
            data = stream.decompress(self.files(file), _MOST_INFLATED)
        except error:
            raise ModelError(f"{file} is damaged.", where=self.name) from None
        if not stream.eof:
            raise ModelError(f"{file} holds more than any model's, or is cut.", where=self.name)
        return data

    def term_table(self) -> TermTable:
        """Return the table of terms (read when asked for: the kernel has its own)."""
        from tagger.terms import Term, TermTable  # noqa: PLC0415 - not needed where the kernel runs

        data = json.loads(self.content(TERMS))
        terms = tuple(Term(text, lang, tuple(labels)) for text, lang, labels in data["terms"])
        return TermTable(self.labels, terms, data["surfaces"], frozenset(data["capitals"]))

    def vocabulary(self) -> list[list[str]]:
        """Return the n-grams of each block, in the order of its rows."""
        lines = self.content(VOCABULARY).decode("utf-8", "surrogatepass").split("\n")
        result = []
        for block in self.blocks:
            result.append(lines[: block.features])
            lines = lines[block.features :]
        return result


def assemble(
    manifest: dict[str, Any],
    scoring: dict[str, Any],
    taxonomy: Taxonomy,
    arrays: Mapping[str, memoryview],
    files: Callable[[str], bytes],
    *,
    name: str,
    folder: Path | None = None,
) -> StoredModel:
    """Put a model together from its parts, checking that they fit.

    Raises:
        KeyError, TypeError, ValueError: they do not.

    """
    labels = tuple(scoring["labels"])
    count = len(labels)
    if labels != taxonomy.ids:
        raise ValueError("the labels are not the taxonomy's")
    calibration = StoredCalibration(
        _numbers(scoring["calibration"]["slopes"], count),
        _numbers(scoring["calibration"]["offsets"], count),
        tuple(_knots(knots) for knots in scoring["calibration"]["knots"]),
    )
    if len(calibration.knots) != count:
        raise ValueError("the calibration is not of as many labels")
    blocks = tuple(_block(k, data, arrays, count) for k, data in enumerate(scoring["blocks"]))
    return StoredModel(
        name=name,
        digest=manifest["digest"],
        taxonomy=taxonomy,
        languages=tuple(map(str, scoring["languages"])),
        intercept=_numbers(scoring["intercept"], count),
        cuts=_numbers(scoring["cuts"], count),
        calibration=calibration,
        context=_context(scoring["context"], count),
        rollup=_rollup(scoring["rollup"], count),
        blocks=blocks,
        concepts=_concepts(scoring["concepts"], arrays, count),
        characters=arrays["characters"],
        manifest=manifest,
        files=files,
        folder=folder,
    )


def _numbers(values: Any, count: int) -> tuple[float, ...]:
    numbers = tuple(map(float, values))
    if len(numbers) != count or not all(-1e300 < number < 1e300 for number in numbers):
        raise ValueError(f"{len(numbers)} numbers for {count} labels, or one that is not finite")
    return numbers


def _context(data: dict[str, Any], count: int) -> dict[str, Any]:
    spec = dict(data)
    for key in {"pull", "floor", "most"} & set(spec):
        spec[key] = _numbers([spec[key]], 1)[0]
    if spec.get("weights"):
        spec["weights"] = list(_numbers(spec["weights"], count))
    return spec


def _rollup(data: dict[str, Any], count: int) -> dict[str, Any]:
    rule = dict(data)
    if rule.get("kind", "any") not in ("any", "whole", "ordered"):
        raise ValueError("a roll-up of another kind")
    if rule.get("kind") == "ordered":
        for key in ("top", "second", "offset", "cuts"):
            rule[key] = list(_numbers(rule[key], count))
    return rule


def _knots(data: Any) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    if data is None:
        return None
    x, y = data
    if not x or list(x) != sorted(x):
        raise ValueError("the knots of a calibration do not rise")
    return _numbers(x, len(x)), _numbers(y, len(x))


def _block(number: int, data: dict[str, Any], arrays: Mapping[str, memoryview], labels: int) -> StoredBlock:
    kind = data["kind"]
    least, most = map(int, data["ngram_range"])
    features, seed, probes = int(data["features"]), int(data["seed"]), int(data["probes"])
    slots, rows = arrays[f"block{number}.slots"], arrays[f"block{number}.rows"]
    stride = flat.stride(labels)
    if kind not in ("word", "char_wb") or not 1 <= least <= most <= 64:
        raise ValueError(f"a block of '{kind}' {least} to {most}")
    if not 0 < seed <= flat.WORD or not 0 <= probes <= flat.MOST_PROBES or len(rows) != features * stride:
        raise ValueError("a block's rows are not of its size")
    _table(slots)
    return StoredBlock(kind, (least, most), seed, probes, features, slots, rows, stride)


def _concepts(data: dict[str, Any] | None, arrays: Mapping[str, memoryview], labels: int) -> StoredConcepts | None:
    if data is None:
        return None
    parts = {part: arrays[f"terms.{part}"] for part in ("keys", "values", "starts", "labels", "trust", "weights")}
    starts, owners = parts["starts"], parts["labels"]
    _table(parts["keys"])
    if len(parts["values"]) != len(parts["keys"]) or len(parts["weights"]) != labels * labels:
        raise ValueError("the arrays of the terms do not fit together")
    if len(starts) != len(parts["trust"]) + 1 or starts[0] != 0 or starts[-1] != len(owners):
        raise ValueError("the labels of the terms do not fit")
    ordered = starts.tolist()
    if ordered != sorted(ordered) or not set(owners) <= set(range(labels)):
        raise ValueError("the labels of the terms are out of range")
    probes, words, chars = (int(data[key]) for key in ("probes", "longest_words", "longest_chars"))
    if not (0 <= probes <= flat.MOST_PROBES and 0 <= words <= 64 and 0 <= chars <= 4096):
        raise ValueError("the limits of the terms are out of range")
    return StoredConcepts(int(data["seed"]), probes, words, chars, **parts)


def _table(slots: memoryview) -> None:
    if not 0 < len(slots) <= flat.MOST_SLOTS:
        raise ValueError("a table's size is out of range")
