"""Quality on the seed corpus: cross-validation and unseen languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger import corpora, evaluate
from tagger.taxonomy import Taxonomy
from tagger.train import corpus_digest

if TYPE_CHECKING:
    from pathlib import Path


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


def _read(root: Path) -> tuple:
    taxonomy = Taxonomy.load(root / "labels.yaml")
    return taxonomy, corpora.load(root / "seeds", taxonomy)


def _level(level) -> dict:
    told = {name: _figure(getattr(level, name).f1) for name in ("micro", "macro", "samples")}
    return told | {"calibration_error": level.calibration.error}


def _figure(figure) -> list[float | None]:
    return [figure.value, figure.low, figure.high]
