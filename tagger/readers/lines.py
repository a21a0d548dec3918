"""JSON lines: one article a line, its text in a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagger import jsonl
from tagger.errors import InputError, nearest
from tagger.readers.source import sha256
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagger.readers.source import Options, Source


def documents(source: Source, options: Options) -> Iterator[Document | InputError]:
    """Yield the document, or the error, of each line."""
    with source.open() as stream:
        number = 0
        while raw := stream.readline(options.max_bytes + 1):
            number += 1
            where = f"{source.where}:{number}"
            if len(raw) > options.max_bytes:
                while raw and not raw.endswith(b"\n"):
                    raw = stream.readline(options.max_bytes)
                yield InputError(f"larger than {options.max_bytes:,} bytes.", where=where, code="too-large")
                continue
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if raw.strip():
                yield _document(raw, number, where, source, options)


def _document(raw: bytes, number: int, where: str, source: Source, options: Options) -> Document | InputError:
    try:
        value = jsonl.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        code = "binary" if b"\0" in raw else "encoding"
        return InputError("the line is not UTF-8.", where=where, code=code)
    except ValueError as error:
        return InputError(f"not JSON: {error}.", where=where, code="format")
    if not isinstance(value, dict):
        return InputError("the line is not a JSON object.", where=where, code="format")
    return record(value, number, where, source, options, sha256(raw.rstrip(b"\r\n")))


def record(
    value: Mapping[str, Any], number: int, where: str, source: Source, options: Options, digest: str
) -> Document | InputError:
    """Return the document of one record; its ``id``, ``title``, ``lead`` and ``lang`` are used where they are."""
    text = value.get(options.text_field)
    if text is None:
        known = [name for name, held in value.items() if isinstance(held, str) and name]
        hint = f"Name it with --text-field. {nearest(options.text_field, known)}" if known else ""
        return InputError(f"no field '{options.text_field}'.", where=where, hint=hint, code="format")
    if not isinstance(text, str):
        return InputError(f"the field '{options.text_field}' is not text.", where=where, code="format")
    if not text or text.isspace():
        return InputError("there is no text in it.", where=where, code="empty")
    if "\0" in text:
        return InputError("is binary data, not text.", where=where, code="binary")
    name = value.get("id")
    return Document(
        str(name) if isinstance(name, (str, int)) and name != "" else f"{source.id}:{number}",
        text,
        source.path,
        digest,
        title=_text(value, "title", options),
        lead=_text(value, "lead", options),
        lang=_text(value, "lang", options) or _text(value, "language", options),
    )


def _text(value: Mapping[str, Any], name: str, options: Options) -> str | None:
    found = value.get(name)
    return found.strip() or None if isinstance(found, str) and name != options.text_field else None
