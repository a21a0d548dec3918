"""The analysed form of a text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.normalise import alignment, analysed

MIXED = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "oàuýqhoạ 漢字かなカナーｰ々ＡＩ１가\u1100\u1161\u11a8é\u0301\u0323\u3099\u200b\u00ad\u00a0\u3000_9"
        ),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("plain ASCII, at once", "plain ASCII, at once"),
        ("a\u00a0b\u3000c\u202fd", "a b c d"),
        ("soft\u00adware zero\u200bwidth", "software zerowidth"),
        ("Ｈ＆Ｍ ５０年 ＡＩ", "H＆M 50 年 AI"),
        ("cafe\u0301", "café"),
        ("văn hoá, Hoà Bình, khoẻ, thuỷ, tuỳ", "văn hóa, Hòa Bình, khỏe, thủy, tùy"),
        ("hoàn toàn quý khoản", "hoàn toàn quý khoản"),
        ("THUỶ HOÀ", "THỦY HÒA"),
        ("投資ファンドが約30億円を出資", "投資 ファンド が 約 30 億円 を 出資"),
        ("ケーブルカーに乗る", "ケーブルカー に 乗 る"),
        ("らーめん", "らーめん"),
        ("人々、AI研究", "人々、AI 研究"),
        ("한국 투자", "한국 투자"),
    ],
)
def test_known_forms(written: str, seen: str) -> None:
    """Each rule of the table does what it says."""
    assert analysed(written) == seen


@given(MIXED)
def test_idempotent(text: str) -> None:
    """What was analysed once stays as it is."""
    assert analysed(analysed(text)) == analysed(text)


@given(MIXED)
def test_composed_or_not_is_the_same(text: str) -> None:
    """NFD and NFC of a text have the same analysed form."""
    assert analysed(unicodedata.normalize("NFD", text)) == analysed(unicodedata.normalize("NFC", text))


@given(MIXED)
def test_alignment_leads_back(text: str) -> None:
    """The map rises, has one entry more than the text, and none is needed where nothing changed."""
    there = alignment(text)
    if there is None:
        assert analysed(text) == text
        return
    assert len(there) == len(analysed(text)) + 1
    assert there == sorted(there)
    assert there[-1] == len(text)


def test_alignment_of_words() -> None:
    """A word found in the analysed text is cut from the original with its own writing."""
    text = "Nhà\u00a0đầu tư thăm nhà văn hoá\u200b và 投資ファンドを見た cafe\u0301s"
    seen, there = analysed(text), alignment(text)
    assert there is not None
    for word, written in (
        ("hóa", "hoá\u200b"),
        ("ファンド", "ファンド"),
        ("cafés", "cafe\u0301s"),
        ("đầu", "đầu"),
    ):
        start = seen.index(word)
        assert text[there[start] : there[start + len(word)]] == written


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "é",
        " ",
        "\u00a0",
        "漢",
        "漢か",
        "漢。",
        "\u0301",
        "\u0301\u0323",
        "oà",
        "ー",
        "가\u11a8",
        "\u200b",
    ],
)
def test_linear_time(unit: str) -> None:
    """Five megabytes of anything take seconds at most."""
    text = unit * (2_000_000 // len(unit))
    started = time.process_time()
    analysed(text)
    assert time.process_time() - started < 4
