"""The measuring job, on a small corpus and a tagger that can be seen through."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from tagger import evaluate, evaluation, store, train
from tagger.errors import CorpusError, TaggerError
from tagger.evaluate import folding, rivals
from tagger.evaluate.judged import Truth
from tagger.evaluate.scorer import ModelScorer
from tagger.records import Evidence, LabelledArticle, LabelledParagraph
from tagger.tag import Tagger
from tagger.taxonomy import Label, Taxonomy

SCHEMA = json.loads((Path(evaluation.__file__).parent / "schemas/evaluation.schema.json").read_text(encoding="utf-8"))

TAXONOMY = Taxonomy(
    (
        Label("trade", {"en": "Trade", "fr": "Commerce"}, terms={"en": ("tariff", "cargo")}),
        Label("arts", {"en": "Arts"}, terms={"en": ("museum", "concert")}),
        Label("sport", {"en": "Sport"}, terms={"en": ("regatta",)}),
    )
)

LINES = {
    "trade": "The port raised its tariff on cargo number {} again this spring, merchants of the town said.",
    "arts": "A museum lent drawing number {} to the gallery across the river until the leaves turn.",
    "": "Rain fell on street number {} and nobody there had thought of bringing an umbrella along.",
}


@dataclass(frozen=True)
class Scores:
    """One article's numbers."""

    paragraph_scores: list[list[float]]
    paragraph_flags: list[list[bool]]
    article_scores: list[float]
    article_flags: list[bool]


class Words:
    """Knows the words of the labelled texts that it saw; gives a label for the share of them in a text."""

    def __init__(self, taxonomy: Taxonomy, articles) -> None:
        self.taxonomy = taxonomy
        self.seen = {p.text for a in articles for p in a.paragraphs}
        self.words = {label: set() for label in taxonomy.ids}
        for article in articles:
            for p in article.paragraphs:
                for label in p.labels:
                    self.words[label] |= set(p.text.split())
        for label in taxonomy.ids:
            for other in taxonomy.ids:
                if other != label:
                    self.words[label] -= self.words[other] & self.words[label]

    def score(self, articles):
        """Score texts."""
        out = []
        for texts in articles:
            rows = [[self._share(text, label) for label in self.taxonomy.ids] for text in texts]
            best = [max(column) for column in zip(*rows, strict=True)]
            out.append(Scores(rows, [[s >= 0.3 for s in row] for row in rows], best, [s >= 0.3 for s in best]))
        return out

    def _share(self, text: str, label: str) -> float:
        words = text.split()
        return sum(word in self.words[label] for word in words) / len(words)

    def evidence(self, texts, row, column):
        """Return the first word."""
        word = texts[row].split()[0]
        return [Evidence(word, 0, len(word), 1.0)]

    def cut_scores(self):
        """Return the cut."""
        return [0.3, 0.3, 2.0]

    def article_cut_scores(self):
        """Return no cut."""
        return [float("nan")] * len(self.taxonomy.ids)


def corpus(n: int = 12) -> list[LabelledArticle]:
    """Return articles on trade, on the arts, on both, and off topic, in two languages."""
    found = []
    for i in range(n):
        labels = [["trade"], ["arts"], ["trade", "arts"], []][i % 4]
        paragraphs = [
            LabelledParagraph(LINES[label].format(100 * i + j), (label,) if label else (), f"c.yaml:{i}")
            for j, label in enumerate([*labels, ""])
        ]
        found.append(
            LabelledArticle(f"a{i}", tuple(paragraphs), tuple(labels), lang="fr" if i % 3 else "en", genre="daily")
        )
    return found


OPTIONS = evaluate.EvaluateOptions(folds=3, resamples=50)


@pytest.fixture(scope="module")
def measured() -> evaluation.Evaluation:
    """Measure with every option, once."""
    options = replace(OPTIONS, curve=True, shares=(0.5,), leave_one_language_out=True)
    return evaluate.cross_validate(TAXONOMY, corpus(), options, fit=Words)


def test_json_round_trip(measured):
    """An evaluation written and read is the same; its JSON holds to the schema and has no NaN."""
    text = measured.dumps()
    assert evaluation.Evaluation.from_json(json.loads(text)) == measured
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(text), SCHEMA)
    assert "NaN" not in text


