"""Quality on the seed corpus: cross-validation, unseen languages, few labelled paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger import TopicClassifier, calibration, corpora, evaluate, terms
from tagger.evaluate import folding, rivals
from tagger.indicators import indicators
from tagger.taxonomy import Taxonomy
from tagger.train import corpus_digest

if TYPE_CHECKING:
    from pathlib import Path

#: Labelled paragraphs to learn from; None: all of the training articles'.
SIZES = (0, 25, 50, 100, 200, None)
DRAWS = 3


def crossed(root: Path) -> dict:
    """Return the main figures of `tagger eval` (5 folds) and of the fast tier with each language left out."""
    taxonomy, articles = _read(root)
    whole = evaluate.cross_validate(taxonomy, articles, evaluate.EvaluateOptions())
    fast = evaluate.cross_validate(taxonomy, articles, evaluate.EvaluateOptions(fast=True, leave_one_language_out=True))
    levels = {"paragraphs": whole.paragraphs, "articles": whole.articles}
    return {
        "digest": corpus_digest(articles),
        "taxonomy": taxonomy.digest,
        "size": {"articles": len(articles), "paragraphs": whole.paragraphs.texts},
        "levels": {name: _level(level) for name, level in levels.items()},
        "fast": {"paragraphs": _level(fast.paragraphs), "articles": _level(fast.articles)},
        "rivals": {rival.name: [_figure(rival.micro.f1), _figure(rival.macro.f1)] for rival in whole.rivals},
        "languages": {one.name: _figure(one.micro.f1) for one in whole.paragraphs.languages},
        "left_out": {one.lang: [_figure(one.micro), one.seen_micro] for one in fast.left_out},
        "off_topic": _figure(whole.off_topic.share),
    }


def few(root: Path) -> dict:
    """Learn from few paragraphs, drawn from two thirds of the articles; test on the last third.

    Returns points: paragraphs -> system -> figure -> [mean, lowest, highest] of the draws.
    """
    taxonomy, articles = _read(root)
    families = folding.families(articles)
    rng = np.random.default_rng(0)
    tested = set(rng.permutation(np.unique(families))[: len(np.unique(families)) // 3].tolist())
    rows = [(at, p) for at, article in enumerate(articles) for p in article.paragraphs]
    held = np.array([int(families[at]) in tested for at, _ in rows])
    texts = np.array([p.text for _, p in rows], dtype=object)
    Y, _ = indicators([p.labels for _, p in rows], taxonomy.ids)
    groups = np.array([at for at, _ in rows])
    table = terms.expand(taxonomy)
    pool, asked, truth = np.flatnonzero(~held), texts[held].tolist(), Y[held]
    points: dict[str, dict] = {}
    for size in SIZES:
        n = len(pool) if size is None else size
        found: dict[str, list[tuple[float, float]]] = {}
        for draw in range(1 if n in (0, len(pool)) else DRAWS):
            # A smaller draw lies within the larger ones of its seed.
            part = np.random.default_rng(draw).permutation(pool)[:n]
            learned = texts[part].tolist()
            model = TopicClassifier(terms=table, labels=taxonomy.ids, threads=1)
            model.fit(learned, Y[part], groups=groups[part].tolist())
            found.setdefault("with terms", []).append(calibration.f1(truth, model.predict(asked).astype(bool)))
            if n:
                bare = TopicClassifier(labels=taxonomy.ids, threads=1)
                bare.fit(learned, Y[part], groups=groups[part].tolist())
                found.setdefault("without terms", []).append(calibration.f1(truth, bare.predict(asked).astype(bool)))
            flat = rivals.plain(taxonomy, learned, Y[part], asked)
            found.setdefault("plain TF-IDF", []).append(calibration.f1(truth, flat))
            if not n:
                rule = rivals.terms_rule(taxonomy, learned, Y[part], asked)
                found.setdefault("terms alone, any hit", []).append(calibration.f1(truth, rule))
        points[str(n)] = {name: _spread(values) for name, values in found.items()}
        print(f"{n} paragraphs: {points[str(n)]}", flush=True)
    return {"points": points, "tested": int(held.sum()), "draws": DRAWS, "digest": corpus_digest(articles)}


def _read(root: Path) -> tuple:
    taxonomy = Taxonomy.load(root / "labels.yaml")
    return taxonomy, corpora.load(root / "seeds", taxonomy)


def _spread(values: list[tuple[float, float]]) -> dict[str, list[float]]:
    told = np.array(values)
    return {
        name: [round(float(f(told[:, at])), 4) for f in (np.mean, np.min, np.max)]
        for at, name in enumerate(("micro", "macro"))
    }


def _level(level) -> dict:
    told = {name: _figure(getattr(level, name).f1) for name in ("micro", "macro", "samples")}
    return told | {"calibration_error": level.calibration.error}


def _figure(figure) -> list[float | None]:
    return [figure.value, figure.low, figure.high]
