"""What is wrong with labelled articles."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from tagger import corpora, near_duplicates
from tagger.check.report import Finding
from tagger.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.check.counts import Counts
    from tagger.records import LabelledArticle, LabelledParagraph

#: Positive paragraphs below which a label's cut and score rest on chance.
ENOUGH = 10
#: Paragraphs from which a language of the corpus should show every label.
_A_LANGUAGE = 50
#: Shorter paragraphs ("The visit ends on Friday.") may well be the same.
_A_STORY = 12
_SHARED_BY = 3
# Words of a shared phrase; syllables are half a Vietnamese word, characters a third of a Japanese one.
_PHRASE = {"vi": 8, "ja": 14, "zh": 14}
_PHRASE_WORDS = 5

# UTF-8 read as Latin-1 or Windows-1252 ("Ã©", "â€™", "á»"), replacement, control, private-use characters.
_ODD = re.compile(
    "\ufffd|[ÂÃ][\u0080-\u00bf]|â€|á[º»][\u0080-\u00bf\u2018-\u203a]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    "\ue000-\uf8ff]"
)


def findings(
    corpus: Sequence[LabelledArticle], ids: tuple[str, ...], counts: Counts, places: dict[str, str]
) -> Iterator[Finding]:
    """Yield what is wrong with the articles, in any order; ``places`` is where each label stands."""
    if not corpus:
        yield Finding("T012", "info", "", "no labelled text: a model would rest on the terms alone.")
        return
    yield from _labels(list(corpus), ids)
    yield from _thin(counts, places)
    yield from _ids(corpus)
    yield from _characters(corpus)
    yield from _conflicts(corpus)
    yield from _copies(corpus)


def _labels(corpus: list[LabelledArticle], ids: tuple[str, ...]) -> Iterator[Finding]:
    for where, label in corpora.unknown_labels(corpus, ids):
        yield Finding("T002", "error", where, f"unknown label '{label}'. {nearest(label, ids)}")
    for article in corpus:
        borne = {label for paragraph in article.paragraphs for label in paragraph.labels}
        for label in article.labels:
            if label not in borne:
                yield Finding("T007", "warning", article.where,
                              f"the article bears '{label}', none of its paragraphs does.")  # fmt: skip


def _thin(counts: Counts, places: dict[str, str]) -> Iterator[Finding]:
    for label in counts.labels:
        positive, where = counts.positives(label), places.get(label, "")
        if positive < ENOUGH:
            yield Finding("T003", "warning", where, f"'{label}' has {positive} positive texts; {ENOUGH} are few.")
            continue
        for lang in counts.languages:
            here = counts.positives(label, lang)
            if counts.paragraphs[lang] >= _A_LANGUAGE and here < ENOUGH:
                message = f"'{label}' has {here} positive texts in '{lang}'; {ENOUGH} are few."
                yield Finding("T008", "warning", where, message)


def _ids(corpus: Sequence[LabelledArticle]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for article in corpus:
        if article.id in first:
            yield Finding("T010", "warning", article.where, f"id '{article.id}' also stands at {first[article.id]}.")
        first.setdefault(article.id, article.where)


def _characters(corpus: Sequence[LabelledArticle]) -> Iterator[Finding]:
    for article in corpus:
        texts = [(article.where, article.title or "")] + [(p.where, p.text) for p in article.paragraphs]
        for where, text in texts:
            odd = None if text.isascii() and text.isprintable() else _ODD.search(text)
            if odd:
                near = text[max(0, odd.start() - 12) : odd.end() + 12]
                yield Finding("T009", "warning", where, f"looks wrongly decoded: {odd.group()!a} in {near!r}.")


def _conflicts(corpus: Sequence[LabelledArticle]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], LabelledParagraph] = {}
    for article in corpus:
        for paragraph in article.paragraphs:
            key = tuple(near_duplicates.tokens(paragraph.text))
            other = first.setdefault(key, paragraph)
            if key and set(other.labels) != set(paragraph.labels):
                message = f"{_set(paragraph)}, but the same text at {other.where} has {_set(other)}."
                yield Finding("T006", "error", paragraph.where, message)


def _copies(corpus: Sequence[LabelledArticle]) -> Iterator[Finding]:
    whole = ["\n".join(paragraph.text for paragraph in article.paragraphs) for article in corpus]
    told = set()
    for i, j, similarity in near_duplicates.pairs(whole):
        told.add((i, j))
        yield _copy(corpus[i].where, corpus[j].where, similarity, "article")
    stories = [
        (i, paragraph)
        for i, article in enumerate(corpus)
        if len(article.paragraphs) > 1
        for paragraph in article.paragraphs
        if len(near_duplicates.tokens(paragraph.text)) >= _A_STORY
    ]
    for a, b, similarity in near_duplicates.pairs([paragraph.text for _, paragraph in stories]):
        (i, first), (j, second) = stories[a], stories[b]
        same = set(first.labels) == set(second.labels)
        if (i, j) not in told or not same:
            differ = "" if same else f", labelled {_set(first)} there, {_set(second)} here"
            yield _copy(first.where, second.where, similarity, "paragraph", differ)


def _copy(first: str, second: str, similarity: float, what: str, differ: str = "") -> Finding:
    if similarity == 1:
        return Finding("T004", "warning", second, f"the same {what} stands at {first}{differ}.")
    return Finding("T005", "warning", second, f"nearly the same {what} ({similarity:.0%}) stands at {first}{differ}.")


def _set(paragraph: LabelledParagraph) -> str:
    return "[" + ", ".join(sorted(paragraph.labels)) + "]"


def phrases(corpus: Sequence[LabelledArticle]) -> Iterator[Finding]:
    """Yield phrases of five words or more (longer in syllables or characters) in more than three articles.

    Each is told once, at its longest.
    """
    held: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for i, _, window in _windows(corpus):
        held[window].add(i)
    common = {window: found for window, found in held.items() if len(found) > _SHARED_BY}
    longest: dict[tuple[str, ...], tuple[int, str]] = {}
    run: list[tuple[str, ...]] = []
    place: LabelledParagraph | None = None
    position = -2
    for at, (_, paragraph, window) in enumerate(_windows(corpus)):
        if run and (window not in common or paragraph is not place or at != position + 1):
            _close(run, place, common, longest)
            run = []
        if window in common:
            run.append(window)
            place, position = paragraph, at
    _close(run, place, common, longest)
    texts = sorted(longest, key=len, reverse=True)
    kept: list[str] = []
    for words in texts:
        number, where = longest[words]
        text = f" {' '.join(words)} "
        if not any(text in other for other in kept):
            kept.append(text)
            shown = "".join(words) if all(len(word) == 1 for word in words) else text.strip()
            yield Finding("T011", "info", where, f"{number} articles say '{shown}'.")


def _windows(corpus: Sequence[LabelledArticle]) -> Iterator[tuple[int, LabelledParagraph, tuple[str, ...]]]:
    for i, article in enumerate(corpus):
        size = _PHRASE.get(article.lang or "", _PHRASE_WORDS)
        for paragraph in article.paragraphs:
            words = near_duplicates.tokens(paragraph.text)
            for start in range(len(words) - size + 1):
                yield i, paragraph, tuple(words[start : start + size])


def _close(
    run: list[tuple[str, ...]],
    place: LabelledParagraph | None,
    common: dict[tuple[str, ...], set[int]],
    longest: dict[tuple[str, ...], tuple[int, str]],
) -> None:
    """Note the phrase that neighbouring windows make together."""
    if not run or place is None:
        return
    words = (*run[0], *(window[-1] for window in run[1:]))
    number = min(len(common[window]) for window in run)
    longest.setdefault(words, (number, place.where))
