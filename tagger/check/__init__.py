"""`tagger check`: what a taxonomy and a corpus hold, and everything that is wrong with them.

Codes are stable. A severity is *error* (train would refuse, or the data contradicts itself), *warning* (it
costs quality) or *info* (worth a look).

====  ========  ===================================================================================
T001  error     a file cannot be read, or breaks a rule of its format
T002  error     a label that the taxonomy does not have
T003  warning   a label with fewer than ten positive paragraphs
T004  warning   the same text twice
T005  warning   two texts that are nearly the same
T006  error     the same text with different labels
T007  warning   an article's label that none of its paragraphs bears
T008  warning   a label with fewer than ten positive paragraphs in a language of the corpus
T009  warning   characters that come from a wrong decoding
T010  warning   two articles with the same id
T011  info      a phrase that many articles share (only when asked for)
T012  info      nothing labelled: the model will rest on the terms alone
T020  warning   a term of one label that is a form of another label's term, or a word of another language
T021  warning   a term that never counts, because a stop term is the same
T022  info      a term that no text of its language holds
T023  info      a term whose texts mostly do not bear its label
T024  warning   a label without terms in a language of the corpus
T025  info      a term that another term of its label already stands for
T026  info      a term that two labels list: it counts for both
====  ========  ===================================================================================
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tagger import corpora
from tagger.check import articles, terms
from tagger.check.counts import Counts
from tagger.check.report import CheckReport, Finding
from tagger.errors import CorpusError, TaxonomyError
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.records import LabelledArticle

__all__ = ["CheckReport", "Counts", "Finding", "check", "run"]

DEFAULT_LABELS = Path("labels.yaml")
DEFAULT_DATA = Path("seeds")


def run(labels: Path | None = None, data: Path | None = None, *, phrases: bool = False) -> CheckReport:
    """Check files: a taxonomy (by default ``labels.yaml``) and labelled data (``seeds``, where it stands)."""
    found: list[Finding] = []
    taxonomy, text = None, ""
    labels = labels or DEFAULT_LABELS
    try:
        taxonomy = Taxonomy.load(labels)
        text = labels.read_text(encoding="utf-8-sig")
    except TaxonomyError as error:
        found.append(Finding("T001", "error", error.where, f"{error.what} {error.hint}".strip()))
    read: list[LabelledArticle] = []
    if data is not None or DEFAULT_DATA.exists():

        def report(error: CorpusError) -> None:
            found.append(Finding("T001", "error", error.where, f"{error.what} {error.hint}".strip()))

        read = corpora.load(data or DEFAULT_DATA, None, report)
    lines = terms.lines(text, str(labels)) if text else None
    return check(taxonomy, read, found=found, lines=lines, phrases=phrases)


def check(
    taxonomy: Taxonomy | None,
    corpus: Iterable[LabelledArticle],
    *,
    found: Iterable[Finding] = (),
    lines: dict[terms.Place, str] | None = None,
    phrases: bool = False,
) -> CheckReport:
    """Check a taxonomy and labelled articles; every finding, not only the first.

    Args:
        taxonomy: None when it could not be read: the labels seen stand in for its.
        corpus: the articles.
        found: what reading them already told.
        lines: where each term stands (``terms.lines``), for the findings' ``where``.
        phrases: also look for phrases that more than three articles share.

    """
    corpus = list(corpus)
    ids = taxonomy.ids if taxonomy is not None else _seen(corpus)
    counts = Counts.of(corpus, ids)
    homes = {place[0]: where for place, where in (lines or {}).items() if not place[1]}
    findings = [*found, *articles.findings(corpus, ids, counts, homes)]
    if phrases:
        findings += articles.phrases(corpus)
    if taxonomy is not None:
        findings += terms.findings(taxonomy, corpus, lines or {})
    return CheckReport(counts, tuple(sorted(findings, key=Finding.order)))


def _seen(corpus: list[LabelledArticle]) -> tuple[str, ...]:
    labels = {label for article in corpus for label in article.labels}
    return tuple(sorted(labels.union(*(p.labels for article in corpus for p in article.paragraphs))))
