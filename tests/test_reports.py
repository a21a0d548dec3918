"""Reports: what stands in each, that nothing breaks out of them, and that they compute nothing."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tagger import evaluation as ev
from tagger import reports
from tagger.errors import TaggerError
from tagger.records import Document, Evidence
from tagger.reports import article, marking, numbers, plots, svg, tables, terminal
from tagger.tag import Tagger

NASTY = "</script><script>alert(1)</script> & \"q\" | 'a' \u2028 日本語"


def figure(value: float | None) -> ev.Figure:
    """Return a figure with an interval, or one that cannot be told."""
    return ev.Figure(value) if value is None else ev.Figure(value, max(0, value - 0.1), min(1, value + 0.1))


def level(labels: tuple[str, ...], shift: float) -> ev.Level:
    """Return a level whose first label is thin and whose last cannot be told."""
    size = len(labels)
    values = [None if at == size - 1 else round(0.5 + 0.4 * at / size + shift, 3) for at in range(size)]
    averages = ev.Averages(figure(0.8 + shift), figure(0.7), figure(0.745 + shift))
    group = ev.Group("fr", 40, 9, 55, averages, figure(0.6))
    return ev.Level(
        texts=120,
        unlabelled=30,
        micro=averages,
        macro=averages,
        weighted=averages,
        samples=averages,
        hamming=figure(0.1),
        exact=figure(0.5),
        lrap=0.9,
        precision_at={"1": 0.9, "3": 0.5, "5": None},
        ndcg_at_5=0.91,
        mean_average_precision=0.77,
        per_label=tuple(
            ev.LabelFigures(
                label, 0.42, figure(value), figure(value), figure(value), value,
                4 if at == 0 else 30 * (value is not None), 31, "only 4 positives" if at == 0 else None,
            )
            for at, (label, value) in enumerate(zip(labels, values, strict=True))
        ),
        languages=(group, replace(group, name="vi", micro=ev.Averages(figure(None), figure(None), figure(None)))),
        genres=(replace(group, name=NASTY),),
        sources=(),
        calibration=ev.CalibrationFigures(
            0.08, 0.14, 0.03, 0.06, tuple(ev.Bin(b / 10, b / 10 + 0.1, b % 3, None if b % 3 == 0 else b / 10 + 0.05,
                                                 None if b % 3 == 0 else b / 10) for b in range(10)),
        ),
        curves=tuple(
            ev.Curve(label, *(((), ()) if value is None else ((0.0, 0.5, 1.0), (1.0, 0.8, 0.3))), value, value)
            for label, value in zip(labels, values, strict=True)
        ),
        together=tuple(tuple(7 * (i == j) + (i + j) % 3 for j in range(size)) for i in range(size)),
        confusions=tuple(tuple((i != j) * ((i + 2 * j) % 4) for j in range(size)) for i in range(size)),
    )  # fmt: skip


def evaluation(labels: tuple[str, ...] = ("trade", "arts", "locality-ties-of-provinces")) -> ev.Evaluation:
    """Return an evaluation that fills every part of a report."""
    paragraphs = level(labels, 0.0)
    rival = ev.Rival("seed terms", "any term hits", paragraphs.micro, paragraphs.macro, 0.7, None,
                     ev.Figure(0.02, -0.01, 0.05), ev.Figure(0.1, 0.05, 0.15), 0.1, 0.0)  # fmt: skip
    words = (ev.Word("Cargo", 0, 5, 0.8), ev.Word("left", 6, 9, -0.2), ev.Word("", 0, 0, 0.1, "context"))
    example = ev.Example(labels[0], f"Cargo {NASTY} left.", 0.91, (), (labels[0],), "a1", "ja", "seeds/a.yaml:3",
                         words)  # fmt: skip
    return ev.Evaluation(
        kind="cross-validation",
        labels=labels,
        names={label: label.title() for label in labels},
        articles=level(labels, 0.05),
        paragraphs=paragraphs,
        off_topic=ev.OffTopic(5, 20, 2, ev.Figure(0.1, 0.0, 0.2), 1, {labels[0]: 2}),
        false_positives=(example,),
        false_negatives=(replace(example, words=()),),
        rivals=(rival,),
        learning_curve=tuple(
            ev.CurvePoint(s, round(80 * s), round(500 * s), figure(s * 0.8), figure(s * 0.7), s * 0.5, None)
            for s in (0.2, 1)
        ),
        left_out=(ev.LeftOut("fr", 40, 9, figure(0.6), figure(0.5), 0.7, None),),
        notes=("Five folds <by> article.",),
        provenance=ev.Provenance("default", None, "a" * 64, "b" * 64, {"folds": 5}, {"python": "3.11"}),
    )


class Page(HTMLParser):
    """Collects what a test asks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.data = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Close the element that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep the JSON."""
        if self.open and self.open[-1] == "script":
            self.data += data


@pytest.fixture(scope="module")
def page() -> str:
    """Return the HTML report."""
    return reports.render(evaluation(), "html")


def test_page_is_well_formed_and_holds_the_numbers(page):
    """Every element is closed, and the JSON inside is the evaluation."""
    parsed = Page(page)
    assert parsed.open == []
    assert ev.Evaluation.from_json(json.loads(parsed.data)) == evaluation()


def test_page_asks_for_nothing_outside(page):
    """No link, image, script source, font or import leaves the file; a policy forbids it."""
    parsed = Page(page)
    for _, attributes in parsed.tags:
        assert not {"src", "srcset", "action", "background"} & attributes.keys()
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://", page)
    assert any("default-src 'none'" in (a.get("content") or "") for _, a in parsed.tags)
    assert [a for tag, a in parsed.tags if tag == "script"] == [{"type": "application/json", "id": "evaluation"}]


def test_nothing_breaks_out_of_the_page(page):
    """Texts, labels and names are escaped: in the page, in pictures, in the JSON inside."""
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<by>" not in page
    drawn = plots.forest([plots.Row("<b>&", (("a", "F1", figure(0.5)),))], 'a "title" <i>')
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_anchors_lead_somewhere(page):
    """Every entry of the page's contents has its section."""
    parsed = Page(page)
    names = {attributes["id"] for _, attributes in parsed.tags if attributes.get("id")}
    assert {(a.get("href") or "")[1:] for tag, a in parsed.tags if tag == "a"} <= names


