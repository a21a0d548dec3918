"""Systems and tasks of bench/quality.py: who tags which texts after learning from which, every answer kept.

An answer is kept in a file named by the digest of all it comes from: the task's texts and labels, the system's version,
and how it is called here; ours also by the digest of our code. So a second run computes only what has changed, and a
run that was cut short goes on. Answers are tags of test texts, no text; they stay outside the project.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import quality_peers
import quality_sklearn

import tagger
from tagger import TopicClassifier, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tagger.taxonomy import Taxonomy


@dataclass(frozen=True)
class Task:
    """Texts to learn from and texts to tag; the columns of Y are ``labels``."""

    labels: tuple[str, ...]
    train: Sequence[str]
    Y: NDArray[np.bool_]
    test: Sequence[str]
    groups: tuple[int, ...] | None = None  # articles of the training texts; ours keeps them on one side of a fold
    taxonomy: Taxonomy | None = None  # for systems that read terms

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what every system sees."""
        seen = [list(self.train), _rows(self.Y), list(self.test), len(self.labels)]
        return _sha(json.dumps(seen, ensure_ascii=False))


@dataclass(frozen=True)
class System:
    """What can be asked: ``run`` answers tasks in their order, each {"tags", "train", "score"} (seconds)."""

    name: str
    version: str
    recipe: str
    run: Callable[[list[Task]], Iterator[dict]]
    mine: bool = False

    def key(self, task: Task) -> str:
        """Name the answer to a task."""
        own = (self.name, self.version, self.recipe, task.digest)
        if self.mine:
            read = task.taxonomy.digest if task.taxonomy else ""
            own += (json.dumps(task.groups), read, code())
        return _sha("\n".join(own))


class Answers:
    """The kept answers; ``folder`` None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def of(self, system: System, tasks: list[Task]) -> list[dict]:
        """Return the answer to each task, from the folder where it is known."""
        paths = [self._path(system.key(task)) for task in tasks]
        found = [json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else None for path in paths]
        missing = [at for at, answer in enumerate(found) if answer is None]
        if missing:
            for at, answer in zip(missing, system.run([tasks[at] for at in missing]), strict=True):
                found[at] = answer
                if path := paths[at]:
                    replace(path, json.dumps(answer))
        return [answer for answer in found if answer is not None]

    def _path(self, key: str) -> Path | None:
        return self.folder / key[:2] / f"{key}.json" if self.folder else None


def tags(answer: dict, labels: int) -> NDArray[np.bool_]:
    """Return an answer's tags as indicators."""
    out = np.zeros((len(answer["tags"]), labels), bool)
    for at, row in enumerate(answer["tags"]):
        out[at, row] = True
    return out


def ours(name: str, *, with_terms: bool = False, fast: bool = False, label_words: bool = True) -> System:
    """Return our default configuration, with or without the terms of the task's taxonomy, or the labels' words."""

    def run(tasks: list[Task]) -> Iterator[dict]:
        for task in tasks:
            began = process_time()
            table = terms.expand(task.taxonomy) if with_terms and task.taxonomy else None
            model = TopicClassifier(terms=table, labels=task.labels, threads=1, fast=fast, label_words=label_words)
            model.fit(list(task.train), task.Y, groups=task.groups)
            learned = process_time()
            given = model.predict(list(task.test))
            said = [round(model.report_[figure], 4) for figure in ("micro_f1", "macro_f1") if figure in model.report_]
            yield _answer(given, learned - began, process_time() - learned) | {"out_of_fold": said}

    return System(
        name, f"tagger {version('tagger')}", f"terms={with_terms} fast={fast} names={label_words}", run, mine=True
    )


def local(name: str, what: str, recipe: str, learn: Callable) -> System:
    """Return a system of this process: ``learn(train, Y)`` returns a function that tags texts."""

    def run(tasks: list[Task]) -> Iterator[dict]:
        for task in tasks:
            began = process_time()
            tag = learn(list(task.train), task.Y)
            learned = process_time()
            yield _answer(tag(list(task.test)), learned - began, process_time() - learned)

    return System(name, what, recipe, run)


def scikit_learns() -> list[System]:
    """Return the systems of quality_sklearn.py."""
    what = f"scikit-learn {version('scikit-learn')}"
    return [local(name, what, quality_sklearn.recipe(name), learn) for name, learn in quality_sklearn.SYSTEMS.items()]


def peers(pythons: Sequence[str]) -> list[System]:
    """Return the systems of quality_peers.py that one of the Pythons has, and tell which none has."""
    worker = str(Path(quality_peers.__file__))
    found: dict[str, System] = {}
    for python in pythons:
        told = subprocess.run([python, worker, "--have"], capture_output=True, text=True, check=True)
        for name, what in json.loads(told.stdout).items():
            runner = _runner(name, [python, worker])
            found.setdefault(name, System(name, what, quality_peers.recipe(name), runner))
    for name, (packages, _) in quality_peers.SYSTEMS.items():
        if pythons and name not in found:
            print(f"{name}: left out, no --peers Python has {' and '.join(packages)}", file=sys.stderr)
    return list(found.values())


def _runner(name: str, worker: list[str]) -> Callable[[list[Task]], Iterator[dict]]:
    def run(tasks: list[Task]) -> Iterator[dict]:
        number: dict[str, int] = {}
        asked = [
            {
                "train": [number.setdefault(text, len(number)) for text in task.train],
                "Y": _rows(task.Y),
                "test": [number.setdefault(text, len(number)) for text in task.test],
            }
            for task in tasks
        ]
        given = {"system": name, "labels": len(tasks[0].labels), "texts": list(number), "tasks": asked}
        one_core = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        settings = os.environ | one_core | {"TOKENIZERS_PARALLELISM": "false"}
        with (
            TemporaryFile("w+", encoding="utf-8") as said,  # some draw progress bars
            subprocess.Popen(
                worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, env=settings
            ) as process,
        ):
            assert process.stdin is not None  # noqa: S101 - both are pipes
            assert process.stdout is not None  # noqa: S101
            json.dump(given, process.stdin)
            process.stdin.close()
            yield from map(json.loads, process.stdout)
            if process.wait():
                said.seek(0)
                last = (said.read().strip() or f"status {process.returncode}").splitlines()[-1]
                raise RuntimeError(f"{name} stopped: {last}")

    return run


@cache
def code() -> str:
    """Return the digest of our own source, C and Python."""
    folder = Path(tagger.__file__).parent
    files = sorted(path for kind in ("*.py", "*.c", "*.h") for path in folder.rglob(kind))
    return _sha("\n".join(f"{path.relative_to(folder)} {_sha(path.read_text(encoding='utf-8'))}" for path in files))


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _answer(given: NDArray, train: float, score: float) -> dict:
    return {"tags": _rows(np.asarray(given)), "train": round(train, 2), "score": round(score, 2)}


def _rows(Y: NDArray) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in Y]


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
