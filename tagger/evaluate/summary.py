"""Arrays of truth and answers -> the records that a report shows."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger import evaluation as records
from tagger import metrics
from tagger.evaluation import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tagger.evaluate.judged import Answers, Truth

    Indicators = NDArray[np.bool_]
    Floats = NDArray[np.float64]

#: Below this many positives a label's figures are a matter of luck: ten right of ten still leaves an error
#: rate of a quarter within the 95% interval (Hanley & Lippman-Hand 1983).
FEW = 10

#: Groups shown of a kind; a corpus of web pages may have a source an article.
MOST_GROUPS = 30

_AVERAGES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Resampling:
    """How intervals are made."""

    resamples: int = 1000
    random_state: int = 0


@dataclass(frozen=True)
class Judged:
    """One level: n texts with their truth and answers, and each text's article."""

    truth: Indicators  # (n, L)
    given: Indicators
    scores: Floats
    article: NDArray[np.int64]  # (n,)

    @classmethod
    def paragraphs(cls, truth: Truth, answers: Answers) -> Judged:
        """Return the paragraphs of the articles that were asked."""
        rows = answers.asked[truth.article_of]
        return cls(
            truth.paragraphs[rows],
            answers.paragraph_given[rows],
            answers.paragraph_scores[rows],
            truth.article_of[rows],
        )

    @classmethod
    def articles(cls, truth: Truth, answers: Answers) -> Judged:
        """Return the articles that were asked, each its own."""
        rows = np.flatnonzero(answers.asked)
        return cls(truth.articles[rows], answers.article_given[rows], answers.article_scores[rows], rows)

    def where(self, rows: NDArray[np.bool_]) -> Judged:
        """Return some of the texts."""
        return Judged(self.truth[rows], self.given[rows], self.scores[rows], self.article[rows])

    @property
    def tally(self) -> metrics.Tally:
        """Return the sums by article."""
        return metrics.Tally.of(self.truth, self.given, self.article)


def level(
    judged: Judged, truth: Truth, labels: Sequence[str], cuts: Sequence[float], resampling: Resampling
) -> records.Level:
    """Sum up one level."""
    figures = metrics.set_figures(judged.truth, judged.given)
    spans = _spans(judged, resampling)
    average_precision = metrics.average_precision(judged.truth, judged.scores)

    def averages(name: str) -> records.Averages:
        return _averages(getattr(figures, name), spans, name)

    def groups(names: Sequence[str | None]) -> tuple[records.Group, ...]:
        return tuple(_groups(judged, names, resampling)) if any(names) else ()

    per_label = tuple(
        records.LabelFigures(
            label=label,
            cut=_number(cuts[at] if cuts[at] <= 1 else math.nan),
            precision=_column(figures.precision, spans, "precision", at),
            recall=_column(figures.recall, spans, "recall", at),
            f1=_column(figures.f1, spans, "f1", at),
            average_precision=_number(average_precision[at]),
            support=int(figures.support[at]),
            given=int(figures.given[at]),
            warning=_warning(int(figures.support[at])),
        )
        for at, label in enumerate(labels)
    )
    told = average_precision[~np.isnan(average_precision)]
    return records.Level(
        texts=len(judged.truth),
        unlabelled=int((~judged.truth.any(axis=1)).sum()),
        micro=averages("micro"),
        macro=averages("macro"),
        weighted=averages("weighted"),
        samples=averages("samples"),
        hamming=_figure(figures.hamming, spans["hamming"]),
        exact=_figure(figures.exact, spans["exact"]),
        lrap=_number(metrics.lrap(judged.truth, judged.scores)),
        precision_at={str(k): _number(metrics.precision_at(judged.truth, judged.scores, k)) for k in (1, 3, 5)},
        ndcg_at_5=_number(metrics.ndcg_at(judged.truth, judged.scores, 5)),
        mean_average_precision=_number(told.mean()) if len(told) else None,
        per_label=per_label,
        languages=groups(truth.lang),
        genres=groups(truth.genre),
        sources=groups(truth.source),
        calibration=_calibration(judged),
        curves=tuple(_curves(judged, labels, figures)),
        together=_matrix(metrics.cooccurrence(judged.truth)),
        confusions=_matrix(metrics.confusions(judged.truth, judged.given)),
    )


def off_topic(truth: Truth, answers: Answers, labels: Sequence[str], resampling: Resampling) -> records.OffTopic:
    """Sum up the articles that bear no label, neither as a whole nor in a paragraph."""
    bears: Indicators = np.any(truth.articles, axis=1)
    np.logical_or.at(bears, truth.article_of, truth.paragraphs.any(axis=1))
    off = np.flatnonzero(answers.asked & ~bears)
    rows = truth.rows(off)
    given = answers.paragraph_given[rows]
    tagged = given.any(axis=1)
    _, place = np.unique(truth.article_of[rows], return_inverse=True)
    size = int(place.max()) + 1 if len(place) else 0
    part, whole = np.zeros(size), np.zeros(size)
    np.add.at(part, place, tagged.astype(float))
    np.add.at(whole, place, 1.0)
    span = metrics.interval(part, whole, resamples=resampling.resamples, random_state=resampling.random_state)
    share = float(tagged.mean()) if len(rows) else math.nan
    counts = given.sum(axis=0)
    return records.OffTopic(
        articles=len(off),
        paragraphs=len(rows),
        tagged=int(tagged.sum()),
        share=Figure(_number(share), _number(span.low), _number(span.high)),
        articles_tagged=int(answers.article_given[off].any(axis=1).sum()),
        by_label={label: int(n) for label, n in zip(labels, counts, strict=True) if n},
    )


