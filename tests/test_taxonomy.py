"""labels.yaml."""

from __future__ import annotations

import json
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from tagger.errors import TaxonomyError
from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).parents[1]
GOOD = """\
version: 1
labels:
  - id: sport
    name: {en: Sport, no: Idrett}
    definition: >-
      Games and
      matches.
    terms:
      en: [match, "off  side"]
      no: [kamp, 1994]
    stop_terms: {en: [match box]}
  - id: football
    name: Football
    parent: sport
  - {id: chess-2, parent: null}
"""


def test_good() -> None:
    """Labels keep their order; scalars stay as written; white space is one space."""
    taxonomy = Taxonomy.parse(GOOD)
    assert taxonomy.ids == ("sport", "football", "chess-2")
    sport, football, chess = taxonomy.labels
    assert sport.terms == {"en": ("match", "off side"), "no": ("kamp", "1994")}
    assert sport.definition == "Games and matches."
    assert football.name == {"en": "Football"}
    assert (football.parent, chess.parent) == ("sport", None)


def test_json_round_trip() -> None:
    """What a model stores gives the same taxonomy back."""
    taxonomy = Taxonomy.parse(GOOD)
    again = Taxonomy.from_json(json.loads(json.dumps(taxonomy.to_json())))
    assert again == taxonomy
    assert again.digest == taxonomy.digest


