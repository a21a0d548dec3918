"""Drive a kernel that was built with sanitizers: hostile arrays and texts; anything out of bounds ends the process.

python bench/fuzz/sanitize.py KERNEL.so RUNS      (bench/fuzz/sanitize.sh builds it and calls this)
"""

from __future__ import annotations

import importlib.util
import random
import sys
from array import array

import numpy as np

import models
from tagger import characters
from tagger.normalise import analysed

PIECES = [
    "", " ", "a", "investment", "投資", "İ", "Σ", "ΟΔΥΣΣΕΥΣ ", "\ud800", "\U0010ffff", "\0", "hoà", "e\u0301" * 40,
    "\u200b", "\u3000", "Foreign direct investment rose. ", "x" * 3000, "đầu tư ", "AI ", "\n", "_", "\u1161", "ａｉ",
]  # fmt: skip


def load(path: str):
    """Return the kernel in that file."""
    spec = importlib.util.spec_from_file_location("tagger._kernel", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def damaged(view: memoryview, chance: random.Random) -> bytes:
    """Return an array's bytes with flips, extremes, or another size."""
    data = bytearray(view.tobytes())
    kind = chance.randrange(7)
    if kind == 0 or not data:
        return bytes(data)
    if kind == 1:
        for _ in range(chance.randrange(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == 2:
        data[:] = bytes([chance.choice((0xFF, 0x7F, 0x80, 1))]) * len(data)
    elif kind == 3:
        data = data[: chance.randrange(len(data))]
    elif kind == 4:
        data = data[: len(data) // 64 * 32]
    elif kind == 5:
        data = data + data
    else:
        data[:] = chance.randbytes(len(data))
    return bytes(data)


def scorer(kernel, stored, chance: random.Random):
    """Return a scorer of damaged arrays, or None where the kernel refuses them."""

    def maybe(view):
        return damaged(view, chance) if chance.random() < 0.3 else view

    def number(value, *others):
        return chance.choice(others) if chance.random() < 0.05 else value

    blocks = tuple(
        (
            maybe(b.slots), maybe(b.rows), b.kind == "char_wb", number(b.ngram_range[0], 0, -1, 64),
            number(b.ngram_range[1], 0, 64, 65, 2**31 - 1), number(b.seed, 0, 2**64 - 1),
            number(b.stride, 0, 1, -8, 2**31, 2**62), number(b.probes, -1, 2**31 - 1),
        )
        for b in stored.blocks
    )  # fmt: skip
    c = stored.concepts
    concepts = (
        maybe(c.keys), maybe(c.values), maybe(c.starts), maybe(c.labels), maybe(c.trust), maybe(c.weights),
        c.seed, number(c.probes, -1, 2**31 - 1), number(c.longest_words, -1, 2**31 - 1),
        number(c.longest_chars, -1, 2**20),
    )  # fmt: skip
    intercept = array("d", stored.intercept[: number(len(stored.intercept), 0, 1)])
    try:
        return kernel.scorer(maybe(stored.characters), intercept, blocks, concepts), len(intercept)
    except (ValueError, TypeError, OverflowError):
        return None


def text(chance: random.Random) -> str:
    """Return a text of odd pieces."""
    return "".join(chance.choices(PIECES, k=chance.randrange(30)))


def main() -> None:
    kernel, runs = load(sys.argv[1]), int(sys.argv[2])
    chance, stored, tables = random.Random(0), models.stored(), characters.tables()  # noqa: S311 - no secrets
    taken = 0
    for _ in range(runs):
        texts = [text(chance) for _ in range(chance.randrange(6))]
        made = scorer(kernel, stored, chance)
        if made:
            taken += 1
            running, labels = made
            margins, known = array("d", bytes(8 * labels * len(texts))), array("i", bytes(4 * len(texts)))
            kernel.score(running, texts, analysed, margins, known)
        least = chance.randrange(1, 4)
        counter = kernel.counter(tables, chance.random() < 0.5, least, least + chance.randrange(3))
        found = np.empty((kernel.counter_learn(counter, texts), 5), np.int32)
        kernel.counter_found(counter, found)
    print(f"{runs} runs, {taken} hostile models taken, nothing out of bounds")


if __name__ == "__main__":
    main()
