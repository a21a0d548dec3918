"""The one tagging path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import evidence
from tagger.records import Document
from tagger.tag import Tagger, is_one_file, record

TEXT = """Spring at the allotment

She planted tomatoes along the wall of the garden and spread compost between the rows.

Gardeners at work. (Photo: Herald)

The council meets on Thursday to discuss the budget.
"""


@pytest.fixture(scope="module")
def tagger(tiny) -> Tagger:
    return Tagger.load(tiny.model)


def tagged(tagger: Tagger, text: str, **options):
    (one,) = tagger.tag([Document("x", text)], **options)
    return one


def test_paragraphs_bear_the_tags_of_their_topic(tagger):
    """A paragraph about a topic bears it, one about none bears none."""
    paragraphs = tagged(tagger, TEXT).paragraphs
    by_text = {p.paragraph.text.split()[0]: {t.label for t in p.tags} for p in paragraphs}
    assert by_text["She"] == {"gardening"}
    assert by_text["The"] == set()


def test_captions_bear_nothing(tagger):
    """What is no title, lead or body bears no tag."""
    for paragraph in tagged(tagger, TEXT).paragraphs:
        assert paragraph.paragraph.taggable or not paragraph.tags


def test_offsets_are_into_the_source(tagger):
    """``decoded[start:end]`` is the paragraph."""
    for paragraph in tagged(tagger, TEXT).paragraphs:
        source = paragraph.paragraph
        assert TEXT[source.start : source.end] == source.text


def test_evidence_adds_up_to_the_margin(tagger):
    """The summands of a tag, and the intercept, are its margin."""
    one = tagged(tagger, TEXT, explain=True)
    row = next(i for i, p in enumerate(p for p in one.paragraphs if p.paragraph.taggable) if p.tags)
    paragraph = [p for p in one.paragraphs if p.paragraph.taggable][row]
    texts = [p.paragraph.text for p in one.paragraphs if p.paragraph.taggable]
    (scores,) = tagger.score([texts])
    for tag in paragraph.tags:
        column = tagger.taxonomy.ids.index(tag.label)
        total = sum(e.weight for e in tag.evidence) + tagger.stored.intercept[column]
        assert total == pytest.approx(scores.margins[row][column], abs=1e-5)


def test_evidence_points_at_its_words(tagger):
    """A span of evidence is where its text stands in the source."""
    for paragraph in tagged(tagger, TEXT, explain=True).paragraphs:
        for tag in paragraph.tags:
            for item in tag.evidence:
                assert TEXT[item.start : item.end] == item.text


def test_unknown_text_abstains(tagger):
    """A text without one known word bears no tag and says so."""
    one = tagged(tagger, "Жжж ъъъ ыыы ффф.\n")
    assert one.abstained
    assert one.tags == ()
    assert record(one, tagger.identity)["abstained"] is True


def test_all_scores_come_in_the_order_of_the_taxonomy(tagger):
    """With all scores, a score for each label in [0, 1], and the tags' scores are among them."""
    one = tagged(tagger, TEXT, all_scores=True)
    for paragraph in one.paragraphs:
        if paragraph.paragraph.taggable:
            assert len(paragraph.scores) == len(tagger.taxonomy.ids)
            assert all(0 <= s <= 1 for s in paragraph.scores)
            for tag in paragraph.tags:
                assert tag.score == paragraph.scores[tagger.taxonomy.ids.index(tag.label)]


def test_a_language_the_model_has_not_seen_is_told(tagger):
    """The record says which language, and that it is new to the model."""
    stored_languages = tagger.languages
    try:
        tagger.languages = ("en",)
        german = "Der Rat der Stadt tagt am Donnerstag und berät über den Haushalt des nächsten Jahres.\n" * 3
        line = record(tagged(tagger, german), tagger.identity)
    finally:
        tagger.languages = stored_languages
    assert line["lang"] == "de"
    assert line["lang_seen"] is False


@given(st.floats(-3, 3), st.floats(0, 2))
def test_raising_a_cut_never_adds_a_tag(tagger, cut, more):
    """Whoever asks for more certainty gets a subset of the tags."""
    from dataclasses import replace

    decision = tagger._decision
    margins = [0.5, -0.5, 1.5]
    low = replace(decision, cuts=(cut,) * 3).flags(margins)
    high = replace(decision, cuts=(cut + more,) * 3).flags(margins)
    assert all(a or not b for a, b in zip(low, high, strict=True))


@given(st.text(alphabet="ab ,", max_size=30), st.data())
def test_gathering_keeps_the_sum(text, data):
    """Evidence on one span is added up, never lost."""
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    items = data.draw(
        st.lists(st.tuples(spans, st.sampled_from(["word", "char", "term"]), st.integers(-5, 5)), max_size=10)
    )
    given_ = [(s[0], s[1], kind, float(weight)) for s, kind, weight in items]
    assert sum(c[3] for c in evidence.gathered(text, given_)) == sum(c[3] for c in given_)


def test_pieces_of_a_word_are_shown_once():
    """Character n-grams count on their word."""
    text = "two mayors met"
    pieces = [(4, 7, "char", 0.25), (6, 10, "char", 0.5), (4, 10, "word", 1.0), (0, 10, "word", 0.125)]
    assert sorted(evidence.gathered(text, pieces)) == [(0, 10, "word", 0.125), (4, 10, "word", 1.75)]


@pytest.mark.parametrize(
    ("paths", "one"),
    [(["a.txt"], True), (["-"], True), (["a.txt", "b"], False), (["a.jsonl"], False), (["a.csv.gz"], False)],
)
def test_one_file_is_shown_as_a_table(paths, one):
    """One text is for people; record files and several inputs are batches."""
    assert is_one_file(paths) is one
