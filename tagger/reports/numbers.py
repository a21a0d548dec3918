"""How numbers are written, in every report alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.evaluation import Figure

#: Where nothing can be told.
NONE = "–"


def number(value: float | None, digits: int = 3) -> str:
    """Write a figure between -1 and 1: ``0.853``."""
    return NONE if value is None else f"{value:.{digits}f}"


def signed(value: float | None) -> str:
    """Write a difference: ``+0.021``."""
    return NONE if value is None else f"{value:+.3f}"


def span(figure: Figure) -> str:
    """Write an interval: ``0.81–0.88``, empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.2f}–{figure.high:.2f}"


def signed_span(figure: Figure) -> str:
    """Write the interval of a difference: ``-0.01 to +0.05``."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:+.2f} to {figure.high:+.2f}"


def with_span(figure: Figure) -> str:
    """Write a figure and its interval: ``0.853 (0.81–0.88)``."""
    inside = span(figure)
    return number(figure.value) + (f" ({inside})" if inside else "")


def percent(value: float | None) -> str:
    """Write a share: ``12%``, ``0.4%``."""
    if value is None:
        return NONE
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"


def percent_span(figure: Figure) -> str:
    """Write the interval of a share: ``1–4%``, empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{100 * figure.low:.0f}–{100 * figure.high:.0f}%"


def count(value: int, noun: str) -> str:
    """Write a count with its noun: ``1,204 paragraphs``, ``1 article``."""
    return f"{value:,} {noun}{'' if value == 1 else 's'}"
