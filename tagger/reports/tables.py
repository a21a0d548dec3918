"""An Evaluation as tables of strings, which every report lays out in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.reports.numbers import count, number, percent, percent_span, signed, signed_span, span, with_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.evaluation import Evaluation, Group, Level

LEVELS = ("paragraphs", "articles")

#: Confused pairs listed.
_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, columns and rows; the first column names the row, the others hold figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def title(evaluation: Evaluation) -> str:
    """Return what was measured, in one line."""
    if evaluation.kind == "cross-validation":
        return "Quality by cross-validation: learned anew in each fold, no stored model"
    return f"Quality of '{evaluation.provenance.model}': held-out texts"


def extent(evaluation: Evaluation) -> str:
    """Return what it was measured on, in one line."""
    sizes = [
        count(evaluation.articles.texts, "article"),
        count(evaluation.paragraphs.texts, "paragraph"),
        count(len(evaluation.labels), "label"),
    ]
    return ", ".join(sizes)


def headline(evaluation: Evaluation) -> Table:
    """Return the figures of both levels side by side."""
    both = [evaluation.paragraphs, evaluation.articles]
    rows = [
        (f"{name} {short}", *(with_span(getattr(getattr(level, name), part)) for level in both))
        for name, parts in (
            ("micro", (("F1", "f1"), ("precision", "precision"), ("recall", "recall"))),
            ("macro", (("F1", "f1"), ("precision", "precision"), ("recall", "recall"))),
            ("weighted", (("F1", "f1"),)),
            ("samples", (("F1", "f1"),)),
        )
        for short, part in parts
    ]
    rows += [
        ("exact match", *(with_span(level.exact) for level in both)),
        ("Hamming loss", *(with_span(level.hamming) for level in both)),
        ("LRAP", *(number(level.lrap) for level in both)),
        *((f"P@{k}", *(number(level.precision_at.get(k)) for level in both)) for k in ("1", "3", "5")),
        ("nDCG@5", *(number(level.ndcg_at_5) for level in both)),
        ("mean average precision", *(number(level.mean_average_precision) for level in both)),
        ("calibration error", *(number(level.calibration.error) for level in both)),
        ("Brier score", *(number(level.calibration.brier) for level in both)),
    ]
    return Table(
        "All texts", ("figure", "paragraphs", "articles"), tuple(rows), "In brackets: 95% intervals by article."
    )


def per_label(evaluation: Evaluation, name: str) -> Table:
    """Return the labels of one level."""
    level = evaluation.level(name)
    cuts = any(one.cut is not None for one in level.per_label)
    rows = tuple(
        (
            one.label,
            *((number(one.cut, 2),) if cuts else ()),
            number(one.precision.value),
            number(one.recall.value),
            number(one.f1.value),
            span(one.f1),
            number(one.average_precision),
            str(one.support),
            str(one.given),
            one.warning or "",
        )
        for one in level.per_label
    )
    columns = ("label", *(("cut",) if cuts else ()), "P", "R", "F1", "95%", "AP", "true", "given", "")
    return Table(f"Labels on {name}", columns, rows)


def groups(evaluation: Evaluation, name: str) -> list[Table]:
    """Return the languages, genres and sources of one level: those that the corpus tells."""
    level = evaluation.level(name)
    kinds = (("Language", level.languages), ("Genre", level.genres), ("Source", level.sources))
    return [_group(kind, found, name) for kind, found in kinds if found]


def _group(kind: str, found: Sequence[Group], name: str) -> Table:
    rows = tuple(
        (
            group.name,
            number(group.micro.f1.value),
            span(group.micro.f1),
            number(group.micro.precision.value),
            number(group.micro.recall.value),
            number(group.macro.value),
            f"{group.texts:,}",
            f"{group.articles:,}",
        )
        for group in found
    )
    columns = (kind.lower(), "micro F1", "95%", "P", "R", "macro F1", name, "articles")
    return Table(f"{kind}s" if name == "paragraphs" else f"{kind}s, {name}", columns, rows)


def rivals(evaluation: Evaluation) -> Table:
    """Return the tagger and what it must beat."""
    ours, articles = evaluation.paragraphs, evaluation.articles
    first = (
        f"{evaluation.provenance.model} (this)", number(ours.micro.f1.value), number(ours.macro.f1.value),
        number(articles.micro.f1.value), number(articles.macro.f1.value), "", "",
    )  # fmt: skip
    rows = tuple(
        (
            rival.name,
            number(rival.micro.f1.value),
            number(rival.macro.f1.value),
            number(rival.article_micro),
            number(rival.article_macro),
            f"{signed(rival.micro_difference.value)} ({signed_span(rival.micro_difference)})",
            f"{signed(rival.macro_difference.value)} ({signed_span(rival.macro_difference)})",
        )
        for rival in evaluation.rivals
    )
    columns = ("tagger", "micro F1", "macro F1", "articles micro", "articles macro", "ahead in micro", "ahead in macro")
    note = "; ".join(f"{rival.name}: {rival.description}" for rival in evaluation.rivals)
    return Table("Beside others, on the same texts", columns, (first, *rows), f"{note}." if note else "")


def calibration(level: Level, name: str) -> Table:
    """Return the reliability bins of one level."""
    rows = tuple(
        (f"{b.low:.1f} to {b.high:.1f}", f"{b.n:,}", number(b.score), number(b.true)) for b in level.calibration.bins
    )
    return Table(f"Scores of {name}", ("scores", "pairs", "mean score", "share true"), rows)


def confusions(evaluation: Evaluation, name: str) -> Table:
    """Return the pairs (missed, wrongly given), most frequent first."""
    counts = evaluation.level(name).confusions
    labels = evaluation.labels
    found = sorted(
        ((n, labels[i], labels[j]) for i, row in enumerate(counts) for j, n in enumerate(row) if n),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    rows = tuple((missed, wrong, str(n)) for n, missed, wrong in found[:_PAIRS])
    return Table(f"Confusions on {name}", ("missed", "given instead", name), rows)


def together(evaluation: Evaluation, name: str) -> Table:
    """Return the pairs of labels that share most texts."""
    counts, labels = evaluation.level(name).together, evaluation.labels
    found = sorted(
        ((n, labels[i], labels[j]) for i, row in enumerate(counts) for j, n in enumerate(row) if n and i < j),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    rows = tuple((one, other, str(n)) for n, one, other in found[:_PAIRS])
    return Table(f"Together on {name}", ("label", "with", name), rows)


def off_topic(evaluation: Evaluation) -> str:
    """Return a sentence on the articles that bear no label."""
    off = evaluation.off_topic
    if not off.articles:
        return "Every article bears a label: nothing can be said of texts off topic."
    inside = percent_span(off.share)
    said = (
        f"Articles without any label: {off.articles:,}. Of their {count(off.paragraphs, 'paragraph')} "
        f"{off.tagged:,} got a tag ({percent(off.share.value)}{f', 95% interval {inside}' if inside else ''}), "
        f"of the articles {off.articles_tagged:,}"
    )
    if off.by_label:
        most = sorted(off.by_label.items(), key=lambda pair: (-pair[1], pair[0]))
        said += ". Paragraphs by label: " + ", ".join(f"{label} {n}" for label, n in most)
    return said + "."


def learning_curve(evaluation: Evaluation) -> Table:
    """Return quality against the share of the articles learned from."""
    rows = tuple(
        (
            percent(point.share),
            f"{point.articles:,}",
            f"{point.paragraphs:,}",
            with_span(point.micro),
            with_span(point.macro),
            number(point.plain_micro),
            number(point.plain_macro),
        )
        for point in evaluation.learning_curve
    )
    columns = ("share", "articles", "paragraphs", "micro F1", "macro F1", "plain micro", "plain macro")
    return Table("Learning curve", columns, rows, "Plain: TF-IDF and logistic regression on the same articles.")


def left_out(evaluation: Evaluation) -> Table:
    """Return each language tagged by a model that never saw it."""
    rows = tuple(
        (
            one.lang,
            with_span(one.micro),
            number(one.seen_micro),
            with_span(one.macro),
            number(one.seen_macro),
            f"{one.texts:,}",
            f"{one.articles:,}",
        )
        for one in evaluation.left_out
    )
    columns = ("language", "micro unseen", "micro seen", "macro unseen", "macro seen", "paragraphs", "articles")
    return Table("Each language unseen", columns, rows)