def test_what_is_no_evaluation_is_told():
    """Foreign, damaged and newer JSON is one clear error each."""
    for data, what in [({}, "not an evaluation"), ({"schema": 99}, "format 99"), ({"schema": 1}, "damaged")]:
        with pytest.raises(TaggerError, match=what):
            evaluation.Evaluation.from_json(data)


def test_no_article_is_seen_by_the_model_that_tags_it():
    """In every fold, what is learned from and what is tagged share no article."""
    asked = []

    class Watched(Words):
        def score(self, articles):
            asked.append([text for texts in articles for text in texts])
            assert not self.seen & set(asked[-1])
            return super().score(articles)

    evaluate.cross_validate(TAXONOMY, corpus(), OPTIONS, fit=Watched)
    assert sorted(text for part in asked for text in part) == sorted(p.text for a in corpus() for p in a.paragraphs)


def test_near_duplicates_stay_in_one_fold():
    """Articles that share a long paragraph, or are nearly the same, are one family; boilerplate ties nobody."""
    long = "The council of the harbour town voted on Tuesday to widen the northern quay before the winter storms."
    footer = "Subscribe to our newsletter and read every morning what matters in your town and in the whole region."

    def article(name: str, *texts: str) -> LabelledArticle:
        return LabelledArticle(name, tuple(LabelledParagraph(t, ()) for t in texts), ())

    lines = [" ".join(f"word{j}of{i}" for j in range(8)) for i in range(9)]
    articles = [article("one", lines[0], long), article("two", long.replace("storms", "gales"), lines[1])]
    articles += [article(f"x{i}", lines[i], footer) for i in range(2, 9)]
    families = folding.families(articles)
    assert families[0] == families[1]
    assert len(set(families)) == len(articles) - 1
    truth = Truth.of(("a",), articles, [None] * len(articles))
    fold = folding.outer(truth, families, 3, 0)
    assert fold[0] == fold[1]
    assert len(set(fold.tolist())) == 3


def test_figures_are_of_the_tagger(measured):
    """A tagger whose answers are known gets the figures that can be counted by hand."""
    paragraphs = measured.paragraphs
    assert (paragraphs.texts, measured.articles.texts) == (24, 12)
    assert paragraphs.unlabelled == 12
    assert [one.support for one in paragraphs.per_label] == [6, 6, 0]
    assert paragraphs.together[0][0] == 6
    assert measured.articles.together[0][1] == 3
    assert paragraphs.micro.f1.value > 0.9
    assert [group.name for group in paragraphs.languages] == ["fr", "en"]
    assert sum(group.texts for group in paragraphs.languages) == 24


def test_thin_labels_are_warned_of(measured):
    """A label with under ten positives bears a warning, in its row and in the notes."""
    assert measured.paragraphs.per_label[0].warning == "only 6 positives"
    assert measured.paragraphs.per_label[2].warning == "no positives"
    assert any("trade (6)" in note for note in measured.notes)
    assert any("No paragraphs bear: sport" in note for note in measured.notes)


def test_off_topic_articles(measured):
    """Articles without any label are counted, and what was tagged in them."""
    assert measured.off_topic.articles == 3
    assert measured.off_topic.paragraphs == 3
    assert measured.off_topic.share.value == measured.off_topic.tagged / 3


def test_mistakes_are_shown_with_their_words():
    """A wrong tag and a missing one are found, worst first, with their place and their words."""
    articles = corpus()
    wrong = articles[3]  # off topic
    articles[3] = replace(wrong, paragraphs=(replace(wrong.paragraphs[0], text=LINES["arts"].format(7)),))
    made = evaluate.cross_validate(TAXONOMY, articles, OPTIONS, fit=Words)
    worst = made.false_positives[0]
    assert (worst.label, worst.article, worst.where, worst.given) == ("arts", "a3", "c.yaml:3", ("arts",))
    assert worst.words[0].text == "A"
    assert [e.score for e in made.false_positives] == sorted((e.score for e in made.false_positives), reverse=True)


def test_rivals_stand_beside(measured):
    """The rule of terms, plain TF-IDF and the commonest label are measured on the same texts, with differences."""
    assert [rival.name for rival in measured.rivals] == list(rivals.RIVALS)
    rule = measured.rivals[0]
    assert rule.micro.f1.value == 1.0
    assert rule.micro_difference.value == pytest.approx(measured.paragraphs.micro.f1.value - 1)
    assert measured.rivals[2].micro.f1.value < rule.micro.f1.value


