"""Seed terms: their surfaces and where they hit."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.normalise import analysed
from tagger.taxonomy import Label, Taxonomy
from tagger.terms import STOP, TermTable, expand, hits, surfaces, with_names


def _table(
    terms: dict[str, list[str]], stop: dict[str, list[str]] | None = None, **more: dict[str, list[str]]
) -> TermTable:
    """Return a table of label ``a`` with its terms and stop terms, and of other labels."""
    labels = [Label("a", terms=_frozen(terms), stop_terms=_frozen(stop or {}))]
    labels += [Label(name, terms=_frozen(value)) for name, value in more.items()]
    return expand(Taxonomy(tuple(labels)))


def _frozen(terms: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(texts) for lang, texts in terms.items()}


def _words(table: TermTable, text: str) -> list[str]:
    seen = analysed(text)
    return [seen[start:end] for _, start, end in hits(table, seen)]


@pytest.mark.parametrize(
    ("lang", "term", "text", "hit"),
    [
        ("en", "investor", "Investors met.", ["Investors"]),
        ("en", "industry", "industries", ["industries"]),
        ("en", "train staff", "training staff", ["training staff"]),
        ("en", "trade fair", "a trade-fair, two trade  fairs", ["trade-fair", "trade  fairs"]),
        ("en", "art", "party, start, artful", []),
        ("en", "port", "port_city ports", ["ports"]),
        ("fr", "investisseur étranger", "les investisseurs étrangers", ["investisseurs étrangers"]),
        ("fr", "chantier", "les chantiers", ["chantiers"]),
        ("fr", "bailleur étranger", "bailleurs étrangers", ["bailleurs étrangers"]),
        ("fr", "commercial", "accords commerciaux", ["commerciaux"]),
        ("fr", "main-d'œuvre", "la main-d’œuvre", ["main-d’œuvre"]),
        ("fr", "prêt", "Pret à porter", []),
        ("vi", "điện", "diễn đàn điện lực", ["điện"]),
        ("vi", "văn hóa", "Văn hoá và VĂN HÓA", ["Văn hóa", "VĂN HÓA"]),
        ("ja", "投資", "対日投資ファンドへ投資する", ["投資", "投資"]),
        ("ja", "企業誘致", "企業を誘致し、企業誘致を進める", ["企業誘致"]),
        ("ja", "サプライチェーン", "サプライチェーンの強化", ["サプライチェーン"]),
        ("ja", "ＯＤＡ", "ODAとＯＤＡ", ["ODA", "ODA"]),
        ("ko", "투자", "해외투자를", ["투자"]),
        ("zh", "投资", "外国投资者", ["投资"]),
        ("th", "การลงทุน", "ส่งเสริมการลงทุนไทย", ["การลงทุน"]),
        ("tr", "İhracat", "İHRACAT? İhracat!", ["İHRACAT", "İhracat"]),
        ("en", "AI", "AI, ai, Ai", ["AI"]),
        ("en", "COVID-19 fund", "COVID-19 fund", ["COVID-19 fund"]),
    ],
)
def test_hits(lang: str, term: str, text: str, hit: list[str]) -> None:
    """Whole words, accents kept; substrings where no spaces are written; acronyms in capitals."""
    assert _words(_table({lang: [term]}), text) == hit


def test_longest_wins() -> None:
    """At one position the longest term counts, and hits never overlap."""
    table = _table({"en": ["free trade", "trade", "trade agreement", "free trade agreement"]})
    assert _words(table, "free trade agreement, trade agreement, free trade") == [
        "free trade agreement",
        "trade agreement",
        "free trade",
    ]
    assert _words(_table({"ja": ["投資", "投資家", "直接投資"]}), "直接投資家") == ["直接投資"]


def test_stop_terms_swallow() -> None:
    """Nothing inside a stop term counts; the same word elsewhere does."""
    table = _table({"en": ["investment"]}, {"en": ["Ministry of Planning and Investment"]})
    assert _words(table, "The Ministry of Planning and Investment wants investment.") == ["investment"]
    table = _table({"ja": ["投資"]}, {"ja": ["計画投資省"]})
    assert _words(table, "計画投資省は投資を") == ["投資"]


def test_stop_term_beats_the_same_term() -> None:
    """A surface that is a term and a stop term is a stop term, of whichever label."""
    table = _table({"en": ["music"]}, {"en": ["match"]}, b={"en": ["match"]})
    assert table.surfaces["match"] == STOP
    assert _words(table, "a match with music") == ["music"]


def test_a_surface_of_two_labels_counts_for_both() -> None:
    """A surface claimed by two labels is one term with two columns."""
    table = _table({"en": ["start-up"]}, b={"en": ["start up"]})
    ((term, _, _),) = hits(table, "a start-up")
    assert table.terms[term].labels == (0, 1)


def test_surfaces_start_with_the_term() -> None:
    """The term itself comes first; short words are not inflected; a term without words has none."""
    assert surfaces("Joint Venture", "en")[0] == "joint venture"
    assert surfaces("R&D", "en") == ["r d"]
    assert surfaces("—", "en") == []
    assert surfaces("xã hội", "vi") == ["xã hội"]
    assert len(surfaces("un très long terme composé de nombreux mots réguliers", "fr")) <= 48


TABLE = _table(
    {
        "en": ["trade", "AI", "free trade"], "fr": ["prêt"], "vi": ["văn hóa"], "tr": ["İl"],
        "ja": ["投資", "AI研究", "サプライチェーン"],
    },
    {"en": ["free trade union"], "ja": ["計画投資省"]},
)  # fmt: skip


@given(st.lists(st.sampled_from(
    ["trade", "Trade", "free", " ", "-", "union", "AI", "ai", "prêt", "văn hoá", "投資", "計画投資省", "研究",
     "サプライチェーン", "İl", "İ", "ß", "_", "。", "\u0301", "9"]), max_size=12).map("".join))  # fmt: skip
def test_hits_are_surfaces_in_order(text: str) -> None:
    """Each hit is a surface of its term as it stands in the text; hits rise and never overlap."""
    seen = analysed(text)
    free = 0
    for term, start, end in hits(TABLE, seen):
        assert free <= start < end <= len(seen)
        free = end
        written = "".join(c if len(c.lower()) != 1 else c.lower() for c in seen[start:end])
        joined = " ".join("".join(c if c.isalnum() or c == "_" else " " for c in written).split())
        assert term in (TABLE.surfaces.get(written), TABLE.surfaces.get(joined))


@pytest.mark.parametrize("unit", ["trade ", "free ", "投資", "計", "İ", "ー", "a", "_"])
def test_linear_time(unit: str) -> None:
    """Half a megabyte of anything takes seconds at most."""
    text = analysed(unit * (500_000 // len(unit)))
    started = time.process_time()
    hits(TABLE, text)
    assert time.process_time() - started < 8


def _named(*labels: Label) -> dict[str, set[str]]:
    """Return the texts of each label's terms, with names."""
    taxonomy = Taxonomy(labels)
    table = with_names(expand(taxonomy), taxonomy, range(len(taxonomy.labels)))
    assert {table.labels[column] for column in table.named} == {label.id for label in labels if not label.terms}
    return {name: {t.text for t in table.terms if i in t.labels} for i, name in enumerate(table.labels)}


