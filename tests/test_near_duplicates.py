"""Near-duplicates."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import native, near_duplicates
from tagger.near_duplicates import clusters, pairs, tokens

WORDS = [f"w{i}" for i in range(400)]


def _text(rng: random.Random, words: int = 60) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def _similarity(a: str, b: str) -> float:
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = tokens(text)
        return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}

    return len(shingles(a) & shingles(b)) / len(shingles(a) | shingles(b))


def test_numbers_in_order_of_appearance() -> None:
    """Numbers start at 0 and rise by one with every new text; copies share theirs."""
    assert clusters(["a b c", "d e f", "A, b – C!", "g h i"]) == [0, 1, 0, 2]
    assert clusters([]) == []


def test_changed_words_are_near() -> None:
    """A paragraph with two words changed is a near-duplicate; another paragraph is none."""
    rng = random.Random(1)
    first, other = _text(rng), _text(rng)
    words = first.split()
    words[10], words[40] = "changed", "twice"
    assert clusters([first, other, " ".join(words)]) == [0, 1, 0]


def test_japanese_counts_by_character() -> None:
    """One changed number in a Japanese sentence leaves it a near-duplicate."""
    text = "大阪府と首都ハノイは、下水の処理と都市鉄道の運営について、職員を互いに送り合うことで合意した。"
    assert clusters([text, text.replace("首都", "古都"), "まったく別の記事である。天気は晴れ。"]) == [0, 0, 1]


def test_composed_or_not_is_the_same() -> None:
    """Vietnamese written with separate accents, or with the newer tone placement, is the same text."""
    assert clusters(["văn hóa Hòa Bình", "văn hoá Hoà Bình"]) == [0, 0]


@pytest.mark.skipif(native._compiled is None, reason="no kernel")
@given(
    st.lists(
        st.text(st.one_of(st.sampled_from("ab_ é1投資ーが한국กา\u0301İΣσ"), st.characters(exclude_categories=["Cs"])))
    )
)
def test_kernel_reads_the_same_tokens(texts: list[str]) -> None:
    """The kernel numbers the tokens of any text as Python does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "_MANY", 0)
        ours, lengths = near_duplicates._sums(texts)
        patch.setenv("TAGGER_ENGINE", "numpy")
        expected, counts = near_duplicates._sums(texts)
    assert ours.tolist() == expected.tolist()
    assert lengths.tolist() == counts.tolist()


def test_texts_without_words_stay_alone() -> None:
    """Empty texts and bare punctuation are like no other."""
    assert clusters(["", "…", "", "—"]) == [0, 1, 2, 3]


@given(
    st.lists(st.lists(st.sampled_from("abcd"), max_size=9).map(" ".join), max_size=12),
    st.sampled_from([0.4, 0.7, 1]),
)
def test_search_is_exact(texts: list[str], threshold: float) -> None:
    """The search joins what comparing all pairs joins, and nothing else."""
    expected = list(range(len(texts)))
    for i, a in enumerate(texts):
        for j, b in enumerate(texts[:i]):
            if tokens(a) and tokens(b) and _similarity(a, b) >= threshold - 1e-9:
                low, high = sorted((expected[i], expected[j]))
                expected = [low if n == high else n for n in expected]
    numbers: dict[int, int] = {}
    assert clusters(texts, threshold) == [numbers.setdefault(n, len(numbers)) for n in expected]


def test_pairs_tie_each_cluster_once() -> None:
    """A cluster of n texts gives n - 1 pairs, the earlier text first."""
    rng = random.Random(2)
    text = _text(rng)
    found = pairs([text, text + " more", text, _text(rng)])
    assert [(first, second) for first, second, _ in found] == [(0, 1), (0, 2)]
    assert found[1][2] == 1
    assert 0.9 < found[0][2] < 1


def test_threshold_is_checked() -> None:
    """A threshold outside (0, 1] is refused."""
    with pytest.raises(ValueError, match="threshold"):
        clusters(["a"], 0)


def test_fast_on_many_and_on_copies() -> None:
    """Twenty thousand texts take seconds, and so do thousands of variants of one text."""
    rng = random.Random(3)
    started = time.process_time()
    texts = [_text(rng, 30) for _ in range(16_000)]
    bulletin = _text(rng, 60)
    texts += [f"{bulletin} {i} degrees" for i in range(4_000)]
    numbers = clusters(texts)
    assert len(set(numbers[16_000:])) == 1
    assert time.process_time() - started < 20
