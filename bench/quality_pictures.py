"""The pictures of docs/quality.md: few texts a label beside others, and the curve of the seed corpus."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import quality_draws

from tagger.reports.svg import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable

STYLE = (
    "text{font:11px sans-serif;fill:#555}.title{font-weight:bold}.grid{stroke:#8884;stroke-width:1}"
    ".stroke{fill:none;stroke-width:2}.band{fill-opacity:.15;stroke:none}"
    ".a{stroke:#1f77b4;fill:#1f77b4}.b{stroke:#2ca02c;fill:#2ca02c}.c{stroke:#d62728;fill:#d62728}"
    ".p{stroke:#999;fill:#999}.stroke.p{stroke-width:1.2}.n{stroke:#b8860b;fill:#b8860b}.stroke.n{stroke-width:1.2}"
    ".rule{stroke-dasharray:5 4}.stroke.a,.stroke.b,.stroke.c,.stroke.p,.stroke.n{fill:none}"
    ".band.a,.band.b,.band.c{stroke:none}.lead{stroke:#8888;stroke-width:.7}"
    "@media(prefers-color-scheme:dark){text{fill:#bbb}}"
)

#: Of ours; "texts alone" stands in the tables only.
_DRAWN = quality_draws.MINE[:2]
#: One line a family of systems: its best variant at the largest size.
FAMILIES = ("LogisticRegression", "LinearSVC", "LibMultiLabel", "fastText", "Omikuji", "napkinXC", "MiniLM")
TITLES = {"reuters90": "Reuters' ten largest topics", "corpus": "the seed corpus"}

_WIDE, _TALL, _LEFT, _NAMES = 250.0, 230.0, 30.0, 205.0


def few(found: dict) -> str:
    """Return F1 against texts a label: a row a figure, a column a set; bands are 95% intervals of the mean."""
    names = [name for name in TITLES if name in found]
    across, down = _LEFT + _WIDE + _NAMES, _TALL + 66
    canvas = Canvas(across * len(names), down * 2, "F1 against labelled texts a label")
    for column, name in enumerate(names):
        points = found[name]["points"]
        last = points[list(points)[-1]]
        for row, figure in enumerate(("micro", "macro")):
            lines = {system: _style(system) for system in _shown(last, figure)}
            rule = found[name]["rule"][figure][0]
            title = f"{figure} F1, {TITLES[name]}"
            _panel(canvas, across * column, down * row, title, "texts a label", points, figure, lines, rule)
    return _whole(canvas)


def curve(found: dict) -> str:
    """Return F1 of the corpus against paragraphs drawn; the dashed line tags whenever a term is there."""
    across = _LEFT + _WIDE + _NAMES
    canvas = Canvas(across * 2, _TALL + 66, "F1 against labelled paragraphs")
    lines = {"tagger, with terms": "a", "tagger, without terms": "b", "plain TF-IDF": "c"}
    for column, figure in enumerate(("micro", "macro")):
        rule = found["rule"][figure][0]
        title = f"{figure} F1, the seed corpus"
        _panel(canvas, across * column, 0, title, "labelled paragraphs", found["points"], figure, lines, rule)
    return _whole(canvas)


def _shown(systems: dict, figure: str) -> list[str]:
    shown = [name for name in _DRAWN if name in systems]
    for family in FAMILIES:
        members = [name for name in systems if family in name and (family == "MiniLM" or "MiniLM" not in name)]
        shown += sorted(members, key=lambda name: -quality_draws.mean(systems[name][figure])[0])[:1]
    return shown


def _style(system: str) -> str:
    styles = dict(zip(_DRAWN, "ab", strict=True))
    return styles.get(system, "n" if system.startswith(quality_draws.NEURAL) else "p")


def _short(system: str) -> str:
    told = system.removeprefix("tagger, ").split(",", maxsplit=1)[0]
    return told.replace(" one against all", "").replace(" embeddings + LogisticRegression", "").replace("TF-IDF + ", "")


def _panel(canvas, left, top, title, below, points, figure, lines, rule) -> None:
    sizes = list(points)
    x0, y0 = left + _LEFT, top + 24
    step = (_WIDE - 12) / (len(sizes) - 1)
    places: dict[str, float] = {size: x0 + 6 + at * step for at, size in enumerate(sizes)}

    low, high = _range([rule, *_means(points, figure, lines)])

    def height(value: float) -> float:
        return y0 + (high - min(max(value, low), high)) / (high - low) * _TALL

    canvas.text(x0, top + 14, title, "title")
    for tenth in range(round(low * 10), round(high * 10) + 1):
        canvas.line(x0, height(tenth / 10), x0 + _WIDE, height(tenth / 10), "grid")
        canvas.text(x0 - 5, height(tenth / 10) + 4, f"{tenth / 10:g}", anchor="end")
    for size, x in places.items():
        canvas.text(x, y0 + _TALL + 16, f"{int(size):,}", anchor="middle")
    canvas.text(x0 + _WIDE / 2, y0 + _TALL + 31, below, anchor="middle")
    canvas.path([(x0, height(rule)), (x0 + _WIDE, height(rule))], "stroke p rule")
    ends = [(height(rule), "any term there")]
    for system, style in lines.items():  # ours first: a thin line on a thick one is seen
        told = [
            (places[size], quality_draws.mean(points[size][system][figure])) for size in sizes if system in points[size]
        ]
        if told:
            _line(canvas, told, style, height)
            ends.append((height(told[-1][1][0]), _short(system)))
    _names(canvas, x0 + _WIDE, y0, ends)


def _means(points: dict, figure: str, lines: dict) -> list[float]:
    shown = [systems[name] for systems in points.values() for name in lines if name in systems]
    return [quality_draws.mean(system[figure])[0] for system in shown]


def _range(values: list[float]) -> tuple[float, float]:
    """Return the tenths around the values: the distance between lines is what is to be seen."""
    return floor(min(values) * 10) / 10, ceil(max(values) * 10) / 10


def _line(canvas: Canvas, told: list, style: str, height: Callable[[float], float]) -> None:
    if style in "abc":
        band = [(x, height(high)) for x, (_, _, high) in told] + [(x, height(low)) for x, (_, low, _) in told[::-1]]
        canvas.path(band, f"band {style}", closed=True)
    canvas.path([(x, height(value)) for x, (value, _, _) in told], f"stroke {style}")
    for x, (value, low, high) in told:
        canvas.dot(x, height(value), 3 if style in "abc" else 2, style, f"{value:.3f} [{low:.3f}, {high:.3f}]")


def _names(canvas: Canvas, x: float, top: float, ends: list[tuple[float, str]]) -> None:
    """Write each line's name at its right end, pushed apart where they would overlap."""
    ends = sorted(ends)
    at = [y for y, _ in ends]
    for _ in range(200):  # neighbours nearer than a line of text push each other away
        for i in range(len(at) - 1):
            near = 12 - (at[i + 1] - at[i])
            if near > 0:
                at[i] -= near / 2
                at[i + 1] += near / 2
        at = [min(max(y, top), top + _TALL) for y in at]
    for (y, name), place in zip(ends, at, strict=True):
        canvas.line(x, y, x + 10, place, "lead")
        canvas.text(x + 13, place + 4, name)


def _whole(canvas: Canvas) -> str:
    svg = canvas.svg().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head, _, body = svg.partition(">")
    return f"{head}><style>{STYLE}</style>{body}\n"
