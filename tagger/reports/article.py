"""One tagged article as a table for people, in plain text: it must not cost the start of a library."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.records import Evidence, TaggedArticle, TaggedParagraph
    from tagger.taxonomy import Taxonomy

_NARROWEST, _WIDEST = 60, 110
_WORDS_SHOWN = 6
_LINES_SHOWN = 3
#: Share of the strongest summand below which a word is not shown (``--format json`` has them all).
_WORTH_SHOWING = 0.15


def table(tagged: TaggedArticle, taxonomy: Taxonomy, *, model: str, width: int | None = None) -> str:
    """Return the table: the article's tags, then each paragraph with its tags and, if asked for, its words."""
    columns = width or shutil.get_terminal_size((100, 24)).columns
    columns = max(_NARROWEST, min(_WIDEST, columns))
    paint = _Paint(sys.stdout.isatty() and "NO_COLOR" not in os.environ and width is None)
    lines = list(_head(tagged, taxonomy, model, columns, paint))
    for paragraph in tagged.paragraphs:
        lines += _paragraph(paragraph, taxonomy.ids, columns, paint)
    if tagged.abstained:
        lines.append("The model knows none of these words; it gives no tag.")
    return "\n".join(lines)


def _head(tagged: TaggedArticle, taxonomy: Taxonomy, model: str, columns: int, paint: _Paint) -> Iterator[str]:
    title = tagged.article.title or tagged.article.document.id
    yield from (paint.bold(line) for line in _wrap(title, columns))
    yield paint.dim(f"language {tagged.article.lang} · model {model}")
    yield ""
    names = {label.id: label.name.get("en") or next(iter(label.name.values()), label.id) for label in taxonomy.labels}
    widest = max((len(label) for label in names), default=0)
    for one in sorted(tagged.tags, key=lambda t: -t.score):
        bar = "█" * round(one.score * 20)
        yield f"  {paint.tag(one.label.ljust(widest))}  {one.score:.2f}  {bar:<20}  {names.get(one.label, '')}"
    if not tagged.tags:
        yield "  no topic of this taxonomy"
    for label, score in _others(tagged, taxonomy.ids):
        yield paint.dim(f"  {label.ljust(widest)}  {score:.2f}  not given{'':<11}  {names[label]}".rstrip())
    yield paint.dim("─" * columns)


def _others(tagged: TaggedArticle | TaggedParagraph, ids: Sequence[str]) -> list[tuple[str, float]]:
    """Return the labels that were not given with their scores, the highest first; none unless all were asked for."""
    given = {tag.label for tag in tagged.tags}
    scores = [(label, score) for label, score in zip(ids, tagged.scores, strict=False) if label not in given]
    return sorted(scores, key=lambda one: -one[1])


def _paragraph(paragraph: TaggedParagraph, ids: Sequence[str], columns: int, paint: _Paint) -> Iterator[str]:
    source = paragraph.paragraph
    number = f"{source.index + 1:>3} "
    inner = columns - len(number)
    if not source.taggable:
        yield paint.dim(f"{number}{source.kind}: {_cut(source.text, inner - len(source.kind) - 2)}")
        return
    shown = _wrap(source.text, inner)
    if len(shown) > _LINES_SHOWN:
        shown = [*shown[: _LINES_SHOWN - 1], _cut(shown[_LINES_SHOWN - 1], inner - 2) + " …"]
    for i, line in enumerate(shown):
        text = paint.bold(line) if source.kind == "title" else line
        yield (number if i == 0 else " " * len(number)) + text
    if not source.counts:
        yield paint.dim(f"{' ' * len(number)}(said again elsewhere: not counted twice)")
    for one in sorted(paragraph.tags, key=lambda t: -t.score):
        words = _words(one.evidence)
        line = _cut(f"{' ' * len(number)}▸ {one.label} {one.score:.2f}{'  ' + words if words else ''}", columns)
        yield line.replace(one.label, paint.tag(one.label), 1)
    if others := ", ".join(f"{label} {score:.2f}" for label, score in _others(paragraph, ids)):
        yield paint.dim(_cut(f"{' ' * len(number)}not given: {others}", columns))


def _words(evidence: Sequence[Evidence]) -> str:
    """Return the strongest words, each once, with the sum of what its places say."""
    said: dict[str, tuple[str, float]] = {}
    for one in evidence:
        if text := " ".join(one.text.split()):
            first, weight = said.get(text.casefold(), (text, 0.0))
            said[text.casefold()] = first, weight + one.weight
    best = sorted(said.values(), key=lambda word: -word[1])[:_WORDS_SHOWN]
    least = best[0][1] * _WORTH_SHOWING if best else 0.0
    return ", ".join(f"{text} {weight:+.2f}" for text, weight in best if weight > max(0.0, least))


class _Paint:
    """ANSI styles, or none."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def _style(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text

    def bold(self, text: str) -> str:
        return self._style("1", text)

    def dim(self, text: str) -> str:
        return self._style("2", text)

    def tag(self, text: str) -> str:
        return self._style("1;36", text)


def _width(text: str) -> int:
    """Return the columns a text takes: wide and full-width characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def _printable(text: str) -> str:
    """Drop control characters, which could drive the terminal."""
    return "".join(" " if c.isspace() else c for c in text if c.isspace() or c.isprintable())


def _wrap(text: str, columns: int) -> list[str]:
    flat = " ".join(_printable(text).split())
    if _width(flat) == len(flat):
        return textwrap.wrap(flat, columns) or [""]
    lines, line, used = [], "", 0
    for character in flat:
        wide = _width(character)
        if used + wide > columns:
            at = line.rfind(" ") if character != " " else -1
            rest = line[at + 1 :] if at > columns // 2 else ""
            lines.append(line[:at] if rest else line.rstrip())
            line, used = rest, _width(rest)
        line += character
        used += wide
    return [*lines, line]


def _cut(text: str, columns: int) -> str:
    flat = _printable(text)
    if _width(flat) <= columns:
        return flat
    kept, used = "", 0
    for character in flat:
        used += _width(character)
        if used > columns - 1:
            break
        kept += character
    return kept.rstrip() + "…"
