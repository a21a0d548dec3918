"""Count the seed corpus and write docs/corpus.md.

    python bench/corpus.py            # writes docs/corpus.md
    python bench/corpus.py --check    # exit 1 when docs/corpus.md is out of date

Nothing in that file is written by hand.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tagger import corpora
from tagger.check import Counts
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagger.records import LabelledArticle

ROOT = Path(__file__).parents[1]
INTRODUCTION = (
    "Written by `python bench/corpus.py`; nothing here is counted by hand. How it was labelled: "
    "[labelling.md](labelling.md)."
)
HOME = {"vn", "jp"}  # the pair that the corpus began with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "seeds")
    parser.add_argument("--labels", type=Path, default=ROOT / "labels.yaml")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "corpus.md")
    parser.add_argument("--check", action="store_true", help="only tell whether the file is up to date")
    options = parser.parse_args()
    taxonomy = Taxonomy.load(options.labels)
    text = page(corpora.load(options.data, taxonomy), taxonomy)
    if options.check:
        same = options.output.exists() and options.output.read_text(encoding="utf-8") == text
        raise SystemExit(0 if same else f"{options.output} is out of date: run python bench/corpus.py")
    options.output.write_text(text, encoding="utf-8")
    print(f"wrote {options.output}")


def page(corpus: Sequence[LabelledArticle], taxonomy: Taxonomy) -> str:
    """Return the text of docs/corpus.md."""
    counts = Counts.of(corpus, taxonomy.ids)
    articles, total = len(corpus), sum(counts.paragraphs.values())
    pairs = Counter("-".join(sorted(set(a.countries))) for a in corpus if len(set(a.countries)) > 1)
    abroad = {pair: n for pair, n in pairs.items() if set(pair.split("-")) != HOME}
    kinds = Counter((a.genre, a.lang) for a in corpus)
    characters = sum(len(p.text) for a in corpus for p in a.paragraphs)
    summary = (
        f"{articles} articles, {total:,} paragraphs, {characters:,} characters, {len(counts.languages)} languages, "
        f"{len(counts.genres)} genres, {len(pairs)} sets of two countries or more ({len(abroad)} beside Vietnam and "
        "Japan). Every sentence was written for this project."
    )
    parts = [
        "# The seed corpus",
        INTRODUCTION,
        summary,
        "## By language",
        _table(
            ["language", "articles", "share", "paragraphs", "share", "off topic", "with raw page"],
            [
                [lang, counts.articles[lang], _share(counts.articles[lang], articles), counts.paragraphs[lang],
                 _share(counts.paragraphs[lang], total),
                 sum(not a.labels and not any(p.labels for p in a.paragraphs) for a in corpus if a.lang == lang),
                 sum(a.raw is not None for a in corpus if a.lang == lang)]
                for lang in counts.languages
            ]
            + [["all", articles, "100%", total, "100%", counts.off_topic, counts.raw]],
        ),
        "## By label",
        "Paragraphs that bear the label, and articles filed under it.",
        _table(
            ["label", "articles", "paragraphs", *counts.languages],
            [
                [label, sum(counts.filed.get((label, lang), 0) for lang in counts.languages), counts.positives(label),
                 *(counts.positives(label, lang) for lang in counts.languages)]
                for label in counts.labels
            ],
        ),
        "## Labels a paragraph",
        _table(
            ["labels", "paragraphs", "share"],
            [[size, number, _share(number, total)] for size, number in counts.sizes.items()],
        ),
        "Two labels that stand together in a paragraph:",
        _together(corpus, counts.labels),
        "## By genre",
        _table(
            ["genre", "articles", *counts.languages],
            [
                [genre, number, *(kinds[genre, lang] for lang in counts.languages)]
                for genre, number in counts.genres.items()
            ],
        ),
        "## By countries",
        "Articles by the set of countries they are about, for those about two or more.",
        _wrapped(f"{pair} {number}" for pair, number in pairs.most_common()),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _together(corpus: Iterable[LabelledArticle], labels: Sequence[str]) -> str:
    both: Counter[tuple[str, str]] = Counter()
    for article in corpus:
        for paragraph in article.paragraphs:
            both.update((a, b) for a in paragraph.labels for b in paragraph.labels if a != b)
    return _table(["", *labels], [[a, *("" if a == b else both[a, b] for b in labels)] for a in labels])


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def _wrapped(items: Iterable[str]) -> str:
    return ", ".join(items) + "."


def _share(number: int, total: int) -> str:
    return f"{number / total:.0%}" if total else "-"


if __name__ == "__main__":
    main()
