"""The pictures of the page, each for a phone's width. Their numbers stand in tables beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.reports.numbers import number, span
from tagger.reports.svg import Canvas, fitted, room_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.evaluation import CalibrationFigures, Curve, CurvePoint, Figure

WIDTH = 340

#: Labels whose matrix still fits on a phone.
MATRIX = 12

_TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a forest plot: a name, figures with their style (``a`` or ``b``), a remark."""

    name: str
    figures: tuple[tuple[str, str, Figure], ...]  # (style, what it is, figure)
    remark: str = ""


def forest(rows: Sequence[Row], title: str) -> str:
    """Draw figures from 0 to 1 as dots with their intervals, a name above each row."""
    each, top = 36, 6
    canvas = Canvas(WIDTH, top + each * len(rows) + 20, title)
    left, right = 8.0, WIDTH - 12.0
    bottom = top + each * len(rows)

    def x(value: float) -> float:
        return left + value * (right - left)

    for tenth in _TENTHS:
        canvas.line(x(tenth), top, x(tenth), bottom, "grid")
        canvas.text(x(tenth), bottom + 14, f"{tenth:g}", "tick", anchor="middle")
    for at, row in enumerate(rows):
        y = top + at * each
        canvas.text(left, y + 12, fitted(row.name, WIDTH - 120), "name")
        if row.remark:
            canvas.text(right, y + 12, row.remark, "tick", anchor="end")
        for step, (style, what, figure) in enumerate(row.figures):
            if figure.value is None:
                continue
            level = y + 20 + step * 8
            if figure.low is not None and figure.high is not None:
                canvas.line(x(figure.low), level, x(figure.high), level, f"whisker {style}")
            told = f"{row.name}: {what} {number(figure.value)} {span(figure)}".rstrip()
            canvas.dot(x(figure.value), level, 4, f"dot {style}", told)
    return canvas.svg()


def reliability(calibration: CalibrationFigures, title: str) -> str:
    """Draw the share of true pairs against the mean score, and how many pairs each bin holds."""
    side, left, top, below = 250.0, 44.0, 10.0, 46.0
    canvas = Canvas(WIDTH, top + side + below + 44, title)
    x, y = _square(canvas, left, top, side, "share true")
    canvas.path([(x(0), y(0)), (x(1), y(1))], "diagonal")
    told = [(b, b.score, b.true) for b in calibration.bins if b.score is not None and b.true is not None]
    canvas.path([(x(score), y(true)) for _, score, true in told], "stroke a")
    for b, score, true in told:
        canvas.dot(x(score), y(true), 4, "dot a", f"{b.n:,} pairs: mean score {score:.2f}, true {true:.2f}")
    base = top + side + below + 18
    highest = math.log10(max((b.n for b in calibration.bins), default=0) + 1) or 1.0
    for b in calibration.bins:
        tall = (below - 12) * math.log10(b.n + 1) / highest
        canvas.box(x(b.low) + 1, base - tall, x(b.high) - x(b.low) - 2, tall, "bar", f"{b.n:,} pairs")
    canvas.line(x(0), base, x(1), base, "axis")
    canvas.text(x(0.5), base + 16, "score (bars: pairs in the bin, log scale)", "tick", anchor="middle")
    return canvas.svg()


def precision_recall(curve: Curve, average_precision: float | None, support: int) -> str:
    """Draw one label's precision against recall, its decisions marked."""
    side, left, top = 120.0, 26.0, 34.0
    canvas = Canvas(160, top + side + 30, f"Precision and recall of {curve.label}")
    canvas.text(4, 12, fitted(curve.label, 154), "name")
    canvas.text(4, 26, f"AP {number(average_precision, 2)}, {support:,} true", "tick")
    x, y = _square(canvas, left, top, side, "", ticks=(0.0, 0.5, 1.0))
    if curve.recall:
        points = list(zip(curve.recall, curve.precision, strict=True))
        canvas.path([(x(0), y(0)), *((x(r), y(p)) for r, p in points), (x(points[-1][0]), y(0))], "area", closed=True)
        canvas.path([(x(r), y(p)) for r, p in points], "stroke a")
    if curve.cut_recall is not None and curve.cut_precision is not None:
        told = f"at the cut: precision {curve.cut_precision:.2f}, recall {curve.cut_recall:.2f}"
        canvas.dot(x(curve.cut_recall), y(curve.cut_precision), 5, "dot b", told)
    return canvas.svg()


