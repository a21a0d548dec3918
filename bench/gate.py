"""The quality gate of `make check`: out-of-fold F1 on the seed corpus against the floors in bench/floors.json.

    python bench/gate.py                               # some seconds; exit status 1 below a floor
    python bench/gate.py --update                      # pin the present figures; refuses to lower a floor
    python bench/gate.py --update --allow-regression   # lowers it: say why in the commit

The figures are those that `tagger train` prints (paragraphs, micro and macro). Solver, folds and seed are fixed, so
on one machine they repeat to the digit. The tolerance is for other machines, where BLAS and compilers round
otherwise: a decision near its cut flips, and a cut learned from it moves. Labels have about 830 true paragraphs, so
that one flipped decision is worth .0005 of its label's F1 and .0001 of micro and macro: .006 is some sixty flips in
26,000. The fast tier, one view less, stands .007 below the default: a view lost is told. The bootstrap interval is
wider, but it is about other texts, and these are always the same.

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

from tagger import corpora, train
from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "bench" / "floors.json"
TOLERANCE = 0.006
FIGURES = ("micro_f1", "macro_f1")
SYSTEMS = {"default": train.TrainOptions(), "fast": train.TrainOptions(fast=True)}


def measured() -> dict:
    """Learn twice from the corpus; return digests and figures."""
    taxonomy = Taxonomy.load(ROOT / "labels.yaml")
    articles = corpora.load(ROOT / "seeds", taxonomy)
    figures = {}
    for name, options in SYSTEMS.items():
        began = time.perf_counter()
        quality = train.fit(taxonomy, articles, options).manifest["quality"]
        figures[name] = {figure: quality[figure] for figure in FIGURES}
        told = "  ".join(f"{figure} {figures[name][figure]:.4f}" for figure in FIGURES)
        print(f"{name}: {told}  ({time.perf_counter() - began:.1f} s)", flush=True)
    digests = {"taxonomy": taxonomy.digest, "corpus": train.corpus_digest(articles)}
    return {"digests": digests, "floors": figures, "tolerance": TOLERANCE}


def misses(found: dict, pinned: dict, tolerance: float) -> list[str]:
    """Return a line for each figure that is more than ``tolerance`` below its floor."""
    return [
        f"{name}: {figure} is {found['floors'][name][figure]:.4f}, the floor {floor:.4f} (tolerance {tolerance:g})."
        for name, floors in pinned["floors"].items()
        for figure, floor in floors.items()
        if found["floors"][name][figure] < floor - tolerance
    ]


def drift(found: dict, pinned: dict) -> list[str]:
    """Return a line for each input that is not the one the floors were pinned on."""
    return [
        f"the {name} has changed since the floors were pinned; if the figures are as they should be: --update."
        for name, digest in pinned["digests"].items()
        if found["digests"][name] != digest
    ]


def update(found: dict, pinned: dict | None, *, allowed: bool) -> list[str]:
    """Write the floors, unless one of them would fall; return why not."""
    lower = misses(found, pinned, 0) if pinned else []
    if lower and not allowed:
        return [*lower, "Nothing written. To lower a floor: --allow-regression, and say why in the commit."]
    partial = FLOORS.with_name(f".{FLOORS.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    partial.replace(FLOORS)
    print(f"wrote {FLOORS.relative_to(ROOT)}")
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="pin the present figures")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower a floor")
    options = parser.parse_args()
    pinned = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else None
    if pinned is None and not options.update:
        print(f"{FLOORS.relative_to(ROOT)} is missing: run with --update.", file=sys.stderr)
        return 1
    found = measured()
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
