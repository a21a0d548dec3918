"""Margins -> calibrated scores and yes or no, in plain Python, label by label."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp as _exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.store import StoredModel

#: Beyond this exp() would leave the range of a float; the score is 0 or 1 to the last digit anyway.
_STEEPEST = 40.0

Knots = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Decision:
    """The cuts and the calibration of a model's labels (see `tagger.linear.Calibration`)."""

    cuts: tuple[float, ...]
    slopes: tuple[float, ...]
    offsets: tuple[float, ...]
    knots: tuple[Knots | None, ...]

    @classmethod
    def of(cls, stored: StoredModel) -> Decision:
        """Return a stored model's decision."""
        calibration = stored.calibration
        return cls(stored.cuts, calibration.slopes, calibration.offsets, calibration.knots)

    def scores(self, margins: Sequence[float]) -> list[float]:
        """Return the calibrated scores, in [0, 1], of one row of margins."""
        return self.all_scores([margins])[0]

    def flags(self, margins: Sequence[float]) -> list[bool]:
        """Return which labels of one row are tags: those at or above their cut."""
        return [margin >= cut for margin, cut in zip(margins, self.cuts, strict=True)]

    def all_scores(self, margins: Sequence[Sequence[float]]) -> list[list[float]]:
        """Return the calibrated scores of many rows, (rows, L).

        The loop over the rows is the inner one: a label's curve is looked up once for many texts.
        """
        if not margins:
            return []
        curves = zip(zip(*margins, strict=True), self.slopes, self.offsets, self.knots, strict=True)
        columns = [
            _sigmoids([slope * margin + offset for margin in column]) if knots is None else _between(column, *knots)
            for column, slope, offset, knots in curves
        ]
        return list(map(list, zip(*columns, strict=True)))

    def all_flags(self, margins: Sequence[Sequence[float]]) -> list[list[bool]]:
        """Return which labels are tags of each of many rows, (rows, L)."""
        if not margins:
            return []
        columns = [
            [m >= cut for m in column] for column, cut in zip(zip(*margins, strict=True), self.cuts, strict=True)
        ]
        return list(map(list, zip(*columns, strict=True)))


def _sigmoids(values: list[float]) -> list[float]:
    return [
        1.0 / (1.0 + _exp(-x if -_STEEPEST < x < _STEEPEST else -max(-_STEEPEST, min(_STEEPEST, x)))) for x in values
    ]


def _between(column: Sequence[float], xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """Interpolate between knots; flat outside."""
    first, last, lowest, highest = xs[0], xs[-1], ys[0], ys[-1]
    result = []
    for x in column:
        if x <= first:
            result.append(lowest)
        elif x >= last:
            result.append(highest)
        else:
            i = bisect_right(xs, x)
            share = (x - xs[i - 1]) / (xs[i] - xs[i - 1])
            result.append(ys[i - 1] + share * (ys[i] - ys[i - 1]))
    return result
