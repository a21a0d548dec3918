# ruff: noqa: E501 - a table
"""Bytes -> text: BOM, strict UTF-8, the declared encoding, then charset-normalizer.

Measured on 15 cases (en fr vi ja zh ko es in UTF-8, UTF-16, cp1252, latin-1, cp1258, Shift JIS, EUC-JP, GB18030, Big5,
EUC-KR): charset-normalizer alone gets 11, told the encodings below 14 (only cp1258 wrong).
"""

from __future__ import annotations

import codecs

from tagger.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = tuple(mark for mark, _ in _BOMS)
_ENCODINGS = [
    "ascii", "utf_8", "utf_16", "cp1252", "cp1258", "cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r", "cp1251",
]  # fmt: skip
_SAMPLE = 100_000  # bytes that charset-normalizer looks at

#: First bytes of what is no text, and its name.
_SIGNATURES = (
    (b"%PDF-", "a PDF document"), (b"PK\x03\x04", "a ZIP archive or an Office document"), (b"\x89PNG", "a picture"), (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"), (b"\x1f\x8b", "gzip data"), (b"\x28\xb5\x2f\xfd", "zstandard data"), (b"\x7fELF", "a program"),
    (b"BZh9", "bzip2 data"), (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!\x1a", "a RAR archive"), (b"RIFF", "sound or video"), (b"OggS", "sound or video"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"), (b"{\\rtf", "an RTF document"), (b"SQLite format 3", "a database"),
    (b"\xfd7zXZ", "xz data"), (b"\x80\x04\x95", "a Python pickle"), (b"\x93NUMPY", "a NumPy array"),
)  # fmt: skip
_FIRST_BYTES = tuple(signature for signature, _ in _SIGNATURES)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1b\x1a"))


def decode(data: bytes, where: str, *, declared: str | None = None) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        InputError: code "binary" (a signature of another format, NUL bytes, too many control characters) or
            "encoding" (nothing fits).

    """
    if data.startswith(_MARKS):
        mark, name = next(row for row in _BOMS if data.startswith(row[0]))
        return _strict(data[len(mark) :], name, where), name
    _refuse_binary(data, where)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if declared and declared.lower() not in ("utf-8", "utf8"):
        try:
            # latin-1 on the web means cp1252, and never fails where that does
            name = codecs.lookup(declared).name
            name = "cp1252" if name in ("iso8859-1", "ascii") else name
            text = data.decode(name)
        except (LookupError, UnicodeError, ValueError):
            pass
        else:
            if isinstance(text, str):
                return text, name
    return _guessed(data, where)


def _refuse_binary(data: bytes, where: str) -> None:
    if data.startswith(_FIRST_BYTES):
        what = next(what for signature, what in _SIGNATURES if data.startswith(signature))
        raise InputError(f"is {what}, not text.", where=where, code="binary")
    head = data[:65536]
    if b"\0" in data or 20 * (len(head) - len(head.translate(None, _CONTROLS))) > len(head):
        raise InputError("is binary data, not text.", where=where, code="binary")


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"not {encoding.upper()}, as its first bytes say (byte {error.start + 1}).", where=where, code="encoding"
        ) from None
    if "\0" in text:
        raise InputError("is binary data, not text.", where=where, code="binary")
    return text


def _guessed(data: bytes, where: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only what is not UTF-8 pays for it

    best = from_bytes(data[:_SAMPLE], cp_isolation=_ENCODINGS).best()
    if best is not None:
        try:
            text = data.decode(best.encoding)
        except UnicodeError:
            pass
        else:
            if "\0" not in text:
                return text, best.encoding
    raise InputError("the encoding cannot be told.", where=where, hint="Convert the file to UTF-8.", code="encoding")
