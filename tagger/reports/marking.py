"""Texts with their telling words marked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.evaluation import Word

#: Shades of a mark.
_SHADES = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text under one mark: ``for1`` to ``for4``, ``against1`` to ``against4``, or none."""

    text: str
    mark: str
    weight: float


def stretches(text: str, words: Sequence[Word]) -> list[Stretch]:
    """Cut a text where marks begin and end; overlapping words add up."""
    inside = [w for w in words if 0 <= w.start < w.end <= len(text)]
    edges = sorted({0, len(text), *(w.start for w in inside), *(w.end for w in inside)})
    weights = [sum(w.weight for w in inside if w.start <= a and b <= w.end) for a, b in itertools.pairwise(edges)]
    highest = max((abs(w) for w in weights), default=0.0)
    found: list[Stretch] = []
    for (a, b), weight in zip(itertools.pairwise(edges), weights, strict=True):
        shade = round(_SHADES * abs(weight) / highest) if highest else 0
        mark = f"{'for' if weight > 0 else 'against'}{shade}" if shade else ""
        if found and found[-1].mark == mark:
            found[-1] = Stretch(found[-1].text + text[a:b], mark, max(found[-1].weight, weight, key=abs))
        else:
            found.append(Stretch(text[a:b], mark, weight))
    return found
