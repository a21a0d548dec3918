"""n-gram counts against scikit-learn's CountVectorizer, with and without the kernel."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from tagger import characters, native, normalise
from tagger.counting import count, transform_counts

ENGINES = [pytest.param("c", marks=pytest.mark.skipif(native._compiled is None, reason="no kernel")), "numpy"]
RANGES = [("word", (1, 2)), ("word", (1, 1)), ("word", (2, 3)), ("char_wb", (3, 5)), ("char_wb", (1, 6))]

#: Characters on which lower-casing, \\w, whitespace and UTF widths go wrong first.
ODD = (
    "aAbB1_ .,-'\t\n\r\x1c\x85\u00a0\u2028\u3000\u200b\u00adßẞİIıΣσςΑοſÅå²½ée\u0301ñŉǰĐđ\u01c5\ud7a3"
    "한投資ーカｶ𝒜𐐀𐐨😀\u0660\ufe0f\u0e01\u0e31"
)
TEXT = st.lists(st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters())), max_size=6).map(" ".join)
FEW = [
    "", " ", "a", "a b", "ab", "Foreign direct investment, foreign DIRECT investors!", "ΟΔΥΣΣΕΥΣ ΣΑΣ σ Σ",
    "İstanbul'da IŞIK", "l'État a annoncé\nun plan", "投資 ファンド が", "x" * 90, "e\u0301te\u0301 été", "aa_b 12 3",
]  # fmt: skip


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Run each test on the kernel, where it was built, and on NumPy."""
    monkeypatch.setenv("TAGGER_ENGINE", request.param)
    return request.param


def oracle(texts, kind, ngram_range, **options):
    """Return scikit-learn's counts as a dictionary of rows, or nothing where it refuses an empty vocabulary."""
    vectorizer = CountVectorizer(analyzer=kind, ngram_range=ngram_range, **options)
    try:
        matrix = vectorizer.fit_transform(texts)
    except ValueError:
        return [{} for _ in texts], []
    names = vectorizer.get_feature_names_out()
    return as_rows(matrix, names), names


def as_rows(matrix, names):
    """Return each row as {n-gram: count}."""
    return [{names[k]: int(c) for k, c in zip(r.indices, r.data, strict=True) if c} for r in matrix.tocsr()]


@pytest.mark.parametrize(("kind", "ngram_range"), RANGES)
def test_counts_are_scikit_learns(engine, kind, ngram_range):
    """Same features, same counts, on texts that break careless lower-casing and padding."""
    features, matrix = count(FEW, kind, ngram_range)
    rows, names = oracle(FEW, kind, ngram_range)
    assert sorted(features) == sorted(names)
    assert as_rows(matrix, features) == rows


