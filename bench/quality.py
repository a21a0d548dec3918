"""Measure quality beside other systems and write docs/quality.md.

    python bench/quality.py --data DIR                            # ours and scikit-learn's
    python bench/quality.py --data DIR --peers ENV/bin/python     # and the peers that ENV has
    python bench/quality.py --data DIR --only opp115-majority     # one set; the others' figures stay
    python bench/quality.py --corpus --curves                     # the seed corpus; needs no DIR

DIR holds reuters90/, opp115-majority/ and goemotions/, each with train.jsonl.gz and test.jsonl.gz: one object a line
with "text" and "labels". ENV is an environment with bench/requirements-peers.txt. Figures are kept in
bench/quality.json, from which the page is made; nothing of the sets is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import quality_corpus
import quality_peers
import quality_report
import quality_sets
import quality_sklearn
from filelock import FileLock

from tagger import TopicClassifier

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "bench" / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
OURS = {"tagger": {}, "tagger, fast": {"fast": True}}


def ours(split: quality_sets.Split, options: dict) -> dict:
    began = time.process_time()
    model = TopicClassifier(labels=split.labels, threads=1, **options).fit(split.train, split.Y)
    seconds = time.process_time() - began
    told = {"out_of_fold": [round(model.report_[name], 4) for name in ("micro_f1", "macro_f1")]}
    return row(split, model.predict(split.test), seconds, f"tagger {version('tagger')}") | told


def sklearn(split: quality_sets.Split, system) -> dict:
    began = time.process_time()
    given = system(split.train, split.Y, split.test)
    return row(split, given, time.process_time() - began, f"scikit-learn {version('scikit-learn')}")


def peer(split: quality_sets.Split, name: str, python: str) -> dict | None:
    asked = {
        "system": name,
        "labels": len(split.labels),
        "train": split.train,
        "Y": [np.flatnonzero(y).tolist() for y in split.Y],
        "test": split.test,
    }
    worker = [python, str(Path(quality_peers.__file__))]
    done = subprocess.run(worker, input=json.dumps(asked), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {name}: left out ({(done.stderr.strip() or 'no message').splitlines()[-1]})", flush=True)
        return None
    answer = json.loads(done.stdout)
    given = np.zeros(split.truth.shape, bool)
    for at, tags in enumerate(answer["tags"]):
        given[at, tags] = True
    return row(split, given, answer["seconds"], answer["version"])


def row(split: quality_sets.Split, given: np.ndarray, seconds: float, what: str) -> dict:
    return {**quality_sets.figures(split.truth, given), "seconds": round(seconds, 1), "version": what}


def measure(folder: Path, peers: str | None) -> None:
    """Measure every system on one set, each kept as soon as it is known."""
    split = quality_sets.load(folder)
    plan = {name: lambda o=options: ours(split, o) for name, options in OURS.items()}
    plan |= {name: lambda s=system: sklearn(split, s) for name, system in quality_sklearn.SYSTEMS.items()}
    if peers:
        plan |= {name: lambda n=name: peer(split, n, peers) for name in quality_peers.SYSTEMS}
    facts = {"files": split.files, "train": len(split.train), "test": len(split.test), "labels": len(split.labels)}
    for name, run in plan.items():
        found = run()
        if found is not None:
            print(f"{folder.name}: {name}: {found}", flush=True)
            keep(lambda kept, n=name, f=found: _put(kept, folder.name, facts, n, f))


def _put(kept: dict, name: str, facts: dict, system: str, found: dict) -> None:
    entry = kept.setdefault("sets", {}).setdefault(name, {})
    if entry.get("files", facts["files"]) != facts["files"]:
        entry.clear()  # figures of other data are no company
    entry.update(facts)
    entry.setdefault("systems", {})[system] = {**found, "date": f"{datetime.now(UTC):%Y-%m-%d}"}


def keep(change) -> None:
    """Change bench/quality.json in one piece, and make the page anew; sets may be measured side by side."""
    names = ("numpy", "scipy", "scikit-learn")
    with FileLock(Path(tempfile.gettempdir()) / "tagger-quality.lock"):
        kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
        change(kept)
        kept["versions"] = {"python": platform.python_version()} | {name: version(name) for name in names}
        replace(KEPT, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        replace(PAGE, quality_report.page(kept))


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--peers", metavar="PYTHON", help="the Python that has the other systems")
    parser.add_argument("--only", choices=tuple(quality_sets.SETS), help="one set")
    parser.add_argument("--corpus", action="store_true", help="cross-validate on the seed corpus")
    parser.add_argument("--curves", action="store_true", help="few labelled paragraphs of the seed corpus")
    options = parser.parse_args()
    for name in quality_sets.SETS if options.data and not options.only else [options.only] * bool(options.data):
        measure(options.data / name, options.peers)
    if options.corpus:
        found = quality_corpus.crossed(ROOT)
        keep(lambda kept: kept.update(corpus=found))
    if options.curves:
        points = quality_corpus.few(ROOT)
        replace(ROOT / "docs" / "img" / "few-labels.svg", quality_report.picture(points))
        keep(lambda kept: kept.update(curve=points))
    keep(lambda _: None)
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
