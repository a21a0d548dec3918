"""The report as Markdown, for a wiki or a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.reports import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.evaluation import Evaluation
    from tagger.reports.tables import Table


def report(evaluation: Evaluation) -> str:
    """Return the tables."""
    return "\n".join(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    yield f"# {_escaped(tables.title(evaluation))}"
    yield ""
    yield f"{tables.extent(evaluation)}."
    shown = [tables.headline(evaluation), tables.rivals(evaluation)]
    for name in tables.LEVELS:
        shown += [tables.per_label(evaluation, name), *tables.groups(evaluation, name)]
    shown.append(tables.confusions(evaluation, "paragraphs"))
    shown += [tables.learning_curve(evaluation), tables.left_out(evaluation)]
    for table in shown:
        if table.rows:
            yield from _section(table)
    yield from ("", "## Off topic", "", _escaped(tables.off_topic(evaluation)))
    yield from ("", "## Notes", "", *(f"- {_escaped(note)}" for note in evaluation.notes))


def _section(table: Table) -> Iterator[str]:
    yield from ("", f"## {_escaped(table.title)}", "")
    yield _row(table.columns)
    yield _row([":--", *("--:" for _ in table.columns[1:])])
    yield from (_row(row) for row in table.rows)
    if table.note:
        yield from ("", _escaped(table.note))


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(_escaped(cell) if not cell.startswith((":--", "--:")) else cell for cell in cells) + " |"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))
