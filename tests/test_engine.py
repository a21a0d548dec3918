"""The three engines against scikit-learn's vectorizers and against each other."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from tagger import engine, native, store
from tagger.engine.arrays import ArrayScorer
from tagger.engine.compiled import KernelScorer
from tagger.engine.plain import PlainScorer
from tagger.errors import ModelError, TaggerError
from tagger.normalise import analysed

ODD = (
    "aAbBoOuUàèỳòù1_ .,-'\t\n\r\x1c\x85\u00a0\u2028\u3000\u200b\u00ad\x00ßẞİIıΣσςΑοſÅå²½ée\u0301\u0300ñŉǰĐđ\u01c5"
    "\ud7a3한\u1112\u1161投資々ーカｶフぁガ\u3099𝒜𐐀𐐨😀\u0660\ufe0f\u0e01\u0e31Ａｉ"
)
PIECES = st.one_of(
    st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters())),
    st.sampled_from([word for text in models.CORPUS for word in text.split()] + list(models.CORPUS)),
    st.sampled_from(["AI", "ai", "foreign direct  INVESTMENT", "investors", "đầu tư", "đầu-tư", "hoà", "thuý quyên"]),
)
TEXTS = st.lists(st.lists(PIECES, max_size=5).map(" ".join), min_size=1, max_size=4)
KINDS = [
    (models.WORDS, models.CHARS), (models.WORDS,), (models.CHARS,), (("char_wb", (2, 6)), ("word", (2, 3))), (),
    (("char_wb", (4, 4)), ("char_wb", (7, 8))),
]  # fmt: skip


def scorers(stored):
    """Return every engine that can run here."""
    found = {"python": PlainScorer(stored), "numpy": ArrayScorer(stored)}
    if native._compiled is not None:
        found["c"] = KernelScorer(native._compiled, stored)
    return found


@pytest.fixture(scope="module", params=range(len(KINDS)))
def case(request):
    """Return a model, its vectorizers and its engines."""
    model, vectorizers, topics = models.linear(kinds=KINDS[request.param])
    return model, vectorizers, scorers(store.pack(model, taxonomy=topics))


def agree(case, texts):
    """Hold each engine against the oracle, and their known counts against each other."""
    model, vectorizers, found = case
    expected = models.oracle(model, vectorizers, texts)
    counts = None
    for name, scorer in found.items():
        margins, known = scorer.margins(texts)
        assert np.abs(np.array(margins) - expected).max() < 1e-5, name
        assert counts is None or counts == known, name
        counts = known


def test_engines_give_scikit_learns_margins(case):
    """On texts in ten scripts the margins are those of TfidfVectorizer and the terms, within 1e-5."""
    agree(case, [*models.CORPUS, "", " ", "a", "x" * 5000, "投資" * 800, "Σ" * 40, "\x00\x00ab", "word " * 3000])


def test_tone_marks_are_placed_alike(case):
    """The kernel places Vietnamese tone marks as `normalise.analysed` does, in every case and place of a word."""
    syllables = [vowel + marked for vowel in "oOuU" for marked in "àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ"]
    words = [before + syllable for syllable in syllables for before in ("", "h", "Q", "th", "qu")]
    agree(case, [" ".join(words), ", ".join(words), "".join(words), *words[::7], "Σ hoà", "hoà\u0301", "hoàn_ thuý_"])


@settings(max_examples=150)
@given(texts=TEXTS)
def test_engines_agree_on_any_text(all_cases, texts):
    """Random Unicode: the same margins and known counts whatever scores them."""
    for case in all_cases:
        agree(case, texts)


@pytest.fixture(scope="module")
def all_cases():
    """Return the models of every shape."""
    made = []
    for kinds in KINDS:
        model, vectorizers, topics = models.linear(kinds=kinds)
        made.append((model, vectorizers, scorers(store.pack(model, taxonomy=topics))))
    return made


@pytest.mark.parametrize("labels", [1, 7, 8, 40])
def test_any_number_of_labels(labels):
    """Rows of every width are read right."""
    model, vectorizers, topics = models.linear(labels=labels, concepts=labels != 7)
    agree((model, vectorizers, scorers(store.pack(model, taxonomy=topics))), models.CORPUS)


@pytest.mark.skipif(native._compiled is None, reason="no kernel")
def test_scores_do_not_hang_on_texts_before():
    """What the kernel keeps of chunks it has met changes no bit: not when its table is full, nor for long chunks."""
    model, _, topics = models.linear(kinds=(models.WORDS, models.CHARS))
    stored = store.pack(model, taxonomy=topics)
    strange = [" ".join(f"{k:x}投{k % 7}" for k in range(start, start + 8000)) for start in range(0, 80_000, 8000)]
    long = "investors" * 4
    asked = [*models.CORPUS, f"{long} investors {long} the", "投資" * 60, *strange, " ".join(strange), *models.CORPUS]
    used = KernelScorer(native._compiled, stored)
    together = used.margins(asked)
    alone = [KernelScorer(native._compiled, stored).margins([text]) for text in asked]
    for again in (together, used.margins(asked)):
        assert [list(row) for row in again[0]] == [list(rows[0]) for rows, _ in alone]
        assert list(again[1]) == [known[0] for _, known in alone]


@settings(max_examples=100)
@given(texts=TEXTS)
def test_contributions_are_exact_summands(small, texts):
    """The contributions and the intercept add up to the margin; their spans lie in the analysed text."""
    for text in texts:
        margins = small.margins([text])[0][0]
        for label in range(3):
            found = small.contributions(text, label)
            total = sum(weight for *_, weight in found)
            assert total + small.stored.intercept[label] == pytest.approx(margins[label], abs=1e-5)
            assert all(0 <= start < end <= len(analysed(text)) for start, end, *_ in found)
            assert {kind for _, _, kind, _ in found} <= {"word", "char", "term"}


@pytest.fixture(scope="module")
def small():
    """Return the engine of a small model."""
    return engine.open(models.stored())


def test_contributions_stand_on_their_words(small):
    """A word's summand stands on the word, a term's on the term."""
    text = "The investors came."
    found = small.contributions(text, 0)
    assert "investors" in {text[start:end] for start, end, kind, _ in found if kind == "word"}
    assert {text[start:end] for start, end, kind, _ in found if kind == "term"} == {"investors"}


def test_what_is_not_known_is_said(small):
    """A text without a known word or term has a count of 0 and the intercepts as margins."""
    margins, known = small.margins(["zzzz qqqq", "", "investors"])
    assert known[:2] == [0, 0]
    assert known[2] > 0
    assert margins[1] == pytest.approx(list(small.stored.intercept))


def test_no_texts_are_no_rows(small):
    """An empty batch is an empty result."""
    assert small.margins([]) == ([], [])


@pytest.mark.parametrize("asked", ["c", "python", "numpy"])
def test_the_variable_chooses(monkeypatch, asked):
    """TAGGER_ENGINE rules, and names that do not exist are refused."""
    if asked == "c" and native._compiled is None:
        pytest.skip("no kernel")
    monkeypatch.setenv("TAGGER_ENGINE", asked)
    opened = engine.open(models.stored())
    kinds = {"c": KernelScorer, "python": PlainScorer, "numpy": ArrayScorer}
    assert isinstance(opened._scorer(["a"]), kinds[asked])
    assert engine.chosen() == asked
    monkeypatch.setenv("TAGGER_ENGINE", "fortran")
    with pytest.raises(TaggerError, match="fortran"):
        engine.open(models.stored())


def test_threads_do_not_disturb_each_other(small):
    """Calls from several threads give what calls in a row give."""
    texts = [f"{text} {k}" for k in range(40) for text in models.CORPUS]
    expected = small.margins(texts)
    results = {}

    def work(k):
        results[k] = small.margins(texts)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == expected for result in results.values())


@pytest.mark.skipif(native._compiled is None, reason="no kernel")
def test_the_kernel_bounds_what_it_reads():
    """Arrays that do not fit together are refused; rows and terms that point outside are passed over."""
    stored = models.stored()
    kernel = native._compiled

    def replaced(**changes):
        return type(stored)(**{**vars(stored), **changes})

    block = stored.blocks[0]
    short = type(block)(**{**{s: getattr(block, s) for s in block.__slots__}, "rows": block.rows[:-3]})
    with pytest.raises(ModelError, match="fit"):
        KernelScorer(kernel, replaced(blocks=(short,)))
    with pytest.raises(ModelError, match="fit"):
        KernelScorer(kernel, replaced(characters=memoryview(b"abc")))
    hostile = memoryview(bytes(np.full(len(block.slots), 2**64 - 1, np.uint64))).cast("Q")
    full = type(block)(**{**{s: getattr(block, s) for s in block.__slots__}, "slots": hostile, "probes": 2**20})
    margins, known = KernelScorer(kernel, replaced(blocks=(full,), concepts=None)).margins(["any text at all"])
    assert known == [0]
    assert margins[0] == pytest.approx(list(stored.intercept))
    with pytest.raises(TypeError, match="strings"):
        KernelScorer(kernel, stored).margins([None])
