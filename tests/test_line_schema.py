"""Every line of output holds to the schema that ships with the package."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import batch, jsonl, tag
from tagger.batch import units
from tagger.errors import InputError, TaggerError
from tagger.records import (
    TAGGABLE,
    Article,
    Dateline,
    Document,
    Evidence,
    Kind,
    Paragraph,
    Tag,
    TaggedArticle,
    TaggedParagraph,
)

SCHEMA = json.loads((resources.files("tagger") / "schemas/line.schema.json").read_text(encoding="utf-8"))
CHECK = jsonschema.Draft202012Validator(SCHEMA)
MODEL = {"name": "default", "digest": "d1"}

labels = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
places = st.integers(0, 10**6)
evidence = st.builds(
    Evidence, st.text(), places, places, st.floats(-9, 9), st.sampled_from(["word", "term", "context"])
)
tags = st.lists(st.builds(Tag, labels, st.floats(0, 1), st.lists(evidence, max_size=2).map(tuple)), max_size=2).map(
    tuple
)
scores = st.lists(st.floats(0, 1), max_size=6).map(tuple)
paragraphs = st.builds(
    Paragraph, places, st.sampled_from(get_args(Kind)), places, places, st.text(), st.booleans(), st.booleans()
)  # fmt: skip
tagged_paragraphs = st.builds(TaggedParagraph, paragraphs, tags, scores, st.booleans()).map(
    lambda p: p if p.paragraph.kind in TAGGABLE else TaggedParagraph(p.paragraph, (), p.scores, abstained=p.abstained)
)
maybe = st.none() | st.text()
documents = st.builds(
    Document, st.text(), st.text(), maybe, st.sampled_from(["", "0a" * 32]), converted=st.booleans()
)  # fmt: skip
articles = st.builds(
    Article, documents, st.just(()), maybe, st.sampled_from(["en", "vi", "und", "zh-hant"]),
    st.none() | st.builds(Dateline, maybe, maybe, maybe),
)  # fmt: skip
tagged = st.builds(
    TaggedArticle,
    articles,
    tags,
    st.lists(tagged_paragraphs, max_size=3).map(tuple),
    scores,
    st.booleans(),
    st.booleans(),
)


@given(tagged)
def test_articles(article):
    """Whatever an article, its line holds to the schema and reads back."""
    line = tag.record(article, MODEL)
    CHECK.validate(line)
    assert jsonl.loads(jsonl.line(line).decode()) == line


@given(tagged)
def test_the_line_is_the_record_encoded(article):
    """What is written without a detour is what the encoder makes of the record, byte for byte."""
    assert tag.line(article, MODEL) == jsonl.line(tag.record(article, MODEL))


def test_no_score_that_json_cannot_say():
    """A score that is not finite is refused, as the encoder refuses it."""
    document = Document("a", "b")
    for score in (float("nan"), float("inf")):
        with pytest.raises(TaggerError, match="cannot be written"):
            tag.line(TaggedArticle(Article(document, ()), (Tag("x", score),), ()), MODEL)


@given(st.text(), st.text(min_size=1), st.sampled_from(["missing", "binary", "crash", "time-out"]))
def test_failures(path, what, code):
    """Whatever went wrong, its row holds to the schema, in one line of valid UTF-8."""
    row = units.failure(InputError(f"x{what}", where=f"{path}:3", code=code), {"path": path})
    assert row.lines.count(b"\n") == 1
    CHECK.validate(json.loads(row.lines))


def test_every_code_is_in_the_schema():
    """The codes that errors.py lists, and those of the batch, are those of the schema."""
    known = set(SCHEMA["$defs"]["failure"]["properties"]["error"]["properties"]["code"]["enum"])
    told = InputError.__doc__.partition("Codes:")[2].strip().rstrip(".").replace("\n", " ").split(",")
    assert {code.strip() for code in told} | {"crash", "internal"} == known


@pytest.mark.parametrize(
    "line",
    [
        {"schema": 1, "path": "a", "error": {"code": "odd", "message": "m"}},
        {"schema": 1, "path": "a", "error": {"code": "parse", "message": "m"}, "tags": []},
        {"schema": 2, "path": "a", "error": {"code": "parse", "message": "m"}},
    ],
)
def test_the_schema_refuses(line):
    """The schema is no open door."""
    assert not CHECK.is_valid(line)


def test_rows_of_other_engines_hold_too(monkeypatch):
    """Rows of tag_texts hold to the schema."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "fakes"))
    CHECK.validate(json.loads(batch.tag_texts(["a"], [""], module="fake_tag")[0]))
