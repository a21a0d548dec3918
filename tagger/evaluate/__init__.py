"""Measure quality: cross-validation by article, or a stored model on texts it has not seen -> Evaluation.

What tags here is `tagger.tag.Tagger`, and what learns is `tagger.train.fit`: the figures are of what runs.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger import corpora, taxonomy
from tagger import evaluation as records
from tagger.errors import CorpusError, TaggerError
from tagger.evaluate import crossing, examples, folding, origin, summary, telling
from tagger.evaluate.floors import figures, misses, parse
from tagger.evaluate.judged import Answers, Truth, texts_of
from tagger.evaluate.rivals import RIVALS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.evaluate.judged import Scorer
    from tagger.evaluation import Evaluation, Kind, Rival
    from tagger.records import LabelledArticle
    from tagger.taxonomy import Taxonomy

    #: (what is being done, steps done, steps in all)
    Progress = Callable[[str, int, int], None]

__all__ = ["EvaluateOptions", "cross_validate", "figures", "hold_out", "misses", "parse", "run"]

DEFAULT_LABELS = Path("labels.yaml")
DEFAULT_DATA = Path("seeds")

_HELD_OUT = "The texts were held out; the figures hold for texts like them, if the model never saw these."
_SEEN = "The model LEARNED FROM THESE VERY TEXTS: the figures say nothing about other texts."
_LEARNED_APART = "Everything learned, cuts and calibration too, is learned from the other folds alone."


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What to measure, and how finely."""

    folds: int = 5
    curve: bool = False
    shares: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8)  # of the articles, beside all; 0: the terms alone
    leave_one_language_out: bool = False
    fast: bool = False
    against: str | None = None  # a stored model
    examples: int = 12  # mistakes shown of each kind
    resamples: int = 1000
    random_state: int = 0

    @property
    def resampling(self) -> summary.Resampling:
        """How intervals are made."""
        return summary.Resampling(self.resamples, self.random_state)


def run(labels: Path | None, data: Path | None, model: str | None, options: EvaluateOptions) -> Evaluation:
    """Measure from files: a stored ``model`` on ``data``, or (without one) a cross-validation.

    Raises:
        TaxonomyError, CorpusError, ModelError: what cannot be read, where.

    """
    with telling.Teller() as progress:
        if model is None:
            known = taxonomy.Taxonomy.load(labels or DEFAULT_LABELS)
            return cross_validate(known, corpora.load(data or DEFAULT_DATA, known), options, progress)
        if data is None:
            raise TaggerError("--model is measured on texts of its own.", hint="Give them with --data.")
        from tagger.evaluate.scorer import ModelScorer  # noqa: PLC0415 - loads the engine

        scorer = ModelScorer.load(model)
        return hold_out(scorer.tagger, corpora.load(data, scorer.tagger.taxonomy), options, progress)


def cross_validate(
    known: Taxonomy,
    articles: Sequence[LabelledArticle],
    options: EvaluateOptions | None = None,
    progress: Progress | None = None,
    fit: crossing.Fit | None = None,
) -> Evaluation:
    """Cross-validate by article.

    Args:
        known: the labels, whose order is that of every matrix.
        articles: the corpus.
        options: what to measure.
        progress: told of every model that is learned.
        fit: what learns from a part of the articles; `tagger.train.fit` unless told otherwise.

    Raises:
        CorpusError: fewer than two articles (near-duplicates count as one).

    """
    options = options or EvaluateOptions()
    families = folding.families(articles)
    if options.folds < 2:
        raise TaggerError(f"a cross-validation has two folds or more, not {options.folds}.")
    if len(np.unique(families)) < 2:
        raise CorpusError(
            f"{len(articles)} article(s) cannot be split into folds.", hint="Label at least two different articles."
        )
    truth = _truth(known, articles)
    trial = crossing.Trial(known, articles, truth, fit or _fit(options))
    fold = folding.outer(truth, families, options.folds, options.random_state)
    folds = len(np.unique(fold))
    # Without terms there is nothing to learn from where there is no article.
    shares = [share for share in options.shares if share > 0 or any(one.terms for one in known.labels)]
    langs = len({lang for lang in truth.lang if lang}) if options.leave_one_language_out else 0
    langs = langs if langs > 1 else 0
    step = _steps(progress, folds * (1 + (len(shares) if options.curve else 0)) + langs)

    crossed = crossing.cross(trial, fold, options.examples, step)
    rivals = _rivals(crossed.answers, crossed.rivals, truth, options)
    notes = [f"{folds} folds; articles are never split, and near-duplicates stay in one fold. {_LEARNED_APART}"]
    if options.against is not None:
        rivals = (_against(known, articles, truth, crossed.answers, options), *rivals)
        notes.append(
            f"The model {options.against} may have learned from these very texts; if so, the comparison favours it."
        )
    curve = crossing.learning_curve(trial, fold, crossed, shares, options.resampling, step) if options.curve else ()
    left_out = (
        crossing.left_out(trial, families, crossed, options.resampling, step) if options.leave_one_language_out else ()
    )
    made = _evaluation(
        "cross-validation", known, truth, crossed.answers, (crossed.mean_cuts, crossed.mean_article_cuts), options,
        positives=crossed.positives, negatives=crossed.negatives, rivals=rivals, notes=notes,
        provenance=origin.provenance(known, articles, _shown(options), model="fast" if options.fast else "default"),
    )  # fmt: skip
    return replace(made, learning_curve=curve, left_out=left_out)