def matrix(counts: Sequence[Sequence[int]], labels: Sequence[str], title: str, style: str, *, told: str) -> str:
    """Draw counts of pairs as shaded cells. Columns bear the numbers of the rows. ``told`` names i and j."""
    names = [f"{at + 1} {label}" for at, label in enumerate(labels)]
    left = room_for(names, 132.0)
    cell = min(34.0, (WIDTH - left - 4) / len(labels))
    canvas = Canvas(WIDTH, 22 + cell * len(labels) + 4, title)
    highest = max((n for row in counts for n in row), default=0) or 1
    for j in range(len(labels)):
        canvas.text(left + (j + 0.5) * cell, 14, str(j + 1), "tick", anchor="middle")
    for i, row in enumerate(counts):
        y = 22 + i * cell
        canvas.text(0, y + cell / 2 + 4, fitted(names[i], left), "name")
        for j, n in enumerate(row):
            said = told.format(i=labels[i], j=labels[j], n=n)
            canvas.box(left + j * cell + 1, y + 1, cell - 2, cell - 2, f"cell {style}", said, 0.04 + 0.6 * n / highest)
            if n:
                # Four digits fill a cell: thousands are rounded, the number itself shows when pointed at.
                short = str(n) if n < 1000 else f"{n / 1000:.0f}k"
                canvas.text(left + (j + 0.5) * cell, y + cell / 2 + 4, short, "count", anchor="middle")
    return canvas.svg()


def learning_curve(points: Sequence[CurvePoint], title: str) -> str:
    """Draw micro and macro F1 against the articles learned from, plain TF-IDF dashed beside them."""
    left, top, tall, wide = 34.0, 10.0, 200.0, 290.0
    canvas = Canvas(WIDTH, top + tall + 40, title)
    most = max(point.articles for point in points) or 1

    def x(point: CurvePoint) -> float:
        return left + wide * point.articles / most

    def y(value: float) -> float:
        return top + (1 - value) * tall

    for tenth in _TENTHS:
        canvas.line(left, y(tenth), left + wide, y(tenth), "grid")
        canvas.text(left - 5, y(tenth) + 4, f"{tenth:g}", "tick", anchor="end")
    for point in points:
        canvas.text(x(point), top + tall + 16, f"{point.articles:,}", "tick", anchor="middle")
    canvas.text(left + wide / 2, top + tall + 32, "articles learned from", "tick", anchor="middle")
    for style, figure, plain in (("b", "macro", "plain_macro"), ("a", "micro", "plain_micro")):
        told = [(point, getattr(point, figure)) for point in points if getattr(point, figure).value is not None]
        band = [(point, f) for point, f in told if f.low is not None and f.high is not None]
        upper = [(x(point), y(f.high)) for point, f in band]
        canvas.path([*upper, *((x(point), y(f.low)) for point, f in reversed(band))], f"band {style}", closed=True)
        flat = [(x(point), y(getattr(point, plain))) for point in points if getattr(point, plain) is not None]
        canvas.path(flat, f"stroke {style} dashed")
        canvas.path([(x(point), y(f.value)) for point, f in told], f"stroke {style}")
        for point, f in told:
            canvas.dot(x(point), y(f.value), 3.5, f"dot {style}", f"{figure} F1 {number(f.value)} {span(f)}".rstrip())
    return canvas.svg()


def _square(
    canvas: Canvas, left: float, top: float, side: float, up: str, ticks: Sequence[float] = _TENTHS
) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Draw the axes of a unit square; return the places of a share on each."""

    def x(value: float) -> float:
        return left + value * side

    def y(value: float) -> float:
        return top + (1 - value) * side

    for tick in ticks:
        canvas.line(x(0), y(tick), x(1), y(tick), "grid")
        canvas.line(x(tick), y(0), x(tick), y(1), "grid")
        canvas.text(x(tick), top + side + 14, f"{tick:g}", "tick", anchor="middle")
        canvas.text(left - 4, y(tick) + 4, f"{tick:g}", "tick", anchor="end")
    if up:
        canvas.text(12, top + side / 2, up, "tick", anchor="middle", turned=True)
    return x, y
