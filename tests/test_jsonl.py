"""JSON lines: round trips, line numbers, damage."""

from __future__ import annotations

import gzip
import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import compressed, jsonl
from tagger.errors import InputError, TaggerError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def lines_of(data: bytes, monkeypatch) -> list:
    """Return the rows of a standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    return list(jsonl.rows("-"))


@given(st.lists(VALUES, max_size=6), st.sampled_from(["", ".gz", ".zst"]))
def test_round_trip(tmp_path_factory, values, suffix):
    """What is written reads back the same, compressed or not, whatever line separators the texts hold."""
    path = tmp_path_factory.mktemp("round") / f"a.jsonl{suffix}"
    assert jsonl.write(path, values) == len(values)
    assert [value for _, value in jsonl.read(path)] == values
    assert compressed.open_read(path).read().count(b"\n") == len(values)


def test_lone_surrogates_read_back():
    """A text that UTF-8 cannot hold is escaped, not lost, and the line is valid UTF-8."""
    raw = jsonl.line({"text": "a\udcffb"})
    assert raw == b'{"text":"a\\udcffb"}\n'
    assert jsonl.loads(raw.decode()) == {"text": "a\udcffb"}


def test_line_numbers_count_blank_lines(monkeypatch):
    """Blank lines are skipped and counted; the last line needs no end; a BOM is no part of the first."""
    assert lines_of(b'\xef\xbb\xbf{"a":1}\r\n\n  \n2\n\n3', monkeypatch) == [(1, {"a": 1}), (4, 2), (6, 3)]


@pytest.mark.parametrize(
    ("bad", "code", "said"),
    [
        (b"{", "format", "Expecting"),
        (b"NaN", "format", "NaN"),
        (b"[-Infinity]", "format", "Infinity"),
        (b"1e999", "format", "too large"),
        (b"[" * 100_000, "format", "nested"),
        (b'"\xff"', "encoding", "byte 2"),
        (b'{"a":1} x', "format", "Extra data"),
        (b"9" * 5000, "format", "not JSON"),
    ],
)
def test_a_bad_line_is_told_with_its_place(tmp_path, bad, code, said):
    """A bad line raises path:line in read, and does not stop rows."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\n{"a":1}\n' + bad + b"\n[2]\n")
    with pytest.raises(InputError) as caught:
        list(jsonl.read(path))
    assert caught.value.where == f"{path}:3"
    assert caught.value.code == code
    assert said in caught.value.what
    assert [number for number, _ in jsonl.rows(path)] == [2, 3, 4]


def test_a_line_too_long_is_skipped_without_being_held(monkeypatch):
    """A line over the limit is an error of its own and the next line is read."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"1\n" + b"x" * 5000 + b"\n2\n")))
    found = list(jsonl.rows("-", longest=100))
    assert [(number, getattr(value, "code", value)) for number, value in found] == [
        (1, 1),
        (2, "too-large"),
        (3, 2),
    ]


def test_missing_and_unreadable_files(tmp_path):
    """A file that is not there, or is a folder, is told by code."""
    for path, code in ((tmp_path / "none.jsonl", "missing"), (tmp_path, "unreadable")):
        with pytest.raises(InputError) as caught:
            list(jsonl.read(path))
        assert caught.value.code == code


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_cut_compressed_file(tmp_path, suffix):
    """The whole lines of a damaged compressed file are read, then the damage is told."""
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(compressed.member(b"1\n2\n", suffix) + compressed.member(b"3\n" * 5000, suffix)[:-9])
    found = jsonl.read(path)
    assert [next(found)[1], next(found)[1]] == [1, 2]
    with pytest.raises(InputError, match="damaged") as caught:
        list(found)
    assert caught.value.code == "format"


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": -math.inf}, {"a": object()}, b"bytes"])
def test_what_json_cannot_say_is_refused(value):
    """Numbers that are not finite are refused when written, as is what JSON has no word for."""
    with pytest.raises(TaggerError, match="JSON"):
        jsonl.line(value)


def test_replacing_is_all_or_nothing(tmp_path):
    """After an error in the middle the old file stands and no other file is left."""
    path = tmp_path / "a.jsonl"
    jsonl.write(path, [1])

    def failing():
        yield 2
        raise RuntimeError

    with pytest.raises(RuntimeError):
        jsonl.write(path, failing())
    assert path.read_bytes() == b"1\n"
    assert [found.name for found in tmp_path.iterdir()] == ["a.jsonl"]


def test_replacing_follows_links(tmp_path):
    """Writing to a link replaces what it points to; the link stays."""
    (tmp_path / "real.jsonl").write_bytes(b"")
    link = tmp_path / "link.jsonl"
    link.symlink_to("real.jsonl")
    jsonl.write(link, [1])
    assert link.is_symlink()
    assert (tmp_path / "real.jsonl").read_bytes() == b"1\n"


def test_members_are_the_same_every_time():
    """Compressing twice gives the same bytes, and any gzip reads them."""
    first, second = (compressed.member(b"abc", ".gz") for _ in range(2))
    assert first == second
    assert gzip.decompress(first + second) == b"abcabc"
    assert json.loads(jsonl.line("é")) == "é"
