"""A small canvas: SVG as text, every string escaped.

Pictures are drawn here and not by a plotting library because they must follow the page: text is text, in the
reader's font and colour (currentColor), light or dark; colours are classes of the page's style sheet.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Mean width of a character of 11-pixel text; used to leave room, never to place a glyph.
_CHARACTER = 6.1


class Canvas:
    """A picture ``width`` x ``height``; shapes are added in drawing order."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height = width, height
        self._title = title
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """Draw a line."""
        self._add("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2}, style)

    def path(self, points: Iterable[tuple[float, float]], style: str, *, closed: bool = False) -> None:
        """Draw a line through points."""
        drawn = " L".join(f"{_short(x)},{_short(y)}" for x, y in points)
        if drawn:
            self._add("path", {"d": f"M{drawn}{'Z' if closed else ''}"}, style)

    def dot(self, x: float, y: float, radius: float, style: str, told: str = "") -> None:
        """Draw a disc; ``told`` shows when pointed at."""
        self._add("circle", {"cx": x, "cy": y, "r": radius}, style, told)

    def box(
        self, x: float, y: float, width: float, height: float, style: str, told: str = "", opacity: float | None = None
    ) -> None:
        """Draw a rectangle."""
        shape: dict[str, float | str] = {"x": x, "y": y, "width": max(width, 0), "height": max(height, 0)}
        if opacity is not None:
            shape["fill-opacity"] = opacity
        self._add("rect", shape, style, told)

    def text(
        self, x: float, y: float, text: str, style: str = "", *, anchor: str = "start", turned: bool = False
    ) -> None:
        """Write a text; ``anchor`` is start, middle or end."""
        turn = f' transform="rotate(-90 {_short(x)} {_short(y)})"' if turned else ""
        said = f' class="{style}"' if style else ""
        self._parts.append(
            f'<text x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}"{said}{turn}>{escape(text)}</text>'
        )

    def svg(self) -> str:
        """Return the element."""
        width, height = _short(self.width), _short(self.height)
        return (
            f'<svg class="plot" viewBox="0 0 {width} {height}" style="max-width:{width}px" role="img" '
            f'aria-label="{escape(self._title, quote=True)}">{"".join(self._parts)}</svg>'
        )

    def _add(self, name: str, shape: Mapping[str, float | str], style: str, told: str = "") -> None:
        drawn = " ".join(f'{k}="{v if isinstance(v, str) else _short(v)}"' for k, v in shape.items())
        inside = f"<title>{escape(told)}</title>" if told else ""
        self._parts.append(f'<{name} {drawn} class="{style}">{inside}</{name}>')


def fitted(text: str, room: float) -> str:
    """Shorten a text to about ``room`` pixels."""
    most = max(3, int(room / _CHARACTER))
    return text if len(text) <= most else text[: most - 1] + "…"


def room_for(texts: Iterable[str], most: float) -> float:
    """Return the pixels that the longest text needs, ``most`` at most."""
    return min(most, max((len(text) for text in texts), default=0) * _CHARACTER + 4)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
