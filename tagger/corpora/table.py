"""CSV and TSV: a header, a ``text`` column, a ``labels`` column separated by ``;``, ``|`` or ``,``."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from tagger.corpora import suffix
from tagger.corpora.decoded import opened
from tagger.corpora.record import LINE_KEYS, Builder, split_labels
from tagger.errors import CorpusError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    from tagger.corpora import Report
    from tagger.records import LabelledArticle

_NEEDED = ("text", "labels")
_LONGEST_CELL = 16_000_000  # characters; csv's own limit of 131,072 is less than a long article


def articles(path: Path, name: str, report: Report) -> Iterator[LabelledArticle]:
    """Yield an article a row. An empty ``labels`` cell means that the text bears none."""
    with opened(path) as file:
        yield from _rows(file, path, name, report)


def _rows(file: TextIO, path: Path, name: str, report: Report) -> Iterator[LabelledArticle]:
    header = file.readline()
    columns, delimiter = _header(header, path, report)
    if not columns:
        return
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    rows = csv.reader(file, delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 2  # the header is line 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            # An unclosed quote swallows the lines after it: no row from here on can be trusted.
            report(
                CorpusError(
                    f"not a valid table: {error}.",
                    where=f"{path}:{line}",
                    hint="Is a quotation mark left open?",
                )
            )
            return
        if not any(cell.strip() for cell in row):
            continue
        article = _article(row, columns, f"{path}:{line}", f"{name}:{line}", report)
        if article is not None:
            yield article


def _header(line: str, path: Path, report: Report) -> tuple[list[str], str]:
    """Return the names of the columns and the delimiter; no columns when the header was no good."""
    if not line.strip():
        report(CorpusError("no header.", where=f"{path}:1", hint="The first line names the columns: text, labels."))
        return [], ","
    delimiter = "\t" if suffix(path) == ".tsv" else max(",;\t", key=line.count)
    columns = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter))]
    for name in _NEEDED:
        if name not in columns:
            report(CorpusError(f"no column '{name}' in the header.", where=f"{path}:1", hint=nearest(name, columns)))
            return [], delimiter
    repeated = [name for name in columns if name and columns.count(name) > 1]
    if repeated:
        report(CorpusError(f"column '{repeated[0]}' stands twice in the header.", where=f"{path}:1"))
        return [], delimiter
    return columns, delimiter


def _article(row: list[str], columns: list[str], where: str, name: str, report: Report) -> LabelledArticle | None:
    if len(row) != len(columns):
        report(
            CorpusError(
                f"{len(row)} cells where the header has {len(columns)}.",
                where=where,
                hint="Put texts that hold the separator in double quotes.",
            )
        )
        return None
    data: dict[str, Any] = {key: cell for key, cell in zip(columns, row, strict=True) if key and cell.strip()}
    data.setdefault("text", "")
    data["labels"] = split_labels(data.get("labels", ""))
    if "countries" in data:
        data["countries"] = split_labels(data["countries"])
    return Builder(where, report).article(data, name, LINE_KEYS, closed=False)
