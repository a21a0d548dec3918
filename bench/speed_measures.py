"""What bench/speed.py measures in processes of our own: threads, the whole path, starts, training, growth."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import synthetic

from tagger import batch, engine, features, store
from tagger.linear import Calibration, LinearModel, NgramBlock
from tagger.taxonomy import Taxonomy

TYPER = """import typer
app = typer.Typer()
@app.command()
def main(path: str) -> None:
    typer.echo(path)
app()
"""

#: The peer of training, in the other environment: labels are alike, so a few tell what all take.
LINEAR_SVC = """import json, sys, time
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
data = json.load(open(sys.argv[1]))
Y = np.zeros((len(data["train"]), data["labels"]), bool)
for row, labels in zip(Y, data["Y"]):
    row[labels] = True
start = time.process_time()
vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
X = vectorizer.fit_transform(data["train"])
vectors = time.process_time() - start
fold = np.arange(len(Y)) % 5
T = vectorizer.transform(data["test"])
def best_cut(margin, y):
    order = np.argsort(-margin)
    hits = np.cumsum(y[order])
    return margin[order][np.argmax(2 * hits / (np.arange(1, len(y) + 1) + y.sum()))]
start = time.process_time()
flags = []
for label in range(data["few"]):
    margin = np.empty(len(Y))
    for k in range(5):
        margin[fold == k] = LinearSVC().fit(X[fold != k], Y[fold != k, label]).decision_function(X[fold == k])
    machine = LinearSVC().fit(X, Y[:, label])
    flags.append((machine.decision_function(T) >= best_cut(margin, Y[:, label])).tolist())