def hold_out(
    tagger: Any,
    articles: Sequence[LabelledArticle],
    options: EvaluateOptions | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure a model (a `tagger.tag.Tagger`) on articles that it has not learned from."""
    from tagger.evaluate.scorer import ModelScorer  # noqa: PLC0415 - loads the engine

    known: Taxonomy = tagger.taxonomy
    made = measure(
        ModelScorer(tagger, known.ids), known, articles, options, progress,
        model=tagger.identity["name"], model_digest=tagger.identity["digest"],
    )  # fmt: skip
    if tagger.stored.manifest.get("corpus_digest") == made.provenance.corpus_digest:
        return replace(made, notes=(_SEEN, *made.notes[1:]))
    return made


def measure(
    scorer: Scorer,
    known: Taxonomy,
    articles: Sequence[LabelledArticle],
    options: EvaluateOptions | None = None,
    progress: Progress | None = None,
    *,
    model: str,
    model_digest: str | None = None,
) -> Evaluation:
    """Measure anything that scores on articles that it has not learned from.

    Raises:
        CorpusError: there is no article.

    """
    options = options or EvaluateOptions()
    if not articles:
        raise CorpusError("there is no article to measure on.")
    step = _steps(progress, 1)
    step("tagging")
    truth, answers = _truth(known, articles), None
    answers = Answers.to(truth)
    every = np.arange(len(articles))
    answers.fill(truth, every, scorer.score([texts_of(article) for article in articles]))
    positives, negatives = examples.find(scorer, articles, known.ids, truth, answers, every, options.examples)
    # The rivals that learn have nothing to learn from here: only the rule of terms stands beside.
    trial = crossing.Trial(known, articles, truth, _never)
    rule = Answers.to(truth)
    trial.ask_rival(RIVALS["seed terms"][1], every[:0], every, rule)
    rivals = _rivals(answers, {"seed terms": rule}, truth, options)
    notes = [_HELD_OUT]
    if options.against is not None:
        rivals = (_against(known, articles, truth, answers, options), *rivals)
    return _evaluation(
        "held-out", known, truth, answers, (scorer.cut_scores(), scorer.article_cut_scores()), options,
        positives=[positives], negatives=[negatives], rivals=rivals, notes=notes,
        provenance=origin.provenance(known, articles, _shown(options), model=model, model_digest=model_digest),
    )  # fmt: skip


def _evaluation(
    kind: Kind,
    known: Taxonomy,
    truth: Truth,
    answers: Answers,
    cuts: tuple[Sequence[float], Sequence[float]],
    options: EvaluateOptions,
    *,
    positives: Sequence[list[records.Example]],
    negatives: Sequence[list[records.Example]],
    rivals: tuple[Rival, ...],
    notes: Sequence[str],
    provenance: records.Provenance,
) -> Evaluation:
    labels = known.ids
    levels = {
        "paragraphs": summary.level(
            summary.Judged.paragraphs(truth, answers), truth, labels, cuts[0], options.resampling
        ),
        "articles": summary.level(summary.Judged.articles(truth, answers), truth, labels, cuts[1], options.resampling),
    }
    return records.Evaluation(
        kind=kind,
        labels=labels,
        names={one.id: one.name.get("en") or next(iter(one.name.values()), one.id) for one in known.labels},
        articles=levels["articles"],
        paragraphs=levels["paragraphs"],
        off_topic=summary.off_topic(truth, answers, labels, options.resampling),
        false_positives=examples.merge(positives, lambda e: e.score, options.examples),
        false_negatives=examples.merge(negatives, lambda e: -e.score, options.examples),
        rivals=rivals,
        learning_curve=(),
        left_out=(),
        notes=(*notes, *summary.notes(levels, levels["articles"].texts)),
        provenance=provenance,
    )


def _rivals(ours: Answers, theirs: dict[str, Answers], truth: Truth, options: EvaluateOptions) -> tuple[Rival, ...]:
    return tuple(
        summary.rival(name, RIVALS[name][0], ours, answers, truth, options.resampling)
        for name, answers in theirs.items()
    )


def _against(
    known: Taxonomy, articles: Sequence[LabelledArticle], truth: Truth, ours: Answers, options: EvaluateOptions
) -> Rival:
    from tagger.evaluate.scorer import ModelScorer  # noqa: PLC0415 - loads the engine

    scorer = ModelScorer.load(options.against, known.ids)
    theirs = Answers.to(truth)
    theirs.fill(truth, np.arange(len(articles)), scorer.score([texts_of(article) for article in articles]))
    identity = scorer.tagger.identity
    lacking = sorted(set(known.ids) - set(scorer.tagger.taxonomy.ids))
    said = f"stored model {identity['digest'][:12]}" + (f"; it has no {', '.join(lacking)}" if lacking else "")
    return summary.rival(identity["name"], said, ours, theirs, truth, options.resampling)


def _truth(known: Taxonomy, articles: Sequence[LabelledArticle]) -> Truth:
    return Truth.of(known.ids, articles, [article.lang or _language(article) for article in articles])


def _language(article: LabelledArticle) -> str | None:
    from tagger import language  # noqa: PLC0415 - most corpora say it

    told = language.identify(texts_of(article))
    return None if told == "und" else told


def _fit(options: EvaluateOptions) -> crossing.Fit:
    from tagger import train  # noqa: PLC0415 - a caller's own ``fit`` needs none of it
    from tagger.evaluate.scorer import ModelScorer  # noqa: PLC0415

    learned = train.TrainOptions(fast=options.fast, random_state=options.random_state)
    return lambda known, articles: ModelScorer.learn(known, articles, learned)


def _never(_known: Taxonomy, _articles: Sequence[LabelledArticle]) -> Scorer:
    raise AssertionError("nothing is learned from held-out texts")


def _steps(progress: Progress | None, total: int) -> Callable[[str], None]:
    done = 0

    def step(what: str) -> None:
        nonlocal done
        if progress is not None:
            progress(what, done, total)
        done += 1

    return step


def _shown(options: EvaluateOptions) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(options).items()}