def test_pictures_follow_the_page(page):
    """SVG bears no colour and no font of its own."""
    for drawn in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert not re.search(r"fill=|stroke=|font|#[0-9a-f]{3}", drawn)
        assert "viewBox" in drawn


def test_many_labels_fit():
    """With ninety labels the page draws the most frequent, lists pairs, and holds all in tables and JSON."""
    labels = tuple(f"label-{at}" for at in range(90))
    page = reports.render(evaluation(labels), "html")
    assert page.count("Precision and recall of label-") == 24
    assert "Drawn: the 24 most frequent" in page
    assert all(f">{label}</th>" in page for label in labels)


def test_bare_evaluation():
    """A held-out evaluation without rivals, curve, groups or mistakes makes every report."""
    bare = level(("only",), 0.0)
    bare = replace(bare, languages=(), genres=(), curves=())
    made = replace(
        evaluation(("only",)), kind="held-out", paragraphs=bare, articles=bare, false_positives=(), false_negatives=(),
        rivals=(), learning_curve=(), left_out=(), notes=(), off_topic=ev.OffTopic(0, 0, 0, ev.Figure(None), 0, {}),
    )  # fmt: skip
    for name in reports.REPORTS:
        assert reports.render(made, name)


def test_terminal_report_aligns_and_tells():
    """The terminal shows headline, labels, warnings and what cannot be told, in lines that align."""
    text = terminal.report(evaluation(), bold=False)
    assert "\x1b" not in text
    lines = text.splitlines()
    head = lines.index("Labels on paragraphs")
    assert lines[head + 2].split()[:5] == ["trade", "0.42", "0.500", "0.500", "0.500"]
    assert lines[head + 2].endswith("only 4 positives")
    assert lines[head + 4].split()[2:5] == [numbers.NONE] * 3
    assert "Of their 20 paragraphs 2 got a tag" in text
    assert "\x1b[1m" in terminal.report(evaluation(), bold=True)


def test_json_report_reads_back():
    """The JSON report is the evaluation."""
    assert ev.Evaluation.from_json(json.loads(reports.render(evaluation(), "json"))) == evaluation()


def test_csv_report():
    """The CSV has a row for each level and label, empty where nothing can be told."""
    rows = list(csv.DictReader(io.StringIO(reports.render(evaluation(), "csv"))))
    assert [(r["level"], r["label"]) for r in rows[:2]] == [("paragraphs", "trade"), ("paragraphs", "arts")]
    assert len(rows) == 6
    assert rows[2]["f1"] == ""
    assert float(rows[0]["f1_low"]) == pytest.approx(0.4)