def rival(name: str, description: str, ours: Answers, theirs: Answers, truth: Truth, r: Resampling) -> records.Rival:
    """Compare with another tagger's answers to the same texts."""
    us, them = Judged.paragraphs(truth, ours), Judged.paragraphs(truth, theirs)
    figures = metrics.set_figures(them.truth, them.given)
    spans = _spans(them, r)
    whole = Judged.articles(truth, theirs)
    on_articles = metrics.set_figures(whole.truth, whole.given)

    def difference(figure: str) -> tuple[Figure, float | None]:
        value, span, not_above = metrics.paired(
            us.tally, them.tally, figure, resamples=r.resamples, random_state=r.random_state
        )
        return Figure(_number(value), _number(span.low), _number(span.high)), _number(not_above)

    micro, micro_not_above = difference("micro.f1")
    macro, macro_not_above = difference("macro.f1")
    return records.Rival(
        name=name,
        description=description,
        micro=_averages(figures.micro, spans, "micro"),
        macro=_averages(figures.macro, spans, "macro"),
        article_micro=_number(on_articles.micro.f1),
        article_macro=_number(on_articles.macro.f1),
        micro_difference=micro,
        macro_difference=macro,
        micro_not_above=micro_not_above,
        macro_not_above=macro_not_above,
    )


def f1(judged: Judged, resampling: Resampling) -> tuple[Figure, Figure]:
    """Return micro and macro F1 with their intervals."""
    figures, spans = metrics.set_figures(judged.truth, judged.given), _spans(judged, resampling)
    return _figure(figures.micro.f1, spans["micro.f1"]), _figure(figures.macro.f1, spans["macro.f1"])


def notes(level_of: dict[str, records.Level], articles: int) -> tuple[str, ...]:
    """Say what the figures rest on and where they rest on little."""
    said = [
        f"Intervals are 95%, from resampling whole articles ({articles} of them).",
        "A label that is neither true nor given is left out of the macro averages.",
        "Any other 0/0 counts as 0 in an average and shows as – alone.",
        "A text without labels that gets no tag counts as right.",
        "LRAP, P@k and nDCG are over texts that bear a label.",
    ]
    if articles < 2:
        said.append("With a single article there are no intervals.")
    for name, summed in level_of.items():
        few = [f"{x.label} ({x.support})" for x in summed.per_label if x.warning and x.support]
        none = [x.label for x in summed.per_label if not x.support]
        if few:
            said.append(f"Fewer than {FEW} {name} bear: {', '.join(few)}. Their figures are mostly luck.")
        if none:
            said.append(f"No {name} bear: {', '.join(none)}. Only wrong tags of theirs can be seen.")
    return tuple(said)


def _spans(judged: Judged, r: Resampling) -> dict[str, Floats]:
    return metrics.intervals(judged.tally, resamples=r.resamples, random_state=r.random_state)


def _groups(judged: Judged, names: Sequence[str | None], r: Resampling) -> Iterable[records.Group]:
    each = np.array([names[article] or "not said" for article in judged.article], dtype=object)
    for name, texts in sorted(Counter(each).most_common(MOST_GROUPS), key=lambda pair: (-pair[1], pair[0])):
        part = judged.where(each == name)
        figures, spans = metrics.set_figures(part.truth, part.given), _spans(part, r)
        yield records.Group(
            name=name,
            texts=texts,
            articles=len(np.unique(part.article)),
            tags=int(part.truth.sum()),
            micro=_averages(figures.micro, spans, "micro"),
            macro=_figure(figures.macro.f1, spans["macro.f1"]),
        )


def _calibration(judged: Judged) -> records.CalibrationFigures:
    truth, scores, given = judged.truth, judged.scores, judged.given
    bins = metrics.reliability(truth, scores)
    base = np.broadcast_to(truth.mean(axis=0), truth.shape) if len(truth) else scores
    return records.CalibrationFigures(
        brier=_number(metrics.brier(truth, scores)),
        brier_of_base_rates=_number(metrics.brier(truth, base)),
        error=_number(metrics.expected_calibration_error(bins)),
        error_of_tags=_number(metrics.expected_calibration_error(metrics.reliability(truth[given], scores[given]))),
        bins=tuple(records.Bin(b.low, b.high, b.n, _number(b.score), _number(b.true)) for b in bins),
    )


def _curves(judged: Judged, labels: Sequence[str], figures: metrics.SetFigures) -> Iterable[records.Curve]:
    for at, label in enumerate(labels):
        recall, precision = metrics.curve(judged.truth[:, at], judged.scores[:, at])
        yield records.Curve(
            label=label,
            recall=tuple(round(float(x), 4) for x in recall),
            precision=tuple(round(float(x), 4) for x in precision),
            cut_recall=_number(figures.recall[at]),
            cut_precision=_number(figures.precision[at]),
        )


def _averages(values: metrics.Averages, spans: dict[str, Floats], name: str) -> records.Averages:
    return records.Averages(*[_figure(getattr(values, part), spans[f"{name}.{part}"]) for part in _AVERAGES])


def _column(values: Floats, spans: dict[str, Floats], name: str, at: int) -> Figure:
    return _figure(values[at], spans[f"label.{name}"][:, at])


def _figure(value: float, span: Floats) -> Figure:
    if math.isnan(value):
        return Figure(None)
    return Figure(float(value), _number(span[0]), _number(span[1]))


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _matrix(counts: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(n) for n in row) for row in counts)


def _warning(support: int) -> str | None:
    if support >= FEW:
        return None
    return "no positives" if not support else f"only {support} positive{'s' if support > 1 else ''}"