def test_digest_is_of_the_content() -> None:
    """Layout and comments do not change the digest; a term does."""
    digest = Taxonomy.parse(GOOD).digest
    assert Taxonomy.parse("# a comment\n" + GOOD.replace("[match,", "[ match ,")).digest == digest
    assert Taxonomy.parse(GOOD.replace("kamp", "kamper")).digest != digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "L: the file is empty."),
        ("# nothing", "L: the file is empty."),
        ("version: 1", "L:1: no 'labels:'."),
        ("labels: []", "L:1: 'labels' is an empty list."),
        ("labels: {}", "L:1: 'labels' must be a list."),
        ("[]", "L:1: the file must be a mapping"),
        ("labels: [a]", "L:1: a label must be a mapping"),
        ("labels:\n- name: x", "L:2: a label without 'id'."),
        ("labels:\n- id: Sport", "L:2: label id 'Sport' must be lower-case"),
        ("labels:\n- id: ''", "L:2: 'id' must be a text that is not empty."),
        ("labels:\n- id: [a]", "L:2: 'id' must be a text"),
        (GOOD.replace("stop_terms", "stopterms"), "L:11: unknown key 'stopterms'."),
        (GOOD.replace("stop_terms", "stopterms"), "Did you mean 'stop_terms'?"),
        (GOOD.replace("id: football", "id: sport"), "L:12: label id 'sport' stands twice (first in line 3)."),
        (GOOD.replace("parent: sport", "parent: sprot"), "L:14: unknown parent 'sprot'. Known: sport,"),
        (GOOD.replace("parent: null", "parent: chess-2"), "parents form a loop: chess-2 > chess-2."),
        (GOOD + "  - {id: a, parent: b}\n  - {id: b, parent: a}\n", "parents form a loop: a > b > a."),
        (GOOD.replace("[match box]", "[]"), "L:11: 'stop_terms.en' is an empty list."),
        (GOOD.replace("{en: [match box]}", "{}"), "L:11: 'stop_terms' is empty."),
        (GOOD.replace("{en: Sport, no: Idrett}", "{}"), "L:4: 'name' is empty."),
        (GOOD.replace("kamp, ", "kamp, Kamp, "), "L:10: 'Kamp' stands twice in terms.no."),
        (GOOD.replace("kamp", "~"), "L:10: 'terms.no' must be a text that is not empty."),
        (GOOD.replace("kamp", "x" * 201), "L:10: a term of 201 characters."),
        (GOOD.replace("no: [", "Norsk: ["), "'Norsk' is not a language code."),
        (GOOD.replace("version: 1", "version: 2"), "L:1: version 2 is newer than this program."),
        (GOOD.replace("version: 1", "version: one"), "L:1: 'version' must be a whole number"),
        (GOOD.replace("version: 1", "version: 1\nversion: 1"), "L:2: key 'version' stands twice."),
        (GOOD.replace("- id: sport", "- id: sport\n    <<: {a: b}"), "L:4: unknown key '<<'."),
        ("labels:\n\t- id: a", "L:2: not valid YAML:"),
        ("a: &a [x]\nb: *a", "L:2: aliases (*name) are not allowed."),
        ("labels: &l [*l]", "aliases (*name) are not allowed."),
        ("labels: " + "[" * 100_000, "L:1: nested too deeply."),
        ("- " * 100_000, "L:1: nested too deeply."),
        ("labels: 'a", "not valid YAML:"),
        ("a: 1\n---\nb: 2", "not valid YAML:"),
        ("a: \x00", "L:1: not valid YAML: control characters"),
        ('labels: [{id: a, definition: "\\uD800"}]', "L:1:"),
        ("labels: [{id: !!python/object/apply:os.system [ls]}]", "L:1: 'id' must be a text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    """Every fault is one line with file and line, and a suggestion where a name is near."""
    with pytest.raises(TaxonomyError) as caught:
        Taxonomy.parse(text, "L")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file says how to make one; a folder and wrong bytes are told too."""
    with pytest.raises(TaxonomyError, match=r"no such file\. Make one with: tagger init"):
        Taxonomy.load(tmp_path / "labels.yaml")
    with pytest.raises(TaxonomyError, match="cannot be read"):
        Taxonomy.load(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"labels: [{id: a, definition: \xe9}]")
    with pytest.raises(TaxonomyError, match=r"latin\.yaml:1: byte 0xe9 is not UTF-8\. Save the file as UTF-8"):
        Taxonomy.load(tmp_path / "latin.yaml")


def test_many_labels_are_read_in_time() -> None:
    """Two thousand labels with long chains of parents take seconds at most."""
    rows = [
        f"- {{id: l{i}, parent: {'null' if i % 100 == 0 else f'l{i - 1}'}, terms: {{en: [word{i}]}}}}"
        for i in range(2000)
    ]
    started = time.process_time()
    assert len(Taxonomy.parse("labels:\n" + "\n".join(rows)).labels) == 2000
    assert time.process_time() - started < 5


def _schema() -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "tagger/schemas/labels.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", ["labels.yaml", "tagger/templates/labels.yaml"])
def test_shipped_taxonomies_hold_to_the_schema(path: str) -> None:
    """The taxonomy in the repository and the one of `tagger init` are read, and please the editor's schema."""
    assert Taxonomy.load(ROOT / path).ids
    data = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    assert not [error.message for error in _schema().iter_errors(data)]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (GOOD.replace("no:", "nb:"), True),
        ("labels: [{id: a}]", True),
        ("labels: []", False),
        ("labels: [{name: a}]", False),
        ("labels: [{id: A}]", False),
        ("labels: [{id: a, nam: b}]", False),
        ("labels: [{id: a, name: {}}]", False),
        ("labels: [{id: a, name: {English: b}}]", False),
        ("labels: [{id: a, terms: {}}]", False),
        ("labels: [{id: a, terms: {en: []}}]", False),
        ("labels: [{id: a, terms: {en: word}}]", False),
        ("labels: [{id: a, terms: {en: [b, b]}}]", False),
        ("labels: [{id: a, terms: [b]}]", False),
        ("labels: [{id: a, definition: ''}]", False),
        ("version: 9\nlabels: [{id: a}]", False),
        ("tags: []\nlabels: [{id: a}]", False),
    ],
)
def test_schema_and_reader_agree(text: str, right: bool) -> None:
    """What the editor's schema refuses the reader refuses, and the other way round."""
    assert _schema().is_valid(yaml.safe_load(text)) == right
    if right:
        Taxonomy.parse(text)
    else:
        with pytest.raises(TaxonomyError):
            Taxonomy.parse(text)
