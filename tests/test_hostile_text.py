"""No text takes more than linear time, whatever it is made of."""

from __future__ import annotations

import time

import pytest

from models import linear
from tagger import jsonl, native, paragraphs, store, tag
from tagger.records import Document

LENGTH = 5_000_000
PIECES = [
    "a",
    " ",
    "(",
    "[",
    "\u0301",
    "\u200b",
    "\n",
    "\r",
    ".",
    "—",
    "0",
    "İ",
    "越",
    "写真：",
    "(Photo: ",
    "A. ",
    "a\u0301",
    "./.",
    "date ",
]


@pytest.fixture(scope="module")
def tagger():
    """Return a tagger with a small model."""
    model, _, topics = linear()
    return tag.Tagger(store.pack(model, taxonomy=topics, languages=("en",)))


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_five_megabytes_of_one_thing(tagger, piece):
    """From cleaning to the line, five million characters of one thing take seconds; offsets hold."""
    text = piece * (LENGTH // len(piece))
    begun = time.process_time()
    for tagged in tagger.tag([Document("x", text)]):
        jsonl.line(tag.record(tagged, tagger.identity))
        for p in tagged.article.paragraphs:
            assert text[p.start : p.end] == p.text
    assert time.process_time() - begun < (5 if native.kernel() else 40)  # linear in either case


def test_many_short_lines_take_linear_time():
    """Twice the lines, about twice the time."""
    took = []
    for count in (4_000, 16_000):
        begun = time.process_time()
        paragraphs.cut(Document("x", "Word word.\n" * count))
        took.append(time.process_time() - begun)
    assert took[1] < 8 * took[0] + 0.2
