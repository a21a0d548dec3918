"""From a taxonomy and texts to a model folder."""

from __future__ import annotations

import json

import pytest

from tagger import store, train
from tagger.errors import CorpusError, TaggerError, TaxonomyError
from tagger.records import Document
from tagger.tag import Tagger

TEXTS = ["The cyclist oiled the chain of her bicycle.", "The grandmaster castled.", "Tomatoes need compost.", "Rain."]


def tags(model, text):
    (one,) = Tagger.load(model).tag([Document("x", text)])
    return {t.label: t.score for t in one.tags}


def test_training_again_gives_the_same_model(tiny, tmp_path):
    """Same texts, same taxonomy, same seed: same tags, scores within 1e-6."""
    train.train(tiny.labels, tiny.data, tmp_path / "again", train.TrainOptions())
    for text in TEXTS:
        assert tags(tmp_path / "again", text) == pytest.approx(tags(tiny.model, text), abs=1e-6)


def test_the_manifest_tells_what_was_learned_from(tiny):
    """Counts, digests, options, seed and measured quality stand in the manifest."""
    manifest = json.loads((tiny.model / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["texts"] == 30
    assert manifest["counts"]["positives"] == {"gardening": 8, "cycling": 8, "chess": 8}
    assert len(manifest["corpus_digest"]) == len(manifest["taxonomy_digest"]) == 64
    assert set(manifest["quality"]) >= {"micro_f1", "macro_f1", "labels"}
    assert manifest["seed"] == 0


def test_terms_alone_make_a_model(tiny, tmp_path, monkeypatch):
    """Without one labelled text the terms tag, and the summary says so."""
    monkeypatch.chdir(tmp_path)  # no seeds/ here
    summary = train.train(tiny.labels, None, tmp_path / "m", train.TrainOptions())
    assert "terms alone" in summary.table()
    assert set(tags(tmp_path / "m", "The grandmaster announced checkmate.")) == {"chess"}
    assert tags(tmp_path / "m", "The council meets.") == {}


def test_neither_texts_nor_terms_is_an_error(tmp_path, monkeypatch):
    """With nothing to learn from, one line says what is missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.yaml").write_text("labels: [{id: a}]\n", encoding="utf-8")
    with pytest.raises(TaggerError, match="neither labelled texts nor terms"):
        train.train(None, None, tmp_path / "m", train.TrainOptions())
    assert not (tmp_path / "m").exists()


def test_a_label_that_nothing_can_give_is_told(tmp_path, monkeypatch):
    """Without texts and without terms a label is never tagged: the summary names it, though others have terms."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.yaml").write_text("labels: [{id: a, terms: {en: [bank]}}, {id: b}]\n", encoding="utf-8")
    notes = train.train(None, None, tmp_path / "m", train.TrainOptions()).notes
    assert [note for note in notes if "'b'" in note and "never tagged" in note]
    assert not [note for note in notes if "'a'" in note]


def test_one_article_measures_nothing(tiny, tmp_path):
    """Out of fold there is nothing to learn from: no figures rather than perfect ones."""
    (tmp_path / "one.jsonl").write_text('{"text": "A chess game.", "labels": ["chess"]}\n', encoding="utf-8")
    assert train.train(tiny.labels, tmp_path / "one.jsonl", tmp_path / "m", train.TrainOptions()).quality == {}


def test_too_few_texts_to_tell_labels_apart_are_told(tmp_path):
    """Where the best cuts tag nearly everything, the summary says so."""
    words = ["grey", "slow", "round", "late", "small", "plain", "cold", "dry", "wide", "soft"]
    rows = [
        json.dumps({"text": f"Something {word}.", "labels": [label]})
        for word, label in zip(words, "abcde" * 2, strict=True)
    ]
    (tmp_path / "few.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "labels.yaml").write_text(f"labels: [{', '.join(f'{{id: {x}}}' for x in 'abcde')}]\n", encoding="utf-8")
    summary = train.train(tmp_path / "labels.yaml", tmp_path / "few.jsonl", tmp_path / "m", train.TrainOptions())
    assert "too few texts to tell the labels apart" in summary.table()


def test_a_label_of_no_text_is_told(tiny, tmp_path):
    """A label without a positive is named in the summary."""
    (tmp_path / "one.jsonl").write_text('{"text": "A chess game.", "labels": ["chess"]}\n' * 3, encoding="utf-8")
    table = train.train(tiny.labels, tmp_path / "one.jsonl", tmp_path / "m", train.TrainOptions()).table()
    assert "'cycling' has no labelled text and is tagged by its terms alone" in table


def test_an_unknown_label_stops_training(tiny, tmp_path):
    """A label the taxonomy lacks is an error with file, line and the nearest name."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "x y", "labels": ["ches"]}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"bad\.jsonl:1.*ches.*Did you mean 'chess'"):
        train.train(tiny.labels, bad, tmp_path / "m", train.TrainOptions())


def test_a_missing_taxonomy_stops_training(tmp_path):
    """Without labels.yaml the error says how to make one."""
    with pytest.raises(TaxonomyError, match="tagger init"):
        train.train(tmp_path / "no.yaml", None, None, train.TrainOptions())


def test_the_fast_tier_trains_and_tags(tiny, tmp_path):
    """``--fast`` learns one view with one learner."""
    train.train(tiny.labels, tiny.data, tmp_path / "m", train.TrainOptions(fast=True))
    assert len(store.load(tmp_path / "m").blocks) == 1


def test_paragraph_labels_teach_a_rollup(tiny, tmp_path):
    """Articles with labelled paragraphs learn a roll-up; whole texts are scored whole."""
    row = {"paragraphs": [{"text": "A chess game.", "labels": ["chess"]}, {"text": "It rained.", "labels": []}]}
    (tmp_path / "p.jsonl").write_text((json.dumps(row) + "\n") * 4, encoding="utf-8")
    train.train(tiny.labels, tmp_path / "p.jsonl", tmp_path / "m", train.TrainOptions())
    assert store.load(tmp_path / "m").rollup["kind"] != "whole"
    assert store.load(tiny.model).rollup["kind"] == "whole"
