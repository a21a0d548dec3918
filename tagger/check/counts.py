"""How much there is of what: by label, language and genre."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.records import LabelledArticle

UNKNOWN = "(not said)"


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of a corpus. Paragraphs of a format without paragraphs are whole texts."""

    labels: tuple[str, ...]
    languages: tuple[str, ...]  # the most frequent first
    articles: dict[str, int]  # by language
    paragraphs: dict[str, int]  # by language
    genres: dict[str, int]  # articles by genre
    bearing: dict[tuple[str, str], int]  # paragraphs that bear (label, language)
    filed: dict[tuple[str, str], int]  # articles that bear (label, language)
    sizes: dict[int, int]  # paragraphs by the number of their labels
    off_topic: int  # articles in which nothing bears a label
    raw: int  # articles that bring the page as the web has it

    @classmethod
    def of(cls, corpus: Sequence[LabelledArticle], labels: tuple[str, ...]) -> Counts:
        """Count a corpus; labels that are not of ``labels`` are left out."""
        articles: Counter[str] = Counter()
        paragraphs: Counter[str] = Counter()
        bearing: Counter[tuple[str, str]] = Counter()
        filed: Counter[tuple[str, str]] = Counter()
        sizes: Counter[int] = Counter()
        known = set(labels)
        for article in corpus:
            lang = article.lang or UNKNOWN
            articles[lang] += 1
            paragraphs[lang] += len(article.paragraphs)
            filed.update((label, lang) for label in set(article.labels) & known)
            for paragraph in article.paragraphs:
                bearing.update((label, lang) for label in set(paragraph.labels) & known)
                sizes[len(set(paragraph.labels))] += 1
        return cls(
            labels=labels,
            languages=tuple(lang for lang, _ in articles.most_common()),
            articles=dict(articles),
            paragraphs=dict(paragraphs),
            genres=dict(Counter(article.genre or UNKNOWN for article in corpus).most_common()),
            bearing=dict(bearing),
            filed=dict(filed),
            sizes=dict(sorted(sizes.items())),
            off_topic=sum(not a.labels and not any(p.labels for p in a.paragraphs) for a in corpus),
            raw=sum(a.raw is not None for a in corpus),
        )

    def positives(self, label: str, lang: str | None = None) -> int:
        """Return the number of paragraphs that bear a label, in one language or in all."""
        return sum(self.bearing.get((label, code), 0) for code in ((lang,) if lang else self.languages))

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "articles": sum(self.articles.values()),
            "paragraphs": sum(self.paragraphs.values()),
            "off_topic_articles": self.off_topic,
            "articles_with_raw": self.raw,
            "paragraphs_by_number_of_labels": {str(size): count for size, count in self.sizes.items()},
            "languages": {
                lang: {"articles": self.articles[lang], "paragraphs": self.paragraphs[lang]} for lang in self.languages
            },
            "genres": self.genres,
            "labels": {
                label: {
                    "articles": sum(self.filed.get((label, lang), 0) for lang in self.languages),
                    "paragraphs": self.positives(label),
                    "paragraphs_by_language": {lang: self.positives(label, lang) for lang in self.languages},
                }
                for label in self.labels
            },
        }

    def lines(self) -> list[str]:
        """Return the counts as lines for people."""
        total = sum(self.paragraphs.values())
        none, many = self.sizes.get(0, 0), sum(n for size, n in self.sizes.items() if size > 1)
        rows = [["label", "articles", "paragraphs", *self.languages]]
        for label in self.labels:
            filed = sum(self.filed.get((label, lang), 0) for lang in self.languages)
            by_lang = [self.positives(label, lang) for lang in self.languages]
            rows.append([label, *map(str, (filed, sum(by_lang), *by_lang))])
        rows.append(
            [
                "all",
                str(sum(self.articles.values())),
                str(total),
                *(str(self.paragraphs[c]) for c in self.languages),
            ]
        )
        genres = ", ".join(f"{genre} {count}" for genre, count in self.genres.items())
        lines = aligned(rows)
        if total:
            lines += [
                "",
                f"{none / total:.0%} of the paragraphs bear no label, {many / total:.0%} several.",
                f"{self.off_topic} articles are off topic, {self.raw} bring their raw page.",
                f"Articles by genre: {genres}.",
            ]
        return lines


def aligned(rows: list[list[str]]) -> list[str]:
    """Return rows as lines: the first column flush left, the others flush right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
