"""Seed terms as one lookup table: every inflected surface, and which term it stands for.

Matching needs no stemmer: the inflected forms of each term are generated here, once, when a model is
trained, and kept where the Snowball stemmer says they are forms of the same word (Porter 2001). What is
left at run time is a dictionary of strings, which is data and never a pattern.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from tagger.normalise import analysed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tagger.taxonomy import Taxonomy

STOP = -1

#: Scripts written without spaces between words, and Hangul, whose particles are glued to the word: terms
#: in them match as substrings. Inside of a pattern's brackets.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN_PHRASES = re.compile(r"[/,;:()|&]")

#: Letters of a word of a name that may be a term; shorter ones are "of", "for" and parts of codes.
_SHORTEST = 3
#: Ids are mostly English, and the endings of English do no harm elsewhere.
_LANGUAGE_OF_IDS = "en"

#: Surfaces of one term beyond which only its first and last words are inflected.
_MOST_SURFACES = 48

_SNOWBALL = {
    "ar": "arabic", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french",
    "de": "german", "hu": "hungarian", "it": "italian", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "es": "spanish", "sv": "swedish",
}  # fmt: skip

#: Endings to try: (letters dropped, letters added). The stemmer decides which of them are real.
_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("", "s"), ("", "es"), ("s", ""), ("y", "ies"), ("ies", "y")),
    "fr": (
        ("", "s"), ("", "x"), ("", "e"), ("", "es"), ("s", ""), ("s", "e"), ("s", "es"), ("e", ""), ("es", ""),
        ("al", "aux"), ("al", "ale"), ("al", "ales"), ("ale", "aux"), ("el", "elle"), ("el", "elles"),
        ("elle", "el"), ("elle", "els"), ("en", "enne"), ("en", "ennes"), ("enne", "en"), ("enne", "ens"),
        ("f", "ve"), ("f", "ves"), ("ve", "f"), ("ve", "fs"), ("eux", "euse"), ("eux", "euses"),
        ("er", "ère"), ("er", "ères"),
    ),
    "es": (("", "s"), ("", "es"), ("s", ""), ("o", "a"), ("o", "os"), ("o", "as"), ("a", "o"), ("a", "os"),
           ("ión", "iones")),
    "pt": (("", "s"), ("", "es"), ("s", ""), ("o", "a"), ("o", "os"), ("o", "as"), ("ão", "ões"), ("l", "is")),
    "it": (("o", "i"), ("a", "e"), ("e", "i"), ("o", "a"), ("o", "e"), ("i", "o"), ("e", "a"), ("co", "ci")),
    "de": (("", "e"), ("", "en"), ("", "er"), ("", "es"), ("", "n"), ("", "s"), ("", "em"), ("e", ""), ("en", "")),
    "nl": (("", "s"), ("", "en"), ("", "e"), ("e", ""), ("en", "")),
    "sv": (("", "en"), ("", "et"), ("", "ar"), ("", "er"), ("", "s"), ("", "na"), ("a", "or"), ("a", "an")),
    "da": (("", "en"), ("", "et"), ("", "er"), ("", "e"), ("", "s"), ("", "ne")),
    "no": (("", "en"), ("", "et"), ("", "er"), ("", "e"), ("", "s"), ("", "ne")),
    "ru": tuple((drop, add) for drop in ("", "а", "я", "ь", "й", "ый", "ий", "ая", "ие", "ия")
                for add in ("", "а", "я", "у", "ю", "е", "и", "ы", "ой", "ей", "ом", "ем", "ов", "ев", "ам", "ями",
                            "ами", "ах", "ях", "ого", "его", "ому", "ым", "им", "ых", "их", "ые", "ие", "ию", "ии")),
}  # fmt: skip

#: Endings of verbs, tried on a term's first word only: "train staff" is "training staff", but a "trade fair"
#: is never "trade fairing".
_VERBAL: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("", "ed"), ("", "d"), ("y", "ied"), ("", "ing"), ("e", "ing"), ("ing", "ed")),
    "fr": tuple((infinitive, ending) for infinitive, endings in (
        ("er", "é ée és ées e ent ant era eront ait aient"), ("ir", "i ie it issent issant ira iront"),
    ) for ending in endings.split()),
    "es": (("ar", "a"), ("ar", "an"), ("ar", "ando"), ("ar", "ado"), ("ar", "ó"), ("ir", "e"), ("ir", "en")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A seed term and the columns (label indexes) it counts for; none for a stop term's owner."""

    text: str
    lang: str
    labels: tuple[int, ...]


