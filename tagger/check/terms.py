"""What is wrong with the seed terms of a taxonomy, alone and against a corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tagger.check.report import Finding
from tagger.errors import TaxonomyError
from tagger.normalise import analysed
from tagger.terms import STOP, expand, hits, surfaces
from tagger.yaml_nodes import compose, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.records import LabelledArticle
    from tagger.taxonomy import Taxonomy
    from tagger.terms import TermTable

    #: (label id, "terms" or "stop_terms", language, term)
    Place = tuple[str, str, str, str]

#: Hits from which a term's precision means something.
_ENOUGH = 5
_POOR = 0.35
_A_LANGUAGE = 50  # paragraphs
_DEEPEST = 6


def lines(text: str, path: str) -> dict[Place, str]:
    """Return where each term of a valid ``labels.yaml`` stands, as ``path:line``."""
    root = compose(text, path, _DEEPEST, TaxonomyError)
    places: dict[Place, str] = {}
    for label in _values(root)["labels"].value:
        fields = _values(label)
        places[fields["id"].value.strip(), "", "", ""] = f"{path}:{line_of(label)}"
        for key in ("terms", "stop_terms"):
            if key in fields:
                for lang, items in _values(fields[key]).items():
                    for item in items.value:
                        place = (fields["id"].value.strip(), key, lang, " ".join(item.value.split()))
                        places[place] = f"{path}:{line_of(item)}"
    return places


def _values(mapping: Any) -> dict[str, Any]:
    return {key.value: value for key, value in mapping.value}


def findings(taxonomy: Taxonomy, corpus: Sequence[LabelledArticle], places: dict[Place, str]) -> Iterator[Finding]:
    """Yield what is wrong with the terms, in any order."""
    table = expand(taxonomy)
    paragraphs: Counter[str] = Counter()
    for article in corpus:
        paragraphs[article.lang or ""] += len(article.paragraphs)
    languages = {lang for lang, number in paragraphs.items() if lang and number >= _A_LANGUAGE}
    hit, right = _hits(table, corpus)
    claimed: dict[str, list[Place]] = defaultdict(list)
    for label in taxonomy.labels:
        for lang in sorted(languages - label.terms.keys()):
            yield Finding(
                "T024",
                "warning",
                places.get((label.id, "", "", ""), ""),
                f"'{label.id}' has no terms in '{lang}'.",
            )
        for lang, texts in label.terms.items():
            for text in texts:
                place = (label.id, "terms", lang, text)
                forms = surfaces(text, lang)
                for form in forms:
                    claimed[form].append(place)
                faults = list(_term(place, forms, table, places))
                yield from faults
                if lang in languages and not faults:
                    owners = {table.surfaces[form] for form in forms}
                    yield from _in_corpus(place, owners, hit, right, places)
    yield from _claims(claimed, table, places)


def _term(place: Place, forms: list[str], table: TermTable, places: dict[Place, str]) -> Iterator[Finding]:
    """Tell of a term that can never count, or counts as another."""
    label, _, lang, text = place
    where = places.get(place, "")
    owners = {table.surfaces[form] for form in forms}
    if not forms:
        yield Finding("T021", "warning", where, f"'{text}' ({label}, {lang}) holds no word.")
    elif owners == {STOP}:
        yield Finding("T021", "warning", where, f"'{text}' ({label}, {lang}) never counts: it is a stop term too.")
    else:
        others = {table.terms[owner].text for owner in owners if owner != STOP}
        if text not in others:
            same = ", ".join(f"'{other}'" for other in sorted(others))
            yield Finding("T025", "info", where, f"'{text}' ({label}, {lang}) adds nothing to {same}.")


def _claims(claimed: dict[str, list[Place]], table: TermTable, places: dict[Place, str]) -> Iterator[Finding]:
    told = set()
    for form, owners in claimed.items():
        if len({label for label, *_ in owners}) < 2 or table.surfaces[form] == STOP:
            continue
        key = tuple(dict.fromkeys(owners))
        if key not in told:
            told.add(key)
            names = " and ".join(f"{label} ('{text}', {lang})" for label, _, lang, text in key)
            where = places.get(key[-1], "")
            if len({(text, lang) for _, _, lang, text in key}) == 1:  # written in both on purpose
                yield Finding("T026", "info", where, f"'{form}' is a term of {names}.")
            else:
                yield Finding("T020", "warning", where, f"'{form}' is a term of {names}.")


def _hits(
    table: TermTable, corpus: Sequence[LabelledArticle]
) -> tuple[Counter[tuple[int, str]], Counter[tuple[int, str, str]]]:
    """Count the paragraphs by (term index, lang), and those bearing a label by (..., label)."""
    hit: Counter[tuple[int, str]] = Counter()
    right: Counter[tuple[int, str, str]] = Counter()
    for article in corpus:
        lang = article.lang or ""
        for paragraph in article.paragraphs:
            for term in {index for index, _, _ in hits(table, analysed(paragraph.text))}:
                hit[term, lang] += 1
                right.update((term, lang, label) for label in paragraph.labels)
    return hit, right


def _in_corpus(
    place: Place,
    owners: set[int],
    hit: Counter[tuple[int, str]],
    right: Counter[tuple[int, str, str]],
    places: dict[Place, str],
) -> Iterator[Finding]:
    label, _, lang, text = place
    number = sum(hit[owner, lang] for owner in owners)
    correct = sum(right[owner, lang, label] for owner in owners)
    where = places.get(place, "")
    if not number:
        yield Finding("T022", "info", where, f"'{text}' ({label}, {lang}) stands in no text.")
    elif number >= _ENOUGH and correct < _POOR * number:
        yield Finding(
            "T023",
            "info",
            where,
            f"'{text}' ({label}, {lang}): {correct} of {number} paragraphs bear the label.",
        )
