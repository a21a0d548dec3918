"""The arithmetic and the layout of a stored model's arrays: written here, read by the engines and by the kernel.

A block of n-grams is two arrays. ``slots`` is a hash table: the key of an n-gram is the polynomial ::

    key(s) = SEED' * P^n + s[0] * P^(n-1) + ... + s[n-1]   modulo 2^64, s being code points

spread by one multiplication. Its high 32 bits, scaled to the size of the table, choose a slot (`slot_of`); its low 40
bits are kept there beside the number of the row (24 bits, plus one; a slot of 0 is free). What does not fit goes to
the next slot, at most ``probes`` times. A table has three slots for two features: any size will do, so it is no
larger than it has to be.
When a table is built every feature must find its own row: where two collide, the next seed is tried.

``rows`` has, for each feature, its idf, the weights of all labels, and zeros up to a multiple of 8 floats; frequent
features stand first, so that what is read together lies together.

The taxonomy's surfaces are a table of whole 64-bit keys, with a value each (see `surface_value`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WORD = (1 << 64) - 1  # modulo 2^64
FACTOR = 0x9E3779B97F4A7C15  # P
SPREAD = 0xD6E8FEB86659FD93
ROW_BITS = 24
MOST_ROWS = (1 << ROW_BITS) - 2
LANES = 8

#: Furthest a feature may lie from its place; a table at two thirds load needs a few dozen.
MOST_PROBES = 4096
#: Slots are found from 32 bits.
MOST_SLOTS = 1 << 31


def stride(labels: int) -> int:
    """Return the floats of one row: idf and the weights, filled up to a multiple of 8."""
    return -(-(labels + 1) // LANES) * LANES


def surface_value(term: int, *, capitals: bool, unspaced: bool) -> int:
    """Return what a surface's slot holds; ``term`` is -1 for a stop term."""
    return (term + 1) << 2 | capitals << 1 | unspaced


def keys_of(texts: Sequence[str], seed: int) -> NDArray[np.uint64]:
    """Return the keys of many n-grams at once."""
    import numpy as np  # noqa: PLC0415 - building only

    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(texts) else lengths
    keys = np.full(len(texts), seed, np.uint64)
    for position in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > position)
        keys[longer] = keys[longer] * np.uint64(FACTOR) + points[starts[longer] + position]
    return keys


def build_slots(features: Sequence[str]) -> tuple[NDArray[np.uint64], int, int]:
    """Return the table of a block's features, its seed and its greatest number of probes.

    Raises:
        ValueError: there are more features than a table can number, or two are the same.

    """
    if len(features) > MOST_ROWS:
        raise ValueError(f"{len(features)} n-grams; a block holds at most {MOST_ROWS}.")
    for seed in range(1, 65):
        built = _build(keys_of(features, seed))
        if built is not None:
            return built[0], seed, built[1]
    raise ValueError("two n-grams are the same.")


def _build(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], int] | None:
    import numpy as np  # noqa: PLC0415 - building only

    size = table_size(len(keys))
    slots = np.zeros(size, np.uint64)
    spread = keys * np.uint64(SPREAD)
    tags = spread << np.uint64(ROW_BITS)
    place = (((spread >> np.uint64(32)) * np.uint64(size)) >> np.uint64(32)).astype(np.int64)
    waiting = np.arange(len(keys))
    probes = 0
    while True:
        free = waiting[slots[place[waiting]] == 0]
        _, first = np.unique(place[free], return_index=True)  # the most frequent feature wins a contested slot
        winners = free[first]
        slots[place[winners]] = tags[winners] | (winners + 1).astype(np.uint64)
        waiting = np.setdiff1d(waiting, winners, assume_unique=True)
        if not len(waiting):
            return slots, probes
        met = slots[place[waiting]] >> np.uint64(ROW_BITS) == tags[waiting] >> np.uint64(ROW_BITS)
        if met.any() or probes == MOST_PROBES:
            return None
        place[waiting] = (place[waiting] + 1) % size
        probes += 1


def table_size(count: int) -> int:
    """Return the number of slots for so many keys: two thirds full."""
    return max(16, count * 3 // 2)


def slot_of(key: int, size: int) -> int:
    """Return where to look for a key first, in a table of so many slots."""
    return ((key * SPREAD & WORD) >> 32) * size >> 32


def build_surfaces(surfaces: dict[str, int]) -> tuple[NDArray[np.uint64], NDArray[np.int32], int, int]:
    """Return keys, values, seed and probes of the table of surfaces -> values.

    Raises:
        ValueError: no seed keeps the surfaces apart (it would take an adversary).

    """
    import numpy as np  # noqa: PLC0415 - building only

    names = list(surfaces)
    for seed in range(1, 65):
        keys = keys_of(names, seed)
        if len(np.unique(keys)) < len(keys):
            continue
        size = table_size(len(keys))
        table = np.zeros(size, np.uint64)
        values = np.full(size, -1, np.int32)
        probes = 0
        for key, name in zip(keys.tolist(), names, strict=True):
            slot, distance = slot_of(key, size), 0
            while values[slot] >= 0:
                slot, distance = (slot + 1) % size, distance + 1
            table[slot], values[slot] = key, surfaces[name]
            probes = max(probes, distance)
        if probes <= MOST_PROBES:
            return table, values, seed, probes
    raise ValueError("the surfaces cannot be told apart.")


def build_rows(idf: Any, weights: Any) -> NDArray[np.float32]:
    """Return the rows of a block: (features, stride)."""
    import numpy as np  # noqa: PLC0415 - building only

    count, labels = weights.shape
    rows = np.zeros((count, stride(labels)), np.float32)
    rows[:, 0] = idf
    rows[:, 1 : labels + 1] = weights
    return rows
