# ruff: noqa: E501 - pages and tables
"""Files of every format, whole and broken, and folders."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import os
import random
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from tagger.errors import InputError, MissingExtraError, TaggerError
from tagger.readers import READERS, RECORDS, items, knows, read, walk
from tagger.readers.decoding import decode
from tagger.readers.limits import guarded
from tagger.records import Document

STORY = (
    "The harbour board of Zarnow signed a loan agreement on Tuesday that will pay for two new quays and a rail spur.",
    "Work starts in the spring, the chairwoman said, and the first ship should berth there eighteen months later.",
)
FRENCH = "Été à la mer, où les élèves étudient. La ville a été créée près du fleuve par les pêcheurs."
JAPANESE = (
    "丘浜港の理事会は火曜日、二つの岸壁と穀物倉庫の建設費を賄う借款契約に署名した。着工は来春となる見込みだ。" * 3
)


def one(path: Path, **options: object) -> Document:
    """Return the only document of a file."""
    (document,) = read(path, **options)
    return document


def code_of(path: Path, **options: object) -> str:
    """Return the code of the only error of a file."""
    (error,) = items(path, **options)
    assert isinstance(error, InputError)
    assert str(path) in str(error)
    return error.code


def test_text(tmp_path: Path) -> None:
    """A text file is the document as it stands, named after the file."""
    path = tmp_path / "quay.one.txt"
    path.write_bytes(b" date 2025-01-02 Z\xc3\xa4rnow\r\n\r\nA line.\n")
    document = one(path)
    assert document.text == " date 2025-01-02 Zärnow\r\n\r\nA line.\n"
    assert (document.id, document.path, document.encoding, document.converted) == (
        "quay.one",
        str(path),
        "utf-8",
        False,
    )
    assert len(document.sha256) == 64


def test_unknown_suffix_is_text(tmp_path: Path) -> None:
    """A named file of any other suffix is read as text."""
    path = tmp_path / "notes"
    path.write_text("A line.", encoding="utf-8")
    assert one(path).text == "A line."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8-sig"), (FRENCH, "utf-16"), (FRENCH, "utf-32"), (FRENCH, "latin-1"), (FRENCH, "cp1252"), (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"), (JAPANESE, "utf-16"), ("시는 내년에 강 근처에 학교 두 곳을 짓고 비용은 국가가 낸다. " * 4, "euc_kr"),
        ("市政府明年将在河边建两所学校,费用由国家支付。工程将于五月开始。" * 4, "gb18030"), ("Город построит две школы у реки в следующем году. " * 3, "cp1251"),
    ],
)  # fmt: skip
def test_encodings(text: str, encoding: str) -> None:
    """What is not UTF-8 is told by its mark or by its bytes."""
    assert decode(text.encode(encoding), "x")[0] == text


def test_declared_encoding() -> None:
    """A declared encoding goes before guessing, and not before UTF-8."""
    assert decode("Größe".encode("cp1250"), "x", declared="windows-1250")[0] == "Größe"
    assert decode("Größe".encode(), "x", declared="windows-1250")[0] == "Größe"
    assert decode("Été é".encode("latin-1"), "x", declared="no-such-code")[0]


@pytest.mark.parametrize(
    "data",
    [b"abc\0def", b"%PDF-1.7 text", b"PK\x03\x04rest", b"\x89PNG\r\n", b"GIF89a", b"\x1f\x8b\x08", b"{\\rtf1", b"\x01\x02\x03\x04\x05abc",
     bytes(random.Random(5).randbytes(3000)), b"\xff\xfea\0\0\0b\0"],
)  # fmt: skip
def test_binary(tmp_path: Path, data: bytes) -> None:
    """NUL bytes, control characters and the signatures of other formats are told, not tagged."""
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert code_of(path) == "binary"


def test_empty_missing_folder_large(tmp_path: Path) -> None:
    """What cannot be read has its code, in one line that names the file."""
    empty, blank, large = tmp_path / "empty.txt", tmp_path / "blank.txt", tmp_path / "large.txt"
    empty.touch()
    blank.write_text(" \n\t\n", encoding="utf-8")
    large.write_text("a" * 101, encoding="utf-8")
    assert code_of(empty) == code_of(blank) == "empty"
    assert code_of(tmp_path / "nothing.txt") == "missing"
    assert code_of(tmp_path) == "unreadable"
    assert code_of(large, max_bytes=100) == "too-large"
    assert one(large, max_bytes=101)
    whole = tmp_path / "a.json"
    whole.write_text('{"text": "Not one object a line, or who knows."}', encoding="utf-8")
    assert code_of(whole) == "format"
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    assert code_of(loop) == "link-loop"
    with pytest.raises(InputError, match="no such file"):
        list(read(tmp_path / "nothing.txt"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_unreadable(tmp_path: Path) -> None:
    """A file that may not be opened says so."""
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    assert code_of(path) == "unreadable"


def test_compressed(tmp_path: Path) -> None:
    """``.gz`` and ``.zst`` are read as what they hold; damaged or swollen ones are told."""
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"A line."))
    assert one(path).text == "A line."
    assert one(path).id == "a"
    zstandard = pytest.importorskip("zstandard")
    packed = tmp_path / "b.jsonl.zst"
    packed.write_bytes(zstandard.compress(b'{"text": "One."}\n{"text": "Two."}\n'))
    assert [d.text for d in read(packed)] == ["One.", "Two."]
    path.write_bytes(gzip.compress(b"A line." * 100)[:-12])
    assert code_of(path) == "format"
    path.write_bytes(gzip.compress(b"a" * 1_000_000))
    assert code_of(path, max_bytes=1000) == "too-large"
    path.write_bytes(bz2.compress(b"A line."))
    assert code_of(path) == "format"


def test_json_lines(tmp_path: Path) -> None:
    """Each line is a document; a bad one is an error in its place, and the rest is read."""
    path = tmp_path / "news.jsonl"
    rows = [
        b"\xef\xbb\xbf" + json.dumps({"text": STORY[0], "id": 7, "title": "A quay", "lang": "en"}).encode(),
        b"", b"{broken", b"[1]", b'{"text": 3}', b'{"body": "x"}', b'{"text": " "}', b'{"text": "\\u0000"}', b'{"text": "\xff"}',
        b'{"text": NaN}', b"[" * 100_000, json.dumps({"text": "a" * 2000}).encode(), json.dumps({"text": STORY[1]}).encode(),
    ]  # fmt: skip
    path.write_bytes(b"\n".join(rows))
    found = list(items(path, max_bytes=1000))
    assert [item.code if isinstance(item, InputError) else item.id for item in found] == [
        "7", "format", "format", "format", "format", "empty", "binary", "encoding", "format", "too-large", "too-large", "news:13",
    ]  # fmt: skip
    assert isinstance(found[0], Document)
    assert (found[0].title, found[0].lang, found[0].text) == ("A quay", "en", STORY[0])
    assert "news.jsonl:6: no field 'text'" in str(found[4])
    assert "body" in str(found[4])
    with pytest.raises(InputError, match=r"news\.jsonl:3"):
        list(read(path, max_bytes=1000))


def test_text_field(tmp_path: Path) -> None:
    """The text may stand in another field."""
    path = tmp_path / "news.ndjson"
    path.write_text('{"body": "One."}\n', encoding="utf-8")
    assert one(path, text_field="body").text == "One."


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".csv", ";"), (".tsv", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_tables(tmp_path: Path, suffix: str, delimiter: str, encoding: str) -> None:
    """Each row is a document, quoted line breaks and all."""
    path = tmp_path / f"news{suffix}"
    quoted = FRENCH.replace(" ", "\n", 1)
    rows = [["id", "text", "title"], ["a", f'"{quoted}"', "Été"], ["b", "", ""], ["c", FRENCH.replace(",", ""), "x"]]
    path.write_text("\r\n".join(delimiter.join(row) for row in rows), encoding=encoding, newline="")
    found = list(items(path))
    assert [item.code if isinstance(item, InputError) else item.text for item in found] == [
        quoted,
        "empty",
        FRENCH.replace(",", ""),
    ]
    assert isinstance(found[0], Document)
    assert (found[0].id, found[0].title) == ("a", "Été")


def test_table_without_the_column(tmp_path: Path) -> None:
    """A column that is not there is told with those that are."""
    path = tmp_path / "news.csv"
    path.write_text("id,body\n1,x\n", encoding="utf-8")
    (error,) = items(path)
    assert "Known: id, body" in str(error)


def html(body: str, head: str = "") -> str:
    """Return a page around a body."""
    return f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def page(*paragraphs: str) -> str:
    """Return a page of paragraphs between menus."""
    inner = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<nav><a href='/'>Home</a> <a href='/p'>Politics</a></nav><article><h1>A quay for the grain</h1>{inner}</article><footer>Contact</footer>"


def test_html(tmp_path: Path) -> None:
    """Of a page come title, lead and paragraphs, each on its line, without the menus."""
    path = tmp_path / "a.html"
    lead = "The port of the plain will double its trade in grain within two years."
    head = f'<title>A quay for the grain</title><meta name="description" content="{lead}">'
    path.write_text(html(page(*STORY), head), encoding="utf-8")
    document = one(path)
    assert document.text.split("\n") == ["A quay for the grain", lead, *STORY]
    assert (document.title, document.lead, document.lang, document.converted) == (
        "A quay for the grain",
        lead,
        "en",
        True,
    )


def test_html_short(tmp_path: Path) -> None:
    """A page of two Japanese sentences gives these and no menu."""
    path = tmp_path / "a.htm"
    first, second = (
        "丘浜港の理事会は二つの岸壁の建設費を賄う借款契約に署名した。",
        "着工は来春で、完成まで一年半を見込む。",
    )
    path.write_text(html(page(first, second)), encoding="utf-8")
    lines = one(path).text.split("\n")
    assert lines[-2:] == [first, second]
    assert "Politics" not in lines


def test_html_declared_encoding(tmp_path: Path) -> None:
    """The encoding that a page declares is used."""
    path = tmp_path / "a.html"
    path.write_bytes(html(page(JAPANESE)).replace("utf-8", "euc-jp").encode("euc-jp"))
    assert JAPANESE in one(path).text


@pytest.mark.parametrize(
    "markup",
    ["<html></html>", "<div>" * 20_000, "<p>" + "<b>" * 5000 + "x", "<!-- never closed", "<" * 100_000, "a" * 1_000_000, "<table>" * 3000, "&#0;&#xFFFFFFF;"],
)  # fmt: skip
def test_html_hostile(tmp_path: Path, markup: str) -> None:
    """Whatever a page holds, there is a document or an error, soon."""
    path = tmp_path / "a.html"
    path.write_text(markup, encoding="utf-8")
    started = time.process_time()
    (found,) = items(path, time_limit=8)
    assert isinstance(found, (Document, InputError))
    assert time.process_time() - started < 12


def test_parser_limits() -> None:
    """A parser that hangs, crashes or eats memory becomes an error; ours pass through."""
    if hasattr(time, "sleep") and os.name != "nt":
        with pytest.raises(InputError) as told, guarded("a.pdf", 0.05):
            time.sleep(5)
        assert told.value.code == "time-out"
    for raised, code in ((RecursionError("deep"), "parse"), (MemoryError(), "too-large"), (KeyError("x"), "parse")):
        with pytest.raises(InputError) as told, guarded("a.pdf", 1):
            raise raised
        assert told.value.code == code
    with pytest.raises(TaggerError, match="mine"), guarded("a.pdf", 1):
        raise TaggerError("mine")


def pdf(*lines: str) -> bytes:
    """Return a PDF file with lines of text."""
    drawn = "BT /F1 11 Tf 50 780 Td 14 TL " + " ".join(f"({line}) Tj T*" if line else "T* T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def test_pdf(tmp_path: Path) -> None:
    """The lines of a PDF's paragraph are joined, its paragraphs are not."""
    pytest.importorskip("pdfminer")
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf("The harbour board signed a loan that", "will pay for two new quays.", "", "", "Work starts in the spring.")
    )
    document = one(path)
    assert document.text.split("\n") == [
        "The harbour board signed a loan that will pay for two new quays.",
        "Work starts in the spring.",
    ]
    assert document.converted


