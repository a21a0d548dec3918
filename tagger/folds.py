"""Folds for many labels, by group: iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011).

Whatever must not be torn apart (the paragraphs of an article, near-duplicate texts) is one unit with the sum
of its texts' labels. The rarest label is dealt out first, each unit to the fold that still wants it most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tagger import near_duplicates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def assign(
    Y: NDArray[np.bool_], k: int, *, units: NDArray[Any] | None = None, random_state: int = 0
) -> NDArray[np.int64]:
    """Return the fold, 0 to k - 1, of each text.

    Args:
        Y: (n, L).
        k: how many folds; with fewer units than that, some stay empty.
        units: (n,), texts with equal values share a fold. Default: each text for itself.
        random_state: seed of the order in which equals are dealt out.

    """
    n = len(Y)
    unit = np.arange(n) if units is None else np.unique(np.asarray(units), return_inverse=True)[1].ravel()
    count = int(unit.max()) + 1 if n else 0
    rows, columns = np.nonzero(Y)
    sizes = np.bincount(unit, minlength=count)
    members: list[dict[int, int]] = [{} for _ in range(count)]
    for row, column in zip(unit[rows].tolist(), columns.tolist(), strict=True):
        members[row][column] = members[row].get(column, 0) + 1
    random = np.random.default_rng(random_state)
    # Large units first: a late one could no longer be balanced.
    order = sorted(random.permutation(count).tolist(), key=lambda u: -sizes[u])
    return _deal(order, members, sizes.tolist(), Y.sum(axis=0), k)[unit]


def _deal(
    order: list[int], members: list[dict[int, int]], sizes: list[int], totals: NDArray[Any], k: int
) -> NDArray[np.int64]:
    left = totals.astype(int).tolist()
    wanted = [[total / k] * k for total in left]
    room = [sum(sizes) / k] * k
    fold = [-1] * len(order)
    bearers: list[list[int]] = [[] for _ in left]
    for unit in order:
        for label in members[unit]:
            bearers[label].append(unit)

    def put(unit: int, into: int) -> None:
        fold[unit] = into
        room[into] -= sizes[unit]
        for label, times in members[unit].items():
            wanted[label][into] -= times
            left[label] -= times

    while any(left):
        rarest = min((label for label, some in enumerate(left) if some), key=lambda label: (left[label], label))
        want = wanted[rarest]
        for unit in bearers[rarest]:
            if fold[unit] < 0:
                put(unit, max(range(k), key=lambda f: (want[f], room[f])))
    for unit in order:
        if fold[unit] < 0:
            put(unit, max(range(k), key=lambda f: room[f]))
    return np.array(fold, np.int64)


def tied(texts: Sequence[str], groups: Sequence[Any] | None = None) -> NDArray[np.int64]:
    """Return the unit of each text: its group, joined with every group that holds a near-duplicate.

    Args:
        texts: n texts.
        groups: n values (articles), or None: each text for itself.

    """
    clusters = np.asarray(near_duplicates.clusters(texts), np.int64)
    if groups is None:
        return clusters
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - only where there are two ties to join
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    if not len(clusters):
        return clusters
    group = np.unique(np.asarray([str(g) for g in groups]), return_inverse=True)[1].ravel()
    shape = (int(group.max()) + 1, int(clusters.max()) + 1)
    size = sum(shape)
    edges = coo_matrix((np.ones(len(group)), (group, clusters + shape[0])), shape=(size, size))
    return connected_components(edges, directed=False)[1][group].astype(np.int64)