def test_learning_curve_and_left_out_languages(measured):
    """The curve ends at the figures of the whole; each language is tagged without having been seen."""
    assert [point.share for point in measured.learning_curve] == [0.5, 1.0]
    assert measured.learning_curve[-1].micro == measured.paragraphs.micro.f1
    assert measured.learning_curve[0].articles == 4
    assert [row.lang for row in measured.left_out] == ["en", "fr"]
    assert sum(row.texts for row in measured.left_out) == 24


def test_floors(measured):
    """Floors name figures; a figure below its floor is one line; unknown names suggest the nearest."""
    floors = evaluate.parse(["micro=0.1", "lang.fr=0.1", "article.label.arts=0"])
    assert floors == {"micro": 0.1, "lang.fr": 0.1, "article.label.arts": 0}
    assert evaluate.misses(measured, floors) == []
    value, name = min((value, name) for name, value in evaluate.figures(measured).items() if value is not None)
    assert evaluate.misses(measured, {name: value}) == []
    (line,) = evaluate.misses(measured, {name: value + 0.01})
    assert line.startswith(f"{name} is")
    assert "cannot be told" in evaluate.misses(measured, {"label.sport": 0.5})[0]
    with pytest.raises(TaggerError, match="Did you mean 'macro'"):
        evaluate.misses(measured, {"macr": 0.5})
    for wrong in ("micro", "micro=high", "micro=1.5", "=0.5"):
        with pytest.raises(TaggerError, match="NAME=NUMBER"):
            evaluate.parse([wrong])


def test_held_out_texts():
    """A tagger that exists already is measured on other articles, with its own cuts."""
    made = evaluate.measure(Words(TAXONOMY, corpus()), TAXONOMY, corpus(8), OPTIONS, model="words")
    assert made.kind == "held-out"
    assert made.paragraphs.micro.f1.value == 1.0
    assert [one.cut for one in made.paragraphs.per_label] == [0.3, 0.3, None]
    assert [one.cut for one in made.articles.per_label] == [None] * 3
    assert made.provenance.model == "words"
    assert [rival.name for rival in made.rivals] == ["seed terms"]
    with pytest.raises(CorpusError, match="no article"):
        evaluate.measure(Words(TAXONOMY, []), TAXONOMY, [], OPTIONS, model="words")


def test_too_little_to_split():
    """One article, or copies of one, cannot be cross-validated; one fold is none."""
    with pytest.raises(CorpusError, match="cannot be split"):
        evaluate.cross_validate(TAXONOMY, corpus(1), OPTIONS, fit=Words)
    with pytest.raises(CorpusError, match="cannot be split"):
        evaluate.cross_validate(TAXONOMY, corpus(1) * 4, OPTIONS, fit=Words)
    with pytest.raises(TaggerError, match="two folds"):
        evaluate.cross_validate(TAXONOMY, corpus(), replace(OPTIONS, folds=1), fit=Words)


def test_progress_counts_every_model():
    """Progress tells each model learned, and never more than it announced."""
    told = []
    options = replace(OPTIONS, curve=True, shares=(0.5,), leave_one_language_out=True)
    evaluate.cross_validate(TAXONOMY, corpus(), options, progress=lambda *step: told.append(step), fit=Words)
    assert [done for _, done, _ in told] == list(range(3 + 3 + 2))
    assert {total for _, _, total in told} == {3 + 3 + 2}


def test_the_same_seed_gives_the_same_evaluation(measured):
    """Measuring twice gives the same bytes."""
    options = replace(OPTIONS, curve=True, shares=(0.5,), leave_one_language_out=True)
    assert evaluate.cross_validate(TAXONOMY, corpus(), options, fit=Words).dumps() == measured.dumps()


def test_plain_rival_survives_thin_training():
    """No text, no word, or one class only is answered, not raised."""
    texts = ["one two three", "four five six"]
    for learned, Y in [([], np.zeros((0, 3), bool)), (["."], np.zeros((1, 3), bool)), (texts, np.ones((2, 3), bool))]:
        found = rivals.plain(TAXONOMY, learned, Y, texts)
        assert found.shape == (2, 3)
        assert found.all() == bool(Y.any())


def test_schema_follows_the_records():
    """Every record of an evaluation is in the schema, field by field."""
    for name in dir(evaluation):
        kind = getattr(evaluation, name)
        if isinstance(kind, type) and is_dataclass(kind):
            described = SCHEMA if name == "Evaluation" else SCHEMA["$defs"][name]
            assert list(described["properties"]) == [f.name for f in fields(kind)], name
            assert described["required"] == [f.name for f in fields(kind)], name


