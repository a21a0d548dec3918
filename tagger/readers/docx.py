"""DOCX: paragraphs and the cells of tables, in their order, as python-docx finds them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError, MissingExtraError
from tagger.readers.limits import guarded
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.readers.source import Options, Source

_SWELLS = 10  # a part may be so many times --max-bytes when unpacked: XML packs well, bombs pack better


def documents(source: Source, options: Options) -> Iterator[Document]:
    """Yield the text of a DOCX file."""
    data = source.data(options)
    try:
        import docx  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("DOCX files need the package python-docx.", "docx") from None
    with guarded(source.where, options.time_limit):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _SWELLS * options.max_bytes:
                raise InputError("unpacks to too many bytes.", where=source.where, code="too-large")
        document: Any = docx.Document(io.BytesIO(data))
        lines = [" ".join(text.split()) for text in _texts(document)]
        title = " ".join((document.core_properties.title or "").split())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise InputError("there is no text in it.", where=source.where, code="empty")
    known = title if title and title in lines else None
    yield Document(source.id, text, source.path, source.digest(data), title=known, converted=True)


def _texts(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "\n".join(dict.fromkeys(cell.text for cell in row.cells))  # merged cells come twice
        else:
            yield block.text
