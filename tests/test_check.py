"""`tagger check`: every finding, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tagger import check
from tagger.check import terms
from tagger.records import LabelledArticle, LabelledParagraph
from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).parents[1]
BARE = Taxonomy.of(["culture", "sport"])
STORY = "The town opened its new swimming pool on Monday after four years of building works and two strikes"
OTHER = "Fishermen in the north have landed fewer herring this spring than in any year since records began"


def _article(*paragraphs: tuple[str, list[str]], name: str = "a", labels: list[str] | None = None) -> LabelledArticle:
    borne = tuple(LabelledParagraph(text, tuple(found), f"{name}:{i}") for i, (text, found) in enumerate(paragraphs, 1))
    own = dict.fromkeys(label for p in borne for label in p.labels) if labels is None else labels
    return LabelledArticle(name, borne, tuple(own), lang="en", genre="feature", where=f"{name}:0")


def _found(*corpus: LabelledArticle, taxonomy: Taxonomy = BARE, **options: object) -> list[tuple[str, str]]:
    """Return the (code, where) of every finding but those on small numbers."""
    report = check.check(taxonomy, corpus, **options)
    return [(f.code, f.where) for f in report.findings if f.code not in {"T003", "T008", "T024"}]


def test_clean() -> None:
    """A sound article gives no finding."""
    assert _found(_article((STORY, ["sport"]), ("Rain.", []))) == []


def test_codes_are_documented() -> None:
    """Each code in the sources stands in the table of the package, with its severity."""
    folder = Path(check.__file__).parent
    for path in folder.glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if 'Finding("T' in line:
                code, severity = line.split('Finding("')[1].split('"')[0], line.split('"')[3]
                assert f"{code}  {severity}" in check.__doc__, line


@pytest.mark.parametrize(
    ("corpus", "found"),
    [
        ([_article(("a b c", ["sprot"]))], [("T002", "a:0"), ("T002", "a:1")]),
        ([_article((STORY, ["sport"])), _article((STORY, ["sport"]), name="b")], [("T004", "b:0")]),
        ([_article((STORY, [])), _article((f"{STORY} again.", []), name="b")], [("T005", "b:0")]),
        (
            [_article((STORY, []), (OTHER, [])), _article((f"{STORY} again.", []), ("Y", []), name="b")],
            [("T005", "b:1")],
        ),
        ([_article(("Rain!", []), ("x", [])), _article(("rain", ["sport"]), name="b")], [("T006", "b:1")]),
        ([_article((STORY, []), labels=["sport"])], [("T007", "a:0")]),
        ([_article(("Le cafÃ© est fermÃ©.", []))], [("T009", "a:1")]),
        ([_article(("Half a \ufffd character.", []))], [("T009", "a:1")]),
        ([_article(("one", [])), _article(("two", []))], [("T010", "a:0")]),
        ([], [("T012", "")]),
    ],
)  # fmt: skip
def test_articles(corpus: list[LabelledArticle], found: list[tuple[str, str]]) -> None:
    """Unknown labels, copies, contradictions, odd letters: each with its code and place."""
    assert _found(*corpus) == found


def test_nearest_label_is_named() -> None:
    """An unknown label comes with the one it was meant to be."""
    report = check.check(BARE, [_article(("a b c", ["sprot"]))])
    assert "Did you mean 'sport'?" in report.errors[0].message


def test_a_near_copy_with_other_labels_says_so() -> None:
    """Near-duplicates that disagree name both sets of labels."""
    report = check.check(
        BARE, [_article((STORY, []), ("x", [])), _article(("y", []), (f"{STORY} so", ["sport"]), name="b")]
    )
    finding = [f for f in report.findings if f.code == "T005"][-1]
    assert "labelled [] there, [sport] here" in finding.message


def test_accents_and_umlauts_are_not_odd() -> None:
    """Text in four scripts, rightly decoded, raises no doubt."""
    texts = ["Ân huệ, Đà Nẵng, văn hoá.", "Père Noël, Âge, «Ça»", "日本語「文化」", "naïve façade – “quoted” … €5"]
    assert _found(*(_article((text, []), name=str(i)) for i, text in enumerate(texts))) == []


def test_thin_labels() -> None:
    """A label below ten positive texts is told, in all or in a language of some size."""
    many = [_article((f"{i}: {STORY[i:]}", ["sport"]), name=f"a{i}") for i in range(60)]
    report = check.check(BARE, many)
    assert [f.message.split("'")[1] for f in report.findings if f.code == "T003"] == ["culture"]
    french = [
        LabelledArticle(f"f{i}", (LabelledParagraph(f"texte {i} en tout", (), ""),), (), lang="fr") for i in range(60)
    ]
    assert "T008" in {f.code for f in check.check(BARE, many + french).findings}


def test_phrases_only_when_asked() -> None:
    """A phrase of five words in four articles is told once, at its longest, and only on request."""
    corpus = [_article((f"{i} {i} said that the talks went very well {i}", []), name=f"a{i}") for i in range(4)]
    assert _found(*corpus) == []
    (finding,) = [f for f in check.check(BARE, corpus, phrases=True).findings if f.code == "T011"]
    assert finding.message == "4 articles say 'said that the talks went very well'."
    assert _found(*corpus[:3], phrases=True) == []


LABELS = """\
labels:
  - id: culture
    terms:
      en: [music, concert, concerts, festival, fair]
    stop_terms:
      en: [festival]
  - id: sport
    terms:
      en:
        - match
        - fair
        - tennis
