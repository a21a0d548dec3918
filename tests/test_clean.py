# ruff: noqa: E501 - pages as they come
"""The cleaning rules: each on lines and pages of its own, in several languages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.clean import LINE_RULES, PAGE_RULES, captions, layout, lines, prose, words
from tagger.clean.datelines import is_place
from tagger.clean.page import folded
from tagger.paragraphs import cut, scoring_text
from tagger.records import Article, Document

SEEDS = Path(__file__).parents[1] / "seeds"

EN = "The harbour board of Zarnow signed a loan agreement on Tuesday that will pay for two new quays, a grain silo and a rail spur to the plain."
EN2 = "Work starts in the spring, the board's chairwoman told reporters, and the first ship should berth there eighteen months later."
FR = "Le conseil de Port-Brac a adopté mardi un emprunt destiné à financer deux quais, un silo à grains et un embranchement ferroviaire vers la plaine."
VI = "Hội đồng cảng Tân Sa hôm thứ Ba ký thỏa thuận vay vốn để xây hai cầu cảng mới, một kho thóc và một nhánh đường sắt nối với vùng đồng bằng."
JA = "丘浜港の理事会は火曜日、二つの岸壁と穀物倉庫、平野部へ延びる引き込み線の建設費を賄う借款契約に署名した。着工は来春で、完成まで一年半を見込む。"


def page(text: str, **known: str) -> Article:
    """Cut a text, the offsets checked."""
    article = cut(Document("x", text, **known))
    for p in article.paragraphs:
        assert text[p.start : p.end] == p.text
    return article


def kinds(text: str) -> list[str]:
    """Return the kinds of a text's paragraphs."""
    return [p.kind for p in page(text).paragraphs]


def kind_in_story(line: str, story: str = EN) -> str:
    """Return the kind of a line between two paragraphs of a story, under a title."""
    return page(f"A quay for the grain of the plain\n{story}\n{line}\n{story[::-1].capitalize()}.\n").paragraphs[2].kind


def test_every_rule_has_a_reason() -> None:
    """Each rule of the tables says in its docstring what it is for."""
    assert all(rule.asks.__doc__ for rule in LINE_RULES)
    assert all(rule.__doc__ for rule in PAGE_RULES)


@pytest.mark.parametrize(
    "line",
    [
        "A crane on the new quay. (Photo: VNA)",
        "A crane on the new quay (Photo courtesy of the board)",
        "A crane on the new quay. Photo by the author",
        "A crane on the new quay. File photo",
        "A crane on the new quay. | Photo: staff",
        "A crane on the new quay. VNA/VNS Photo",
        "The chairwoman (third from left) and the builders",
        "The chairwoman (L) and the builder (R)",
        "Une grue sur le quai. Photo : AFP",
        "Une grue sur le quai © DR",
        "La présidente (à gauche) et les constructeurs",
        "Cần cẩu trên cầu cảng. (Ảnh: TTXVN)",
        "Cần cẩu trên cầu cảng. Ảnh: H.L",
        "Cần cẩu trên cầu cảng ảnh 1",
        "Bà chủ tịch (trái) và nhà thầu",
        "岸壁のクレーン。写真:越通社",
        "岸壁のクレーン(港湾局提供)",
        "岸壁のクレーン\uff08写真\uff1a共同\uff09",
        "岸壁に立つ理事長(12日、丘浜市)",
        "岸壁に立つ理事長=12日、丘浜市",
        "Ein Kran am neuen Kai. Foto: dpa",
        "Una grúa en el muelle. (Foto: EFE)",
        "부두의 크레인. 사진=연합뉴스",
        "hg.jpg",
        "IMG_2231.JPG",
        "Photo: the harbour board",
        "【写真】岸壁のクレーン",
        "![a crane](crane.jpg)",
    ],
)
def test_captions(line: str) -> None:
    """What credits a picture, names its file or says who stands where is a caption."""
    assert kind_in_story(line) == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "VNA", "(VNA)", "— VNA/VNS", "Vietnamplus", "Theo TTXVN", "(共同)", "越通社", "PV (Vietnam+)", "AFP", "TTXVN/Báo Tin tức",
        "By Martha Velling", "By our correspondent in Zarnow", "Par Hélène Vauquelin", "Von Karl Immer", "(社会部・瀬尾和真)", "ltm/sde/bla", "CS/AB/MTN",
        "Source: harbour board", "Nguồn: Hội đồng cảng", "出典:港湾局", "Texte et photos : Jeanne Ker/CVN", "Bài, ảnh: HẢI LÂM",
        "Reporting by A. Velling; editing by B. Ostra", "Media contact: press office", "問い合わせ先 国際交流課", "添付資料 1枚",
        "Publié le 22/02/2025 à 06h30", "November 3, 2025 - 14:30", "Thứ Hai, 03/11/2025 - 14:30 GMT+7", "2025年3月1日 12時00分", "Posted 09 October",
        "/.", "./.", "Enditem", "###", "* * *", "Communiqué de presse - pour diffusion immédiate",
    ],
)  # fmt: skip
def test_credits(line: str) -> None:
    """What says only who, when and where from, and what marks the end, is a credit."""
    assert kind_in_story(line) == "credit"


