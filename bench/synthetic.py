"""News-like texts out of nothing, for measurements: no foreign text, any size, the same for the same seed.

Words are syllables put together, their frequencies Zipf's and Mandelbrot's; half of them follow the word before (so
that bigrams come back), some have accents, curly quotes and figures stand between them; sentences and paragraphs have
the lengths of agency reports (2.6 KB a text unless said). In 400 texts 160,000 words are 14,000 different ones, 44% of
them the hundred most frequent: Reuters' are 150,000, 11,000 and 46%. Each label has words of its own, which other texts
use at times, too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_ONSETS = [
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "w",
    "br",
    "cl",
    "st",
    "tr",
    "th",
    "",
]
_VOWELS = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "ea", "ou", "é", "è", "ô", "ü"]
_CODAS = ["", "", "", "", "", "", "", "n", "r", "s", "t", "l"]


#: As frequent as in English, which the texts are told to be.
_LITTLE = (  # noqa: SIM905 - words to read, not to quote
    "the of and to in a is that for with was on as by at from are has have be this it its an or which were will would "
    "said not but he she they his their who been than more after into also about over when where all two between"
).split()


class Corpus(NamedTuple):
    """Texts and their labels."""

    texts: list[str]
    Y: np.ndarray  # (n, L) of bool


def corpus(
    n: int, labels: int, *, vocabulary: int = 200_000, words: int = 420, seed: int = 0, topics: int = 0
) -> Corpus:
    """Return n texts of about so many words, with none to three labels each.

    Args:
        n: texts.
        labels: L.
        vocabulary: distinct words.
        words: of a text, on average.
        seed: of the texts; the language is the same for every seed.
        topics: seed of the labels' words.

    """
    language = np.random.default_rng(7)
    lexicon = _lexicon(vocabulary, language)
    ranks = np.arange(1, vocabulary + 1)
    shares = np.cumsum(1 / (ranks + 30) ** 1.4)
    shares /= shares[-1]
    following = np.searchsorted(shares, language.random((vocabulary, 6))).astype(np.int32)
    own = np.random.default_rng(topics).integers(200, min(20_000, vocabulary), (labels, 50))
    random = np.random.default_rng(seed + 1)
    Y = np.zeros((n, labels), bool)
    for k, count in enumerate(random.choice(4, n, p=[0.15, 0.4, 0.3, 0.15])):
        Y[k, random.integers(0, labels, count)] = True
    longest = int(words * 2)
    word = np.searchsorted(shares, random.random(n)).astype(np.int32)
    steps = np.empty((longest, n), np.int32)
    for step in range(longest):
        fresh = np.searchsorted(shares, random.random(n))
        word = np.where(random.random(n) < 0.5, following[word, random.integers(0, 6, n)], fresh).astype(np.int32)
        steps[step] = word
    lengths = np.clip(random.gamma(6, words / 6, n), 12, longest).astype(int)
    texts = []
    for k in range(n):
        chosen = steps[: lengths[k], k].copy()
        mine = np.flatnonzero(Y[k])
        if len(mine):
            spots = random.random(lengths[k]) < 0.025
            topic = own[random.choice(mine, spots.sum()), (50 * random.random(spots.sum()) ** 2).astype(int)]
            chosen[spots] = topic
        spots = random.random(lengths[k]) < 0.004
        chosen[spots] = own[random.integers(0, labels, spots.sum()), random.integers(0, 50, spots.sum())]
        texts.append(_written(lexicon[chosen].tolist(), random))
    return Corpus(texts, Y)


def _lexicon(size: int, random: np.random.Generator) -> np.ndarray:
    """Return distinct words, short ones first: frequent words are short."""
    words: dict[str, None] = dict.fromkeys(_LITTLE)
    while len(words) < size:
        syllables = 1 + min(4, int(len(words) ** 0.12 + 0.6 * random.random()))
        parts = []
        for _ in range(max(1, syllables - 1)):
            parts += [_ONSETS[random.integers(22)], _VOWELS[random.integers(15)], _CODAS[random.integers(12)]]
        words["".join(parts)] = None
    return np.array(list(words), object)


def _written(words: list[str], random: np.random.Generator) -> str:
    """Return the words as sentences and paragraphs."""
    parts: list[str] = []
    at = 0
    while at < len(words):
        paragraph = []
        for _ in range(int(random.integers(1, 4))):
            size = int(random.integers(8, 30))
            sentence = words[at : at + size]
            at += size
            if not sentence:
                break
            sentence[0] = sentence[0].capitalize()
            if len(sentence) > 9:
                sentence[4] = sentence[4].capitalize()
                sentence[7] += ","
                kind = random.integers(0, 10)
                if kind == 0:
                    sentence[2], sentence[6] = "\u201c" + sentence[2], sentence[6] + "\u201d"
                elif kind < 4:
                    sentence[3] = f"{random.integers(2, 9000) / 10:.1f}"
            paragraph.append(" ".join(sentence) + ".")
        if paragraph:
            parts.append(" ".join(paragraph))
    return "\n\n".join(parts)
