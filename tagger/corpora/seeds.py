"""Seed articles: one YAML file an article, readable and diffable by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from tagger.corpora.decoded import read_text
from tagger.corpora.record import SEED_KEYS, Builder
from tagger.errors import CorpusError
from tagger.yaml_nodes import compose, is_null, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.corpora import Report
    from tagger.records import LabelledArticle

_LONGEST = 4_000_000
_DEEPEST = 6  # an article, its paragraphs, one of them, its labels, one of them: five

_Lines = dict[tuple[str | int, ...], int]


def articles(path: Path, name: str, report: Report) -> Iterator[LabelledArticle]:
    """Yield the one article of a seed file."""
    lines: _Lines = {}
    root = compose(read_text(path, _LONGEST), str(path), _DEEPEST, CorpusError)
    if root is None:
        raise CorpusError("the file is empty.", where=str(path))
    data = _plain(root, (), lines, path)

    def locate(at: tuple[str | int, ...]) -> str:
        while at not in lines:
            at = at[:-1]
        return f"{path}:{lines[at]}"

    article = Builder(locate, report).article(data, name, SEED_KEYS, closed=True)
    if article is not None:
        yield article


def _plain(node: yaml.Node, at: tuple[str | int, ...], lines: _Lines, path: Path) -> Any:
    """Return the node as plain data, its scalars as written (``no`` is Norway), and note every line."""
    lines[at] = line_of(node)
    if isinstance(node, yaml.ScalarNode):
        return None if is_null(node) else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, i), lines, path) for i, item in enumerate(node.value)]
    result: dict[str, Any] = {}
    for key_node, value in node.value:
        key = key_node.value
        where = f"{path}:{line_of(key_node)}"
        if not isinstance(key, str):
            raise CorpusError("a key must be a text.", where=where)
        if key in result:
            raise CorpusError(f"key '{key}' stands twice.", where=where)
        result[key] = _plain(value, (*at, key), lines, path)
        lines[(*at, key)] = line_of(key_node)
    return result
