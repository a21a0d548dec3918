"""What people look at: reports of an Evaluation, one file a form. They read records and compute no score.

evaluation -> tables of strings (`tables`) and pictures (`svg`, `plots`) -> a page, a terminal, Markdown, CSV.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.errors import TaggerError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.evaluation import Evaluation

    Report = Callable[[Evaluation], str]

__all__ = ["REPORTS", "render", "write"]

#: Name -> "module:function", imported on use.
REPORTS = {
    "terminal": "tagger.reports.terminal:report",
    "json": "tagger.reports.data:report",
    "csv": "tagger.reports.data:labels_as_csv",
    "markdown": "tagger.reports.markdown:report",
    "html": "tagger.reports.page:report",
}

SUFFIXES = {
    ".txt": "terminal",
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
}


def render(evaluation: Evaluation, name: str) -> str:
    """Return an evaluation as text, JSON, CSV, Markdown or HTML.

    Raises:
        TaggerError: there is no such report.
        MissingExtraError: it needs a library that is not installed.

    """
    if name not in REPORTS:
        raise TaggerError(f"unknown report '{name}'.", hint=nearest(name, REPORTS))
    module, function = REPORTS[name].split(":")
    report: Report = getattr(import_module(module), function)
    return report(evaluation)


def write(evaluation: Evaluation, path: str | Path) -> None:
    """Write the report that a file's suffix names; the file appears whole or not at all.

    Raises:
        TaggerError: no report has this suffix.
        OSError: the file cannot be written.

    """
    from tagger import jsonl  # noqa: PLC0415 - printing needs none of it

    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise TaggerError("no report has this suffix.", where=str(path), hint=nearest(path.suffix, SUFFIXES))
    text = render(evaluation, SUFFIXES[path.suffix])
    with jsonl.replacing(path) as file:
        file.write(text.encode())