@pytest.mark.parametrize(
    "line",
    [
        "Politics", "Trang chủ", "経済", "Économie", "Share", "Chia sẻ", "Bình luận (12)", "シェアする", "Subscribe to our newsletter for more",
        "Abonnez-vous à notre lettre du week-end", "ホーム > 県政情報 > 記者発表", "Home | World | Ports", "https://example.org/a", "#port #grain",
        "Tags: port, grain", "Từ khóa: cảng, thóc",
    ],
)  # fmt: skip
def test_page_furniture(line: str) -> None:
    """What the page offers its reader is navigation."""
    assert kind_in_story(line) == "navigation"


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Grain prices slip",
        "Lire aussi : le prix du blé",
        "Xem thêm: giá thóc giảm",
        "Also read | Grain slips",
    ],
)
def test_pointers(line: str) -> None:
    """One line that names another article is a teaser, and the story goes on."""
    assert kind_in_story(line) == "teaser"


@pytest.mark.parametrize(
    "line",
    [
        "The credit rating of the port rose (credit agencies had warned of a fall).",
        "The agency took part (source code and all).",
        "Cảng chịu nhiều tác động (ảnh hưởng của bão số 5).",
        "Cuộc họp diễn ra trực tiếp (hình thức này được duy trì).",
        "Số liệu của ngành điện ảnh",
        "By the end of the year the port will handle twice as much grain.",
        "Par ailleurs, le port traitera deux fois plus de grain.",
        "Written by a committee of experts over three winters, the report calls for a second basin and a deeper channel.",
        "Foreign Direct Investment (FDI) - the kind that stays - rose by a tenth.",
        "Published in March, the report names three sites.",
        "Il vous reste deux ans de mandat, que ferez-vous du port ?",
        "The left (and the right) voted for it.",
        "Share prices fell.",
        "Investment",
        "What the port will do next",
        "同社は資料を無償で提供した。",
        "今後の課題",
        "- a second basin, to be dug by hand",
        "Source of the loan is a foreign bank.",
        "May will be decisive.",
        "We see more ships.",
    ],
)
def test_content_is_spared(line: str) -> None:
    """Lines that only look like furniture stay in the story."""
    assert kind_in_story(line) == "body"