"""


def test_terms() -> None:
    """Terms claimed twice, swallowed, redundant, unseen or misleading are told with their line."""
    taxonomy = Taxonomy.parse(LABELS)
    corpus = [_article((f"The match number {i} and music", ["culture"] if i else []), name=f"a{i}") for i in range(60)]
    report = check.check(taxonomy, corpus, lines=terms.lines(LABELS, "L"))
    found = {(f.code, f.where, f.message.split(" ")[0]) for f in report.findings if f.code >= "T020"}
    assert found == {
        ("T026", "L:11", "'fair'"),
        ("T021", "L:4", "'festival'"),
        ("T025", "L:4", "'concerts'"),
        ("T022", "L:4", "'concert'"),
        ("T022", "L:4", "'fair'"),
        ("T022", "L:12", "'tennis'"),
        ("T022", "L:11", "'fair'"),
        ("T023", "L:10", "'match'"),
    }


def test_languages_without_terms() -> None:
    """A label without terms in a language that the corpus has is told."""
    corpus = [_article((f"text {i} of sixty", []), name=f"a{i}") for i in range(60)]
    report = check.check(
        Taxonomy.parse(LABELS.replace("      en:\n        - match", "      fr:\n        - match")), corpus
    )
    assert [f.message for f in report.findings if f.code == "T024"] == ["'sport' has no terms in 'en'."]


def test_run_collects_everything(tmp_path: Path) -> None:
    """A broken taxonomy and broken files are findings beside the rest, and make errors."""
    (tmp_path / "labels.yaml").write_text("labels: []")
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": "b", "labels": []}\nnonsense\n')
    report = check.run(tmp_path / "labels.yaml", tmp_path / "a.jsonl")
    places = [f.where.replace(str(tmp_path), "") for f in report.errors]
    assert places == ["/a.jsonl:1", "/a.jsonl:3", "/labels.yaml:1"]
    assert report.counts.paragraphs == {"(not said)": 1}
    assert check.run(tmp_path / "labels.yaml", tmp_path / "none").errors[-1].message == "no such file or folder."


def test_json_and_table() -> None:
    """JSON holds every finding and the counts; the table names what it leaves out."""
    corpus = [_article(("Rain â€™ of Monday", ["sport"]), (f"text {i} of all", []), name=f"a{i}") for i in range(30)]
    report = check.check(BARE, corpus)
    data = json.loads(report.as_json())
    assert data["ok"] is True
    assert len(data["findings"]) == len(report.findings)
    assert data["counts"]["labels"]["sport"]["paragraphs"] == 30
    assert data["counts"]["paragraphs_by_number_of_labels"] == {"0": 30, "1": 30}
    assert "10 of T009" in report.table()
    assert len(report.warnings) == sum(f["severity"] == "warning" for f in data["findings"])


def test_findings_are_in_order() -> None:
    """Errors first; within a code by place, line 9 before line 10."""
    paragraphs = [(f"text {i} of twelve", ["nonsense"]) for i in range(12)]
    report = check.check(BARE, [_article(*paragraphs, labels=[])])
    assert [f.where for f in report.errors] == [f"a:{i}" for i in range(1, 13)]
    assert [f.severity for f in report.findings] == sorted(
        (f.severity for f in report.findings), key=["error", "warning"].index
    )


def test_own_corpus_is_clean() -> None:
    """The corpus of this repository has no errors, no copies and no contradictions."""
    report = check.run(ROOT / "labels.yaml", ROOT / "seeds")
    assert [f.line() for f in report.errors] == []
    assert [f.line() for f in report.warnings if f.code in {"T004", "T005", "T009", "T010"}] == []
