"""Texts in, lines out, for engines that own the reading and writing: Spark, pandas, a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.batch import units, work
from tagger.errors import InputError
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterable


def tag_texts(
    ids: Iterable[object],
    texts: Iterable[str | None],
    *,
    model: str | None = None,
    explain: bool = False,
    all_scores: bool = False,
    module: str = "tagger.tag",
) -> list[str]:
    """Return one JSON line a text, in order; a text that fails gives an error row. The model loads once a process.

    Raises:
        ModelError: the model cannot be loaded.
        ValueError: there are not as many texts as ids.

    """
    job = work.Job(model=model, explain=explain, all_scores=all_scores, module=module)
    given = [
        units.of_document(Document(id=str(name), text=text))
        if isinstance(text, str) and text.strip()
        else units.of_error(_EMPTY, None) | {"id": str(name)}
        for name, text in zip(ids, texts, strict=True)
    ]
    return work.tag_part(job, given).lines.decode().split("\n")[:-1]


_EMPTY = InputError("the text is empty.", code="empty")
