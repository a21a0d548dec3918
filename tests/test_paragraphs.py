# ruff: noqa: E501 - tables
"""Where paragraphs lie: offsets, wrapped lines, hostile text."""

from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.normalise import analysed
from tagger.paragraphs import cut, scoring_text
from tagger.records import Document, Paragraph

LONG = (
    "The harbour board of Zarnow signed a loan agreement on Tuesday that will pay for two new quays and a rail spur. "
    "Work starts in the spring, the chairwoman said, and the first ship should berth there eighteen months later, with "
    "grain from the plain and timber from the hills. Two long-term contracts were signed on the same day."
)
PARTS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [LONG, "VNA", "See more", "(Photo: VNA)", " date 2025-01-02 ", "Hanoi (VNA) – ", "./.", "\n", "\n\n", "\r\n", "\u2028", "\ufeff",
             "写真:共同", "【東京=共同】", "関連記事", "hg.jpg", "#", "# ", "()", "—", "(", "©"]
        ),
    ),
    max_size=12,
)  # fmt: skip


@given(PARTS)
def test_offsets_hold_and_no_text_is_lost(parts: list[str]) -> None:
    """Each paragraph is a slice of the text, in order, without overlap, and every word of a kept line is in one."""
    text = "".join(parts)
    paragraphs = cut(Document("x", text)).paragraphs
    end = 0
    for number, p in enumerate(paragraphs):
        assert p.index == number
        assert text[p.start : p.end] == p.text
        assert p.text
        assert end <= p.start
        end = p.end


@given(PARTS)
def test_a_cut_body_stays_body(parts: list[str]) -> None:
    """Cleaning is idempotent: a long body paragraph cut again alone is one paragraph of the same text."""
    for p in cut(Document("x", "".join(parts))).paragraphs:
        if p.kind == "body" and p.text == LONG:
            assert [q.text for q in cut(Document("y", p.text)).paragraphs] == [LONG]


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_wrapped_text_is_joined(width: int, between: str) -> None:
    """Text wrapped at a fixed width gives the paragraphs it was made from."""
    originals = [LONG, LONG.replace("Zarnow", "Tilsen")[:-30] + ".", LONG.replace("grain", "coal")]
    text = between.join("\n".join(textwrap.wrap(part, width)) for part in originals)
    found = [scoring_text(p).replace("\u200b", "") for p in cut(Document("x", text)).paragraphs]
    if between == "\n\n":
        assert found == originals
    else:  # without blank lines a last line that happens to be full cannot be told
        assert " ".join(found) == " ".join(originals)
        assert len(found) <= 5


def test_wrapped_japanese_is_joined() -> None:
    """In Japanese the joined lines have no space between them."""
    story = (
        "丘浜港の理事会は火曜日、二つの岸壁と穀物倉庫、平野部へ延びる引き込み線の建設費を賄う借款契約に署名した。" * 6
    )
    text = "\n".join(story[at : at + 40] for at in range(0, len(story), 40))
    (p,) = cut(Document("x", text)).paragraphs
    assert analysed(scoring_text(p)) == analysed(story)


def test_short_lines_are_not_wrapped_text() -> None:
    """Lists and menus are no wrapped text."""
    lines = [
        "Two new quays",
        "A silo for the grain of the plain",
        "A rail spur",
        "A fence of wire and wood",
        "A gate",
        "Lamps",
        "A ship",
    ]
    assert len(cut(Document("x", "\n".join(lines))).paragraphs) == len(lines)


def test_scoring_text_keeps_positions() -> None:
    """The joined text is as long as the paragraph, whatever the line breaks."""
    for text in ("one\ntwo", "one\r\ntwo", "long-\nterm", "長い\n文", "a\u2028b", "x\n   y"):
        joined = scoring_text(Paragraph(0, "body", 0, len(text), text))
        assert len(joined) == len(text)
        assert "\n" not in joined
    assert analysed(scoring_text(Paragraph(0, "body", 0, 3, "長\n文"))) == "長文"
    assert analysed(scoring_text(Paragraph(0, "body", 0, 10, "lông-\nterm"))) == "lông-term"


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "(", ")", "([", "\u0301", "\n", "\t", "a\n", "—", "- ", ". ", "/.", "date ", "a b ", "(VNA) – ", "A (VNA) – ", "写", "写真:", "。",
     "Photo: ", "#", "@", "/", "=", "…", "\u200b", "\r", ", ", "x.jpg\n", "See more\n", "A\n", "VNA\n", "»", "A. "],
)  # fmt: skip
def test_linear_time(unit: str) -> None:
    """Five megabytes of anything are cut in seconds."""
    text = unit * (5_000_000 // len(unit))
    if "\n" in unit or "\r" in unit:
        text = text[:200_000]  # each line is a paragraph, which costs some 25 us
    started = time.process_time()
    cut(Document("x", text))
    assert time.process_time() - started < 6


def test_empty_text_has_no_paragraphs() -> None:
    """Nothing gives nothing."""
    assert cut(Document("x", " \n\t\u200b\n")).paragraphs == ()