@dataclass(frozen=True)
class TermTable:
    """The terms of a taxonomy and every surface that stands for one of them (or for STOP)."""

    labels: tuple[str, ...]
    terms: tuple[Term, ...]
    surfaces: dict[str, int]
    capitals: frozenset[str] = frozenset()  # surfaces that count in capitals only: "AI" is not "ai", "IT" not "it"
    named: frozenset[int] = frozenset()  # columns that have no terms but the words of their label's name

    @cached_property
    def first_words(self) -> frozenset[str]:
        """What the surfaces of spaced scripts begin with: most words of a text are none of them."""
        return frozenset(surface.partition(" ")[0] for surface in self._spaced)

    @cached_property
    def _spaced(self) -> list[str]:
        return [surface for surface in self.surfaces if not unspaced(surface)]

    @cached_property
    def longest_words(self) -> int:
        """The number of words of the longest surface in a spaced script."""
        return max((surface.count(" ") + 1 for surface in self._spaced), default=0)

    @cached_property
    def longest_chars(self) -> int:
        """The number of characters of the longest surface in an unspaced script."""
        return max((len(s) for s in self.surfaces if unspaced(s)), default=0)


def unspaced(surface: str) -> bool:
    """Whether the surface matches as a substring rather than as whole words."""
    return not surface.isascii() and _UNSPACED.search(surface) is not None


def expand(taxonomy: Taxonomy) -> TermTable:
    """Return the table of every inflected surface of the taxonomy's terms and stop terms."""
    stop: set[str] = set()
    owners: dict[str, list[tuple[str, str, int]]] = {}
    for column, label in enumerate(taxonomy.labels):
        for lang, text in _pairs(label.stop_terms):
            stop.update(surfaces(text, lang))
        for lang, text in _pairs(label.terms):
            for surface in surfaces(text, lang):
                owners.setdefault(surface, []).append((text, lang, column))
    index: dict[Term, int] = {}
    table: dict[str, int] = {}
    capitals: set[str] = set()
    for surface, claims in owners.items():
        if surface in stop:
            continue
        text, lang, _ = claims[0]
        columns = tuple(sorted({column for _, _, column in claims}))
        table[surface] = index.setdefault(Term(text, lang, columns), len(index))
        if all(text.isupper() for text, _, _ in claims):
            capitals.add(surface)
    table.update(dict.fromkeys(sorted(stop), STOP))
    return TermTable(taxonomy.ids, tuple(index), table, frozenset(capitals))


def with_names(table: TermTable, taxonomy: Taxonomy, columns: Iterable[int]) -> TermTable:
    """Return the table with the words of the names of labels that have no terms.

    A word that stands in several of these names, or is a term already, or too common to say anything, is left out.
    They are worth something to a classifier that learns what they are worth; they are not what an author chose as a
    term, so :attr:`TermTable.named` tells them apart.

    Args:
        table: of :func:`expand`.
        taxonomy: whose labels are the columns of the table.
        columns: of the labels that get words; one that has terms gets none.

    """
    wanted = {(column,) for column in columns}
    armed = {column for term in table.terms for column in term.labels}
    claims: dict[tuple[str, str], set[int]] = {}
    for column, label in enumerate(taxonomy.labels):
        names = {} if column in armed else label.name or {_LANGUAGE_OF_IDS: label.id}
        for lang, name in names.items():
            for text in _telling(name):
                claims.setdefault((text, lang), set()).add(column)
    index, table_of = list(table.terms), dict(table.surfaces)
    named = set()
    for (text, lang), owners in claims.items():
        fresh = [surface for surface in surfaces(text, lang) if surface not in table_of]
        if tuple(owners) not in wanted or not fresh:
            continue
        table_of.update(dict.fromkeys(fresh, len(index)))
        index.append(Term(text, lang, tuple(owners)))
        named |= owners
    return TermTable(table.labels, tuple(index), table_of, table.capitals, frozenset(named))


def _telling(name: str) -> list[str]:
    """Return the parts of a label's name that may stand for it: its phrases, and its words that are not too common."""
    lowered = _lowered(analysed(name))
    phrases = [" ".join(phrase.split()) for phrase in _BETWEEN_PHRASES.split(lowered)]
    words = [w for w in _LETTERS.findall(lowered) if unspaced(w) or (len(w) >= _SHORTEST and w not in _little_words())]
    return list(dict.fromkeys([*(p for p in phrases if " " in p or "-" in p), *words]))


