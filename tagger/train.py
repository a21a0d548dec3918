"""A taxonomy and labelled articles -> a model folder.

Paragraphs are what the classifier learns from; what an article's other paragraphs say (`context`) and what its
paragraphs say of the article (`rollup`) are learned from the margins that were measured out of fold.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger import calibration, context, corpora, rollup, store, terms
from tagger.errors import TaggerError
from tagger.estimator import TopicClassifier, decided, with_names_of_few
from tagger.indicators import indicators
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.linear import LinearModel
    from tagger.records import LabelledArticle

DEFAULT_LABELS = Path("labels.yaml")
DEFAULT_DATA = Path("seeds")
DEFAULT_OUTPUT = Path("models/default")

#: Fewer positives than this and a label's figures say little.
_THIN = 10
#: Tags for each right one beyond which nobody would call it tagging.
_TOO_MANY = 2.0


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to learn. The defaults are meant for all data."""

    fast: bool = False
    classifier: str = "coordinate"
    random_state: int = 0
    max_features: int | None = 30_000  # n-grams of a view; keeps a model at a few megabytes


@dataclass(frozen=True, slots=True)
class TrainSummary:
    """What `train` did: for people as a table, for machines as JSON."""

    folder: str
    digest: str
    articles: int
    texts: int
    positives: dict[str, int]
    quality: dict[str, Any]  # out of fold; empty where there was nothing to measure on
    seconds: float
    size: int  # bytes
    notes: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Return the summary as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    def table(self) -> str:
        """Return the summary as lines for a terminal."""
        lines = [
            (
                f"{self.folder}: {self.articles} articles, {self.texts} texts, "
                f"{self.size / 1e6:.1f} MB, {self.seconds:.1f} s"
            ),
        ]
        if self.quality:
            width = max(len(label) for label in self.positives)
            lines.append("")
            lines.append(f"{'label'.ljust(width)}  positives     P     R    F1   out of fold")
            for label, count in self.positives.items():
                p, r, f = (self.quality["labels"][label][key] for key in ("precision", "recall", "f1"))
                lines.append(f"{label.ljust(width)}  {count:>9}  {p:.2f}  {r:.2f}  {f:.2f}")
            lines.append("")
            lines.append(
                f"paragraphs  micro-F1 {self.quality['micro_f1']:.3f}  macro-F1 {self.quality['macro_f1']:.3f}"
            )
            lines.append("For intervals and much more: tagger eval")
        return "\n".join([*lines, *self.notes])


@dataclass(frozen=True, slots=True)
class _Learned:
    """What is learned, before it is packed."""

    linear: LinearModel
    context: dict[str, Any]
    rollup: dict[str, Any]
    quality: dict[str, Any]
    report: dict[str, Any]
    given: float = 0.0  # tags for each label that the texts bear, out of fold


def train(labels: Path | None, data: Path | None, output: Path | None, options: TrainOptions) -> TrainSummary:
    """Learn from files and write the model folder.

    Args:
        labels: the taxonomy; ``labels.yaml`` unless given.
        data: labelled data; ``seeds`` unless given. Without either the model is made from the terms alone.
        output: the folder; ``models/default`` unless given.
        options: how to learn.

    Raises:
        TaxonomyError, CorpusError: what is wrong, with file and line.
        TaggerError: there are neither labelled texts nor terms.

    """
    started = time.perf_counter()
    labels = labels or DEFAULT_LABELS
    output = output or DEFAULT_OUTPUT
    taxonomy = Taxonomy.load(labels)
    articles = corpora.load(data or DEFAULT_DATA, taxonomy) if data or DEFAULT_DATA.exists() else []
    learned, facts, languages = _learn(taxonomy, articles, options)
    packed = _packed(taxonomy, learned, facts, languages, labels.read_text(encoding="utf-8-sig"), output.resolve().name)
    stored = store.save(packed, output)
    texts = sum(len(article.paragraphs) for article in articles)
    return TrainSummary(
        folder=str(output),
        digest=stored.digest,
        articles=len(articles),
        texts=texts,
        positives=dict(zip(taxonomy.ids, learned.report["positives"], strict=True)),
        quality=learned.quality,
        seconds=round(time.perf_counter() - started, 2),
        size=sum(file["bytes"] for file in stored.manifest["files"].values()),
        notes=tuple(_notes(taxonomy, learned, texts)),
    )


def fit(taxonomy: Taxonomy, articles: Sequence[LabelledArticle], options: TrainOptions) -> store.StoredModel:
    """Learn from labelled articles and return the model in memory, ready for `tagger.tag.Tagger`."""
    learned, facts, languages = _learn(taxonomy, articles, options)
    return _packed(taxonomy, learned, facts, languages, None, "unnamed")


