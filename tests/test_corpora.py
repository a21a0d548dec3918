"""Labelled data: every format, and every way to get it wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tagger import corpora
from tagger.errors import CorpusError
from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).parents[1]
TAXONOMY = Taxonomy.of(["culture", "sport"])
SEED = """\
title: A day
lang: en
genre: feature
countries: [no, jp]
labels: [culture]
paragraphs:
  - text: >-
      The festival opens
      on Monday.
    labels: [culture]
  - text: Rain.
    labels: []
raw: |-
  A day
  The festival opens on Monday.
"""


def _write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _errors(path: Path) -> list[str]:
    found: list[CorpusError] = []
    corpora.load(path, TAXONOMY, found.append)
    return [str(error).replace(str(path), "F") for error in found]


def test_seed(tmp_path: Path) -> None:
    """A seed file gives its article; every paragraph knows its line; scalars stay as written (no is Norway)."""
    path = _write(tmp_path, "en/a.yaml", SEED)
    (article,) = corpora.load(tmp_path, TAXONOMY)
    assert article.id == "en/a.yaml"
    assert (article.title, article.lang, article.genre) == ("A day", "en", "feature")
    assert article.countries == ("no", "jp")
    assert article.labels == ("culture",)
    assert [(p.text, p.labels, p.where) for p in article.paragraphs] == [
        ("The festival opens on Monday.", ("culture",), f"{path}:7"),
        ("Rain.", (), f"{path}:11"),
    ]
    assert article.raw == "A day\nThe festival opens on Monday."


def test_article_labels_default_to_those_of_its_paragraphs(tmp_path: Path) -> None:
    """Without labels of its own an article bears what its paragraphs bear; an empty list is an answer."""
    two = "paragraphs:\n- {text: a, labels: [sport]}\n- {text: b, labels: [culture, sport]}\n"
    assert corpora.load(_write(tmp_path, "a.yaml", two))[0].labels == ("sport", "culture")
    assert corpora.load(_write(tmp_path, "b.yaml", f"labels: []\n{two}"))[0].labels == ()


def test_json_lines(tmp_path: Path) -> None:
    """A line is a text with labels, or paragraphs; other keys are kept as extra."""
    lines = [
        {"id": 7, "text": "a", "labels": ["culture"], "url": "u"},
        {"paragraphs": [{"text": "b", "labels": ["sport"]}, {"text": "c", "labels": []}], "lang": "fr"},
    ]
    path = _write(tmp_path, "x.jsonl", "\n\n".join(map(json.dumps, lines)))
    first, second = corpora.load(path, TAXONOMY)
    assert (first.id, first.extra, first.paragraphs[0].labels) == ("7", {"url": "u"}, ("culture",))
    assert (second.id, second.labels, second.lang) == ("x.jsonl:3", ("sport",), "fr")
    assert second.paragraphs[1].where == f"{path}:3"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'text,labels,lang\n"one, two",culture;sport,en\nthree,,en\n'),
        ("a.csv", "\ufeffText;Labels\none, two;culture|sport\n\nthree;\n"),
        ("a.tsv", "labels\ttext\nculture, sport\tone, two\n\tthree\n"),
        ("a.tsv.gz", gzip.compress(b"labels\ttext\nculture, sport\tone, two\n\tthree\n", mtime=0)),
        ("a.tsv", "text\tlabels\none, two\tculture;sport\nthree\t\n".encode("utf-16")),
    ],
)
def test_tables(tmp_path: Path, name: str, text: str | bytes) -> None:
    """Comma, semicolon or tab; labels by ; or | or ,; marks of order, capitals in the header and gzip."""
    articles = corpora.load(_write(tmp_path, name, text), TAXONOMY)
    assert [(a.paragraphs[0].text, a.labels) for a in articles] == [("one, two", ("culture", "sport")), ("three", ())]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
            st.lists(st.sampled_from(["culture", "sport"]), unique=True),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[str]]]) -> None:
    """Texts and labels survive JSON lines and YAML, whatever the letters."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = "\n".join(json.dumps({"text": text, "labels": labels}) for text, labels in rows)
    read = corpora.load(_write(folder, "a.jsonl", lines), TAXONOMY)
    assert [(a.paragraphs[0].text, list(a.labels)) for a in read] == [(t.strip(), labels) for t, labels in rows]
    seed = yaml.safe_dump({"paragraphs": [{"text": text, "labels": labels} for text, labels in rows]})
    (article,) = corpora.load(_write(folder, "a.yaml", seed), TAXONOMY)
    assert [(p.text, list(p.labels)) for p in article.paragraphs] == [(t.strip(), labels) for t, labels in rows]


