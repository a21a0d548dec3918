"""A fitted model -> the files of its folder, in memory. The same model gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import platform
import zlib
from typing import TYPE_CHECKING, Any

from tagger import flat
from tagger._version import __version__
from tagger.errors import ModelError
from tagger.store import layout, reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.linear import Calibration, ConceptBlock, LinearModel
    from tagger.taxonomy import Taxonomy


def pack(
    linear: LinearModel,
    *,
    taxonomy: Taxonomy,
    languages: Sequence[str] = (),
    context: Mapping[str, Any] | None = None,
    rollup: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    labels_yaml: str | None = None,
    name: str = "unnamed",
) -> layout.StoredModel:
    """Return the stored form of a model: ready for `engine.open`, and for `store.save`.

    Args:
        linear: the fitted model; its labels are the taxonomy's.
        taxonomy: the taxonomy it was trained for.
        languages: languages of the corpus.
        context: parameters of the weight of the rest of the article, plain JSON.
        rollup: parameters of the roll-up to the article, plain JSON.
        facts: what else the manifest tells: corpus digest, counts, options, seed, quality. Plain JSON.
        labels_yaml: the taxonomy's file as its author wrote it.
        name: how the model is called until it stands in a folder.

    Raises:
        ModelError: the model and the taxonomy have different labels.

    """
    if tuple(linear.labels) != tuple(taxonomy.ids):
        raise ModelError("the model's labels are not the taxonomy's.")
    arrays: dict[str, tuple[str, Any]] = {}
    scoring = {
        "labels": list(linear.labels),
        "languages": list(languages),
        "blocks": [_block(k, block, arrays) for k, block in enumerate(linear.ngrams)],
        "concepts": _concepts(linear.concepts, arrays),
        "intercept": [float(x) for x in linear.intercept],
        "cuts": [float(x) for x in linear.cuts],
        "calibration": _calibration(linear.calibration),
        "context": dict(context or {}),
        "rollup": dict(rollup or {}),
    }
    from tagger import characters  # noqa: PLC0415 - the tables take a second to make; loading has them

    arrays["characters"] = ("u1", characters.tables())
    directory, binary = _laid_out(arrays)
    files = {
        layout.SCORING: _json(scoring),
        layout.TAXONOMY: _json(taxonomy.to_json()),
        layout.TERMS: _packed(_json(_terms(linear.concepts), indent=None)),
        layout.VOCABULARY: _packed(
            "".join(f"{gram}\n" for block in linear.ngrams for gram in block.features).encode("utf-8", "surrogatepass")
        ),
        layout.ARRAYS: binary,
    }
    if labels_yaml is not None:
        files[layout.LABELS] = _packed(labels_yaml.encode())
    listed = {file: {"sha256": _sha256(data), "bytes": len(data)} for file, data in sorted(files.items())}
    manifest: dict[str, Any] = {
        "format_version": layout.FORMAT_VERSION,
        "tagger_version": __version__,
        "python_version": platform.python_version(),
        "digest": reading.model_digest(listed),
        "taxonomy_digest": taxonomy.digest,
        **dict(facts or {}),
        "files": listed,
        "arrays": directory,
    }
    files[layout.MANIFEST] = _json(manifest)
    return reading.from_files(files, name=name)


def _block(number: int, block: Any, arrays: dict[str, tuple[str, Any]]) -> dict[str, Any]:
    slots, seed, probes = flat.build_slots(block.features)
    arrays[f"block{number}.slots"] = ("u8", slots)
    arrays[f"block{number}.rows"] = ("f4", flat.build_rows(block.idf, block.weights))
    return {
        "kind": block.kind,
        "ngram_range": list(block.ngram_range),
        "features": len(block.features),
        "seed": seed,
        "probes": probes,
    }


def _concepts(block: ConceptBlock | None, arrays: dict[str, tuple[str, Any]]) -> dict[str, Any] | None:
    if block is None:
        return None
    import numpy as np  # noqa: PLC0415 - packing only

    from tagger.terms import unspaced  # noqa: PLC0415 - packing only

    table = block.table
    surfaces = {
        surface: flat.surface_value(term, capitals=surface in table.capitals, unspaced=unspaced(surface))
        for surface, term in table.surfaces.items()
    }
    keys, values, seed, probes = flat.build_surfaces(surfaces)
    arrays["terms.keys"] = ("u8", keys)
    arrays["terms.values"] = ("i4", values)
    counts = [len(term.labels) for term in table.terms]
    arrays["terms.starts"] = ("i4", np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    owners = [label for term in table.terms for label in term.labels]
    arrays["terms.labels"] = ("i4", np.array(owners, np.int32))
    arrays["terms.trust"] = ("f4", np.asarray(block.trust, np.float32))
    arrays["terms.weights"] = ("f4", np.asarray(block.weights, np.float32))
    limits = {"longest_words": table.longest_words, "longest_chars": table.longest_chars}
    return {"seed": seed, "probes": probes, **limits}


def _terms(block: ConceptBlock | None) -> dict[str, Any]:
    if block is None:
        return {"terms": [], "surfaces": {}, "capitals": []}
    table = block.table
    return {
        "terms": [[term.text, term.lang, list(term.labels)] for term in table.terms],
        "surfaces": dict(table.surfaces),
        "capitals": sorted(table.capitals),
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "slopes": [float(x) for x in calibration.slope],
        "offsets": [float(x) for x in calibration.offset],
        "knots": [None if k is None else [list(map(float, k[0])), list(map(float, k[1]))] for k in calibration.knots],
    }


def _laid_out(arrays: dict[str, tuple[str, Any]]) -> tuple[dict[str, Any], bytes]:
    import numpy as np  # noqa: PLC0415 - packing only

    directory: dict[str, Any] = {}
    pieces: list[bytes] = []
    offset = 0
    for name, (dtype, array) in arrays.items():
        kept = np.frombuffer(array, np.uint8) if isinstance(array, bytes) else np.asarray(array)
        data = np.ascontiguousarray(kept, np.dtype(dtype).newbyteorder("<")).tobytes()
        directory[name] = {"dtype": dtype, "offset": offset, "count": kept.size}
        padding = -len(data) % layout.ALIGNMENT
        pieces += [data, bytes(padding)]
        offset += len(data) + padding
    return directory, b"".join(pieces)


def _json(data: Any, indent: int | None = 1) -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    return (text + "\n").encode("utf-8", "surrogatepass")


def _packed(data: bytes) -> bytes:
    """Return a gzip file: what tagging does not read need not take room. It bears no time, so it is the same twice."""
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)  # 31: gzip
    return stream.compress(data) + stream.flush()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