@pytest.mark.parametrize(
    ("start", "place", "agency", "date"),
    [
        ("Hanoi (VNA) – ", "Hanoi", "VNA", None),
        ("Hanoi, May 3 (VNA) - ", "Hanoi", "VNA", "May 3"),
        ("LUBLIN, Poland (PAP) - ", "LUBLIN, Poland", "PAP", None),
        ("(AFP) - ", None, "AFP", None),
        ("(VOVWORLD) - ", None, "VOVWORLD", None),
        ("HÀ NỘI — ", "HÀ NỘI", None, None),
        ("KUCHING: ", "KUCHING", None, None),
        ("BANGKOK, MINA – ", "BANGKOK", "MINA", None),
        ("PARIS, 14 avr (Agence) - ", "PARIS", "Agence", "14 avr"),
        ("Paris, le 12 mars 2025 – ", "Paris", None, "le 12 mars 2025"),
        ("Hà Nội, ngày 3 tháng 4 – ", "Hà Nội", None, "ngày 3 tháng 4"),
        ("Hanoi (VNA) ", "Hanoi", "VNA", None),
        ("Berlin (dpa) - ", "Berlin", "dpa", None),
        ("Madrid, 3 may (EFE).- ", "Madrid", "EFE", "3 may"),
        (" date 2025-11-03 HÀ NỘI — ", "HÀ NỘI", None, "2025-11-03"),
        (" date 2019-11 ", None, None, "2019-11"),
    ],
)
def test_datelines(start: str, place: str | None, agency: str | None, date: str | None) -> None:
    """Place, agency and date before the first words are told and taken off."""
    article = page(f"A quay for the grain\n{start}{EN}\n{EN2}")
    assert article.paragraphs[1].text == EN
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.agency, article.dateline.date) == (place, agency, date)


@pytest.mark.parametrize(
    ("start", "agency"),
    [
        ("【ハノイ=共同】", "共同"), ("【ハノイ\uff1d時事】", "時事"), ("【ベルリン支局】", None), ("越通社福岡――", "越通社"), ("〔ハノイ共同〕", "共同"),
    ],
)  # fmt: skip
def test_datelines_in_japanese(start: str, agency: str | None) -> None:
    """The Japanese forms are taken off."""
    article = page(f"穀物のための岸壁\n{start}{JA}\n{JA[::-1]}")
    assert article.paragraphs[1].text == JA
    assert article.dateline is not None
    assert article.dateline.agency == agency


@pytest.mark.parametrize(
    "start",
    [
        "UPDATE - ",
        "AI — ",
        "Foreign Direct Investment (FDI) - ",
        "John Velling (CDU) - ",
        "The board's head of the News Agency (VNA) – ",
        "【速報】",
        "FDI: ",
    ],
)
def test_no_datelines(start: str) -> None:
    """Capitals, brackets and dashes that begin other things stay."""
    text = start + (JA if start == "【速報】" else EN)
    assert page(f"A quay\n{text}\n{EN2}").paragraphs[1].text == text


def test_is_place() -> None:
    """Names, dates and little words make a place; other words do not."""
    assert is_place("Kota Kinabalu, 3 May")
    assert is_place("Rio de Janeiro")
    assert not is_place("The bank of the river")


@pytest.mark.parametrize(
    "end",
    [
        "/.",
        " /.",
        " — VNA/VNS",
        " – VNA",
        " -VNA",
        " (AFP)",
        " Enditem",
        " VNA",
        "./.",
        ". ./.",
        " … Read full this story",
        " Read more",
        "続きを読む",
        " 더보기",
        " [...]",
    ],
)
def test_sign_offs(end: str) -> None:
    """End marks and agencies behind the last words are taken off."""
    last = page(f"A quay for the grain\n{EN}\n{EN2}{end}").paragraphs[-1]
    assert last.text.rstrip(" .…") == EN2.rstrip(".")
    assert last.kind == "body"


def test_glued_caption() -> None:
    """A caption and the dateline in one line are parted."""
    article = page(f"A quay for the grain\nA crane on the quay. (Photo: VNA)Zarnow (VNA) – {EN}\n{EN2}")
    assert [p.kind for p in article.paragraphs] == ["title", "caption", "body", "body"]
    assert article.paragraphs[2].text == EN
    article = page(f"A quay for the grain\nA crane lifts a beam on the quayZarnow (VNA) – {EN}\n{EN2}")
    assert article.paragraphs[2].text == EN


def test_repeated_caption() -> None:
    """A caption's copy without its credit is a caption; the title above it is not."""
    text = f"Cranes on the new quay\nCranes on the new quay. (Photo: VNA)\n{EN}\nA diver in the basin.\nA diver in the basin. (Photo: VNA)\n{EN2}"
    assert kinds(text) == ["title", "caption", "body", "caption", "caption", "body"]


