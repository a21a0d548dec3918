"""JSON lines: ``{"text": ..., "labels": [...]}`` or ``{"paragraphs": [{"text", "labels"}, ...]}`` a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger import jsonl
from tagger.corpora.record import LINE_KEYS, Builder
from tagger.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.corpora import Report
    from tagger.records import LabelledArticle


def articles(path: Path, name: str, report: Report) -> Iterator[LabelledArticle]:
    """Yield an article a line; blank lines are passed over, bad lines reported."""
    try:
        for number, data in jsonl.rows(path):
            if isinstance(data, InputError):
                report(CorpusError(data.what, where=data.where, hint=data.hint))
                continue
            if isinstance(data, dict) and isinstance(data.get("id"), int):
                data["id"] = str(data["id"])
            builder = Builder(f"{path}:{number}", report)
            article = builder.article(data, f"{name}:{number}", LINE_KEYS, closed=False)
            if article is not None:
                yield article
    except InputError as error:
        report(CorpusError(error.what, where=error.where, hint=error.hint))