def test_pdf_broken(tmp_path: Path) -> None:
    """A PDF that is none, is cut off or has no text is told."""
    pytest.importorskip("pdfminer")
    path = tmp_path / "a.pdf"
    for data, codes in ((b"no pdf", {"parse"}), (pdf("x")[:200], {"parse", "empty"}), (pdf(), {"empty"})):
        path.write_bytes(data)
        assert code_of(path) in codes


def test_docx(tmp_path: Path) -> None:
    """Paragraphs and cells come in their order."""
    docx = pytest.importorskip("docx")
    written = docx.Document()
    written.add_heading("A quay for the grain")
    written.add_paragraph(STORY[0])
    table = written.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Quays", "2"
    written.add_paragraph(STORY[1])
    path = tmp_path / "a.docx"
    written.save(path)
    document = one(path)
    assert document.text.split("\n") == ["A quay for the grain", STORY[0], "Quays 2", STORY[1]]
    assert document.converted


def test_docx_broken(tmp_path: Path) -> None:
    """A DOCX that is none, or a bomb, is told."""
    pytest.importorskip("docx")
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04nothing")
    assert code_of(path) == "parse"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 2_000_000)
    assert code_of(path, max_bytes=100_000) == "too-large"


@pytest.mark.parametrize(("name", "module", "extra"), [("a.pdf", "pdfminer", "pdf"), ("a.docx", "docx", "docx")])
def test_missing_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str) -> None:
    """A format whose package is not installed says how to install it."""
    for known in [m for m in sys.modules if m.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, known)
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / name
    path.write_bytes(pdf("x"))
    with pytest.raises(MissingExtraError, match=rf"tagger\[{extra}\]"):
        list(read(path))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A line of text.", ["A line of text."]),
        (b'{"text": "One."}\n{"text": "Two."}\n', ["One.", "Two."]),
        (b"{a brace, and text}\n", ["{a brace, and text}\n"]),
    ],
)
def test_standard_input(data: bytes, expected: list[str]) -> None:
    """``-`` reads text, or JSON lines where its first line is one."""
    code = "import json, sys; from tagger.readers import read; print(json.dumps([d.text for d in read('-')]))"
    run = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)
    assert json.loads(run.stdout) == expected