def _learn(
    taxonomy: Taxonomy, articles: Sequence[LabelledArticle], options: TrainOptions
) -> tuple[_Learned, dict[str, Any], list[str]]:
    rows = [(i, paragraph) for i, article in enumerate(articles) for paragraph in article.paragraphs]
    groups = [i for i, _ in rows]
    Y, _ = indicators([p.labels for _, p in rows], taxonomy.ids)
    table = terms.expand(taxonomy)
    if not table.terms and not Y.any():
        raise TaggerError("there are neither labelled texts nor terms to learn from.", hint="See 'tagger init'.")
    armed = with_names_of_few(table, taxonomy, Y)
    classifier = TopicClassifier(
        terms=armed if armed.terms else None,
        fast=options.fast,
        classifier=options.classifier,
        labels=taxonomy.ids,
        max_features=options.max_features,
        random_state=options.random_state,
    ).fit([p.text for _, p in rows], Y, groups=groups)
    learned = _around(classifier, Y, groups, articles, taxonomy)
    languages = sorted({article.lang for article in articles if article.lang} or {t.lang for t in table.terms})
    facts = {
        "corpus_digest": corpus_digest(articles),
        "counts": {
            "articles": len(articles),
            "texts": len(rows),
            "positives": dict(zip(taxonomy.ids, Y.sum(axis=0).tolist(), strict=True)),
            "terms": len(table.terms),
        },
        "options": asdict(options),
        "seed": options.random_state,
        "learned": {
            k: v for k, v in classifier.report_.items() if k in {"learners", "stacked", "features", "prior_only"}
        },
        "quality": learned.quality,
    }
    return learned, facts, languages


def _around(
    classifier: TopicClassifier,
    Y: NDArray[np.bool_],
    groups: list[int],
    articles: Sequence[LabelledArticle],
    taxonomy: Taxonomy,
) -> _Learned:
    """Learn the context, the cuts that go with it, and the roll-up, from the margins out of fold."""
    linear, margins, report = classifier.linear_, classifier.oof_margins_, classifier.report_
    if not Y.any():
        return _Learned(linear, {}, dict(rollup.ANY), {}, report)
    spec: dict[str, Any] = {}
    if len(articles) < len(groups):
        spec = context.fit_context(margins, groups, Y)
        if spec:
            margins = np.asarray(context.added(spec, margins, groups), np.float32)
            linear = decided(linear, margins, Y, classifier.mixture_)
    flags = margins >= linear.cuts
    if len(articles) == len(groups):  # whole texts were labelled: an article is scored as it was learned
        rule = dict(rollup.WHOLE)
    else:
        wanted, _ = indicators([a.labels for a in articles], taxonomy.ids)
        scores = calibration.scores(linear.calibration, margins)
        rule = rollup.fit_rollup(scores, flags, groups, wanted, range(len(articles)))
    measured = _quality(Y, flags, taxonomy.ids) if len(set(groups)) > 1 else {}  # one article has no other folds
    given = float(flags.sum() / Y.sum()) if measured else 0.0
    return _Learned(linear, spec, rule, measured, report, given)


def corpus_digest(articles: Sequence[LabelledArticle]) -> str:
    """Return the SHA-256 of the texts and labels that are learned from."""
    digest = hashlib.sha256()
    for article in articles:
        content = [article.lang, article.labels, [(p.text, p.labels) for p in article.paragraphs]]
        digest.update(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _quality(Y: NDArray[np.bool_], flags: NDArray[np.bool_], ids: Sequence[str]) -> dict[str, Any]:
    """Return the figures that `train` prints; `tagger eval` measures them with everything learned inside the fold."""
    micro, macro = calibration.f1(Y, flags)
    labels = {}
    for j, name in enumerate(ids):
        both, given, wanted = int((Y & flags)[:, j].sum()), int(flags[:, j].sum()), int(Y[:, j].sum())
        labels[name] = {
            "precision": round(both / given, 4) if given else 0.0,
            "recall": round(both / wanted, 4) if wanted else 0.0,
            "f1": round(2 * both / (given + wanted), 4) if given + wanted else 0.0,
        }
    return {"micro_f1": round(micro, 4), "macro_f1": round(macro, 4), "labels": labels}


def _packed(
    taxonomy: Taxonomy,
    learned: _Learned,
    facts: dict[str, Any],
    languages: list[str],
    labels_yaml: str | None,
    name: str,
) -> store.StoredModel:
    return store.pack(
        learned.linear,
        taxonomy=taxonomy,
        languages=languages,
        context=learned.context,
        rollup=learned.rollup,
        facts=facts,
        labels_yaml=labels_yaml,
        name=name,
    )


def _notes(taxonomy: Taxonomy, learned: _Learned, texts: int) -> list[str]:
    notes = []
    if learned.given > _TOO_MANY:
        notes.append(
            f"It gives {learned.given:.1f} tags for each that the texts bear: too few texts to tell the labels apart."
            " Label more, or give terms."
        )
    if not texts:
        notes.append("No labelled texts: the model is made from the taxonomy's terms alone, and nothing was measured.")
    elif not any(learned.report["positives"]):
        notes.append("No text bears a label: the model is made from the taxonomy's terms alone.")
    for label, count in zip(taxonomy.labels, learned.report["positives"], strict=True):
        if not texts and label.terms:
            continue
        if not count:
            how = "is tagged by its terms alone" if label.terms else "has no terms either: it is never tagged"
            notes.append(f"'{label.id}' has no labelled text and {how}.")
        elif count < _THIN:
            notes.append(f"'{label.id}' has only {count} labelled texts: its figures are uncertain.")
    return notes
