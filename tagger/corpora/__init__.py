"""Labelled data on disk -> `LabelledArticle`. One module a format; `SOURCES` names them by suffix.

A source is a function ``articles(path, name, report)`` that yields the articles of one file. What is wrong in
the file goes to ``report``, which raises (the usual case) or collects (`tagger check`), so that a source says
everything that is wrong and not only the first thing.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tagger import compressed
from tagger.errors import CorpusError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagger.records import LabelledArticle, LabelledParagraph
    from tagger.taxonomy import Taxonomy

    Report = Callable[[CorpusError], None]
    Source = Callable[[Path, str, Report], Iterator[LabelledArticle]]

#: Suffix -> "module:function". Each also with ``.gz`` or ``.zst`` behind it.
SOURCES = {
    ".yaml": "tagger.corpora.seeds:articles",
    ".yml": "tagger.corpora.seeds:articles",
    ".jsonl": "tagger.corpora.lines:articles",
    ".ndjson": "tagger.corpora.lines:articles",
    ".csv": "tagger.corpora.table:articles",
    ".tsv": "tagger.corpora.table:articles",
}

#: Files that stand among articles and hold none: the taxonomy, and the record of the labelling passes.
NO_ARTICLES = frozenset({"labels.yaml", "labels.yml", "annotations.jsonl"})


def read(path: str | Path, report: Report | None = None) -> Iterator[LabelledArticle]:
    """Yield the articles of a file, or of every file under a folder in sorted order.

    Hidden files, `NO_ARTICLES` and files of other suffixes in a folder are passed over.

    Args:
        path: a file or a folder.
        report: told of every error; None raises the first. After an error the next article is read.

    Raises:
        CorpusError: nothing to read, or (without ``report``) the first thing wrong, with path and line.

    """
    path = Path(path)
    report = report or _raise
    try:
        files = list(_files(path))
    except CorpusError as error:
        report(error)
        return
    for file, name in files:
        try:
            yield from _source(file)(file, name, report)
        except CorpusError as error:  # the rest of the file cannot be read
            report(error)


def load(path: str | Path, taxonomy: Taxonomy | None = None, report: Report | None = None) -> list[LabelledArticle]:
    """Return the articles under ``path``; with a taxonomy, every label must be one of its.

    A paragraph with ``labels: []`` bears none, which is an answer; one without ``labels`` is an error.

    Raises:
        CorpusError: see `read`; an unknown label names path, line and the nearest known label.

    """
    report = report or _raise
    articles = list(read(path, report))
    if taxonomy is not None:
        for where, label in unknown_labels(articles, taxonomy.ids):
            report(CorpusError(f"unknown label '{label}'.", where=where, hint=nearest(label, taxonomy.ids)))
    return articles


def unknown_labels(articles: list[LabelledArticle], known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (where, label) of each label that is not known."""
    names = set(known)
    for article in articles:
        told = set()  # a paragraph may stand in the article's own line, and bear the article's labels
        bearers: list[LabelledArticle | LabelledParagraph] = [article, *article.paragraphs]
        for bearer in bearers:
            for label in bearer.labels:
                if label not in names and (bearer.where, label) not in told:
                    told.add((bearer.where, label))
                    yield bearer.where, label


def suffix(path: Path) -> str:
    """Return the suffix that tells the format: ``.jsonl`` of ``a.JSONL.gz``."""
    return Path(compressed.plain_name(path)).suffix.lower()


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield (file, its name relative to ``path``)."""
    if path.is_dir():
        found = sorted(_walk(path), key=lambda file: file.relative_to(path).parts)
        if not found:
            raise CorpusError("no labelled data in this folder.", where=str(path), hint=f"Read are: {_suffixes()}.")
        for file in found:
            yield file, file.relative_to(path).as_posix()
    elif path.exists():
        yield path, path.name
    else:
        raise CorpusError("no such file or folder.", where=str(path))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):  # links to folders are not followed: they may loop
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(parent, name)
            if not name.startswith(".") and name.lower() not in NO_ARTICLES and suffix(file) in SOURCES:
                yield file


def _source(file: Path) -> Source:
    target = SOURCES.get(suffix(file))
    if target is None:
        raise CorpusError(
            f"'{file.suffix or file.name}' is no format of labelled data.",
            where=str(file),
            hint=f"Read are: {_suffixes()}.",
        )
    module, function = target.split(":")
    source: Source = getattr(import_module(module), function)
    return source


def _suffixes() -> str:
    return ", ".join(SOURCES) + ", each also as .gz or .zst"


def _raise(error: CorpusError) -> None:
    raise error
