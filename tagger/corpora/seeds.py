"""Seed articles: one YAML file an article, readable and diffable by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from tagger.corpora.decoded import read_text
from tagger.corpora.record import SEED_KEYS, Builder
from tagger.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.corpora import Report
    from tagger.records import LabelledArticle

_LONGEST = 4_000_000
_DEEPEST = 6  # an article, its paragraphs, one of them, its labels, one of them: five
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml: ten times faster
_NULL = "tag:yaml.org,2002:null"

_Lines = dict[tuple[str | int, ...], int]


def articles(path: Path, name: str, report: Report) -> Iterator[LabelledArticle]:
    """Yield the one article of a seed file."""
    lines: _Lines = {}
    data = _plain(_compose(read_text(path, _LONGEST), path), (), lines, path)

    def locate(at: tuple[str | int, ...]) -> str:
        while at not in lines:
            at = at[:-1]
        return f"{path}:{lines[at]}"

    article = Builder(locate, report).article(data, name, SEED_KEYS, closed=True)
    if article is not None:
        yield article


def _compose(text: str, path: Path) -> yaml.Node:
    depth = 0
    try:
        # A first pass over the events keeps nesting, and with it the recursion of compose, small. It costs
        # little: the parser is C.
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    raise CorpusError("nested too deeply.", where=f"{path}:{_line(event.start_mark)}")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.AliasEvent):  # nested aliases can grow without bound
                raise CorpusError(
                    "aliases (*name) are not allowed.", where=f"{path}:{_line(event.start_mark)}"
                )
        root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{_line(mark)}"
        raise CorpusError(f"not valid YAML: {error.problem or error.context}.", where=where) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise CorpusError(f"not valid YAML: {error.reason}.", where=f"{path}:{line}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise CorpusError(f"not valid YAML: {str(error).splitlines()[0]}.", where=str(path)) from None
    if root is None:
        raise CorpusError("the file is empty.", where=str(path))
    return root


def _plain(node: yaml.Node, at: tuple[str | int, ...], lines: _Lines, path: Path) -> Any:
    """Return the node as plain data, its scalars as written (``no`` is Norway), and note every line."""
    lines[at] = _line(node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, i), lines, path) for i, item in enumerate(node.value)]
    result: dict[str, Any] = {}
    for key_node, value in node.value:
        key = key_node.value
        where = f"{path}:{_line(key_node.start_mark)}"
        if not isinstance(key, str):
            raise CorpusError("a key must be a text.", where=where)
        if key in result:
            raise CorpusError(f"key '{key}' stands twice.", where=where)
        result[key] = _plain(value, (*at, key), lines, path)
        lines[(*at, key)] = _line(key_node.start_mark)
    return result


def _line(mark: Any) -> int:
    return mark.line + 1 if mark is not None else 1