def test_readers_load_nothing_heavy() -> None:
    """Reading a text file loads the parser of no other format."""
    code = (
        "import sys; from tagger.readers import read; list(read(sys.argv[1])); "
        "print({'trafilatura', 'charset_normalizer', 'csv', 'gzip', 'docx', 'pdfminer', 'numpy', 'html', 'email'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code, __file__], capture_output=True, check=True, text=True)
    assert run.stdout.strip() == "set()"


def test_table_of_readers() -> None:
    """Every row of READERS names a function that is there, and record formats are among them."""
    import importlib

    for target in READERS.values():
        module, _, function = target.partition(":")
        assert callable(getattr(importlib.import_module(module), function))
    assert set(READERS) >= RECORDS
    assert knows("a.JSONL.gz")
    assert not knows("a.exe")


def test_walk_sorts(tmp_path: Path) -> None:
    """Files come in the order of their whole paths; hidden ones and unknown suffixes are left out."""
    names = [
        "b.txt",
        "a/z.txt",
        "a/b/c.md",
        "a.txt",
        "a-1/x.txt",
        "c.jsonl.gz",
        "é.txt",
        "pic.jpg",
        ".hidden.txt",
        ".git/x.txt",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    found = [str(Path(p).relative_to(tmp_path).as_posix()) for p in walk(tmp_path) if isinstance(p, str)]
    assert found == sorted(["b.txt", "a/z.txt", "a/b/c.md", "a.txt", "a-1/x.txt", "c.jsonl.gz", "é.txt"])
    assert [Path(str(p)).name for p in walk(tmp_path, "*.md")] == ["c.md"]
    assert [Path(str(p)).name for p in walk(tmp_path, ["a/*.txt"])] == ["z.txt"]
    assert [Path(str(p)).name for p in walk(tmp_path, exclude=["a*", "*.gz"])] == ["b.txt", "é.txt"]
    assert [Path(str(p)).name for p in walk(tmp_path, "*.jpg")] == ["pic.jpg"]


def test_walk_links(tmp_path: Path) -> None:
    """Links are followed once; loops, dangling links and pipes are errors in their places."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "real" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "other").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    found = [item.code if isinstance(item, InputError) else Path(item).name for item in walk(tmp_path)]
    assert found == ["missing", "a.txt", "link-loop", "unreadable", "a.txt", "link-loop", "link-loop"]
    assert [error.code for error in walk(tmp_path / "nowhere") if isinstance(error, InputError)] == ["missing"]


def test_files_without_a_size(tmp_path: Path) -> None:
    """What has no size beforehand (a pipe, /proc) is read to its end, and no further than allowed."""
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    text = "One line of many.\n" * 20_000
    for most, size in ((10_000_000, len(text)), (1000, 0)):
        writer = threading.Thread(target=_poured, args=(pipe, text))
        writer.start()
        (found,) = items(pipe, max_bytes=most)
        writer.join()
        assert (len(found.text) if isinstance(found, Document) else 0) == size


def _poured(pipe: Path, text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        pipe.write_text(text)
