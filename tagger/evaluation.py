"""Evaluation: everything a report shows, as frozen records; JSON in and out. Standard library only.

``None`` stands where a figure cannot be told (0/0, or no interval from a single article).
Matrices and lists of labels follow ``Evaluation.labels``, which is the taxonomy's order.
"""

from __future__ import annotations

import json
import types
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tagger.errors import TaggerError

#: Version of the JSON form (schemas/evaluation.schema.json).
SCHEMA = 1

Kind = Literal["cross-validation", "held-out"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95% interval by article."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Averages:
    """Precision, recall and F1 under one way of averaging."""

    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label's figures."""

    label: str
    cut: float | None  # the score from which it is given; in cross-validation the mean over the folds
    precision: Figure
    recall: Figure
    f1: Figure
    average_precision: float | None
    support: int  # texts that bear it
    given: int  # texts that got it
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the texts of one language, genre or source."""

    name: str
    texts: int
    articles: int
    tags: int  # true ones
    micro: Averages
    macro: Figure  # F1


@dataclass(frozen=True, slots=True)
class Bin:
    """The (text, label) pairs whose score lies in [low, high)."""

    low: float
    high: float
    n: int
    score: float | None  # mean
    true: float | None  # share


@dataclass(frozen=True, slots=True)
class CalibrationFigures:
    """How far scores may be read as probabilities."""

    brier: float | None
    brier_of_base_rates: float | None  # of saying each label's share to every text: what scores must beat
    error: float | None  # expected calibration error over all (text, label) pairs
    error_of_tags: float | None  # the same over the given tags only
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision against recall of one label, and where its decisions stand on it."""

    label: str
    recall: tuple[float, ...]
    precision: tuple[float, ...]
    cut_recall: float | None
    cut_precision: float | None


@dataclass(frozen=True, slots=True)
class Level:
    """The figures of all paragraphs, or of all articles."""

    texts: int
    unlabelled: int  # texts without any label
    micro: Averages
    macro: Averages
    weighted: Averages
    samples: Averages
    hamming: Figure
    exact: Figure
    lrap: float | None
    precision_at: dict[str, float | None]  # "1", "3", "5"
    ndcg_at_5: float | None
    mean_average_precision: float | None
    per_label: tuple[LabelFigures, ...]
    languages: tuple[Group, ...]
    genres: tuple[Group, ...]
    sources: tuple[Group, ...]
    calibration: CalibrationFigures
    curves: tuple[Curve, ...]
    together: tuple[tuple[int, ...], ...]  # texts that bear labels i and j
    confusions: tuple[tuple[int, ...], ...]  # texts where i was missed and j wrongly given


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Articles that bear no label at all: nothing in them should be tagged."""

    articles: int
    paragraphs: int
    tagged: int
    share: Figure  # of the paragraphs
    articles_tagged: int
    by_label: dict[str, int]  # paragraphs that got it


@dataclass(frozen=True, slots=True)
class Word:
    """A span of a text with its summand of the margin."""

    text: str
    start: int
    end: int
    weight: float
    source: str = "word"


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph that was judged wrongly."""

    label: str
    text: str
    score: float
    truth: tuple[str, ...]
    given: tuple[str, ...]
    article: str
    lang: str | None
    where: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Rival:
    """Another tagger on the same texts. Differences are ours minus theirs."""

    name: str
    description: str
    micro: Averages
    macro: Averages
    article_micro: float | None
    article_macro: float | None
    micro_difference: Figure
    macro_difference: Figure
    micro_not_above: float | None  # share of resamples in which ours was not above
    macro_not_above: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Quality after learning from a share of the training articles."""

    share: float
    articles: int  # mean over the folds
    paragraphs: int
    micro: Figure
    macro: Figure
    plain_micro: float | None  # plain TF-IDF and logistic regression on the same articles
    plain_macro: float | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A language tagged by a model that learned from the others only."""

    lang: str
    texts: int
    articles: int
    micro: Figure
    macro: Figure
    seen_micro: float | None  # the same texts in the cross-validation, the language seen
    seen_macro: float | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was measured, so that it can be measured again."""

    model: str
    model_digest: str | None
    taxonomy_digest: str
    corpus_digest: str
    options: dict[str, Any]
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A measured tagger."""

    kind: Kind
    labels: tuple[str, ...]
    names: dict[str, str]  # label -> its name for people
    articles: Level
    paragraphs: Level
    off_topic: OffTopic
    false_positives: tuple[Example, ...]
    false_negatives: tuple[Example, ...]
    rivals: tuple[Rival, ...]
    learning_curve: tuple[CurvePoint, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]  # what a reader must know before believing the figures
    provenance: Provenance
    schema: int = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts, lists, numbers and strings."""
        return asdict(self)

    def dumps(self) -> str:
        """Return the JSON text; no NaN can be in it."""
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, data: Any, where: str = "") -> Evaluation:
        """Build from `to_json`'s form.

        Raises:
            TaggerError: ``data`` is not an evaluation, or of a newer format.

        """
        if not isinstance(data, dict) or "schema" not in data:
            raise TaggerError("this is not an evaluation.", where=where, hint="Make one with: tagger eval --json.")
        if not isinstance(data["schema"], int) or data["schema"] > SCHEMA:
            raise TaggerError(
                f"the evaluation is of format {data['schema']}; this version reads {SCHEMA}.", where=where
            )
        try:
            return _build(cls, data)  # type: ignore[no-any-return]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TaggerError(f"the evaluation is damaged: {error}.", where=where) from None

    def level(self, name: str) -> Level:
        """Return the figures of ``paragraphs`` or ``articles``."""
        return self.articles if name == "articles" else self.paragraphs


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any) -> Any:
    """Turn plain JSON into the annotated type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _build(next(a for a in arguments if a is not type(None)), value)
    if origin is tuple:
        return tuple(_build(arguments[0], item) for item in value)
    if origin is dict:
        return {key: _build(arguments[1], item) for key, item in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = {f.name for f in fields(kind)}
        return kind(**{key: _build(hints[key], item) for key, item in value.items() if key in known})
    if kind is float:
        return float(value)
    return value
