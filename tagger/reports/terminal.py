"""The report for a terminal: plain text; bold headings only where the output is one."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING

from tagger.reports import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.evaluation import Evaluation
    from tagger.reports.tables import Table

#: Labels beyond which the article level is left to the other reports.
_MANY = 25

#: Columns of prose.
_WIDTH = 100


def report(evaluation: Evaluation, *, bold: bool | None = None) -> str:
    """Return the tables, widest figures first."""
    styled = sys.stdout.isatty() and "NO_COLOR" not in os.environ if bold is None else bold
    return "\n".join(_lines(evaluation, "\x1b[1m" if styled else "", "\x1b[0m" if styled else "")).rstrip()


def _lines(evaluation: Evaluation, bold: str, plain: str) -> Iterator[str]:
    yield f"{bold}{tables.title(evaluation)}{plain}"
    yield tables.extent(evaluation)
    shown = [tables.headline(evaluation), tables.rivals(evaluation), tables.per_label(evaluation, "paragraphs")]
    if len(evaluation.labels) <= _MANY:
        shown.append(tables.per_label(evaluation, "articles"))
    shown += tables.groups(evaluation, "paragraphs")
    shown.append(tables.confusions(evaluation, "paragraphs"))
    shown += [tables.learning_curve(evaluation), tables.left_out(evaluation)]
    for table in shown:
        if table.rows:
            yield ""
            yield f"{bold}{table.title}{plain}"
            yield from _laid_out(table)
            if table.note:
                yield from _prose(table.note)
    yield ""
    yield f"{bold}Off topic{plain}"
    yield from _prose(tables.off_topic(evaluation))
    yield ""
    yield f"{bold}Notes{plain}"
    for note in evaluation.notes:
        yield from _prose(note)


def _prose(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _laid_out(table: Table) -> Iterator[str]:
    """Align the first column left and figures right."""
    rows = [table.columns, *table.rows]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    words = {at for at in range(len(widths)) if at == 0 or table.columns[at] in ("with", "given instead", "")}
    for row in rows:
        cells = (c.ljust(w) if at in words else c.rjust(w) for at, (c, w) in enumerate(zip(row, widths, strict=True)))
        yield ("  " + "  ".join(cells)).rstrip()