@settings(max_examples=150)
@given(texts=st.lists(TEXT, min_size=1, max_size=5), case=st.sampled_from(RANGES))
@pytest.mark.parametrize("engine_name", ENGINES)
def test_counts_are_scikit_learns_on_any_text(engine_name, texts, case):
    """Random Unicode: the counts of fitting and of transforming are CountVectorizer's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAGGER_ENGINE", engine_name)
        features, matrix = count(texts, *case)
        again = transform_counts(texts[::-1], features, *case)
    rows, names = oracle(texts, *case)
    assert sorted(features) == sorted(names)
    assert as_rows(matrix, features) == rows
    assert (again[::-1] != matrix).nnz == 0


def test_features_come_by_falling_document_frequency(engine):
    """Rare n-grams go, the frequent come first, ties by code points."""
    texts = ["bb aa cc", "bb aa", "bb dd dd dd", "cc"]
    features, matrix = count(texts, "word", (1, 1), min_df=2)
    assert features == ["bb", "aa", "cc"]
    assert matrix.dtype == np.float32
    assert matrix.has_sorted_indices
    assert count(texts, "word", (1, 1), min_df=0.7).features == ["bb"]
    assert count(texts, "word", (1, 1), max_features=2).features == ["bb", "dd"]


def test_max_features_are_scikit_learns(engine):
    """Where totals differ, the features kept are those that CountVectorizer keeps."""
    texts = [" ".join(f"w{k}" for k in range(30) for _ in range(k + 1 if d % 2 else 2)) for d in range(4)]
    ours = count(texts, "word", (1, 1), max_features=12).features
    _, theirs = oracle(texts, "word", (1, 1), max_features=12)
    assert sorted(ours) == sorted(theirs)


@pytest.mark.skipif(native._compiled is None, reason="no kernel")
def test_more_chunks_than_the_kernel_keeps(monkeypatch):
    """Counts are the same where chunks are forgotten, within one text too, and where they are too long to be kept."""
    random = np.random.default_rng(0)
    words = [f"{number:x}" for number in random.integers(0, 300_000, 160_000)]
    words[::997] = ["x" * 29 + word for word in words[::997]]
    texts = [" ".join(words[:110_000]), *(" ".join(words[k : k + 2500]) for k in range(100_000, len(words), 2500))]
    found = {}
    for engine in ("c", "numpy"):
        monkeypatch.setenv("TAGGER_ENGINE", engine)
        found[engine] = count(texts, "char_wb", (2, 3), min_df=2)
        assert (transform_counts(texts, found[engine].features, "char_wb", (2, 3)) != found[engine].matrix).nnz == 0
    assert found["c"].features == found["numpy"].features
    assert (found["c"].matrix != found["numpy"].matrix).nnz == 0


def test_unknown_ngrams_are_passed_over(engine):
    """Transforming counts the given features only, in their order."""
    matrix = transform_counts(["aa bb zz aa", ""], ["bb", "aa", "none"], "word", (1, 2))
    assert matrix.toarray().tolist() == [[1, 2, 0], [0, 0, 0]]
    assert transform_counts([], ["bb"], "word", (1, 1)).shape == (0, 1)


def test_lone_surrogates_are_characters_like_others(engine):
    """Text that cannot be encoded can still be counted."""
    assert count(["ab\ud800cd ab"], "char_wb", (2, 2)).matrix.sum() == 9


def test_tables_agree_with_python():
    """Each code point's lower case and classes are str's."""
    tables = characters.tables()
    pages = memoryview(tables)[: characters.PAGES * 2].cast("H")
    entries = memoryview(tables)[characters.PAGES * 2 :].cast("i")
    second = characters._composing()
    for code in range(sys.maxunicode + 1):
        entry = entries[pages[code >> 8] * 256 + (code & 255)]
        if entry != 0 or code % 7 == 0:
            assert entry == characters._entry(chr(code), second)
        if not entry & characters.SPECIAL:
            assert chr(code + (entry >> characters.CLASS_BITS)) == chr(code).lower()


@given(text=TEXT)
def test_texts_without_changes_are_their_own_analysed_form(text):
    """What the tables let the kernel pass unchanged, normalise.analysed would not change."""
    second = characters._composing()
    entries = [characters._entry(character, second) for character in text]
    tone = any(e & characters.TONE and before in "oOuU" for before, e in zip(text, entries[1:], strict=False))
    if not tone and not any(entry & characters.CHANGES for entry in entries):
        assert normalise.analysed(text) == text


@pytest.mark.skipif(native._compiled is None, reason="no kernel")
def test_the_kernel_refuses_what_does_not_fit():
    """Wrong tables, ranges, sizes and columns are errors, never reads out of bounds."""
    kernel = native._compiled
    with pytest.raises(ValueError, match="tables"):
        kernel.counter(b"xx", True, 3, 5)
    with pytest.raises(ValueError, match="range"):
        kernel.counter(characters.tables(), True, 5, 3)
    with pytest.raises(ValueError, match="tables"):
        kernel.counter(b"\xff" * len(characters.tables()), True, 3, 5)
    counter = kernel.counter(characters.tables(), False, 1, 1)
    assert kernel.counter_learn(counter, ["aa bb"]) == 2
    room = np.zeros(2, np.int64), np.zeros(1, np.int32), np.zeros(1, np.float32)
    with pytest.raises(ValueError, match="out of range"):
        kernel.counter_rows(counter, ["aa"], np.array([0, 5], np.int32), 2, *room)
    with pytest.raises(ValueError, match="do not fit"):
        kernel.counter_rows(counter, ["aa bb"], np.array([0, 1], np.int32), 2, *room)
    with pytest.raises(TypeError, match="strings"):
        kernel.counter_learn(counter, [b"aa"])
    for tables, lengths in ((b"xx", 1), (characters.tables(), 2)):
        with pytest.raises(ValueError, match="do not fit"):
            kernel.tokens(tables, ["aa"], np.zeros(lengths, np.int64))
    with pytest.raises(TypeError, match="strings"):
        kernel.tokens(characters.tables(), [b"aa"], np.zeros(1, np.int64))
