"""The quality gate of `make check`: F1 on the seed corpus and a sample of Reuters against bench/floors.json.

    python bench/gate.py                               # some seconds; exit status 1 below a floor
    python bench/gate.py --data DIR                    # the sample of Reuters too; or TAGGER_BENCH_DATA=DIR
    python bench/gate.py --update [--data DIR]         # pin the present figures; refuses to lower a floor
    python bench/gate.py --update --allow-regression   # lowers it: say why in the commit

The corpus' figures are those that `tagger train` prints (paragraphs, out of fold, micro and macro). The sample of
Reuters is 1,500 training texts and all test texts, the twenty largest labels, learned without terms; the project does
not contain the set, so without DIR (bench/quality.py says what it holds) it is left out, and that is told. Solver,
folds and seed are fixed, so on one machine the figures repeat to the digit. The tolerance is for other machines, where
BLAS and compilers round otherwise: a decision near its cut flips, and a cut learned from it moves. The corpus' labels
have 2,500 true paragraphs and more, so that one flipped decision is worth .0002 of its label's F1 and .00003 of micro
and macro: .004 is more than a hundred flips in 80,000. The fast tier, one view less, stands .006 below: a view lost is
told. The bootstrap interval is wider, but it is about other texts, and these are always the same.

Floors hold for the corpus and the taxonomy whose digests stand beside them. Where either has changed, that is told,
and a miss may be the data's doing: look, then --update.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import quality_sets

from tagger import TopicClassifier, calibration, corpora, train
from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "bench" / "floors.json"
TOLERANCE = 0.004
VARIABLE = "TAGGER_BENCH_DATA"
SAMPLE, SAMPLE_TEXTS, SAMPLE_LABELS = "sample of Reuters", 1500, 20
FIGURES = ("micro_f1", "macro_f1")
SYSTEMS = {"default": train.TrainOptions(), "fast": train.TrainOptions(fast=True)}


def measured(data: Path | None) -> dict:
    """Learn from the corpus twice and, with ``data``, from the sample of Reuters; return digests and figures."""
    taxonomy = Taxonomy.load(ROOT / "labels.yaml")
    articles = corpora.load(ROOT / "seeds", taxonomy)
    digests = {"taxonomy": taxonomy.digest, "corpus": train.corpus_digest(articles)}
    figures: dict[str, dict[str, float]] = {}
    for name, options in SYSTEMS.items():
        began = time.perf_counter()
        quality = train.fit(taxonomy, articles, options).manifest["quality"]
        figures[name] = {figure: quality[figure] for figure in FIGURES}
        _tell(name, figures[name], began)
    if data is None:
        print(f"{SAMPLE}: left out (it needs --data DIR or {VARIABLE})", flush=True)
    else:
        began = time.perf_counter()
        split = quality_sets.load(data / "reuters90")
        figures[SAMPLE] = sampled(split)
        digests[SAMPLE] = " ".join(split.files.values())
        _tell(SAMPLE, figures[SAMPLE], began)
    return {"digests": digests, "floors": figures, "tolerance": TOLERANCE}


def sampled(split: quality_sets.Split) -> dict[str, float]:
    """Learn from some training texts, and return F1 on the test texts, of the labels with the most training texts.

    Small labels are left out: one decision about a label with three test texts would outweigh the tolerance.
    """
    large = np.sort(np.argsort(-split.Y.sum(axis=0), kind="stable")[:SAMPLE_LABELS])
    chosen = np.random.default_rng(0).permutation(len(split.train))[:SAMPLE_TEXTS]
    model = TopicClassifier(labels=[split.labels[at] for at in large])
    model.fit([split.train[at] for at in chosen], split.Y[np.ix_(chosen, large)])
    found = calibration.f1(split.truth[:, large], model.predict(split.test).astype(bool))
    return dict(zip(FIGURES, (round(value, 4) for value in found), strict=True))


def _tell(name: str, figures: dict[str, float], began: float) -> None:
    told = "  ".join(f"{figure} {value:.4f}" for figure, value in figures.items())
    print(f"{name}: {told}  ({time.perf_counter() - began:.1f} s)", flush=True)


def misses(found: dict, pinned: dict, tolerance: float) -> list[str]:
    """Return a line for each figure that was measured and is more than ``tolerance`` below its floor."""
    return [
        f"{name}: {figure} is {found['floors'][name][figure]:.4f}, the floor {floor:.4f} (tolerance {tolerance:g})."
        for name, floors in pinned["floors"].items()
        for figure, floor in floors.items()
        if name in found["floors"]
        if found["floors"][name][figure] < floor - tolerance
    ]


def drift(found: dict, pinned: dict) -> list[str]:
    """Return a line for each input that is not the one the floors were pinned on."""
    return [
        f"the {name} has changed since the floors were pinned; if the figures are as they should be: --update."
        for name, digest in pinned["digests"].items()
        if found["digests"].get(name, digest) != digest
    ]


def update(found: dict, pinned: dict | None, *, allowed: bool) -> list[str]:
    """Write the floors, unless one of them would fall; return why not."""
    lower = misses(found, pinned, 0) if pinned else []
    if lower and not allowed:
        return [*lower, "Nothing written. To lower a floor: --allow-regression, and say why in the commit."]
    if pinned:  # what was left out keeps its floor
        found = {key: pinned[key] | found[key] for key in ("digests", "floors")} | {"tolerance": found["tolerance"]}
    partial = FLOORS.with_name(f".{FLOORS.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    partial.replace(FLOORS)
    print(f"wrote {FLOORS.relative_to(ROOT)}")
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="pin the present figures")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower a floor")
    parser.add_argument("--data", type=Path, metavar="DIR", help=f"the folder of the public sets (or {VARIABLE})")
    options = parser.parse_args()
    data = options.data or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    pinned = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else None
    if pinned is None and not options.update:
        print(f"{FLOORS.relative_to(ROOT)} is missing: run with --update.", file=sys.stderr)
        return 1
    found = measured(data)
    if options.update:
        wrong = update(found, pinned, allowed=options.allow_regression)
    else:
        wrong = misses(found, pinned, pinned["tolerance"])
        for line in drift(found, pinned):
            print(line, file=sys.stderr)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