def test_line_after_file_name() -> None:
    """What follows a picture's file name and is no sentence is its caption."""
    found = kinds(f"A quay\n{EN}\n{EN2}\nhg2.jpg\nA crane on the quay\n{EN2[::-1]}.")
    assert found == ["title", "body", "body", "caption", "caption", "body"]


@pytest.mark.parametrize(
    ("menu", "title"),
    [
        (["Home", "Business", "Markets"], "A quay for the grain of the plain"),
        (["Accueil", "Politique", "Normandie"], "Un quai pour le grain de la plaine"),
        (["ホーム", "経済", "丘浜"], "平野部の穀物のための新しい岸壁"),
    ],
)
def test_menu_above(menu: list[str], title: str) -> None:
    """A run of very short lines above the story is a menu, and the title below it is found."""
    story = JA if menu[0] == "ホーム" else EN
    assert kinds("\n".join([*menu, title, story, story[::-1]])) == ["navigation"] * 3 + ["title", "body", "body"]
    assert kinds("\n".join([title, *menu, story, story[::-1]])) == ["title"] + ["navigation"] * 3 + ["body", "body"]


def test_short_lines_within_the_story_stay() -> None:
    """Four short lines between paragraphs are a list, unless a section's name is among them."""
    items = ["Two quays", "A silo", "A rail spur", "A fence"]
    assert kinds("\n".join(["A quay for the grain", EN, *items, EN2])) == [
        "title",
        "body",
        "body",
        "body",
        "body",
        "body",
        "body",
    ]


@pytest.mark.parametrize(
    ("marker", "story"),
    [("See more", EN), ("Related news", EN), ("VOIR PLUS", FR), ("À lire aussi :", FR), ("Xem thêm", VI), ("Tin liên quan", VI), ("関連記事", JA), ("もっと見る", JA), ("Mehr zum Thema", EN), ("관련기사", EN), ("相关新闻", EN)],
)  # fmt: skip
def test_tails(marker: str, story: str) -> None:
    """All that follows "See more" and its like is no part of the article."""
    tail = ["Another story's title", EN2, "A third title", "With a caption. (Photo: VNA)"]
    found = kinds("\n".join(["A title of the page", story, story[::-1], marker, *tail]))
    assert found == ["title", "body", "body", "navigation", "teaser", "teaser", "teaser", "caption"]


def test_box_within_the_story() -> None:
    """After a box of links the story goes on."""
    text = "\n".join(
        [
            "A quay for the grain",
            EN,
            EN2,
            "Read more",
            "Grain prices slip",
            "A silo burns",
            EN[::-1] + ".",
            EN2[::-1] + ".",
        ]
    )
    assert kinds(text) == ["title", "body", "body", "navigation", "teaser", "teaser", "body", "body"]


def test_marker_in_the_menu() -> None:
    """A "See more" above the story takes nothing with it."""
    assert kinds(f"See more\nA quay for the grain of the plain\n{EN}\n{EN2}") == ["navigation", "title", "body", "body"]


def test_after_the_sign_off() -> None:
    """Lines after the sign-off in the last half are teasers."""
    assert kinds(f"A quay for the grain\n{EN}\n{EN2}/.\nGrain prices slip\nA silo burns in the north")[-2:] == [
        "teaser",
        "teaser",
    ]
    assert kinds(f"A quay for the grain\n{EN}/.\nA silo in the north\n{EN2}\n{EN[::-1]}.\n{EN2}!") == [
        "title",
        "body",
        "body",
        "body",
        "body",
        "body",
    ]


def test_author_alone() -> None:
    """A name alone on the last line is the writer's."""
    assert kinds(f"A quay for the grain\n{EN}\n{EN2}\nMartha Velling") == ["title", "body", "body", "credit"]


def test_duplicates_count_once() -> None:
    """An exact copy keeps its kind and does not count."""
    paragraphs = page(f"A quay for the grain\nA QUAY FOR THE GRAIN\n{EN}\n{EN2}\n{EN}").paragraphs
    assert [(p.kind, p.counts) for p in paragraphs] == [
        ("title", True),
        ("title", False),
        ("body", True),
        ("body", True),
        ("body", False),
    ]