def trained(known: Taxonomy, articles, folder: Path) -> str:
    """Store a model and return its folder."""
    store.save(train.fit(known, articles, train.TrainOptions(fast=True)), folder)
    return str(folder)


def test_the_whole_way():
    """With nothing put in its place, `train.fit` learns and `Tagger` tags, with words behind the mistakes."""
    options = replace(OPTIONS, fast=True, curve=True, shares=(0.0,))
    made = evaluate.cross_validate(TAXONOMY, corpus(24), options)
    assert made.paragraphs.micro.f1.value > 0.9
    assert made.provenance.model == "fast"
    assert [(point.articles, point.share) for point in made.learning_curve] == [(0, 0.0), (16, 1.0)]
    assert made.learning_curve[0].micro.value > 0.9  # the terms alone
    assert all(0 <= one.cut <= 1 for one in made.paragraphs.per_label[:2])
    assert evaluation.Evaluation.from_json(json.loads(made.dumps())) == made


def test_a_model_on_its_own_texts_is_told(tmp_path):
    """A stored model measured on what it learned from says so; on other texts it does not."""
    tagger = Tagger.load(trained(TAXONOMY, corpus(16), tmp_path / "m"))
    seen = evaluate.hold_out(tagger, corpus(16), OPTIONS)
    assert "LEARNED FROM THESE VERY TEXTS" in seen.notes[0]
    fresh = evaluate.hold_out(tagger, corpus(12), OPTIONS)
    assert "held out" in fresh.notes[0]
    assert fresh.provenance.model_digest == tagger.identity["digest"]


def test_against_a_model_of_other_labels(tmp_path):
    """A second model is compared under the measured labels: one it lacks is never given, its own others are dropped."""
    other = Taxonomy((Label("arts", terms={"en": ("museum",)}), Label("weather", terms={"en": ("rain",)})))
    articles = [
        replace(
            a,
            labels=tuple({"arts"} & set(a.labels)),
            paragraphs=tuple(replace(p, labels=tuple({"arts"} & set(p.labels))) for p in a.paragraphs),
        )
        for a in corpus(16)
    ]
    folder = trained(other, articles, tmp_path / "m")
    made = evaluate.cross_validate(TAXONOMY, corpus(), replace(OPTIONS, against=folder), fit=Words)
    rival = made.rivals[0]
    assert "it has no sport, trade" in rival.description
    assert rival.micro.recall.value == 0.5
    assert rival.micro_difference.value > 0
    assert any("may have learned from these very texts" in note for note in made.notes)


def test_words_of_a_miss_are_summands(tmp_path):
    """The words of a label that was not given are told too, with offsets within the paragraph."""
    scorer = ModelScorer.load(trained(TAXONOMY, corpus(16), tmp_path / "m"))
    text = LINES["trade"].format(1)
    found = scorer.evidence(["Rain fell.", text], 1, 1)
    assert found
    assert all(text[e.start : e.end] == e.text for e in found if e.text)


def test_run_reads_files(tmp_path, monkeypatch):
    """`run` measures the files it is given, and says what it lacks."""
    monkeypatch.chdir(tmp_path)
    rows = [
        {
            "id": a.id,
            "lang": a.lang,
            "labels": a.labels,
            "paragraphs": [{"text": p.text, "labels": p.labels} for p in a.paragraphs],
        }
        for a in corpus(16)
    ]
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    labels = tmp_path / "labels.yaml"
    lines = ["version: 1", "labels:"]
    for one in TAXONOMY.labels:
        terms = ", ".join(one.terms["en"])
        lines += [f"  - id: {one.id}", f"    name: {{en: {one.id}}}", f"    definition: of {one.id}"]
        lines += [f"    terms: {{en: [{terms}]}}"]
    labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = replace(OPTIONS, fast=True)
    assert evaluate.run(labels, data, None, options).articles.texts == 16
    folder = trained(TAXONOMY, corpus(16), tmp_path / "m")
    assert evaluate.run(None, data, folder, options).kind == "held-out"
    with pytest.raises(TaggerError, match="--data"):
        evaluate.run(None, None, folder, options)
    labels.unlink()
    with pytest.raises(TaggerError, match="no such file"):
        evaluate.run(None, data, None, options)