def test_the_words_of_names_stand_in_for_terms():
    """Phrases and words of a name, in its languages; of an id where there is no name; labels with terms keep theirs."""
    assert _named(
        Label("a", name={"en": "Health and Safety/Schools", "vi": "Y t\u1ebf"}),
        Label("urban-transport"),
        Label("c", name={"en": "Culture"}, terms={"en": ("opera",)}),
        Label("d", name={"ja": "\u6587\u5316"}),
    ) == {
        "a": {"health and safety", "health", "safety", "schools", "y t\u1ebf"},
        "urban-transport": {"urban-transport", "urban", "transport"},
        "c": {"opera"},
        "d": {"\u6587\u5316"},
    }


def test_a_word_of_two_names_or_of_a_term_says_nothing_of_a_name():
    """A word that does not tell labels apart is left out, whatever its ending."""
    taxonomy = Taxonomy(
        (Label("public-health"), Label("public-works"), Label("ports"), Label("x", terms={"en": ("port",)}))
    )
    table = with_names(expand(taxonomy), taxonomy, range(len(taxonomy.labels)))
    assert "public" not in table.surfaces
    assert [table.terms[table.surfaces[word]].labels for word in ("health", "works", "port")] == [(0,), (1,), (3,)]
    assert table.named == {0, 1}
    fewer = with_names(expand(taxonomy), taxonomy, [1])
    assert ("health" in fewer.surfaces, "works" in fewer.surfaces, fewer.named) == (False, True, {1})


def test_names_without_words_make_no_terms():
    """Numbers and codes of a letter or two are no words."""
    taxonomy = Taxonomy.of(["0", "17", "b2", "of"])
    assert with_names(expand(taxonomy), taxonomy, range(4)) == expand(taxonomy)
