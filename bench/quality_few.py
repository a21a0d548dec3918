"""Few labels: 5, 10, 20, 50 texts a label from Reuters' ten largest topics and from the seed corpus, in ten draws.

A draw goes through the labels, the rarest first, and adds texts that bear the label until so many do; in the corpus, as
many paragraphs without a topic come along, since such are tagged too. A smaller draw lies within the larger ones of its
seed, but for a text or two where texts bear several labels. Every system learns from the same draws and tags the same
test texts.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import quality_draws
import quality_sets
import quality_systems
from quality_systems import Task

from tagger import calibration, corpora
from tagger.evaluate import folding, rivals
from tagger.indicators import indicators
from tagger.taxonomy import Taxonomy
from tagger.train import corpus_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

#: Texts a label.
SIZES = (5, 10, 20, 50)
#: Paragraphs of the corpus, whatever they bear; None: all of the training articles'.
CURVE = (0, 25, 50, 100, 200, None)
DRAWS = 10

WITH, WITHOUT, TEXTS_ALONE = quality_draws.MINE
PLAIN = "plain TF-IDF"


@dataclass(frozen=True)
class Pool:
    """Texts to draw from and texts to test on."""

    taxonomy: Taxonomy
    train: list[str]
    Y: NDArray[np.bool_]
    groups: tuple[int, ...]
    test: list[str]
    truth: NDArray[np.bool_]
    unlabelled: bool  # draw texts without a label too
    digest: str

    def task(self, part: Sequence[int]) -> Task:
        """Return the task of learning from these texts."""
        chosen = [int(at) for at in part]
        groups = tuple(self.groups[at] for at in chosen)
        texts = [self.train[at] for at in chosen]
        return Task(self.taxonomy.ids, texts, self.Y[chosen], self.test, groups, self.taxonomy)


def reuters(data: Path, bench: Path) -> Pool:
    """Return the texts that bear one of the ten topics with the most training texts; other topics are left out."""
    split = quality_sets.load(data / "reuters90")
    taxonomy = Taxonomy.load(bench / "reuters_topics.yaml")
    ten = [split.labels.index(label) for label in taxonomy.ids]
    if set(ten) != set(np.argsort(-split.Y.sum(axis=0), kind="stable")[:10].tolist()):
        raise SystemExit("reuters_topics.yaml does not hold the ten largest topics of this version of the set.")
    train, test = (np.flatnonzero(Y[:, ten].any(axis=1)) for Y in (split.Y, split.truth))
    return Pool(
        taxonomy,
        [split.train[at] for at in train],
        split.Y[np.ix_(train, ten)],
        tuple(range(len(train))),
        [split.test[at] for at in test],
        split.truth[np.ix_(test, ten)],
        unlabelled=False,
        digest=next(iter(split.files.values())),
    )


def corpus(root: Path) -> Pool:
    """Return the paragraphs of two thirds of the articles to draw from; near-duplicate articles stay on one side."""
    taxonomy = Taxonomy.load(root / "labels.yaml")
    articles = corpora.load(root / "seeds", taxonomy)
    families = folding.families(articles)
    every = np.unique(families)
    tested = set(np.random.default_rng(0).permutation(every)[: len(every) // 3].tolist())
    rows = [(at, p) for at, article in enumerate(articles) for p in article.paragraphs]
    held = np.array([int(families[at]) in tested for at, _ in rows])
    Y, _ = indicators([p.labels for _, p in rows], taxonomy.ids)
    train, test = ([rows[at] for at in np.flatnonzero(side)] for side in (~held, held))
    return Pool(
        taxonomy,
        [p.text for _, p in train],
        Y[~held].astype(bool),
        tuple(at for at, _ in train),
        [p.text for _, p in test],
        Y[held].astype(bool),
        unlabelled=True,
        digest=corpus_digest(articles),
    )


def drawn(Y: NDArray[np.bool_], size: int, seed: int, *, unlabelled: bool) -> list[int]:
    """Return texts such that each label has ``size`` of them, or all it has."""
    order = np.random.default_rng(seed).permutation(len(Y))
    chosen: list[int] = []
    for label in np.argsort(Y.sum(axis=0), kind="stable"):
        missing = size - int(Y[chosen, label].sum())
        known = set(chosen)
        left = [int(at) for at in order if Y[at, label] and at not in known]
        chosen += left[: max(missing, 0)]
    if unlabelled:
        chosen += [int(at) for at in order if not Y[at].any()][:size]
    return chosen


def measure(pool: Pool, systems: list, answers: quality_systems.Answers, sizes: dict[str, list[Sequence[int]]]) -> dict:
    """Return size -> system -> figure -> a value a draw; ``sizes`` tells each size's draws."""
    points: dict[str, dict] = {size: {} for size in sizes}
    for system in systems:
        asked = [(size, pool.task(part)) for size, parts in sizes.items() for part in parts]
        if system.name != WITH:
            asked = [(size, task) for size, task in asked if task.train]  # the others have nothing to go by
        try:
            found = answers.of(system, [task for _, task in asked])
        except RuntimeError as failure:
            print(f"  {failure}", flush=True)
            continue
        for (size, _), answer in zip(asked, found, strict=True):
            given = quality_systems.tags(answer, len(pool.taxonomy.ids))
            row = points[size].setdefault(system.name, {"micro": [], "macro": []})
            for name, value in zip(("micro", "macro"), calibration.f1(pool.truth, given), strict=True):
                row[name].append(round(value, 4))
        means = {
            size: round(float(np.mean(by[system.name]["micro"])), 3)
            for size, by in points.items()
            if by.get(system.name)
        }
        print(f"  {system.name}: {means}", flush=True)
    rule = rivals.terms_rule(pool.taxonomy, [], pool.Y[:0], pool.test)
    micro, macro = calibration.f1(pool.truth, rule)
    return {
        "digest": pool.digest,
        "taxonomy": pool.taxonomy.digest,
        "labels": len(pool.taxonomy.ids),
        "tested": len(pool.test),
        "rule": {"micro": [round(micro, 4)], "macro": [round(macro, 4)]},
        "texts": {size: [len(part) for part in parts] for size, parts in sizes.items()},
        "versions": sorted({system.version for system in systems}),
        "points": points,
    }


def few(pool: Pool, systems: list, answers: quality_systems.Answers) -> dict:
    """Measure 5 to 50 texts a label."""
    parts = {
        str(size): [drawn(pool.Y, size, seed, unlabelled=pool.unlabelled) for seed in range(DRAWS)] for size in SIZES
    }
    return measure(pool, systems, answers, parts)


def curve(pool: Pool, systems: list, answers: quality_systems.Answers) -> dict:
    """Measure paragraphs drawn whatever they bear, from none to all."""
    everything = len(pool.train)
    parts: dict[str, list[Sequence[int]]] = {}
    for size in CURVE:
        n = everything if size is None else size
        seeds = range(1 if n in (0, everything) else DRAWS)
        parts[str(n)] = [np.random.default_rng(seed).permutation(everything)[:n].tolist() for seed in seeds]
    return measure(pool, systems, answers, parts)


def plain(taxonomy: Taxonomy) -> quality_systems.System:
    """Return what `tagger eval` calls plain: words, a logistic regression a label, cut at .5."""

    def learn(train, Y):
        return lambda asked: rivals.plain(taxonomy, train, Y, asked)

    return quality_systems.local(PLAIN, f"scikit-learn {version('scikit-learn')}", inspect.getsource(rivals), learn)
