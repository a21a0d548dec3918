"""The public sets of bench/quality.py, and F1 with its interval."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger import calibration, metrics

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: Folder -> (name, labels of the whole set). Splits as given. OPP-115: `train` alone, its `dev` stands within.
SETS = {
    "reuters90": ("Reuters-90", 90),
    "opp115-majority": ("OPP-115", 12),
    "goemotions": ("GoEmotions", 28),
}


@dataclass(frozen=True)
class Split:
    """Texts and label sets of a set; the columns of Y are ``labels``."""

    labels: tuple[str, ...]
    train: list[str]
    Y: NDArray[np.bool_]
    test: list[str]
    truth: NDArray[np.bool_]
    files: dict[str, str]  # name -> SHA-256


def load(folder: Path) -> Split:
    """Read train.jsonl.gz and test.jsonl.gz of a folder."""
    parts, files = {}, {}
    for name in ("train", "test"):
        path = folder / f"{name}.jsonl.gz"
        raw = path.read_bytes()
        files[f"{folder.name}/{path.name}"] = hashlib.sha256(raw).hexdigest()
        lines = gzip.decompress(raw).decode("utf-8").splitlines()
        parts[name] = [json.loads(line) for line in lines if line]
    labels = tuple(sorted({label for rows in parts.values() for row in rows for label in row["labels"]}))
    _, expected = SETS[folder.name]
    if len(labels) != expected:
        raise SystemExit(f"{folder}: {len(labels)} labels, not {expected}: another version of the set?")
    train, test = parts["train"], parts["test"]
    return Split(
        labels,
        [row["text"] for row in train],
        _indicators(train, labels),
        [row["text"] for row in test],
        _indicators(test, labels),
        files,
    )


def _indicators(rows: list[dict], labels: tuple[str, ...]) -> NDArray[np.bool_]:
    column = {label: at for at, label in enumerate(labels)}
    Y = np.zeros((len(rows), len(labels)), bool)
    for at, row in enumerate(rows):
        Y[at, [column[label] for label in row["labels"]]] = True
    return Y


def figures(truth: NDArray[np.bool_], given: NDArray[np.bool_], *, resamples: int = 1000) -> dict[str, list[float]]:
    """Return micro, macro and samples F1, each [value, low, high].

    The macro average is over all labels of the set, 0/0 = 0. The interval resamples test texts; where a draw holds
    neither a true nor a given tag of a label, that draw's average leaves it out.
    """
    given = np.asarray(given, bool)
    micro, macro = calibration.f1(truth, given)
    samples = metrics.set_figures(truth, given).samples.f1
    around = metrics.intervals(metrics.Tally.of(truth, given, np.arange(len(truth))), resamples=resamples)
    values = {"micro": micro, "macro": macro, "samples": samples}
    return {name: [round(float(v), 4) for v in (value, *around[f"{name}.f1"])] for name, value in values.items()}