a_label = (time.process_time() - start) / data["few"]
print(json.dumps({"vectors": vectors, "a_label": a_label, "flags": flags}))
"""


def model(texts: list[str], labels: int, views=(features.WORDS, features.CHARACTERS)) -> store.StoredModel:
    """Return a packed model with random weights: speed does not hang on their values."""
    random = np.random.default_rng(0)
    blocks = []
    for view in views:
        vocabulary, _ = features.learn(texts, view, min_df=2)
        weights = random.normal(size=(len(vocabulary.features), labels)).astype(np.float32)
        blocks.append(NgramBlock(view.kind, view.ngram_range, vocabulary.features, vocabulary.idf, weights))
    ids = tuple(f"label-{k}" for k in range(labels))
    curves = Calibration(np.ones(labels), np.zeros(labels), (None,) * labels)
    linear = LinearModel(ids, tuple(blocks), None, np.full(labels, -2.0), np.zeros(labels), curves)
    return store.pack(linear, taxonomy=Taxonomy.of(ids), languages=("en",))


def threads(*, rounds: int) -> dict:
    """Wall time of one thread and of two on the same texts, in turns."""
    texts = synthetic.corpus(3000, 6).texts
    running = engine.open(model(texts[:1500], 6))
    halves = [texts[::2], texts[1::2]]
    one, two = [], []
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(running.margins, halves))  # each thread has its scratch from now on
        for _ in range(rounds):
            start = time.perf_counter()
            for half in halves:
                running.margins(half)
            one.append(time.perf_counter() - start)
            start = time.perf_counter()
            list(pool.map(running.margins, halves))
            two.append(time.perf_counter() - start)
    return {"one": one, "two": two}


def path(scratch: Path, *, files: int, rounds: int) -> dict:
    """Processor time of `tagger tag FOLDER -o FILE`, and of reading the same files and writing JSON lines."""
    texts = synthetic.corpus(files, 6).texts
    stored = scratch / "model"
    store.save(model(texts[:1500], 6), stored)
    folder = scratch / "news"
    folder.mkdir()
    for k, text in enumerate(texts):
        (folder / f"{k:05}.txt").write_text(f"Headline of report {k}\n\n{text}\n", encoding="utf-8")
    ours, bare = [], []
    for k in range(rounds):
        options = batch.BatchOptions(model=str(stored), jobs=1, engine="here")
        target = scratch / f"out-{k}.jsonl"
        ours.append(_spent(lambda to=target, how=options: batch.run([str(folder)], to, how)))
        bare.append(_spent(lambda: _copied(folder, scratch / "copy.jsonl")))
    return {"ours": [s / files for s in ours], "bare": [s / files for s in bare], "files": files}


def _copied(folder: Path, target: Path) -> None:
    with target.open("w", encoding="utf-8") as out:
        for file in sorted(folder.iterdir()):
            text = file.read_text(encoding="utf-8")
            out.write(json.dumps({"id": file.stem, "text": text}, ensure_ascii=False) + "\n")


def _spent(work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def cold(scratch: Path, *, rounds: int) -> dict:
    """Processor time of a whole process: a Typer program that prints a line, and tagging one file."""
    texts = synthetic.corpus(1500, 6).texts
    stored = scratch / "cold-model"
    if not stored.exists():
        store.save(model(texts, 6), stored)
    (scratch / "one.txt").write_text(texts[0], encoding="utf-8")
    (scratch / "typer_one.py").write_text(TYPER)
    tag = [str(Path(sys.executable).with_name("tagger")), "tag", "one.txt", "--model", str(stored)]
    asked = {
        "typer": ([sys.executable, "typer_one.py", "one.txt"], {}),
        "c": ([sys.executable, *tag], {}),
        "python": ([sys.executable, *tag], {"TAGGER_ENGINE": "python"}),
    }
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds + 1):
        for name, (command, more) in asked.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, cwd=scratch, env={**os.environ, **more}, stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent[name].append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return {name: figures[1:] for name, figures in spent.items()}  # the first run compiles


def training(texts: int, labels: int, peers: str) -> dict:
    """Processor time of learning with cuts and calibration, ours and scikit-learn's, and the F1 of both."""
    from tagger.calibration import f1
    from tagger.estimator import TopicClassifier

    known, asked = synthetic.corpus(texts, labels), synthetic.corpus(2000, labels, seed=1)
    few = 1 if labels < 100 else 2
    rows = [np.flatnonzero(row).tolist() for row in known.Y]
    file = Path("/tmp") / f"speed-training-{os.getpid()}.json"  # noqa: S108 - removed below
    file.write_text(json.dumps({"train": known.texts, "Y": rows, "test": asked.texts, "labels": labels, "few": few}))
    try:
        # In turns: the machine may be busier at one time than at another.
        first, machine = _learned(TopicClassifier, known, labels)
        said = json.loads(
            subprocess.run([peers, "-c", LINEAR_SVC, file], capture_output=True, text=True, check=True).stdout
        )
        second, _ = _learned(TopicClassifier, known, labels)
    finally:
        file.unlink()
    given = machine.predict(asked.texts).astype(bool)
    theirs = np.array(said["flags"]).T
    return {
        "texts": texts, "labels": labels, "few": few, "features": machine.report_["features"], "ours": [first, second],
        "vectors": said["vectors"], "a_label": said["a_label"],
        "theirs": said["vectors"] + labels * said["a_label"],
        "f1": f1(asked.Y[:, :few], given[:, :few]), "their_f1": f1(asked.Y[:, :few], theirs),
        "all_f1": f1(asked.Y, given),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def _learned(make, known, labels: int):
    start = time.process_time()
    machine = make(fast=True, C=1.0, min_df=2, labels=[f"label-{k}" for k in range(labels)], threads=1)
    machine.fit(known.texts, known.Y)
    return time.process_time() - start, machine


def growth(*, quick: bool) -> dict:
    """Seconds against texts, labels, vocabulary and length; one thing grows at a time."""
    texts = synthetic.corpus(1200, 6).texts
    few = texts[:200]
    running = engine.open(model(texts[:600], 6))
    steps = 4 if quick else 6
    long = ["\n\n".join(texts[:k]) for k in (2**j for j in range(steps))]
    curves = {
        "texts": [(n, _best(running, few * (n // 200))) for n in (200 * 2**j for j in range(steps))],
        "characters of a text": [(len(t), _best(running, [t] * 50)) for t in long],
        "labels": [(L, _best(engine.open(model(texts[:300], L)), few)) for L in (7, 31, 63, 127, 255, 511)[:steps]],
        "n-grams of the vocabulary": [],
    }
    for n in (75, 150, 300, 600, 1200)[:steps]:
        packed = model(texts[:n], 6)
        size = sum(block.features for block in packed.blocks)
        curves["n-grams of the vocabulary"].append((size, _best(engine.open(packed), few)))
    learned = []
    for n in (1000, 2000, 4000, 8000)[: 3 if quick else 4]:
        corpus = synthetic.corpus(n, 20)
        learned.append((n, _spent(lambda corpus=corpus: _fit(corpus))))
    curves["texts learned from (training)"] = learned
    return {"curves": {name: {"points": p, "exponent": _exponent(p)} for name, p in curves.items()}}


def _fit(corpus) -> None:
    from tagger import coordinate

    _, X = features.learn(corpus.texts, features.WORDS, min_df=2)
    coordinate.fit(X, corpus.Y, tol=0.1)


def _best(running: engine.Engine, texts: list[str]) -> float:
    running.margins(texts[:50])
    return min(_spent(lambda: running.margins(texts)) for _ in range(5))


def _exponent(points: list[tuple[int, float]]) -> float:
    x, y = np.log(np.array(points, float)).T
    return float(np.polyfit(x, y, 1)[0])
