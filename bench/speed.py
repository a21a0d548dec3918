"""How fast tagging and training are, beside others on the same texts: writes docs/speed.md and docs/speed.svg.

    python bench/speed.py --peers ENV/bin/python            # some ten minutes
    python bench/speed.py --peers ENV/bin/python --quick    # two, for a look; writes nothing

ENV is an environment with bench/requirements-peers.txt; what is missing there is left out and named. The texts come
from bench/synthetic.py. Systems take turns, so that a busy machine is busy for all of them; what is told is processor
time, as medians of paired ratios with their ranges, unless it says wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import speed_measures as measures
import speed_report as report
import synthetic

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"

OURS = ["tagger words", "tagger words + characters"]
SIX = [
    *OURS, "scikit-learn words", "scikit-learn words + characters", "fastText word bigrams",
    "fastText bigrams + subwords", "Vowpal Wabbit word bigrams", "Omikuji words", "Annif Omikuji words", "Annif tfidf",
    "spaCy textcat_bow",
]  # fmt: skip
HUNDRED = [*OURS, "scikit-learn words", "scikit-learn words + characters", "fastText word bigrams"]


class Worker:
    """A system in its own process (bench/speed_workers.py)."""

    def __init__(self, name: str, peers: str, corpus: Path) -> None:
        self.name = name
        python = sys.executable if name.startswith("tagger") else peers
        self._process = subprocess.Popen(
            [python, HERE / "speed_workers.py", name, corpus],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        line = self._process.stdout.readline()
        self.facts = json.loads(line) if line else None  # None: it is not installed, or failed
        self.seconds: list[float] = []

    def run(self) -> None:
        """Score the next part of the test texts."""
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        self.seconds.append(said["seconds"])
        self.facts["peak"] = said["peak"]

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()


def scoring(names: list[str], labels: int, peers: str, scratch: Path, *, train: int, test: int, rounds: int) -> dict:
    """Return what each system takes for a text, and how good it is."""
    known = synthetic.corpus(train, labels)
    asked = synthetic.corpus(test * rounds, labels, seed=1)
    parts = [asked.texts[at : at + test] for at in range(0, len(asked.texts), test)]
    corpus = scratch / f"{labels}.json"
    rows = [np.flatnonzero(row).tolist() for row in known.Y]
    corpus.write_text(json.dumps({"train": known.texts, "Y": rows, "test": parts, "labels": labels}))
    workers = [Worker(name, peers, corpus) for name in names]
    missing = [w.name for w in workers if not w.facts]
    workers = [w for w in workers if w.facts]
    for _ in range(rounds):
        for worker in workers:
            worker.run()
    result = {}
    for worker in workers:
        worker.close()
        scores = np.load(scratch / f"{worker.name}.npy")
        result[worker.name] = {
            "version": worker.facts["version"],
            "train": worker.facts["train"],
            "peak": worker.facts["peak"],
            "micros": [1e6 * s / test for s in worker.seconds],
            "f1": best_f1(scores, asked.Y),
        }
    return {"systems": result, "missing": missing, "labels": labels, "train": train, "test": test,
            "bytes": round(np.mean([len(t.encode()) for t in asked.texts]))}  # fmt: skip


def best_f1(scores: np.ndarray, Y: np.ndarray) -> float:
    """Return the micro-F1 of the best single threshold: the same favour for every system."""
    order = np.argsort(-scores, axis=None, kind="stable")
    hits = np.cumsum(Y.ravel()[order])
    return float((2 * hits / (np.arange(1, len(hits) + 1) + Y.sum())).max())


def paired(top: list[float], bottom: list[float]) -> tuple[float, float, float]:
    """Return median, least and greatest of the ratios of runs that stood beside each other."""
    ratios = [a / b for a, b in zip(top, bottom, strict=True)]
    return median(ratios), min(ratios), max(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the other systems")
    parser.add_argument("--quick", action="store_true", help="small and rough; prints, writes nothing")
    parser.add_argument("--only", help="parts to measure again, as in six,path: the rest of the page stays")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    quick = options.quick
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        size = {"train": 600, "test": 100, "rounds": 3} if quick else {"train": 1500, "test": 400, "rounds": 5}
        parts = {
            "six": lambda: scoring(SIX, 6, options.peers, scratch, **size),
            "hundred": lambda: scoring(HUNDRED, 100, options.peers, scratch, **size),
            "threads": lambda: measures.threads(rounds=5 if quick else 15),
            "path": lambda: measures.path(scratch, files=300 if quick else 2000, rounds=3 if quick else 5),
            "cold": lambda: measures.cold(scratch, rounds=5 if quick else 21),
            "training": lambda: measures.training(2000 if quick else 20_000, 20 if quick else 100, options.peers),
            "growth": lambda: measures.growth(quick=quick),
        }
        for name, measure in parts.items():
            if options.only and name not in options.only.split(","):
                continue
            began, figures = time.perf_counter(), measure()
            print(report.section(name, figures, paired), flush=True)
            if not quick:
                _keep(name, figures, (time.perf_counter() - began) / 60)


def _keep(name: str, figures: dict, minutes: float) -> None:
    """Put one part's figures into docs/speed.json, and make the page of what is there."""
    kept = DOCS / "speed.json"
    parts = json.loads(kept.read_text()) if kept.exists() else {}
    figures |= {"minutes": round(minutes, 1), "load": round(os.getloadavg()[0], 1)}
    parts[name] = figures
    kept.write_text(json.dumps(parts, indent=1) + "\n")
    machine = f"Python {platform.python_version()}; {os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    (DOCS / "speed.md").write_text(report.page(machine, parts, paired), encoding="utf-8")
    if "growth" in parts:
        (DOCS / "speed.svg").write_text(report.picture(parts["growth"]["curves"]), encoding="utf-8")


if __name__ == "__main__":
    main()
