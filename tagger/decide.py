"""Margins -> calibrated scores and yes or no, in plain Python on one row at a time."""

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
        return [
            1.0 / (1.0 + _exp(-max(-_STEEPEST, min(_STEEPEST, slope * margin + offset))))
            if knots is None
            else _between(margin, *knots)
            for margin, slope, offset, knots in zip(margins, self.slopes, self.offsets, self.knots, strict=True)
        ]

    def flags(self, margins: Sequence[float]) -> list[bool]:
        """Return which labels of one row are tags: those at or above their cut."""
        return [margin >= cut for margin, cut in zip(margins, self.cuts, strict=True)]


def _between(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Interpolate between knots; flat outside."""
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    i = bisect_right(xs, x)
    share = (x - xs[i - 1]) / (xs[i] - xs[i - 1])
    return ys[i - 1] + share * (ys[i] - ys[i - 1])