@pytest.mark.parametrize("story", [EN, FR, VI, JA])
def test_lead_repeated(story: str) -> None:
    """A lead that the body repeats, even with words glued, is tagged and does not count."""
    half = story[: len(story) * 2 // 3]
    body = f"{story} {story[::-1]}".replace(" a ", " a", 1)
    lead = page(f"A title of this page\n{half}.\n{body}\n{EN2}").paragraphs[1]
    assert (lead.kind, lead.counts, lead.taggable) == ("lead", False, True)


def test_lead_apart() -> None:
    """A summary that only stands apart is a lead and counts."""
    lead = page(
        f"A quay for the grain\nThe port will double its trade.\nA crane. (Photo: VNA)\nZarnow (VNA) – {EN}\n{EN2}"
    ).paragraphs[1]
    assert (lead.kind, lead.counts) == ("lead", True)


def test_truncated() -> None:
    """A long paragraph without an end is flagged and still tagged."""
    cut_off = page(f"A quay for the grain\n{EN}\n{EN2[:-30]}{EN[:60]}").paragraphs[-1]
    assert cut_off.truncated
    assert cut_off.taggable
    assert not page(f"A quay for the grain\n{EN}\n{EN2}").paragraphs[-1].truncated


def test_titles() -> None:
    """A first line without final punctuation is a title; a sentence is not; what the format says goes first."""
    assert kinds(f"A quay for the grain\n{EN}")[0] == "title"
    assert kinds(f'"We dig by hand"\n{EN}')[0] == "title"
    assert kinds(f"Who pays for the quay?\n{EN}")[0] == "title"
    assert kinds(f"{EN}\n{EN2}") == ["body", "body"]
    assert page(f"Harbour news today.\nA quay.\n{EN}", title="A quay.").paragraphs[1].kind == "title"
    assert page(f"{EN}\n{EN2}", title="A quay").title == "A quay"


def test_markup_of_a_heading() -> None:
    """Markdown's marks do not belong to the title."""
    assert page(f"# A quay for the grain\n\n{EN}").paragraphs[0].text == "A quay for the grain"


MESSY = {
    "en": f" date 2025-02-03 Grain port gets two quays\n\nPolitics\n\nhb.jpg\nA crane on the quay. (Photo: VNA)\n\nZarnow (VNA) – {EN}\n\n{EN2}/.\n\nVNA\n\nSee more\n\nA silo burns (Photo: VNA)\n\n{EN2}",
    "fr": f"Accueil\nPolitique\nÉconomie\nDeux quais pour le port céréalier\nPublié le 03/02/2025 à 10h00\nUne grue sur le quai. Photo : AFP\nPORT-BRAC (AFP) — {FR}\n{FR[::-1]}.\nAFP\nÀ lire aussi\nUn silo brûle",
    "vi": f"Cảng thóc có thêm hai cầu tàu\nCần cẩu trên cảng. (Ảnh: TTXVN)\nTân Sa (TTXVN) - {VI}\n{VI[::-1]}./.\n(TTXVN/Vietnam+)\nXem thêm\nCháy kho thóc",
    "ja": f"ホーム > 経済\n丘浜港に新しい岸壁、穀物の輸出を倍増へ\n岸壁のクレーン。写真:共同\n【丘浜=共同】{JA}\n{JA[::-1]}\n(共同)\n関連記事\n穀物倉庫で火災",
}


@pytest.mark.parametrize("lang", MESSY)
def test_messy_pages(lang: str) -> None:
    """Of a messy page the title and the story's two paragraphs bear tags, and nothing else."""
    tagged = [p for p in page(MESSY[lang]).paragraphs if p.taggable]
    assert [p.kind for p in tagged] == ["title", "body", "body"]
    assert tagged[1].text in (EN, FR, VI, JA)


def test_pages_of_the_corpus() -> None:
    """Of the corpus's raw pages the story comes out (>= 99%) and little else is tagged (<= 3%)."""
    yaml = pytest.importorskip("yaml")
    wanted = kept = tagged = wrong = 0
    for path in sorted(SEEDS.glob("*/*.yaml")):
        source = path.read_text(encoding="utf-8")
        if "\nraw:" not in source:
            continue
        data = yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        story = ["".join(filter(str.isalnum, p["text"])) for p in data["paragraphs"]]
        lines = [p for p in page(data["raw"]).paragraphs if p.taggable]
        squeezed = ["".join(filter(str.isalnum, scoring_text(p))) for p in lines]
        everything = "".join(squeezed)
        wanted += len(story)
        # Some pages glue two paragraphs, cut one off, or leave a dateline that the corpus keeps.
        kept += sum(
            text in everything
            or any(len(line) > 30 and (text.startswith(line) or text.endswith(line)) for line in squeezed)
            for text in story
        )
        tagged += len(lines)
        wrong += sum(
            p.kind == "body" and not any(line in text or text in line for text in story)
            for p, line in zip(lines, squeezed, strict=True)
        )
    if not wanted:
        pytest.skip("no raw pages in this copy")
    assert kept >= 0.99 * wanted
    assert wrong <= 0.03 * tagged


def test_a_bare_dateline_stays_whole() -> None:
    """A dateline with nothing behind it bears nothing and is not lost."""
    text = (
        "The harbour board signed a loan for two quays and a rail spur on Tuesday, the chairwoman said.\n\nA0(ACN)–\n"
    )
    last = cut(Document("x", text)).paragraphs[-1]
    assert last.text == "A0(ACN)–"
    assert not last.taggable


_SIGNS = (
    ". ",
    ": ",
    " (left) ",
    "(L)",
    " > ",
    " | ",
    "/",
    "\uff3b写真",
    "\uff08",
    "»",
    "12",
    ")",
    "”",
    "İ",
    "\u3000",
    "VNA",
)
_BITS = st.sampled_from(
    [
        *prose._STARTS,
        *lines.CREDIT_STARTS,
        *captions._ANNOUNCED,
        *sorted(words.INTERFACE)[:40],
        *_SIGNS,
        EN,
        EN2,
        FR,
        VI,
        JA,
    ]
)


@given(st.lists(st.one_of(_BITS, _BITS.map(str.upper), st.text(max_size=3)), min_size=1, max_size=6))
def test_prose_passes_only_what_no_rule_would_take(bits: list[str]) -> None:
    """A line that passes without a question would have been told no by every rule."""
    text = "".join(bits).strip()
    text = f"{text} {EN[: prose.SHORT]}."[:400]
    if prose.is_prose(text):
        assert not captions.may_be_caption(text)
        assert len(text) > 200 or not any(r.asks(text, folded(text)) for r in LINE_RULES if len(text) <= r.longest)


@given(
    st.lists(st.one_of(_BITS, _BITS.map(str.casefold), st.sampled_from("\r\n \u200b\u3000")), max_size=12),
    st.text("\r\n \u2028\x1c", min_size=1, max_size=2),
)
def test_lines_are_where_splitlines_finds_them(bits: list[str], ends: str) -> None:
    """Spans are the lines of ``str.splitlines`` without what is not seen around them."""
    text = ends.join(bits)
    told = [text[start:end] for start, end in layout.spans(text)]
    unseen = "".join(map(chr, range(33))) + "\x85\xa0\u1680\u3000\u2028\u2029\u202f\u205f" + layout._INVISIBLE
    wanted = [
        line.strip(unseen + "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a")
        for line in text.splitlines()
    ]
    wanted = list(filter(None, wanted))
    assert "\n".join(told).split() == "\n".join(wanted).split()
    if len(wanted) <= layout._LEAST_PAIRS:  # more may have been wrapped, and are joined
        assert told == wanted


def test_no_two_heads_for_one_folded_line() -> None:
    """Case folding looks at one character at a time, never shortens and is done once: lines that fold alike begin alike."""
    for code in range(sys.maxunicode + 1):
        low = chr(code).casefold()
        assert low
        assert low.casefold() == low
        assert f"a{chr(code)}b".casefold() == f"a{low}b"