@cache
def _little_words() -> frozenset[str]:
    from tagger.language.words import WORDS  # noqa: PLC0415 - a large table, for training only

    return frozenset(" ".join(WORDS.values()).split())


def surfaces(text: str, lang: str) -> list[str]:
    """Return the surfaces of one term: itself first, then its inflected forms."""
    lowered = _lowered(analysed(text))
    if unspaced(lowered):
        return [" ".join(lowered.split())]
    words = _WORD.findall(lowered)
    if not words:
        return []
    forms = [_forms(word, lang, first=i == 0) for i, word in enumerate(words)]
    if _product(forms) > _MOST_SURFACES:
        forms = [f if i in (0, len(forms) - 1) else f[:1] for i, f in enumerate(forms)]
    if _product(forms) > _MOST_SURFACES:
        forms = [f if i == len(forms) - 1 else f[:1] for i, f in enumerate(forms)]
    return [" ".join(chosen) for chosen in itertools.product(*forms)]


def hits(table: TermTable, text: str) -> list[tuple[int, int, int]]:
    """Return (term, start, end) of every hit in an analysed text, left to right, never overlapping.

    The longest surface at a position wins; a stop surface swallows what it covers and is not returned. A
    surface of ``table.capitals`` matches only where the text has it in capitals.
    """
    lowered = _lowered(text)
    words = [m.span() for m in _WORD.finditer(lowered)]
    first = table.first_words
    starts = {start: i for i, (start, end) in enumerate(words) if lowered[start:end] in first}
    found: list[tuple[int, int, int]] = []
    glued = {m.start() for m in _UNSPACED.finditer(lowered)} if table.longest_chars else set()
    reach = table.longest_chars if glued else 0
    free = 0
    for start in sorted(starts.keys() | glued):
        if start < free:
            continue
        term, end = _longest(table, text, lowered, words, starts.get(start), start, reach)
        if end:
            free = end
            if term != STOP:
                found.append((term, start, end))
    return found


def _longest(
    table: TermTable,
    text: str,
    lowered: str,
    words: list[tuple[int, int]],
    first: int | None,
    start: int,
    reach: int,
) -> tuple[int, int]:
    """Return the term and end of the longest surface at ``start``, or an end of 0."""
    best, best_end = STOP, 0
    if first is not None:
        key = ""
        for begin, end in words[first : first + table.longest_words]:
            key = f"{key} {lowered[begin:end]}" if key else lowered[begin:end]
            term = table.surfaces.get(key)
            if term is not None and (key not in table.capitals or text[start:end].isupper()):
                best, best_end = term, end
    for end in range(min(len(lowered), start + reach), start, -1):
        if end <= best_end:
            break
        key = lowered[start:end]
        term = table.surfaces.get(key)
        if term is not None and unspaced(key) and (key not in table.capitals or text[start:end].isupper()):
            return term, end
    return best, best_end


def _lowered(text: str) -> str:
    """Return the lower-case text, of the same length: 'İ' would become two characters and shift all offsets."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _pairs(terms: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((lang, text) for lang, texts in terms.items() for text in texts)


def _product(forms: Iterable[list[str]]) -> int:
    count = 1
    for form in forms:
        count *= len(form)
    return count


def _forms(word: str, lang: str, *, first: bool) -> list[str]:
    """Return the word and the inflected forms that share its stem, the word first."""
    stem = _stemmer(lang)
    if stem is None or len(word) < 3:
        return [word]
    targets = {stem(word)}
    if lang == "fr":  # Snowball takes "étranger" for a verb: only its plural has the noun's stem
        targets.add(stem(f"{word}s"))
    forms = dict.fromkeys([word])
    for drop, add in _ENDINGS.get(lang, ()) + (_VERBAL.get(lang, ()) if first else ()):
        if word.endswith(drop) and len(word) - len(drop) >= 2:
            form = word[: len(word) - len(drop)] + add
            if len(form) > 2 and stem(form) in targets:
                forms[form] = None
    return list(forms)


_stemmers: dict[str, Callable[[str], str] | None] = {}


def _stemmer(lang: str) -> Callable[[str], str] | None:
    """Return the Snowball stemmer of a language, or None where there is none."""
    if lang not in _stemmers:
        name = _SNOWBALL.get(lang)
        if name is None:
            _stemmers[lang] = None
        else:
            from nltk.stem.snowball import SnowballStemmer  # noqa: PLC0415 - 1.5 s, and only to train

            _stemmers[lang] = SnowballStemmer(name).stem
    return _stemmers[lang]