def test_markdown_report():
    """Markdown tables have as many cells in every row, whatever the names hold."""
    text = reports.render(evaluation(), "markdown")
    for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1
    assert "<script>" not in text.replace("\\<", "")


def test_write_goes_by_suffix(tmp_path):
    """The suffix names the report; an unknown one is an error and leaves no file."""
    for suffix, start in [
        (".html", "<!doctype html>"),
        (".json", "{"),
        (".md", "# "),
        (".csv", "level,"),
        (".txt", "Qu"),
    ]:
        path = tmp_path / f"r{suffix}"
        reports.write(evaluation(), path)
        assert path.read_text(encoding="utf-8").lstrip().startswith(start)
    with pytest.raises(TaggerError, match="no report has this suffix"):
        reports.write(evaluation(), tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()
    with pytest.raises(TaggerError, match="Did you mean 'html'"):
        reports.render(evaluation(), "htm")


def test_reports_load_only_what_they_show():
    """Text reports load no Jinja2, and none loads numpy or matplotlib."""
    code = "import sys; from tagger.reports import terminal, markdown, data, page; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"jinja2", "numpy", "sklearn", "matplotlib", "rich"} & set(loaded)


def test_reports_compute_no_score():
    """Reports read records: they import neither the metrics nor the job that measures."""
    for path in Path(reports.__file__).parent.glob("*.py"):
        names = {
            node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
        }
        assert not {n for n in names if n.startswith(("tagger.metrics", "tagger.evaluate", "sklearn", "numpy"))}, path


def test_marked_text_is_the_text():
    """Marks cut a text without changing it; overlapping words add up; spans outside are left out."""
    words = [ev.Word("ab", 0, 2, 1.0), ev.Word("bc", 1, 3, 1.0), ev.Word("e", 4, 5, -0.5), ev.Word("x", 9, 12, 5.0)]
    found = marking.stretches("abcdef", words)
    assert "".join(s.text for s in found) == "abcdef"
    assert [(s.text, s.mark) for s in found] == [
        ("a", "for2"), ("b", "for4"), ("c", "for2"), ("d", ""), ("e", "against1"), ("f", ""),
    ]  # fmt: skip
    assert [s.text for s in marking.stretches("abc", [])] == ["abc"]


def test_numbers():
    """What cannot be told is a dash; shares below ten per cent keep a digit."""
    assert numbers.number(None) == numbers.NONE
    assert numbers.span(ev.Figure(0.5)) == ""
    assert numbers.with_span(figure(0.5)) == "0.500 (0.40–0.60)"
    assert [numbers.percent(v) for v in (0.004, 0.25, 0.0, None)] == ["0.4%", "25%", "0%", numbers.NONE]
    assert numbers.count(1, "article") == "1 article"
    assert svg.fitted("x" * 50, 61) == "x" * 9 + "…"


def test_pairs_are_listed_most_frequent_first():
    """Confused pairs come most frequent first, and never a label with itself."""
    rows = tables.confusions(evaluation(), "paragraphs").rows
    assert [int(row[2]) for row in rows] == sorted((int(row[2]) for row in rows), reverse=True)
    assert all(missed != wrong for missed, wrong, _ in rows)


def test_a_word_that_returns_is_told_once():
    """Beside a tag each word stands once, with the sum of what its places say."""
    places = [Evidence("loan", 0, 4, 0.3), Evidence("Loan", 9, 13, 0.2), Evidence("port", 5, 9, 0.4)]
    assert article._words(places) == "loan +0.50, port +0.40"


def test_the_table_has_all_scores_when_asked(tiny):
    """With all scores the labels that were not given stand below the tags, of the article and of each paragraph."""
    tagger = Tagger.load(tiny.model)
    text = "The cyclist oiled the chain of her bicycle before the race along the river began."
    for all_scores in (False, True):
        (one,) = tagger.tag([Document("x", text)], all_scores=all_scores)
        shown = article.table(one, tagger.taxonomy, model="tiny", width=100).splitlines()
        given = [line for line in shown if "\u2588" in line and "cycling" in line]
        assert len(given) == 1
        assert sum("not given" in line and "chess" in line for line in shown) == 2 * all_scores
        assert not any("not given" in line and "cycling" in line for line in shown)


def test_the_heading_tells_what_was_measured():
    """A cross-validation names no model: none that is stored was measured; held-out texts name theirs."""
    crossed = evaluation()
    assert crossed.provenance.model not in tables.title(crossed)
    assert f"'{crossed.provenance.model}'" in tables.title(replace(crossed, kind="held-out"))