def test_folder_is_read_in_sorted_order(tmp_path: Path) -> None:
    """Sorted by path; hidden files, other suffixes, the taxonomy and the annotation record are passed over."""
    for name in ("b/x.yaml", "a/z.yaml", "a.yaml", ".hidden.yaml", ".git/x.yaml", "labels.yaml", "readme.md"):
        _write(tmp_path, name, SEED)
    _write(tmp_path, "annotations.jsonl", "{}")
    assert [a.id for a in corpora.read(tmp_path)] == ["a/z.yaml", "a.yaml", "b/x.yaml"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.yaml", SEED.replace("genre", "gerne"), "F:3: unknown key 'gerne'. Known: title, lang, genre,"),
        ("a.yaml", SEED.replace("genre", "gerne"), "Did you mean 'genre'?"),
        ("a.yaml", SEED.replace("    labels: [culture]", "    label: [culture]"), "F:10: unknown key 'label'."),
        ("a.yaml", SEED.replace("    labels: []\n", ""), "F:11: a paragraph without labels. Write 'labels: []'"),
        ("a.yaml", SEED.replace("[]", "[cultrue]"), "F:11: unknown label 'cultrue'. Known: culture, sport. Did"),
        ("a.yaml", SEED.replace("labels: []", "labels:"), "F:12: 'labels' must be a list. Write [] where"),
        ("a.yaml", SEED.replace("labels: []", "labels: sport"), "F:12: 'labels' must be a list. Write [sport]."),
        ("a.yaml", SEED.replace("[]", "[sport, sport]"), "F:12: label 'sport' stands twice."),
        ("a.yaml", SEED.replace("Rain.", "' '"), "F:11: 'text' must be a text that is not empty."),
        ("a.yaml", SEED.replace("lang: en", "lang: English"), "F:2: 'English' is not a language code."),
        ("a.yaml", SEED.replace("[no, jp]", "Norway"), "F:4: 'countries' must be a list of two-letter codes"),
        ("a.yaml", "title: x\ntitle: y\n", "F:2: key 'title' stands twice."),
        ("a.yaml", "title: x\n", "F:1: no 'paragraphs'."),
        ("a.yaml", "paragraphs: []\n", "F:1: 'paragraphs' must be a list that is not empty."),
        ("a.yaml", "title: x\n\tlang: en\n", "F:2: not valid YAML:"),
        ("a.yaml", "- a\n", "F:1: an article must be a mapping"),
        ("a.yaml", "# nothing\n", "F: the file is empty."),
        ("a.yaml", SEED.encode().replace(b"Rain", b"\xe9t\xe9"), "F:11: byte 0xe9 at column 11 is not UTF-8."),
        ("a.yaml", "a: &a [x]\nb: *a\n", "F:2: aliases (*name) are not allowed."),
        ("a.yaml", "[" * 100_000, "F:1: nested too deeply."),
        ("a.yaml", "- " * 100_000, "F:1: nested too deeply."),
        ("a.yaml", SEED.replace("Rain", "\x07"), "F:11: not valid YAML: control characters"),
        ("a.yaml", "? [a]\n: b\n", "F:1: a key must be a text."),
        ("a.jsonl", '{"text": "a"}', "F:1: no 'labels'. Write an empty list"),
        ("a.jsonl", '{"text": "a", "lables": []}', "F:1: unknown key 'lables'."),
        ("a.jsonl", '\n{"text": "a", "labels": [}', "F:2: not JSON"),
        ("a.jsonl", '{"text": "a", "labels": [1]}', "F:1: a label must be a text."),
        ("a.jsonl", '{"text": "a", "labels": [], "paragraphs": []}', "F:1: both 'text' and 'paragraphs'."),
        ("a.jsonl", '{"text": "\\ud800", "labels": []}', "lone surrogate"),
        ("a.jsonl", '{"text": "a", "labels": ["x"]}', "F:1: unknown label 'x'."),
        ("a.jsonl", '{"paragraphs": [{"text": "a", "labels": ["x"]}]}', "F:1: unknown label 'x'."),
        ("a.jsonl.gz", b"plain", "damaged compressed data"),
        ("a.csv", "", "F:1: no header."),
        ("a.csv", "texts,labels\na,b\n", "F:1: no column 'text' in the header. Known: texts, labels. Did"),
        ("a.csv", "text,labels,text\n", "F:1: column 'text' stands twice in the header."),
        ("a.csv", 'text,labels\n"a\nb",sport\nc,d,e\n', "F:4: 3 cells where the header has 2."),
        ("a.csv", 'text,labels\na,sport\n"open,sport\n', "F:3: not a valid table:"),
        ("a.csv", "text,labels\n,sport\n", "F:2: 'text' must be a text that is not empty."),
        ("a.csv", "text,labels\na,x\n", "F:2: unknown label 'x'."),
        ("a.csv", b"text,labels\n\xe9,\n", "F:2: byte 0xe9 at column 1 is not UTF-8."),
        ("a.pdf", "x", "F: '.pdf' is no format of labelled data. Read are: .yaml"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, name: str, text: str | bytes, told: str) -> None:
    """Every fault is one line with file and line; without a reporter it is raised."""
    path = _write(tmp_path, name, text)
    errors = _errors(path)
    assert any(told in error for error in errors), errors
    with pytest.raises(CorpusError):
        corpora.load(path, TAXONOMY)


def test_every_fault_is_reported(tmp_path: Path) -> None:
    """A reporter hears all faults of a file, and the other files are still read."""
    path = _write(tmp_path, "a.yaml", SEED.replace("genre", "gerne").replace("[no, jp]", "x").replace("Rain.", "''"))
    _write(tmp_path, "b.yaml", SEED)
    found: list[CorpusError] = []
    assert [a.id for a in corpora.load(tmp_path, TAXONOMY, found.append)] == ["b.yaml"]
    assert [error.where for error in found] == [f"{path}:3", f"{path}:11", f"{path}:4"]


def test_nothing_to_read(tmp_path: Path) -> None:
    """A missing path and a folder without labelled data are errors."""
    with pytest.raises(CorpusError, match="no such file or folder"):
        corpora.load(tmp_path / "nowhere")
    with pytest.raises(CorpusError, match="no labelled data in this folder"):
        corpora.load(tmp_path)


def test_every_source_exists() -> None:
    """Each row of the table names a function."""
    for suffix in corpora.SOURCES:
        assert callable(corpora._source(Path(f"x{suffix}")))


def _schema(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "tagger/schemas" / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _strings(path: Path) -> object:
    return yaml.load(path.read_bytes(), getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - strings only


def test_seeds_are_valid() -> None:
    """All seed articles are read without a fault, and hold to the schema that ships for editors."""
    taxonomy = Taxonomy.load(ROOT / "labels.yaml")
    assert len(corpora.load(ROOT / "seeds", taxonomy)) > 100
    schema = _schema("seed.schema.json")
    for path in sorted((ROOT / "seeds").rglob("*.yaml")):
        assert not [error.message for error in schema.iter_errors(_strings(path))], path


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (SEED, True),
        ("paragraphs: [{text: a, labels: []}]", True),
        (SEED.replace("genre", "gerne"), False),
        (SEED.replace("lang: en", "lang: English"), False),
        (SEED.replace("[no, jp]", "Norway"), False),
        (SEED.replace("[no, jp]", "[NO]"), False),
        (SEED.replace("[]", "[a, a]"), False),
        (SEED.replace("labels: []", "labels: sport"), False),
        (SEED.replace("    labels: []\n", ""), False),
        (SEED.replace("Rain.", "''"), False),
        (SEED.replace("Rain.", "[a]"), False),
        (SEED.replace("title: A day", "title: ' '"), False),
        ("title: x", False),
        ("paragraphs: []", False),
        ("paragraphs: [a]", False),
        ("[a]", False),
    ],
)
def test_schema_and_reader_agree(tmp_path: Path, text: str, right: bool) -> None:
    """What the editor's schema refuses the reader refuses, and the other way round."""
    path = _write(tmp_path, "a.yaml", text)
    found: list[CorpusError] = []
    corpora.load(path, None, found.append)
    assert bool(found) != right
    assert _schema("seed.schema.json").is_valid(_strings(path)) == right
