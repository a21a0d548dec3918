"""Measure quality beside other systems and write docs/quality.md.

    python bench/quality.py --data DIR                            # ours and scikit-learn's, on the public sets
    python bench/quality.py --data DIR --peers ENV/bin/python     # and the peers that ENV has; --peers may be repeated
    python bench/quality.py --data DIR --only opp115-majority     # one set; the others' figures stay
    python bench/quality.py --data DIR --few --no-sets            # 5 to 50 texts a label (without DIR the corpus alone)
    python bench/quality.py --data DIR --times --no-sets          # time to train, beside LibMultiLabel's 1vsrest
    python bench/quality.py --corpus --curves                     # the seed corpus; needs no DIR
    python bench/quality.py                                       # the page alone, from the figures kept

DIR holds reuters90/, opp115-majority/ and goemotions/, each with train.jsonl.gz and test.jsonl.gz: one object a line
with "text" and "labels". ENV is an environment with bench/requirements-peers.txt. Figures are kept in
bench/quality.json, from which the page is made. What each system answered is kept in --cache by the digests of data and
code and by versions, so that a run computes only what has changed; nothing of the sets is in the project.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import quality_corpus
import quality_few
import quality_pictures
import quality_report
import quality_sets
import quality_systems
from filelock import FileLock
from quality_few import TEXTS_ALONE, WITH, WITHOUT

from tagger import metrics

if TYPE_CHECKING:
    from quality_systems import Answers, System

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
KEPT = BENCH / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
IMAGES = ROOT / "docs" / "img"
ROUNDS = 3
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tagger-bench"


def measure(folder: Path, systems: list[System], answers: Answers) -> None:
    """Measure every system on one set, each kept as soon as it is known; ours is first, the others stand beside it."""
    split = quality_sets.load(folder)
    facts = {"files": split.files, "train": len(split.train), "test": len(split.test), "labels": len(split.labels)}
    task = quality_systems.Task(split.labels, split.train, split.Y, split.test)
    mine: metrics.Tally | None = None
    for system in systems:
        try:
            (answer,) = answers.of(system, [task])
        except RuntimeError as failure:
            print(f"{folder.name}: {failure}", flush=True)
            continue
        given = quality_systems.tags(answer, len(split.labels))
        row = quality_sets.figures(split.truth, given)
        row |= {"seconds": answer["train"], "score": answer["score"], "version": system.version}
        row |= {name: answer[name] for name in ("out_of_fold",) if answer.get(name)}
        tally = metrics.Tally.of(split.truth, given, np.arange(len(split.truth)))
        if mine is None:
            mine = tally
        else:
            row["ours_less"] = {name: _paired(mine, tally, f"{name}.f1") for name in ("micro", "macro")}
        print(f"{folder.name}: {system.name}: {row}", flush=True)
        keep(lambda kept, n=system.name, r=row: _put(kept, folder.name, facts, n, r))


def _paired(mine: metrics.Tally, other: metrics.Tally, figure: str) -> list[float]:
    value, around, _ = metrics.paired(mine, other, figure)
    return [round(float(v), 4) for v in (value, around.low, around.high)]


def _put(kept: dict, name: str, facts: dict, system: str, found: dict) -> None:
    entry = kept.setdefault("sets", {}).setdefault(name, {})
    if entry.get("files", facts["files"]) != facts["files"]:
        entry.clear()  # figures of other data are no company
    entry.update(facts)
    entry.setdefault("systems", {})[system] = {**found, "date": f"{datetime.now(UTC):%Y-%m-%d}"}


def keep(change) -> None:
    """Change bench/quality.json in one piece, and make the page and its pictures anew."""
    names = ("numpy", "scipy", "scikit-learn")
    with FileLock(Path(tempfile.gettempdir()) / "tagger-quality.lock"):
        kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
        change(kept)
        kept["versions"] = {"python": platform.python_version()} | {name: version(name) for name in names}
        quality_systems.replace(KEPT, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        quality_systems.replace(PAGE, quality_report.page(kept))
        if "few" in kept:
            quality_systems.replace(IMAGES / "few-labels.svg", quality_pictures.few(kept["few"]))
        if "curve" in kept:
            quality_systems.replace(IMAGES / "curve.svg", quality_pictures.curve(kept["curve"]))


def few(options: argparse.Namespace, peers: list[System], answers: Answers) -> None:
    """Measure few texts a label, with every system."""
    mine = [quality_systems.ours(WITH, with_terms=True), quality_systems.ours(WITHOUT)]
    mine.append(quality_systems.ours(TEXTS_ALONE, label_words=False))
    pools = {"corpus": lambda: quality_few.corpus(ROOT)}
    if options.data:
        pools = {"reuters90": lambda: quality_few.reuters(options.data, BENCH)} | pools
    for name, pool in pools.items():
        print(f"few labels, {name}:", flush=True)
        found = quality_few.few(pool(), [*mine, *quality_systems.scikit_learns(), *peers], answers)
        keep(lambda kept, n=name, f=found: kept.setdefault("few", {}).update({n: f}))


def times(folder: Path, peers: list[System]) -> None:
    """Train in turn, nothing kept from before, and keep the processor seconds of each round."""
    split = quality_sets.load(folder)
    task = quality_systems.Task(split.labels, split.train, split.Y, split.test[:1])
    timed = [quality_systems.ours("tagger"), quality_systems.ours("tagger, fast", fast=True)]
    timed += [
        system for system in (*quality_systems.scikit_learns(), *peers) if system.name in quality_report.TIMED_AGAINST
    ]
    seconds: dict[str, list[float]] = {system.name: [] for system in timed}
    for _ in range(ROUNDS):
        for system in timed:
            (answer,) = system.run([task])
            seconds[system.name].append(answer["train"])
        print(f"{folder.name}: seconds to train {seconds}", flush=True)
    keep(lambda kept: kept.update(times={"rounds": ROUNDS, "seconds": seconds}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--peers", action="append", default=[], metavar="PYTHON", help="a Python with other systems")
    parser.add_argument("--only", choices=tuple(quality_sets.SETS), help="one set")
    parser.add_argument("--no-sets", action="store_true", help="leave out the whole sets")
    parser.add_argument("--few", action="store_true", help="few texts a label, of Reuters (with --data) and the corpus")
    parser.add_argument("--corpus", action="store_true", help="cross-validate on the seed corpus")
    parser.add_argument("--curves", action="store_true", help="few labelled paragraphs of the seed corpus")
    parser.add_argument("--times", action="store_true", help="time to train on Reuters, beside LibMultiLabel's 1vsrest")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="DIR", help=f"where answers are kept ({CACHE})")
    options = parser.parse_args()
    answers = quality_systems.Answers(options.cache)
    peers = quality_systems.peers(options.peers)
    if options.data and not options.no_sets:
        mine = [quality_systems.ours("tagger"), quality_systems.ours("tagger, fast", fast=True)]
        mine.append(quality_systems.ours(TEXTS_ALONE, label_words=False))
        for name in [options.only] if options.only else quality_sets.SETS:
            measure(options.data / name, [*mine, *quality_systems.scikit_learns(), *peers], answers)
    if options.times and options.data:
        times(options.data / "reuters90", peers)
    if options.few:
        few(options, peers, answers)
    if options.curves:
        pool = quality_few.corpus(ROOT)
        mine = [quality_systems.ours(WITH, with_terms=True), quality_systems.ours(WITHOUT)]
        found = quality_few.curve(pool, [*mine, quality_few.plain(pool.taxonomy)], answers)
        keep(lambda kept: kept.update(curve=found))
    if options.corpus:
        found = quality_corpus.crossed(ROOT)
        keep(lambda kept: kept.update(corpus=found))
    keep(lambda _: None)
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
