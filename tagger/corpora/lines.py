"""JSON lines: ``{"text": ..., "labels": [...]}`` or ``{"paragraphs": [{"text", "labels"}, ...]}`` a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagger.corpora.decoded import UNREADABLE, open_text, undecodable, unreadable
from tagger.corpora.record import LINE_KEYS, Builder
from tagger.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.corpora import Report
    from tagger.records import LabelledArticle


def articles(path: Path, name: str, report: Report) -> Iterator[LabelledArticle]:
    """Yield an article a line; blank lines are passed over."""
    try:
        with open_text(path) as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    article = _article(line, f"{path}:{number}", f"{name}:{number}", report)
                    if article is not None:
                        yield article
    except UnicodeDecodeError as error:
        report(undecodable(path, error))
    except UNREADABLE as error:
        report(unreadable(path, error))


def _article(line: str, where: str, name: str, report: Report) -> LabelledArticle | None:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        report(CorpusError(f"not valid JSON: {error.msg} at column {error.colno}.", where=where))
        return None
    except (RecursionError, ValueError) as error:  # nested thousands deep; a number of thousands of digits
        report(CorpusError(f"not valid JSON: {error}.", where=where))
        return None
    if isinstance(data, dict) and isinstance(data.get("id"), int):
        data["id"] = str(data["id"])
    return Builder(lambda _: where, report).article(data, name, LINE_KEYS, closed=False)
